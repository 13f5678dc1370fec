"""Click tokens and link references: what they tell, and that nobody else can make or change one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warum.domain.mode import Mode
from warum.domain.records import Basis
from warum.domain.token import TokenFault, TokenKeys, Touch, token_chars_max
from warum.kernel.ids import RecordId
from warum.kernel.period import DAY_US, SECOND_US

KEYS = TokenKeys(issue=2, token_keys={1: b"o" * 32, 2: b"n" * 64}, reference_keys={1: b"p" * 16, 2: b"q" * 16})
OTHERS = TokenKeys(issue=2, token_keys={2: b"x" * 64}, reference_keys={2: b"y" * 16})

touches = st.builds(
    Touch,
    at_us=st.integers(0, 2**32 - 1).map(lambda seconds: seconds * SECOND_US),
    link=st.integers(1, 2**63 - 1),
    allocation=st.integers(1, 2**32 - 1),
    arm=st.integers(0, 255),
    basis=st.sampled_from([Basis.CONSENT, Basis.MEMBER_REQUEST]),
    mode=st.sampled_from(Mode),
    record=st.builds(RecordId, st.integers(0, 2**16 - 1), st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1)),
)


@given(touches)
def test_a_token_tells_its_touch(touch):
    text = KEYS.token(touch)
    assert KEYS.read(text) == touch
    assert len(text) <= token_chars_max
    assert text.replace("-", "").replace("_", "").isalnum()


@given(touches, st.data())
def test_no_changed_token_is_believed(touch, data):
    text = KEYS.token(touch)
    place = data.draw(st.integers(0, len(text) - 1))
    letter = data.draw(st.sampled_from("AQgw09_-tr"))
    changed = text[:place] + letter + text[place + 1 :]
    assert changed == text or isinstance(KEYS.read(changed), TokenFault)


@given(touches, touches)
def test_two_records_never_share_a_token(one, other):
    assert one == other or KEYS.token(one) != KEYS.token(other)


@given(touches)
def test_another_operators_token_does_not_verify(touch):
    assert KEYS.read(OTHERS.token(touch)) is TokenFault.FORGED
    assert KEYS.read(OTHERS.reference(touch)) is TokenFault.FORGED


def test_an_old_key_still_verifies_and_a_retired_one_is_named():
    touch = Touch(at_us=0, link=1, allocation=1, arm=0, basis=Basis.CONSENT, mode=Mode.LIVE, record=RecordId(0, 0, 0))
    old = TokenKeys(issue=1, token_keys={1: b"o" * 32}, reference_keys={1: b"p" * 16})
    assert KEYS.read(old.token(touch)) == touch
    retired = TokenKeys(issue=3, token_keys={3: b"z" * 32}, reference_keys={3: b"z" * 16})
    assert KEYS.read(retired.token(touch)) is TokenFault.UNKNOWN_KEY


@given(touches, st.integers(0, DAY_US - 1))
def test_a_reference_is_the_same_for_everybody_that_day(touch, later_us):
    midnight = touch.at_us - touch.at_us % DAY_US
    same_day = Touch(
        at_us=midnight + later_us,
        link=touch.link,
        allocation=touch.allocation,
        arm=touch.arm,
        basis=Basis.REFERENCE,
        mode=Mode.LIVE,
        record=None,
    )
    assert KEYS.reference(touch) == KEYS.reference(same_day)
    told = KEYS.read(KEYS.reference(touch))
    assert isinstance(told, Touch)
    assert (told.at_us, told.link, told.record, told.basis) == (midnight, touch.link, None, Basis.REFERENCE)


@given(st.text(max_size=80))
def test_any_text_is_a_fault_and_never_an_error(text):
    assert isinstance(KEYS.read(text), TokenFault)


@pytest.mark.parametrize("text", ["", "t", "r", "x" + "A" * 60, "t" + "A" * 63, "t" + "A" * 64, "t=", "tAA=="])
def test_malformed_tokens(text):
    assert isinstance(KEYS.read(text), TokenFault)


def test_the_reference_format_is_frozen():
    touch = Touch(
        at_us=20_000 * DAY_US, link=7, allocation=3, arm=1, basis=Basis.REFERENCE, mode=Mode.LIVE, record=None
    )
    assert KEYS.reference(touch) == "rAgAAAAAAAAAHAAAAAwFOIGlpPQQ"
