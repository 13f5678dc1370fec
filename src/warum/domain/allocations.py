"""Tables of arms: from wished shares to whole parts per million that keep the floor and the limit of a step."""

from __future__ import annotations

from collections.abc import Sequence

from warum.domain.catalog import PROPENSITY_ONE


def toward(
    before_ppm: Sequence[int], wished: Sequence[float], *, floor_ppm: int, step_ppm: int
) -> tuple[int, ...] | None:
    """The allocation nearest to the wished shares that sums to one, keeps the floor and moves no arm by more than a
    step; None when there is no such allocation.

    Args:
        before_ppm: the propensities now; an arm that lies below the floor is raised to it, if one step reaches.
        wished: shares of one.
    """
    low = [max(floor_ppm, ppm - step_ppm) for ppm in before_ppm]
    high = [min(PROPENSITY_ONE, ppm + step_ppm) for ppm in before_ppm]
    if any(least > most for least, most in zip(low, high, strict=True)):
        return None
    if not sum(low) <= PROPENSITY_ONE <= sum(high):
        return None
    goal = [round(share * PROPENSITY_ONE) for share in wished]

    def moved(by: int) -> list[int]:
        return [min(max(ppm + by, least), most) for ppm, least, most in zip(goal, low, high, strict=True)]

    # The sum rises with the common shift: take the last shift that does not pass one, then hand out what is left.
    under, over = -2 * PROPENSITY_ONE, 2 * PROPENSITY_ONE
    while over - under > 1:
        middle = (under + over) // 2
        under, over = (middle, over) if sum(moved(middle)) <= PROPENSITY_ONE else (under, middle)
    after, next_after = moved(under), moved(over)
    left = PROPENSITY_ONE - sum(after)
    for index, ppm in enumerate(next_after):
        if left and ppm > after[index]:
            after[index] += 1
            left -= 1
    return tuple(after)
