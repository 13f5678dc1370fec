"""The log of receipts: how quickly leaves are appended and proved at a million leaves, what a receipt weighs and what
its check costs the independent verifier, and how many status changes a second become signed leaves."""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Mapping, Sequence
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any, Final

from warum.adapters.postgres.database import PostgresDatabase
from warum.app.call import LogReader
from warum.app.log.proofs import FORMAT, Prover
from warum.domain.leaves import Content, LeafType, Series, hide, leaf_bytes, leaf_tag
from warum.domain.tlog.checkpoints import Checkpoint, cosign, format_checkpoint
from warum.domain.tlog.merkle import Frontier, inclusion_proof, leaf_hash, verify_inclusion
from warum.domain.tlog.notes import Signer, sign
from warum.domain.tlog.proofs import parse_proof
from warum.domain.tlog.tiles import Tile, grow, nodes_of
from warum.kernel.canonical import canonical
from warum.main.bench.ingest import write_orders
from warum.main.bench.world import drain, open_world
from warum.main.log.files import shelf_of
from warum.main.stack import Stack
from warum.main.wiring import vault_of
from warum.ports.database import Role, Scope
from warum.ports.log import About, Placed

appends_per_s_min: Final = 100_000
status_changes_per_s_min: Final = 2_000
receipt_bytes_max: Final = 4_096

_SEED: Final = 20261125
_ORDER_ID: Final = "HB-2027-004711"
_proofs: Final = 20_000
_random_proofs: Final = 3_000
_verified: Final = 300
_settle_s_max: Final = 600.0
_poll_s: Final = 0.05
_VERIFIER: Final = Path(__file__).resolve().parents[4] / "verifier/warum_verify.py"

LIMITS: Final = (
    "Worker and PostgreSQL share this machine's cores. Appends hash and fold leaves in memory, without a disk. Status "
    "changes: bookings and approvals from a journal that was written before, until each has its signed leaf on disk. "
    "No anchor: no network hands out receipts that could be timed."
)


def run(argv: Sequence[str]) -> dict[str, object]:
    parser = argparse.ArgumentParser(prog="warum bench receipts")
    parser.add_argument("--leaves", type=int, default=1_000_000)
    parser.add_argument("--orders", type=int, default=15_000)
    options = parser.parse_args(argv)
    figures = {**_in_memory(options.leaves), **_through_postgres(options.orders)}
    passed = (
        figures["appends_per_s"] >= appends_per_s_min
        and figures["status_changes_per_s"] >= status_changes_per_s_min
        and figures["receipt_bytes"] < receipt_bytes_max
    )
    return {**figures, "passed": passed, "limits": LIMITS}


def _in_memory(leaves: int) -> dict[str, Any]:
    key = bytes(32)
    bodies = [
        leaf_bytes(kind=LeafType.CONVERSION, actor="key", at_us=number, tag=leaf_tag(key, number), committed=key)
        for number in range(leaves - 1)
    ]
    placed = _placed(leaves - 1, key)
    bodies.append(placed.body)
    frontier = Frontier()
    begun = time.perf_counter()
    hashes = [leaf_hash(body) for body in bodies]
    frontier.extend(hashes)
    appends_per_s = leaves / (time.perf_counter() - begun)
    root = frontier.root()
    tiles = _Tiles(hashes)
    node = nodes_of(leaves, tiles.read)
    begun = time.perf_counter()
    for index in range(min(_proofs, leaves)):
        inclusion_proof(index, leaves, node)
    proofs_per_s = min(_proofs, leaves) / (time.perf_counter() - begun)
    chosen = random.Random(_SEED).sample(range(leaves), min(_random_proofs, leaves))  # noqa: S311 - a sample
    begun = time.perf_counter()
    for index in chosen:
        inclusion_proof(index, leaves, node)
    random_per_s = len(chosen) / (time.perf_counter() - begun)
    prover = _prover(leaves, root, tiles)
    receipt = prover.receipt(placed, Scope(Role.ADVERTISER, 1))
    proof = parse_proof(receipt.encode())
    begun = time.perf_counter()
    for _ in range(_verified):
        assert verify_inclusion(placed.index, leaves, leaf_hash(placed.body), root, proof.hashes)
    inclusion_us = (time.perf_counter() - begun) / _verified * 1e6
    _say(f"{leaves:,} leaves: {appends_per_s:,.0f} appends/s, {proofs_per_s:,.0f} proofs/s, {len(receipt)} bytes")
    return {
        "leaves": leaves,
        "appends_per_s": round(appends_per_s),
        "proofs_per_s": round(proofs_per_s),
        "proofs_random_per_s": round(random_per_s),
        "receipt_bytes": len(receipt.encode()),
        "inclusion_us": round(inclusion_us, 1),
        **_verifier_us(receipt),
    }


def _verifier_us(receipt: str) -> dict[str, float]:
    """What the independent verifier takes for a receipt: alone, and as one of many under the same checkpoint."""
    verifier = _verifier()
    many = json.dumps({"format": FORMAT, "receipts": [receipt] * _verified})
    took = [_timed(verifier, text) for text in (receipt, many)]
    return {"verify_us": round(took[1] / _verified * 1e6, 1), "verify_first_us": round(took[0] * 1e6)}


