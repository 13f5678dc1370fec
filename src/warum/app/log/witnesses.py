"""Witnesses: others who look at the log, and say by a cosignature that it only ever grew.

After a checkpoint each of them is asked to cosign it (``add-checkpoint`` of C2SP tlog-witness), all at once, so that
their cosignatures come together under one checkpoint. The log goes on whether they answer or not."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from warum.domain.tlog.checkpoints import Checkpoint, cosigned_at, unverified_checkpoint, with_cosignatures
from warum.domain.tlog.merkle import NodeReader, consistency_proof
from warum.domain.tlog.notes import Signature, format_vkey, open_note
from warum.domain.tlog.policies import NO_QUORUM, Policy, PolicyWitness
from warum.domain.tlog.tiles import nodes_of
from warum.domain.tlog.witness import AddCheckpoint, format_request, parse_answer, parse_conflict
from warum.kernel.period import SECOND_US
from warum.ports.deliveries import Answer, Request, Sender
from warum.ports.log import Shelf, WitnessMemory

_log: Final = logging.getLogger("warum.log")

NOBODY: Final = Policy((), (), (), NO_QUORUM)
"""The policy of a log without witnesses."""

rest_s_max: Final = 300.0

_slices: Final = 4
_slice_s: Final = 0.25
_TAKEN: Final = 200
_CONFLICT: Final = 409
_REFUSALS: Final = {
    400: "it cannot read the request",
    403: "it does not take the log's signature: it knows another key of the log",
    404: "it does not know this log; its operator has to add the log's key",
    422: "it does not believe the proof that the log continues what it cosigned before",
}


class _Fault(Exception):
    """What went wrong, in words."""


@dataclass(frozen=True, slots=True)
class _Question:
    """Whom we ask about which checkpoint."""

    sender: Sender
    witness: PolicyWitness
    note: bytes
    checkpoint: Checkpoint
    node: NodeReader


@dataclass(frozen=True, slots=True, kw_only=True)
class WitnessTools:
    """What asking needs.

    Attributes:
        shelf: shared with the sequencer.
        now_us: the clock.
        passed_s: a stopwatch, for pauses.
    """

    policy: Policy
    shelf: Shelf
    now_us: Callable[[], int]
    passed_s: Callable[[], float]


class Witnesses:
    """The witnesses of one log. Lives in one event loop."""

    def __init__(self, tools: WitnessTools) -> None:
        self._tools = tools
        self._asked = tuple(witness for witness in tools.policy.witnesses if witness.url is not None)
        self._memories: dict[str, WitnessMemory] = {}
        self._failed: dict[str, int] = {}
        self._rests_until_s: dict[str, float] = {}

    @property
    def any(self) -> bool:
        """Whether there is somebody to ask."""
        return bool(self._asked)

    def open(self) -> None:
        """Bring what is remembered into line with the policy, which may be another one than the last time."""
        known = {memory.key: memory for memory in self._tools.shelf.witnesses()}
        for witness in self._asked:
            key = format_vkey(witness.vkey)
            self._memories[key] = replace(known.get(key, WitnessMemory(name="", key=key)), name=_name(witness))
        if known or self._memories:
            self._remember()
        witnessed = self._tools.shelf.witnessed()
        if witnessed is not None and not self._enough(witnessed):
            self._tools.shelf.put_witnessed(None)

    async def run(self, sender: Sender, stopped: Callable[[], bool]) -> None:
        """Ask until ``stopped()``, at most once a second."""
        while not stopped():
            await self.round(sender)
            for _ in range(_slices):
                if not stopped():
                    await asyncio.sleep(_slice_s)

    async def round(self, sender: Sender) -> None:
        """Ask those who have not cosigned the newest checkpoint, and put what they answer beside it."""
        note = self._tools.shelf.checkpoint()
        if note is None:
            return
        checkpoint, opened, passed_s = unverified_checkpoint(note), open_note(note), self._tools.passed_s()
        asked = [
            witness
            for witness in self._asked
            if cosigned_at(opened, witness.vkey) is None
            and self._rests_until_s.get(format_vkey(witness.vkey), 0) <= passed_s
        ]
        # Of an empty log there is nothing to say.
        if not asked or checkpoint.size == 0:
            return
        node = nodes_of(checkpoint.size, self._tools.shelf.read_tile)
        found = await asyncio.gather(
            *(self._ask(_Question(sender, witness, note, checkpoint, node)) for witness in asked)
        )
        self._remember()
        self._publish(note, [signature for signatures in found for signature in signatures])

    async def _ask(self, question: _Question) -> Sequence[Signature]:
        """Its cosignatures; none when something went wrong, which is then remembered."""
        try:
            known = self._memory(question.witness).size
            # A memory that cannot be right is not held against the witness: it says itself what it has seen.
            answer = await self._send(question, known if known <= question.checkpoint.size else 0)
            if answer.status == _CONFLICT:
                answer = await self._send(question, self._learn(question, answer))
            return self._taken(question, answer)
        except _Fault as fault:
            self._says(question.witness, str(fault))
            return ()

    async def _send(self, question: _Question, old: int) -> Answer:
        try:
            proof = consistency_proof(old, question.checkpoint.size, question.node)
        except (LookupError, ValueError) as error:
            raise _Fault(f"no proof can be made for it: {error}") from None
        return await question.sender.send(
            Request(
                url=f"{(question.witness.url or '').rstrip('/')}/add-checkpoint",
                headers={"user-agent": "Warum/1 (log)", "accept": "*/*", "content-type": "text/plain; charset=utf-8"},
                body=format_request(AddCheckpoint(old, tuple(proof), question.note)),
                read=True,
            )
        )

    def _learn(self, question: _Question, answer: Answer) -> int:
        """The size that the witness knows, from its answer."""
        witness, size = question.witness, question.checkpoint.size
        try:
            known = parse_conflict(answer.body)
        except ValueError as error:
            raise _Fault(f"it knows another size of this log, but does not say which: {error}") from None
        self._memories[format_vkey(witness.vkey)] = replace(self._memory(witness), size=known)
        if known > size:
            raise _Fault(
                f"it has cosigned {known} leaves of this log, which has {size}: the log was set back, or another one "
                "goes by its name"
            )
        return known

    def _taken(self, question: _Question, answer: Answer) -> Sequence[Signature]:
        witness = question.witness
        if answer.status is None:
            raise _Fault(answer.words)
        if answer.status == _CONFLICT:
            raise _Fault("it knows another size of this log than the one that it said")
        if answer.status != _TAKEN:
            raise _Fault(_REFUSALS.get(answer.status, answer.words))
        try:
            signatures = parse_answer(answer.body)
        except ValueError as error:
            raise _Fault(f"its answer cannot be read: {error}") from None
        cosigned = open_note(with_cosignatures(question.note, signatures, [witness.vkey]))
        cosigned_s = cosigned_at(cosigned, witness.vkey)
        if cosigned_s is None:
            raise _Fault("its answer holds no cosignature by the key in the policy")
        key = format_vkey(witness.vkey)
        if self._failed.pop(key, 0):
            _log.info("witness %s cosigns", _name(witness))
        self._memories[key] = replace(
            self._memory(witness), size=question.checkpoint.size, cosigned_us=cosigned_s * SECOND_US
        )
        return signatures

    def _says(self, witness: PolicyWitness, words: str) -> None:
        key = format_vkey(witness.vkey)
        if key not in self._failed or self._memory(witness).fault != words:
            _log.warning("witness %s does not cosign: %s", _name(witness), words)
        failed = self._failed[key] = self._failed.get(key, 0) + 1
        self._rests_until_s[key] = self._tools.passed_s() + min(rest_s_max, 2.0 ** min(failed, 16))
        self._memories[key] = replace(self._memory(witness), fault=words, fault_us=self._tools.now_us())

    def _publish(self, note: bytes, signatures: Sequence[Signature]) -> None:
        if not signatures:
            return
        cosigned = with_cosignatures(note, signatures, [witness.vkey for witness in self._asked])
        self._tools.shelf.put_cosigned(cosigned)
        # The log has perhaps gone on meanwhile: receipts are made at this one until the next has as many.
        if self._enough(cosigned):
            self._tools.shelf.put_witnessed(cosigned)

    def _enough(self, note: bytes) -> bool:
        policy = self._tools.policy
        try:
            signed = open_note(note).verified_by([witness.vkey for witness in policy.witnesses])
        except ValueError:
            return False
        return policy.quorum != NO_QUORUM and policy.satisfied_by(signed)

    def _memory(self, witness: PolicyWitness) -> WitnessMemory:
        return self._memories[format_vkey(witness.vkey)]

    def _remember(self) -> None:
        self._tools.shelf.put_witnesses(list(self._memories.values()))


def _name(witness: PolicyWitness) -> str:
    """Names may hold any bytes; here they are shown."""
    return witness.name.encode(errors="surrogateescape").decode(errors="replace")
