"""Acts as sentences: who did what to what. Runs of the same thing by the same hand become one sentence."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Final

from markupsafe import Markup

from warum.app.keys import DATA_FOLDER_LABEL
from warum.app.overview.news import NewsAct
from warum.ports.catalog import ActorKind
from warum.web.console.look import Look
from warum.web.console.words import WORDS

# Which part of the console shows a thing of this prefix, and below which address.
_PLACES: Final = {
    "adv": ("programs", "/advertisers/{id}"),
    "prg": ("programs", "/programs/{id}"),
    "pub": ("publishers", "/publishers/{id}"),
    "psh": ("publishers", "/partnerships/{id}"),
    "lnk": ("links", "/links/{id}"),
    "cnv": ("conversions", "/conversions/{id}"),
    "prp": ("decisions", "/decisions/{id}"),
    "con": ("inbox", "/inbox?show=contests"),
    "usr": ("settings", "/settings"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One sentence. ``more``: how many further ones of the kind followed each other."""

    text: Markup
    reason: str | None
    at: datetime
    by_bot: bool
    more: int


def deeds(look: Look, acts: Iterable[NewsAct], sections: Collection[str], limit: int) -> tuple[Deed, ...]:
    """The newest first.

    Args:
        sections: the parts of the console that there are; the others are not linked to.
    """
    found: list[Deed] = []
    for _, run in groupby(acts, key=lambda act: (act.actor, act.operation)):
        first, *others = run
        found.append(
            Deed(
                text=_sentence(look, first, sections),
                reason=first.reason,
                at=first.at,
                by_bot=first.actor_kind is ActorKind.BOT,
                more=len(others),
            )
        )
    return tuple(found[:limit])


def actor(look: Look, kind: ActorKind, name: str) -> str:
    """Who it was, as people say it."""
    match kind:
        case ActorKind.PERSON:
            return name
        case ActorKind.KEY:
            return look.say("actor.key", name=key_label(look, name))
        case ActorKind.BOT:
            return look.say(f"bot.{name}") if f"bot.{name}" in WORDS else look.say("actor.bot", name=name)
        case ActorKind.SYSTEM:
            return look.say("actor.system", name=name)


def _sentence(look: Look, act: NewsAct, sections: Collection[str]) -> Markup:
    # Whoever comes in with a link of the first start, or of the demo, made the account alone.
    own = act.operation == "user.create" and act.actor == act.subject
    operation = "user.first" if own else act.operation
    who = Markup("<b>{}</b>").format(actor(look, act.actor_kind, act.actor_name))
    what = _linked(look, act, sections)
    said = look.say(f"act.{operation}", who=who, what=what) if f"act.{operation}" in WORDS else None
    # Names are escaped by now, and markup stays what it is.
    return Markup("{}").format(said or look.say("act.other", who=who, what=what, operation=act.operation))


def key_label(look: Look, label: str) -> str:
    """What people called an API key; the one that no person made is called in the reader's language."""
    return look.say("api_keys.data_folder") if label == DATA_FOLDER_LABEL else label


def _linked(look: Look, act: NewsAct, sections: Collection[str]) -> Markup:
    name = act.subject_name or act.subject
    if act.operation.startswith("key."):
        name = key_label(look, name)
    section, address = _PLACES.get(act.subject.partition("_")[0], ("", ""))
    if section not in sections:
        return Markup("{}").format(name)
    return Markup('<a href="{}">{}</a>').format(address.format(id=act.subject), name)
