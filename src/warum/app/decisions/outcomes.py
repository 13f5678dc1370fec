"""Writing down what came of a promise, with the facts that it was measured from and its entry in the log."""

from __future__ import annotations

from warum.app.log.entries import enter_outcome
from warum.domain.decisions import Outcome
from warum.domain.packing import plain
from warum.kernel.canonical import canonical
from warum.ports.database import Tx
from warum.ports.decisions import Measurable, StoredOutcome


def write_outcome(
    tx: Tx, one: Measurable, outcome: Outcome, facts: object, *, kind: str, final: bool, until_us: int, now_us: int
) -> bool:
    """Whether it was written: on the way, what has not changed since the last time is not.

    Args:
        facts: the record that it was measured from; ``kind`` names what it is.
        until_us: up to which exposures it covers.
    """
    if one.last is not None and not final and one.last.outcome == outcome:
        return False
    stored = one.proposal
    made = StoredOutcome(
        proposal=stored.id,
        facts=tx.evidence.keep_facts(
            kind=kind, advertiser=stored.advertiser, body=canonical(plain(facts)), at_us=now_us
        ),
        final=final,
        outcome=outcome,
        until_us=until_us,
        measured_at_us=now_us,
    )
    tx.decisions.add_outcome(made)
    enter_outcome(tx, made, stored)
    return True
