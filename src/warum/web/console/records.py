"""What the pages of records share: the span they look at, filters in the address, forms that count once, and lists that
come in pages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeVar
from urllib.parse import urlencode

from starlette.responses import Response

from warum.app import codec
from warum.app.border import Money, money
from warum.app.call import Repeated, perform
from warum.app.figures.shapes import Figures, Sums
from warum.app.operations import BY_NAME
from warum.app.overview.news import NewsAct
from warum.app.programs import RuleOut
from warum.app.status import ActOut
from warum.domain.catalog import CommissionKind
from warum.kernel.period import from_us
from warum.kernel.refusal import Refusal
from warum.ports.catalog import ActorKind
from warum.ports.database import Role
from warum.web.console.acts import Deed, deeds
from warum.web.console.forms import Filled
from warum.web.console.look import Look
from warum.web.console.periods import Period, period_of
from warum.web.console.visit import Toast, Visit
from warum.web.console.words import WORDS

_T = TypeVar("_T")

many: Final = 500
once_bytes: Final = 16
trail_max: Final = 200
_STAFF: Final = (Role.OPERATOR, Role.MANAGER)

Choices = Sequence[tuple[str, str]]
"""Values of a select with what they are called."""


def may_change(visit: Visit) -> bool:
    """Auditors only read."""
    return visit.person.user.role in _STAFF


# Spans ---------------------------------------------------------------------------------------------------------------


def span_of(visit: Visit) -> Period:
    """The days that the address names; a month of days when it names none. Lists compare with nothing."""
    return period_of({"range": "30d", **visit.query, "compare": "none"}, visit.look.formats.today)


def span_or_all(visit: Visit, filtered: bool) -> Period | None:
    """The days that the address names; None for all time, which is meant too where only filters are named."""
    asked = visit.query.get("range", "")
    return None if asked == "all" or (filtered and not asked) else span_of(visit)


def bounds(visit: Visit, span: Period | None, since: str = "since", until: str = "until") -> dict[str, object]:
    """The span as two fields of an operation."""
    if span is None:
        return {}
    from_us_, until_us = span.days.bounds_us(visit.look.formats.timezone)
    return {since: from_us(from_us_), until: from_us(until_us)}


def span_query(span: Period | None) -> dict[str, str]:
    """The parameters that lead to the same span elsewhere."""
    if span is None:
        return {"range": "all"}
    return {name: value for name, value in span.query().items() if name != "compare"}


# Filters -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Address:
    """A page with its filters. Those that are empty do not stand in the address."""

    path: str
    query: Mapping[str, str] = field(default_factory=dict[str, str])

    def but(self, **changes: str) -> Address:
        return replace(self, query={**self.query, **changes})

    def fields(self, *without: str) -> dict[str, str]:
        """What a form has to bring along beside its own fields."""
        return {name: value for name, value in self.query.items() if value and name not in without}

    def __str__(self) -> str:
        query = urlencode({name: value for name, value in self.query.items() if value})
        return f"{self.path}?{query}" if query else self.path


def address_of(visit: Visit, path: str, span: Period | None, *names: str) -> Address:
    """The page as it is asked for: its span, and these filters."""
    taken = {name: value[:200] for name in names if (value := visit.query.get(name, "").strip())}
    return Address(path, {**span_query(span), **taken})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sort:
    """A column that a list can be ordered by."""

    href: str
    sorted: str | None


def sorts(address: Address, columns: Iterable[str], *, default: str, ascending: Iterable[str] = ()) -> dict[str, Sort]:
    """By column. ``sort=name`` in the address, and ``sort=-name`` the other way round."""
    rising = set(ascending)
    asked = address.query.get("sort", default)
    found: dict[str, Sort] = {}
    for column in columns:
        is_sorted = asked.removeprefix("-") == column
        turned = asked.startswith("-")
        up = (column in rising) != turned
        target = f"-{column}" if is_sorted and not turned else column
        found[column] = Sort(
            href=str(address.but(sort="" if target == default else target, page="")),
            sorted=("up" if up else "down") if is_sorted else None,
        )
    return found


def ordered(
    items: Iterable[_T],
    address: Address,
    keys: Mapping[str, Callable[[_T], Any]],
    *,
    default: str,
    ascending: Iterable[str] = (),
) -> list[_T]:
    """In the order that the address asks for; an order that there is not is the default."""
    asked = address.query.get("sort", default)
    column = asked.removeprefix("-")
    if column not in keys:
        asked = column = default
    return sorted(items, key=keys[column], reverse=(column not in set(ascending)) != asked.startswith("-"))


def page_number(visit: Visit) -> int:
    text = visit.query.get("page", "")
    return min(int(text), 100_000) if text.isascii() and text.isdigit() and len(text) < 7 and int(text) > 0 else 1


def turned(address: Address, number: int, more: bool) -> tuple[str | None, str | None]:
    """(newer, older) for a list in numbered pages."""
    return (
        str(address.but(page=str(number - 1) if number > 2 else "")) if number > 1 else None,
        str(address.but(page=str(number + 1))) if more else None,
    )


def turned_by_key(address: Address, visit: Visit, last: str | None) -> tuple[str | None, str | None]:
    """(newer, older) for a list whose pages begin after a row. The rows they began after stand in the address, so that
    there is a way back.

    Args:
        last: the last row of this page when there are more behind it.
    """
    trail = [step for step in visit.query.get("trail", "").split(",") if step][-trail_max:]
    before = visit.query.get("before", "")
    newer = str(address.but(before=trail[-1] if trail else "", trail=",".join(trail[:-1]))) if before else None
    older = str(address.but(before=last, trail=",".join([*trail, before] if before else trail))) if last else None
    return newer, older


# Forms ---------------------------------------------------------------------------------------------------------------


def once(visit: Visit) -> str:
    """A token for one form. The same form sent twice makes one change."""
    return visit.deps.entropy(once_bytes).hex()


def change(visit: Visit, name: str, fields: Mapping[str, object]) -> Any:
    """Perform a change that a form asks for: its output, its refusal, or ``Repeated`` when the form came twice."""
    operation = BY_NAME[name]
    ask = codec.read(operation, fields)
    if isinstance(ask, Refusal):
        return ask
    return perform(operation, visit.deps, visit.person.caller, ask, once=visit.form.text("once")[:100] or None)


def versioned(visit: Visit, **fields: object) -> dict[str, object]:
    """Fields of a change with the row version that the form was made from."""
    version = visit.form.text("version")
    return {**fields, "expected_version": int(version)} if version.isdecimal() and len(version) < 10 else fields


def refilled(visit: Visit, refusal: Refusal, *names: str, known: Mapping[str, str] | None = None) -> Filled:
    """The form again, with what was typed, and beside its field what was wrong and what to do.

    Args:
        known: which field of the form stands for a field of the operation, where they differ.
    """
    asked = refusal.field or ""
    at = (known or {}).get(asked, asked)
    needs = f"needs.{at}"
    text = visit.say(needs) if refusal.code == "input_invalid" and needs in WORDS else visit.look.refusal(refusal)
    typed = {name: visit.form.raw(name) for name in names}
    return Filled(typed, {at if at in names else "": text})


def answered(visit: Visit, made: object, to: str, toast: Toast) -> Response:
    """After a form was taken: where its result is seen. A repetition says that it was one."""
    return visit.redirect(to, Toast(visit.say("records.repeated")) if isinstance(made, Repeated) else toast)


# Names ---------------------------------------------------------------------------------------------------------------


def listed(visit: Visit, kind: str) -> Sequence[Any]:
    """Every advertiser, program or publisher that a select can hold."""
    return getattr(visit.perform(f"{kind}.list", limit=many), f"{kind}s")


def called(visit: Visit, kind: str) -> Mapping[int, str]:
    """The same by id, for their names."""
    return {one.id: one.name for one in listed(visit, kind)}


def names(visit: Visit, subjects: Iterable[str]) -> Mapping[str, str]:
    """What people call these, by public id; what has no name is left out."""
    asked = tuple(sorted({*subjects}))[:many]
    return {one.subject: one.name for one in visit.perform("overview.names", subjects=asked).names} if asked else {}


def deeds_of(visit: Visit, subject: str, limit: int = 8) -> tuple[Deed, ...]:
    """What anybody did to this, as sentences, the newest first."""
    acts: Sequence[ActOut] = visit.perform("act.list", subject=subject, limit=limit * 2).acts
    known = names(visit, {subject, *(who(act) for act in acts)})
    told = (
        NewsAct(
            id=act.id,
            at=act.at,
            actor_kind=ActorKind(act.actor.partition(" ")[0]),
            actor=who(act),
            actor_name=known.get(who(act), who(act)),
            operation=act.operation,
            subject=act.subject,
            subject_name=known.get(act.subject),
            reason=act.reason,
        )
        for act in acts
    )
    return deeds(visit.look, told, {section.key for section in visit.site.sections}, limit)


def who(act: ActOut) -> str:
    """The actor without its kind."""
    return act.actor.partition(" ")[2]


# Values --------------------------------------------------------------------------------------------------------------


def commission_text(look: Look, rule: RuleOut | None) -> str:
    """What a rule pays, in a few words."""
    if rule is None:
        return look.say("records.rule.none")
    if rule.kind is CommissionKind.PERCENT:
        percent = float(rule.percent or 0)
        digits = len((rule.percent or "").partition(".")[2])
        return look.formats.percent(percent / 100, digits)
    assert rule.amount is not None
    price = look.formats.money(rule.amount.amount_minor, rule.amount.currency)
    return look.say(f"records.rule.{rule.kind.value}", amount=price)


def summed(figures: Iterable[Figures]) -> list[tuple[Money, Money]]:
    """(pending, approved) over several, in each currency."""
    sums: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    for one in figures:
        for line in one.money:
            sums[line.currency][0] += line.pending.amount_minor
            sums[line.currency][1] += line.approved.amount_minor
    return [(money(pending, currency), money(approved, currency)) for currency, (pending, approved) in sums.items()]


def earned_minor(figures: Figures) -> int:
    """What bars and orders of commission go by: the currency with the most conversions."""
    first = leading(figures.money)
    return 0 if first is None else first.pending.amount_minor + first.approved.amount_minor


def leading(sums: Sequence[Sums]) -> Sums | None:
    """The currency with the most conversions, which bars and orders go by."""
    return sums[0] if sums else None
