"""The process that lets the sample network live: it plays the world against the real edge, takes postbacks as the
publishers' trackers would, and on request approves what the bots propose, as the demo's account manager.

A run with an end (``--for``) stops the traffic, waits until the worker has read everything, and writes the figures."""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import uvloop

from warum.app.call import Deps
from warum.app.status import StatusShow
from warum.kernel.period import DAY_US, from_us
from warum.main.client import ask
from warum.main.clock import ScaledClock, scaled_clock
from warum.main.config import ENV_SUPERVISED, Config, ConfigError, load_config
from warum.main.database import DatabaseError, role_url
from warum.main.demo.desk import DemoRefused, approve_all, do, parties_of, port_of_targets, set_targets
from warum.main.demo.figures import Counted, counted, edge_lost, ledger_balanced
from warum.main.demo.orders import Orders
from warum.main.demo.receiver import Receiver
from warum.main.demo.requests import Requests
from warum.main.demo.traffic import Traffic
from warum.main.demo.world import sample_world
from warum.main.embedded import EmbeddedError
from warum.main.logs import masked, setup_logging
from warum.main.secret_store import SecretsError, load_secrets
from warum.main.wiring import open_deps
from warum.ports.database import DatabaseMisfit, DatabaseUnavailable
from warum.sim.world import World

FIGURES: Final = "figures.json"

_poll_s: Final = 0.1
_drain_s_max: Final = 60.0
_approve_s: Final = 2.0
_follow_s: Final = 5.0
_say_s: Final = 30.0
_retry_s: Final = 0.5
_EXPECTED: Final = (
    ConfigError,
    DatabaseError,
    DatabaseMisfit,
    DemoRefused,
    EmbeddedError,
    OSError,
    SecretsError,
)

