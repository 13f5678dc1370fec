"""What the cards of decisions show: shares before and after, intervals on a common axis, words in the reader's
language."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from warum.app.border import Money
from warum.app.decisions.shapes import (
    AlternativeOut,
    CheckOut,
    EvidenceOut,
    OutcomeOut,
    ProposalDetails,
    ProposalLine,
    RowsOut,
)
from warum.app.decisions.words import Words
from warum.domain.decisions import Held
from warum.kernel.ids import public
from warum.kernel.period import to_us
from warum.ports.decisions import ASKED, State
from warum.web.console import rows
from warum.web.console.formats import Formats
from warum.web.console.look import Look

_pad: Final = 0.04
_PPM: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Mark:
    """An estimate on an axis, in percent of its width, and in words. ``tone``: "", other, good or bad."""

    low: float
    point: float
    high: float
    label: str
    tone: str = ""

    @property
    def width(self) -> float:
        return round(self.high - self.low, 2)


@dataclass(frozen=True, slots=True)
class Plot:
    """Marks on one axis. ``zero`` is where nothing is gained; None outside of the axis.

    Attributes:
        ends: what stands at both ends of the axis.
    """

    marks: tuple[Mark, ...]
    zero: float | None
    ends: tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A proposal in a list.

    Attributes:
        promised: whether it promises an amount.
        plot: of the expected gain.
        outcome: promise and outcome, once something is measured.
    """

    id: str
    path: str
    version: int
    bot: str
    headline: str
    subject: str
    idea: str
    promised: bool
    claim: str
    program_id: str
    state: str
    asked: bool
    made_us: int
    expires_us: int
    stake: str
    gain: str
    probability: str
    days: int
    plot: Plot
    outcome: Measured | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Promise and outcome beside each other."""

    held: str
    final: bool
    says: str
    plot: Plot
    promised: str
    promised_range: str
    gain: str
    gain_range: str
    exposures: str
    pending: str
    until_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmRow:
    """An arm: how often it is shown, and what an exposure of it is worth.

    Attributes:
        moved: up, down or same.
        before_width, after_width: in percent.
    """

    name: str
    url: str
    moved: str
    before: str
    after: str
    before_width: float
    after_width: float
    exposures: str
    exposures_href: str
    conversions: str
    conversions_href: str
    split: tuple[tuple[str, str, str], ...]
    worth: str
    worth_range: str
    mark: Mark | None
    best: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRow:
    passed: bool
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionRow:
    """Something that was weighed. ``chosen``: this is the proposal itself."""

    says: str
    gain: str
    chosen: bool
    mark: Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """Everything behind a proposal."""

    arms: tuple[ArmRow, ...]
    worth_ends: tuple[str, str]
    options: tuple[OptionRow, ...]
    options_zero: float | None
    options_ends: tuple[str, str]
    checks: tuple[CheckRow, ...]
    what_if: tuple[str, ...]
    exposures: str
    conversions: str
    days: str
    age_hours: int
    gain: str
    true_range: str
    measured_range: str
    value: str
    winner: str
    winner_before: str
    winner_after: str
    method: tuple[tuple[str, str], ...]
    language: str = ""
    """Nothing is written to anybody."""


def said(look: Look, words: Words) -> str:
    return words.de if look.locale == "de" else words.en


def percent(formats: Formats, share: str | float) -> str:
    """A share as operations tell it, with a digit where it needs one."""
    value = float(share)
    return formats.percent(value, 0 if abs(value * 100 - round(value * 100)) < 0.05 else 1)


def chance(formats: Formats, share: str | float) -> str:
    """A probability from draws: nothing is quite certain."""
    value = float(share)
    if value > 0.999:
        return f"> {formats.percent(0.999)}"
    return f"< {formats.percent(0.001)}" if value < 0.001 else percent(formats, round(value, 3))


def card(look: Look, line: ProposalLine) -> Card:
    formats, currency = look.formats, line.gain.currency

    def money(minor: float) -> str:
        return formats.money_about(minor, currency)

    low, point, high = line.low.amount_minor, line.gain.amount_minor, line.high.amount_minor
    label = f"{money(point)} ({money(low)} – {money(high)})"
    return Card(
        id=public("proposal", line.id),
        path=f"/decisions/{public('proposal', line.id)}",
        version=line.row_version,
        bot=line.bot,
        headline=said(look, line.headline),
        subject=line.subject_name,
        idea=line.idea,
        promised=bool(low or high),
        claim=said(look, line.claim),
        program_id=public("program", line.program),
        state=line.state.value,
        asked=line.state in ASKED,
        made_us=to_us(line.made_at),
        expires_us=to_us(line.expires_at),
        stake=money(line.stake.amount_minor),
        gain=signed(formats, point, currency),
        probability=chance(formats, line.probability),
        days=line.horizon_days,
        plot=plot([(low, point, high, label, "")], money),
        outcome=None if line.outcome is None else measured(look, line.outcome),
    )


def measured(look: Look, outcome: OutcomeOut) -> Measured:
    formats, currency = look.formats, outcome.gain.currency

    def money(minor: float) -> str:
        return formats.money_about(minor, currency)

    def between(low: Money, high: Money) -> str:
        return f"{money(low.amount_minor)} – {money(high.amount_minor)}"

    tone = {Held.KEPT: "good", Held.ABOVE: "good", Held.BELOW: "bad", Held.OPEN: "wait"}[outcome.held]
    promised_range = between(outcome.promised_low, outcome.promised_high)
    gain_range = between(outcome.low, outcome.high)
    lines = (
        (outcome.promised_low, outcome.promised, outcome.promised_high, promised_range, "other"),
        (outcome.low, outcome.gain, outcome.high, gain_range, tone),
    )
    return Measured(
        held=outcome.held.value,
        final=outcome.final,
        says=said(look, outcome.words),
        plot=plot(
            [
                (low.amount_minor, point.amount_minor, high.amount_minor, label, colour)
                for low, point, high, label, colour in lines
            ],
            money,
        ),
        promised=signed(formats, outcome.promised.amount_minor, currency),
        promised_range=promised_range,
        gain=signed(formats, outcome.gain.amount_minor, currency),
        gain_range=gain_range,
        exposures=formats.number(outcome.exposures),
        pending=percent(formats, outcome.pending),
        until_us=to_us(outcome.until),
    )


def why(look: Look, details: ProposalDetails) -> Why:
    """Raises KeyError for evidence that does not name what every proposal has to."""
    formats, line = look.formats, details.proposal
    currency = line.gain.currency

    def money(minor: float) -> str:
        return formats.money_about(minor, currency)

    evidence = {(one.name, one.arm): one for one in details.evidence}
    arms, ends = _arms(look, details, evidence, currency)
    chosen = (line.low.amount_minor, line.gain.amount_minor, line.high.amount_minor)
    options = plot(
        [
            (*chosen, money(chosen[1]), ""),
            *(
                (
                    one.low.amount_minor,
                    one.gain.amount_minor,
                    one.high.amount_minor,
                    money(one.gain.amount_minor),
                    "other",
                )
                for one in details.considered
            ),
        ],
        money,
    )
    winner = max(details.arms, key=lambda arm: float(arm.after) - float(arm.before))

    def total(name: str) -> int:
        return sum(int(float(one.value)) for one in details.evidence if one.name == name)

    return Why(
        arms=arms,
        worth_ends=ends,
        options=(
            OptionRow(
                says=said(look, line.headline),
                gain=signed(formats, chosen[1], currency),
                chosen=True,
                mark=options.marks[0],
            ),
            *(
                _option(look, one, mark, currency)
                for one, mark in zip(details.considered, options.marks[1:], strict=True)
            ),
        ),
        options_zero=options.zero,
        options_ends=options.ends,
        checks=checks(look, details.checks),
        what_if=tuple(said(look, one.words) for one in details.counterfactuals),
        exposures=formats.number(total("exposures")),
        conversions=formats.number(total("conversions")),
        days=evidence["days", None].value,
        age_hours=int(evidence["data_age", None].value),
        gain=signed(formats, chosen[1], currency),
        true_range=f"{money(chosen[0])} – {money(chosen[2])}",
        measured_range=f"{money(details.measured_low.amount_minor)} – {money(details.measured_high.amount_minor)}",
        value=money(details.value.amount_minor),
        winner=winner.name,
        winner_before=percent(formats, winner.before),
        winner_after=percent(formats, winner.after),
        method=method(details),
    )


def checks(look: Look, found: Sequence[CheckOut]) -> tuple[CheckRow, ...]:
    return tuple(CheckRow(passed=one.passed, says=said(look, one.words)) for one in found)


def signed(formats: Formats, minor: int, currency: str) -> str:
    return ("+" if minor > 0 else "") + formats.money_about(minor, currency)


def plot(lines: Sequence[tuple[float, float, float, str, str]], write: Callable[[float], str]) -> Plot:
    """(low, point, high, label, tone) each, on an axis that reaches from the lowest to the highest, zero included."""
    bottom = min(0.0, *(line[0] for line in lines))
    top = max(0.0, *(line[2] for line in lines))
    span = (top - bottom) or 1.0
    start, width = bottom - _pad * span, span * (1 + 2 * _pad)

    def at(value: float) -> float:
        return round((value - start) / width * 100, 2)

    return Plot(
        marks=tuple(Mark(at(low), at(point), at(high), label, tone) for low, point, high, label, tone in lines),
        zero=at(0.0) if bottom < 0 < top else None,
        ends=(write(bottom), write(top)),
    )


def rows_of(where: RowsOut) -> str:
    """The list behind a number of the evidence. Clicks are counted and not kept, so theirs is the list of links."""
    if where.table != "conversion":
        return "/links?" + rows.encoded(offer=public("offer", where.offer))
    return rows.conversions(
        range="all",
        mode="live",
        credited="yes",
        offer=public("offer", where.offer),
        arm=None if where.arm is None else str(where.arm),
        status=where.status or None,
        clicked_from=where.from_at.isoformat(),
        clicked_until=where.until_at.isoformat(),
    )


def tone_of(state: str) -> str:
    """The badge's colour."""
    return {
        State.OPEN.value: "pending",
        State.WAITING.value: "pending",
        State.APPLIED.value: "approved",
        State.DECLINED.value: "declined",
    }.get(state, "")


