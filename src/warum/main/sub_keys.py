"""The keys of sub ids, one a UTC day, as files in the data folder. A publisher's sub ids may be personal: deleting the
file of a day makes all of that day unreadable, wherever they were copied to. That is their retention."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from warum.domain.sealing import sub_key_bytes

FOLDER: Final = "sub_keys"

_EPOCH: Final = date(1970, 1, 1)
_kept_max: Final = 64


class SubKeys:
    """Days count from 1970-01-01 UTC.

    Args:
        data: the data folder; the folder of the keys is made when the first one is.
    """

    def __init__(self, data: Path) -> None:
        self._folder = data / FOLDER
        self._kept: dict[int, bytes] = {}

    def read(self, day: int) -> bytes | None:
        """The key of a day; None when there was none, or it was deleted."""
        try:
            key = self._path(day).read_bytes()
        except FileNotFoundError:
            return None
        return key if len(key) == sub_key_bytes else None

    def make(self, day: int) -> bytes:
        """The key of a day, made at its first use. Of two processes that make it at once, one wins.

        Raises:
            OSError: it cannot be written.
            ValueError: there is a file that holds no key.
        """
        key = self._kept.get(day)
        if key is None:
            key = self.read(day) or self._write(day)
            if len(self._kept) >= _kept_max:
                self._kept.clear()
            self._kept[day] = key
        return key

    def forget_before(self, day: int) -> list[int]:
        """Delete the keys of every day before, and say which: what they sealed is unreadable from then on."""
        names = self._folder.glob("????-??-??.key") if self._folder.is_dir() else ()
        days = sorted((date.fromisoformat(path.stem) - _EPOCH).days for path in names)
        gone = [one for one in days if one < day]
        for one in gone:
            self._path(one).unlink(missing_ok=True)
            self._kept.pop(one, None)
        return gone

    def _write(self, day: int) -> bytes:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._path(day)
        draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            os.write(descriptor, secrets.token_bytes(sub_key_bytes))
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        with suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        key = self.read(day)
        if key is None:
            raise ValueError(f"{path} holds no key")
        return key

    def _path(self, day: int) -> Path:
        return self._folder / f"{(_EPOCH + timedelta(days=day)).isoformat()}.key"
