"""An advice in the shape that is told: its words in both languages, and each step with what it would do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Annotated

from pydantic import Field

from warum.app.advice.names import is_ref
from warum.app.advice.steps import is_reversible
from warum.app.border import border, moment
from warum.app.decisions.words import Words
from warum.app.inquiries.shapes import SourceOut
from warum.app.inquiries.told import source_out
from warum.domain.advice import LETTER, Advice, Step, fields_of
from warum.domain.bots.words import Language
from warum.domain.decisions import Parameter
from warum.domain.explain.record import Statement
from warum.domain.explain.tell import page
from warum.domain.explain.voice import Named, voice
from warum.ports.decisions import TakenStep


@border
class AdviceSection:
    key: str
    title: Words
    sentences: tuple[Words, ...]


@border
class Letter:
    """The draft of a message. Nobody but the house sees it before an approval."""

    language: str
    to: Annotated[str, Field(description="Public id of whom it is for; a program stands for its advertiser.")]
    subject: str
    body: str


@border
class StepOut:
    operation: Annotated[str, Field(description="Performed in the name of whoever approves.")]
    input: Annotated[str, Field(description="JSON.")]
    language: Annotated[str, Field(description="Of a draft in several languages: the one approved is performed.")]
    words: Words
    letter: Letter | None
    result: Annotated[str | None, Field(description="Public id of what it changed.")]
    taken_at: datetime | None
    undone_at: datetime | None


@border
class AdviceOut:
    sections: tuple[AdviceSection, ...]
    steps: tuple[StepOut, ...]
    rows: Annotated[tuple[SourceOut, ...], Field(description="Where the rows behind the numbers are.")]
    reversible: Annotated[bool, Field(description="Whether all steps can be taken back.")]
    metric: Annotated[str, Field(description="What tells whether it came true; empty where nothing is promised.")]


def headline(advice: Advice, named: Named) -> Words:
    return _both(advice, named, advice.headline)


def claim(advice: Advice, named: Named) -> Words:
    return _both(advice, named, advice.explanation.claim)


def advice_out(advice: Advice, named: Named, taken: Sequence[TakenStep]) -> AdviceOut:
    german, english = (page(advice.explanation, language, named) for language in ("de", "en"))
    done = {one.number: one for one in taken}
    return AdviceOut(
        sections=tuple(
            AdviceSection(
                key=one.key,
                title=Words(de=one.title, en=other.title),
                sentences=tuple(Words(de=de, en=en) for de, en in zip(one.sentences, other.sentences, strict=True)),
            )
            for one, other in zip(german, english, strict=True)
        ),
        steps=tuple(_step(advice, one, named, done.get(number)) for number, one in enumerate(advice.steps)),
        rows=tuple(map(source_out, advice.explanation.sources)),
        reversible=is_reversible(advice.steps),
        metric=advice.metric,
    )


def _step(advice: Advice, one: Step, named: Named, taken: TakenStep | None) -> StepOut:
    # As it was performed, where it was: whoever approved may have written the draft anew.
    fields = fields_of(one if taken is None else replace(one, input=taken.input))
    to = "publisher" if "publisher" in fields else "program"
    code = f"step.{one.operation}"
    statement = Statement(
        code=f"{code}.{to}" if one.operation == LETTER else code,
        parameters=tuple(
            Parameter(name=f"{name}_ref" if is_ref(value) else name, value=str(value))
            for name, value in fields.items()
            if isinstance(value, str | int)
        ),
    )
    return StepOut(
        operation=one.operation,
        input=one.input,
        language=one.language,
        words=_both(advice, named, statement),
        letter=Letter(
            language=one.language or str(fields["language"]),
            to=str(fields[to]),
            subject=str(fields["subject"]),
            body=str(fields["body"]),
        )
        if one.operation == LETTER
        else None,
        result=None if taken is None else taken.subject,
        taken_at=None if taken is None else moment(taken.taken_at_us),
        undone_at=None if taken is None else moment(taken.undone_at_us),
    )


def _both(advice: Advice, named: Named, statement: Statement) -> Words:
    def say(language: Language) -> str:
        return voice(advice.explanation, language, named).statement(statement)

    return Words(de=say("de"), en=say("en"))
