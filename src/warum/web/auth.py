"""Who asks. Programs show their API key as ``Authorization: Bearer``; a person's browser shows the same key as the
password of HTTP Basic, with any name. A key never stands in an address, where logs and histories would keep it."""

from __future__ import annotations

import binascii
from base64 import b64decode
from typing import Final

from starlette.requests import Request

from warum.app.call import Caller, Deps
from warum.app.keys import caller_of

_key_chars_max: Final = 200


def bearer(request: Request, deps: Deps) -> Caller | None:
    """The caller behind the bearer key; None without one, or with one that opens nothing."""
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    return _caller(deps, key.strip()) if scheme.lower() == "bearer" else None


def basic(request: Request, deps: Deps) -> Caller | None:
    """The caller behind the password of HTTP Basic (RFC 7617)."""
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, colon, key = b64decode(encoded.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    del name
    return _caller(deps, key) if colon else None


def _caller(deps: Deps, key: str) -> Caller | None:
    return caller_of(deps, key) if 0 < len(key) <= _key_chars_max and key.isascii() else None