_log: Final = logging.getLogger("warum.network")


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How it runs.

    Attributes:
        seconds: after so many of the wall it ends the traffic and writes ``figures``; None: until it is stopped.
        approve: approve what the bots propose.
    """

    seconds: float | None
    approve: bool


def main(argv: Sequence[str] | None = None) -> int:
    """Run until SIGTERM or SIGINT; the exit code. Prints a line that begins with ``ready``."""
    parser = argparse.ArgumentParser(prog="python -m warum.main.demo.network", description=__doc__)
    parser.add_argument("--for", dest="seconds", type=float, help="end the traffic after so many seconds")
    parser.add_argument("--approve", action="store_true", help="approve what the bots propose")
    arguments = parser.parse_args(argv)
    try:
        config = load_config(os.environ, Path.cwd())
        setup_logging("network", config.log_level, supervised=os.environ.get(ENV_SUPERVISED) == "1")
        logging.getLogger("psycopg.pool").setLevel(logging.CRITICAL)
        clock = scaled_clock(config.data)
        if clock is None or clock.begun_us is None:
            raise ConfigError(f"{config.data} has no running clock of a demo; start it with `warum demo`.")
        uvloop.run(_run(config, clock, Options(seconds=arguments.seconds, approve=arguments.approve)))
    except _EXPECTED as error:
        print(f"network: {masked(str(error))}", file=sys.stderr)
        return 1
    return 0


async def _run(config: Config, clock: ScaledClock, options: Options) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    with ExitStack() as stack:
        secrets = load_secrets(config.data)
        deps = stack.enter_context(open_deps(config, secrets, connections_max=2, name="warum network"))
        world = sample_world(clock.start_us)
        parties = await _patiently(lambda: parties_of(deps, world), stop)
        if parties is None:
            return
        receiver = Receiver()
        await receiver.open(await asyncio.to_thread(port_of_targets, deps))
        stack.callback(receiver.close)
        await asyncio.to_thread(set_targets, deps, world, receiver.port)
        orders = Orders(config.data, now_us=clock.now_us())
        address = config.edge_host, config.edge_port
        if not await _edge_knows(address, parties.links_all, stop):
            return
        traffic = Traffic(world, clock, parties, orders, address)
        print("ready", flush=True)
        beside = [
            asyncio.create_task(_say(traffic, world, clock)),
            asyncio.create_task(_follow_catalog(deps, world, traffic)),
        ]
        if options.approve:
            beside.append(asyncio.create_task(_approve(deps)))
        try:
            if options.seconds is None:
                await _live(traffic, stop, None)
                orders.close()
                return
            url = role_url(config, secrets, "warum_reader")
            figures = await _live_and_tell(deps, url, clock, traffic, stop, options.seconds)
            orders.close()
            if figures is not None:
                _write(config.data / FIGURES, figures)
                await stop.wait()
        finally:
            for task in beside:
                task.cancel()


async def _live(traffic: Traffic, stop: asyncio.Event, seconds: float | None) -> None:
    """Let the traffic run, and end it properly."""
    running, waiting = asyncio.create_task(traffic.run()), asyncio.create_task(stop.wait())
    await asyncio.wait((running, waiting), timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    traffic.stop()
    await running


async def _live_and_tell(
    deps: Deps, url: str, clock: ScaledClock, traffic: Traffic, stop: asyncio.Event, seconds: float
) -> dict[str, object] | None:
    """The figures of a run with an end; None if it was stopped before.

    Args:
        url: of the database, for the login role that reads.
    """
    await _drained(deps, stop)
    before = await asyncio.to_thread(counted, url)
    begun_s, begun_us = time.monotonic(), clock.now_us()
    await _live(traffic, stop, seconds)
    lasted_s, days = time.monotonic() - begun_s, (clock.now_us() - begun_us) / DAY_US
    await _drained(deps, stop)
    if stop.is_set():
        return None
    after: Counted = await asyncio.to_thread(counted, url)
    return {
        "demo": "sample network",
        "seconds": round(lasted_s, 1),
        "simulated_days": round(days, 2),
        **after.figures(),
        "ledger_balanced": await asyncio.to_thread(ledger_balanced, url),
        "edge_lost": edge_lost(traffic.acknowledged, before, after),
        "acknowledged": dict(sorted(traffic.acknowledged.items())),
    }


async def _patiently(read: Callable[[], Any], stop: asyncio.Event) -> Any:
    """What is read, once the database answers; None if it is time to stop first."""
    while not stop.is_set():
        try:
            return await asyncio.to_thread(read)
        except DatabaseUnavailable as error:
            _log.warning("the database does not answer: %s", masked(str(error)))
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), _retry_s)
    return None


async def _edge_knows(address: tuple[str, int], links: int, stop: asyncio.Event) -> bool:
    """Wait until the edge has heard of every link; False if it is time to stop first."""
    request = Requests(f"{address[0]}:{address[1]}").health()
    while not stop.is_set():
        with suppress(OSError, TimeoutError, ValueError):
            if json.loads((await ask(*address, request)).body)["links"] >= links:
                return True
        await asyncio.sleep(_poll_s)
    return False


async def _drained(deps: Deps, stop: asyncio.Event) -> None:
    """Wait until the worker has read the whole journal."""
    until = time.monotonic() + _drain_s_max
    while not stop.is_set():
        status = await _patiently(lambda: do(deps, "status.show", StatusShow()), stop)
        if status is None or not any(stream.waiting for stream in status.streams):
            return
        if time.monotonic() > until:
            _log.error("the worker has not read the journal after %g s", _drain_s_max)
            return
        await asyncio.sleep(_poll_s)


async def _say(traffic: Traffic, world: World, clock: ScaledClock) -> None:
    """Now and then, how far it is."""
    while True:
        await asyncio.sleep(_say_s)
        now_us, sent = clock.now_us(), traffic.acknowledged
        number = (now_us - world.start_us) // DAY_US + 1
        _log.info(
            "day %d (%s): %d views, %d reports", number, f"{from_us(now_us):%a %d %b %Y}", sent["view"], sent["report"]
        )


async def _follow_catalog(deps: Deps, world: World, traffic: Traffic) -> None:
    """People change things while it runs: links, slots, secrets."""
    while True:
        await asyncio.sleep(_follow_s)
        with suppress(DatabaseUnavailable):
            traffic.parties = await asyncio.to_thread(parties_of, deps, world)


async def _approve(deps: Deps) -> None:
    """Approve what waits, again and again, as the demo's account manager."""
    while True:
        await asyncio.sleep(_approve_s)
        with suppress(DatabaseUnavailable):
            await asyncio.to_thread(approve_all, deps)


def _write(path: Path, figures: Mapping[str, object]) -> None:
    draft = path.with_name(f".{path.name}")
    draft.write_text(json.dumps(figures), encoding="utf-8")
    draft.replace(path)


if __name__ == "__main__":
    sys.exit(main())
