"""The operations of figures; part of the table of all (``app.operations``)."""

from __future__ import annotations

from typing import Final

from warum.app.call import AnyOperation, Read
from warum.app.figures import arms, links, lists, parties, rules
from warum.app.roles import EVERYBODY, HOUSE, PUBLISHER_SIDE

FIGURES: Final[tuple[AnyOperation, ...]] = (
    Read(
        name="program.figures",
        summary="List programs with their rule, partners, traffic and money over a span of time.",
        input=parties.ProgramFigures,
        output=parties.ProgramLines,
        roles=HOUSE,
        run=parties.list_program_figures,
    ),
    Read(
        name="publisher.figures",
        summary="List publishers with their traffic, conversions, EPC and money over a span of time.",
        input=parties.PublisherFigures,
        output=parties.PublisherLines,
        roles=HOUSE,
        run=parties.list_publisher_figures,
    ),
    Read(
        name="link.figures",
        summary="List tracking links with what they brought over a span of time.",
        input=links.LinkFigures,
        output=links.LinkLines,
        roles=HOUSE,
        run=links.list_link_figures,
    ),
    Read(
        name="link.show",
        summary="Show a tracking link, what it brought, and what did not count, by reason.",
        input=links.LinkShow,
        output=links.LinkDetails,
        roles=HOUSE,
        run=links.show_link,
    ),
    Read(
        name="offer.figures",
        summary="Show what each arm of an offer brought, beside its propensity.",
        input=arms.OfferFigures,
        output=arms.OfferFiguresOut,
        roles=HOUSE,
        run=arms.show_offer_figures,
    ),
    Read(
        name="rule.preview",
        summary="Say what a commission rule would have cost, by pricing the last days' conversions again.",
        input=rules.RulePreview,
        output=rules.RulePreviewOut,
        roles=HOUSE,
        run=rules.preview_rule,
    ),
    Read(
        name="conversion.totals",
        summary="Sum up conversions by status and currency.",
        input=lists.ConversionTotals,
        output=lists.ConversionTotalsOut,
        roles=EVERYBODY,
        run=lists.show_totals,
    ),
    Read(
        name="delivery.list",
        summary="List what a publisher was told of its conversions, the newest first.",
        input=lists.DeliveryList,
        output=lists.Deliveries,
        roles=PUBLISHER_SIDE,
        run=lists.list_deliveries,
    ),
)
