"""What is kept is read once for all, and not for long."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from warum.web.console import kept
from warum.web.console.kept import Kept


def test_a_value_is_read_again_when_its_time_is_over() -> None:
    now_us = [1_000]
    reads: list[str] = []

    def read(key: str) -> int:
        reads.append(key)
        return len(reads)

    shelf = Kept(read, stays_us=lambda key: 0 if key == "short" else 50, now_us=lambda: now_us[0])
    assert [shelf("year"), shelf("year"), shelf("other"), shelf("year")] == [1, 1, 2, 1]
    assert [shelf("short"), shelf("short")] == [3, 4]
    now_us[0] += 49
    assert shelf("year") == 1
    now_us[0] += 1
    assert shelf("year") == 5
    now_us[0] -= 500
    assert shelf("year") == 6, "a clock that was set back keeps nothing for ever"


def test_one_reads_while_others_wait() -> None:
    begun, may_end = Event(), Event()
    reads: list[str] = []

    def read(key: str) -> str:
        reads.append(key)
        begun.set()
        assert may_end.wait(60)
        return key.upper()

    shelf = Kept(read, stays_us=lambda _: 1_000, now_us=lambda: 0)
    with ThreadPoolExecutor(4) as threads:
        asked = [threads.submit(shelf, "year") for _ in range(4)]
        assert begun.wait(60)
        may_end.set()
        assert [one.result(60) for one in asked] == ["YEAR"] * 4
    assert reads == ["year"]


def test_what_was_refused_is_asked_again() -> None:
    answers = iter([ValueError("no"), None])

    def read(_: str) -> None:
        if error := next(answers):
            raise error

    shelf = Kept(read, stays_us=lambda _: 1_000, now_us=lambda: 0)
    with pytest.raises(ValueError, match="no"):
        shelf("year")
    assert shelf("year") is None
    assert shelf("year") is None


def test_it_does_not_grow_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "_kept_max", 2)
    reads: list[int] = []
    shelf = Kept(lambda key: reads.append(key), stays_us=lambda _: 1_000, now_us=lambda: 0)
    for key in (1, 2, 1, 3, 1, 2):
        shelf(key)
    assert reads == [1, 2, 3, 2], "1 was asked for again and again, and stayed"
