"""What was logged, what is asked, and why an answer may have to be refused.

A log can be judged under another policy only where every choice was drawn with a known, positive probability, and where
the other policy does not do what the log has hardly ever done. Whatever is missing is said in words, in a fixed order,
before anything is computed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

import numpy as np

from warum.domain.evaluation.model import Floats, Ints
from warum.kernel.refusal import Kind, Refusal

rounds_min: Final = 100
ess_min: Final = 100.0
"""Rounds that the log is worth under the target policy. Below this an interval says nothing that could be relied on."""
rewarded_min: Final = 10
"""Rounds whose reward differs from the most frequent one. With fewer, chance decides all."""
unseen_mass_max: Final = 0.01
"""How much of the target policy may lie on arms that never occur in a log without full propensities."""
sum_tolerance: Final = 1e-4
"""Propensities are often rounded, or drawn by simulation."""

_mean_weight_errors: Final = 5.0
COLUMNS: Final = ("action", "reward", "propensity")


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """Rounds of a policy that drew its choices.

    Attributes:
        actions: (rounds,) whole numbers from 0 to ``arms`` - 1: what was chosen.
        rewards: (rounds,) what came of it, in any unit (clicks, minor units); estimates are in the same unit per round.
        propensity: (rounds,) the probability, in (0, 1], with which the chosen arm was drawn *in that round*.
        arms: how many arms there are.
        contexts: (rounds, features) numbers known before the choice; no column where nothing is known.
        propensities: (rounds, arms) the probability of every arm, where it was logged; zero where an arm was not open.
    """

    actions: Ints
    rewards: Floats
    propensity: Floats
    arms: int
    contexts: Floats | None = None
    propensities: Floats | None = None

    @property
    def rounds(self) -> int:
        return len(self.actions)

    @property
    def features(self) -> Floats:
        """The contexts; without them, a table that has no column."""
        return np.empty((self.rounds, 0)) if self.contexts is None else self.contexts


def log_from(
    columns: Mapping[str, Sequence[Any] | Floats], *, arms: int, features: Sequence[str] = ()
) -> Log | Refusal:
    """A log from named columns: ``action``, ``reward``, ``propensity`` and the features asked for.

    Errors: ``column_missing``, ``not_a_number``, ``columns_differ_in_length``, ``action_unknown``.
    """
    names = (*COLUMNS, *features)
    missing = [name for name in names if name not in columns]
    if missing:
        return _no("column_missing", f"The log lacks what is needed to judge it: {', '.join(missing)}.", missing[0])
    read: dict[str, Floats] = {}
    for name in names:
        try:
            read[name] = np.asarray(columns[name], dtype=np.float64)
        except (TypeError, ValueError):
            return _no("not_a_number", f"The column {name} holds something that is not a number.", name)
    if any(column.ndim != 1 or len(column) != len(read["action"]) for column in read.values()):
        return _no("columns_differ_in_length", "The columns of the log are not equally long lists of numbers.")
    for name, column in read.items():
        if fault := _unfinite(name, column):
            return fault
    action = read["action"]
    if (action != np.floor(action)).any():
        return _no("action_unknown", "An action is not a whole number; it has to be the number of an arm.", "action")
    return Log(
        actions=action.astype(np.int64),
        rewards=read["reward"],
        propensity=read["propensity"],
        arms=arms,
        contexts=np.column_stack([read[name] for name in features]) if features else None,
    )


def weights(log: Log, target: Floats) -> Floats:
    """(rounds,) how much more often the target policy would have made the logged choice; one on average."""
    return target[np.arange(log.rounds), log.actions] / log.propensity


def effective_rounds(weight: Floats) -> float:
    """How many rounds of the target policy the log is worth: *(sum of weights)^2 / sum of squares* (Kish 1965)."""
    square = float(weight @ weight)
    return float(weight.sum()) ** 2 / square if square > 0 else 0.0


def effective_size(log: Log, target: Floats) -> float:
    """The effective number of rounds that the gate looks at.

    Where all propensities are known, so is the expected square of the weights, and the smaller figure counts: a heavy
    weight that chance kept out of the log is as dangerous as one that is in it.
    """
    seen = effective_rounds(weights(log, target))
    if log.propensities is None:
        return seen
    ratio = np.divide(target**2, log.propensities, out=np.zeros_like(target), where=log.propensities > 0)
    return min(seen, log.rounds / float(ratio.sum(axis=1).mean()))


def refusal(log: Log, target: Floats) -> Refusal | None:
    """Why the log cannot answer for the target policy ((rounds, arms), rows that sum to one); the first reason.

    In this order: ``shapes_differ``, ``too_few_rounds``, ``not_finite``, ``one_arm``, ``action_unknown``,
    ``propensity_out_of_range``, ``propensities_do_not_sum_to_one``, ``propensities_disagree``,
    ``target_is_no_distribution``, ``no_support``, ``rewards_constant``, ``effective_size_too_small``,
    ``weights_do_not_average_one``, ``too_few_rewarded``.
    """
    return _misshapen(log, target) or _wrong_propensities(log) or _unsupported(log, target) or _too_thin(log, target)


def _misshapen(log: Log, target: Floats) -> Refusal | None:
    rounds, contexts, full = log.rounds, log.contexts, log.propensities
    wrong = (
        any(np.ndim(column) != 1 or len(column) != rounds for column in (log.actions, log.rewards, log.propensity))
        or np.shape(target) != (rounds, log.arms)
        or (contexts is not None and (np.ndim(contexts) != 2 or len(contexts) != rounds))
        or (full is not None and np.shape(full) != (rounds, log.arms))
    )
    if wrong:
        return _no("shapes_differ", "The log and the policy do not have the same number of rounds and arms.")
    if rounds < rounds_min:
        return _no("too_few_rounds", f"The log has {rounds} rounds; {rounds_min} are the least to judge a policy by.")
    parts = {"reward": log.rewards, "propensity": log.propensity, "contexts": contexts}
    for name, part in {**parts, "propensities": full, "target": target}.items():
        if part is not None and (fault := _unfinite(name, part)):
            return fault
    if log.arms < 2 or len(np.unique(log.actions)) < 2:
        return _no("one_arm", "Only one arm was ever chosen; the log says nothing about any other.", "action")
    if log.actions.min() < 0 or log.actions.max() >= log.arms or log.actions.dtype.kind not in "iu":
        return _no("action_unknown", f"An action is not the number of an arm, 0 to {log.arms - 1}.", "action")
    return None


def _wrong_propensities(log: Log) -> Refusal | None:
    lowest, highest = float(log.propensity.min()), float(log.propensity.max())
    if lowest <= 0 or highest > 1:
        what = f"{lowest:g}" if lowest <= 0 else f"{highest:g}"
        message = f"A choice is logged with propensity {what}; it has to be above 0 and at most 1."
        return _no("propensity_out_of_range", message, "propensity")
    full = log.propensities
    if full is None:
        return None
    if full.min() < 0 or full.max() > 1:
        message = "A propensity of some arm lies outside 0 to 1."
        return _no("propensity_out_of_range", message, "propensities")
    off = np.abs(full.sum(axis=1) - 1.0)
    if off.max() > sum_tolerance:
        worst = int(off.argmax())
        message = f"The propensities of round {worst} sum to {float(full[worst].sum()):.6g} rather than 1."
        return _no("propensities_do_not_sum_to_one", message, "propensities")
    if np.abs(full[np.arange(log.rounds), log.actions] - log.propensity).max() > sum_tolerance:
        message = "A choice's propensity is not the one that the round lists for the chosen arm."
        return _no("propensities_disagree", message, "propensity")
    return None


def _unsupported(log: Log, target: Floats) -> Refusal | None:
    if target.min() < 0 or np.abs(target.sum(axis=1) - 1.0).max() > sum_tolerance:
        message = "The policy to be judged is not a distribution: in some round its probabilities do not sum to 1."
        return _no("target_is_no_distribution", message, "target")
    if log.propensities is not None:
        shut = np.where(log.propensities > 0, 0.0, target).sum(axis=0)
        if shut.max() > 0:
            arm, part = int(shut.argmax()), float(shut.sum()) / log.rounds
            message = f"The policy puts {part:.3g} of its choices on arms that could not be drawn, such as {arm}."
            return _no("no_support", message, "target")
    unseen = np.bincount(log.actions, minlength=log.arms) == 0
    mass = target[:, unseen].sum(axis=0) / log.rounds
    if float(mass.sum()) > unseen_mass_max and log.propensities is None:
        arm = int(np.flatnonzero(unseen)[mass.argmax()])
        part = float(mass.sum())
        message = f"The policy puts {part:.3g} of its choices on arms that the log never chose, such as {arm}."
        return _no("no_support", message, "target")
    return None


def _too_thin(log: Log, target: Floats) -> Refusal | None:
    values, counts = np.unique(log.rewards, return_counts=True)
    if len(values) == 1:
        message = f"Every reward is {float(values[0]):g}; there is nothing to learn about any policy."
        return _no("rewards_constant", message, "reward")
    size = effective_size(log, target)
    if size < ess_min:
        message = (
            f"Under this policy the {log.rounds} rounds are worth {size:.3g}; {ess_min:.0f} are the least. "
            "The log rarely did what the policy does: let it explore more, or ask for a policy closer to it."
        )
        return _no("effective_size_too_small", message, kind=Kind.CONFLICT)
    weight = weights(log, target)
    error = float(weight.std()) / float(np.sqrt(log.rounds))
    if abs(float(weight.mean()) - 1.0) > _mean_weight_errors * error + sum_tolerance:
        message = (
            f"The weights average {float(weight.mean()):.3g}, which chance does not explain; 1 is right. Propensities "
            "may be those of another moment, or rounds are missing."
        )
        return _no("weights_do_not_average_one", message, "propensity", Kind.CONFLICT)
    rewarded = log.rounds - int(counts.max())
    if rewarded < rewarded_min:
        message = f"Only {rewarded} rounds brought another reward than the rest; {rewarded_min} are the least."
        return _no("too_few_rewarded", message, "reward", Kind.CONFLICT)
    return None


def _unfinite(name: str, values: Floats) -> Refusal | None:
    if np.isfinite(cast("Any", values)).all():
        return None
    return _no("not_finite", f"In {name} a value is missing, or is not a finite number.", name)


def _no(code: str, message: str, field: str | None = None, kind: Kind = Kind.INVALID) -> Refusal:
    return Refusal(code=code, message=message, field=field, kind=kind)
