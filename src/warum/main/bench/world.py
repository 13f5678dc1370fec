"""The small world that the benchmarks run in: an installation in a folder of its own, one program, some publishers with
a link each, and the requests that visitors and partners send to it."""

from __future__ import annotations

import json
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count, cycle
from pathlib import Path
from typing import Final

from warum.adapters.postgres.database import PostgresDatabase
from warum.domain.webhook import signature
from warum.kernel.period import DAY_US, SECOND_US
from warum.main.client import Answer
from warum.main.edge import JOURNAL_FOLDER
from warum.main.journal import FileJournal
from warum.main.network import Network, Terms, ensure_network
from warum.main.stack import Stack, StackError, stream
from warum.main.wiring import vault_of
from warum.ports.database import Role, Scope

publishers: Final = 20
program: Final = "Shop"

_poll_s: Final = 0.1
_AGENT: Final = b"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


class Messages:
    """Makes requests. Each click has a visitor and the next link, so that none is taken for a repetition."""

    def __init__(self, network: Network, *, host: str) -> None:
        self.network: Final = network
        self._host = host.encode()
        self._codes = cycle([code.encode() for code in network.link_codes.values()])
        self._visitors = count(1)

    def click(self) -> bytes:
        """A click with consent."""
        visitor = next(self._visitors)
        return (b"GET /c/%s?cons=1 HTTP/1.1\r\nHost: %s\r\nUser-Agent: %s\r\nX-Forwarded-For: 10.%d.%d.%d\r\n\r\n") % (
            next(self._codes),
            self._host,
            _AGENT,
            visitor >> 16 & 255,
            visitor >> 8 & 255,
            visitor & 255,
        )

    def report(self, event_id: str, now_us: int, fields: Mapping[str, str | int | None]) -> bytes:
        """A signed postback; fields that are None are left out."""
        said = {name: value for name, value in fields.items() if value is not None}
        body = json.dumps({"event_id": event_id, "currency": "EUR", **said}).encode()
        timestamp_s = now_us // SECOND_US
        signed = signature(self.network.secret, message_id=event_id, timestamp_s=timestamp_s, content=body)
        head = (
            f"POST /p/{self.network.advertiser_code} HTTP/1.1\r\nHost: {self._host.decode()}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
            f"Webhook-Id: {event_id}\r\nWebhook-Timestamp: {timestamp_s}\r\nWebhook-Signature: {signed}\r\n\r\n"
        )
        return head.encode() + body


@contextmanager
def open_world(
    data: Path, *, edge_arguments: Sequence[str] = (), settings: Mapping[str, str] | None = None
) -> Generator[tuple[Stack, Messages]]:
    """The installation with its catalog; edge and worker are not started yet."""
    stack = Stack(data, edge_arguments=edge_arguments, settings=settings, trusted_proxies=("127.0.0.1/32",))
    with stack:
        network = ensure_network(
            stack.config,
            stack.secrets,
            name="Bench",
            pairs=[(program, f"Publisher {number}") for number in range(1, publishers + 1)],
            programs=[program],
            terms=Terms(vertical="retail", percent=8),
            now_us=time.time_ns() // 1000 - DAY_US,
        )
        yield stack, Messages(network, host=f"{stack.config.edge_host}:{stack.config.edge_port}")


def click_token(answer: Answer) -> str | None:
    """The token in the address that a click was led to; None when it was given none."""
    _, found, rest = answer.head.partition(b"wrm=t")
    return "t" + rest.split(b"\r\n", 1)[0].split(b"&", 1)[0].decode("ascii") if found else None


def drain(stack: Stack, *, limit_s: float) -> None:
    """Wait until the worker has consumed everything that the journal holds.

    Raises:
        StackError: it died, or took too long.
    """
    journal = FileJournal(stack.config.data / JOURNAL_FOLDER)
    deadline = time.monotonic() + limit_s
    with PostgresDatabase(
        stack.url("warum_worker"), vault_of(stack.secrets), max_size=1, name="warum bench"
    ) as database:
        while True:
            with database.transaction(Scope(Role.SYSTEM)) as tx:
                position = tx.tracking.position(stream)
            if not journal.read(stream, position.cursor, 1)[0]:
                return
            stack.worker.check()
            if time.monotonic() > deadline:
                raise StackError("the worker does not come to the end of the journal")
            time.sleep(_poll_s)
