"""What the words of a creative say about it before it was ever shown, learnt from earlier campaigns.

A ridge regression of the logarithms of arms' rates, compared within their campaigns, on the words and the shape of a
text. It explains a few per cent of how arms differ, which counts before anything was shown; it needs no consent,
since it knows nothing of who reads. Words have no list: each falls into one of 512 places by its hash."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import blake2b
from math import log, sqrt
from typing import Final

import numpy as np

from warum.domain.bandit.arrays import Bools, Floats, solve

_places: Final = 512
_shapes: Final = 8
width: Final = _places + _shapes
_weight_spread: Final = 0.08
"""Standard deviation of what all words of a text do together, before any campaign."""
_arm_variance: Final = 0.06
_word: Final = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|[?!.:,…\"“”„$%€]")


@dataclass(frozen=True, slots=True)
class Leanings:
    """What was learnt: the precision of the weights, and what pulls on them."""

    precision: Floats
    pull: Floats


def no_leanings() -> Leanings:
    return Leanings(np.eye(width) / _weight_spread**2, np.zeros(width))


def features(text: str) -> Floats:
    """Words and shape of a text as numbers, in any language that separates words."""
    found = set(_word.findall(text.lower()))
    numbers = np.zeros(width)
    for word in found:
        place = int.from_bytes(blake2b(word.encode(), digest_size=8).digest(), "big")
        numbers[place % _places] += 1.0 if place >> 63 else -1.0
    numbers /= sqrt(max(len(found), 1))
    words = text.split()
    numbers[_places:] = (
        log(len(text) + 1) / 4,
        (log(len(text) + 1) / 4) ** 2,
        len(words) / 20,
        "?" in text,
        "!" in text,
        any(sign.isdigit() for sign in text),
        any(sign in text for sign in '"“”„'),
        sum(word[0].isupper() for word in words) / max(len(words), 1),
    )
    return numbers


def learnt(before: Leanings, texts: Floats, logs: Floats, weights: Floats, present: Bools) -> Leanings:
    """With some campaigns more; campaigns x arms, and x features for the texts.

    Args:
        logs, weights: what the campaigns told (``priors.lessons``), hints included.
    """
    trust = np.where(present, 1.0 / (_arm_variance + 1.0 / weights), 0.0)
    share = trust / trust.sum(axis=1, keepdims=True)
    away = texts - np.einsum("gi,gid->gd", share, texts)[:, None]
    apart = np.where(present, logs - (share * logs).sum(axis=1, keepdims=True), 0.0)
    away = (away * np.sqrt(trust)[..., None]).reshape(-1, texts.shape[2])
    apart = (apart * np.sqrt(trust)).reshape(-1)
    return Leanings(before.precision + away.T @ away, before.pull + away.T @ apart)


def weights_of(leanings: Leanings) -> Floats:
    return solve(leanings.precision, leanings.pull)


def hints(weights: Floats, texts: Floats, present: Bools) -> Floats:
    """How much better than its campaign each arm is expected to be, in logarithms; campaigns x arms."""
    expected = texts @ weights
    mean = np.where(present, expected, 0.0).sum(axis=1) / np.maximum(present.sum(axis=1), 1)
    return np.where(present, expected - mean[:, None], 0.0)
