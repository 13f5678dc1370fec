"""Offers: what each arm brought beside its share, other shares, and new offers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from starlette.responses import Response

from warum.app.advertisers import AdvertiserDetails
from warum.app.call import Repeated
from warum.app.figures.arms import ArmFigures, OfferFiguresOut
from warum.app.offers import OfferOut
from warum.app.programs import ProgramOut
from warum.domain.contexts import ANY, DIMENSIONS, phrase
from warum.kernel.ids import public
from warum.kernel.refusal import Refusal
from warum.web.console import records
from warum.web.console.charts import share_percent
from warum.web.console.forms import Filled
from warum.web.console.periods import Period
from warum.web.console.records import Address
from warum.web.console.routing import Pages
from warum.web.console.visit import Toast, Undo, Visit, status_of

pages: Final = Pages()

landing_pages_shown: Final = 4
_HUNDRED: Final = Decimal(100)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmRow:
    """An arm as the table shows it.

    Attributes:
        share: with which probability it is drawn; None: it is not.
        rate: conversions per click; None without clicks.
    """

    figures: ArmFigures
    name: str
    url: str | None
    share: float | None
    clicks_percent: float
    rate: float | None
    conversions_href: str

    @property
    def path(self) -> str:
        """Where on its host the page is: what tells the pages of one offer apart. The host, for a start page."""
        host, _, path = (self.url or "").partition("://")[2].partition("/")
        return f"/{path}" if path else host


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferCard:
    offer: OfferOut
    arms: tuple[ArmRow, ...]

    @property
    def path(self) -> str:
        return f"/offers/{public('offer', self.offer.id)}/shares"


def offer_card(visit: Visit, offer: int, span: Period) -> OfferCard:
    """An offer with the figures of its arms over the span."""
    named = public("offer", offer)
    found: OfferFiguresOut = visit.perform("offer.figures", offer=named, **records.bounds(visit, span))
    most = max((arm.clicks for arm in found.arms), default=0)
    rows = Address("/conversions", {**records.span_query(span), "offer": named, "credited": "yes"})
    return OfferCard(offer=found.offer, arms=tuple(_arm(visit, one, most, rows) for one in found.arms))


@pages.get("/offers/{offer}/shares")
def shares(visit: Visit) -> Response:
    offer = _offer(visit)
    context = _context(offer, visit.request.query_params.get("context", ANY))
    arms = _shares_of(offer, context)
    return _shares_page(visit, offer, context, Filled({name: _percent(visit, text) for name, text in arms.items()}))


@pages.post("/offers/{offer}/shares")
def save_shares(visit: Visit) -> Response:
    offer = _offer(visit)
    context = _context(offer, visit.form.text("context"))
    typed = {f"share-{arm.arm}": visit.form.text(f"share-{arm.arm}") for arm in offer.arms}
    numbers = [_number(text) for text in typed.values()]
    kept = {**typed, "reason": visit.form.raw("reason")}
    if None in numbers:
        wrong = next(name for name, number in zip(typed, numbers, strict=True) if number is None)
        return _shares_page(visit, offer, context, Filled(kept, {wrong: visit.say("offer.shares.number")}), 422)
    fields = records.versioned(
        visit,
        offer=public("offer", offer.id),
        context=context,
        propensities=[str(number / _HUNDRED) for number in numbers if number is not None],
        **visit.form.fields("reason"),
    )
    made = records.change(visit, "offer.allocate", fields)
    if isinstance(made, Refusal):
        at = {"reason": "reason"}.get(made.field or "", "")
        text = visit.say("needs.reason") if at and made.code == "input_invalid" else visit.look.refusal(made)
        return _shares_page(visit, offer, context, Filled(kept, {at: text}), status_of(made))
    path = f"/programs/{public('program', offer.program)}#offers"
    if offer.contexts:
        path = f"/offers/{public('offer', offer.id)}/shares#contexts"
    undo = None
    if not isinstance(made, Repeated):
        before = {name: _plain_percent(text) for name, text in _shares_of(offer, context).items()}
        undo = Undo(visit.request.url.path, {**before, "context": context, "version": str(made.row_version)})
    toast = Toast(visit.say("offer.shares.saved", name=offer.name), undo)
    return records.answered(visit, made, path, toast)


@pages.post("/offers/{offer}/contexts")
def save_contexts(visit: Visit) -> Response:
    offer = _offer(visit)
    dimensions = [name for name in DIMENSIONS if visit.form.text(f"dimension-{name}")]
    fields = records.versioned(visit, offer=public("offer", offer.id), dimensions=dimensions)
    made = records.change(visit, "offer.contexts.set", fields)
    if isinstance(made, Refusal):
        arms = _shares_of(offer, ANY)
        kept = {name: _percent(visit, text) for name, text in arms.items()}
        kept |= {f"dimension-{name}": "yes" for name in dimensions}
        code = "dimensions_too_many" if made.code == "input_invalid" else made.code
        form = Filled(kept, {"dimensions": visit.say(f"refusal.{code}")})
        return _shares_page(visit, offer, ANY, form, status_of(made), dimensions=dimensions)
    undo = None
    if not isinstance(made, Repeated):
        before = {f"dimension-{name}": "yes" for name in offer.dimensions}
        undo = Undo(visit.request.url.path, {**before, "version": str(made.row_version)})
    toast = Toast(visit.say("offer.contexts.saved", name=offer.name), undo)
    return records.answered(visit, made, f"/offers/{public('offer', offer.id)}/shares#contexts", toast)


@pages.get("/programs/{program}/offers/new")
def new(visit: Visit) -> Response:
    return _new_page(visit, Filled())


@pages.post("/programs/{program}/offers/new")
def create(visit: Visit) -> Response:
    landing = [
        {"name": name, "url": url}
        for number in range(landing_pages_shown)
        for name, url in [(visit.form.text(f"page-name-{number}"), visit.form.text(f"page-url-{number}"))]
        if name or url
    ]
    program = public("program", visit.id("program", "program"))
    fields: dict[str, object] = {"program": program, "landing_pages": landing, **visit.form.fields("name")}
    made = records.change(visit, "offer.create", fields)
    if isinstance(made, Refusal):
        names = [f"page-{part}-{number}" for number in range(landing_pages_shown) for part in ("name", "url")]
        form = records.refilled(visit, made, "name", *names)
        if made.code == "input_invalid" and made.field == "landing_pages":
            form = Filled(form.values, {"": visit.say("needs.landing_pages")})
        return _new_page(visit, form, status_of(made))
    toast = Toast(visit.say("offer.created", name=visit.form.text("name")))
    return records.answered(visit, made, f"/programs/{program}#offers", toast)


def _arm(visit: Visit, one: ArmFigures, most: int, rows: Address) -> ArmRow:
    arm = one.arm
    name = one.creative_name or (None if arm is None else arm.name)
    return ArmRow(
        figures=one,
        name=name or f"{visit.say('offer.arm')} {one.number}",
        url=None if arm is None else arm.url,
        share=None if arm is None else float(arm.propensity),
        clicks_percent=share_percent(one.clicks, most),
        rate=one.conversions / one.clicks if one.clicks else None,
        conversions_href=str(rows.but(arm=str(one.number))),
    )


def _offer(visit: Visit) -> OfferOut:
    return visit.perform("offer.show", offer=public("offer", visit.id("offer", "offer")))


def _context(offer: OfferOut, asked: str) -> str:
    """What is asked for, if it is one that the offer tells apart."""
    return asked if any(one.context == asked for one in offer.contexts) else ANY


def _shares_of(offer: OfferOut, context: str) -> dict[str, str]:
    """Shares in force, by the field of the arm."""
    arms = next((one.arms for one in offer.contexts if one.context == context), offer.arms)
    return {f"share-{arm.arm}": arm.propensity for arm in arms}


def _shares_page(
    visit: Visit,
    offer: OfferOut,
    context: str,
    form: Filled,
    status: int = 200,
    *,
    dimensions: Sequence[str] | None = None,
) -> Response:
    program: ProgramOut = visit.perform("program.show", program=public("program", offer.program))
    named = {one.arm: one.name for one in _creatives(visit, offer)}
    language = visit.look.locale
    told_apart = offer.dimensions if dimensions is None else dimensions
    return visit.page(
        "pages/offer_shares.html",
        status_code=status,
        offer=offer,
        program=program,
        arms=[(f"share-{arm.arm}", named.get(arm.arm, arm.name), arm.url) for arm in offer.arms],
        context=context,
        where=phrase(context, language),
        rows=[
            (one.context, phrase(one.context, language), one.own, [float(arm.propensity) for arm in one.arms])
            for one in offer.contexts
        ],
        whole=[float(arm.propensity) for arm in offer.arms],
        dimensions=[
            (f"dimension-{name}", dimension.words[language], len(dimension.values), name in told_apart)
            for name, dimension in DIMENSIONS.items()
        ],
        form=form,
        once=records.once(visit),
    )


def _creatives(visit: Visit, offer: OfferOut) -> Sequence[Any]:
    return visit.perform("creative.list", offer=public("offer", offer.id), limit=records.many).creatives


def _new_page(visit: Visit, form: Filled, status: int = 200) -> Response:
    program: ProgramOut = visit.perform("program.show", program=public("program", visit.id("program", "program")))
    advertiser = public("advertiser", program.advertiser)
    details: AdvertiserDetails = visit.perform("advertiser.show", advertiser=advertiser)
    return visit.page(
        "pages/offer_new.html",
        status_code=status,
        program=program,
        advertiser=advertiser,
        hosts=", ".join(host.host for host in details.hosts if host.proved_at is not None),
        numbers=range(landing_pages_shown),
        form=form,
        once=records.once(visit),
    )


def _percent(visit: Visit, propensity: str) -> str:
    """As this reader writes it."""
    text = _plain_percent(propensity)
    return text.replace(".", ",") if visit.look.locale == "de" else text


def _plain_percent(propensity: str) -> str:
    return f"{Decimal(propensity) * _HUNDRED:f}".rstrip("0").rstrip(".") if propensity != "1" else "100"


def _number(text: str) -> Decimal | None:
    """A percentage as people type it, with a point or a comma."""
    try:
        number = Decimal(text.replace(",", ".").removesuffix("%").strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() and 0 <= number <= _HUNDRED else None
