"""The chances of counts are those of the laws by name."""

from __future__ import annotations

from typing import Any

import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st

from warum.domain.anomaly.counts import Surprise, count_surprise, steady

stats: Any = scipy.stats


@given(st.integers(0, 400), st.floats(0.01, 300), st.sampled_from([0.3, 4.0, 90.0, 1e6, steady]))
def test_chances_are_those_of_the_law(count: int, mean: float, size: float) -> None:
    law = stats.poisson(mean) if size >= steady else stats.nbinom(size, size / (size + mean))
    found = count_surprise(count, mean, size)
    assert isinstance(found, Surprise)
    expected = law.cdf(count) if count < mean else law.sf(count - 1)
    assert found.p == pytest.approx(float(expected), rel=1e-6, abs=1e-300)
