"""What binds bots in a program: what they may do, the goal, notes of people. Simple forms; each names the version that
it was made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Final

from starlette.responses import Response

from warum.app.decisions.steering import GoalOut, NoteOut, PolicyOut
from warum.app.programs import ProgramOut
from warum.domain.decisions import Autonomy, Objective
from warum.kernel.ids import public
from warum.kernel.period import from_us, local_date, local_midnight, to_us
from warum.kernel.refusal import Refusal
from warum.ports.database import Role
from warum.web.console.forms import Filled
from warum.web.console.routing import Pages
from warum.web.console.visit import Toast, Visit, status_of

pages: Final = Pages()

_TEMPLATE: Final = "pages/steering.html"
_STAFF: Final = (Role.OPERATOR, Role.MANAGER)
_partners_max: Final = 500
_weeks: Final = (1, 2, 3, 4)
_PERCENT: Final = ("floor", "step", "probability_min", "gain_share_min")
_PLAIN: Final = ("autonomy", "conversions_min", "days_min", "age_hours_max", "horizon_days", "objective")
_POLICY: Final = (*_PLAIN, *_PERCENT, "act_per_day", "gain_min", "shadow_until", "reason")
_GOAL: Final = ("target", "cost_max", "starts_at", "ends_at", "reason")
_NOTE: Final = ("text", "starts_at", "ends_at")
_ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyForm:
    """A bot's policy as a form."""

    bot: str
    form: Filled
    version: int
    stopped: bool
    stopped_everywhere: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteRow:
    text: str
    author: str
    noted_us: int
    span: str


@pages.get("/programs/{program}/bots")
def show(visit: Visit) -> Response:
    return _page(visit)


@pages.post("/programs/{program}/bots/goal")
def save_goal(visit: Visit) -> Response:
    program = _program(visit)
    fields: dict[str, object] = {
        "program": _named(visit),
        **_amount(visit, "target"),
        **_share(visit, "cost_max"),
        **_day(visit, "starts_at", program.timezone),
        **_day(visit, "ends_at", program.timezone, after=True),
        **visit.form.fields("reason"),
        "excluded": visit.form.all("excluded"),
        **_version(visit),
    }
    made = visit.attempt("goal.set", fields)
    if isinstance(made, Refusal):
        return _page(visit, goal=visit.refilled(made, *_GOAL), status=status_of(made))
    return visit.redirect(_path(visit), Toast(visit.say("steering.goal.saved")))


@pages.post("/programs/{program}/bots/note")
def add_note(visit: Visit) -> Response:
    program = _program(visit)
    fields: dict[str, object] = {
        "program": _named(visit),
        **visit.form.fields("text"),
        **_day(visit, "starts_at", program.timezone),
        **_day(visit, "ends_at", program.timezone, after=True),
    }
    made = visit.attempt("note.add", fields)
    if isinstance(made, Refusal):
        return _page(visit, note=visit.refilled(made, *_NOTE), status=status_of(made))
    return visit.redirect(_path(visit), Toast(visit.say("steering.note.saved")))


@pages.post("/programs/{program}/bots/{bot}/policy")
def save_policy(visit: Visit) -> Response:
    program, bot = _program(visit), visit.request.path_params["bot"]
    fields: dict[str, object] = {
        "program": _named(visit),
        "bot": bot,
        **visit.form.fields(*_PLAIN, "reason"),
        **_amount(visit, "act_per_day"),
        **_amount(visit, "gain_min"),
        "stopped": visit.form.text("stopped") == "yes",
        # An empty day means that the time of watching is over: this very moment.
        **(_day(visit, "shadow_until", program.timezone) or {"shadow_until": from_us(visit.deps.now_us())}),
        **_version(visit),
    }
    for name in _PERCENT:
        fields |= _share(visit, name)
    made = visit.attempt("policy.set", fields)
    if isinstance(made, Refusal):
        return _page(visit, policies={bot: visit.refilled(made, *_POLICY)}, status=status_of(made))
    return visit.redirect(_path(visit), Toast(visit.say("steering.policy.saved")))


def _page(
    visit: Visit,
    *,
    status: int = 200,
    policies: Mapping[str, Filled] | None = None,
    goal: Filled | None = None,
    note: Filled | None = None,
) -> Response:
    program = _program(visit)
    found: GoalOut = visit.perform("goal.show", program=_named(visit))
    excluded = set(visit.form.all("excluded")) if goal else {public("publisher", one) for one in found.excluded}
    bots = [one.bot for one in visit.perform("bot.list").bots]
    typed = policies or {}
    return visit.page(
        _TEMPLATE,
        status_code=status,
        program=program,
        path=_path(visit),
        currency=program.currencies[0],
        policies=tuple(_policy(visit, program, bot, typed.get(bot)) for bot in bots),
        autonomies=tuple((one.value, visit.say(f"steering.autonomy.{one.value}")) for one in Autonomy),
        objectives=tuple((one.value, visit.say(f"steering.objective.{one.value}")) for one in Objective),
        horizons=tuple((str(7 * weeks), visit.say("steering.horizon", n=weeks)) for weeks in _weeks),
        goal=goal or Filled(_goal(visit, program, found)),
        goal_version=found.row_version,
        partners=_partners(visit),
        excluded=excluded,
        notes=_notes(visit, program),
        note=note or Filled(),
        may_change=visit.person.user.role in _STAFF,
    )


