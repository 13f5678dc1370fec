"""Is an advertiser reminded to validate, and of what?

Counted is what is pending, live, credited to a partner, held back by nobody here, and due: its validation period ended
on an earlier day, in the program's own time zone. Amounts stay apart by currency. An advertiser that was written to
lately, or that named a day which is not over, is left alone; figures that contradict each other go to a person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from warum.domain.conversion import Status
from warum.domain.mode import Mode
from warum.domain.routine import drafts
from warum.domain.routine.drafts import Letter, Line, Party
from warum.kernel.ids import public
from warum.kernel.money import amount_minor_max, is_currency
from warum.kernel.period import DAY_US, local_date

quiet_days_default: Final = 7
refs_told_max: Final = 10


class Why(StrEnum):
    """What was decided about an advertiser, the first that applies."""

    DATA_CONTRADICTS = "data_contradicts"
    """The same conversion twice with different figures, an amount that cannot be, a program that is not the
    advertiser's: a person looks."""
    NOTHING_DUE = "nothing_due"
    PROMISED = "promised"
    """It named a day that is not over."""
    REMINDED_LATELY = "reminded_lately"
    DUE = "due"


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """What a program agreed about validating.

    Attributes:
        vertical: of ``hotel`` one speaks of stays, of all others of sales.
        validation_days: whole days from the day of purchase or departure.
        timezone: IANA name; days are counted in it.
    """

    id: int
    advertiser: int
    name: str
    vertical: str
    validation_days: int
    timezone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """A conversion as far as validating goes. No order id: it may lead to a person.

    Attributes:
        publisher: None when it is credited to nobody, who cannot wait.
        begun_us: the purchase, or of a stay the departure; None while that is to come.
        held: the operator holds it back itself, so the advertiser is not the one to wait for.
    """

    conversion: int
    advertiser: int
    program: int
    publisher: int | None
    status: Status
    mode: Mode
    currency: str
    sale_minor: int
    commission_minor: int
    begun_us: int | None
    held: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """An advertiser, as far as it was written to before.

    Attributes:
        reminded_us: when it was last sent a reminder; None for never.
        promised_on: the day, ISO, by which it said it would validate.
    """

    advertiser: int
    name: str
    reminded_us: int | None = None
    promised_on: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What is due in one program and one currency. ``oldest``: the day, ISO, on which the first of it was due."""

    program: int
    currency: str
    count: int
    sale_minor: int
    commission_minor: int
    oldest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """The answer for one advertiser; ``letter`` is None unless it is ``DUE``.

    Attributes:
        due: conversions, the longest waiting first.
        partners: how many publishers wait.
        doubtful: conversions whose figures contradict each other.
    """

    advertiser: int
    why: Why
    due: tuple[int, ...] = ()
    parts: tuple[Part, ...] = ()
    partners: int = 0
    doubtful: tuple[int, ...] = ()
    letter: Letter | None = None

    @property
    def remind(self) -> bool:
        return self.why is Why.DUE


def reminders(
    waiting: Iterable[Open],
    programs: Sequence[Program],
    asked: Sequence[Asked],
    *,
    now_us: int,
    operator: str,
    quiet_days: int = quiet_days_default,
) -> tuple[Reminder, ...]:
    """One answer for each advertiser, in the order of ``asked``.

    Args:
        waiting: conversions of the programs, in any order; equal copies count once.
        operator: who signs.
        quiet_days: days of 24 hours from one reminder to the next.
    """
    terms = {program.id: program for program in programs}
    of: defaultdict[int, list[Open]] = defaultdict(list)
    for each in dict.fromkeys(waiting):
        of[each.advertiser].append(each)
    return tuple(_reminder(one, of[one.advertiser], terms, now_us, operator, quiet_days) for one in asked)


def due_on(begun_us: int, program: Program) -> date:
    """The last day, in the program's time zone, on which validating is in time."""
    return local_date(begun_us, program.timezone) + timedelta(days=program.validation_days)


@dataclass(frozen=True, slots=True)
class _Late:
    each: Open
    due: date


def _reminder(
    one: Asked,
    waiting: Sequence[Open],
    terms: Mapping[int, Program],
    now_us: int,
    operator: str,
    quiet_days: int,
) -> Reminder:
    doubtful = _doubtful(waiting, terms)
    if doubtful:
        return Reminder(advertiser=one.advertiser, why=Why.DATA_CONTRADICTS, doubtful=doubtful)
    late = _late(waiting, terms, now_us)
    if not late:
        return Reminder(advertiser=one.advertiser, why=Why.NOTHING_DUE)
    due, parts = tuple(each.each.conversion for each in late), _parts(late)
    partners = len({each.each.publisher for each in late})
    zone = terms[late[0].each.program].timezone
    today = local_date(now_us, zone)
    if one.promised_on is not None and today <= date.fromisoformat(one.promised_on):
        why = Why.PROMISED
    elif one.reminded_us is not None and now_us < one.reminded_us + quiet_days * DAY_US:
        why = Why.REMINDED_LATELY
    else:
        why = Why.DUE
    letter = _letter(one, late, parts, terms, today, operator) if why is Why.DUE else None
    return Reminder(advertiser=one.advertiser, why=why, due=due, parts=parts, partners=partners, letter=letter)


