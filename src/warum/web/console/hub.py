"""What live pages watch. However many people look, each process asks the database once a second whether anything
changed; only then is read what somebody watches, once for each different view."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Hashable
from typing import Final, Generic, TypeVar

from starlette.concurrency import run_in_threadpool

from warum.ports.database import DatabaseUnavailable

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

tick_s: Final = 1.0
rest_s: Final = 10.0
"""Time alone changes what is shown: after so long, views are read even where nothing happened."""
beat_s: Final = 15.0
"""So often something is sent in any case, or nobody would notice that the other end is gone."""

_log: Final = logging.getLogger("warum.web.console")


class _Watched(Generic[V]):
    """One view, and who waits for its next value."""

    def __init__(self) -> None:
        self.followers = 0
        self.version = 0
        self.value: V | None = None
        self.changed = asyncio.Event()

    def put(self, value: V) -> None:
        if self.version and value == self.value:
            return
        self.value = value
        self.version += 1
        self.changed.set()
        self.changed = asyncio.Event()


class Hub(Generic[K, V]):
    """Belongs to one event loop; asks nothing while nobody follows.

    Args:
        pulse: something that differs whenever anything may have changed. May block.
        read: the view behind a key. May block.
        tick_s: how often the pulse is felt.
    """

    def __init__(self, pulse: Callable[[], object], read: Callable[[K], V], *, tick_s: float = tick_s) -> None:
        self._pulse = pulse
        self._read = read
        self._tick_s = tick_s
        self._watched: dict[K, _Watched[V]] = {}
        self._ticking: asyncio.Task[None] | None = None

    async def follow(self, key: K) -> AsyncGenerator[V | None, None]:
        """Each value as it changes, the present one first. None: nothing changed for a while."""
        watched = self._watched.setdefault(key, _Watched())
        watched.followers += 1
        if self._ticking is None or self._ticking.done():
            self._ticking = asyncio.create_task(self._tick())
        seen = 0
        try:
            while True:
                if watched.version != seen:
                    seen = watched.version
                    yield watched.value
                    continue
                try:
                    await asyncio.wait_for(watched.changed.wait(), beat_s)
                except TimeoutError:
                    yield None
        finally:
            watched.followers -= 1
            if not watched.followers and self._watched.get(key) is watched:
                del self._watched[key]

    async def _tick(self) -> None:
        loop = asyncio.get_running_loop()
        last: object = None
        read_s = 0.0
        while self._watched:
            begun_s = loop.time()
            try:
                pulse = await run_in_threadpool(self._pulse)
                stale = pulse != last or begun_s - read_s >= rest_s
                for key, watched in list(self._watched.items()):
                    if stale or not watched.version:
                        watched.put(await run_in_threadpool(self._read, key))
                if stale:
                    last, read_s = pulse, begun_s
            except DatabaseUnavailable:
                pass  # the next second asks again; what is shown stays
            except Exception:
                _log.exception("a live view could not be read")
            await asyncio.sleep(max(self._tick_s / 10, begun_s + self._tick_s - loop.time()))
