"""Honest publishers for the tests, all alike but for chance."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from warum.domain.quality.traffic import HOURS_A_DAY, Traffic

DAYS = 28


def honest(publisher: int, seed: int = 0, sales: int = 60, kind: str = "content") -> Traffic:
    """Sixty sales among some three thousand clicks, most within the hour after their click."""
    rng = np.random.default_rng((seed, publisher))
    clicks = rng.poisson(4.5, DAYS * HOURS_A_DAY)
    delay = np.where(rng.random(sales) < 0.3, rng.exponential(4 * 86_400, sales), np.exp(rng.normal(6.8, 0.8, sales)))
    by_reference = rng.random(sales) < 0.3
    day = rng.integers(0, DAYS, sales)
    subs = rng.multinomial(int(clicks.sum()), np.full(8, 1 / 8))
    return Traffic(
        publisher=publisher,
        kind=kind,
        clicks=clicks,
        sale=np.arange(sales) + publisher * 10_000,
        visit=np.arange(sales),
        order=tuple(f"N{publisher}-{number:05d}" for number in range(sales)),
        delay_s=np.where(by_reference, np.nan, delay),
        click_hour=np.where(by_reference, -1, rng.integers(0, DAYS * HOURS_A_DAY, sales)),
        reference_day=np.where(by_reference, day, -1),
        reference_clicks=rng.poisson(30, DAYS) + np.bincount(day[by_reference], minlength=DAYS),
        touched_before=np.where(by_reference, -1, (rng.random(sales) < 0.25).astype(np.int64)),
        own=np.zeros(sales, dtype=np.bool_),
        sub=np.where(by_reference, -1, rng.integers(0, 8, sales)),
        sub_clicks=subs,
    )


def crowd(seed: int = 0, count: int = 20) -> list[Traffic]:
    return [honest(publisher, seed) for publisher in range(1, count + 1)]


def cheat(everybody: list[Traffic], **columns: object) -> list[Traffic]:
    """The same with the first publisher's columns changed."""
    return [replace(everybody[0], **columns), *everybody[1:]]  # pyright: ignore[reportArgumentType]
