"""An explanation in the shape that is told outside, with its words at the length that was asked for."""

from __future__ import annotations

from typing import Protocol
from urllib.parse import urlencode

from warum.app.explain.shapes import Lang
from warum.app.inquiries.shapes import (
    InquiryFigure,
    InquiryOut,
    Length,
    NumberOut,
    Said,
    SaidSection,
    SourceOut,
    StatementOut,
    ValueOut,
)
from warum.app.offers import propensity
from warum.domain.explain.record import Explanation, Figure, Number, Source, Statement
from warum.domain.explain.tell import card, mail, page
from warum.domain.explain.voice import Named, Voice, voice
from warum.kernel.period import from_us


class HowAsked(Protocol):
    """What all inquiries are asked with."""

    @property
    def lang(self) -> Lang: ...
    @property
    def length(self) -> Length: ...
    @property
    def base(self) -> str: ...


def told(explanation: Explanation, ask: HowAsked, named: Named, path: str) -> InquiryOut:
    """The answer; ``path`` is where the console shows it."""
    return InquiryOut(
        inquiry=explanation.inquiry,
        label=explanation.label,
        verdict=explanation.verdict,
        currency=explanation.currency,
        claim=_statement(explanation.claim),
        number=None if explanation.number is None else _number(explanation.number),
        reasons=tuple(map(_statement, explanation.reasons)),
        considered=tuple(map(_statement, explanation.considered)),
        would_change=tuple(map(_statement, explanation.would_change)),
        sureness=_statement(explanation.sureness),
        limits=tuple(map(_statement, explanation.limits)),
        figures=tuple(_figure(one, voice(explanation, ask.lang.value, named)) for one in explanation.figures),
        rows=tuple(map(source_out, explanation.sources)),
        path=path,
        said=_said(explanation, ask, named, path),
    )


def path_of(inquiry: str, **query: object) -> str:
    """The address of an answer in the console; what is empty does not stand in it."""
    return f"/ask/{inquiry}?{urlencode({name: str(value) for name, value in query.items() if value not in (None, '')})}"


def _said(explanation: Explanation, ask: HowAsked, named: Named, path: str) -> Said:
    language = ask.lang.value
    subject, sections = None, ()
    match ask.length:
        case Length.CARD:
            text = card(explanation, language, named)
        case Length.MAIL:
            written = mail(explanation, language, named, link=f"{ask.base}{path}" if ask.base else "")
            subject, text = written.subject, written.text
        case Length.PAGE:
            sections = tuple(
                SaidSection(key=section.key, title=section.title, sentences=section.sentences)
                for section in page(explanation, language, named)
            )
            text = "\n\n".join("\n".join([section.title, *section.sentences]) for section in sections)
    label = voice(explanation, language, named).words(f"label.{explanation.label.value}")
    return Said(lang=ask.lang, length=ask.length, label=label, subject=subject, text=text, sections=sections)


def _statement(statement: Statement) -> StatementOut:
    return StatementOut(
        code=statement.code,
        parameters=tuple(ValueOut(name=one.name, value=one.value) for one in statement.parameters),
    )


def _number(number: Number) -> NumberOut:
    return NumberOut(
        name=number.name,
        value=number.value,
        low=number.low,
        high=number.high,
        unit=number.unit,
        confidence=None if number.confidence_ppm is None else propensity(number.confidence_ppm),
    )


def _figure(figure: Figure, speech: Voice) -> InquiryFigure:
    return InquiryFigure(
        name=figure.name,
        value=figure.value,
        unit=figure.unit,
        of=tuple(ValueOut(name=one.name, value=one.value) for one in figure.of),
        label=", ".join(speech.value(one.name, one.value, "") for one in figure.of if one.name != "currency"),
        rows=None if figure.source is None else source_out(figure.source),
    )


def source_out(source: Source) -> SourceOut:
    """Where rows are, as it is told outside."""
    return SourceOut(
        table=source.table,
        program=source.program,
        offer=source.offer,
        arm=source.arm,
        publisher=source.publisher,
        status=source.status,
        from_at=from_us(source.from_us),
        until_at=from_us(source.until_us),
    )
