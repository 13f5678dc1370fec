"""Sorting publishers' applications: yes, no, or for you to look at, each with its reasons.

It is a suggestion in all three cases. Nothing is declined here, and a "no" waits for a person exactly as a "for you"
does. What is not known counts neither for nor against: it goes to a person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from warum.domain.scout.vat import Vat, vat


class Pile(StrEnum):
    """Where an application is put for the person who decides."""

    YES = "yes"
    NO = "no"
    FOR_YOU = "for_you"


class Speaks(StrEnum):
    """Which way a reason points."""

    FOR = "for"
    AGAINST = "against"
    OPEN = "open"


class Why(StrEnum):
    """Reasons, in the order in which they are looked at."""

    KIND_EXCLUDED = "kind_excluded"
    KIND_WANTED = "kind_wanted"
    KIND_UNDECIDED = "kind_undecided"
    IMPRINT_THERE = "imprint_there"
    IMPRINT_MISSING = "imprint_missing"
    IMPRINT_UNSEEN = "imprint_unseen"
    VAT_RIGHT = "vat_right"
    VAT_WRONG = "vat_wrong"
    VAT_MISSING = "vat_missing"
    VAT_UNCHECKED = "vat_unchecked"
    COUNTRY_SERVED = "country_served"
    COUNTRY_OTHER = "country_other"
    TOPIC_FITS = "topic_fits"
    TOPIC_OTHER = "topic_other"
    TOPIC_UNKNOWN = "topic_unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a program looks for. Empty sets leave it open.

    Attributes:
        kinds: publishers it wants; ``kinds_excluded`` it does not, whatever else speaks for them.
        countries: ISO codes of visitors it serves.
        topics: what a fitting site is about.
    """

    kinds: frozenset[str] = frozenset()
    kinds_excluded: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    topics: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """What is known of an applicant.

    Attributes:
        imprint: whether the site was seen to have one; None if nobody has looked.
        private: a natural person without a VAT number, who needs none.
        countries: where its visitors come from, as far as it says.
        topics: what its site is about, as far as it says.
    """

    publisher: int
    kind: str = ""
    imprint: bool | None = None
    vat_id: str = ""
    private: bool = False
    countries: frozenset[str] = frozenset()
    topics: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that was looked at."""

    why: Why
    speaks: Speaks


@dataclass(frozen=True, slots=True, kw_only=True)
class Sorted:
    """A suggestion. ``reasons`` has everything that was looked at, also what spoke the other way."""

    publisher: int
    pile: Pile
    reasons: tuple[Reason, ...]


def sort(application: Application, wanted: Wanted) -> Sorted:
    """Which pile an application belongs on, for the person who decides.

    *No* takes a reason against it that nobody can mend by explaining: an excluded kind, or a VAT number that cannot be
    one. *Yes* takes everything known and nothing against it. Everything else is *for you*.
    """
    reasons = tuple(look(application, wanted) for look in LOOKS)
    against = {reason.why for reason in reasons if reason.speaks is Speaks.AGAINST}
    if against & _plain_noes:
        pile = Pile.NO
    elif against or any(reason.speaks is Speaks.OPEN for reason in reasons):
        pile = Pile.FOR_YOU
    else:
        pile = Pile.YES
    return Sorted(publisher=application.publisher, pile=pile, reasons=reasons)


def _kind(application: Application, wanted: Wanted) -> Reason:
    if application.kind in wanted.kinds_excluded:
        return Reason(Why.KIND_EXCLUDED, Speaks.AGAINST)
    fits = bool(application.kind) and application.kind in wanted.kinds
    return Reason(Why.KIND_WANTED, Speaks.FOR) if fits else Reason(Why.KIND_UNDECIDED, Speaks.OPEN)


def _imprint(application: Application, _: Wanted) -> Reason:
    if application.imprint is None:
        return Reason(Why.IMPRINT_UNSEEN, Speaks.OPEN)
    return Reason(Why.IMPRINT_THERE, Speaks.FOR) if application.imprint else Reason(Why.IMPRINT_MISSING, Speaks.AGAINST)


def _vat(application: Application, _: Wanted) -> Reason:
    match vat(application.vat_id):
        case Vat.CHECKED:
            return Reason(Why.VAT_RIGHT, Speaks.FOR)
        case Vat.WRONG:
            return Reason(Why.VAT_WRONG, Speaks.AGAINST)
        case Vat.SHAPE_ONLY:
            return Reason(Why.VAT_UNCHECKED, Speaks.OPEN)
        case Vat.MISSING:
            return Reason(Why.VAT_MISSING, Speaks.FOR if application.private else Speaks.OPEN)


def _country(application: Application, wanted: Wanted) -> Reason:
    served = not wanted.countries or bool(application.countries & wanted.countries)
    if served:
        return Reason(Why.COUNTRY_SERVED, Speaks.FOR)
    return Reason(Why.COUNTRY_OTHER, Speaks.AGAINST if application.countries else Speaks.OPEN)


def _topic(application: Application, wanted: Wanted) -> Reason:
    if not wanted.topics or application.topics & wanted.topics:
        return Reason(Why.TOPIC_FITS, Speaks.FOR)
    known = bool(application.topics)
    return Reason(Why.TOPIC_OTHER, Speaks.AGAINST) if known else Reason(Why.TOPIC_UNKNOWN, Speaks.OPEN)


LOOKS: Final[tuple[Callable[[Application, Wanted], Reason], ...]] = (_kind, _imprint, _vat, _country, _topic)
_plain_noes: Final = frozenset({Why.KIND_EXCLUDED, Why.VAT_WRONG})
