"""Receipts by webhook: over a real log and real HTTP, in the order of the leaves, until they arrive."""

from __future__ import annotations

import asyncio
import json
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from threading import Thread
from typing import Any

import pytest

from ingest.world import made_network
from log.test_receipts import EDGE, extra
from log.test_sequence import SIGNER, Log, booked
from verifier.logs import load
from warum.adapters.delivery import HttpSender
from warum.app.call import Caller, Deps, LogReader, perform
from warum.app.log.dispatch import Dispatcher, DispatchTools, receipts_max, wait_us_max
from warum.app.operations import BY_NAME
from warum.domain.sealing import Sealer
from warum.domain.tlog.checkpoints import parse_checkpoint, unverified_checkpoint
from warum.domain.tlog.merkle import leaf_hash, verify_consistency, verify_inclusion
from warum.domain.tlog.notes import format_vkey, open_note
from warum.domain.tlog.proofs import parse_proof
from warum.domain.webhook import is_publicly_signed, public_key_text, public_signature
from warum.kernel.period import HOUR_US, MINUTE_US, SECOND_US
from warum.kernel.refusal import Kind, Refusal
from warum.ports.catalog import ActorKind
from warum.ports.database import Role, Scope
from warum.web.api import make_app
from web.browser import Browser

SEED = bytes(range(1, 33))
KEY = public_key_text(SEED)


@dataclass
class Receiver:
    """A partner's server. ``answers`` gives a status for each request; the last one stays."""

    answers: list[int] = field(default_factory=lambda: [204])
    port: int = 0
    requests: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/receipts"

    @property
    def ids(self) -> list[str]:
        return [headers["webhook-id"] for headers, _ in self.requests]

    @property
    def messages(self) -> list[Any]:
        return [json.loads(body) for _, body in self.requests]

    def indexes(self) -> list[int]:
        """Of the leaves in the order in which they came, without the rules that came on top."""
        return [
            proof.index
            for message in self.messages
            for proof in (parse_proof(text.encode()) for text in message["file"]["receipts"])
            if message["first"] <= proof.index <= message["last"]
        ]

    @contextmanager
    def listening(self) -> Iterator[Receiver]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                receiver.requests.append(({name.lower(): value for name, value in self.headers.items()}, body))
                self.send_response(receiver.answers.pop(0) if len(receiver.answers) > 1 else receiver.answers[0])
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *args: object) -> None: ...

        server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self.port = server.server_port
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield self
        finally:
            server.shutdown()
            server.server_close()
            thread.join()


@dataclass
class World:
    log: Log

    @property
    def reader(self) -> LogReader:
        return LogReader(shelf=self.log.shelf, vkey=SIGNER.vkey, edge_vkey=EDGE, webhook_key=KEY)

    @property
    def advertiser(self) -> int:
        return self.log.network.advertiser

    @property
    def publisher(self) -> int:
        return self.log.network.publishers["ana"]

    def deps(self, *, allow_private: bool = True) -> Deps:
        return Deps(
            database=self.log.network.app,
            now_us=lambda: self.log.now_us,
            entropy=lambda size: bytes(size),
            sealer=Sealer(bytes(32)),
            edge_url="http://edge.example",
            version="test",
            log=self.reader,
            allow_private=allow_private,
        )

    def ask(self, name: str, role: Role = Role.OPERATOR, party: int | None = None, **fields: Any) -> Any:
        deps = self.deps(allow_private=fields.pop("allow_private", True))
        operation = BY_NAME[name]
        caller = Caller(scope=Scope(role, party), kind=ActorKind.KEY, actor="key_1")
        return perform(operation, deps, caller, operation.input(**fields))

    def webhook(self, **fields: Any) -> Any:
        made = self.ask("webhook.create", **fields)
        assert not isinstance(made, Refusal), made
        return made

    def shown(self, webhook: Any) -> Any:
        return next(one for one in self.ask("webhook.list").webhooks if one.id == webhook.id)

    def dispatcher(self, sender: Any) -> Dispatcher:
        return Dispatcher(
            DispatchTools(
                database=self.log.network.database,
                log=self.reader,
                sender=sender,
                seed=SEED,
                now_us=lambda: self.log.now_us,
                draw=lambda: 0.5,
            )
        )

    def deliver(self) -> None:
        async def once() -> None:
            async with HttpSender(allow_private=True) as sender:
                await self.dispatcher(sender).deliver_due()

        asyncio.run(once())

    def theirs(self, publisher: int | None = None) -> list[int]:
        """Indexes of what the party may read: the advertiser, or the publisher with the rules of its program."""
        network = self.log.network
        with network.database.transaction(Scope(Role.SYSTEM)) as tx:
            programs = tx.catalog.programs_of_publisher(publisher or 0)
        return [
            leaf.index
            for leaf in self.log.leaves()
            if (leaf.advertiser == network.advertiser if publisher is None else leaf.publisher == publisher)
            or (publisher is not None and leaf.series.program in programs)
        ]


