"""The letters of the watch: to the advertiser, who can look at its tracking and pages, and to a publisher whose links
have fallen silent. They are told from the claim of the finding, so that a letter says no other number than the card."""

from __future__ import annotations

from typing import Final

from warum.domain.advice import Step, letter
from warum.domain.bots.words import Language
from warum.domain.explain.record import Statement
from warum.domain.explain.voice import spoken
from warum.domain.watch import Code

WRITTEN: Final = frozenset(Code) - {Code.ATTACK, Code.TRAFFIC_DROP}
"""Nobody is written to about an attack, or a drop of which nobody knows whose it is."""
_LANGUAGES: Final[tuple[Language, ...]] = ("de", "en")


def letters(code: Code, claim: Statement, currency: str, *, program: str, publisher: str | None) -> tuple[Step, ...]:
    """One in each language; () for findings about which nobody is written to.

    Args:
        claim: what the finding says, with its numbers.
        publisher: whom it is for; None: the advertiser.
    """
    if code not in WRITTEN:
        return ()

    def say(words: str, language: Language) -> str:
        return spoken(Statement(code=words, parameters=claim.parameters), language, currency=currency)

    return tuple(
        letter(
            program=program,
            publisher=publisher,
            language=language,
            subject=say(f"watch.letter.{code}.subject", language),
            body="\n\n".join(
                say(words, language) for words in ("letter.greeting", f"watch.letter.{code}.body", "letter.close")
            ),
        )
        for language in _LANGUAGES
    )
