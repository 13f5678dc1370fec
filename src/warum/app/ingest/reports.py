"""What partners report, in a batch: conversions begin, change, and are released when their hold is over.

Reports of the same order follow each other in one batch as they would in several; those that came before their order
are applied right after it, in the order in which the partner says they happened."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from heapq import heapify, heappop, heappush
from typing import Final

from warum.app.ingest import refusals
from warum.app.ingest.clicks import Clicks
from warum.app.ingest.facts import Known, Plan, Reported
from warum.app.log.entries import ReportFate, ToldReport
from warum.app.timers import released, rules_by_id
from warum.domain.attribution import attribute
from warum.domain.catalog import CommissionRule, EdgeLink, Terms
from warum.domain.commission import commission_minor, rule_at
from warum.domain.conversion import Attribution, Conversion, Credit, EventKind, Report, Status, Step
from warum.domain.lifecycle import Cause, Transition, begin, move, note
from warum.domain.mode import Mode
from warum.domain.records import Postback
from warum.domain.token import TokenFault, Touch
from warum.kernel.ids import RecordId
from warum.kernel.money import amount_minor_max
from warum.kernel.period import hour_start
from warum.kernel.refusal import Refusal
from warum.ports.conversions import ClickKey, OpenReport, OrderKey
from warum.ports.tracking import DropKey
from warum.verticals import VERTICALS
from warum.verticals.contract import UNKNOWN_WORD

DUPLICATE_EVENT: Final = "duplicate_event"
DUPLICATE_ORDER: Final = "duplicate_order"
CHANGES_NOTHING: Final = "changes_nothing"


class Reports:
    """The conversions as they stand while the records of a batch are taken.

    Args:
        until_us: the highest ``seen_us`` of the batch; no timer behind it fires.
    """

    def __init__(self, known: Known, clicks: Clicks, *, until_us: int) -> None:
        self._known = known
        self._clicks = clicks
        self._until_us = until_us
        self._rules = rules_by_id(known.rules.values())
        self._transitions: list[Transition] = []
        self._open: dict[RecordId, OpenReport] = {}
        self._resolved: list[tuple[RecordId, int]] = []
        self._judged: list[tuple[RecordId, Refusal]] = []
        self._drops: defaultdict[DropKey, int] = defaultdict(int)
        self._taken: dict[RecordId, tuple[Postback, ReportFate, str]] = {}
        self._conversions = {one.id: one for one in (*known.due, *known.conversions)}
        self._by_key = {_key(conversion): conversion.id for conversion in self._conversions.values()}
        self._timers: list[tuple[int, int]] = []
        for conversion in self._conversions.values():
            self._set_timer(conversion)
        heapify(self._timers)
        self._waiting: defaultdict[OrderKey | ClickKey, list[Reported]] = defaultdict(list)
        for parked in known.waiting:
            self._waiting[parked.keys[0]].append(parked)

    def release(self, now_us: int) -> None:
        """Fire the timers that are due, the earliest first."""
        while self._timers and self._timers[0][0] <= now_us:
            at_us, conversion_id = heappop(self._timers)
            conversion = self._conversions[conversion_id]
            standing = conversion.standing
            # A report may have moved or stopped the clock since it was set.
            if standing.status is Status.PENDING and standing.release_at_us == at_us:
                self._step(released(conversion, self._known.terms[conversion.program], self._rules))

    def take(self, reported: Reported) -> None:
        """One report. What it cannot do is kept, with its reason, and counted."""
        postback = reported.postback
        if reported.raw.id not in self._known.new_reports:
            self._drop(postback, DUPLICATE_EVENT)
            self._taken[reported.raw.id] = postback, ReportFate.REPEATED, DUPLICATE_EVENT
            return
        current = self._find(reported)
        if not _believable(postback.amount_minor) or not _believable(postback.retained_minor):
            refused = refusals.AMOUNT_OUT_OF_RANGE
        elif current is None:
            refused = self._first(reported)
        elif Step(postback.step) is Step.BOOKED:
            refused = self._again(postback, reported.raw.id, current)
        else:
            refused = self._later(reported, current)
        if refused is not None:
            self._keep(reported, refused)

    def tally(self, hour_us: int, link: int, advertiser: int, reason: str, count: int) -> None:
        """Requests that did not count, as the edge tells."""
        self._drops[DropKey(hour_us, advertiser, link, reason)] += count

    def finish(self, plan: Plan) -> None:
        """Put the results into the plan."""
        plan.transitions = self._transitions
        plan.open_reports = self._open
        plan.resolved = self._resolved
        plan.judged = self._judged
        plan.drops = sorted(self._drops.items())
        # A report that is applied later in this very batch has its event; the others are told of here.
        sources = {transition.event.source for transition in self._transitions}
        plan.told = [
            ToldReport(
                advertiser=postback.advertiser, record=record, seen_us=postback.seen_us, fate=fate, reason=reason
            )
            for record, (postback, fate, reason) in self._taken.items()
            if record not in sources
        ]

    def _find(self, reported: Reported) -> Conversion | None:
        for key in reported.keys:
            conversion_id = self._by_key.get(key)
            if conversion_id is not None:
                return self._conversions[conversion_id]
        return None

    def _first(self, reported: Reported) -> Refusal | None:
        """The first report of an order, and then what waited for it."""
        begun = self._begun(reported)
        if isinstance(begun, Refusal):
            return begun
        self._step(begun)
        self._by_key[_key(begun.after)] = begun.after.id
        self._clicks.conversion(begun.after)
        for key in reported.keys:
            for parked in sorted(self._waiting.pop(key, ()), key=_order):
                refused = self._later(parked, self._conversions[begun.after.id])
                self._settle(parked.raw.id, reported.postback.seen_us, refused)
        return None

    def _begun(self, reported: Reported) -> Transition | Refusal:
        """The conversion that a first report makes, or why it makes none."""
        postback = reported.postback
        step = Step(postback.step)
        if step is Step.UNKNOWN:
            return UNKNOWN_WORD
        if not reported.may_begin:
            return refusals.ORDER_UNKNOWN
        terms = self._terms(reported)
        if isinstance(terms, Refusal):
            return terms
        currency = _currency(postback, terms)
        if isinstance(currency, Refusal):
            return currency
        standing = VERTICALS[terms.vertical].book(_report(postback), terms)
        if isinstance(standing, Refusal):
            return standing
        attribution = self._attribution(reported, terms)
        if postback.order_id is None and attribution.credit is not Credit.TOKEN:
            return refusals.ORDER_ID_MISSING
        rule = self._rule(terms, attribution, postback.group, currency)
        conversion = Conversion(
            id=next(self._known.conversion_ids),
            advertiser=postback.advertiser,
            program=terms.program,
            order_id=postback.order_id,
            event_type=postback.event_type,
            group=postback.group,
            mode=reported.mode,
            currency=currency,
            booked_at_us=postback.at_us,
            attribution=attribution,
            rule=None if rule is None else rule.id,
            standing=standing,
            commission_minor=commission_minor(rule, standing),
            status_raw=postback.status_raw,
            seq=1,
        )
        return begin(conversion, _cause(EventKind(step.value), reported))

    def _again(self, postback: Postback, record: RecordId, current: Conversion) -> Refusal | None:
        """An order that was booked before, under another event id, counts once."""
        self._drop(postback, DUPLICATE_ORDER)
        self._taken[record] = postback, ReportFate.REPEATED, DUPLICATE_ORDER
        booked_minor = current.standing.sale_minor
        if postback.amount_minor is None or postback.amount_minor == booked_minor:
            return None
        return refusals.amounts_differ(postback.amount_minor, booked_minor)

    def _later(self, reported: Reported, current: Conversion) -> Refusal | None:
        """A later report of a conversion. When it cannot be applied, the history notes it."""
        postback = reported.postback
        terms = self._known.terms[current.program]
        if postback.currency is not None and postback.currency != current.currency:
            standing = refusals.currency_differs(postback.currency, current.currency)
        else:
            standing = VERTICALS[terms.vertical].change(current.standing, _report(postback), terms)
        if isinstance(standing, Refusal):
            self._step(note(current, _cause(EventKind.NOTED, reported, standing.code)))
            return standing
        if standing == current.standing:
            self._step(note(current, _cause(EventKind.NOTED, reported, CHANGES_NOTHING)))
        else:
            rule = None if current.rule is None else self._rules[current.rule]
            self._step(move(current, standing, rule, _cause(EventKind(postback.step), reported)))
        return None

    def _terms(self, reported: Reported) -> Terms | Refusal:
        """The program: the one that is named, else the click's, else the only one there is (as the edge reads it)."""
        postback = reported.postback
        programs = [self._known.terms[program] for program in self._known.programs_of.get(postback.advertiser, ())]
        if postback.program is not None:
            named = next((terms for terms in programs if terms.code == postback.program), None)
            return named or refusals.program_unknown(postback.program)
        clicked = [
            (touch, link)
            for touch in reported.touches
            if isinstance(touch, Touch)
            and (link := self._known.links.get(touch.link)) is not None
            and link.advertiser == postback.advertiser
        ]
        if clicked:
            return self._known.terms[max(clicked, key=_precedence)[1].program]
        return programs[0] if len(programs) == 1 else refusals.PROGRAM_UNCLEAR

    def _attribution(self, reported: Reported, terms: Terms) -> Attribution:
        # A click of the test mode credits nobody with live money.
        test = reported.mode is Mode.TEST
        touches = [one for one in reported.touches if test or isinstance(one, TokenFault) or one.mode is Mode.LIVE]
        return attribute(
            touches,
            terms=terms,
            booked_at_us=reported.postback.at_us,
            link_of=self._known.links.get,
            reference_basis=self._known.reference_bases.get(terms.advertiser),
        )

    def _rule(self, terms: Terms, attribution: Attribution, group: str, currency: str) -> CommissionRule | None:
        if attribution.publisher is None or attribution.click_at_us is None:
            return None
        # A fixed commission is meant in its own currency; nothing is converted.
        fitting = [rule for rule in self._known.rules.get(terms.program, ()) if rule.currency in (None, currency)]
        return rule_at(fitting, publisher=attribution.publisher, group=group, click_at_us=attribution.click_at_us)

    def _step(self, transition: Transition) -> None:
        self._transitions.append(transition)
        self._conversions[transition.after.id] = transition.after
        self._set_timer(transition.after)

    def _set_timer(self, conversion: Conversion) -> None:
        at_us = conversion.standing.release_at_us
        if at_us is not None and at_us <= self._until_us and conversion.standing.status is Status.PENDING:
            heappush(self._timers, (at_us, conversion.id))

    def _keep(self, reported: Reported, refused: Refusal) -> None:
        postback = reported.postback
        self._drop(postback, refused.code)
        self._taken[reported.raw.id] = postback, ReportFate.WAITING, refused.code
        if refused is refusals.ORDER_UNKNOWN:
            for key in reported.keys[:1]:
                self._waiting[key].append(reported)
        self._open[reported.raw.id] = OpenReport(
            advertiser=postback.advertiser,
            order_id=postback.order_id,
            event_type=postback.event_type,
            mode=reported.mode,
            reason=refused.code,
            message=refused.message,
            seen_us=postback.seen_us,
            record=reported.raw.id,
            body=reported.raw.body,
        )

    def _settle(self, record: RecordId, at_us: int, refused: Refusal | None) -> None:
        """A parked report was applied, or is open for another reason than before."""
        here = self._open.get(record)
        if refused is None:
            if here is None:
                self._resolved.append((record, at_us))
            else:
                self._open[record] = replace(here, resolved_us=at_us, resolution="applied")
        elif here is None:
            self._judged.append((record, refused))
        else:
            self._open[record] = replace(here, reason=refused.code, message=refused.message)

    def _drop(self, postback: Postback, reason: str) -> None:
        self._drops[DropKey(hour_start(postback.seen_us), postback.advertiser, 0, reason)] += 1


