"""The disk below the journal, as a port with two implementations. `RealFiles` is the disk. `LossyFiles` forgets at
the death of the process all that was not synced, as the disk does in a power cut: a kill alone would prove nothing,
because the system's cache outlives the process."""

from __future__ import annotations

import os
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Final, Protocol

from warum.edge.disk import sync_folder, write_all

_ZEROS: Final = bytes(1 << 20)
_SECTOR: Final = 512


class Files(Protocol):
    """What the writer asks of a disk. Descriptors are plain integers; failures are OSError."""

    def create(self, path: Path, head: bytes, size: int) -> None:
        """A file that begins with `head` and is zero up to `size`; it and its name are durable on return, and a
        crash before leaves no file of that name. The zeros are written, not merely reserved: later syncs then have
        no metadata to commit, which makes them several times faster and keeps them from failing for want of room."""
        ...

    def open(self, path: Path) -> int: ...

    def read(self, path: Path) -> bytes:
        """The whole file, as a reader in another process would find it."""
        ...

    def write(self, fd: int, data: bytes | bytearray | memoryview, offset: int) -> None: ...

    def datasync(self, fd: int) -> None:
        """On return, everything written to this file survives a power cut."""
        ...

    def close(self, fd: int) -> None: ...


class RealFiles:
    """The disk itself."""

    def create(self, path: Path, head: bytes, size: int) -> None:
        draft = path.with_suffix(".new")
        fd = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            write_all(fd, head, 0)
            for offset in range(len(head), size, len(_ZEROS)):
                write_all(fd, memoryview(_ZEROS)[: size - offset], offset)
            os.fsync(fd)
        except OSError:
            draft.unlink()  # on a full disk, half a segment is in the way of everybody
            raise
        finally:
            os.close(fd)
        draft.replace(path)
        sync_folder(path.parent)

    def open(self, path: Path) -> int:
        return os.open(path, os.O_RDWR)

    def read(self, path: Path) -> bytes:
        return path.read_bytes()

    def write(self, fd: int, data: bytes | bytearray | memoryview, offset: int) -> None:
        write_all(fd, data, offset)

    def datasync(self, fd: int) -> None:
        os.fdatasync(fd)

    def close(self, fd: int) -> None:
        os.close(fd)


class LossyFiles:
    """A disk that loses what was not synced. Writes wait in this process's memory; `datasync` hands them down sector
    by sector in shuffled order, so that a kill in its midst leaves torn records and holes."""

    def __init__(self, below: Files, random: Random) -> None:
        self._below = below
        self._random = random
        self._waiting: dict[int, list[tuple[int, bytes]]] = {}

    def create(self, path: Path, head: bytes, size: int) -> None:
        self._below.create(path, head, size)

    def open(self, path: Path) -> int:
        return self._below.open(path)

    def read(self, path: Path) -> bytes:
        return self._below.read(path)

    def write(self, fd: int, data: bytes | bytearray | memoryview, offset: int) -> None:
        self._waiting.setdefault(fd, []).append((offset, bytes(data)))

    def datasync(self, fd: int) -> None:
        pieces = [piece for offset, data in self._waiting.pop(fd, []) for piece in _sectors(offset, data)]
        self._random.shuffle(pieces)
        for offset, data in pieces:
            self._below.write(fd, data, offset)
        self._below.datasync(fd)

    def close(self, fd: int) -> None:
        self._waiting.pop(fd, None)
        self._below.close(fd)


def _sectors(offset: int, data: bytes) -> list[tuple[int, bytes]]:
    """Cut at the multiples of a sector in the file: a disk writes one whole or not at all."""
    edges = [0, *range(_SECTOR - offset % _SECTOR, len(data), _SECTOR), len(data)]
    return [(offset + start, data[start:end]) for start, end in pairwise(edges)]
