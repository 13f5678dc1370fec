"""Is a broken assignment found as it happens, without being told when? The headline tests of Upworthy in week order.

The archive's authors report that assignment probably was not random from 2013-06-25 to 2014-01-10. Those dates are used
for the figures alone. Each test is judged by its impressions against equal shares; after each week the watch hears how
many of the week's tests were found broken. Every setting is the default of the domain.

``days_to_alarm`` counts from the reported first day to the end of the week in which an alarm was raised, 0 where it
stood already. ``false_periods`` counts alarms that were lifted before the reported period, or raised after it.

The anchor is what is customary: Pearson's chi-square for each test, and a week is called broken when more than the
tolerated share of its tests is beyond 0.001, with no regard to how many tests it has or how often one looks."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date, timedelta
from math import log
from time import perf_counter
from typing import Final

import numpy as np

from warum.domain.experiment.ratio import Watch, log_evidence, ratio_alpha, tolerated_share, watch_experiments
from warum.domain.samples import chi_square_tail
from warum.domain.shrinkage import Floats
from warum.kernel.refusal import Refusal
from warum.main.bench.headline_tests import HeadlineTest, headline_tests, not_measured, options, weeks_of

reported_first: Final = date(2013, 6, 25)
reported_last: Final = date(2014, 1, 10)
days_to_alarm_max: Final = 7
false_periods_max: Final = 1

LIMITS: Final = (
    "The file has weeks (from Sunday), not days: an alarm comes at the end of one, 5 days after onset at best.",
    "A test belongs to the week it was created in, and may have run into the next.",
    "Planned shares are not recorded; equal ones are assumed for all arms of a test.",
    "The reported dates are themselves an inference of the archive's authors.",
)


def run(argv: Sequence[str]) -> dict[str, object]:
    """The benchmark as the command line has it."""
    asked = options("sample-ratio").parse_args(argv)
    begun = perf_counter()
    tests = headline_tests(asked.data)
    if isinstance(tests, Refusal):
        return not_measured(tests)
    found = figures(tests)
    return {**found, "limits": list(LIMITS), "seconds": round(perf_counter() - begun, 1)}


def figures(tests: Sequence[HeadlineTest]) -> dict[str, object]:
    """What the watch made of the weeks, and how that compares with the reported dates."""
    able = [test for test in tests if len(test.impressions) > 1 and test.impressions.sum() > 0]
    if not able:
        return not_measured(Refusal(code="nothing_there", message="There is no test with two arms and impressions."))
    weeks = weeks_of(able)
    judged, broken, classic = (np.zeros(len(weeks)) for _ in range(3))
    for test in able:
        week = (test.sunday - weeks[0]).days // 7
        arms = len(test.impressions)
        judged[week] += 1
        broken[week] += float(log_evidence(test.impressions, np.full(arms, 1 / arms))) >= -log(ratio_alpha)
        classic[week] += _chi_square(test.impressions) < ratio_alpha
    watch = watch_experiments(judged, broken)
    if isinstance(watch, Refusal):
        return not_measured(watch)
    for week, sunday in enumerate(weeks):
        print(f"{_name(sunday)}: {broken[week]:.0f} of {judged[week]:.0f} tests broken", file=sys.stderr)
    alarms = [_dates(weeks, alarm.since, alarm.until) for alarm in watch.alarms]
    true = [index for index, period in enumerate(alarms) if _meets(period)]
    days = _days_to_alarm(watch, weeks, true)
    false = len(alarms) - len(true)
    within = np.array([_meets((sunday, sunday + timedelta(days=6))) for sunday in weeks], dtype=np.bool_)
    called = classic > tolerated_share * judged
    return {
        "days_to_alarm": days,
        "false_periods": false,
        "days_to_clear": _days_to_clear(watch, weeks, true),
        "passed": days is not None and days <= days_to_alarm_max and false <= false_periods_max,
        "alarms": [
            {
                "since": _name(weeks[alarm.since]),
                "raised_after": _name(weeks[alarm.raised_at]),
                "until": None if alarm.until is None else _name(weeks[alarm.until]),
                "cleared_after": None if alarm.cleared_at is None else _name(weeks[alarm.cleared_at]),
            }
            for alarm in watch.alarms
        ],
        "located": [f"{weeks[span.first]} to {weeks[span.last] + timedelta(days=6)}" for span in watch.spans],
        "tests": len(able),
        "left_out": len(tests) - len(able),
        "weeks": len(weeks),
        "broken_share_within": _share(broken[within].sum(), judged[within].sum()),
        "broken_share_outside": _share(broken[~within].sum(), judged[~within].sum()),
        "anchors": {
            "weekly_chi_square_days_to_alarm": next(
                (_after(sunday) for week, sunday in enumerate(weeks) if called[week] and within[week]), None
            ),
            "weekly_chi_square_false_weeks": int((called & ~within).sum()),
            "weekly_chi_square_missed_weeks": int((~called & within & (judged > 0)).sum()),
        },
    }


def _days_to_alarm(watch: Watch, weeks: Sequence[date], true: Sequence[int]) -> int | None:
    return max(0, _after(weeks[watch.alarms[true[0]].raised_at])) if true else None


def _days_to_clear(watch: Watch, weeks: Sequence[date], true: Sequence[int]) -> int | None:
    """From the reported last day to the end of the week at which the last of the true alarms was lifted."""
    cleared = watch.alarms[true[-1]].cleared_at if true else None
    return None if cleared is None else (weeks[cleared] + timedelta(days=7) - reported_last).days


def _after(sunday: date) -> int:
    """Days from the reported onset to the end of the week."""
    return (sunday + timedelta(days=7) - reported_first).days


def _dates(weeks: Sequence[date], first: int, last: int | None) -> tuple[date, date]:
    return weeks[first], date.max if last is None else weeks[last] + timedelta(days=6)


def _meets(period: tuple[date, date]) -> bool:
    return period[0] <= reported_last and period[1] >= reported_first


def _chi_square(impressions: Floats) -> float:
    expected = impressions.mean()
    return chi_square_tail(float(((impressions - expected) ** 2 / expected).sum()), len(impressions) - 1)


def _name(sunday: date) -> str:
    return f"week from {sunday.isoformat()}"


def _share(part: float, whole: float) -> float | None:
    return round(float(part / whole), 4) if whole else None
