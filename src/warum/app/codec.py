"""Between plain data (JSON, query parameters, words of a command line) and the inputs and outputs of operations. Every
surface reads and writes through here, so that the same mistake gets the same answer everywhere."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import cache
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from warum.app.call import AnyOperation
from warum.kernel.refusal import Refusal

_UNKNOWN: Final = ("unexpected_keyword_argument", "extra_forbidden")
_MISSING: Final = ("missing", "missing_argument", "missing_keyword_only_argument")
_VALUE_ERROR: Final = "Value error, "


@cache
def adapter(kind: type) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def read(operation: AnyOperation, plain: Mapping[str, object]) -> Any:
    """The operation's input, or a refusal that names the field."""
    try:
        return adapter(operation.input).validate_python(dict(plain))
    except ValidationError as error:
        return _refusal(operation, error.errors(include_url=False, include_context=False))


def plain(operation: AnyOperation, output: object) -> dict[str, Any]:
    """The output as JSON values."""
    return adapter(operation.output).dump_python(output, mode="json")


def text(operation: AnyOperation, output: object) -> str:
    """The output as JSON, one line."""
    return json.dumps(plain(operation, output), ensure_ascii=False)


def schema(operation: AnyOperation) -> dict[str, Any]:
    """The JSON schema of the operation's input."""
    return adapter(operation.input).json_schema()


def fields(operation: AnyOperation) -> Iterator[tuple[str, dict[str, Any], bool]]:
    """(name, JSON schema, whether it is needed) of each field of the input, in its order."""
    whole = schema(operation)
    needed = set(whole.get("required", ()))
    for name, part in whole.get("properties", {}).items():
        yield name, _inlined(part, whole.get("$defs", {})), name in needed


def _inlined(part: Any, definitions: Mapping[str, Any]) -> Any:
    """The schema with what it refers to put in its place."""
    if isinstance(part, Mapping):
        found: dict[str, Any] = dict(part)  # pyright: ignore[reportUnknownArgumentType]
        if reference := found.pop("$ref", None):
            found = {**definitions[reference.rpartition("/")[2]], **found}
        return {key: _inlined(value, definitions) for key, value in found.items()}
    if isinstance(part, list):
        return [_inlined(item, definitions) for item in part]  # pyright: ignore[reportUnknownVariableType]
    return part


def _refusal(operation: AnyOperation, errors: Sequence[ErrorDetails]) -> Refusal:
    """All that is wrong, in words; the first field leads."""
    sentences = dict.fromkeys(_sentence(operation, error) for error in errors)
    field = str(errors[0]["loc"][0]) if errors[0]["loc"] else None
    return Refusal(code="input_invalid", message=" ".join(sentences), field=field)


def _sentence(operation: AnyOperation, error: ErrorDetails) -> str:
    place = ".".join(str(part) for part in error["loc"]) or "the input"
    if error["type"] in _UNKNOWN:
        known = [name for name, _, _ in fields(operation)]
        near = get_close_matches(place, known, n=1)
        advice = f"did you mean {near[0]}?" if near else f"it takes {', '.join(known) or 'no fields'}."
        return f"{operation.name} has no field {place}; {advice}"
    if error["type"] in _MISSING:
        return f"{place} is needed."
    message = error["msg"].removeprefix(_VALUE_ERROR)
    return f"{place}: {message[:1].lower()}{message[1:].rstrip('.')}."
