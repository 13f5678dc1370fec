"""Secrets that partners get to see once, in the spelling that libraries expect."""

from __future__ import annotations

from base64 import b64encode
from typing import Final

secret_bytes: Final = 32


def secret_text(secret: bytes) -> str:
    """``whsec_`` and Base64, as Standard Webhooks 1.0 writes an HMAC secret; the key is the bytes behind it."""
    return "whsec_" + b64encode(secret).decode()