def _doubtful(waiting: Sequence[Open], terms: Mapping[int, Program]) -> tuple[int, ...]:
    """Conversions that nobody should write about before a person has looked."""
    seen: dict[int, Open] = {}
    found: dict[int, None] = {}
    for each in waiting:
        believable = (
            each.program in terms
            and terms[each.program].advertiser == each.advertiser
            and is_currency(each.currency)
            and all(0 <= minor <= amount_minor_max for minor in (each.sale_minor, each.commission_minor))
        )
        if not believable or seen.setdefault(each.conversion, each) != each:
            found[each.conversion] = None
    return tuple(found)


def _late(waiting: Sequence[Open], terms: Mapping[int, Program], now_us: int) -> list[_Late]:
    late: list[_Late] = []
    for each in waiting:
        counts = each.status is Status.PENDING and each.mode is Mode.LIVE and each.publisher is not None
        if not counts or each.held or each.begun_us is None:
            continue
        program = terms[each.program]
        due = due_on(each.begun_us, program)
        if due < local_date(now_us, program.timezone):
            late.append(_Late(each, due))
    return sorted(late, key=lambda one: (one.due, one.each.conversion))


def _parts(late: Sequence[_Late]) -> tuple[Part, ...]:
    together: defaultdict[tuple[int, str], list[_Late]] = defaultdict(list)
    for one in late:
        together[one.each.program, one.each.currency].append(one)
    return tuple(
        Part(
            program=program,
            currency=currency,
            count=len(some),
            sale_minor=sum(one.each.sale_minor for one in some),
            commission_minor=sum(one.each.commission_minor for one in some),
            oldest=some[0].due.isoformat(),
        )
        for (program, currency), some in sorted(together.items())
    )


def _letter(
    one: Asked, late: Sequence[_Late], parts: Sequence[Part], terms: Mapping[int, Program], today: date, operator: str
) -> Letter:
    nouns = {_noun(terms[part.program]) for part in parts}
    noun = nouns.pop() if len(nouns) == 1 else "mixed"
    how_many = drafts.count("count", len(late))
    partners = drafts.count("partners", len({each.each.publisher for each in late}))
    body = [
        Line("greeting", (drafts.named("name", one.name),)),
        Line(f"reminder.opening.{noun}", (how_many, partners)),
        *(_part_line(part, terms[part.program]) for part in parts),
        *_totals(parts),
        _oldest(late[0], today),
        _which([each.each.conversion for each in late]),
    ]
    if one.promised_on is not None:
        body.append(Line("reminder.promised", (drafts.day("promised", one.promised_on),)))
    if one.reminded_us is not None:
        last = local_date(one.reminded_us, terms[late[0].each.program].timezone)
        body.append(Line("reminder.before", (drafts.day("last", last),)))
    body += [Line("reminder.ask"), Line("close", (drafts.named("operator", operator),))]
    return Letter(
        to_party=Party.ADVERTISER,
        to=one.advertiser,
        subject=Line(f"reminder.subject.{noun}", (how_many,)),
        body=tuple(body),
    )


def _noun(program: Program) -> str:
    return "stays" if program.vertical == "hotel" else "sales"


def _part_line(part: Part, program: Program) -> Line:
    return Line(
        f"reminder.line.{_noun(program)}",
        (
            drafts.named("program", program.name),
            drafts.count("count", part.count),
            drafts.amount("sale", part.sale_minor, part.currency),
            drafts.amount("commission", part.commission_minor, part.currency),
            drafts.count("period", program.validation_days),
            drafts.day("oldest", part.oldest),
        ),
    )


def _totals(parts: Sequence[Part]) -> list[Line]:
    """A sum for each currency that stands in more than one line. Nothing is added up across currencies."""
    by_currency: defaultdict[str, list[Part]] = defaultdict(list)
    for part in parts:
        by_currency[part.currency].append(part)
    return [
        Line(
            "reminder.total",
            (
                drafts.named("currency", currency),
                drafts.amount("sale", sum(part.sale_minor for part in some), currency),
                drafts.amount("commission", sum(part.commission_minor for part in some), currency),
            ),
        )
        for currency, some in sorted(by_currency.items())
        if len(some) > 1
    ]


def _oldest(first: _Late, today: date) -> Line:
    return Line(
        "reminder.oldest",
        (
            drafts.refs("conversion", [public("conversion", first.each.conversion)]),
            drafts.day("due", first.due),
            drafts.count("days", (today - first.due).days),
        ),
    )


def _which(conversions: Sequence[int]) -> Line:
    told = [public("conversion", each) for each in conversions[:refs_told_max]]
    more = len(conversions) - len(told)
    if not more:
        return Line("reminder.which", (drafts.refs("conversions", told),))
    return Line("reminder.which_some", (drafts.refs("conversions", told), drafts.count("more", more)))
