"""Asking an anchor: what it says, what it remembers, and one line where it cannot. The anchors themselves are asked
where they are installed."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import numpy as np
import pytest

from warum.main.bench import anchors, creative_anchors
from warum.main.bench.anchors import Skipped, opened
from warum.main.bench.creative_anchors import Asked, asked

INSTALLED = (anchors.ROOT / ".venv-anchors/ready").exists()
# Under CI=true nothing is skipped, and `make test` installs them.
needs_anchors = pytest.mark.skipif(
    not INSTALLED and not os.environ.get("CI"), reason="the anchors are not installed: make anchors"
)


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An environment by the name of anchors that has this interpreter and nothing else."""
    (tmp_path / ".venv-anchors/bin").mkdir(parents=True)
    (tmp_path / ".venv-anchors/ready").touch()
    python = tmp_path / ".venv-anchors/bin/python"
    python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    python.chmod(0o755)
    monkeypatch.setattr(anchors, "ROOT", tmp_path)
    return tmp_path


def script(folder: Path, body: str) -> Path:
    path = folder / "some_anchor.py"
    path.write_text(
        f"import sys, time\nseen = []\ndef answer(question):\n    {body}\ndef answerer():\n    return answer\n"
    )
    return path


def test_an_anchor_answers_and_remembers(environment: Path) -> None:
    path = script(environment, "print('noise'); seen.append(question['n']); return {'sum': sum(seen)}")
    with opened(path, seconds=300) as anchor:
        assert [anchor.ask({"n": n}) for n in (1, 2, 3)] == [{"sum": 1}, {"sum": 3}, {"sum": 6}]


def test_an_anchor_that_is_not_installed_says_how(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(anchors, "ROOT", tmp_path)
    with opened("vowpal_wabbit", seconds=1) as anchor:
        assert anchor.ask({}) == Skipped("vowpal_wabbit is not installed: make anchors")


def test_an_anchor_that_breaks_says_why_and_stays_broken(environment: Path) -> None:
    path = script(environment, "raise ValueError('no such policy')")
    with opened(path, seconds=300) as anchor:
        told = anchor.ask({})
        assert told == Skipped("some_anchor ended: ValueError: no such policy")
        assert anchor.ask({}) == told


def test_an_anchor_that_takes_too_long_is_ended(environment: Path) -> None:
    path = script(environment, "time.sleep(600)")
    with opened(path, seconds=0.5) as anchor:
        assert anchor.ask({}) == Skipped("some_anchor took longer than 0.5 s")


def test_a_game_is_told_batch_by_batch(environment: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What an anchor hears of is the last batch, and the shares it was shown with."""
    body = "seen.append(question); print(question, file=sys.stderr); return {'shares': [[0.25, 0.75]]}"
    path = script(environment, body)
    present = np.ones((1, 2), np.bool_)
    heard: list[dict[str, object]] = []
    with opened(path, seconds=300) as anchor:
        ask = anchor.ask
        monkeypatch.setattr(anchor, "ask", lambda question: (heard.append(question), ask(question))[1])
        policy = Asked(anchor, "any", 7)
        rng = np.random.default_rng(0)
        shares = policy(1, np.array([[5, 5]]), np.array([[1, 0]]), rng, present)
        assert shares is not None and shares.tolist() == [[0.25, 0.75]]
        policy(2, np.array([[8, 12]]), np.array([[1, 2]]), rng, present)
    assert [(each["first"], each["shown"], each["clicks"], each["shares"]) for each in heard] == [
        (True, [[5, 5]], [[1, 0]], [[0.5, 0.5]]),
        (False, [[3, 7]], [[0, 2]], [[0.25, 0.75]]),
    ]


def test_a_library_that_is_lost_leaves_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(anchors, "ROOT", tmp_path)

    def play(policy: Asked, seed: int) -> float:
        ones = np.ones((1, 2), np.int64)
        assert policy(1, ones, ones, np.random.default_rng(seed), ones.astype(np.bool_)) is None
        return 0.0

    told = asked(play, "mabwiser_policies", range(2), seconds=1)
    assert told == {"skipped": "mabwiser_policies is not installed: make anchors"}


@needs_anchors
@pytest.mark.parametrize(
    ("library", "policy"), [(name, each) for name, known in creative_anchors.LIBRARIES.items() for each in known]
)
def test_bandits_give_shares(library: str, policy: str) -> None:
    present = np.ones((2, 3), np.bool_)
    with opened(library, seconds=600) as anchor:
        one = Asked(anchor, policy, 0)
        shown = np.full((2, 3), 40)
        for batch in (1, 2):
            shares = one(batch, shown * batch, shown * batch // 10, np.random.default_rng(0), present)
            assert one.skipped is None and shares is not None
            assert shares.shape == (2, 3) and (shares >= 0).all()
            assert shares.sum(axis=1) == pytest.approx([1, 1])


@needs_anchors
def test_econml_gives_intervals(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    covariates = rng.standard_normal((800, 3))
    treated = (rng.random(800) < 1 / (1 + np.exp(-covariates[:, 0]))).astype(float)
    outcome = covariates[:, 0] + treated + rng.standard_normal(800)
    path = tmp_path / "arrays.npz"
    np.savez(path, outcome=outcome, treated=treated, covariates=covariates, splines=covariates)
    learners = ["linear_dml", "linear_dr", "boosted_dml"]
    with opened("econml_effects", seconds=900) as anchor:
        told = anchor.ask({"arrays": str(path), "learners": learners})
    assert not isinstance(told, Skipped), told.reason
    for name in learners:
        effect, low, high = told[name]
        assert low < effect < high and abs(effect - 1) < 0.4
