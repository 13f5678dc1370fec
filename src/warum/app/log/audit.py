"""Compares everything that people and payouts go by with the log, leaf by leaf.

Partners check their own receipts; this checks the whole house from within: that tiles, database and signature belong
together, that every payload is what its leaf commits to, that no number is missing, and that conversions, rules, acts,
decisions and balances are what the log says they are. A row that no leaf tells of is found here, whoever wrote it."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from warum.app.call import LogReader
from warum.domain.leaves import LeafType, Series, b64, leaf_tag
from warum.domain.statements import delta
from warum.domain.tlog.checkpoints import parse_checkpoint
from warum.domain.tlog.merkle import Frontier, NodeReader, leaf_hash, root_at
from warum.domain.tlog.notes import Note, open_note
from warum.domain.tlog.tiles import nodes_of
from warum.kernel.ids import public
from warum.ports.database import Database, Role, Scope, Tx
from warum.ports.log import Entered, Placed, Remembered

problems_max: Final = 100
"""So many are told; how many there were is counted."""

_SYSTEM: Final = Scope(Role.SYSTEM)
_PUBLIC: Final = {"conversion": "conversion", "act": "act", "rule": "rule_version", "proposal": "proposal"}
"""Public kinds of ids, by what leaves are about."""


@dataclass
class Audit:
    """What was found. ``checked`` counts what was compared, by kind."""

    problems: list[str] = field(default_factory=list[str])
    count: int = 0
    checked: Counter[str] = field(default_factory=Counter[str])

    def wrong(self, sentence: str) -> None:
        self.count += 1
        if len(self.problems) < problems_max:
            self.problems.append(sentence)

    def say(self, right: bool, sentence: str) -> None:
        if not right:
            self.wrong(sentence)


def audit(database: Database, log: LogReader) -> Audit:
    """Everything, as it is at one moment. Entries that are still waiting are counted, and no fault.

    Raises:
        DatabaseUnavailable: nothing can be compared just now.
    """
    found = Audit()
    # The files before the database: what is signed is in it already.
    files = _files(log, found)
    with database.transaction(_SYSTEM, frozen=True) as tx:
        told = _Told()
        _leaves(tx, files, found, told)
        for entry in tx.log.every_waiting():
            found.checked["waiting"] += 1
            _take(entry, told)
        _conversions(tx, found, told)
        _rows(tx, found, told)
        _balances(tx, found, told)
    return found


@dataclass
class _Told:
    """What the leaves say, by what they are about."""

    conversions: dict[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])
    events: Counter[str] = field(default_factory=Counter[str])
    rules: dict[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])
    acts: dict[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])
    proposals: dict[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])
    decisions: dict[tuple[str, str], Mapping[str, Any]] = field(
        default_factory=dict[tuple[str, str], Mapping[str, Any]]
    )
    erased: set[str] = field(default_factory=set[str])
    gone: list[Placed] = field(default_factory=list[Placed])
    declared: set[tuple[str, int]] = field(default_factory=set[tuple[str, int]])
    """What erasures say that they erased: series and number."""
    worth: defaultdict[tuple[int, int, str], list[int]] = field(
        default_factory=lambda: defaultdict[tuple[int, int, str], list[int]](lambda: [0, 0])
    )


class _Files(NamedTuple):
    """What was signed last, and the tiles below it."""

    signed: Remembered
    node: NodeReader


def _files(log: LogReader, found: Audit) -> _Files | None:
    note, signed = log.shelf.checkpoint(), log.shelf.remembered()
    if note is None or signed is None:
        return None
    opened = open_note(note)
    if not _verified(opened, log):
        found.wrong("The newest checkpoint is not signed by the log's key.")
    checkpoint, node = parse_checkpoint(opened.text), nodes_of(signed.size, log.shelf.read_tile)
    try:
        roots = [(one.size, root_at(one.size, node), one.root) for one in (checkpoint, signed)]
    except (LookupError, ValueError) as error:
        found.wrong(f"The tiles of the log are not complete: {error}.")
        return _Files(signed, node)
    for size, root, said in roots:
        found.say(root == said, f"The tiles of the log do not make the root that was signed at {size} leaves.")
    return _Files(signed, node)


def _verified(note: Note, log: LogReader) -> bool:
    try:
        return bool(note.verified_by([log.vkey]))
    except ValueError:
        return False


def _leaves(tx: Tx, files: _Files | None, found: Audit, told: _Told) -> None:
    head = tx.log.head()
    if files is None:
        found.say(head.size == 0, "The log was never signed, or its files are gone.")
        return
    signed, node = files
    found.say(head.size >= signed.size, f"The database knows {head.size} leaves, but {signed.size} were signed.")
    frontier = Frontier()
    for index, _, body in tx.log.hashes(0, head.size):
        if index != frontier.size:
            found.wrong(f"leaf {frontier.size} is missing: the next one is {index}.")
            break
        hash_ = leaf_hash(body)
        if index < signed.size:
            found.say(_is(node, index, hash_), f"leaf {index} in the database is not the one that was signed.")
        frontier.append(hash_)
    last, numbers = 0, defaultdict[Series, int](int)
    for place, leaf in enumerate(tx.log.every_leaf()):
        name = f"leaf {leaf.index}"
        found.say(leaf.at_us >= last, f"{name} is older than the one before it.")
        last = leaf.at_us
        due = numbers[leaf.series] + 1
        # Leaves that only the files knew after a restore have taken their numbers with them.
        lost = leaf.index - place
        found.say(
            leaf.number == due or (due < leaf.number <= due + lost),
            f"{name} has number {leaf.number} of {leaf.series.name}, where {due} was due.",
        )
        numbers[leaf.series] = leaf.number
        _content(leaf, found, told)
        found.checked["leaves"] += 1
    found.say((frontier.size, frontier.root()) == (head.size, head.root), "The leaves do not make the root of the log.")
    for leaf in told.gone:
        found.say(
            (leaf.series.name, leaf.number) in told.declared,
            f"The content of leaf {leaf.index} cannot be read, and no erasure tells of it.",
        )


def _is(node: NodeReader, index: int, hash_: bytes) -> bool:
    try:
        return node(0, index) == hash_
    except (LookupError, ValueError):
        return False


def _content(leaf: Placed, found: Audit, told: _Told) -> None:
    name = f"leaf {leaf.index}"
    body: dict[str, Any] = json.loads(leaf.body)
    found.say(body["tag"] == leaf_tag(leaf.key, leaf.number).hex(), f"{name} has the tag of another number.")
    if leaf.content is None:
        told.gone.append(leaf)
    else:
        committed = b64(leaf.content.commitment) == body["commitment"]
        found.say(committed, f"The content of {name} is not what the leaf commits to.")
    _take(leaf, told)


def _take(entry: Entered, told: _Told) -> None:
    """Note what an entry says, whether it has its leaf yet or not."""
    if entry.content is None:
        _erased(entry, told)
        return
    payload = entry.content.fields()
    match entry.type:
        case LeafType.CONVERSION:
            told.conversions[payload["conversion"]] = payload
            told.events[payload["conversion"]] += 1
        case LeafType.RULE:
            told.rules[payload["rule"]] = payload
        case LeafType.ACT:
            told.acts[payload["act"]] = payload
        case LeafType.PROPOSAL:
            told.proposals[payload["proposal"]] = payload
        case LeafType.DECISION:
            told.decisions[payload["proposal"], payload["verdict"]] = payload
        case LeafType.ERASURE:
            told.declared.update((payload["series"], int(number)) for number in payload["numbers"])
        case _:
            pass
    if entry.type in (LeafType.CONVERSION, LeafType.CLICKS) and payload["publisher"] is not None:
        counted = delta(payload)
        if counted is not None:
            _add(told, entry, counted.currency, counted.earned, counted.pending)


def _erased(entry: Entered, told: _Told) -> None:
    kind = _PUBLIC.get(entry.about.kind)
    if kind is not None:
        name = public(kind, entry.about.id)
        told.erased.add(name)
        told.events[name] += entry.type is LeafType.CONVERSION
    if entry.kept is not None:
        _add(told, entry, entry.kept.currency, entry.kept.earned, entry.kept.pending)


def _add(told: _Told, entry: Entered, currency: str, earned: int, pending: int) -> None:
    worth = told.worth[entry.advertiser or 0, entry.publisher or 0, currency]
    worth[0] += pending
    worth[1] += earned


def _conversions(tx: Tx, found: Audit, told: _Told) -> None:
    for row in tx.audit.conversions():
        name = public("conversion", row.id)
        found.checked["conversions"] += 1
        payload = told.conversions.get(name)
        if payload is None:
            found.say(name in told.erased, f"{name} stands in the database, and no leaf tells of it.")
            continue
        if name in told.erased:
            continue
        stands = (
            row.status,
            str(row.commission_minor),
            str(row.retained_minor),
            row.currency,
            None if row.publisher is None else public("publisher", row.publisher),
            None if row.rule is None else public("rule_version", row.rule),
        )
        said = (
            payload["after"]["status"],
            payload["commission"],
            payload["after"]["retained"],
            payload["currency"],
            payload["publisher"],
            payload["rule"],
        )
        found.say(
            stands == said,
            f"{name} stands in the database as {_shown(stands)}, and the log says {_shown(said)}.",
        )
        found.say(
            row.seq == row.events == told.events[name],
            f"{name} has {row.events} events in the database and {told.events[name]} in the log.",
        )


def _rows(tx: Tx, found: Audit, told: _Told) -> None:
    for rule in tx.audit.rules():
        name = public("rule_version", rule.id)
        found.checked["rules"] += 1
        said = told.rules.get(name)
        stands = {
            "program": public("program", rule.program),
            "publisher": None if rule.publisher is None else public("publisher", rule.publisher),
            "group": rule.group,
            "kind": rule.kind,
            "rate_ppm": rule.rate_ppm,
            "amount": str(rule.amount_minor),
            "currency": rule.currency,
            "version": rule.version,
            "valid_from": str(rule.valid_from_us),
        }
        if name not in told.erased:
            _compare(found, name, stands, said)
    for act in tx.audit.acts():
        name = public("act", act.id)
        found.checked["acts"] += 1
        stands = {
            "at": str(act.at_us),
            "actor": act.actor,
            "operation": act.operation,
            "subject": act.subject,
            "input": act.input_hash.hex(),
            "reason": act.reason,
        }
        if name not in told.erased:
            _compare(found, name, stands, told.acts.get(name))
    for proposal in tx.audit.proposals():
        found.checked["proposals"] += 1
        name = public("proposal", proposal.id)
        said = told.proposals.get(name)
        # Those from before the log have no leaf of their own.
        if said is not None:
            _compare(found, name, {"facts": proposal.facts.hex(), "body": proposal.digest.hex()}, said)
    for decision in tx.audit.decisions():
        found.checked["decisions"] += 1
        name = public("proposal", decision.proposal)
        said = told.decisions.get((name, decision.verdict))
        if said is not None:
            stands = {
                "by": decision.actor,
                "reason": decision.reason,
                "note": decision.note,
                "at": str(decision.at_us),
            }
            _compare(found, f"The decision on {name}", stands, said)


def _compare(found: Audit, name: str, stands: Mapping[str, Any], said: Mapping[str, Any] | None) -> None:
    if said is None:
        found.wrong(f"{name} stands in the database, and no leaf tells of it.")
        return
    for key, value in stands.items():
        found.say(said[key] == value, f"{name}: {key} is {value!r} in the database, and {said[key]!r} in the log.")


def _balances(tx: Tx, found: Audit, told: _Told) -> None:
    seen: set[tuple[int, int, str]] = set()
    for row in tx.audit.balances():
        key = row.advertiser, row.publisher, row.currency
        seen.add(key)
        found.checked["balances"] += 1
        pending, confirmed = told.worth[key]
        pair = Series(row.advertiser, row.publisher).name
        found.say(
            (row.pending, row.confirmed) == (pending, confirmed),
            f"The books of {pair} hold {row.confirmed} earned and {row.pending} pending ({row.currency}, minor units); "
            f"the leaves add up to {confirmed} and {pending}.",
        )
    for key, worth in told.worth.items():
        found.say(key in seen or worth == [0, 0], f"The leaves of {Series(*key[:2]).name} are not in the books.")


def _shown(values: tuple[object, ...]) -> str:
    return ", ".join("-" if value is None else str(value) for value in values)


def lines(found: Audit) -> Iterator[str]:
    """What to tell people."""
    yield from found.problems
    if found.count > len(found.problems):
        yield f"… and {found.count - len(found.problems)} more."
