"""Identities. Inside they are integers of distinct types; outside they are prefixed text, so that a publisher's id
pasted into an advertiser's field is seen at once. Links carry random codes instead, since a code stands in public."""

from __future__ import annotations

import re
from typing import Final, NamedTuple, NewType

PartyId = NewType("PartyId", int)
AdvertiserId = NewType("AdvertiserId", int)
PublisherId = NewType("PublisherId", int)
ProgramId = NewType("ProgramId", int)
OfferId = NewType("OfferId", int)
LandingPageId = NewType("LandingPageId", int)
AllocationId = NewType("AllocationId", int)
PartnershipId = NewType("PartnershipId", int)
LinkId = NewType("LinkId", int)
RuleVersionId = NewType("RuleVersionId", int)
ConversionId = NewType("ConversionId", int)

PREFIXES: Final = {
    "party": "pty",
    "advertiser": "adv",
    "publisher": "pub",
    "program": "prg",
    "offer": "off",
    "landing_page": "lp",
    "allocation": "alc",
    "partnership": "psh",
    "link": "lnk",
    "creative": "crt",
    "slot": "slt",
    "rule_version": "rul",
    "conversion": "cnv",
    "account": "acc",
    "txn": "txn",
    "act": "act",
    "postback_target": "tgt",
    "api_key": "key",
    "report": "rpt",
    "proposal": "prp",
    "note": "nte",
    "contest": "con",
    "claim": "clm",
    "user": "usr",
    "webhook": "whk",
    "message": "msg",
}

_CODE_ALPHABET: Final = "23456789abcdefghijkmnpqrstuvwxyz"  # no 0/o, 1/l: codes are read aloud
_PUBLIC: Final = re.compile(r"([a-z]+)_([1-9][0-9]{0,18})")


class RecordId(NamedTuple):
    """Where a journal record stands. Unique for ever, and the key of all that follows from the record."""

    stream: int
    segment: int
    number: int

    def __str__(self) -> str:
        return f"{self.stream}/{self.segment}/{self.number}"


def public(kind: str, value: int) -> str:
    """``public("advertiser", 12) == "adv_12"``; KeyError for a kind without a prefix."""
    return f"{PREFIXES[kind]}_{value}"


def private(kind: str, text: str) -> int | None:
    """The integer behind a public id of this kind; None when the text is not one."""
    found = _PUBLIC.fullmatch(text)
    if found is None or found[1] != PREFIXES[kind]:
        return None
    value = int(found[2])
    return value if value < 2**63 else None


def code(entropy: bytes) -> str:
    """A public code, one character (5 bits) per byte of entropy."""
    return "".join(_CODE_ALPHABET[byte & 31] for byte in entropy)
