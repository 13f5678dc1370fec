"""From the facts to strata x arms: how complete young days are, which days tell the level, and how old what was seen
has become."""

from __future__ import annotations

from typing import Final

import numpy as np

from warum.domain.bandit.drift import drift
from warum.domain.bots.creative.facts import CreativeFacts, Period
from warum.domain.shrinkage import Floats
from warum.domain.worth import Cells
from warum.kernel.period import DAY_US
from warum.kernel.refusal import Refusal

_level_days: Final = 28
_names: Final = ("exposures", "clicks", "pending", "approved", "declined", "pending_minor", "approved_minor", "square")


def cells_of(facts: CreativeFacts) -> Cells:
    """The counts of the arms in force, a stratum per period; arms that are no longer drawn are left out."""
    place = {share.arm: index for index, share in enumerate(facts.shares)}
    table = {name: np.zeros((len(facts.periods), len(place))) for name in _names}
    for row, period in enumerate(facts.periods):
        for count in period.arms:
            if count.arm in place:
                for name in _names:
                    table[name][row, place[count.arm]] += getattr(count, name)
    oldest = facts.now_us - _level_days * DAY_US
    return Cells(
        exposures=table["exposures"],
        clicks=table["clicks"] if facts.drawn_at == "impression" else None,
        conversions=table["pending"] + table["approved"] + table["declined"],
        pending=table["pending"],
        declined=table["declined"],
        value=table["pending_minor"] + table["approved_minor"],
        square=table["square"],
        complete=np.array([_complete(facts, period) for period in facts.periods]),
        level=np.array([float(period.until_us > oldest and not _noted(facts, period)) for period in facts.periods]),
    )


def aged(cells: Cells, facts: CreativeFacts) -> tuple[Cells, float]:
    """The cells with older days counting less where how arms compare has moved, and the weight of a day beside the next
    one (1 without drift). Clicks tell it where arms are drawn for being seen, conversions otherwise."""
    order = np.argsort([period.from_us for period in facts.periods], kind="stable")
    events = cells.conversions if cells.clicks is None else cells.clicks
    found = drift(cells.exposures[order], events[order])
    if isinstance(found, Refusal) or found.retention == 1.0:
        return cells, 1.0
    days = np.array([period.until_us for period in facts.periods], dtype=np.float64)
    weight = (found.retention ** ((days.max() - days) / DAY_US))[:, None]
    return scaled(cells, weight), found.retention


def scaled(cells: Cells, by: Floats) -> Cells:
    """The cells, had there been ``by`` times as much of everything; strata x 1."""
    return Cells(
        exposures=cells.exposures * by,
        clicks=None if cells.clicks is None else cells.clicks * by,
        conversions=cells.conversions * by,
        pending=cells.pending * by,
        declined=cells.declined * by,
        value=cells.value * by,
        square=cells.square * by,
        complete=cells.complete,
        level=cells.level,
    )


def with_conversions(cells: Cells, index: int, by: float) -> Cells:
    """The cells, had this arm had ``by`` times its conversions."""
    factor = np.ones(cells.conversions.shape[1])
    factor[index] = by
    return Cells(
        exposures=cells.exposures,
        clicks=cells.clicks,
        conversions=cells.conversions * factor,
        pending=cells.pending * factor,
        declined=cells.declined * factor,
        value=cells.value * factor,
        square=cells.square * factor,
        complete=cells.complete,
        level=cells.level,
    )


def _complete(facts: CreativeFacts, period: Period) -> float:
    """The share of a period's conversions that has come in by now, by the delays seen so far."""
    total = sum(facts.lags)
    if not total:
        return 1.0
    age = max(0.0, (facts.now_us - (period.from_us + period.until_us) / 2) / DAY_US)
    whole = min(int(age), len(facts.lags))
    partly = (age - whole) * facts.lags[whole] if whole < len(facts.lags) else 0.0
    return max((sum(facts.lags[:whole]) + partly) / total, 0.02)


def _noted(facts: CreativeFacts, period: Period) -> bool:
    """Whether a person said that something was unusual then: such days still compare arms, but tell no level."""
    return any(
        (note.starts_us is not None or note.ends_us is not None)
        and (note.starts_us is None or note.starts_us < period.until_us)
        and (note.ends_us is None or note.ends_us > period.from_us)
        for note in facts.notes
    )
