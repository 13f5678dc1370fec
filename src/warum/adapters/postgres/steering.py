"""Policies, goals, notes and kill switches in PostgreSQL. A save counts the row version up; that it was made from the
newest version is checked by the use case, which holds the row's lock."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import Any, Final

from warum.adapters.postgres.rows import LOCK, Row, Statements
from warum.domain.decisions import Autonomy, Goal, Note, Objective, Policy
from warum.ports.steering import StoredGoal, StoredNote, StoredPolicy, Switch

_POLICY: Final = """
    select program_id as program, bot, row_version, autonomy, warum.us(shadow_until) as shadow_until_us, stopped,
        floor_ppm, step_ppm, act_minor_day, probability_ppm_min, gain_minor_min, gain_ppm_min, conversions_min,
        days_min, age_hours_max, horizon_days, objective
    from warum.policy """
_GOAL: Final = """
    select program_id as program, row_version, target_minor, cost_ppm_max, warum.us(starts_at) as starts_us,
        warum.us(ends_at) as ends_us, excluded
    from warum.goal """
_SWITCH: Final = "select bot, stopped, reason, actor, warum.us(at) as at_us, row_version from warum.bot_switch "


class PostgresSteering(Statements):
    """Implements ``SteeringStore``."""

    def policy(self, program: int, bot: str, *, lock: bool = False) -> StoredPolicy | None:
        query = _POLICY + "where program_id = %(program)s and bot = %(bot)s" + (LOCK if lock else "")
        return self._first(_policy, query, program=program, bot=bot)

    def save_policy(self, stored: StoredPolicy) -> int:
        return self._number(
            """
            insert into warum.policy as p (program_id, bot, autonomy, shadow_until, stopped, floor_ppm, step_ppm,
                act_minor_day, probability_ppm_min, gain_minor_min, gain_ppm_min, conversions_min, days_min,
                age_hours_max, horizon_days, objective)
            values (%(program)s, %(bot)s, %(autonomy)s, warum.at(%(shadow_until_us)s), %(stopped)s, %(floor_ppm)s,
                %(step_ppm)s, %(act_minor_day)s, %(probability_ppm_min)s, %(gain_minor_min)s, %(gain_ppm_min)s,
                %(conversions_min)s, %(days_min)s, %(age_hours_max)s, %(horizon_days)s, %(objective)s)
            on conflict (program_id, bot) do update set
                autonomy = excluded.autonomy, shadow_until = excluded.shadow_until, stopped = excluded.stopped,
                floor_ppm = excluded.floor_ppm, step_ppm = excluded.step_ppm, act_minor_day = excluded.act_minor_day,
                probability_ppm_min = excluded.probability_ppm_min, gain_minor_min = excluded.gain_minor_min,
                gain_ppm_min = excluded.gain_ppm_min, conversions_min = excluded.conversions_min,
                days_min = excluded.days_min, age_hours_max = excluded.age_hours_max,
                horizon_days = excluded.horizon_days, objective = excluded.objective, row_version = p.row_version + 1
            returning row_version
            """,
            program=stored.program,
            bot=stored.bot,
            **asdict(stored.policy),
        )

    def goal(self, program: int, *, lock: bool = False) -> StoredGoal | None:
        query = _GOAL + "where program_id = %(program)s" + (LOCK if lock else "")
        return self._first(_goal, query, program=program)

    def save_goal(self, stored: StoredGoal) -> int:
        goal = stored.goal
        return self._number(
            """
            insert into warum.goal as g (program_id, target_minor, cost_ppm_max, starts_at, ends_at, excluded)
            values (%(program)s, %(target)s, %(cost)s, warum.at(%(starts)s), warum.at(%(ends)s), %(excluded)s)
            on conflict (program_id) do update set
                target_minor = excluded.target_minor, cost_ppm_max = excluded.cost_ppm_max,
                starts_at = excluded.starts_at, ends_at = excluded.ends_at, excluded = excluded.excluded,
                row_version = g.row_version + 1
            returning row_version
            """,
            program=stored.program,
            target=goal.target_minor,
            cost=goal.cost_ppm_max,
            starts=goal.starts_us,
            ends=goal.ends_us,
            excluded=list(goal.excluded),
        )

    def add_note(self, program: int, note: Note, *, at_us: int) -> int:
        return self._number(
            """
            insert into warum.note (program_id, author, text, starts_at, ends_at, noted_at)
            values (%(program)s, %(author)s, %(text)s, warum.at(%(starts_us)s), warum.at(%(ends_us)s), warum.at(%(at)s))
            returning id
            """,
            program=program,
            at=at_us,
            **asdict(note),
        )

    def notes(self, program: int) -> list[StoredNote]:
        return self._rows(
            _note,
            """
            select id, program_id as program, author, text, warum.us(starts_at) as starts_us,
                warum.us(ends_at) as ends_us, warum.us(noted_at) as noted_at_us
            from warum.note where program_id = %(program)s order by id
            """,
            program=program,
        )

    def switches(self) -> list[Switch]:
        return self._rows(lambda row: Switch(**row), _SWITCH + "order by bot")

    def switch(self, bot: str, *, lock: bool = False) -> Switch | None:
        query = _SWITCH + "where bot = %(bot)s" + (LOCK if lock else "")
        return self._first(lambda row: Switch(**row), query, bot=bot)

    def turn(self, switch: Switch) -> int:
        return self._number(
            """
            insert into warum.bot_switch as s (bot, stopped, reason, actor, at)
            values (%(bot)s, %(stopped)s, %(reason)s, %(actor)s, warum.at(%(at_us)s))
            on conflict (bot) do update set stopped = excluded.stopped, reason = excluded.reason,
                actor = excluded.actor, at = excluded.at, row_version = s.row_version + 1
            returning row_version
            """,
            **asdict(switch),
        )

    def program_began_us(self, program: int) -> int | None:
        return self._first(
            lambda row: row["began_us"],
            "select warum.us(coalesce(starts_at, created_at)) as began_us from warum.program where id = %(program)s",
            program=program,
        )


def _policy(row: Row) -> StoredPolicy:
    values: dict[str, Any] = {field.name: row[field.name] for field in fields(Policy)}
    values |= {"autonomy": Autonomy(row["autonomy"]), "objective": Objective(row["objective"])}
    return StoredPolicy(program=row["program"], bot=row["bot"], policy=Policy(**values), row_version=row["row_version"])


def _goal(row: Row) -> StoredGoal:
    values: dict[str, Any] = {field.name: row[field.name] for field in fields(Goal)}
    values["excluded"] = tuple(row["excluded"])
    return StoredGoal(program=row["program"], goal=Goal(**values), row_version=row["row_version"])


def _note(row: Row) -> StoredNote:
    values: dict[str, Any] = {field.name: row[field.name] for field in fields(Note)}
    return StoredNote(id=row["id"], program=row["program"], note=Note(**values), noted_at_us=row["noted_at_us"])
