"""What an exposure of each arm is worth: how often it is clicked, how often a click converts, how many conversions are
declined later, and what a kept one brings. Each stage compares the arms by itself (``shrinkage``), the level is common.

Conversions come late. Arms of the same day are equally late, so comparing them needs no correction; the level is
corrected by the delays seen so far. Counts belong to the day of the exposure, not of the conversion."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from warum.domain.bandit.arrays import Bools
from warum.domain.decisions import Objective
from warum.domain.earlier import USUAL, Earlier, Lesson, told
from warum.domain.shrinkage import Floats, Relative, alike, relative_means, relative_rates

_level_spread: Final = 0.1
"""How much next week's level differs from the past weeks' by itself (season, mix of publishers): standard deviation of
its logarithm."""
_settled_pending_max: Final = 0.2
_settled_min: Final = 30
_ripe_min: Final = 0.9
_ripe_share_min: Final = 0.5
"""Arms may differ in how early they book and how late they are cancelled, so a young day flatters those that are quick.
Only days of which nearly all has come in compare them, where these hold half of the conversions."""
_declined_prior: Final = (1.5, 8.5)
"""Before a program has decided conversions, a share of 15 % declined is taken, with the weight of ten."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """Counts in strata (days under one allocation) x arms.

    Attributes:
        clicks: None where the exposure is itself the click.
        conversions: all of them; ``pending`` and ``declined`` are parts.
        value, square: of the conversions that are not declined, minor units and their squares.
        complete: per stratum, the share of its conversions that has come in by now.
        level: per stratum, whether it tells the level of the weeks to come.
    """

    exposures: Floats
    clicks: Floats | None
    conversions: Floats
    pending: Floats
    declined: Floats
    value: Floats
    square: Floats
    complete: Floats
    level: Floats


@dataclass(frozen=True, slots=True)
class Draws:
    """Draws x arms of what holds in the weeks to come.

    Attributes:
        kept: conversions that will be approved, per exposure.
        amount: mean value of one of them, minor units.
        variation: squared coefficient of variation of the amounts.
    """

    kept: Floats
    amount: Floats
    variation: float

    @property
    def value(self) -> Floats:
        """Minor units of approved value per exposure."""
        return self.kept * self.amount


@dataclass(frozen=True, slots=True)
class Worth:
    """The posterior of all stages, ready to be drawn from."""

    cells: Cells
    click: Relative | None
    convert: Relative
    decline: Relative
    amount: Relative
    variation: float

    def draws(self, rng: np.random.Generator, count: int) -> Draws:
        """The draws; they depend on nothing but the cells and the state of ``rng``."""
        cells = self.cells
        rate = self.convert.draws(rng, count)
        if self.click is not None:
            rate = rate * self.click.draws(rng, count)
        in_level = cells.level > 0
        reach = (cells.exposures * cells.complete[:, None])[in_level].sum(axis=0)
        seen = cells.conversions[in_level].sum()
        level = rng.gamma(seen + 0.5, size=count) * np.exp(_level_spread * rng.standard_normal(count))
        rate = rate * (level / (rate @ reach))[:, None]

        converted = cells.conversions.sum(axis=0)
        declined = self.decline.draws(rng, count)
        usual = rng.beta(*_declined(cells), size=count)
        declined = declined * (usual * converted.sum() / (declined @ converted))[:, None]

        numbers = (cells.conversions - cells.declined).sum(axis=0)
        amount = self.amount.draws(rng, count)
        mean = cells.value.sum() / (amount @ numbers)
        noise = np.exp(np.sqrt(self.variation / numbers.sum()) * rng.standard_normal(count))
        return Draws(
            kept=rate * (1.0 - np.clip(declined, 0.0, 0.98)),
            amount=amount * (mean * noise)[:, None],
            variation=self.variation,
        )


def worth(cells: Cells, earlier: Earlier = USUAL, objective: Objective = Objective.VALUE) -> Worth | None:
    """The posterior; None where nothing was kept, so that there is no value to speak of.

    Args:
        objective: for clicks all arms are taken to convert alike, so that a click is worth the same; for conversions,
            to sell for the same.
    """
    numbers = (cells.conversions - cells.declined).sum(axis=0)
    values, whole = cells.value.sum(axis=0), float(cells.value.sum())
    in_level = cells.level > 0
    if numbers.sum() <= 0 or whole <= 0 or cells.conversions[in_level].sum() <= 0:
        return None
    if not (cells.exposures * cells.complete[:, None])[in_level].sum() > 0:
        return None
    mean = whole / float(numbers.sum())
    variation = max(float(cells.square.sum()) / float(numbers.sum()) / mean**2 - 1.0, 0.01)
    means = np.divide(values, numbers, out=np.zeros_like(values), where=numbers > 0)
    clicks, arms = cells.clicks, len(numbers)
    click = None if clicks is None else relative_rates(cells.exposures, clicks, earlier.beliefs("click"))
    same = alike(arms)
    if objective is Objective.CLICKS:
        return Worth(cells=cells, click=click, convert=same, decline=same, amount=same, variation=variation)
    reached = cells.exposures if clicks is None else clicks
    ripe = _enough(cells, cells.complete >= _ripe_min)
    settled = _enough(cells, _settled(cells))
    amount = relative_means(numbers, means, variation, earlier.beliefs("amount"))
    return Worth(
        cells=cells,
        click=click,
        convert=relative_rates(*_of(ripe, reached, cells.conversions), earlier.beliefs("convert")),
        decline=relative_rates(*_of(settled, cells.conversions, cells.declined), earlier.beliefs("decline")),
        amount=same if objective is Objective.CONVERSIONS else amount,
        variation=variation,
    )


def lesson(found: Worth) -> Lesson:
    """What this campaign teaches about how much arms differ."""
    return Lesson(
        click=() if found.click is None else told(found.click.evidence),
        convert=told(found.convert.evidence),
        decline=told(found.decline.evidence) if found.cells.declined.sum() else (),
        amount=told(found.amount.evidence),
    )


def _settled(cells: Cells) -> Bools:
    """Which days are all but decided."""
    return cells.pending.sum(axis=1) <= _settled_pending_max * cells.conversions.sum(axis=1)


def _enough(cells: Cells, which: Bools) -> Bools:
    """Those strata, if they hold most of the conversions; else all."""
    held = float(cells.conversions[which].sum())
    return which if held >= _ripe_share_min * float(cells.conversions.sum()) else np.ones_like(which)


def _of(which: Bools, reached: Floats, counts: Floats) -> tuple[Floats, Floats]:
    return reached[which], counts[which]


def _declined(cells: Cells) -> tuple[float, float]:
    """A beta distribution of the share that is declined in the end.

    Declining is often quicker than approving, so the decided ones of a young day are a biased lot: days that are all
    but decided tell it. Without enough of them a cautious prior is mixed with half of what is pending.
    """
    totals = cells.conversions.sum(axis=1)
    pending, declined = cells.pending.sum(axis=1), cells.declined.sum(axis=1)
    settled = _settled(cells)
    if totals[settled].sum() >= _settled_min:
        lost = float(declined[settled].sum())
        return lost + 0.5, float((totals - pending - declined)[settled].sum()) + 0.5
    lost, kept = float(declined.sum()), float((totals - declined - 0.5 * pending).sum())
    weight = min(1.0, 30.0 / max(lost + kept, 1.0))
    return _declined_prior[0] + weight * lost, _declined_prior[1] + weight * kept
