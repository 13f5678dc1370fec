"""Whom a conversion is credited to: the last touch within the program's window, token before reference.

Everything needed stands in the token or reference and the catalog; nothing about a person is looked up. This is the
rule by which money is paid. What stands beside it is in the modules next door, and is loaded by who asks: ``judge``
has all ways to share out conversions, ``holdouts`` what publishers and codes truly add."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from warum.domain.catalog import EdgeLink, Terms
from warum.domain.conversion import Attribution, Credit
from warum.domain.records import Basis
from warum.domain.token import TokenFault, Touch
from warum.kernel.period import DAY_US


def attribute(
    touches: Sequence[Touch | TokenFault],
    *,
    terms: Terms,
    booked_at_us: int,
    link_of: Callable[[int], EdgeLink | None],
    reference_basis: str | None,
) -> Attribution:
    """The credit for a conversion of a program.

    Args:
        touches: what the partner sent, in any order; the latest usable one wins, any token before any reference.
        link_of: the catalog's link by id, retired ones included.
        reference_basis: the advertiser's recorded legal basis for crediting without consent; None switches it off.
    """
    usable: list[tuple[Touch, EdgeLink]] = []
    refused = "no_click"
    for touch in touches:
        if isinstance(touch, TokenFault):
            refused = touch.value
            continue
        link = link_of(touch.link)
        why = _unusable(touch, link, terms, booked_at_us, reference_basis)
        if why is not None or link is None:
            refused = why or "link_unknown"
        else:
            usable.append((touch, link))
    if not usable:
        return Attribution(credit=Credit.NONE, why=refused)
    touch, link = max(usable, key=lambda pair: (pair[0].record is not None, pair[0].at_us))
    credit = Credit.TOKEN if touch.record is not None else Credit.REFERENCE
    return Attribution(
        credit=credit,
        why=credit.value,
        publisher=link.publisher,
        partnership=link.partnership,
        link=link.id,
        allocation=touch.allocation,
        arm=touch.arm,
        click_at_us=min(last_moment(touch), booked_at_us),
        click_record=touch.record,
    )


def last_moment(touch: Touch) -> int:
    """The latest that the click can have been: a reference knows only its UTC day."""
    return touch.at_us if touch.record is not None else touch.at_us + DAY_US - 1


def _unusable(touch: Touch, link: EdgeLink | None, terms: Terms, booked_at_us: int, basis: str | None) -> str | None:
    if link is None:
        return "link_unknown"
    if link.advertiser != terms.advertiser:
        return "click_of_another_advertiser"
    if link.program != terms.program:
        return "click_of_another_program"
    if touch.basis is Basis.REFERENCE and basis is None:
        return "reference_without_basis"
    # A partner's clock may run a little behind ours; a token cannot be older than itself in earnest.
    if touch.at_us > booked_at_us + 15 * 60 * 1_000_000:
        return "click_after_conversion"
    if booked_at_us - last_moment(touch) > terms.window_days * DAY_US:
        return "outside_window"
    return None
