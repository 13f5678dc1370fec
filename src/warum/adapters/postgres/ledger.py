"""The ledger in PostgreSQL. Written in the order accounts, transactions, postings, totals; constraints do the rest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, Final

from psycopg import Connection

from warum.adapters.postgres.bulk import columns
from warum.domain.ledger import AccountKey, AccountKind, Book, Posting, Txn
from warum.kernel.period import utc_day
from warum.ports.ledger import Balance, LedgerConflict, LedgerProof, PostedTxn

_OPEN_ACCOUNTS: Final = """
insert into warum.account (book, kind, advertiser_id, publisher_id, currency)
select * from unnest(%s::text[], %s::text[], %s::bigint[], %s::bigint[], %s::text[])
on conflict do nothing
"""

# Everybody who books locks accounts in id order before touching their totals, so that nobody waits in a circle.
_LOCK_ACCOUNTS: Final = """
select a.book, a.kind, a.advertiser_id, a.publisher_id, a.currency, a.id
from unnest(%s::text[], %s::text[], %s::bigint[], %s::bigint[], %s::text[])
    as k (book, kind, advertiser_id, publisher_id, currency)
join warum.account a using (book, kind, advertiser_id, publisher_id, currency)
order by a.id for no key update of a
"""

_NEW_TXNS: Final = """
insert into warum.txn (idempotency_key, fingerprint, kind, at, advertiser_id, publisher_id, conversion_id)
select key, fingerprint, kind, warum.at(at_us), advertiser_id, publisher_id, conversion_id
from unnest(%s::text[], %s::bytea[], %s::text[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[])
    as new (key, fingerprint, kind, at_us, advertiser_id, publisher_id, conversion_id)
on conflict (idempotency_key) do nothing
returning idempotency_key, id
"""

_FINGERPRINTS: Final = "select idempotency_key, fingerprint from warum.txn where idempotency_key = any(%s)"

_POST: Final = """
insert into warum.posting (txn_id, advertiser_id, publisher_id, book, currency, debit, credit, amount_minor)
select * from unnest(
    %s::bigint[], %s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::bigint[], %s::bigint[], %s::bigint[])
"""

_ADD_TOTALS: Final = """
update warum.account a set debits = a.debits + new.debits, credits = a.credits + new.credits
from unnest(%s::bigint[], %s::bigint[], %s::bigint[]) as new (id, debits, credits)
where a.id = new.id
"""

# In the order of the key, for the same reason.
_ADD_MONEY: Final = """
insert into warum.rollup_money_day as r (day, advertiser_id, kind, currency, steps, pending_minor, confirmed_minor)
select date '1970-01-01' + day, advertiser_id, kind, currency, steps, pending_minor, confirmed_minor
from unnest(%s::integer[], %s::bigint[], %s::text[], %s::text[], %s::bigint[], %s::bigint[], %s::bigint[])
    as new (day, advertiser_id, kind, currency, steps, pending_minor, confirmed_minor)
order by 1, 2, 3, 4
on conflict (day, advertiser_id, kind, currency) do update set
    steps = r.steps + excluded.steps,
    pending_minor = r.pending_minor + excluded.pending_minor,
    confirmed_minor = r.confirmed_minor + excluded.confirmed_minor
"""

_OF_CONVERSION: Final = """
select
    t.id, t.idempotency_key, t.kind, warum.us(t.at), t.conversion_id,
    d.book, d.kind, d.advertiser_id, d.publisher_id, d.currency,
    c.book, c.kind, c.advertiser_id, c.publisher_id, c.currency, p.amount_minor
from warum.txn t
join warum.posting p on p.txn_id = t.id
join warum.account d on d.id = p.debit
join warum.account c on c.id = p.credit
where t.conversion_id = %s
order by t.id, p.id
"""

_BALANCES: Final = """
select book, kind, advertiser_id, publisher_id, currency, debits, credits from warum.account
where (%(publisher)s::bigint is null or publisher_id = %(publisher)s)
    and (%(advertiser)s::bigint is null or advertiser_id = %(advertiser)s)
order by book, kind, advertiser_id, publisher_id, currency
"""

_PROOF: Final = """
with side as (
    select debit as account_id, amount_minor as debits, 0::bigint as credits from warum.posting
    union all
    select credit, 0, amount_minor from warum.posting
), total as (
    select account_id, sum(debits)::bigint as debits, sum(credits)::bigint as credits from side group by account_id
)
select
    count(*), coalesce(sum(a.debits), 0)::bigint, coalesce(sum(a.credits), 0)::bigint,
    coalesce(array_agg(a.id order by a.id) filter (
        where (a.debits, a.credits) is distinct from (coalesce(t.debits, 0), coalesce(t.credits, 0))), '{}'),
    (select count(*) from warum.txn), (select count(*) from warum.posting)
from warum.account a left join total t on t.account_id = a.id
"""


class PostgresLedger:
    """``ports.ledger.LedgerStore`` over one transaction."""

    def __init__(self, connection: Connection[Any]) -> None:
        self._connection = connection

    def post(self, txns: Sequence[Txn]) -> int:
        wanted = _by_key(txns)
        if not wanted:
            return 0
        ids = self._lock_accounts({side for txn in wanted.values() for side in _sides(txn.postings)})
        new = self._enter(wanted)
        rows = [
            (txn_id, txn.advertiser, txn.publisher, *_posting_row(posting, ids))
            for key, txn_id in new.items()
            for txn in (wanted[key],)
            for posting in txn.postings
        ]
        if rows:
            self._connection.execute(_POST, columns(rows))
            totals = _totals((posting for key in new for posting in wanted[key].postings), ids)
            self._connection.execute(_ADD_TOTALS, columns(totals))
            if moved := _by_day(wanted[key] for key in new):
                self._connection.execute(_ADD_MONEY, columns(moved))
        return len(new)

    def of_conversion(self, conversion: int) -> list[PostedTxn]:
        found: dict[int, tuple[tuple[Any, ...], list[Posting]]] = {}
        for row in self._connection.execute(_OF_CONVERSION, [conversion]):
            posting = Posting(_account(row[5:10]), _account(row[10:15]), row[15])
            found.setdefault(row[0], (row[:5], []))[1].append(posting)
        return [
            PostedTxn(
                id=txn_id, idempotency_key=key, kind=kind, at_us=at_us, conversion=about, postings=tuple(postings)
            )
            for (txn_id, key, kind, at_us, about), postings in found.values()
        ]

    def balances(self, *, publisher: int | None = None, advertiser: int | None = None) -> list[Balance]:
        rows = self._connection.execute(_BALANCES, {"publisher": publisher, "advertiser": advertiser})
        return [Balance(account=_account(row[:5]), debits_minor=row[5], credits_minor=row[6]) for row in rows]

    def proof(self) -> LedgerProof:
        row = self._connection.execute(_PROOF).fetchone()
        assert row is not None  # an aggregate without groups has one row
        accounts, debits_minor, credits_minor, wrong, txns, postings = row
        return LedgerProof(
            accounts=accounts,
            txns=txns,
            postings=postings,
            accounts_wrong=tuple(wrong),
            debits_minor=debits_minor,
            credits_minor=credits_minor,
        )

    def _lock_accounts(self, accounts: set[AccountKey]) -> dict[AccountKey, int]:
        ids = self._locked(accounts)
        if len(ids) < len(accounts):
            self._connection.execute(_OPEN_ACCOUNTS, columns(map(_key_row, sorted(accounts - ids.keys()))))
            ids = self._locked(accounts)
        return ids

    def _locked(self, accounts: set[AccountKey]) -> dict[AccountKey, int]:
        rows = self._connection.execute(_LOCK_ACCOUNTS, columns(map(_key_row, accounts)))
        return {_account(row[:5]): row[5] for row in rows}

    def _enter(self, wanted: dict[str, Txn]) -> dict[str, int]:
        """The ids of those that were new, by key."""
        prints = {key: txn.fingerprint() for key, txn in wanted.items()}
        rows = columns(
            (key, prints[key], txn.kind, txn.at_us, txn.advertiser, txn.publisher, txn.conversion)
            for key, txn in wanted.items()
        )
        new: dict[str, int] = dict(self._connection.execute(_NEW_TXNS, rows).fetchall())
        known = wanted.keys() - new.keys()
        if known:
            for key, fingerprint in self._connection.execute(_FINGERPRINTS, [list(known)]):
                if prints[key] != fingerprint:
                    raise LedgerConflict(f"{key} was booked before, with another body")
        return new


def _by_key(txns: Sequence[Txn]) -> dict[str, Txn]:
    wanted: dict[str, Txn] = {}
    for txn in txns:
        if wanted.setdefault(txn.idempotency_key, txn) != txn:
            raise LedgerConflict(f"{txn.idempotency_key} comes twice, with two bodies")
    return wanted


def _sides(postings: Iterable[Posting]) -> Iterable[AccountKey]:
    for posting in postings:
        yield posting.debit
        yield posting.credit


def _posting_row(posting: Posting, ids: dict[AccountKey, int]) -> tuple[object, ...]:
    debit, credit = posting.debit, posting.credit
    return debit.book.value, debit.currency, ids[debit], ids[credit], posting.amount_minor


def _totals(postings: Iterable[Posting], ids: dict[AccountKey, int]) -> list[tuple[int, int, int]]:
    debits: defaultdict[int, int] = defaultdict(int)
    credits_: defaultdict[int, int] = defaultdict(int)
    for posting in postings:
        debits[ids[posting.debit]] += posting.amount_minor
        credits_[ids[posting.credit]] += posting.amount_minor
    return [(account, debits[account], credits_[account]) for account in sorted(debits.keys() | credits_.keys())]


def _by_day(txns: Iterable[Txn]) -> list[tuple[object, ...]]:
    """What transactions in live books moved, by UTC day, advertiser, kind and currency."""
    moved: dict[tuple[int, int, str, str], list[int]] = {}
    for txn in txns:
        counted: set[str] = set()
        for debit, credit, amount_minor in ((one.debit, one.credit, one.amount_minor) for one in txn.postings):
            if credit.book not in _LIVE:
                continue
            sums = moved.setdefault((utc_day(txn.at_us), txn.advertiser, txn.kind, credit.currency), [0, 0, 0])
            if txn.conversion is not None and credit.currency not in counted:
                counted.add(credit.currency)
                sums[0] += 1
            for account, sign in ((credit, 1), (debit, -1)):
                if account.kind in _PUBLISHERS:
                    sums[1 + _PUBLISHERS.index(account.kind)] += sign * amount_minor
    return [(*key, *sums) for key, sums in moved.items()]


_LIVE: Final = (Book.LIVE_MEMO, Book.LIVE_GL)
_PUBLISHERS: Final = (AccountKind.PENDING, AccountKind.CONFIRMED)


def _key_row(key: AccountKey) -> tuple[object, ...]:
    return key.book.value, key.kind.value, key.advertiser, key.publisher, key.currency


def _account(row: Sequence[Any]) -> AccountKey:
    book, kind, advertiser, publisher, currency = row
    return AccountKey(Book(book), AccountKind(kind), advertiser, publisher, currency)
