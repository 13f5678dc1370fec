"""What goes wrong in practice, through the real doors and down to the database: each has a clear answer and a counted
reason, and nothing is lost by it."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections import Counter
from collections.abc import Callable

import pytest

from conftest import wished
from warum.domain.mode import Mode
from warum.domain.records import Basis, Click, RecordType
from warum.domain.token import TokenKeys, Touch
from warum.edge.codec import encode
from warum.edge.journal import JournalWriter, RealFiles, stream_folder
from warum.kernel.ids import RecordId
from warum.kernel.period import MINUTE_US, SECOND_US
from warum.main.client import Answer, connect
from warum.main.edge import JOURNAL_FOLDER

from .conftest import World

OUTAGE_S = float(wished("WARUM_TEST_OUTAGE_S", "2"))
"""A minute is the acceptance; every run of the tests takes a short one."""


def test_an_unknown_link_is_answered_with_a_page_and_counted(world: World):
    before = world.dropped("unknown_link")
    answer = world.send(b"GET /c/nosuchlink?cons=1 HTTP/1.1\r\nHost: edge\r\nUser-Agent: Mozilla/5.0\r\n\r\n")
    assert answer.status == 404
    assert b"not known" in answer.body
    world.eventually(lambda: world.dropped("unknown_link") == before + 1)


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda token: token[:-3], "malformed_click_id"),
        (lambda token: "gclid=abc", "malformed_click_id"),
        (lambda token: token[:-1] + ("A" if token[-1] != "A" else "E"), "forged_click_id"),
        (lambda token: foreign_token(), "forged_click_id"),
    ],
    ids=["cut", "of another system", "changed", "of another operator"],
)
def test_an_order_with_a_bad_click_id_is_taken_and_credited_to_nobody(
    world: World, spoil: Callable[[str], str], reason: str
):
    before, order = world.dropped(reason), world.new_order()
    status, said = world.report(order_id=order, status="booked", amount="50.00", click_id=spoil(world.click()))
    assert (status, said["reason"]) == (202, reason)
    assert "not credited" in said["message"]
    world.drain()
    assert world.order(order) == ("pending", 5_000, "none", reason, 1)
    world.eventually(lambda: world.dropped(reason) == before + 1)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"amount": "50.00", "currency": "USD"}, "currency_not_listed"),
        ({"amount": "-50.00"}, "amount_negative"),
        ({"amount": "99999999999999"}, "amount_absurd"),
        ({"amount": "1.234,50"}, "amount_malformed"),
    ],
)
def test_money_in_doubt_is_refused_in_words_and_the_right_report_counts(
    world: World, fields: dict[str, str], reason: str
):
    before, order, token = world.dropped(reason), world.new_order(), world.click()
    status, said = world.report(order_id=order, status="booked", click_id=token, **fields)
    assert (status, said["status"], said["reason"]) == (422, "refused", reason)
    assert len(said["message"]) > 20
    status, _ = world.report(order_id=order, status="booked", click_id=token, amount="50.00")
    assert status == 202
    world.drain()
    assert world.order(order) == ("pending", 5_000, "token", "token", 1)
    world.eventually(lambda: world.dropped(reason) == before + 1)


def test_a_wrong_signature_is_refused(world: World):
    before, order = world.dropped("signature_wrong"), world.new_order()
    request = world.signed(order_id=order, status="booked", amount="50.00")
    status, said = world.said(world.send(request.replace(b"50.00", b"90.00")))
    assert (status, said["reason"]) == (401, "signature_wrong")
    status, _ = world.said(world.send(request))
    assert status == 202
    world.drain()
    assert world.order(order) is not None
    world.eventually(lambda: world.dropped("signature_wrong") == before + 1)


def test_an_old_signature_is_refused(world: World):
    before, order = world.dropped("signature_old"), world.new_order()
    six_minutes_ago_us = time.time_ns() // 1000 - 6 * MINUTE_US
    status, said = world.report(now_us=six_minutes_ago_us, order_id=order, status="booked", amount="50.00")
    assert (status, said["reason"]) == (401, "signature_old")
    assert "five minutes" in said["message"]
    world.eventually(lambda: world.dropped("signature_old") == before + 1)
    world.drain()
    assert world.order(order) is None


def test_the_same_event_counts_once_also_when_the_edge_has_forgotten_it(world: World):
    before, order, token = world.dropped("duplicate_event"), world.new_order(), world.click()
    fields = {"event_id": f"{order}-event", "order_id": order, "status": "booked", "amount": "50.00", "click_id": token}
    assert world.report(**fields)[1].get("duplicate") is None
    status, said = world.report(**fields)
    assert (status, said["duplicate"]) == (202, True)
    world.stack.edge.kill()
    world.stack.edge.start()
    world.stack.edge.wait_ready()
    assert world.report(**fields)[0] == 202
    world.drain()
    assert world.order(order) == ("pending", 5_000, "token", "token", 1)
    booked = world.rows(
        "select count(*) from warum.txn join warum.conversion c on c.id = conversion_id where c.order_id = %s", order
    )
    assert booked == [(1,)]
    world.eventually(lambda: world.dropped("duplicate_event") == before + 2)


def test_an_unknown_status_word_is_kept_as_it_came_for_a_person(world: World):
    before, order = world.dropped("status_unknown"), world.new_order()
    world.report(order_id=order, status="booked", amount="50.00", click_id=world.click())
    status, said = world.report(order_id=order, status="Teilstorno (kulanz)")
    assert (status, said["reason"]) == (202, "status_unknown")
    world.drain()
    conversion = world.order(order)
    assert conversion is not None
    assert conversion[:2] == ("pending", 5_000)
    waiting = world.rows(
        "select reason, message, body from warum.report_open where order_id = %s and resolved_at is null",
        order,
    )
    assert [(reason, b"Teilstorno (kulanz)" in body) for reason, _, body in waiting] == [("status_unknown", True)]
    world.eventually(lambda: world.dropped("status_unknown") == before + 1)


def test_a_record_that_breaks_the_consumer_is_put_aside_and_the_rest_goes_on(world: World):
    """The edge writes none such; somebody else's journal, damaged in a way that its checksums do not show, would."""
    before = world.rows("select count(*) from warum.quarantine")[0][0]
    clicks = counted_clicks(world)
    link = world.rows("select id, offer_id from warum.link limit 1")[0][0]
    (allocation,) = world.rows("select allocation_id from warum.offer where allocation_id is not null limit 1")[0]
    second = 2
    journal = JournalWriter(
        stream_folder(world.stack.config.data / JOURNAL_FOLDER, second), stream=second, files=RealFiles()
    )
    for number in range(40):
        if number == 7:
            journal.append(RecordType.CLICK, b"\xc1 not a record")
        at_link = 2**40 if number == 23 else link
        journal.append(*encode(a_click(at_link, allocation)))
    batch = journal.take()
    assert batch is not None
    journal.write(batch)
    journal.close()
    world.eventually(lambda: world.rows("select count(*) from warum.quarantine")[0][0] == before + 2)
    world.eventually(lambda: counted_clicks(world) == clicks + 39)
    reasons = world.rows("select number, reason from warum.quarantine where stream = 2 order by number")
    assert [number for number, _ in reasons] == [7, 24]
    assert "does not decode" in reasons[0][1]
    assert str(2**40) in reasons[1][1]
    assert world.report(order_id=world.new_order(), status="booked", amount="1.00")[0] == 202
    world.drain()


