"""What each program and each publisher brought."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import Field

from warum.app.border import AdvertiserRef, ProgramRef, PublisherRef, border
from warum.app.call import Call
from warum.app.figures.shapes import Figures, Since, Until, figures, within
from warum.app.programs import ProgramOut, RuleOut, program_out, rule_out
from warum.app.publishers import PublisherOut, publisher_out
from warum.domain.catalog import CommissionKind, CommissionRule
from warum.kernel.refusal import Refusal
from warum.ports.database import Tx
from warum.ports.figures import Partners, Seen, Subject

_many: Final = 10_000


@border
class ProgramLine:
    program: ProgramOut
    advertiser_name: str
    rule: Annotated[RuleOut | None, Field(description="In force for everybody; null: nothing is paid per sale.")]
    rules_more: Annotated[int, Field(description="Further rules in force: of single publishers, groups, or per click.")]
    partners: Annotated[int, Field(description="Approved partnerships.")]
    applications: Annotated[int, Field(description="Partnerships that wait for a decision.")]
    figures: Figures


@border
class ProgramLines:
    programs: tuple[ProgramLine, ...]


@border
class ProgramFigures:
    advertiser: AdvertiserRef | None = None
    program: ProgramRef | None = None
    since: Since = None
    until: Until = None


def list_program_figures(tx: Tx, call: Call, ask: ProgramFigures) -> ProgramLines | Refusal:
    span = within(call, ask.since, ask.until, program=ask.program)
    found = [
        program
        for program in tx.catalog.programs(advertiser=ask.advertiser, after=0, limit=_many)
        if ask.program in (None, program.id)
    ]
    names = {advertiser.id: advertiser.name for advertiser in tx.catalog.advertisers(0, _many)}
    seen, totals = tx.figures.seen(Subject.PROGRAM, span), tx.figures.totals_by(Subject.PROGRAM, span)
    partners = tx.figures.partners(Subject.PROGRAM)
    rules = tx.catalog.rules([program.id for program in found])
    lines: list[ProgramLine] = []
    for program in found:
        in_force = rules_in_force(rules.get(program.id, ()), call.now_us)
        general = next((rule for rule in in_force if is_general(rule)), None)
        with_us = partners.get(program.id, Partners())
        lines.append(
            ProgramLine(
                program=program_out(program),
                advertiser_name=names[program.advertiser],
                rule=None if general is None else rule_out(general),
                rules_more=len(in_force) - (general is not None),
                partners=with_us.approved,
                applications=with_us.applied,
                figures=figures(seen.get(program.id, Seen()), totals.get(program.id, ())),
            )
        )
    return ProgramLines(programs=tuple(lines))


@border
class PublisherLine:
    publisher: PublisherOut
    partnerships: Annotated[int, Field(description="Approved ones.")]
    applications: Annotated[int, Field(description="Partnerships that wait for a decision.")]
    figures: Figures


@border
class PublisherLines:
    publishers: tuple[PublisherLine, ...]


@border
class PublisherFigures:
    program: ProgramRef | None = None
    publisher: PublisherRef | None = None
    since: Since = None
    until: Until = None


def list_publisher_figures(tx: Tx, call: Call, ask: PublisherFigures) -> PublisherLines | Refusal:
    span = within(call, ask.since, ask.until, program=ask.program, publisher=ask.publisher)
    seen, totals = tx.figures.seen(Subject.PUBLISHER, span), tx.figures.totals_by(Subject.PUBLISHER, span)
    partners = tx.figures.partners(Subject.PUBLISHER)
    return PublisherLines(
        publishers=tuple(
            PublisherLine(
                publisher=publisher_out(publisher),
                partnerships=partners.get(publisher.id, Partners()).approved,
                applications=partners.get(publisher.id, Partners()).applied,
                figures=figures(seen.get(publisher.id, Seen()), totals.get(publisher.id, ())),
            )
            for publisher in tx.catalog.publishers(0, _many)
            if ask.publisher in (None, publisher.id)
        )
    )


def rules_in_force(rules: tuple[CommissionRule, ...], at_us: int) -> list[CommissionRule]:
    """The newest version that has begun, of each publisher, group and way of paying."""
    newest: dict[tuple[int | None, str, bool], CommissionRule] = {}
    for rule in sorted(rules, key=lambda rule: (rule.valid_from_us, rule.version)):
        if rule.valid_from_us <= at_us:
            newest[rule.publisher, rule.group, rule.kind is CommissionKind.PER_CLICK] = rule
    return list(newest.values())


def is_general(rule: CommissionRule) -> bool:
    """Whether it pays everybody's sales."""
    return rule.publisher is None and not rule.group and rule.kind is not CommissionKind.PER_CLICK
