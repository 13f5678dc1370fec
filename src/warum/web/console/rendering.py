"""Templates. Words, formats and components reach every one of them without being handed on or imported: ``t("key")``
says a text and ``f`` formats a value for whoever reads the page that is being rendered, ``ui`` holds the macros of
``templates/components``, and ``public("program", 12)`` is the id as it stands in an address."""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final, cast

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.runtime import Macro

from warum.kernel.ids import public
from warum.web.console.assets import Assets
from warum.web.console.look import Look

TEMPLATES: Final = Path(__file__).parent / "templates"

_look: ContextVar[Look] = ContextVar("look")


class Renderer:
    """All templates, compiled once."""

    def __init__(self, assets: Assets) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            cache_size=-1,
        )
        # The macros of all components under one name; they find each other and the words by it.
        ui = SimpleNamespace()
        common = cast("dict[str, Any]", self._environment.globals)
        common.update(t=_say, f=_Formats(), ui=ui, asset=assets.address, public=public)
        for name in sorted(self._environment.list_templates(filter_func=lambda name: name.startswith("components/"))):
            module = self._environment.get_template(name).module
            for key, value in vars(module).items():
                if isinstance(value, Macro):
                    assert key not in vars(ui), f"{name} has a macro {key}, and so has another file"
                    setattr(ui, key, value)

    def page(self, template: str, look: Look, values: Mapping[str, Any]) -> str:
        token = _look.set(look)
        try:
            return self._environment.get_template(template).render(look=look, **values)
        finally:
            _look.reset(token)

    def block(self, template: str, block: str, look: Look, values: Mapping[str, Any]) -> str:
        """One block of a page, for an answer that replaces just this part."""
        token = _look.set(look)
        try:
            found = self._environment.get_template(template)
            context = found.new_context({"look": look, **values})
            return "".join(found.blocks[block](context))
        finally:
            _look.reset(token)


def _say(key: str, **values: Any) -> str:
    return _look.get().say(key, **values)


class _Formats:
    """Stands for the reader's ``Formats``."""

    def __getattr__(self, name: str) -> Any:
        return getattr(_look.get().formats, name)
