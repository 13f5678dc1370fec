"""What the loop of decisions is made of: what a bot may do, what it proposes and why, what a person decided, and what
came of it.

A proposal is complete in itself. Whoever reads it needs no other table to see what would change, what is promised, on
what evidence, and what was weighed against it. All records have one plain spelling (``packing``), so a stored proposal
can be compared byte by byte with one that was computed again from its facts."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, TypeAlias

from warum.kernel.period import DAY_US

# What people set ----------------------------------------------------------------------------------------------------


class Autonomy(StrEnum):
    """How far a bot may go by itself."""

    OBSERVE = "observe"
    """It computes; its promises are kept for its score card, nobody is asked."""
    PROPOSE = "propose"
    ACT = "act"
    """It acts within the limits; beyond them it proposes."""


class Objective(StrEnum):
    """What creatives are chosen for."""

    CLICKS = "clicks"
    CONVERSIONS = "conversions"
    """Those that stand in the end."""
    VALUE = "value"
    """Approved value: the amounts are what was sold."""
    MARGIN = "margin"
    """The same less the commission: the amounts are what is left of a sale."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What a bot may do in a program, and from when on it speaks up.

    Attributes:
        shadow_until_us: until then it observes, whatever the autonomy says; None for no shadow time.
        stopped: the kill switch.
        floor_ppm: no arm goes below it, so that every arm can still be judged.
        step_ppm: no arm's propensity moves by more than this at once.
        act_minor_day: approved value that may be moved in a day without asking, minor units.
        gain_minor_min, gain_ppm_min: a gain that is worth a person's minute reaches both of these within the horizon:
            minor units, and parts of the horizon's approved value.
        probability_ppm_min: how sure such a gain has to be. A bot may ask for less where it goes on with what was
            approved.
        conversions_min, days_min: below either the answer is "we do not know yet".
        age_hours_max: older data is not judged.
        horizon_days: what a promise covers. Whole weeks, since weekdays differ.
        objective: what creatives are chosen for.
    """

    autonomy: Autonomy = Autonomy.PROPOSE
    shadow_until_us: int | None = None
    stopped: bool = False
    floor_ppm: int = 30_000
    step_ppm: int = 500_000
    act_minor_day: int = 0
    probability_ppm_min: int = 960_000
    gain_minor_min: int = 1_000
    gain_ppm_min: int = 10_000
    conversions_min: int = 40
    days_min: int = 5
    age_hours_max: int = 48
    horizon_days: int = 7
    objective: Objective = Objective.VALUE


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """What the strategist wants of a program; it binds every bot.

    Attributes:
        target_minor: approved value to reach between the dates; None for none.
        cost_ppm_max: ceiling of the cost-revenue ratio (commission by approved value).
        starts_us, ends_us: None is open.
        excluded: publishers that no bot may touch.
    """

    target_minor: int | None = None
    cost_ppm_max: int | None = None
    starts_us: int | None = None
    ends_us: int | None = None
    excluded: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What a person knows and data does not show, such as scaffolding in front of the house."""

    author: str
    text: str
    starts_us: int | None = None
    ends_us: int | None = None


# What a bot says ----------------------------------------------------------------------------------------------------


