"""One replay from start to end: folder, installation, network, where it was left, events, the last holds, figures.

Nothing of our own remembers how far it came: the journal does. Ctrl-C or ``kill -9`` at any moment is therefore no
different from a pause, and a replay that is complete sends every report once more, which has to change nothing."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Final

import uvloop

from warum.domain.records import Click, Postback
from warum.domain.token import TokenKeys, Touch
from warum.kernel.period import DAY_US, HOUR_US
from warum.main.client import ask
from warum.main.database import DatabaseError
from warum.main.embedded import EmbeddedError
from warum.main.holder import HeldError
from warum.main.launch import LaunchError
from warum.main.network import Network, Terms, ensure_network
from warum.main.replay.drive import Drive, DriveError
from warum.main.replay.meter import MemoryMeter
from warum.main.replay.plan import FileError, Kind, Plan, read_plan
from warum.main.replay.progress import Progress
from warum.main.replay.requests import Requests, trusted_proxies
from warum.main.replay.summary import Figures, Reader
from warum.main.stack import Stack, StackError

commission_percent: Final = 8
hold_days: Final = 3

_FOLDER: Final = ".warum-replay"
_PLAN_FILE: Final = "replay.json"
_EXPECTED: Final = (
    DatabaseError,
    DriveError,
    EmbeddedError,
    FileError,
    HeldError,
    LaunchError,
    OSError,
    StackError,
)
_settle_s: Final = 0.1
_death_s: Final = 0.5
_settle_s_max: Final = 600.0
_interrupted: Final = 130


class Mismatch(StackError):
    """The folder holds another replay than this one."""


def main(argv: Sequence[str]) -> int:
    """The command; the exit code (0, 1 when it cannot, 2 for wrong arguments, 130 when it was interrupted)."""
    arguments = _parser().parse_args(argv)
    try:
        return _replay(arguments)
    except _EXPECTED as error:
        print(f"warum replay: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. The same command goes on from here.", file=sys.stderr)
        return _interrupted


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="warum replay", description="Send a file of real bookings through edge, worker and ledger."
    )
    parser.add_argument("file", type=Path, help="bookings as CSV, gzipped or not")
    parser.add_argument("--as", dest="vertical", required=True, metavar="VERTICAL", help="what the file is: hotel")
    parser.add_argument("--json", action="store_true", help="end with one line of JSON")
    parser.add_argument(
        "--data", type=Path, metavar="DIR", help=f"data folder (default: {_FOLDER}/ and the file's digest)"
    )
    parser.add_argument("--limit", type=int, metavar="N", help="take only the first N bookings")
    return parser


def _replay(arguments: argparse.Namespace) -> int:
    begun = time.monotonic()
    plan = read_plan(arguments.file, vertical=arguments.vertical, limit=arguments.limit)
    data: Path = arguments.data or Path(_FOLDER) / plan.digest[:12]
    _claim(data, plan)
    progress = Progress(sys.stderr, total=len(plan))
    progress.say(f"{len(plan.bookings):,} bookings, {len(plan):,} events; data folder {data}")
    stack = Stack(data, edge_arguments=("--driven",), worker_arguments=("--driven",), trusted_proxies=trusted_proxies)
    with MemoryMeter() as meter, stack:
        network = _network(stack, plan, arguments.vertical)
        stack.start(links=len(network.link_codes))
        reader = Reader(stack.url("warum_reader"))
        try:
            before = reader.money()
            sent, repeated = uvloop.run(_send(stack, plan, network, reader, progress))
            figures = reader.figures()
            unchanged = reader.money() == before
        finally:
            reader.close()
    wall_s = time.monotonic() - begun
    summary = {
        **asdict(figures),
        "events_sent": sent,
        **({"repeated": True, "unchanged": unchanged} if repeated else {}),
        "events_per_s": round(sent / wall_s),
        "wall_s": round(wall_s, 1),
        "peak_pss_mib": meter.peak_mib,
    }
    _tell(figures, summary)
    if arguments.json:
        print(json.dumps(summary))
    sound = figures.ledger_balanced and figures.bookings == len(plan.bookings) and (unchanged or not repeated)
    return 0 if sound else 1


def _claim(data: Path, plan: Plan) -> None:
    """A folder belongs to one file, one vertical and one limit."""
    mark = data / _PLAN_FILE
    if mark.exists():
        known = json.loads(mark.read_text(encoding="ascii")).get("digest")
        if known != plan.digest:
            raise Mismatch(f"{data} holds the replay of another file or another limit; choose another --data.")
        return
    if data.exists() and any(data.iterdir()):
        raise Mismatch(f"{data} exists and is not the folder of a replay; choose another --data.")
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    mark.write_text(json.dumps({"digest": plan.digest}) + "\n", encoding="ascii")


def _network(stack: Stack, plan: Plan, vertical: str) -> Network:
    return ensure_network(
        stack.config,
        stack.secrets,
        name="Replay",
        pairs=plan.pairs,
        programs=plan.programs,
        terms=Terms(vertical=vertical, percent=commission_percent, hold_days=hold_days),
        # Older than the first click, which is promised this commission.
        now_us=plan.first_us - DAY_US,
    )


async def _send(stack: Stack, plan: Plan, network: Network, reader: Reader, progress: Progress) -> tuple[int, bool]:
    """Everything up to the last hold; events sent, and whether they were all sent before."""
    host, port = stack.config.edge_host, stack.config.edge_port
    start, tokens = _journalled(stack, plan, stack.secrets.token_keys())
    requests = Requests(plan, network, host=f"{host}:{port}")
    drive = Drive(
        plan,
        requests,
        tokens,
        consumed=lambda: asyncio.to_thread(lambda: plan.position(reader.watermark_us())),
        seen=progress.show,
    )
    repeated = start == len(plan)
    try:
        if repeated:
            progress.say("all events are in the journal; every report is sent once more, which must change nothing")
            sent = await drive.repeat(host, port)
        else:
            if start:
                progress.say(f"{start:,} events are in the journal; going on from there")
            sent = await drive.run(host, port, start=start)
        await _settle(stack, plan, requests, reader, progress)
    except (DriveError, OSError) as error:
        # A part that died explains it better; it may take a moment to be seen dead.
        await asyncio.sleep(_death_s)
        stack.check()
        raise DriveError(str(error)) from None
    return sent, repeated


def _journalled(stack: Stack, plan: Plan, keys: TokenKeys) -> tuple[int, dict[int, str]]:
    """How many events are in the journal, and the tokens of its clicks: each follows from the record and where it
    stands."""
    position, tokens = 0, dict[int, str]()
    for record_id, record in stack.records():
        if not isinstance(record, Click | Postback) or position == len(plan):
            continue
        event = plan.event(position)
        if isinstance(record, Click) != (event.kind is Kind.CLICK):
            raise Mismatch(f"record {record_id} of the journal is not event {position} of the file")
        position += 1
        if isinstance(record, Click):
            tokens[event.row] = keys.token(
                Touch(
                    at_us=record.at_us,
                    link=record.link,
                    allocation=record.allocation,
                    arm=record.arm,
                    basis=record.basis,
                    mode=record.mode,
                    record=record_id,
                )
            )
    return position, tokens


async def _settle(stack: Stack, plan: Plan, requests: Requests, reader: Reader, progress: Progress) -> None:
    """Let the clock run past the last hold, and wait until the worker has seen it."""
    # Later than any tick before, or the worker could not be seen to have come this far.
    until_us = max(plan.last_us + (hold_days + 1) * DAY_US, await asyncio.to_thread(reader.watermark_us) + HOUR_US)
    answer = await ask(stack.config.edge_host, stack.config.edge_port, requests.tick(until_us))
    if answer.status >= 300:
        raise DriveError(f"the edge did not take the last tick: {answer.status} {answer.body.decode()}")
    deadline = time.monotonic() + _settle_s_max
    while True:
        watermark_us = await asyncio.to_thread(reader.watermark_us)
        progress.show(plan.position(watermark_us), watermark_us)
        if watermark_us >= until_us and not await asyncio.to_thread(reader.overdue, until_us):
            progress.show(len(plan), until_us, last=True)
            return
        stack.check()
        if time.monotonic() > deadline:
            raise StackError("the worker does not come to the end of the journal")
        await asyncio.sleep(_settle_s)


def _tell(figures: Figures, summary: Mapping[str, object]) -> None:
    declined = ", ".join(f"{count:,} {reason.replace('_', ' ')}" for reason, count in figures.declined.items())
    lines = [
        f"bookings      {figures.bookings:>12,}   {figures.unattributed:,} of them credited to nobody",
        f"attributed    {figures.attributed:>12,}   to {figures.publishers:,} publishers",
        f"approved      {figures.approved:>12,}   sales of {_euros(figures.sale_minor_approved)}",
        f"declined      {sum(figures.declined.values()):>12,}   {declined}",
        f"commission    {_euros(figures.commission_minor_approved):>16}   ledger "
        + ("balanced" if figures.ledger_balanced else "NOT BALANCED"),
        f"{summary['events_sent']:,} events in {summary['wall_s']} s: {summary['events_per_s']:,}/s; "
        f"at most {summary['peak_pss_mib']} MiB, all processes together",
    ]
    if figures.left_open:
        lines.append(f"{figures.left_open:,} reports wait for a person")
    if "unchanged" in summary:
        lines.append(
            "Every report had been sent before; conversions and postings "
            + ("are, row by row, what they were." if summary["unchanged"] else "HAVE CHANGED.")
        )
    print("\n".join(["", *lines, ""]), flush=True)


def _euros(amount_minor: int) -> str:
    return f"{amount_minor / 100:,.2f} EUR"
