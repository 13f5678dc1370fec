"""Whether promises come true: what a bot said would be measured, against what was measured.

``promise`` is one promise with its outcome, ``shares`` counts with intervals, ``judge`` the verdict, ``probability``
what stated probabilities were worth, ``amounts`` money won and lost, ``people`` what they made of the proposals.
Everything here is asked of finished outcomes; too few of them are a refusal, never a number."""
