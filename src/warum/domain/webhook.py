"""Signatures of messages between systems, laid out as Standard Webhooks 1.0 has it: headers ``webhook-id``,
``webhook-timestamp`` and ``webhook-signature``, the last holding ``v1,`` and the Base64 of an HMAC-SHA256."""

from __future__ import annotations

from base64 import b64encode
from hmac import compare_digest, digest


def signature(secret: bytes, *, message_id: str, timestamp_s: int, content: bytes) -> str:
    """``v1,<base64>`` over ``id.timestamp.content``. The content is the raw body; of a GET, the whole URL as sent."""
    signed = b"%s.%d.%s" % (message_id.encode(), timestamp_s, content)
    return "v1," + b64encode(digest(secret, signed, "sha256")).decode()


def is_signed(header: str, secret: bytes, *, message_id: str, timestamp_s: int, content: bytes) -> bool:
    """Whether one of the signatures in the header is ours; several stand there, with spaces between, while a secret is
    changed."""
    expected = signature(secret, message_id=message_id, timestamp_s=timestamp_s, content=content).encode()
    return any(compare_digest(expected, given.encode()) for given in header.split(" "))