@pytest.fixture
def world(fresh_database: Any, tmp_path: Any) -> Iterator[World]:
    with made_network(fresh_database) as network:
        yield World(Log(network, tmp_path / "log"))


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver().listening() as receiver:
        yield receiver


def verified(message: Any) -> list[dict[str, Any]]:
    """What the receipts of a message say, each proved to stand in the log."""
    found: list[dict[str, Any]] = []
    for text in message["file"]["receipts"]:
        proof = parse_proof(text.encode())
        note = open_note(proof.checkpoint)
        assert note.verified_by([SIGNER.vkey])
        checkpoint = parse_checkpoint(note.text)
        said = extra(text)
        body = json.dumps(said["leaf"], sort_keys=True, separators=(",", ":")).encode()
        assert verify_inclusion(proof.index, checkpoint.size, leaf_hash(body), checkpoint.root, proof.hashes)
        found.append(said)
    return found


def test_what_is_delivered_moves_the_place_on_and_is_signed(world: World, receiver: Receiver):
    booked(world.log)
    world.log.run()
    made = world.webhook(advertiser=world.advertiser, url=receiver.url)
    world.deliver()
    assert receiver.indexes() == world.theirs()
    (headers, body), *_ = receiver.requests
    message = json.loads(body)
    assert message["type"] == "receipts"
    assert message["file"]["format"] == "warum-receipts/1"
    assert headers["webhook-id"] == f"rcp_{made.id}_{message['first']}_{message['last']}"
    signed = {
        "message_id": headers["webhook-id"],
        "timestamp_s": int(headers["webhook-timestamp"]),
        "content": body,
    }
    assert signed["timestamp_s"] == world.log.now_us // SECOND_US
    assert is_publicly_signed(headers["webhook-signature"], KEY, **signed)
    assert headers["content-type"] == "application/json"
    assert any(said["leaf"]["type"] == "conversion" for said in verified(message))
    shown = world.shown(made)
    size = unverified_checkpoint(world.log.shelf.checkpoint() or b"").size
    assert (shown.position, shown.attempts, shown.answered, shown.outcome) == (size - 1, 0, 204, "answered 204")
    # Nothing is sent twice, and what comes later follows.
    count = len(receiver.requests)
    world.deliver()
    assert len(receiver.requests) == count
    booked(world.log, "1002")
    world.log.run()
    world.deliver()
    assert receiver.indexes() == world.theirs()
    assert len(receiver.requests) > count


def test_each_message_proves_that_the_log_continues_the_one_before(world: World, receiver: Receiver):
    booked(world.log)
    world.log.run()
    world.webhook(advertiser=world.advertiser, url=receiver.url)
    world.deliver()
    booked(world.log, "1002")
    world.log.run()
    world.deliver()
    old, new = (
        unverified_checkpoint(parse_proof(receiver.messages[place]["file"]["receipts"][0].encode()).checkpoint)
        for place in (0, -1)
    )
    (proof,) = receiver.messages[-1]["file"]["consistency"]
    assert (proof["old"], proof["new"]) == (str(old.size), str(new.size))
    hashes = [b64decode(one) for one in proof["hashes"]]
    assert verify_consistency(old.size, new.size, old.root, new.root, hashes)


