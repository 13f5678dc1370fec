"""A small network with sixty days behind it, written straight into the tables: two advertisers, eight publishers, some
hundred conversions in every state, what waits for a person, and what was sent to publishers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import Random
from typing import Any

from warum.adapters.postgres.database import PostgresDatabase
from warum.app import codec
from warum.app.call import Caller, Deps, perform
from warum.app.operations import BY_NAME
from warum.app.steps import write_steps
from warum.app.timers import rules_by_id
from warum.domain.commission import commission_minor, rule_at
from warum.domain.conversion import (
    Attribution,
    Conversion,
    Credit,
    EventKind,
    Report,
    Standing,
    Status,
    Step,
)
from warum.domain.lifecycle import Cause, Transition, begin, move
from warum.domain.mode import Mode
from warum.kernel.ids import RecordId, private
from warum.kernel.period import DAY_US, HOUR_US, MINUTE_US, from_us, hour_start
from warum.kernel.refusal import Refusal
from warum.ports.catalog import ActorKind
from warum.ports.conversions import OpenReport
from warum.ports.database import Role, Scope
from warum.ports.deliveries import Attempt
from warum.ports.tracking import Counts, DropKey, Quarantined, RollupKey
from warum.verticals import VERTICALS

ANA = Caller(scope=Scope(Role.OPERATOR), kind=ActorKind.PERSON, actor="usr_1")
SYSTEM = Scope(Role.SYSTEM)
DAYS = 60

PUBLISHERS = (
    ("Küstenkompass", "content", 300, 0.034),
    ("Slow Weekends", "content", 140, 0.041),
    ("Familienküche", "content", 60, 0.012),
    ("Reisefeder", "content", 90, 0.028),
    ("Sparfuchs Cashback", "cashback", 220, 0.052),
    ("Gutscheinwelt", "voucher", 180, 0.047),
    ("Nordlicht-Newsletter", "newsletter", 40, 0.02),
)


@dataclass
class Seeded:
    """Public ids of what was made."""

    advertiser: dict[str, str] = field(default_factory=dict)
    program: dict[str, str] = field(default_factory=dict)
    offer: dict[str, str] = field(default_factory=dict)
    publisher: dict[str, str] = field(default_factory=dict)
    partnership: dict[tuple[str, str], str] = field(default_factory=dict)
    link: dict[tuple[str, str], str] = field(default_factory=dict)
    target: str = ""
    application: str = ""
    pending: str = ""
    approved: str = ""
    declined: str = ""
    nobody: str = ""
    orders: dict[str, str] = field(default_factory=dict)


def number(public: str) -> int:
    prefix = public.partition("_")[0]
    kinds = {"adv": "advertiser", "prg": "program", "pub": "publisher", "psh": "partnership", "lnk": "link"}
    kinds |= {"off": "offer", "alc": "allocation", "tgt": "postback_target", "cnv": "conversion"}
    found = private(kinds[prefix], public)
    assert found is not None
    return found


class Seeder:
    def __init__(self, deps: Deps, at: Callable[[int], None], worker: PostgresDatabase, now_us: int) -> None:
        self._deps, self._at, self._worker, self._now_us = deps, at, worker, now_us
        self._random = Random(7)
        self._made = Seeded()
        self._record = 0

    def do(self, name: str, /, **given: Any) -> Any:
        operation = BY_NAME[name]
        ask = codec.read(operation, given)
        assert not isinstance(ask, Refusal), ask
        output = perform(operation, self._deps, ANA, ask)
        assert not isinstance(output, Refusal), output
        return codec.plain(operation, output)

    def run(self) -> Seeded:
        self._at(self._now_us - DAYS * DAY_US)
        self._catalog()
        self._at(self._now_us)
        self._traffic()
        self._waiting()
        self._told()
        return self._made

    # Catalog.

    def _catalog(self) -> None:
        made = self._made
        hotel = self._advertiser("Hotel Seeblick", "seeblick", "www.seeblick.example")
        shop = self._advertiser("Hafenladen", "hafenladen", "shop.hafenladen.example")
        self.do("advertiser.host.add", advertiser=shop, host="outlet.hafenladen.example")
        self.do(
            "advertiser.basis.record",
            advertiser=shop,
            basis="Legitimate interest, balanced on 3 May with counsel; record 12 of the register of processing.",
        )
        self._program(
            hotel, "seeblick", "Seeblick direct", "hotel", 8, hold=3, offers={"Sea view": ("Rooms", "Weekend")}
        )
        self._program(
            shop,
            "hafenladen",
            "Hafenladen",
            "retail",
            6.5,
            hold=14,
            offers={"Coats": ("Overview", "Rain coats", "Story")},
            validation="manual",
        )
        self.do("rule.add", program=made.program["hafenladen"], kind="fixed", amount="4.00", group="newcomer")
        for name, kind, _, _ in PUBLISHERS:
            code = name.lower().replace("ü", "ue").replace(" ", "-")
            made.publisher[name] = self.do("publisher.create", name=name, kind=kind, code=code)["id"]
            for program in ("seeblick", "hafenladen"):
                if name != "Familienküche" or program == "hafenladen":
                    self._partner(name, program)
        self.do(
            "rule.add",
            program=made.program["seeblick"],
            kind="percent",
            percent="10",
            publisher=made.publisher["Küstenkompass"],
            reason="Best stays of the year, agreed on the phone.",
        )
        made.target = self.do(
            "postback.create",
            publisher=made.publisher["Küstenkompass"],
            url_template="https://tracker.kuestenkompass.example/pb?cid={sub1}&payout={payout}&status={status}",
        )["target"]["id"]
        self._at(self._now_us - 2 * DAY_US)
        late = self.do("publisher.create", name="Deal-Radar 24", kind="voucher", code="deal-radar")["id"]
        made.publisher["Deal-Radar 24"] = late
        made.application = self.do(
            "partnership.apply",
            publisher=late,
            program=made.program["seeblick"],
            application="We list offers of hotels on the coast, 40,000 readers a month, no brand bidding.",
        )["id"]
        self.do("partnership.apply", publisher=late, program=made.program["hafenladen"])
        self.do("partnership.apply", publisher=made.publisher["Familienküche"], program=made.program["seeblick"])

    def _advertiser(self, name: str, code: str, host: str) -> str:
        made = self.do("advertiser.create", name=name, code=code)["id"]
        self._made.advertiser[code] = made
        self.do("advertiser.host.add", advertiser=made, host=host)
        self.do("advertiser.host.prove", advertiser=made, host=host, evidence="The file holds the challenge.")
        self.do("advertiser.credentials.rotate", advertiser=made)
        return made

    def _program(
        self,
        advertiser: str,
        code: str,
        name: str,
        vertical: str,
        percent: float,
        *,
        hold: int,
        offers: dict[str, tuple[str, ...]],
        validation: str = "automatic",
    ) -> None:
        made = self.do(
            "program.create",
            advertiser=advertiser,
            name=name,
            code=code,
            vertical=vertical,
            hold_days=hold,
            validation=validation,
        )["id"]
        self._made.program[code] = made
        self.do("rule.add", program=made, kind="percent", percent=str(percent))
        host = "www.seeblick.example" if code == "seeblick" else "shop.hafenladen.example"
        for offer, pages in offers.items():
            landing = [{"name": page, "url": f"https://{host}/{page.lower().replace(' ', '-')}"} for page in pages]
            self._made.offer[code] = self.do("offer.create", program=made, name=offer, landing_pages=landing)["id"]

    def _partner(self, name: str, program: str) -> None:
        made = self._made
        partnership = self.do(
            "partnership.apply", publisher=made.publisher[name], program=made.program[program], application=""
        )["id"]
        self.do("partnership.approve", partnership=partnership)
        made.partnership[name, program] = partnership
        made.link[name, program] = self.do(
            "link.create", partnership=partnership, offer=made.offer[program], name=f"{name}: article"
        )["id"]

    # What happened.

    def _traffic(self) -> None:
        transitions: list[Transition] = []
        counts: dict[RollupKey, Counts] = {}
        with self._deps.database.transaction(SYSTEM) as tx:
            terms = {found.code: found for found in tx.catalog.terms_by_code(list(self._made.program)).values()}
            rules = tx.catalog.rules([found.program for found in terms.values()])
            allocations = {
                code: tx.catalog.offer(number(offer)).allocation  # pyright: ignore
                for code, offer in self._made.offer.items()
            }
        for name, _, a_day, share in PUBLISHERS:
            for program in ("seeblick", "hafenladen"):
                if (name, program) not in self._made.link:
                    continue
                link = number(self._made.link[name, program])
                for day in range(DAYS - 1):
                    clicks = max(0, round(a_day * self._random.uniform(0.5, 1.4) / 12))
                    for _ in range(3):
                        hour_us = hour_start(self._now_us - (DAYS - 1 - day) * DAY_US + self._random.randrange(DAY_US))
                        hour_us = min(hour_us, hour_start(self._now_us))
                        arm = self._random.randrange(2)
                        key = RollupKey(
                            hour_us,
                            terms[program].advertiser,
                            number(self._made.publisher[name]),
                            terms[program].program,
                            link,
                            allocations[program] or 0,
                            arm,
                            Mode.LIVE,
                        )
                        sold = sum(self._random.random() < share for _ in range(clicks))
                        bare = clicks // 5
                        seen = Counts(clicks * 9, clicks - bare, 0, bare, sold)
                        counts[key] = counts.get(key, Counts()).plus(seen)
                        for _ in range(sold):
                            transitions += self._conversion(
                                name, program, link, allocations[program] or 0, arm, hour_us, terms[program], rules
                            )
        transitions += self._nobody(terms["hafenladen"])
        drops = [
            (DropKey(hour_start(self._now_us - HOUR_US), number(advertiser), number(link), reason), count)
            for advertiser, link in [
                (self._made.advertiser["seeblick"], self._made.link["Küstenkompass", "seeblick"]),
                (self._made.advertiser["hafenladen"], self._made.link["Gutscheinwelt", "hafenladen"]),
            ]
            for reason, count in [("crawler", 214), ("repeat", 31), ("prefetch", 12)]
        ]
        with self._worker.transaction(SYSTEM) as tx:
            tx.tracking.add_counts(sorted(counts.items()))
            tx.tracking.add_drops(sorted(drops))
        with self._deps.database.transaction(SYSTEM) as tx:
            write_steps(
                tx,
                transitions,
                terms={found.program: found for found in terms.values()},
            )

    def _conversion(
        self, name: str, program: str, link: int, allocation: int, arm: int, hour_us: int, terms: Any, rules: Any
    ) -> list[Transition]:
        rand, made = self._random, self._made
        click_us = hour_us + rand.randrange(HOUR_US)
        booked_us = min(click_us + rand.randrange(20 * HOUR_US), self._now_us - MINUTE_US)
        publisher = number(made.publisher[name])
        self._record += 1
        click = RecordId(0, 1, self._record)
        rule = rule_at(rules[terms.program], publisher=publisher, group="", click_at_us=click_us)
        hotel = terms.vertical == "hotel"
        amount = rand.randrange(180, 900) * 100 + rand.choice((0, 50)) if hotel else rand.randrange(2_490, 18_990)
        stay = from_us(booked_us) + timedelta(days=rand.randrange(1, 30))
        report = Report(
            step=Step.BOOKED,
            at_us=booked_us,
            amount_minor=amount,
            retained_minor=None,
            check_in=stay.date().isoformat() if hotel else None,
            check_out=(stay + timedelta(days=2)).date().isoformat() if hotel else None,
            reason=None,
        )
        vertical = VERTICALS[terms.vertical]
        standing = vertical.book(report, terms)
        assert isinstance(standing, Standing)
        with_id = self._ids()
        order = f"{'SB' if hotel else 'HL'}-{with_id:06d}"
        conversion = Conversion(
            id=with_id,
            advertiser=terms.advertiser,
            program=terms.program,
            order_id=order,
            event_type="sale",
            group="",
            mode=Mode.LIVE,
            currency="EUR",
            booked_at_us=booked_us,
            attribution=Attribution(
                credit=Credit.TOKEN,
                why="token",
                publisher=publisher,
                partnership=number(made.partnership[name, program]),
                link=link,
                allocation=allocation,
                arm=arm,
                click_at_us=click_us,
                click_record=click,
            ),
            rule=None if rule is None else rule.id,
            standing=standing,
            commission_minor=commission_minor(rule, standing),
            status_raw="booked",
            seq=1,
        )
        public = f"cnv_{with_id}"
        made.orders[order] = public
        first = begin(
            conversion,
            Cause(
                kind=EventKind.BOOKED,
                at_us=booked_us,
                seen_us=booked_us + 900_000,
                source=self._next(),
                status_raw="booked",
            ),
        )
        steps = [first]
        luck, known = rand.random(), rules_by_id(rules.values())
        age = (self._now_us - booked_us) / DAY_US

        def then(step: Step, kind: EventKind, days: float, word: str, retained: int | None = None) -> None:
            before = steps[-1].after
            at_us = round(booked_us + days * DAY_US)
            later = replace(report, step=step, at_us=at_us, amount_minor=None, retained_minor=retained)
            standing = vertical.change(before.standing, later, terms)
            assert isinstance(standing, Standing), standing
            cause = Cause(kind=kind, at_us=at_us, seen_us=at_us + 500_000, source=self._next(), status_raw=word)
            steps.append(move(before, standing, None if rule is None else known[rule.id], cause))

        if age > 3 and luck < 0.09:
            then(Step.CANCELLED, EventKind.CANCELLED, 2, "storno")
        elif age > 6 and luck < 0.2 and not hotel:
            then(Step.REFUNDED, EventKind.REFUNDED, 5, "teilretoure", retained=amount // 2)
            then(Step.APPROVED, EventKind.APPROVED, 5.5, "ok")
        elif age > 10 and luck < 0.75:
            if hotel:
                then(Step.STAYED, EventKind.STAYED, 8, "checked_out")
            then(Step.APPROVED, EventKind.APPROVED, 9, "confirmed")
        status = steps[-1].after.standing.status
        if status is Status.PENDING and hotel:
            made.pending = public
        if status is Status.APPROVED and hotel and len(steps) > 2:
            made.approved = public
        if status is Status.DECLINED:
            made.declined = public
        return steps

    def _nobody(self, terms: Any) -> list[Transition]:
        with_id = self._ids()
        self._made.nobody = f"cnv_{with_id}"
        at_us = self._now_us - 5 * HOUR_US
        report = Report(
            step=Step.BOOKED,
            at_us=at_us,
            amount_minor=7_990,
            retained_minor=None,
            check_in=None,
            check_out=None,
            reason=None,
        )
        standing = VERTICALS[terms.vertical].book(report, terms)
        assert isinstance(standing, Standing)
        conversion = Conversion(
            id=with_id,
            advertiser=terms.advertiser,
            program=terms.program,
            order_id="=HYPERLINK(1)",
            event_type="sale",
            group="",
            mode=Mode.LIVE,
            currency="EUR",
            booked_at_us=at_us,
            attribution=Attribution(credit=Credit.NONE, why="outside_window"),
            rule=None,
            standing=standing,
            commission_minor=0,
            status_raw="booked",
            seq=1,
        )
        cause = Cause(kind=EventKind.BOOKED, at_us=at_us, seen_us=at_us, source=self._next(), status_raw="booked")
        return [begin(conversion, cause)]

    # What waits for a person.

    def _waiting(self) -> None:
        seen_us = self._now_us - 3 * HOUR_US
        kinds = (
            ("status_unknown", "The status word is not one we know.", "SB-990001", "seeblick"),
            ("order_unknown", "No order with this id has been reported yet.", "SB-990002", "seeblick"),
            ("currency_not_listed", "The program hafenladen takes EUR, not CHF.", "HL-990003", "hafenladen"),
            ("amounts_differ", "The order was booked before with another amount.", "HL-990004", "hafenladen"),
        )
        reports = [
            OpenReport(
                advertiser=number(self._made.advertiser[advertiser]),
                order_id=order,
                event_type="sale",
                mode=Mode.LIVE,
                reason=reason,
                message=message,
                seen_us=seen_us + index * MINUTE_US,
                record=self._next(),
                body=b"",
            )
            for index, (reason, message, order, advertiser) in enumerate(kinds)
        ]
        broken = Quarantined(
            record=self._next(),
            type=4,
            body=b"\x81",
            reason="does not decode: input data was truncated",
            at_us=self._now_us - 7 * HOUR_US,
        )
        with self._worker.transaction(SYSTEM) as tx:
            tx.conversions.open_reports(reports)
            tx.tracking.quarantine([broken])

    def _told(self) -> None:
        """The courier's attempts, some of them in vain."""
        with self._worker.transaction(SYSTEM) as tx:
            due = tx.deliveries.claim(now_us=self._now_us, lease_us=MINUTE_US, limit=400, per_target=400)
            tx.deliveries.settle(
                Attempt(
                    due=one,
                    at_us=self._now_us - (400 - index) * MINUTE_US,
                    answered=200 if index % 7 else 503,
                    outcome="taken" if index % 7 else "the target answered 503",
                    duration_ms=40 + index,
                    delivered=bool(index % 7),
                    again_us=None if index % 7 else self._now_us + HOUR_US,
                )
                for index, one in enumerate(due)
            )

    def _ids(self) -> int:
        with self._deps.database.transaction(SYSTEM) as tx:
            return tx.conversions.allocate_ids(1)[0]

    def _next(self) -> RecordId:
        self._record += 1
        return RecordId(0, 2, self._record)


def seed(deps: Deps, at: Callable[[int], None], worker: PostgresDatabase, now_us: int) -> Seeded:
    """Fill an empty installation.

    Args:
        at: sets the clock of ``deps``.
        worker: of the role that counts clicks.
    """
    return Seeder(deps, at, worker, now_us).run()
