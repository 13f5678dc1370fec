"""Journeys: whom which channel touched when, and whether a conversion followed. Everything here starts from them.

A row is a person, or several of whom the same is known (``weight``). People who never bought belong in here, and people
whom no channel touched, as far as they are known: what is compared with whom depends on them. Times count from the
moment a person is first watched, so that nothing here is a date or names anybody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from warum.kernel.refusal import Refusal

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]

never: Final = -1
Path: TypeAlias = tuple[Sequence[str], float, float]
"""Channels in their order, people with this path who converted, and people with it who did not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Journeys:
    """Journeys as columns. Build them with ``journeys_from`` or ``from_paths``, which check.

    Attributes:
        channels: names; those in ``signals`` are seen but credited nothing (a visit to the shop, a basket).
        watched_us: (people,) for how long each was watched.
        converted_us: (people,) when the conversion came, or -1.
        worth: (people,) what the conversion counts: 1, or its net value; 0 where there is none.
        weight: (people,) how many people the row stands for.
        touch_person, touch_channel, touch_us: one entry per touch, by person and then time.
    """

    channels: tuple[str, ...]
    watched_us: Ints
    converted_us: Ints
    worth: Floats
    weight: Floats
    touch_person: Ints
    touch_channel: Ints
    touch_us: Ints
    signals: frozenset[int] = frozenset()

    @property
    def people(self) -> int:
        return len(self.converted_us)

    @property
    def converted(self) -> NDArray[np.bool_]:
        return self.converted_us >= 0

    @property
    def credited(self) -> tuple[int, ...]:
        """Numbers of the channels that can get a share."""
        return tuple(number for number in range(len(self.channels)) if number not in self.signals)


def journeys_from(
    channels: Sequence[str],
    columns: Mapping[str, ArrayLike],
    *,
    signals: Sequence[str] = (),
) -> Journeys | Refusal:
    """Check columns and put touches in order. Touches after the conversion are left out: they cannot have led to it.

    Args:
        columns: ``watched_us``, ``converted_us`` (-1 for none), ``touch_person``, ``touch_channel``, ``touch_us``, and,
            if wanted, ``worth`` and ``weight``.

    Errors: ``journeys_column_missing``, ``journeys_shape_wrong``, ``journeys_not_finite``, ``journeys_empty``,
    ``channel_unknown_in_touch``, ``touch_of_nobody``.
    """
    needed = ("watched_us", "converted_us", "touch_person", "touch_channel", "touch_us")
    missing = [name for name in needed if name not in columns]
    if missing:
        return Refusal("journeys_column_missing", f"The journeys lack {', '.join(missing)}.", missing[0])
    read: dict[str, Floats] = {}
    for name, values in columns.items():
        try:
            array = np.asarray(values, dtype=np.float64)
        except (TypeError, ValueError):
            return Refusal("journeys_shape_wrong", f"{name} is not a row of numbers.", name)
        if array.ndim != 1:
            return Refusal("journeys_shape_wrong", f"{name} is not a row of numbers.", name)
        if not np.isfinite(array).all():
            return Refusal("journeys_not_finite", f"{name} has missing or infinite values; fill or remove them.", name)
        read[name] = array
    people, touches = len(read["converted_us"]), len(read["touch_us"])
    if not people:
        return Refusal("journeys_empty", "There is not a single journey.")
    converted = read["converted_us"] >= 0
    read["worth"] = np.where(converted, read.get("worth", np.ones(people)), 0.0)
    read["weight"] = read.get("weight", np.ones(people))
    lengths = dict.fromkeys(("watched_us", "worth", "weight"), people)
    lengths |= dict.fromkeys(("touch_person", "touch_channel"), touches)
    for name, length in lengths.items():
        if len(read[name]) != length:
            return Refusal("journeys_shape_wrong", f"{name} needs {length} entries and has {len(read[name])}.", name)
    if (read["weight"] < 0).any() or (read["worth"] < 0).any():
        return Refusal("journeys_not_finite", "Weights and worths must not be negative.", "weight")
    person, channel = read["touch_person"].astype(np.int64), read["touch_channel"].astype(np.int64)
    if touches and not (channel.min() >= 0 and channel.max() < len(channels)):
        return Refusal("channel_unknown_in_touch", "A touch names a channel that is not listed.", "touch_channel")
    if touches and not (person.min() >= 0 and person.max() < people):
        return Refusal("touch_of_nobody", "A touch names a person who is not among the journeys.", "touch_person")
    at, bought = read["touch_us"].astype(np.int64), read["converted_us"].astype(np.int64)
    kept = ~converted[person] | (at <= bought[person])
    order = np.flatnonzero(kept)[np.lexsort((at[kept], person[kept]))]
    return Journeys(
        channels=tuple(channels),
        watched_us=read["watched_us"].astype(np.int64),
        converted_us=np.where(converted, bought, never),
        worth=read["worth"],
        weight=read["weight"],
        touch_person=person[order],
        touch_channel=channel[order],
        touch_us=at[order],
        signals=frozenset(number for number, name in enumerate(channels) if name in signals),
    )


def from_paths(paths: Sequence[Path], *, step_us: int = 1) -> Journeys | Refusal:
    """Journeys from paths with counts, a step of time between touches. Channels in the order of their names."""
    channels = sorted({name for path, _, _ in paths for name in path})
    bought, watched, weight = list[int](), list[int](), list[float]()
    person, channel, at = list[int](), list[int](), list[int]()
    for path, conversions, others in paths:
        for count, converted in ((conversions, True), (others, False)):
            if count:
                person += [len(bought)] * len(path)
                channel += [channels.index(name) for name in path]
                at += [step_us * place for place in range(len(path))]
                bought.append(step_us * len(path) if converted else never)
                watched.append(step_us * (len(path) + 1))
                weight.append(count)
    return journeys_from(
        channels,
        {
            "watched_us": watched,
            "converted_us": bought,
            "weight": weight,
            "touch_person": person,
            "touch_channel": channel,
            "touch_us": at,
        },
    )


def resampled(journeys: Journeys, rng: np.random.Generator) -> Journeys:
    """As many people drawn anew with replacement (by weight, where rows stand for many): a bootstrap sample."""
    total = journeys.weight.sum()
    drawn = rng.multinomial(round(float(total)), journeys.weight / total).astype(np.float64)
    return weighted(journeys, drawn)


def weighted(journeys: Journeys, weight: Floats) -> Journeys:
    """The same journeys with other weights."""
    return Journeys(
        channels=journeys.channels,
        watched_us=journeys.watched_us,
        converted_us=journeys.converted_us,
        worth=journeys.worth,
        weight=weight,
        touch_person=journeys.touch_person,
        touch_channel=journeys.touch_channel,
        touch_us=journeys.touch_us,
        signals=journeys.signals,
    )
