"""What people made of a bot's proposals: how often they overrode it, why, and how long they took."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from warum.domain.calibration.codes import Override
from warum.domain.calibration.shares import Share, share
from warum.domain.decisions import DeclineReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A proposal that people dealt with.

    Attributes:
        override: None where they went along with it.
        reason: of a declined one.
        waited_us: from the proposal to their first word on it; None where a bot applied it, or nobody said a word.
    """

    override: Override | None
    reason: DeclineReason | None = None
    waited_us: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reasoned:
    override: Override
    reason: DeclineReason | None
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """``overridden`` is None where nobody has decided anything; ``reasons`` has the most frequent one first."""

    overridden: Share | None
    reasons: tuple[Reasoned, ...]
    waited_us: int | None


def people(answered: Sequence[Answered]) -> People:
    """Over all proposals that people dealt with. A count of acts needs no minimum; its interval says how little few of
    them tell of the next one."""
    overridden = [one for one in answered if one.override is not None]
    counted = Counter((one.override, one.reason) for one in overridden if one.override is not None)
    waited = [one.waited_us for one in answered if one.waited_us is not None]
    return People(
        overridden=share(len(overridden), len(answered)) if answered else None,
        reasons=tuple(
            Reasoned(override=override, reason=reason, count=count)
            for (override, reason), count in sorted(
                counted.items(), key=lambda item: (-item[1], item[0][0].value, item[0][1] or "")
            )
        ),
        waited_us=round(median(waited)) if waited else None,
    )
