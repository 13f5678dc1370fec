"""The log of draws of an offer, read from the rollups and the conversions; and facts under the hash of their bytes."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Any, Final

from warum.adapters.postgres.rows import Row, Statements
from warum.domain.catalog import ARM_DEEP_LINK
from warum.domain.mode import Mode
from warum.ports.catalog import Arm
from warum.ports.evidence import DayConversions, DayCount, DrawValue, OfferLog, PastAllocation

# Conversions are looked for by allocation, in the order of the index; a UTC day is all that a reference knows.
_COUNTS: Final = """
    select (extract(epoch from hour)::bigint / 86400)::integer as day, allocation_id as allocation, arm,
        sum(impressions)::bigint as impressions, sum(clicks_token + clicks_reference)::bigint as clicks
    from warum.rollup_hour r
    where allocation_id = any(%(allocations)s) and hour >= to_timestamp(%(from)s) and hour < to_timestamp(%(until)s)
        and mode = %(mode)s and arm <> %(past)s
        and exists (select from warum.slot s where s.link_id = r.link_id) = %(in_slots)s
    group by 1, 2, 3 order by 1, 2, 3
    """
_CONVERSIONS: Final = """
    select (extract(epoch from date_trunc('day', click_at at time zone 'UTC'))::bigint / 86400)::integer as day,
        allocation_id as allocation, arm, currency,
        count(*) filter (where status = 'pending') as pending,
        count(*) filter (where status in ('approved', 'paid')) as approved,
        count(*) filter (where status = 'declined') as declined,
        coalesce(sum(retained_minor) filter (where status = 'pending'), 0)::bigint as pending_minor,
        coalesce(sum(retained_minor) filter (where status in ('approved', 'paid')), 0)::bigint as approved_minor,
        coalesce(sum(retained_minor::numeric * retained_minor) filter (where status <> 'declined'), 0) as square
    from warum.conversion c
    where allocation_id = any(%(allocations)s) and click_at >= to_timestamp(%(from)s)
        and click_at < to_timestamp(%(until)s) and mode = %(mode)s and arm <> %(past)s
        and exists (select from warum.slot s where s.link_id = c.link_id) = %(in_slots)s
    group by 1, 2, 3, 4 order by 1, 2, 3, 4
    """
_AWARDS: Final = """
    select allocation_id as allocation, arm, status = 'pending' as pending, retained_minor
    from warum.conversion c
    where allocation_id = any(%(allocations)s) and click_at >= to_timestamp(%(from)s)
        and click_at < to_timestamp(%(until)s) and mode = %(mode)s and arm <> %(past)s and currency = %(currency)s
        and status <> 'declined' and exists (select from warum.slot s where s.link_id = c.link_id) = %(in_slots)s
    order by allocation_id, arm, id
    """
_LAGS: Final = """
    select least(floor(extract(epoch from c.booked_at - c.click_at) / 86400), %(days)s)::integer as lag, count(*)
    from warum.offer o
    join warum.allocation a on a.offer_id = o.id
    join warum.conversion c on c.allocation_id = a.id
    where o.program_id = %(program)s and c.click_at >= warum.at(%(from)s) and c.booked_at >= c.click_at
        and c.credit = 'token' and c.mode = %(mode)s
    group by 1
    """


class PostgresEvidence(Statements):
    """Implements ``EvidenceStore``."""

    def keep_facts(self, *, kind: str, advertiser: int, body: bytes, at_us: int) -> bytes:
        digest = sha256(body).digest()
        self._run(
            """
            insert into warum.facts (hash, kind, advertiser_id, body, stored_at)
            values (%(hash)s, %(kind)s, %(advertiser)s, %(body)s, warum.at(%(at)s)) on conflict do nothing
            """,
            hash=digest,
            kind=kind,
            advertiser=advertiser,
            body=body,
            at=at_us,
        )
        return digest

    def facts(self, facts: bytes) -> bytes | None:
        return self._first(lambda row: row["body"], "select body from warum.facts where hash = %(hash)s", hash=facts)

    def allocations(self, offer: int) -> list[PastAllocation]:
        return self._rows(
            _past_allocation,
            """
            select a.id, warum.us(a.created_at) as made_at_us, a.derived,
                (select json_agg(json_build_array(m.arm, m.landing_page_id, m.propensity_ppm, m.creative_id)
                        order by m.arm)
                    from warum.allocation_arm m where m.allocation_id = a.id) as arms
            from warum.allocation a where a.offer_id = %(offer)s order by a.id
            """,
            offer=offer,
        )

    def offer_log(
        self, allocations: Sequence[int], *, from_day: int, until_day: int, in_slots: bool = False
    ) -> OfferLog:
        values: dict[str, Any] = {
            "allocations": list(allocations),
            "from": from_day * 86_400,
            "until": until_day * 86_400,
            "mode": Mode.LIVE.value,
            "past": ARM_DEEP_LINK,
            "in_slots": in_slots,
        }
        return OfferLog(
            counts=tuple(self._rows(lambda row: DayCount(**row), _COUNTS, **values)),
            conversions=tuple(self._rows(_day_conversions, _CONVERSIONS, **values)),
        )

    def awards(
        self, allocations: Sequence[int], currency: str, *, from_day: int, until_day: int, in_slots: bool = False
    ) -> list[DrawValue]:
        return self._rows(
            lambda row: DrawValue(**row),
            _AWARDS,
            allocations=list(allocations),
            currency=currency,
            **{"from": from_day * 86_400, "until": until_day * 86_400},
            mode=Mode.LIVE.value,
            past=ARM_DEEP_LINK,
            in_slots=in_slots,
        )

    def lags(self, program: int, *, from_us: int, days_max: int) -> tuple[int, ...]:
        values: dict[str, Any] = {"program": program, "from": from_us, "days": days_max, "mode": Mode.LIVE.value}
        seen = dict(self._rows(lambda row: (row["lag"], row["count"]), _LAGS, **values))
        return tuple(seen.get(lag, 0) for lag in range(days_max + 1)) if seen else ()


def _past_allocation(row: Row) -> PastAllocation:
    arms = tuple(
        Arm(arm=arm, landing_page=page, propensity_ppm=ppm, creative=creative)
        for arm, page, ppm, creative in row["arms"] or ()
    )
    return PastAllocation(id=row["id"], made_at_us=row["made_at_us"], derived=row["derived"], arms=arms)


def _day_conversions(row: Row) -> DayConversions:
    typed: dict[str, Any] = {**row, "square": int(row["square"])}
    return DayConversions(**typed)
