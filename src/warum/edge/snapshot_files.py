"""The snapshot on disk, from one publisher to any number of edges: a base file and an append-only file of changes
behind it. A new base is a new generation, which `CURRENT` names once both files are durable; the old one then goes.

Entries are lines of JSON whose meaning is the caller's. JSON escapes newlines and zero bytes, so an append torn by a
power cut is recognised: its last line is incomplete, or a block that was never written reads as zeros. An entry may
come twice (a publisher that died before it could note its success appends again), so entries say what is, not by how
much it changed."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from warum.edge.disk import claim, private_folder, sync_folder, write_all

_CURRENT: Final = "CURRENT"
_CHUNK_BYTES: Final = 1 << 20


class SnapshotDamaged(RuntimeError):
    """The files that CURRENT names are not there, or it names none."""


class Change(NamedTuple):
    """What a follower finds. With `reset`, forget everything: the lines are a whole new snapshot."""

    reset: bool
    lines: list[bytes]


class SnapshotPublisher:
    """The only writer of a snapshot folder."""

    def __init__(self, folder: Path) -> None:
        """Claim the folder, cut the torn end of the changes and remove what an interrupted publication left.
        Raises AlreadyClaimed, SnapshotDamaged."""
        self._folder = folder
        private_folder(folder)
        self._lock = claim(folder)
        self._delta = -1
        self._size = 0
        try:
            self._generation = _current(folder)
            if self._generation:
                self._delta = _open(_delta(folder, self._generation), os.O_RDWR)
                self._size = _repair(self._delta)
            self._sweep()
        except BaseException:
            self.close()
            raise

    @property
    def generation(self) -> int:
        """The generation in force; 0 when nothing was ever published."""
        return self._generation

    @property
    def delta_bytes(self) -> int:
        """The size of the changes since the base: when it outgrows the base, publish a new one."""
        return self._size

    def publish_base(self, lines: Iterable[bytes]) -> None:
        """Put a whole new snapshot in force, durable on return. A crash leaves the old one or the new one, whole.

        Raises ValueError for an entry that is empty or contains a newline or a zero byte; the old one then stays in
        force. After an OSError either may be in force; the next `publish_base` settles it."""
        generation = max(self._generation, _current(self._folder)) + 1
        base = _open(_base(self._folder, generation), os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        try:
            _write_lines(base, lines)
            os.fsync(base)
        finally:
            os.close(base)
        self._drop_delta()
        delta = _open(_delta(self._folder, generation), os.O_RDWR | os.O_CREAT | os.O_TRUNC)
        try:
            os.fsync(delta)
            sync_folder(self._folder)  # the files' names must be durable before CURRENT names them
            _point(self._folder, generation)
        except BaseException:
            os.close(delta)
            raise
        self._delta, self._size, self._generation = delta, 0, generation
        self._sweep()

    def append(self, lines: Sequence[bytes]) -> None:
        """Add changes, durable on return. Followers see them in this order, the first ones perhaps before the last.

        Raises ValueError as `publish_base`. After an OSError nobody knows what is on the disk: only a new base, or a
        new publisher, goes on."""
        if self._delta < 0:
            raise RuntimeError("publish a base first: there is none, or the last write failed")
        data = b"".join(map(_line, lines))
        if not data:
            return
        try:
            write_all(self._delta, data, self._size)
            os.fsync(self._delta)
        except OSError:
            self._drop_delta()
            raise
        self._size += len(data)

    def close(self) -> None:
        """Let go of the folder."""
        self._drop_delta()
        if self._lock >= 0:
            os.close(self._lock)
        self._lock = -1

    def _drop_delta(self) -> None:
        if self._delta >= 0:
            os.close(self._delta)
        self._delta = -1

    def _sweep(self) -> None:
        """Remove every generation but the one in force. A follower that still reads one has it open."""
        keep = {_base(self._folder, self._generation), _delta(self._folder, self._generation)}
        for path in self._folder.glob("*.jsonl"):
            if path not in keep:
                path.unlink()


class SnapshotFollower:
    """Reads a snapshot folder, with or without a publisher alive; the folder need not exist yet."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._generation = 0
        self._delta = -1
        self._offset = 0

    def poll(self) -> Change:
        """What came since the last poll; cheap when nothing did. The first poll that finds a snapshot, and each that
        finds a new base, gives the whole of it with `reset`. Raises SnapshotDamaged."""
        generation = _current(self._folder)
        size = os.fstat(self._delta).st_size if self._delta >= 0 else 0
        # A delta shorter than what was read of it is another one than it was; a folder put back from a copy, say.
        if generation and (generation != self._generation or size < self._offset):
            return Change(reset=True, lines=self._restart(generation))
        if size <= self._offset:
            return Change(reset=False, lines=[])
        return Change(reset=False, lines=self._advance())

    def close(self) -> None:
        """Let go of the open file; the next poll starts from the base."""
        if self._delta >= 0:
            os.close(self._delta)
        self._delta, self._generation, self._offset = -1, 0, 0

    def _restart(self, generation: int) -> list[bytes]:
        while True:
            try:
                delta = _open(_delta(self._folder, generation), os.O_RDONLY)
                try:
                    base = _base(self._folder, generation).read_bytes()
                except BaseException:
                    os.close(delta)
                    raise
                break
            except FileNotFoundError:
                # Most likely the publisher has moved on since CURRENT was read.
                newer = _current(self._folder)
                if newer == generation:
                    raise SnapshotDamaged(f"{self._folder}: generation {generation} is named but missing") from None
                generation = newer
        self.close()
        self._delta, self._generation = delta, generation
        return base.split(b"\n")[:-1] + self._advance()

    def _advance(self) -> list[bytes]:
        sound = _sound(_read_from(self._delta, self._offset))
        self._offset += len(sound)
        return sound.split(b"\n")[:-1]


