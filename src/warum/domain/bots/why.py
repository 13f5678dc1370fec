"""Why the creative bot proposes nothing. It stands apart from the bot, because whoever tells people of it needs no
arithmetic."""

from __future__ import annotations

from enum import StrEnum


class Why(StrEnum):
    """Why there is no proposal, in the order in which it is asked."""

    ALLOCATION_BROKEN = "allocation_broken"
    ONE_ARM = "one_arm"
    FLOOR_TOO_HIGH = "floor_too_high"
    OUTSIDE_GOAL = "outside_goal"
    CLICKS_EQUAL = "clicks_equal"
    DATA_BROKEN = "data_broken"
    MARGIN_NEGATIVE = "margin_negative"
    NO_EXPOSURES = "no_exposures"
    SAMPLE_RATIO_BROKEN = "sample_ratio_broken"
    DATA_TOO_OLD = "data_too_old"
    TOO_EARLY = "too_early"
    THIN_DATA = "thin_data"
    NO_VALUE = "no_value"
    NOT_COMPUTABLE = "not_computable"
    STEP_TOO_SMALL = "step_too_small"
    NO_ARM_BETTER = "no_arm_better"
    GAIN_SMALL = "gain_small"