def test_a_publisher_gets_its_own_and_the_rules_but_never_an_order_id(world: World, receiver: Receiver):
    booked(world.log, "order-of-a-guest")
    booked(world.log, "another-order", publisher="ben")
    world.log.run()
    world.webhook(publisher=world.publisher, url=receiver.url)
    world.deliver()
    assert receiver.indexes() == world.theirs(world.publisher)
    said = [one for message in receiver.messages for one in verified(message)]
    assert {one["leaf"]["type"] for one in said} >= {"conversion", "rule"}
    whole = json.dumps(said)
    assert "order-of-a-guest" not in whole
    assert "another-order" not in whole
    assert f'"pub_{world.log.network.publishers["ben"]}"' not in whole
    conversion = next(one for one in said if one["leaf"]["type"] == "conversion")
    assert "hidden" in conversion["payload"]["order"]["order_id"]
    assert "shown" not in conversion


def test_the_verifier_takes_each_file_alone_and_all_of_them_together(world: World, receiver: Receiver):
    check, policy = load("warum_verify").check, f"log {format_vkey(SIGNER.vkey)}\nquorum none"
    world.log.run()
    world.webhook(publisher=world.publisher, url=receiver.url)
    for order in ("1", "2", "3"):
        booked(world.log, order)
        world.log.run()
        world.deliver()
    files = [(str(place), json.dumps(message["file"])) for place, message in enumerate(receiver.messages)]
    assert len(files) >= 3
    for chosen in (*([file] for file in files), files):
        case = check(chosen, policy)
        assert case.errors == []
    assert not [note for note in case.notes if "connect" in note], case.notes
    assert any("commission" in fact.lower() for fact in case.facts), case.facts


def test_an_advertiser_gets_the_order_id(world: World, receiver: Receiver):
    booked(world.log, "order-of-a-guest")
    world.log.run()
    world.webhook(advertiser=world.advertiser, url=receiver.url)
    world.deliver()
    assert "order-of-a-guest" in json.dumps([verified(message) for message in receiver.messages])


def test_a_message_with_a_conversion_has_all_rules_that_it_is_computed_by(world: World, receiver: Receiver):
    """Also for a publisher whose place is behind them, as that of a partner since yesterday."""
    world.log.run()
    booked(world.log)
    world.log.run()
    rules = max(leaf.index for leaf in world.log.leaves() if leaf.type.value == "rule")
    world.webhook(publisher=world.publisher, url=receiver.url, after=rules)
    world.deliver()
    conversion = next(
        message
        for message in receiver.messages
        if any(one["leaf"]["type"] == "conversion" for one in verified(message))
    )
    (range_,) = conversion["file"]["complete"]
    numbers = [one["series"]["number"] for one in verified(conversion) if one["series"]["name"] == range_["series"]]
    assert numbers == [str(number) for number in range(1, int(range_["last"]) + 1)]


def test_a_long_log_comes_in_messages_that_follow_on_each_other(world: World, receiver: Receiver):
    for number in range(receipts_max + 5):
        booked(world.log, f"order {number}")
    world.log.run()
    world.webhook(advertiser=world.advertiser, url=receiver.url)
    world.deliver()
    assert receiver.indexes() == world.theirs()
    assert len(receiver.requests) >= 2
    firsts_and_lasts = [(message["first"], message["last"]) for message in receiver.messages]
    assert all(last < first for (_, last), (first, _) in pairwise(firsts_and_lasts))


def test_failures_are_repeated_under_the_same_id_at_growing_pauses_of_an_hour_at_most(world: World, receiver: Receiver):
    booked(world.log)
    world.log.run()
    receiver.answers = [500] * 9 + [410, 302, 200]
    made = world.webhook(publisher=world.publisher, url=receiver.url)
    pauses: list[int] = []
    for attempt in range(1, 12):
        world.deliver()
        assert len(receiver.requests) == attempt
        shown = world.shown(made)
        assert (shown.position, shown.attempts) == (-1, attempt)
        world.deliver()
        assert len(receiver.requests) == attempt, "not before it is due"
        pauses.append(round((shown.next_at.timestamp() * 1_000_000) - world.log.now_us))
        world.log.now_us += pauses[-1]
        # What comes meanwhile goes into the next message.
        booked(world.log, f"order {attempt}")
        world.log.run()
    assert pauses[:4] == [MINUTE_US, 2 * MINUTE_US, 4 * MINUTE_US, 8 * MINUTE_US]
    assert pauses[-1] == wait_us_max == HOUR_US
    assert world.shown(made).answered == 302
    world.deliver()
    assert len(set(receiver.ids[:12])) == 1
    assert receiver.ids[12] != receiver.ids[0]
    assert len({headers["webhook-timestamp"] for headers, _ in receiver.requests}) > 1
    shown = world.shown(made)
    assert (shown.attempts, shown.answered, shown.next_at) == (0, 200, None)