def _policy(visit: Visit, program: ProgramOut, bot: str, typed: Filled | None) -> PolicyForm:
    found: PolicyOut = visit.perform("policy.show", program=_named(visit), bot=bot)
    shadow = found.shadow_until
    values = {
        "autonomy": found.autonomy.value,
        # A day that is over has nothing to say.
        "shadow_until": _typed_day(shadow, program.timezone) if shadow and to_us(shadow) > visit.deps.now_us() else "",
        "act_per_day": _typed(visit, found.act_per_day.amount),
        "gain_min": _typed(visit, found.gain_min.amount),
        **{name: _typed_percent(visit, getattr(found, name)) for name in _PERCENT},
        "conversions_min": str(found.conversions_min),
        "days_min": str(found.days_min),
        "age_hours_max": str(found.age_hours_max),
        "horizon_days": str(found.horizon_days),
        "objective": found.objective.value,
    }
    return PolicyForm(
        bot=bot,
        form=typed or Filled(values),
        version=found.row_version,
        stopped=visit.form.text("stopped") == "yes" if typed else found.stopped,
        stopped_everywhere=found.stopped_everywhere,
    )


def _goal(visit: Visit, program: ProgramOut, goal: GoalOut) -> dict[str, str]:
    return {
        "target": "" if goal.target is None else _typed(visit, goal.target.amount),
        "cost_max": "" if goal.cost_max is None else _typed_percent(visit, goal.cost_max),
        "starts_at": _typed_day(goal.starts_at, program.timezone),
        "ends_at": _typed_day(goal.ends_at, program.timezone, after=True),
    }


def _partners(visit: Visit) -> tuple[tuple[str, str], ...]:
    """Publishers of the program, by name."""
    found = visit.perform("partnership.list", program=_named(visit), limit=_partners_max).partnerships
    ids = list(dict.fromkeys(public("publisher", one.publisher) for one in found))
    names = visit.perform("overview.names", subjects=ids).names if ids else ()
    return tuple(sorted(((one.subject, one.name) for one in names), key=lambda pair: pair[1].lower()))


def _notes(visit: Visit, program: ProgramOut) -> tuple[NoteRow, ...]:
    """The newest first."""
    found: tuple[NoteOut, ...] = visit.perform("note.list", program=_named(visit)).notes
    authors = sorted({one.author for one in found})
    names = {
        one.subject: one.name for one in (visit.perform("overview.names", subjects=authors).names if authors else ())
    }
    return tuple(
        NoteRow(
            text=one.text,
            author=names.get(one.author, one.author),
            noted_us=to_us(one.noted_at),
            span=_span(visit, one, program.timezone),
        )
        for one in reversed(found)
    )


def _span(visit: Visit, note: NoteOut, zone: str) -> str:
    if note.starts_at is None and note.ends_at is None:
        return visit.say("steering.note.always")
    formats = visit.look.formats
    first = "…" if note.starts_at is None else formats.day(local_date(to_us(note.starts_at), zone))
    last = "…" if note.ends_at is None else formats.day(local_date(to_us(note.ends_at) - 1, zone))
    return f"{first} – {last}"


def _program(visit: Visit) -> ProgramOut:
    return visit.perform("program.show", program=_named(visit))


def _named(visit: Visit) -> str:
    return public("program", visit.id("program", "program"))


def _path(visit: Visit) -> str:
    return f"/programs/{_named(visit)}/bots"


def _version(visit: Visit) -> dict[str, object]:
    version = visit.form.text("version")
    return {"expected_version": int(version)} if version.isdecimal() and len(version) < 10 else {}


# What is typed, and what an operation takes ---------------------------------------------------------------------------


def _amount(visit: Visit, name: str) -> dict[str, object]:
    text = _dotted(visit.form.text(name))
    return {name: text} if text else {}


def _share(visit: Visit, name: str) -> dict[str, object]:
    """Percent as people type it; what is no number goes on as it is, and is refused there."""
    text = _dotted(visit.form.text(name))
    if not text:
        return {}
    try:
        return {name: Decimal(text) / 100}
    except InvalidOperation:
        return {name: text}


def _day(visit: Visit, name: str, zone: str, *, after: bool = False) -> dict[str, object]:
    """Midnight of a day in the program's zone; ``after``: at its end."""
    text = visit.form.text(name)
    if not text:
        return {}
    try:
        day = date.fromisoformat(text)
        return {name: from_us(local_midnight(day + _ONE_DAY if after else day, zone))}
    except (ValueError, OverflowError):
        return {name: text}


def _dotted(text: str) -> str:
    """A decimal comma is one."""
    return text.replace(",", ".") if text.count(",") == 1 and "." not in text else text


def _typed(visit: Visit, number: str) -> str:
    """As its reader would type it."""
    return number.replace(".", ",") if visit.look.locale == "de" else number


def _typed_percent(visit: Visit, share: str) -> str:
    return _typed(visit, f"{(Decimal(share) * 100).normalize():f}")


def _typed_day(moment: datetime | None, zone: str, *, after: bool = False) -> str:
    if moment is None:
        return ""
    day = local_date(to_us(moment), zone)
    return (day - _ONE_DAY if after else day).isoformat()
