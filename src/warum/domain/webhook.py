"""Signatures of messages between systems, laid out as Standard Webhooks 1.0 has it: headers ``webhook-id``,
``webhook-timestamp`` and ``webhook-signature``. The last holds ``v1,`` and the Base64 of an HMAC-SHA256 where both
sides share a secret, or ``v1a,`` and that of an Ed25519 signature, which everybody can check with the public key."""

from __future__ import annotations

from base64 import b64encode
from hmac import compare_digest, digest
from typing import Final

from ada_url import URL
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from warum.domain.tlog.notes import private_key
from warum.domain.tlog.spelling import from_base64, from_base64_hash, to_base64
from warum.kernel.refusal import Refusal

_PUBLIC: Final = "whpk_"
_ASYMMETRIC: Final = "v1a,"


def url_refusal(text: str, *, plain: bool) -> Refusal | None:
    """Why nothing can be sent to an address; None when it can.

    Args:
        plain: also without TLS.
    """
    try:
        url = URL(text)
    except ValueError:
        url = None
    if url is None or url.protocol not in ("https:", "http:") or url.username or url.password or url.hash:
        return Refusal(
            code="webhook_url_malformed",
            message="Give a whole address such as https://you.example/receipts, without user name, password and #.",
            field="url",
        )
    if url.protocol == "http:" and not plain:
        return Refusal(
            code="webhook_url_plain",
            message="Receipts are sent over https alone: they name your conversions.",
            field="url",
        )
    return None


def signature(secret: bytes, *, message_id: str, timestamp_s: int, content: bytes) -> str:
    """``v1,<base64>`` over ``id.timestamp.content``. The content is the raw body; of a GET, the whole URL as sent."""
    signed = _signed(message_id, timestamp_s, content)
    return "v1," + b64encode(digest(secret, signed, "sha256")).decode()


def is_signed(header: str, secret: bytes, *, message_id: str, timestamp_s: int, content: bytes) -> bool:
    """Whether one of the signatures in the header is ours; several stand there, with spaces between, while a secret is
    changed."""
    expected = signature(secret, message_id=message_id, timestamp_s=timestamp_s, content=content).encode()
    return any(compare_digest(expected, given.encode()) for given in header.split(" "))


def public_signature(seed: bytes, *, message_id: str, timestamp_s: int, content: bytes) -> str:
    """``v1a,<base64>`` over ``id.timestamp.body``, Ed25519.

    Args:
        seed: the private key, 32 bytes.

    Raises:
        ValueError: the id has a full stop, so that it would not be clear where it ends, or is empty.
    """
    if not message_id or "." in message_id:
        raise ValueError("The id of a message is not empty and has no full stop.")
    return _ASYMMETRIC + to_base64(private_key(seed).sign(_signed(message_id, timestamp_s, content)))


def is_publicly_signed(header: str, public_key: str, *, message_id: str, timestamp_s: int, content: bytes) -> bool:
    """Whether one of the signatures in the header was made with the private half of the key. Signatures of other kinds
    are passed over, and so is what has another spelling than ``public_signature`` gives it.

    Args:
        public_key: as ``public_key_text`` writes it; ValueError for anything else.
    """
    key = Ed25519PublicKey.from_public_bytes(_public_key(public_key))
    if not message_id or "." in message_id:
        return False
    signed = _signed(message_id, timestamp_s, content)
    words = [word.removeprefix(_ASYMMETRIC) for word in header.split(" ") if word.startswith(_ASYMMETRIC)]
    return any(_fits(key, word, signed) for word in words)


def public_key_text(seed: bytes) -> str:
    """``whpk_`` and the Base64 of the public key that belongs to a private one."""
    return _PUBLIC + to_base64(private_key(seed).public_key().public_bytes_raw())


def _public_key(text: str) -> bytes:
    raw = from_base64_hash(text.removeprefix(_PUBLIC)) if text.startswith(_PUBLIC) else None
    if raw is None:
        raise ValueError("A public key is whpk_ and the Base64 of 32 bytes.")
    return raw


def _fits(key: Ed25519PublicKey, text: str, signed: bytes) -> bool:
    raw = from_base64(text)
    if raw is None:
        return False
    try:
        key.verify(raw, signed)
    except InvalidSignature:
        return False
    return True


def _signed(message_id: str, timestamp_s: int, content: bytes) -> bytes:
    return b"%s.%d.%s" % (message_id.encode(), timestamp_s, content)
