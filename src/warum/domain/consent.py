"""Consent, decided before any identifier exists. Absent, malformed, repeated or unknown means no.

``Sec-GPC: 1`` (W3C Global Privacy Control) is an opt-out of sharing and wins over a ``cons=1`` in the link, since the
person's own browser is nearer to the person than the publisher's page."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum


class Consent(StrEnum):
    GIVEN = "given"
    ABSENT = "absent"
    DENIED = "denied"
    MALFORMED = "malformed"
    OPTED_OUT = "opted_out"

    @property
    def given(self) -> bool:
        return self is Consent.GIVEN


def consent(cons: Sequence[str], sec_gpc: str | None) -> Consent:
    """The verdict, from every ``cons`` parameter of the request and the Sec-GPC header."""
    if sec_gpc is not None and sec_gpc.strip() != "0":
        return Consent.OPTED_OUT
    if not cons:
        return Consent.ABSENT
    if len(cons) > 1:
        return Consent.MALFORMED
    match cons[0]:
        case "1":
            return Consent.GIVEN
        case "0":
            return Consent.DENIED
        case _:
            return Consent.MALFORMED
