"""What people set and what binds every bot: policies, goals, notes, and the kill switch.

A program without a policy has the careful one of the domain, and its bots only watch for its first two weeks: until
then nobody knows whether their promises hold here."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Final

from pydantic import Field

from warum.app.border import (
    Amount,
    Moment,
    Money,
    NoteRef,
    ProgramRef,
    PublisherRef,
    ReasonText,
    border,
    missing,
    moment,
    money,
    stale,
)
from warum.app.call import Call, Done
from warum.app.offers import propensity
from warum.domain.bots import BOTS
from warum.domain.decisions import Autonomy, Goal, Note, Objective, Policy
from warum.kernel.ids import public
from warum.kernel.money import amount_minor_max, exponent
from warum.kernel.period import DAY_US, from_us, to_us
from warum.kernel.refusal import Kind, Refusal
from warum.ports.catalog import Program
from warum.ports.database import Tx
from warum.ports.steering import StoredGoal, StoredNote, StoredPolicy, Switch

shadow_days: Final = 14
"""How long bots only watch in a new program."""

_PPM: Final = 1_000_000

BotName = Annotated[str, Field(description=f"A bot: {', '.join(BOTS)}.")]
Share = Annotated[Decimal, Field(ge=0, le=1, description="A share, such as 0.03.")]
SeenVersion = Annotated[
    int, Field(ge=0, description="The row version that you saw, 0 for none; a newer one refuses the change.")
]


# Policies -----------------------------------------------------------------------------------------------------------


@border
class PolicyOut:
    program: ProgramRef
    bot: str
    autonomy: Autonomy
    shadow_until: Annotated[datetime | None, Field(description="Until then it only watches, whatever it may do.")]
    stopped: Annotated[bool, Field(description="The kill switch in this program.")]
    stopped_everywhere: Annotated[bool, Field(description="The bot's kill switch in the whole network.")]
    floor: Annotated[str, Field(description="No arm's share goes below.")]
    step: Annotated[str, Field(description="No arm's share moves by more at once.")]
    act_per_day: Annotated[Money, Field(description="Approved value that it may move in a day without asking.")]
    probability_min: Annotated[str, Field(description="How sure a gain has to be.")]
    gain_min: Annotated[Money, Field(description="Expected gain within the horizon that is worth asking for.")]
    gain_share_min: Annotated[str, Field(description="The same relative to the value of the horizon.")]
    conversions_min: int
    days_min: int
    age_hours_max: Annotated[int, Field(description="Older data is not judged.")]
    horizon_days: Annotated[int, Field(description="What a promise covers.")]
    objective: Annotated[Objective, Field(description="What creatives are chosen for.")]
    row_version: Annotated[int, Field(description="0: nobody set it, these are the defaults.")]


@border
class PolicyShow:
    program: ProgramRef
    bot: BotName


@border
class PolicySet:
    """What is left out stays."""

    program: ProgramRef
    bot: BotName
    autonomy: Annotated[Autonomy | None, Field(description="observe, propose, or act within the limits.")] = None
    shadow_until: Annotated[Moment | None, Field(description="A moment in the past ends the shadow time.")] = None
    stopped: bool | None = None
    floor: Annotated[
        Share | None, Field(le=Decimal("0.5"), description="At least 0.01: below that nothing is learned.")
    ] = None
    step: Share | None = None
    act_per_day: Amount | None = None
    probability_min: Annotated[Share | None, Field(ge=Decimal("0.5"))] = None
    gain_min: Amount | None = None
    gain_share_min: Share | None = None
    conversions_min: Annotated[int | None, Field(ge=1, le=1_000_000)] = None
    days_min: Annotated[int | None, Field(ge=1, le=90)] = None
    age_hours_max: Annotated[int | None, Field(ge=1, le=10_000)] = None
    horizon_days: Annotated[int | None, Field(ge=7, le=91, description="Whole weeks, since weekdays differ.")] = None
    objective: Annotated[
        Objective | None, Field(description="clicks, conversions, value, or margin: value less commission.")
    ] = None
    reason: ReasonText | None = None
    expected_version: SeenVersion | None = None


def policy_in_force(tx: Tx, program: int, bot: str) -> StoredPolicy:
    """The policy that binds the bot: what people set or the default, and the kill switch of the network."""
    stored = _policy(tx, program, bot)
    switch = tx.steering.switch(bot)
    stopped = stored.policy.stopped or (switch is not None and switch.stopped)
    return replace(stored, policy=replace(stored.policy, stopped=stopped))


def show_policy(tx: Tx, call: Call, ask: PolicyShow) -> PolicyOut | Refusal:
    program = tx.catalog.program(ask.program)
    if program is None:
        return missing("program", ask.program)
    return unknown_bot(ask.bot) or _policy_out(tx, program, _policy(tx, program.id, ask.bot))


def set_policy(tx: Tx, call: Call, ask: PolicySet) -> Done[PolicyOut] | Refusal:
    # The program's lock orders whoever sets a policy for the first time.
    program = tx.catalog.program(ask.program, lock=True)
    if program is None:
        return missing("program", ask.program)
    if refusal := unknown_bot(ask.bot):
        return refusal
    stored = _policy(tx, program.id, ask.bot)
    if refusal := stale(stored.row_version, ask.expected_version):
        return refusal
    policy = _changed(stored.policy, ask, program.currencies[0])
    if isinstance(policy, Refusal):
        return policy
    version = tx.steering.save_policy(replace(stored, policy=policy))
    return Done(
        output=_policy_out(tx, program, replace(stored, policy=policy, row_version=version)),
        subject=public("program", program.id),
        before=stored.row_version or None,
        after=version,
        advertiser=program.advertiser,
    )


def unknown_bot(bot: str) -> Refusal | None:
    if bot in BOTS:
        return None
    return Refusal(
        code="bot_unknown",
        message=f"There is no bot {bot}; there is {', '.join(BOTS)}.",
        field="bot",
        kind=Kind.NOT_FOUND,
    )


def _policy(tx: Tx, program: int, bot: str) -> StoredPolicy:
    stored = tx.steering.policy(program, bot)
    if stored is not None:
        return stored
    began_us = tx.steering.program_began_us(program)
    until_us = None if began_us is None else began_us + shadow_days * DAY_US
    return StoredPolicy(program=program, bot=bot, policy=Policy(shadow_until_us=until_us), row_version=0)


def _changed(policy: Policy, ask: PolicySet, currency: str) -> Policy | Refusal:
    horizon_days = policy.horizon_days if ask.horizon_days is None else ask.horizon_days
    if horizon_days % 7:
        return Refusal(
            code="horizon_not_weeks",
            message=f"{horizon_days} days are no whole weeks, and weekdays differ: take 7, 14 or 28.",
            field="horizon_days",
        )
    shares: dict[str, int] = {}
    for name, share in (
        ("floor_ppm", ask.floor),
        ("step_ppm", ask.step),
        ("probability_ppm_min", ask.probability_min),
        ("gain_ppm_min", ask.gain_share_min),
    ):
        if share is not None:
            shares[name] = int(share * _PPM)
    if shares.get("floor_ppm", policy.floor_ppm) < _PPM // 100:
        return Refusal(
            code="floor_too_low",
            message="An arm with a share below 0.01 teaches nothing; set the floor to 0.01 or more.",
            field="floor",
        )
    if shares.get("step_ppm", policy.step_ppm) < 1:
        return Refusal(code="step_too_small", message="A step of 0 would let nothing change.", field="step")
    amounts: dict[str, int] = {}
    for name, field, amount in (
        ("act_minor_day", "act_per_day", ask.act_per_day),
        ("gain_minor_min", "gain_min", ask.gain_min),
    ):
        if amount is not None:
            minor = amount.scaleb(exponent(currency))
            if minor != int(minor) or minor > amount_minor_max:
                return _no_amount(amount, currency, field)
            amounts[name] = int(minor)
    return replace(
        policy,
        autonomy=policy.autonomy if ask.autonomy is None else ask.autonomy,
        shadow_until_us=policy.shadow_until_us if ask.shadow_until is None else to_us(ask.shadow_until),
        stopped=policy.stopped if ask.stopped is None else ask.stopped,
        conversions_min=policy.conversions_min if ask.conversions_min is None else ask.conversions_min,
        days_min=policy.days_min if ask.days_min is None else ask.days_min,
        age_hours_max=policy.age_hours_max if ask.age_hours_max is None else ask.age_hours_max,
        horizon_days=horizon_days,
        objective=policy.objective if ask.objective is None else ask.objective,
        **shares,
        **amounts,
    )


def _no_amount(amount: Decimal, currency: str, field: str) -> Refusal:
    return Refusal(
        code="amount_not_payable",
        message=f"{amount} {currency} is no amount: give at most {exponent(currency)} decimals.",
        field=field,
    )


def _policy_out(tx: Tx, program: Program, stored: StoredPolicy) -> PolicyOut:
    policy, currency = stored.policy, program.currencies[0]
    switch = tx.steering.switch(stored.bot)
    return PolicyOut(
        program=stored.program,
        bot=stored.bot,
        autonomy=policy.autonomy,
        shadow_until=moment(policy.shadow_until_us),
        stopped=policy.stopped,
        stopped_everywhere=switch is not None and switch.stopped,
        floor=propensity(policy.floor_ppm),
        step=propensity(policy.step_ppm),
        act_per_day=money(policy.act_minor_day, currency),
        probability_min=propensity(policy.probability_ppm_min),
        gain_min=money(policy.gain_minor_min, currency),
        gain_share_min=propensity(policy.gain_ppm_min),
        conversions_min=policy.conversions_min,
        days_min=policy.days_min,
        age_hours_max=policy.age_hours_max,
        horizon_days=policy.horizon_days,
        objective=policy.objective,
        row_version=stored.row_version,
    )


# Goals --------------------------------------------------------------------------------------------------------------


@border
class GoalOut:
    program: ProgramRef
    target: Annotated[Money | None, Field(description="Approved value to reach between the dates.")]
    cost_max: Annotated[str | None, Field(description="Ceiling of commission by approved value.")]
    starts_at: datetime | None
    ends_at: datetime | None
    excluded: Annotated[tuple[PublisherRef, ...], Field(description="Publishers that no bot may touch.")]
    row_version: Annotated[int, Field(description="0: there is no goal.")]


@border
class GoalShow:
    program: ProgramRef


@border
class GoalSet:
    """The whole goal: what is left out is open."""

    program: ProgramRef
    target: Amount | None = None
    cost_max: Annotated[
        Decimal | None, Field(gt=0, le=1, description="Commission by approved value, such as 0.12.")
    ] = None
    starts_at: Moment | None = None
    ends_at: Moment | None = None
    excluded: Annotated[tuple[PublisherRef, ...], Field(max_length=500)] = ()
    reason: ReasonText | None = None
    expected_version: SeenVersion | None = None


def show_goal(tx: Tx, call: Call, ask: GoalShow) -> GoalOut | Refusal:
    program = tx.catalog.program(ask.program)
    if program is None:
        return missing("program", ask.program)
    return _goal_out(program, tx.steering.goal(program.id) or _no_goal(program))


def set_goal(tx: Tx, call: Call, ask: GoalSet) -> Done[GoalOut] | Refusal:
    program = tx.catalog.program(ask.program, lock=True)
    if program is None:
        return missing("program", ask.program)
    stored = tx.steering.goal(program.id, lock=True) or _no_goal(program)
    if refusal := stale(stored.row_version, ask.expected_version):
        return refusal
    if ask.starts_at is not None and ask.ends_at is not None and ask.starts_at >= ask.ends_at:
        return Refusal(code="dates_backwards", message="The goal ends before it starts: swap the two.", field="ends_at")
    unknown = next((one for one in ask.excluded if tx.catalog.publisher(one) is None), None)
    if unknown is not None:
        return missing("publisher", unknown, "excluded")
    target = None if ask.target is None else ask.target.scaleb(exponent(program.currencies[0]))
    if target is not None and (target != int(target) or not 0 < target <= amount_minor_max):
        return _no_amount(ask.target or Decimal(), program.currencies[0], "target")
    goal = Goal(
        target_minor=None if target is None else int(target),
        cost_ppm_max=None if ask.cost_max is None else int(ask.cost_max * _PPM),
        starts_us=None if ask.starts_at is None else to_us(ask.starts_at),
        ends_us=None if ask.ends_at is None else to_us(ask.ends_at),
        excluded=tuple(sorted(set(ask.excluded))),
    )
    version = tx.steering.save_goal(replace(stored, goal=goal))
    return Done(
        output=_goal_out(program, StoredGoal(program=program.id, goal=goal, row_version=version)),
        subject=public("program", program.id),
        before=stored.row_version or None,
        after=version,
        advertiser=program.advertiser,
    )


def _no_goal(program: Program) -> StoredGoal:
    return StoredGoal(program=program.id, goal=Goal(), row_version=0)


def _goal_out(program: Program, stored: StoredGoal) -> GoalOut:
    goal = stored.goal
    return GoalOut(
        program=program.id,
        target=None if goal.target_minor is None else money(goal.target_minor, program.currencies[0]),
        cost_max=None if goal.cost_ppm_max is None else propensity(goal.cost_ppm_max),
        starts_at=moment(goal.starts_us),
        ends_at=moment(goal.ends_us),
        excluded=goal.excluded,
        row_version=stored.row_version,
    )


# Notes --------------------------------------------------------------------------------------------------------------


@border
class NoteOut:
    id: NoteRef
    program: ProgramRef
    author: str
    text: str
    starts_at: datetime | None
    ends_at: datetime | None
    noted_at: datetime


@border
class Notes:
    notes: tuple[NoteOut, ...]


@border
class NoteAdd:
    """Days between the dates still compare arms, but no bot takes them for usual ones."""

    program: ProgramRef
    text: Annotated[
        str, Field(min_length=3, max_length=1000, description="What the data does not show, such as scaffolding.")
    ]
    starts_at: Moment | None = None
    ends_at: Moment | None = None


@border
class NoteList:
    program: ProgramRef


def add_note(tx: Tx, call: Call, ask: NoteAdd) -> Done[NoteOut] | Refusal:
    program = tx.catalog.program(ask.program)
    if program is None:
        return missing("program", ask.program)
    if ask.starts_at is not None and ask.ends_at is not None and ask.starts_at >= ask.ends_at:
        return Refusal(code="dates_backwards", message="The note ends before it starts: swap the two.", field="ends_at")
    note = Note(
        author=call.caller.actor,
        text=ask.text,
        starts_us=None if ask.starts_at is None else to_us(ask.starts_at),
        ends_us=None if ask.ends_at is None else to_us(ask.ends_at),
    )
    made = tx.steering.add_note(program.id, note, at_us=call.now_us)
    return Done(
        output=_note_out(StoredNote(id=made, program=program.id, note=note, noted_at_us=call.now_us)),
        subject=public("note", made),
        advertiser=program.advertiser,
    )


def list_notes(tx: Tx, call: Call, ask: NoteList) -> Notes | Refusal:
    if tx.catalog.program(ask.program) is None:
        return missing("program", ask.program)
    return Notes(notes=tuple(map(_note_out, tx.steering.notes(ask.program))))


def _note_out(stored: StoredNote) -> NoteOut:
    note = stored.note
    return NoteOut(
        id=stored.id,
        program=stored.program,
        author=note.author,
        text=note.text,
        starts_at=moment(note.starts_us),
        ends_at=moment(note.ends_us),
        noted_at=from_us(stored.noted_at_us),
    )


# The kill switch ----------------------------------------------------------------------------------------------------


@border
class BotOut:
    bot: str
    stopped: bool
    reason: str | None
    actor: Annotated[str | None, Field(description="Who turned the switch last; null: nobody did.")]
    at: datetime | None
    row_version: int


@border
class Bots:
    bots: tuple[BotOut, ...]


@border
class BotList:
    pass


@border
class BotStop:
    """At once and in every program. What it asked people is taken back; what was applied stays, and can be undone."""

    bot: BotName
    reason: ReasonText


@border
class BotStart:
    bot: BotName
    reason: ReasonText | None = None


def list_bots(tx: Tx, call: Call, ask: BotList) -> Bots | Refusal:
    switches = {switch.bot: switch for switch in tx.steering.switches()}
    return Bots(bots=tuple(_bot_out(switches.get(bot) or _never_turned(bot)) for bot in BOTS))


def stop_bot(tx: Tx, call: Call, ask: BotStop) -> Done[BotOut] | Refusal:
    done = _turn(tx, call, ask.bot, ask.reason, stopped=True)
    if not isinstance(done, Refusal):
        tx.decisions.withdraw(ask.bot)
    return done


def start_bot(tx: Tx, call: Call, ask: BotStart) -> Done[BotOut] | Refusal:
    return _turn(tx, call, ask.bot, ask.reason, stopped=False)


def _turn(tx: Tx, call: Call, bot: str, reason: str | None, *, stopped: bool) -> Done[BotOut] | Refusal:
    if refusal := unknown_bot(bot):
        return refusal
    found = tx.steering.switch(bot, lock=True) or _never_turned(bot)
    if found.stopped == stopped:
        word = "stopped" if stopped else "running"
        return Refusal(code=f"bot_{word}", message=f"The {bot} bot is {word} already.", kind=Kind.CONFLICT)
    turned = Switch(bot=bot, stopped=stopped, reason=reason, actor=call.caller.actor, at_us=call.now_us, row_version=0)
    version = tx.steering.turn(turned)
    return Done(
        output=_bot_out(replace(turned, row_version=version)),
        subject=bot,
        before=found.row_version or None,
        after=version,
    )


def _never_turned(bot: str) -> Switch:
    return Switch(bot=bot, stopped=False, reason=None, actor="", at_us=0, row_version=0)


def _bot_out(switch: Switch) -> BotOut:
    turned = switch.row_version > 0
    return BotOut(
        bot=switch.bot,
        stopped=switch.stopped,
        reason=switch.reason,
        actor=switch.actor if turned else None,
        at=from_us(switch.at_us) if turned else None,
        row_version=switch.row_version,
    )
