"""One holder per folder: a lock file that says who works in it. The kernel drops the lock when its process ends in
whatever way, so no stale lock ever needs to be removed by hand."""

from __future__ import annotations

import fcntl
import os
from datetime import UTC, datetime
from pathlib import Path

import psutil


class HeldError(Exception):
    """Somebody else works in the folder; the text says who."""


class Holder:
    """The lock on one file. It lasts until ``release`` or the end of the process; child programs do not inherit it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    def acquire(self) -> None:
        """Take the lock; taking it twice from here is fine.

        Raises:
            HeldError: another process has it.
        """
        if self._descriptor is not None:
            return
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(descriptor, 20, 0).decode("ascii", "replace").strip()
            os.close(descriptor)
            raise HeldError(f"{self._path.parent} is in use by {_described(holder)}.") from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode("ascii"), 0)
        self._descriptor = descriptor

    def release(self) -> None:
        """Give the lock back, if it is held."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def _described(pid: str) -> str:
    try:
        process = psutil.Process(int(pid))
        command = " ".join(process.cmdline()[:6])
        since = datetime.fromtimestamp(process.create_time(), UTC)
    except (ValueError, psutil.Error):
        return "another process"
    return f"process {pid} ({command}), running since {since:%Y-%m-%d %H:%M:%S} UTC"
