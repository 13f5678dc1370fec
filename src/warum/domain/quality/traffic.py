"""What the quality bot knows of one publisher in one window: counts by hour, and a few columns of its sales.

No address, no device and no profile is in it, because none is kept. A sale that came with a click token has the time of
its click; one that came with a link reference has the day of it alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from warum.domain.arrays import Bools, Floats, Ints
from warum.kernel.refusal import Refusal

HOURS_A_DAY = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """One publisher in one window of whole days. Columns of sales have one entry per sale.

    Attributes:
        kind: what the publisher is, such as voucher or content; peers of one kind are compared when there are enough.
        clicks: counted clicks by hour from the first hour of the window on.
        sale: ids of the sales, so that evidence leads to its rows.
        visit: equal for sales that came together: of one click, or, where the click is not kept, of one minute. A group
            that books forty rooms is one visit, and signals count visits.
        order: order ids as the advertiser reported them; empty text where there is none.
        delay_s: seconds from click to sale; NaN where the click's time is not kept.
        click_hour: the hour of the window in which the click came; -1 where it came before the window or is not kept.
        reference_day: the day of the window that a link reference names; -1 for sales with a token.
        reference_clicks: by day, counted clicks that could have been given a link reference.
        touched_before: 1 where the visitor's own journey names another publisher before this click, 0 where it names
            none, -1 where there is no journey (no consent).
        own: whether the buyer is known to be the publisher itself (same contract party, address or account, compared by
            whoever holds both).
        sub: which registered sub id brought the sale; -1 where none did.
        sub_clicks: counted clicks by registered sub id.
    """

    publisher: int
    kind: str
    clicks: Ints
    sale: Ints
    visit: Ints
    order: tuple[str, ...]
    delay_s: Floats
    click_hour: Ints
    reference_day: Ints
    reference_clicks: Ints
    touched_before: Ints
    own: Bools
    sub: Ints
    sub_clicks: Ints

    def first(self) -> Bools:
        """The first sale of each visit."""
        chosen = np.zeros(len(self.sale), dtype=np.bool_)
        chosen[np.unique(self.visit, return_index=True)[1]] = True
        return chosen


def traffic_refusal(everybody: Sequence[Traffic]) -> Refusal | None:
    """Why this traffic cannot be judged: columns that do not fit, counts below zero, different windows."""
    for one in everybody:
        lengths = {
            len(column)
            for column in (
                one.sale, one.visit, one.order, one.delay_s, one.click_hour,
                one.reference_day, one.touched_before, one.own, one.sub,
            )
        }  # fmt: skip
        if len(lengths) != 1:
            return Refusal("columns_differ", f"Columns of publisher {one.publisher} have different lengths.")
        if any((counts < 0).any() for counts in (one.clicks, one.reference_clicks, one.sub_clicks)):
            return Refusal("negative_count", f"Publisher {one.publisher} has negative clicks; counts start at zero.")
        if len(one.clicks) % HOURS_A_DAY or len(one.reference_clicks) * HOURS_A_DAY != len(one.clicks):
            return Refusal("window_broken", f"The window of publisher {one.publisher} is not made of whole days.")
        if (one.delay_s < 0).any() or np.isinf(one.delay_s).any():
            return Refusal("delay_broken", f"Publisher {one.publisher} has sales before their click; check the clocks.")
        outside = (
            (one.click_hour >= len(one.clicks)).any()
            or (one.reference_day >= len(one.reference_clicks)).any()
            or (one.sub >= len(one.sub_clicks)).any()
        )
        if outside:
            return Refusal("columns_differ", f"Publisher {one.publisher} has sales of hours or sub ids not counted.")
    if len({len(one.clicks) for one in everybody}) > 1:
        return Refusal("window_broken", "Publishers are compared over one window; these have different ones.")
    if len({one.publisher for one in everybody}) != len(everybody):
        return Refusal("publisher_twice", "A publisher is listed twice; list each of them once.")
    return None
