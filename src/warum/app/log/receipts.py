"""Receipts as partners ask for them: one, a list, or a file to keep."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Final

from pydantic import Field

from warum.app.border import (
    AdvertiserRef,
    ContestRef,
    ConversionRef,
    Limit,
    ProposalRef,
    PublisherRef,
    RuleRef,
    border,
    missing,
    moment,
)
from warum.app.call import Call
from warum.app.explain.shapes import Lang
from warum.app.log.erasure import CONVERSION_ERASURE
from warum.app.log.proofs import Prover, bundle, prover, readable
from warum.app.log.words import proves
from warum.domain.leaves import LeafType, Series, series_of
from warum.domain.tlog.notes import format_vkey
from warum.kernel.ids import private, public
from warum.kernel.period import from_us
from warum.kernel.refusal import Kind, Refusal
from warum.ports.database import Role, Scope, Tx
from warum.ports.log import About, Placed, WitnessMemory

_SYSTEM: Final = Scope(Role.SYSTEM)
file_max: Final = 1_000
"""Receipts in a file; a longer series is asked for in parts."""

Index = Annotated[int, Field(ge=0, description="Which leaf of the log, from 0.")]
Size = Annotated[int, Field(ge=0, description="Number of leaves under a checkpoint that you keep.")]
number_max: Final = 2**62
Number = Annotated[int, Field(ge=1, le=number_max)]


@border
class ReceiptLine:
    index: int
    series: Annotated[str, Field(description="Whose records are numbered together, such as adv_1/pub_2.")]
    number: int
    type: LeafType
    actor: str
    at: Annotated[datetime, Field(description="When it was entered into the log.")]
    about: Annotated[str | None, Field(description="What it speaks of: a conversion, a proposal, a rule, a contest.")]
    erased: Annotated[bool, Field(description="Its content was erased; that it was entered can still be proved.")]
    says: Annotated[str, Field(description="In words.")]


@border
class Receipts:
    receipts: tuple[ReceiptLine, ...]


@border
class ReceiptList:
    """Of one thing; or all of yours behind a leaf, or the newest before one."""

    conversion: ConversionRef | None = None
    proposal: ProposalRef | None = None
    rule: RuleRef | None = None
    contest: ContestRef | None = None
    advertiser: Annotated[AdvertiserRef | None, Field(description="Only what concerns this advertiser,")] = None
    publisher: Annotated[PublisherRef | None, Field(description="this publisher, or both: their series.")] = None
    first: Annotated[Number | None, Field(description="Numbers of that series, from here")] = None
    last: Annotated[Number | None, Field(description="until here.")] = None
    after: Annotated[int, Field(ge=-1, description="The last leaf that you have; -1 for none.")] = -1
    before: Annotated[Size | None, Field(description="The newest before this leaf, instead, newest first.")] = None
    limit: Limit = 50
    lang: Annotated[Lang, Field(description="Language of the words: en or de.")] = Lang.EN


def list_receipts(call: Call, ask: ReceiptList) -> Receipts | Refusal:
    found = prover(call.deps.log)
    if isinstance(found, Refusal):
        return found
    parties = _parties(call.caller.scope, ask.advertiser, ask.publisher)
    if isinstance(parties, Refusal):
        return parties
    with call.deps.database.transaction(_SYSTEM) as tx:
        leaves = _leaves(tx, call.caller.scope, ask, parties, found.checkpoint.size)
    return Receipts(receipts=tuple(line(leaf, ask.lang) for leaf in leaves[: ask.limit]))


@border
class ReceiptShow:
    index: Index
    lang: Annotated[Lang, Field(description="Language of the words: en or de.")] = Lang.EN


@border
class ReceiptOut:
    line: ReceiptLine
    receipt: Annotated[str, Field(description="The text of a .tlog-proof file; docs/receipts.md says what it holds.")]


def show_receipt(call: Call, ask: ReceiptShow) -> ReceiptOut | Refusal:
    found = prover(call.deps.log)
    if isinstance(found, Refusal):
        return found
    with call.deps.database.transaction(_SYSTEM) as tx:
        leaf = tx.log.leaf(ask.index) if ask.index < found.checkpoint.size else None
        seen = [] if leaf is None else readable(tx, [leaf], call.caller.scope)
    if not seen:
        return Refusal(
            code="receipt_unknown",
            message=f"There is no receipt of leaf {ask.index} yet, or it is not yours.",
            field="index",
            kind=Kind.NOT_FOUND,
        )
    return ReceiptOut(
        line=line(seen[0], ask.lang),
        receipt=found.covering(ask.index).receipt(seen[0], call.caller.scope),
    )


@border
class ReceiptFile:
    """Of a conversion or a proposal with the rules that it needs; or a whole series from a number on: that of a pair of
    partners, or of one of them alone."""

    conversion: ConversionRef | None = None
    proposal: ProposalRef | None = None
    advertiser: Annotated[AdvertiserRef | None, Field(description="Whose series; alone, what concerns it alone.")] = (
        None
    )
    publisher: Annotated[PublisherRef | None, Field(description="With whom; alone, what concerns it alone.")] = None
    first: Annotated[int, Field(ge=1, description="From this number of the series on.")] = 1
    since: Annotated[Size | None, Field(description="Prove that the log continues this checkpoint of yours.")] = None


@border
class ReceiptFileOut:
    name: Annotated[str, Field(description="What to call the file.")]
    receipts: int
    next: Annotated[int | None, Field(description="The number that the next part begins with; null: this was all.")]
    file: Annotated[dict[str, Any], Field(description="The file; docs/receipts.md says what it holds.")]


def receipt_file(call: Call, ask: ReceiptFile) -> ReceiptFileOut | Refusal:
    found = prover(call.deps.log)
    if isinstance(found, Refusal):
        return found
    scope = call.caller.scope
    with call.deps.database.transaction(_SYSTEM) as tx:
        part = _part(tx, scope, ask, found)
        if isinstance(part, Refusal):
            return part
        rules, ranges = rules_of(tx, scope, part.leaves, found.checkpoint.size)
    leaves = {leaf.index: leaf for leaf in (*part.leaves, *rules)}
    if not leaves:
        return Refusal(
            code="receipts_none",
            message="There are no receipts of this yet. A change is in the log within a minute.",
            kind=Kind.NOT_FOUND,
        )
    held = bundle(found, list(leaves.values()), scope, complete=[*part.complete, *ranges], since=ask.since)
    return ReceiptFileOut(name=f"{part.name}.receipts.json", receipts=len(held["receipts"]), next=part.next, file=held)


@border
class LogShow:
    pass


@border
class WitnessOut:
    name: Annotated[str, Field(description="As the policy file calls it.")]
    key: Annotated[str, Field(description="Its key as a vkey.")]
    size: Annotated[int, Field(description="Leaves of the last checkpoint that it cosigned, as far as we know.")]
    cosigned_at: datetime | None
    fault: Annotated[str | None, Field(description="What went wrong last, in words; over if it cosigned since.")]
    fault_at: datetime | None


@border
class LogOut:
    origin: str
    size: Annotated[int, Field(description="Leaves under the newest checkpoint.")]
    root: Annotated[str, Field(description="Their Merkle root, hexadecimal.")]
    key: Annotated[str, Field(description="The log's key as a vkey: keep it, and compare it.")]
    edge_key: Annotated[str, Field(description="The key of the edge's promises.")]
    webhook_key: Annotated[str | None, Field(description="The key that webhooks are signed with; null: none are.")]
    checkpoint: Annotated[str, Field(description="The signed note.")]
    waiting: Annotated[int, Field(description="Entries that have no leaf yet.")]
    statements: Annotated[int, Field(description="Monthly statements so far.")]
    witnessed: Annotated[int | None, Field(description="Leaves under the newest checkpoint with enough cosignatures.")]
    witnesses: tuple[WitnessOut, ...]


def show_log(call: Call, ask: LogShow) -> LogOut | Refusal:
    found = prover(call.deps.log)
    if isinstance(found, Refusal):
        return found
    with call.deps.database.transaction(_SYSTEM) as tx:
        waiting, statements = tx.log.waiting(), tx.log.statement_count()
    return LogOut(
        origin=found.checkpoint.origin,
        size=found.checkpoint.size,
        root=found.checkpoint.root.hex(),
        key=format_vkey(found.log.vkey),
        edge_key=format_vkey(found.log.edge_vkey),
        webhook_key=found.log.webhook_key,
        checkpoint=found.note.decode(),
        waiting=waiting,
        statements=statements,
        witnessed=None if found.witnessed is None else found.witnessed.checkpoint.size,
        witnesses=tuple(_witness_out(witness) for witness in found.log.shelf.witnesses()),
    )


@border
class StatementList:
    """Of a pair of partners, of all pairs of one, or of all."""

    advertiser: AdvertiserRef | None = None
    publisher: PublisherRef | None = None
    limit: Limit = 50


@border
class StatementTotal:
    currency: str
    earned_before: Annotated[int, Field(description="Minor units.")]
    earned_change: int
    earned: int
    pending_before: int
    pending_change: int
    pending: int


@border
class StatementOut:
    advertiser: AdvertiserRef
    publisher: PublisherRef
    month: Annotated[str, Field(description="YYYY-MM, of UTC.")]
    first: Annotated[int, Field(description="The first number of the pair's series in it.")]
    last: int
    count: int
    totals: tuple[StatementTotal, ...]


@border
class Statements:
    statements: tuple[StatementOut, ...]


def list_statements(call: Call, ask: StatementList) -> Statements | Refusal:
    parties = _parties(call.caller.scope, ask.advertiser, ask.publisher)
    if isinstance(parties, Refusal):
        return parties
    with call.deps.database.transaction(_SYSTEM) as tx:
        found = tx.log.statements_newest(advertiser=parties[0], publisher=parties[1], limit=ask.limit)
    return Statements(
        statements=tuple(
            StatementOut(
                advertiser=one.series.advertiser,
                publisher=one.series.publisher,
                month=one.month,
                first=one.first,
                last=one.last,
                count=one.count,
                totals=tuple(_total(total) for total in one.totals),
            )
            for one in found
        )
    )


def line(leaf: Placed, lang: Lang) -> ReceiptLine:
    return ReceiptLine(
        index=leaf.index,
        series=leaf.series.name,
        number=leaf.number,
        type=leaf.type,
        actor=leaf.actor,
        at=from_us(leaf.at_us),
        about=_about(leaf),
        erased=leaf.content is None,
        says=proves(leaf, lang),
    )


class _Part:
    """What a file is about."""

    def __init__(
        self,
        name: str,
        leaves: Sequence[Placed],
        complete: Sequence[tuple[str, int, int]] = (),
        following: int | None = None,
    ) -> None:
        self.name = name
        self.leaves = leaves
        self.complete = complete
        self.next = following


def _part(tx: Tx, scope: Scope, ask: ReceiptFile, found: Prover) -> _Part | Refusal:
    size = found.checkpoint.size
    if ask.conversion is not None or ask.proposal is not None:
        about = (
            About("conversion", ask.conversion) if ask.conversion is not None else About("proposal", ask.proposal or 0)
        )
        leaves = [leaf for leaf in readable(tx, tx.log.about(_with_erasures([about])), scope) if leaf.index < size]
        return _Part(public(about.kind, about.id), leaves)
    if ask.advertiser is None and ask.publisher is None:
        return Refusal(
            code="receipts_of_what",
            message="Say which conversion or proposal, or which advertiser, which publisher or both.",
            field="conversion",
        )
    if not _of_pair(scope, ask.advertiser, ask.publisher):
        return missing("publisher", ask.publisher) if ask.publisher else missing("advertiser", ask.advertiser or 0)
    series = series_of(ask.advertiser, ask.publisher)
    leaves = tx.log.of_series(series, first=ask.first, limit=file_max + 1)
    more = leaves[file_max:]
    leaves = [leaf for leaf in leaves[:file_max] if leaf.index < size]
    if not leaves:
        return _Part(series.name.replace("/", "-"), ())
    range_ = series.name, leaves[0].number, leaves[-1].number
    return _Part(
        f"{series.name.replace('/', '-')}-{range_[1]}-{range_[2]}",
        leaves,
        [range_],
        more[0].number if more else None,
    )


def rules_of(
    tx: Tx, scope: Scope, leaves: Sequence[Placed], size: int
) -> tuple[list[Placed], list[tuple[str, int, int]]]:
    """All rules of the programs that the conversions among the leaves belong to, and that they are all."""
    payloads = [leaf.content.fields() for leaf in leaves if leaf.type in _RULED and leaf.content is not None]
    programs = {private("program", payload["program"]) or 0 for payload in payloads}
    found: list[Placed] = []
    ranges: list[tuple[str, int, int]] = []
    for program in sorted(programs):
        series = Series(program=program)
        rules = [leaf for leaf in tx.log.of_series(series, limit=file_max) if leaf.index < size]
        if rules:
            found += rules
            ranges.append((series.name, 1, rules[-1].number))
    own = {private("rule_version", payload["rule"]) or 0 for payload in payloads if payload["rule"] is not None}
    found += [leaf for leaf in tx.log.about([About("rule", rule) for rule in sorted(own)]) if leaf.index < size]
    return readable(tx, found, scope) if scope.role is Role.ADVERTISER else found, ranges


_RULED: Final = frozenset({LeafType.CONVERSION, LeafType.CLICKS})


_NAMED: Final = frozenset({"conversion", "proposal", "rule_version", "act", "contest", "publisher"})


def _leaves(tx: Tx, scope: Scope, ask: ReceiptList, parties: tuple[int | None, int | None], size: int) -> list[Placed]:
    about = [
        About(kind, value)
        for kind, value in (
            ("conversion", ask.conversion),
            ("proposal", ask.proposal),
            ("rule", ask.rule),
            ("contest", ask.contest),
        )
        if value is not None
    ]
    if about:
        found = [leaf for leaf in tx.log.about(_with_erasures(about)) if ask.after < leaf.index < size]
        return readable(tx, found, scope)
    numbers = None if ask.first is None and ask.last is None else (ask.first or 1, ask.last or number_max)
    if scope.role is Role.PUBLISHER and numbers is None and ask.before is None and ask.advertiser is None:
        # All that is the publisher's: the rules for everybody of its programs, too.
        return tx.log.owed(
            ask.after,
            until=size,
            limit=ask.limit,
            advertiser=None,
            publisher=scope.party,
            programs=tx.catalog.programs_of_publisher(scope.party or 0),
        )
    return tx.log.after(
        ask.after,
        until=size if ask.before is None else min(size, ask.before),
        limit=ask.limit,
        advertiser=parties[0],
        publisher=parties[1],
        numbers=numbers,
        newest=ask.before is not None,
    )


def _parties(scope: Scope, advertiser: int | None, publisher: int | None) -> tuple[int | None, int | None] | Refusal:
    """Whose leaves or statements are asked for: those of a party are its own."""
    if scope.role is Role.ADVERTISER:
        if advertiser not in (None, scope.party):
            return missing("advertiser", advertiser)
        return scope.party, publisher
    if scope.role is Role.PUBLISHER:
        if publisher not in (None, scope.party):
            return missing("publisher", publisher)
        return advertiser, scope.party
    return advertiser, publisher


def _with_erasures(about: Sequence[About]) -> list[About]:
    """Whoever asks for a conversion is also told that contents of it were erased."""
    return [*about, *(About(CONVERSION_ERASURE, one.id) for one in about if one.kind == "conversion")]


def _of_pair(scope: Scope, advertiser: int | None, publisher: int | None) -> bool:
    match scope.role:
        case Role.ADVERTISER:
            return scope.party == advertiser
        case Role.PUBLISHER:
            return scope.party == publisher
        case Role.OPERATOR | Role.MANAGER | Role.AUDITOR | Role.SYSTEM:
            return True


def _about(leaf: Placed) -> str | None:
    kinds = {"rule": "rule_version", CONVERSION_ERASURE: "conversion", "publisher_erasure": "publisher"}
    kind = kinds.get(leaf.about.kind, leaf.about.kind)
    return public(kind, leaf.about.id) if kind in _NAMED else None


def _total(held: Any) -> StatementTotal:
    return StatementTotal(
        currency=held["currency"], **{name: int(value) for name, value in held.items() if name != "currency"}
    )


def _witness_out(found: WitnessMemory) -> WitnessOut:
    return WitnessOut(
        name=found.name,
        key=found.key,
        size=found.size,
        cosigned_at=moment(found.cosigned_us),
        fault=found.fault,
        fault_at=moment(found.fault_us),
    )
