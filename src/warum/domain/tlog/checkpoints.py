"""Checkpoints: what a log commits to at one size, signed by the log and cosigned by those who watch it (tlog-checkpoint
and tlog-cosignature of C2SP)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from warum.domain.tlog.notes import (
    COSIGNATURE_V1,
    Note,
    Signature,
    VKey,
    cosignature_message,
    open_note,
    private_key,
    timestamp_of,
    timestamp_s_max,
)
from warum.domain.tlog.spelling import from_base64_hash, from_decimal, hash_bytes, integer_max, is_plain, to_base64


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The body of a checkpoint.

    Attributes:
        origin: the name of the log.
        size: leaves in the tree.
        root: the root over them, 32 bytes.
        extensions: further lines, without meaning here; nobody vouches for them.
    """

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()


def format_checkpoint(checkpoint: Checkpoint) -> str:
    """The text that the log signs, three lines and the extensions.

    Raises:
        ValueError: a line would be empty or have control characters, or size or root are out of range.
    """
    lines = (checkpoint.origin, *checkpoint.extensions)
    if not all(line and is_plain(line) and "\n" not in line for line in lines):
        raise ValueError("The lines of a checkpoint are not empty and have no control characters.")
    if not 0 <= checkpoint.size <= integer_max or len(checkpoint.root) != hash_bytes:
        raise ValueError(f"A checkpoint has a size below 2^64 and a root of {hash_bytes} bytes.")
    rows = (checkpoint.origin, str(checkpoint.size), to_base64(checkpoint.root), *checkpoint.extensions)
    return "".join(f"{row}\n" for row in rows)


def parse_checkpoint(text: str) -> Checkpoint:
    """What ``format_checkpoint`` wrote, such as the text of an opened note.

    Raises:
        ValueError: a line is missing, empty or cut off, the size has leading zeros or other signs, or the root is not
            Base64 of 32 bytes.
    """
    *rows, cut = text.split("\n")
    if cut or len(rows) < 3 or not all(rows) or not is_plain(text):
        raise ValueError("A checkpoint has at least three lines, none of which is empty or cut off.")
    origin, size_text, root_text, *extensions = rows
    size = from_decimal(size_text)
    if size is None:
        raise ValueError("The size in the checkpoint is not a decimal number without leading zeros.")
    root = from_base64_hash(root_text)
    if root is None:
        raise ValueError(f"The root in the checkpoint is not the Base64 of {hash_bytes} bytes.")
    return Checkpoint(origin, size, root, tuple(extensions))


def unverified_checkpoint(data: bytes) -> Checkpoint:
    """The body of a signed checkpoint of which nothing was verified yet; ValueError when it is not well formed."""
    return parse_checkpoint(open_note(data).text)


def cosigner(name: str, seed: bytes) -> VKey:
    """The public key of a witness, to hand out; ValueError as ``cosign``."""
    return VKey(name, COSIGNATURE_V1, private_key(seed).public_key().public_bytes_raw())


def cosign(seed: bytes, name: str, body: str, timestamp_s: int) -> str:
    """The signature line of a witness (cosignature/v1), with its newline, to be put after those of a checkpoint.

    It says: at that time, this was the largest tree of the log that the witness has seen, and it is consistent with all
    that it saw before. Whoever calls has checked that.

    Args:
        seed: the witness's private key, 32 bytes, which no other witness shares: its name is not part of what it signs.
        body: the text of the checkpoint.
        timestamp_s: now, in seconds since 1970 UTC.

    Raises:
        ValueError: one of them is not so.
    """
    parse_checkpoint(body)
    if not 0 <= timestamp_s <= timestamp_s_max:
        raise ValueError("The time of a cosignature is in seconds since 1970 and below 2^63.")
    vkey = cosigner(name, seed)
    value = private_key(seed).sign(cosignature_message(body, timestamp_s))
    return Signature(name, vkey.id, timestamp_s.to_bytes(8, "big") + value).line


def cosigned_at(note: Note, vkey: VKey) -> int | None:
    """When a witness cosigned, in seconds since 1970 UTC as the witness has it; None when it did not.

    Raises:
        ValueError: the key is not a witness's, or its signature does not verify or stands twice.
    """
    if vkey.algorithm != COSIGNATURE_V1:
        raise ValueError(f"The key {vkey.name} is not a witness's: its signatures carry no time.")
    if not note.verified_by((vkey,)):
        return None
    return next(
        timestamp_of(each.value) for each in note.signatures if (each.name, each.key_id) == (vkey.name, vkey.id)
    )


def with_cosignatures(data: bytes, cosignatures: Iterable[Signature], vkeys: Iterable[VKey]) -> bytes:
    """A signed checkpoint with those of the cosignatures that verify under one of the witnesses' keys.

    The rest is left out, so that no witness can spoil a checkpoint. A cosignature takes the place of the one that its
    key has made before.

    Raises:
        ValueError: the checkpoint is not well formed.
    """
    note = open_note(data)
    kept = {(each.name, each.key_id): each for each in note.signatures}
    known = {(vkey.name, vkey.id): vkey for vkey in vkeys if vkey.algorithm == COSIGNATURE_V1}
    for each in cosignatures:
        vkey = known.get((each.name, each.key_id))
        if vkey is not None and vkey.verifies(note.text, each.value):
            kept[each.name, each.key_id] = each
    return "".join((note.text, "\n", *(each.line for each in kept.values()))).encode()
