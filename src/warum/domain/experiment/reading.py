"""Reading a trial in the one order that is safe: the split of the exposures first, effects only if it holds."""

from __future__ import annotations

from dataclasses import dataclass

from warum.domain.experiment.inputs import Row, Table, no
from warum.domain.experiment.ratio import Ratio, ratio_alpha, watch_ratio
from warum.domain.experiment.sequences import Comparison, rate_differences
from warum.kernel.refusal import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A trial whose split holds, and what its arms differ by."""

    ratio: Ratio
    comparisons: tuple[Comparison, ...]


def read_rates(
    impressions: Table,
    successes: Table,
    *,
    planned_units: float,
    shares: Row | None = None,
    control: int | None = 0,
    alpha: float = 0.05,
) -> Reading | Refusal:
    """Differences of rates, unless the sample ratio was broken at any look.

    Arguments as for ``sequences.rate_differences``. Refuses with ``sample_ratio_broken`` where the split does not hold,
    else with what either part refuses.
    """
    ratio = watch_ratio(impressions, shares, alpha=ratio_alpha)
    if isinstance(ratio, Refusal):
        return ratio
    if ratio.broken:
        shown = " : ".join(str(count) for count in ratio.impressions)
        due = " : ".join(f"{count:.0f}" for count in ratio.expected)
        where = ", ".join(f"{span.first} to {span.last}" for span in ratio.spans)
        placed = f" The deviation lies in periods {where}." if where else ""
        return no(
            "sample_ratio_broken",
            f"The arms were shown {shown} times where {due} were due (p {ratio.p_value:.1g}).{placed} "
            "Exposures were lost or added for some arms; no effect can be read until the cause is found.",
            "impressions",
        )
    comparisons = rate_differences(
        impressions, successes, planned_units=planned_units, shares=shares, control=control, alpha=alpha
    )
    return comparisons if isinstance(comparisons, Refusal) else Reading(ratio=ratio, comparisons=comparisons)
