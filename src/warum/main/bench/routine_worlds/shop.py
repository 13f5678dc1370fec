"""A shop of one program: what visitors clicked and bought, what it kept and sent, whose each sale truly is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

from warum.domain.catalog import CommissionKind, CommissionRule, EdgeLink, PartnershipStatus, Terms, Validation
from warum.domain.conversion import Attribution, Conversion, Credit, Reason, Standing, Status
from warum.domain.mode import Mode
from warum.domain.records import Basis
from warum.domain.routine.claims.records import Agreement, Claim, Facts, Order
from warum.domain.token import TokenKeys, Touch
from warum.kernel.ids import RecordId
from warum.kernel.period import DAY_US, HOUR_US, to_us

CLAIMANT: Final[int] = 31
OTHER: Final[int] = 32
_PUBLISHERS: Final[tuple[int, ...]] = (31, 32, 33, 34)
_ADVERTISER, _PROGRAM = 5, 7
_ZONES: Final = ("Europe/Berlin", "America/New_York", "Europe/Lisbon", "Asia/Tokyo")


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A click that somebody made. ``text`` is what its destination carried; empty without consent and basis."""

    publisher: int
    link: int
    at_us: int
    text: str
    record: RecordId | None


@dataclass(slots=True, kw_only=True)
class Purchase:
    """What was really bought, and what became of it.

    Attributes:
        visits: the buyer's clicks before it.
        kept: click ids that the shop's system kept with it.
        posted: click ids that reached us with its postback; None if no postback did.
        conversion: its id, if there is one.
        net_posted: the amount that came with the postback, where it was another.
    """

    id: str
    at_us: int
    net: int
    gross: int
    retained: int
    currency: str
    group: str = ""
    mode: Mode = Mode.LIVE
    voucher: str = ""
    visits: list[Visit] = field(default_factory=list[Visit])
    kept: list[str] = field(default_factory=list[str])
    posted: list[str] | None = None
    status: Status = Status.PENDING
    reason: Reason | None = None
    conversion: int = 0
    net_posted: int | None = None


