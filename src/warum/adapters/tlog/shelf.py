"""``ports.log.Shelf`` over a folder, laid out as tlog-tiles has it.

Whole files appear at once under their names. The signer's memory is a file of its own beside the tiles; it is no part
of the database and of no backup of it, so that a database that was set back is noticed."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from threading import RLock
from typing import Any, Final

from warum.domain.tlog.notes import open_note
from warum.domain.tlog.tiles import Tile, entries_path, tile_path, tile_width
from warum.ports.log import Remembered, WitnessMemory

_CHECKPOINT: Final = "checkpoint"
_WITNESSED: Final = "checkpoint.witnessed"
_WITNESSES: Final = "witnesses.json"
_SIGNER: Final = "signer.json"
_hash_bytes: Final = 32


class ShelfDamaged(Exception):
    """The signer's memory cannot be read. The text says what to do."""


class FileShelf:
    """The log's folder. One process writes, with several threads if they share this object; any may read."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._unsynced: set[Path] = set()
        self._lock = RLock()

    def read_tile(self, level: int, index: int, width: int) -> bytes:
        return self._read(tile_path(level, index, width), tile_path(level, index))[: width * _hash_bytes]

    def read_file(self, tile: Tile) -> bytes:
        """The bytes that stand under a tile's path; LookupError when it is not there."""
        try:
            return (self._folder / _path(tile)).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            raise LookupError(f"there is no {_path(tile)}") from None

    def put(self, tile: Tile, content: bytes) -> None:
        path = self._folder / _path(tile)
        self._write(path, content)
        if tile.width == tile_width:
            shutil.rmtree(path.with_name(f"{path.name}.p"), ignore_errors=True)

    def sync(self) -> None:
        with self._lock:
            for path in self._unsynced:
                with suppress(FileNotFoundError):  # a partial tile that has filled up meanwhile
                    _sync(path)
            for folder in {
                parent for path in self._unsynced for parent in path.parents if parent.is_relative_to(self._folder)
            }:
                with suppress(FileNotFoundError):
                    _sync(folder)
            self._unsynced.clear()

    def checkpoint(self) -> bytes | None:
        return self._read_if_there(_CHECKPOINT)

    def put_checkpoint(self, note: bytes) -> None:
        with self._lock:
            self._write(self._folder / _CHECKPOINT, note)
            self.sync()

    def put_cosigned(self, note: bytes) -> bool:
        with self._lock:
            newest = self.checkpoint()
            if newest is None or open_note(newest).text != open_note(note).text:
                return False
            self.put_checkpoint(note)
            return True

    def witnessed(self) -> bytes | None:
        return self._read_if_there(_WITNESSED)

    def put_witnessed(self, note: bytes | None) -> None:
        if note is None:
            (self._folder / _WITNESSED).unlink(missing_ok=True)
            return
        with self._lock:
            self._write(self._folder / _WITNESSED, note)
            self.sync()

    def witnesses(self) -> list[WitnessMemory]:
        held = self._read_if_there(_WITNESSES)
        try:
            return [] if held is None else [WitnessMemory(**one) for one in json.loads(held)]
        except (ValueError, TypeError):
            return []

    def put_witnesses(self, witnesses: Sequence[WitnessMemory]) -> None:
        with self._lock:
            self._write(self._folder / _WITNESSES, json.dumps([asdict(one) for one in witnesses], indent=1).encode())

    def remembered(self) -> Remembered | None:
        path = self._folder / _SIGNER
        try:
            held: dict[str, Any] = json.loads(path.read_text(encoding="ascii"))
            return Remembered(str(held["origin"]), int(held["size"]), bytes.fromhex(held["root"]))
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError, UnicodeDecodeError):
            raise ShelfDamaged(
                f"{path} is damaged, so nobody knows what was signed last; put back the copy from your backup."
            ) from None

    def remember(self, signed: Remembered) -> None:
        held = {"origin": signed.origin, "size": signed.size, "root": signed.root.hex()}
        self._write(self._folder / _SIGNER, json.dumps(held).encode())
        self.sync()

    def _read_if_there(self, name: str) -> bytes | None:
        try:
            return (self._folder / name).read_bytes()
        except FileNotFoundError:
            return None

    def _read(self, path: str, whole: str) -> bytes:
        """A partial tile gives way to the whole one once that is there."""
        for candidate in dict.fromkeys((path, whole)):
            with suppress(FileNotFoundError, NotADirectoryError):
                return (self._folder / candidate).read_bytes()
        raise LookupError(f"there is no {path}")

    def _write(self, path: Path, content: bytes) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.new")
        with self._lock:
            draft.write_bytes(content)
            draft.replace(path)
            self._unsynced.add(path)


def _path(tile: Tile) -> str:
    if tile.level is None:
        return entries_path(tile.index, tile.width)
    return tile_path(tile.level, tile.index, tile.width)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
