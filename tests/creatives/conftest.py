from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from operations.house import House, opened


@pytest.fixture(scope="module")
def shared(module_database: Any) -> Iterator[House]:
    with opened(module_database.app) as house:
        yield house


@pytest.fixture
def house(fresh_database: Any) -> Iterator[House]:
    with opened(fresh_database.app) as house:
        yield house
