"""A small house with one offer, whose log of draws is written straight into the tables: what bots then see is known."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import psycopg

from warum.adapters.postgres.database import PostgresDatabase
from warum.app.bots import Round, consider_all
from warum.app.call import Caller, Deps, perform
from warum.app.offers import LandingPageIn
from warum.app.operations import BY_NAME
from warum.domain.creatives import Language
from warum.domain.mode import Mode
from warum.domain.sealing import Sealer
from warum.kernel.period import DAY_US, from_us
from warum.kernel.refusal import Refusal
from warum.ports.catalog import ActorKind
from warum.ports.database import Role, Scope
from warum.ports.journal import Cursor
from warum.ports.tracking import Counts, Position, RollupKey

START_US = 20_000 * DAY_US
"""A midnight in October 2024."""
HOST = "www.hotel.example"


@dataclass
class House:
    """Time stands still until a test moves it."""

    app: PostgresDatabase
    worker: PostgresDatabase
    admin: str
    now_us: int = START_US
    chance: random.Random = field(default_factory=lambda: random.Random(7))
    orders: int = 0

    # People ----------------------------------------------------------------------------------------------------------

    def ask(self, name: str, /, *, by: str = "ana", role: Role = Role.MANAGER, **ask: Any) -> Any:
        """The output or the refusal of an operation."""
        operation = BY_NAME[name]
        deps = Deps(
            database=self.app,
            now_us=lambda: self.now_us,
            entropy=self.chance.randbytes,
            sealer=Sealer(bytes(32)),
            edge_url="http://edge.example",
            version="test",
        )
        caller = Caller(scope=Scope(role), kind=ActorKind.PERSON, actor=by)
        return perform(operation, deps, caller, operation.input(**ask))

    def do(self, name: str, /, **ask: Any) -> Any:
        output = self.ask(name, **ask)
        assert not isinstance(output, Refusal), output
        return output

    # The catalog -----------------------------------------------------------------------------------------------------

    def build(self, *, pages: int = 2, shadow: bool = False) -> None:
        """An advertiser with a program and one offer; the bot may propose at once, unless ``shadow``."""
        advertiser = self.do("advertiser.create", name="Hotel").id
        self.do("advertiser.host.add", advertiser=advertiser, host=HOST)
        self.do("advertiser.host.prove", advertiser=advertiser, host=HOST, evidence="seen in the contract")
        self.advertiser = advertiser
        self.program = self.do("program.create", advertiser=advertiser, name="Stays", vertical="retail").id
        self.offer = self.add_offer(pages)
        if not shadow:
            self.policy(shadow_until=from_us(self.now_us))

    def add_offer(self, pages: int = 2) -> int:
        made = self.do(
            "offer.create",
            program=self.program,
            name="Weekend",
            landing_pages=tuple(LandingPageIn(name=f"Page {n}", url=f"https://{HOST}/{n}") for n in range(pages)),
        )
        self.publisher = self.do("publisher.create", name="Blog").id
        partnership = self.do("partnership.apply", publisher=self.publisher, program=self.program)
        self.do("partnership.approve", partnership=partnership.id)
        self.link = self.do("link.create", partnership=partnership.id, offer=made.id).id
        return made.id

    def add_slot(self, creatives: int = 2) -> None:
        """From now on the offer is shown in a slot."""
        for number in range(creatives):
            self.do("creative.create", offer=self.offer, name=f"Ad {number}", language=Language.EN, headline="Stay")
        (partnership,) = self.do("partnership.list").partnerships
        made = self.do("slot.create", partnership=partnership.id, offer=self.offer)
        ((self.link,),) = self.rows("select link_id from warum.slot where id = %s", made.id)

    def policy(self, **changes: Any) -> None:
        self.do("policy.set", program=self.program, bot="creative", **changes)

    def shares(self) -> list[str]:
        return [arm.propensity for arm in self.do("offer.show", offer=self.offer).arms]

    def in_force(self) -> int:
        return self.do("offer.show", offer=self.offer).allocation

    def arms(self, allocation: int) -> list[tuple[Any, ...]]:
        return self.rows(
            "select arm, propensity_ppm from warum.allocation_arm where allocation_id = %s order by arm", allocation
        )

    # The log of draws ------------------------------------------------------------------------------------------------

    def days(
        self,
        count: int,
        rates: Sequence[float],
        *,
        clicks: int = 400,
        status: str = "approved",
        value_minor: int = 10_000,
        shown: int = 0,
        contexts: Mapping[str, Sequence[float]] | None = None,
    ) -> None:
        """So many days of clicks under the allocation in force, with true conversion rates by arm. Then it is
        midnight. ``shown`` is how many impressions came before a click; ``contexts`` have rates and clicks of their
        own."""
        offer = self.do("offer.show", offer=self.offer)
        drawn = [(offer.allocation, offer.arms, rates)] if rates else []
        drawn += [(one.allocation, one.arms, contexts[one.context]) for one in offer.contexts if contexts]
        keyed: list[tuple[RollupKey, Counts]] = []
        rows: list[tuple[Any, ...]] = []
        for _ in range(count):
            for allocation, arm, rate in (
                (allocation, arm, rate)
                for allocation, arms, true in drawn
                for arm, rate in zip(arms, true, strict=True)
            ):
                seen = round(clicks * float(arm.propensity))
                key = RollupKey(
                    hour_us=self.now_us,
                    advertiser=self.advertiser,
                    publisher=self.publisher,
                    program=self.program,
                    link=self.link,
                    allocation=allocation,
                    arm=arm.arm,
                    mode=Mode.LIVE,
                )
                keyed.append((key, Counts(impressions=seen * shown, clicks_token=seen)))
                for _ in range(sum(self.chance.random() < rate for _ in range(seen))):
                    rows.append(self._order(allocation, arm.arm, status, value_minor))
            self.now_us += DAY_US
        with self.worker.transaction(Scope(Role.SYSTEM)) as tx:
            tx.tracking.add_counts(keyed)
        with psycopg.connect(self.admin) as connection, connection.cursor() as cursor:
            cursor.executemany(_CONVERSION, rows)
        self.read_up_to_now()

    def read_up_to_now(self) -> None:
        """The worker has read the journal."""
        with self.worker.transaction(Scope(Role.SYSTEM)) as tx:
            tx.tracking.advance(1, Position(Cursor.START, self.now_us))

    def _order(self, allocation: int, arm: int, status: str, value_minor: int) -> tuple[Any, ...]:
        self.orders += 1
        at_us = self.now_us + self.chance.randrange(DAY_US // 2)
        value = self.chance.randrange(value_minor // 2, value_minor * 3 // 2)
        reason = "cancelled" if status == "declined" else None
        place = (self.advertiser, self.publisher, self.program, self.link, allocation, arm)
        return (*place, at_us, self.orders, at_us, status, reason, value, value)

    # Bots ------------------------------------------------------------------------------------------------------------

    def round(self) -> Round:
        return consider_all(self.worker, lambda: self.now_us, stopped=lambda: False)

    def asked(self) -> Any:
        """The one proposal that people are asked about."""
        (found,) = self.do("proposal.list").proposals
        return found

    def tamper(self, query: str, *values: Any) -> None:
        """As whoever owns the database may."""
        with psycopg.connect(self.admin) as connection:
            connection.execute(query, values)  # pyright: ignore[reportArgumentType]

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.admin) as connection:
            return connection.execute(query, values).fetchall()  # pyright: ignore[reportArgumentType]


_CONVERSION = """
    insert into warum.conversion (advertiser_id, publisher_id, program_id, link_id, allocation_id, arm, credit,
        credit_why, click_at, order_id, event_type, mode, currency, booked_at, status, reason, sale_minor,
        retained_minor, commission_minor, status_raw, seq)
    values (%s, %s, %s, %s, %s, %s, 'token', 'token', warum.at(%s), %s, 'sale', 0, 'EUR', warum.at(%s), %s, %s, %s, %s,
        0, 'ok', 1)
"""
