"""Every text of the pages, in English and German side by side. Templates hold none: a test reads them for it, and for
keys that nobody wrote or nobody uses."""

from __future__ import annotations

from warum.web.console.words import (
    acts,
    advertisers,
    advice,
    api_keys,
    ask,
    attribution_refusals,
    bandit_refusals,
    budget_refusals,
    catalog_refusals,
    conversions,
    decisions,
    drops,
    evaluation_refusals,
    experiment_refusals,
    inbox,
    links,
    live,
    messages,
    partner_refusals,
    people,
    programs,
    publishers,
    receipts,
    records,
    refusals,
    scorecard,
    shell,
    style,
    today,
    watch_refusals,
)
from warum.web.console.words.word import Locale, Table, Word

LOCALES: tuple[Locale, ...] = ("en", "de")

# One file per subject; a key starts with its subject, so that no two files have the same.
WORDS: Table = {
    **acts.WORDS,
    **advice.WORDS,
    **advertisers.WORDS,
    **api_keys.WORDS,
    **ask.WORDS,
    **attribution_refusals.WORDS,
    **bandit_refusals.WORDS,
    **budget_refusals.WORDS,
    **catalog_refusals.WORDS,
    **conversions.WORDS,
    **decisions.WORDS,
    **drops.WORDS,
    **evaluation_refusals.WORDS,
    **experiment_refusals.WORDS,
    **inbox.WORDS,
    **links.WORDS,
    **live.WORDS,
    **messages.WORDS,
    **partner_refusals.WORDS,
    **people.WORDS,
    **programs.WORDS,
    **publishers.WORDS,
    **receipts.WORDS,
    **records.WORDS,
    **refusals.WORDS,
    **scorecard.WORDS,
    **shell.WORDS,
    **style.WORDS,
    **today.WORDS,
    **watch_refusals.WORDS,
}

__all__ = ["LOCALES", "WORDS", "Locale", "Table", "Word", "say"]


def say(locale: Locale, key: str, n: int | None = None) -> str:
    """The text behind a key, with its placeholders still in it; KeyError for a key that nobody wrote.

    Args:
        n: how many, for a text that has a form for one and a form for all others.
    """
    text = WORDS[key][0 if locale == "en" else 1]
    if isinstance(text, str):
        return text
    one, other = text
    # English and German (CLDR): one is 1 and nothing else.
    return one if n == 1 else other
