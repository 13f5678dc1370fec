"""Frozen records to plain values and back, so that facts and proposals have canonical bytes and can be read again.

A field may be text, an integer, a truth value, an enum of text, another record, a tuple of these, or None beside one of
them. Floats are refused: a number that was computed goes in as text (``number``)."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from enum import StrEnum
from functools import cache
from math import isfinite
from types import NoneType, UnionType
from typing import Annotated, Any, TypeAlias, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from warum.kernel.canonical import Plain

Wide: TypeAlias = Annotated[int, "text"]
"""An integer that may pass 2^53 and therefore goes in as text, such as a sum of squares."""

_R = TypeVar("_R")


def number(value: float) -> str:
    """A computed number as text, nine significant digits; ValueError for what is no number.

    Nine digits are what two environments agree on; the last bits of a float depend on the machine.
    """
    if not isfinite(value):
        raise ValueError("a figure has to be a finite number")
    text = f"{value:.9g}"
    return "0" if text == "-0" else text


def plain(record: object) -> dict[str, Plain]:
    """The plain value of a frozen record; TypeError for a field that has no plain value."""
    hints = _hints(type(record))
    return {name: _plain(getattr(record, name), hint) for name, hint in hints.items()}


def record(kind: type[_R], value: object) -> _R:
    """The record of this kind; ValueError when the value does not have its shape."""
    return cast("_R", _record(kind, value))


@cache
def _hints(kind: type) -> dict[str, Any]:
    if not is_dataclass(kind):
        raise TypeError(f"{kind} is not a record")
    hints = get_type_hints(kind, include_extras=True)
    return {field.name: hints[field.name] for field in fields(kind)}


def _plain(value: object, hint: Any) -> Plain:
    if hint == Wide:
        return str(value)
    if isinstance(value, StrEnum):
        return value.value
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, tuple):
        inner = _inner(hint)
        return [_plain(item, inner) for item in cast("tuple[object, ...]", value)]
    return plain(value)


def _inner(hint: Any) -> Any:
    """What a tuple holds, also where None may stand in its place."""
    if get_origin(hint) is tuple:
        return get_args(hint)[0]
    return next((_inner(part) for part in get_args(hint) if get_origin(part) is tuple), None)


def _record(hint: Any, value: object) -> object:
    origin = get_origin(hint)
    if hint == Wide:
        return _wide(value)
    if origin in (Union, UnionType):
        return _optional(hint, value)
    if origin is tuple:
        if not isinstance(value, list | tuple):
            raise ValueError("a list is missing")
        inner = get_args(hint)[0]
        return tuple(_record(inner, item) for item in cast("list[object]", value))
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return hint(_exactly(str, value))
    if hint in (int, str, bool):
        return _exactly(cast("type[object]", hint), value)
    if not isinstance(value, dict):
        raise ValueError(f"{hint!r} needs an object")
    held, hints = cast("dict[str, object]", value), _hints(cast("type", hint))
    if held.keys() != hints.keys():
        raise ValueError(f"the fields of {hint.__name__} are {', '.join(hints)}")
    return hint(**{name: _record(inner, held[name]) for name, inner in hints.items()})


def _optional(hint: Any, value: object) -> object:
    if value is None and NoneType in get_args(hint):
        return None
    (inner,) = (part for part in get_args(hint) if part is not NoneType)
    return _record(inner, value)


def _exactly(kind: type[object], value: object) -> object:
    if type(value) is not kind:
        raise ValueError(f"{value!r} is not of type {kind.__name__}")
    return value


def _wide(value: object) -> int:
    text = cast("str", _exactly(str, value))
    if text != str(int(text)):
        raise ValueError(f"{text!r} is not an integer in its one spelling")
    return int(text)
