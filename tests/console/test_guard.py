"""What is refused, how it is said, and what every answer carries."""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from console.conftest import Browser, World, csrf, post
from warum.app.call import Deps
from warum.ports.database import DatabaseUnavailable
from warum.web.api import make_app
from warum.web.console.app import make_console
from warum.web.console.pages import MODULES


def test_every_change_needs_the_token_of_its_session(world: World) -> None:
    browser = world.operator()
    theirs = csrf(world.manager().get("/").text)
    form = {"name": "Mallory", "timezone": "Europe/Berlin"}
    for token in ({}, {"csrf": ""}, {"csrf": "0" * 64}, {"csrf": theirs}, {"csrf": "ä"}):
        refused = browser.post("/settings/profile", data={**form, **token})
        assert refused.status_code == 403
        assert "came from elsewhere" in refused.text
    assert "Mallory" not in browser.get("/settings").text
    own = {"x-csrf": csrf(browser.get("/settings").text)}
    assert browser.post("/settings/profile", data=form, headers=own).status_code == 303


def test_every_post_of_a_signed_in_page_is_guarded(world: World) -> None:
    browser = world.operator()
    paths = [page.path for module in MODULES for page in module.pages._pages if page.method == "POST" and page.closed]
    assert "/sign-out" in paths
    for path in paths:
        assert browser.post(re.sub(r"\{\w+\}", "usr_1", path)).status_code == 403, path


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "", "origin": "https://evil.example"},
        {"content-type": "multipart/form-data; boundary=x"},
        {"content-type": "text/plain"},
    ],
)
def test_a_form_of_another_site_is_refused(world: World, headers: dict[str, str]) -> None:
    browser = world.operator()
    token = csrf(browser.get("/settings").text)
    body = f"csrf={token}&name=Mallory&timezone=Europe%2FBerlin"
    given = {"content-type": "application/x-www-form-urlencoded", **headers}
    assert browser.post("/settings/profile", content=body, headers=given).status_code == 403
    assert "Mallory" not in browser.get("/settings").text


def test_a_huge_form_is_refused(world: World) -> None:
    browser = world.operator()
    assert post(browser, "/settings/profile", name="x" * 300_000).status_code == 403


def test_answers_let_nothing_foreign_in_and_are_kept_by_nobody(world: World) -> None:
    browser = world.operator()
    for path in ("/", "/settings", "/style", "/sign-in", "/nothing-here", "/start/x"):
        headers = browser.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'self'" in policy and "unsafe" not in policy and "http" not in policy
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"
        assert "same-origin" in headers["referrer-policy"]


@pytest.mark.parametrize("path", ["/", "/settings", "/style", "/nothing-here"])
def test_pages_need_nobody_else(world: World, path: str) -> None:
    page = world.operator().get(path).text
    for foreign in ("http://", "https://", 'src="//', 'href="//'):
        assert foreign not in page.replace("http://www.w3.org", "")
    assert "<style" not in page
    assert " style=" not in page
    assert " onclick=" not in page and " hx-on" not in page


def test_what_is_not_there_says_so_in_the_readers_language(world: World) -> None:
    page = world.operator().get("/nothing-here")
    assert page.status_code == 404
    assert "There is nothing here" in page.text and "/nothing-here" in page.text
    assert 'aria-label="Main navigation"' in page.text, "navigation stays in reach"
    assert world.browser().get("/nothing-here", headers={"accept-language": "de"}).status_code == 404


def test_programs_are_answered_as_before(world: World) -> None:
    browser = world.browser()
    assert browser.get("/v1/advertiser.list").json()["error"]["code"] == "key_needed"
    assert browser.get("/v1/nothing").json()["error"]["code"] == "address_unknown"
    assert browser.get("/v1/advertiser.create").json()["error"]["code"] == "method_not_allowed"
    assert browser.get("/openapi.json").json()["openapi"] == "3.1.0"


def test_an_outage_is_a_page_that_comes_back_by_itself(world: World) -> None:
    class Away:
        @contextmanager
        def transaction(self, scope: Any) -> Any:
            raise DatabaseUnavailable("away")
            yield

    browser = world.operator()
    away: Deps = replace(world.deps, database=Away())  # pyright: ignore
    gone = Browser(make_app(away, console=make_console(away)))
    gone.cookies.update(browser.cookies)
    page = gone.get("/settings")
    assert (page.status_code, page.headers["refresh"]) == (503, "3")
    assert "still taken" in page.text
    part = gone.get("/settings", headers={"hx-request": "true"})
    assert part.status_code == 503 and "hx-partial" in part.text and part.headers["hx-reswap"] == "none"


def test_a_fault_of_ours_has_a_reference_and_no_details(world: World, caplog: pytest.LogCaptureFixture) -> None:
    class Broken:
        @contextmanager
        def transaction(self, scope: Any) -> Any:
            raise RuntimeError("secret detail")
            yield

    broken: Deps = replace(world.deps, database=Broken())  # pyright: ignore
    app = make_app(broken, console=make_console(broken))
    browser = Browser(app)
    page = browser.get("/sign-in")
    assert page.status_code == 500
    assert "Something broke on our side" in page.text and "Reference" in page.text
    assert "secret detail" not in page.text
    assert "secret detail" in caplog.text


def test_addresses_are_counted_behind_our_own_proxy_alone(world: World) -> None:
    world.operator()
    app = make_app(world.deps, console=make_console(world.deps, trusted_proxies=["10.0.0.0/8"]))
    form = {"email": "ana@network.example", "password": "no"}

    def tries(client: str, forwarded: str) -> str:
        browser = Browser(app, address=client)
        given = {"sec-fetch-site": "same-origin", "x-forwarded-for": forwarded}
        return browser.post("/sign-in", data={**form, "email": f"{forwarded}@x.example"}, headers=given).text

    assert all("Too many" not in tries("10.0.0.1", f"203.0.113.{n}") for n in range(22)), "each has an own address"
    last = [tries("192.0.2.1", f"198.51.100.{n}") for n in range(21)][-1]
    assert "Too many" in last, "a stranger's word about itself is not taken"
