"""How sales go missing, and how they are claimed: honestly, with slips, twice, late, or by somebody else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from warum.domain.conversion import Reason, Status
from warum.domain.mode import Mode
from warum.domain.records import Basis
from warum.domain.routine.claims.records import Claim
from warum.domain.token import TokenFault, TokenKeys, Touch
from warum.kernel.ids import RecordId
from warum.kernel.period import DAY_US, HOUR_US, MINUTE_US, to_us
from warum.main.bench.routine_worlds.shop import CLAIMANT, OTHER, Purchase, Visit, World, link_of


@dataclass(slots=True, kw_only=True)
class Told:
    """What the claimant writes, and how far it is from what happened.

    Attributes:
        meant: the order that is truly meant; None if it is invented.
        shows: click ids that it sends.
        garbled: whether something in it is wrong, so that nobody should act on it unseen.
        hidden: the order is not in the records yet.
        doubted: the world's records contradict themselves or each other about the order.
    """

    meant: Purchase | None
    order_id: str
    shows: list[str] = field(default_factory=list[str])
    visits: list[Visit] = field(default_factory=list[Visit])
    garbled: bool = False
    hidden: bool = False
    doubted: bool = False
    amount: int | None = None
    currency: str | None = None
    day: date | None = None
    days_after: int = 8
    clicked_us: int | None = None


def _missing(world: World, *, basis: Basis = Basis.CONSENT, earlier: bool = True, hours: int | None = None) -> Purchase:
    """A sale of the claimant's that no postback ever told us about; often somebody else's click came before."""
    rng = world.rng
    at_us = world.start_us + rng.randint(0, 4 * DAY_US)
    if rng.random() < 0.3:  # around midnight, where days differ from zone to zone
        midnight = datetime.combine(world.local_day(at_us), datetime.min.time(), tzinfo=ZoneInfo(world.zone))
        at_us = to_us(midnight) + rng.randint(-90, 90) * MINUTE_US
    before = hours if hours is not None else rng.choice((1, 3, 20, world.window * 24 - 1))
    own = world.visit(CLAIMANT, at_us - before * HOUR_US + 5 * MINUTE_US, basis=basis)
    visits = [own]
    if earlier and rng.random() < 0.5:
        visits.insert(0, world.visit(OTHER, own.at_us - rng.randint(1, 30) * HOUR_US))
    return world.purchase(visits=visits, at_us=at_us)


def _by_order(world: World) -> Told:
    bought = _missing(world)
    bought.kept = [one.text for one in bought.visits]
    if world.rng.random() < 0.3:
        bought.retained = bought.net * world.rng.randint(20, 90) // 100
    if world.rng.random() < 0.3:
        bought.group = "extra"
    return Told(meant=bought, order_id=f" {bought.id}" if world.rng.random() < 0.2 else bought.id)


def _by_click(world: World) -> Told:
    bought = _missing(world, basis=world.rng.choice((Basis.CONSENT, Basis.MEMBER_REQUEST)), earlier=False)
    if world.rng.random() < 0.2:
        bought.retained = bought.net * world.rng.randint(20, 90) // 100
    own = bought.visits[-1]
    near = own.at_us + world.rng.randint(-10, 10) * HOUR_US
    return Told(meant=bought, order_id=bought.id, shows=[own.text], clicked_us=near if near % 2 else None)


def _by_sub_id(world: World) -> Told:
    bought = _missing(world, earlier=False)
    world.sub_id_visits = [bought.visits[-1]]
    return Told(meant=bought, order_id=bought.id)


def _sub_id_shared(world: World) -> Told:
    told = _by_sub_id(world)
    bought = told.meant
    assert bought is not None
    world.sub_id_visits += [world.visit(CLAIMANT, bought.at_us - hours * HOUR_US) for hours in (2, 5, 9)]
    return told


def _by_voucher(world: World) -> Told:
    bought = world.purchase()
    bought.voucher = "ana10"
    return Told(meant=bought, order_id=bought.id)


def _voucher_of_another(world: World) -> Told:
    bought = world.purchase()
    bought.voucher = "ben10"
    return Told(meant=bought, order_id=bought.id)


def _id_broken_on_its_way(world: World) -> Told:
    """The postback came with a click id that was cut on its way; the shop has it whole."""
    bought = _missing(world, earlier=False)
    bought.kept, bought.posted = [bought.visits[-1].text], [bought.visits[-1].text[:-3]]
    return Told(meant=bought, order_id=bought.id)


def _spelled(world: World) -> Told:
    told = world.rng.choice((_by_order, _by_click))(world)
    bought = told.meant
    assert bought is not None
    digits = "".join(sign for sign in bought.id if sign.isdigit())
    others = [
        bought.id.swapcase(),
        bought.id.replace(digits, f"00{digits}"),
        bought.id.replace(digits, digits.lstrip("0")),
    ]
    others += [bought.id.replace("-", ""), bought.id.replace("/", " "), bought.id.replace("_", "-")]
    told.order_id = world.rng.choice([one for one in others if one != bought.id])
    told.garbled = True
    return told


def _typo(world: World) -> Told:
    """A slip of the fingers: now and then it hits an order that exists."""
    told = world.rng.choice((_by_order, _by_click))(world)
    bought = told.meant
    assert bought is not None
    places = [index for index, sign in enumerate(bought.id) if sign.isdigit()]
    place = world.rng.choice(places[-3:])
    digit = world.rng.choice([sign for sign in "0123456789" if sign != bought.id[place]])
    told.order_id = bought.id[:place] + digit + bought.id[place + 1 :]
    told.garbled = True
    return told


def _typo_hits(world: World) -> Told:
    """The slip hits the number of somebody else's order."""
    told = _by_order(world)
    bought = told.meant
    assert bought is not None
    last = next(sign for sign in "0123456789" if bought.id[:-1] + sign not in [one.id for one in world.purchases])
    world.honest_sale().id = told.order_id = bought.id[:-1] + last
    told.garbled = True
    return told


