"""What a commission rule would have cost."""

from __future__ import annotations

from warum.app.border import missing
from warum.app.call import Call
from warum.app.figures.rules import draft_of
from warum.app.inquiries.shapes import InquiryOut, RuleInquiry
from warum.app.inquiries.span import span_of
from warum.app.inquiries.told import path_of, told
from warum.domain.catalog import CommissionKind, CommissionRule
from warum.domain.explain.voice import Named
from warum.domain.inquiries.rule import Repricing, explain_rule, reprice
from warum.kernel.ids import public
from warum.kernel.refusal import Refusal
from warum.ports.catalog import Program
from warum.ports.database import Tx
from warum.ports.figures import Within


def answer(tx: Tx, call: Call, ask: RuleInquiry) -> InquiryOut | Refusal:
    program = tx.catalog.program(ask.program)
    if program is None:
        return missing("program", ask.program)
    publisher = None if ask.publisher is None else tx.catalog.publisher(ask.publisher)
    if ask.publisher is not None and publisher is None:
        return missing("publisher", ask.publisher)
    draft = _draft(ask, program)
    if isinstance(draft, Refusal):
        return draft
    span = span_of(ask.since, ask.until, zone=program.timezone, now_us=call.now_us)
    if isinstance(span, Refusal):
        return span
    within = Within(from_us=span.from_us, until_us=span.until_us, program=program.id)
    rules = tx.catalog.rules([program.id]).get(program.id, ())
    repricing = reprice(tx.figures.booked(program.id, within, zone=program.timezone), tuple(rules), draft)
    explanation = explain_rule(
        repricing,
        draft,
        currency=program.currencies[0],
        from_us=span.from_us,
        until_us=span.until_us,
        span=span.words(),
    )
    path = path_of(
        "rule",
        program=public("program", program.id),
        kind=ask.kind.value,
        percent=ask.percent,
        amount=ask.amount,
        currency=ask.currency,
        publisher=None if ask.publisher is None else public("publisher", ask.publisher),
        group=ask.group,
        since=span.first,
        until=span.last,
    )
    return told(explanation, ask, Named(subject=program.name, publishers=_publishers(tx, repricing)), path)


def _draft(ask: RuleInquiry, program: Program) -> CommissionRule | Refusal:
    if ask.kind is CommissionKind.PER_CLICK:
        return Refusal(
            code="rule_not_of_sales",
            message="This question is about rules for sales. What a rule per click would cost is told by rule.preview.",
            field="kind",
        )
    return draft_of(ask, program)


def _publishers(tx: Tx, repricing: Repricing) -> dict[int, str]:
    numbers = {key[1] for key in repricing.sums}
    found = {number: tx.catalog.publisher(number) for number in sorted(numbers)}
    return {number: publisher.name for number, publisher in found.items() if publisher is not None}
