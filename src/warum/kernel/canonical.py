"""Canonical bytes: one spelling for one value, as RFC 8785 (JCS) writes it, restricted to what has just one reading.

Integers beyond 2^53 must come as text, floats are refused, and keys are ASCII: what remains is equal to RFC 8785, which
a test proves against the reference library."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Final, TypeAlias

Plain: TypeAlias = "str | int | bool | Sequence[Plain] | Mapping[str, Plain] | None"

_integer_max: Final = 2**53 - 1
_ENCODE: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


def canonical(value: Plain) -> bytes:
    """The canonical bytes; ValueError or TypeError for what has no single spelling."""
    _check(value)
    return _ENCODE(value).encode()


def fingerprint(value: Plain) -> bytes:
    """SHA-256 of the canonical bytes, 32 bytes."""
    return sha256(canonical(value)).digest()


def _check(value: object) -> None:
    if value is None or type(value) is str or isinstance(value, bool | str):
        return
    if isinstance(value, int):
        if abs(value) > _integer_max:
            raise ValueError("an integer beyond 2^53 goes in as text")
        return
    if isinstance(value, Mapping):
        for key, item in value.items():  # pyright: ignore[reportUnknownVariableType]
            if not isinstance(key, str) or not key.isascii():
                raise ValueError("keys are ASCII text")
            # Nearly all values are text, which needs no second look.
            if type(item) is not str:  # pyright: ignore[reportUnknownArgumentType]
                _check(item)  # pyright: ignore[reportUnknownArgumentType]
        return
    if isinstance(value, Sequence):
        for item in value:  # pyright: ignore[reportUnknownVariableType]
            _check(item)  # pyright: ignore[reportUnknownArgumentType]
        return
    raise TypeError(f"{type(value).__name__} has no canonical spelling")
