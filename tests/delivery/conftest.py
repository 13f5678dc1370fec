"""The world of deliveries, one per test."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from .world import World, made_world


@pytest.fixture
def world(fresh_database: Any) -> Iterator[World]:
    with made_world(fresh_database) as world:
        yield world
