"""Every draw can be computed again, and what was altered is found; what cannot be told is said."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warum.app.decisions.draws import Book, DrawReplay, Draws
from warum.app.decisions.draws.fit import fit
from warum.app.decisions.draws.order import Run, out_of_order
from warum.domain.catalog import ARM_DEEP_LINK, EdgeAllocation, EdgeArm
from warum.domain.mode import Mode
from warum.domain.records import Basis, Click, Impression
from warum.domain.tracking import draw
from warum.edge.codec import decode, encode
from warum.edge.http import Request
from warum.edge.journal import RawRecord, Walk
from warum.kernel.ids import RecordId
from warum.main import replay_decisions
from warum.main.bench.drawn_journal import QuietEdge, alter
from warum.main.bench.replay_decisions import run as bench
from warum.main.config import Config
from warum.main.log import verify
from warum.main.replay_decisions import JournalAsked, draws_told, replay_draws
from warum.main.secret_store import Secrets, ensure_secrets
from warum.ports.evidence import DrawnAllocation, DrawnLink

from .house import START_US, House

KEY = bytes(range(32))
SEGMENT_BYTES = 140_000
"""Hardly more than a segment has to have: a handful of records fills one."""

BOOK = Book(
    allocations={
        20: DrawnAllocation(id=20, offer=2, shares=((0, 500_000), (1, 500_000)), floor_ppm=None),
        21: DrawnAllocation(id=21, offer=2, shares=((0, 490_000), (1, 510_000)), floor_ppm=None),
        40: DrawnAllocation(id=40, offer=4, shares=((0, 500_000), (1, 500_000)), floor_ppm=None),
    },
    links={30: DrawnLink(id=30, offer=2, in_slot=False), 31: DrawnLink(id=31, offer=2, in_slot=True)},
)


def click(arm: int, *, allocation: int = 20, link: int = 30) -> Click:
    return Click(
        at_us=START_US,
        seen_us=START_US,
        link=link,
        allocation=allocation,
        arm=arm,
        basis=Basis.CONSENT,
        mode=Mode.LIVE,
    )


def seen(arm: int, *, allocation: int = 20, link: int = 31) -> Impression:
    return Impression(at_us=START_US, seen_us=START_US, link=link, allocation=allocation, arm=arm, mode=Mode.LIVE)


def drawn(number: int, allocation: int = 20, key: bytes = KEY, book: Book = BOOK) -> int:
    """The arm that a record in this place gets."""
    arms = tuple(EdgeArm(arm=arm, url="", propensity_ppm=ppm) for arm, ppm in book.allocations[allocation].shares)
    return draw(EdgeAllocation(id=allocation, offer=2, arms=arms), RecordId(1, 0, number), key).arm


def honest(count: int, key: bytes = KEY) -> list[Click | Impression]:
    return [click(drawn(number, key=key)) for number in range(count)]


def replayed(records: Sequence[Click | Impression], *, book: Book = BOOK, key: bytes = KEY) -> Draws:
    replay = DrawReplay(book, key, decode)
    replay.take([RawRecord(RecordId(1, 0, number), *encode(record)) for number, record in enumerate(records)])
    return replay.result()


# One record ----------------------------------------------------------------------------------------------------------


def test_what_was_drawn_is_drawn_again() -> None:
    result = replayed(honest(1_000))
    assert (result.decisions, result.differ, result.sound, result.misfits) == (1_000, 0, True, [])


def test_another_arm_is_found() -> None:
    records = honest(100)
    records[42] = click(1 - records[42].arm)
    result = replayed(records)
    (found,) = result.mismatches
    assert (result.differ, found.subject) == (1, "record 1/0/42")
    assert "drawn again it is arm" in found.what


def test_an_allocation_of_another_offer_is_found() -> None:
    records = honest(10)
    records[3] = replace(records[3], allocation=40)
    (found,) = replayed(records).mismatches
    assert found.what == "link 30 leads through offer 2, allocation 40 is of offer 4"


def test_each_context_has_an_order_of_its_own() -> None:
    """A phone draws under an older allocation than the desktop before it, and that is as it should be."""
    contexts = {20: "device=desktop", 21: "device=phone"}
    told_apart = {key: replace(one, context=contexts.get(key, "")) for key, one in BOOK.allocations.items()}
    records = [click(drawn(number, 20 + number % 2), allocation=20 + number % 2) for number in range(100)]
    assert replayed(records, book=replace(BOOK, allocations=told_apart)).sound
    assert not replayed(records).sound


def test_another_allocation_is_found_though_it_draws_the_same_arm() -> None:
    records = honest(10)
    place = next(number for number in range(3, 9) if drawn(number, 21) == records[number].arm)
    records[place] = replace(records[place], allocation=21)
    result = replayed(records)
    (found,) = result.mismatches
    assert (result.differ, result.out_of_order, found.subject) == (1, 1, f"record 1/0/{place}")
    assert "was not in force" in found.what


def test_a_new_allocation_is_no_mismatch() -> None:
    later = [click(drawn(number, 21), allocation=21) for number in range(50, 100)]
    assert replayed([*honest(50), *later]).sound


def test_what_slots_showed_is_checked_but_not_drawn_again() -> None:
    result = replayed([click(0, link=31), click(1, link=31), seen(0), seen(1)])
    assert (result.decisions, result.shown_clicks, result.impressions, result.sound) == (0, 2, 2, True)
    assert replayed([click(7, link=31)]).differ == 1
    assert replayed([seen(7)]).differ == 1


def test_a_deep_link_drew_nothing() -> None:
    result = replayed([click(ARM_DEEP_LINK)])
    assert (result.decisions, result.deep_links, result.sound) == (0, 1, True)


def test_what_the_database_does_not_know_is_counted_by_kind() -> None:
    result = replayed([click(0, allocation=99), click(0, link=99)])
    assert (result.unknown, result.differ, result.sound) == ({"allocation": 1, "link": 1}, 0, False)


def test_an_allocation_that_does_not_sum_to_one_is_named() -> None:
    broken = replace(BOOK.allocations[20], shares=((0, 500_000), (1, 400_000)))
    (found,) = replayed([click(0)], book=replace(BOOK, allocations={20: broken})).mismatches
    assert found.what == "the propensities of allocation 20 do not sum to one"


def test_a_record_that_does_not_read_is_named() -> None:
    replay = DrawReplay(BOOK, KEY, decode)
    replay.take([RawRecord(RecordId(1, 0, 0), 1, b"\xc1"), RawRecord(RecordId(1, 0, 1), 77, b"")])
    result = replay.result()
    assert (result.unreadable, result.sound) == (2, False)
    assert [one.subject for one in result.mismatches] == ["record 1/0/0", "record 1/0/1"]


# All of them ---------------------------------------------------------------------------------------------------------


def test_draws_of_another_key_are_called_that() -> None:
    result = replayed(honest(1_000, key=bytes(32)))
    assert result.other_key == result.differ > 400
    some = honest(1_000)
    some[:3] = [click(1 - one.arm) for one in some[:3]]
    assert replayed(some).other_key == 0


def test_draws_that_were_chosen_do_not_fit() -> None:
    """Each is as it was drawn, but those who saw that they would be led to the second page did not come."""
    numbers = [number for number in range(1_000) if drawn(number) == 0 or number % 4 == 0]
    replay = DrawReplay(BOOK, KEY, decode)
    replay.take([RawRecord(RecordId(1, 0, number), *encode(click(drawn(number)))) for number in numbers])
    result = replay.result()
    (misfit,) = result.misfits
    assert (result.differ, result.sound) == (0, True)
    assert misfit.allocation == 20
    assert misfit.probability < 1e-6


def test_an_arm_below_the_floor_of_its_bot_is_named() -> None:
    forced = replace(BOOK.allocations[21], floor_ppm=495_000)
    book = replace(BOOK, allocations={**BOOK.allocations, 21: forced})
    result = replayed([click(drawn(0, 21), allocation=21)], book=book)
    assert (result.below_floor, result.sound) == ([(21, 0, 490_000, 495_000)], False)


def test_the_probability_of_counts() -> None:
    half = ((0, 500_000), (1, 500_000))
    assert fit({0: 500, 1: 500}, half) == 1
    # (40² / 500) twice: 6.4 at one degree of freedom
    assert fit({0: 540, 1: 460}, half) == pytest.approx(0.011412, abs=1e-6)
    assert fit({0: 5, 1: 4}, half) is None
    assert fit({}, half) is None
    assert fit({0: 1_000}, ((0, 1_000_000),)) is None


def test_arms_of_whom_few_are_expected_are_put_together() -> None:
    shares = ((0, 999_900), (1, 50), (2, 50))
    assert fit({0: 9_997, 1: 3}, shares) is None  # one is expected of both together
    assert fit({0: 59_994, 1: 6}, shares) == 1  # six of both together


runs_of = st.lists(st.tuples(st.integers(1, 5), st.integers(1, 4)), max_size=9)


@given(runs_of)
def test_the_fewest_records_are_out_of_order(drawn_runs: list[tuple[int, int]]) -> None:
    runs = [Run(allocation, RecordId(1, 0, place), count) for place, (allocation, count) in enumerate(drawn_runs)]
    left_out = out_of_order(runs)
    kept = [run for run in runs if run not in left_out]
    assert all(one.allocation <= next_.allocation for one, next_ in pairwise(kept))
    most = max(
        sum(run.count for run in some)
        for size in range(len(runs) + 1)
        for some in combinations(runs, size)
        if all(one.allocation <= next_.allocation for one, next_ in pairwise(some))
    )
    assert sum(run.count for run in kept) == most


# The whole way: edge, journal, database, command ---------------------------------------------------------------------


class Place:
    """A data folder with an edge that follows the house."""

    def __init__(self, house: House, data: Path) -> None:
        self.house = house
        self.config = Config(data=data)
        self.secrets: Secrets = ensure_secrets(data, now_us=house.now_us)
        self.folder = data / "journal"
        self.stream = self.folder / "stream-1"
        self.asked = JournalAsked(self.folder, self.secrets.draw_key)

    def edge(self) -> QuietEdge:
        edge = QuietEdge(self.config, self.secrets, self.house.worker, segment_bytes=SEGMENT_BYTES)
        edge.follow()
        return edge

    def clicks(self, edge: QuietEdge, count: int, query: str = "", *, path: str | None = None) -> None:
        ((code,),) = self.house.rows("select code from warum.link where id = %s", self.house.link)
        for _ in range(count):
            self.get(edge, f"{path or f'/c/{code}'}{query}")

    def get(self, edge: QuietEdge, target: str) -> bytes:
        self.house.now_us += 20_000_000  # nobody is taken for somebody else
        headers = {b"user-agent": b"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}
        return edge.ask(Request("GET", target, headers, b"", "192.0.2.7"), self.house.now_us).answer.body

    def command(self, capsys: pytest.CaptureFixture[str], **options: Any) -> tuple[int, Any, str]:
        """(exit code, JSON, what is named)."""
        code = replay_decisions.run(self.house.app, journal=self.asked, as_json=True, **options)
        told = capsys.readouterr()
        return code, json.loads(told.out), told.err

    def words(self, asked: JournalAsked | None = None) -> str:
        return "\n".join(draws_told(replay_draws(self.house.app, asked or self.asked)))


@pytest.fixture
def place(house: House, tmp_path: Path) -> Iterator[Place]:
    """Clicks with and without consent under two allocations, a deep link."""
    made = Place(house, tmp_path / "data")
    with made.edge() as edge:
        made.clicks(edge, 400)
        house.do("offer.allocate", offer=house.offer, propensities=(Decimal("0.6"), Decimal("0.4")))
        edge.follow()
        made.clicks(edge, 300, "?cons=1")
        made.clicks(edge, 1, "?to=https%3A%2F%2Fwww.hotel.example%2Felsewhere")
    return made


def test_the_command_draws_again_what_the_edge_drew(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    code, figures, named = place.command(capsys)
    assert (code, named) == (0, "")
    assert (figures["decisions"], figures["mismatches"]) == (700, 0)
    draws = figures["draws"]
    assert draws["not_replayable"]["deep_links"] == 1
    assert draws["allocations"] == 2
    assert draws["fit_probability_min"] > 1e-6
    assert draws["covered"][0]["records"] == 701


def test_either_half_alone(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    assert place.command(capsys, bots=False)[1]["decisions"] == 700
    assert replay_decisions.run(place.house.app, as_json=False) == 0
    assert "0 answers of bots computed again: 0 differ." in capsys.readouterr().out


def test_altered_records_are_named_and_no_others(
    place: Place, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with place.house.app.transaction(replay_decisions._AUDITOR) as tx:
        book = replay_decisions.read_book(tx)
    altered = alter(place.folder, tmp_path / "altered", book, count=1, seed=3)
    place.asked = replace(place.asked, folder=tmp_path / "altered")
    code, figures, named = place.command(capsys)
    (at,) = altered
    assert (code, figures["mismatches"]) == (1, 1)
    assert named.startswith(f"record {at.stream}/{at.segment}/{at.number}: ")


def test_an_allocation_that_was_altered_in_the_database_is_found(place: Place) -> None:
    place.house.tamper("alter table warum.allocation_arm disable trigger all")
    place.house.tamper(
        "update warum.allocation_arm set propensity_ppm = 1000000 - propensity_ppm where allocation_id = %s",
        place.house.in_force(),
    )
    found = replay_draws(place.house.app, place.asked)
    assert found.draws.differ > 20
    assert not found.sound


def test_slots_on_the_whole_way(place: Place) -> None:
    house = place.house
    house.add_slot()
    ((code,),) = house.rows("select code from warum.slot")
    with place.edge() as edge:
        creative = json.loads(place.get(edge, f"/s/{code}"))["creative"]
        place.get(edge, creative["seen_url"][2:])
        place.get(edge, creative["click_url"][2:])
    found = replay_draws(house.app, place.asked)
    assert found.sound
    assert (found.draws.shown_clicks, found.draws.impressions) == (1, 1)
    assert "1 clicks on what slots showed and 1 impressions" in place.words()


def test_what_went_with_retention_is_said(place: Place) -> None:
    with place.edge() as edge:
        place.clicks(edge, 200)
    (place.stream / "0000000000.journal").unlink()
    found = replay_draws(place.house.app, place.asked)
    assert found.sound
    assert 0 < found.draws.decisions < 900
    assert "Segments 0 to 0 went with retention: their draws are not covered." in place.words()


def test_a_segment_that_is_missing_in_between_is_a_fault(place: Place) -> None:
    with place.edge() as edge:
        place.clicks(edge, 1_200)
    assert (place.stream / "0000000002.journal").exists()
    (place.stream / "0000000001.journal").unlink()
    found = replay_draws(place.house.app, place.asked)
    assert not found.sound
    assert found.draws.differ == 0
    assert "0000000001.journal at 0: the segment is missing" in place.words()


def test_a_damaged_record_is_a_fault_and_a_torn_tail_is_not(place: Place) -> None:
    segment, end = Walk(place.folder).covered[0].until
    with (place.stream / f"{segment:010d}.journal").open("r+b") as file:
        file.seek(end)
        file.write(b"half a rec")
    assert "10 bytes behind the synced mark were left out" in place.words()
    assert replay_draws(place.house.app, place.asked).sound
    with (place.stream / "0000000000.journal").open("r+b") as file:
        file.seek(200)
        file.write(b"\0\0\0\0")
    assert "a synced record is damaged" in place.words()
    assert not replay_draws(place.house.app, place.asked).sound


def test_a_lost_mark_is_a_fault_once_segments_are_gone(place: Place) -> None:
    (place.stream / "0000000000.journal").unlink()
    (place.stream / "head").unlink()
    assert "the synced mark is missing" in place.words()


def test_another_draw_key_is_said_in_words(place: Place) -> None:
    words = place.words(replace(place.asked, draw_key=bytes(32)))
    assert "they were drawn under another key. Was secrets.json replaced since?" in words


def test_a_database_older_than_the_journal_is_said_in_words(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    with place.edge() as edge:
        edge.take(click(0, allocation=99, link=place.house.link))
    assert place.command(capsys)[0] == 1
    assert "1 records name an unknown allocation." in place.words()


def test_no_journal_is_no_fault(house: House, tmp_path: Path) -> None:
    asked = JournalAsked(tmp_path / "nothing", KEY)
    assert "There is no journal here yet." in draws_told(replay_draws(house.app, asked))


@pytest.mark.parametrize(
    ("name", "value", "code", "words"),
    [
        ("WARUM_DATA", "", 1, "`warum up` makes it at its first start"),
        ("WARUM_EDGE_PORT", "many", 2, "expects a whole number"),
    ],
)
def test_what_a_command_lacks_is_said_in_words(
    name: str,
    value: str,
    code: int,
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("WARUM_DATA", str(tmp_path))
    monkeypatch.setenv(name, value or str(tmp_path))
    for main in (replay_decisions.main, verify.main):
        assert main([]) == code
        assert words in capsys.readouterr().err


def test_the_benchmark_refuses_nothing_to_do() -> None:
    assert bench(["--decisions", "0"])["refused"] == "nothing_to_replay"