def _base(folder: Path, generation: int) -> Path:
    return folder / f"base-{generation:010d}.jsonl"


def _delta(folder: Path, generation: int) -> Path:
    return folder / f"delta-{generation:010d}.jsonl"


def _open(path: Path, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _current(folder: Path) -> int:
    """The generation in force, or 0."""
    try:
        text = (folder / _CURRENT).read_bytes()
    except FileNotFoundError:
        return 0
    try:
        return int(text)
    except ValueError:
        raise SnapshotDamaged(f"{folder / _CURRENT} names no generation: {text[:40]!r}") from None


def _point(folder: Path, generation: int) -> None:
    draft = folder / f"{_CURRENT}.new"
    fd = _open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    try:
        write_all(fd, b"%d\n" % generation, 0)
        os.fsync(fd)
    finally:
        os.close(fd)
    draft.replace(folder / _CURRENT)
    sync_folder(folder)


def _line(entry: bytes) -> bytes:
    if b"\n" in entry or b"\0" in entry or not entry:
        raise ValueError(f"an entry is one line without zero bytes, not {entry[:80]!r}")
    return entry + b"\n"


def _write_lines(fd: int, lines: Iterable[bytes]) -> None:
    chunk, offset = bytearray(), 0
    for entry in lines:
        chunk += _line(entry)
        if len(chunk) >= _CHUNK_BYTES:
            write_all(fd, chunk, offset)
            offset += len(chunk)
            chunk = bytearray()
    write_all(fd, chunk, offset)


def _read_from(fd: int, offset: int) -> bytes:
    chunks: list[bytes] = []
    while chunk := os.pread(fd, _CHUNK_BYTES, offset):
        chunks.append(chunk)
        offset += len(chunk)
    return b"".join(chunks)


def _sound(data: bytes) -> bytes:
    """The complete lines before the first zero byte."""
    zero = data.find(0)
    return data[: data.rfind(b"\n", 0, zero if zero >= 0 else len(data)) + 1]


def _repair(fd: int) -> int:
    """Cut what is not sound; the size that remains."""
    data = _read_from(fd, 0)
    size = len(_sound(data))
    if size < len(data):
        os.ftruncate(fd, size)
        os.fsync(fd)
    return size
