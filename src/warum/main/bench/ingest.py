"""Records a second that one worker turns into counts, conversions and postings, with the database beside it on the same
cores. The journal is written first, so that neither edge nor client takes part."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from warum.adapters.postgres.database import PostgresDatabase
from warum.domain.mode import Mode
from warum.domain.records import Basis, Click, Postback, Record
from warum.domain.token import Touch
from warum.edge.codec import encode
from warum.edge.journal import JournalWriter, RealFiles, stream_folder
from warum.kernel.ids import RecordId
from warum.kernel.period import SECOND_US
from warum.main.bench.world import Messages, drain, open_world, program
from warum.main.edge import JOURNAL_FOLDER
from warum.main.replay.meter import MemoryMeter
from warum.main.stack import Stack, stream
from warum.main.wiring import vault_of
from warum.ports.database import Role, Scope

_clicks_per_order: Final = 3
_cancelled_every: Final = 4
_commit_every: Final = 500
_drain_s_max: Final = 600.0

LIMITS: Final = (
    "Worker and PostgreSQL share this machine's cores. Synthetic: three clicks an order, every fourth order cancelled."
)


def run(argv: Sequence[str]) -> dict[str, object]:
    parser = argparse.ArgumentParser(prog="warum bench ingest")
    parser.add_argument("--orders", type=int, default=10_000)
    orders: int = parser.parse_args(argv).orders
    with TemporaryDirectory(prefix="warum-bench-") as folder, open_world(Path(folder)) as (stack, messages):
        clicks, reports = write_orders(stack, messages, orders)
        with MemoryMeter() as meter:
            stack.worker.start()
            stack.worker.wait_ready()
            begun = time.monotonic()
            drain(stack, limit_s=_drain_s_max)
            took_s = time.monotonic() - begun
    count = clicks + reports
    print(f"{count:,} records in {took_s:.1f} s", file=sys.stderr)
    return {
        "records": count,
        "clicks": clicks,
        "reports": reports,
        "records_per_s": round(count / took_s),
        "seconds": round(took_s, 1),
        "peak_pss_mib": meter.peak_mib,
        "limits": LIMITS,
    }


def write_orders(
    stack: Stack,
    messages: Messages,
    orders: int,
    *,
    clicks_each: int = _clicks_per_order,
    later: str = "cancelled",
    later_every: int = _cancelled_every,
) -> tuple[int, int]:
    """Fill the journal; how many clicks and reports it holds.

    Args:
        clicks_each: that are written; a token is believed without its click.
        later: the step that every ``later_every``-th order is reported with afterwards.
    """
    with (
        PostgresDatabase(
            stack.url("warum_worker"), vault_of(stack.secrets), max_size=1, name="warum bench"
        ) as database,
        database.transaction(Scope(Role.SYSTEM)) as tx,
    ):
        links = [link for code in messages.network.link_codes.values() if (link := tx.catalog.link_by_code(code))]
        offer = tx.catalog.offer(links[0].offer)
    assert offer is not None
    assert offer.allocation is not None
    keys = stack.secrets.token_keys()
    journal = JournalWriter(stream_folder(stack.config.data / JOURNAL_FOLDER, stream), stream=stream, files=RealFiles())
    now_us = time.time_ns() // 1000 - orders * SECOND_US
    written = [0, 0]

    def append(record: Record) -> RecordId:
        written[isinstance(record, Postback)] += 1
        record_id = journal.append(*encode(record))
        if sum(written) % _commit_every == 0:
            _commit(journal)
        return record_id

    for order in range(orders):
        at_us = now_us + order * SECOND_US
        click = Click(
            at_us=at_us,
            seen_us=at_us,
            link=links[order % len(links)].id,
            allocation=offer.allocation,
            arm=0,
            basis=Basis.CONSENT,
            mode=Mode.LIVE,
        )
        token = keys.token(_touch(click, RecordId(stream, 0, order)))
        for _ in range(clicks_each):
            token = keys.token(_touch(click, append(click)))
        append(_report(messages, order, "booked", at_us, token))
        if order % later_every == 0:
            append(_report(messages, order, later, at_us + 1, None))
    _commit(journal)
    journal.close()
    return written[0], written[1]


def _commit(journal: JournalWriter) -> None:
    if batch := journal.take():
        journal.write(batch)


def _touch(click: Click, record: RecordId) -> Touch:
    return Touch(
        at_us=click.at_us,
        link=click.link,
        allocation=click.allocation,
        arm=click.arm,
        basis=click.basis,
        mode=click.mode,
        record=record,
    )


def _report(messages: Messages, order: int, step: str, at_us: int, token: str | None) -> Postback:
    return Postback(
        at_us=at_us,
        seen_us=at_us,
        advertiser=messages.network.advertiser_id,
        dialect="generic",
        event_id=f"{order}-{step}",
        step=step,
        status_raw=step,
        mode=Mode.LIVE,
        program=messages.network.program_codes[program],
        order_id=str(order),
        click_refs=() if token is None else (token,),
        amount_minor=None if token is None else 5_000 + order,
        currency="EUR",
    )
