"""Live: what comes in, as it comes in, beside a period to compare it with. Every number leads to its rows."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

from warum.app.border import Money
from warum.app.overview.show import Overview, OverviewTotals, ProgramLine, PublisherLine, Unit
from warum.domain.conversion import Status
from warum.kernel.ids import private, public
from warum.kernel.money import exponent
from warum.kernel.period import SECOND_US
from warum.web.console import rows
from warum.web.console.board import Asked, Board, BoardRefused, Slot
from warum.web.console.charts import Chart, Series, share_percent
from warum.web.console.drops import told
from warum.web.console.formats import Formats
from warum.web.console.look import Look
from warum.web.console.periods import Period
from warum.web.console.routing import Pages
from warum.web.console.visit import Refused, Visit

pages: Final = Pages()

SHOWN: Final = ("clicks", "conversions", "commission")
stream_s_max: Final = 300.0
"""A stream ends by itself, and the browser asks for it again: by then the session may have ended."""

_TEMPLATE: Final = "pages/live.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One figure. ``share``: the change against the comparison."""

    key: str
    value: str
    href: str | None
    share: float | None
    foot: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusPart:
    """Conversions of one status, as a part of a bar. ``left`` and ``width`` in percent."""

    status: str
    count: str
    amount: str
    left: float
    width: float
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PartRow:
    """A publisher or a program. ``here``: this page of it alone; ``percent``: of the largest one's clicks."""

    name: str
    here: str
    clicks: str
    percent: float
    links: str
    conversions: str
    conversions_href: str
    rate: str
    commission: str
    epc: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DropRow:
    reason: str
    hint: str
    count: str
    percent: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveView:
    """Everything that moves."""

    tiles: tuple[Tile, ...]
    compared: bool
    partial: bool
    behind_us: int | None
    statuses: tuple[StatusPart, ...]
    chart: Chart
    title: str
    shows: tuple[tuple[str, str, bool], ...]
    head: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]
    publishers: tuple[PartRow, ...]
    programs: tuple[PartRow, ...]
    drops: tuple[DropRow, ...]
    empty: bool


@pages.get("/live")
def show(visit: Visit) -> Response:
    asked = _asked(visit)
    board = _read(visit, asked)
    shown = _shown(visit)
    view = _view(visit.look, asked, board, shown)
    own = {**_filters(asked), "show": shown}
    return visit.page(
        _TEMPLATE,
        period=board.period,
        view=view,
        keep=own,
        chips=_chips(visit, asked, board.period, shown),
        stream="/live/stream?" + urlencode({**board.period.query(), **own}),
        try_link=_link(visit) if view.empty else None,
    )


@pages.get("/live/stream")
def stream(visit: Visit) -> Response:
    asked = _asked(visit)
    _read(visit, asked)  # says no where there is nothing to follow
    return StreamingResponse(
        _events(visit, asked, _shown(visit)),
        media_type="text/event-stream",
        headers={"x-accel-buffering": "no"},  # some proxies would collect what has to be sent at once
    )


async def _events(visit: Visit, asked: Asked, shown: str) -> AsyncGenerator[str, None]:
    loop = asyncio.get_running_loop()
    ends_s = loop.time() + stream_s_max
    following = visit.site.hub.follow(asked)
    try:
        async for board in following:
            yield ":\n\n" if board is None else await run_in_threadpool(_message, visit, asked, board, shown)
            if loop.time() >= ends_s:
                break
    finally:
        await following.aclose()


def _message(visit: Visit, asked: Asked, board: Board, shown: str) -> str:
    formats = replace(visit.look.formats, now_us=visit.deps.now_us())
    look = replace(visit.look, formats=formats)
    values: dict[str, Any] = {"view": _view(look, asked, board, shown), "try_link": None}
    html = visit.site.renderer.block(_TEMPLATE, "board", look, values)
    return "".join(f"data: {line}\n" for line in html.splitlines() if line.strip()) + "\n"


def _asked(visit: Visit) -> Asked:
    period = visit.period
    return Asked(
        query=tuple(sorted(period.query().items())),
        zone=visit.look.formats.timezone,
        program=private("program", visit.query.get("program", "")),
        publisher=private("publisher", visit.query.get("publisher", "")),
    )


def _read(visit: Visit, asked: Asked) -> Board:
    try:
        return visit.site.boards(asked)
    except BoardRefused as refused:
        raise Refused(refused.refusal) from None


def _shown(visit: Visit) -> str:
    asked = visit.query.get("show", SHOWN[0])
    return asked if asked in SHOWN else SHOWN[0]


def _filters(asked: Asked) -> dict[str, str]:
    return {name: str(value) for name, value in asked.narrowed.items()}


def _here(period: Period, asked: Asked, shown: str, **changes: str | None) -> str:
    """This page with some of its parameters changed."""
    pairs: dict[str, str | None] = {**period.query(), **_filters(asked), "show": shown, **changes}
    return "/live?" + urlencode({name: value for name, value in pairs.items() if value})


