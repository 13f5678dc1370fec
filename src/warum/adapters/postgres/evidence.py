"""The log of draws of an offer, read from the rollups and the conversions; and facts under the hash of their bytes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Any, Final

from warum.adapters.postgres.rows import Row, Statements
from warum.domain.catalog import ARM_DEEP_LINK
from warum.domain.mode import Mode
from warum.ports.catalog import Arm
from warum.ports.evidence import (
    DayConversions,
    DayCount,
    DrawnAllocation,
    DrawnLink,
    DrawValue,
    OfferLog,
    PastAllocation,
)

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
        coalesce(sum(amount) filter (where status = 'pending'), 0)::bigint as pending_minor,
        coalesce(sum(amount) filter (where status in ('approved', 'paid')), 0)::bigint as approved_minor,
        coalesce(sum(amount::numeric * amount) filter (where status <> 'declined'), 0) as square
    from warum.conversion c
    cross join lateral (select retained_minor - case when %(net)s then commission_minor else 0 end as amount) m
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
# The floor is the one in the facts that the bot was given: the policy may say something else by now.
_EVERY_ALLOCATION: Final = """
    select a.id, a.offer_id as offer, a.context, made.floor_ppm,
        (select json_agg(json_build_array(m.arm, m.propensity_ppm) order by m.arm)
            from warum.allocation_arm m where m.allocation_id = a.id) as shares
    from warum.allocation a
    left join (
        select e.allocation_after as id, (convert_from(f.body, 'UTF8')::json #>> '{policy,floor_ppm}')::integer
            as floor_ppm
        from warum.effect e
        join warum.proposal p on p.id = e.proposal_id
        join warum.facts f on f.hash = p.facts
    ) made on made.id = a.id
    order by a.id
    """
_EVERY_LINK: Final = """
    select l.id, l.offer_id as offer, exists (select from warum.slot s where s.link_id = l.id) as in_slot
    from warum.link l order by l.id
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
            select a.id, warum.us(a.created_at) as made_at_us, a.derived, a.context,
                (select json_agg(json_build_array(m.arm, m.landing_page_id, m.propensity_ppm, m.creative_id)
                        order by m.arm)
                    from warum.allocation_arm m where m.allocation_id = a.id) as arms
            from warum.allocation a where a.offer_id = %(offer)s order by a.id
            """,
            offer=offer,
        )

    def every_allocation(self) -> Iterator[DrawnAllocation]:
        return self._streamed("every_allocation", _drawn_allocation, _EVERY_ALLOCATION)

    def every_link(self) -> Iterator[DrawnLink]:
        return self._streamed("every_link", lambda row: DrawnLink(**row), _EVERY_LINK)

    def offer_log(
        self, allocations: Sequence[int], *, from_day: int, until_day: int, in_slots: bool = False, net: bool = False
    ) -> OfferLog:
        values: dict[str, Any] = {
            "allocations": list(allocations),
            "from": from_day * 86_400,
            "until": until_day * 86_400,
            "mode": Mode.LIVE.value,
            "past": ARM_DEEP_LINK,
            "in_slots": in_slots,
            "net": net,
        }
        return OfferLog(
            counts=tuple(self._rows(lambda row: DayCount(**row), _COUNTS, **values)),
            conversions=tuple(self._rows(_day_conversions, _CONVERSIONS, **values)),
        )

    def keep_lesson(self, offer: int, body: bytes, *, at_us: int) -> None:
        self._run(
            """
            insert into warum.lesson (offer_id, body, learnt_at) values (%(offer)s, %(body)s, warum.at(%(at)s))
            on conflict (offer_id) do update set body = excluded.body, learnt_at = excluded.learnt_at
            """,
            offer=offer,
            body=body,
            at=at_us,
        )

    def lesson_learnt_us(self, offer: int) -> int | None:
        return self._first(
            lambda row: row["at"],
            "select warum.us(learnt_at) as at from warum.lesson where offer_id = %(offer)s",
            offer=offer,
        )

    def lessons(self, *, but: int, limit: int) -> list[bytes]:
        return self._rows(
            lambda row: row["body"],
            "select body from warum.lesson where offer_id <> %(but)s order by learnt_at desc, offer_id limit %(limit)s",
            but=but,
            limit=limit,
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
    typed: dict[str, Any] = {**row, "arms": arms}
    return PastAllocation(**typed)


def _drawn_allocation(row: Row) -> DrawnAllocation:
    shares = tuple((arm, ppm) for arm, ppm in row["shares"] or ())
    return DrawnAllocation(
        id=row["id"], offer=row["offer"], shares=shares, floor_ppm=row["floor_ppm"], context=row["context"]
    )


def _day_conversions(row: Row) -> DayConversions:
    typed: dict[str, Any] = {**row, "square": int(row["square"])}
    return DayConversions(**typed)
