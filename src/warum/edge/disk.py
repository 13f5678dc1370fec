"""What the journal and the snapshot files share: private folders, whole writes, durable names, and the claim that
keeps a second writer out."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path


class AlreadyClaimed(RuntimeError):
    """Another process (or another object in this one) writes here already."""


def private_folder(folder: Path) -> None:
    """Make the folder, closed to everybody else. One that exists keeps its mode: it may be somebody's choice."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def claim(folder: Path) -> int:
    """Take the folder's lock and return its descriptor; the claim ends when that is closed, or with the process.

    Raises AlreadyClaimed at once, rather than waiting for the other writer."""
    lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        raise AlreadyClaimed(f"{folder} has a writer already; two would overwrite each other") from None
    return lock


def write_all(fd: int, data: bytes | bytearray | memoryview, offset: int) -> None:
    """pwrite until everything is written: the system may take less than it was given."""
    rest = memoryview(data)
    while rest:
        written = os.pwrite(fd, rest, offset)
        rest = rest[written:]
        offset += written


def sync_folder(folder: Path) -> None:
    """Make the names in the folder durable: a file's own fsync does not promise that its name survives."""
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
