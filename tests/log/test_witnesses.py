"""Witnesses over real HTTP: they cosign what grows, refuse what does not, and the log goes on without them."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from ingest.world import made_network
from log.test_receipts import ask
from log.test_sequence import SIGNER, Log, booked
from verifier.logs import FOLDER, load
from warum.adapters.delivery import HttpSender
from warum.adapters.tlog import FileShelf
from warum.app.call import LogReader
from warum.app.log.proofs import Prover, bundle, prover
from warum.app.log.witnesses import NOBODY, Witnesses, WitnessTools
from warum.domain.tlog.checkpoints import Checkpoint, cosign, cosigner, format_checkpoint, parse_checkpoint
from warum.domain.tlog.merkle import verify_consistency
from warum.domain.tlog.notes import Signer, VKey, format_vkey, open_note, sign
from warum.domain.tlog.policies import Policy, parse_policy
from warum.domain.tlog.proofs import parse_proof
from warum.domain.tlog.witness import SIZE_TYPE, format_answer, format_conflict, parse_request
from warum.main.config import Config, ConfigError, load_config
from warum.main.log.files import policy_of
from warum.main.log.keys import signer_of
from warum.main.secret_store import ensure_secrets
from warum.ports.database import Role, Scope

AT_S = 1_800_000_123


@dataclass
class Witness:
    """A witness of one log, after tlog-witness of C2SP."""

    name: str
    seed: bytes
    knows: VKey | None = SIGNER.vkey
    size: int = 0
    root: bytes = b""
    port: int = 0
    requests: list[bytes] = field(default_factory=list)
    answers: list[tuple[int, bytes]] = field(default_factory=list)
    """Said in place of what it would say."""

    @property
    def vkey(self) -> VKey:
        return cosigner(f"{self.name}.example", self.seed)

    def line(self, url: str | None = None) -> str:
        return f"witness {self.name} {format_vkey(self.vkey)} {url or f'http://127.0.0.1:{self.port}/w/'}\n"

    def answer(self, body: bytes) -> tuple[int, bytes]:
        if self.answers:
            return self.answers.pop(0)
        try:
            request = parse_request(body)
        except ValueError:
            return 400, b""
        note = open_note(request.checkpoint)
        checkpoint = parse_checkpoint(note.text)
        if self.knows is None or checkpoint.origin != self.knows.name:
            return 404, b""
        try:
            if not note.verified_by([self.knows]):
                return 403, b""
        except ValueError:
            return 403, b""
        if request.old_size > checkpoint.size:
            return 400, b""
        if request.old_size != self.size or (checkpoint.size == self.size and checkpoint.root != self.root):
            return 409, format_conflict(self.size)
        if self.size and not verify_consistency(self.size, checkpoint.size, self.root, checkpoint.root, request.hashes):
            return 422, b""
        self.size, self.root = checkpoint.size, checkpoint.root
        return 200, format_answer([cosign(self.seed, self.vkey.name, note.text, AT_S)])

    @contextmanager
    def listening(self) -> Iterator[Witness]:
        witness = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                witness.requests.append(body)
                status, said = witness.answer(body) if self.path == "/w/add-checkpoint" else (405, b"")
                self.send_response(status)
                if status == 409:
                    self.send_header("content-type", SIZE_TYPE)
                self.send_header("content-length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)

            def log_message(self, *args: object) -> None: ...

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
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
class Watched:
    """A log with its witnesses."""

    log: Log
    policy: Policy
    passed_s: float = 0.0

    def __post_init__(self) -> None:
        self.shelf = FileShelf(self.log.folder)
        self.witnesses = Witnesses(
            WitnessTools(
                policy=self.policy,
                shelf=self.shelf,
                now_us=lambda: self.log.now_us,
                passed_s=lambda: self.passed_s,
            )
        )
        self.witnesses.open()

    def round(self) -> None:
        async def once() -> None:
            async with HttpSender(allow_private=True, time_s_max=60) as sender:
                await self.witnesses.round(sender)

        asyncio.run(once())

    def cosigners(self, note: bytes | None) -> Sequence[VKey]:
        return open_note(note or b"").verified_by([one.vkey for one in self.policy.witnesses])

    def fault(self, witness: Witness) -> str | None:
        return next(one.fault for one in self.shelf.witnesses() if one.key == format_vkey(witness.vkey))


@pytest.fixture
def log(fresh_database: Any, tmp_path: Path) -> Iterator[Log]:
    with made_network(fresh_database) as network:
        yield Log(network, tmp_path / "log")


@pytest.fixture
def pair() -> Iterator[tuple[Witness, Witness]]:
    with ExitStack() as stack:
        yield (
            stack.enter_context(Witness("first", b"1" * 32).listening()),
            stack.enter_context(Witness("second", b"2" * 32).listening()),
        )


def watched(log: Log, *witnesses: Witness, quorum: str = "all") -> Watched:
    lines = [witness.line() for witness in witnesses]
    names = " ".join(witness.name for witness in witnesses)
    text = f"log {format_vkey(SIGNER.vkey)}\n{''.join(lines)}group enough {quorum} {names}\nquorum enough\n"
    return Watched(log, parse_policy(text.encode()))


def size_of(note: bytes | None) -> int:
    return parse_checkpoint(open_note(note or b"").text).size


def test_each_checkpoint_is_cosigned_and_published(log: Log, pair: tuple[Witness, Witness]):
    booked(log)
    log.run()
    house = watched(log, *pair)
    house.round()
    assert set(house.cosigners(log.shelf.checkpoint())) == {witness.vkey for witness in pair}
    assert log.shelf.witnessed() == log.shelf.checkpoint()
    # Nothing new: nobody is asked.
    house.round()
    assert [len(witness.requests) for witness in pair] == [1, 1]
    first = size_of(log.shelf.checkpoint())
    booked(log, "1002")
    log.run()
    house.round()
    assert size_of(log.shelf.witnessed()) == size_of(log.shelf.checkpoint()) > first
    assert parse_request(pair[0].requests[-1]).old_size == first


def test_the_witness_that_comes_along_cosigns(log: Log, tmp_path: Path):
    command = [sys.executable, str(FOLDER / "warum_witness.py")]
    name = "witness.example/w1"
    vkey = subprocess.run([*command, "--init", name], cwd=tmp_path, capture_output=True, text=True, check=True)
    known = format_vkey(SIGNER.vkey)
    with subprocess.Popen(
        [*command, "--log", known, "--listen", "127.0.0.1:0"], cwd=tmp_path, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            url = process.stdout.readline().strip().rpartition(" ")[2]
            text = f"log {known}\nwitness w {vkey.stdout.strip()} {url}\nquorum w\n"
            house = Watched(log, parse_policy(text.encode()))
            for order in ("1", "2"):
                booked(log, order)
                log.run()
                house.round()
                assert size_of(log.shelf.witnessed()) == size_of(log.shelf.checkpoint())
            # It knows another size than we remember.
            log.folder.joinpath("witnesses.json").unlink()
            booked(log, "3")
            log.run()
            Watched(log, house.policy).round()
            assert [memory.fault for memory in log.shelf.witnesses()] == [None]
            verify = load("warum_verify")
            newest = (log.shelf.witnessed() or b"").decode()
            assert verify.verify_checkpoint(newest, text).size == size_of(log.shelf.checkpoint())
        finally:
            process.terminate()


def test_an_empty_log_is_not_shown_around(log: Log, pair: tuple[Witness, Witness]):
    log.opened()
    house = watched(log, *pair)
    house.round()
    assert pair[0].requests == []


def test_receipts_are_made_at_the_checkpoint_that_was_witnessed_if_it_has_the_leaf(
    log: Log, pair: tuple[Witness, Witness]
):
    booked(log)
    log.run()
    house = watched(log, *pair)
    house.round()
    witnessed = size_of(log.shelf.witnessed())
    booked(log, "1002")
    log.run()
    newest = size_of(log.shelf.checkpoint())
    assert ask(log, "log.show").witnessed == witnessed < newest
    old, new = (
        parse_proof(ask(log, "receipt.show", index=index).receipt.encode()) for index in (witnessed - 1, newest - 1)
    )
    assert (size_of(old.checkpoint), size_of(new.checkpoint)) == (witnessed, newest)
    assert len(house.cosigners(old.checkpoint)) == 2
    assert house.cosigners(new.checkpoint) == ()


def test_a_file_of_receipts_is_at_one_checkpoint(log: Log, pair: tuple[Witness, Witness]):
    booked(log)
    log.run()
    watched(log, *pair).round()
    witnessed = size_of(log.shelf.witnessed())
    booked(log, "1002")
    log.run()
    leaves, scope = log.leaves(), Scope(Role.OPERATOR)
    proving = prover(LogReader(shelf=log.shelf, vkey=SIGNER.vkey, edge_vkey=SIGNER.vkey))
    assert isinstance(proving, Prover)

    def sizes(file: dict[str, Any]) -> set[int]:
        return {size_of(parse_proof(text.encode()).checkpoint) for text in file["receipts"]}

    early = [leaf for leaf in leaves if leaf.index < witnessed]
    newest = proving.checkpoint.size
    assert sizes(bundle(proving, early, scope, complete=[], since=None)) == {witnessed}
    assert sizes(bundle(proving, leaves, scope, complete=[], since=None)) == {newest}
    # Who holds a newer one already is not led back.
    assert sizes(bundle(proving, early, scope, complete=[], since=newest)) == {newest}


def test_what_the_witness_knows_is_believed_once(log: Log, pair: tuple[Witness, Witness]):
    booked(log)
    log.run()
    house = watched(log, *pair)
    house.round()
    (log.folder / "witnesses.json").unlink()
    booked(log, "1002")
    log.run()
    forgetful = Watched(log, house.policy)
    forgetful.round()
    assert [len(witness.requests) for witness in pair] == [3, 3]
    assert len(forgetful.cosigners(log.shelf.checkpoint())) == 2
    # A witness that says one thing and another is left alone after the second time.
    pair[0].answers = [(409, b"1\n"), (409, b"2\n")]
    booked(log, "1003")
    log.run()
    forgetful.round()
    assert len(pair[0].requests) == 5
    assert "another size" in (forgetful.fault(pair[0]) or "")


def test_a_split_view_is_refused(log: Log, pair: tuple[Witness, Witness], caplog: pytest.LogCaptureFixture):
    """Somebody shows the witness another log under the same key."""
    booked(log)
    log.run()
    forged = sign(format_checkpoint(Checkpoint(SIGNER.vkey.name, 2, b"x" * 32)), [SIGNER])
    assert pair[0].answer(b"old 0\n\n" + forged)[0] == 200
    house = watched(log, *pair)
    house.round()
    assert house.cosigners(log.shelf.checkpoint()) == (pair[1].vkey,)
    assert log.shelf.witnessed() is None
    assert "does not believe the proof" in (house.fault(pair[0]) or "")
    assert "witness first does not cosign" in caplog.text


def test_a_witness_that_saw_more_than_there_is_says_so(log: Log, pair: tuple[Witness, Witness]):
    booked(log)
    log.run()
    pair[0].size, pair[0].root = 1_000, b"x" * 32
    house = watched(log, *pair)
    house.round()
    assert "the log was set back" in (house.fault(pair[0]) or "")
    assert len(pair[0].requests) == 1


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        ([(404, b"")], "does not know this log"),
        ([(403, b"")], "does not take the log's signature"),
        ([(422, b"")], "does not believe the proof"),
        ([(400, b"")], "cannot read"),
        ([(503, b"")], "answered 503"),
        ([(302, b"")], "redirects are not followed"),
        ([(200, b"")], "cannot be read"),
        ([(200, b"hello\n")], "cannot be read"),
        ([(200, Signer("x", bytes(32)).sign("x\n").line.encode())], "no cosignature by the key"),
        ([(409, b"many\n")], "does not say which"),
    ],
)
def test_what_goes_wrong_is_said_once_and_asked_again_after_a_pause(
    log: Log,
    pair: tuple[Witness, Witness],
    answers: list[tuple[int, bytes]],
    says: str,
    caplog: pytest.LogCaptureFixture,
):
    booked(log)
    log.run()
    caplog.set_level("INFO", "warum.log")
    pair[0].answers = [*answers, *answers]
    house = watched(log, *pair, quorum="any")
    house.round()
    (shown, other) = ask(log, "log.show").witnesses
    assert says in shown.fault
    assert (shown.name, shown.size, shown.cosigned_at) == ("first", 0, None)
    assert shown.fault_at.timestamp() == log.now_us / 1_000_000
    assert (other.fault, other.cosigned_at.timestamp()) == (None, AT_S)
    # One of two is enough here.
    assert house.cosigners(log.shelf.witnessed()) == (pair[1].vkey,)
    house.round()
    assert len(pair[0].requests) == 1
    house.passed_s += 2
    house.round()
    house.passed_s += 2
    house.round()
    assert len(pair[0].requests) == 2, "the second pause is longer"
    house.passed_s += 2
    house.round()
    assert len(house.cosigners(log.shelf.checkpoint())) == 2
    assert caplog.text.count("witness first does not cosign") == 1
    assert caplog.text.count("witness first cosigns") == 1


def test_a_witness_that_is_down_does_not_stop_the_log(log: Log, pair: tuple[Witness, Witness]):
    house = watched(log, pair[0], replace(pair[1], port=9))
    for order in ("1", "2"):
        booked(log, order)
        sequencer = log.run()
        house.round()
        assert size_of(log.shelf.checkpoint()) == sequencer.size
        assert house.cosigners(log.shelf.checkpoint()) == (pair[0].vkey,)
    assert log.shelf.witnessed() is None
    assert (house.fault(pair[1]) or "").startswith("no connection")
    assert ask(log, "receipt.show", index=0).receipt


def test_what_comes_back_late_does_not_take_the_place_of_a_newer_checkpoint(log: Log, pair: tuple[Witness, Witness]):
    booked(log)
    log.run()
    house = watched(log, *pair)
    first = size_of(log.shelf.checkpoint())

    class Slow:
        """While it is asked the log goes on."""

        def __init__(self, sender: HttpSender) -> None:
            self.sender = sender

        async def send(self, request: Any) -> Any:
            answer = await self.sender.send(request)
            await asyncio.to_thread(grow)
            return answer

    grown: list[int] = []

    def grow() -> None:
        if not grown:
            grown.append(1)
            booked(log, "1002")
            log.run()

    async def once() -> None:
        async with HttpSender(allow_private=True) as sender:
            await house.witnesses.round(Slow(sender))

    asyncio.run(once())
    assert house.cosigners(log.shelf.checkpoint()) == ()
    assert size_of(log.shelf.checkpoint()) > first
    assert size_of(log.shelf.witnessed()) == first
    assert len(house.cosigners(log.shelf.witnessed())) == 2


def test_another_policy_asks_others_and_does_not_pass_off_what_it_does_not_ask_for(
    log: Log, pair: tuple[Witness, Witness]
):
    booked(log)
    log.run()
    watched(log, pair[0]).round()
    assert log.shelf.witnessed() is not None
    both = watched(log, *pair)
    assert log.shelf.witnessed() is None
    assert [memory.name for memory in log.shelf.witnesses()] == ["first", "second"]
    both.round()
    assert size_of(log.shelf.witnessed()) == size_of(log.shelf.checkpoint())
    none = Watched(log, NOBODY)
    assert not none.witnesses.any
    assert log.shelf.witnessed() is None
    assert ask(log, "log.show").witnesses == ()


def test_a_damaged_memory_is_made_anew(log: Log, pair: tuple[Witness, Witness]):
    booked(log)
    log.run()
    for held in (b"{", b"[1]", b'[{"name": "x"}]', b"[]"):
        log.folder.joinpath("witnesses.json").write_bytes(held)
        assert log.shelf.witnesses() == []
    log.folder.joinpath("witnesses.json").write_text(
        json.dumps([{"name": "first", "key": format_vkey(pair[0].vkey), "size": 1_000}])
    )
    house = watched(log, *pair)
    house.round()
    assert house.fault(pair[0]) is None
    assert len(json.loads(log.folder.joinpath("witnesses.json").read_text())) == 2


# The file


def test_a_policy_is_found_from_where_it_was_named(tmp_path: Path):
    config = load_config({"WARUM_LOG_POLICY": "policy", "WARUM_DATA": "data"}, tmp_path)
    assert config.log_policy == tmp_path / "policy"
    assert load_config({}, tmp_path).log_policy is None


def test_a_policy_that_cannot_be_used_names_the_line(tmp_path: Path):
    secrets = ensure_secrets(tmp_path / "data", now_us=0)
    config = Config(data=tmp_path / "data", log_policy=tmp_path / "policy")
    assert policy_of(replace(config, log_policy=None), secrets) is None
    with pytest.raises(ConfigError, match="cannot be read"):
        policy_of(config, secrets)
    witness = Witness("first", b"1" * 32)
    for text, says in (
        (f"# ours\n{witness.line('https://w.example/')}quorum second\n", "Line 3: The quorum second"),
        (f"log {format_vkey(SIGNER.vkey)}\nquorum none\n", "about another log"),
        ("", "no quorum line"),
    ):
        (tmp_path / "policy").write_text(text)
        with pytest.raises(ConfigError, match=says):
            policy_of(config, secrets)
    own = format_vkey(signer_of(config, secrets).vkey)
    (tmp_path / "policy").write_text(f"log {own}\n{witness.line('https://w.example/')}quorum first\n")
    policy = policy_of(config, secrets)
    assert policy is not None
    assert policy.quorum == "first"
