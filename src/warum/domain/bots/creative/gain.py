"""What another allocation would bring over the horizon, in draws of what the arms may be worth; and how sure a gain
has to be before anybody is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from warum.domain.bots.creative.facts import CreativeFacts
from warum.domain.catalog import PROPENSITY_ONE
from warum.domain.decisions import Autonomy, Policy
from warum.domain.shrinkage import Floats
from warum.domain.worth import Draws
from warum.kernel.period import DAY_US

_required_ppm_next: Final = 800_000
"""How sure a gain has to be for a step that follows an approved one. That the arms differ at all is then no longer the
question, and a limit of steps may have left a part of the way."""
_steer_ppm_min: Final = 600_000
_steer_moved_min: Final = 0.02
"""Nobody wants hourly shifts of one percent."""


@dataclass(frozen=True, slots=True)
class Gain:
    """Draws of the gain of an allocation over the horizon, minor units."""

    true: Floats
    now: float

    @property
    def mean(self) -> int:
        return round(float(self.true.mean()))

    def probability_ppm(self, least_minor: int) -> int:
        """That the gain is at least this large."""
        return int((self.true >= least_minor).mean() * PROPENSITY_ONE)

    def quantile(self, share: float) -> int:
        return round(float(np.quantile(self.true, share)))

    def least(self, policy: Policy) -> int:
        """The smallest gain that is worth somebody's minute."""
        return max(policy.gain_minor_min, round(self.now * policy.gain_ppm_min / PROPENSITY_ONE), 1)

    def stands(self, facts: CreativeFacts) -> bool:
        """Whether it may be proposed to a person."""
        return self.probability_ppm(self.least(facts.policy)) >= required_ppm(facts)

    def steers(self, facts: CreativeFacts, moved: float) -> bool:
        """Whether a bot that acts by itself goes that way: nobody's minute is at stake, and what it does is undone by
        its next step."""
        return moved >= _steer_moved_min and self.probability_ppm(1) >= _steer_ppm_min


def gain_of(draws: Draws, before: Sequence[int], after: Sequence[int], exposures: int) -> Gain:
    now = draws.value @ np.array(before) * (exposures / PROPENSITY_ONE)
    moved = (np.array(after) - np.array(before)) / PROPENSITY_ONE
    return Gain(draws.value @ moved * exposures, float(now.mean()))


def measured(
    draws: Draws, before: Sequence[int], after: Sequence[int], exposures: int, rng: np.random.Generator
) -> Floats:
    """Draws of the gain as ``samples.measure`` will find it: every conversion and its amount are chance, too."""
    moved = (np.array(after) - np.array(before)) / PROPENSITY_ONE
    shown = np.maximum(rng.poisson(exposures * np.array(after) / PROPENSITY_ONE, size=draws.kept.shape), 1)
    kept = rng.poisson(shown * draws.kept)
    # Amounts as gamma variables: the sum of n of them is a gamma variable again.
    sums = rng.gamma(kept / draws.variation) * draws.variation * draws.amount
    return (sums / shown) @ moved * exposures


def required_ppm(facts: CreativeFacts) -> int:
    """How sure a gain that matters has to be, ppm."""
    required = facts.policy.probability_ppm_min
    return min(required, _required_ppm_next) if facts.steered else required


def exposures_expected(facts: CreativeFacts) -> int:
    """As many a day as in the last whole horizon."""
    since = max(period.until_us for period in facts.periods) - facts.policy.horizon_days * DAY_US
    recent = [period for period in facts.periods if period.from_us >= since] or list(facts.periods)
    length = sum(period.until_us - period.from_us for period in recent)
    total = sum(count.exposures for period in recent for count in period.arms)
    return total * facts.policy.horizon_days * DAY_US // length


def acts_alone(facts: CreativeFacts) -> bool:
    """Whether the policy lets the bot act by itself just now."""
    policy = facts.policy
    observes = policy.shadow_until_us is not None and facts.now_us < policy.shadow_until_us
    return policy.autonomy is Autonomy.ACT and not observes
