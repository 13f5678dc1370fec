"""What is still to be reported survives a stop, a kill, and a file that was cut in half."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from warum.kernel.period import DAY_US, HOUR_US
from warum.main.demo.orders import FOLDER, Orders
from warum.main.demo.story import Report

NOW_US = 20_600 * DAY_US


@pytest.fixture
def end() -> Iterator[ExitStack]:
    """Files are closed when the test is over, as they are when a process has died."""
    with ExitStack() as stack:
        yield stack


def opened(end: ExitStack, data: Path, now_us: int) -> Orders:
    orders = Orders(data, now_us=now_us)
    end.callback(orders.close)
    return orders


def report(number: int, at_us: int) -> Report:
    return Report(
        at_us=at_us, advertiser="hausrat", event_id=f"{number}-booked", order_id=f"{number}", status="booked", click="c"
    )


def drained(orders: Orders, now_us: int) -> list[str]:
    """Sent, and answered."""
    found: list[str] = []
    while (due := orders.due(now_us)) is not None:
        found.append(due.event_id)
        orders.settled(due)
    return found


def test_reports_come_when_their_time_has_come(tmp_path: Path, end: ExitStack):
    orders = opened(end, tmp_path, NOW_US)
    orders.add([report(1, NOW_US + 2 * HOUR_US), report(2, NOW_US + HOUR_US)], clicked_us=NOW_US)
    assert orders.due(NOW_US) is None
    assert drained(orders, NOW_US + HOUR_US) == ["2-booked"]
    assert drained(orders, NOW_US + DAY_US) == ["1-booked"]


def test_after_a_start_what_is_to_come_is_there_and_what_is_long_past_is_not(tmp_path: Path, end: ExitStack):
    orders = opened(end, tmp_path, NOW_US)
    for number, days in ((1, 0), (2, 4), (3, 9)):
        orders.add([report(number, NOW_US + days * DAY_US)], clicked_us=NOW_US)
    # Nobody closes it: the process is killed.
    again = opened(end, tmp_path, NOW_US + 4 * DAY_US + HOUR_US)
    assert drained(again, NOW_US + 30 * DAY_US) == ["2-booked", "3-booked"], "2 may not have gone out"


def test_after_a_proper_end_nothing_is_sent_again(tmp_path: Path, end: ExitStack):
    orders = opened(end, tmp_path, NOW_US)
    orders.add([report(1, NOW_US + HOUR_US), report(2, NOW_US + 3 * HOUR_US)], clicked_us=NOW_US)
    assert drained(orders, NOW_US + 2 * HOUR_US) == ["1-booked"]
    orders.close()
    again = opened(end, tmp_path, NOW_US + 4 * HOUR_US)
    assert drained(again, NOW_US + DAY_US) == ["2-booked"], "2 was due while the clock ran out"
    killed = opened(end, tmp_path, NOW_US + DAY_US)
    assert drained(killed, NOW_US + DAY_US) == ["1-booked", "2-booked"]


def test_what_nobody_answered_is_sent_again(tmp_path: Path, end: ExitStack):
    orders = opened(end, tmp_path, NOW_US)
    orders.add([report(1, NOW_US + HOUR_US), report(2, NOW_US + 2 * HOUR_US)], clicked_us=NOW_US)
    assert orders.due(NOW_US + HOUR_US) == report(1, NOW_US + HOUR_US)
    assert drained(orders, NOW_US + 2 * HOUR_US) == ["2-booked"]
    orders.close()
    assert drained(opened(end, tmp_path, NOW_US + DAY_US), NOW_US + DAY_US) == ["1-booked", "2-booked"]


def test_half_a_line_is_nobodys_order(tmp_path: Path, end: ExitStack):
    orders = opened(end, tmp_path, NOW_US)
    for number in (1, 2):
        orders.add([report(number, NOW_US + DAY_US)], clicked_us=NOW_US)
    orders.close()
    (path,) = (tmp_path / FOLDER).glob("*.jsonl")
    path.write_bytes(path.read_bytes()[:-30])
    again = opened(end, tmp_path, NOW_US)
    again.add([report(3, NOW_US + DAY_US)], clicked_us=NOW_US)
    assert drained(again, NOW_US + DAY_US) == ["1-booked", "3-booked"]
    assert drained(opened(end, tmp_path, NOW_US), NOW_US + DAY_US) == ["1-booked", "3-booked"]


def test_what_is_long_past_is_forgotten(tmp_path: Path, end: ExitStack):
    orders = opened(end, tmp_path, NOW_US)
    for days in (0, 50, 100):
        orders.add([report(days, NOW_US + (days + 1) * DAY_US)], clicked_us=NOW_US + days * DAY_US)
    assert len(list((tmp_path / FOLDER).glob("*.jsonl"))) == 2
