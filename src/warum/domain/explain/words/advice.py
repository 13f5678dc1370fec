"""What is said of the steps of an advice, by operation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from warum.domain.explain.words.common import Both

WORDS: Final[Mapping[str, Both]] = {
    "step.message.write.publisher": {
        "de": "Nachricht an {publisher_ref}: {subject}",
        "en": "Message to {publisher_ref}: {subject}",
    },
    "step.message.write.program": {
        "de": "Nachricht an den Advertiser von {program_ref}: {subject}",
        "en": "Message to the advertiser of {program_ref}: {subject}",
    },
}
