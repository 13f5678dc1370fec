"""A publisher with a conversion whose steps can be announced, and a tracker that hears of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import psycopg

from sealing import VAULT
from warum.adapters.delivery import HttpSender
from warum.adapters.postgres.database import PostgresDatabase
from warum.app.deliver import Courier, CourierTools
from warum.domain.catalog import ProgramStatus, Validation
from warum.domain.conversion import Attribution, Conversion, Credit, EventKind, Standing, Status
from warum.domain.macros import conversion_fields
from warum.domain.mode import Mode
from warum.domain.sealing import Sealer, publisher_secret, seal_sub_ids, sub_key_bytes
from warum.kernel.ids import RecordId
from warum.ports.catalog import Program
from warum.ports.database import Role, Scope
from warum.ports.deliveries import Announcement, Sender

SYSTEM = Scope(Role.SYSTEM)
MASTER_KEY = b"m" * 32
SECRET = b"the secret of the publisher"
SUB_KEY = b"d" * sub_key_bytes
SUB_DAY = 20_000
CLICK = RecordId(0, 1, 7)
START_US = 1_800_000_000_000_000


@dataclass
class World:
    """One publisher, one conversion, a clock that is moved by hand."""

    app: PostgresDatabase
    worker: PostgresDatabase
    worker_url: str
    admin_url: str
    publisher: int
    advertiser: int
    conversion: Conversion
    now_us: int = START_US
    sub_keys: dict[int, bytes] = field(default_factory=lambda: {SUB_DAY: SUB_KEY})

    def target(self, url_template: str, *, publisher: int | None = None) -> int:
        publisher = publisher or self.publisher
        sealed = Sealer(MASTER_KEY).seal(publisher_secret(publisher), SECRET)
        with self.app.transaction(Scope(Role.OPERATOR)) as tx:
            return tx.catalog.add_target(
                publisher=publisher, url_template=url_template, secret_sealed=sealed, at_us=START_US
            )

    def announce(self, seq: int, status: Status = Status.PENDING, *, conversion: Conversion | None = None) -> int:
        base = conversion or self.conversion
        step = EventKind.BOOKED if seq == 1 else EventKind.AMENDED
        after = replace_status(base, status, seq)
        with self.worker.transaction(SYSTEM) as tx:
            return tx.deliveries.enqueue(
                [
                    Announcement(
                        publisher=base.attribution.publisher or 0,
                        conversion=base.id,
                        seq=seq,
                        fields=conversion_fields(after, event=step, at_us=self.now_us, program="stay"),
                        due_us=self.now_us,
                    )
                ]
            )

    def another_conversion(self) -> Conversion:
        return _conversion(self.worker, self.advertiser, self.publisher, self.conversion.program, click=None)

    def courier(self, sender: Sender) -> Courier:
        return Courier(
            CourierTools(
                database=self.worker,
                sender=sender,
                sealer=Sealer(MASTER_KEY),
                sub_key=self.sub_keys.get,
                now_us=lambda: self.now_us,
                draw=lambda: 0.5,
            )
        )

    def deliver(self) -> int:
        """Deliver what is due, over HTTP, to this machine."""
        return asyncio.run(self.deliver_due())

    async def deliver_due(self, *, time_s_max: float = 60) -> int:
        """A slow machine is no silent tracker: who never answers is waited for only as long as the test says."""
        async with HttpSender(allow_private=True, time_s_max=time_s_max) as sender:
            return await self.courier(sender).deliver_due()

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.admin_url) as connection:
            return connection.execute(query, values).fetchall()  # pyright: ignore

    def log(self) -> list[tuple[str, int, int | None, str]]:
        """(event id, attempt, status, outcome), in order."""
        return self.rows(
            "select o.event_id, d.attempt, d.answered, d.outcome from warum.delivery d "
            "join warum.outbox o on o.id = d.outbox_id order by d.id"
        )

    def states(self) -> list[tuple[str, str]]:
        return self.rows("select event_id, state from warum.outbox order by id")

    def next_due_us(self) -> int:
        return self.rows("select warum.us(min(due_at)) from warum.outbox where state = 'waiting'")[0][0]


def replace_status(conversion: Conversion, status: Status, seq: int) -> Conversion:
    return replace(conversion, standing=replace(conversion.standing, status=status), seq=seq)


@contextmanager
def made_world(database: Any) -> Iterator[World]:
    with PostgresDatabase(database.app, VAULT) as app, PostgresDatabase(database.worker, VAULT) as worker:
        with app.transaction(Scope(Role.OPERATOR)) as tx:
            advertiser = tx.catalog.add_advertiser(code="hotel", name="Hotel", at_us=START_US)
            publisher = tx.catalog.add_publisher(code="ana", name="Ana", kind="content", at_us=START_US)
            program = tx.catalog.add_program(
                Program(
                    id=0,
                    advertiser=advertiser,
                    code="stay",
                    name="Stay",
                    vertical="hotel",
                    currencies=("EUR",),
                    timezone="Europe/Berlin",
                    window_days=30,
                    hold_days=3,
                    validation=Validation.AUTOMATIC,
                    status=ProgramStatus.RUNNING,
                    starts_us=None,
                    ends_us=None,
                    click_param="wrm",
                    row_version=1,
                ),
                START_US,
            )
        conversion = _conversion(worker, advertiser, publisher, program, click=CLICK)
        sealed = seal_sub_ids({"sub1": "my click/1", "sub2": "ä"}, key=SUB_KEY, record=CLICK)
        with psycopg.connect(database.admin) as connection:
            connection.execute(
                "insert into warum.sub_id (stream, segment, number, advertiser_id, publisher_id, day, sealed) "
                "values (%s, %s, %s, %s, %s, %s, %s)",
                [*CLICK, advertiser, publisher, SUB_DAY, sealed],
            )
        yield World(
            app=app,
            worker=worker,
            worker_url=database.worker,
            admin_url=database.admin,
            publisher=publisher,
            advertiser=advertiser,
            conversion=conversion,
        )


def _conversion(
    worker: PostgresDatabase, advertiser: int, publisher: int, program: int, *, click: RecordId | None
) -> Conversion:
    with worker.transaction(SYSTEM) as tx:
        (number,) = tx.conversions.allocate_ids(1)
        conversion = Conversion(
            id=number,
            advertiser=advertiser,
            program=program,
            order_id=f"order {number}",
            event_type="sale",
            group="",
            mode=Mode.LIVE,
            currency="EUR",
            booked_at_us=START_US,
            attribution=Attribution(
                credit=Credit.TOKEN,
                why="token",
                publisher=publisher,
                click_at_us=START_US,
                click_record=click,
            ),
            rule=None,
            standing=Standing(
                status=Status.PENDING,
                reason=None,
                sale_minor=40_000,
                retained_minor=40_000,
                check_in=None,
                check_out=None,
                release_at_us=None,
            ),
            commission_minor=3_200,
            status_raw="booked",
            seq=1,
        )
        tx.conversions.insert([conversion])
    return conversion


@dataclass
class Tracker:
    """A publisher's tracker. ``answers`` gives, per request, a status, or None to never answer; the last one stays."""

    answers: list[int | None]
    port: int = 0
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    on_request: Callable[[], None] | None = None

    def url(self, query: str) -> str:
        return f"http://127.0.0.1:{self.port}/postback?{query}"

    @property
    def targets(self) -> list[str]:
        return [target for target, _ in self.requests]

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[Tracker]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = server.sockets[0].getsockname()[1]
        self._tasks: set[asyncio.Task[Any]] = set()
        try:
            yield self
        finally:
            server.close()
            for task in list(self._tasks):
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                line, *rest = head.rstrip().split("\r\n")
                headers = dict(entry.lower().split(": ", 1) if ":" in entry else (entry, "") for entry in rest)
                headers["webhook-signature"] = _header(rest, "webhook-signature")
                self.requests.append((line.split(" ")[1], headers))
                if self.on_request is not None:
                    self.on_request()
                answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
                if answer is None:
                    await asyncio.sleep(60)
                writer.write(b"HTTP/1.1 %d Said\r\nlocation: /elsewhere\r\ncontent-length: 0\r\n\r\n" % (answer or 0))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            self._tasks.discard(task)
            writer.close()


def _header(lines: list[str], name: str) -> str:
    return next((line.partition(": ")[2] for line in lines if line.lower().startswith(name + ":")), "")
