"""Months of stays and sales that an advertiser validates late, and what a reminder ought to say.

The truth is simulated on the clock of the house: a validation period is over when the midnight after its last day has
passed where the program is; the sums are kept beside while the sales are made."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

from warum.domain.conversion import Status
from warum.domain.mode import Mode
from warum.domain.routine.reminders import Asked, Open, Program, Why
from warum.kernel.period import DAY_US, HOUR_US, MINUTE_US, to_us

_ZONES: Final = ("Europe/Berlin", "America/New_York", "Europe/Lisbon", "Asia/Tokyo", "Australia/Sydney")


@dataclass(slots=True)
class Expected:
    """What is right for one advertiser; sums by program and currency."""

    why: Why
    due: set[int] = field(default_factory=set[int])
    sales: Counter[tuple[int, str]] = field(default_factory=Counter[tuple[int, str]])
    commissions: Counter[tuple[int, str]] = field(default_factory=Counter[tuple[int, str]])
    partners: set[int] = field(default_factory=set[int])
    oldest: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderCase:
    """``promised_on`` and so on stand in ``asked``. Expected answers are in its order."""

    waiting: tuple[Open, ...]
    programs: tuple[Program, ...]
    asked: tuple[Asked, ...]
    now_us: int
    expected: tuple[Expected, ...]


def case(rng: Random) -> ReminderCase:
    """One to three advertisers on one morning."""
    now_us = to_us(
        datetime(2027, rng.randint(1, 12), rng.randint(1, 28), rng.randint(0, 23), 30, tzinfo=ZoneInfo("UTC"))
    )
    waiting: list[Open] = []
    programs: list[Program] = []
    asked: list[Asked] = []
    expected: list[Expected] = []
    for advertiser in range(1, rng.randint(1, 3) + 1):
        own = [_program(rng, advertiser, 10 * advertiser + index) for index in range(rng.randint(1, 2))]
        programs += own
        truth = Expected(Why.DUE)
        late = rng.random() < 0.85
        for _ in range(rng.randint(0, 40)):
            waiting += _sale(rng, rng.choice(own), len(waiting) + 1, now_us, truth, late)
        asked.append(_asked(rng, advertiser, own, now_us, truth))
        if truth.due and rng.random() < 0.08:
            _contradict(rng, advertiser, waiting, truth)
        expected.append(truth)
    rng.shuffle(waiting)
    return ReminderCase(
        waiting=tuple(waiting),
        programs=tuple(programs),
        asked=tuple(asked),
        now_us=now_us,
        expected=tuple(expected),
    )


def _program(rng: Random, advertiser: int, number: int) -> Program:
    return Program(
        id=number,
        advertiser=advertiser,
        name=rng.choice(("Seeblick direkt", "Haus am Markt", "Nordlicht Shop", "Tisch 21")),
        vertical=rng.choice(("hotel", "hotel", "retail")),
        validation_days=rng.choice((1, 7, 14, 30)),
        timezone=_ZONES[advertiser % 5] if number % 2 else rng.choice(_ZONES),
    )


def _sale(rng: Random, program: Program, number: int, now_us: int, truth: Expected, late: bool) -> list[Open]:
    """One sale, with what became of it; twice where the export had it twice."""
    zone = ZoneInfo(program.timezone)
    over = _over_at(rng, program, now_us, late)
    begun = over - timedelta(days=program.validation_days + 1)
    begun_at = datetime.combine(begun.date(), datetime.min.time(), tzinfo=zone) + timedelta(
        minutes=rng.choice((1, 690, 1_438)) if rng.random() < 0.7 else rng.randint(0, 1_439)
    )
    begun_us = to_us(begun_at)
    over_us = to_us(datetime.combine(over.date(), datetime.min.time(), tzinfo=zone))
    sale = rng.randint(1_000, 200_000)
    currency = rng.choices(("EUR", "CHF", "JPY"), (8, 2, 1))[0]
    publisher = rng.choice((21, 22, 23, 24, None)) if rng.random() < 0.3 else rng.randint(21, 28)
    sold = Open(
        conversion=number,
        advertiser=program.advertiser,
        program=program.id,
        publisher=publisher,
        status=rng.choices((Status.PENDING, Status.APPROVED, Status.DECLINED, Status.PAID), (12, 3, 1, 1))[0],
        mode=Mode.TEST if rng.random() < 0.05 else Mode.LIVE,
        currency=currency,
        sale_minor=sale,
        commission_minor=sale // rng.choice((8, 10, 12)),
        begun_us=None if rng.random() < 0.08 else begun_us,
        held=rng.random() < 0.06,
    )
    waits = sold.status is Status.PENDING and sold.mode is Mode.LIVE and not sold.held
    if waits and publisher is not None and sold.begun_us is not None and now_us >= over_us:
        truth.due.add(number)
        truth.sales[program.id, currency] += sale
        truth.commissions[program.id, currency] += sold.commission_minor
        truth.partners.add(publisher)
        last_day = (over - timedelta(days=1)).date()
        truth.oldest = last_day if truth.oldest is None else min(truth.oldest, last_day)
    return [sold, sold] if rng.random() < 0.05 else [sold]


def _over_at(rng: Random, program: Program, now_us: int, late: bool) -> datetime:
    """A day, there, on which a period is over: often today or tomorrow, where a naive count of hours errs."""
    today = datetime.fromtimestamp(now_us / 1_000_000, tz=ZoneInfo(program.timezone))
    apart = rng.choice((0, 1, 1, -1)) if rng.random() < 0.4 else -rng.randint(0, 60) if late else rng.randint(1, 40)
    if not late:
        apart = max(apart, 1)
    return datetime.combine(today.date() + timedelta(days=apart), datetime.min.time(), tzinfo=today.tzinfo)


def _asked(rng: Random, advertiser: int, own: list[Program], now_us: int, truth: Expected) -> Asked:
    reminded_us: int | None = None
    promised: str | None = None
    if rng.random() < 0.4:
        reminded_us = now_us - rng.choice(
            (7 * DAY_US - 1, 7 * DAY_US, 2 * DAY_US, 6 * DAY_US + 23 * HOUR_US, 30 * DAY_US)
        )
    days = {datetime.fromtimestamp(now_us / 1_000_000, tz=ZoneInfo(program.timezone)).date() for program in own}
    if rng.random() < 0.25 and len(days) == 1:
        promised = (days.pop() + timedelta(days=rng.choice((-5, -1, 0, 1, 4)))).isoformat()
        today = datetime.fromtimestamp(now_us / 1_000_000, tz=ZoneInfo(own[0].timezone)).date().isoformat()
        if truth.due and today <= promised:
            truth.why = Why.PROMISED
    if not truth.due:
        truth.why = Why.NOTHING_DUE
    elif truth.why is Why.DUE and reminded_us is not None and (now_us - reminded_us) < 7 * 24 * 60 * MINUTE_US:
        truth.why = Why.REMINDED_LATELY
    name = rng.choice(("Hotel Seeblick", "Nordlicht GmbH", "Haus am Markt"))
    return Asked(advertiser=advertiser, name=name, reminded_us=reminded_us, promised_on=promised)


def _contradict(rng: Random, advertiser: int, waiting: list[Open], truth: Expected) -> None:
    """The export has a sale twice, with two amounts."""
    own = [each for each in waiting if each.advertiser == advertiser]
    again = rng.choice(own)
    waiting.append(replace(again, sale_minor=again.sale_minor + 1_000))
    truth.why = Why.DATA_CONTRADICTS