def test_who_does_not_listen_holds_up_nobody(world: World, receiver: Receiver):
    booked(world.log)
    world.log.run()
    silent = world.webhook(publisher=world.publisher, url="http://127.0.0.1:9/")
    world.webhook(publisher=world.publisher, url=receiver.url)
    world.deliver()
    assert receiver.indexes() == world.theirs(world.publisher)
    shown = world.shown(silent)
    assert (shown.position, shown.attempts, shown.answered) == (-1, 1, None)
    assert shown.outcome.startswith("no connection")


def test_a_worker_that_died_is_followed_up_with_the_same_message(world: World, receiver: Receiver):
    booked(world.log)
    world.log.run()
    world.webhook(publisher=world.publisher, url=receiver.url)

    class Died(Exception): ...

    class Dying:
        async def send(self, request: Any) -> Any:
            ids.append(request.headers["webhook-id"])
            raise Died

    ids: list[str] = []
    with pytest.raises(Died):
        asyncio.run(world.dispatcher(Dying()).deliver_due())
    booked(world.log, "1002")
    world.log.run()
    world.log.now_us += MINUTE_US
    world.deliver()
    assert receiver.ids[0] == ids[0]


def test_a_paused_webhook_catches_up(world: World, receiver: Receiver):
    booked(world.log)
    world.log.run()
    made = world.webhook(publisher=world.publisher, url=receiver.url)
    world.deliver()
    paused = world.ask("webhook.change", Role.PUBLISHER, world.publisher, webhook=made.id, active=False)
    assert not paused.active
    before = len(receiver.requests)
    booked(world.log, "1002")
    world.log.run()
    world.deliver()
    assert len(receiver.requests) == before
    world.ask("webhook.change", Role.PUBLISHER, world.publisher, webhook=made.id, active=True)
    world.log.run()
    world.deliver()
    assert receiver.indexes() == world.theirs(world.publisher)


def test_another_address_is_told_from_the_same_place_on(world: World, receiver: Receiver):
    booked(world.log)
    world.log.run()
    made = world.webhook(publisher=world.publisher, url="http://127.0.0.1:9/")
    world.deliver()
    world.ask("webhook.change", webhook=made.id, url=receiver.url, reason="It moved.")
    world.deliver()
    assert receiver.indexes()[0] == world.theirs(world.publisher)[0]


def test_a_removed_webhook_hears_nothing_more_and_is_gone(world: World, receiver: Receiver):
    booked(world.log)
    world.log.run()
    made = world.webhook(publisher=world.publisher, url=receiver.url)
    assert not world.ask("webhook.remove", Role.PUBLISHER, world.publisher, webhook=made.id).active
    world.deliver()
    assert receiver.requests == []
    assert world.ask("webhook.list").webhooks == ()
    assert world.ask("webhook.change", webhook=made.id, active=True).code == "webhook_unknown"