def _amount_wrong(world: World) -> Told:
    told = world.rng.choice((_by_order, _by_click))(world)
    assert told.meant is not None
    told.amount = told.meant.gross * world.rng.choice((40, 60, 130, 200)) // 100 + 300
    told.garbled = True
    return told


def _day_wrong(world: World) -> Told:
    told = world.rng.choice((_by_order, _by_click))(world)
    assert told.meant is not None
    told.day = world.local_day(told.meant.at_us) - timedelta(days=world.rng.randint(3, 20))
    told.garbled = True
    return told


def _currency_wrong(world: World) -> Told:
    told = _by_order(world)
    told.currency, told.garbled = "USD", True
    return told


def _two_orders(world: World) -> Told:
    """Two tills of the same house number alike."""
    told = _by_order(world)
    assert told.meant is not None
    world.purchase().id = told.meant.id
    told.doubted = True
    return told


def _too_new(world: World) -> Told:
    told = _by_click(world)
    told.hidden, told.days_after = True, 1
    return told


def _by_reference(world: World) -> Told:
    bought = _missing(world, basis=Basis.REFERENCE, earlier=False)
    return Told(meant=bought, order_id=bought.id, shows=[bought.visits[-1].text])


def _no_trace(world: World) -> Told:
    bought = _missing(world, earlier=False)
    return Told(meant=bought, order_id=bought.id)


def _token_cut(world: World) -> Told:
    bought = _missing(world, earlier=False)
    text = bought.visits[-1].text
    place = world.rng.randrange(8, len(text) - 4)
    broken = (
        text[:place]
        if world.rng.random() < 0.5
        else text[:place] + ("A" if text[place] != "A" else "B") + text[place + 1 :]
    )
    return Told(meant=bought, order_id=bought.id, shows=[broken], garbled=True)


def _credited(world: World, *, status: Status = Status.PENDING) -> Told:
    bought = _missing(world)
    bought.kept = bought.posted = [one.text for one in bought.visits]
    bought.status = status
    return Told(meant=bought, order_id=bought.id, shows=[bought.visits[-1].text])


def _already(world: World) -> Told:
    return _credited(world, status=world.rng.choice((Status.PENDING, Status.APPROVED, Status.PAID)))


def _already_other_spelling(world: World) -> Told:
    told = _already(world)
    told.order_id, told.garbled = told.order_id.swapcase() + "/", True
    return told


def _declined(world: World) -> Told:
    told = _credited(world, status=Status.DECLINED)
    assert told.meant is not None
    told.meant.reason = Reason.DECLINED_BY_ADVERTISER
    return told


