"""What the creative bot knows of one offer: counts by arm and day as they stand now, and what people set. Integers and
text, nothing computed but how much arms differed in earlier campaigns."""

from __future__ import annotations

from dataclasses import dataclass

from warum.domain.decisions import Goal, Note, Policy, Shares
from warum.domain.earlier import USUAL, Earlier
from warum.domain.packing import Wide


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmCounts:
    """One arm in one period, by the time of exposure.

    Attributes:
        exposures: impressions, or clicks that can be credited where the arm is drawn at the click.
        clicks: equal to the exposures where the arm is drawn at the click.
        pending, approved, declined: conversions of these exposures as they stand now.
        pending_minor, approved_minor: their retained amounts.
        square: sum of the squares of the retained amounts of both.
    """

    arm: int
    exposures: int
    clicks: int
    pending: int
    approved: int
    declined: int
    pending_minor: int
    approved_minor: int
    square: Wide


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A day, or the part of a day during which one allocation was in force."""

    from_us: int
    until_us: int
    allocation: int
    shares: Shares
    arms: tuple[ArmCounts, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CreativeFacts:
    """What the bot knows of one offer.

    Attributes:
        drawn_at: ``impression`` or ``click``, whichever the arm is drawn at.
        now_us: when the facts were taken.
        shares: the allocation in force.
        periods: in the order of time; at most the last 90 days are of use.
        lags: conversions of the program by whole days between exposure and booking, the last entry open to the right;
            empty when nobody knows.
        steered: whether the allocation in force stems from an approved proposal of this bot.
        earlier: how much arms differed in earlier campaigns.
        context: of the offer, as in ``domain.contexts``; empty for the offer as a whole.
    """

    program: int
    offer: int
    currency: str
    drawn_at: str
    now_us: int
    allocation: int
    shares: Shares
    periods: tuple[Period, ...]
    lags: tuple[int, ...]
    policy: Policy
    goal: Goal | None = None
    notes: tuple[Note, ...] = ()
    steered: bool = False
    earlier: Earlier = USUAL
    context: str = ""
