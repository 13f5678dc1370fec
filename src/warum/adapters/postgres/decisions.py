"""The loop of decisions in PostgreSQL: what bots said, what people decided, what came of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import asdict, fields
from hashlib import sha256
from typing import Any, Final

from warum.adapters.postgres.rows import LOCK, Row, Statements
from warum.domain.advice import SHARES
from warum.domain.contexts import ANY
from warum.domain.decisions import DeclineReason, Held, Outcome, Verdict
from warum.kernel.ids import PREFIXES
from warum.ports.catalog import ActorKind
from warum.ports.decisions import (
    Measurable,
    NewAbstention,
    NewProposal,
    Promise,
    Score,
    State,
    StoredAbstention,
    StoredDecision,
    StoredEffect,
    StoredOutcome,
    StoredProposal,
    TakenStep,
)

_ANSWER: Final = """
    select id, bot, advertiser_id as advertiser, program_id as program, subject, offer_id as offer, facts,
        seed, body, digest, warum.us(made_at) as made_at_us, context"""
_PROPOSAL: Final = (
    _ANSWER
    + """, idea, metric, allocation_id as allocation, state, currency, stake_minor, stake_day_minor, gain_minor,
        low_minor, high_minor, probability_ppm, conversions, warum.us(expires_at) as expires_at_us, row_version
    from warum.proposal """
)
_ABSTENTION: Final = _ANSWER + ", code from warum.abstention "
_IN_CONTEXT: Final = "where bot = %(bot)s and subject = %(subject)s and context = %(context)s "
_EFFECT: Final = """
    select proposal_id as proposal, advertiser_id as advertiser, offer_id as offer, allocation_before,
        allocation_after, warum.us(applied_at) as applied_at_us, allocation_undone, warum.us(undone_at) as undone_at_us
    from warum.effect """
_OUTCOME: Final = """
    select id, proposal_id as proposal, facts, final, held, gain_minor, low_minor, high_minor, promised_minor,
        promised_low_minor, promised_high_minor, exposures, pending_ppm, warum.us(until_at) as until_us,
        warum.us(measured_at) as measured_at_us
    from warum.outcome """

_MEASURABLE: Final = (
    _PROPOSAL
    + """
    where program_id = %(program)s and state in ('applied', 'undone', 'shadow', 'declined')
        and (idea = 'shares' or (state = 'applied' and metric <> ''))
        and not exists (select from warum.outcome o where o.proposal_id = proposal.id and o.final)
    order by id
    """
)

_ADD_PROPOSAL: Final = """
    insert into warum.proposal (bot, advertiser_id, program_id, subject, idea, metric, offer_id, allocation_id, context,
        facts, seed, body, digest, state, currency, stake_minor, stake_day_minor, gain_minor, low_minor, high_minor,
        probability_ppm, conversions, made_at, expires_at)
    values (%(bot)s, %(advertiser)s, %(program)s, %(subject)s, %(idea)s, %(metric)s, %(offer)s, %(allocation)s,
        %(context)s, %(facts)s, %(seed)s, %(body)s, %(digest)s, %(state)s, %(currency)s, %(stake_minor)s,
        %(stake_day_minor)s, %(gain_minor)s, %(low_minor)s, %(high_minor)s, %(probability_ppm)s, %(conversions)s,
        warum.at(%(made_at_us)s), warum.at(%(expires_at_us)s))
    returning id
    """

# The state is asked again for the row itself: a decision that was made meanwhile must not be taken back.
_RANK: Final = """
    update warum.proposal p set state = ranked.state
    from (
        select id, case when row_number() over (order by stake_minor desc, id) <= %(open_max)s
            then 'open' else 'waiting' end as state
        from warum.proposal where state in ('open', 'waiting')
    ) as ranked
    where p.id = ranked.id and p.state <> ranked.state and p.state in ('open', 'waiting')
    """

_SCORES: Final = """
    select p.bot, p.currency, p.state, o.held, coalesce(o.final, false) as final, count(*) as count,
        coalesce(sum(o.gain_minor), 0)::bigint as gain_minor,
        coalesce(sum(o.promised_minor), 0)::bigint as promised_minor
    from warum.proposal p
    left join lateral (
        select held, final, gain_minor, promised_minor from warum.outcome o
        where o.proposal_id = p.id order by o.id desc limit 1
    ) as o on true
    where (%(bot)s::text is null or p.bot = %(bot)s) and (%(program)s::bigint is null or p.program_id = %(program)s)
        and (%(since)s::bigint is null or p.made_at >= warum.at(%(since)s))
        and (%(until)s::bigint is null or p.made_at < warum.at(%(until)s))
    group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5
    """

# Shares that a person set are found among the acts. Those that came while an applied change held overrode it; those
# that came before a proposal was decided, and before the bot's next one, overrode that.
_PROMISES: Final = """
    with newest as (
        select id, bot, program_id, offer_id, subject, idea, state, currency, gain_minor, low_minor, least_minor,
            exposures, horizon_days, probability_ppm, made_at, expires_at,
            lead(made_at, 1, 'infinity') over (partition by bot, subject, idea order by id) as next_at
        from (
            select * from warum.proposal
            where (%(bot)s::text is null or bot = %(bot)s) and (%(program)s::bigint is null or program_id = %(program)s)
                and (%(since)s::bigint is null or made_at >= warum.at(%(since)s))
                and (%(until)s::bigint is null or made_at < warum.at(%(until)s))
                and (cardinality(%(states)s::text[]) = 0 or state = any(%(states)s))
                and (%(before)s::bigint is null or id < %(before)s)
            order by id desc limit %(limit)s
        ) as one
    ),
    by_hand as materialized (
        select offer.id as offer_id, a.at
        from (select distinct offer_id as id from newest) as offer
        join warum.act a on a.subject = %(offers)s || offer.id
        where a.operation = 'offer.allocate' and a.actor_kind in ('person', 'key')
    )
    select p.id as proposal, p.bot, p.program_id as program, p.idea, p.subject,
        coalesce(offer.name, publisher.name, program.name) as subject_name, p.state, p.currency, p.gain_minor,
        p.low_minor, p.least_minor, p.exposures, p.horizon_days, p.probability_ppm, warum.us(p.made_at) as made_at_us,
        warum.us(coalesce(e.applied_at, d.approved_at)) as applied_at_us,
        warum.us(d.answered_at) as answered_at_us, d.reason, coalesce(d.undone, false) as undone,
        p.state in ('applied', 'superseded') and exists (
            select from by_hand a
            where a.offer_id = p.offer_id and a.at <= p.next_at and case p.state
                when 'applied' then a.at > e.applied_at
                    and a.at < e.applied_at + make_interval(days => p.horizon_days::integer)
                else a.at > p.made_at and a.at < p.expires_at end
        ) as changed,
        o.final, o.held, o.gain_minor as measured_minor, o.low_minor as measured_low_minor,
        o.high_minor as measured_high_minor, o.promised_minor, o.promised_low_minor, o.promised_high_minor,
        o.exposures as exposures_seen, o.pending_ppm, warum.us(o.measured_at) as measured_at_us
    from newest p
    join warum.program on program.id = p.program_id
    left join warum.offer on offer.id = p.offer_id
    left join warum.publisher on p.subject = %(publishers)s || publisher.id
    left join warum.effect e on e.proposal_id = p.id
    left join lateral (
        select min(at) filter (where verdict <> 'undone') as answered_at,
            min(at) filter (where verdict = 'approved') as approved_at, max(reason) as reason,
            bool_or(verdict = 'undone') as undone
        from warum.decision where proposal_id = p.id and actor_kind in ('person', 'key')
    ) as d on true
    left join lateral (
        select final, held, gain_minor, low_minor, high_minor, promised_minor, promised_low_minor, promised_high_minor,
            exposures, pending_ppm, measured_at
        from warum.outcome where proposal_id = p.id order by id desc limit 1
    ) as o on true
    order by p.id desc
    """


class PostgresDecisions(Statements):
    """Implements ``DecisionStore``."""

    # What bots say.

    def add_proposal(self, proposal: NewProposal) -> int:
        values = {**asdict(proposal), "state": proposal.state.value, "digest": sha256(proposal.body).digest()}
        return self._number(_ADD_PROPOSAL, **values)

    def proposal(self, proposal: int, *, lock: bool = False) -> StoredProposal | None:
        return self._first(_proposal, _PROPOSAL + "where id = %(id)s" + (LOCK if lock else ""), id=proposal)

    def proposals(
        self,
        *,
        states: Collection[State] = (),
        program: int | None = None,
        offer: int | None = None,
        before: int | None = None,
        by_stake: bool = False,
        limit: int,
    ) -> list[StoredProposal]:
        order = "order by stake_minor desc, id limit %(limit)s" if by_stake else "order by id desc limit %(limit)s"
        return self._rows(
            _proposal,
            _PROPOSAL
            + """
            where (cardinality(%(states)s::text[]) = 0 or state = any(%(states)s))
                and (%(program)s::bigint is null or program_id = %(program)s)
                and (%(offer)s::bigint is null or offer_id = %(offer)s)
                and (%(before)s::bigint is null or id < %(before)s)
            """
            + order,
            states=[state.value for state in states],
            program=program,
            offer=offer,
            before=before,
            limit=limit,
        )

    def latest(self, bot: str, subject: str, *, idea: str = SHARES, context: str = ANY) -> StoredProposal | None:
        query = _PROPOSAL + _IN_CONTEXT + "and idea = %(idea)s order by id desc limit 1"
        return self._first(_proposal, query, bot=bot, subject=subject, context=context, idea=idea)

    def asked(self, bot: str, program: int) -> list[StoredProposal]:
        query = (
            _PROPOSAL + "where bot = %(bot)s and program_id = %(program)s and state in ('open', 'waiting') order by id"
        )
        return self._rows(_proposal, query, bot=bot, program=program)

    def set_state(self, proposal: int, state: State) -> int:
        return self._number(
            """
            update warum.proposal set state = %(state)s, row_version = row_version + 1 where id = %(id)s
            returning row_version
            """,
            state=state.value,
            id=proposal,
        )

    def supersede(self, proposal: int) -> bool:
        query = """
            update warum.proposal set state = 'superseded', row_version = row_version + 1
            where id = %(id)s and state in ('open', 'waiting')
            returning id
            """
        return bool(self._rows(lambda row: row["id"], query, id=proposal))

    def expire(self, *, now_us: int) -> list[int]:
        return self._rows(
            lambda row: row["id"],
            """
            update warum.proposal set state = 'expired', row_version = row_version + 1
            where state in ('open', 'waiting') and expires_at <= warum.at(%(now)s)
            returning id
            """,
            now=now_us,
        )

    def withdraw(self, bot: str, *, program: int | None = None) -> list[int]:
        return self._rows(
            lambda row: row["id"],
            """
            update warum.proposal set state = 'superseded', row_version = row_version + 1
            where state in ('open', 'waiting') and bot = %(bot)s
                and (%(program)s::bigint is null or program_id = %(program)s)
            returning id
            """,
            bot=bot,
            program=program,
        )

    def rank(self, open_max: int) -> None:
        self._run(_RANK, open_max=open_max)

    def add_abstention(self, abstention: NewAbstention) -> int:
        return self._number(
            """
            insert into warum.abstention (bot, advertiser_id, program_id, subject, offer_id, facts, seed, body, digest,
                code, made_at, context)
            values (%(bot)s, %(advertiser)s, %(program)s, %(subject)s, %(offer)s, %(facts)s, %(seed)s, %(body)s,
                %(digest)s, %(code)s, warum.at(%(made_at_us)s), %(context)s)
            returning id
            """,
            **asdict(abstention),
            digest=sha256(abstention.body).digest(),
        )

    def abstention(self, bot: str, subject: str, context: str = ANY) -> StoredAbstention | None:
        query = _ABSTENTION + _IN_CONTEXT + "order by id desc limit 1"
        return self._first(lambda row: StoredAbstention(**row), query, bot=bot, subject=subject, context=context)

    def abstentions(self, offer: int, *, limit: int) -> list[StoredAbstention]:
        query = _ABSTENTION + "where offer_id = %(offer)s order by id desc limit %(limit)s"
        return self._rows(lambda row: StoredAbstention(**row), query, offer=offer, limit=limit)

    def moved_minor(self, bot: str, program: int, *, from_us: int) -> int:
        moved = self._first(
            lambda row: row["moved"],
            """
            select coalesce(sum(p.stake_day_minor), 0)::bigint as moved
            from warum.decision d join warum.proposal p on p.id = d.proposal_id
            where d.actor_kind = 'bot' and d.verdict = 'approved' and p.bot = %(bot)s and p.program_id = %(program)s
                and d.at >= warum.at(%(from)s)
            """,
            bot=bot,
            program=program,
            **{"from": from_us},
        )
        return moved or 0

    # What people decided, and what came of it.

    def add_decision(self, decision: StoredDecision) -> int:
        return self._number(
            """
            insert into warum.decision (proposal_id, verdict, actor_kind, actor, reason, note, seconds_shown, at)
            values (%(proposal)s, %(verdict)s, %(actor_kind)s, %(actor)s, %(reason)s, %(note)s, %(seconds_shown)s,
                warum.at(%(at_us)s))
            returning id
            """,
            proposal=decision.proposal,
            verdict=decision.verdict.value,
            actor_kind=decision.actor_kind.value,
            actor=decision.actor,
            reason=None if decision.reason is None else decision.reason.value,
            note=decision.note,
            seconds_shown=decision.seconds_shown,
            at_us=decision.at_us,
        )

    def decisions(self, proposals: Collection[int]) -> list[StoredDecision]:
        return self._rows(
            _decision,
            """
            select id, proposal_id as proposal, verdict, actor_kind, actor, reason, note, seconds_shown,
                warum.us(at) as at_us
            from warum.decision where proposal_id = any(%(proposals)s) order by id
            """,
            proposals=list(proposals),
        )

    def add_effect(self, effect: StoredEffect) -> None:
        self._run(
            """
            insert into warum.effect (proposal_id, advertiser_id, offer_id, allocation_before, allocation_after,
                applied_at)
            values (%(proposal)s, %(advertiser)s, %(offer)s, %(allocation_before)s, %(allocation_after)s,
                warum.at(%(applied_at_us)s))
            """,
            **asdict(effect),
        )

    def effects(self, proposals: Collection[int]) -> list[StoredEffect]:
        query = _EFFECT + "where proposal_id = any(%(proposals)s) order by proposal_id"
        return self._rows(lambda row: StoredEffect(**row), query, proposals=list(proposals))

    def undo(self, proposal: int, *, allocation: int, at_us: int) -> None:
        self._run(
            """
            update warum.effect set allocation_undone = %(allocation)s, undone_at = warum.at(%(at)s)
            where proposal_id = %(proposal)s
            """,
            proposal=proposal,
            allocation=allocation,
            at=at_us,
        )

    def add_step(self, step: TakenStep) -> None:
        self._run(
            """
            insert into warum.step (proposal_id, number, advertiser_id, operation, input, subject, back_operation,
                back_input, taken_at)
            values (%(proposal)s, %(number)s, %(advertiser)s, %(operation)s, %(input)s::jsonb, %(subject)s,
                %(back_operation)s, %(back_input)s::jsonb, warum.at(%(taken_at_us)s))
            """,
            **asdict(step),
        )

    def steps(self, proposals: Collection[int]) -> list[TakenStep]:
        return self._rows(
            lambda row: TakenStep(**row),
            """
            select proposal_id as proposal, number, advertiser_id as advertiser, operation, input::text as input,
                subject, back_operation, back_input::text as back_input, warum.us(taken_at) as taken_at_us,
                warum.us(undone_at) as undone_at_us
            from warum.step where proposal_id = any(%(proposals)s) order by proposal_id, number
            """,
            proposals=list(proposals),
        )

    def undo_steps(self, proposal: int, *, at_us: int) -> None:
        self._run(
            "update warum.step set undone_at = warum.at(%(at)s) where proposal_id = %(proposal)s",
            proposal=proposal,
            at=at_us,
        )

    def add_outcome(self, outcome: StoredOutcome) -> int:
        values = asdict(outcome.outcome)
        return self._number(
            """
            insert into warum.outcome (proposal_id, facts, final, held, gain_minor, low_minor, high_minor,
                promised_minor, promised_low_minor, promised_high_minor, exposures, pending_ppm, until_at, measured_at)
            values (%(proposal)s, %(facts)s, %(final)s, %(held)s, %(gain_minor)s, %(low_minor)s, %(high_minor)s,
                %(promised_minor)s, %(promised_low_minor)s, %(promised_high_minor)s, %(exposures)s, %(pending_ppm)s,
                warum.at(%(until_us)s), warum.at(%(measured_at_us)s))
            returning id
            """,
            **{**values, "held": outcome.outcome.held.value},
            proposal=outcome.proposal,
            facts=outcome.facts,
            final=outcome.final,
            until_us=outcome.until_us,
            measured_at_us=outcome.measured_at_us,
        )

    def outcomes(self, proposals: Collection[int]) -> list[StoredOutcome]:
        query = _OUTCOME + "where proposal_id = any(%(proposals)s) order by id"
        return self._rows(_outcome, query, proposals=list(proposals))

    def measurable(self, program: int) -> list[Measurable]:
        proposals = self._rows(_proposal, _MEASURABLE, program=program)
        ids = [proposal.id for proposal in proposals]
        effects = {effect.proposal: effect for effect in self.effects(ids)}
        last = {outcome.proposal: outcome for outcome in self.outcomes(ids)}
        taken = {
            decision.proposal: decision.at_us for decision in self.decisions(ids) if decision.verdict == "approved"
        }
        return [
            Measurable(
                proposal=proposal,
                effect=effects.get(proposal.id),
                last=last.get(proposal.id),
                taken_at_us=taken.get(proposal.id),
            )
            for proposal in proposals
        ]

    def scores(
        self, bot: str | None, program: int | None, *, since_us: int | None = None, until_us: int | None = None
    ) -> list[Score]:
        return self._rows(_score, _SCORES, bot=bot, program=program, since=since_us, until=until_us)

    def promises(
        self,
        bot: str | None,
        program: int | None,
        *,
        since_us: int | None = None,
        until_us: int | None = None,
        states: Collection[State] = (),
        before: int | None = None,
        limit: int,
    ) -> list[Promise]:
        return self._rows(
            _promise,
            _PROMISES,
            bot=bot,
            program=program,
            since=since_us,
            until=until_us,
            states=[state.value for state in states],
            before=before,
            limit=limit,
            offers=f"{PREFIXES['offer']}_",
            publishers=f"{PREFIXES['publisher']}_",
        )

    # For replay.

    def every_proposal(self) -> Iterator[StoredProposal]:
        return self._streamed("proposals", _proposal, _PROPOSAL + "order by id")

    def every_abstention(self) -> Iterator[StoredAbstention]:
        return self._streamed("abstentions", lambda row: StoredAbstention(**row), _ABSTENTION + "order by id")


def _proposal(row: Row) -> StoredProposal:
    typed: dict[str, Any] = {**row, "state": State(row["state"])}
    return StoredProposal(**typed)


def _decision(row: Row) -> StoredDecision:
    typed: dict[str, Any] = {
        **row,
        "verdict": Verdict(row["verdict"]),
        "actor_kind": ActorKind(row["actor_kind"]),
        "reason": None if row["reason"] is None else DeclineReason(row["reason"]),
    }
    return StoredDecision(**typed)


def _outcome(row: Row) -> StoredOutcome:
    measured: dict[str, Any] = {field.name: row[field.name] for field in fields(Outcome)}
    measured["held"] = Held(row["held"])
    own: dict[str, Any] = {name: row[name] for name in row if name not in measured}
    return StoredOutcome(**own, outcome=Outcome(**measured))


def _promise(row: Row) -> Promise:
    return Promise(
        proposal=row["proposal"],
        bot=row["bot"],
        program=row["program"],
        idea=row["idea"],
        subject=row["subject"],
        subject_name=row["subject_name"],
        state=State(row["state"]),
        currency=row["currency"],
        gain_minor=row["gain_minor"],
        low_minor=row["low_minor"],
        least_minor=row["least_minor"],
        exposures=row["exposures"],
        horizon_days=row["horizon_days"],
        probability_ppm=row["probability_ppm"],
        made_at_us=row["made_at_us"],
        applied_at_us=row["applied_at_us"],
        outcome=None if row["final"] is None else _newest_outcome(row),
        final=row["final"] is True,
        measured_at_us=row["measured_at_us"],
        answered_at_us=row["answered_at_us"],
        reason=None if row["reason"] is None else DeclineReason(row["reason"]),
        undone=row["undone"],
        changed=row["changed"],
    )


def _newest_outcome(row: Row) -> Outcome:
    return Outcome(
        held=Held(row["held"]),
        gain_minor=row["measured_minor"],
        low_minor=row["measured_low_minor"],
        high_minor=row["measured_high_minor"],
        promised_minor=row["promised_minor"],
        promised_low_minor=row["promised_low_minor"],
        promised_high_minor=row["promised_high_minor"],
        exposures=row["exposures_seen"],
        pending_ppm=row["pending_ppm"],
    )


def _score(row: Row) -> Score:
    typed: dict[str, Any] = {
        **row,
        "state": State(row["state"]),
        "held": None if row["held"] is None else Held(row["held"]),
    }
    return Score(**typed)
