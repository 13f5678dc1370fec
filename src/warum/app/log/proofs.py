"""Receipts: a leaf with the proof that it stands in the log, and what it commits to for whoever may read that."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from warum.app.call import LogReader
from warum.app.conversions import sees_order_ids
from warum.domain.history import ORDER_ID
from warum.domain.leaves import b64
from warum.domain.tlog.checkpoints import Checkpoint, unverified_checkpoint
from warum.domain.tlog.merkle import NodeReader, consistency_proof, inclusion_proof
from warum.domain.tlog.notes import format_vkey
from warum.domain.tlog.proofs import Proof, format_proof
from warum.domain.tlog.tiles import nodes_of
from warum.kernel.refusal import Kind, Refusal
from warum.ports.database import Role, Scope, Tx
from warum.ports.log import Placed

FORMAT: Final = "warum-receipts/1"


@dataclass(frozen=True, slots=True)
class Prover:
    """Makes receipts at one checkpoint; use one for many, since it remembers the tiles.

    Attributes:
        witnessed: at the newest checkpoint that enough witnesses have cosigned; None where there is none.
    """

    log: LogReader
    note: bytes
    checkpoint: Checkpoint
    node: NodeReader
    witnessed: Prover | None = None

    def covering(self, index: int, *, since: int | None = None) -> Prover:
        """The witnessed one if it has that leaf, and continues a checkpoint of ``since`` leaves; otherwise this one."""
        size = 0 if self.witnessed is None else self.witnessed.checkpoint.size
        return self.witnessed if self.witnessed is not None and index < size and (since or 0) <= size else self

    def receipt(self, leaf: Placed, scope: Scope) -> str:
        """The text of a tlog-proof; LookupError for a leaf that is not under this checkpoint yet."""
        if leaf.index >= self.checkpoint.size:
            raise LookupError(f"leaf {leaf.index} is not under the checkpoint of size {self.checkpoint.size}")
        hashes = inclusion_proof(leaf.index, self.checkpoint.size, self.node)
        extra = json.dumps(self._extra(leaf, scope), separators=(",", ":"), ensure_ascii=False).encode()
        return format_proof(Proof(leaf.index, tuple(hashes), self.note, extra)).decode()

    def consistency(self, old: int) -> dict[str, Any]:
        """That the tree of ``old`` leaves is the beginning of this one, as a file of receipts has it."""
        hashes = consistency_proof(old, self.checkpoint.size, self.node)
        return {"old": str(old), "new": str(self.checkpoint.size), "hashes": [b64(one) for one in hashes]}

    def _extra(self, leaf: Placed, scope: Scope) -> dict[str, Any]:
        extra: dict[str, Any] = {
            "leaf": json.loads(leaf.body),
            "series": {"name": leaf.series.name, "key": b64(leaf.key), "number": str(leaf.number)},
            "vkey": format_vkey(self.log.vkey),
        }
        if leaf.content is not None:
            extra["nonce"] = b64(leaf.content.nonce)
            extra["payload"] = leaf.content.fields()
            shown = {
                name: {"nonce": b64(nonce), "value": value}
                for name, (nonce, value) in leaf.content.hidden.items()
                if name != ORDER_ID or sees_order_ids(scope)
            }
            if shown:
                extra["shown"] = shown
        return extra


def prover(log: LogReader | None) -> Prover | Refusal:
    """At the newest checkpoint, and beside it at the newest that was witnessed."""
    note = None if log is None else log.shelf.checkpoint()
    if log is None or note is None:
        return Refusal(
            code="log_empty",
            message="The log has no checkpoint yet. The worker writes the first one within a second of its start.",
            kind=Kind.CONFLICT,
        )
    newest = _prover_at(log, note)
    witnessed = log.shelf.witnessed()
    return newest if witnessed is None else replace(newest, witnessed=_prover_at(log, witnessed))


def readable(tx: Tx, leaves: Sequence[Placed], scope: Scope) -> list[Placed]:
    """Those that the scope may read. The transaction is the system's: payloads are opened for their readers here.

    Advertisers read what carries their id; publishers, too, and the rules for everybody of the programs that they are
    partners of."""
    match scope.role:
        case Role.ADVERTISER:
            return [leaf for leaf in leaves if leaf.advertiser == scope.party]
        case Role.PUBLISHER:
            programs = {leaf.series.program for leaf in leaves if leaf.series.program}
            own = tx.catalog.programs_of_publisher(scope.party or 0) if programs else frozenset[int]()
            return [leaf for leaf in leaves if leaf.publisher == scope.party or leaf.series.program in own]
        case Role.OPERATOR | Role.MANAGER | Role.AUDITOR | Role.SYSTEM:
            return list(leaves)


def bundle(
    prover: Prover,
    leaves: Sequence[Placed],
    scope: Scope,
    *,
    complete: Sequence[tuple[str, int, int]],
    since: int | None,
) -> dict[str, Any]:
    """A file of receipts, all at one checkpoint. Leaves that are not under the newest one yet are left out.

    Args:
        complete: ranges of numbers, by series, of which every one is among the leaves.
        since: the size of a checkpoint that the reader holds; the file then proves that this one continues it.
    """
    proved = sorted((leaf for leaf in leaves if leaf.index < prover.checkpoint.size), key=lambda leaf: leaf.index)
    at = prover.covering(proved[-1].index, since=since) if proved else prover
    held: dict[str, Any] = {
        "format": FORMAT,
        "receipts": [at.receipt(leaf, scope) for leaf in proved],
        "complete": [{"series": name, "first": str(first), "last": str(last)} for name, first, last in complete],
    }
    if since is not None and 0 < since <= at.checkpoint.size:
        held["consistency"] = [at.consistency(since)]
    return held


def _prover_at(log: LogReader, note: bytes) -> Prover:
    checkpoint = unverified_checkpoint(note)
    return Prover(log, note, checkpoint, nodes_of(checkpoint.size, log.shelf.read_tile))
