"""A choice on the click path: find the link and all that belongs to it in the snapshot, draw the arm under its
allocation, and look up the arm's landing page, as ``edge.clicks`` does for every click."""

from __future__ import annotations

import argparse
import gc
import json
from collections.abc import Sequence
from dataclasses import asdict
from time import perf_counter_ns
from typing import Final

import numpy as np
from numpy.typing import NDArray

from warum.domain.catalog import (
    PROPENSITY_ONE,
    EdgeAdvertiser,
    EdgeAllocation,
    EdgeArm,
    EdgeEntry,
    EdgeLink,
    EdgeProgram,
    ProgramStatus,
)
from warum.domain.samples import sample_ratio
from warum.domain.tracking import draw
from warum.edge.clicks import place_of
from warum.edge.snapshot import Snapshot
from warum.kernel.ids import RecordId
from warum.kernel.money import split

p99_us_max: Final = 50.0

_ratio_probability_min: Final = 0.001
_allocations: Final = 500
_arms: Final = 8
_floor_ppm: Final = 10_000
_key: Final = bytes(range(32))

LIMITS: Final = (
    "One process and a warm snapshot. Parsing the request, consent, screening and the journal are measured by "
    "`warum bench edge`. The clock itself is within the figures.",
)


def run(argv: Sequence[str]) -> dict[str, object]:
    parser = argparse.ArgumentParser(prog="warum bench choose")
    parser.add_argument("--choices", type=int, default=200_000)
    parser.add_argument("--links", type=int, default=20_000)
    asked = parser.parse_args(argv)
    choices, links = int(asked.choices), int(asked.links)
    if choices < 1 or links < 1:
        return {"refused": "nothing_to_choose", "message": "Ask for at least one choice and one link.", "passed": False}
    snapshot = _snapshot(links)
    took, drawn = _timed(snapshot, choices, links)
    probability = sample_ratio(drawn, [_shares(number) for number in range(_allocations)])
    p50, p99 = (float(each) / 1_000 for each in np.quantile(took, (0.5, 0.99)))
    return {
        "p50_us": round(p50, 2),
        "p99_us": round(p99, 2),
        "max_us": round(float(took.max()) / 1_000, 2),
        "passed": p99 <= p99_us_max and probability >= _ratio_probability_min,
        "sample_ratio_probability": round(probability, 4),
        "choices": choices,
        "links": links,
        "arms": _arms,
        "limits": list(LIMITS),
    }


def _timed(snapshot: Snapshot, choices: int, links: int) -> tuple[NDArray[np.int64], list[list[int]]]:
    took = np.zeros(choices, dtype=np.int64)
    drawn = [[0] * _arms for _ in range(_allocations)]
    codes = [f"link{(number * 7_919) % links}" for number in range(choices)]
    gc.freeze()  # as the edge does once its snapshot is read
    try:
        for number, code in enumerate(codes):
            record = RecordId(3, 1, number)
            begun = perf_counter_ns()
            place = place_of(snapshot, snapshot.links_by_code.get(code))
            assert place is not None
            arm = draw(place.allocation, record, _key)
            url = snapshot.urls[place.allocation.id, arm.arm]
            took[number] = perf_counter_ns() - begun
            assert url
            drawn[place.allocation.id - 1][arm.arm] += 1
    finally:
        gc.unfreeze()
    return took, drawn


def _shares(number: int) -> list[int]:
    """Each arm keeps its floor; the rest leans to another arm in every allocation."""
    rest = split(PROPENSITY_ONE - _arms * _floor_ppm, [1 + 3 * ((arm + number) % _arms) ** 2 for arm in range(_arms)])
    return [_floor_ppm + part for part in rest]


def _snapshot(links: int) -> Snapshot:
    entries: list[tuple[str, EdgeEntry]] = [
        (
            "advertiser",
            EdgeAdvertiser(
                id=1,
                code="acme",
                name="Acme",
                hosts=("shop.example",),
                credit_without_consent=None,
                token_hash=None,
                secret_sealed=None,
                active=True,
            ),
        ),
        (
            "program",
            EdgeProgram(
                id=1,
                advertiser=1,
                code="shop",
                vertical="retail",
                currencies=("EUR",),
                window_days=30,
                status=ProgramStatus.RUNNING,
                starts_us=None,
                ends_us=None,
                click_param="wrm",
            ),
        ),
    ]
    for number in range(_allocations):
        arms = tuple(
            EdgeArm(arm=arm, url=f"https://shop.example/{number}/{arm}", propensity_ppm=share)
            for arm, share in enumerate(_shares(number))
        )
        entries.append(("allocation", EdgeAllocation(id=number + 1, offer=number + 1, arms=arms)))
    for number in range(links):
        link = EdgeLink(
            id=number + 1,
            code=f"link{number}",
            advertiser=1,
            program=1,
            publisher=1,
            partnership=1,
            allocation=number % _allocations + 1,
            active=True,
        )
        entries.append(("link", link))
    snapshot = Snapshot()
    faults = snapshot.apply(json.dumps({"kind": kind, "entry": asdict(entry)}).encode() for kind, entry in entries)
    assert not faults, faults
    return snapshot
