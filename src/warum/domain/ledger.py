"""Double entry. A posting is one row (debit, credit, amount > 0), so an unbalanced booking cannot be written.

State is an account: what a conversion may earn stands in the memo book as ``pending``; approval voids the memo and
books it as ``confirmed``. Every change is the difference between two standings, so a clawback is the same posting at
any stage."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from warum.domain.conversion import Conversion, Status
from warum.domain.mode import Mode
from warum.kernel.canonical import Plain, fingerprint


class Book(StrEnum):
    """``memo`` is contingent and never leaves the house; ``gl`` is owed. Test books are apart from live ones."""

    LIVE_MEMO = "live_memo"
    LIVE_GL = "live_gl"
    TEST_MEMO = "test_memo"
    TEST_GL = "test_gl"


class AccountKind(StrEnum):
    """EXPECTED and UNBILLED are the advertiser's side, PENDING and CONFIRMED the publisher's."""

    EXPECTED = "expected"
    PENDING = "pending"
    UNBILLED = "unbilled"
    CONFIRMED = "confirmed"


class AccountKey(NamedTuple):
    """What an account is about. Sorting keys gives the one order in which accounts are locked."""

    book: Book
    kind: AccountKind
    advertiser: int
    publisher: int
    currency: str


@dataclass(frozen=True, slots=True)
class Posting:
    """One row of the journal; ``amount_minor`` > 0, and both accounts share book and currency."""

    debit: AccountKey
    credit: AccountKey
    amount_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Txn:
    """Postings that stand or fall together.

    Attributes:
        idempotency_key: unique; the same key with the same body is the same transaction, with another body a conflict.
        conversion: what it is about; None for per-click commissions.
    """

    idempotency_key: str
    kind: str
    at_us: int
    advertiser: int
    publisher: int
    conversion: int | None
    postings: tuple[Posting, ...]

    def fingerprint(self) -> bytes:
        """SHA-256 of the canonical body, 32 bytes."""
        body: Plain = {
            "v": 1,
            "key": self.idempotency_key,
            "kind": self.kind,
            "at": str(self.at_us),
            "postings": [
                [*_plain(posting.debit), *_plain(posting.credit), str(posting.amount_minor)]
                for posting in self.postings
            ],
        }
        return fingerprint(body)


def earned(conversion: Conversion | None) -> tuple[int, int]:
    """(memo, gl) minor units that a conversion's standing puts on the publisher's accounts."""
    if conversion is None or conversion.attribution.publisher is None:
        return 0, 0
    match conversion.standing.status:
        case Status.PENDING:
            return conversion.commission_minor, 0
        case Status.APPROVED | Status.PAID:
            return 0, conversion.commission_minor
        case Status.DECLINED:
            return 0, 0


def plan(before: Conversion | None, after: Conversion, *, kind: str, at_us: int) -> Txn | None:
    """What to book when a conversion goes from one standing to the next; None when no amount moves."""
    publisher = after.attribution.publisher
    if publisher is None:
        return None
    memo_before, gl_before = earned(before)
    memo_after, gl_after = earned(after)
    test = after.mode is Mode.TEST
    postings = (
        *_move(
            Book.TEST_MEMO if test else Book.LIVE_MEMO,
            (AccountKind.EXPECTED, AccountKind.PENDING),
            after,
            publisher,
            memo_after - memo_before,
        ),
        *_move(
            Book.TEST_GL if test else Book.LIVE_GL,
            (AccountKind.UNBILLED, AccountKind.CONFIRMED),
            after,
            publisher,
            gl_after - gl_before,
        ),
    )
    if not postings:
        return None
    return Txn(
        idempotency_key=f"conversion/{after.id}/{after.seq}",
        kind=kind,
        at_us=at_us,
        advertiser=after.advertiser,
        publisher=publisher,
        conversion=after.id,
        postings=postings,
    )


def per_click(
    *, key: str, advertiser: int, publisher: int, currency: str, mode: Mode, amount_minor: int, at_us: int
) -> Txn:
    """Clicks that are paid as such: owed at once, since nothing about them is still open."""
    book = Book.TEST_GL if mode is Mode.TEST else Book.LIVE_GL
    debit = AccountKey(book, AccountKind.UNBILLED, advertiser, publisher, currency)
    credit = AccountKey(book, AccountKind.CONFIRMED, advertiser, publisher, currency)
    return Txn(
        idempotency_key=key,
        kind="clicks",
        at_us=at_us,
        advertiser=advertiser,
        publisher=publisher,
        conversion=None,
        postings=(Posting(debit, credit, amount_minor),),
    )


def _move(
    book: Book,
    sides: tuple[AccountKind, AccountKind],
    conversion: Conversion,
    publisher: int,
    amount_minor: int,
) -> tuple[Posting, ...]:
    if amount_minor == 0:
        return ()
    debit, credit = (AccountKey(book, side, conversion.advertiser, publisher, conversion.currency) for side in sides)
    if amount_minor < 0:
        debit, credit = credit, debit
    return (Posting(debit, credit, abs(amount_minor)),)


def _plain(key: AccountKey) -> tuple[str, ...]:
    return key.book.value, key.kind.value, str(key.advertiser), str(key.publisher), key.currency
