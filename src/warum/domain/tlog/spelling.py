"""Spellings that the formats of C2SP share. Base64, decimals and UTF-8 each allow several spellings of one value; here
one is taken, so that whoever compares two files compares bytes."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from typing import Final

integer_max: Final = 2**64 - 1
"""The greatest size, index or timestamp that the formats can carry."""

hash_bytes: Final = 32

_DECIMAL: Final = re.compile(r"0|[1-9][0-9]{0,19}")
_CONTROL: Final = re.compile(r"[\x00-\x09\x0b-\x1f]")


def to_base64(raw: bytes) -> str:
    """Standard Base64 with padding (RFC 4648, section 4)."""
    return b64encode(raw).decode()


def from_base64(text: str) -> bytes | None:
    """The bytes; None for what is no Base64, or another spelling of the same bytes."""
    try:
        raw = b64decode(text, validate=True)
    except ValueError:
        return None
    return raw if to_base64(raw) == text else None


def from_base64_hash(text: str) -> bytes | None:
    """A hash of 32 bytes; None for anything else."""
    raw = from_base64(text)
    return raw if raw is not None and len(raw) == hash_bytes else None


def from_decimal(text: str) -> int | None:
    """A whole number from 0 to ``integer_max`` in ASCII digits; None for signs, leading zeros and the like."""
    if not _DECIMAL.fullmatch(text):
        return None
    value = int(text)
    return value if value <= integer_max else None


def is_plain(text: str) -> bool:
    """Whether a text has no control characters but newlines, and can be written as UTF-8."""
    return not _CONTROL.search(text) and not any("\ud800" <= character <= "\udfff" for character in text)


def plain_text(data: bytes, what: str) -> str:
    """The text of a file of lines.

    Args:
        what: how the sentences name the file, such as ``The proof``.

    Raises:
        ValueError: it is not UTF-8, has control characters, or its last line is cut off.
    """
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise ValueError(f"{what} is not UTF-8 text.") from None
    if not text.endswith("\n"):
        raise ValueError(f"{what} is empty or cut off: its last line does not end.")
    if not is_plain(text):
        raise ValueError(f"{what} has control characters, such as the line ends of Windows.")
    return text


def head_and_checkpoint(data: bytes, what: str) -> tuple[list[str], bytes]:
    """The lines before the first empty line, and the bytes after it, where proofs and requests carry a checkpoint.

    Raises:
        ValueError: as ``plain_text``, or there is no empty line, or nothing after it.
    """
    head, _, checkpoint = plain_text(data, what).partition("\n\n")
    if not checkpoint:
        raise ValueError(f"{what} is cut off: no empty line and checkpoint follow.")
    return head.split("\n"), checkpoint.encode()
