"""The way of a conversion as a person reads it: click, consent, credit, rule, hold, and every change with what was
before. Made from the facts of its explanation alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from urllib.parse import quote

from warum.app.border import Money
from warum.app.explain import Explanation, Lang
from warum.app.explain.shapes import StepFacts
from warum.app.explain.words import SPEECH
from warum.domain.conversion import Credit, Status
from warum.kernel.ids import public
from warum.web.console.look import Look
from warum.web.console.records import commission_text

_TONES: Final[Mapping[Status, str]] = {
    Status.PENDING: "wait",
    Status.APPROVED: "good",
    Status.DECLINED: "bad",
    Status.PAID: "paid",
}
_ICONS: Final[Mapping[Status, str]] = {
    Status.PENDING: "clock",
    Status.APPROVED: "check",
    Status.DECLINED: "cross",
    Status.PAID: "coins",
}


@dataclass(frozen=True, slots=True)
class Moved:
    """One value of a step, and what it was before; None before the first."""

    label: str
    before: str | None
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One step of the way.

    Attributes:
        tone, icon: of its mark.
        quote: somebody's own words.
        foot: where it comes from.
        href: what it is about.
    """

    title: str
    icon: str
    tone: str = ""
    at: datetime | None = None
    text: str | None = None
    moved: tuple[Moved, ...] = ()
    quote: str | None = None
    foot: str | None = None
    href: str | None = None


def timeline(look: Look, facts: Explanation, actors: Mapping[int | None, str]) -> tuple[Entry, ...]:
    """
    Args:
        actors: who made the step of that number, where a person did.
    """
    return (
        _click(look, facts),
        _consent(look, facts),
        _credit(look, facts),
        _rule(look, facts),
        _hold(look, facts),
        *_steps(look, facts, actors),
    )


def _click(look: Look, facts: Explanation) -> Entry:
    click = facts.click
    if click is None:
        return Entry(title=look.say("conversion.click.none"), icon="click")
    if click.propensity is None:
        text = look.say("conversion.click.deep")
    else:
        propensity = look.formats.percent(float(click.propensity), 1)
        text = look.say("conversion.click.led", page=click.landing_page or "?", arm=click.arm, propensity=propensity)
    if click.record is None:
        text += " " + look.say("conversion.click.day")
    return Entry(
        title=look.say(
            "conversion.click", link=click.link_name or public("link", click.link), publisher=click.publisher_name
        ),
        icon="click",
        at=click.at,
        text=text,
        foot=None if click.record is None else look.say("conversion.step.record", record=click.record),
        href="/links/" + quote(public("link", click.link)),
    )


def _consent(look: Look, facts: Explanation) -> Entry:
    title = look.say(f"conversion.consent.{facts.consent}")
    if facts.consent == "legal_basis":
        return Entry(
            title=title,
            icon="shield",
            quote=facts.legal_basis,
            text=None if facts.legal_basis else look.say("conversion.consent.withdrawn"),
        )
    return Entry(title=title, icon="shield", text=look.say(f"conversion.consent.{facts.consent}.text"))


def _credit(look: Look, facts: Explanation) -> Entry:
    why = SPEECH[Lang(look.locale)].why.get(facts.why, facts.why)
    text = look.say("conversion.credit.text", why=why, days=facts.window_days)
    if facts.credit is Credit.NONE:
        return Entry(title=look.say("conversion.credit.none"), icon="question", tone="wait", text=text)
    publisher = facts.conversion.publisher_name or ""
    return Entry(title=look.say("conversion.credit", publisher=publisher), icon="user", text=text)


