"""What became of a run of the demo, counted in the database, and compared with what the edge acknowledged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, LiteralString

import psycopg

from warum.domain.tracking import Drop
from warum.main.replay.summary import Reader

_COUNTED: Final[LiteralString] = """
    select coalesce(sum(impressions), 0)::bigint,
        coalesce(sum(clicks_token + clicks_reference + clicks_bare), 0)::bigint,
        (select count(*) from warum.report_seen)
    from warum.rollup_hour
"""
_CONVERSIONS: Final[LiteralString] = """
    select status, count(*), coalesce(sum(commission_minor), 0)::bigint from warum.conversion where mode = 0 group by 1
"""
_DROPS: Final[LiteralString] = "select reason, sum(count)::bigint from warum.rollup_drop group by 1 order by 2 desc, 1"
_DECISIONS: Final[LiteralString] = """
    select (select count(*) from warum.proposal), (select count(*) from warum.effect),
        (select count(distinct proposal_id) from warum.outcome)
"""

_VIEWS: Final = frozenset({reason.value for reason in Drop if reason is not Drop.UNKNOWN_LINK} | {"shown_arm_refused"})
"""Why a click or an impression does not count. An unknown link is no view: it is answered with a page of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """Totals of a database, since it was made.

    Attributes:
        reports: distinct reports.
        commission_minor: of conversions that are not declined.
        outcomes: promises beside which a measurement stands, a first one or the last.
    """

    impressions: int
    clicks: int
    reports: int
    conversions: Mapping[str, int]
    commission_minor: int
    drops: Mapping[str, int]
    proposals: int
    applied: int
    outcomes: int

    def figures(self) -> dict[str, object]:
        """For one line of JSON."""
        return {
            "clicks": self.clicks,
            "impressions": self.impressions,
            "conversions": dict(self.conversions),
            "commission_minor": self.commission_minor,
            "proposals": self.proposals,
            "applied": self.applied,
            "outcomes": self.outcomes,
            "drops": dict(self.drops),
        }

    def by_purpose(self) -> dict[str, int]:
        """What was counted of each kind of request that ``Traffic.acknowledged`` names."""
        screened = sum(self.drops.get(reason, 0) for reason in _VIEWS)
        return {
            "view": self.impressions + self.clicks + screened,
            "unknown_link": self.drops.get(Drop.UNKNOWN_LINK.value, 0),
            "foreign_page": self.drops.get("deep_link_refused", 0),
            "report": self.reports + self.drops.get("duplicate_event", 0),
        }


def counted(url: str) -> Counted:
    """Read the totals.

    Args:
        url: of the database, for the login role that reads.
    """
    with psycopg.connect(url, application_name="warum demo") as connection, connection.cursor() as cursor:
        cursor.execute("select set_config('warum.role', 'auditor', true), set_config('warum.party', '', true)")
        impressions, clicks, reports = cursor.execute(_COUNTED).fetchone() or (0, 0, 0)
        conversions = cursor.execute(_CONVERSIONS).fetchall()
        drops = cursor.execute(_DROPS).fetchall()
        proposals, applied, outcomes = cursor.execute(_DECISIONS).fetchone() or (0, 0, 0)
    return Counted(
        impressions=impressions,
        clicks=clicks,
        reports=reports,
        conversions={"pending": 0, "approved": 0, "declined": 0} | {status: count for status, count, _ in conversions},
        commission_minor=sum(commission for status, _, commission in conversions if status != "declined"),
        drops=dict(drops),
        proposals=proposals,
        applied=applied,
        outcomes=outcomes,
    )


def edge_lost(acknowledged: Mapping[str, int], before: Counted, after: Counted) -> int:
    """Requests that were answered and are nowhere to be found. What others sent meanwhile is counted as well, so this
    can only be too small by as much."""
    earlier, later = before.by_purpose(), after.by_purpose()
    return sum(max(0, acknowledged.get(purpose, 0) - (later[purpose] - earlier[purpose])) for purpose in later)


def ledger_balanced(url: str) -> bool:
    """Whether account totals are the sums of their postings, and hold what the conversions say."""
    reader = Reader(url)
    try:
        return reader.figures().ledger_balanced
    finally:
        reader.close()
