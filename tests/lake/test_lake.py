"""Each record stands in the lake exactly once, whatever dies when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from sealing import VAULT
from warum.adapters.lake import ParquetLake, lake_table
from warum.adapters.postgres.database import PostgresDatabase
from warum.app.lake import LakeFilling
from warum.domain.mode import Mode
from warum.domain.records import Basis, Click, Impression, Postback, Record, Tick
from warum.kernel.ids import RecordId
from warum.kernel.period import DAY_US, HOUR_US, MINUTE_US
from warum.ports.database import Role, Scope
from warum.ports.journal import Cursor, RawRecord
from warum.ports.lake import LakeFile, LakeKind

SYSTEM = Scope(Role.SYSTEM)
START_US = 1_800_000_000_000_000  # 2027-01-15


class ListJournal:
    """Records of stream 0 in memory, ten to a segment. The body is the index in the list."""

    def __init__(self) -> None:
        self.records: list[Record | None] = []
        self.unknown_at: int | None = None

    def streams(self) -> list[int]:
        return [0]

    def read(self, stream: int, after: Cursor, limit: int) -> tuple[list[RawRecord], Cursor]:
        begin = 0 if after == Cursor.START else after.offset
        raws = [
            RawRecord(RecordId(stream, index // 10, index % 10), 1, b"%d" % index)
            for index in range(begin, min(begin + limit, len(self.records)))
        ]
        if not raws:
            return [], after
        last = begin + len(raws) - 1
        return raws, Cursor(last // 10, last + 1, last % 10)

    def decode(self, raw: RawRecord) -> Record:
        index = int(raw.body)
        if index == self.unknown_at:
            raise LookupError("a type of a later release")
        record = self.records[index]
        if record is None:
            raise ValueError("broken")
        return record


class Dying(Exception):
    pass


class DyingFolder:
    """Writes the files and dies before anybody hears of it."""

    def __init__(self, folder: Path) -> None:
        self._lake = ParquetLake(folder)
        self.written: list[LakeFile] = []

    def write(self, records: Any) -> list[LakeFile]:
        self.written += self._lake.write(records)
        raise Dying


@pytest.fixture
def database(fresh_database: Any) -> Iterator[PostgresDatabase]:
    with PostgresDatabase(fresh_database.worker, VAULT) as database:
        yield database


@pytest.fixture
def journal() -> ListJournal:
    return ListJournal()


def click(index: int, at_us: int = START_US) -> Click:
    return Click(
        at_us=at_us + index,
        seen_us=at_us + index,
        link=index,
        allocation=1,
        arm=2,
        basis=Basis.CONSENT,
        mode=Mode.LIVE,
        sub_ids=b"sealed",
        sub_day=1,
    )


def postback(index: int) -> Postback:
    return Postback(
        at_us=START_US,
        seen_us=START_US + index,
        advertiser=3,
        dialect="generic",
        event_id=f"event {index}",
        step="booked",
        status_raw="ok",
        mode=Mode.TEST,
        order_id=f"order {index}",
        click_refs=("t-token",),
        amount_minor=1_200,
        currency="EUR",
    )


def filling(database: PostgresDatabase, journal: ListJournal, folder: Any, **settings: Any) -> LakeFilling:
    settings = {"now_us": lambda: 0, "records_max": 5, **settings}
    return LakeFilling(database, journal, 0, folder, **settings)


def run(lake: LakeFilling) -> None:
    while lake.step(flush=True):
        pass


def manifest(database: PostgresDatabase, kind: LakeKind) -> list[LakeFile]:
    with database.transaction(SYSTEM) as tx:
        return tx.lake.files(kind)


def numbers(database: PostgresDatabase, folder: Path, kind: LakeKind) -> list[int]:
    """Which records the lake has, as indices, in its order."""
    table = lake_table(folder, kind, manifest(database, kind))
    segments: Sequence[int] = table["segment"].to_pylist()
    return [segment * 10 + number for segment, number in zip(segments, table["number"].to_pylist(), strict=True)]


def test_the_lake_is_for_its_owner_alone(tmp_path: Path):
    folder = tmp_path / "lake"
    ParquetLake(folder).write({RecordId(0, 0, 0): click(0)})
    assert folder.stat().st_mode & 0o077 == 0


def test_every_record_by_kind_and_no_person(database: PostgresDatabase, journal: ListJournal, tmp_path: Path):
    hour_us = START_US - START_US % HOUR_US
    shown = Impression(at_us=hour_us, seen_us=hour_us, link=9, allocation=1, arm=0, mode=Mode.LIVE)
    journal.records = [click(0), postback(1), shown, Tick(seen_us=START_US), None, click(5)]
    run(filling(database, journal, ParquetLake(tmp_path)))

    assert numbers(database, tmp_path, LakeKind.CLICKS) == [0, 5]
    assert numbers(database, tmp_path, LakeKind.POSTBACKS) == [1]
    assert numbers(database, tmp_path, LakeKind.IMPRESSIONS) == [2]
    (row,) = lake_table(tmp_path, LakeKind.POSTBACKS, manifest(database, LakeKind.POSTBACKS)).to_pylist()
    assert not {"order_id", "reason", "event_id"} & row.keys()
    assert (row["amount_minor"], row["currency"], row["mode"], row["click_refs"]) == (1_200, "EUR", "test", 1)
    everything = str([pq.read_table(path).to_pylist() for path in tmp_path.rglob("*.parquet")])
    assert [word for word in ("sealed", "t-token", "order 1", "event 1") if word in everything] == []


def test_an_empty_lake_has_its_columns(tmp_path: Path):
    table = lake_table(tmp_path, LakeKind.CLICKS, [])
    assert table.num_rows == 0
    assert {"stream", "segment", "number", "at", "seen", "link", "arm", "basis"} <= set(table.column_names)


def test_files_are_written_when_it_is_worth_it(database: PostgresDatabase, journal: ListJournal, tmp_path: Path):
    now_us = [0]
    lake = filling(database, journal, ParquetLake(tmp_path), now_us=lambda: now_us[0], records_max=6, wait_us=MINUTE_US)

    def written() -> int:
        lake.step()
        return len(manifest(database, LakeKind.CLICKS))

    journal.records = [click(index) for index in range(5)]
    assert written() == 0
    journal.records.append(click(5))
    assert written() == 1  # six have come together
    journal.records.append(click(6))
    assert written() == 1
    now_us[0] += MINUTE_US - 1
    assert written() == 1
    now_us[0] += 1
    assert written() == 2  # the first has waited a minute
    journal.records += [click(7), click(8), click(9), click(10)]
    assert written() == 3  # a segment has ended
    assert lake.written == Cursor(1, 11, 0)
    assert numbers(database, tmp_path, LakeKind.CLICKS) == list(range(11))


def test_by_month_of_receipt(database: PostgresDatabase, journal: ListJournal, tmp_path: Path):
    journal.records = [click(index, START_US + index * 10 * DAY_US) for index in range(4)]
    run(filling(database, journal, ParquetLake(tmp_path)))
    assert [(file.path, file.records) for file in manifest(database, LakeKind.CLICKS)] == [
        ("clicks/month=2027-01/0-00000000.0000000000-00000000.0000000001.parquet", 2),
        ("clicks/month=2027-02/0-00000000.0000000002-00000000.0000000003.parquet", 2),
    ]
    assert numbers(database, tmp_path, LakeKind.CLICKS) == [0, 1, 2, 3]


def test_a_crash_between_file_and_commit(database: PostgresDatabase, journal: ListJournal, tmp_path: Path):
    journal.records = [click(index) for index in range(5)]
    folder = DyingFolder(tmp_path)
    with pytest.raises(Dying):
        run(filling(database, journal, folder))
    assert len(folder.written) == 1
    assert (tmp_path / folder.written[0].path).is_file()
    assert numbers(database, tmp_path, LakeKind.CLICKS) == []

    # Started again, it finds more than there was before: another range, another file, and the old one stays unread.
    journal.records.append(click(5))
    run(filling(database, journal, ParquetLake(tmp_path)))
    assert numbers(database, tmp_path, LakeKind.CLICKS) == [0, 1, 2, 3, 4, 5]
    assert len(list(tmp_path.rglob("*.parquet"))) == 2


def test_the_same_process_goes_on_after_a_failure(database: PostgresDatabase, journal: ListJournal, tmp_path: Path):
    journal.records = [click(index) for index in range(7)]
    lake = filling(database, journal, folder := DyingFolder(tmp_path))
    with pytest.raises(Dying):
        run(lake)
    folder.write = ParquetLake(tmp_path).write  # pyright: ignore
    run(lake)
    assert numbers(database, tmp_path, LakeKind.CLICKS) == list(range(7))


def test_two_workers_at_once(database: PostgresDatabase, journal: ListJournal, tmp_path: Path):
    journal.records = [click(index) for index in range(3)]
    one, other = (filling(database, journal, ParquetLake(tmp_path)) for _ in range(2))
    assert one.step()
    assert other.step()
    run(one)
    journal.records += [click(index) for index in range(3, 6)]
    run(other)
    run(one)
    run(other)
    assert numbers(database, tmp_path, LakeKind.CLICKS) == list(range(6))


def test_a_stranger_in_the_folder_is_not_read(database: PostgresDatabase, journal: ListJournal, tmp_path: Path):
    journal.records = [click(0)]
    run(filling(database, journal, ParquetLake(tmp_path)))
    (path,) = tmp_path.rglob("*.parquet")
    (path.parent / "0-00000000.0000000001-00000000.0000000009.parquet").write_bytes(path.read_bytes())
    assert numbers(database, tmp_path, LakeKind.CLICKS) == [0]


def test_a_record_of_a_later_release_stops_the_lake_before_it(
    database: PostgresDatabase, journal: ListJournal, tmp_path: Path
):
    journal.records = [click(index) for index in range(8)]
    lake = filling(database, journal, ParquetLake(tmp_path))
    journal.unknown_at = 6
    for _ in range(2):
        with pytest.raises(LookupError):
            run(lake)
    journal.unknown_at = None
    run(lake)
    assert numbers(database, tmp_path, LakeKind.CLICKS) == list(range(8))
