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

from warum.app.call import Caller, Deps, perform
from warum.app.decisions.proposals import ProposalApprove, ProposalList
from warum.app.operations import BY_NAME
from warum.app.publishers import TargetChange, TargetCreate
from warum.app.status import StatusShow
from warum.domain.sealing import advertiser_secret
from warum.kernel.ids import public
from warum.kernel.period import DAY_US, from_us
from warum.kernel.refusal import Refusal
from warum.main.client import ask
from warum.main.clock import ScaledClock, scaled_clock
from warum.main.config import ENV_SUPERVISED, Config, ConfigError, load_config
from warum.main.database import DatabaseError, role_url
from warum.main.demo.figures import counted, edge_lost, ledger_balanced
from warum.main.demo.orders import Orders
from warum.main.demo.receiver import Receiver
from warum.main.demo.requests import Requests
from warum.main.demo.traffic import Parties, Traffic
from warum.main.demo.world import sample_world
from warum.main.embedded import EmbeddedError
from warum.main.entrances import DEMO_EMAIL
from warum.main.logs import masked, setup_logging
from warum.main.secret_store import Secrets, SecretsError, load_secrets
from warum.main.wiring import open_deps
from warum.ports.catalog import ActorKind
from warum.ports.database import DatabaseMisfit, DatabaseUnavailable, Role, Scope
from warum.sim.world import World

FIGURES: Final = "figures.json"

_SYSTEM: Final = Caller(scope=Scope(Role.OPERATOR), kind=ActorKind.SYSTEM, actor="demo")
_trackers: Final = 5
_links_max: Final = 10_000
_rows_max: Final = 500
_poll_s: Final = 0.1
_drain_s_max: Final = 60.0
_approve_s: Final = 2.0
_say_s: Final = 30.0
_retry_s: Final = 0.5
_EXPECTED: Final = (ConfigError, DatabaseError, DatabaseMisfit, EmbeddedError, OSError, SecretsError)

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
        parties = await _patiently(lambda: _parties(deps, world), stop)
        if parties is None:
            return
        receiver = Receiver()
        await receiver.open(await asyncio.to_thread(_port_of_targets, deps))
        stack.callback(receiver.close)
        await asyncio.to_thread(_set_targets, deps, world, receiver.port)
        orders = Orders(config.data, now_us=clock.now_us())
        address = config.edge_host, config.edge_port
        if not await _edge_knows(address, parties.links_all, stop):
            return
        traffic = Traffic(world, clock, parties, orders, address)
        print("ready", flush=True)
        beside = [asyncio.create_task(_say(traffic, world, clock))]
        if options.approve:
            beside.append(asyncio.create_task(_approve(deps)))
        try:
            await _live(config, secrets, deps, clock, traffic, options, stop)
            orders.close()
        finally:
            for task in beside:
                task.cancel()


async def _live(
    config: Config,
    secrets: Secrets,
    deps: Deps,
    clock: ScaledClock,
    traffic: Traffic,
    options: Options,
    stop: asyncio.Event,
) -> None:
    if options.seconds is None:
        running = asyncio.create_task(traffic.run())
        await _first(running, stop, None)
        traffic.stop()
        await running
        return
    url = role_url(config, secrets, "warum_reader")
    await _drained(deps, stop)
    before = await asyncio.to_thread(counted, url)
    begun_s, begun_us = time.monotonic(), clock.now_us()
    running = asyncio.create_task(traffic.run())
    await _first(running, stop, options.seconds)
    traffic.stop()
    await running
    lasted_s, days = time.monotonic() - begun_s, (clock.now_us() - begun_us) / DAY_US
    if stop.is_set():
        return
    await _drained(deps, stop)
    after = await asyncio.to_thread(counted, url)
    figures = {
        "demo": "sample network",
        "seconds": round(lasted_s, 1),
        "simulated_days": round(days, 2),
        "clicks": after.clicks,
        "impressions": after.impressions,
        "conversions": dict(after.conversions),
        "commission_minor": after.commission_minor,
        "proposals": after.proposals,
        "applied": after.applied,
        "outcomes": after.outcomes,
        "ledger_balanced": await asyncio.to_thread(ledger_balanced, url),
        "edge_lost": edge_lost(traffic.acknowledged, before, after),
        "acknowledged": dict(sorted(traffic.acknowledged.items())),
        "drops": dict(after.drops),
    }
    _write(config.data / FIGURES, figures)
    await stop.wait()


