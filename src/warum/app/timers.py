"""Timers: a conversion whose hold has run out is released, at the moment when it ran out and not when we got to it."""

from __future__ import annotations

from collections.abc import Iterable

from warum.app.steps import write_steps
from warum.domain.catalog import CommissionRule, Terms, Validation
from warum.domain.conversion import Conversion, EventKind
from warum.domain.lifecycle import Cause, Transition, move
from warum.ports.database import Tx
from warum.verticals.contract import release

MANUAL_NOTE = "the hold is over; the program waits for the advertiser's own word"


def release_due(tx: Tx, *, until_us: int, limit: int) -> int:
    """Release at most ``limit`` conversions whose hold ended at or before ``until_us``, the earliest first; how many
    there were."""
    due = tx.conversions.due(until_us, limit)
    if not due:
        return 0
    programs = {conversion.program for conversion in due}
    terms, rules = tx.catalog.terms(programs), rules_by_id(tx.catalog.rules(programs).values())
    steps = [released(conversion, terms[conversion.program], rules) for conversion in due]
    write_steps(tx, steps, terms=terms)
    return len(steps)


def released(conversion: Conversion, terms: Terms, rules: dict[int, CommissionRule]) -> Transition:
    """The step of a pending conversion whose hold is over."""
    at_us = conversion.standing.release_at_us
    if at_us is None:
        raise ValueError("a conversion without a clock is not released")
    manual = terms.validation is Validation.MANUAL
    cause = Cause(kind=EventKind.RELEASED, at_us=at_us, seen_us=at_us, note=MANUAL_NOTE if manual else None)
    rule = None if conversion.rule is None else rules[conversion.rule]
    return move(conversion, release(conversion.standing, terms), rule, cause)


def rules_by_id(rules: Iterable[Iterable[CommissionRule]]) -> dict[int, CommissionRule]:
    return {rule.id: rule for of_program in rules for rule in of_program}
