"""What is stored must not be readable from the store alone: secrets of partners are sealed under keys derived from the
master key, sub ids under the key of their day. AES-SIV (RFC 5297) needs no nonce and binds each value to its place."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final, cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from warum.kernel.ids import RecordId

sub_key_bytes: Final = 64
"""The length of a day's key: AES-256-SIV."""


class Sealer:
    """Seals short secrets under a master key of at least 32 bytes.

    A purpose such as ``advertiser/12/postback`` has its own key, so that a sealed value put in another place does not
    open there.
    """

    def __init__(self, master_key: bytes) -> None:
        self._master_key = master_key
        # Deriving a key costs more than using it, and each advertiser's secret is opened for every postback.
        self._ciphers: dict[str, AESSIV] = {}

    def seal(self, purpose: str, plain: bytes) -> str:
        """Hexadecimal text; the same plain value seals to the same text."""
        return self._cipher(purpose).encrypt(plain, None).hex()

    def open(self, purpose: str, sealed: str) -> bytes | None:
        """The plain value; None when it was sealed for another purpose, under another key, or damaged."""
        try:
            return self._cipher(purpose).decrypt(bytes.fromhex(sealed), None)
        except (InvalidTag, ValueError):
            return None

    def _cipher(self, purpose: str) -> AESSIV:
        cipher = self._ciphers.get(purpose)
        if cipher is None:
            key = derived_key(self._master_key, f"seal 1\n{purpose}", 64)
            cipher = self._ciphers[purpose] = AESSIV(key)
        return cipher


def derived_key(master_key: bytes, purpose: str, length: int) -> bytes:
    """A key for one purpose, from which no other can be had (HKDF, RFC 5869)."""
    info = f"warum {purpose}".encode()
    return HKDF(algorithm=SHA256(), length=length, salt=None, info=info).derive(master_key)


def advertiser_secret(advertiser: int) -> str:
    """The purpose of the HMAC secret that an advertiser signs its postbacks with."""
    return f"advertiser/{advertiser}/postback"


def publisher_secret(publisher: int) -> str:
    """The purpose of the HMAC secrets that a publisher's postback targets check our signature with."""
    return f"publisher/{publisher}/postback"


def seal_sub_ids(sub_ids: Mapping[str, str], *, key: bytes, record: RecordId) -> bytes:
    """The sub ids of a click, bound to its record: equal sub ids of two clicks look different.

    Args:
        key: the key of the click's UTC day, ``sub_key_bytes`` long. Without it nothing opens: deleting it is the
            retention.
    """
    plain = json.dumps(dict(sub_ids), separators=(",", ":"), ensure_ascii=False).encode()
    return AESSIV(key).encrypt(plain, [b"warum sub ids 1", b"%d/%d/%d" % record])


def open_sub_ids(sealed: bytes, *, key: bytes, record: RecordId) -> dict[str, str] | None:
    """What ``seal_sub_ids`` sealed; None under another key, for another record, or when damaged."""
    try:
        plain = AESSIV(key).decrypt(sealed, [b"warum sub ids 1", b"%d/%d/%d" % record])
        return cast(dict[str, str], json.loads(plain))
    except (InvalidTag, ValueError):
        return None
