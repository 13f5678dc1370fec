"""How often does looking every day call out a difference that is not there, and what does looking cost in power?

Each of Upworthy's headline tests is laid out over thirty days. For ``false_alarm_rate`` its clicks are dealt anew among
all its impressions, so that no headline is better than another; for ``power`` they stay with their headlines, and the
share of tests is counted in which a difference was found. Both arms are the first two of the file, chosen without
regard to their clicks; ``many_arms`` has all arms against the first, with what is found in any of them.

Anchors on the same data: a z-test at 5 % every day (chi-square for many arms), and z-tests once, at the end, at 5 %
over the number of comparisons, which is what ``power`` stands beside. Planned is the number of impressions the test
came to, as the test at the end has it too; ``power_planned_half`` and ``power_planned_double`` show what a wrong plan
costs."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Final

import numpy as np

from warum.domain.experiment.fixed import many_rates, two_rates
from warum.domain.experiment.sequences import rate_differences
from warum.domain.shrinkage import Floats
from warum.kernel.refusal import Refusal
from warum.main.bench.headline_tests import HeadlineTest, headline_tests, not_measured, options

days: Final = 30
alpha: Final = 0.05
false_alarm_rate_max: Final = 0.05

LIMITS: Final = (
    "The file has totals: how impressions and clicks fall on days is drawn, evenly, not observed.",
    "Which headlines truly differ is not known: power is the share of tests in which something was found.",
    "Impressions count as independent; one reader seen twice is not told apart.",
    "Tests from the period with a broken sample ratio are among them: dealing anew does not mind, power may.",
    "A test the sequence refuses for too few clicks counts as one in which the sequence found nothing.",
)


@dataclass
class Tally:
    """Findings of each method, and the tests they are out of."""

    tests: int = 0
    refused: int = 0
    sequence: int = 0
    daily_z: int = 0
    at_end: int = 0
    days_sum: int = 0
    pairs_at_end: int = 0
    planned_half: int = 0
    planned_double: int = 0

    def rate(self, found: int) -> float:
        return round(found / max(self.tests, 1), 4)


def run(argv: Sequence[str]) -> dict[str, object]:
    """The benchmark as the command line has it."""
    parser = options("peeking")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--tests", type=int, default=None, help="only the first so many")
    asked = parser.parse_args(argv)
    begun = perf_counter()
    tests = headline_tests(asked.data)
    if isinstance(tests, Refusal):
        return not_measured(tests)
    found = figures(tests[: asked.tests], asked.seed)
    return {**found, "limits": list(LIMITS), "seconds": round(perf_counter() - begun, 1)}


def figures(tests: Sequence[HeadlineTest], seed: int) -> dict[str, object]:
    """All four tallies: two arms and many, dealt anew and as they were."""
    rng = np.random.default_rng(seed)
    able = [test for test in tests if len(test.impressions) > 1 and test.impressions.min() > 0]
    if not able:
        return not_measured(Refusal(code="nothing_there", message="There is no test with two arms and impressions."))
    null, real, many_null, many_real = Tally(), Tally(), Tally(), Tally()
    for index, test in enumerate(able):
        if index % 1_000 == 0:
            print(f"test {index} of {len(able)}", file=sys.stderr)
        for arms, dealt, kept in ((2, null, real), (len(test.impressions), many_null, many_real)):
            seen = _laid_out(test.impressions[:arms], rng)
            _look(seen, _dealt_anew(seen, test.clicks[:arms], rng), dealt)
            _look(seen, _as_they_were(seen, test.clicks[:arms], rng), kept)
    false_alarm_rate = null.rate(null.sequence)
    return {
        "false_alarm_rate": false_alarm_rate,
        "power": real.rate(real.sequence),
        "power_fixed_horizon": real.rate(real.at_end),
        "passed": false_alarm_rate <= false_alarm_rate_max
        and many_null.rate(many_null.sequence) <= false_alarm_rate_max,
        "power_planned_half": real.rate(real.planned_half),
        "power_planned_double": real.rate(real.planned_double),
        "false_alarm_rate_planned_half": null.rate(null.planned_half),
        "false_alarm_rate_planned_double": null.rate(null.planned_double),
        "days_to_decision": round(real.days_sum / max(real.sequence, 1), 1),
        "tests": null.tests,
        "left_out": len(tests) - null.tests,
        "too_few_clicks": null.refused,
        "days": days,
        "seed": seed,
        "anchors": {
            "daily_z_false_alarm_rate": null.rate(null.daily_z),
            "fixed_horizon_false_alarm_rate": null.rate(null.at_end),
            "fixed_horizon_power": real.rate(real.at_end),
        },
        "many_arms": _many(many_null, many_real),
    }


def _many(null: Tally, real: Tally) -> Mapping[str, float]:
    return {
        "false_alarm_rate": null.rate(null.sequence),
        "power": real.rate(real.sequence),
        "daily_chi_square_false_alarm_rate": null.rate(null.daily_z),
        "fixed_horizon_false_alarm_rate": null.rate(null.pairs_at_end),
        "fixed_horizon_power": real.rate(real.pairs_at_end),
        "fixed_horizon_chi_square_power": real.rate(real.at_end),
    }


def _look(seen: Floats, hits: Floats, tally: Tally) -> None:
    """One trial through every method."""
    tally.tests += 1
    answer = rate_differences(seen, hits, planned_units=float(seen.sum()), alpha=alpha)
    tally.planned_half += _finds(seen, hits, 0.5)
    tally.planned_double += _finds(seen, hits, 2.0)
    if isinstance(answer, Refusal):
        tally.refused += 1
    else:
        decided = [one.decided_at for one in answer if one.decided_at is not None]
        tally.sequence += bool(decided)
        tally.days_sum += min(decided) + 1 if decided else 0
    daily = [_once(units, events) for units, events in zip(seen.cumsum(axis=0), hits.cumsum(axis=0), strict=True)]
    tally.daily_z += min(daily) < alpha
    tally.at_end += daily[-1] < alpha
    units, events = seen.sum(axis=0), hits.sum(axis=0)
    pairs = [_once(units[[0, arm]], events[[0, arm]]) for arm in range(1, len(units))]
    tally.pairs_at_end += min(pairs) < alpha / len(pairs)


def _finds(seen: Floats, hits: Floats, planned: float) -> bool:
    """Whether anything is found if so many times the impressions had been planned."""
    answer = rate_differences(seen, hits, planned_units=planned * float(seen.sum()), alpha=alpha)
    return not isinstance(answer, Refusal) and any(one.decided_at is not None for one in answer)


def _once(units: Floats, events: Floats) -> float:
    """The p-value of the test that may be read once; 1 where there is nothing to read yet."""
    if len(units) > 2:
        p_value = many_rates(units, events)
        return 1.0 if isinstance(p_value, Refusal) else p_value
    test = two_rates(units, events, alpha=alpha)
    return 1.0 if isinstance(test, Refusal) else test.p_value


def _laid_out(impressions: Floats, rng: np.random.Generator) -> Floats:
    """Days x arms."""
    even = np.full(days, 1 / days)
    return np.stack([rng.multinomial(int(count), even) for count in impressions], axis=1).astype(np.float64)


def _dealt_anew(seen: Floats, clicks: Floats, rng: np.random.Generator) -> Floats:
    """All clicks among all impressions, each as likely as another to get one."""
    return _drawn(seen.ravel(), float(clicks.sum()), rng).reshape(seen.shape)


def _as_they_were(seen: Floats, clicks: Floats, rng: np.random.Generator) -> Floats:
    """Each arm's clicks among its own impressions."""
    return np.stack([_drawn(seen[:, arm], float(count), rng) for arm, count in enumerate(clicks)], axis=1)


def _drawn(cells: Floats, clicks: float, rng: np.random.Generator) -> Floats:
    return rng.multivariate_hypergeometric(cells.astype(np.int64), int(clicks), method="marginals").astype(np.float64)
