"""Learn the numbers of the response curves' priors again: `.venv/bin/python tools/budget_priors.py`.

Of each simulated market only spend and sales are used, as a network could use its own advertisers': no true curve, no
true contribution, no split. Every market is fitted once under wide priors; what its evidence would be under other
numbers is then a mean of weights over the draws, and the product over all markets is maximised. The markets are the
seeds from 1000 on, which no benchmark is judged on. It prints the numbers for ``warum.domain.budget.fit``."""

from __future__ import annotations

import argparse
from typing import Any, Final, NamedTuple, cast

import numpy as np
from scipy import optimize

from warum.domain.budget import fit as fit_module
from warum.domain.budget.curves import Form
from warum.domain.shrinkage import Floats
from warum.sim.markets import PRESETS, market

_fit: Any = fit_module  # its parts are private to the page; this tool alone looks inside
_minimize: Any = cast(Any, optimize).minimize
draws: Final = 1000


class Priors(NamedTuple):
    """Logit of retention, logarithm of half / mean active spend, spread and scale of most."""

    retention: float
    retention_spread: float
    half: float
    half_spread: float
    most_spread: float
    most_scale: float


WIDE: Final = Priors(-0.4, 1.0, 0.0, 0.8, 0.7, 0.5)
START: Final = Priors(-0.4, 1.0, 0.0, 0.5, 0.4, 0.5)


SPREADS: Final = ("retention_spread", "half_spread", "most_spread", "most_scale")
"""Above zero, so their logarithm is searched."""


class Drawn(NamedTuple):
    """One market under one form: draws under the wide priors, and the logarithm of the evidence there."""

    points: Floats
    evidence: float
    alike: Floats


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--markets", type=int, default=120)
    parser.add_argument("--seed", type=int, default=1000)
    asked = parser.parse_args()
    use(WIDE)
    markets = [drawn(list(PRESETS)[number % len(PRESETS)], asked.seed + number) for number in range(asked.markets)]

    def falls(free: Floats) -> float:
        return -sum(evidence(forms, unfolded(free)) for forms in markets)

    folded = [np.log(value) if name in SPREADS else value for name, value in START._asdict().items()]
    bounds = [(np.log(0.05), 1.0) if name in SPREADS else (-2.0, 2.0) for name in START._fields]
    found = _minimize(falls, folded, method="L-BFGS-B", bounds=bounds, options={"maxiter": 40, "eps": 1e-3})
    for name, value in unfolded(found.x)._asdict().items():
        print(f"{name:17} {value:6.2f}")


def unfolded(free: Floats) -> Priors:
    return Priors(
        *(float(np.exp(value) if name in SPREADS else value) for name, value in zip(Priors._fields, free, strict=True))
    )


def use(priors: Priors) -> None:
    """Let the fit hold these priors, in this process."""
    _fit._retention_prior = priors[:2]
    _fit._half_prior = priors[2:4]
    _fit.most_spread, _fit.most_scale = priors[4:]


def drawn(preset: str, seed: int) -> list[Drawn]:
    made, rng = market(preset, seed), np.random.default_rng(seed)
    history = fit_module.History(
        channels=tuple(f"c{i}" for i in range(made.spend.shape[1])),
        result=made.sales,
        spend=made.spend,
        controls=np.zeros((len(made.sales), 0)),
    )
    plain = history.base(np.arange(len(made.sales), dtype=np.float64), history.controls)
    forms = list[Drawn]()
    for form in (Form.HILL, Form.LOGISTIC):
        problem = _fit._Problem(history, plain, form)
        normal = problem.mode()
        points = _fit._chains(problem, normal, rng)[0]
        chosen = points[rng.choice(len(points), draws, replace=False)]
        forms.append(Drawn(chosen, normal.evidence, problem.alike))
    return forms


def evidence(forms: list[Drawn], priors: Priors) -> float:
    """Of one market, both forms equally likely before."""
    weights = [
        form.evidence + log_prior(form, priors) - log_prior(form, WIDE) - np.log(len(form.points)) for form in forms
    ]
    together = np.concatenate(weights)
    return float(together.max() + np.log(np.exp(together - together.max()).sum()))


def log_prior(form: Drawn, priors: Priors) -> Floats:
    """As the fit has it, with what it may leave out there: the constants that depend on the numbers."""
    n = form.points.shape[1] // 3
    retention, half, most = form.points[:, :n], form.points[:, n : 2 * n], form.points[:, 2 * n :]
    value = -0.5 * (((retention - priors.retention) / priors.retention_spread) ** 2).sum(axis=1)
    value -= 0.5 * (((half - priors.half) / priors.half_spread) ** 2).sum(axis=1)
    level = most - form.alike
    middle = level.mean(axis=1)
    value += middle - np.log1p((np.exp(middle) / priors.most_scale) ** 2)
    value -= 0.5 * (((level - middle[:, None]) / priors.most_spread) ** 2).sum(axis=1)
    spreads = n * np.log(priors.retention_spread * priors.half_spread) + (n - 1) * np.log(priors.most_spread)
    return value - spreads - np.log(priors.most_scale)


if __name__ == "__main__":
    main()
