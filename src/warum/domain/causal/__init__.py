"""What a treatment did, from data in which nobody drew lots: units with an outcome, whether they were treated, and what
was known of them before.

``estimate_effect`` is the door: it refuses in words or gives the mean effect with an interval and what it stands on,
among all units or among those who could have been in either group (``Among``); ``estimate_effects`` gives both.
``examined`` attacks the estimate with the refuters of ``domain.experiment`` as well. Both hold only where everything
that moved treatment and outcome together is among the covariates; nothing in the data can show that it is, and
``unmeasured_confounder`` says how strong what is missing would have to be. Where lots can be drawn, draw them."""

from warum.domain.causal.effect import Effect, estimate_effect, estimate_effects
from warum.domain.causal.examined import Examined, examined
from warum.domain.causal.learners import Learner, spline_logistic, spline_ridge, splines
from warum.domain.causal.scores import Among

__all__ = [
    "Among",
    "Effect",
    "Examined",
    "Learner",
    "estimate_effect",
    "estimate_effects",
    "examined",
    "spline_logistic",
    "spline_ridge",
    "splines",
]
