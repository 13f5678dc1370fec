"""Spans read from counts by UTC day where they hold whole days, and from finer ones before and after."""

from __future__ import annotations

from typing import Final

from warum.kernel.period import DAY_US

WHOLE_DAYS: Final = """
    day >= (warum.at(%(day_us)s) at time zone 'UTC')::date and day < (warum.at(%(night_us)s) at time zone 'UTC')::date
    """

BY_LINK: Final = f"""
    select publisher_id, program_id, link_id, impressions, clicks, clicks_reference, clicks_bare, conversions
    from warum.rollup_link_day
    where {WHOLE_DAYS} and mode = %(mode)s
        and (%(program)s::bigint is null or program_id = %(program)s)
        and (%(publisher)s::bigint is null or publisher_id = %(publisher)s)
        and (%(link)s::bigint is null or link_id = %(link)s)
    union all
    select publisher_id, program_id, link_id, impressions, clicks_token + clicks_reference + clicks_bare,
        clicks_reference, clicks_bare, conversions
    from warum.rollup_hour
    where hour >= warum.at(%(from_us)s) and hour < warum.at(%(day_us)s) and mode = %(mode)s
        and (%(program)s::bigint is null or program_id = %(program)s)
        and (%(publisher)s::bigint is null or publisher_id = %(publisher)s)
        and (%(link)s::bigint is null or link_id = %(link)s)
    union all
    select publisher_id, program_id, link_id, impressions, clicks_token + clicks_reference + clicks_bare,
        clicks_reference, clicks_bare, conversions
    from warum.rollup_hour
    where hour >= warum.at(%(night_us)s) and hour < warum.at(%(until_us)s) and mode = %(mode)s
        and (%(program)s::bigint is null or program_id = %(program)s)
        and (%(publisher)s::bigint is null or publisher_id = %(publisher)s)
        and (%(link)s::bigint is null or link_id = %(link)s)
    """
"""What links brought within a span: at most one row for each day, hour, allocation and arm. Needs the values of
``whole_days``, and ``mode``, ``program``, ``publisher`` and ``link``, of which the latter may be null."""


BY_ARM: Final = f"""
    select arm, impressions, clicks, clicks_reference, clicks_bare
    from warum.rollup_arm_day
    where allocation_id = any(%(allocations)s) and {WHOLE_DAYS} and mode = %(mode)s
    union all
    select arm, impressions, clicks_token + clicks_reference + clicks_bare, clicks_reference, clicks_bare
    from warum.rollup_hour
    where allocation_id = any(%(allocations)s) and hour >= warum.at(%(from_us)s) and hour < warum.at(%(day_us)s)
        and mode = %(mode)s
    union all
    select arm, impressions, clicks_token + clicks_reference + clicks_bare, clicks_reference, clicks_bare
    from warum.rollup_hour
    where allocation_id = any(%(allocations)s) and hour >= warum.at(%(night_us)s) and hour < warum.at(%(until_us)s)
        and mode = %(mode)s
    """
"""What arms of some allocations brought within a span. Needs the values of ``whole_days``, ``mode`` and
``allocations``."""


def whole_days(from_us: int, until_us: int) -> dict[str, int]:
    """The values of a span: where it begins and ends, and where the whole UTC days in it do."""
    day_us = -(-from_us // DAY_US) * DAY_US
    night_us = max(until_us // DAY_US * DAY_US, day_us)
    if day_us > until_us:  # within one day: no whole one
        day_us = night_us = until_us
    return {"from_us": from_us, "until_us": until_us, "day_us": day_us, "night_us": night_us}
