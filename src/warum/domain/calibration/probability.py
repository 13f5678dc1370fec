"""What stated probabilities were worth: "97 % sure that it pays" against how often it did.

A bot states the probability that the *true* gain is worthwhile. What can be seen is the measured gain, and chance moves
that. So each stated probability is first carried over to what will be measured, by the widths of both intervals in the
promise; otherwise even a bot that is always right would seem too sure of itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import special

from warum.domain.calibration.promise import Kept, few
from warum.domain.calibration.shares import Share, share
from warum.domain.catalog import PROPENSITY_ONE
from warum.domain.shrinkage import Floats
from warum.kernel.refusal import Refusal

_bins_max: Final = 5
_in_bin_min: Final = 8
_sure_ppm: Final = 1  # no draw of a bot tells more than a million to one


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """Promises of about the same probability.

    Attributes:
        stated: mean probability that the true gain is worthwhile.
        expected: the same of the measured gain, chance included.
        came: how often it was measured.
    """

    stated: float
    expected: float
    came: Share


@dataclass(frozen=True, slots=True, kw_only=True)
class Probabilities:
    """Bins in rising order, each with as many promises as the next, and the Brier score of ``expected``.

    The score is *unreliable - telling + uncertain + within* (Murphy 1973; Stephenson, Coelho and Jolliffe 2008).

    Attributes:
        brier: mean squared distance between probability and what came; 0 is best.
        unreliable: how far bins lie from the diagonal; 0 is best.
        telling: how far they lie from each other: whether different probabilities meant different things.
        uncertain: what always naming the overall share would score.
        within: what is lost by grouping.
    """

    stated: float
    expected: float
    came: Share
    bins: tuple[Bin, ...]
    brier: float
    unreliable: float
    telling: float
    uncertain: float
    within: float


def probabilities(promises: Sequence[Kept]) -> Probabilities | Refusal:
    """Stated probabilities against what came.

    Returns:
        A refusal below ``outcomes_min``.
    """
    if refused := few(len(promises)):
        return refused
    stated = np.array([one.probability_ppm / PROPENSITY_ONE for one in promises])
    expected, came = _measurable(promises, stated), _came(promises)
    order = np.argsort(expected, kind="stable")
    parts = np.array_split(order, max(1, min(_bins_max, len(order) // _in_bin_min)))
    overall = float(came.mean())
    unreliable = sum(len(part) * float(expected[part].mean() - came[part].mean()) ** 2 for part in parts) / len(order)
    telling = sum(len(part) * (float(came[part].mean()) - overall) ** 2 for part in parts) / len(order)
    brier, uncertain = float(((expected - came) ** 2).mean()), overall * (1 - overall)
    return Probabilities(
        stated=float(stated.mean()),
        expected=float(expected.mean()),
        came=share(int(came.sum()), len(came)),
        bins=tuple(
            Bin(
                stated=float(stated[part].mean()),
                expected=float(expected[part].mean()),
                came=share(int(came[part].sum()), len(part)),
            )
            for part in parts
        ),
        brier=brier,
        unreliable=unreliable,
        telling=telling,
        uncertain=uncertain,
        within=brier - (unreliable - telling + uncertain),
    )


def _measurable(promises: Sequence[Kept], stated: Floats) -> Floats:
    """Probability that the *measured* gain is worthwhile: as many standard deviations from the promise, of a wider
    distribution."""
    known = np.array([(one.expected_minor - one.known_low_minor) * _scale(one) for one in promises])
    whole = np.array([one.promised_minor - one.promised_low_minor for one in promises], dtype=np.float64)
    narrower = np.clip(known / np.maximum(whole, 0.5), 0.0, 1.0)
    certain = _sure_ppm / PROPENSITY_ONE
    return special.ndtr(special.ndtri(np.clip(stated, certain, 1 - certain)) * narrower)


def _came(promises: Sequence[Kept]) -> Floats:
    return np.array([float(one.gain_minor >= one.least_minor * _scale(one)) for one in promises])


def _scale(one: Kept) -> float:
    return one.exposures / max(one.exposures_expected, 1)