def _key(conversion: Conversion) -> OrderKey | ClickKey:
    head = conversion.advertiser, conversion.mode, conversion.event_type
    if conversion.order_id is not None:
        return OrderKey(*head, conversion.order_id)
    assert conversion.attribution.click_record is not None  # or it would not have begun
    return ClickKey(*head, conversion.attribution.click_record)


def _cause(kind: EventKind, reported: Reported, remark: str | None = None) -> Cause:
    postback = reported.postback
    return Cause(
        kind=kind,
        at_us=postback.at_us,
        seen_us=postback.seen_us,
        source=reported.raw.id,
        status_raw=postback.status_raw,
        note=remark,
    )


def _report(postback: Postback) -> Report:
    return Report(
        step=Step(postback.step),
        at_us=postback.at_us,
        amount_minor=postback.amount_minor,
        retained_minor=postback.retained_minor,
        check_in=postback.check_in,
        check_out=postback.check_out,
        reason=postback.reason,
    )


def _currency(postback: Postback, terms: Terms) -> str | Refusal:
    if postback.currency is None:
        return terms.currencies[0] if len(terms.currencies) == 1 else refusals.CURRENCY_MISSING
    if postback.currency not in terms.currencies:
        return refusals.currency_not_listed(postback.currency, terms)
    return postback.currency


def _believable(amount_minor: int | None) -> bool:
    return amount_minor is None or 0 <= amount_minor <= amount_minor_max


def _precedence(clicked: tuple[Touch, EdgeLink]) -> tuple[bool, int]:
    touch, _ = clicked
    return touch.record is not None, touch.at_us


def _order(parked: Reported) -> tuple[int, RecordId]:
    return parked.postback.at_us, parked.raw.id
