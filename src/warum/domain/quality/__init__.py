"""Is the traffic what it seems? One file per signal, one line each in the table below.

A signal looks at all publishers of a program over one window and answers for each: a flag with its evidence, that
nothing was found, or why it cannot say. A flag suggests to hold the sales it names; a person decides (``review``)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from warum.domain.quality import (
    bot_burst,
    click_flooding,
    click_injection,
    coupon_hijack,
    order_reuse,
    sales_per_click,
    self_purchase,
    sub_id,
)
from warum.domain.quality.flags import Flag, Signal, Unknown
from warum.domain.quality.traffic import Traffic, traffic_refusal
from warum.kernel.refusal import Refusal

SIGNALS: Final[tuple[Signal, ...]] = (
    click_flooding.SIGNAL,
    click_injection.SIGNAL,
    coupon_hijack.SIGNAL,
    bot_burst.SIGNAL,
    order_reuse.SIGNAL,
    sales_per_click.SIGNAL,
    self_purchase.SIGNAL,
    sub_id.SIGNAL,
)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What all signals said, in the order of the table; ``unknown`` has what could not be judged."""

    flags: tuple[Flag, ...]
    unknown: tuple[Unknown, ...]


def judge(everybody: Sequence[Traffic]) -> Judgement | Refusal:
    """Ask every signal about every publisher of a program over one window."""
    if not everybody:
        return Refusal("nothing_there", "There is no traffic to judge: no publisher had a click or a sale.")
    if refused := traffic_refusal(everybody):
        return refused
    said = [each for signal in SIGNALS for each in signal.judge(everybody)]
    return Judgement(
        flags=tuple(each for each in said if isinstance(each, Flag)),
        unknown=tuple(each for each in said if isinstance(each, Unknown)),
    )
