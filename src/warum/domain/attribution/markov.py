"""The removal effect in a chain of touches (Anderl, Becker, von Wangenheim and Schumann 2016), order one.

States are a start, the channels, a conversion and none. The chance to arrive at a conversion is computed from the
observed transitions by linear algebra; without a channel, whoever would have gone there is lost. A channel's removal
effect is how much smaller the chance is, and shares are the removal effects over their sum. The chain cannot tell a
channel that meets people who buy from one that makes them buy."""

from __future__ import annotations

import numpy as np

from warum.domain.attribution.journeys import Floats, Journeys


def transitions(journeys: Journeys) -> Floats:
    """(channels + 1) x (channels + 2) counts: from start (row 0) or a channel to a channel (columns from 0), to a
    conversion (the last but one), to none (the last). People without a touch are in no chain."""
    kept = np.isin(journeys.touch_channel, journeys.credited)
    person, channel = journeys.touch_person[kept], journeys.touch_channel[kept]
    channels = len(journeys.channels)
    counts = np.zeros((channels + 1, channels + 2))
    if not len(person):
        return counts
    weight = journeys.weight[person]
    first = np.concatenate([[True], person[1:] != person[:-1]])
    last = np.concatenate([first[1:], [True]])
    source = np.where(first, 0, np.concatenate([[0], channel[:-1] + 1]))
    np.add.at(counts, (source, channel), weight)
    end = np.where(journeys.converted[person[last]], channels, channels + 1)
    np.add.at(counts, (channel[last] + 1, end), weight[last])
    return counts


def removal_effects(counts: Floats) -> Floats:
    """(channels,) from transition counts: by how much of itself the chance of a conversion falls without each channel.

    All 0 where no conversion can be reached."""
    channels = len(counts) - 1
    total = counts.sum(axis=1, keepdims=True)
    chance = np.divide(counts, total, out=np.zeros_like(counts), where=total > 0)
    whole = _arrives(chance, None)
    if whole <= 0:
        return np.zeros(channels)
    return np.array([1.0 - _arrives(chance, channel) / whole for channel in range(channels)])


def _arrives(chance: Floats, without: int | None) -> float:
    channels = len(chance) - 1
    inner, ends = chance[1:, :channels].copy(), chance[1:, channels].copy()
    start = chance[0, :channels].copy()
    if without is not None:
        inner[:, without], start[without] = 0.0, 0.0
    # A channel from which nobody ever leaves towards an end leads nowhere; what can reach an end is enough to solve.
    leads = ends > 0
    for _ in range(channels):
        leads = leads | ((inner > 0) & leads[None, :]).any(axis=1)
    some = np.flatnonzero(leads)
    if not len(some):
        return 0.0
    reached = np.linalg.solve(np.eye(len(some)) - inner[np.ix_(some, some)], ends[some])
    return float(start[some] @ reached)
