"""Rules that hand a conversion to the touches before it: they divide credit, and say nothing about effect.

Each rule gives every conversion's credit away exactly once. Conversions without a touch credit nobody and are left
out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Final, TypeAlias

import numpy as np

from warum.domain.attribution.journeys import Floats, Ints, Journeys
from warum.kernel.period import DAY_US


class Rule(StrEnum):
    """Who is credited."""

    LAST = "last_touch"
    FIRST = "first_touch"
    LINEAR = "linear"
    POSITION = "position"
    DECAY = "time_decay"


half_life_us_default: Final = 7 * DAY_US
end_share: Final = 0.4
"""Position: the first and the last touch get so much each, those between share the rest."""

_Weights: TypeAlias = Callable[[Ints, Ints, Floats], Floats]


def credit(journeys: Journeys, rule: Rule, *, half_life_us: int = half_life_us_default) -> Floats:
    """people x channels: the share of a person's conversion for each channel; rows add up to 1, or to 0 without a touch
    or a conversion. Signals get nothing."""
    kept = journeys.converted[journeys.touch_person] & np.isin(journeys.touch_channel, journeys.credited)
    person, channel = journeys.touch_person[kept], journeys.touch_channel[kept]
    count = np.bincount(person, minlength=journeys.people)
    begin = np.concatenate([[0], np.cumsum(count)[:-1]])
    place, length = np.arange(len(person)) - begin[person], count[person]
    # The age is taken from the last touch: a rule's proportions stay, and an old journey does not underflow to nothing.
    at = journeys.touch_us[kept]
    latest = at[begin[person] + length - 1]
    weight = _RULES[rule](place, length, (latest - at) / half_life_us)
    table = np.zeros((journeys.people, len(journeys.channels)))
    np.add.at(table, (person, channel), weight)
    total = table.sum(axis=1, keepdims=True)
    return np.divide(table, total, out=np.zeros_like(table), where=total > 0)


def _position(place: Ints, length: Ints, _: Floats) -> Floats:
    end = (place == 0) | (place == length - 1)
    between = (1 - 2 * end_share) / np.maximum(length - 2, 1)
    return np.where(length <= 2, 1.0, np.where(end, end_share, between))


_RULES: Final[Mapping[Rule, _Weights]] = {
    Rule.LAST: lambda place, length, _: (place == length - 1).astype(np.float64),
    Rule.FIRST: lambda place, _length, _age: (place == 0).astype(np.float64),
    Rule.LINEAR: lambda place, _length, _age: np.ones(len(place)),
    Rule.POSITION: _position,
    Rule.DECAY: lambda _place, _length, age: np.exp2(-age),
}
