"""Whatever dies when: is everything that was acknowledged there, and did everything count once?

Edge and worker are killed at random moments under load, also while they start. The edge's disk forgets at the kill
what was not synced (see ``edge.journal.files``), as in a power cut; a mere kill would prove nothing. Partners repeat
what was not answered, as partners do. At the end every acknowledged click and postback is looked up in the journal, and
the journal is compared with the database."""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections import Counter, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Final, LiteralString

import psycopg
import uvloop

from warum.adapters.postgres.database import PostgresDatabase
from warum.app.log.audit import audit
from warum.domain.records import Click, Postback
from warum.domain.token import TokenKeys, Touch
from warum.kernel.ids import RecordId
from warum.kernel.period import SECOND_US, hour_start
from warum.main.bench.world import Messages, click_token, drain, open_world
from warum.main.client import Answer, Connection, connect
from warum.main.log.files import reader_of_log
from warum.main.replay.summary import Reader
from warum.main.stack import Child, Stack
from warum.main.wiring import vault_of

_connections: Final = 32
_in_flight: Final = 4
_per_s: Final = 2_500
_postback_share: Final = 0.25
_reconnect_s: Final = 0.02
_tick_s: Final = 0.005
_alive_s: Final = (0.05, 0.8)
_not_ready_share: Final = 0.2
"""So many of the kills hit a process that is still starting."""
_drain_s_max: Final = 300.0

LIMITS: Final = (
    "A power cut is simulated at the file layer of the journal: what was not synced is thrown away, a sync in progress "
    "is torn sector by sector. The disk's own promise (fdatasync) and PostgreSQL's are taken at their word."
)


@dataclass(slots=True)
class Acknowledged:
    """What the edge answered for, and what it left open."""

    tokens: list[str] = field(default_factory=list[str])
    events: set[str] = field(default_factory=set[str])
    refused: Counter[str] = field(default_factory=Counter[str])
    unanswered: int = 0


def run(argv: Sequence[str]) -> dict[str, object]:
    parser = argparse.ArgumentParser(prog="warum bench durability")
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args(argv)
    with TemporaryDirectory(prefix="warum-bench-") as folder:
        return measure(Path(folder), kills=arguments.kills, seed=arguments.seed)


def measure(data: Path, *, kills: int, seed: int) -> dict[str, object]:
    """Run it in a folder of its own. ``passed`` says whether nothing was lost and nothing counted twice."""
    begun = time.monotonic()
    rng = Random(seed)  # noqa: S311 - chooses moments, keeps no secret
    with open_world(data, edge_arguments=("--files", "lossy")) as (stack, messages):
        stack.start(links=len(messages.network.link_codes))
        acknowledged = Acknowledged()
        killed = uvloop.run(_under_load(stack, messages, acknowledged, kills, rng))
        drain(stack, limit_s=_drain_s_max)
        found = _compare(stack, acknowledged)
    return {
        "kills": sum(killed.values()),
        "kills_edge": killed["edge"],
        "kills_worker": killed["worker"],
        "acknowledged": len(acknowledged.tokens) + len(acknowledged.events),
        **found,
        "unanswered": acknowledged.unanswered,
        "seed": seed,
        "wall_s": round(time.monotonic() - begun, 1),
        "passed": found["acknowledged_lost"]
        == found["counted_twice"]
        == found["not_counted"]
        == found["quarantined"]
        == found["log_problems"]
        == 0
        and found["ledger_balanced"],
        "limits": LIMITS,
    }


async def _under_load(
    stack: Stack, messages: Messages, acknowledged: Acknowledged, kills: int, rng: Random
) -> Counter[str]:
    traffic = _Traffic(stack, messages, acknowledged, rng)
    load = asyncio.create_task(traffic.run())
    killed: Counter[str] = Counter()
    try:
        for number in range(kills):
            await asyncio.sleep(rng.uniform(*_alive_s))
            victim = rng.choice((stack.edge, stack.worker))
            victim.kill()
            killed[victim.name] += 1
            _say(f"{number + 1}/{kills}: {victim.name}", acknowledged)
            victim.start()
            if rng.random() > _not_ready_share:
                await _ready(victim)
        for child in (stack.worker, stack.edge):
            await _ready(child)
        await asyncio.sleep(_alive_s[1])
    finally:
        traffic.stop()
        await load
    return killed


def _say(what: str, acknowledged: Acknowledged) -> None:
    clicks, reports = len(acknowledged.tokens), len(acknowledged.events)
    print(f"{what} killed; {clicks:,} clicks and {reports:,} reports acknowledged", file=sys.stderr)


async def _ready(child: Child) -> None:
    while not child.is_ready:
        child.check()
        await asyncio.sleep(_tick_s)


@dataclass(frozen=True, slots=True)
class _Report:
    """A postback: a new order, credited by a click."""

    event_id: str
    click: str | None