def test_parties_reach_their_own_alone_and_each_change_is_an_act(world: World):
    ben = world.log.network.publishers["ben"]
    own = (Role.PUBLISHER, world.publisher)
    made = world.ask("webhook.create", *own, url="https://ana.example/receipts")
    assert (made.publisher, made.advertiser) == (world.publisher, None)
    advertised = world.ask("webhook.create", Role.ADVERTISER, world.advertiser, url="https://hotel.example/receipts")
    assert advertised.advertiser == world.advertiser
    assert world.ask("webhook.create", *own, url="https://a.example/", publisher=ben).code == "publisher_unknown"
    assert (
        world.ask("webhook.create", *own, url="https://a.example/", advertiser=world.advertiser).code
        == "advertiser_unknown"
    )
    for name, fields in (("webhook.change", {"active": False}), ("webhook.remove", {})):
        refused = world.ask(name, Role.PUBLISHER, ben, webhook=made.id, **fields)
        assert (refused.code, refused.kind) == ("webhook_unknown", Kind.NOT_FOUND)
    assert [one.id for one in world.ask("webhook.list", *own).webhooks] == [made.id]
    assert [one.id for one in world.ask("webhook.list", Role.PUBLISHER, ben).webhooks] == []
    assert world.ask("webhook.create", Role.AUDITOR, url="https://a.example/").code == "role_not_allowed"
    world.ask("webhook.change", *own, webhook=made.id, active=False, reason="We move house.", expected_version=1)
    assert world.ask("webhook.change", *own, webhook=made.id, active=True, expected_version=1).kind is Kind.CONFLICT
    acts = world.ask("act.list", *own, subject=f"whk_{made.id}").acts
    assert [(act.operation, act.version_after) for act in acts] == [("webhook.change", 2), ("webhook.create", 1)]


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://ana.example/receipts", "webhook_url_plain"),
        ("ana.example/receipts", "webhook_url_malformed"),
        ("ftp://ana.example/", "webhook_url_malformed"),
        ("https://ana:secret@ana.example/", "webhook_url_malformed"),
        ("https://ana.example/#top", "webhook_url_malformed"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused(world: World, url: str, code: str):
    asked = world.ask("webhook.create", publisher=world.publisher, url=url, allow_private=False)
    assert (asked.code, asked.field) == (code, "url")


def test_whose_it_is_has_to_be_said_and_there_is_an_end_to_it(world: World):
    url = "https://ana.example/receipts"
    both = {"advertiser": world.advertiser, "publisher": world.publisher}
    assert world.ask("webhook.create", url=url).code == "webhook_of_whom"
    assert world.ask("webhook.create", url=url, **both).code == "webhook_of_whom"
    for _ in range(10):
        world.webhook(publisher=world.publisher, url=url)
    assert world.ask("webhook.create", url=url, publisher=world.publisher).code == "webhooks_too_many"


def test_nothing_is_sent_to_a_private_address_unless_that_is_allowed(world: World, receiver: Receiver):
    booked(world.log)
    world.log.run()
    made = world.webhook(publisher=world.publisher, url=receiver.url)

    async def once() -> None:
        async with HttpSender() as sender:
            await world.dispatcher(sender).deliver_due()

    asyncio.run(once())
    assert receiver.requests == []
    assert world.shown(made).outcome.endswith("is not public; nothing was sent")


def test_before_the_log_begins_nothing_is_due(world: World, receiver: Receiver):
    world.webhook(publisher=world.publisher, url=receiver.url)
    world.deliver()
    assert receiver.requests == []


def test_the_log_shows_the_key(world: World):
    world.log.run()
    assert world.ask("log.show").webhook_key == KEY
    answer = Browser(make_app(world.deps())).get("/log/webhook-key")
    assert (answer.status_code, answer.text) == (200, f"{KEY}\n")


def test_public_signatures_are_strict():
    message = {"message_id": "rcp_1_0_4", "timestamp_s": 1_800_000_000, "content": b'{"type":"receipts"}'}
    made = public_signature(SEED, **message)
    other = public_signature(bytes(32), **message)
    assert made.startswith("v1a,")
    assert is_publicly_signed(made, KEY, **message)
    assert is_publicly_signed(f"v1,abc {other} {made}", KEY, **message)
    assert not is_publicly_signed(other, KEY, **message)
    for spelled in ("", made[4:], f"v1,{made[4:]}", made.rstrip("="), f"{made}\n", f"V1a,{made[4:]}", "v1a,", "v1a,ä"):
        assert not is_publicly_signed(spelled, KEY, **message)
    for changed in ({"message_id": "rcp_1_0_5"}, {"timestamp_s": 1_800_000_001}, {"content": b"{}"}):
        assert not is_publicly_signed(made, KEY, **{**message, **changed})
    with pytest.raises(ValueError, match="full stop"):
        public_signature(SEED, **{**message, "message_id": "a.b"})
    assert not is_publicly_signed(made, KEY, **{**message, "message_id": "a.b"})
    for key in ("", KEY[5:], f"whsec_{KEY[5:]}", f"{KEY}A"):
        with pytest.raises(ValueError, match="whpk_"):
            is_publicly_signed(made, key, **message)
