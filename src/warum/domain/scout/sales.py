"""What a program knows of its publishers' sales: booked values, and what was kept of those that are decided.

Sales that were ordered together stand and fall together: a group that books forty rooms cancels forty rooms. They share
a batch, and a batch counts as one observation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from warum.domain.arrays import Bools, Floats, Ints
from warum.kernel.refusal import Refusal

TRAITS: Final = ("kind", "vertical", "region")
"""By what publishers resemble each other."""

sales_min: Final = 100
publishers_min: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Publisher:
    """Whom it is about. Traits that nobody knows are empty text, which is a level like others.

    Attributes:
        paid_minor: what the publisher or its program pays the operator, fees and override included. It is here so that
            the ranking can be seen not to read it.
    """

    id: int
    kind: str = ""
    vertical: str = ""
    region: str = ""
    paid_minor: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sales:
    """One entry per sale in every array, all known when the question is asked.

    Attributes:
        publisher: position in the list of publishers.
        batch: equal numbers for what was ordered together.
        placed_day: the day of the order.
        due_day: the day from which on it should be decided: check-out plus hold, the end of the return period.
        value_minor: as booked.
        kept_minor: what was kept of it; 0 when declined or cancelled; of no meaning while undecided.
        decided: whether it is known what was kept.
    """

    publisher: Ints
    batch: Ints
    placed_day: Ints
    due_day: Ints
    value_minor: Ints
    kept_minor: Ints
    decided: Bools

    def __len__(self) -> int:
        return len(self.publisher)

    def where(self, chosen: Bools) -> Sales:
        """Those sales alone."""
        return Sales(
            publisher=self.publisher[chosen],
            batch=self.batch[chosen],
            placed_day=self.placed_day[chosen],
            due_day=self.due_day[chosen],
            value_minor=self.value_minor[chosen],
            kept_minor=self.kept_minor[chosen],
            decided=self.decided[chosen],
        )


def sales_refusal(sales: Sales, publishers: Sequence[Publisher], *, today: int) -> Refusal | None:
    """Why nothing can be told from these sales: columns that do not fit, days to come, amounts, too few of them."""
    lengths = {
        len(column)
        for column in (
            sales.publisher,
            sales.batch,
            sales.placed_day,
            sales.due_day,
            sales.value_minor,
            sales.kept_minor,
            sales.decided,
        )
    }
    if len(lengths) != 1:
        return Refusal("columns_differ", "The columns of the sales have different lengths; every sale needs them all.")
    if len(sales) and not 0 <= int(sales.publisher.min()) <= int(sales.publisher.max()) < len(publishers):
        return Refusal("publisher_not_listed", "There are sales of publishers that are not in the list; add them.")
    if len({each.id for each in publishers}) != len(publishers):
        return Refusal("publisher_twice", "A publisher is listed twice; list each of them once.")
    if (sales.value_minor < 0).any() or (sales.kept_minor[sales.decided] < 0).any():
        return Refusal("amount_negative", "There are negative amounts; count what was kept of a sale, at least zero.")
    if (sales.placed_day >= today).any():
        return Refusal("sales_to_come", "There are sales of today or later; a forecast may read only what is past.")
    if len(publishers) < publishers_min:
        return Refusal("publishers_few", f"There are {len(publishers)} publishers; a ranking needs {publishers_min}.")
    ripe = int((sales.decided & (sales.due_day < today)).sum())
    if ripe < sales_min:
        return Refusal(
            "sales_few", f"We do not know yet: {ripe} sales are decided and due, {sales_min} are needed for a ranking."
        )
    if not sales.value_minor.any():
        return Refusal("value_missing", "No sale has a value, so there is nothing to rank publishers by.")
    return None


def batch_means(values: Floats, weights: Floats, batch: Ints, publisher: Ints, count: int) -> BatchMeans:
    """Weighted means by publisher, with batches as the independent observations.

    Args:
        values, weights: one entry per sale.
        batch, publisher: of each sale; all sales of a batch have one publisher.
        count: of publishers.
    """
    _, first, of = np.unique(batch, return_index=True, return_inverse=True)
    of = of.ravel()
    heavy = np.bincount(of, weights, len(first))
    inside = np.bincount(of, weights * values, len(first)) / np.maximum(heavy, 1e-300)
    owner = publisher[first]
    total = np.bincount(owner, heavy, count)
    mean = np.bincount(owner, heavy * inside, count) / np.maximum(total, 1e-300)
    square = np.bincount(owner, heavy * (inside - mean[owner]) ** 2, count) / np.maximum(total, 1e-300)
    size = np.where(total > 0, total**2 / np.maximum(np.bincount(owner, heavy**2, count), 1e-300), 0.0)
    return BatchMeans(mean=mean, variance=square, size=size)


@dataclass(frozen=True, slots=True)
class BatchMeans:
    """By publisher: weighted mean, variance between batches, and the effective number of batches (Kish 1965)."""

    mean: Floats
    variance: Floats
    size: Floats
