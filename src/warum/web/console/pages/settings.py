"""Settings: who I am, my password, where I am signed in; and, for operators, everybody else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from zoneinfo import available_timezones

from starlette.responses import Response

from warum.app import sessions
from warum.app.people import PasswordLink, UserOut
from warum.kernel.ids import public
from warum.kernel.refusal import Refusal
from warum.ports.database import Role
from warum.web.console.forms import Filled
from warum.web.console.routing import Pages
from warum.web.console.visit import Toast, Undo, Visit, status_of

pages: Final = Pages()

_PROFILE: Final = ("name", "timezone")
_INVITE: Final = ("name", "email", "role", "locale")
_TEMPLATE: Final = "pages/settings.html"
_ZONES: Final = tuple(sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/")))


@dataclass(frozen=True, slots=True, kw_only=True)
class UserRow:
    """A person as the table shows them.

    Attributes:
        state: active, invited or disabled; a word and the badge's colour follow from it.
    """

    user: UserOut
    state: str
    you: bool

    @property
    def path(self) -> str:
        """Below which the acts on this person have their addresses."""
        return f"/settings/users/{public('user', self.user.id)}"


@pages.get("/settings")
def show(visit: Visit) -> Response:
    return _page(visit)


@pages.post("/settings/profile")
def save_profile(visit: Visit) -> Response:
    refusal = sessions.change_profile(
        visit.deps,
        visit.person,
        name=visit.form.text("name"),
        locale=visit.look.locale,
        timezone=visit.form.text("timezone"),
    )
    if refusal is not None:
        return _page(visit, profile=visit.refilled(refusal, *_PROFILE), status=status_of(refusal))
    return visit.redirect("/settings", Toast(visit.say("settings.profile.saved")))


@pages.post("/settings/password")
def save_password(visit: Visit) -> Response:
    refusal = sessions.change_password(
        visit.deps,
        visit.site.door,
        visit.person,
        current=visit.form.raw("current"),
        password=visit.form.raw("password"),
    )
    if refusal is not None:
        # What was typed here is secret, and typed again rather than sent back.
        wrong = Filled({}, {refusal.field or "": visit.look.refusal(refusal)})
        return _page(visit, password=wrong, status=status_of(refusal))
    return visit.redirect("/settings", Toast(visit.say("settings.password.changed")))


@pages.post("/settings/sessions/end")
def end_sessions(visit: Visit) -> Response:
    ended = sessions.sign_out_elsewhere(visit.deps, visit.person)
    return visit.redirect("/settings", Toast(visit.say("settings.sessions.ended", n=ended)))


@pages.post("/settings/users")
def invite(visit: Visit) -> Response:
    made = visit.attempt("user.create", visit.form.fields(*_INVITE))
    if isinstance(made, Refusal):
        return _page(visit, invite=visit.refilled(made, *_INVITE), status=status_of(made))
    return _page(visit, link=made)


@pages.post("/settings/users/{user}/link")
def new_link(visit: Visit) -> Response:
    return _page(visit, link=visit.perform("user.link", user=visit.request.path_params["user"]))


@pages.post("/settings/users/{user}/role")
def change_role(visit: Visit) -> Response:
    changed: UserOut = visit.perform("user.role", **_row(visit), role=visit.form.text("role"))
    undo = Undo(visit.request.url.path, {"role": visit.form.text("was"), "version": str(changed.row_version)})
    role = visit.say(f"role.{changed.role}")
    return visit.redirect("/settings", Toast(visit.say("users.role.changed", name=changed.name, role=role), undo))


@pages.post("/settings/users/{user}/disable")
def disable(visit: Visit) -> Response:
    changed: UserOut = visit.perform("user.disable", **_row(visit))
    undo = Undo(visit.request.url.path.removesuffix("disable") + "enable", {"version": str(changed.row_version)})
    return visit.redirect("/settings", Toast(visit.say("users.disabled", name=changed.name), undo))


@pages.post("/settings/users/{user}/enable")
def enable(visit: Visit) -> Response:
    changed: UserOut = visit.perform("user.enable", **_row(visit))
    return visit.redirect("/settings", Toast(visit.say("users.enabled", name=changed.name)))


def _page(
    visit: Visit,
    *,
    status: int = 200,
    profile: Filled | None = None,
    password: Filled | None = None,
    invite: Filled | None = None,
    link: PasswordLink | None = None,
) -> Response:
    user = visit.person.user
    may_see, may_change = user.role in _READERS, user.role == Role.OPERATOR
    base = visit.request.base_url
    return visit.page(
        _TEMPLATE,
        status_code=status,
        profile=profile or Filled({"name": user.name, "timezone": user.timezone}),
        password=password or Filled(),
        invite=invite or Filled({"role": "manager", "locale": visit.look.locale}),
        zones=_ZONES,
        open_sessions=sessions.open_sessions(visit.deps, visit.person),
        users=_rows(visit) if may_see else (),
        may_change=may_change,
        link=link,
        link_url=None if link is None else f"{'https' if visit.peer.https else base.scheme}://{base.netloc}{link.path}",
    )


_READERS: Final = (Role.OPERATOR, Role.AUDITOR)


def _rows(visit: Visit) -> tuple[UserRow, ...]:
    found = visit.perform("user.list", limit=500).users
    return tuple(
        UserRow(
            user=user,
            state="disabled" if user.disabled_at else "active" if user.has_password else "invited",
            you=user.id == visit.person.user.id,
        )
        for user in found
    )


def _row(visit: Visit) -> dict[str, object]:
    """Which person, at which version, as the form says."""
    fields: dict[str, object] = {"user": visit.request.path_params["user"]}
    version = visit.form.text("version")
    return {**fields, "expected_version": int(version)} if version.isdecimal() else fields
