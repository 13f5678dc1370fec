"""Script and style, as ``tools/build_web.py`` made them: read once, kept in memory, sent compressed, cached by browsers
for ever since a new content has a new name."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

PREFIX: Final = "/assets/"
DIST: Final = Path(__file__).parent / "dist"

_TYPES: Final = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml"}
_ENCODINGS: Final = {"br": ".br", "gzip": ".gz"}
_FOR_EVER: Final = "public, max-age=31536000, immutable"


class AssetsMissing(Exception):
    """They were not built. The text says how."""


@dataclass(frozen=True, slots=True)
class Asset:
    """One file in every encoding; the empty one is the plain content."""

    type: str
    bodies: Mapping[str, bytes]


class Assets:
    """All files of the last build.

    Raises:
        AssetsMissing: there was none.
    """

    def __init__(self, folder: Path = DIST) -> None:
        try:
            self._names: dict[str, str] = json.loads((folder / "manifest.json").read_text())["files"]
            self._assets = {file: _read(folder / file) for file in self._names.values()}
        except (OSError, ValueError, KeyError):
            raise AssetsMissing(f"{folder} holds no built pages: run `.venv/bin/python tools/build_web.py`.") from None

    def address(self, name: str) -> str:
        """Where a browser finds ``console.css``; KeyError for what was not built."""
        return PREFIX + self._names[name]

    def response(self, request: Request, file: str) -> Response | None:
        asset = self._assets.get(file)
        if asset is None:
            return None
        accepted = request.headers.get("accept-encoding", "")
        encoding = next((name for name in _ENCODINGS if name in accepted and name in asset.bodies), "")
        headers = {"cache-control": _FOR_EVER, "vary": "accept-encoding"}
        if encoding:
            headers["content-encoding"] = encoding
        return Response(asset.bodies[encoding], media_type=asset.type, headers=headers)

    def compressed_bytes(self, name: str) -> int:
        """What a current browser loads for it."""
        bodies = self._assets[self._names[name]].bodies
        return len(bodies.get("br", bodies[""]))


def _read(path: Path) -> Asset:
    compressed = {name: path.with_name(path.name + ending) for name, ending in _ENCODINGS.items()}
    bodies = {"": path.read_bytes(), **{n: p.read_bytes() for n, p in compressed.items() if p.is_file()}}
    return Asset(_TYPES[path.suffix.removeprefix(".")], bodies)
