"""The order of allocations. Each change of shares makes a new allocation with a higher id, and what an edge knows of a
link only gets newer; so along a stream the allocations of a link never fall, those of each context by themselves.

This finds a record that was moved to another allocation of its offer even where both would have drawn the same arm,
unless it stands right where the one allocation followed the other."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from warum.kernel.ids import RecordId


@dataclass(slots=True)
class Run:
    """Records of one link in one context that follow each other under the same allocation."""

    allocation: int
    first: RecordId
    count: int = 1


def out_of_order(runs: list[Run]) -> list[Run]:
    """The runs to leave out so that allocations never fall, with the fewest records in all."""
    if all(one.allocation <= next_.allocation for one, next_ in pairwise(runs)):
        return []
    # The heaviest chain that ends with each allocation seen so far: (records, place of its last run).
    best: dict[int, tuple[int, int]] = {}
    before: list[int] = []
    for place, run in enumerate(runs):
        records, last = max(
            (chain for allocation, chain in best.items() if allocation <= run.allocation), default=(0, -1)
        )
        before.append(last)
        best[run.allocation] = (records + run.count, place)
    kept: set[int] = set()
    _, place = max(best.values())
    while place >= 0:
        kept.add(place)
        place = before[place]
    return [run for place, run in enumerate(runs) if place not in kept]
