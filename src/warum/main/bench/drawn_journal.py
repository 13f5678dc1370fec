"""A journal full of decisions, and one in which some of them were altered.

The decisions are made by the edge's own handler and journal writer, over the snapshot of the sample network that the
publisher wrote from PostgreSQL, while allocations are replaced by the operation that people use. Only sockets and the
group commit's thread are left out."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Final, cast

from warum.adapters.postgres.database import PostgresDatabase
from warum.app.call import Deps
from warum.app.decisions.draws import Book
from warum.app.offers import AllocationReplace
from warum.app.publish import SnapshotPublishing
from warum.domain.catalog import ARM_DEEP_LINK
from warum.domain.records import Click, Record, RecordType
from warum.edge.codec import decode, encode
from warum.edge.handler import Handler
from warum.edge.http import Outcome, Request
from warum.edge.journal import SEGMENT_BYTES, JournalWriter, RealFiles, Walk, stream_folder
from warum.edge.snapshot import Snapshot
from warum.edge.snapshot_files import SnapshotFollower, SnapshotPublisher
from warum.kernel.ids import RecordId
from warum.kernel.period import DAY_US
from warum.main.config import Config
from warum.main.demo.catalog import ensure_catalog
from warum.main.demo.desk import SYSTEM, do, parties_of
from warum.main.demo.world import sample_world
from warum.main.edge import JOURNAL_FOLDER, SNAPSHOT_FOLDER, EdgeOptions, handler_of
from warum.main.secret_store import Secrets
from warum.main.stack import Stack, stream
from warum.main.wiring import open_deps, vault_of
from warum.ports.database import Database

_commit_every: Final = 500
_step_us: Final = 150_000
_consent: Final = 0.5
_in_slots: Final = 0.06
_slot_clicks: Final = 0.3
_offers_max: Final = 1_000

_PEER: Final = "127.0.0.1"
_FIREFOX: Final = b"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
_CRAWLER: Final = b"Googlebot/2.1 (+http://www.google.com/bot.html)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What was made. ``requests`` is all that was asked, screened requests, slots and impressions included."""

    decisions: int
    requests: int
    changes: int
    seconds: float