class Unit(StrEnum):
    COUNT = "count"
    MINOR = "minor"
    """Minor units of the proposal's currency."""
    MINOR_PER_THOUSAND = "minor_per_thousand"
    """Minor units for a thousand exposures."""
    SHARE = "share"
    RATIO = "ratio"
    DAYS = "days"
    HOURS = "hours"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Where the rows behind a number are: a filter that a list of ``table`` understands.

    Attributes:
        table: ``impression``, ``click`` or ``conversion``.
        from_us, until_us: by the time of the exposure, from inclusive, until exclusive.
        status: for conversions; ``""`` is every status.
    """

    table: str
    offer: int
    from_us: int
    until_us: int
    arm: int | None = None
    status: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One number that the proposal rests on.

    Attributes:
        value: an integer, or nine significant digits, as text; ``low`` and ``high`` bound 90 % where it is estimated.
        rows: the rows it was counted or estimated from.
    """

    name: str
    value: str
    unit: Unit
    rows: Rows
    arm: int | None = None
    low: str | None = None
    high: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A check of the data, with what was seen and what was allowed, as text."""

    name: str
    passed: bool
    seen: str
    limit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmShare:
    """An arm and its propensity in parts per million."""

    arm: int
    propensity_ppm: int


Shares: TypeAlias = tuple[ArmShare, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What would change: ``touches`` is the kind of thing, ``subject`` its id (the offer of an allocation)."""

    touches: str
    subject: int
    before: Shares
    after: Shares


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What is promised over the horizon, in minor units of approved value.

    Attributes:
        gain_minor: expected, against leaving things as they are.
        low_minor, high_minor: 90 % of what the gain may truly be.
        measured_low_minor, measured_high_minor: 90 % of what will be *measured*, chance included. The promise is kept
            when the outcome lies in here.
        value_minor: approved value of the horizon if nothing changed.
        exposures: how many are expected within the horizon.
        least_minor: the smallest gain that the policy finds worth proposing.
        probability_ppm: that the gain is at least that large.
    """

    gain_minor: int
    low_minor: int
    high_minor: int
    measured_low_minor: int
    measured_high_minor: int
    value_minor: int
    exposures: int
    horizon_days: int
    least_minor: int
    probability_ppm: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """What was considered and not chosen; ``why_not`` is a code with words."""

    name: str
    after: Shares
    gain_minor: int
    low_minor: int
    high_minor: int
    why_not: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A named value of a sentence; integers as text."""

    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Counterfactual:
    """What would have changed the answer: a code with words, and its parameters."""

    code: str
    parameters: tuple[Parameter, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Who computed it, and in what environment it can be computed again to the same bytes.

    Attributes:
        model: name and version of the method of estimation.
        version: of the bot's code.
        facts: SHA-256 (hex) of the canonical bytes of the facts.
        environment: names and versions of what the arithmetic depends on.
    """

    bot: str
    version: str
    model: str
    facts: str
    seed: int
    environment: tuple[Parameter, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A bot's proposal. ``stake_minor`` is the approved value that the moved share of exposures carries."""

    program: int
    currency: str
    made_at_us: int
    change: Change
    expected: Expected
    stake_minor: int
    evidence: tuple[Evidence, ...]
    method: tuple[Parameter, ...]
    checks: tuple[Check, ...]
    considered: tuple[Alternative, ...]
    counterfactuals: tuple[Counterfactual, ...]
    origin: Origin


class Staked(Protocol):
    """What puts money at stake over a horizon: whatever a bot proposes."""

    @property
    def stake_minor(self) -> int: ...
    @property
    def expected(self) -> Expected: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Abstention:
    """Why a bot proposes nothing: a code with words, its parameters, and the checks as far as it came."""

    program: int
    currency: str
    made_at_us: int
    code: str
    parameters: tuple[Parameter, ...]
    checks: tuple[Check, ...]
    origin: Origin


# What people decide, and what comes of it ---------------------------------------------------------------------------


class Verdict(StrEnum):
    """A person's answer (``undone`` is one, too, and comes after ``approved``)."""

    APPROVED = "approved"
    DECLINED = "declined"
    UNDONE = "undone"


class DeclineReason(StrEnum):
    """The listed reasons. A declined idea returns only on new evidence."""

    EVIDENCE_WEAK = "evidence_weak"
    DATA_WRONG = "data_wrong"
    NOT_NOW = "not_now"
    AGREED_OTHERWISE = "agreed_otherwise"
    DOES_NOT_FIT = "does_not_fit"
    OTHER = "other"
    """The note says what."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A person's (or, within its limits, a bot's) word on a proposal.

    Attributes:
        actor: who, as acts name them.
        reason: for ``declined``.
    """

    proposal: int
    verdict: Verdict
    actor: str
    at_us: int
    reason: DeclineReason | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """A change that was made: the allocation before and the one that an approval published."""

    proposal: int
    allocation_before: int
    allocation_after: int
    applied_at_us: int
    undone_at_us: int | None = None


class Held(StrEnum):
    """What became of a promise."""

    KEPT = "kept"
    BELOW = "below"
    ABOVE = "above"
    OPEN = "open"
    """Too many conversions are undecided."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the log of propensities says about an effect, beside the promise.

    Attributes:
        gain_minor, low_minor, high_minor: measured, with its 90 % interval.
        promised_minor, promised_low_minor, promised_high_minor: what ``Expected`` said would be measured, for as many
            exposures as there were.
        pending_ppm: share of the conversions that are undecided.
    """

    held: Held
    gain_minor: int
    low_minor: int
    high_minor: int
    promised_minor: int
    promised_low_minor: int
    promised_high_minor: int
    exposures: int
    pending_ppm: int


# Who may do it ------------------------------------------------------------------------------------------------------


class Route(StrEnum):
    """Where a proposal goes."""

    DROPPED = "dropped"
    """The kill switch is set, or it is neither within the bot's limits nor worth a person's minute."""
    SHADOW = "shadow"
    """Kept for the score card only."""
    PERSON = "person"
    ACTS = "acts"


def route(policy: Policy, proposal: Proposal, *, moved_today_minor: int) -> Route:
    """Where a proposal goes under a policy. An allocation can always be undone, so acting
    needs only the limit of money.

    Args:
        moved_today_minor: approved value that the bot moved today in this program without asking.
    """
    if policy.stopped:
        return Route.DROPPED
    shadow = policy.shadow_until_us is not None and proposal.made_at_us < policy.shadow_until_us
    if shadow or policy.autonomy is Autonomy.OBSERVE:
        return Route.SHADOW
    within = moved_today_minor + stake_minor_day(proposal) <= policy.act_minor_day
    if policy.autonomy is Autonomy.ACT and within:
        return Route.ACTS
    return Route.PERSON if worth_asking(proposal) else Route.DROPPED


def route_of_advice(policy: Policy, made_at_us: int) -> Route:
    """Where an advice goes. It is never acted on alone: what may touch the income of partners is a person's."""
    if policy.stopped:
        return Route.DROPPED
    shadow = policy.shadow_until_us is not None and made_at_us < policy.shadow_until_us
    return Route.SHADOW if shadow or policy.autonomy is Autonomy.OBSERVE else Route.PERSON


def worth_asking(proposal: Proposal) -> bool:
    """Whether its gain is as sure as a person has to be promised. A bot that acts by itself goes smaller ways, too."""
    required = next((one.value for one in proposal.method if one.name == "probability_ppm_min"), "0")
    return proposal.expected.probability_ppm >= int(required)


def objective_of(proposal: Proposal) -> Objective:
    """What its creatives were chosen for."""
    return next((Objective(one.value) for one in proposal.method if one.name == "objective"), Objective.VALUE)


def stake_minor_day(proposal: Staked) -> int:
    """Approved value that the change moves in a day, minor units, rounded up."""
    return -(-proposal.stake_minor // proposal.expected.horizon_days)


def horizon_end_us(effect: Effect, expected: Expected) -> int:
    """Until when the outcome of an effect is counted (by the time of exposure)."""
    planned = effect.applied_at_us + expected.horizon_days * DAY_US
    return planned if effect.undone_at_us is None else min(planned, effect.undone_at_us)