def _timed(verifier: ModuleType, text: str) -> float:
    """Seconds. The rule is not among the files, so the commission is not computed again; everything else is checked."""
    begun = time.perf_counter()
    case = verifier.check([("the file", text)])
    took_s = time.perf_counter() - begun
    assert not case.errors, case.errors
    return took_s


def _verifier() -> ModuleType:
    spec = spec_from_file_location("warum_verify", _VERIFIER)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


class _Tiles:
    """A shelf in memory that has tiles alone."""

    def __init__(self, hashes: Sequence[bytes]) -> None:
        self._held: Mapping[tuple[int | None, int], bytes] = {
            (tile.level, tile.index): content for tile, content in grow(0, hashes, self._nothing)
        }

    def read(self, level: int, index: int, width: int) -> bytes:
        return self._held[level, index][: width * 32]

    @staticmethod
    def _nothing(level: int, index: int, width: int) -> bytes:
        raise LookupError(Tile(level, index, width))


def _prover(size: int, root: bytes, tiles: _Tiles) -> Prover:
    signer = Signer("log.network.example", bytes(range(32)))
    checkpoint = Checkpoint(signer.vkey.name, size, root)
    body = format_checkpoint(checkpoint)
    # As partners would have it: cosigned by a witness of each side and an independent one.
    cosigned = "".join(
        cosign(bytes([number]) * 32, f"witness{number}.example", body, 1_800_000_000) for number in range(3)
    )
    note = sign(body, [signer]) + cosigned.encode()
    log = LogReader(shelf=_NoShelf(), vkey=signer.vkey, edge_vkey=signer.vkey)  # pyright: ignore[reportArgumentType]
    return Prover(log, note, checkpoint, nodes_of(size, tiles.read))


class _NoShelf:
    """The tiles are passed by hand."""


def _placed(index: int, key: bytes) -> Placed:
    """A receipt of ordinary weight: the first event of a hotel booking."""
    fields: dict[str, Any] = {
        "v": 2,
        "advertiser": "adv_17",
        "publisher": "pub_1432",
        "program": "prg_23",
        "conversion": f"cnv_{index}",
        "seq": 1,
        "kind": "booked",
        "at": "1825843200000000",
        "seen": "1825843201000000",
        "source": "1/12/34567",
        "status_raw": "confirmed",
        "mode": "live",
        "currency": "EUR",
        "before": None,
        "after": {
            "status": "pending",
            "reason": None,
            "sale": "48200",
            "retained": "48200",
            "check_in": "2027-11-12",
            "check_out": "2027-11-15",
            "release_at": "1827052800000000",
        },
        "commission": "3856",
        "rule": "rul_99",
        "group": "",
        "click_at": "1825760000000000",
        "note": None,
        "order": {
            "order_id": hide(key, _ORDER_ID),
            "event_type": "sale",
            "booked_at": "1825843200000000",
            "credit": "token",
            "why": "token",
            "partnership": "psh_2011",
            "link": "lnk_4022",
            "allocation": "alc_310",
            "arm": 2,
            "click": "1/12/31245",
        },
    }
    content = Content(key, canonical(fields), {"order_id": (key, _ORDER_ID)})
    number = 12_345
    body = leaf_bytes(
        kind=LeafType.CONVERSION,
        actor="key",
        at_us=1_825_843_201_500_000,
        tag=leaf_tag(key, number),
        committed=content.commitment,
    )
    return Placed(
        index=index,
        number=number,
        series=Series(17, 1432),
        key=key,
        type=LeafType.CONVERSION,
        actor="key",
        about=About("conversion", index, 1),
        advertiser=17,
        publisher=1432,
        at_us=1_825_843_201_500_000,
        body=body,
        content=content,
        kept=None,
    )


def _through_postgres(orders: int) -> dict[str, Any]:
    with TemporaryDirectory(prefix="warum-bench-") as folder, open_world(Path(folder)) as (stack, messages):
        _, changes = write_orders(stack, messages, orders, clicks_each=0, later="approved", later_every=1)
        stack.worker.start()
        stack.worker.wait_ready()
        begun = time.monotonic()
        drain(stack, limit_s=_settle_s_max)
        consumed_s = time.monotonic() - begun
        leaves = _signed(stack)
        took_s = time.monotonic() - begun
    _say(f"{changes:,} status changes in {took_s:.1f} s (consumed after {consumed_s:.1f} s), {leaves:,} leaves")
    return {
        "status_changes": changes,
        "status_changes_per_s": round(changes / took_s),
        "signed_leaves": leaves,
        "seconds": round(took_s, 1),
    }


def _signed(stack: Stack) -> int:
    """Wait until everything has its leaf under a checkpoint; how many leaves there are."""
    shelf = shelf_of(stack.config)
    deadline = time.monotonic() + _settle_s_max
    with PostgresDatabase(
        stack.url("warum_worker"), vault_of(stack.secrets), max_size=1, name="warum bench"
    ) as database:
        while True:
            with database.transaction(Scope(Role.SYSTEM)) as tx:
                waiting, size = tx.log.waiting(), tx.log.head().size
            signed = shelf.remembered()
            if not waiting and signed is not None and signed.size == size:
                return size
            stack.worker.check()
            if time.monotonic() > deadline:
                raise TimeoutError("the log does not come to the end of its queue")
            time.sleep(_poll_s)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
