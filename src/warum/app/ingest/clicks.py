"""Clicks and impressions of a batch: hourly counts, sealed sub ids, and commissions that are paid per click."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from enum import IntEnum
from typing import Final

from warum.app.ingest.facts import Known, Plan
from warum.app.log.entries import PaidClicks
from warum.domain.catalog import CommissionRule, EdgeLink
from warum.domain.commission import click_rule_at
from warum.domain.conversion import Conversion
from warum.domain.ledger import per_click
from warum.domain.mode import Mode
from warum.domain.records import Basis, Click, Impression
from warum.kernel.ids import RecordId
from warum.kernel.period import hour_start
from warum.ports.tracking import Counts, RollupKey, SealedSubIds

_CONSENTED: Final = frozenset({Basis.CONSENT, Basis.MEMBER_REQUEST})


class _Count(IntEnum):
    """Where a count stands in ``Counts``."""

    IMPRESSIONS = 0
    TOKEN = 1
    REFERENCE = 2
    BARE = 3
    CONVERSIONS = 4


class Clicks:
    """Counts while the records of a batch are taken."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self._counts: defaultdict[RollupKey, list[int]] = defaultdict(lambda: [0] * len(_Count))
        self._sub_ids: list[SealedSubIds] = []
        self._paid: dict[tuple[int, Mode, int], _Paid] = {}

    def click(self, click: Click, record: RecordId) -> None:
        """Raises LookupError when the link is not in the catalog."""
        link = self._link(click.link)
        if click.basis not in _CONSENTED:
            self._count(click, link, _Count.REFERENCE if click.basis is Basis.REFERENCE else _Count.BARE)
            return
        self._count(click, link, _Count.TOKEN)
        if click.sub_ids is not None and click.sub_day is not None:
            self._sub_ids.append(
                SealedSubIds(
                    record=record,
                    advertiser=link.advertiser,
                    publisher=link.publisher,
                    day=click.sub_day,
                    sealed=click.sub_ids,
                )
            )
        rules = self._known.rules.get(link.program, ())
        rule = click_rule_at(rules, publisher=link.publisher, click_at_us=click.at_us)
        # Clicks are paid where they can be told apart, which takes a consent.
        if rule is not None and rule.amount_minor:
            paid = self._paid.setdefault((link.partnership, click.mode, rule.id), _Paid(link, rule))
            paid.clicks += 1
            paid.last_us = max(paid.last_us, click.at_us)

    def impression(self, impression: Impression) -> None:
        """Raises LookupError when the link is not in the catalog."""
        self._count(impression, self._link(impression.link), _Count.IMPRESSIONS)

    def conversion(self, conversion: Conversion) -> None:
        """A new credited conversion, in the hour of its booking."""
        credit = conversion.attribution
        if credit.link is None or credit.publisher is None or credit.allocation is None or credit.arm is None:
            return
        key = RollupKey(
            hour_start(conversion.booked_at_us),
            conversion.advertiser,
            credit.publisher,
            conversion.program,
            credit.link,
            credit.allocation,
            credit.arm,
            conversion.mode,
        )
        self._counts[key][_Count.CONVERSIONS] += 1

    def finish(self, plan: Plan, records: Sequence[RecordId]) -> None:
        """Put the results into the plan. ``records`` are those of the batch, in order; they name its bookings."""
        plan.counts = [(key, Counts(*counts)) for key, counts in sorted(self._counts.items())]
        plan.sub_ids = self._sub_ids
        source = _range(records)
        plan.paid_clicks = [
            _booked(f"clicks/{source}/{partnership}/{mode.value}/{rule}", source, mode, paid)
            for (partnership, mode, rule), paid in sorted(self._paid.items(), key=lambda entry: entry[0])
        ]

    def _count(self, seen: Click | Impression, link: EdgeLink, what: _Count) -> None:
        key = RollupKey(
            hour_start(seen.at_us),
            link.advertiser,
            link.publisher,
            link.program,
            link.id,
            seen.allocation,
            seen.arm,
            seen.mode,
        )
        self._counts[key][what] += 1

    def _link(self, link_id: int) -> EdgeLink:
        link = self._known.links.get(link_id)
        if link is None:
            raise LookupError(f"link {link_id} is not in the catalog")
        return link


class _Paid:
    """Paid clicks of one partnership under one rule."""

    def __init__(self, link: EdgeLink, rule: CommissionRule) -> None:
        self.link = link
        self.rule = rule
        self.clicks = 0
        self.last_us = 0


def _booked(key: str, source: str, mode: Mode, paid: _Paid) -> PaidClicks:
    link, rule = paid.link, paid.rule
    assert rule.currency is not None  # a per-click rule names the currency of its amount
    txn = per_click(
        key=key,
        advertiser=link.advertiser,
        publisher=link.publisher,
        currency=rule.currency,
        mode=mode,
        amount_minor=paid.clicks * rule.amount_minor,
        at_us=paid.last_us,
    )
    return PaidClicks(
        txn=txn,
        program=link.program,
        partnership=link.partnership,
        rule=rule.id,
        mode=mode,
        currency=rule.currency,
        count=paid.clicks,
        each_minor=rule.amount_minor,
        source=source,
    )


def _range(records: Sequence[RecordId]) -> str:
    first, last = records[0], records[-1]
    return f"{first.stream}/{first.segment}.{first.number}-{last.segment}.{last.number}"
