"""Click token and link reference: what a destination URL carries so that a sale can be credited without a look-up.

The token is one key id, then AES-SIV (RFC 5297) over time, link, allocation, arm, basis, mode and the record it stands
in: nobody else can read or make one, and none equals another. The reference holds link, allocation, arm and UTC day
with a 32-bit keyed MAC, and is the same for everybody who takes that link that day: it is no identifier."""

from __future__ import annotations

import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b
from hmac import compare_digest
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from warum.domain.mode import Mode
from warum.domain.records import Basis
from warum.kernel.ids import RecordId
from warum.kernel.period import DAY_US, SECOND_US

_TOKEN_BODY: Final = struct.Struct(
    ">IQIBBHII"
)  # seconds, link, allocation, arm, basis and mode, stream, segment, number
_REFERENCE_BODY: Final = struct.Struct(">QIBH")  # link, allocation, arm, day
_MAC_BYTES: Final = 4

token_chars_max: Final = 64


class TokenFault(StrEnum):
    """Why a token or reference is worth nothing. The wording for partners stands with the fault in ``FAULT_WORDS``."""

    MALFORMED = "malformed_click_id"
    UNKNOWN_KEY = "expired_click_id"
    FORGED = "forged_click_id"


FAULT_WORDS: Final[Mapping[TokenFault, str]] = {
    TokenFault.MALFORMED: "The click id is not one of ours: it was cut, changed or comes from another system.",
    TokenFault.UNKNOWN_KEY: "The click id was made with a key that is no longer kept; its window is long over.",
    TokenFault.FORGED: "The click id does not verify: it was changed on its way, or belongs to another operator.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Touch:
    """A click as its token or reference tells it.

    Attributes:
        at_us: whole seconds for a token; for a reference, the start of its UTC day.
        record: None for a reference, which stands for nobody's click in particular.
    """

    at_us: int
    link: int
    allocation: int
    arm: int
    basis: Basis
    mode: Mode
    record: RecordId | None


class TokenKeys:
    """Keys that make and read tokens and references.

    Args:
        issue: the key id (0 to 255) that makes new ones.
        token_keys: AES-SIV keys of 32 or 64 bytes by key id; old ones verify until the longest window ends.
        reference_keys: keys of 16 to 64 bytes by key id.
    """

    def __init__(self, *, issue: int, token_keys: Mapping[int, bytes], reference_keys: Mapping[int, bytes]) -> None:
        self._issue = issue
        self._ciphers = {key_id: AESSIV(key) for key_id, key in token_keys.items()}
        self._macs = dict(reference_keys)

    def token(self, touch: Touch) -> str:
        """At most 64 URL-safe characters; ValueError for a touch without a record."""
        if touch.record is None:
            raise ValueError("a token stands for one record")
        body = _TOKEN_BODY.pack(
            touch.at_us // SECOND_US,
            touch.link,
            touch.allocation,
            touch.arm,
            touch.basis << 4 | touch.mode,
            *touch.record,
        )
        head = bytes((self._issue,))
        return "t" + _text(head + self._ciphers[self._issue].encrypt(body, [b"warum click 1", head]))

    def reference(self, touch: Touch) -> str:
        """The link reference of the touch's link, allocation, arm and UTC day."""
        body = _REFERENCE_BODY.pack(touch.link, touch.allocation, touch.arm, touch.at_us // DAY_US)
        return "r" + _text(bytes((self._issue,)) + body + self._mac(self._issue, body))

    def read(self, text: str) -> Touch | TokenFault:
        """What a token or reference says, or why it says nothing."""
        raw = _bytes(text[1:]) if len(text) <= token_chars_max else None
        if not raw:
            return TokenFault.MALFORMED
        match text[0]:
            case "t":
                return self._read_token(raw)
            case "r":
                return self._read_reference(raw)
            case _:
                return TokenFault.MALFORMED

    def _read_token(self, raw: bytes) -> Touch | TokenFault:
        if len(raw) != 1 + 16 + _TOKEN_BODY.size:
            return TokenFault.MALFORMED
        cipher = self._ciphers.get(raw[0])
        if cipher is None:
            return TokenFault.UNKNOWN_KEY
        try:
            body = cipher.decrypt(raw[1:], [b"warum click 1", raw[:1]])
        except InvalidTag:
            return TokenFault.FORGED
        seconds, link, allocation, arm, flags, stream, segment, number = _TOKEN_BODY.unpack(body)
        return Touch(
            at_us=seconds * SECOND_US,
            link=link,
            allocation=allocation,
            arm=arm,
            basis=Basis(flags >> 4),
            mode=Mode(flags & 15),
            record=RecordId(stream, segment, number),
        )

    def _read_reference(self, raw: bytes) -> Touch | TokenFault:
        if len(raw) != 1 + _REFERENCE_BODY.size + _MAC_BYTES:
            return TokenFault.MALFORMED
        if raw[0] not in self._macs:
            return TokenFault.UNKNOWN_KEY
        body, mac = raw[1:-_MAC_BYTES], raw[-_MAC_BYTES:]
        if not compare_digest(mac, self._mac(raw[0], body)):
            return TokenFault.FORGED
        link, allocation, arm, day = _REFERENCE_BODY.unpack(body)
        return Touch(
            at_us=day * DAY_US,
            link=link,
            allocation=allocation,
            arm=arm,
            basis=Basis.REFERENCE,
            mode=Mode.LIVE,
            record=None,
        )

    def _mac(self, key_id: int, body: bytes) -> bytes:
        return blake2b(b"warum reference 1\n" + body, key=self._macs[key_id], digest_size=_MAC_BYTES).digest()


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def _bytes(text: str) -> bytes | None:
    try:
        raw = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        return None
    # Base64 has several spellings of the same bytes; only ours is taken, so that one click has one token.
    return raw if _text(raw) == text else None
