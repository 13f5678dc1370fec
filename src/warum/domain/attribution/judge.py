"""All ways to share out conversions, side by side, each with its interval; and which one speaks of effects.

``compared`` is the door. The rules and the games divide credit and are always there. What channels *bring* is estimated
by the model of intent; it abstains, in words, where journeys cannot tell. ``with_holdouts`` puts it to the scale of
randomised holdouts, which is the answer to trust."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from scipy import special

from warum.domain.attribution import intent
from warum.domain.attribution.adjusted import hazard
from warum.domain.attribution.heuristics import Rule, credit
from warum.domain.attribution.holdouts import Increment, calibrated
from warum.domain.attribution.journeys import Floats, Journeys, resampled
from warum.domain.attribution.markov import removal_effects, transitions
from warum.domain.attribution.panel import Panel, panel, rows_max_default
from warum.domain.attribution.shapley import exact_channels_max, rate_worth, set_counts, set_credits, shapley
from warum.kernel.period import DAY_US
from warum.kernel.refusal import Refusal

conversions_min: Final = 200
unconverted_min: Final = 200
touches_min: Final = 50
channels_max: Final = 10
"""The model of intent counts all combinations of channels in a step; more have to be grouped."""
level_default: Final = 0.95
draws_default: Final = 200
resamples_default: Final = 40


class Method(StrEnum):
    """How conversions are shared out. The first five and Shapley's sets divide credit, the others ask for effects."""

    LAST = "last_touch"
    FIRST = "first_touch"
    LINEAR = "linear"
    POSITION = "position"
    DECAY = "time_decay"
    MARKOV = "markov"
    SHAPLEY = "shapley"
    SHAPLEY_RATES = "shapley_rates"
    ADJUSTED = "adjusted_hazard"
    INTENT = "intent"
    HOLDOUT = "holdout"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """Shares of the credited channels; they add up to one. ``lost`` is per conversion that there is, where the method
    knows it, with its standard errors."""

    method: Method
    channels: tuple[str, ...]
    shares: Floats
    low: Floats
    high: Floats
    lost: Floats | None = None
    errors: Floats | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """All methods by name; ``automatic`` is the one that speaks of effects, or why there is none."""

    methods: Mapping[Method, Shares]
    automatic: Shares | Refusal


def compared(
    journeys: Journeys,
    rng: np.random.Generator,
    *,
    step_us: int = DAY_US,
    level: float = level_default,
    rows_max: int = rows_max_default,
) -> Comparison | Refusal:
    """Share out the conversions in every way there is.

    Args:
        rng: draws samples and parameters for the intervals; the same state gives the same answer.
        rows_max: different journeys that the models of effects are fitted to; of more, some are drawn and weighted.
        step_us: in which the models of effects cut time; a day is right where people decide within weeks.

    Errors: ``level_outside_attribution``, ``one_credited_channel``, ``no_credited_conversions``. What asks for effects
    has more, those of ``effects_refusal``, in ``automatic``.
    """
    if not 0.0 < level < 1.0 or step_us <= 0:
        return Refusal(
            "level_outside_attribution", "The level has to lie between 0 and 1, and a step be longer than 0."
        )
    if len(journeys.credited) < 2:
        return Refusal("one_credited_channel", "There is one channel only: all of the credit is its own.")
    methods: dict[Method, Shares] = {}
    for rule in Rule:
        methods[Method(rule.value)] = _divided(journeys, Method(rule.value), credit(journeys, rule), level)
        if not np.isfinite(methods[Method(rule.value)].shares).all():
            return Refusal(
                "no_credited_conversions", "No conversion has a touch before it: there is nothing to share out."
            )
    methods[Method.SHAPLEY] = _divided(journeys, Method.SHAPLEY, set_credits(journeys), level)
    methods[Method.MARKOV] = _markov(journeys, rng, level)
    refused = effects_refusal(journeys)
    if refused is not None:
        return Comparison(methods=methods, automatic=refused)
    if len(journeys.credited) <= exact_channels_max:
        methods[Method.SHAPLEY_RATES] = _rates(journeys, rng, level)
    data = panel(journeys, step_us, rng, rows_max)
    methods[Method.ADJUSTED] = _adjusted(journeys, data, rng, level)
    automatic = _intent(journeys, data, rng, level)
    if isinstance(automatic, Shares):
        methods[Method.INTENT] = automatic
    return Comparison(methods=methods, automatic=automatic)


def effects_refusal(journeys: Journeys) -> Refusal | None:
    """Why journeys cannot tell what channels bring, in the order of what has to be mended first."""
    converted = float(journeys.weight @ journeys.converted)
    others = float(journeys.weight.sum()) - converted
    if others == 0:
        return Refusal(
            "only_converting_journeys",
            "All journeys end in a conversion. Removal effects from converting journeys alone cannot tell increments: "
            "add the journeys of people who did not buy, or hold people out at random.",
        )
    if converted < conversions_min:
        return Refusal(
            "too_few_converting_journeys",
            f"There are {converted:.0f} journeys with a conversion; what channels bring needs {conversions_min}.",
        )
    if others < unconverted_min:
        return Refusal(
            "too_few_unconverted_journeys",
            f"There are {others:.0f} journeys without a conversion; what channels bring needs {unconverted_min}.",
        )
    if len(journeys.channels) > channels_max:
        return Refusal(
            "too_many_channels",
            f"There are {len(journeys.channels)} channels and signals; put them into at most {channels_max} groups.",
        )
    count = np.bincount(
        journeys.touch_channel, weights=journeys.weight[journeys.touch_person], minlength=len(journeys.channels)
    )
    rare = [journeys.channels[number] for number in journeys.credited if count[number] < touches_min]
    if rare:
        return Refusal(
            "channel_rarely_seen",
            f"{', '.join(rare)} touched fewer than {touches_min} times; wait, or put small channels into one group.",
        )
    return None


