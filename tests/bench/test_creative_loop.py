"""The creative loop's benchmark, on a world that it does not report on."""

from __future__ import annotations

import json

import pytest

from warum.domain.decisions import Policy
from warum.main.bench.creative_loop import Totals, figures, play, run
from warum.sim.world import CONDITIONS


def test_figures_add_up() -> None:
    total = Totals()
    play(2_001, Policy(), total)
    told = figures(total)
    assert total.equal < total.bot < total.oracle
    assert 0 < float(str(told["oracle_share"])) < 1
    assert (told["seeds"], told["campaigns"], told["days"]) == (1, 6, 84)
    assert json.loads(json.dumps(told)) == told


def test_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    told = run(["--seeds", "1", "--first-seed", "2002"])
    assert told["limits"] and told["passed"] in (True, False) and told["world"] == "plain"
    assert capsys.readouterr().err.startswith("seed 2002: ")


@pytest.mark.parametrize("name", ["drift", "interference"])
def test_a_world_that_remembers(name: str) -> None:
    """Everybody has the past of its own shares; the oracle still gains the most."""
    total = Totals()
    play(2_003, Policy(), total, CONDITIONS[name])
    assert max(total.bot, total.ab_test, total.thompson, total.equal) < total.oracle
    assert total.quiet <= total.campaigns == 6
    assert json.loads(json.dumps(figures(total)))["campaigns"] == 6
