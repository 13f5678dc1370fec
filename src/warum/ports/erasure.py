"""What is blanked beside the log, when what may lead to a person has to go. Amounts, states and times stay."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Protocol

from warum.domain.conversion import Conversion
from warum.kernel.ids import RecordId
from warum.ports.tracking import Quarantined


class ErasureStore(Protocol):
    # Orders -----------------------------------------------------------------------------------------------------------

    def event_ids_of(self, conversion: Conversion) -> list[str]:
        """Ids of the advertiser's messages that hold the order id."""
        ...

    def reports_of(self, conversion: Conversion) -> list[int]:
        """Reports about the order that could not be applied, settled ones included."""
        ...

    def blank_order(
        self,
        conversion: Conversion,
        *,
        order_id: str,
        event_ids: Mapping[str, str],
        reports: Collection[int],
        at_us: int,
    ) -> None:
        """The order id of a conversion, the partner's last word about it, these reports, and the sub ids of its click
        unless another conversion was credited to that.

        Args:
            order_id: what takes its place, if there is one.
            event_ids: ids of messages, and what takes their place.
        """
        ...

    def quarantined_with(self, text: str) -> list[Quarantined]:
        """Records in quarantine, released or not, whose bytes hold this text."""
        ...

    def blank_quarantined(self, records: Collection[RecordId], *, at_us: int) -> None:
        """Nobody tries these again."""
        ...

    # Publishers -------------------------------------------------------------------------------------------------------

    def blank_publisher(self, publisher: int, *, name: str, code: str, at_us: int) -> None:
        """Name and code, what it wrote in applications and what it was answered, names of its links and slots, and its
        addresses for postbacks; its API keys are revoked, and so is nothing sent any more."""
        ...

    # Acts -------------------------------------------------------------------------------------------------------------

    def acts_on(self, subjects: Collection[str]) -> list[int]:
        """Acts on these public ids, without erasures."""
        ...

    def acts_of_publisher(self, publisher: int) -> list[int]:
        """Acts that concern a publisher, without erasures and those on its conversions."""
        ...

    def blank_acts(self, acts: Collection[int]) -> None:
        """The words that were given for them. Who did what to what, and when, stays."""
        ...
