"""What a log and a witness say to each other (``add-checkpoint`` of tlog-witness of C2SP). The log sends a checkpoint
with the proof that it continues the last one; the witness answers with its cosignatures, or the size it knows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from warum.domain.tlog.checkpoints import unverified_checkpoint
from warum.domain.tlog.notes import Signature, parse_signatures
from warum.domain.tlog.spelling import (
    from_base64_hash,
    from_decimal,
    hash_bytes,
    head_and_checkpoint,
    integer_max,
    plain_text,
    to_base64,
)

SIZE_TYPE: Final = "text/x.tlog.size"
"""The content type of an answer 409 that tells the size."""

hashes_max: Final = 63


@dataclass(frozen=True, slots=True)
class AddCheckpoint:
    """The request.

    Attributes:
        old_size: leaves of the last checkpoint that the witness is believed to have cosigned, or 0.
        hashes: the consistency proof from there, at most 63 of 32 bytes.
        checkpoint: the new checkpoint, signed.
    """

    old_size: int
    hashes: tuple[bytes, ...]
    checkpoint: bytes


def format_request(request: AddCheckpoint) -> bytes:
    """The body of the request; ValueError for a size or hashes out of range."""
    if not 0 <= request.old_size <= integer_max:
        raise ValueError("The old size is a number from 0, below 2^64.")
    if len(request.hashes) > hashes_max or any(len(each) != hash_bytes for each in request.hashes):
        raise ValueError(f"A consistency proof has at most {hashes_max} hashes, of {hash_bytes} bytes each.")
    lines = (f"old {request.old_size}", *map(to_base64, request.hashes), "")
    return "".join(f"{line}\n" for line in lines).encode() + request.checkpoint


def parse_request(body: bytes) -> AddCheckpoint:
    """Read a request, without verifying it.

    Whether old size, proof and signatures hold is for the witness to judge, each with an answer of its own (404, 403,
    400, 409, 422, in this order).

    Raises:
        ValueError: the body is not a request, which is answered with 400.
    """
    (first, *rest), checkpoint = head_and_checkpoint(body, "The request")
    old_size = from_decimal(first.removeprefix("old ")) if first.startswith("old ") else None
    if old_size is None:
        raise ValueError("The request does not begin with the old size as a decimal number without leading zeros.")
    if len(rest) > hashes_max:
        raise ValueError(f"The request has more than {hashes_max} hashes.")
    hashes = [each for each in map(from_base64_hash, rest) if each is not None]
    if len(hashes) < len(rest):
        raise ValueError(f"A hash in the request is not the Base64 of {hash_bytes} bytes.")
    try:
        unverified_checkpoint(checkpoint)
    except ValueError as fault:
        raise ValueError(f"The checkpoint in the request cannot be read. {fault}") from None
    return AddCheckpoint(old_size, tuple(hashes), checkpoint)


def format_answer(cosignatures: Iterable[str]) -> bytes:
    """The body of an answer 200.

    Args:
        cosignatures: lines as ``checkpoints.cosign`` makes them.

    Raises:
        ValueError: there is none, or one is no signature line.
    """
    body = "".join(cosignatures)
    parse_signatures(body, "The answer")
    return body.encode()


def parse_answer(body: bytes) -> tuple[Signature, ...]:
    """The cosignatures of an answer 200, not verified yet: see ``checkpoints.with_cosignatures``.

    Raises:
        ValueError: the body is something else than signature lines.
    """
    return parse_signatures(plain_text(body, "The answer"), "The answer")


def format_conflict(size: int) -> bytes:
    """The body of an answer 409, of type ``SIZE_TYPE``: leaves of the checkpoint that the witness cosigned last."""
    if not 0 <= size <= integer_max:
        raise ValueError("The size is a number from 0, below 2^64.")
    return f"{size}\n".encode()


def parse_conflict(body: bytes) -> int:
    """The size in an answer 409; ValueError for anything but a decimal number and a newline."""
    size = from_decimal(plain_text(body, "The answer").removesuffix("\n"))
    if size is None:
        raise ValueError("The answer is not a decimal number without leading zeros.")
    return size