def _declined_though_kept(world: World) -> Told:
    told = _credited(world, status=Status.DECLINED)
    assert told.meant is not None
    told.meant.reason = Reason.CANCELLED
    told.doubted = True
    return told


def _cancelled(world: World) -> Told:
    told = world.rng.choice((_by_order, _by_click))(world)
    assert told.meant is not None
    told.meant.retained = 0
    return told


def _test(world: World) -> Told:
    told = _by_order(world)
    assert told.meant is not None
    told.meant.mode = Mode.TEST
    return told


def _gift_card(world: World) -> Told:
    told = world.rng.choice((_by_order, _by_click))(world)
    assert told.meant is not None
    told.meant.group = "gift cards"
    return told


def _dollars(world: World) -> Told:
    told = _by_order(world)
    assert told.meant is not None
    told.meant.currency = "USD"
    return told


def _second_currency(world: World) -> Told:
    world.currencies = ("EUR", "CHF")
    told = world.rng.choice((_by_order, _by_click))(world)
    assert told.meant is not None
    told.meant.currency = "CHF"
    return told


def _late(world: World) -> Told:
    told = _by_order(world)
    told.days_after = 60 + world.rng.randint(2, 40)
    return told


def _too_long_ago(world: World) -> Told:
    bought = _missing(world, earlier=False, hours=world.window * 24 + world.rng.choice((1, 5, 200)))
    if world.rng.random() < 0.5:
        bought.kept = [bought.visits[-1].text]
    return Told(meant=bought, order_id=bought.id, shows=[bought.visits[-1].text])


def _not_yet_partner(world: World) -> Told:
    told = world.rng.choice((_by_order, _by_click))(world)
    assert told.meant is not None
    world.approved_from[CLAIMANT] = told.meant.at_us + world.rng.randint(-30, 30) * MINUTE_US
    return told


def _after_it(world: World) -> Told:
    """Somebody clicks when the order is there, to have a click for it."""
    bought = world.purchase()
    late = world.visit(CLAIMANT, bought.at_us + world.rng.randint(1, 48) * HOUR_US)
    return Told(meant=bought, order_id=bought.id, shows=[late.text], visits=[late])


def _loses_last_click(world: World) -> Told:
    """An honest publisher whose visitor took another's link after its own."""
    bought = _missing(world, earlier=False, hours=30)
    bought.visits.append(world.visit(OTHER, bought.at_us - HOUR_US))
    bought.kept = bought.posted = [bought.visits[-1].text]
    return Told(meant=bought, order_id=bought.id, shows=[bought.visits[0].text])


def _own_click(world: World, bought: Purchase, *, before_hours: int = 2) -> Told:
    """Somebody clicks its own link, and claims an order of which it knows."""
    made_up = world.visit(CLAIMANT, bought.at_us - before_hours * HOUR_US)
    return Told(meant=bought, order_id=bought.id, shows=[made_up.text], visits=[made_up])


def _steals_credited(world: World) -> Told:
    return _own_click(world, world.honest_sale())


def _steals_uncredited(world: World) -> Told:
    """Another's sale that went missing: the shop kept the other's click."""
    bought = world.honest_sale()
    bought.posted = None
    told = _own_click(world, bought, before_hours=world.rng.choice((1, 200)))
    told.doubted = told.visits[0].at_us > bought.visits[0].at_us
    return told


def _steals_direct(world: World) -> Told:
    """Nobody's sale, which the shop reported without a click."""
    bought = world.purchase()
    bought.posted = []
    return _own_click(world, bought)


def _insider(world: World) -> Told:
    """Nobody's sale, of which no postback came, with everything about it known: once, or as a habit."""
    if world.rng.random() < 0.6:
        world.claims_lately, world.sales_lately = world.rng.randint(4, 12), world.rng.randint(0, 15)
    return _own_click(world, world.purchase())


def _guesses(world: World) -> Told:
    """A number counted on from another one, with an amount that is a guess."""
    bought = world.purchase()
    told = _own_click(world, bought)
    told.amount, told.garbled = world.rng.randint(2_000, 90_000), True
    return told


def _invented(world: World) -> Told:
    own = world.visit(CLAIMANT, world.start_us)
    order_id = world.style.format(world.number + world.rng.randint(20_000, 80_000))
    return Told(meant=None, order_id=order_id, shows=[own.text])


