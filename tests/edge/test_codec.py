"""Records come back from their bytes as they were, and nothing else comes back at all."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from warum.domain.mode import Mode
from warum.domain.records import Basis, Click, Impression, Postback, Record, RecordType, Tally, Tick
from warum.edge.codec import decode, encode

US = st.integers(0, 2**62)
ID = st.integers(0, 2**62)
ARM = st.integers(0, 255)
TEXT = st.text(max_size=50)
MODE = st.sampled_from(Mode)
RECORDS: st.SearchStrategy[Record] = st.one_of(
    st.builds(
        Click,
        at_us=US,
        seen_us=US,
        link=ID,
        allocation=ID,
        arm=ARM,
        basis=st.sampled_from(Basis),
        mode=MODE,
        sub_ids=st.none() | st.binary(max_size=100),
        sub_day=st.none() | st.integers(0, 100_000),
    ),
    st.builds(Impression, at_us=US, seen_us=US, link=ID, allocation=ID, arm=ARM, mode=MODE),
    st.builds(Tally, seen_us=US, counts=st.lists(st.tuples(US, ID, ID, TEXT, ID), max_size=5).map(tuple)),
    st.builds(
        Postback,
        at_us=US,
        seen_us=US,
        advertiser=ID,
        dialect=TEXT,
        event_id=TEXT,
        step=TEXT,
        status_raw=TEXT,
        mode=MODE,
        click_refs=st.lists(TEXT, max_size=3).map(tuple),
        amount_minor=st.none() | st.integers(0, 10**12),
    ),
    st.builds(Tick, seen_us=US),
)


@given(RECORDS)
def test_a_record_comes_back_as_it_was(record: Record):
    assert decode(*encode(record)) == record


@given(st.integers(0, 255), st.binary(max_size=200))
def test_other_bytes_are_refused_by_the_errors_that_are_told(type_: int, body: bytes):
    try:
        assert type_ in list(RecordType)
        decode(type_, body)
    except AssertionError:
        with pytest.raises(LookupError):
            decode(type_, body)
    except ValueError:
        pass


def test_a_record_of_another_type_is_not_taken_for_one():
    with pytest.raises(ValueError):
        decode(RecordType.CLICK, encode(Tick(seen_us=1))[1])


def test_types_are_strict():
    with pytest.raises(ValueError):
        decode(RecordType.TICK, msgspec.msgpack.encode({"seen_us": "1"}))


def test_a_journal_written_before_a_field_was_added_still_reads():
    written = msgspec.msgpack.decode(
        encode(Click(at_us=1, seen_us=1, link=1, allocation=1, arm=0, basis=Basis.NONE, mode=Mode.LIVE))[1]
    )
    del written["sub_ids"]
    click = decode(RecordType.CLICK, msgspec.msgpack.encode(written))
    assert isinstance(click, Click) and click.sub_ids is None


def test_the_spelling_is_frozen():
    assert encode(Tick(seen_us=5)) == (5, bytes.fromhex("81a77365656e5f757305"))
