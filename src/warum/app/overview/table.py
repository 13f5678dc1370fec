"""The operations of the overview; part of the table of all (``app.operations``)."""

from __future__ import annotations

from typing import Final

from warum.app.call import AnyOperation, Read
from warum.app.overview import health, money, news, show
from warum.app.roles import HOUSE

OVERVIEW: Final[tuple[AnyOperation, ...]] = (
    Read(
        name="overview.show",
        summary="Show what came in over a span of time: clicks, conversions as they stand now, by time and partner.",
        input=show.OverviewShow,
        output=show.Overview,
        roles=HOUSE,
        run=show.show_overview,
    ),
    Read(
        name="overview.health",
        summary="Show for each advertiser whether clicks and conversions still come in as they usually do.",
        input=health.HealthShow,
        output=health.Health,
        roles=HOUSE,
        run=health.show_health,
    ),
    Read(
        name="overview.money",
        summary="Show money in its stages: booked, pending, approved, taken back, owed.",
        input=money.MoneyShow,
        output=money.MoneyStages,
        roles=HOUSE,
        run=money.show_money,
    ),
    Read(
        name="overview.news",
        summary="Show what changed lately, with the names that people know.",
        input=news.NewsShow,
        output=news.News,
        roles=HOUSE,
        run=news.show_news,
    ),
    Read(
        name="overview.waiting",
        summary="Count what waits for a person.",
        input=news.WaitingShow,
        output=news.Waiting,
        roles=HOUSE,
        run=news.show_waiting,
    ),
    Read(
        name="overview.names",
        summary="Tell what people call these things, by public id.",
        input=news.NameList,
        output=news.Names,
        roles=HOUSE,
        run=news.list_names,
    ),
    Read(
        name="overview.unknowns",
        summary="List the offers of which bots do not know yet what would be better, and why.",
        input=news.UnknownList,
        output=news.Unknowns,
        roles=HOUSE,
        run=news.list_unknowns,
    ),
)
