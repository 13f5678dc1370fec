"""Seals open where they were made and nowhere else; signatures equal the published example of Standard Webhooks."""

from __future__ import annotations

from base64 import b64decode

from hypothesis import given
from hypothesis import strategies as st

from warum.domain.sealing import Sealer, open_sub_ids, seal_sub_ids, sub_key_bytes
from warum.domain.webhook import is_signed, signature
from warum.kernel.ids import RecordId

# From the reference libraries of standard-webhooks (libraries/go/webhook_test.go and its siblings).
SECRET = b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
EXAMPLE = {
    "message_id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "timestamp_s": 1_614_265_330,
    "content": b'{"test": 2432232314}',
}
SIGNED = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_the_published_example():
    assert signature(SECRET, **EXAMPLE) == SIGNED
    assert is_signed(f"v1a,xyz v1,unfit {SIGNED}", SECRET, **EXAMPLE)
    assert not is_signed("", SECRET, **EXAMPLE)
    assert not is_signed(SIGNED, b"another secret", **EXAMPLE)
    assert not is_signed(SIGNED, SECRET, **{**EXAMPLE, "timestamp_s": 1_614_265_331})
    assert not is_signed("v1,ä", SECRET, **EXAMPLE)


@given(st.binary(max_size=80), st.text(max_size=30), st.text(max_size=30))
def test_a_secret_opens_for_its_purpose_alone(plain: bytes, purpose: str, other: str):
    sealer = Sealer(b"k" * 32)
    sealed = sealer.seal(purpose, plain)
    assert sealer.open(purpose, sealed) == plain
    assert Sealer(b"l" * 32).open(purpose, sealed) is None
    assert purpose == other or sealer.open(other, sealed) is None


def test_damaged_seals_do_not_open():
    sealer = Sealer(b"k" * 32)
    sealed = sealer.seal("a", b"plain")
    assert [sealer.open("a", text) for text in ("", "zz", sealed[:-2], "00" + sealed[2:])] == [None] * 4


@given(st.dictionaries(st.text(max_size=8), st.text(max_size=20), max_size=5))
def test_sub_ids_open_with_the_key_of_their_day_for_their_click(sub_ids: dict[str, str]):
    key, record = b"d" * sub_key_bytes, RecordId(1, 2, 3)
    sealed = seal_sub_ids(sub_ids, key=key, record=record)
    assert open_sub_ids(sealed, key=key, record=record) == sub_ids
    assert open_sub_ids(sealed, key=b"e" * sub_key_bytes, record=record) is None
    assert open_sub_ids(sealed, key=key, record=RecordId(1, 2, 4)) is None
    assert seal_sub_ids(sub_ids, key=key, record=RecordId(1, 2, 4)) != sealed
