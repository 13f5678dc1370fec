"""Proofs to carry away: that a leaf stands at an index of a log, with the checkpoint that says so (tlog-proof of C2SP).
They can be verified offline, by anybody who holds the log's key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from warum.domain.tlog.checkpoints import unverified_checkpoint
from warum.domain.tlog.spelling import (
    from_base64,
    from_base64_hash,
    from_decimal,
    hash_bytes,
    head_and_checkpoint,
    integer_max,
    to_base64,
)

HEADER: Final = "c2sp.org/tlog-proof@v1"

hashes_max: Final = 64
"""The depth of the greatest tree whose size can be written."""


@dataclass(frozen=True, slots=True)
class Proof:
    """A proof as it stands in a ``.tlog-proof`` file.

    Attributes:
        index: of the leaf, from 0.
        hashes: the inclusion proof, 32 bytes each, from the leaf's sibling upwards.
        checkpoint: the signed checkpoint, verbatim.
        extra: bytes for the application, which neither log nor proof vouch for; None when there are none.
    """

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: bytes
    extra: bytes | None = None


def format_proof(proof: Proof) -> bytes:
    """The text of the proof. The checkpoint goes in as it is: it was read from a log, or just signed.

    Raises:
        ValueError: the index is out of range, a hash is not 32 bytes long, or the extra data are empty bytes.
    """
    if not 0 <= proof.index <= integer_max:
        raise ValueError("The index of a leaf is a number from 0, below 2^64.")
    if any(len(each) != hash_bytes for each in proof.hashes):
        raise ValueError(f"The hashes of a proof have {hash_bytes} bytes.")
    if proof.extra == b"":
        raise ValueError("A proof without extra data has None, since an empty line for them cannot be written.")
    extra = () if proof.extra is None else (f"extra {to_base64(proof.extra)}",)
    lines = (HEADER, *extra, f"index {proof.index}", *map(to_base64, proof.hashes), "")
    return "".join(f"{line}\n" for line in lines).encode() + proof.checkpoint


def parse_proof(data: bytes) -> Proof:
    """Read a proof, without verifying it: see ``merkle.verify_inclusion`` and ``notes.Note.verified_by``.

    Raises:
        ValueError: one sentence says what is wrong: it is no proof or cut off, a number or a hash is misspelled, its
            checkpoint is not well formed, or has no such leaf.
    """
    if not data.startswith(HEADER.encode() + b"\n"):
        raise ValueError(f"This is not a tlog-proof: its first line is not {HEADER}.")
    lines, checkpoint = head_and_checkpoint(data, "The proof")
    rest = lines[1:]
    extra: bytes | None = None
    if rest and rest[0].startswith("extra "):
        extra = from_base64(rest.pop(0).removeprefix("extra "))
        if not extra:
            raise ValueError("The extra data of the proof are not Base64.")
    if not rest or not rest[0].startswith("index "):
        raise ValueError("The proof has no line with the index of the leaf where it should stand.")
    index = from_decimal(rest[0].removeprefix("index "))
    if index is None:
        raise ValueError("The index in the proof is not a decimal number without leading zeros.")
    hashes = [each for each in map(from_base64_hash, rest[1:]) if each is not None]
    if len(hashes) < len(rest) - 1:
        raise ValueError(f"A hash in the proof is not the Base64 of {hash_bytes} bytes.")
    if len(hashes) > hashes_max:
        raise ValueError(f"The proof has more than {hashes_max} hashes.")
    try:
        size = unverified_checkpoint(checkpoint).size
    except ValueError as fault:
        raise ValueError(f"The checkpoint in the proof cannot be read. {fault}") from None
    if index >= size:
        raise ValueError(f"The proof is about leaf {index}, but its checkpoint has {size} leaves.")
    return Proof(index, tuple(hashes), checkpoint, extra)
