"""A bot's proposal as an explanation, so that a proposal has a card, a mail and a page like any other answer."""

from __future__ import annotations

from typing import Final

from warum.domain.decisions import Evidence, Proposal, Rows, Unit, objective_of
from warum.domain.explain.record import Explanation, Figure, Label, Number, Source, Statement, state

_LEVEL_PPM: Final = 900_000
_PROBABILITY_PPM_MAX: Final = 999_000
"""A model never tells certainty."""
_COUNTS: Final = frozenset({Unit.COUNT, Unit.MINOR, Unit.DAYS, Unit.HOURS})
_COUNTED: Final = ("exposures", "conversions", "value")


def explain_proposal(proposal: Proposal) -> Explanation:
    """What would change, what that is expected to bring, and all that was weighed."""
    expected, change = proposal.expected, proposal.change
    before = {share.arm: share.propensity_ppm for share in change.before}
    leader = max(change.after, key=lambda share: share.propensity_ppm - before.get(share.arm, 0))
    return Explanation(
        inquiry="proposal",
        label=Label.ESTIMATE,
        verdict="proposed",
        currency=proposal.currency,
        claim=state(
            "proposal.show_more",
            arm=leader.arm,
            before_ppm=before.get(leader.arm, 0),
            after_ppm=leader.propensity_ppm,
        ),
        number=Number(
            name="gain",
            value=expected.gain_minor,
            low=expected.low_minor,
            high=expected.high_minor,
            unit=Unit.MINOR,
            confidence_ppm=_LEVEL_PPM,
        ),
        reasons=(state(f"proposal.for.{objective_of(proposal)}"), *_arms(proposal), *_checks(proposal)),
        considered=tuple(
            state(
                f"bot.considered.{other.name}.{other.why_not}",
                gain_minor=other.gain_minor,
                low_minor=other.low_minor,
                high_minor=other.high_minor,
            )
            for other in proposal.considered
        ),
        would_change=tuple(
            Statement(code=f"bot.what_if.{one.code}", parameters=one.parameters) for one in proposal.counterfactuals
        ),
        sureness=state(
            "proposal.sure",
            probability_ppm=min(expected.probability_ppm, _PROBABILITY_PPM_MAX),
            least_minor=expected.least_minor,
            days=expected.horizon_days,
        ),
        limits=(
            state("proposal.measured", low_minor=expected.measured_low_minor, high_minor=expected.measured_high_minor),
            state("proposal.undo"),
        ),
        figures=tuple(figure for line in proposal.evidence if (figure := _figure(line)) is not None),
        sources=tuple(dict.fromkeys(_source(line.rows) for line in proposal.evidence if line.rows.arm is None)),
    )


def _arms(proposal: Proposal) -> tuple[Statement, ...]:
    """What each arm brought; those of which all is counted."""
    counts: dict[int, dict[str, str]] = {}
    for line in proposal.evidence:
        if line.arm is not None and line.name in _COUNTED:
            counts.setdefault(line.arm, {})[line.name] = line.value
    return tuple(
        state(
            "proposal.arm",
            arm=arm,
            exposures=seen["exposures"],
            conversions=seen["conversions"],
            value_minor=seen["value"],
        )
        for arm, seen in counts.items()
        if len(seen) == len(_COUNTED)
    )


def _checks(proposal: Proposal) -> tuple[Statement, ...]:
    return tuple(
        state(f"bot.check.{check.name}", seen=check.seen, limit=check.limit)
        for check in proposal.checks
        if check.passed
    )


def _figure(line: Evidence) -> Figure | None:
    """Counts; what a bot estimated has its own interval and stands in the proposal."""
    # An estimated share of exactly one looks like a count, and is none.
    if line.unit not in _COUNTS:
        return None
    of = () if line.arm is None else state("", arm=line.arm).parameters
    return Figure(name=line.name, value=int(line.value), unit=line.unit, of=of, source=_source(line.rows))


def _source(rows: Rows) -> Source:
    return Source(
        table=rows.table,
        offer=rows.offer,
        from_us=rows.from_us,
        until_us=rows.until_us,
        arm=rows.arm,
        status=rows.status,
    )
