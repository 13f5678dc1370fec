"""What the ports of conversions, ledger and tracking promise, as contracts: an adapter inherits them."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import replace

import psycopg
import pytest

from warum.domain.conversion import Attribution, Conversion, Credit, Standing, Status
from warum.domain.ledger import AccountKey, AccountKind, Book, Posting, Txn
from warum.domain.mode import Mode
from warum.kernel.ids import RecordId
from warum.kernel.refusal import Refusal
from warum.ports.conversions import ConversionChanged, OpenReport, OrderKey, SeenReport
from warum.ports.database import DatabaseMisfit, DatabaseUnavailable, Role, Scope, Tx
from warum.ports.journal import Cursor
from warum.ports.ledger import LedgerConflict
from warum.ports.tracking import Counts, DropKey, Position, RollupKey

from .world import SYSTEM, Network


class OverPostgres:
    """Gives the contracts below a transaction of the worker over PostgreSQL."""

    @pytest.fixture
    def network_(self, network: Network) -> Iterator[Network]:
        self.network = network
        yield network

    def transaction(self) -> AbstractContextManager[Tx]:
        return self.network.database.transaction(SYSTEM)


class LedgerContract:
    @abstractmethod
    def transaction(self) -> AbstractContextManager[Tx]: ...

    def test_a_transaction_is_booked_once(self, network_: Network):
        booked = txn(network_, "key", 100)
        with self.transaction() as tx:
            assert tx.ledger.post([booked, booked]) == 1
        with self.transaction() as tx:
            assert tx.ledger.post([booked]) == 0
            assert {one.account.kind: (one.debits_minor, one.credits_minor) for one in tx.ledger.balances()} == {
                AccountKind.UNBILLED: (100, 0),
                AccountKind.CONFIRMED: (0, 100),
            }

    def test_the_same_key_with_another_body_is_a_conflict_and_changes_nothing(self, network_: Network):
        with self.transaction() as tx:
            tx.ledger.post([txn(network_, "key", 100)])
        for others in ([txn(network_, "key", 101)], [txn(network_, "new", 1), txn(network_, "new", 2)]):
            with pytest.raises(LedgerConflict), self.transaction() as tx:
                tx.ledger.post([txn(network_, "fresh", 5), *others])
        with self.transaction() as tx:
            proof = tx.ledger.proof()
        assert (proof.txns, proof.debits_minor, proof.credits_minor) == (1, 100, 100)

    def test_what_is_rolled_back_frees_its_key(self, network_: Network):
        with pytest.raises(ZeroDivisionError), self.transaction() as tx:
            tx.ledger.post([txn(network_, "key", 100)])
            raise ZeroDivisionError
        with self.transaction() as tx:
            assert tx.ledger.post([txn(network_, "key", 101)]) == 1

    def test_what_may_be_earned_is_never_less_than_nothing(self, network_: Network):
        with pytest.raises(psycopg.errors.CheckViolation), self.transaction() as tx:
            tx.ledger.post([txn(network_, "key", 1, sides=(AccountKind.PENDING, AccountKind.EXPECTED))])

    def test_the_proof_finds_an_account_that_was_tampered_with(self, network_: Network):
        with self.transaction() as tx:
            tx.ledger.post([txn(network_, "key", 100)])
            assert tx.ledger.proof().balanced
        network_.rows("update warum.account set credits = credits + 1 where credits = 100 returning id")
        with self.transaction() as tx:
            proof = tx.ledger.proof()
        assert not proof.balanced
        assert len(proof.accounts_wrong) == 1

    def test_nothing_to_book_is_fine(self, network_: Network):
        with self.transaction() as tx:
            assert tx.ledger.post([]) == 0
            assert tx.ledger.proof().balanced


class ConversionContract:
    @abstractmethod
    def transaction(self) -> AbstractContextManager[Tx]: ...

    def test_it_comes_back_as_it_went_in(self, network_: Network):
        with self.transaction() as tx:
            (first, second) = tx.conversions.allocate_ids(2)
            kept = [conversion(network_, first, "1"), conversion(network_, second, "\\ \"'{},\t€")]
            tx.conversions.insert(kept)
        with self.transaction() as tx:
            keys = [OrderKey(network_.advertiser, Mode.LIVE, "sale", one.order_id or "") for one in kept]
            assert sorted(tx.conversions.by_order(keys), key=lambda one: one.id) == kept
            assert tx.conversions.by_order([keys[0]._replace(mode=Mode.TEST)]) == []
            assert tx.conversions.get(first) == kept[0]
            assert tx.conversions.get(second + 1) is None

    def test_a_change_names_what_it_was_made_from(self, network_: Network):
        with self.transaction() as tx:
            (number,) = tx.conversions.allocate_ids(1)
            made = conversion(network_, number, "1")
            tx.conversions.insert([made])
            tx.conversions.update([(1, replace(made, seq=3, status_raw="later"))])
        with pytest.raises(ConversionChanged), self.transaction() as tx:
            tx.conversions.update([(2, replace(made, seq=3))])
        with self.transaction() as tx:
            assert tx.conversions.get(number) == replace(made, seq=3, status_raw="later")

    def test_what_is_due_comes_in_the_order_of_its_time(self, network_: Network):
        with self.transaction() as tx:
            ids = tx.conversions.allocate_ids(3)
            for number, at_us in zip(ids, (30, 10, 20), strict=True):
                made = conversion(network_, number, str(number))
                tx.conversions.insert([replace(made, standing=replace(made.standing, release_at_us=at_us))])
            assert [one.id for one in tx.conversions.due(29, 5)] == [ids[1], ids[2]]
            assert [one.id for one in tx.conversions.due(30, 1)] == [ids[1]]

    def test_a_report_is_new_once(self, network_: Network):
        reports = [SeenReport(advertiser=1, event_id=name, record=RecordId(1, 0, n)) for n, name in enumerate("ab")]
        with self.transaction() as tx:
            assert tx.conversions.first_seen(reports[:1]) == {RecordId(1, 0, 0)}
            assert tx.conversions.first_seen(reports) == {RecordId(1, 0, 1)}

    def test_an_open_report_waits_until_it_is_settled(self, network_: Network):
        report = OpenReport(
            advertiser=1,
            order_id="7",
            event_type="sale",
            mode=Mode.LIVE,
            reason="order_unknown",
            message="No order yet.",
            seen_us=5,
            record=RecordId(1, 0, 0),
            body=b"\x00\xff",
        )
        key = OrderKey(1, Mode.LIVE, "sale", "7")
        with self.transaction() as tx:
            tx.conversions.open_reports([report, report])
            assert tx.conversions.waiting([key]) == [report]
            tx.conversions.judge([(report.record, Refusal("other", "Something else."))])
            assert tx.conversions.waiting([key]) == []
            tx.conversions.judge([(report.record, Refusal("order_unknown", "No order yet."))])
            tx.conversions.resolve([(report.record, 9)], resolution="applied")
            assert tx.conversions.waiting([key]) == []


class TrackingContract:
    @abstractmethod
    def transaction(self) -> AbstractContextManager[Tx]: ...

    def test_a_stream_begins_at_its_start_and_goes_where_it_is_put(self, network_: Network):
        there = Position(Cursor(3, 4_000_000_000, 17), 1_800_000_000_000_001)
        with self.transaction() as tx:
            assert tx.tracking.position(1, lock=True) == Position(Cursor.START, 0)
            tx.tracking.advance(1, Position(Cursor(0, 20, 0), 1))
            tx.tracking.advance(1, there)
        with self.transaction() as tx:
            assert tx.tracking.positions() == {1: there}

    def test_counts_add_up(self, network_: Network):
        key = RollupKey(3_600_000_000, 1, 2, 3, 4, 5, 6, Mode.TEST)
        with self.transaction() as tx:
            tx.tracking.add_counts([(key, Counts(1, 2, 3, 4, 5)), (key._replace(arm=7), Counts(clicks_token=1))])
            tx.tracking.add_counts([(key, Counts(10, 20, 30, 40, 50))])
            tx.tracking.add_drops([(DropKey(0, 0, 0, "head"), 2), (DropKey(0, 1, 0, "head"), 3)])
            tx.tracking.add_drops([(DropKey(0, 0, 0, "head"), 5)])
        assert network_.rows("select sum(impressions)::int, sum(conversions)::int from warum.rollup_hour") == [(11, 55)]
        assert network_.drops() == {"head": 10}


class TestPostgresLedger(OverPostgres, LedgerContract):
    pass


class TestPostgresConversions(OverPostgres, ConversionContract):
    pass


class TestPostgresTracking(OverPostgres, TrackingContract):
    pass


def test_a_scope_ends_with_its_transaction(network: Network):
    """The pool hands out a connection again; what was set on it is gone."""
    with network.app.transaction(Scope(Role.OPERATOR)) as tx:
        assert tx.catalog.advertisers(0, 10)
    with network.app.transaction(Scope(Role.PUBLISHER, network.publishers["ana"])) as tx:
        assert tx.catalog.advertisers(0, 10) == []
        assert [one.id for one in tx.catalog.publishers(0, 10)] == [network.publishers["ana"]]


def test_a_lost_connection_is_survived_by_the_next_transaction(network: Network):
    with pytest.raises(DatabaseUnavailable), network.database.transaction(SYSTEM) as tx:
        _end_sessions(network)
        tx.ledger.proof()
    _end_sessions(network)
    with network.database.transaction(SYSTEM) as tx:
        assert tx.ledger.proof().balanced


def test_missing_rights_are_no_fault_of_the_data(network: Network):
    with pytest.raises(DatabaseMisfit), network.database.transaction(SYSTEM) as tx:
        tx.catalog.add_publisher(code="new", name="New", kind="content", at_us=0)


def _end_sessions(network: Network) -> None:
    network.rows("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'warum_worker'")


def txn(
    network: Network,
    key: str,
    amount_minor: int,
    *,
    sides: tuple[AccountKind, AccountKind] = (AccountKind.UNBILLED, AccountKind.CONFIRMED),
) -> Txn:
    book = Book.LIVE_GL if AccountKind.CONFIRMED in sides else Book.LIVE_MEMO
    debit, credit = (AccountKey(book, side, network.advertiser, network.publishers["ana"], "EUR") for side in sides)
    return Txn(
        idempotency_key=key,
        kind="test",
        at_us=1,
        advertiser=network.advertiser,
        publisher=network.publishers["ana"],
        conversion=None,
        postings=(Posting(debit, credit, amount_minor),),
    )


def conversion(network: Network, number: int, order_id: str) -> Conversion:
    return Conversion(
        id=number,
        advertiser=network.advertiser,
        program=network.programs["hotel"],
        order_id=order_id,
        event_type="sale",
        group="",
        mode=Mode.LIVE,
        currency="EUR",
        booked_at_us=1_800_000_000_000_001,
        attribution=Attribution(credit=Credit.NONE, why="no_click"),
        rule=None,
        standing=Standing(
            status=Status.PENDING,
            reason=None,
            sale_minor=10**12,
            retained_minor=0,
            check_in="2027-05-01",
            check_out=None,
            release_at_us=None,
        ),
        commission_minor=0,
        status_raw="",
        seq=1,
    )
