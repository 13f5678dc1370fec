"""The sequencer over a real database and real files: places, signs, survives crashes, halts before a second story."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest

from ingest.world import SYSTEM, Network, made_network
from warum.adapters.tlog import FileShelf
from warum.app.log.restore import restore_log
from warum.app.log.sequence import LogHalted, Sequencer
from warum.app.log.statements import close_months
from warum.app.log.take_in import take_in
from warum.domain.leaves import LeafType, Series, leaf_tag
from warum.domain.tlog.checkpoints import unverified_checkpoint
from warum.domain.tlog.merkle import inclusion_proof, leaf_hash, root_of, verify_inclusion
from warum.domain.tlog.notes import Signer, open_note
from warum.domain.tlog.tiles import Tile, decode_entries, nodes_of
from warum.ports.catalog import ActorKind
from warum.ports.log import About

SIGNER = Signer("log.example", bytes(range(32)))


@dataclass
class Log:
    network: Network
    folder: Path
    now_us: int = 1_800_000_000_000_000
    sequencers: list[Sequencer] = field(default_factory=list)

    @property
    def shelf(self) -> FileShelf:
        return FileShelf(self.folder)

    def opened(self, signer: Signer = SIGNER) -> Sequencer:
        sequencer = Sequencer(self.network.database, self.shelf, signer, lambda: self.now_us)
        sequencer.open()
        return sequencer

    def run(self) -> Sequencer:
        while take_in(self.network.database):
            pass
        sequencer = self.opened()
        while sequencer.step():
            pass
        return sequencer

    def sql(self, query: str, *values: Any) -> None:
        with psycopg.connect(self.network.admin_url, autocommit=True) as connection:
            connection.execute("set session_replication_role = replica")  # as root would, past every trigger
            connection.execute(query, values)  # pyright: ignore

    def leaves(self) -> list[Any]:
        with self.network.database.transaction(SYSTEM) as tx:
            return tx.log.after(-1, until=1_000_000, limit=10_000)


@pytest.fixture
def log(fresh_database: Any, tmp_path: Path) -> Iterator[Log]:
    with made_network(fresh_database) as network:
        yield Log(network, tmp_path / "log")


def booked(log: Log, order: str = "1001", *, publisher: str = "ana", at: str = "2027-05-02") -> None:
    token = log.network.click(publisher, at="2027-05-01")
    log.network.postback("booked", at=at, token=token, amount_minor=10_000, check_out="2027-05-04", order_id=order)
    log.network.consume()


def test_each_leaf_is_proved_by_the_tiles_and_the_checkpoint(log: Log):
    booked(log)
    log.run()
    shelf = log.shelf
    checkpoint = unverified_checkpoint(shelf.checkpoint() or b"")
    assert open_note(shelf.checkpoint() or b"").verified_by([SIGNER.vkey])
    leaves = log.leaves()
    assert [leaf.index for leaf in leaves] == list(range(checkpoint.size))
    node = nodes_of(checkpoint.size, shelf.read_tile)
    for leaf in leaves:
        proof = inclusion_proof(leaf.index, checkpoint.size, node)
        assert verify_inclusion(leaf.index, checkpoint.size, leaf_hash(leaf.body), checkpoint.root, proof)
    bundle = decode_entries(shelf.read_file(Tile(None, 0, checkpoint.size)))
    assert bundle == [leaf.body for leaf in leaves]


def test_numbers_of_a_series_have_no_gap_and_leaves_name_them_only_by_their_tag(log: Log):
    for number, publisher in enumerate(("ana", "ben", "ana")):
        booked(log, f"order {number}", publisher=publisher)
    log.run()
    numbers: dict[Series, list[int]] = {}
    for leaf in log.leaves():
        numbers.setdefault(leaf.series, []).append(leaf.number)
        assert json.loads(leaf.body)["tag"] == leaf_tag(leaf.key, leaf.number).hex()
        assert leaf.series.name not in leaf.body.decode()
    assert all(found == list(range(1, len(found) + 1)) for found in numbers.values())
    pair = Series(log.network.advertiser, log.network.publishers["ana"])
    assert numbers[pair][-1] == 2


def test_what_a_leaf_commits_to_can_be_read_and_holds_no_order_id(log: Log):
    booked(log)
    log.run()
    conversion = log.network.conversion()
    with log.network.database.transaction(SYSTEM) as tx:
        (leaf,) = tx.log.about([About("conversion", conversion.id)])
    assert leaf.type is LeafType.CONVERSION
    assert b"1001" not in leaf.content.payload
    assert leaf.content.hidden["order_id"][1] == "1001"


def test_a_crash_between_commit_and_signature_is_made_good(log: Log, monkeypatch: pytest.MonkeyPatch):
    booked(log)
    first = log.run()
    booked(log, "1002")

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    sequencer = log.opened()
    monkeypatch.setattr(sequencer, "_publish", crash)
    with pytest.raises(KeyboardInterrupt):
        sequencer.step()
    again = log.opened()
    assert again.size == len(log.leaves()) > first.size
    assert unverified_checkpoint(log.shelf.checkpoint() or b"").size == again.size


def test_a_database_that_was_set_back_halts_the_log(log: Log):
    booked(log)
    log.run()
    last = log.leaves()[-1].index
    log.sql("delete from warum.log_leaf where index = %s", last)
    log.sql("update warum.log_head set size = %s", last)
    with pytest.raises(LogHalted, match="the database is older than the log"):
        log.opened()


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("update warum.log_leaf set body = 'x', hash = sha256('x') where index = 0", "leaf 0 in the database"),
        ("update warum.log_head set root = sha256('x')", "another root"),
        ("update warum.log_head set size = size + 1", "do not make its root"),
    ],
)
def test_a_database_that_differs_halts_the_log(log: Log, query: str, says: str):
    booked(log)
    log.run()
    log.sql(query)
    with pytest.raises(LogHalted, match=says):
        log.opened()


def test_a_database_that_changes_under_the_running_log_halts_it(log: Log):
    booked(log)
    sequencer = log.run()
    log.sql("update warum.log_head set size = size - 1")
    with pytest.raises(LogHalted, match="changed under the log"):
        sequencer.step()


def test_another_key_or_name_halts_the_log(log: Log):
    booked(log)
    log.run()
    with pytest.raises(LogHalted, match="cannot go on as"):
        log.opened(Signer("other.example", bytes(32)))


def test_lost_or_changed_files_halt_the_log(log: Log):
    booked(log)
    log.run()
    tile = next(path for path in (log.folder / "tile/0").rglob("*") if path.is_file())
    held = tile.read_bytes()
    tile.write_bytes(bytes(len(held)))
    with pytest.raises(LogHalted, match="another root"):
        log.opened()
    tile.unlink()
    with pytest.raises(LogHalted, match="not complete"):
        log.opened()
    (log.folder / "signer.json").unlink()
    with pytest.raises(LogHalted, match="signer\\.json is missing"):
        log.opened()


def test_a_month_is_closed_with_what_its_leaves_add_up_to(log: Log):
    booked(log)
    log.run()
    ana = Series(log.network.advertiser, log.network.publishers["ana"])
    assert close_months(log.network.database, now_us=log.now_us) == 0
    log.now_us += 32 * 86_400_000_000
    assert close_months(log.network.database, now_us=log.now_us) >= 1
    log.run()
    with log.network.database.transaction(SYSTEM) as tx:
        (statement,) = tx.log.statements(ana)
        leaf = tx.log.of_series(ana, first=statement.last + 1, limit=1)[0]
    assert statement.totals[0]["pending"] == str(log.network.conversion().commission_minor)
    assert leaf.type is LeafType.STATEMENT
    assert leaf.content.fields()["currencies"] == statement.totals
    assert close_months(log.network.database, now_us=log.now_us) == 0


def test_after_a_restore_the_log_goes_on_and_says_so(log: Log):
    """Yesterday's database, today's files: what was signed stays, and everybody is told what is told twice."""
    booked(log)
    log.run()
    kept = log.leaves()
    with psycopg.connect(log.network.admin_url) as connection:
        offsets = connection.execute("select * from warum.ingest_offset").fetchall()
    booked(log, "1002")
    log.run()
    lost = log.leaves()[len(kept) :]
    for table in ("log_leaf", "log_queue", "outbox", "posting", "txn", "conversion_event", "log_entry", "conversion"):
        condition = {
            "log_leaf": f"index >= {len(kept)}",
            "conversion": "order_id = '1002'",
            "conversion_event": "conversion_id in (select id from warum.conversion where order_id = '1002')",
            "txn": "conversion_id in (select id from warum.conversion where order_id = '1002')",
            "posting": "txn_id in (select id from warum.txn where conversion_id in "
            "(select id from warum.conversion where order_id = '1002'))",
            "log_entry": f"not exists (select from warum.log_leaf l where l.entry_id = log_entry.id) "
            f"and id > {len(kept)}",
        }.get(table, "false")
        log.sql(f"delete from warum.{table} where {condition}")
    log.sql("delete from warum.report_seen")
    for row in offsets:
        log.sql(
            "update warum.ingest_offset set segment = %s, position = %s, number = %s where stream = %s",
            *row[1:4],
            row[0],
        )
    log.sql(
        "update warum.log_series s set number_last = coalesce((select max(number) from warum.log_leaf l "
        "where l.series_id = s.id), 0)"
    )
    log.sql(
        "update warum.log_head set size = %s, root = %s", len(kept), root_of([leaf_hash(leaf.body) for leaf in kept])
    )
    with pytest.raises(LogHalted, match="older than the log"):
        log.opened()
    count = restore_log(
        log.network.database, log.shelf, reason="The disk failed.", actor=ActorKind.PERSON, now_us=log.now_us
    )
    assert count == len(lost)
    log.network.consume()
    log.run()
    after = log.leaves()
    restored = [leaf for leaf in after if leaf.type is LeafType.RESTORED]
    assert {leaf.content.fields()["first"] for leaf in restored} == {str(len(kept))}
    again = [leaf for leaf in after if leaf.index >= len(kept) + len(lost) and leaf.type is LeafType.CONVERSION]
    assert [leaf.number for leaf in again] == [lost[-1].number + 2]  # behind the lost one, and behind the notice
    assert unverified_checkpoint(log.shelf.checkpoint() or b"").size == len(kept) + len(lost) + len(restored) + 1
