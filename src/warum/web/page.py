"""The status page: what is running, what to click, what came of it. One template and one style sheet; the part that
changes is fetched again every second, and by the browser's own refresh where scripts are off.

Who has signed in to the console sees it, and who shows an API key. In demo mode a browser on this machine needs
neither, and may only look."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Final, TypeAlias
from urllib.parse import urlencode

from fastapi import FastAPI
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.staticfiles import StaticFiles

from warum.app.call import Caller, Deps, perform
from warum.app.conversions import ConversionList
from warum.app.operations import BY_NAME, HOUSE
from warum.app.partnerships import LinkList
from warum.app.status import StatusShow
from warum.kernel.period import from_us
from warum.kernel.refusal import Refusal
from warum.ports.catalog import ActorKind
from warum.ports.database import DatabaseUnavailable, Role, Scope
from warum.web.auth import basic
from warum.web.words import LANGS, WORDS, language

PATH: Final = "/status"
_STATIC: Final = Path(__file__).parent / "static"
_LOOKING: Final = Caller(scope=Scope(Role.AUDITOR), kind=ActorKind.PERSON, actor="demo")
_HERE: Final = ("localhost", "127.0.0.1", "[::1]")
_FORWARDED: Final = ("forwarded", "x-forwarded-for", "x-real-ip")

_templates: Final = Environment(
    loader=PackageLoader("warum.web"),
    autoescape=select_autoescape(default=True, default_for_string=True),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """A page that stands for an advertiser's own site.

    Attributes:
        token: the advertiser's postback token.
        fields: what a sale there reports, beside its click and order id.
        stay_days: in how many days a stay begins and ends; None where there is none.
    """

    name: str
    lead: str
    postback_url: str
    token: str
    click_param: str
    fields: Mapping[str, str]
    stay_days: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """How the page is reached.

    Attributes:
        demo: a browser on this machine may look without a key.
        command: a test conversion to paste into a terminal.
        shops: by their place under ``/demo/``.
    """

    demo: bool = False
    command: str | None = None
    shops: Mapping[str, Shop] = field(default_factory=dict[str, Shop])


Reader: TypeAlias = Callable[[Request], Caller | None]


def add_page(app: FastAPI, deps: Deps, door: Door, reader: Reader | None = None) -> None:
    """Give the application its status page.

    Args:
        reader: who has signed in to the console with this browser; None where there is no console.
    """

    async def whole(request: Request) -> Response:
        return await run_in_threadpool(_page, request, deps, door, reader, "page.html")

    async def live(request: Request) -> Response:
        return await run_in_threadpool(_page, request, deps, door, reader, "live.html")

    async def shop(request: Request) -> Response:
        return _shop(request, deps, door)

    app.add_route(PATH, whole, methods=["GET"])
    app.add_route(PATH + "/live", live, methods=["GET"])
    app.add_route("/demo/{shop}", shop, methods=["GET"])
    app.mount(PATH + "/static", StaticFiles(directory=_STATIC))


def _page(request: Request, deps: Deps, door: Door, reader: Reader | None, template: str) -> Response:
    try:
        caller = _caller(request, deps, door, reader)
        if isinstance(caller, Response):
            return caller
        values = _facts(deps, caller)
    except DatabaseUnavailable:
        return _html(request, deps, "away.html", {}, status=503)
    return _html(request, deps, template, {"door": door, **values})


def _facts(deps: Deps, caller: Caller) -> dict[str, Any]:
    return {
        "status": _read(deps, caller, "status.show", StatusShow()),
        "conversions": _read(deps, caller, "conversion.list", ConversionList(limit=20)).conversions,
        "links": _links(_read(deps, caller, "link.list", LinkList(limit=50)).links),
    }


def _read(deps: Deps, caller: Caller, name: str, ask: object) -> Any:
    output = perform(BY_NAME[name], deps, caller, ask)
    if isinstance(output, Refusal):
        raise LookupError(f"{name}: {output.message}")
    return output


def _links(links: Sequence[Any]) -> list[Any]:
    return [link for link in links if link.retired_at is None]


def _caller(request: Request, deps: Deps, door: Door, reader: Reader | None) -> Caller | Response:
    if door.demo and _on_this_machine(request):
        return _LOOKING
    caller = basic(request, deps) or (reader and reader(request))
    if caller is None:
        if reader is not None and "text/html" in request.headers.get("accept", ""):
            return RedirectResponse(f"/sign-in?next={PATH}", 303)
        return PlainTextResponse(
            "Sign in with any name, and an API key as the password. / Mit beliebigem Namen und einem API-Schlüssel als "
            "Passwort anmelden.\n",
            status_code=401,
            headers={"www-authenticate": 'Basic realm="warum", charset="UTF-8"'},
        )
    if caller.scope.role not in HOUSE:
        return PlainTextResponse("This page is for the operator's people.\n", status_code=403)
    return caller


def _on_this_machine(request: Request) -> bool:
    """Whether the browser runs here: its address is loopback, no proxy stands between, and it asked for this machine by
    name, so that a foreign page which resolves to loopback gets nothing."""
    client = request.client
    if client is None or any(name in request.headers for name in _FORWARDED):
        return False
    try:
        loopback = ip_address(client.host).is_loopback
    except ValueError:
        return False
    host = request.headers.get("host", "")
    name = host[: host.index("]") + 1] if host.startswith("[") and "]" in host else host.partition(":")[0]
    return loopback and name in _HERE


def _shop(request: Request, deps: Deps, door: Door) -> Response:
    shop = door.shops.get(request.path_params["shop"])
    if shop is None or not (door.demo and _on_this_machine(request)):
        return PlainTextResponse("There is nothing here.\n", status_code=404)
    click_id = request.query_params.get(shop.click_param, "")
    order_id = "demo-" + deps.entropy(4).hex()
    fields = {**shop.fields, **_stay(shop, deps), "order_id": order_id, **({"click_id": click_id} if click_id else {})}
    command = f"curl -H 'Authorization: Bearer {shop.token}' '{shop.postback_url}?{urlencode(fields)}'"
    values = {"shop": shop, "click_id": click_id, "fields": fields, "command": command}
    return _html(request, deps, "shop.html", values)


def _stay(shop: Shop, deps: Deps) -> dict[str, str]:
    if shop.stay_days is None:
        return {}
    today = from_us(deps.now_us()).date()
    check_in, check_out = (str(today + timedelta(days=days)) for days in shop.stay_days)
    return {"check_in": check_in, "check_out": check_out}


def _html(request: Request, deps: Deps, template: str, values: dict[str, Any], *, status: int = 200) -> Response:
    lang = language(request)
    query = dict(request.query_params)
    shared = {
        "lang": lang,
        "words": WORDS[lang],
        "switch": {other: "?" + urlencode({**query, "lang": other}) for other in LANGS},
    }
    policy = (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; "
        f"form-action {deps.edge_url}; frame-ancestors 'none'"
    )
    return HTMLResponse(
        _templates.get_template(template).render({**shared, **values}),
        status_code=status,
        headers={
            "content-security-policy": policy,
            "cache-control": "no-store",
            "referrer-policy": "no-referrer",
            "x-content-type-options": "nosniff",
            "vary": "accept-language",
        },
    )
