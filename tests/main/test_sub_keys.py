"""The keys of sub ids: deleting the key of a day is the retention of that day."""

from __future__ import annotations

from pathlib import Path

from warum.main.sub_keys import SubKeys


def test_what_is_past_is_forgotten_and_nothing_else(tmp_path: Path):
    keys = SubKeys(tmp_path)
    assert keys.forget_before(10**5) == []
    kept = {day: keys.make(day) for day in (20_000, 20_001, 20_002)}
    assert keys.forget_before(20_001) == [20_000]
    assert keys.read(20_000) is None
    assert {day: keys.read(day) for day in (20_001, 20_002)} == {day: kept[day] for day in (20_001, 20_002)}
    assert keys.make(20_000) != kept[20_000]
