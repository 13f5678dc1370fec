"""The days that an inquiry is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from warum.kernel.period import local_date, local_midnight
from warum.kernel.refusal import Refusal

days_default: Final = 90
days_max: Final = 800
_ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Calendar days, both included, and the microseconds from the first midnight to the one after the last day."""

    first: date
    last: date
    from_us: int
    until_us: int

    def words(self) -> dict[str, str]:
        """As parameters of a statement."""
        return {"from_day": self.first.isoformat(), "until_day": self.last.isoformat()}


def span_of(since: date | None, until: date | None, *, zone: str, now_us: int) -> Span | Refusal:
    """The days asked for, in a zone.

    Errors: ``span_backwards``, ``span_ahead``, ``span_too_long``.
    """
    today = local_date(now_us, zone)
    last = until or today
    first = since or last - timedelta(days=days_default - 1)
    if last < first:
        return Refusal(
            code="span_backwards",
            message=f"The span ends on {last} before it begins on {first}: swap the two days.",
            field="until",
        )
    if first > today:
        return Refusal(
            code="span_ahead",
            message=f"The span begins on {first}, which is yet to come; nothing has happened then. Choose past days.",
            field="since",
        )
    if (last - first).days >= days_max:
        return Refusal(
            code="span_too_long", message=f"A span has at most {days_max} days. Ask for a shorter one.", field="since"
        )
    return Span(
        first=first,
        last=last,
        from_us=local_midnight(first, zone),
        until_us=local_midnight(last + _ONE_DAY, zone),
    )
