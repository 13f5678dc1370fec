"""What the page of an advice shows: its sentences in the reader's language, its steps, and the drafts among them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from warum.app.advice.show import AdviceOut, StepOut
from warum.app.decisions.shapes import ProposalDetails
from warum.app.inquiries.shapes import SourceOut
from warum.kernel.ids import public
from warum.kernel.period import to_us
from warum.web.console import rows
from warum.web.console.cards import method, said
from warum.web.console.look import Look

LANGUAGES: Final = ("de", "en")
steps_max: Final = 100
_LEADS: Final = frozenset({"claim", "number", "sureness"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A titled part of the explanation."""

    key: str
    title: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A letter as the partner would read it; ``step`` is its place among the steps."""

    step: int
    to: str
    subject: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRow:
    """A step. ``path`` leads to what it changed, once it was taken."""

    says: str
    draft: Draft | None
    path: str
    taken_us: int | None
    undone_us: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AdviceView:
    """Everything behind an advice.

    Attributes:
        language: of the drafts that are shown, and performed when this page approves.
        others: (name, address) of the other languages in which there are drafts.
    """

    claim: str
    number: str
    sureness: str
    parts: tuple[Part, ...]
    steps: tuple[StepRow, ...]
    rows: tuple[tuple[str, str], ...]
    language: str
    others: tuple[tuple[str, str], ...]
    reversible: bool
    promised: str
    method: tuple[tuple[str, str], ...]


def view(
    look: Look,
    details: ProposalDetails,
    asked: str,
    names: Mapping[str, str],
    typed: Mapping[int, tuple[str, str]],
) -> AdviceView:
    """Args:
    asked: the language of the drafts that the reader picked; another one where there is none in it.
    names: of partners, by public id.
    typed: subject and body of drafts that the reader has changed, by their place among the steps.
    """
    advice = details.advice
    assert advice is not None
    line = details.proposal
    # Once it was followed, only what was taken is shown.
    taken = {one.language for one in advice.steps if one.language and one.taken_at is not None}
    languages = sorted(taken or {one.language for one in advice.steps if one.language})
    language = asked if asked in languages else look.locale if look.locale in languages else (languages or ["de"])[0]
    leads = {
        one.key: " ".join(said(look, words) for words in one.sentences) for one in advice.sections if one.key in _LEADS
    }
    path = f"/decisions/{public('proposal', line.id)}"
    low, high = details.measured_low, details.measured_high
    formats = look.formats
    return AdviceView(
        claim=leads["claim"],
        number=leads.get("number", ""),
        sureness=leads["sureness"],
        parts=tuple(
            Part(
                key=one.key,
                title=said(look, one.title),
                sentences=tuple(said(look, words) for words in one.sentences),
            )
            for one in advice.sections
            if one.key not in _LEADS
        ),
        steps=tuple(
            _step(look, number, one, names, typed.get(number))
            for number, one in enumerate(advice.steps)
            if one.language in ("", language)
        ),
        rows=tuple(_rows(look, one) for one in advice.rows),
        language=language,
        others=tuple(
            (look.say(f"language.{other}"), f"{path}?letters={other}") for other in languages if other != language
        ),
        reversible=advice.reversible,
        promised=f"{formats.money_about(low.amount_minor, low.currency)} – "
        f"{formats.money_about(high.amount_minor, high.currency)}"
        if advice.metric
        else "",
        method=method(details),
    )


def partners(advice: AdviceOut) -> tuple[str, ...]:
    """Public ids of those who would get a letter."""
    return tuple(dict.fromkeys(one.letter.to for one in advice.steps if one.letter is not None))


def _step(look: Look, number: int, step: StepOut, names: Mapping[str, str], typed: tuple[str, str] | None) -> StepRow:
    letter = step.letter
    subject, body = typed or (("", "") if letter is None else (letter.subject, letter.body))
    return StepRow(
        says=said(look, step.words),
        draft=None
        if letter is None
        else Draft(step=number, to=names.get(letter.to, letter.to), subject=subject, body=body),
        path="" if step.result is None else _path(step.result),
        taken_us=None if step.taken_at is None else to_us(step.taken_at),
        undone_us=None if step.undone_at is None else to_us(step.undone_at),
    )


def _path(subject: str) -> str:
    """The page of what a step changed; empty where it has none."""
    pages = {"psh": "/partnerships", "pub": "/publishers", "prg": "/programs", "cnv": "/conversions", "lnk": "/links"}
    page = pages.get(subject.partition("_")[0])
    return "" if page is None else f"{page}/{subject}"


def _rows(look: Look, source: SourceOut) -> tuple[str, str]:
    """The list behind a number, and what it is called. Clicks are counted and not kept, so theirs is the list of
    links."""
    if source.table != "conversion":
        return look.say("advice.rows.links"), "/links"
    listed = rows.conversions(
        range="all",
        mode="live",
        credited="yes",
        program=None if source.program is None else public("program", source.program),
        publisher=None if source.publisher is None else public("publisher", source.publisher),
        offer=None if source.offer is None else public("offer", source.offer),
        status=source.status or None,
    )
    return look.say("advice.rows.conversions"), listed