def _arms(
    look: Look, details: ProposalDetails, evidence: Mapping[tuple[str, int | None], EvidenceOut], currency: str
) -> tuple[tuple[ArmRow, ...], tuple[str, str]]:
    formats = look.formats

    def money(minor: float) -> str:
        return formats.money_about(minor, currency)

    worth = [evidence["worth", arm.arm] for arm in details.arms]
    bounds = [(float(one.low or one.value), float(one.value), float(one.high or one.value)) for one in worth]
    ranges = [f"{money(low)} – {money(high)}" for low, _, high in bounds]
    axis = plot(
        [
            (low, point, high, f"{money(point)} ({range_})", "")
            for (low, point, high), range_ in zip(bounds, ranges, strict=True)
        ],
        money,
    )
    found: list[ArmRow] = []
    for arm, one, mark, range_ in zip(details.arms, worth, axis.marks, ranges, strict=True):
        before, after = float(arm.before), float(arm.after)
        exposures, conversions = evidence["exposures", arm.arm], evidence["conversions", arm.arm]
        found.append(
            ArmRow(
                name=arm.name or look.say("decisions.arm", number=str(arm.arm)),
                url=arm.url,
                moved="up" if after > before else "down" if after < before else "same",
                before=percent(formats, before),
                after=percent(formats, after),
                before_width=round(before * 100, 2),
                after_width=round(after * 100, 2),
                exposures=formats.number(int(exposures.value)),
                exposures_href=rows_of(exposures.rows),
                conversions=formats.number(int(conversions.value)),
                conversions_href=rows_of(conversions.rows),
                split=tuple(
                    (status, formats.number(int(counted.value)), rows_of(counted.rows))
                    for status in ("approved", "pending", "declined")
                    for counted in [evidence[status, arm.arm]]
                ),
                worth=money(float(one.value)),
                worth_range=range_,
                mark=mark,
                best=chance(formats, evidence["best", arm.arm].value),
            )
        )
    return tuple(found), axis.ends


def _option(look: Look, one: AlternativeOut, mark: Mark, currency: str) -> OptionRow:
    return OptionRow(
        says=said(look, one.words),
        gain=signed(look.formats, one.gain.amount_minor, currency),
        chosen=False,
        mark=mark,
    )


def method(details: ProposalDetails) -> tuple[tuple[str, str], ...]:
    """(name, value) as they are: whoever computes it again needs them to the letter."""
    origin = details.origin
    return (
        ("bot", f"{details.proposal.bot} {origin.version}"),
        *((one.name, one.value) for one in details.method),
        ("seed", str(origin.seed)),
        ("facts", origin.facts),
        ("proposal", origin.digest),
        *((one.name, one.value) for one in origin.environment),
    )
