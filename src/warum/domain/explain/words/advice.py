"""What is said of the steps of an advice, by operation, and how letters begin and end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from warum.domain.explain.words.common import Both

WORDS: Final[Mapping[str, Both]] = {
    "letter.greeting": {"de": "Guten Tag,", "en": "Hello,"},
    "letter.close": {"de": "Freundliche Grüße", "en": "Kind regards"},
    "step.message.write.publisher": {
        "de": "Nachricht an {publisher_ref}: {subject}",
        "en": "Message to {publisher_ref}: {subject}",
    },
    "step.message.write.program": {
        "de": "Nachricht an den Advertiser von {program_ref}: {subject}",
        "en": "Message to the advertiser of {program_ref}: {subject}",
    },
}