class World:
    """One program of one shop, with honest sales around the one that is claimed."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.keys = TokenKeys(
            issue=1,
            token_keys={1: rng.randbytes(32)},
            reference_keys={1: rng.randbytes(32)},
        )
        self.zone = rng.choice(_ZONES)
        self.window = rng.choice((7, 14, 30, 45))
        self.vouchers_first = rng.random() < 0.2
        self.claim_days: int | None = 60
        self.currencies = ("EUR", "CHF") if rng.random() < 0.5 else ("EUR",)
        self.basis: str | None = "recorded"
        self.clock_behind_us = 0
        self.links = {100 + publisher: link_of(100 + publisher, publisher) for publisher in _PUBLISHERS}
        self.start_us = to_us(datetime(2027, rng.randint(2, 11), rng.randint(1, 28), tzinfo=ZoneInfo(self.zone)))
        self.rates: list[tuple[int, int | None, str, int]] = [(0, None, "", 80_000), (0, None, "extra", 30_000)]
        if rng.random() < 0.5:
            self.rates.append((0, CLAIMANT, "", 100_000))
        if rng.random() < 0.5:  # a newer rule that clicks before it do not fall under
            self.rates.append((self.start_us + rng.randint(-5, 5) * DAY_US, CLAIMANT, "", 120_000))
        self.approved_from: dict[int, int] = dict.fromkeys(_PUBLISHERS, 0)
        self.purchases: list[Purchase] = []
        self.number = rng.randint(1_000, 9_000)
        self.style = rng.choice(("A-{:04d}", "{:07d}", "HB/{:06d}", "wc_{:05d}"))
        self.records = 0
        self.claims_lately, self.sales_lately = rng.randint(0, 2), rng.randint(5, 60)
        self.others: list[Claim] = []
        self.sub_id_visits: list[Visit] = []
        for _ in range(rng.randint(6, 14)):
            self.honest_sale()

    def purchase(self, *, visits: Sequence[Visit] = (), at_us: int | None = None, currency: str = "EUR") -> Purchase:
        """A new order of the buyer with these clicks; nothing of it has reached us."""
        rng = self.rng
        self.number += rng.choice((1, 1, 1, 2, 3))
        gross = rng.randint(2_000, 90_000)
        net = round(gross / rng.choice((1.07, 1.19)))
        bought = Purchase(
            id=self.style.format(self.number),
            at_us=self.start_us + rng.randint(0, 5 * DAY_US) if at_us is None else at_us,
            net=net,
            gross=gross,
            retained=net,
            currency=currency,
            visits=list(visits),
        )
        self.purchases.append(bought)
        bought.conversion = 500 + len(self.purchases)
        return bought

    def visit(self, publisher: int, at_us: int, *, basis: Basis = Basis.CONSENT, mode: Mode = Mode.LIVE) -> Visit:
        self.records += 1
        record = RecordId(1, 1, self.records)
        link = 100 + publisher
        touch = Touch(
            at_us=at_us // 1_000_000 * 1_000_000,
            link=link,
            allocation=1,
            arm=1,
            basis=basis,
            mode=mode,
            record=record if basis in (Basis.CONSENT, Basis.MEMBER_REQUEST) else None,
        )
        match basis:
            case Basis.NONE:
                return Visit(publisher=publisher, link=link, at_us=at_us, text="", record=None)
            case Basis.REFERENCE:
                text = self.keys.reference(touch)
            case _:
                text = self.keys.token(touch)
        return Visit(publisher=publisher, link=link, at_us=at_us, text=text, record=touch.record)

    def honest_sale(self) -> Purchase:
        """A sale as most are: clicked, bought, reported, credited."""
        at_us = self.start_us + self.rng.randint(0, 5 * DAY_US)
        publisher = self.rng.choice(_PUBLISHERS[1:])
        seen = self.visit(publisher, at_us - self.rng.randint(1, self.window * 20) * HOUR_US)
        bought = self.purchase(visits=[seen], at_us=at_us)
        bought.posted = bought.kept = [seen.text]
        return bought

    def owner(self, bought: Purchase) -> tuple[int | None, int]:
        """Whose the sale truly is, and when the click was that counts: the rule of the program on the true visit."""
        codes = {"ana10": CLAIMANT, "ben10": OTHER}
        by_code = codes.get(bought.voucher), bought.at_us
        if by_code[0] is not None and self.vouchers_first:
            return by_code
        within = [
            one
            for one in bought.visits
            if 0 <= bought.at_us - one.at_us <= self.window * DAY_US
            and (one.record is not None or (one.text and self.basis is not None))
        ]
        within.sort(key=lambda one: (one.record is not None, one.at_us))
        if within:
            return within[-1].publisher, within[-1].at_us
        return by_code

    def commission(self, bought: Purchase, publisher: int, click_us: int) -> int:
        """By the rule in force at the click: the publisher's own first, then the group's, then the newest."""
        able = [
            (who is not None, group != "", from_us, rate)
            for from_us, who, group, rate in self.rates
            if from_us <= click_us and who in (publisher, None) and group in (bought.group, "")
        ]
        rate = max(able)[3]
        whole, rest = divmod(bought.retained * rate, 1_000_000)
        return whole + (rest * 2 >= 1_000_000)

    def credited(self, bought: Purchase) -> int | None:
        """Whom the operator's records credit, by what came with the postback."""
        if bought.posted is None:
            return None
        came = [one for one in bought.visits if one.text in bought.posted]
        came = [one for one in came if 0 <= bought.at_us - one.at_us <= self.window * DAY_US]
        return max(came, key=lambda one: (one.record is not None, one.at_us)).publisher if came else None

    def elsewhere(self, text: str) -> bool:
        """Whether a click id leads to another shop."""
        read = self.keys.read(text)
        return isinstance(read, Touch) and read.link == 999

    def local_day(self, at_us: int, zone: str | None = None) -> date:
        return (
            (datetime(1970, 1, 1, tzinfo=ZoneInfo("UTC")) + timedelta(microseconds=at_us))
            .astimezone(ZoneInfo(zone or self.zone))
            .date()
        )

    def facts(self, claim: Claim, *, until_us: int | None = None) -> Facts:
        """The records that this world left."""
        read = self.keys.read
        return Facts(
            claim=claim,
            agreement=Agreement(
                terms=Terms(
                    program=_PROGRAM,
                    advertiser=_ADVERTISER,
                    code="p7",
                    vertical="retail",
                    currencies=self.currencies,
                    window_days=self.window,
                    hold_days=30,
                    validation=Validation.MANUAL,
                    timezone=self.zone,
                ),
                rules=tuple(
                    CommissionRule(
                        id=1 + index, program=_PROGRAM, publisher=who, group=group, kind=CommissionKind.PERCENT,
                        rate_ppm=rate, amount_minor=0, currency=None, valid_from_us=from_us, version=1 + index,
                    )
                    for index, (from_us, who, group, rate) in enumerate(self.rates)
                ),
                standing=((self.approved_from[claim.publisher], PartnershipStatus.APPROVED),),
                vouchers={"ana10": CLAIMANT, "ben10": OTHER},
                vouchers_first=self.vouchers_first,
                groups_excluded=frozenset({"gift cards"}),
                reference_basis=self.basis,
                claim_days=self.claim_days,
            ),
            orders=tuple(self._order(one) for one in self.purchases if until_us is None or one.at_us <= until_us),
            orders_until_us=claim.claimed_us - HOUR_US if until_us is None else until_us,
            conversions=tuple(self._conversion(one) for one in self.purchases if one.posted is not None),
            links=self.links,
            clicks=tuple(touch for one in self.sub_id_visits if isinstance(touch := read(one.text), Touch)),
            others=tuple(self.others),
            claims_lately=self.claims_lately,
            sales_lately=self.sales_lately,
        )  # fmt: skip

    def _order(self, bought: Purchase) -> Order:
        return Order(
            id=bought.id,
            ordered_us=bought.at_us - self.clock_behind_us,
            amount_minor=bought.net,
            retained_minor=bought.retained,
            currency=bought.currency,
            gross_minor=bought.gross,
            group=bought.group,
            mode=bought.mode,
            touches=tuple(self.keys.read(text) for text in bought.kept),
            voucher=bought.voucher,
        )

    def _conversion(self, bought: Purchase) -> Conversion:
        publisher = self.credited(bought)
        came = [one for one in bought.visits if one.text in (bought.posted or ()) and one.publisher == publisher]
        click = max(came, key=lambda one: one.at_us, default=None)
        if publisher is None or click is None:
            credit = Attribution(credit=Credit.NONE, why="no_click" if not bought.posted else "forged_click_id")
        else:
            by = Credit.TOKEN if click.record is not None else Credit.REFERENCE
            credit = Attribution(
                credit=by, why=by.value, publisher=publisher, partnership=publisher, link=click.link, allocation=1,
                arm=1, click_at_us=click.at_us, click_record=click.record,
            )  # fmt: skip
        declined = bought.status is Status.DECLINED
        return Conversion(
            id=bought.conversion,
            advertiser=_ADVERTISER,
            program=_PROGRAM,
            order_id=bought.id,
            event_type="sale",
            group=bought.group,
            mode=bought.mode,
            currency=bought.currency,
            booked_at_us=bought.at_us,
            attribution=credit,
            rule=1,
            standing=Standing(
                status=bought.status,
                reason=bought.reason,
                sale_minor=bought.net if bought.net_posted is None else bought.net_posted,
                retained_minor=0 if declined else min(bought.retained, bought.net_posted or bought.retained),
                check_in=None, check_out=None, release_at_us=None,
            ),
            commission_minor=0 if publisher is None or declined else self.commission(bought, publisher, bought.at_us),
            status_raw="",
            seq=1,
        )  # fmt: skip


def link_of(link: int, publisher: int) -> EdgeLink:
    return EdgeLink(
        id=link, code=f"c{link}", advertiser=_ADVERTISER, program=_PROGRAM, publisher=publisher, partnership=publisher,
        allocation=1, active=True,
    )  # fmt: skip