def _rule(look: Look, facts: Explanation) -> Entry:
    rule = facts.rule
    if rule is None:
        nobody = facts.credit is Credit.NONE
        text = look.say("conversion.rule.nobody.text" if nobody else "conversion.rule.none.text")
        return Entry(title=look.say("conversion.rule.none"), icon="coins", text=text)
    whose = look.say("conversion.rule.everybody" if rule.publisher is None else "conversion.rule.own")
    if rule.group:
        whose += ", " + look.say("conversion.rule.group", group=rule.group)
    return Entry(
        title=look.say("conversion.rule", version=rule.version, price=commission_text(look, rule)),
        icon="coins",
        text=look.say(
            "conversion.rule.text",
            since=look.formats.day(rule.valid_from),
            whose=whose,
            retained=_money(look, facts.conversion.retained),
            commission=_money(look, facts.conversion.commission),
        ),
        href="/programs/" + quote(public("program", rule.program)) + "#rules",
    )


def _hold(look: Look, facts: Explanation) -> Entry:
    hold, say = facts.hold, look.say
    match hold.state:
        case "running":
            assert hold.release_at is not None
            stay = facts.vertical == "hotel" and hold.check_out is not None
            text = (
                say("conversion.hold.running.stay", days=hold.hold_days, day=_day(look, hold.check_out))
                if stay
                else say("conversion.hold.running.text", days=hold.hold_days)
            )
            title = say("conversion.hold.running", when=look.formats.moment(hold.release_at))
            return Entry(title=title, icon="clock", tone="wait", text=text)
        case "waiting_for_stay":
            text = say("conversion.hold.waiting_for_stay.text", days=hold.hold_days)
            return Entry(title=say("conversion.hold.waiting_for_stay"), icon="clock", tone="wait", text=text)
        case "waiting_for_word":
            text = say("conversion.hold.waiting_for_word.text")
            return Entry(title=say("conversion.hold.waiting_for_word"), icon="clock", tone="wait", text=text)
        case "over":
            return Entry(title=say("conversion.hold.over"), icon="clock")
        case _:
            return Entry(title=say("conversion.hold.void"), icon="clock")


def _steps(look: Look, facts: Explanation, actors: Mapping[int | None, str]) -> Iterator[Entry]:
    names = SPEECH[Lang(look.locale)].step
    if facts.steps_erased:
        title = look.say("conversion.step.erased", n=facts.steps_erased)
        yield Entry(title=title, icon="shield", text=look.say("conversion.step.erased.text"))
    before: StepFacts | None = None
    for step in facts.steps:
        moved = tuple(_moved(look, step))
        nothing = before is not None and not moved
        yield Entry(
            title=names.get(step.kind.value, step.kind.value),
            icon=_ICONS[step.status_after],
            tone="" if nothing else _TONES[step.status_after],
            at=step.at,
            text=look.say("conversion.step.nothing") if nothing else None,
            moved=moved,
            quote=step.note,
            foot=_source(look, step, actors),
        )
        before = step


def _moved(look: Look, step: StepFacts) -> Iterator[Moved]:
    """What a step changed; everything, for the first one."""
    was, now = step.status_before, step.status_after
    if was is not now:
        reason = "" if step.reason is None else f" ({look.say(f'reason.{step.reason}')})"
        before = None if was is None else look.say(f"status.{was.value}")
        yield Moved(look.say("conversion.status"), before, look.say(f"status.{now.value}") + reason)
    for label, earlier, later in (
        (look.say("conversions.retained"), step.retained_before, step.retained_after),
        (look.say("records.commission"), step.commission_before, step.commission_after),
    ):
        if earlier != later:
            yield Moved(label, None if earlier is None else _money(look, earlier), _money(look, later))


def _source(look: Look, step: StepFacts, actors: Mapping[int | None, str]) -> str:
    if step.record is not None:
        source = look.say("conversion.step.by_record", record=step.record)
    elif step.seq in actors:
        source = look.say("conversion.step.by_person", who=actors[step.seq])
    else:
        source = look.say("conversion.step.by_clock")
    if step.status_raw is None:
        return source
    return f"{source} · {look.say('conversion.step.word', word=step.status_raw)}"


def _money(look: Look, money: Money) -> str:
    return look.formats.money(money.amount_minor, money.currency)


def _day(look: Look, text: str | None) -> str:
    return look.formats.day(date.fromisoformat(text)) if text else "?"
