"""Bots with known habits: how far their promises lie from the truth, and how wide they say they are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy import special

from warum.domain.calibration.codes import Basis
from warum.domain.calibration.promise import Kept, normal_90
from warum.domain.decisions import Held
from warum.kernel.period import DAY_US


def promises(
    count: int,
    rng: np.random.Generator,
    *,
    narrow: float = 1.0,
    shift: float = 0.0,
    basis: Basis = Basis.APPLIED,
    currency: str = "EUR",
) -> list[Kept]:
    """Each draws what is known of it, then the truth, then the measurement.

    Args:
        narrow: the true spread over the one that the bot states.
        shift: of the promise above the truth, in standard deviations of what will be measured.
    """
    gain = rng.lognormal(10, 0.6, count)
    known, noise = gain * rng.uniform(0.2, 0.6, count), gain * rng.uniform(0.2, 0.8, count)
    whole = np.hypot(known, noise)
    seen = rng.uniform(0.5, 1.2, count)
    least = gain * rng.uniform(0.05, 0.4, count)
    true = gain - shift * whole + narrow * known * rng.standard_normal(count)
    measured = (true + narrow * noise * rng.standard_normal(count)) * seen
    # Chance that grows with the exposures themselves keeps the widths in one proportion here.
    stated = special.ndtr((gain - least) / known)
    return [
        _kept(*values, place, basis, currency)
        for place, values in enumerate(
            zip(*(one.tolist() for one in (gain, known, noise, whole, seen, least, measured, stated)), strict=True)
        )
    ]


def one(**changes: object) -> Kept:
    """A promise of 100.00 for 1,000 exposures, kept to the cent."""
    plain = Kept(
        basis=Basis.APPLIED,
        currency="EUR",
        held=Held.KEPT,
        gain_minor=10_000,
        low_minor=8_000,
        high_minor=12_000,
        promised_minor=10_000,
        promised_low_minor=5_000,
        promised_high_minor=15_000,
        expected_minor=10_000,
        known_low_minor=7_000,
        least_minor=2_000,
        exposures=1_000,
        exposures_expected=1_000,
        probability_ppm=970_000,
        final_at_us=0,
    )
    return replace(plain, **changes)  # pyright: ignore[reportArgumentType]


def _kept(
    gain: float,
    known: float,
    noise: float,
    whole: float,
    seen: float,
    least: float,
    measured: float,
    stated: float,
    place: int,
    basis: Basis,
    currency: str,
) -> Kept:
    low, high = (gain - normal_90 * whole) * seen, (gain + normal_90 * whole) * seen
    return Kept(
        basis=basis,
        currency=currency,
        held=Held.BELOW if measured < low else Held.ABOVE if measured > high else Held.KEPT,
        gain_minor=round(measured),
        low_minor=round(measured - normal_90 * noise * seen),
        high_minor=round(measured + normal_90 * noise * seen),
        promised_minor=round(gain * seen),
        promised_low_minor=round(low),
        promised_high_minor=round(high),
        expected_minor=round(gain),
        known_low_minor=round(gain - normal_90 * known),
        least_minor=round(least),
        exposures=round(10_000 * seen),
        exposures_expected=10_000,
        probability_ppm=round(1_000_000 * stated),
        final_at_us=place * DAY_US,
    )
