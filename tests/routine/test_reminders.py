"""Who is reminded, of what, and not twice."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warum.domain.conversion import Status
from warum.domain.mode import Mode
from warum.domain.routine.drafts import draft
from warum.domain.routine.reminders import Asked, Open, Program, Reminder, Why, reminders
from warum.kernel.period import DAY_US, parse_iso

HOTEL = Program(
    id=1, advertiser=5, name="Seeblick direkt", vertical="hotel", validation_days=30, timezone="Europe/Berlin"
)
SHOP = replace(HOTEL, id=2, name="Nordlicht", vertical="retail", validation_days=14)
DEPARTED = parse_iso("2027-04-03T21:59:00Z") or 0  # 23:59 in Berlin: due on 3 May
STAY = Open(
    conversion=1, advertiser=5, program=1, publisher=21, status=Status.PENDING, mode=Mode.LIVE, currency="EUR",
    sale_minor=43_100, commission_minor=4_310, begun_us=DEPARTED,
)  # fmt: skip
ASKED = Asked(advertiser=5, name="Hotel Seeblick")
NOW = parse_iso("2027-05-10T08:00:00Z") or 0


def told(*waiting: Open, asked: Asked = ASKED, now_us: int = NOW) -> Reminder:
    (found,) = reminders(waiting, (HOTEL, SHOP), (asked,), now_us=now_us, operator="Netz GmbH")
    return found


def test_a_late_stay_is_told_with_all_that_counts():
    found = told(STAY, replace(STAY, conversion=2, publisher=22, begun_us=DEPARTED + DAY_US), STAY)
    assert found.remind
    assert found.due == (1, 2)
    assert found.letter is not None
    german, english = draft(found.letter, "de"), draft(found.letter, "en")
    assert german.subject == "2 Aufenthalte warten auf Ihre Bestätigung"
    assert english.subject == "2 stays are waiting for your confirmation"
    assert "2 Partner warten auf die Provision" in german.body
    assert "Umsatz 862,00\u00a0€, Provision 86,20\u00a0€" in german.body
    assert "cnv_1 has waited longest: it was due on 3\u00a0May 2027, 7 days ago." in english.body


def test_a_single_one_reads_as_well():
    found = told(STAY, now_us=parse_iso("2027-05-04T08:00:00Z") or 0)
    assert found.letter is not None
    assert draft(found.letter, "de").subject == "1 Aufenthalt wartet auf Ihre Bestätigung"
    assert "1 partner is waiting for the commission" in draft(found.letter, "en").body
    assert "seit 1 Tag." in draft(found.letter, "de").body


def test_the_last_day_is_in_time_and_days_are_those_of_the_program():
    last = parse_iso("2027-05-03T21:59:59Z") or 0
    assert told(STAY, now_us=last).why is Why.NOTHING_DUE
    assert told(STAY, now_us=last + 1_000_000).why is Why.DUE


@pytest.mark.parametrize(
    "changed",
    [
        replace(STAY, status=Status.APPROVED),
        replace(STAY, status=Status.DECLINED),
        replace(STAY, mode=Mode.TEST),
        replace(STAY, publisher=None),
        replace(STAY, held=True),
        replace(STAY, begun_us=None),
    ],
)
def test_what_nobody_waits_for_is_no_reason(changed: Open):
    assert told(changed).why is Why.NOTHING_DUE


def test_currencies_stay_apart_and_sum_within_themselves():
    francs = replace(STAY, conversion=2, currency="CHF")
    bought = replace(STAY, conversion=3, program=2)
    found = told(STAY, francs, bought)
    assert [(part.program, part.currency, part.sale_minor) for part in found.parts] == [
        (1, "CHF", 43_100),
        (1, "EUR", 43_100),
        (2, "EUR", 43_100),
    ]
    assert found.letter is not None
    body = draft(found.letter, "de").body
    assert "Zusammen in EUR: Umsatz 862,00\u00a0€" in body
    assert "1.293,00" not in body


def test_not_twice_within_a_week_and_not_before_what_was_promised():
    week = replace(ASKED, reminded_us=NOW - 7 * DAY_US)
    assert told(STAY, asked=replace(week, reminded_us=NOW - 7 * DAY_US + 1)).why is Why.REMINDED_LATELY
    again = told(STAY, asked=week)
    assert again.letter is not None
    assert "Zuletzt hatten wir Ihnen dazu am 3.\u00a0Mai 2027 geschrieben." in draft(again.letter, "de").body
    assert told(STAY, asked=replace(ASKED, promised_on="2027-05-10")).why is Why.PROMISED
    broken = told(STAY, asked=replace(ASKED, promised_on="2027-05-09"))
    assert broken.letter is not None
    assert "You had told us that you would validate by 9\u00a0May 2027." in draft(broken.letter, "en").body


@pytest.mark.parametrize(
    "other",
    [
        replace(STAY, sale_minor=1),
        replace(STAY, conversion=2, sale_minor=-1),
        replace(STAY, conversion=2, program=99),
        replace(STAY, conversion=2, currency="euro"),
    ],
)
def test_contradictions_write_no_letter(other: Open):
    found = told(STAY, other)
    assert (found.why, found.doubtful, found.letter) == (Why.DATA_CONTRADICTS, (other.conversion,), None)


def test_others_do_not_stand_in_the_way():
    strange = replace(STAY, conversion=2, advertiser=6, program=99)
    first, second = reminders(
        (STAY, strange), (HOTEL,), (ASKED, Asked(advertiser=6, name="B")), now_us=NOW, operator="Netz"
    )
    assert (first.why, second.why) == (Why.DUE, Why.DATA_CONTRADICTS)


@given(
    st.lists(
        st.builds(
            Open,
            conversion=st.integers(1, 10**6),
            advertiser=st.just(5),
            program=st.sampled_from((1, 2)),
            publisher=st.one_of(st.none(), st.integers(1, 9)),
            status=st.sampled_from(Status),
            mode=st.sampled_from(Mode),
            currency=st.sampled_from(("EUR", "CHF", "JPY")),
            sale_minor=st.integers(0, 10**9),
            commission_minor=st.integers(0, 10**8),
            begun_us=st.one_of(st.none(), st.integers(NOW - 90 * DAY_US, NOW + 90 * DAY_US)),
            held=st.booleans(),
        ),
        max_size=30,
        unique_by=lambda each: each.conversion,
    ),
    st.randoms(),
)
@settings(max_examples=100, deadline=None)
def test_the_parts_make_the_whole_in_any_order(waiting, rng):
    found = told(*waiting)
    shuffled = list(waiting)
    rng.shuffle(shuffled)
    assert told(*shuffled) == found
    named = [each for each in waiting if each.conversion in found.due]
    assert sum(part.count for part in found.parts) == len(named) == len(found.due)
    for currency in {each.currency for each in named}:
        assert sum(part.sale_minor for part in found.parts if part.currency == currency) == sum(
            each.sale_minor for each in named if each.currency == currency
        )
    assert found.remind == bool(named)
