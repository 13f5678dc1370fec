"""What a commission rule would have cost: every conversion of a span priced again by itself, rounded as it would have
been, beside what was booked. Exact for what happened; how people would have behaved is not in it.

Conversions come one by one and only sums are kept, so a hundred thousand of them take seconds and no memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, TypeVar

from warum.domain.catalog import CommissionRule
from warum.domain.commission import priced_minor, would_apply
from warum.domain.conversion import Status
from warum.domain.decisions import Unit
from warum.domain.explain.record import Explanation, Figure, Label, Number, Source, Statement, state

publishers_told: Final = 5
_STATUSES: Final = ("pending", "approved", "declined")


@dataclass(frozen=True, slots=True, kw_only=True)
class Booked:
    """A conversion as far as its commission goes.

    Attributes:
        click_at_us: None where nobody knows; no rule is for it then.
        month: in which it was booked, in the program's time zone: ``2026-10``.
        commission_minor: as booked.
    """

    publisher: int
    group: str
    click_at_us: int | None
    month: str
    currency: str
    status: Status
    retained_minor: int
    commission_minor: int


@dataclass(slots=True)
class Sum:
    """Conversions taken together: how many, how many the rule is for, for how many the amount differs."""

    count: int = 0
    applied: int = 0
    differ: int = 0
    before_minor: int = 0
    after_minor: int = 0

    @property
    def difference_minor(self) -> int:
        return self.after_minor - self.before_minor

    def add(self, other: Sum) -> None:
        self.count += other.count
        self.applied += other.applied
        self.differ += other.differ
        self.before_minor += other.before_minor
        self.after_minor += other.after_minor


_K = TypeVar("_K", str, int)
Key = tuple[str, int, str, str]
"""Currency, publisher, month, status (paid counts as approved)."""


@dataclass(frozen=True, slots=True)
class Repricing:
    """The finest sums; coarser ones are sums of them, so that parts always make the whole. ``other_currency`` counts
    the conversions that a fixed amount is not meant for."""

    sums: Mapping[Key, Sum] = field(default_factory=dict[Key, Sum])
    other_currency: int = 0

    def by(self, of: Callable[[Key], _K], *, currency: str) -> dict[_K, Sum]:
        """Summed up within a currency."""
        found: dict[_K, Sum] = {}
        for key, one in self.sums.items():
            if key[0] == currency:
                found.setdefault(of(key), Sum()).add(one)
        return found

    def total(self, currency: str) -> Sum:
        return self.by(lambda key: "", currency=currency).get("", Sum())

    def currencies(self) -> list[str]:
        """The one with most conversions first."""
        counts = {key[0]: 0 for key in self.sums}
        for key, one in self.sums.items():
            counts[key[0]] += one.count
        return sorted(counts, key=lambda currency: (-counts[currency], currency))


def reprice(booked: Iterable[Booked], rules: Sequence[CommissionRule], draft: CommissionRule) -> Repricing:
    """Price conversions as if the draft had been the newest version of its kind (publisher and group) all along. Where
    another rule would still be the one, the booked amount stands.

    Args:
        rules: every version of the program's rules.
        draft: a rule for sales, in ``percent`` or ``fixed``.
    """
    sums: dict[Key, Sum] = {}
    other_currency = 0
    for one in booked:
        other_currency += draft.currency not in (None, one.currency)
        applies = one.click_at_us is not None and would_apply(
            draft,
            rules,
            publisher=one.publisher,
            group=one.group,
            currency=one.currency,
            click_at_us=one.click_at_us,
        )
        after_minor = priced_minor(draft, one.status, one.retained_minor) if applies else one.commission_minor
        status = "approved" if one.status is Status.PAID else one.status.value
        key = one.currency, one.publisher, one.month, status
        found = sums.get(key)
        if found is None:
            found = sums[key] = Sum()
        found.count += 1
        found.applied += applies
        found.differ += after_minor != one.commission_minor
        found.before_minor += one.commission_minor
        found.after_minor += after_minor
    return Repricing(sums, other_currency)


def explain_rule(
    repricing: Repricing, draft: CommissionRule, *, currency: str, from_us: int, until_us: int, span: Mapping[str, str]
) -> Explanation:
    """The repricing as an answer.

    Args:
        currency: of the program, for a span in which nothing was booked.
        span: ``from_day`` and ``until_day``, in the program's time zone.
    """
    source = Source(table="conversion", program=draft.program, from_us=from_us, until_us=until_us)
    currencies = repricing.currencies()
    if not currencies:
        return Explanation(
            inquiry="rule",
            label=Label.ABSTAINS,
            verdict="nothing_booked",
            currency=currency,
            claim=state("rule.nothing", **span),
            sureness=state("sure.unknown"),
            would_change=(state("rule.help"),),
            sources=(source,),
        )
    main, *others = currencies
    total = repricing.total(main)
    direction = _direction(total)
    counted = Sum()
    for one in currencies:
        counted.add(repricing.total(one))
    claim = dict(span) if direction == "same" else {**span, "difference_minor": str(abs(total.difference_minor))}
    return Explanation(
        inquiry="rule",
        label=Label.EXACT,
        verdict=direction,
        currency=main,
        claim=state(f"rule.{direction}", **claim),
        number=Number(name="difference", value=total.difference_minor, unit=Unit.MINOR),
        reasons=(
            state("rule.totals", before_minor=total.before_minor, after_minor=total.after_minor),
            state("rule.applies", applied=counted.applied, conversions=counted.count, differ=counted.differ),
            *_statuses(repricing, main),
            *_publishers(repricing, main),
            *(_currency(repricing.total(one), one) for one in others),
        ),
        would_change=_would_change(repricing, draft, main),
        sureness=state("rule.sure", conversions=counted.count),
        limits=_limits(repricing),
        figures=tuple(_figures(repricing, source)),
        sources=(source,),
    )


def _direction(total: Sum) -> str:
    return "same" if not total.difference_minor else "more" if total.difference_minor > 0 else "less"


def _publishers(repricing: Repricing, currency: str) -> tuple[Statement, ...]:
    """Those for whom it makes the largest difference."""
    sums = repricing.by(_publisher, currency=currency)
    moved = sorted(
        ((publisher, one) for publisher, one in sums.items() if one.difference_minor),
        key=lambda pair: (-abs(pair[1].difference_minor), pair[0]),
    )
    return tuple(
        state("rule.publisher", publisher=publisher, before_minor=one.before_minor, after_minor=one.after_minor)
        for publisher, one in moved[:publishers_told]
    )


def _currency(total: Sum, currency: str) -> Statement:
    direction = _direction(total)
    values: dict[str, int | str] = {"currency": currency, "before_minor": total.before_minor}
    if direction != "same":
        values |= {"after_minor": total.after_minor, "difference_minor": abs(total.difference_minor)}
    return state(f"rule.currency.{direction}", **values)


def _statuses(repricing: Repricing, currency: str) -> tuple[Statement, ...]:
    sums = repricing.by(_status, currency=currency)
    return tuple(
        state(
            "rule.status",
            status=status,
            count=sums[status].count,
            before_minor=sums[status].before_minor,
            after_minor=sums[status].after_minor,
        )
        for status in _STATUSES
        if status in sums
    )


def _would_change(repricing: Repricing, draft: CommissionRule, currency: str) -> tuple[Statement, ...]:
    pending = repricing.by(_status, currency=currency).get("pending")
    narrow = draft.publisher is not None or draft.group != ""
    return (
        *((state("rule.pending", pending=pending.count),) if pending else ()),
        *(() if narrow else (state("rule.publisher_more"),)),
    )


def _limits(repricing: Repricing) -> tuple[Statement, ...]:
    foreign = repricing.other_currency
    return (
        state("rule.behaviour"),
        *((state("rule.other_currency", count=foreign),) if foreign else ()),
    )


def _figures(repricing: Repricing, source: Source) -> list[Figure]:
    """Per currency: the total, then by status, month and publisher."""
    lines: list[Figure] = []

    def add(currency: str, of: dict[str, int | str], one: Sum, where: Source) -> None:
        parameters = state("", currency=currency, **of).parameters
        lines.extend(
            Figure(name=name, value=value, unit=unit, of=parameters, source=where)
            for name, value, unit in (
                ("conversions", one.count, Unit.COUNT),
                ("differ", one.differ, Unit.COUNT),
                ("booked", one.before_minor, Unit.MINOR),
                ("under_rule", one.after_minor, Unit.MINOR),
            )
        )

    for currency in repricing.currencies():
        add(currency, {}, repricing.total(currency), source)
        by_status = repricing.by(_status, currency=currency)
        for status in _STATUSES:
            if status in by_status:
                add(currency, {"status": status}, by_status[status], replace(source, status=status))
        by_month = repricing.by(_month, currency=currency)
        for month in sorted(by_month):
            add(currency, {"month": month}, by_month[month], source)
        by_publisher = repricing.by(_publisher, currency=currency)
        largest = sorted(by_publisher, key=lambda publisher: (-by_publisher[publisher].before_minor, publisher))
        for publisher in largest:
            add(currency, {"publisher": publisher}, by_publisher[publisher], replace(source, publisher=publisher))
    return lines


def _publisher(key: Key) -> int:
    return key[1]


def _month(key: Key) -> str:
    return key[2]


def _status(key: Key) -> str:
    return key[3]
