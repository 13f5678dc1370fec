"""Clicks a second, each on disk before its answer: what one edge process takes at most, and how long a click waits at a
fixed rate. Beside it, in the same run and with the same generator, the anchors: a plain web framework with one INSERT a
click, and nginx answering ``return 302`` without recording anything."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import psycopg
import uvloop

from warum.main.bench.anchor import ENV_DSN, TABLE
from warum.main.bench.load import closed_loop, first_answer, open_loop
from warum.main.bench.world import Messages, open_world
from warum.main.database import OWNER
from warum.main.embedded import DATABASE
from warum.main.stack import Child, Stack, free_port

_host: Final = "127.0.0.1"
_connections: Final = 64
_anchor_up_s: Final = 20.0
_pause_s: Final = 1.0
_rates: Final = (500, 2_000, 10_000)
_headroom: Final = 0.8
"""A rate is only measured where the closed loop showed that the server can hold it."""

LIMITS: Final = (
    "Generator and server share this machine's cores, and the generator is Python: figures are floors, good for "
    "comparing the servers of one run. One connection per click is not measured here."
)
_NGINX: Final = """daemon off; master_process off; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
  access_log off; client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder};
  uwsgi_temp_path {folder}; scgi_temp_path {folder}; keepalive_requests 100000000;
  server {{ listen {host}:{port}; location / {{ return 302 https://www.advertiser.example/; }} }}
}}
"""


def run(argv: Sequence[str]) -> dict[str, object]:
    parser = argparse.ArgumentParser(prog="warum bench edge")
    parser.add_argument("--seconds", type=float, default=5.0, help="of each measurement")
    seconds: float = parser.parse_args(argv).seconds
    with TemporaryDirectory(prefix="warum-bench-") as folder, open_world(Path(folder)) as (stack, messages):
        stack.start(links=len(messages.network.link_codes))
        # Its turn comes in another benchmark; here it would take the edge's core.
        stack.worker.stop()
        own = _measure("edge", stack.config.edge_port, messages, seconds)
        stack.edge.stop()
        plain = _beside(lambda: _framework(stack), "framework with one INSERT a click", messages, seconds)
        nginx = _beside(lambda: _nginx(Path(folder)), "nginx", messages, seconds)
    return {
        "edge": own.shown,
        "anchors": {
            name: anchor if isinstance(anchor, str) else anchor.shown
            for name, anchor in (("fastapi_insert", plain), ("nginx_return_302", nginx))
        },
        "times_fastapi_insert": _ratio(own, plain),
        "times_nginx": _ratio(own, nginx),
        "connections": _connections,
        "limits": LIMITS,
    }


@dataclass(frozen=True, slots=True)
class _Figures:
    """What one server showed: at most so many a second, and everything in words."""

    per_s: int
    shown: dict[str, object]


def _measure(name: str, port: int, messages: Messages, seconds: float) -> _Figures:
    clicks = iter(messages.click, None)
    uvloop.run(first_answer(_host, port, messages.click, _anchor_up_s))
    full = uvloop.run(closed_loop(_host, port, clicks, connections=_connections, seconds=seconds))
    print(f"{name}: {full.per_s:,} clicks/s, p99 {full.quantile_ms(0.99)} ms", file=sys.stderr)
    shown: dict[str, object] = {"at_most": full.figures()}
    for per_s in _rates:
        if per_s > full.per_s * _headroom:
            continue
        time.sleep(_pause_s)
        load = uvloop.run(open_loop(_host, port, clicks, connections=_connections, per_s=per_s, seconds=seconds))
        print(
            f"{name} at {per_s:,}/s: p50 {load.quantile_ms(0.5)} ms, p99 {load.quantile_ms(0.99)} ms", file=sys.stderr
        )
        shown[f"at_{per_s}_per_s"] = load.figures()
    return _Figures(full.per_s, shown)


def _beside(
    start: Callable[[], AbstractContextManager[int]], name: str, messages: Messages, seconds: float
) -> _Figures | str:
    """An anchor's figures, or why there are none."""
    try:
        with start() as port:
            return _measure(name, port, messages, seconds)
    except (OSError, TimeoutError, _Missing) as error:
        print(f"{name}: skipped, {error}", file=sys.stderr)
        return f"skipped: {error}"


class _Missing(Exception):
    """The anchor is not on this machine."""


@contextmanager
def _framework(stack: Stack) -> Generator[int]:
    with psycopg.connect(stack.url(OWNER), autocommit=True) as connection:
        connection.execute(TABLE)
    port = free_port()
    module = "warum.main.bench.anchor:application"
    arguments = ("--interface", "asgi", "--factory", "--no-ws", "--workers", "1", "--host", _host, "--port", str(port))
    server = Child(
        "granian",
        (sys.executable, "-P", "-m", "granian", *arguments, "--log-level", "warning", module),
        environ={**os.environ, ENV_DSN: stack.postgres.url(OWNER, DATABASE)},
        log=stack.config.data / "granian.log",
    )
    with _running(server):
        yield port


@contextmanager
def _nginx(folder: Path) -> Generator[int]:
    binary = shutil.which("nginx", path=os.environ.get("PATH", os.defpath) + ":/usr/sbin")
    if binary is None:
        raise _Missing("nginx is not installed (Debian: apt-get install nginx-light)")
    port = free_port()
    place = folder / "nginx"
    place.mkdir()
    config = place / "nginx.conf"
    config.write_text(_NGINX.format(folder=place, host=_host, port=port), encoding="ascii")
    server = Child("nginx", (binary, "-p", str(place), "-c", str(config)), environ=os.environ, log=folder / "nginx.log")
    with _running(server):
        yield port


@contextmanager
def _running(server: Child) -> Generator[None]:
    server.start()
    try:
        yield
    finally:
        server.stop()


def _ratio(own: _Figures, anchor: _Figures | str) -> float | None:
    """How many times the anchor's clicks a second ours are; None without an anchor."""
    return None if isinstance(anchor, str) or not anchor.per_s else round(own.per_s / anchor.per_s, 2)
