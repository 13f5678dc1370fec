"""A small catalog, keys and a handler around it, for the tests of the edge."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from hashlib import sha256
from typing import Any

from msgspec import structs

from warum.domain.catalog import (
    EdgeAdvertiser,
    EdgeAllocation,
    EdgeArm,
    EdgeCreative,
    EdgeEntry,
    EdgeLink,
    EdgePlan,
    EdgeProgram,
    EdgeSlot,
    ProgramStatus,
)
from warum.domain.sealing import Sealer, advertiser_secret
from warum.domain.tlog.notes import Signer
from warum.domain.token import TokenKeys
from warum.edge.clicks import ClickTools
from warum.edge.handler import Handler
from warum.edge.http import Outcome, Request
from warum.edge.postbacks import PostbackTools, Recent
from warum.edge.snapshot import Snapshot
from warum.edge.visitors import Crawlers, Proxies, Repeats
from warum.kernel.ids import RecordId

NOW = 1_795_450_724_643_069  # 2026-11-23 16:18:44 UTC
HOUR = NOW - NOW % 3_600_000_000
RECORD = RecordId(3, 1, 42)
TOKEN = "wpt_ana"
SECRET = b"a secret of thirty-two bytes ....."
SEALER = Sealer(bytes(32))
KEYS = TokenKeys(issue=7, token_keys={7: bytes(range(64))}, reference_keys={7: bytes(range(32))})
SUB_KEY = bytes(range(64, 128))
PROMISES = Signer("log.example/edge", bytes(range(32)))
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"
KINDS: Mapping[type, str] = {
    EdgeAdvertiser: "advertiser",
    EdgeProgram: "program",
    EdgeAllocation: "allocation",
    EdgePlan: "plan",
    EdgeLink: "link",
    EdgeCreative: "creative",
    EdgeSlot: "slot",
}

ACME = EdgeAdvertiser(
    id=1,
    code="acme",
    name="Acme & Co",
    hosts=("shop.example", "xn--bcher-kva.example"),
    credit_without_consent=None,
    token_hash=sha256(TOKEN.encode()).hexdigest(),
    secret_sealed=SEALER.seal(advertiser_secret(1), SECRET),
    active=True,
)
LAWFUL = replace(ACME, credit_without_consent="balancing test of 1 May 2026")
SHOP = EdgeProgram(
    id=10,
    advertiser=1,
    code="shop",
    vertical="retail",
    currencies=("EUR", "JPY"),
    window_days=30,
    status=ProgramStatus.RUNNING,
    starts_us=None,
    ends_us=None,
    click_param="wrm",
)
ARMS = EdgeAllocation(
    id=20,
    offer=2,
    arms=(
        EdgeArm(arm=0, url="https://shop.example/a?x=1#top", propensity_ppm=500_000),
        EdgeArm(arm=1, url="https://shop.example/b", propensity_ppm=500_000),
    ),
)
LINK = EdgeLink(id=30, code="abc", advertiser=1, program=10, publisher=5, partnership=6, allocation=20, active=True)
OTHER = replace(ACME, id=2, code="other", name="Other", hosts=(), token_hash=None, secret_sealed=None)
CATALOG: tuple[EdgeEntry, ...] = (ACME, OTHER, SHOP, ARMS, LINK)


def line(entry: EdgeEntry) -> bytes:
    return json.dumps({"kind": KINDS[type(entry)], "entry": asdict(entry)}).encode()


def snapshot_of(*changes: EdgeEntry) -> Snapshot:
    """The catalog, and then what differs from it."""
    snapshot = Snapshot()
    assert snapshot.apply(map(line, (*CATALOG, *changes))) == []
    return snapshot


class Edge:
    """A handler with its snapshot and a clock that stands still until somebody moves it."""

    def __init__(self, *changes: EdgeEntry, trusted: tuple[str, ...] = (), driven: bool = False) -> None:
        self.snapshot = snapshot_of(*changes)
        self.now_us = NOW
        self.handler = Handler(
            clicks=ClickTools(
                keys=KEYS,
                draw_key=bytes(32),
                sub_key=lambda day: SUB_KEY,
                crawlers=Crawlers(),
                repeats=Repeats(lambda: bytes(32)),
                proxies=Proxies(trusted),
            ),
            postbacks=PostbackTools(keys=KEYS, sealer=SEALER, recent=Recent(), signer=PROMISES, origin="log.example"),
            driven=driven,
        )

    def ask(
        self,
        target: str,
        *,
        method: str = "GET",
        body: bytes = b"",
        agent: str | None = FIREFOX,
        peer: str = "192.0.2.7",
        **headers: str,
    ) -> Outcome:
        """Headers are written with underscores."""
        given = {name.replace("_", "-").encode(): value.encode("latin-1") for name, value in headers.items()}
        if agent is not None:
            given[b"user-agent"] = agent.encode("latin-1")
        request = Request(method, target, given, body, peer)
        return answered(self.handler.handle(request, self.snapshot, now_us=self.now_us, record=RECORD))

    def report(
        self, target: str = "/p/acme", *, body: object = None, token: str | None = TOKEN, **headers: str
    ) -> Outcome:
        """With a body: a POST of its JSON."""
        if token is not None:
            headers["authorization"] = f"Bearer {token}"
        if body is None:
            return self.ask(target, **headers)
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.ask(target, method="POST", body=content, **headers)


def answered(outcome: Outcome) -> Outcome:
    """With the answer that the records' identities make, as if they were appended from ``RECORD`` on."""
    if outcome.told is None:
        return outcome
    identities = [RECORD._replace(number=RECORD.number + place) for place in range(len(outcome.records))]
    return structs.replace(outcome, answer=outcome.told(identities))


def location(outcome: Outcome) -> str:
    assert outcome.answer.status == 302
    name, _, value = outcome.answer.headers.split("\r\n")[0].partition(": ")
    assert name == "Location"
    return value


def said(outcome: Outcome) -> dict[str, Any]:
    value = json.loads(outcome.answer.body)
    assert isinstance(value, dict)
    return value


def reasons(outcome: Outcome) -> list[str]:
    return [drop.reason for drop in outcome.drops]
