"""The laws of a split: never below the plan in force, all spent or the reason named, every constraint kept."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warum.domain.budget.allocate import Constraint, Line, Plan, Sense, allocate, step_shares
from warum.domain.budget.curves import Curve
from warum.kernel.refusal import Refusal


def line(name: str, top: float, half: float, current: float, *, slope: float = 1.0, spread: float = 0.0, **more: float):
    grid = np.linspace(0.0, 400.0, 65)
    factors = np.exp(spread * np.linspace(-1.6, 1.6, 9))
    curve = Curve(most=top, half=half, slope=slope).steady(grid)
    return Line(name=name, current=current, spends=grid, responses=factors[:, None] * curve, **more)


@st.composite
def problems(draw):
    amounts = st.floats(1.0, 100.0)
    given_lines = [
        {
            "name": f"l{i}",
            "top": draw(amounts),
            "half": draw(amounts),
            "current": draw(st.floats(0.0, 100.0)),
            "slope": draw(st.sampled_from([1.0, 0.7, 2.5])),
            "spread": draw(st.floats(0.0, 1.0)),
            "most": draw(st.floats(20.0, 300.0)),
        }
        for i in range(draw(st.integers(2, 4)))
    ]
    each = st.lists(st.floats(-1.0, 1.0), min_size=len(given_lines), max_size=len(given_lines))
    weights = draw(each.filter(lambda w: max(map(abs, w)) > 0.1))
    extra = Constraint(name="rule", weights=weights, sense=Sense.AT_MOST, amount=draw(st.floats(0.0, 50.0)))
    same = sum(values["current"] for values in given_lines)
    budget = draw(st.one_of(st.floats(10.0, 400.0), st.just(max(same, 1.0))))
    step = draw(st.one_of(st.none(), st.floats(0.05, 1.0)))
    ceiling = draw(st.one_of(st.none(), st.floats(0.3, 5.0)))
    return given_lines, budget, extra, step, ceiling


@settings(max_examples=80, deadline=None)
@given(problems())
def test_a_plan_keeps_its_laws(problem):
    given_lines, budget, extra, step, ceiling = problem
    lines = [line(**values) for values in given_lines]
    plan = allocate(lines, budget, constraints=[extra], step_max=step, cost_revenue_max=ceiling)
    if isinstance(plan, Refusal):
        assert plan.code == "constraints_conflict"
        return
    spend, slack = np.array(plan.spend), 1e-5 * budget
    assert plan.expected >= plan.expected_beside
    if plan.current_kept:
        assert plan.beside == tuple(each.current for each in lines)
    assert (spend >= -slack).all()
    assert spend.sum() <= budget + slack
    assert float(np.dot(extra.weights, spend)) <= extra.amount + slack
    assert all(part <= each.most + slack for part, each in zip(spend, lines, strict=True))
    if ceiling is not None:
        assert spend.sum() <= ceiling * plan.expected + slack
    assert plan.unspent == pytest.approx(budget - spend.sum(), abs=slack)
    assert plan.binding
    assert ("budget" in {row.name for row in plan.binding}) or plan.unspent > 0


def test_equal_marginal_response_by_hand():
    # 100 x / (100 + x) and 400 x / (100 + x): slopes are equal where 100 + b = 2 (100 + a); so a = 100/3.
    plan = allocate([line("a", 100, 100, 100), line("b", 400, 100, 100)], 200.0)
    assert isinstance(plan, Plan)
    assert plan.spend == pytest.approx((100 / 3, 500 / 3), abs=6.3)
    assert plan.expected == pytest.approx(275.0, abs=0.2)
    assert [row.name for row in plan.binding] == ["budget"]
    assert plan.binding[0].price == pytest.approx(0.5625, abs=0.03)


def test_caps_that_leave_money_are_named():
    plan = allocate([line("a", 50, 30, 20, most=40), line("b", 50, 30, 20, most=50)], 200.0)
    assert isinstance(plan, Plan)
    assert plan.spend == pytest.approx((40, 50))
    assert plan.unspent == pytest.approx(110)
    assert [row.name for row in plan.binding] == ["at most on a", "at most on b"]
    assert all(row.price > 0 for row in plan.binding)


def test_the_ceiling_holds_money_back_and_says_so():
    plan = allocate([line("a", 100, 50, 40)], 300.0, cost_revenue_max=0.8, fixed_costs=2)
    assert isinstance(plan, Plan)
    assert sum(plan.spend) + 2 <= 0.8 * plan.expected + 1e-3
    assert plan.unspent > 0
    assert [row.name for row in plan.binding] == ["cost-revenue ceiling"]


def test_a_conflict_names_a_smallest_set():
    rule = Constraint(name="half for b", weights=(-0.5, 0.5), sense=Sense.AT_LEAST, amount=0.0)
    idle = Constraint(name="idle", weights=(1.0, 1.0), sense=Sense.AT_MOST, amount=900.0)
    said = allocate([line("a", 9, 9, 50, least=80), line("b", 9, 9, 50, most=60)], 150.0, constraints=[rule, idle])
    assert isinstance(said, Refusal)
    assert said.code == "constraints_conflict"
    assert "at most on b / at least on a / half for b" in said.message
    assert "idle" not in said.message


def test_s_shaped_curves_do_not_fool_the_split():
    lines = [line("a", 100, 150, 50, slope=4), line("b", 100, 150, 50, slope=4)]
    plan = allocate(lines, 200.0)
    assert isinstance(plan, Plan)
    assert max(plan.spend) == pytest.approx(200.0, abs=1)
    assert plan.expected > 70


def test_steps_are_small_where_the_interval_is_wide():
    lines = [line("sure", 10, 50, 50), line("unsure", 100, 50, 50, spread=1.0)]
    sure, unsure = step_shares(lines, 0.3)
    assert sure == pytest.approx(0.3)
    assert 0 < unsure < 0.15
    plan = allocate(lines, 100.0, step_max=0.3)
    assert isinstance(plan, Plan)
    assert 0 < plan.spend[1] - 50 <= 50 * unsure + 1e-4
    assert "step of unsure" in {row.name for row in plan.binding}


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(0.0, 1.5), min_size=2, max_size=4), st.floats(0.05, 1.0), st.floats(5.0, 90.0))
def test_no_step_is_longer_than_its_interval_allows(spreads, step, half):
    lines = [line(f"l{i}", 40 + 20 * i, half, 50, spread=spread) for i, spread in enumerate(spreads)]
    shares = step_shares(lines, step)
    plan = allocate(lines, 50.0 * len(lines), step_max=step)
    assert isinstance(plan, Plan)
    assert plan.current_kept
    assert plan.expected >= plan.expected_beside
    moved = np.abs(np.array(plan.spend) - 50.0)
    assert (moved <= 50.0 * shares + 1e-3).all()
    assert (shares <= step + 1e-12).all()
    # The wider the interval, the shorter the step.
    order = np.argsort(spreads, kind="stable")
    assert (np.diff(shares[order]) <= 1e-9).all()


def test_the_mean_over_the_draws_is_maximised_not_the_curve_at_the_mean():
    # Of the unsure line half 10 or 190 are equally likely. At half 100, its mean, it is the twin of the other line and
    # the plug-in split is even; the mean of its two curves saturates early, and the better split is 77 : 123.
    grid = np.linspace(0.0, 200.0, 201)
    curves = [[Curve(most=100, half=half).steady(grid) for half in halves] for halves in ((10, 190), (100, 100))]
    lines = [
        Line(name=name, current=100.0, spends=grid, responses=np.array(draws))
        for name, draws in zip(("unsure", "sure"), curves, strict=True)
    ]
    plan = allocate(lines, 200.0)
    assert isinstance(plan, Plan)
    by_hand = np.mean(curves[0], axis=0) + np.mean(curves[1], axis=0)[::-1]
    assert plan.expected == pytest.approx(float(by_hand.max()))
    assert plan.spend[0] == pytest.approx(float(grid[by_hand.argmax()]), abs=1.0)
    assert plan.spend[0] < 80


@pytest.mark.parametrize(
    ("lines", "budget", "code"),
    [
        ([], 1.0, "nothing_there"),
        ([line("a", 1, 1, 1)], 0.0, "budget_not_positive"),
        ([line("a", 1, 1, 1)], float("nan"), "budget_not_positive"),
        ([line("a", float("nan"), 1, 1)], 1.0, "not_a_number"),
        ([line("a", 1, 1, -1)], 1.0, "spend_negative"),
        ([line("a", -1, 1, 1)], 1.0, "response_falls"),
    ],
)
def test_what_cannot_be_split_is_refused(lines, budget, code):
    said = allocate(lines, budget)
    assert isinstance(said, Refusal)
    assert said.code == code
