"""A house whose operator has root and every key, and two partners who keep their receipts.

Everything runs for real: PostgreSQL, the consumer, the sequencer, its files. The partners have nothing but what the API
hands out, and the verifier, which runs as its own process."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import Any

from ingest.world import us
from log.test_sequence import SIGNER, Log
from sealing import VAULT
from warum.adapters.postgres.database import PostgresDatabase
from warum.app.call import Caller, Deps, LogReader, perform
from warum.app.log.audit import audit
from warum.app.log.statements import close_months
from warum.app.operations import BY_NAME
from warum.domain.leaves import Content, LeafType, commitment, leaf_bytes, leaf_tag, seal_content
from warum.domain.sealing import Sealer
from warum.domain.tlog.checkpoints import Checkpoint, format_checkpoint
from warum.domain.tlog.merkle import leaf_hash, root_of
from warum.domain.tlog.notes import Signer, format_vkey, sign
from warum.domain.tlog.proofs import format_proof, parse_proof
from warum.domain.tlog.tiles import Tile, encode_entries, grow, tile_width
from warum.kernel.canonical import canonical
from warum.ports.catalog import ActorKind
from warum.ports.database import Role, Scope
from warum.ports.log import Placed, Remembered

VERIFIER = Path(__file__).resolve().parents[2] / "verifier/warum_verify.py"
EDGE = Signer("log.example/edge", bytes(reversed(range(32))))


@dataclass(frozen=True)
class Verdict:
    """What the verifier said to a partner."""

    code: int
    text: str

    @property
    def first(self) -> str:
        return self.text.splitlines()[0]


@dataclass
class House(Log):
    """``folder`` is the log's; partners keep their files beside it."""

    now_us: int = us("2027-04-20")
    signer: Signer = SIGNER
    files: Any = field(default_factory=count)

    # What happens -----------------------------------------------------------------------------------------------------

    def book(self, order: str, *, publisher: str = "ana", program: str = "hotel", amount: int = 10_000) -> None:
        token = self.network.click(publisher, program, at="2027-05-01")
        self.network.postback(
            "booked", at="2027-05-02", token=token, amount_minor=amount, order_id=order, check_out="2027-05-04"
        )
        self.network.consume()

    def step(self, step: str, order: str, **fields: Any) -> None:
        self.network.postback(step, at="2027-05-03", order_id=order, **fields)
        self.network.consume()

    def sign(self, at: str = "2027-06-10") -> None:
        """Everything gets its leaf."""
        self.now_us = max(self.now_us, us(at))
        self.run()

    def next_month(self) -> None:
        self.now_us += 32 * 86_400_000_000
        close_months(self.network.database, now_us=self.now_us)
        self.run()

    # What partners have -----------------------------------------------------------------------------------------------

    def ask(self, name: str, role: Role = Role.OPERATOR, party: int | None = None, **given: Any) -> Any:
        deps = Deps(
            database=self.network.app,
            now_us=lambda: self.now_us,
            entropy=lambda size: bytes(next(self.files) % 256 for _ in range(size)),
            sealer=Sealer(bytes(32)),
            edge_url="http://edge.example",
            version="test",
            log=LogReader(shelf=self.shelf, vkey=self.signer.vkey, edge_vkey=EDGE.vkey),
        )
        operation = BY_NAME[name]
        kind = ActorKind.KEY if party else ActorKind.PERSON
        caller = Caller(scope=Scope(role, party), kind=kind, actor="key_1" if party else "usr_1")
        return perform(operation, deps, caller, operation.input(**given))

    def of_publisher(self, publisher: str = "ana", *, since: int | None = None) -> Path:
        """All that a publisher can download about its partnership."""
        return self._file(Role.PUBLISHER, self.network.publishers[publisher], publisher, since)

    def of_advertiser(self, publisher: str = "ana", *, since: int | None = None) -> Path:
        return self._file(Role.ADVERTISER, self.network.advertiser, publisher, since)

    def _file(self, role: Role, party: int, publisher: str, since: int | None) -> Path:
        answer = self.ask(
            "receipt.file",
            role,
            party,
            advertiser=self.network.advertiser,
            publisher=self.network.publishers[publisher],
            since=since,
        )
        path = self.folder.parent / f"{next(self.files)}-{role.value}.receipts.json"
        path.write_text(json.dumps(answer.file))
        return path

    def own_series(self) -> Path:
        """What concerns the advertiser alone."""
        answer = self.ask("receipt.file", Role.ADVERTISER, self.network.advertiser, advertiser=self.network.advertiser)
        path = self.folder.parent / f"{next(self.files)}-own.receipts.json"
        path.write_text(json.dumps(answer.file))
        return path

    def policy(self, *lines: str) -> Path:
        """A partner's own tlog-policy: the keys of log and edge as they were in the contract, and these lines."""
        path = self.folder.parent / f"{next(self.files)}.policy"
        keys = [f"log {format_vkey(key)}" for key in (SIGNER.vkey, EDGE.vkey)]
        path.write_text("\n".join([*keys, *(lines or ("quorum none",)), ""]))
        return path

    def verify(self, *files: Path, keep: bool = False, policy: Path | None = None) -> Verdict:
        """What the verifier says; with the log's key as it was in the contract.

        Args:
            keep: with the partner's memory of key and checkpoint instead of the contract's key.
            policy: with this policy instead.
        """
        given = ["--key", format_vkey(SIGNER.vkey)] if policy is None else ["--policy", str(policy)]
        if keep:
            given = ["--state", str(self.folder.parent / "partner.json")]
        arguments = [sys.executable, "-I", str(VERIFIER), *map(str, files), *given]
        done = subprocess.run(arguments, capture_output=True, text=True, timeout=300, check=False)
        assert "Traceback" not in done.stdout + done.stderr, done.stderr
        return Verdict(done.returncode, done.stdout + done.stderr)

    def size(self) -> int:
        signed = self.shelf.remembered()
        return 0 if signed is None else signed.size

    def audit(self) -> list[str]:
        """What ``warum verify`` says."""
        return audit(self.network.app, LogReader(shelf=self.shelf, vkey=self.signer.vkey, edge_vkey=EDGE.vkey)).problems

    # What root can do -------------------------------------------------------------------------------------------------

    def leaf_of(self, order: str, seq: int = 1) -> Placed:
        conversion = self.network.conversion(order).id
        return next(
            leaf
            for leaf in self.leaves()
            if leaf.type is LeafType.CONVERSION and leaf.about.id == conversion and leaf.about.seq == seq
        )

    def rewrite(self, leaf: Placed, change: Callable[[dict[str, Any]], None], *, honestly_hashed: bool = True) -> None:
        """Another content for a leaf, sealed as the old one was; the leaf is made anew to commit to it, unless not."""
        assert leaf.content is not None
        fields = leaf.content.fields()
        change(fields)
        content = Content(leaf.content.nonce, canonical(fields), leaf.content.hidden)
        ((entry, sealed_key),) = self.network.rows(
            "select e.id, k.key_sealed from warum.log_entry e join warum.log_key k on k.id = e.key_id "
            "join warum.log_leaf l on l.entry_id = e.id where l.index = %s",
            leaf.index,
        )
        key = VAULT.subject_key(sealed_key)
        self.sql(
            "update warum.log_entry set sealed = %s, commitment = %s where id = %s",
            seal_content(content, key),
            content.commitment,
            entry,
        )
        if honestly_hashed:
            body = leaf_bytes(
                kind=leaf.type,
                actor=leaf.actor,
                at_us=leaf.at_us,
                tag=leaf_tag(leaf.key, leaf.number),
                committed=commitment(content.nonce, content.payload),
            )
            self.put_leaf(leaf.index, body)

    def showing_another(self, file: Path, order_id: str) -> Path:
        """The file with another order id beside the same proofs."""
        held = json.loads(file.read_text())
        held["receipts"] = [_showing(receipt, order_id) for receipt in held["receipts"]]
        path = self.folder.parent / f"{next(self.files)}.receipts.json"
        path.write_text(json.dumps(held))
        return path

    def put_leaf(self, index: int, body: bytes) -> None:
        self.sql("update warum.log_leaf set body = %s, hash = %s where index = %s", body, leaf_hash(body), index)

    def forget_from(self, size: int) -> None:
        """Back to an earlier size, with everything that came later gone from log and queue."""
        self.sql("delete from warum.log_leaf where index >= %s", size)
        self.sql(
            "update warum.log_series s set number_last = coalesce((select max(number) from warum.log_leaf l "
            "where l.series_id = s.id), 0)"
        )

    def sign_anew(self, signer: Signer | None = None, folder: Path | None = None) -> None:
        """Make all files again from what stands in the database now, as if nothing had ever been signed."""
        self.signer = signer or self.signer
        if folder is not None:
            self.folder = folder
        shutil.rmtree(self.folder, ignore_errors=True)
        bodies = [bytes(row[0]) for row in self.network.rows("select body from warum.log_leaf order by index")]
        hashes = [leaf_hash(body) for body in bodies]
        shelf, root = self.shelf, root_of(hashes)
        for tile, content in grow(0, hashes, _no_tile):
            shelf.put(tile, content)
        for first in range(0, len(bodies), tile_width):
            piece = bodies[first : first + tile_width]
            shelf.put(Tile(None, first // tile_width, len(piece)), encode_entries(piece))
        shelf.remember(Remembered(self.signer.vkey.name, len(bodies), root))
        text = format_checkpoint(Checkpoint(self.signer.vkey.name, len(bodies), root))
        shelf.put_checkpoint(sign(text, [self.signer]))
        self.sql("update warum.log_head set size = %s, root = %s", len(bodies), root)

    def database(self) -> PostgresDatabase:
        return self.network.database


def _no_tile(level: int, index: int, width: int) -> bytes:
    raise LookupError((level, index, width))


def _showing(receipt: str, order_id: str) -> str:
    proof = parse_proof(receipt.encode())
    extra = json.loads(proof.extra or b"")
    if "shown" in extra:
        extra["shown"]["order_id"]["value"] = order_id
    return format_proof(replace(proof, extra=json.dumps(extra).encode())).decode()
