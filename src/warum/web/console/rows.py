"""Where the rows behind a number are: addresses of the lists, with the filters that make them show just these rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import urlencode

from warum.web.console.periods import Period


def conversions_of(period: Period, **filters: str | None) -> str:
    """Live, credited conversions that were booked within the period."""
    return _address("/conversions", {**period.query(), "mode": "live", "credited": "yes", **filters})


def conversions(**filters: str | None) -> str:
    """Conversions of whenever."""
    return _address("/conversions", filters)


def stepped_of(period: Period, kinds: Iterable[str]) -> str:
    """Live, credited conversions that had one of these events within the period, whenever they were booked."""
    pairs = {**period.query(compare="none"), "mode": "live", "credited": "yes"}
    return _address("/conversions", pairs) + "&" + urlencode([("had", kind) for kind in kinds])


def links_of(period: Period, **filters: str | None) -> str:
    """Links with what each of them brought within the period."""
    return _address("/links", {**period.query(), **filters})


def encoded(**filters: str | None) -> str:
    """Filters as they stand in an address; what is empty is left out."""
    return urlencode({name: value for name, value in filters.items() if value})


def _address(path: str, filters: Mapping[str, str | None]) -> str:
    query = encoded(**filters)
    return f"{path}?{query}" if query else path