def test_the_edge_goes_on_while_the_database_is_stopped_and_everything_counts_afterwards(world: World):
    world.drain()
    clicks = counted_clicks(world)
    orders = [world.new_order() for _ in range(100)]
    world.stack.postgres.stop()
    try:
        answers = asyncio.run(load(world, orders, clicks=300))
    finally:
        world.stack.postgres.start()
    assert Counter(answer.status for answer in answers) == {202: 100, 302: 300}
    world.drain()
    assert counted_clicks(world) == clicks + 300
    assert world.rows("select count(*) from warum.conversion where order_id = any(%s)", orders) == [(100,)]


async def load(world: World, orders: list[str], *, clicks: int) -> list[Answer]:
    """Reports and clicks in five lots over the time of the outage, so that the worker meets it and sees it last."""
    answers: list[Answer] = []
    config = world.stack.config
    requests = [world.signed(order_id=order, status="booked", amount="10.00") for order in orders]
    requests += [world.messages.click() for _ in range(clicks)]
    for lot in range(5):
        connection = await connect(config.edge_host, config.edge_port, lambda _, answer: answers.append(answer))
        for request in requests[lot::5]:
            connection.send(request, None)
        while connection.in_flight:
            assert connection.is_open
            await asyncio.sleep(0.01)
        connection.close()
        await asyncio.sleep(OUTAGE_S / 5)
    return answers


def counted_clicks(world: World) -> int:
    return world.rows("select coalesce(sum(clicks_token), 0)::int from warum.rollup_hour")[0][0]


def a_click(link: int, allocation: int) -> Click:
    now_us = time.time_ns() // 1000
    return Click(
        at_us=now_us, seen_us=now_us, link=link, allocation=allocation, arm=0, basis=Basis.CONSENT, mode=Mode.LIVE
    )


def foreign_token() -> str:
    """A genuine token, of somebody else: same key id, other key."""
    keys = TokenKeys(issue=1, token_keys={1: secrets.token_bytes(64)}, reference_keys={1: secrets.token_bytes(32)})
    return keys.token(
        Touch(
            at_us=time.time_ns() // 1000 // SECOND_US * SECOND_US,
            link=1,
            allocation=1,
            arm=0,
            basis=Basis.CONSENT,
            mode=Mode.LIVE,
            record=RecordId(1, 0, 1),
        )
    )
