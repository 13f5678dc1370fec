"""Applications are sorted with reasons; nothing is declined by it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warum.domain.scout import words
from warum.domain.scout.applications import LOOKS, Application, Pile, Speaks, Wanted, Why, sort
from warum.domain.scout.vat import Vat, vat

WANTED = Wanted(
    kinds=frozenset({"content"}),
    kinds_excluded=frozenset({"toolbar"}),
    countries=frozenset({"DE", "AT"}),
    topics=frozenset({"travel"}),
)
GOOD = Application(
    publisher=1,
    kind="content",
    imprint=True,
    vat_id="DE 136 695 976",
    countries=frozenset({"DE"}),
    topics=frozenset({"travel"}),
)


def test_everything_known_and_good_is_a_yes():
    found = sort(GOOD, WANTED)
    assert found.pile is Pile.YES
    assert {reason.speaks for reason in found.reasons} == {Speaks.FOR}


@pytest.mark.parametrize(
    ("change", "pile", "why"),
    [
        ({"kind": "toolbar"}, Pile.NO, Why.KIND_EXCLUDED),
        ({"vat_id": "DE136695977"}, Pile.NO, Why.VAT_WRONG),
        ({"imprint": False}, Pile.FOR_YOU, Why.IMPRINT_MISSING),
        ({"imprint": None}, Pile.FOR_YOU, Why.IMPRINT_UNSEEN),
        ({"vat_id": ""}, Pile.FOR_YOU, Why.VAT_MISSING),
        ({"vat_id": "", "private": True}, Pile.YES, Why.VAT_MISSING),
        ({"vat_id": "SE556188840401"}, Pile.FOR_YOU, Why.VAT_UNCHECKED),
        ({"kind": "social"}, Pile.FOR_YOU, Why.KIND_UNDECIDED),
        ({"countries": frozenset({"BR"})}, Pile.FOR_YOU, Why.COUNTRY_OTHER),
        ({"topics": frozenset({"cars"})}, Pile.FOR_YOU, Why.TOPIC_OTHER),
        ({"topics": frozenset()}, Pile.FOR_YOU, Why.TOPIC_UNKNOWN),
    ],
)
def test_each_reason_has_its_pile(change: dict[str, object], pile: Pile, why: Why):
    found = sort(replace(GOOD, **change), WANTED)
    assert found.pile is pile
    assert why in [reason.why for reason in found.reasons]


@settings(deadline=None)
@given(
    st.sampled_from(["", "content", "toolbar", "social"]),
    st.sampled_from([None, True, False]),
    st.text(max_size=14),
    st.booleans(),
)
def test_every_look_gives_a_reason_in_both_languages(kind: str, imprint: bool | None, number: str, private: bool):
    found = sort(replace(GOOD, kind=kind, imprint=imprint, vat_id=number, private=private), WANTED)
    assert len(found.reasons) == len(LOOKS)
    for reason in found.reasons:
        assert words.said(reason.why, "de") != words.said(reason.why, "en")


@pytest.mark.parametrize(
    "number",
    [
        "DE136695976", "ATU13585627", "BE0428759497", "DK13585628", "FR40303265045", "IT00743110157", "LU15027442",
        "NL004495445B01", "PL8567346215",
    ],
)  # fmt: skip
def test_check_digits_hold_and_a_slip_is_seen(number: str):
    assert vat(number) is Vat.CHECKED
    place = next(index for index in range(4, len(number)) if number[index].isdigit())
    slipped = number[:place] + str((int(number[place]) + 1) % 10) + number[place + 1 :]
    assert vat(slipped) is Vat.WRONG


def test_other_numbers():
    assert vat(" ") is Vat.MISSING
    assert vat("de-136.695 976") is Vat.CHECKED
    assert vat("SE556188840401") is Vat.SHAPE_ONLY
    assert vat("US123456789") is Vat.WRONG
    assert vat("DE٣٣٣٣٣٣٣٣٣") is Vat.WRONG
