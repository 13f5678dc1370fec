"""What makes a data folder a demo: a file beside its secrets that says what the first page offers. Whoever may read it
may report sales of the demo's advertisers, so it is for its owner alone."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Final

from warum.web.page import Door, Shop

FILE_NAME: Final = "demo.json"


def write_door(data: Path, door: Door) -> None:
    draft = data / f".{FILE_NAME}"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(asdict(door), file, indent=1)
    draft.replace(data / FILE_NAME)


def read_door(data: Path) -> Door:
    """The demo's door, or the closed one of every other data folder."""
    try:
        raw = json.loads((data / FILE_NAME).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Door()
    return Door(
        demo=raw["demo"],
        command=raw["command"],
        shops={place: Shop(**shop) for place, shop in raw["shops"].items()},
    )
