"""From a raw report to a Postback record: every text gets its meaning or a refusal in words, whatever the dialect.

An order is never refused over its click id: a broken or foreign one is kept as it came, and the answer says that it
will not be credited and why. What could be misread is refused instead: an amount that is none, a currency that the
program does not list, a mode nobody defined. An unknown status word is kept raw, for a person."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from warum.domain.catalog import EdgeAdvertiser, EdgeProgram
from warum.domain.conversion import Step
from warum.domain.mode import Mode
from warum.domain.records import Postback
from warum.domain.token import FAULT_WORDS, TokenFault, TokenKeys, Touch
from warum.edge.dialects import RawReport
from warum.edge.snapshot import Snapshot
from warum.kernel.canonical import fingerprint
from warum.kernel.money import amount_minor_max, is_currency, parse_minor
from warum.kernel.period import DAY_US, SECOND_US, from_us, parse_iso
from warum.kernel.refusal import Refusal

STATUS_WORDS: Final[Mapping[str, Step]] = {
    "": Step.BOOKED,
    **dict.fromkeys(
        ("booked", "booking", "pending", "sale", "lead", "new", "created", "open", "order", "purchase", "reserved"),
        Step.BOOKED,
    ),
    **dict.fromkeys(("amended", "updated", "modified", "changed"), Step.AMENDED),
    **dict.fromkeys(("stayed", "checked_out", "check_out", "checkout", "completed", "departed"), Step.STAYED),
    **dict.fromkeys(("cancelled", "canceled", "cancellation", "void", "voided"), Step.CANCELLED),
    **dict.fromkeys(("no_show", "noshow"), Step.NO_SHOW),
    **dict.fromkeys(("refunded", "refund", "returned", "partially_refunded"), Step.REFUNDED),
    **dict.fromkeys(("approved", "confirmed", "validated"), Step.APPROVED),
    **dict.fromkeys(("declined", "rejected", "denied"), Step.DECLINED),
}
"""What status words mean, in lower case with underscores. No word at all is a new order."""

AMBIGUOUS_WORDS: Final = {("hotel", "confirmed")}
"""(vertical, word) that mean one thing to networks and another in the trade: to a hotel, a confirmed booking is one
that was taken, not a commission that was approved."""

NOTE_WORDS: Final[Mapping[str, str]] = {
    **{fault.value: f"{words} The report is kept, but not credited by it." for fault, words in FAULT_WORDS.items()},
    "link_unknown": "The click id is genuine, but its link is not known here. The report is kept, not credited by it.",
    "click_of_another_advertiser": (
        "The click id belongs to another advertiser. The report is kept, but not credited by it."
    ),
    "status_unknown": (
        "The status word is not one we know. It is kept as it came, and a person will look at it; nothing changes "
        "until then."
    ),
    "other_channel": "ch says that another channel was paid for this sale, so it is kept, but credited to nobody.",
    "program_unnamed": "It does not say which program it belongs to; the order id has to lead there.",
}

_TEXT_MAX: Final[Mapping[str, int]] = {
    "order_id": 200,
    "event_id": 200,
    "webhook-id": 200,
    "event_type": 64,
    "group": 64,
    "program": 100,
    "status": 100,
    "reason": 500,
}
_click_chars_max: Final = 200
_year_min: Final = 1970
_years_ahead_max: Final = 10
_TEST_WORDS: Final = {"1": True, "true": True, "yes": True, "test": True, "0": False, "false": False, "no": False}
_UNIX: Final = re.compile(r"[0-9]{1,11}")
_WHOLE: Final = re.compile(r"-?[0-9]{1,18}")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a report is read against.

    Attributes:
        message_id: the id of the message, when its envelope has one.
    """

    advertiser: EdgeAdvertiser
    snapshot: Snapshot
    keys: TokenKeys
    now_us: int
    dialect: str
    message_id: str | None


@dataclass(frozen=True, slots=True)
class Taken:
    """A report that is accepted, with the codes of what there is to say about it."""

    postback: Postback
    notes: tuple[str, ...]


