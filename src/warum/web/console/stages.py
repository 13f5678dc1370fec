"""Money in its stages, as the first page shows it, read once for everybody."""

from __future__ import annotations

from typing import Any, Final

from warum.app import codec
from warum.app.call import Caller, Deps, perform
from warum.app.operations import BY_NAME
from warum.app.overview.money import MoneyStages
from warum.kernel.period import DAY_US, MINUTE_US, SECOND_US, from_us
from warum.kernel.refusal import Refusal
from warum.ports.catalog import ActorKind
from warum.ports.database import Role, Scope
from warum.ports.overview import Span
from warum.web.console.kept import Kept

long_us: Final = 31 * DAY_US
_long_stays_us: Final = 15 * SECOND_US
_long_step_us: Final = 15 * MINUTE_US

# What everybody of the house may see.
_CALLER: Final = Caller(scope=Scope(Role.AUDITOR), kind=ActorKind.SYSTEM, actor="today")


def make_stages(deps: Deps) -> Kept[Span, MoneyStages]:
    """The stages of one application. Those of long spans are read anew a few times a minute, however often somebody
    asks."""

    def read(span: Span) -> MoneyStages:
        operation = BY_NAME["overview.money"]
        ask = codec.read(operation, {"since": from_us(span.from_us), "until": from_us(span.until_us)})
        found: Any = ask if isinstance(ask, Refusal) else perform(operation, deps, _CALLER, ask)
        if isinstance(found, Refusal):
            raise ValueError(found.message)
        return found

    def stays_us(span: Span) -> int:
        return _long_stays_us if span.until_us - span.from_us > long_us else 0

    return Kept(read, stays_us=stays_us, now_us=deps.people_us)


def stepped(span: Span) -> Span:
    """The same span, but a long one ends at a quarter of an hour: a few minutes of a year change nothing that can be
    seen, and the next reader asks for the same."""
    if span.until_us - span.from_us <= long_us:
        return span
    return Span(span.from_us, span.until_us - span.until_us % _long_step_us)