class _Traffic:
    """Visitors and partners who keep coming, whatever happens to the edge."""

    def __init__(self, stack: Stack, messages: Messages, acknowledged: Acknowledged, rng: Random) -> None:
        self._address = stack.config.edge_host, stack.config.edge_port
        self._messages = messages
        self._acknowledged = acknowledged
        self._rng = rng
        self._stopping = False
        self._again: deque[_Report] = deque()
        self._recent_tokens: deque[str] = deque(maxlen=1_000)
        self._orders = 0
        self._allowance = 0.0

    async def run(self) -> None:
        pace = asyncio.create_task(self._pace())
        await asyncio.gather(*(self._client() for _ in range(_connections)))
        pace.cancel()

    def stop(self) -> None:
        """Send nothing more; ``run`` ends when everything under way was answered or cut off."""
        self._stopping = True

    async def _pace(self) -> None:
        before = time.perf_counter()
        while True:
            await asyncio.sleep(_tick_s)
            now = time.perf_counter()
            self._allowance = min(self._allowance + (now - before) * _per_s, _per_s / 4)
            before = now

    async def _client(self) -> None:
        """One connection after the other, each until the edge dies."""
        while not self._stopping:
            try:
                connection = await connect(*self._address, self._answered)
            except OSError:
                await asyncio.sleep(_reconnect_s)
                continue
            while connection.is_open and not (self._stopping and not connection.in_flight):
                while not self._stopping and connection.in_flight < _in_flight and self._allowance >= 1:
                    self._allowance -= 1
                    self._send(connection)
                await asyncio.sleep(_tick_s)
            self._acknowledged.unanswered += connection.in_flight
            self._again.extend(report for report in connection.waiting if report is not None)
            connection.close()

    def _send(self, connection: Connection[_Report | None]) -> None:
        if self._again:
            report = self._again.popleft()
        elif self._rng.random() < _postback_share:
            self._orders += 1
            report = _Report(
                f"order-{self._orders}", self._rng.choice(self._recent_tokens) if self._recent_tokens else None
            )
        else:
            connection.send(self._messages.click(), None)
            return
        now_us = time.time_ns() // 1000
        fields = {"order_id": report.event_id, "status": "booked", "amount_minor": 10_000, "click_id": report.click}
        connection.send(self._messages.report(report.event_id, now_us, fields), report)

    def _answered(self, report: _Report | None, answer: Answer) -> None:
        if report is not None and answer.status == 202:
            self._acknowledged.events.add(report.event_id)
        elif report is None and (token := click_token(answer)):
            self._acknowledged.tokens.append(token)
            self._recent_tokens.append(token)
        else:
            self._acknowledged.refused[f"{answer.status} {answer.body[:200].decode('utf-8', 'replace')}"] += 1


def _compare(stack: Stack, acknowledged: Acknowledged) -> dict[str, int]:
    """What was acknowledged against the journal, and the journal against the database."""
    clicks, reports = _journalled(stack)
    keys = stack.secrets.token_keys()
    lost = sum(not _is_there(token, keys, clicks) for token in acknowledged.tokens)
    lost += len(acknowledged.events - reports.keys())
    hours = Counter((click.link, hour_start(click.at_us)) for click in clicks.values())
    with psycopg.connect(stack.url("warum_reader"), autocommit=True) as connection, connection.transaction():
        connection.execute("select set_config('warum.role', 'auditor', true)")
        counted_hours = Counter({(link, at_us): count for link, at_us, count in connection.execute(_CLICKS)})
        events = Counter(dict(connection.execute(_ORDERS).fetchall()))
        postings = connection.execute(_POSTED_TWICE).fetchone()
        quarantined = connection.execute("select count(*) from warum.quarantine").fetchone()
    assert postings is not None
    assert quarantined is not None
    orders = Counter(dict.fromkeys(reports, 1))
    reader = Reader(stack.url("warum_reader"))
    figures = reader.figures()
    reader.close()
    return {
        "acknowledged_lost": lost,
        "counted_twice": (counted_hours - hours).total() + (events - orders).total() + postings[0],
        "not_counted": (hours - counted_hours).total() + (orders - events).total(),
        "quarantined": quarantined[0],
        "ledger_balanced": figures.ledger_balanced,
        "log_problems": _log_problems(stack),
        "journal_clicks": len(clicks),
        "journal_reports": reports.total(),
        "repeated_reports": reports.total() - len(reports),
        "refused": acknowledged.refused.total(),
    }


def _log_problems(stack: Stack) -> int:
    """What the log and the rest of the house disagree in after all the kills."""
    with PostgresDatabase(
        stack.url("warum_worker"), vault_of(stack.secrets), max_size=1, name="warum bench"
    ) as database:
        return audit(database, reader_of_log(stack.config, stack.secrets)).count


_CLICKS: Final[LiteralString] = """
    select link_id, warum.us(hour), sum(clicks_token)::bigint from warum.rollup_hour group by 1, 2
"""
# An order counts as often as it was booked: as a conversion, in its history.
_ORDERS: Final[LiteralString] = """
    select c.order_id, count(*)
    from warum.conversion as c join warum.conversion_event as e on e.conversion_id = c.id and e.kind = 'booked'
    group by 1
"""
_POSTED_TWICE: Final[LiteralString] = """
    select coalesce(sum(n - 1), 0)::bigint
    from (select count(*) as n from warum.txn where conversion_id is not null group by conversion_id) as booked
"""


def _journalled(stack: Stack) -> tuple[dict[RecordId, Click], Counter[str]]:
    """Clicks by their record, and how often each event id stands there."""
    clicks: dict[RecordId, Click] = {}
    reports: Counter[str] = Counter()
    for record_id, record in stack.records():
        match record:
            case Click():
                clicks[record_id] = record
            case Postback():
                reports[record.event_id] += 1
            case _:
                pass
    return clicks, reports


def _is_there(token: str, keys: TokenKeys, clicks: Mapping[RecordId, Click]) -> bool:
    """Whether the record that a token was made for stands in the journal, and says the same."""
    touch = keys.read(token)
    click = clicks.get(touch.record) if isinstance(touch, Touch) and touch.record is not None else None
    return (
        isinstance(touch, Touch)
        and click is not None
        and (click.link, click.allocation, click.arm) == (touch.link, touch.allocation, touch.arm)
        and click.at_us // SECOND_US == touch.at_us // SECOND_US
    )