def make(stack: Stack, *, decisions: int, changes: int, seed: int) -> Made:
    """So many draws of links in the stack's journal, with so many changes of allocation spread among them."""
    now_us = time.time_ns() // 1000
    world = sample_world((now_us // DAY_US - 3) * DAY_US)
    ensure_catalog(stack.config, stack.secrets, world, now_us=now_us - 3 * DAY_US)
    with (
        open_deps(stack.config, stack.secrets, connections_max=1, name="warum bench") as deps,
        PostgresDatabase(
            stack.url("warum_worker"), vault_of(stack.secrets), max_size=1, name="warum bench"
        ) as database,
        QuietEdge(stack.config, stack.secrets, database) as edge,
    ):
        parties = parties_of(deps, world)
        edge.follow()
        visits = _Visits(
            edge,
            Random(seed),  # noqa: S311 - a sample, no secret
            links=sorted(code for place, code in parties.links.items() if place not in parties.slots),
            slots=sorted(parties.slots.values()),
            now_us=now_us,
        )
        begun, every = time.perf_counter(), max(decisions // (changes + 1), 1)
        changed = 0
        while visits.decisions < decisions:
            if visits.decisions >= (changed + 1) * every and changed < changes:
                _change(deps, visits.random)
                edge.follow()
                changed += 1
            visits.one()
        edge.commit()
        seconds = time.perf_counter() - begun
    return Made(decisions=visits.decisions, requests=visits.requests, changes=changed, seconds=seconds)


def alter(journal: Path, altered: Path, book: Book, *, count: int, seed: int) -> set[RecordId]:
    """Write the journal anew with some draws of links altered, checksums and all; which ones they are.

    By turns the arm is another one of its allocation, and the allocation is any other one that there ever was."""
    random = Random(seed)  # noqa: S311 - a sample, no secret
    drawn = [record for record, _ in _clicks(journal, book)]
    chosen = set(random.sample(drawn, min(count, len(drawn))))
    allocations = sorted(book.allocations)
    by_arm = True
    walk = Walk(journal)
    for covered in walk.covered:
        writer = JournalWriter(stream_folder(altered, covered.stream), stream=covered.stream, files=RealFiles())
        for records in walk.records(covered):
            for raw in records:
                type_, body = raw.type, raw.body
                if raw.id in chosen:
                    click = cast("Click", decode(type_, body))
                    type_, body = encode(_altered(click, by_arm, book, allocations, random))
                    by_arm = not by_arm
                writer.append(type_, body)
            _commit(writer)
        writer.close()
    return chosen


def _altered(click: Click, by_arm: bool, book: Book, allocations: Sequence[int], random: Random) -> Click:
    if by_arm:
        arms = [arm for arm, _ in book.allocations[click.allocation].shares if arm != click.arm]
        return replace(click, arm=random.choice(arms))
    return replace(click, allocation=random.choice([one for one in allocations if one != click.allocation]))


def _clicks(journal: Path, book: Book) -> Iterator[tuple[RecordId, Click]]:
    """The draws of links whose allocation has more than one arm."""
    walk = Walk(journal)
    for covered in walk.covered:
        for records in walk.records(covered):
            for raw in records:
                if raw.type != RecordType.CLICK:
                    continue
                click = cast("Click", decode(raw.type, raw.body))
                several = len(book.allocations[click.allocation].shares) > 1
                if several and click.arm != ARM_DEEP_LINK and not book.links[click.link].in_slot:
                    yield raw.id, click


class QuietEdge:
    """Handler, journal and snapshot of an edge without its server, and the publisher that feeds it."""

    def __init__(
        self, config: Config, secrets: Secrets, database: Database, *, segment_bytes: int = SEGMENT_BYTES
    ) -> None:
        data = config.data
        self._handler: Handler = handler_of(EdgeOptions(config=config, stream=stream), secrets)
        self._journal = JournalWriter(
            stream_folder(data / JOURNAL_FOLDER, stream),
            stream=stream,
            files=RealFiles(),
            segment_bytes=segment_bytes,
        )
        self._sink = SnapshotPublisher(data / SNAPSHOT_FOLDER)
        self._publishing = SnapshotPublishing(database, self._sink, lambda: time.time_ns() // 1000)
        self._follower = SnapshotFollower(data / SNAPSHOT_FOLDER)
        self._snapshot = Snapshot()
        self._waiting = 0

    def __enter__(self) -> QuietEdge:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing that was asked is lost."""
        self._journal.close()
        self._follower.close()
        self._sink.close()

    def follow(self) -> None:
        """Publish what changed, and take it in."""
        while self._publishing.step():
            pass
        change = self._follower.poll()
        faults = self._snapshot.apply(change.lines)
        assert not faults, faults

    def take(self, record: Record) -> RecordId:
        """Put a record into the journal that nobody asked for."""
        self._waiting += 1
        return self._journal.append(*encode(record))

    def ask(self, request: Request, now_us: int) -> Outcome:
        outcome = self._handler.handle(request, self._snapshot, now_us=now_us, record=self._journal.next_id())
        for record in outcome.records:
            self.take(record)
        if self._waiting >= _commit_every:
            self.commit()
        return outcome

    def commit(self) -> None:
        self._waiting = 0
        _commit(self._journal)


class _Visits:
    """People with and without consent, machines, deep links, slots: what comes to an edge."""

    def __init__(
        self, edge: QuietEdge, random: Random, *, links: Sequence[str], slots: Sequence[str], now_us: int
    ) -> None:
        self.random: Final = random
        self.decisions = 0
        self.requests = 0
        self._edge = edge
        self._links = links
        self._slots = slots
        self._now_us = now_us - 2 * DAY_US

    def one(self) -> None:
        """The next visit."""
        if self._slots and self.random.random() < _in_slots:
            self._slot()
        else:
            self._link()

    def _link(self) -> None:
        kind, consents = self.random.random(), self.random.random() < _consent
        words = ["cons=1"] if consents else []
        if kind < 0.02:
            words.append("to=http%3A%2F%2F127.0.0.1%2Fdemo%2Felsewhere")
        elif kind < 0.12:
            words.append(f"sub1=page{self.requests % 97}")
        link = self.random.choice(self._links)
        target = f"/c/{link}?{'&'.join(words)}"
        method = "HEAD" if 0.12 <= kind < 0.13 else "GET"
        agent = _CRAWLER if 0.13 <= kind < 0.15 else _FIREFOX
        headers = self._headers(agent)
        outcome = self._ask(Request(method, target, headers, b"", _PEER))
        if 0.15 <= kind < 0.16:  # a double click; with consent it is known to be one
            self._count(outcome)
            outcome = self._ask(Request(method, target, headers, b"", _PEER))
        self._count(outcome)

    def _count(self, outcome: Outcome) -> None:
        for record in outcome.records:
            self.decisions += isinstance(record, Click) and record.arm != ARM_DEEP_LINK

    def _slot(self) -> None:
        consents = "?cons=1" if self.random.random() < _consent else ""
        headers = self._headers(_FIREFOX)
        shown = self._ask(Request("GET", f"/s/{self.random.choice(self._slots)}{consents}", headers, b"", _PEER))
        creative = json.loads(shown.answer.body)["creative"]
        if creative is None:
            return
        self._ask(Request("GET", creative["seen_url"][2:], headers, b"", _PEER))
        if self.random.random() < _slot_clicks:
            self._ask(Request("GET", creative["click_url"][2:], headers, b"", _PEER))

    def _ask(self, request: Request) -> Outcome:
        self._now_us += _step_us
        self.requests += 1
        return self._edge.ask(request, self._now_us)

    def _headers(self, agent: bytes) -> Mapping[bytes, bytes]:
        number = self.requests
        address = b"10.%d.%d.%d" % (number >> 16 & 255, number >> 8 & 255, number & 255)
        return {b"user-agent": agent, b"x-forwarded-for": address}


def _change(deps: Deps, random: Random) -> None:
    """Other shares for one of the offers."""
    with deps.database.transaction(SYSTEM.scope) as tx:
        offers = tx.catalog.offers(program=None, after=0, limit=_offers_max)
        offer = random.choice(offers)
        assert offer.allocation is not None
        arms = len(tx.catalog.allocation(offer.allocation))
    weights = [random.random() + 0.1 for _ in range(arms)]
    shares = [Decimal(round(1_000 * (0.02 + (1 - 0.02 * arms) * weight / sum(weights)))) / 1_000 for weight in weights]
    shares[0] += 1 - sum(shares)
    do(deps, "offer.allocate", AllocationReplace(offer=offer.id, propensities=tuple(shares), reason="other shares"))


def _commit(journal: JournalWriter) -> None:
    if batch := journal.take():
        journal.write(batch)