def with_holdouts(
    observed: Shares, holdouts: Mapping[str, Increment], rng: np.random.Generator, *, level: float = level_default
) -> Shares | Refusal:
    """The shares after randomised holdouts of some or all channels. Errors: those of ``holdouts.calibrated``, and
    ``losses_unknown`` where ``observed`` only divides credit, ``nothing_is_lost`` where no channel adds anything."""
    if observed.lost is None or observed.errors is None:
        return Refusal("losses_unknown", f"{observed.method.value} divides credit and says nothing of what is lost.")
    found = calibrated(observed.channels, observed.lost, observed.errors, holdouts)
    if not isinstance(found, Refusal) and not (found.lost > 0).any():
        return Refusal("nothing_is_lost", "No channel adds conversions as far as can be seen; there are no shares.")
    if isinstance(found, Refusal):
        return found
    some = found.lost + found.errors * rng.standard_normal((draws_default * 5, len(found.lost)))
    return _from_draws(Method.HOLDOUT, observed.channels, found.lost, some, level, found.errors)


def _names(journeys: Journeys) -> tuple[str, ...]:
    return tuple(journeys.channels[number] for number in journeys.credited)


def _divided(journeys: Journeys, method: Method, table: Floats, level: float) -> Shares:
    """Shares of credit by worth. Normal intervals of a ratio of sums, from the people's contributions to both."""
    part = table[:, list(journeys.credited)] * journeys.worth[:, None]
    whole = part.sum(axis=1)
    total = float(journeys.weight @ whole)
    if total <= 0:
        none = np.full(part.shape[1], np.nan)
        return Shares(method=method, channels=_names(journeys), shares=none, low=none, high=none)
    shares = journeys.weight @ part / total
    error = np.sqrt(journeys.weight @ (part - whole[:, None] * shares) ** 2) / total
    reach = _normal(level) * error
    return Shares(
        method=method,
        channels=_names(journeys),
        shares=shares,
        low=np.maximum(shares - reach, 0.0),
        high=np.minimum(shares + reach, 1.0),
    )


def _markov(journeys: Journeys, rng: np.random.Generator, level: float) -> Shares:
    credited = list(journeys.credited)
    lost = removal_effects(transitions(journeys))[credited]
    some = [removal_effects(transitions(resampled(journeys, rng)))[credited] for _ in range(resamples_default)]
    return _from_draws(Method.MARKOV, _names(journeys), lost, np.array(some), level)


def _rates(journeys: Journeys, rng: np.random.Generator, level: float) -> Shares:
    people, bought = set_counts(journeys)
    cells = np.concatenate([people - bought, bought])
    some = list[Floats]()
    for drawn in rng.multinomial(round(float(cells.sum())), cells / cells.sum(), size=resamples_default):
        others, sold = np.split(drawn.astype(np.float64), 2)
        some.append(shapley(rate_worth(others + sold, sold)))
    lost = shapley(rate_worth(people, bought))
    return _from_draws(Method.SHAPLEY_RATES, _names(journeys), lost, np.array(some), level)


def _adjusted(journeys: Journeys, data: Panel, rng: np.random.Generator, level: float) -> Shares:
    found = hazard(data, journeys.credited)
    some = found.draws(rng, draws_default // 4)
    return _from_draws(Method.ADJUSTED, _names(journeys), found.lost, some, level, some.std(axis=0))


def _intent(journeys: Journeys, data: Panel, rng: np.random.Generator, level: float) -> Shares | Refusal:
    fitted = intent.fit(data, journeys.credited)
    lost = intent.lost(fitted)
    if not np.isfinite(lost).all() or lost.sum() < 1e-6:
        return Refusal("nothing_is_lost", "No channel adds conversions as far as can be seen; there are no shares.")
    some = intent.draws(fitted, rng, draws_default)
    return _from_draws(Method.INTENT, _names(journeys), lost, some, level, some.std(axis=0))


def _from_draws(
    method: Method, channels: tuple[str, ...], lost: Floats, some: Floats, level: float, errors: Floats | None = None
) -> Shares:
    """Shares of losses, those below zero taken as none, and quantiles of the shares under the draws."""
    shares, drawn = _shared(lost[None, :])[0], _shared(some)
    low, high = np.quantile(drawn, [0.5 - level / 2, 0.5 + level / 2], axis=0)
    return Shares(
        method=method,
        channels=channels,
        shares=shares,
        low=np.minimum(low, shares),
        high=np.maximum(high, shares),
        lost=lost,
        errors=errors,
    )


def _shared(lost: Floats) -> Floats:
    """Rows that add up to one; equal shares where nothing is lost."""
    kept = np.maximum(lost, 0.0)
    total = kept.sum(axis=1, keepdims=True)
    return np.divide(kept, total, out=np.full_like(kept, 1.0 / kept.shape[1]), where=total > 0)


def _normal(level: float) -> float:
    return float(special.ndtri(0.5 + level / 2))
