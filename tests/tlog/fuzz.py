"""Damage: what a parser must answer with a ValueError, or read as something that it would itself write the same way."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from hypothesis import strategies as st


def flipped(data: bytes) -> Iterator[bytes]:
    """The data with one bit changed, for every bit."""
    for at, byte in enumerate(data):
        for bit in range(8):
            yield data[:at] + bytes((byte ^ 1 << bit,)) + data[at + 1 :]


def cut(data: bytes) -> Iterator[bytes]:
    """Every beginning of the data."""
    return (data[:end] for end in range(len(data)))


def damaged(data: bytes) -> st.SearchStrategy[bytes]:
    """The data with a piece replaced by other bytes, or by a piece from elsewhere in it."""
    places = st.integers(0, len(data))
    pieces = st.binary(max_size=8) | st.tuples(places, places).map(lambda ends: data[min(ends) : max(ends)])
    return st.builds(
        lambda ends, piece: data[: min(ends)] + piece + data[max(ends) :], st.tuples(places, places), pieces
    )


def is_refused(parse: Callable[[bytes], object], data: bytes) -> bool:
    """Whether the parser raises a ValueError with a sentence; any other exception fails the test."""
    try:
        parse(data)
    except ValueError as fault:
        assert str(fault).endswith("."), fault
        return True
    return False
