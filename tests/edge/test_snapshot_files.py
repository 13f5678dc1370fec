"""The snapshot's promises: a follower always stands on a whole base and a prefix of the changes behind it, whatever
died when, and an append that returned is never lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warum.edge import snapshot_files
from warum.edge.disk import AlreadyClaimed
from warum.edge.snapshot_files import Change, SnapshotDamaged, SnapshotFollower, SnapshotPublisher

NOTHING = Change(reset=False, lines=[])
LINE = st.binary(min_size=1, max_size=60).filter(lambda line: b"\n" not in line and b"\0" not in line)
STEP = st.tuples(st.sampled_from(["base", "append", "poll", "restart"]), st.lists(LINE, max_size=4))


@contextmanager
def publishing(folder: Path) -> Iterator[SnapshotPublisher]:
    publisher = SnapshotPublisher(folder)
    try:
        yield publisher
    finally:
        publisher.close()


def whole(folder: Path) -> list[bytes]:
    """What an edge that starts now has."""
    follower = SnapshotFollower(folder)
    change = follower.poll()
    follower.close()
    return change.lines


def apply(state: list[bytes], change: Change) -> list[bytes]:
    return change.lines if change.reset else state + change.lines


def delta(folder: Path) -> Path:
    (path,) = folder.glob("delta-*")
    return path


@settings(max_examples=40, deadline=None)
@given(st.lists(STEP, max_size=15))
def test_a_follower_that_polls_when_it_likes_has_what_was_published(steps: list[tuple[str, list[bytes]]]):
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        published: list[bytes] = []
        seen: list[bytes] = []
        follower = SnapshotFollower(folder)
        publisher = SnapshotPublisher(folder)
        for what, lines in steps:
            match what:
                case "base":
                    publisher.publish_base(iter(lines))
                    published = lines
                case "append" if publisher.generation:
                    publisher.append(lines)
                    published = published + lines
                case "restart":
                    publisher.close()
                    publisher = SnapshotPublisher(folder)
                case _:
                    seen = apply(seen, follower.poll())
                    assert seen == published
                    assert follower.poll() == NOTHING
        assert apply(seen, follower.poll()) == published == whole(folder)
        publisher.close()
        follower.close()


def test_nothing_was_ever_published(tmp_path: Path):
    follower = SnapshotFollower(tmp_path / "missing")
    assert follower.poll() == NOTHING
    with publishing(tmp_path / "missing") as publisher:
        assert follower.poll() == NOTHING
        assert publisher.generation == 0
        with pytest.raises(RuntimeError, match="publish a base first"):
            publisher.append([b"{}"])
        publisher.publish_base([])
        assert follower.poll() == Change(reset=True, lines=[])
    follower.close()


def test_a_follower_needs_no_publisher(tmp_path: Path):
    with publishing(tmp_path) as publisher:
        publisher.publish_base([b"1", b"2"])
        publisher.append([b"3"])
    assert whole(tmp_path) == [b"1", b"2", b"3"]


def test_a_new_base_starts_everything_anew_and_removes_the_old_one(tmp_path: Path):
    follower = SnapshotFollower(tmp_path)
    with publishing(tmp_path) as publisher:
        publisher.publish_base([b"old"])
        publisher.append([b"older"])
        assert publisher.delta_bytes == len(b"older\n")
        assert follower.poll() == Change(reset=True, lines=[b"old", b"older"])
        publisher.publish_base([b"new"])
        assert publisher.delta_bytes == 0
        publisher.append([b"newer"])
        assert follower.poll() == Change(reset=True, lines=[b"new", b"newer"])
        assert sorted(path.name for path in tmp_path.iterdir()) == [
            "CURRENT",
            "base-0000000002.jsonl",
            "delta-0000000002.jsonl",
            "lock",
        ]
    follower.close()


def test_a_base_larger_than_a_chunk(tmp_path: Path):
    lines = [b"%d" % number * 1_000 for number in range(2_000)]
    with publishing(tmp_path) as publisher:
        publisher.publish_base(iter(lines))
        publisher.append(lines)
    assert whole(tmp_path) == lines + lines


@pytest.mark.parametrize("entry", [b"", b"a\nb", b"a\0b", b"a\n"])
def test_an_entry_is_one_line(tmp_path: Path, entry: bytes):
    with publishing(tmp_path) as publisher:
        publisher.publish_base([b"good"])
        with pytest.raises(ValueError, match="one line"):
            publisher.append([b"good", entry])
        with pytest.raises(ValueError, match="one line"):
            publisher.publish_base([b"good", entry])
        publisher.append([b"still in force"])
    assert whole(tmp_path) == [b"good", b"still in force"]


def test_a_second_publisher_is_refused(tmp_path: Path):
    with publishing(tmp_path), pytest.raises(AlreadyClaimed):
        SnapshotPublisher(tmp_path)
    with publishing(tmp_path):
        pass


def test_files_are_private(tmp_path: Path):
    with publishing(tmp_path / "snapshot") as publisher:
        publisher.publish_base([b"1"])
    assert (tmp_path / "snapshot").stat().st_mode & 0o777 == 0o700
    for path in (tmp_path / "snapshot").iterdir():
        assert path.stat().st_mode & 0o777 == 0o600


def test_a_torn_line_is_unseen_and_then_cut(tmp_path: Path):
    follower = SnapshotFollower(tmp_path)
    with publishing(tmp_path) as publisher:
        publisher.publish_base([b"base"])
        publisher.append([b"one", b"two"])
    sound = delta(tmp_path).read_bytes()
    # Cut anywhere in the second line; or its beginning was never written, and reads as zeros.
    for torn in [b"one\n" + b"two\n"[:cut] for cut in range(4)] + [b"one\n\0wo\n", b"one\n\0\0\0\0", b"one\nt\0o\nx\n"]:
        delta(tmp_path).write_bytes(torn)
        follower.close()
        assert follower.poll() == Change(reset=True, lines=[b"base", b"one"])
        assert follower.poll() == NOTHING
        with publishing(tmp_path) as publisher:
            assert delta(tmp_path).read_bytes() == b"one\n"
            publisher.append([b"two"])
        assert delta(tmp_path).read_bytes() == sound
        assert follower.poll() == Change(reset=False, lines=[b"two"])
    follower.close()


@pytest.mark.parametrize("call", ["fsync", "replace", "sync_folder"])
def test_an_interrupted_publication_leaves_a_whole_snapshot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str):
    def fail(*_: object) -> None:
        raise OSError(5, "Input/output error")

    with publishing(tmp_path) as publisher:
        publisher.publish_base([b"old"])
        publisher.append([b"older"])
        with monkeypatch.context() as patched:
            match call:
                case "fsync":
                    patched.setattr(os, "fsync", fail)
                case "replace":
                    patched.setattr(Path, "replace", fail)
                case _:
                    patched.setattr(snapshot_files, "sync_folder", fail)
            with pytest.raises(OSError, match="Input/output"):
                publisher.publish_base([b"new"])
        assert whole(tmp_path) == [b"old", b"older"]
    with publishing(tmp_path) as publisher:
        assert len(list(tmp_path.glob("*.jsonl"))) == 2
        publisher.append([b"later"])
        assert whole(tmp_path) == [b"old", b"older", b"later"]


def test_after_a_failed_append_only_a_new_base_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def fail(_: int) -> None:
        raise OSError(28, "No space left on device")

    follower = SnapshotFollower(tmp_path)
    with publishing(tmp_path) as publisher:
        publisher.publish_base([b"1"])
        with monkeypatch.context() as patched:
            patched.setattr(os, "fsync", fail)
            with pytest.raises(OSError, match="No space"):
                publisher.append([b"2"])
        with pytest.raises(RuntimeError, match="last write failed"):
            publisher.append([b"2"])
        follower.poll()
        publisher.publish_base([b"1"])
        publisher.append([b"3"])
        assert follower.poll() == Change(reset=True, lines=[b"1", b"3"])
    follower.close()


def test_a_delta_that_shrank_is_read_anew(tmp_path: Path):
    follower = SnapshotFollower(tmp_path)
    with publishing(tmp_path) as publisher:
        publisher.publish_base([b"1"])
        publisher.append([b"2", b"3"])
    follower.poll()
    os.truncate(delta(tmp_path), 2)
    assert follower.poll() == Change(reset=True, lines=[b"1", b"2"])
    follower.close()


def test_missing_files_are_reported(tmp_path: Path):
    with publishing(tmp_path) as publisher:
        publisher.publish_base([b"1"])
    (tmp_path / "base-0000000001.jsonl").unlink()
    with pytest.raises(SnapshotDamaged, match="generation 1 is named but missing"):
        whole(tmp_path)
    (tmp_path / "CURRENT").write_bytes(b"first\n")
    with pytest.raises(SnapshotDamaged, match="names no generation"):
        whole(tmp_path)
    with pytest.raises(SnapshotDamaged, match="names no generation"):
        SnapshotPublisher(tmp_path)


CHILD = """
import sys
from pathlib import Path
from warum.edge.snapshot_files import SnapshotPublisher

publisher = SnapshotPublisher(Path(sys.argv[1]))
number = 0
while True:
    publisher.publish_base(b"%d" % earlier for earlier in range(number))
    print(number, flush=True)
    for _ in range(5):
        publisher.append([b"%d" % number, b"%d" % (number + 1)])
        number += 2
        print(number, flush=True)
"""


@pytest.mark.parametrize("steps", [1, 8, 40])
def test_a_kill_at_any_moment_keeps_what_was_published(tmp_path: Path, steps: int):
    process = subprocess.Popen([sys.executable, "-c", CHILD, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    follower = SnapshotFollower(tmp_path)
    seen: list[bytes] = []
    published = 0
    for _ in range(steps):
        published = int(process.stdout.readline())
        seen = apply(seen, follower.poll())
        assert len(seen) >= published
        assert seen == [b"%d" % number for number in range(len(seen))]
    os.kill(process.pid, signal.SIGKILL)
    rest, _ = process.communicate()
    published = int(rest.split()[-1]) if rest.strip() else published
    with publishing(tmp_path):
        found = whole(tmp_path)
    assert len(found) >= published
    assert found == [b"%d" % number for number in range(len(found))]
    assert apply(seen, follower.poll()) == found
    follower.close()
