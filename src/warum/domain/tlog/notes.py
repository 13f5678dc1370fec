"""Signed notes: a text, an empty line, and signature lines that each name their key (signed-note of C2SP).

Two kinds of keys are known, both Ed25519 (RFC 8032): a log's signs the text; a witness's signs, after the time at which
it looked, the text of a checkpoint (cosignature/v1 of tlog-cosignature). Name and key id, not the name alone, say which
key has signed, so that one may follow another under the same name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from warum.domain.tlog.spelling import from_base64, is_plain, plain_text, to_base64

ED25519: Final = 0x01
"""The algorithm of a log's key."""
COSIGNATURE_V1: Final = 0x04
"""The algorithm of a witness's key, whose signatures carry a time."""

signatures_max: Final = 100
"""A note with more signatures is refused unread."""
timestamp_s_max: Final = 2**63 - 1

_ALGORITHMS: Final = {ED25519, COSIGNATURE_V1}
_KEY_BYTES: Final = 32
_KEY_ID_BYTES: Final = 4
_SIGNATURE_BYTES: Final = 64
_TIMESTAMP_BYTES: Final = 8


@dataclass(frozen=True, slots=True)
class VKey:
    """A public key with its name, which verifies signatures.

    Attributes:
        algorithm: ``ED25519`` or ``COSIGNATURE_V1``.
        key: the public key, 32 bytes.

    Raises:
        ValueError: on creation, when algorithm or key is not so, or the name is none (see ``is_name``).
    """

    name: str
    algorithm: int
    key: bytes

    def __post_init__(self) -> None:
        if not is_name(self.name):
            raise ValueError("The name of a key is one word of UTF-8 without a plus.")
        if self.algorithm not in _ALGORITHMS:
            raise ValueError(f"A key of type {self.algorithm} is not known here; types 1 and 4 are.")
        if len(self.key) != _KEY_BYTES:
            raise ValueError(f"An Ed25519 key has {_KEY_BYTES} bytes, not {len(self.key)}.")

    @property
    def id(self) -> bytes:
        """The key id, 4 bytes: the beginning of SHA-256 over name, newline, algorithm and key."""
        return sha256(self.name.encode() + b"\n" + bytes((self.algorithm,)) + self.key).digest()[:_KEY_ID_BYTES]

    def verifies(self, text: str, value: bytes) -> bool:
        """Whether a signature's bytes, without key id, are this key's over the text."""
        message = text.encode()
        if self.algorithm == COSIGNATURE_V1:
            timestamp_s = timestamp_of(value)
            if timestamp_s is None:
                return False
            message, value = cosignature_message(text, timestamp_s), value[_TIMESTAMP_BYTES:]
        try:
            Ed25519PublicKey.from_public_bytes(self.key).verify(value, message)
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature line: 4 bytes of key id, and the bytes that follow them."""

    name: str
    key_id: bytes
    value: bytes

    @property
    def line(self) -> str:
        """The line with its newline."""
        return f"— {self.name} {to_base64(self.key_id + self.value)}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A note as it was read. Nothing in it is true until ``verified_by`` has named a key that you trust.

    Attributes:
        text: what was signed, with its last newline.
        signatures: in their order, those of unknown keys included.
    """

    text: str
    signatures: tuple[Signature, ...]

    def verified_by(self, vkeys: Iterable[VKey]) -> tuple[VKey, ...]:
        """Those of the keys that have signed, in the order of their signatures. It may be none: look at what comes
        back. Signatures of other keys are ignored.

        Raises:
            ValueError: a signature of one of the keys does not verify or stands twice, or two different keys share
                name and key id.
        """
        known: dict[tuple[str, bytes], VKey] = {}
        for vkey in vkeys:
            if known.setdefault((vkey.name, vkey.id), vkey) != vkey:
                raise ValueError(f"Two different keys share the name {vkey.name} and the key id {vkey.id.hex()}.")
        signed: list[VKey] = []
        for signature in self.signatures:
            vkey = known.get((signature.name, signature.key_id))
            if vkey is None:
                continue
            if vkey in signed:
                raise ValueError(f"The key {vkey.name}+{vkey.id.hex()} has signed twice.")
            if not vkey.verifies(self.text, signature.value):
                raise ValueError(f"The signature of {vkey.name}+{vkey.id.hex()} does not verify.")
            signed.append(vkey)
        return tuple(signed)


class Signer:
    """An Ed25519 key that signs notes.

    Args:
        name: without spaces and plus; that of a log is its origin.
        seed: the private key, 32 bytes.

    Raises:
        ValueError: name or seed are not so.
    """

    def __init__(self, name: str, seed: bytes) -> None:
        self._key = private_key(seed)
        self._vkey = VKey(name, ED25519, self._key.public_key().public_bytes_raw())

    @property
    def vkey(self) -> VKey:
        """The public key to hand out."""
        return self._vkey

    def sign(self, text: str) -> Signature:
        """The signature over a note's text; ValueError for what is no such text."""
        _check_text(text)
        return Signature(self._vkey.name, self._vkey.id, self._key.sign(text.encode()))


