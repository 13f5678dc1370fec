"""What stands in the log: leaves without anything personal, and the payloads that they commit to.

A leaf names its series and number only to those who hold the series' key, and its content only by a salted commitment.
The payload is kept elsewhere, encrypted under the key of its subject; without that key nothing leads from the leaf to
what it was about. The format is public: ``docs/receipts.md``."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from hmac import digest
from typing import Any, Final, NamedTuple, cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from warum.kernel.canonical import Plain, canonical
from warum.kernel.ids import public

nonce_bytes: Final = 32
series_key_bytes: Final = 32
subject_key_bytes: Final = 64
"""AES-256-SIV (RFC 5297)."""
tag_bytes: Final = 16

_VERSION: Final = b"warum entry 1"


class LeafType(StrEnum):
    """What a leaf is about."""

    CONVERSION = "conversion"
    CLICKS = "clicks"
    REPORT = "report"
    RULE = "rule"
    STATEMENT = "statement"
    PROPOSAL = "proposal"
    DECISION = "decision"
    EFFECT = "effect"
    OUTCOME = "outcome"
    CONTEST = "contest"
    ANSWER = "answer"
    ACT = "act"
    ERASURE = "erasure"
    RESTORED = "restored"


class Series(NamedTuple):
    """Whose leaves are numbered together; 0 stands for nobody. Who may read one: docs/receipts.md."""

    advertiser: int = 0
    publisher: int = 0
    program: int = 0

    @property
    def name(self) -> str:
        """``adv_1/pub_2``, ``prg_3``, ``adv_1``, ``pub_2`` or ``house``."""
        if self.program:
            return public("program", self.program)
        owners = (("advertiser", self.advertiser), ("publisher", self.publisher))
        return "/".join(public(kind, owner) for kind, owner in owners if owner) or "house"


def series_of(advertiser: int | None, publisher: int | None) -> Series:
    """The series of what concerns these; the house's when it concerns neither."""
    return Series(advertiser or 0, publisher or 0)


class Subject(NamedTuple):
    """Under whose key a payload is kept: erasing the key erases all of its payloads."""

    kind: str
    id: int


@dataclass(frozen=True, slots=True)
class Content:
    """What a leaf commits to.

    Attributes:
        nonce: 32 bytes.
        payload: canonical JSON; hidden values stand in it as hashes.
        hidden: by name, the nonce and the value of what it hides.
    """

    nonce: bytes
    payload: bytes
    hidden: Mapping[str, tuple[bytes, Plain]]

    @property
    def commitment(self) -> bytes:
        """32 bytes."""
        return commitment(self.nonce, self.payload)

    def fields(self) -> dict[str, Any]:
        """The payload as plain values."""
        return cast("dict[str, Any]", json.loads(self.payload))


def commitment(nonce: bytes, content: bytes) -> bytes:
    """SHA-256 of a nonce and canonical bytes, 32 bytes."""
    return sha256(nonce + content).digest()


def hide(nonce: bytes, value: Plain) -> dict[str, Plain]:
    """What stands in a payload in place of a value."""
    return {"hidden": b64(commitment(nonce, canonical(value)))}


def leaf_tag(key: bytes, number: int) -> bytes:
    """The tag of a number of a series, 16 bytes: HMAC-SHA256 (RFC 2104), cut."""
    return digest(key, b"warum number %d" % number, "sha256")[:tag_bytes]


def leaf_bytes(*, kind: LeafType, actor: str, at_us: int, tag: bytes, committed: bytes) -> bytes:
    """A leaf's canonical bytes; no member needs escaping, and their order is RFC 8785's."""
    return (
        f'{{"actor":"{actor}","at":"{at_us}","commitment":"{b64(committed)}","tag":"{tag.hex()}",'
        f'"type":"{kind.value}","v":1}}'
    ).encode()


class LeafParts(NamedTuple):
    """What a leaf says by itself."""

    at_us: int
    tag: bytes


def read_leaf(body: bytes) -> LeafParts:
    """Of a leaf's bytes; ValueError or KeyError for others."""
    held: dict[str, Any] = json.loads(body)
    return LeafParts(int(held["at"]), bytes.fromhex(held["tag"]))


def seal_content(content: Content, key: bytes) -> bytes:
    """Encrypted under a subject's key, 64 bytes. The nonce makes each plain text another one."""
    hidden = {name: [b64(nonce), value] for name, (nonce, value) in content.hidden.items()}
    tail = json.dumps(hidden, separators=(",", ":"), ensure_ascii=False).encode() if hidden else b""
    plain = content.nonce + len(content.payload).to_bytes(4, "big") + content.payload + tail
    return AESSIV(key).encrypt(plain, [_VERSION])


def open_content(sealed: bytes, key: bytes) -> Content | None:
    """What ``seal_content`` sealed; None under another key, or when damaged."""
    try:
        plain = AESSIV(key).decrypt(sealed, [_VERSION])
    except (InvalidTag, ValueError):
        return None
    nonce, rest = plain[:nonce_bytes], plain[nonce_bytes:]
    end = 4 + int.from_bytes(rest[:4], "big")
    held: dict[str, list[Any]] = json.loads(rest[end:]) if rest[end:] else {}
    hidden = {name: (b64decode(pair[0], validate=True), cast("Plain", pair[1])) for name, pair in held.items()}
    return Content(nonce, rest[4:end], hidden)


def b64(content: bytes) -> str:
    """Standard Base64 with padding (RFC 4648, section 4)."""
    return b64encode(content).decode()
