"""Draws the arm of every record again, and compares.

A click on a plain link is drawn from where its record stands (``domain.tracking.draw``), so the record alone tells
whether it is right. Arms of slots are drawn when they are shown, with a serial number that no record holds: of them
allocation and arm are checked, and the counts. A click whose publisher named the page drew nothing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from warum.app.decisions.draws.fit import Misfit, fit, probability_min
from warum.app.decisions.draws.order import Run, out_of_order
from warum.app.decisions.replay import Mismatch
from warum.domain.catalog import ARM_DEEP_LINK, PROPENSITY_ONE, EdgeAllocation, EdgeArm
from warum.domain.records import Click, Impression, Record, RecordType
from warum.domain.tracking import draw
from warum.kernel.ids import RecordId
from warum.ports.database import Tx
from warum.ports.evidence import DrawnAllocation, DrawnLink

mismatches_named: Final = 1_000
"""All are counted; so many are named."""

_stretch_min: Final = 10.0
"""Mismatches that another key would give in a stretch, before anything is said of its key."""


class Raw(Protocol):
    """A record of the journal as its bytes."""

    @property
    def id(self) -> RecordId: ...
    @property
    def type(self) -> int: ...
    @property
    def body(self) -> bytes: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """What records are judged by: every allocation and every link that there ever was."""

    allocations: Mapping[int, DrawnAllocation]
    links: Mapping[int, DrawnLink]


@dataclass(slots=True)
class Draws:
    """What came of it.

    Attributes:
        decisions: draws that were computed again.
        differ: records that are not what the draw gives, or contradict the catalog or the order of allocations.
        mismatches: the first of them, with what is wrong.
        out_of_order: of ``differ``, those under an allocation that was not in force.
        other_key: of ``differ``, those in stretches that agree with this key no more often than with any other.
        shown_clicks: on what a slot showed; allocation and arm were checked, the draw cannot be.
        impressions: likewise. Only those of slots had an arm drawn.
        deep_links: clicks to a page that the publisher named: nothing was drawn.
        unknown: records whose allocation or link the database does not know, by which.
        unreadable: records of a type or body that this release cannot read.
        others: records of other types.
        allocations: that records were drawn under.
        fit_least: the least probability of any allocation's counts; None when none had enough of them.
        misfits: allocations below ``fit.probability_min``.
        below_floor: allocations of bots, as (allocation, arm, propensity, floor) in parts per million.
    """

    decisions: int = 0
    differ: int = 0
    mismatches: list[Mismatch] = field(default_factory=list[Mismatch])
    out_of_order: int = 0
    other_key: int = 0
    shown_clicks: int = 0
    impressions: int = 0
    deep_links: int = 0
    unknown: Counter[str] = field(default_factory=Counter[str])
    unreadable: int = 0
    others: int = 0
    allocations: int = 0
    fit_least: float | None = None
    misfits: list[Misfit] = field(default_factory=list[Misfit])
    below_floor: list[tuple[int, int, int, int]] = field(default_factory=list[tuple[int, int, int, int]])

    @property
    def sound(self) -> bool:
        """Whether nothing contradicts the promise that every draw can be computed again. A misfit is a reason to look,
        not a proof."""
        return not (self.differ or self.unknown or self.unreadable or self.below_floor)


def read_book(tx: Tx) -> Book:
    """Read it after the end of the journal was noted: no record before that can name what came later."""
    return Book(
        allocations={one.id: one for one in tx.evidence.every_allocation()},
        links={one.id: one for one in tx.evidence.every_link()},
    )


class DrawReplay:
    """One pass over a journal. Take the records of each stream in order, one stream after the other.

    Args:
        key: under which arms are drawn.
        decode: the record behind a type and a body; LookupError and ValueError mean that there is none.
        progress: told now and then how many draws were computed again.
    """

    def __init__(
        self,
        book: Book,
        key: bytes,
        decode: Callable[[int, bytes], Record],
        *,
        progress: Callable[[int], None] = lambda _: None,
    ) -> None:
        self._book = book
        self._key = key
        self._decode = decode
        self._progress = progress
        self._drawable = {one.id: _drawable(one) for one in book.allocations.values() if _sums_to_one(one)}
        self._by_chance = {one.id: _differ_by_chance(one) for one in book.allocations.values()}
        self._runs: dict[tuple[int, int, str], list[Run]] = {}
        self._clicked: defaultdict[int, Counter[int]] = defaultdict(Counter)
        self._seen: defaultdict[int, Counter[int]] = defaultdict(Counter)
        self._stretch_differ, self._stretch_chance = 0, 0.0
        self._result = Draws()

    def take(self, records: Sequence[Raw]) -> None:
        """Check some records."""
        result, decode = self._result, self._decode
        click, impression = RecordType.CLICK.value, RecordType.IMPRESSION.value
        for raw in records:
            if raw.type != click and raw.type != impression:
                if raw.type in _KNOWN:
                    result.others += 1
                else:
                    self._unreadable(raw, "a newer release wrote it")
                continue
            try:
                record = decode(raw.type, raw.body)
            except (LookupError, ValueError) as error:
                self._unreadable(raw, str(error))
                continue
            if isinstance(record, Click):
                self._click(raw.id, record)
            elif isinstance(record, Impression):
                self._impression(raw.id, record)
        self._close_stretch(_stretch_min)
        self._progress(result.decisions)

    def result(self) -> Draws:
        """What came of it; to be asked once, at the end."""
        result = self._result
        self._close_stretch(1.0)
        for runs in self._runs.values():
            for run in out_of_order(runs):
                result.out_of_order += run.count
                which = "" if run.count == 1 else f" for the {run.count} clicks on the link from here"
                what = f"allocation {run.allocation} was not in force{which}: clicks before or after say so"
                self._differs(run.first, what, count=run.count)
        used = self._clicked.keys() | self._seen.keys()
        result.allocations = len(used)
        self._judge_counts(self._clicked, in_slots=False)
        self._judge_counts(self._seen, in_slots=True)
        for allocation in sorted(used):
            drawn = self._book.allocations[allocation]
            floor_ppm = drawn.floor_ppm or 0
            result.below_floor += [(allocation, arm, ppm, floor_ppm) for arm, ppm in drawn.shares if ppm < floor_ppm]
        return result

    def _click(self, at: RecordId, record: Click) -> None:
        link = self._link(at, record)
        if link is None:
            return
        result, allocation, arm = self._result, record.allocation, record.arm
        if arm == ARM_DEEP_LINK:
            result.deep_links += 1
            return
        if link.in_slot:
            result.shown_clicks += 1
            self._has_arm(at, allocation, arm)
            return
        result.decisions += 1
        self._clicked[allocation][arm] += 1
        self._stretch_chance += self._by_chance[allocation]
        again = draw(self._drawable[allocation], at, self._key).arm
        if again != arm:
            self._stretch_differ += 1
            self._differs(at, f"the record says arm {arm} of allocation {allocation}, drawn again it is arm {again}")
            return
        # Of records whose arm is right; the others are counted already.
        context = self._book.allocations[allocation].context
        runs = self._runs.setdefault((at.stream, link.id, context), [])
        if runs and runs[-1].allocation == allocation:
            runs[-1].count += 1
        else:
            runs.append(Run(allocation, at))

    def _impression(self, at: RecordId, record: Impression) -> None:
        link = self._link(at, record)
        if link is None:
            return
        self._result.impressions += 1
        if self._has_arm(at, record.allocation, record.arm) and link.in_slot:
            self._seen[record.allocation][record.arm] += 1

    def _link(self, at: RecordId, record: Click | Impression) -> DrawnLink | None:
        """The record's link, if it and the allocation are known and belong together."""
        allocation = self._book.allocations.get(record.allocation)
        link = self._book.links.get(record.link)
        if allocation is None:
            self._result.unknown["allocation"] += 1
        elif link is None:
            self._result.unknown["link"] += 1
        elif link.offer != allocation.offer:
            self._differs(
                at,
                f"link {link.id} leads through offer {link.offer}, allocation {allocation.id} is of offer "
                f"{allocation.offer}",
            )
        elif allocation.id not in self._drawable:
            self._differs(at, f"the propensities of allocation {allocation.id} do not sum to one")
        else:
            return link
        return None

    def _has_arm(self, at: RecordId, allocation: int, arm: int) -> bool:
        if any(one == arm and ppm for one, ppm in self._book.allocations[allocation].shares):
            return True
        self._differs(at, f"allocation {allocation} has no arm {arm}, or never draws it")
        return False

    def _differs(self, at: RecordId, what: str, *, count: int = 1) -> None:
        self._result.differ += count
        if len(self._result.mismatches) < mismatches_named:
            self._result.mismatches.append(Mismatch(subject=_name(at), what=what))

    def _unreadable(self, raw: Raw, what: str) -> None:
        self._result.unreadable += 1
        if len(self._result.mismatches) < mismatches_named:
            self._result.mismatches.append(Mismatch(subject=_name(raw.id), what=f"cannot be read: {what}"))

    def _close_stretch(self, chance_min: float) -> None:
        """Say whether the records since the last time look like those of another key, once there are enough of them."""
        if self._stretch_chance < chance_min:
            return
        if self._stretch_differ >= self._stretch_chance / 2:
            self._result.other_key += self._stretch_differ
        self._stretch_differ, self._stretch_chance = 0, 0.0

    def _judge_counts(self, counted: Mapping[int, Mapping[int, int]], *, in_slots: bool) -> None:
        result = self._result
        for allocation, counts in sorted(counted.items()):
            shares = self._book.allocations[allocation].shares
            probability = fit(counts, shares)
            if probability is None:
                continue
            result.fit_least = probability if result.fit_least is None else min(result.fit_least, probability)
            if probability < probability_min:
                misfit = Misfit(
                    allocation=allocation,
                    in_slots=in_slots,
                    probability=probability,
                    counts=tuple((arm, counts.get(arm, 0), ppm) for arm, ppm in shares),
                )
                result.misfits.append(misfit)


_KNOWN: Final = frozenset(type_.value for type_ in RecordType)


def _drawable(drawn: DrawnAllocation) -> EdgeAllocation:
    arms = tuple(EdgeArm(arm=arm, url="", propensity_ppm=ppm) for arm, ppm in drawn.shares)
    return EdgeAllocation(id=drawn.id, offer=drawn.offer, arms=arms)


def _sums_to_one(drawn: DrawnAllocation) -> bool:
    return sum(ppm for _, ppm in drawn.shares) == PROPENSITY_ONE


def _differ_by_chance(drawn: DrawnAllocation) -> float:
    """How often two independent draws differ."""
    return 1 - sum((ppm / PROPENSITY_ONE) ** 2 for _, ppm in drawn.shares)


def _name(at: RecordId) -> str:
    return f"record {at.stream}/{at.segment}/{at.number}"
