"""The catalog as the edge holds it: tables in memory, filled from the lines of the snapshot files. Whoever answers
requests only reads it; between two requests it is brought up to date.

Latest wins by id. An entry may come twice, and a line that does not read is counted and reported, never fatal: one bad
entry must not stop every other link."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, TypeVar

import msgspec
from ada_url import URL

from warum.domain.catalog import (
    PROPENSITY_ONE,
    EdgeAdvertiser,
    EdgeAllocation,
    EdgeCreative,
    EdgeEntry,
    EdgeLink,
    EdgePlan,
    EdgeProgram,
    EdgeSlot,
)


class _Line(msgspec.Struct):
    kind: str
    entry: msgspec.Raw


_Coded = TypeVar("_Coded", EdgeLink, EdgeAdvertiser, EdgeSlot)

_line: Final = msgspec.json.Decoder(_Line)
_entries: Final[dict[str, msgspec.json.Decoder[EdgeEntry]]] = {
    "advertiser": msgspec.json.Decoder(EdgeAdvertiser),
    "program": msgspec.json.Decoder(EdgeProgram),
    "allocation": msgspec.json.Decoder(EdgeAllocation),
    "plan": msgspec.json.Decoder(EdgePlan),
    "link": msgspec.json.Decoder(EdgeLink),
    "creative": msgspec.json.Decoder(EdgeCreative),
    "slot": msgspec.json.Decoder(EdgeSlot),
}


class Snapshot:
    """What links, programs, allocations, plans, advertisers, creatives and slots there are."""

    def __init__(self) -> None:
        self.links: dict[int, EdgeLink] = {}
        self.links_by_code: dict[str, EdgeLink] = {}
        self.programs: dict[int, EdgeProgram] = {}
        self.programs_by_advertiser: dict[int, dict[int, EdgeProgram]] = {}
        self.allocations: dict[int, EdgeAllocation] = {}
        self.plans: dict[int, EdgePlan] = {}
        """By offer; of those that tell contexts apart."""
        self.urls: dict[tuple[int, int], str] = {}
        """The landing page of (allocation, arm), as a browser would spell it."""
        self.advertisers: dict[int, EdgeAdvertiser] = {}
        self.advertisers_by_code: dict[str, EdgeAdvertiser] = {}
        self.advertisers_by_token: dict[str, EdgeAdvertiser] = {}
        self.hosts: dict[int, frozenset[str]] = {}
        self.creatives: dict[int, EdgeCreative] = {}
        self.slots: dict[int, EdgeSlot] = {}
        self.slots_by_code: dict[str, EdgeSlot] = {}
        self.entries = 0
        self.bad_lines = 0

    def apply(self, lines: Iterable[bytes]) -> list[str]:
        """Take the lines in; what is wrong with those that were left out, in words."""
        faults: list[str] = []
        for line in lines:
            try:
                self._take(line)
            except ValueError as error:
                self.bad_lines += 1
                faults.append(f"{error}: {line[:120].decode(errors='replace')}")
            else:
                self.entries += 1
        return faults

    def _take(self, line: bytes) -> None:
        parsed = _line.decode(line)
        decoder = _entries.get(parsed.kind)
        if decoder is None:
            raise ValueError(f"an entry of the unknown kind {parsed.kind!r}")
        match decoder.decode(parsed.entry):
            case EdgeLink() as link:
                _replace_code(self.links_by_code, self.links.get(link.id), link)
                self.links[link.id] = link
            case EdgeProgram() as program:
                self.programs[program.id] = program
                self.programs_by_advertiser.setdefault(program.advertiser, {})[program.id] = program
            case EdgeAllocation() as allocation:
                self._take_allocation(allocation)
            case EdgePlan() as plan if plan.contexts:
                self.plans[plan.id] = plan
            case EdgePlan() as plan:
                self.plans.pop(plan.id, None)
            case EdgeCreative() as creative:
                self.creatives[creative.id] = creative
            case EdgeSlot() as slot:
                _replace_code(self.slots_by_code, self.slots.get(slot.id), slot)
                self.slots[slot.id] = slot
            case EdgeAdvertiser() as advertiser:
                before = self.advertisers.get(advertiser.id)
                _replace_code(self.advertisers_by_code, before, advertiser)
                if before is not None and before.token_hash is not None:
                    self.advertisers_by_token.pop(before.token_hash, None)
                if advertiser.token_hash is not None:
                    self.advertisers_by_token[advertiser.token_hash] = advertiser
                self.advertisers[advertiser.id] = advertiser
                self.hosts[advertiser.id] = frozenset(host.lower() for host in advertiser.hosts)

    def _take_allocation(self, allocation: EdgeAllocation) -> None:
        # ada spells the address as a browser would: ASCII, without line breaks, so that it fits in a header as it is.
        urls = {(allocation.id, arm.arm): URL(arm.url).href for arm in allocation.arms}
        if not urls or any(not url.startswith(("https://", "http://")) for url in urls.values()):
            raise ValueError("an allocation needs arms that lead to https or http")
        if sum(arm.propensity_ppm for arm in allocation.arms) != PROPENSITY_ONE:
            raise ValueError("the propensities of an allocation sum to one")
        self.allocations[allocation.id] = allocation
        self.urls.update(urls)


def _replace_code(by_code: dict[str, _Coded], before: _Coded | None, after: _Coded) -> None:
    if before is not None and before.code != after.code:
        by_code.pop(before.code, None)
    by_code[after.code] = after
