"""What earlier campaigns teach about the next one: by how much arms usually differ, stage by stage.

Each campaign says how plausible its counts make each spread (``shrinkage``). The shares of the spreads among campaigns
are those under which all of them together are most plausible (a mixture whose weights are found by expectation and
maximisation, Dempster, Laird and Rubin 1977), held near the usual ones until enough campaigns know better. "Arms are
all alike" is one of the spreads, so a network of equal creatives makes its bots quiet, and one of bold tests quick."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from warum.domain.catalog import PROPENSITY_ONE
from warum.domain.packing import number
from warum.domain.shrinkage import BELIEFS, BELIEFS_AMOUNT, SPREADS, Floats
from warum.kernel.money import split
from warum.kernel.refusal import Kind, Refusal

STAGES: Final = ("click", "convert", "decline", "amount")
lessons_max: Final = 400
"""More campaigns do not tell more, and older ones tell of other times."""

_usual_weight: Final = 10.0
"""The usual shares count as so many campaigns."""
_rounds: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """How plausible each of ``SPREADS`` is before any data, ppm, by stage; and how many campaigns say so."""

    click_ppm: tuple[int, ...]
    convert_ppm: tuple[int, ...]
    decline_ppm: tuple[int, ...]
    amount_ppm: tuple[int, ...]
    campaigns: int = 0

    def beliefs(self, stage: str) -> Floats:
        ppm: tuple[int, ...] = getattr(self, f"{stage}_ppm")
        return np.array(ppm, dtype=np.float64) / PROPENSITY_ONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """What one campaign says: of each stage, the logarithm of how plausible each spread makes its counts, the best one
    being zero; nine digits as text. Empty where the stage had no events."""

    click: tuple[str, ...] = ()
    convert: tuple[str, ...] = ()
    decline: tuple[str, ...] = ()
    amount: tuple[str, ...] = ()


def told(evidence: Floats) -> tuple[str, ...]:
    """A stage of a lesson, from logarithms of evidence."""
    return tuple(number(float(each)) for each in np.maximum(evidence - evidence.max(), -700.0))


def learn(lessons: Sequence[Lesson]) -> Earlier | Refusal:
    """What the lessons say together; the usual beliefs without any."""
    shares: dict[str, tuple[int, ...]] = {}
    for stage in STAGES:
        rows: list[tuple[str, ...]] = [row for lesson in lessons if (row := getattr(lesson, stage))]
        logs = np.array([[float(each) for each in row] for row in rows if len(row) == len(SPREADS)])
        if len(logs) < len(rows) or not np.isfinite(logs).all():
            return Refusal(
                code="lessons_broken",
                message="The earlier campaigns hold what is not a number. Leave the broken ones out.",
                kind=Kind.CONFLICT,
            )
        shares[f"{stage}_ppm"] = _shares(logs, _USUAL[stage])
    return Earlier(**shares, campaigns=len(lessons))


def _shares(logs: Floats, usual: Sequence[float]) -> tuple[int, ...]:
    prior = _usual_weight * np.array(usual)
    shares = np.array(usual)
    if len(logs):
        plausible = np.exp(logs)
        for _ in range(_rounds):
            of_each = plausible * shares
            shares = prior + (of_each / of_each.sum(axis=1, keepdims=True)).sum(axis=0)
            shares /= shares.sum()
    return tuple(split(PROPENSITY_ONE, [round(share * 10**9) for share in shares.tolist()]))


_USUAL: Final = {"click": BELIEFS, "convert": BELIEFS, "decline": BELIEFS, "amount": BELIEFS_AMOUNT}

USUAL: Final = Earlier(
    click_ppm=_shares(np.zeros((0, 0)), BELIEFS),
    convert_ppm=_shares(np.zeros((0, 0)), BELIEFS),
    decline_ppm=_shares(np.zeros((0, 0)), BELIEFS),
    amount_ppm=_shares(np.zeros((0, 0)), BELIEFS_AMOUNT),
)
"""What is believed before there were any campaigns."""
