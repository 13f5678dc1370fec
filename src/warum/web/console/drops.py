"""Why something did not count, in the reader's language."""

from __future__ import annotations

from warum.web.console.look import Look
from warum.web.console.words import WORDS


def told(look: Look, reason: str) -> tuple[str, str]:
    """What the reason is called, and what it means. Reports that wait for somebody have words of their own."""
    if f"drop.{reason}" in WORDS:
        return look.say(f"drop.{reason}"), look.say(f"drop.{reason}.hint")
    if f"inbox.why.{reason}" in WORDS:
        return look.say(f"inbox.why.{reason}"), ""
    return look.say("drop.other", code=reason), look.say("drop.other.hint")