def _chips(visit: Visit, asked: Asked, period: Period, shown: str) -> list[tuple[str, str]]:
    """(what the page is narrowed to, the page without that)."""
    filters = _filters(asked)
    names = {one.subject: one.name for one in visit.perform("overview.names", subjects=list(filters.values())).names}
    return [
        (
            f"{visit.say(f'live.filter.{name}')}: {names.get(subject, subject)}",
            _here(period, asked, shown, **{name: None}),
        )
        for name, subject in filters.items()
    ]


def _link(visit: Visit) -> str | None:
    """A link to try, where there is one."""
    links = visit.perform("link.list", limit=1).links
    return links[0].url if links else None


# What is shown -------------------------------------------------------------------------------------------------------


def _view(look: Look, asked: Asked, board: Board, shown: str) -> LiveView:
    formats, period = look.formats, board.period
    chart, head, cells = _chart(look, board, shown)
    own = _filters(asked)
    totals = board.main.totals
    return LiveView(
        tiles=_tiles(look, asked, board),
        compared=board.other is not None,
        partial=board.partial,
        behind_us=board.behind_us,
        statuses=_statuses(formats, totals, period, own),
        chart=chart,
        title=look.say(f"live.{shown}"),
        shows=tuple((look.say(f"live.{one}"), _here(period, asked, one), one == shown) for one in SHOWN),
        head=head,
        cells=cells,
        publishers=_publishers(formats, asked, board, shown),
        programs=_programs(formats, asked, board, shown),
        drops=_drops(look, board.main),
        empty=not (totals.clicks or totals.impressions or totals.conversions),
    )


def _tiles(look: Look, asked: Asked, board: Board) -> tuple[Tile, ...]:
    formats, period, own = look.formats, board.period, _filters(asked)
    now, before = board.main.totals, None if board.other is None else board.other.totals
    conversions = rows.conversions_of(period, **own)
    links = rows.links_of(period, **own)
    currency = board.main.currency

    def changed(value: Callable[[OverviewTotals], float]) -> float | None:
        return None if before is None else change(value(now), value(before))

    bare = None
    if now.clicks_bare:
        bare = look.say("live.clicks.bare", share=formats.percent(now.clicks_bare / now.clicks, 0))
    return (
        Tile(
            key="clicks",
            value=formats.number(now.clicks),
            href=links,
            share=changed(lambda totals: totals.clicks),
            foot=bare,
        ),
        Tile(
            key="impressions",
            value=formats.number(now.impressions),
            href=links,
            share=changed(lambda totals: totals.impressions),
        ),
        Tile(
            key="conversions",
            value=formats.number(now.conversions),
            href=conversions,
            share=changed(lambda totals: totals.conversions),
        ),
        Tile(
            key="commission",
            value=_money(formats, now.commission[:1], compact=True),
            href=conversions,
            share=changed(lambda totals: _minor(totals.commission, currency)),
            foot=_money(formats, now.commission[1:]) if now.commission[1:] else None,
        ),
        Tile(
            key="epc",
            value=_epc(formats, _minor(now.commission, currency), now.clicks, currency),
            href=conversions,
            share=changed(lambda totals: ratio(_minor(totals.commission, currency), totals.clicks)),
        ),
        Tile(
            key="rate",
            value=_rate(formats, now.conversions, now.clicks),
            href=conversions,
            share=changed(lambda totals: ratio(totals.conversions, totals.clicks)),
        ),
    )


def _statuses(formats: Formats, totals: OverviewTotals, period: Period, own: dict[str, str]) -> tuple[StatusPart, ...]:
    parts: list[StatusPart] = []
    left = 0.0
    for one in totals.statuses:
        if not one.count and one.status is Status.PAID:
            continue
        width = share_percent(one.count, totals.conversions)
        parts.append(
            StatusPart(
                status=one.status.value,
                count=formats.number(one.count),
                amount=_money(formats, one.commission) if one.count and one.status is not Status.DECLINED else "",
                left=round(left, 2),
                width=width,
                href=rows.conversions_of(period, status=one.status.value, **own),
            )
        )
        left += width
    return tuple(parts)


def _publishers(formats: Formats, asked: Asked, board: Board, shown: str) -> tuple[PartRow, ...]:
    if asked.publisher is not None:
        return ()
    lines = board.main.publishers
    largest = max((line.clicks for line in lines), default=0)
    return tuple(
        _part(formats, asked, board.period, shown, line, "publisher", public("publisher", line.publisher), largest)
        for line in lines
    )


def _programs(formats: Formats, asked: Asked, board: Board, shown: str) -> tuple[PartRow, ...]:
    if asked.program is not None:
        return ()
    lines = board.main.programs
    largest = max((line.clicks for line in lines), default=0)
    return tuple(
        _part(formats, asked, board.period, shown, line, "program", public("program", line.program), largest)
        for line in lines
    )


