"""What an audit compares with the log: the rows that people and payouts go by, as they stand now."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, Protocol


class ConversionRow(NamedTuple):
    """A conversion as it stands; ``events`` is how many events its history has."""

    id: int
    advertiser: int
    publisher: int | None
    status: str
    currency: str
    retained_minor: int
    commission_minor: int
    rule: int | None
    seq: int
    events: int


class RuleRow(NamedTuple):
    id: int
    program: int
    publisher: int | None
    group: str
    kind: str
    rate_ppm: int
    amount_minor: int
    currency: str | None
    version: int
    valid_from_us: int


class ActRow(NamedTuple):
    id: int
    at_us: int
    actor: str
    operation: str
    subject: str
    input_hash: bytes
    reason: str | None


class DecisionRow(NamedTuple):
    proposal: int
    verdict: str
    actor: str
    reason: str | None
    note: str
    at_us: int


class ProposalRow(NamedTuple):
    """``digest``: computed from the stored bytes now."""

    id: int
    facts: bytes
    digest: bytes


class BalanceRow(NamedTuple):
    """What a publisher may earn (``pending``) and has earned (``confirmed``) in live books, minor units."""

    advertiser: int
    publisher: int
    currency: str
    pending: int
    confirmed: int


class AuditStore(Protocol):
    """Each streams its table, in the order of ids."""

    def conversions(self) -> Iterator[ConversionRow]: ...
    def rules(self) -> Iterator[RuleRow]: ...
    def acts(self) -> Iterator[ActRow]: ...
    def decisions(self) -> Iterator[DecisionRow]: ...
    def proposals(self) -> Iterator[ProposalRow]: ...
    def balances(self) -> Iterator[BalanceRow]: ...