def is_name(name: str) -> bool:
    """Whether a key may have this name: not empty, without spaces, plus and control characters."""
    return bool(name) and is_plain(name) and not any(character.isspace() or character == "+" for character in name)


def format_vkey(vkey: VKey) -> str:
    """``<name>+<key id, 8 hex digits>+<Base64 of algorithm and key>``, the vkey of signed-note."""
    return f"{vkey.name}+{vkey.id.hex()}+{to_base64(bytes((vkey.algorithm,)) + vkey.key)}"


def parse_vkey(text: str) -> VKey:
    """What ``format_vkey`` wrote.

    Raises:
        ValueError: it is another spelling, of another algorithm, or the key id is not that of the key.
    """
    name, plus, rest = text.partition("+")
    key_id, second_plus, encoded = rest.partition("+")
    if not plus or not second_plus:
        raise ValueError("A vkey is a name, a key id and a key with a plus between them.")
    raw = from_base64(encoded)
    if not raw:
        raise ValueError("The key in the vkey is not Base64.")
    vkey = VKey(name, raw[0], raw[1:])
    if key_id != vkey.id.hex():
        raise ValueError("The key id in the vkey is not that of its name and key; it may have been mistyped.")
    return vkey


def sign(text: str, signers: Iterable[Signer]) -> bytes:
    """The note: the text, an empty line, and a signature line of each signer.

    Args:
        text: ends in a newline and has no other control characters.

    Raises:
        ValueError: the text is not so, or there is no signer, or one stands twice.
    """
    signatures = [signer.sign(text) for signer in signers]
    if not signatures or len({(each.name, each.key_id) for each in signatures}) < len(signatures):
        raise ValueError("A note has a signature, and none twice.")
    return "".join((text, "\n", *(each.line for each in signatures))).encode()


def open_note(data: bytes) -> Note:
    """Read a note, without verifying it.

    Raises:
        ValueError: it is not a signed note: not UTF-8, control characters, no empty line, a line after it that is no
            signature, or more than ``signatures_max`` of them.
    """
    text, blank, lines = plain_text(data, "The note").rpartition("\n\n")
    if not blank:
        raise ValueError("The note has no empty line before its signatures.")
    return Note(text + "\n", parse_signatures(lines, "The note"))


def parse_signatures(lines: str, what: str) -> tuple[Signature, ...]:
    """Signature lines, each with its newline.

    Args:
        what: how the sentences name what they stand in, such as ``The note``.

    Raises:
        ValueError: there is none, more than ``signatures_max``, or a line is no signature line.
    """
    *rows, cut = lines.split("\n")
    if not rows or cut:
        raise ValueError(f"{what} has no signatures, or the last one is cut off.")
    if len(rows) > signatures_max:
        raise ValueError(f"{what} has more than {signatures_max} signatures.")
    return tuple(_parse_signature(row, what) for row in rows)


def private_key(seed: bytes) -> Ed25519PrivateKey:
    """The key of a seed of 32 bytes; ValueError for another length."""
    if len(seed) != _KEY_BYTES:
        raise ValueError(f"The seed of an Ed25519 key has {_KEY_BYTES} bytes.")
    return Ed25519PrivateKey.from_private_bytes(seed)


def cosignature_message(text: str, timestamp_s: int) -> bytes:
    """What a witness signs (cosignature/v1): the time in seconds since 1970 UTC, and the whole text of the note."""
    return f"cosignature/v1\ntime {timestamp_s}\n{text}".encode()


def timestamp_of(value: bytes) -> int | None:
    """The seconds since 1970 UTC that a cosignature's bytes begin with; None when they are no cosignature."""
    if len(value) != _TIMESTAMP_BYTES + _SIGNATURE_BYTES:
        return None
    timestamp_s = int.from_bytes(value[:_TIMESTAMP_BYTES], "big")
    return timestamp_s if timestamp_s <= timestamp_s_max else None


def _parse_signature(row: str, what: str) -> Signature:
    name, _, encoded = row.removeprefix("— ").partition(" ")
    raw = from_base64(encoded)
    if not row.startswith("— ") or not is_name(name) or raw is None or len(raw) <= _KEY_ID_BYTES:
        raise ValueError(f"{what} has a line among its signatures that is none.")
    return Signature(name, raw[:_KEY_ID_BYTES], raw[_KEY_ID_BYTES:])


def _check_text(text: str) -> None:
    if not text.endswith("\n") or not is_plain(text):
        raise ValueError("The text of a note ends in a newline and has no other control characters.")
