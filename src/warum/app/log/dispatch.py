"""Sends parties their receipts: each webhook hears of what lies behind its place in the log, in the order of leaves.

One message is under way for a webhook, and is repeated under the same id until it arrives; a webhook that does not
answer costs the others nothing. It is never given up: the place is kept, and the pauses grow to an hour."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from warum.app.call import LogReader
from warum.app.deliver import backoff_us
from warum.app.log.proofs import Prover, bundle, prover, readable
from warum.app.log.receipts import rules_of
from warum.domain.webhook import public_signature
from warum.kernel.period import HOUR_US, MINUTE_US, SECOND_US
from warum.ports.database import Database, DatabaseUnavailable, Role, Scope, Tx
from warum.ports.deliveries import Request, Sender
from warum.ports.log import Placed
from warum.ports.webhooks import Webhook, WebhookTry

receipts_max: Final = 50
"""In one message; the rules that they are computed by come on top."""

wait_us_max: Final = HOUR_US

_SYSTEM: Final = Scope(Role.SYSTEM)
_lease_us: Final = MINUTE_US
_under_way_max: Final = 16
# Most leaves are not one party's: so many are looked through at once, so that none waits for a long look.
_window: Final = 10_000
_poll_s: Final = 0.5
_outage_s: Final = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class DispatchTools:
    """What a dispatcher works with.

    Attributes:
        seed: of the Ed25519 key that signs, 32 bytes.
        now_us: the clock.
        draw: a random number from 0 up to 1; spreads the repetitions.
    """

    database: Database
    log: LogReader
    sender: Sender
    seed: bytes
    now_us: Callable[[], int]
    draw: Callable[[], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Message:
    webhook: Webhook
    first: int
    last: int
    size: int
    body: bytes

    @property
    def id(self) -> str:
        return f"rcp_{self.webhook.id}_{self.first}_{self.last}"


class Dispatcher:
    """Lives in one event loop; the database is asked from a thread beside it."""

    def __init__(self, tools: DispatchTools) -> None:
        self._tools = tools
        self._under_way: dict[asyncio.Task[WebhookTry], int] = {}
        self._made: list[WebhookTry] = []

    async def run(self, stopped: Callable[[], bool]) -> None:
        """Send until ``stopped()``; what is under way then is brought to its end. A database outage only delays."""
        while not stopped():
            try:
                busy = await self._start_some()
            except DatabaseUnavailable:
                await asyncio.sleep(_outage_s)
                continue
            if self._under_way:
                await self._wait(_poll_s)
            elif not busy:
                await asyncio.sleep(_poll_s)
        await self._finish()

    async def deliver_due(self) -> None:
        """Send all that is due now, and return when it is done."""
        while await self._start_some() or self._under_way:
            await self._wait(None)
        await self._finish()

    async def _start_some(self) -> bool:
        """Write down what was sent, then begin as many messages as there is room for; False when nobody was due."""
        room, busy = _under_way_max - len(self._under_way), list(self._under_way.values())
        made, self._made = self._made, []
        try:
            messages = await asyncio.to_thread(self._exchange, made, room, busy)
        except DatabaseUnavailable:
            self._made = made + self._made
            raise
        for message in messages or ():
            self._under_way[asyncio.create_task(self._send(message))] = message.webhook.id
        return messages is not None

    def _exchange(self, made: list[WebhookTry], room: int, busy: list[int]) -> list[_Message] | None:
        """The next messages; None when nobody was due."""
        if made:
            with self._tools.database.transaction(_SYSTEM) as tx:
                tx.webhooks.settle(made)
        proving = prover(self._tools.log) if room else None
        if not isinstance(proving, Prover):
            return None
        now_us = self._tools.now_us()
        with self._tools.database.transaction(_SYSTEM) as tx:
            claimed = tx.webhooks.claim(
                before=proving.checkpoint.size, now_us=now_us, lease_us=_lease_us, limit=room, busy=busy
            )
            found = [_next(tx, webhook, proving, now_us) for webhook in claimed]
        return [message for message in found if message is not None] if claimed else None

    async def _wait(self, limit_s: float | None) -> None:
        if not self._under_way:
            return
        done, _ = await asyncio.wait(self._under_way, timeout=limit_s, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            del self._under_way[task]
            self._made.append(task.result())

    async def _finish(self) -> None:
        while self._under_way:
            await self._wait(None)
        made, self._made = self._made, []
        await asyncio.to_thread(self._exchange, made, 0, [])

    async def _send(self, message: _Message) -> WebhookTry:
        tools, webhook, at_us = self._tools, message.webhook, self._tools.now_us()
        timestamp_s = at_us // SECOND_US
        signed = public_signature(tools.seed, message_id=message.id, timestamp_s=timestamp_s, content=message.body)
        headers = {
            "user-agent": "Warum/1 (receipts)",
            "accept": "*/*",
            "content-type": "application/json",
            "webhook-id": message.id,
            "webhook-timestamp": str(timestamp_s),
            "webhook-signature": signed,
        }
        answer = await tools.sender.send(Request(url=webhook.url, headers=headers, body=message.body))
        delivered = answer.status is not None and 200 <= answer.status < 300
        pause_us = backoff_us(
            webhook.attempts + 1, draw=tools.draw(), asked_s=answer.retry_after_s, longest_us=wait_us_max
        )
        return WebhookTry(
            webhook=webhook.id,
            before=webhook.position,
            last=message.last,
            size=message.size,
            at_us=at_us,
            answered=answer.status,
            outcome=answer.words,
            delivered=delivered,
            due_us=tools.now_us() + (0 if delivered else pause_us),
        )


def _next(tx: Tx, webhook: Webhook, proving: Prover, now_us: int) -> _Message | None:
    """The message that is due: the one that failed, or what lies behind the place. None when nothing in sight is the
    party's; the place is then moved on."""
    scope, size = _scope(webhook), proving.checkpoint.size
    if webhook.first is not None and webhook.last is not None:
        first, last = webhook.first, webhook.last
        leaves = _leaves(tx, webhook, scope, after=first - 1, until=last + 1, limit=_window)
        passed = last
    else:
        passed = min(size, webhook.position + 1 + _window) - 1
        leaves = _leaves(tx, webhook, scope, after=webhook.position, until=passed + 1, limit=receipts_max)
        first, last = (leaves[0].index, leaves[-1].index) if leaves else (passed, passed)
        if leaves:
            tx.webhooks.begin(webhook.id, first=first, last=last)
    if not leaves:
        tx.webhooks.skip(webhook.id, position=passed, due_us=now_us)
        return None
    at = proving.covering(last, since=webhook.size)
    rules, complete = rules_of(tx, scope, leaves, at.checkpoint.size)
    every = {leaf.index: leaf for leaf in (*leaves, *rules)}
    file = bundle(at, list(every.values()), scope, complete=complete, since=webhook.size)
    content = {"type": "receipts", "first": first, "last": last, "file": file}
    body = json.dumps(content, separators=(",", ":"), ensure_ascii=False).encode()
    return _Message(webhook=webhook, first=first, last=last, size=at.checkpoint.size, body=body)


def _leaves(tx: Tx, webhook: Webhook, scope: Scope, *, after: int, until: int, limit: int) -> list[Placed]:
    programs = () if webhook.publisher is None else tx.catalog.programs_of_publisher(webhook.publisher)
    found = tx.log.owed(
        after,
        until=until,
        limit=limit,
        advertiser=webhook.advertiser,
        publisher=webhook.publisher,
        programs=programs,
    )
    return readable(tx, found, scope)


def _scope(webhook: Webhook) -> Scope:
    """In which its payloads are opened."""
    if webhook.advertiser is not None:
        return Scope(Role.ADVERTISER, webhook.advertiser)
    return Scope(Role.PUBLISHER, webhook.publisher)
