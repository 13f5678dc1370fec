"""Worlds in which sales go missing: what visitors clicked and bought, what the shop kept and sent, who claims it.

The truth follows from what happened: whose click was the last that counts, what is left of the order, who was credited.
It is worked out here from the visit itself, by code that shares nothing with the judge; the judge sees the records
alone. Which records exist depends on the world, too: a sale that is owed but leaves no trace cannot be proven, and
asking a person is right then. A claim that is not owed and that no record refutes may be asked about or rejected."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from warum.domain.conversion import Status
from warum.domain.mode import Mode
from warum.domain.routine.claims.records import Answer, Claim, Facts, Why
from warum.kernel.period import DAY_US, HOUR_US, MINUTE_US
from warum.main.bench.routine_worlds.scenarios import SCENARIOS, TWISTS, Told
from warum.main.bench.routine_worlds.shop import CLAIMANT, OTHER, World


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What answers are right, and why a rejection would be; what is owed if the sale is the claimant's."""

    answers: frozenset[Answer]
    whys: frozenset[Why]
    owed: bool
    retained: int = 0
    commission: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimCase:
    scenario: str
    facts: Facts
    truth: Truth


def truth(world: World, told: Told, claimed_us: int) -> Truth:
    """What is right, from what happened."""
    bought = told.meant
    if bought is None:
        whys = frozenset({Why.ORDER_UNKNOWN})
        return Truth(answers=frozenset({Answer.ASK if told.hidden else Answer.REJECT}), whys=whys, owed=False)
    owner, click_us = world.owner(bought)
    late = (
        world.claim_days is not None
        and (world.local_day(claimed_us) - world.local_day(bought.at_us)).days > world.claim_days
    )
    credited = world.credited(bought)
    approved = owner is not None and world.approved_from[owner] <= click_us
    refuted: dict[Why, bool] = {
        Why.TEST_ORDER: bought.mode is Mode.TEST,
        Why.ORDER_CANCELLED: bought.retained == 0,
        Why.CURRENCY_NOT_LISTED: bought.currency not in world.currencies,
        Why.GROUP_EXCLUDED: bought.group == "gift cards",
        Why.CLAIMED_LATE: late,
        Why.ALREADY_CREDITED: credited == CLAIMANT and bought.status is not Status.DECLINED,
        Why.DECLINED: credited == CLAIMANT and bought.status is Status.DECLINED,
        Why.CREDITED_TO_ANOTHER: credited not in (None, CLAIMANT) and owner != CLAIMANT,
        Why.CLICK_OF_ANOTHER: owner != CLAIMANT
        and any(
            one.publisher == owner and one.text in (*bought.kept, *told.shows)
            for one in (*bought.visits, *told.visits)
        ),
        Why.VOUCHER_OF_ANOTHER: bought.voucher == "ben10" and owner == OTHER,
        Why.NOT_APPROVED: owner == CLAIMANT and not approved,
    }  # fmt: skip
    shown = [one for one in (*bought.visits, *told.visits) if one.publisher == CLAIMANT and one.text in told.shows]
    known = {one.text for one in (*bought.visits, *told.visits)}
    if (
        shown
        and (owner is None or not any(one in bought.visits for one in shown))
        and all(text in known or world.elsewhere(text) for text in told.shows)
    ):
        refuted[Why.OUTSIDE_WINDOW] = all(bought.at_us - one.at_us > world.window * DAY_US for one in shown)
        refuted[Why.CLICK_AFTER_ORDER] = all(one.at_us > bought.at_us + 15 * MINUTE_US for one in shown)
    self_refuted = frozenset(
        why for why in (Why.OUTSIDE_WINDOW, Why.CLICK_AFTER_ORDER) if owner == CLAIMANT and refuted.pop(why, False)
    )
    foreign = [one for one in told.visits if one.publisher != CLAIMANT and one.text in told.shows]
    refuted[Why.CLICK_OF_ANOTHER] |= bool(foreign) and owner != CLAIMANT
    whys = frozenset(why for why, so in refuted.items() if so)
    owed = owner == CLAIMANT and not whys
    if not owed:
        unclear = told.garbled or told.hidden or told.doubted
        if whys and not unclear:
            return Truth(answers=frozenset({Answer.REJECT}), whys=whys, owed=False)
        if whys & {Why.DECLINED, Why.ALREADY_CREDITED} and told.doubted:
            return Truth(answers=frozenset({Answer.ASK}), whys=frozenset(), owed=False)
        # Nothing in the records refutes it for sure: a person may be asked; paying is what must not happen.
        return Truth(answers=frozenset({Answer.ASK, Answer.REJECT}), whys=frozenset(Why), owed=False)
    traced = any(one.publisher == CLAIMANT and one.text in bought.kept for one in bought.visits) or (
        bought.voucher == "ana10"
    )
    # Without a trace of the shop's own, a token of the very visit is one as long as no postback says otherwise.
    own = [one for one in bought.visits if one.publisher == CLAIMANT and one.record is not None]
    known = (
        {*told.shows, *(one.text for one in world.sub_id_visits)} if len(world.sub_id_visits) <= 1 else {*told.shows}
    )
    traced |= bought.posted is None and not world.others and any(one.text in known for one in own)
    unclear = told.garbled or told.hidden or told.doubted or credited not in (None, CLAIMANT)
    right = {Answer.ACCEPT if traced and not unclear else Answer.ASK}
    # It is owed, but all that its publisher shows is a click that cannot count: to be told so is an answer, too.
    if not traced and self_refuted:
        right.add(Answer.REJECT)
    return Truth(
        answers=frozenset(right),
        whys=self_refuted,
        owed=True,
        retained=bought.retained,
        commission=world.commission(bought, CLAIMANT, click_us),
    )


def case(rng: Random) -> ClaimCase:
    """A claim of some scenario, and what is right."""
    names = list(SCENARIOS)
    name = rng.choices(names, [SCENARIOS[one][0] for one in names])[0]
    return made(name, rng)


def made(name: str, rng: Random) -> ClaimCase:
    """A claim of one scenario; in every other one something is added that has nothing to do with it."""
    world = World(rng)
    told = SCENARIOS[name][1](world)
    if rng.random() < 0.5:
        rng.choice(TWISTS)(world, told)
    for _ in range(rng.randint(2, 6)):
        world.honest_sale()
    meant = told.meant
    base_us = world.start_us + 3 * DAY_US if meant is None else meant.at_us
    claimed_us = base_us + told.days_after * DAY_US
    writes_from = rng.choice((world.zone, world.zone, "UTC", "Europe/Berlin"))
    day = told.day or (world.local_day(base_us, writes_from))
    amount = told.amount
    if amount is None:
        amount = rng.choice((meant.net, meant.gross)) if meant else rng.randint(2_000, 90_000)
    claim = Claim(
        id=rng.randint(1, 9_999),
        publisher=CLAIMANT,
        publisher_name="Reisekasse",
        claimed_us=claimed_us,
        order_id=told.order_id,
        ordered_day=day.isoformat(),
        amount_minor=amount,
        currency=told.currency or (meant.currency if meant else "EUR"),
        touches=tuple(world.keys.read(text) for text in told.shows),
        clicked_us=told.clicked_us,
        voucher=meant.voucher if meant else "",
    )
    until_us = base_us - 2 * HOUR_US if told.hidden else None
    return ClaimCase(scenario=name, facts=world.facts(claim, until_us=until_us), truth=truth(world, told, claimed_us))
