"""From the tables to the edge: what an edge holds after each change of the catalog, through the real files."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest

from sealing import VAULT
from warum.adapters.postgres.database import PostgresDatabase, PostgresTx
from warum.app.publish import SnapshotPublishing, publish_base, publish_changes
from warum.domain.catalog import (
    EdgeAdvertiser,
    EdgeAllocation,
    EdgeArm,
    EdgeLink,
    EdgeProgram,
    PartnershipStatus,
    ProgramStatus,
    Validation,
)
from warum.edge.snapshot import Snapshot
from warum.edge.snapshot_files import SnapshotFollower, SnapshotPublisher
from warum.kernel.period import DAY_US
from warum.ports.catalog import Arm, Program
from warum.ports.database import Role, Scope

OPERATOR = Scope(Role.OPERATOR)
NOW_US = 1_800_000_000_000_000


class Scene:
    """A catalog with one link, a publisher of snapshots, and an edge that follows."""

    def __init__(self, app: PostgresDatabase, worker: PostgresDatabase, folder: Path, admin: str) -> None:
        self.app, self.worker, self.admin, self.folder = app, worker, admin, folder
        self.now_us = NOW_US
        self.sink = SnapshotPublisher(folder)
        self.follower = SnapshotFollower(folder)
        self.edge = Snapshot()
        with app.transaction(OPERATOR) as tx:
            catalog = tx.catalog
            self.advertiser = catalog.add_advertiser(code="hotel", name="Hotel", at_us=NOW_US)
            self.publisher = catalog.add_publisher(code="ana", name="Ana", kind="content", at_us=NOW_US)
            self.program = catalog.add_program(program(self.advertiser), NOW_US)
            self.offer = catalog.add_offer(advertiser=self.advertiser, program=self.program, name="Rooms", at_us=NOW_US)
            self.page = catalog.add_landing_page(
                advertiser=self.advertiser, offer=self.offer, name="A", url="https://hotel.example/a", at_us=NOW_US
            )
            self.allocation = catalog.add_allocation(
                advertiser=self.advertiser,
                offer=self.offer,
                arms=[Arm(arm=0, landing_page=self.page, propensity_ppm=1_000_000)],
                at_us=NOW_US,
            )
            partnership = catalog.add_partnership(
                advertiser=self.advertiser,
                publisher=self.publisher,
                program=self.program,
                application="",
                at_us=NOW_US,
            )
            found = catalog.partnership(partnership)
            assert found is not None
            self.partnership = replace(found, status=PartnershipStatus.APPROVED, decided_us=NOW_US)
            catalog.save_partnership(self.partnership)
            self.link = catalog.add_link(
                code="abc", partnership=self.partnership, offer=self.offer, name="", at_us=NOW_US
            )

    def change(self, act: Callable[[PostgresTx], Any]) -> Any:
        with self.app.transaction(OPERATOR) as tx:
            return act(tx)

    def sql(self, query: str, *values: Any) -> None:
        with psycopg.connect(self.admin) as connection:
            connection.execute(query, values)  # pyright: ignore

    def base(self) -> None:
        publish_base(self.worker, self.sink, now_us=self.now_us)
        self.follow()

    def publish(self) -> int:
        count = publish_changes(self.worker, self.sink, now_us=self.now_us)
        self.follow()
        return count

    def follow(self) -> None:
        change = self.follower.poll()
        if change.reset:
            self.edge = Snapshot()
        assert self.edge.apply(change.lines) == []

    def edge_link(self, **changed: Any) -> EdgeLink:
        link = EdgeLink(
            id=self.link,
            code="abc",
            advertiser=self.advertiser,
            program=self.program,
            publisher=self.publisher,
            partnership=self.partnership.id,
            allocation=self.allocation,
            active=True,
            publisher_kind="content",
        )
        return replace(link, **changed)


def program(advertiser: int) -> Program:
    return Program(
        id=0,
        advertiser=advertiser,
        code="stay",
        name="Stay",
        vertical="hotel",
        currencies=("EUR", "CHF"),
        timezone="Europe/Berlin",
        window_days=30,
        hold_days=3,
        validation=Validation.AUTOMATIC,
        status=ProgramStatus.RUNNING,
        starts_us=NOW_US,
        ends_us=None,
        click_param="wrm",
        row_version=1,
    )


@pytest.fixture
def scene(fresh_database: Any, tmp_path: Path) -> Iterator[Scene]:
    with PostgresDatabase(fresh_database.app, VAULT) as app, PostgresDatabase(fresh_database.worker, VAULT) as worker:
        scene = Scene(app, worker, tmp_path / "snapshot", fresh_database.admin)
        yield scene
        scene.follower.close()
        scene.sink.close()


def test_the_base_has_all_that_an_edge_needs(scene: Scene):
    scene.sql("insert into warum.advertiser_host values (%s, 'hotel.example', 'c', now(), 'dns')", scene.advertiser)
    scene.sql("insert into warum.advertiser_host values (%s, 'unproved.example', 'c', null, null)", scene.advertiser)
    scene.base()
    assert scene.edge.advertisers == {
        scene.advertiser: EdgeAdvertiser(
            id=scene.advertiser,
            code="hotel",
            name="Hotel",
            hosts=("hotel.example",),
            credit_without_consent=None,
            token_hash=None,
            secret_sealed=None,
            active=True,
        )
    }
    assert scene.edge.programs == {
        scene.program: EdgeProgram(
            id=scene.program,
            advertiser=scene.advertiser,
            code="stay",
            vertical="hotel",
            currencies=("EUR", "CHF"),
            window_days=30,
            status=ProgramStatus.RUNNING,
            starts_us=NOW_US,
            ends_us=None,
            click_param="wrm",
            timezone="Europe/Berlin",
        )
    }
    arm = EdgeArm(arm=0, url="https://hotel.example/a", propensity_ppm=1_000_000)
    assert scene.edge.allocations == {
        scene.allocation: EdgeAllocation(id=scene.allocation, offer=scene.offer, arms=(arm,))
    }
    assert scene.edge.links == {scene.link: scene.edge_link()}


@pytest.mark.parametrize(
    ("what", "back"),
    [
        ("update warum.partnership set status = 'ended'", "update warum.partnership set status = 'approved'"),
        ("update warum.publisher set active = false", "update warum.publisher set active = true"),
        ("update warum.advertiser set active = false", "update warum.advertiser set active = true"),
        ("update warum.link set retired_at = now()", "update warum.link set retired_at = null"),
    ],
)
def test_what_makes_a_link_active(scene: Scene, what: str, back: str):
    scene.base()
    for statement, active in ((what, False), (back, True)):
        scene.sql(statement)
        scene.change(lambda tx: tx.snapshot.queue("link", [scene.link], at_us=NOW_US))
        assert scene.publish() == 1
        assert scene.edge.links == {scene.link: scene.edge_link(active=active)}


@pytest.mark.parametrize("of", ["advertiser", "publisher", "partnership", "offer"])
def test_the_links_that_a_change_bears_on(scene: Scene, of: str):
    number = scene.partnership.id if of == "partnership" else getattr(scene, of)
    assert scene.change(lambda tx: tx.snapshot.queue_links_of(at_us=NOW_US, **{of: number})) == 1
    assert scene.change(lambda tx: tx.snapshot.queue_links_of(at_us=NOW_US, **{of: number + 100})) == 0


def test_a_new_allocation_comes_before_the_links_that_use_it(scene: Scene):
    scene.base()

    def act(tx: PostgresTx) -> int:
        arms = [Arm(arm=arm, landing_page=scene.page, propensity_ppm=ppm) for arm, ppm in ((0, 900_000), (1, 100_000))]
        allocation = tx.catalog.add_allocation(advertiser=scene.advertiser, offer=scene.offer, arms=arms, at_us=NOW_US)
        tx.snapshot.queue("allocation", [allocation], at_us=NOW_US)
        tx.snapshot.queue_links_of(offer=scene.offer, at_us=NOW_US)
        return allocation

    allocation = scene.change(act)
    with scene.worker.transaction(Scope(Role.SYSTEM)) as tx:
        lines = [line for _, line in tx.snapshot.pending(10)]
    assert [line.split(b'"')[3] for line in lines] == [b"allocation", b"link"]
    scene.publish()
    assert scene.edge.links[scene.link].allocation == allocation
    assert [arm.propensity_ppm for arm in scene.edge.allocations[allocation].arms] == [900_000, 100_000]


def test_a_retired_link_stays_until_its_window_is_over(scene: Scene):
    scene.sql("update warum.link set retired_at = warum.at(%s)", NOW_US)
    scene.now_us = NOW_US + 30 * DAY_US - 1
    scene.base()
    assert scene.edge.links == {scene.link: scene.edge_link(active=False)}
    scene.now_us += 1
    scene.base()
    assert scene.edge.links == {}
    assert scene.edge.programs.keys() == {scene.program}


def test_a_change_that_is_undone_is_not_published(scene: Scene):
    scene.base()

    def act(tx: PostgresTx) -> None:
        tx.snapshot.queue("link", [scene.link], at_us=NOW_US)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        scene.change(act)
    assert scene.publish() == 0


def test_a_base_has_what_was_queued_and_marks_it(scene: Scene):
    scene.change(lambda tx: tx.snapshot.queue("program", [scene.program], at_us=NOW_US))
    scene.base()
    assert scene.publish() == 0


def test_a_publisher_that_dies_before_it_marks_appends_again(scene: Scene):
    scene.base()
    scene.change(lambda tx: tx.snapshot.queue("link", [scene.link], at_us=NOW_US))

    class Dying:
        def publish_base(self, lines: Any) -> None:
            raise AssertionError

        def append(self, lines: Sequence[bytes]) -> None:
            scene.sink.append(lines)
            raise OSError("the power is gone")

    with pytest.raises(OSError, match="power"):
        publish_changes(scene.worker, Dying(), now_us=NOW_US)
    scene.follow()
    assert scene.publish() == 1
    assert scene.edge.links == {scene.link: scene.edge_link()}
    assert scene.edge.entries == 4 + 2


def test_the_loop_begins_with_a_base_and_again_after_a_failure(scene: Scene):
    calls: list[str] = []
    fail = [False]

    class Sink:
        def publish_base(self, lines: Any) -> None:
            calls.append("base")
            scene.sink.publish_base(lines)

        def append(self, lines: Sequence[bytes]) -> None:
            calls.append("append")
            if fail[0]:
                raise OSError("full")
            scene.sink.append(lines)

    loop = SnapshotPublishing(scene.worker, Sink(), lambda: NOW_US)
    assert loop.step()
    assert not loop.step()
    scene.change(lambda tx: tx.snapshot.queue("link", [scene.link], at_us=NOW_US))
    fail[0] = True
    with pytest.raises(OSError, match="full"):
        loop.step()
    fail[0] = False
    assert loop.step()
    assert not loop.step()
    scene.follow()
    assert scene.edge.links == {scene.link: scene.edge_link()}
    assert calls == ["base", "append", "base"]


def until_somebody_waits(scene: Scene) -> None:
    """For somebody else to commit."""
    waiting = "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
    given_up_s = time.monotonic() + 60
    with psycopg.connect(scene.admin, autocommit=True) as admin:
        while not admin.execute(waiting).fetchall():
            assert time.monotonic() < given_up_s
            time.sleep(0.01)


def test_two_changes_at_once_do_not_forget_each_other(scene: Scene):
    """One suspends the publisher while another gives the offer a new allocation: the entry that comes last has both."""
    scene.base()
    queued = threading.Event()

    def other() -> None:
        assert queued.wait(60)

        def act(tx: PostgresTx) -> None:
            found = tx.catalog.publisher(scene.publisher, lock=True)
            assert found is not None
            tx.catalog.save_publisher(replace(found, active=False))
            tx.snapshot.queue_links_of(publisher=scene.publisher, at_us=NOW_US)  # waits for the first to commit

        scene.change(act)

    def first(tx: PostgresTx) -> int:
        arms = [Arm(arm=0, landing_page=scene.page, propensity_ppm=1_000_000)]
        allocation = tx.catalog.add_allocation(advertiser=scene.advertiser, offer=scene.offer, arms=arms, at_us=NOW_US)
        tx.snapshot.queue("allocation", [allocation], at_us=NOW_US)
        tx.snapshot.queue_links_of(offer=scene.offer, at_us=NOW_US)
        queued.set()
        until_somebody_waits(scene)
        return allocation

    thread = threading.Thread(target=other)
    thread.start()
    allocation = scene.change(first)
    thread.join(60)
    assert scene.publish() == 3
    assert scene.edge.links == {scene.link: scene.edge_link(allocation=allocation, active=False)}
