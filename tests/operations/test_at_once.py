"""Two who create the same at the same moment: one does, the other is told in words."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import psycopg

from warum.app.call import perform
from warum.app.operations import BY_NAME
from warum.kernel.ids import private
from warum.kernel.refusal import Kind, Refusal
from warum.ports.database import Overtaken, Role, Scope, Tx

from .house import OPERATOR, House, hotel


def test_a_code_that_was_free_a_moment_ago(house: House, fresh_database: Any):
    def insert(tx: Tx) -> None:
        tx.catalog.add_advertiser(code="seeblick", name="Quicker", at_us=house.now_us)

    refusal = overtaken(house, fresh_database, insert, "advertiser.create", name="Slower", code="seeblick")
    assert (refusal.code, refusal.field, refusal.kind) == ("code_taken", "code", Kind.CONFLICT)
    assert [one["name"] for one in house.do("advertiser.list")["advertisers"]] == ["Quicker"]
    assert house.acts() == []


def test_an_application_that_was_made_a_moment_ago(house: House, fresh_database: Any):
    made = hotel(house)
    publisher = house.do("publisher.create", name="Ana")["id"]

    def insert(tx: Tx) -> None:
        tx.catalog.add_partnership(
            advertiser=private("advertiser", made["advertiser"]),
            publisher=private("publisher", publisher),
            program=private("program", made["program"]),
            application="",
            at_us=house.now_us,
        )

    ask = {"publisher": publisher, "program": made["program"]}
    assert overtaken(house, fresh_database, insert, "partnership.apply", **ask).code == "partnership_exists"


def test_it_does_not_start_again_for_ever(house: House):
    attempts: list[int] = []

    def late(tx: Tx, call: Any, ask: Any) -> Any:
        attempts.append(1)
        raise Overtaken("always")

    operation: Any = replace(BY_NAME["advertiser.create"], run=late)
    answer = perform(operation, house.deps, OPERATOR, operation.input(name="Slow"))
    assert isinstance(answer, Refusal)
    assert (answer.code, answer.kind, len(attempts)) == ("overtaken", Kind.CONFLICT, 3)


def overtaken(house: House, database: Any, insert: Callable[[Tx], None], operation: str, /, **given: Any) -> Refusal:
    """The refusal of an operation that begins while somebody else's insert is not committed yet."""
    with ThreadPoolExecutor(1) as slower:
        with house.database.transaction(Scope(Role.OPERATOR)) as tx:
            insert(tx)
            answer = slower.submit(house.answer, operation, **given)
            _until_it_waits(database, answer)
        refusal = answer.result(timeout=60)
    assert isinstance(refusal, Refusal)
    return refusal


def _until_it_waits(database: Any, answer: Future[Any]) -> None:
    """For the other one's commit, behind the unique index."""
    waiting = "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
    with psycopg.connect(database.admin, autocommit=True) as admin:
        while not admin.execute(waiting).fetchall():
            assert not answer.done(), answer.result()
            time.sleep(0.01)
