"""Shapley values over sets of channels: each channel's mean contribution over all orders in which channels could
join.

Two games are played with the same journeys. **Sets** (Zhao, Mahboobi and Bagheri 2018): a coalition is worth the
conversions of journeys that no channel outside it touched; a conversion then falls in equal parts to the channels of
its journey. **Rates**: a coalition is worth the conversion rate of the people whom no channel outside it touched,
less that of people whom nobody touched; journeys that came to nothing count. Both compare people, neither knows why a
channel met them."""

from __future__ import annotations

from collections.abc import Callable
from math import factorial
from typing import Final

import numpy as np

from warum.domain.attribution.journeys import Floats, Ints, Journeys

exact_channels_max: Final = 12
orders_default: Final = 2_000


def shapley(worth: Floats) -> Floats:
    """(channels,) exact, from the worth of every coalition: ``worth[b]`` with bit c of b set for member c."""
    channels = len(worth).bit_length() - 1
    coalition = np.arange(len(worth))
    size = np.array([int(one).bit_count() for one in coalition])
    chance = np.array([factorial(s) * factorial(channels - s - 1) / factorial(channels) for s in range(channels)])
    values = np.zeros(channels)
    for channel in range(channels):
        without = coalition[coalition >> channel & 1 == 0]
        values[channel] = float(chance[size[without]] @ (worth[without | 1 << channel] - worth[without]))
    return values


def sampled(
    worth: Callable[[int], float], channels: int, rng: np.random.Generator, orders: int = orders_default
) -> Floats:
    """(channels,) from orders drawn at random, each with its reverse; they add up to the whole as exact values do."""
    values, known = np.zeros(channels), dict[int, float]()

    def value(coalition: int) -> float:
        if coalition not in known:
            known[coalition] = worth(coalition)
        return known[coalition]

    for _ in range(orders):
        order = rng.permutation(channels)
        for direction in (order, order[::-1]):
            coalition = 0
            for channel in direction:
                joined = coalition | 1 << int(channel)
                values[channel] += value(joined) - value(coalition)
                coalition = joined
    return values / (2 * orders)


def sets(journeys: Journeys) -> Ints:
    """(people,) which channels touched the person at all, as bits in the order of ``journeys.credited``."""
    found = np.zeros(journeys.people, dtype=np.int64)
    for bit, channel in enumerate(journeys.credited):
        found[journeys.touch_person[journeys.touch_channel == channel]] |= 1 << bit
    return found


def set_credits(journeys: Journeys) -> Floats:
    """people x channels: the game of sets in its closed form, person by person."""
    member = sets(journeys)
    table = np.zeros((journeys.people, len(journeys.channels)))
    for bit, channel in enumerate(journeys.credited):
        table[:, channel] = (member >> bit & 1) * journeys.converted
    total = table.sum(axis=1, keepdims=True)
    return np.divide(table, total, out=np.zeros_like(table), where=total > 0)


def set_counts(journeys: Journeys) -> tuple[Floats, Floats]:
    """People and conversions by exact set of channels, 2^channels entries each. For at most ``exact_channels_max``."""
    member, cells = sets(journeys), 1 << len(journeys.credited)
    people = np.bincount(member, weights=journeys.weight, minlength=cells)
    bought = np.bincount(member, weights=journeys.weight * journeys.converted, minlength=cells)
    return people.astype(np.float64), bought.astype(np.float64)


def rate_worth(people: Floats, conversions: Floats) -> Floats:
    """The game of rates: of every coalition. One that reaches nobody is worth nothing."""
    seen, bought = _below(people), _below(conversions)
    rate = np.divide(bought, seen, out=np.zeros_like(seen), where=seen > 0)
    return rate - rate[0]


def _below(values: Floats) -> Floats:
    """Sums over all subsets of each set."""
    sums, step = values.astype(np.float64).copy(), 1
    while step < len(sums):
        pairs = sums.reshape(-1, 2, step)
        pairs[:, 1] += pairs[:, 0]
        step *= 2
    return sums
