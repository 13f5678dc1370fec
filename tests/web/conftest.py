from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from operations.house import House, opened


@pytest.fixture(scope="module")
def shared(module_database: Any) -> Iterator[House]:
    with opened(module_database.app) as house:
        yield house
