"""The command line of the demo: ``run_up`` on a data folder of its own, with its own clock, a catalog and a process
that lets the sample network live. The database is real, the edge is real, and so is every request; only the people are
not.

The first four weeks pass in two minutes, so that there is something to see; after that a day passes in a minute."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Thread
from typing import Any, Final

from warum.main.config import Config, ConfigError, load_config
from warum.main.demo.catalog import ensure_catalog
from warum.main.demo.network import FIGURES
from warum.main.demo.timekeeping import ensure_clock, resting_clock, start_clock, stop_clock
from warum.main.demo.world import sample_world
from warum.main.demo_site import read_door, write_door
from warum.main.entrances import DEMO_NAME, demo_entrance
from warum.main.secret_store import Secrets
from warum.main.supervisor import ChildSpec
from warum.main.up import child_environ, run_up
from warum.web.page import Door

FOLDER: Final = ".warum-demo"

_bot_interval_s: Final = 4
_figures_s_max: Final = 150.0
_look_s: Final = 0.1
_LOOPBACK: Final = ("127.0.0.0/8", "::1/128")


@dataclass(slots=True)
class _Run:
    """One run: its configuration, and what came of it.

    Attributes:
        clock_runs: whether this run started the clock, and so has to stop it.
    """

    config: Config
    seconds: float | None
    approve: bool
    json: bool
    clock_runs: bool = False
    entrance: str = ""
    figures: dict[str, Any] | None = None
    _over: bool = field(default=False, init=False)

    def seed(self, config: Config, secrets: Secrets) -> None:
        """The database is there: make what is missing, then let time run."""
        clock = resting_clock(config, secrets)
        seed(config, secrets)
        self.entrance = demo_entrance(config)
        start_clock(config.data, clock)
        self.clock_runs = True

    def ready(self) -> None:
        """Everything takes requests."""
        if not self.json:
            print(_welcome(self.config, self.entrance), flush=True)
        if self.seconds is not None:
            # Beside the supervisor, which is not to wait for it when it is asked to stop.
            Thread(target=self._wait_for_figures, daemon=True).start()

    def child(self) -> ChildSpec:
        """The process that lets the network live."""
        options = [
            *(() if self.seconds is None else ("--for", str(self.seconds))),
            *(("--approve",) if self.approve else ()),
        ]
        return ChildSpec(
            name="network",
            argv=(sys.executable, "-P", "-m", "warum.main.demo.network", *options),
            env=child_environ(self.config, os.environ),
        )

    def _wait_for_figures(self) -> None:
        assert self.seconds is not None
        path, until = self.config.data / FIGURES, time.monotonic() + self.seconds + _figures_s_max
        while time.monotonic() < until and not path.exists():
            time.sleep(_look_s)
        if path.exists():
            self.figures = json.loads(path.read_text(encoding="utf-8"))
        os.kill(os.getpid(), signal.SIGTERM)


def main(argv: Sequence[str]) -> int:
    """Run the demo until Ctrl-C, or for a while; the exit code."""
    parser = argparse.ArgumentParser(
        prog="warum demo", description="Start everything with a sample network that lives."
    )
    parser.add_argument("--data", type=Path, help=f"its own data folder (default: {FOLDER})")
    parser.add_argument("--for", dest="seconds", type=_seconds, metavar="SECONDS", help="end by itself, with figures")
    parser.add_argument("--json", action="store_true", help="with --for: the figures as one line of JSON, and no more")
    parser.add_argument("--approve", action="store_true", help="approve what the bots propose, as the account manager")
    options = parser.parse_args(argv)
    if options.json and options.seconds is None:
        parser.error("--json needs --for: a demo without an end has no figures")
    try:
        config = _demo_config(options.data)
        ensure_clock(config.data)
    except ConfigError as error:
        print(f"warum demo: {error}", file=sys.stderr)
        return 2
    run = _Run(config, options.seconds, options.approve, options.json)
    (config.data / FIGURES).unlink(missing_ok=True)
    code = run_up(
        config,
        os.environ,
        migrated=run.seed,
        on_ready=run.ready,
        beside=(run.child(),),
        out=sys.stderr if options.json else None,
    )
    if run.clock_runs:
        stop_clock(config.data)
    if options.seconds is None or code != 0:
        return code
    if run.figures is None:
        print("warum demo: it was stopped, or came to no end, before there were figures.", file=sys.stderr)
        return 1
    print(json.dumps(run.figures) if options.json else json.dumps(run.figures, indent=1))
    return 0


def seed(config: Config, secrets: Secrets) -> Door:
    """Make what is missing of the sample network, and say what the first page offers."""
    clock = ensure_clock(config.data)
    door = ensure_catalog(config, secrets, sample_world(clock.start_us), now_us=clock.now_us())
    write_door(config.data, door)
    return door


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 1 <= seconds <= 86_400:
        raise argparse.ArgumentTypeError("give 1 to 86400 seconds")
    return seconds


def _demo_config(data: Path | None) -> Config:
    """The configuration, with what the sample network needs: postbacks to this machine, visitors whose addresses are
    named, and bots that look every few seconds, since hours pass meanwhile."""
    config = load_config(os.environ, Path.cwd())
    default = Path.cwd() / ".warum"
    if data is not None:
        config = replace(config, data=data.absolute())
    elif config.data == default:
        config = replace(config, data=Path.cwd() / FOLDER)
    return replace(
        config,
        delivery_allow_private=True,
        trusted_proxies=config.trusted_proxies or _LOOPBACK,
        bot_interval_s=min(config.bot_interval_s, _bot_interval_s),
    )


def _welcome(config: Config, entrance: str) -> str:
    door = read_door(config.data)
    return "\n".join(
        (
            "",
            f"  Warum runs. Enter as the account manager {DEMO_NAME}, once, with this link:",
            "",
            f"  {entrance}",
            "",
            "  The visitors are made up; all else is real. Four weeks pass in two minutes, then a day in a minute.",
            "  Within a few minutes the bots will have something to propose.",
            "",
            f"  What runs, with links to click:  {config.web_base_url}/status",
            "",
            "  A test conversion: paste these two lines into another terminal. They click a link and report a",
            "  sale; its commission stands on that page within two seconds.",
            "",
            *(door.command or "").splitlines(),
            "",
            f"  Then ask why:  warum --data {config.data} explain cnv_1",
            "  Ctrl-C stops everything; time stands still until the next start.",
            "",
        )
    )
