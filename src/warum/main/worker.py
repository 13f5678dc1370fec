"""The worker: consumes the journal, releases what is due, brings the catalog to the edge, fills the lake, delivers
postbacks and receipts, keeps the log and has it cosigned, lets the bots look and clears what was consumed long ago. One
process, a thread for each, since none may hold up the others.

In driven mode (replays and tests) the journal tells the time; otherwise the clock of the data folder does. A database
outage is said once, waited out, and said to be over."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import secrets
import signal
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Final

from warum.adapters.delivery import HttpSender
from warum.adapters.lake import ParquetLake
from warum.adapters.postgres.database import PostgresDatabase
from warum.adapters.tlog import ShelfDamaged
from warum.app.deliver import Courier, CourierTools
from warum.app.ingest import Consumer, ConsumerStopped, Ingest
from warum.app.lake import LakeFilling
from warum.app.log.dispatch import Dispatcher, DispatchTools
from warum.app.log.sequence import LogHalted
from warum.app.log.witnesses import NOBODY, Witnesses, WitnessTools
from warum.app.publish import SnapshotPublishing, interval_s
from warum.domain.sealing import Sealer
from warum.edge.journal import AlreadyClaimed, JournalCorrupt, JournalFormatUnknown
from warum.edge.snapshot_files import SnapshotPublisher
from warum.kernel.period import SECOND_US, iso, utc_day
from warum.main.bots import BotLoop
from warum.main.clock import Clock, WallClock, clock_of
from warum.main.config import ENV_SUPERVISED, Config, ConfigError, load_config
from warum.main.database import DatabaseError, role_url
from warum.main.embedded import EmbeddedError
from warum.main.holder import HeldError, Holder
from warum.main.journal import FileJournal
from warum.main.log.files import policy_of, reader_of_log
from warum.main.log.keeper import LogKeeper
from warum.main.logs import masked, setup_logging
from warum.main.retention import JournalRetention
from warum.main.secret_store import Secrets, SecretsError, load_secrets
from warum.main.sub_keys import SubKeys
from warum.main.wiring import vault_of
from warum.ports.database import Database, DatabaseMisfit, DatabaseUnavailable, Role, Scope

_log: Final = logging.getLogger("warum.worker")

_drained_s: Final = 0.01
_outage_s_max: Final = 2.0
_lake_s: Final = 1.0
# A receipt is promised within 60 s; the people who wait for one look within a second.
_log_s: Final = 0.5
# Those who answer wait for those who do not.
_witness_s_max: Final = 5.0
_retry_s: Final = 1.0
_retention_s: Final = 3_600.0
_progress_s: Final = 10.0
# An edge may have received what its journal does not show yet; holds that end meanwhile wait for it.
_late_us: Final = 2 * SECOND_US

_EXPECTED: Final = (
    AlreadyClaimed,
    ConfigError,
    ConsumerStopped,
    DatabaseError,
    DatabaseMisfit,
    EmbeddedError,
    HeldError,
    JournalCorrupt,
    JournalFormatUnknown,
    LogHalted,
    SecretsError,
    ShelfDamaged,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What a worker is made of."""

    consumer: Consumer
    clock: Clock
    snapshot: SnapshotPublishing
    lake: Callable[[], list[LakeFilling]]
    """The fillings of all streams that exist; called again to find new ones."""
    courier: Callable[[Callable[[], bool]], None]
    """Delivers until the function says to stop."""
    receipts: Callable[[Callable[[], bool]], None]
    """Sends receipts until the function says to stop."""
    witnesses: Callable[[Callable[[], bool]], None] | None
    """Has checkpoints cosigned until the function says to stop; None for a log without witnesses."""
    log: LogKeeper
    bots: Callable[[], None] | None
    """Runs the bots until the worker stops; None for a worker without them."""
    retention: Callable[[], bool] | None
    """Clears the journal; None where it has to stay whole."""
    answers: Callable[[], None]
    """Asks the database for nothing at all; raises DatabaseUnavailable."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the worker of this data folder until SIGTERM or SIGINT; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m warum.main.worker", description=__doc__)
    parser.add_argument("--driven", action="store_true", help="the journal tells the time (replays and tests)")
    parser.add_argument("--once", action="store_true", help="end when the journal is drained")
    options = parser.parse_args(arguments)
    try:
        config = load_config(os.environ, Path.cwd())
        setup_logging("worker", config.log_level, supervised=os.environ.get(ENV_SUPERVISED) == "1")
        # The pool says at each attempt what the worker says once.
        logging.getLogger("psycopg.pool").setLevel(logging.CRITICAL)
        stop = Event()

        def on_signal(number: int, frame: object) -> None:
            stop.set()

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, on_signal)
        run(config, load_secrets(config.data), stop, driven=options.driven, once=options.once)
    except _EXPECTED as error:
        print(f"worker: {masked(str(error))}", file=sys.stderr)
        return 1
    return 0


def run(config: Config, held: Secrets, stop: Event, *, driven: bool = False, once: bool = False) -> None:
    """Work until ``stop`` is set, or with ``once`` until the journal is drained. Prints ``ready`` when it begins.

    Raises:
        HeldError, AlreadyClaimed: another worker works in this data folder.
        ConsumerStopped, DatabaseMisfit: going on would do harm; the text says why.
    """
    config.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    holder = Holder(config.data / "worker.lock")
    holder.acquire()
    with ExitStack() as stack:
        stack.callback(holder.release)
        url, vault = role_url(config, held, "warum_worker"), vault_of(held)
        database = stack.enter_context(PostgresDatabase(url, vault, max_size=4, name="warum worker", by_key=True))
        publisher = SnapshotPublisher(config.data / "snapshot")
        stack.callback(publisher.close)
        # The bots' statements read much at a time, and want another plan than rows by their keys.
        reading = (
            None if driven or once else stack.enter_context(PostgresDatabase(url, vault, max_size=1, name="warum bots"))
        )
        parts = assemble(config, held, database, publisher, stop, driven=driven, reading=reading)
        _work(parts, stop, driven=driven, once=once)


def assemble(
    config: Config,
    held: Secrets,
    database: Database,
    publisher: SnapshotPublisher,
    stop: Event,
    *,
    driven: bool,
    reading: Database | None,
) -> Parts:
    """The parts of a worker over a data folder and a database.

    Args:
        reading: the same database for the bots; None for a worker without them.
    """
    journal_folder, clock = config.data / "journal", clock_of(config.data)
    consumer = Consumer(
        Ingest(
            database=database,
            journal=FileJournal(journal_folder),
            token_keys=held.token_keys(),
        )
    )

    def now_us() -> int:
        return consumer.watermark_us if driven else clock.now_us()

    lake_journal, lake_folder = FileJournal(journal_folder), ParquetLake(config.data / "lake")
    fillings: dict[int, LakeFilling] = {}

    def lake() -> list[LakeFilling]:
        for stream in lake_journal.streams():
            if stream not in fillings:
                fillings[stream] = LakeFilling(database, lake_journal, stream, lake_folder, now_us=_monotonic_us)
        return list(fillings.values())

    def courier(stopped: Callable[[], bool]) -> None:
        async def deliver() -> None:
            async with HttpSender(allow_private=config.delivery_allow_private) as sender:
                tools = CourierTools(
                    database=database,
                    sender=sender,
                    sealer=Sealer(held.master_key),
                    sub_key=SubKeys(config.data).read,
                    now_us=now_us,
                    draw=secrets.SystemRandom().random,
                )
                await Courier(tools).run(stopped)

        asyncio.run(deliver())

    def receipts(stopped: Callable[[], bool]) -> None:
        async def dispatch() -> None:
            async with HttpSender(allow_private=config.delivery_allow_private) as sender:
                tools = DispatchTools(
                    database=database,
                    log=reader_of_log(config, held),
                    sender=sender,
                    seed=held.webhook_seed,
                    now_us=now_us,
                    draw=secrets.SystemRandom().random,
                )
                await Dispatcher(tools).run(stopped)

        asyncio.run(dispatch())

    keeper = LogKeeper(config, held, database, now_us)
    bots = None if reading is None else BotLoop(reading, now_us, interval_s=config.bot_interval_s, stop=stop).run
    retention = JournalRetention(
        database, journal_folder, keep_days=config.journal_keep_days, wall_us=WallClock().now_us
    )
    sub_keys = SubKeys(config.data)

    def forget() -> bool:
        gone = sub_keys.forget_before(utc_day(now_us()) - config.sub_id_keep_days)
        if gone:
            _log.info("deleted the sub id keys of %d days", len(gone))
        return retention.step()

    def answers() -> None:
        with database.transaction(Scope(Role.SYSTEM)):
            pass

    return Parts(
        consumer=consumer,
        clock=clock,
        snapshot=SnapshotPublishing(database, publisher, now_us),
        lake=lake,
        courier=courier,
        receipts=receipts,
        witnesses=_witnesses(config, held, keeper, now_us),
        log=keeper,
        bots=bots,
        retention=None if driven else forget,
        answers=answers,
    )


def _witnesses(
    config: Config, held: Secrets, keeper: LogKeeper, now_us: Callable[[], int]
) -> Callable[[Callable[[], bool]], None] | None:
    """What asks the witnesses; None when there are none.

    Raises:
        ConfigError: the policy cannot be used.
    """
    policy = policy_of(config, held) or NOBODY
    tools = WitnessTools(policy=policy, shelf=keeper.shelf, now_us=now_us, passed_s=time.monotonic)
    witnesses = Witnesses(tools)
    witnesses.open()

    async def ask(stopped: Callable[[], bool]) -> None:
        # Whom to ask is the operator's own word, so a witness may be in the same house.
        async with HttpSender(allow_private=True, time_s_max=_witness_s_max) as sender:
            await witnesses.run(sender, stopped)

    return (lambda stopped: asyncio.run(ask(stopped))) if witnesses.any else None


def _work(parts: Parts, stop: Event, *, driven: bool, once: bool) -> None:
    outage = _Outage(parts.answers, stop)
    # Before the journal is read again: a database that was set back must not go on unnoticed.
    while not stop.is_set() and outage.survive(parts.log.open) is None:
        pass
    # The edge begins with this snapshot; whoever waits for us to be ready may start it.
    while not stop.is_set() and not outage.survive(parts.snapshot.step):
        pass
    print("ready", flush=True)
    threads = [
        _Side("snapshot", lambda: _follow(parts.snapshot.step, stop, outage, interval_s), stop),
        _Side("lake", lambda: _fill(parts, stop, outage, once=once), stop),
        _Side("courier", lambda: parts.courier(stop.is_set), stop),
        _Side("receipts", lambda: parts.receipts(stop.is_set), stop),
        _Side("log", lambda: _keep_log(parts, stop, outage, once=once), stop),
    ]
    if parts.witnesses is not None:
        ask = parts.witnesses
        threads.append(_Side("witnesses", lambda: ask(stop.is_set), stop))
    if parts.retention is not None:
        clear = parts.retention
        threads.append(_Side("retention", lambda: _follow(clear, stop, outage, _retention_s), stop))
    if parts.bots is not None:
        threads.append(_Side("bots", parts.bots, stop))
    for thread in threads:
        thread.start()
    try:
        _consume(parts.consumer, parts.clock, stop, outage, driven=driven, once=once)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    for thread in threads:
        if thread.error is not None:
            raise thread.error


def _consume(consumer: Consumer, clock: Clock, stop: Event, outage: _Outage, *, driven: bool, once: bool) -> None:
    progress, retry_from_s = _Progress(consumer), 0.0
    while not stop.is_set():
        more = outage.survive(consumer.step)
        progress.step()
        if not driven and time.monotonic() >= retry_from_s and not outage.survive(consumer.retry):
            retry_from_s = time.monotonic() + _retry_s
        if more:
            continue
        if not driven and more is not None:
            outage.survive(lambda: consumer.release(clock.ago_us(_late_us) // SECOND_US * SECOND_US))
        if once and more is not None:
            return
        stop.wait(_drained_s)


def _follow(step: Callable[[], bool], stop: Event, outage: _Outage, pause_s: float) -> None:
    while not stop.is_set():
        if not outage.survive(step):
            stop.wait(pause_s)


def _fill(parts: Parts, stop: Event, outage: _Outage, *, once: bool) -> None:
    def step(*, flush: bool = False) -> bool:
        # Each stream takes its step, also when the one before it has more to do.
        more = [filling.step(flush=flush) for filling in parts.lake()]
        return any(more)

    _follow(step, stop, outage, _lake_s)
    while once and outage.survive(lambda: step(flush=True)):
        pass


def _keep_log(parts: Parts, stop: Event, outage: _Outage, *, once: bool) -> None:
    _follow(parts.log.step, stop, outage, _log_s)
    while once and outage.survive(parts.log.step):
        pass


class _Side(Thread):
    """A thread beside the consumer. When it fails, all stop: a worker that does half of its work would look healthy."""

    def __init__(self, name: str, work: Callable[[], None], stop: Event) -> None:
        super().__init__(name=name)
        self._work = work
        self._stopping = stop
        self.error: Exception | None = None

    def run(self) -> None:
        try:
            self._work()
        except Exception as error:
            _log.exception("the %s thread failed", self.name)
            self.error = error
        finally:
            self._stopping.set()


class _Outage:
    """What all threads know about the database: whether it is there. Said once when it goes, once when it is back.

    Steps overlap, and some ask nothing of the database. So a step that went well proves nothing: the database is asked
    whether it is back. And a step that began before it was back tells of the outage that is over, and of no new one.

    Args:
        answers: asks the database; raises DatabaseUnavailable.
    """

    def __init__(self, answers: Callable[[], None], stop: Event) -> None:
        self._answers = answers
        self._stop = stop
        self._lock = Lock()
        self._since_s: float | None = None
        self._back_s = 0.0

    def survive(self, step: Callable[[], bool]) -> bool | None:
        """What the step says; None when the database was not there, after a pause."""
        begun_s = time.monotonic()
        try:
            result = step()
        except DatabaseUnavailable as error:
            self._is_down(error, begun_s)
            return None
        if self._since_s is not None:
            with suppress(DatabaseUnavailable):
                self._answers()
                self._is_back()
        return result

    def _is_down(self, error: DatabaseUnavailable, begun_s: float) -> None:
        with self._lock:
            now_s = time.monotonic()
            if self._since_s is None:
                if begun_s <= self._back_s:
                    return
                self._since_s = now_s
                _log.warning("the database is away (%s); trying until it is back", masked(str(error)))
            pause_s = min(_outage_s_max, 0.1 + (now_s - self._since_s) / 4)
        self._stop.wait(pause_s)

    def _is_back(self) -> None:
        with self._lock:
            if self._since_s is not None:
                self._back_s = time.monotonic()
                _log.info("the database is back after %.1f s", self._back_s - self._since_s)
                self._since_s = None


class _Progress:
    """Says now and then how far the consumer is while it is busy."""

    def __init__(self, consumer: Consumer) -> None:
        self._consumer = consumer
        self._records = 0
        self._next_s = time.monotonic() + _progress_s

    def step(self) -> None:
        now_s = time.monotonic()
        if now_s < self._next_s:
            return
        self._next_s = now_s + _progress_s
        count = self._consumer.records - self._records
        self._records = self._consumer.records
        if count:
            _log.info("consumed %d records in %.0f s, up to %s", count, _progress_s, iso(self._consumer.watermark_us))


def _monotonic_us() -> int:
    return time.monotonic_ns() // 1_000


if __name__ == "__main__":
    sys.exit(main())
