"""A bot's proposal. Its checks, alternatives and what would have changed its mind are worded where the bots are
(``bots.words``); this is what goes around them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from warum.domain.explain.words.common import Both

WORDS: Final[Mapping[str, Both]] = {
    "subject.proposal": {"de": "Ein Vorschlag zu {subject} ({label})", "en": "A proposal for {subject} ({label})"},
    "proposal.show_more": {
        "de": "{arm} öfter zeigen: {after_ppm} statt {before_ppm}.",
        "en": "Show {arm} more often: {after_ppm} instead of {before_ppm}.",
    },
    "proposal.sure": {
        "de": "Mit {probability_ppm} Wahrscheinlichkeit ist der Gewinn mindestens {least_minor} in {days} "
        "{days|Tag|Tagen}.",
        "en": "The gain is at least {least_minor} in {days} {days|day|days} with {probability_ppm} probability.",
    },
    "proposal.arm": {
        "de": "{arm}: {exposures}-mal gezeigt oder geklickt, {conversions} {conversions|Conversion|Conversions}, "
        "{value_minor} Umsatz.",
        "en": "{arm}: {exposures} {exposures|exposure|exposures}, {conversions} {conversions|conversion|conversions}, "
        "{value_minor} of value.",
    },
    "proposal.for.clicks": {
        "de": "Ausgewählt wird nach Klicks; jeder gilt so viel Umsatz, wie ein Klick bisher brachte.",
        "en": "It is chosen for clicks; each counts as much value as a click has brought so far.",
    },
    "proposal.for.conversions": {
        "de": "Ausgewählt wird nach Conversions, die bestehen bleiben; jede gilt so viel Umsatz wie bisher.",
        "en": "It is chosen for conversions that stand; each counts as much value as so far.",
    },
    "proposal.for.value": {
        "de": "Ausgewählt wird nach freigegebenem Umsatz.",
        "en": "It is chosen for approved value.",
    },
    "proposal.for.margin": {
        "de": "Ausgewählt wird nach Marge: Umsatz abzüglich Provision.",
        "en": "It is chosen for margin: value less commission.",
    },
    "mail.close.proposal": {
        "de": "Diese Mail sagt nur, was vorgeschlagen ist und worauf es beruht. Entschieden wird in der Konsole.",
        "en": "This mail only says what is proposed and what it rests on. It is decided in the console.",
    },
    "proposal.measured": {
        "de": "Gemessen wird, was daraus wird: voraussichtlich zwischen {low_minor} und {high_minor}.",
        "en": "What becomes of it is measured: probably between {low_minor} and {high_minor}.",
    },
    "proposal.undo": {
        "de": "Auch angenommen lässt es sich jederzeit zurücknehmen.",
        "en": "Once approved it can still be taken back at any time.",
    },
}