def _borrowed_token(world: World) -> Told:
    bought = world.purchase()
    theirs = world.visit(OTHER, bought.at_us - 2 * HOUR_US)
    return Told(meant=bought, order_id=bought.id, shows=[theirs.text], visits=[theirs])


def _forged(world: World) -> Told:
    bought = world.purchase()
    other_keys = TokenKeys(
        issue=1, token_keys={1: world.rng.randbytes(32)}, reference_keys={1: world.rng.randbytes(32)}
    )
    touch = Touch(
        at_us=bought.at_us - HOUR_US, link=100 + CLAIMANT, allocation=1, arm=1, basis=Basis.CONSENT, mode=Mode.LIVE,
        record=RecordId(1, 1, 1),
    )  # fmt: skip
    return Told(meant=bought, order_id=bought.id, shows=[other_keys.token(touch)])


def _rivals(world: World) -> Told:
    told = _by_click(world)
    bought = told.meant
    assert bought is not None
    theirs = world.visit(OTHER, bought.at_us - 3 * HOUR_US)
    world.others.append(
        Claim(
            id=10_000, publisher=OTHER, publisher_name="Ben", claimed_us=bought.at_us + 5 * DAY_US, order_id=bought.id,
            ordered_day=world.local_day(bought.at_us).isoformat(), amount_minor=bought.net, currency=bought.currency,
            touches=tuple(touch for touch in [world.keys.read(theirs.text)] if not isinstance(touch, TokenFault)),
        )
    )  # fmt: skip
    return told


def _split(world: World) -> Told:
    """The house splits an order in two; the buyer's confirmation has one number and one amount."""
    told = _by_order(world)
    first = told.meant
    assert first is not None
    told.order_id, told.amount, told.garbled = first.id, first.gross * 2, True
    second = world.purchase(visits=first.visits, at_us=first.at_us)
    second.kept = first.kept
    first.id, second.id = f"{told.order_id}/1", f"{told.order_id}/2"
    return told


def _clock_behind(world: World) -> Told:
    """The shop's clock is ten minutes behind ours, and the visitor was quick."""
    told = _by_order(world)
    bought = told.meant
    assert bought is not None
    own = world.visit(CLAIMANT, bought.at_us - MINUTE_US)
    bought.visits.append(own)
    bought.kept = [own.text]
    world.clock_behind_us = 10 * MINUTE_US
    return told


def _reference_kept(world: World) -> Told:
    """Without consent, but the shop kept the link reference; at times nobody has recorded a legal basis for it."""
    bought = _missing(world, basis=Basis.REFERENCE, earlier=False)
    bought.kept = [bought.visits[-1].text]
    if world.rng.random() < 0.3:
        world.basis = None
    return Told(meant=bought, order_id=bought.id)


def _code_and_click(world: World) -> Told:
    """A code of one publisher, and the click of another."""
    own_code = world.rng.random() < 0.5
    bought = _missing(world, earlier=False)
    if own_code:
        bought.visits = [world.visit(OTHER, bought.at_us - 2 * HOUR_US)]
    bought.voucher = "ana10" if own_code else "ben10"
    bought.kept = [one.text for one in bought.visits]
    if world.rng.random() < 0.3:
        bought.posted = bought.kept
    return Told(meant=bought, order_id=bought.id)


def _late_postback(world: World) -> Told:
    """The postback came after all, and credited the sale for less than the shop keeps."""
    bought = _missing(world, earlier=False)
    bought.kept = bought.posted = [one.text for one in bought.visits]
    bought.net_posted = bought.net * 60 // 100
    return Told(meant=bought, order_id=bought.id, doubted=True)


def _token_of_a_test(world: World) -> Told:
    """Somebody tries the link in test mode, and claims an order of that day with what it got."""
    bought = world.purchase()
    tried = world.visit(CLAIMANT, bought.at_us - HOUR_US, mode=Mode.TEST)
    return Told(meant=bought, order_id=bought.id, shows=[tried.text], visits=[tried])


def _cancelled_too(world: World, told: Told) -> None:
    if told.meant is not None and told.meant.posted is None:
        told.meant.retained = 0


