"""Score cards: what a bot promised, what came of it, and what people made of its proposals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from starlette.responses import Response

from warum.app.decisions.scorecard.shapes import AmountsOut, BinOut, PromiseOut, ScorecardOut, ShareOut, SumOut
from warum.domain.bots import BOTS
from warum.domain.calibration.codes import Basis
from warum.domain.decisions import Held
from warum.kernel.ids import private, public
from warum.kernel.period import DAY_US, from_us, to_us
from warum.ports.decisions import State
from warum.web.console import cards, plots, records, scores
from warum.web.console.cards import said
from warum.web.console.look import Look
from warum.web.console.records import Address
from warum.web.console.routing import Pages
from warum.web.console.scores import Part
from warum.web.console.visit import NotHere, Visit

pages: Final = Pages()

page_rows: Final = 30
plotted_max: Final = 200
DAYS: Final = ("28", "84", "365")
"""Spans that the page offers, beside all time."""

_TONES: Final[Mapping[str, str]] = {
    "holds": "approved",
    "too_few": "pending",
    "too_high": "declined",
    "too_low": "pending",
    "overconfident": "declined",
    "too_modest": "pending",
}
_HELD_TONES: Final[Mapping[Held, str]] = {
    Held.KEPT: "good",
    Held.ABOVE: "good",
    Held.BELOW: "bad",
    Held.OPEN: "wait",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BotLine:
    bot: str
    says: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """A figure; ``value`` None: it cannot be told yet."""

    key: str
    value: str | None
    foot: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BinRow:
    stated: str
    expected: str
    came: str
    counted: str
    between: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyRow:
    basis: str
    estimate: bool
    promised: str
    won: str
    won_count: int
    lost: str
    lost_count: int
    total: str
    between: str
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseRow:
    path: str
    subject: str
    made_us: int
    state: str
    tone: str
    held: str
    final: bool
    promised: str
    promised_range: str
    gain: str
    gain_range: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """All of a card. Plots are None where there is nothing to plot.

    Attributes:
        code: of the verdict.
        due_us: when the next open promise has run its time.
    """

    bot: str
    says: str
    verdict: str
    code: str
    tone: str
    parts: tuple[Part, ...]
    promises: int
    due_us: int | None
    left_out: int | None
    tiles: tuple[Tile, ...]
    probability: str | None
    bins: tuple[BinRow, ...]
    calibration: plots.Square | None
    measured: plots.Square | None
    measured_says: str
    money: tuple[MoneyRow, ...]
    reasons: tuple[tuple[str, str], ...]
    trend: str


@pages.get("/bots")
def show_all(visit: Visit) -> Response:
    found: tuple[ScorecardOut, ...] = visit.perform("bot.scorecard").scorecards
    return visit.page(
        "pages/bots.html",
        bots=tuple(
            BotLine(
                bot=one.bot,
                says=" ".join(
                    said(visit.look, words)
                    for words in (one.words, one.judgement.verdict.words if one.judgement and one.promises else None)
                    if words is not None
                ),
                path=f"/bots/{one.bot}",
            )
            for one in found
        ),
    )


@pages.get("/bots/{bot}")
def show(visit: Visit) -> Response:
    bot = visit.request.path_params["bot"]
    if bot not in BOTS:
        raise NotHere
    address = _address(visit, bot)
    asked: dict[str, object] = {"bot": bot}
    if program := address.query.get("program"):
        asked["program"] = program
    span = dict(asked)
    if days := address.query.get("days"):
        asked["days"] = int(days)
        span["since"] = from_us(visit.look.formats.now_us - int(days) * DAY_US).isoformat()
    (score,) = visit.perform("bot.scorecard", **asked).scorecards
    newest: tuple[PromiseOut, ...] = visit.perform("bot.promises", **span, limit=plotted_max).promises
    listed = newest
    if before := _before(visit):
        listed = visit.perform("bot.promises", **span, before=before, limit=page_rows + 1).promises
    last = public("proposal", listed[page_rows - 1].proposal) if len(listed) > page_rows else None
    newer, older = records.turned_by_key(address, visit, last)
    programs = records.called(visit, "program")
    chosen = private("program", program) if program else None
    return visit.page(
        "pages/bot.html",
        record=_record(visit, score, newest),
        rows=tuple(_row(visit.look, one) for one in listed[:page_rows]),
        newer=newer and newer + "#promises",
        older=older and older + "#promises",
        filtered=bool(program or days),
        all_href=str(Address(address.path)),
        spans=(
            *((visit.say(f"scorecard.days.{name}"), str(address.but(days=name)), name == days) for name in DAYS),
            (visit.say("scorecard.days.all"), str(address.but(days="")), not days),
        ),
        program=programs.get(chosen) if chosen is not None else None,
        programs=(
            (visit.say("scorecard.programs.all"), str(address.but(program="")), chosen is None),
            *(
                (name, str(address.but(program=public("program", named))), named == chosen)
                for named, name in sorted(programs.items(), key=lambda pair: pair[1].lower())
            ),
        ),
    )


def _address(visit: Visit, bot: str) -> Address:
    """The page with the filters that can be used; what cannot is as if it were not there."""
    program, days = visit.query.get("program", ""), visit.query.get("days", "")
    return Address(
        f"/bots/{bot}",
        {
            "program": program if private("program", program) is not None else "",
            "days": days if days in DAYS else "",
        },
    )


def _before(visit: Visit) -> str | None:
    before = visit.query.get("before", "")
    return before if private("proposal", before) is not None else None


def _record(visit: Visit, score: ScorecardOut, newest: Sequence[PromiseOut]) -> Record:
    look, judged = visit.look, score.judgement
    assert judged is not None
    told = judged.probability
    currency, plotted = _plotted(newest)
    measured = plots.square(plotted, lambda minor: look.formats.money_about(minor, currency))
    return Record(
        bot=score.bot,
        says=said(look, score.words),
        verdict=said(look, judged.verdict.words),
        code=judged.verdict.code,
        tone=_TONES[judged.verdict.code],
        parts=scores.parts(look, score),
        promises=score.promises,
        due_us=None if judged.due_at is None else to_us(judged.due_at),
        left_out=judged.read if judged.left_out else None,
        tiles=_tiles(look, score),
        probability=None if told is None else said(look, told.words),
        bins=() if told is None else tuple(_bin(look, one) for one in told.bins),
        calibration=None if told is None else _calibration(look, told.bins),
        measured=measured,
        measured_says=" ".join(
            (
                look.say("scorecard.measured.text", n=len(plotted)),
                look.say("scorecard.measured.line"),
                *([look.say("scorecard.measured.bars")] if measured is not None and measured.barred else ()),
            )
        ),
        money=tuple(_money(look, one) for one in judged.amounts),
        reasons=tuple((said(look, one.words), look.formats.number(one.count)) for one in judged.people.reasons),
        trend=said(look, judged.trend.words),
    )


def _tiles(look: Look, score: ScorecardOut) -> tuple[Tile, ...]:
    judged, formats = score.judgement, look.formats
    assert judged is not None
    covered, people = judged.coverage, judged.people
    applied = [one for one in judged.amounts if one.basis is Basis.APPLIED and one.ratio is not None]
    ratio = max(applied, key=lambda one: one.total.count).ratio if applied else None

    def share(one: ShareOut | None) -> str | None:
        return None if one is None else formats.percent(float(one.share), 0)

    def between(low: str, high: str) -> str:
        return f"{formats.percent(float(low), 0)} – {formats.percent(float(high), 0)}"

    seconds = people.seconds_to_decide
    return (
        Tile(
            key="coverage",
            value=share(covered),
            foot=look.say("scorecard.tile.few")
            if covered is None
            else look.say("scorecard.tile.coverage.foot", between=between(covered.low, covered.high)),
        ),
        Tile(
            key="ratio",
            value=None if ratio is None else formats.percent(float(ratio.ratio), 0),
            foot=look.say("scorecard.tile.few") if ratio is None else between(ratio.low, ratio.high),
        ),
        Tile(
            key="overridden",
            value=share(people.overridden),
            foot=look.say("scorecard.tile.overridden.none")
            if people.overridden is None
            else look.say(
                "scorecard.tile.overridden.foot",
                count=formats.number(people.overridden.count),
                n=people.overridden.of,
            ),
        ),
        Tile(
            key="waited",
            value=None if seconds is None else formats.duration(timedelta(seconds=seconds)),
            foot=look.say("scorecard.tile.waited.foot" if seconds is not None else "scorecard.tile.overridden.none"),
        ),
    )


def _bin(look: Look, one: BinOut) -> BinRow:
    def share(text: str) -> str:
        return cards.percent(look.formats, round(float(text), 3))

    return BinRow(
        stated=share(one.stated),
        expected=share(one.expected),
        came=share(one.came.share),
        counted=look.say(
            "scorecard.bins.of", count=look.formats.number(one.came.count), of=look.formats.number(one.came.of)
        ),
        between=f"{look.formats.percent(float(one.came.low), 0)} – {look.formats.percent(float(one.came.high), 0)}",
    )


def _calibration(look: Look, bins: Sequence[BinOut]) -> plots.Square | None:
    points = [
        plots.Point(float(one.expected), float(one.came.share), float(one.came.low), float(one.came.high), one.came.of)
        for one in bins
    ]
    lowest = min(min(point.x, point.low) for point in points)
    # Where all are sure of themselves, the upper half is worth the whole picture.
    return plots.square(
        points,
        lambda share: look.formats.percent(share, 0),
        bounds=(0.6 if lowest >= 0.6 else 0.2 if lowest >= 0.2 else 0.0, 1.0),
    )


def _plotted(newest: Sequence[PromiseOut]) -> tuple[str, list[plots.Point]]:
    """The currency with the most final outcomes that the bot is judged by, and these."""
    final = [
        one
        for one in newest
        if one.final and one.state is not State.DECLINED and one.promised and one.gain and one.low and one.high
    ]
    currencies = [one.expected.currency for one in final]
    currency = max(sorted(set(currencies)), key=currencies.count, default="")
    return currency, [
        plots.Point(
            one.promised.amount_minor,
            one.gain.amount_minor,
            one.low.amount_minor,
            one.high.amount_minor,
            tone=_HELD_TONES[one.held],
        )
        for one in final
        if one.expected.currency == currency and one.promised and one.gain and one.low and one.high and one.held
    ]


def _money(look: Look, one: AmountsOut) -> MoneyRow:
    formats, currency = look.formats, one.promised.currency

    def gain(total: SumOut) -> str:
        return cards.signed(formats, total.gain.amount_minor, currency)

    low, high = (formats.money_about(bound.amount_minor, currency) for bound in (one.total.low, one.total.high))
    return MoneyRow(
        basis=one.basis.value,
        estimate=one.basis.value != "applied",
        promised=cards.signed(formats, one.promised.amount_minor, currency),
        won=gain(one.won),
        won_count=one.won.count,
        lost=gain(one.lost),
        lost_count=one.lost.count,
        total=gain(one.total),
        between=f"{low} – {high}",
        says=said(look, one.words),
    )


def _row(look: Look, one: PromiseOut) -> PromiseRow:
    formats, currency = look.formats, one.expected.currency

    def money(minor: int | None) -> str:
        return "" if minor is None else formats.money_about(minor, currency)

    known = one.promised and one.promised_low and one.promised_high and one.gain and one.low and one.high
    return PromiseRow(
        path=f"/decisions/{public('proposal', one.proposal)}",
        subject=one.subject_name,
        made_us=to_us(one.made_at),
        state=one.state.value,
        tone=cards.tone_of(one.state.value),
        held="" if one.held is None else one.held.value,
        final=one.final,
        promised=cards.signed(formats, (one.promised or one.expected).amount_minor, currency),
        promised_range=f"{money(one.promised_low.amount_minor)} – {money(one.promised_high.amount_minor)}"
        if known and one.promised_low and one.promised_high
        else "",
        gain=cards.signed(formats, one.gain.amount_minor, currency) if one.gain else "",
        gain_range=f"{money(one.low.amount_minor)} – {money(one.high.amount_minor)}" if one.low and one.high else "",
    )
