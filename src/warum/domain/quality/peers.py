"""How unusual is one publisher among its peers, when some of them may cheat as well?

**Shares** (of sales that come late, say): honest publishers' true shares follow a beta distribution, so that counts are
beta-binomial; a few peers are something else and may show any count (a mixture, which is what keeps cheats among the
peers from becoming the norm). Mean and spread lie on a grid and are weighed by what all the others show. The answer is
the chance of so many or more for a publisher with as few numbers, exact for small counts.

**Rates** (clicks for a sale) are compared as logarithms: the centre is the weighted median of the others, their spread
comes from the median absolute deviation, and the noise of few sales is added.

Peers of the same kind count fully and others little: whoever sells vouchers is held against those who sell vouchers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log, sqrt
from typing import Final

import numpy as np
from scipy import special

from warum.domain.arrays import Bools, Floats

peers_min: Final = 8
alike_min: Final = 2
others_weight: Final = 0.03
"""What a peer of another kind counts beside one of the same kind."""

_odd_share: Final = 0.15
"""Of peers that may show any count."""
_means: Final[Floats] = special.expit(np.linspace(-6.0, 3.0, 46))
_concentrations: Final = np.exp(np.linspace(log(8.0), log(300.0), 10))
_weight_min: Final = 1e-5
_spread_min: Final = 0.25
_kinds_apart: Final = 1.0
"""By how much the logarithms of kinds' rates may differ: by a factor of about three."""
_median_costs: Final = 1.57  # variance of a median over that of a mean
_mad_to_sd: Final = 1.4826
_nine_in_ten: Final = 1.645


@dataclass(frozen=True, slots=True)
class Beside:
    """One publisher among its peers.

    Attributes:
        chance: of so much or more if it is like its peers.
        low, high: within which nine in ten like its peers would lie with as few numbers.
    """

    chance: float
    low: float
    high: float

    @property
    def z(self) -> float:
        """The chance as standard deviations of a normal distribution."""
        return float(-special.ndtri(min(max(self.chance, 1e-300), 1 - 1e-12)))


def of_shares(found: Floats, of: Floats, kinds: Sequence[str], *, least: float) -> list[Beside | None]:
    """``found`` out of ``of`` by publisher; None where it has fewer than ``least``, or too few peers have them."""
    able = of >= least
    a = np.outer(_concentrations, _means).ravel()
    b = np.outer(_concentrations, 1 - _means).ravel()
    usual = _log_chance(found[:, None], of[:, None], a[None, :], b[None, :])
    mixed = np.logaddexp(log(1 - _odd_share) + usual, log(_odd_share) - np.log(of + 1.0)[:, None])
    kind = np.asarray(kinds)
    answer: list[Beside | None] = []
    for index in range(len(found)):
        weights = _weights(index, able, kind)
        if weights is None:
            answer.append(None)
            continue
        after = weights @ mixed
        belief = np.exp(after - after.max())
        belief /= belief.sum()
        told = belief > _weight_min
        counts = np.arange(int(of[index]) + 1, dtype=np.float64)
        each = np.exp(_log_chance(counts[:, None], of[index], a[None, told], b[None, told]))
        chances = each @ (belief[told] / belief[told].sum())
        running = np.cumsum(chances)
        answer.append(
            Beside(
                chance=float(min(1.0, chances[int(found[index]) :].sum())),
                low=float((running >= 0.05).argmax() / of[index]),
                high=float((running >= 0.95).argmax() / of[index]),
            )
        )
    return answer


def of_rates(found: Floats, per: Floats, kinds: Sequence[str], *, least: float) -> list[Beside | None]:
    """``per`` divided by ``found`` (clicks per sale): None where ``found`` is below ``least``, or with few peers."""
    able = found >= least
    logs, noise = np.log((per + 1.0) / (found + 0.5)), 1.0 / (found + 0.5)
    kind = np.asarray(kinds)
    answer: list[Beside | None] = []
    for index in range(len(found)):
        others = able & (np.arange(len(found)) != index)
        if not able[index] or others.sum() < peers_min:
            answer.append(None)
            continue
        center, spread, unsure = _of_kind(logs, noise, others, others & (kind == kind[index]))
        wide = sqrt(spread**2 + unsure + float(noise[index]))
        answer.append(
            Beside(
                chance=float(special.ndtr(-(logs[index] - center) / wide)),
                low=float(np.exp(center - _nine_in_ten * wide)),
                high=float(np.exp(center + _nine_in_ten * wide)),
            )
        )
    return answer


def _weights(index: int, able: Bools, kind: np.ndarray) -> Floats | None:
    """How much each peer counts for this publisher; None where they are too few, or none is of its kind."""
    others = able & (np.arange(len(able)) != index)
    alike = others & (kind == kind[index])
    if not able[index] or others.sum() < peers_min or alike.sum() < alike_min:
        return None
    return np.where(alike, 1.0, others_weight) * others


def _log_chance(found: Floats, of: Floats | float, a: Floats, b: Floats) -> Floats:
    """The logarithm of the beta-binomial probability."""
    ways = special.gammaln(np.asarray(of) + 1) - special.gammaln(found + 1) - special.gammaln(of - found + 1)
    return np.asarray(ways + special.betaln(found + a, of - found + b) - special.betaln(a, b), dtype=np.float64)


def _of_kind(values: Floats, noise: Floats, others: Bools, alike: Bools) -> tuple[float, float, float]:
    """Centre and spread for a kind, and the variance of the centre: what its own peers say, drawn towards everybody the
    more the fewer they are."""
    center, spread = _robust(values[others], noise[others])
    count = int(alike.sum())
    if not count:
        return center, spread, _kinds_apart**2
    own, _ = _robust(values[alike], noise[alike])
    own_noise = (spread**2 + float(np.median(noise[alike]))) * _median_costs / count
    weight = _kinds_apart**2 / (_kinds_apart**2 + own_noise)
    return center + weight * (own - center), spread, (1 - weight) * _kinds_apart**2


def _robust(values: Floats, noise: Floats) -> tuple[float, float]:
    """Weighted median, and the spread of true values beyond their noise."""
    weights = 1.0 / (noise + _spread_min**2)
    order = np.argsort(values)
    reached = np.cumsum(weights[order]) >= weights.sum() / 2
    center = float(values[order][int(reached.argmax())])
    seen = (_mad_to_sd * float(np.median(np.abs(values - center)))) ** 2
    return center, sqrt(max(seen - float(np.median(noise)), _spread_min**2))
