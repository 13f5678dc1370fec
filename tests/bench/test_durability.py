"""A few kills in every test run; the benchmark does fifty."""

from __future__ import annotations

from pathlib import Path

from warum.main.bench import durability


def test_kills_lose_nothing_that_was_acknowledged_and_nothing_counts_twice(tmp_path: Path):
    result = durability.measure(tmp_path / "data", kills=4, seed=7)
    assert result["kills"] == 4
    assert result["acknowledged"] > 500
    assert result["acknowledged_lost"] == 0
    assert result["counted_twice"] == 0
    assert result["not_counted"] == 0
    assert result["refused"] == 0
    assert result["passed"] is True
