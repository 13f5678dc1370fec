from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from .world import Network, made_network


@pytest.fixture
def network(shared_network: Network) -> Network:
    """The network of this file, with nothing consumed yet."""
    shared_network.reset()
    return shared_network


@pytest.fixture(scope="module")
def shared_network(module_database: Any) -> Iterator[Network]:
    with made_network(module_database) as made:
        yield made
