"""The words of the letters, in German and English, one file for each kind. No template holds a digit: every number of a
letter comes from its evidence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from warum.domain.bots.words import Language
from warum.domain.routine.words import claims, links, reminders

_Words = Mapping[Language, str]

_COMMON: Final[Mapping[str, _Words]] = {
    "greeting": {"de": "Guten Tag {name},", "en": "Dear {name},"},
    "close": {"de": "Mit freundlichen Grüßen\n{operator}", "en": "Kind regards\n{operator}"},
}

TEMPLATES: Final[Mapping[str, _Words]] = {
    **_COMMON,
    **reminders.TEMPLATES,
    **claims.TEMPLATES,
    **links.TEMPLATES,
}
TERMS: Final[Mapping[str, _Words]] = claims.TERMS
"""What a code inside a sentence is called."""