def take(raw: RawReport, context: Context) -> Taken | Refusal:
    """The record of a report, or the first thing that is wrong with it."""
    if wrong := _wrong_text(raw, context.message_id):
        return wrong
    if raw.order_id is None and not raw.clicks:
        return Refusal(
            "order_id_missing",
            "There is neither an order id nor a click id, so nothing could ever be matched with it. Send order_id.",
            "order_id",
        )
    clicks = tuple(click[:_click_chars_max] for click in raw.clicks)
    readings = [_read_click(click, context) for click in clicks]
    touches = [reading for reading in readings if isinstance(reading, Touch)]
    program = _program(raw.program, touches, context)
    if isinstance(program, Refusal):
        return program
    status_raw = raw.status or ""
    step = _step(status_raw, program)
    mode = _mode(raw, touches)
    if isinstance(mode, Refusal):
        return mode
    if program is None and step is Step.BOOKED:
        return Refusal(
            "program_missing",
            "This advertiser has several programs, and neither program nor a click id says which one this is for.",
            "program",
        )
    currency = _currency(raw, program, context)
    if isinstance(currency, Refusal):
        return currency
    amount_minor = _amount("amount", raw.amount, raw.amount_minor, currency)
    if isinstance(amount_minor, Refusal):
        return amount_minor
    retained_minor = _amount("retained", raw.retained, raw.retained_minor, currency)
    if isinstance(retained_minor, Refusal):
        return retained_minor
    at_us = _moment(raw.at, context.now_us)
    if isinstance(at_us, Refusal):
        return at_us
    if wrong := _wrong_stay(raw, context.now_us):
        return wrong
    notes = [*raw.notes, *(reading for reading in readings if isinstance(reading, str))]
    if step is Step.UNKNOWN:
        notes.append("status_unknown")
    if program is None:
        notes.append("program_unnamed")
    postback = Postback(
        at_us=at_us,
        seen_us=context.now_us,
        advertiser=context.advertiser.id,
        dialect=context.dialect,
        event_id=raw.event_id or context.message_id or derived_id(raw, context.advertiser.id, mode),
        step=step.value,
        status_raw=status_raw,
        mode=mode,
        event_type=(raw.event_type or "sale").lower(),
        program=None if program is None else program.code,
        order_id=raw.order_id,
        click_refs=clicks,
        amount_minor=amount_minor,
        retained_minor=retained_minor,
        currency=currency,
        group=raw.group or "",
        check_in=raw.check_in,
        check_out=raw.check_out,
        reason=raw.reason,
    )
    return Taken(postback, tuple(dict.fromkeys(notes)))


def derived_id(raw: RawReport, advertiser: int, mode: Mode) -> str:
    """The id of a report that brings none: equal content, equal id, so that a retry counts once.

    Whoever sends two different events that read the same (the same refund twice, say) tells them apart by ``event_id``
    or ``at``.
    """
    content = {
        "advertiser": str(advertiser),
        "mode": mode.word,
        "clicks": raw.clicks,
        "order_id": raw.order_id,
        "amount": raw.amount,
        "amount_minor": raw.amount_minor,
        "retained": raw.retained,
        "retained_minor": raw.retained_minor,
        "currency": raw.currency,
        "status": raw.status,
        "event_type": raw.event_type,
        "group": raw.group,
        "program": raw.program,
        "at": raw.at,
        "check_in": raw.check_in,
        "check_out": raw.check_out,
        "reason": raw.reason,
    }
    return "derived-" + fingerprint(content).hex()[:32]


def _wrong_text(raw: RawReport, message_id: str | None) -> Refusal | None:
    values = {
        "order_id": raw.order_id,
        "event_id": raw.event_id,
        "webhook-id": message_id,
        "event_type": raw.event_type,
        "group": raw.group,
        "program": raw.program,
        "status": raw.status,
        "reason": raw.reason,
    }
    for field, value in values.items():
        if value is None:
            continue
        if len(value) > _TEXT_MAX[field]:
            return Refusal("field_too_long", f"{field} has at most {_TEXT_MAX[field]} characters.", field)
        if _CONTROL.search(value):
            return Refusal("field_malformed", f"{field} contains characters that are no text.", field)
    if any(_CONTROL.search(click) for click in raw.clicks):
        return Refusal("field_malformed", "click_id contains characters that are no text.", "click_id")
    return None


def _read_click(text: str, context: Context) -> Touch | str:
    """The touch, or the code of the note that says why it is worth nothing."""
    touch = context.keys.read(text)
    if isinstance(touch, TokenFault):
        return touch.value
    link = context.snapshot.links.get(touch.link)
    if link is None:
        return "link_unknown"
    return touch if link.advertiser == context.advertiser.id else "click_of_another_advertiser"


def _program(code: str | None, touches: Sequence[Touch], context: Context) -> EdgeProgram | Refusal | None:
    """The named program, else the one of the latest click, else the advertiser's only one."""
    programs = context.snapshot.programs_by_advertiser.get(context.advertiser.id, {})
    if code is not None:
        named = next((program for program in programs.values() if program.code == code), None)
        return named or Refusal("program_unknown", "This advertiser has no program of that code.", "program")
    latest = max(touches, key=lambda touch: (touch.record is not None, touch.at_us), default=None)
    if latest is not None:
        return programs.get(context.snapshot.links[latest.link].program)
    return next(iter(programs.values())) if len(programs) == 1 else None


