"""Can a draft leave by itself? Looked for in three ways: what the code does while it makes drafts, what it could reach,
and who takes drafts from it."""

from __future__ import annotations

import ast
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import warum
from warum.domain.routine.drafts import Draft, Letter

_ROOT: Final = Path(warum.__file__).parent
_PACKAGE: Final = "warum.domain.routine"
_INSIDE: Final = ("warum.domain", "warum.kernel")
_REACHING: Final = frozenset(
    (
        "socket", "ssl", "asyncio", "http", "smtplib", "email", "imaplib", "ftplib", "subprocess", "os", "io",
        "pathlib", "threading", "multiprocessing", "sqlite3", "psycopg", "sqlalchemy", "httpx", "requests", "fastapi",
        "apprise", "ctypes",
    )
)  # fmt: skip
_ACTS: Final = (
    "socket.", "subprocess.", "smtplib.", "ftplib.", "http.client.", "urllib.", "sqlite3.", "os.system", "os.exec",
    "os.posix_spawn", "os.spawn", "os.fork", "os.rename", "os.remove", "os.mkdir", "os.link", "os.symlink", "ctypes.",
)  # fmt: skip


@dataclass(slots=True)
class Watch:
    """Acts on the world while somebody watched. ``on`` switches the watching."""

    on: bool = False
    acts: list[str] = field(default_factory=list[str])

    def hook(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.on:
            return
        written = event == "open" and _writes(arguments)
        if written or event.startswith(_ACTS):
            self.acts.append(event)

    @contextmanager
    def watching(self) -> Generator[list[str]]:
        """The acts of the block, as they come."""
        self.acts = []
        self.on = True
        try:
            yield self.acts
        finally:
            self.on = False


def watch() -> Watch:
    """A watch over this process. An audit hook cannot be taken away again, so there is one, that sleeps."""
    if not _watches:
        made = Watch()
        sys.addaudithook(made.hook)
        _watches.append(made)
    return _watches[0]


def ways_out() -> list[str]:
    """What the package could send by: modules that it reaches and should not, and anything a draft can do."""
    ways: list[str] = []
    seen: set[str] = set()
    todo = [name for name in _modules() if name == _PACKAGE or name.startswith(f"{_PACKAGE}.")]
    while todo:
        name = todo.pop()
        if name in seen:
            continue
        seen.add(name)
        for imported in sorted(_imports(name)):
            if imported.startswith("warum"):
                if not imported.startswith(_INSIDE) and imported != "warum":
                    ways.append(f"{name} imports {imported}")
                todo.append(imported)
            elif name.startswith(_PACKAGE) and imported.split(".")[0] in _REACHING:
                ways.append(f"{name} imports {imported}")
    for kind in (Draft, Letter):
        able = [name for name in dir(kind) if not name.startswith("_") and callable(getattr(kind, name))]
        ways += [f"{kind.__name__}.{name} can be called" for name in able]
    return ways


def takers() -> list[str]:
    """Modules outside the package and its benchmark that import it: what they do with drafts is not measured here."""
    return sorted(
        name
        for name in _modules()
        if not name.startswith((_PACKAGE, "warum.main.bench"))
        and any(imported.startswith(_PACKAGE) for imported in _imports(name))
    )


_watches: Final[list[Watch]] = []


def _writes(arguments: tuple[Any, ...]) -> bool:
    """Whether an ``open`` event is for writing."""
    _, mode, flags = (*arguments, None, None)[:3]
    if isinstance(mode, str):
        return any(sign in mode for sign in "wax+")
    return isinstance(flags, int) and bool(flags & 3)


def _modules() -> dict[str, Path]:
    if not _files:
        for path in _ROOT.rglob("*.py"):
            parts = ("warum", *path.relative_to(_ROOT).with_suffix("").parts)
            _files[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return _files


_files: Final[dict[str, Path]] = {}


def _imports(name: str) -> set[str]:
    """Modules that a module imports, wherever in it; ``warum`` ones by their full name."""
    path = _modules().get(name)
    if path is None:
        return set()
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            deeper = {f"{node.module}.{alias.name}" for alias in node.names}
            found.update(one if one in _modules() else node.module for one in deeper)
    return found
