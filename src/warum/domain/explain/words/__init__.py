"""What the codes of explanations say, German and English side by side; a file for each subject. Templates hold no
digit: every number in the words stands in the record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from warum.domain.explain.words import advice, common, creative, experiment, policy, proposal, rule, watch
from warum.domain.explain.words.common import STATUSES, Both

WORDS: Final[Mapping[str, Both]] = {
    **advice.WORDS,
    **common.WORDS,
    **creative.WORDS,
    **experiment.WORDS,
    **policy.WORDS,
    **proposal.WORDS,
    **rule.WORDS,
    **watch.WORDS,
}

__all__ = ["STATUSES", "WORDS", "Both"]
