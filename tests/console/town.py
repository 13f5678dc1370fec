"""A town with a few weeks of life: advertisers, publishers, clicks, conversions that go through their steps with their
bookings, and bots that propose. What happened is known, and made by the doors that the real thing uses."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from conftest import Database
from console.conftest import World
from sealing import VAULT
from warum.adapters.postgres.database import PostgresDatabase
from warum.app import codec
from warum.app.bots import consider_all
from warum.app.call import Caller, Deps, LogReader, perform
from warum.app.operations import BY_NAME
from warum.app.steps import write_steps
from warum.domain.commission import commission_minor
from warum.domain.conversion import Attribution, Conversion, Credit, EventKind, Reason, Standing, Status
from warum.domain.lifecycle import Cause, Transition, begin, move
from warum.domain.mode import Mode
from warum.domain.sealing import Sealer
from warum.kernel.ids import RecordId, private
from warum.kernel.period import DAY_US, HOUR_US, MINUTE_US, from_us
from warum.kernel.refusal import Refusal
from warum.ports.catalog import ActorKind
from warum.ports.database import Role, Scope
from warum.ports.journal import Cursor
from warum.ports.tracking import Counts, DropKey, Position, RollupKey
from warum.web.api import make_app
from warum.web.console.app import make_console

START_US = 20_730 * DAY_US
"""A Sunday in October 2026, midnight."""

_SYSTEM = Scope(Role.SYSTEM)
# Clicks by hour of the day, as a share of the day.
_HOURS = (1, 1, 0, 0, 0, 1, 3, 4, 5, 5, 5, 5, 6, 5, 4, 4, 5, 6, 8, 10, 10, 7, 4, 1)


@dataclass(frozen=True, kw_only=True)
class House:
    """An advertiser with one program and one offer.

    Attributes:
        pages: name and true rate of conversions per click of each landing page.
        clicks: a day, for each publisher.
        silent_hours: for so long nothing was reported at the end.
    """

    name: str
    percent: str
    amount_minor: int
    pages: tuple[tuple[str, float], ...]
    clicks: int
    publishers: tuple[str, ...]
    silent_hours: int = 0


HOUSES = (
    House(
        name="Hotel Seeblick",
        percent="8",
        amount_minor=32_000,
        pages=(("Zimmer mit Seeblick", 0.05), ("Wochenende zu zweit", 0.022)),
        clicks=70,
        publishers=("Anas Reiseblog", "Küstenkompass", "Cashfuchs", "Slow Weekends"),
    ),
    House(
        name="Lindenhof Laden",
        percent="5.5",
        amount_minor=4_200,
        pages=(("Honig", 0.04), ("Apfelsaft", 0.041)),
        clicks=50,
        publishers=("Anas Reiseblog", "Familienküche", "Preisblick", "Cashfuchs"),
    ),
    House(
        name="Gasthaus Krone",
        percent="10",
        amount_minor=6_800,
        pages=(("Muttertagsmenü", 0.03), ("Stammtisch", 0.075), ("Mittagstisch", 0.035)),
        clicks=110,
        publishers=("Küstenkompass", "Familienküche", "Stadtbummel"),
        silent_hours=17,
    ),
)


class Link(NamedTuple):
    """A link, and what it belongs to."""

    house: House
    advertiser: int
    program: int
    offer: int
    publisher: int
    partnership: int
    link: int


@dataclass
class Town:
    app: PostgresDatabase
    worker: PostgresDatabase
    now_us: int = START_US
    chance: random.Random = field(default_factory=lambda: random.Random(11))
    links: list[Link] = field(default_factory=list[Link])
    programs: dict[str, str] = field(default_factory=dict[str, str])
    offers: dict[str, str] = field(default_factory=dict[str, str])
    log: LogReader | None = None
    admin: str = ""
    """The address for whoever owns the database."""
    _due: dict[int, list[tuple[Conversion, str]]] = field(
        default_factory=lambda: defaultdict(list[tuple[Conversion, str]])
    )
    _orders: int = 0

    @property
    def deps(self) -> Deps:
        return Deps(
            database=self.app,
            now_us=lambda: self.now_us,
            entropy=self.chance.randbytes,
            sealer=Sealer(bytes(32)),
            edge_url="http://edge.example",
            version="test",
            log=self.log,
        )

    def ask(self, name: str, /, *, by: str = "network", **given: Any) -> Any:
        """The output or the refusal of an operation, from plain values."""
        operation = BY_NAME[name]
        ask = codec.read(operation, given)
        if isinstance(ask, Refusal):
            return ask
        caller = Caller(scope=Scope(Role.OPERATOR), kind=ActorKind.PERSON, actor=by)
        return perform(operation, self.deps, caller, ask)

    def do(self, name: str, /, **given: Any) -> Any:
        output = self.ask(name, **given)
        assert not isinstance(output, Refusal), output
        return codec.plain(BY_NAME[name], output)

    # Life ------------------------------------------------------------------------------------------------------------

    def build(self, *, days: int = 38) -> None:
        """The catalog, and so many days; bots look in the evening of some of them."""
        self.people()
        for day in range(days):
            self.day(last=day == days - 1)
            if day % 4 == 3:
                self.round()
                for proposal in self.do("proposal.list")["proposals"]:
                    if day < days - 8 and "Krone" not in proposal["subject_name"]:
                        self.do("proposal.approve", proposal=proposal["id"], note="")
        self.round()

    def people(self) -> None:
        publishers: dict[str, str] = {}
        for house in HOUSES:
            host = f"www.{house.name.split()[-1].lower()}.example"
            advertiser = self.do("advertiser.create", name=house.name)["id"]
            self.do("advertiser.host.add", advertiser=advertiser, host=host)
            self.do("advertiser.host.prove", advertiser=advertiser, host=host, evidence="seen in the contract")
            program = self.do("program.create", advertiser=advertiser, name=house.name, vertical="retail", hold_days=7)[
                "id"
            ]
            self.do("rule.add", program=program, kind="percent", percent=house.percent)
            pages = [{"name": name, "url": f"https://{host}/{place}"} for place, (name, _) in enumerate(house.pages)]
            offer = self.do("offer.create", program=program, name=f"{house.name}: Start", landing_pages=pages)["id"]
            self.programs[house.name], self.offers[house.name] = program, offer
            self.do("policy.set", program=program, bot="creative", shadow_until=from_us(self.now_us).isoformat())
            for name in house.publishers:
                if name not in publishers:
                    publishers[name] = self.do("publisher.create", name=name)["id"]
                partnership = self.do("partnership.apply", publisher=publishers[name], program=program)["id"]
                self.do("partnership.approve", partnership=partnership)
                link = self.do("link.create", partnership=partnership, offer=offer)
                ids = {"advertiser": advertiser, "program": program, "offer": offer, "publisher": publishers[name]}
                found = {kind: private(kind, text) or 0 for kind, text in ids.items()}
                self.links.append(
                    Link(
                        house=house,
                        partnership=private("partnership", partnership) or 0,
                        link=private("link", link["id"]) or 0,
                        **found,
                    )
                )
        late = self.do("publisher.create", name="Wanderlust Daily")["id"]
        self.do("partnership.apply", publisher=late, program=self.programs["Hotel Seeblick"], application="Hello")

    def day(self, *, last: bool = False) -> None:
        """A day from midnight; the last one ends in the afternoon."""
        until_us = self.now_us + (DAY_US if not last else 15 * HOUR_US + 25 * MINUTE_US)
        counts: defaultdict[RollupKey, list[int]] = defaultdict(lambda: [0] * 5)
        drops: defaultdict[DropKey, int] = defaultdict(int)
        steps: list[Transition] = self._decided(until_us)
        with self.worker.transaction(_SYSTEM) as tx:
            ids = iter(tx.conversions.allocate_ids(1000))
            rules = tx.catalog.rules([link.program for link in self.links])
            terms = tx.catalog.terms([link.program for link in self.links])
            for link in self.links:
                offer = tx.catalog.offer(link.offer)
                assert offer is not None and offer.allocation is not None
                arms = tx.catalog.allocation(offer.allocation)
                for hour, weight in enumerate(_HOURS):
                    hour_us = self.now_us + hour * HOUR_US
                    if hour_us >= until_us:
                        break
                    clicks = round(link.house.clicks * weight / 100 * self.chance.uniform(0.6, 1.4))
                    drops[DropKey(hour_us, link.advertiser, link.link, "crawler")] += clicks // 9
                    drops[DropKey(hour_us, link.advertiser, link.link, "repeat")] += clicks // 13
                    for _ in range(clicks):
                        arm = self.chance.choices(arms, [one.propensity_ppm for one in arms])[0]
                        key = RollupKey(
                            hour_us,
                            link.advertiser,
                            link.publisher,
                            link.program,
                            link.link,
                            offer.allocation,
                            arm.arm,
                            Mode.LIVE,
                        )
                        bare = self.chance.random() < 0.08
                        counts[key][3 if bare else 1] += 1
                        counts[key][0] += 6
                        at_us = hour_us + self.chance.randrange(HOUR_US)
                        silent = last and at_us >= until_us - link.house.silent_hours * HOUR_US
                        if bare or silent or self.chance.random() >= link.house.pages[arm.arm][1]:
                            continue
                        if at_us >= until_us:
                            continue
                        step = self._booked(next(ids), link, offer.allocation, arm.arm, at_us, rules[link.program][0])
                        steps.append(step)
                        counts[key][4] += 1
            write_steps(tx, steps, terms=terms)
            tx.tracking.add_counts([(key, Counts(*values)) for key, values in sorted(counts.items())])
            tx.tracking.add_drops([(key, count) for key, count in sorted(drops.items()) if count])
            tx.tracking.advance(1, Position(Cursor.START, until_us))
        self.now_us = until_us

    def round(self) -> None:
        """The bots look."""
        consider_all(self.worker, lambda: self.now_us, stopped=lambda: False)

    def click(self, count: int = 1) -> None:
        """Somebody clicks the first link, now."""
        link = self.links[0]
        with self.worker.transaction(_SYSTEM) as tx:
            offer = tx.catalog.offer(link.offer)
            assert offer is not None and offer.allocation is not None
            key = RollupKey(
                self.now_us - self.now_us % HOUR_US,
                link.advertiser,
                link.publisher,
                link.program,
                link.link,
                offer.allocation,
                0,
                Mode.LIVE,
            )
            tx.tracking.add_counts([(key, Counts(clicks_token=count))])
            position = tx.tracking.position(1)
            moved = Cursor(position.cursor.segment, position.cursor.offset, position.cursor.number + count)
            tx.tracking.advance(1, Position(moved, self.now_us))

    def _booked(self, id_: int, link: Link, allocation: int, arm: int, at_us: int, rule: Any) -> Transition:
        self._orders += 1
        sale = round(link.house.amount_minor * self.chance.uniform(0.6, 1.5))
        standing = Standing(
            status=Status.PENDING,
            reason=None,
            sale_minor=sale,
            retained_minor=sale,
            check_in=None,
            check_out=None,
            release_at_us=at_us + 7 * DAY_US,
        )
        conversion = Conversion(
            id=id_,
            advertiser=link.advertiser,
            program=link.program,
            order_id=f"A-{self._orders}",
            event_type="sale",
            group="",
            mode=Mode.LIVE,
            currency="EUR",
            booked_at_us=at_us,
            attribution=Attribution(
                credit=Credit.TOKEN,
                why="token",
                publisher=link.publisher,
                partnership=link.partnership,
                link=link.link,
                allocation=allocation,
                arm=arm,
                click_at_us=at_us,
                click_record=RecordId(1, 0, self._orders),
            ),
            rule=rule.id,
            standing=standing,
            commission_minor=commission_minor(rule, standing),
            status_raw="booked",
            seq=1,
        )
        cancelled = self.chance.random() < 0.12
        due_us = at_us + (2 if cancelled else 7) * DAY_US
        self._due[due_us // DAY_US].append((conversion, "cancelled" if cancelled else "released"))
        return begin(conversion, Cause(kind=EventKind.BOOKED, at_us=at_us, seen_us=at_us))

    def _decided(self, until_us: int) -> list[Transition]:
        """Steps that fall due on this day."""
        steps: list[Transition] = []
        with self.worker.transaction(_SYSTEM) as tx:
            rules = tx.catalog.rules([link.program for link in self.links])
        for conversion, kind in self._due.pop(self.now_us // DAY_US, []):
            at_us = min(self.now_us + self.chance.randrange(12 * HOUR_US), until_us)
            cause = Cause(kind=EventKind(kind), at_us=at_us, seen_us=at_us)
            before = conversion.standing
            if kind == "cancelled":
                after = Standing(
                    status=Status.DECLINED,
                    reason=Reason.CANCELLED,
                    sale_minor=before.sale_minor,
                    retained_minor=0,
                    check_in=None,
                    check_out=None,
                    release_at_us=None,
                )
            else:
                after = Standing(
                    status=Status.APPROVED,
                    reason=None,
                    sale_minor=before.sale_minor,
                    retained_minor=before.retained_minor,
                    check_in=None,
                    check_out=None,
                    release_at_us=None,
                )
            steps.append(move(conversion, after, rules[conversion.program][0], cause))
        return steps


@contextmanager
def opened(database: Database) -> Generator[Town]:
    """A town without anybody in it."""
    with PostgresDatabase(database.app, VAULT) as app, PostgresDatabase(database.worker, VAULT) as worker:
        yield Town(app=app, worker=worker, admin=database.admin)


def world_of(town: Town) -> World:
    """The console of the town."""
    deps = town.deps
    return World(deps, make_app(deps, console=make_console(deps)))
