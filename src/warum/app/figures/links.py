"""What each link brought, and what of it did not count."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from warum.app.border import Limit, LinkRef, OfferRef, ProgramRef, PublisherRef, border, missing
from warum.app.call import Call
from warum.app.figures.shapes import Figures, Since, Until, figures, within
from warum.app.partnerships import LinkOut, link_out
from warum.app.status import DropOut
from warum.kernel.period import from_us
from warum.kernel.refusal import Refusal
from warum.ports.database import Tx
from warum.ports.figures import LinkFilter, LinkOrder, Subject


@border
class LinkFiguresOut:
    link: LinkOut
    publisher_name: str
    program_name: str
    offer_name: str
    created_at: datetime
    figures: Figures
    drops: Annotated[int, Field(description="Requests that did not count.")]


@border
class LinkLines:
    links: tuple[LinkFiguresOut, ...]


@border
class LinkFigures:
    program: ProgramRef | None = None
    publisher: PublisherRef | None = None
    offer: OfferRef | None = None
    retired: bool | None = None
    search: Annotated[
        str | None, Field(max_length=200, description="Part of the link's or the publisher's name, or its code.")
    ] = None
    order: LinkOrder = LinkOrder.NEWEST
    offset: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    limit: Limit = 50
    since: Since = None
    until: Until = None


def list_link_figures(tx: Tx, call: Call, ask: LinkFigures) -> LinkLines | Refusal:
    span = within(call, ask.since, ask.until, program=ask.program, publisher=ask.publisher)
    which = LinkFilter(
        within=span,
        offer=ask.offer,
        retired=ask.retired,
        search=ask.search or None,
        order=ask.order,
        offset=ask.offset,
        limit=ask.limit,
    )
    return _lines(tx, call, which)


@border
class LinkShow:
    link: LinkRef
    since: Since = None
    until: Until = None


@border
class LinkDetails:
    line: LinkFiguresOut
    dropped: Annotated[tuple[DropOut, ...], Field(description="What did not count, by reason.")]


def show_link(tx: Tx, call: Call, ask: LinkShow) -> LinkDetails | Refusal:
    span = within(call, ask.since, ask.until, link=ask.link)
    found = _lines(tx, call, LinkFilter(within=span, limit=1)).links
    if not found:
        return missing("link", ask.link)
    dropped = tx.figures.drops(ask.link, span)
    return LinkDetails(line=found[0], dropped=tuple(DropOut(reason=reason, count=count) for reason, count in dropped))


def _lines(tx: Tx, call: Call, which: LinkFilter) -> LinkLines:
    lines = tx.figures.links(which)
    totals = tx.figures.totals_by(Subject.LINK, which.within)
    return LinkLines(
        links=tuple(
            LinkFiguresOut(
                link=link_out(call, line.link),
                publisher_name=line.publisher_name,
                program_name=line.program_name,
                offer_name=line.offer_name,
                created_at=from_us(line.created_us),
                figures=figures(line.seen, totals.get(line.link.id, ())),
                drops=line.drops,
            )
            for line in lines
        )
    )
