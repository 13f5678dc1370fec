"""A small network over a real database, and a journal in memory to tell it things."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

import psycopg

from sealing import VAULT
from warum.adapters.postgres.database import PostgresDatabase
from warum.app.ingest import Consumer, Ingest
from warum.app.log import history
from warum.domain.catalog import CommissionKind, CommissionRule, PartnershipStatus, ProgramStatus, Validation
from warum.domain.conversion import Conversion
from warum.domain.ledger import AccountKind, Book
from warum.domain.mode import Mode
from warum.domain.records import Basis, Click, Postback, Record, Tally, Tick
from warum.domain.token import TokenKeys, Touch
from warum.edge import codec
from warum.kernel.ids import RecordId
from warum.kernel.period import DAY_US, HOUR_US, parse_iso
from warum.ports.catalog import Arm, Program
from warum.ports.database import Role, Scope
from warum.ports.journal import Cursor, RawRecord
from warum.ports.ledger import LedgerProof

SYSTEM = Scope(Role.SYSTEM)
OPERATOR = Scope(Role.OPERATOR)
LONG_AGO_US = parse_iso("2020-01-01T00:00:00Z") or 0
KEYS = TokenKeys(issue=1, token_keys={1: b"k" * 64}, reference_keys={1: b"r" * 32})
WRITTEN_BY_US = (
    "contest, conversion, conversion_event, report_seen, report_open, account, txn, posting, rollup_hour, "
    "rollup_program, rollup_link_day, rollup_arm_day, rollup_money_day, rollup_drop, sub_id, ingest_offset, "
    "quarantine, outbox, delivery, lake_file, lake_offset"
)


def us(moment: str) -> int:
    """Microseconds of a day such as 2027-05-01 (noon UTC), or of an RFC 3339 moment."""
    parsed = parse_iso(moment if "T" in moment else f"{moment}T12:00:00Z")
    assert parsed is not None
    return parsed


@dataclass
class MemoryJournal:
    """``ports.journal.Journal`` over lists."""

    streams_: dict[int, list[tuple[int, bytes]]] = field(default_factory=dict)

    def append(self, record: Record, *, stream: int = 1) -> RecordId:
        return self.append_raw(*codec.encode(record), stream=stream)

    def append_raw(self, type_: int, body: bytes, *, stream: int = 1) -> RecordId:
        records = self.streams_.setdefault(stream, [])
        records.append((type_, body))
        return RecordId(stream, 0, len(records) - 1)

    def next_id(self, stream: int = 1) -> RecordId:
        return RecordId(stream, 0, len(self.streams_.get(stream, ())))

    def streams(self) -> list[int]:
        return sorted(self.streams_)

    def read(self, stream: int, after: Cursor, limit: int) -> tuple[list[RawRecord], Cursor]:
        first = after.number + 1
        records = self.streams_.get(stream, [])[first : first + limit]
        raws = [RawRecord(RecordId(stream, 0, first + n), *record) for n, record in enumerate(records)]
        return raws, Cursor(0, first + len(raws), after.number + len(raws))

    def decode(self, raw: RawRecord) -> Record:
        return codec.decode(raw.type, raw.body)


@dataclass
class Network:
    """An advertiser with a hotel and a shop program, and two publishers with a link in each.

    Commission: 8 % in the hotel, 5 % in the shop, and 7 cents a click in the shop for Ben alone.
    """

    database: PostgresDatabase
    app: PostgresDatabase
    admin_url: str
    advertiser: int
    programs: dict[str, int]
    publishers: dict[str, int]
    links: dict[tuple[str, str], int]
    keys: TokenKeys = KEYS
    journal: MemoryJournal = field(default_factory=MemoryJournal)
    events: Iterator[int] = field(default_factory=count)

    @property
    def deps(self) -> Ingest:
        return Ingest(
            database=self.database,
            journal=self.journal,
            token_keys=self.keys,
        )

    # Telling the journal ----------------------------------------------------------------------------------------------

    def click(
        self,
        publisher: str = "ana",
        program: str = "hotel",
        *,
        at: str,
        basis: Basis = Basis.CONSENT,
        mode: Mode = Mode.LIVE,
        sub_ids: bytes | None = None,
        stream: int = 1,
    ) -> str:
        """A counted click; the token or link reference that the visitor carries on."""
        at_us = us(at)
        touch = Touch(
            at_us=at_us,
            link=self.links[publisher, program],
            allocation=1,
            arm=0,
            basis=basis,
            mode=mode,
            record=self.journal.next_id(stream),
        )
        named = basis in (Basis.CONSENT, Basis.MEMBER_REQUEST)
        shown_us = at_us if named else at_us // HOUR_US * HOUR_US
        self.journal.append(
            Click(
                at_us=shown_us,
                seen_us=shown_us,
                link=touch.link,
                allocation=1,
                arm=0,
                basis=basis,
                mode=mode,
                sub_ids=sub_ids,
                sub_day=None if sub_ids is None else at_us // DAY_US,
            ),
            stream=stream,
        )
        return self.keys.token(touch) if named else self.keys.reference(touch)

    def postback(self, step: str, *, at: str, stream: int = 1, **fields: Any) -> RecordId:
        return self.journal.append(self.report(step, at=at, **fields), stream=stream)

    def report(
        self, step: str, *, at: str, seen: str | None = None, token: str | None = None, **fields: Any
    ) -> Postback:
        values: dict[str, Any] = {
            "at_us": us(at),
            "seen_us": us(seen or at),
            "advertiser": self.advertiser,
            "dialect": "generic",
            "event_id": f"event {next(self.events)}",
            "step": step,
            "status_raw": step,
            "mode": Mode.LIVE,
            "order_id": "1001",
            "click_refs": () if token is None else (token,),
            **fields,
        }
        return Postback(**values)

    def tick(self, at: str, *, stream: int = 1) -> None:
        self.journal.append(Tick(seen_us=us(at)), stream=stream)

    def tally(self, *counts: tuple[int, int, int, str, int], at: str) -> None:
        self.journal.append(Tally(seen_us=us(at), counts=counts))

    # Consuming --------------------------------------------------------------------------------------------------------

    def consume(self, *, batch_max: int = 500) -> Consumer:
        consumer = Consumer(self.deps, batch_max=batch_max)
        while consumer.step():
            pass
        return consumer

    # Looking ----------------------------------------------------------------------------------------------------------

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.admin_url) as connection:
            return connection.execute(query, values).fetchall()  # pyright: ignore

    def conversion(self, order_id: str = "1001") -> Conversion:
        ((found,),) = self.rows("select id from warum.conversion where order_id = %s", order_id)
        with self.database.transaction(SYSTEM) as tx:
            conversion = tx.conversions.get(found)
        assert conversion is not None
        return conversion

    def history(self, order_id: str = "1001") -> list[str]:
        with self.database.transaction(SYSTEM) as tx:
            return [event.kind.value for event in history(tx, self.conversion(order_id).id)]

    def balance(self, publisher: str = "ana", *, test: bool = False) -> tuple[int, int]:
        """(pending, confirmed) minor units of a publisher, over all currencies."""
        with self.database.transaction(SYSTEM) as tx:
            balances = tx.ledger.balances(publisher=self.publishers[publisher])
        memo, gl = (Book.TEST_MEMO, Book.TEST_GL) if test else (Book.LIVE_MEMO, Book.LIVE_GL)

        def total(book: Book, kind: AccountKind) -> int:
            return sum(
                one.credits_minor - one.debits_minor
                for one in balances
                if one.account.book is book and one.account.kind is kind
            )

        return total(memo, AccountKind.PENDING), total(gl, AccountKind.CONFIRMED)

    def proof(self) -> LedgerProof:
        with self.database.transaction(SYSTEM) as tx:
            return tx.ledger.proof()

    def open_reasons(self) -> list[str]:
        return [
            row[0] for row in self.rows("select reason from warum.report_open where resolved_at is null order by id")
        ]

    def drops(self) -> dict[str, int]:
        return dict(self.rows("select reason, sum(count)::bigint from warum.rollup_drop group by reason"))

    def reset(self) -> None:
        """Forget everything that the consumer wrote, and the journal."""
        with psycopg.connect(self.admin_url) as connection:
            connection.execute(f"truncate {', '.join(f'warum.{table.strip()}' for table in WRITTEN_BY_US.split(','))}")
        self.journal = MemoryJournal()


@contextmanager
def made_network(database: Any) -> Iterator[Network]:
    """The network in a migrated database (see ``tests/conftest.py``)."""
    with PostgresDatabase(database.app, VAULT) as app, PostgresDatabase(database.worker, VAULT, by_key=True) as worker:
        with app.transaction(OPERATOR) as tx:
            catalog = tx.catalog
            advertiser = catalog.add_advertiser(code="grand", name="Grand", at_us=LONG_AGO_US)
            publishers = {
                code: catalog.add_publisher(code=code, name=code.title(), kind="content", at_us=LONG_AGO_US)
                for code in ("ana", "ben")
            }
            programs: dict[str, int] = {}
            links: dict[tuple[str, str], int] = {}
            for code, currencies, rate_ppm in (("hotel", ("EUR",), 80_000), ("retail", ("EUR", "CHF"), 50_000)):
                program = programs[code] = catalog.add_program(_program(advertiser, code, currencies), LONG_AGO_US)
                offer = catalog.add_offer(advertiser=advertiser, program=program, name="Home", at_us=LONG_AGO_US)
                page = catalog.add_landing_page(
                    advertiser=advertiser, offer=offer, name="Home", url="https://grand.example/", at_us=LONG_AGO_US
                )
                catalog.add_allocation(
                    advertiser=advertiser,
                    offer=offer,
                    arms=[Arm(arm=0, landing_page=page, propensity_ppm=1_000_000)],
                    at_us=LONG_AGO_US,
                )
                catalog.add_rule(_rule(program, rate_ppm=rate_ppm), advertiser=advertiser, at_us=LONG_AGO_US)
                for name, publisher in publishers.items():
                    partnership = catalog.add_partnership(
                        advertiser=advertiser, publisher=publisher, program=program, application="", at_us=LONG_AGO_US
                    )
                    applied = catalog.partnership(partnership)
                    assert applied is not None
                    approved = replace(applied, status=PartnershipStatus.APPROVED, decided_us=LONG_AGO_US)
                    catalog.save_partnership(approved)
                    links[name, code] = catalog.add_link(
                        code=f"{name}{code}", partnership=approved, offer=offer, name="", at_us=LONG_AGO_US
                    )
            per_click = replace(
                _rule(programs["retail"], rate_ppm=0),
                kind=CommissionKind.PER_CLICK,
                publisher=publishers["ben"],
                amount_minor=7,
                currency="EUR",
            )
            catalog.add_rule(per_click, advertiser=advertiser, at_us=LONG_AGO_US)
        yield Network(
            database=worker,
            app=app,
            admin_url=database.admin,
            advertiser=advertiser,
            programs=programs,
            publishers=publishers,
            links=links,
        )


def _program(advertiser: int, code: str, currencies: tuple[str, ...]) -> Program:
    return Program(
        id=0,
        advertiser=advertiser,
        code=code,
        name=code.title(),
        vertical=code,
        currencies=currencies,
        timezone="Europe/Berlin",
        window_days=30,
        hold_days=3 if code == "hotel" else 14,
        validation=Validation.AUTOMATIC,
        status=ProgramStatus.RUNNING,
        starts_us=None,
        ends_us=None,
        click_param="wrm",
        row_version=1,
    )


def _rule(program: int, *, rate_ppm: int) -> CommissionRule:
    return CommissionRule(
        id=0,
        program=program,
        publisher=None,
        group="",
        kind=CommissionKind.PERCENT,
        rate_ppm=rate_ppm,
        amount_minor=0,
        currency=None,
        valid_from_us=LONG_AGO_US,
        version=1,
    )
