"""What takes long to read, and may be shown a while longer: a year changes little in a few seconds."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from threading import Lock
from typing import Final, Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

_kept_max: Final = 100


class Kept(Generic[K, V]):
    """Reads by key, and remembers. Of many who want the same, one reads and the others wait for it. Safe for threads.

    Args:
        read: the value behind a key. What it raises is raised, and remembered by nobody.
        stays_us: for how long a value may be shown; 0: never again.
        now_us: the clock that people live by.
    """

    def __init__(self, read: Callable[[K], V], *, stays_us: Callable[[K], int], now_us: Callable[[], int]) -> None:
        self._read = read
        self._stays_us = stays_us
        self._now_us = now_us
        self._lock = Lock()
        self._kept: dict[K, _One[V]] = {}

    def __call__(self, key: K) -> V:
        stays_us = self._stays_us(key)
        if not stays_us:
            return self._read(key)
        with self._lock:
            one = self._kept.pop(key, None) or _One[V]()
            self._kept[key] = one  # the one that was asked for last is forgotten last
            while len(self._kept) > _kept_max:
                del self._kept[next(iter(self._kept))]
        with one.lock:
            now_us = self._now_us()
            if one.found is None or not 0 <= now_us - one.read_us < stays_us:
                one.found = (self._read(key),)
                one.read_us = now_us
            return one.found[0]


class _One(Generic[V]):
    """One value, once it was read. A tuple, since a value may be None."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.found: tuple[V] | None = None
        self.read_us = 0
