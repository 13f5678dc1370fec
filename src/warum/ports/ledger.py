"""The ledger: transactions in, proof out. Accounts come into being with their first posting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from warum.domain.ledger import AccountKey, Posting, Txn


class LedgerConflict(Exception):
    """An idempotency key came back with another body. The first one stands; this is a mistake of the caller's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """An account with its running totals; credits less debits is what the publisher side holds."""

    account: AccountKey
    debits_minor: int
    credits_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PostedTxn:
    """A transaction as it stands in the ledger."""

    id: int
    idempotency_key: str
    kind: str
    at_us: int
    conversion: int | None
    postings: tuple[Posting, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerProof:
    """Every account's totals recomputed from the postings.

    Attributes:
        accounts_wrong: ids of accounts whose running totals differ from their postings.
        debits_minor, credits_minor: totals over all accounts of all books; equal in a sound ledger.
    """

    accounts: int
    txns: int
    postings: int
    accounts_wrong: tuple[int, ...]
    debits_minor: int
    credits_minor: int

    @property
    def balanced(self) -> bool:
        return not self.accounts_wrong and self.debits_minor == self.credits_minor


class LedgerStore(Protocol):
    """One transaction's view of the ledger."""

    def post(self, txns: Sequence[Txn]) -> int:
        """Book what was not booked before; the number of new transactions. Account totals move once each, and the
        accounts are locked in id order.

        Raises:
            LedgerConflict: a key is known with another fingerprint.
        """
        ...

    def of_conversion(self, conversion: int) -> list[PostedTxn]:
        """In the order of booking."""
        ...

    def balances(self, *, publisher: int | None = None, advertiser: int | None = None) -> list[Balance]:
        """Of the accounts of a publisher, an advertiser, both together or everybody, in the order of their keys."""
        ...

    def proof(self) -> LedgerProof:
        """Recompute every total; reads the whole ledger."""
        ...
