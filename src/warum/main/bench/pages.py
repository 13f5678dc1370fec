"""How quickly the console answers after a busy year, page by page, and how much a browser loads at first.

Every page that links lead to is asked for, one request after the other, with other records and other parameters each
time. The figure is the whole time until the last byte of the HTML is here."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Final, Self
from urllib.parse import urlencode

from warum.app.sessions import setup_link
from warum.main.bench.big_network import Size, counted, fill
from warum.main.stack import Stack, StackError
from warum.main.tour import tour
from warum.main.wiring import open_deps

p95_ms_max: Final = 100.0
first_load_kib_max: Final = 150.0

_examples: Final = 25
_warm: Final = 5
_answer_s_max: Final = 60.0
_EMAIL: Final = "bench@network.example"
_PASSWORD: Final = "a sentence for one hour"
_HTML: Final = "text/html"
_PART: Final = re.compile(r"<(?:link|script)\b[^>]*?\b(?:href|src)=\"(/[^\"]+)\"")

LIMITS: Final = (
    "Worker, PostgreSQL and this client share the cores; one request at a time, after a few that are not counted. "
    "Synthetic: counts follow days and weeks, conversions came through the worker."
)


def run(argv: Sequence[str]) -> dict[str, object]:
    parser = argparse.ArgumentParser(prog="warum bench pages")
    parser.add_argument("--requests", type=int, default=120, help="of each page")
    parser.add_argument("--events", type=int, default=Size().events, help="that the counts hold")
    parser.add_argument("--conversions", type=int, default=Size().conversions)
    parser.add_argument("--keep", type=Path, help="a folder that is filled once and used again")
    options = parser.parse_args(argv)
    size = replace(Size(), events=options.events, conversions=options.conversions)
    with ExitStack() as held:
        folder = options.keep or Path(held.enter_context(TemporaryDirectory(prefix="warum-bench-")))
        stack = held.enter_context(Stack(folder / "data", bot_interval_s=86_400))
        _prepare(stack, size, folder / "filled")
        reader = held.enter_context(_Reader(stack))
        found = tour(reader.html, examples=_examples)
        p95_ms = {pattern: _p95_ms(reader, pattern, some, options.requests) for pattern, some in found.items()}
        loads_kib = {pattern: reader.first_load_bytes(some[0]) / 1024 for pattern, some in found.items()}
        events, rows, conversions = counted(stack.postgres.url())
    first_load_kib = max(loads_kib.values())
    return {
        "p95_ms": p95_ms,
        "first_load_kib": round(first_load_kib, 1),
        "first_load_page": max(loads_kib, key=lambda pattern: loads_kib[pattern]),
        "events": events,
        "rows": rows,
        "conversions": conversions,
        "requests_per_page": options.requests,
        "passed": max(p95_ms.values()) <= p95_ms_max and first_load_kib <= first_load_kib_max,
        "limits": LIMITS,
    }


def _prepare(stack: Stack, size: Size, filled: Path) -> None:
    """Fill the installation, unless it is, and start what answers."""
    if not filled.exists():
        fill(stack, size)
        filled.touch()
    else:
        stack.worker.start()
        stack.worker.wait_ready()
    stack.web.start()
    stack.web.wait_ready()


def _p95_ms(reader: _Reader, pattern: str, addresses: Sequence[str], requests: int) -> float:
    for number in range(_warm):
        reader.get(addresses[number % len(addresses)])
    took: list[tuple[float, str]] = []
    for number in range(requests):
        address = addresses[number % len(addresses)]
        began = perf_counter()
        reader.get(address)
        took.append(((perf_counter() - began) * 1_000, address))
    took.sort()
    p95_ms = took[-(-len(took) * 95 // 100) - 1][0]
    median_ms, slowest = took[len(took) // 2][0], took[-1]
    print(
        f"{pattern:<36} {median_ms:7.1f} ms, 95 %: {p95_ms:7.1f} ms, slowest {slowest[0]:7.1f} ms: {slowest[1]}",
        file=sys.stderr,
        flush=True,
    )
    return round(p95_ms, 1)


class _Reader:
    """Somebody who has signed in, on one connection that stays open."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._connection = HTTPConnection(stack.config.web_host, stack.config.web_port, timeout=_answer_s_max)
        self._cookie = ""
        with open_deps(stack.config, stack.secrets, connections_max=1, name="warum bench") as deps:
            link = setup_link(deps)
        if link is not None:
            self._sign_in(link, name="Bench", email=_EMAIL, password=_PASSWORD)
        else:
            self._sign_in("/sign-in", email=_EMAIL, password=_PASSWORD)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def html(self, address: str) -> str | None:
        """The page at an address; None for what is none."""
        headers, body = self.get(address, encoding="identity")
        return body.decode() if headers.get("content-type", "").startswith(_HTML) else None

    def get(self, address: str, *, encoding: str = "br, gzip") -> tuple[Mapping[str, str], bytes]:
        self._connection.request("GET", address, headers={"Cookie": self._cookie, "Accept-Encoding": encoding})
        answer = self._connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise StackError(f"{address} answered {answer.status}. The web process said: {self._stack.web.words()}")
        return {name.lower(): value for name, value in answer.getheaders()}, body

    def first_load_bytes(self, address: str) -> int:
        """What comes over the wire for a page and its parts, to a browser that has none of them."""
        html = self.html(address)
        assert html is not None
        return sum(len(self.get(part)[1]) for part in (address, *dict.fromkeys(_PART.findall(html))))

    def _sign_in(self, path: str, **form: str) -> None:
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        self._connection.request("POST", path, urlencode(form), headers)
        answer = self._connection.getresponse()
        answer.read()
        if answer.status != 303:
            raise StackError(f"{path} answered {answer.status}")
        cookies = [value.partition(";")[0] for name, value in answer.getheaders() if name.lower() == "set-cookie"]
        self._cookie = "; ".join(cookies)
