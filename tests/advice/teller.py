"""A bot that advises what its program's notes tell it to, so that what happens to an advice can be tried without any
judgement. It answers the contract of advising bots like the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from warum.domain.advice import Advice, Step, letter, nothing_promised, step
from warum.domain.bots.origin import origin
from warum.domain.decisions import Abstention, Expected, Policy, Unit
from warum.domain.explain.record import Explanation, Label, Number, Source, state
from warum.kernel.ids import public
from warum.kernel.period import HOUR_US
from warum.ports.catalog import Program
from warum.ports.database import Tx

NAME: Final = "teller"


@dataclass(frozen=True, slots=True, kw_only=True)
class TellerFacts:
    """What is to be said: the last note of the program, one word each for what to do."""

    program: int
    publisher: int
    partnership: int
    now_us: int
    currency: str
    said: str


@dataclass(frozen=True, slots=True)
class Teller:
    name: str = NAME
    version: str = "1"
    touches: tuple[str, ...] = ("message.write", "partnership.end")
    facts: type[object] = TellerFacts
    every_hours: int = 1

    def advise(self, facts: TellerFacts, *, seed: int) -> tuple[Advice, ...] | Abstention:
        made_by = origin(self, facts, model="notes", seed=seed)
        words = facts.said.split()
        if "unknown" in words:
            return Abstention(
                program=facts.program,
                currency=facts.currency,
                made_at_us=facts.now_us,
                code="no_exposures",
                parameters=(),
                checks=(),
                origin=made_by,
            )
        if "quiet" in words or not words:
            return ()
        numbers = [int(word) for word in words if word.isdecimal()]
        observations, stake = (*numbers, 10, 10_000)[:2] if len(numbers) < 2 else numbers[:2]
        expected = nothing_promised(7)
        if "promise" in words:
            expected = Expected(
                gain_minor=50_000,
                low_minor=20_000,
                high_minor=80_000,
                measured_low_minor=10_000,
                measured_high_minor=90_000,
                value_minor=100_000,
                exposures=100,
                horizon_days=7,
                least_minor=1_000,
                probability_ppm=980_000,
            )
        subject = public("publisher", facts.publisher)
        return (
            Advice(
                program=facts.program,
                currency=facts.currency,
                made_at_us=facts.now_us,
                idea="told",
                subject=subject,
                observations=observations,
                headline=state("proposal.undo"),
                explanation=Explanation(
                    inquiry="proposal",
                    label=Label.ESTIMATE,
                    verdict="told",
                    currency=facts.currency,
                    claim=state("step.message.write.publisher", publisher_ref=subject, subject="Hello"),
                    number=Number(
                        name="gain", value=5_000, low=4_000, high=6_000, unit=Unit.MINOR, confidence_ppm=900_000
                    ),
                    reasons=(state("proposal.undo"),),
                    sureness=state("proposal.undo"),
                    sources=(
                        Source(
                            table="conversion",
                            from_us=facts.now_us - HOUR_US,
                            until_us=facts.now_us,
                            program=facts.program,
                            publisher=facts.publisher,
                        ),
                    ),
                ),
                expected=expected,
                metric="publisher_value" if "promise" in words else "",
                stake_minor=stake,
                steps=_steps(facts, words),
                origin=made_by,
            ),
        )


def _steps(facts: TellerFacts, words: list[str]) -> tuple[Step, ...]:
    program, publisher = public("program", facts.program), public("publisher", facts.publisher)
    steps: list[Step] = []
    if "letter" in words:
        steps += [
            letter(
                program=program, publisher=publisher, language="de", subject="Hallo", body="Guten Tag\n\n<b>Zeile</b>"
            ),
            letter(
                program=program, publisher=publisher, language="en", subject="Hello", body="Good day\n\n<b>Line</b>"
            ),
        ]
    if "broken" in words:
        steps.append(step("message.write", program=program, subject="", body="", language="de"))
    if "forbidden" in words:
        steps.append(step("partnership.end", partnership=public("partnership", facts.partnership), reason="because"))
    return tuple(steps)


BOT: Final = Teller()


def gather(tx: Tx, program: Program, policy: Policy, now_us: int) -> Any:
    notes = tx.steering.notes(program.id)
    (partnership, *_) = tx.catalog.partnerships(program=program.id, publisher=None, status=None, after=0, limit=1)
    return TellerFacts(
        program=program.id,
        publisher=partnership.publisher,
        partnership=partnership.id,
        now_us=now_us,
        currency=program.currencies[0],
        said=notes[-1].note.text if notes else "",
    )
