"""What another policy would have brought, judged from a log of draws with known propensities.

``evaluate`` is the door: it refuses in words or gives an estimate with an interval. The parts are open as well: ``Log``
and ``log_from``, the estimators one by one, and the cross-fitted reward model."""

from warum.domain.evaluation.estimators import ESTIMATORS, Estimate, Method, Prepared, prepared
from warum.domain.evaluation.judge import Evaluation, correction_share, evaluate
from warum.domain.evaluation.log import Log, effective_size, ess_min, log_from, refusal, weights

__all__ = [
    "ESTIMATORS",
    "Estimate",
    "Evaluation",
    "Log",
    "Method",
    "Prepared",
    "correction_share",
    "effective_size",
    "ess_min",
    "evaluate",
    "log_from",
    "prepared",
    "refusal",
    "weights",
]
