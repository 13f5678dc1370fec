"""Records as the bytes of a journal frame: msgpack maps by field name, so that a field with a default can be added
later and old journals still read. One encoder, one decoder per type; both strict."""

from __future__ import annotations

from typing import Final

import msgspec

from warum.domain.records import Click, Impression, Postback, Record, RecordType, Tally, Tick

_TYPES: Final[dict[type[Record], int]] = {
    Click: RecordType.CLICK.value,
    Impression: RecordType.IMPRESSION.value,
    Tally: RecordType.TALLY.value,
    Postback: RecordType.POSTBACK.value,
    Tick: RecordType.TICK.value,
}
_ENCODE: Final = msgspec.msgpack.Encoder().encode
_DECODERS: Final[dict[int, msgspec.msgpack.Decoder[Record]]] = {
    type_: msgspec.msgpack.Decoder(record) for record, type_ in _TYPES.items()
}


def encode(record: Record) -> tuple[int, bytes]:
    """The type byte and the body of a record."""
    return _TYPES[type(record)], _ENCODE(record)


def decode(type_: int, body: bytes) -> Record:
    """The record behind the bytes.

    Raises:
        LookupError: the type is unknown: a newer edge wrote it, and the consumer has to stop.
        ValueError: the body does not decode.
    """
    decoder = _DECODERS.get(type_)
    if decoder is None:
        raise LookupError(f"a record of type {type_} is unknown here; a newer edge wrote it")
    return decoder.decode(body)
