"""What a conversion earns its publisher, by the rule version that was valid at click time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from warum.domain.catalog import CommissionKind, CommissionRule
from warum.domain.conversion import Standing, Status
from warum.kernel.money import share


def rule_at(rules: Iterable[CommissionRule], *, publisher: int, group: str, click_at_us: int) -> CommissionRule | None:
    """The sale rule in force at a click: the publisher's own before everybody's, the group's before the default's, then
    the newest version that had begun."""
    fitting = [
        rule
        for rule in rules
        if rule.kind is not CommissionKind.PER_CLICK
        and rule.publisher in (publisher, None)
        and rule.group in (group, "")
        and rule.valid_from_us <= click_at_us
    ]
    return max(
        fitting,
        key=lambda rule: (rule.publisher is not None, rule.group != "", rule.valid_from_us, rule.version),
        default=None,
    )


def would_apply(
    draft: CommissionRule,
    rules: Iterable[CommissionRule],
    *,
    publisher: int,
    group: str,
    currency: str,
    click_at_us: int,
) -> bool:
    """Whether a draft would have been the sale rule in force at a click, had it been the newest version of its kind
    (publisher and group) by then. A fixed commission is meant in its own currency, and is no rule for another one."""
    if draft.currency not in (None, currency):
        return False
    rivals = [
        rule
        for rule in rules
        if (rule.publisher, rule.group) != (draft.publisher, draft.group) and rule.currency in (None, currency)
    ]
    at_click = replace(draft, valid_from_us=click_at_us)
    return rule_at([*rivals, at_click], publisher=publisher, group=group, click_at_us=click_at_us) is at_click


def click_rule_at(rules: Iterable[CommissionRule], *, publisher: int, click_at_us: int) -> CommissionRule | None:
    """The per-click rule in force at a click, the publisher's own before everybody's."""
    fitting = [
        rule
        for rule in rules
        if rule.kind is CommissionKind.PER_CLICK
        and rule.publisher in (publisher, None)
        and rule.valid_from_us <= click_at_us
    ]
    return max(fitting, key=lambda rule: (rule.publisher is not None, rule.valid_from_us, rule.version), default=None)


def commission_minor(rule: CommissionRule | None, standing: Standing) -> int:
    """Minor units that the standing is worth under the rule; a declined conversion is worth nothing."""
    return 0 if rule is None else priced_minor(rule, standing.status, standing.retained_minor)


def priced_minor(rule: CommissionRule, status: Status, retained_minor: int) -> int:
    """The same of what is known of a conversion that was booked before."""
    if status is Status.DECLINED:
        return 0
    match rule.kind:
        case CommissionKind.PERCENT:
            return share(retained_minor, rule.rate_ppm)
        case CommissionKind.FIXED:
            return rule.amount_minor if retained_minor > 0 else 0
        case CommissionKind.PER_CLICK:
            return 0
