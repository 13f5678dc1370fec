"""A choice on the click path: find the link and all that belongs to it in the snapshot, tell the context of the request
where the offer has some, draw the arm under its allocation, and look up the arm's landing page, as ``edge.clicks`` does
for every click."""

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
    EdgePlan,
    EdgeProgram,
    ProgramStatus,
)
from warum.domain.contexts import contexts
from warum.domain.samples import sample_ratio
from warum.domain.tracking import draw
from warum.edge.clicks import place_of
from warum.edge.http import Request
from warum.edge.snapshot import Snapshot
from warum.kernel.ids import RecordId
from warum.kernel.money import split
from warum.kernel.period import HOUR_US, MINUTE_US

p99_us_max: Final = 50.0

_ratio_probability_min: Final = 0.001
_offers: Final = 500
_dimensions: Final = ("device", "daypart")
_arms: Final = 8
_floor_ppm: Final = 10_000
_key: Final = bytes(range(32))
_phone: Final = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36"
)
_computer: Final = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"

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
    probability = sample_ratio(drawn, [_shares(number) for number in range(len(drawn))])
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
        "contexts": len(contexts(_dimensions)),
        "limits": list(LIMITS),
    }


def _timed(snapshot: Snapshot, choices: int, links: int) -> tuple[NDArray[np.int64], list[list[int]]]:
    took = np.zeros(choices, dtype=np.int64)
    drawn = [[0] * _arms for _ in snapshot.allocations]
    requests = [Request("GET", "/c/link", {b"user-agent": agent.encode()}) for agent in (_phone, _computer)]
    moments = [hour * HOUR_US + MINUTE_US for hour in range(24)]
    codes = [f"link{(number * 7_919) % links}" for number in range(choices)]
    gc.freeze()  # as the edge does once its snapshot is read
    try:
        for number, code in enumerate(codes):
            record = RecordId(3, 1, number)
            request, now_us = requests[number % 2], moments[number // 2 % 24]
            begun = perf_counter_ns()
            place = place_of(snapshot, snapshot.links_by_code.get(code), request, now_us=now_us)
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


def _allocation(number: int, *, offer: int) -> EdgeAllocation:
    """Numbers count from zero, ids from one."""
    arms = tuple(
        EdgeArm(arm=arm, url=f"https://shop.example/{number}/{arm}", propensity_ppm=share)
        for arm, share in enumerate(_shares(number))
    )
    return EdgeAllocation(id=number + 1, offer=offer, arms=arms)


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
                timezone="Europe/Berlin",
            ),
        ),
    ]
    entries += [("allocation", _allocation(number, offer=number + 1)) for number in range(_offers)]
    # Every second offer tells contexts apart.
    number = _offers
    for offer in range(1, _offers + 1, 2):
        told_apart: dict[str, int] = {}
        for context in contexts(_dimensions):
            entries.append(("allocation", _allocation(number, offer=offer)))
            number += 1
            told_apart[context] = number
        entries.append(("plan", EdgePlan(id=offer, dimensions=_dimensions, contexts=told_apart)))
    for number in range(links):
        link = EdgeLink(
            id=number + 1,
            code=f"link{number}",
            advertiser=1,
            program=1,
            publisher=1,
            partnership=1,
            allocation=number % _offers + 1,
            active=True,
        )
        entries.append(("link", link))
    snapshot = Snapshot()
    faults = snapshot.apply(json.dumps({"kind": kind, "entry": asdict(entry)}).encode() for kind, entry in entries)
    assert not faults, faults
    return snapshot
