"""Today: whether tracking is alive, what money does, what bots propose, what waits for a person, what changed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from warum.app.decisions.scorecard.shapes import ScorecardOut
from warum.app.decisions.shapes import ProposalLine
from warum.app.overview.health import AdvertiserHealth, Health, Signal, SignalOut
from warum.app.overview.money import GIVEN, TAKEN_BACK, Stages
from warum.app.overview.news import News, Waiting
from warum.app.status import StatusOut
from warum.domain.conversion import Status
from warum.kernel.ids import public
from warum.kernel.period import HOUR_US, to_us
from warum.ports.overview import Span
from warum.web.console import rows
from warum.web.console.acts import deeds
from warum.web.console.look import Look
from warum.web.console.pages.live import Tile, change
from warum.web.console.periods import Period
from warum.web.console.routing import Pages
from warum.web.console.stages import stepped
from warum.web.console.visit import Visit

pages: Final = Pages()

proposals_max: Final = 7
_acts_read: Final = 60
_deeds_max: Final = 8
_advertisers_max: Final = 12
_hours_told_max: Final = 48


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A process of the installation. ``state``: up, down or unknown."""

    part: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthRow:
    """An advertiser's tracking. ``says``: what is to be said beyond that all is as usual."""

    name: str
    signal: str
    says: tuple[str, ...]
    last_click: str
    last_conversion_us: int | None
    conversions: str
    clicks_day: str
    share: float | None
    compared: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StageTiles:
    """Money in one currency."""

    currency: str
    tiles: tuple[Tile, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalRow:
    """``gain`` is empty where no amount is promised."""

    headline: str
    subject: str
    path: str
    gain: str
    days: int
    stake: str
    made_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingRow:
    """Something that waits. ``href`` None: the console has no page for it yet."""

    key: str
    count: int
    icon: str
    href: str | None


@pages.get("/")
def show(visit: Visit) -> Response:
    period, look = visit.period, visit.look
    status: StatusOut = visit.perform("status.show")
    health: Health = visit.perform("overview.health")
    news: News = visit.perform("overview.news", limit=_acts_read)
    waiting: Waiting = visit.perform("overview.waiting")
    proposals: tuple[ProposalLine, ...] = visit.perform("proposal.list", limit=proposals_max).proposals
    cards: tuple[ScorecardOut, ...] = visit.perform("bot.scorecard", brief=True).scorecards
    sections = {section.key for section in visit.site.sections}
    until = health.counted_until
    return visit.page(
        "pages/today.html",
        period=period,
        parts=_parts(status),
        counted_us=None if until is None or not health.behind else to_us(until),
        health=tuple(_health(look, line) for line in health.advertisers[:_advertisers_max]),
        stages=_stages(visit, period),
        proposals=tuple(_proposal(look, line) for line in proposals),
        waiting=_waiting(waiting, sections),
        deeds=deeds(look, news.acts, sections, _deeds_max),
        steps=news.steps,
        cards=tuple((one.bot, one.words.de if look.locale == "de" else one.words.en) for one in cards),
        sections=visit.site.sections,
    )


def _parts(status: StatusOut) -> tuple[Part, ...]:
    """The processes, in the order of a click's way."""
    edge = "unknown" if status.edge_up is None else "up" if status.edge_up else "down"
    return Part(part="edge", state=edge), Part(part="worker", state="up" if status.worker_up else "down")


# Tracking ------------------------------------------------------------------------------------------------------------


def _health(look: Look, line: AdvertiserHealth) -> HealthRow:
    usual = line.clicks_day_usual
    mean = sum(usual) / len(usual) if usual else 0.0
    says = (_says(look, "clicks", line.clicks, 0), _says(look, "conversions", line.conversions, line.clicks_since))
    # Without a click there is nothing to convert: one sentence says both.
    clicked = line.clicks.signal in (Signal.FINE, Signal.UNKNOWN)
    return HealthRow(
        name=line.name,
        signal=line.signal.value,
        says=tuple(text for text in (says if clicked else says[:1]) if text),
        last_click=_click_hour(look, line.clicks),
        last_conversion_us=None if line.conversions.last_at is None else to_us(line.conversions.last_at),
        conversions=rows.conversions(advertiser=public("advertiser", line.advertiser), mode="live", credited="yes"),
        clicks_day=look.formats.number(line.clicks_day),
        share=change(line.clicks_day, mean),
        compared=bool(usual),
    )


def _says(look: Look, what: str, heard: SignalOut, clicks: int) -> str | None:
    if heard.signal in (Signal.FINE, Signal.UNKNOWN):
        return None
    hours = heard.silent_hours
    time = look.say("today.hours", n=hours) if hours < _hours_told_max else look.say("today.days", n=hours // 24)
    return look.say(
        f"today.{what}.{heard.signal.value}",
        n=clicks if what == "conversions" and heard.signal is Signal.SILENT else None,
        time=time,
        usual=_usual(look, heard.usual),
        weeks=len(heard.usual),
    )


def _usual(look: Look, usual: Sequence[int]) -> str:
    """The least and the most of the weeks before."""
    if not usual:
        return look.formats.number(0)
    low, high = look.formats.number(min(usual)), look.formats.number(max(usual))
    return low if low == high else f"{low}–{high}"


def _click_hour(look: Look, clicks: SignalOut) -> str:
    """Clicks are counted by the hour, and no finer time of them is kept."""
    formats = look.formats
    if clicks.last_at is None:
        return look.say("today.health.never")
    hour_us = to_us(clicks.last_at)
    if hour_us + HOUR_US > formats.now_us:
        return look.say("today.health.hour")
    begin, end = formats.time(hour_us), formats.time(hour_us + HOUR_US)
    if formats.day(hour_us) == formats.day(formats.now_us):
        return look.say("today.health.within_today", begin=begin, end=end)
    return look.say("today.health.within", day=formats.day_short(hour_us), begin=begin, end=end)


# Money ---------------------------------------------------------------------------------------------------------------


def _stages(visit: Visit, period: Period) -> tuple[StageTiles, ...]:
    now_us, zone = visit.look.formats.now_us, visit.look.formats.timezone
    first_us, until_us = period.days.bounds_us(zone)
    found = visit.site.stages(Span(first_us, until_us))
    before: dict[str, Stages] = {}
    if period.other is not None:
        other_us, other_until_us = period.other.bounds_us(zone)
        # A period that is not over is held against the other one up to the same time.
        upto_us = min(other_until_us, other_us + max(now_us - first_us, 1)) if until_us > now_us else other_until_us
        before = {one.currency: one for one in visit.site.stages(stepped(Span(other_us, upto_us))).stages}
    return tuple(
        StageTiles(
            currency=one.currency,
            tiles=_tiles(visit.look, one, before.get(one.currency), period),
        )
        for one in found.stages
    )


def _tiles(look: Look, now: Stages, before: Stages | None, period: Period) -> tuple[Tile, ...]:
    formats = look.formats
    since = look.say("today.money.since", day=formats.day_short(period.days.first))

    def money(minor: int) -> str:
        return formats.money_compact(minor, now.currency)

    def count(conversions: int) -> str:
        return look.say("today.money.count", n=conversions)

    return (
        Tile(
            key="booked",
            value=money(now.booked.amount.amount_minor),
            href=rows.conversions_of(period),
            share=None if before is None else change(now.booked.amount.amount_minor, before.booked.amount.amount_minor),
            foot=count(now.booked.conversions),
        ),
        Tile(
            key="pending",
            value=money(now.pending.amount_minor),
            href=rows.conversions(range="all", status=Status.PENDING.value, credited="yes"),
            share=change(now.pending.amount_minor, now.pending_then.amount_minor),
            foot=since,
        ),
        Tile(
            key="approved",
            value=money(now.approved.amount.amount_minor),
            href=rows.stepped_of(period, GIVEN),
            share=None
            if before is None
            else change(now.approved.amount.amount_minor, before.approved.amount.amount_minor),
            foot=count(now.approved.conversions),
        ),
        Tile(
            key="taken_back",
            value=money(now.taken_back.amount.amount_minor),
            href=rows.stepped_of(period, TAKEN_BACK),
            share=None
            if before is None
            else change(now.taken_back.amount.amount_minor, before.taken_back.amount.amount_minor),
            foot=count(now.taken_back.conversions),
        ),
        Tile(
            key="confirmed",
            value=money(now.confirmed.amount_minor),
            href=rows.conversions(range="all", status=Status.APPROVED.value, credited="yes"),
            share=change(now.confirmed.amount_minor, now.confirmed_then.amount_minor),
            foot=since,
        ),
    )


# What waits ----------------------------------------------------------------------------------------------------------


def _proposal(look: Look, line: ProposalLine) -> ProposalRow:
    formats, gain = look.formats, line.gain.amount_minor
    return ProposalRow(
        headline=line.headline.de if look.locale == "de" else line.headline.en,
        subject=line.subject_name,
        path=f"/decisions/{public('proposal', line.id)}",
        gain=("+" if gain > 0 else "") + formats.money_compact(gain, line.gain.currency) if gain else "",
        days=line.horizon_days,
        stake=formats.money_compact(line.stake.amount_minor, line.stake.currency),
        made_us=to_us(line.made_at),
    )


def _waiting(waiting: Waiting, sections: Collection[str]) -> tuple[WaitingRow, ...]:
    places = (
        ("overdue", waiting.contests_overdue, "warning", "inbox", "/inbox?show=contests"),
        ("contests", waiting.contests - waiting.contests_overdue, "question", "inbox", "/inbox?show=contests"),
        ("proposals", waiting.proposals, "decisions", "decisions", "/decisions"),
        ("applications", waiting.applications, "user", "inbox", "/inbox?show=applications"),
        ("reports", waiting.reports, "inbox", "inbox", "/inbox"),
        ("quarantined", waiting.quarantined, "warning", "inbox", "/inbox"),
        ("postbacks", waiting.postbacks_given_up, "right", "publishers", "/publishers"),
    )
    return tuple(
        WaitingRow(key=key, count=count, icon=icon, href=path if section in sections else None)
        for key, count, icon, section, path in places
        if count
    )
