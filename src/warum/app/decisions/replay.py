"""Computes every answer of the bots again from its stored facts and seed, and compares.

In the environment that an answer was computed in the bytes have to be the same. Elsewhere the last digits of a float
may differ: then numbers are compared to nine significant digits, and that the environments differ is reported."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final, cast

from warum.app.decisions.stored import read_abstention, read_asked
from warum.domain.advice import Advice, answer_bytes, same_idea
from warum.domain.bots import BOTS, answers
from warum.domain.bots.origin import environment
from warum.domain.decisions import Abstention, Proposal, stake_minor_day
from warum.kernel.ids import public
from warum.ports.database import Tx
from warum.ports.decisions import StoredAbstention, StoredProposal

_DIGITS: Final = 9

Answer = StoredProposal | StoredAbstention


@dataclass(frozen=True, slots=True, kw_only=True)
class Mismatch:
    """An answer that is not what its facts give, with the first thing that differs."""

    subject: str
    what: str


@dataclass(slots=True)
class Replayed:
    """What came of it.

    Attributes:
        decisions: proposals and abstentions that were computed again.
        other_version: answers of a version of the bot that is not this one; nobody can compute them again here.
        other_environment: answers from another environment, compared to nine digits.
        environments: of these, which parts differ, as ``name: theirs -> ours``.
    """

    decisions: int = 0
    other_version: int = 0
    other_environment: int = 0
    environments: set[str] = field(default_factory=set[str])
    mismatches: list[Mismatch] = field(default_factory=list[Mismatch])


def replay_decisions(tx: Tx, *, progress: Callable[[int], None] = lambda _: None) -> Replayed:
    """Replay everything that is stored.

    Args:
        progress: told how many were done, after each.
    """
    result = Replayed()
    for answer in _every(tx):
        facts = tx.evidence.facts(answer.facts)
        what = _fault(answer, facts, result)
        if what is not None:
            result.mismatches.append(Mismatch(subject=_name(answer), what=what))
        progress(result.decisions)
    return result


def _every(tx: Tx) -> Iterator[Answer]:
    yield from tx.decisions.every_proposal()
    yield from tx.decisions.every_abstention()


def _fault(answer: Answer, facts: bytes | None, result: Replayed) -> str | None:
    """What is wrong with it; None when nothing is."""
    result.decisions += 1
    if facts is None or sha256(facts).digest() != answer.facts:
        return "the facts are not those of their hash"
    if sha256(answer.body).digest() != answer.digest:
        return "the bytes are not those of their digest"
    try:
        told = read_asked(answer) if isinstance(answer, StoredProposal) else read_abstention(answer.body)
    except ValueError as error:
        return f"the bytes cannot be read: {error}"
    if told.origin.bot not in BOTS:
        return f"there is no bot {told.origin.bot}"
    if (fault := _columns(answer, told)) is not None:
        return fault
    if told.origin.version != BOTS[told.origin.bot].version:
        result.decisions -= 1
        result.other_version += 1
        return None
    try:
        said = answers(answer.bot, facts, seed=answer.seed)
    except ValueError as error:
        return f"the facts cannot be read: {error}"
    found = same_idea(said, told.idea, told.subject) if isinstance(told, Advice) else said[0] if said else None
    if found is None:
        return "computed again, the bot says nothing of this"
    again = answer_bytes(found)
    if again == answer.body:
        return None
    differences = _environments(told)
    if differences:
        result.other_environment += 1
        result.environments.update(differences)
    return _difference(json.loads(answer.body), json.loads(again), exactly=not differences)


def _columns(answer: Answer, told: Proposal | Advice | Abstention) -> str | None:
    """Whether the columns say what the bytes say."""
    stored: dict[str, object] = {
        "bot": (answer.bot, told.origin.bot),
        "program": (answer.program, told.program),
        "facts": (answer.facts.hex(), told.origin.facts),
        "seed": (answer.seed, told.origin.seed),
        "made_at": (answer.made_at_us, told.made_at_us),
    }
    if isinstance(answer, StoredProposal) and isinstance(told, Proposal):
        stored["offer"] = (answer.offer, told.change.subject)
    if isinstance(answer, StoredProposal) and isinstance(told, Advice):
        names = ("idea", "subject", "metric")
        stored |= {name: (getattr(answer, name), getattr(told, name)) for name in names}
    if isinstance(answer, StoredProposal) and isinstance(told, Proposal | Advice):
        stored |= {
            "currency": (answer.currency, told.currency),
            "stake": (answer.stake_minor, told.stake_minor),
            "stake_day": (answer.stake_day_minor, stake_minor_day(told)),
            "gain": (answer.gain_minor, told.expected.gain_minor),
            "low": (answer.low_minor, told.expected.low_minor),
            "high": (answer.high_minor, told.expected.high_minor),
            "probability": (answer.probability_ppm, told.expected.probability_ppm),
        }
    if isinstance(answer, StoredAbstention) and isinstance(told, Abstention):
        stored["code"] = (answer.code, told.code)
    pairs = cast("Mapping[str, tuple[object, object]]", stored)
    wrong = next((name for name, (column, said) in pairs.items() if column != said), None)
    return None if wrong is None else f"the column {wrong} says {pairs[wrong][0]}, the bytes {pairs[wrong][1]}"


def _environments(told: Proposal | Advice | Abstention) -> list[str]:
    ours = {one.name: one.value for one in environment()}
    theirs = {one.name: one.value for one in told.origin.environment}
    return [
        f"{name}: {theirs.get(name, 'unknown')} -> {ours.get(name, 'unknown')}"
        for name in sorted(ours.keys() | theirs.keys())
        if ours.get(name) != theirs.get(name)
    ]


def _difference(before: object, after: object, *, exactly: bool, path: str = "") -> str | None:
    """The first place where two answers differ; the environment itself is not compared."""
    same = before == after or (not exactly and (path == ".origin.environment" or _nearly(before, after)))
    if same:
        return None
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        known, other = cast("Mapping[str, object]", before), cast("Mapping[str, object]", after)
        if known.keys() != other.keys():
            return f"{path or 'the answer'} has other fields"
        found = (_difference(known[name], other[name], exactly=exactly, path=f"{path}.{name}") for name in known)
        return next((one for one in found if one is not None), None)
    if isinstance(before, list) and isinstance(after, list):
        lines, others = cast("Sequence[object]", before), cast("Sequence[object]", after)
        if len(lines) != len(others):
            return f"{path} has {len(lines)} entries, computed again {len(others)}"
        pairs = enumerate(zip(lines, others, strict=True))
        found = (_difference(one, two, exactly=exactly, path=f"{path}[{place}]") for place, (one, two) in pairs)
        return next((one for one in found if one is not None), None)
    return f"{path.removeprefix('.')} is {before}, computed again {after}"


def _nearly(before: object, after: object) -> bool:
    """Whether two numbers agree to nine significant digits. Amounts are rounded to whole minor units, so two of them
    that lie on either side of a half may differ by one."""
    if isinstance(before, bool) or isinstance(after, bool):
        return False
    if isinstance(before, int) and isinstance(after, int):
        return abs(before - after) <= max(1.0, abs(before) * 10.0 ** (1 - _DIGITS))
    try:
        one, two = float(str(before)), float(str(after))
    except ValueError:
        return False
    return abs(one - two) <= 2 * abs(one) * 10.0 ** (1 - _DIGITS)


def _name(answer: Answer) -> str:
    return public("proposal", answer.id) if isinstance(answer, StoredProposal) else f"abstention {answer.id}"
