"""What became of what an advice promised: a metric over the horizon, from the day after its steps were performed. Whole
UTC days, since a link reference knows no finer time.

``METRICS`` lists what can be promised: each reads what its subject brought. Nothing is drawn by lot here, so an outcome
says whether the promise came true, not that the advice was the cause."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from warum.app.decisions.outcomes import write_outcome
from warum.app.decisions.stored import read_advice
from warum.domain.advice import Advice
from warum.domain.decisions import Expected, Held, Outcome
from warum.kernel.ids import private
from warum.kernel.period import DAY_US, utc_day
from warum.ports.database import Tx
from warum.ports.decisions import Measurable
from warum.ports.network import Value

FACTS: Final = "advice_outcome"
pending_ppm_max: Final = 200_000
"""With more undecided the promise stays open."""
wait_days_max: Final = 60
"""After so long what is still undecided counts as approved."""

_PPM: Final = 1_000_000

Metric: TypeAlias = Callable[[Tx, Advice, int, int], Value]
"""What the subject brought between two moments."""


def _publisher(tx: Tx, advice: Advice, from_us: int, until_us: int) -> Value:
    publisher = private("publisher", advice.subject)
    return tx.network.value(advice.program, advice.currency, publisher=publisher, from_us=from_us, until_us=until_us)


def _program(tx: Tx, advice: Advice, from_us: int, until_us: int) -> Value:
    return tx.network.value(advice.program, advice.currency, from_us=from_us, until_us=until_us)


METRICS: Final[Mapping[str, Metric]] = {
    "publisher_value": _publisher,
    "program_value": _program,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AdviceFacts:
    """What a measurement was made from."""

    proposal: int
    metric: str
    currency: str
    from_us: int
    until_us: int
    seen: Value
    promise: Expected


def measure_advice(tx: Tx, one: Measurable, days_settling: int, *, now_us: int, data_until_us: int) -> bool:
    """Measure it, if it promised anything and was followed; whether an outcome was written."""
    stored, advice = one.proposal, read_advice(one.proposal.body)
    metric = METRICS.get(advice.metric)
    if metric is None or one.taken_at_us is None:
        return False
    from_us = (utc_day(one.taken_at_us) + 1) * DAY_US
    end_us = from_us + advice.expected.horizon_days * DAY_US
    until_us = min(end_us, utc_day(data_until_us) * DAY_US)
    if until_us <= from_us:
        return False
    seen = metric(tx, advice, from_us, until_us)
    part = (until_us - from_us) / (end_us - from_us)
    waited = data_until_us >= end_us + wait_days_max * DAY_US
    outcome = judged(seen, advice.expected, part=part, pending_ppm_max=_PPM if waited else pending_ppm_max)
    final = data_until_us >= end_us + days_settling * DAY_US and outcome.held is not Held.OPEN
    facts = AdviceFacts(
        proposal=stored.id,
        metric=advice.metric,
        currency=advice.currency,
        from_us=from_us,
        until_us=until_us,
        seen=seen,
        promise=advice.expected,
    )
    return write_outcome(tx, one, outcome, facts, kind=FACTS, final=final, until_us=until_us, now_us=now_us)


def judged(seen: Value, promise: Expected, *, part: float, pending_ppm_max: int = pending_ppm_max) -> Outcome:
    """What was brought beside what was promised.

    Args:
        part: of the horizon that is over, 0 to 1; promise and baseline shrink with it.
        pending_ppm_max: with more of the conversions undecided it stays open.
    """

    def so_far(minor: int) -> int:
        return round(minor * part)

    pending_ppm = seen.pending * _PPM // max(1, seen.pending + seen.approved + seen.declined)
    gain = seen.approved_minor + seen.pending_minor - so_far(promise.value_minor)
    low, high = so_far(promise.measured_low_minor), so_far(promise.measured_high_minor)
    held = Held.BELOW if gain < low else Held.ABOVE if gain > high else Held.KEPT
    return Outcome(
        held=Held.OPEN if part < 1 or pending_ppm > pending_ppm_max else held,
        gain_minor=gain,
        low_minor=seen.approved_minor - so_far(promise.value_minor),
        high_minor=gain,
        promised_minor=so_far(promise.gain_minor),
        promised_low_minor=low,
        promised_high_minor=high,
        exposures=seen.clicks,
        pending_ppm=pending_ppm,
    )
