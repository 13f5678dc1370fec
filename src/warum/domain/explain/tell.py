"""One record, three lengths: a card (two sentences), a mail (plain text with its subject), a page (sections).

All of them say the same, and the longer ones say more of it. A mail asks for nothing: whoever reads it is told what is
known and where it can be looked up, and need not do anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from warum.domain.explain.record import Explanation, Statement
from warum.domain.explain.voice import Language, Named, Voice, voice


class Length(StrEnum):
    CARD = "card"
    MAIL = "mail"
    PAGE = "page"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    subject: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A titled part of a page. ``key`` is one of ``SECTIONS``."""

    key: str
    title: str
    sentences: tuple[str, ...]


SECTIONS: Final = ("claim", "number", "reasons", "considered", "would_change", "sureness", "limits")

_mail_reasons_max: Final = 4


def card(explanation: Explanation, language: Language, named: Named) -> str:
    """The claim and how sure it is."""
    speech = voice(explanation, language, named)
    return f"{speech.statement(explanation.claim)} {speech.statement(explanation.sureness)}"


def mail(explanation: Explanation, language: Language, named: Named, *, link: str = "") -> Mail:
    """Plain text with lines for paragraphs.

    Args:
        link: where all of it can be read; left out where it is empty.
    """
    speech = voice(explanation, language, named)
    help_title = "title.would_help" if explanation.label == "abstains" else "title.would_change"
    blocks = [
        speech.statement(explanation.claim),
        "" if explanation.number is None else speech.number(explanation.number),
        speech.statement(explanation.sureness),
        _listed(speech, "title.reasons", explanation.reasons[:_mail_reasons_max]),
        _listed(speech, help_title, explanation.would_change),
        _listed(speech, "title.limits", explanation.limits),
        f"{speech.words('mail.link')}\n{link}" if link else "",
        speech.words("mail.close.proposal" if explanation.inquiry == "proposal" else "mail.close"),
    ]
    return Mail(
        subject=speech.words(f"subject.{explanation.inquiry}", label=speech.words(f"label.{explanation.label.value}")),
        text="\n\n".join(block for block in blocks if block) + "\n",
    )


def page(explanation: Explanation, language: Language, named: Named) -> tuple[Section, ...]:
    """The sections that have something to say, in the order of ``SECTIONS``."""
    speech = voice(explanation, language, named)
    abstains = explanation.label == "abstains"
    parts: dict[str, tuple[str, ...]] = {
        "claim": (speech.statement(explanation.claim),),
        "number": () if explanation.number is None else (speech.number(explanation.number),),
        "reasons": _said(speech, explanation.reasons),
        "considered": _said(speech, explanation.considered),
        "would_change": _said(speech, explanation.would_change),
        "sureness": (speech.statement(explanation.sureness),),
        "limits": _said(speech, explanation.limits),
    }
    titles = {"would_change": "title.would_help" if abstains else "title.would_change"}
    return tuple(
        Section(key=key, title=speech.words(titles.get(key, f"title.{key}")), sentences=parts[key])
        for key in SECTIONS
        if parts[key]
    )


def _said(speech: Voice, statements: Sequence[Statement]) -> tuple[str, ...]:
    return tuple(speech.statement(statement) for statement in statements)


def _listed(speech: Voice, title: str, statements: Sequence[Statement]) -> str:
    if not statements:
        return ""
    return "\n".join([f"{speech.words(title)}:", *(f"- {sentence}" for sentence in _said(speech, statements))])