async def _first(running: asyncio.Task[None], stop: asyncio.Event, limit_s: float | None) -> None:
    waiting = asyncio.create_task(stop.wait())
    await asyncio.wait((running, waiting), timeout=limit_s, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()


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
        status = await _patiently(lambda: _do(deps, "status.show", StatusShow()), stop)
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


# What it knows and does by the operations --------------------------------------------------------------------------


def _parties(deps: Deps, world: World) -> Parties:
    """The links of the catalog by the codes of the world, and the advertisers' secrets."""
    offers = {offer.name: offer.code for offer in world.offers}
    with deps.database.transaction(_SYSTEM.scope) as tx:
        codes = {one.id: one.code for one in tx.catalog.publishers(0, _rows_max)}
        names = {one.id: one.name for one in tx.catalog.offers(program=None, after=0, limit=_rows_max)}
        links = [
            link
            for link in tx.catalog.links(partnership=None, offer=None, program=None, after=0, limit=_links_max)
            if link.retired_us is None and names[link.offer] in offers
        ]
        slots = tx.creatives.slots(partnership=None, offer=None, program=None, after=0, limit=_links_max)
        secrets = {
            one.code: deps.sealer.open(advertiser_secret(one.id), one.secret_sealed or "")
            for one in tx.catalog.advertisers(0, _rows_max)
        }
    return Parties(
        links={(codes[link.publisher], offers[names[link.offer]]): link.code for link in links},
        slots={
            (codes[slot.publisher], offers[names[slot.offer]]): slot.code for slot in slots if slot.retired_us is None
        },
        links_all=len(links),
        secrets={code: secret for code, secret in secrets.items() if secret is not None},
    )


def _port_of_targets(deps: Deps) -> int | None:
    """Where the trackers listened last time."""
    with deps.database.transaction(_SYSTEM.scope) as tx:
        targets = tx.catalog.targets(publisher=None, after=0, limit=1)
    with suppress(ValueError, IndexError):
        return int(targets[0].url_template.split("/")[2].rpartition(":")[2]) if targets else None
    return None


def _set_targets(deps: Deps, world: World, port: int) -> None:
    """A few publishers hear of their conversions, where our receiver now is."""
    with deps.database.transaction(_SYSTEM.scope) as tx:
        ids = {one.code: one.id for one in tx.catalog.publishers(0, _rows_max)}
        known = {target.publisher: target for target in tx.catalog.targets(publisher=None, after=0, limit=_rows_max)}
    for publisher in world.publishers[:_trackers]:
        url = (
            f"http://127.0.0.1:{port}/{publisher.code}?cid={{sub1}}&tx={{transaction_id}}&status={{status}}"
            "&payout={payout}&currency={currency}"
        )
        target = known.get(ids[publisher.code])
        if target is None:
            _do(deps, "postback.create", TargetCreate(publisher=ids[publisher.code], url_template=url))
        elif target.url_template != url:
            reason = "The demo's receiver moved to another port."
            _do(deps, "postback.change", TargetChange(target=target.id, url_template=url, reason=reason))


async def _approve(deps: Deps) -> None:
    """Approve what waits, again and again, as the demo's account manager."""
    while True:
        await asyncio.sleep(_approve_s)
        with suppress(DatabaseUnavailable):
            await asyncio.to_thread(_approve_all, deps)


def _approve_all(deps: Deps) -> None:
    with deps.database.transaction(Scope(Role.SYSTEM)) as tx:
        user = tx.people.user_by_email(DEMO_EMAIL)
    if user is None:
        return
    manager = Caller(scope=Scope(Role.MANAGER), kind=ActorKind.PERSON, actor=public("user", user.id))
    for proposal in _do(deps, "proposal.list", ProposalList(), manager).proposals:
        wish = ProposalApprove(proposal=proposal.id, note="Approved by the demo itself (--approve).")
        answer = perform(BY_NAME["proposal.approve"], deps, manager, wish)
        if isinstance(answer, Refusal):
            _log.info("a proposal was not approved: %s", answer.message)


def _do(deps: Deps, name: str, ask_: object, caller: Caller = _SYSTEM) -> Any:
    output = perform(BY_NAME[name], deps, caller, ask_)
    if isinstance(output, Refusal):
        raise ConfigError(f"the demo's own {name} was refused: {output.message}")
    return output


def _write(path: Path, figures: Mapping[str, object]) -> None:
    draft = path.with_name(f".{path.name}")
    draft.write_text(json.dumps(figures), encoding="utf-8")
    draft.replace(path)


if __name__ == "__main__":
    sys.exit(main())