def _step(status_raw: str, program: EdgeProgram | None) -> Step:
    word = status_raw.lower().replace(" ", "_").replace("-", "_")
    if program is not None and (program.vertical, word) in AMBIGUOUS_WORDS:
        return Step.UNKNOWN
    return STATUS_WORDS.get(word, Step.UNKNOWN)


def _mode(raw: RawReport, touches: Sequence[Touch]) -> Mode | Refusal:
    """Test if the report says so or the click was one: a test never pays."""
    mode, test = (raw.mode or "live").lower(), (raw.test or "0").lower()
    if mode not in ("live", "test") or test not in _TEST_WORDS:
        return Refusal("mode_unknown", "mode is live or test, and test is 1 or 0.", "mode")
    tested = mode == "test" or _TEST_WORDS[test] or any(touch.mode is Mode.TEST for touch in touches)
    return Mode.TEST if tested else Mode.LIVE


def _currency(raw: RawReport, program: EdgeProgram | None, context: Context) -> str | Refusal | None:
    """The report's currency, or the only one there is."""
    programs = context.snapshot.programs_by_advertiser.get(context.advertiser.id, {}).values()
    listed = {currency for one in ((program,) if program is not None else programs) for currency in one.currencies}
    if raw.currency is None:
        if len(listed) == 1:
            return next(iter(listed))
        if raw.amount is None and raw.amount_minor is None and raw.retained is None and raw.retained_minor is None:
            return None
        return Refusal("currency_missing", f"Say the currency: one of {', '.join(sorted(listed))}.", "currency")
    currency = raw.currency.upper()
    if not is_currency(currency):
        return Refusal("currency_malformed", "A currency has three letters, such as EUR (ISO 4217).", "currency")
    if currency not in listed:
        return Refusal(
            "currency_not_listed",
            f"The program does not list {currency}, only {', '.join(sorted(listed)) or 'none'}, and nothing is "
            "converted silently. Send the amount in a listed currency, or have the currency added.",
            "currency",
        )
    return currency


def _amount(field: str, text: str | None, minor_text: str | None, currency: str | None) -> int | Refusal | None:
    if currency is None or (text is None and minor_text is None):
        return None
    minor = int(minor_text) if minor_text is not None and _WHOLE.fullmatch(minor_text) else None
    major = parse_minor(text, currency) if text is not None else None
    if (minor_text is not None and minor is None) or (text is not None and major is None):
        return Refusal(
            "amount_malformed",
            f"{field} is a number such as 1234.50, without grouping and currency sign; {field}_minor a whole number.",
            field,
        )
    if minor is not None and major is not None and minor != major:
        return Refusal("amount_ambiguous", f"{field} and {field}_minor say different things. Send one of them.", field)
    amount_minor = minor if minor is not None else major
    if amount_minor is None:
        return None
    if amount_minor < 0:
        return Refusal(
            "amount_negative",
            f"{field} is negative. Report a refund or a cancellation by its status, with what is retained.",
            field,
        )
    if amount_minor > amount_minor_max:
        return Refusal("amount_absurd", f"{field} is larger than any order can be. Check its unit.", field)
    return amount_minor


def _moment(text: str | None, now_us: int) -> int | Refusal:
    if text is None:
        return now_us
    moment_us = int(text) * SECOND_US if _UNIX.fullmatch(text) else parse_iso(text)
    if moment_us is None or moment_us < 0:
        return Refusal(
            "at_malformed",
            "at is a moment with its zone, such as 2027-05-01T12:00:00Z (RFC 3339), or whole seconds since 1970.",
            "at",
        )
    if moment_us > now_us + DAY_US:
        return Refusal("at_future", "at lies in the future. Report what happened once it has.", "at")
    return moment_us


def _wrong_stay(raw: RawReport, now_us: int) -> Refusal | None:
    year_max = from_us(now_us).year + _years_ahead_max
    days: list[date] = []
    for field, text in (("check_in", raw.check_in), ("check_out", raw.check_out)):
        if text is None:
            continue
        try:
            if not _DAY.fullmatch(text):
                raise ValueError
            days.append(date.fromisoformat(text))
        except ValueError:
            return Refusal("day_malformed", f"{field} is a day such as 2027-05-31.", field)
        # Holds are counted from these days, and a calendar has an end.
        if not _year_min <= days[-1].year <= year_max:
            return Refusal("day_absurd", f"{field} lies in another age. Check the year.", field)
    if len(days) == 2 and days[1] < days[0]:
        return Refusal("stay_backwards", "check_out lies before check_in.", "check_out")
    return None