def _part(
    formats: Formats,
    asked: Asked,
    period: Period,
    shown: str,
    line: PublisherLine | ProgramLine,
    kind: str,
    subject: str,
    largest: int,
) -> PartRow:
    filters = {**_filters(asked), kind: subject}
    main = line.commission[0] if line.commission else None
    return PartRow(
        name=line.name,
        here=_here(period, asked, shown, **{kind: subject}),
        clicks=formats.number(line.clicks),
        percent=share_percent(line.clicks, largest),
        links=rows.links_of(period, **filters),
        conversions=formats.number(line.conversions),
        conversions_href=rows.conversions_of(period, **filters),
        rate=_rate(formats, line.conversions, line.clicks),
        commission=_money(formats, line.commission),
        epc="–" if main is None else _epc(formats, main.amount_minor, line.clicks, main.currency),
    )


def _drops(look: Look, main: Overview) -> tuple[DropRow, ...]:
    largest = max((one.count for one in main.drops), default=0)
    return tuple(
        DropRow(
            reason=reason,
            hint=hint,
            count=look.formats.number(one.count),
            percent=share_percent(one.count, largest),
        )
        for one in main.drops
        for reason, hint in [told(look, one.reason)]
    )


def _chart(look: Look, board: Board, shown: str) -> tuple[Chart, tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """The chart, and the same numbers as a table."""
    formats, currency = look.formats, board.main.currency
    digits = exponent(currency or "EUR")

    def said(value: int | None) -> str:
        if value is None:
            return "–"
        return formats.money(value, currency or "EUR") if shown == "commission" else formats.number(value)

    def plotted(value: int | None) -> float | None:
        return value / 10**digits if value is not None and shown == "commission" else value

    mine, theirs = _values(board.slots, shown)
    label = look.say(f"live.{shown}")
    # The begun hour, day or week is not over: a full line down to it would tell of a fall that is none.
    begun = next((place for place, value in enumerate(mine) if value is None), len(mine)) - 1
    open_ = board.partial and begun > 0
    full = [None if open_ and place >= begun else value for place, value in enumerate(mine)]
    series = [
        Series(
            label,
            [plotted(value) for value in full],
            ["" if open_ and place == begun else said(value) for place, value in enumerate(mine)],
            fill=True,
        )
    ]
    if open_:
        sofar = [value if begun - 1 <= place <= begun else None for place, value in enumerate(mine)]
        series.append(
            Series(
                look.say("live.sofar", what=label),
                [plotted(value) for value in sofar],
                [said(value) if place == begun else "" for place, value in enumerate(mine)],
                dash=True,
                legend=False,
            )
        )
    head = [look.say(f"live.unit.{board.unit.value}"), label]
    columns = [[said(value) for value in mine]]
    if board.period.other is not None:
        other = formats.days(board.period.other.first, board.period.other.last)
        shown_theirs = [said(value) for value in theirs]
        series.append(Series(other, [plotted(value) for value in theirs], shown_theirs, tone="other", dash=True))
        head.append(other)
        columns.append(shown_theirs)
    moments = [
        formats.time(slot.at_us)
        if board.unit is Unit.HOUR and board.period.days.count == 1
        else formats.moment(slot.at_us)
        if board.unit is Unit.HOUR
        else formats.day(slot.at_us)
        for slot in board.slots
    ]
    chart = Chart(
        x=[slot.at_us // SECOND_US for slot in board.slots],
        series=series,
        language=formats.language,
        zone=formats.timezone,
        kind="time" if board.unit is Unit.HOUR else "day",
    )
    return chart, tuple(head), tuple(zip(moments, *columns, strict=True))


def _values(slots: Sequence[Slot], shown: str) -> tuple[list[int | None], list[int | None]]:
    match shown:
        case "conversions":
            return [slot.conversions for slot in slots], [slot.conversions_other for slot in slots]
        case "commission":
            return [slot.commission_minor for slot in slots], [slot.commission_minor_other for slot in slots]
        case _:
            return [slot.clicks for slot in slots], [slot.clicks_other for slot in slots]


# Figures -------------------------------------------------------------------------------------------------------------


def change(now: float, before: float) -> float | None:
    """0.12 is 12 % more; None where there was nothing before."""
    if not before:
        return None if now else 0.0
    return now / before - 1


def ratio(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def _minor(amounts: Sequence[Money], currency: str | None) -> int:
    return sum(one.amount_minor for one in amounts if one.currency == currency)


def _money(formats: Formats, amounts: Sequence[Money], *, compact: bool = False) -> str:
    write = formats.money_compact if compact else formats.money
    return " + ".join(write(one.amount_minor, one.currency) for one in amounts) or "–"


def _epc(formats: Formats, commission_minor: int, clicks: int, currency: str | None) -> str:
    if not clicks or currency is None:
        return "–"
    return formats.money(round(commission_minor / clicks), currency)


def _rate(formats: Formats, conversions: int, clicks: int) -> str:
    return formats.percent(conversions / clicks, 2) if clicks else "–"
