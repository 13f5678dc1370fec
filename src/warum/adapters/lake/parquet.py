"""Parquet files under ``<kind>/month=2027-05/``, named by the range of records they hold.

Months are of the time of receipt in UTC: live, a file falls into one of them, rarely two; by the day, a year replayed
in a minute would be thousands of files. What may lead to a person stays out: no sub ids, no click tokens, no order ids.
The identity of a record leads back to the tables, for those who may look there."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, TypeAlias

import pyarrow
import pyarrow.parquet

from warum.domain.records import Click, Impression, Postback, Record
from warum.kernel.ids import RecordId
from warum.kernel.period import from_us
from warum.ports.lake import LakeFile, LakeKind

# pyarrow comes without types.
pa: Any = pyarrow
pq: Any = pyarrow.parquet

Rows: TypeAlias = Sequence[tuple[RecordId, Any]]
Column: TypeAlias = tuple[str, Any, Callable[[Any], object]]

_moment: Final = pa.timestamp("us", tz="UTC")
_word: Final = pa.dictionary(pa.int32(), pa.string())

_SEEN: Final[tuple[Column, ...]] = (
    ("at", _moment, lambda record: record.at_us),
    ("seen", _moment, lambda record: record.seen_us),
    ("mode", _word, lambda record: record.mode.word),
)
_TOUCHED: Final[tuple[Column, ...]] = (
    ("link", pa.int64(), lambda record: record.link),
    ("allocation", pa.int64(), lambda record: record.allocation),
    ("arm", pa.int16(), lambda record: record.arm),
)
# Kind: the records it holds, and its columns after stream, segment and number. What partners write in their own words
# (order id, reason) may lead to a person and does not go where nothing is ever deleted.
_TABLES: Final[Mapping[LakeKind, tuple[type[object], tuple[Column, ...]]]] = {
    LakeKind.CLICKS: (Click, (*_SEEN, *_TOUCHED, ("basis", _word, lambda click: click.basis.name.lower()))),
    LakeKind.IMPRESSIONS: (Impression, (*_SEEN, *_TOUCHED)),
    LakeKind.POSTBACKS: (
        Postback,
        (
            *_SEEN,
            ("advertiser", pa.int64(), lambda postback: postback.advertiser),
            ("program", _word, lambda postback: postback.program),
            ("dialect", _word, lambda postback: postback.dialect),
            ("step", _word, lambda postback: postback.step),
            ("status_raw", _word, lambda postback: postback.status_raw),
            ("event_type", _word, lambda postback: postback.event_type),
            ("commission_group", _word, lambda postback: postback.group),
            ("amount_minor", pa.int64(), lambda postback: postback.amount_minor),
            ("retained_minor", pa.int64(), lambda postback: postback.retained_minor),
            ("currency", _word, lambda postback: postback.currency),
            ("check_in", pa.string(), lambda postback: postback.check_in),
            ("check_out", pa.string(), lambda postback: postback.check_out),
            ("click_refs", pa.int16(), lambda postback: len(postback.click_refs)),
        ),
    ),
}


class ParquetLake:
    """A ``LakeFolder``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def write(self, records: Mapping[RecordId, Record]) -> list[LakeFile]:
        parts: dict[tuple[LakeKind, str], list[tuple[RecordId, Record]]] = {}
        for record_id in sorted(records):
            record = records[record_id]
            kind = _KINDS.get(type(record))
            if kind is not None:
                month = from_us(record.seen_us).strftime("%Y-%m")
                parts.setdefault((kind, month), []).append((record_id, record))
        return [self._write_file(kind, month, rows) for (kind, month), rows in parts.items()]

    def _write_file(self, kind: LakeKind, month: str, rows: Rows) -> LakeFile:
        first, last = rows[0][0], rows[-1][0]
        name = f"{first.stream}-{first.segment:08d}.{first.number:010d}-{last.segment:08d}.{last.number:010d}.parquet"
        folder = self._folder / kind.value / f"month={month}"
        path = folder / name
        if not folder.is_dir():
            # Whoever may look into the lake is let in by its operator, and not by the mode of what stands above.
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            folder.mkdir(parents=True, exist_ok=True)
            for parent in (self._folder, folder.parent):
                _sync(parent)
        draft = path.with_suffix(".draft")
        pq.write_table(_table(kind, rows), draft, compression="zstd")
        _sync(draft)
        size = draft.stat().st_size
        draft.replace(path)
        _sync(folder)
        return LakeFile(
            kind=kind,
            first=first,
            last=last,
            path=path.relative_to(self._folder).as_posix(),
            records=len(rows),
            bytes=size,
        )


def lake_table(folder: Path, kind: LakeKind, manifest: Iterable[LakeFile]) -> Any:
    """A ``pyarrow.Table`` of all records of a kind in the files that the manifest names, and in no other."""
    tables = [pq.ParquetFile(folder / file.path).read() for file in manifest if file.kind is kind]
    return pa.concat_tables([_table(kind, ()), *tables]).unify_dictionaries()


def _table(kind: LakeKind, rows: Rows) -> Any:
    columns: dict[str, Any] = {
        "stream": pa.array((row[0].stream for row in rows), pa.int16()),
        "segment": pa.array((row[0].segment for row in rows), pa.int32()),
        "number": pa.array((row[0].number for row in rows), pa.int64()),
    }
    for name, column_type, value in _TABLES[kind][1]:
        columns[name] = pa.array((value(row[1]) for row in rows), column_type)
    return pa.table(columns)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


_KINDS: Final[Mapping[type[object], LakeKind]] = {record: kind for kind, (record, _) in _TABLES.items()}
