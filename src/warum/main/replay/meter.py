"""How much memory all processes take together: the proportional set size (PSS) of a process and everything below it.
PSS shares a page among those who map it, so the sum counts PostgreSQL's shared buffers once; RSS would count them once
per session."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread
from types import TracebackType
from typing import Final, Self

import psutil

_PSS: Final = "Pss:"


class MemoryMeter:
    """Samples the tree of this process in a thread while the block runs. ``peak_mib`` is None where the system does
    not tell (only Linux does)."""

    def __init__(self, *, every_s: float = 1.0) -> None:
        self._every_s = every_s
        self._peak_kib = 0
        self._over = Event()
        self._thread = Thread(target=self._run, name="memory-meter", daemon=True)

    @property
    def peak_mib(self) -> int | None:
        return -(-self._peak_kib // 1024) or None

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        own = psutil.Process()
        while True:
            with suppress(psutil.Error):
                tree = [own.pid, *(child.pid for child in own.children(recursive=True))]
                self._peak_kib = max(self._peak_kib, pss_kib(tree))
            if self._over.wait(self._every_s):
                return


def pss_kib(pids: Iterable[int]) -> int:
    """KiB of all of them together; a process that ended or that we may not look into counts nothing."""
    return sum(map(_of, pids))


def _of(pid: int) -> int:
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
            if line.startswith(_PSS):
                return int(line.split()[1])
    except OSError:
        pass
    return 0
