"""How one reader sees every page: language, appearance, and the words and formats that follow from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

from markupsafe import Markup, escape
from starlette.requests import Request

from warum.kernel.refusal import Refusal
from warum.web.console.formats import Formats
from warum.web.console.words import LOCALES, WORDS, Locale, say

THEMES: Final = ("system", "light", "dark")
Theme = Literal["system", "light", "dark"]

LOCALE_COOKIE: Final = "warum-locale"
THEME_COOKIE: Final = "warum-theme"
COOKIE_S_MAX: Final = 365 * 86_400


@dataclass(frozen=True)
class Look:
    """Language, appearance and formats of one answer."""

    locale: Locale
    theme: Theme
    formats: Formats

    def say(self, key: str, *, n: int | None = None, **values: object) -> str:
        """The text behind a key, filled in. Whole numbers are written as this reader writes them; a value that is
        markup makes the whole text markup, with everything else in it escaped."""
        text = say(self.locale, key, n)
        filled: dict[str, Any] = {name: self._shown(value) for name, value in values.items()}
        if n is not None:
            filled["n"] = self.formats.number(n)
        if any(isinstance(value, Markup) for value in filled.values()):
            return escape(text).format(**filled)
        return text.format(**filled) if filled else text

    def refusal(self, refusal: Refusal) -> str:
        """Why not, in this language where we have it."""
        key = f"refusal.{refusal.code}"
        return self.say(key) if key in WORDS else refusal.message

    def _shown(self, value: object) -> object:
        return self.formats.number(value) if isinstance(value, int) and not isinstance(value, bool) else value


def locale_of(request: Request) -> Locale:
    """What a reader whom we do not know wants: chosen before, or as the browser asks."""
    chosen = request.cookies.get(LOCALE_COOKIE)
    for locale in LOCALES:
        if locale == chosen:
            return locale
    for part in request.headers.get("accept-language", "").split(","):
        language = part.partition(";")[0].strip().lower().partition("-")[0]
        for locale in LOCALES:
            if locale == language:
                return locale
    return "en"


def theme_of(request: Request) -> Theme:
    chosen = request.cookies.get(THEME_COOKIE)
    return chosen if chosen == "light" or chosen == "dark" else "system"
