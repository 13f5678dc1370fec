"""Contexts in which an offer's visitors may be shared among its arms differently, told from a request as it came.

A context is read in memory and dropped at once; what stays of it is the allocation that was drawn from. So it needs no
consent, and it has to stay coarse: at most two dimensions of an offer, and at most twelve contexts. Whatever a request
does not show plainly is the unknown context, and the allocation of the offer as a whole stands in for it.

A dimension is one entry of ``DIMENSIONS``: how it is read, its values, and what people call them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Final, Literal, TypeAlias
from zoneinfo import ZoneInfo

from warum.kernel.period import MINUTE_US, from_us
from warum.kernel.refusal import Kind, Refusal

Language: TypeAlias = Literal["en", "de"]

ANY: Final = ""
"""The offer as a whole: what stands in where a context is unknown or not distinguished."""

dimensions_max: Final = 2
contexts_max: Final = 12
"""Of one offer. A cell that few visitors fall into would say too much of them, and would never learn."""


@dataclass(slots=True, kw_only=True)
class Seen:
    """What a request shows without being asked, for as long as it is answered.

    Attributes:
        mobile: the header Sec-CH-UA-Mobile, which browsers send by themselves (low entropy; never requested).
        agent: the header User-Agent.
        language: the header Accept-Language.
        zone: the program's time zone.
        publisher_kind: what the link's publisher does.
    """

    mobile: str | None
    agent: str | None
    language: str | None
    now_us: int
    zone: str
    publisher_kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dimension:
    """One thing to tell requests apart by.

    Attributes:
        values: every value, with what people call it after a comma or a colon; the order is that of lists.
        read: one of the values, or None where the request does not show it. Never raises.
    """

    words: Mapping[Language, str]
    values: Mapping[str, Mapping[Language, str]]
    read: Callable[[Seen], str | None]


def chosen(names: Sequence[str]) -> tuple[str, ...] | Refusal:
    """The dimensions in their canonical order, or why an offer cannot distinguish them."""
    if unknown := [name for name in names if name not in DIMENSIONS]:
        return Refusal(
            code="dimension_unknown",
            message=f"There is no dimension {unknown[0][:40]}; known are {', '.join(DIMENSIONS)}.",
            field="dimensions",
        )
    wanted = tuple(name for name in DIMENSIONS if name in names)
    if len(wanted) > dimensions_max:
        return Refusal(
            code="dimensions_too_many",
            message=f"An offer distinguishes at most {dimensions_max} dimensions; leave some out.",
            field="dimensions",
        )
    count = len(contexts(wanted))
    if count > contexts_max:
        return Refusal(
            code="contexts_too_many",
            message=f"{' and '.join(wanted)} make {count} contexts, and more than {contexts_max} of an offer would "
            "each see too few visitors. Choose one of them alone, or a coarser one.",
            field="dimensions",
            kind=Kind.CONFLICT,
        )
    return wanted


@lru_cache(maxsize=64)
def contexts(dimensions: tuple[str, ...]) -> tuple[str, ...]:
    """Every context of these dimensions, such as ``device=phone,daypart=night``, in their order; none without any, or
    with one that is not known (any more)."""
    if not dimensions or any(name not in DIMENSIONS for name in dimensions):
        return ()
    named = ([f"{name}={value}" for value in DIMENSIONS[name].values] for name in dimensions)
    return tuple(",".join(parts) for parts in product(*named))


def context(dimensions: Sequence[str], seen: Seen) -> str:
    """The context of a request; ``ANY`` when one of the dimensions does not show."""
    parts: list[str] = []
    for name in dimensions:
        dimension = DIMENSIONS.get(name)
        value = None if dimension is None else dimension.read(seen)
        if value is None:
            return ANY
        parts.append(f"{name}={value}")
    return ",".join(parts)


def phrase(context: str, language: Language) -> str:
    """What people call a context: ``on phones, at night``. Empty for the offer as a whole."""
    if context == ANY:
        return ""
    parts = (part.partition("=") for part in context.split(","))
    return ", ".join(_word(name, value, language) for name, _, value in parts)


def _word(name: str, value: str, language: Language) -> str:
    # A dimension or value that there was once stays readable.
    dimension = DIMENSIONS.get(name)
    words = None if dimension is None else dimension.values.get(value)
    return f"{name}={value}" if words is None else words[language]


# How each is read ---------------------------------------------------------------------------------------------------

_BROWSER: Final = ("Mozilla/", "Opera/")
_TABLET: Final = ("iPad", "Tablet", "tablet")


def _device(seen: Seen) -> str | None:
    # Structured Field boolean (RFC 8941); anything else says nothing. A tablet sends ?0 or its own name.
    if seen.mobile == "?1":
        return "phone"
    if seen.mobile == "?0":
        return "desktop"
    agent = seen.agent
    if agent is None or not agent.startswith(_BROWSER):
        return None
    # "Mobi" is what the makers of browsers advise to look for (MDN, Browser detection using the user agent).
    return "phone" if "Mobi" in agent and not any(name in agent for name in _TABLET) else "desktop"


_DAYPARTS: Final = ("night", "morning", "afternoon", "evening")
_QUARTER_US: Final = 15 * MINUTE_US


def _daypart(seen: Seen) -> str | None:
    local = _local(seen.now_us // _QUARTER_US, seen.zone)
    return None if local is None else _DAYPARTS[local[1] // 6]


def _week(seen: Seen) -> str | None:
    local = _local(seen.now_us // _QUARTER_US, seen.zone)
    return None if local is None else "weekend" if local[0] >= 5 else "weekday"


# Every offset to UTC that is in use is a whole number of quarters of an hour.
@lru_cache(maxsize=1_024)
def _local(quarter: int, zone: str) -> tuple[int, int] | None:
    """(day of the week from Monday, hour) in the zone; None for a zone or a moment that there is not."""
    try:
        moment = from_us(quarter * _QUARTER_US).astimezone(ZoneInfo(zone))
    except (ValueError, KeyError, OverflowError, OSError):
        return None
    return moment.weekday(), moment.hour


_PUBLISHERS: Final = {
    "content": "content",
    "blog": "content",
    "magazine": "content",
    "travel": "content",
    "cashback": "cashback",
    "voucher": "voucher",
    "comparison": "comparison",
    "newsletter": "newsletter",
    "social": "social",
}


def _publisher(seen: Seen) -> str | None:
    return _PUBLISHERS.get(seen.publisher_kind)


# A language range (RFC 4647) with an optional script; of "*" and of what is malformed nothing is known.
_RANGE: Final = re.compile(r" {0,8}([A-Za-z]{2,3})(?:-[A-Za-z]{4})?(?:-([A-Za-z]{2}|[0-9]{3}))? {0,8}(?:[,;]|$)")
_COUNTRIES: Final = {"DE": "de", "AT": "at", "CH": "ch", "LI": "ch"}


def _region(seen: Seen) -> str | None:
    found = None if seen.language is None else _RANGE.match(seen.language)
    if found is None:
        return None
    country = found[2]
    if country is None:
        return "de" if found[1].lower() == "de" else "other"
    return _COUNTRIES.get(country.upper(), "other")


DIMENSIONS: Final[Mapping[str, Dimension]] = {
    "device": Dimension(
        words={"en": "Device", "de": "Gerät"},
        values={
            "phone": {"en": "on phones", "de": "auf Handys"},
            "desktop": {"en": "on computers and tablets", "de": "auf Computern und Tablets"},
        },
        read=_device,
    ),
    "daypart": Dimension(
        words={"en": "Part of the day", "de": "Tageszeit"},
        values={
            "night": {"en": "at night (0–6)", "de": "nachts (0–6 Uhr)"},
            "morning": {"en": "in the morning (6–12)", "de": "vormittags (6–12 Uhr)"},
            "afternoon": {"en": "in the afternoon (12–18)", "de": "nachmittags (12–18 Uhr)"},
            "evening": {"en": "in the evening (18–24)", "de": "abends (18–24 Uhr)"},
        },
        read=_daypart,
    ),
    "week": Dimension(
        words={"en": "Weekday or weekend", "de": "Wochentag oder Wochenende"},
        values={
            "weekday": {"en": "from Monday to Friday", "de": "von Montag bis Freitag"},
            "weekend": {"en": "at the weekend", "de": "am Wochenende"},
        },
        read=_week,
    ),
    "publisher": Dimension(
        words={"en": "Kind of publisher", "de": "Art des Publishers"},
        values={
            "content": {"en": "on content pages", "de": "auf Content-Seiten"},
            "cashback": {"en": "on cashback pages", "de": "auf Cashback-Seiten"},
            "voucher": {"en": "on voucher pages", "de": "auf Gutscheinseiten"},
            "comparison": {"en": "on comparison pages", "de": "auf Vergleichsseiten"},
            "newsletter": {"en": "in newsletters", "de": "in Newslettern"},
            "social": {"en": "in social media", "de": "in sozialen Medien"},
        },
        read=_publisher,
    ),
    "region": Dimension(
        words={"en": "Region, by the browser's language", "de": "Region, nach der Sprache des Browsers"},
        values={
            "de": {"en": "from Germany", "de": "aus Deutschland"},
            "at": {"en": "from Austria", "de": "aus Österreich"},
            "ch": {"en": "from Switzerland", "de": "aus der Schweiz"},
            "other": {"en": "from elsewhere", "de": "von anderswo"},
        },
        read=_region,
    ),
}
