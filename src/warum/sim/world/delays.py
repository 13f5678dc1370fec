"""Conversions that come later, are cancelled more, or are declined when everybody has counted them: heavier delays,
arms whose customers book early and cancel more, weeks of cancellations, declines at the very end of the hold."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from warum.sim.world.parties import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Delays:
    """How conversions are late and go away.

    Attributes:
        longer: factor of the mean delay; fewer book on the same day, too.
        shape: of the delays (Weibull, mean kept): 1 is exponential, below 1 has a heavy tail.
        by_arm: standard deviation of the logarithm of an arm's own factor of the delay.
        early_cancels: by which power cancellations grow as an arm's delays shrink: at 0.5 an arm with half the delay
            has 1.4 times the cancellations.
        late: share of the declines that come at the end of the hold, when an approval was due.
        wave: factor of the declined share in weeks of cancellations (the weeks of the exposure).
        wave_rate: how many weeks are such, of each offer.
    """

    longer: float = 1.0
    shape: float = 1.0
    by_arm: float = 0.0
    early_cancels: float = 0.0
    late: float = 0.0
    wave: float = 1.0
    wave_rate: float = 0.0


def paces(delays: Delays, key: tuple[int, ...], arms: int) -> Floats:
    """Factor of the delay by arm, ``longer`` not included."""
    return np.exp(delays.by_arm * np.random.default_rng(key).standard_normal(arms))


def wave(delays: Delays, key: tuple[int, ...]) -> float:
    """Factor of the declined share in a week."""
    return delays.wave if np.random.default_rng(key).random() < delays.wave_rate else 1.0
