"""Coming in and going out: sign-in, the links that work once, and the switches that need no account."""

from __future__ import annotations

from typing import Any, Final

from starlette.responses import Response

from warum.app import sessions
from warum.app.sessions import SignedIn
from warum.kernel.refusal import Refusal
from warum.ports.people import LinkPurpose
from warum.web.console.forms import Filled, kept_pairs
from warum.web.console.look import THEMES
from warum.web.console.routing import Pages, visit_of
from warum.web.console.visit import Guest, Toast, Visit, local_path
from warum.web.console.words import LOCALES

pages: Final = Pages()


@pages.open_get("/sign-in")
def show(guest: Guest) -> Response:
    to = local_path(guest.query.get("next", "/"))
    if visit_of(guest) is not None:
        return guest.redirect(to)
    return _form(guest, to=to)


@pages.open_post("/sign-in")
def send(guest: Guest) -> Response:
    to = local_path(guest.form.text("next") or "/")
    kept = guest.form.raw("kept")
    made = sessions.sign_in(
        guest.deps,
        guest.site.door,
        email=guest.form.text("email"),
        password=guest.form.raw("password"),
        address=guest.peer.address,
    )
    if isinstance(made, Refusal):
        return _form(guest, to=to, kept=kept, refusal=made, status=403)
    if guest.partial:
        # The page with the half-filled form is still there; only its session changed.
        answer = guest.block("layout/nothing.html", "nothing", toast=Toast(guest.say("sign_in.again")))
        answer.headers["hx-trigger"] = f'{{"warum:signed-in": {{"csrf": "{made.csrf}"}}}}'
        return guest.admit(answer, made)
    if pairs := kept_pairs(kept):
        resumed = guest.page("pages/resume.html", to=to, pairs=pairs, csrf=made.csrf)
        return guest.admit(resumed, made)
    return guest.admit(guest.redirect(to), made)


@pages.post("/sign-out")
def leave(visit: Visit) -> Response:
    sessions.sign_out(visit.deps, visit.person)
    return visit.dismiss(visit.redirect("/sign-in"))


@pages.open_get("/start/{token}")
def start_form(guest: Guest) -> Response:
    found = sessions.open_link(guest.deps, guest.request.path_params["token"])
    if isinstance(found, Refusal) or found[0].purpose is LinkPurpose.ENTER:
        return _spent(guest)
    return guest.page("pages/start.html", form=Filled(), invited=found[1])


@pages.open_post("/start/{token}")
def start(guest: Guest) -> Response:
    token = guest.request.path_params["token"]
    shown = sessions.open_link(guest.deps, token)
    if isinstance(shown, Refusal):
        return _spent(guest)
    made = sessions.start(
        guest.deps,
        token,
        name=guest.form.text("name"),
        email=guest.form.text("email"),
        password=guest.form.raw("password"),
        locale=guest.look.locale,
    )
    if isinstance(made, Refusal):
        if made.field is None:
            return _spent(guest)
        typed = {name: guest.form.raw(name) for name in ("name", "email")}
        form = Filled(typed, {made.field: guest.look.refusal(made)})
        return guest.page("pages/start.html", status_code=422, form=form, invited=shown[1])
    return _come_in(guest, made)


@pages.open_get("/enter/{token}")
def enter(guest: Guest) -> Response:
    if guest.request.method == "HEAD" or "sec-purpose" in guest.request.headers:
        # A look ahead must not use the link up.
        return guest.page("pages/spent.html", status_code=404)
    made = sessions.enter(guest.deps, guest.request.path_params["token"])
    if isinstance(made, Refusal):
        # The same link clicked twice in the same browser leads to the same place.
        return guest.redirect("/") if visit_of(guest) is not None else _spent(guest)
    return _come_in(guest, made)


@pages.open_post("/look")
def change_look(guest: Guest) -> Response:
    """Language and appearance, for this browser and for the person."""
    locale, theme = guest.form.text("locale"), guest.form.text("theme")
    visit = visit_of(guest)
    if visit is not None and locale in LOCALES and locale != visit.person.user.locale:
        user = visit.person.user
        sessions.change_profile(visit.deps, visit.person, name=user.name, locale=locale, timezone=user.timezone)
    answer = guest.redirect(local_path(guest.form.text("next") or "/"))
    return guest.remember(
        answer, locale=locale if locale in LOCALES else None, theme=theme if theme in THEMES else None
    )


def ask_to_sign_in(guest: Guest) -> Response:
    """Instead of a page that needs a session. What a form brought waits in the page until its author is back."""
    posted = guest.request.method == "POST"
    if guest.partial:
        answer = _form(guest, to="/", status=401, dialog=True, expired=True)
        answer.headers.update({"hx-retarget": "#dialog", "hx-reswap": "innerHTML"})
        return answer
    to = local_path(guest.path)
    return _form(guest, to=to, kept=guest.form.kept() if posted else "", status=401, expired=to != "/")


def _form(
    guest: Guest,
    *,
    to: str,
    kept: str = "",
    refusal: Refusal | None = None,
    status: int = 200,
    dialog: bool = False,
    expired: bool = False,
) -> Response:
    errors = {} if refusal is None else {"password": guest.look.refusal(refusal)}
    values: dict[str, Any] = {
        "form": Filled({"email": guest.form.text("email")} if refusal else {}, errors),
        "to": to,
        "kept": kept,
        "expired": expired,
        "plain": not (guest.peer.https or guest.peer.local),
        "first": sessions.nobody_yet(guest.deps),
    }
    if dialog or guest.partial:
        answer = guest.block("pages/sign_in.html", "dialog", status_code=status, **values)
        answer.headers.update({"hx-retarget": "#dialog", "hx-reswap": "innerHTML"})
        return answer
    return guest.page("pages/sign_in.html", status_code=status, **values)


def _come_in(guest: Guest, person: SignedIn) -> Response:
    return guest.admit(guest.redirect("/"), person)


def _spent(guest: Guest) -> Response:
    return guest.page("pages/spent.html", status_code=404)