def _excluded_too(world: World, told: Told) -> None:
    if told.meant is not None and told.meant.posted is None:
        told.meant.group = "gift cards"


def _rounded(world: World, told: Told) -> None:
    if told.meant is not None and told.amount is None:
        told.amount = max(world.rng.choice((told.meant.net, told.meant.gross)) + world.rng.randint(-90, 90), 1)


def _with_shipping(world: World, told: Told) -> None:
    """What the buyer paid, postage included: no wrong claim, but no amount of the order either."""
    if told.meant is not None and told.amount is None:
        told.amount = told.meant.gross + 1_490
        told.garbled = told.garbled or told.amount > told.meant.gross * 101 // 100


def _twin(world: World, told: Told) -> None:
    """Somebody else buys for the same amount within the hour."""
    if told.meant is not None:
        twin = world.purchase(at_us=told.meant.at_us + world.rng.randint(-40, 40) * MINUTE_US)
        twin.net, twin.gross, twin.retained = told.meant.net, told.meant.gross, told.meant.net


def _old_click_too(world: World, told: Told) -> None:
    """The publisher sends what it finds, among it a click of long ago."""
    if told.meant is not None:
        old = world.visit(CLAIMANT, told.meant.at_us - (world.window + world.rng.randint(1, 20)) * DAY_US - HOUR_US)
        told.visits.append(old)
        told.shows.insert(0, old.text)


def _other_program(world: World, told: Told) -> None:
    """And one that leads to another shop."""
    if told.meant is not None:
        world.links[999] = replace(link_of(999, CLAIMANT), advertiser=6, program=8)
        touch = Touch(
            at_us=told.meant.at_us - HOUR_US, link=999, allocation=1, arm=1, basis=Basis.CONSENT, mode=Mode.LIVE,
            record=RecordId(1, 2, 1),
        )  # fmt: skip
        told.shows.insert(0, world.keys.token(touch))


TWISTS: Final = (
    _cancelled_too, _excluded_too, _rounded, _with_shipping, _twin, _old_click_too, _other_program,
)  # fmt: skip

SCENARIOS: Final[dict[str, tuple[int, Callable[[World], Told]]]] = {
    "by_order": (6, _by_order),
    "by_click": (4, _by_click),
    "by_sub_id": (1, _by_sub_id),
    "by_voucher": (2, _by_voucher),
    "id_broken_on_its_way": (1, _id_broken_on_its_way),
    "second_currency": (1, _second_currency),
    "split": (1, _split),
    "clock_behind": (1, _clock_behind),
    "reference_kept": (1, _reference_kept),
    "code_and_click": (2, _code_and_click),
    "late_postback": (1, _late_postback),
    "token_of_a_test": (1, _token_of_a_test),
    "spelled": (2, _spelled),
    "typo": (2, _typo),
    "typo_hits": (2, _typo_hits),
    "amount_wrong": (1, _amount_wrong),
    "day_wrong": (1, _day_wrong),
    "currency_wrong": (1, _currency_wrong),
    "two_orders": (1, _two_orders),
    "too_new": (1, _too_new),
    "by_reference": (1, _by_reference),
    "no_trace": (1, _no_trace),
    "sub_id_shared": (1, _sub_id_shared),
    "token_cut": (1, _token_cut),
    "rivals": (1, _rivals),
    "already": (3, _already),
    "already_other_spelling": (1, _already_other_spelling),
    "declined": (2, _declined),
    "declined_though_kept": (1, _declined_though_kept),
    "cancelled": (2, _cancelled),
    "test": (1, _test),
    "gift_card": (2, _gift_card),
    "dollars": (1, _dollars),
    "late": (1, _late),
    "too_long_ago": (2, _too_long_ago),
    "not_yet_partner": (1, _not_yet_partner),
    "after_it": (1, _after_it),
    "loses_last_click": (2, _loses_last_click),
    "voucher_of_another": (1, _voucher_of_another),
    "steals_credited": (3, _steals_credited),
    "steals_uncredited": (2, _steals_uncredited),
    "steals_direct": (2, _steals_direct),
    "insider": (1, _insider),
    "guesses": (1, _guesses),
    "invented": (2, _invented),
    "borrowed_token": (1, _borrowed_token),
    "forged": (1, _forged),
}
"""By name: how often, in parts of the whole, and what happens."""
