"""EconML's mean effect of a binary treatment and its 95 % interval, on data and with nuisance models that it is given.

``linear_dml`` is double machine learning with a constant effect (Chernozhukov et al. 2018), whose intervals are the
narrowest that EconML gives; ``linear_dr`` the doubly robust learner, whose effect is the mean over units. Both have
what Warum has, made of scikit-learn's parts: ridge regression with its penalty cross-validated and logistic regression
in two steps, on the same columns, cross-fitted in five parts. ``boosted_dml`` is ``linear_dml`` with gradient boosting
on the covariates as they are."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np

folds = 5


def answerer() -> Callable[[dict[str, Any]], dict[str, Any]]:
    dml: Any = import_module("econml.dml")
    dr: Any = import_module("econml.dr")
    linear: Any = import_module("sklearn.linear_model")
    trees: Any = import_module("sklearn.ensemble")
    base: Any = import_module("sklearn.base")
    steps: Any = import_module("sklearn.preprocessing")
    joined: Any = import_module("sklearn.pipeline").make_pipeline

    class TwoSteps(base.ClassifierMixin, base.BaseEstimator):
        """Logistic regression, and again with splines of the level that the first one found."""

        def fit(self, columns: Any, target: Any) -> TwoSteps:
            low, high = np.quantile(columns, (0.01, 0.99), axis=0)
            self.low_, self.high_ = np.where(low < high, low, -np.inf), np.where(low < high, high, np.inf)
            columns = np.clip(columns, self.low_, self.high_)
            self.first_ = joined(steps.StandardScaler(), linear.LogisticRegression(max_iter=1_000))
            self.first_.fit(columns, target)
            self.curve_ = steps.SplineTransformer(n_knots=4, knots="quantile", extrapolation="linear")
            level = self.first_.decision_function(columns)[:, None]
            self.second_ = joined(steps.StandardScaler(), linear.LogisticRegression(max_iter=1_000))
            self.second_.fit(np.column_stack([columns, self.curve_.fit_transform(level)]), target)
            self.classes_ = self.first_.classes_
            return self

        def predict_proba(self, columns: Any) -> Any:
            columns = np.clip(columns, self.low_, self.high_)
            level = self.first_.decision_function(columns)[:, None]
            return self.second_.predict_proba(np.column_stack([columns, self.curve_.transform(level)]))

        def predict(self, columns: Any) -> Any:
            return self.classes_[self.predict_proba(columns).argmax(axis=1)]

    def made(kind: str) -> Any:
        if kind == "boosted_dml":
            of_outcome = trees.HistGradientBoostingRegressor(max_iter=60, random_state=0)
            of_treatment = trees.HistGradientBoostingClassifier(max_iter=60, random_state=0)
        else:
            of_outcome = joined(steps.StandardScaler(), linear.RidgeCV(np.logspace(-2, 5, 22)))
            of_treatment = TwoSteps()
        if kind == "linear_dr":
            return dr.LinearDRLearner(
                model_regression=of_outcome, model_propensity=of_treatment, cv=folds, random_state=0
            )
        return dml.LinearDML(
            model_y=of_outcome, model_t=of_treatment, discrete_treatment=True, cv=folds, random_state=0
        )

    def answer(question: dict[str, Any]) -> dict[str, Any]:
        """The path of outcome, treated, covariates and splines in, and which learners; effect, low and high out."""
        with np.load(question["arrays"]) as arrays:
            outcome, treated = arrays["outcome"], arrays["treated"].astype(int)
            covariates, splines = arrays["covariates"], arrays["splines"]
        told: dict[str, Any] = {}
        for kind in question["learners"]:
            model = made(kind)
            model.fit(outcome, treated, X=None, W=covariates if kind == "boosted_dml" else splines)
            low, high = model.ate_interval(None, alpha=0.05)
            told[kind] = [float(model.ate(None)), float(low), float(high)]
        return told

    return answer
