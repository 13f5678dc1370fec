"""Coming in, going out, and coming back after the session has ended."""

from __future__ import annotations

import re

import pytest

from console.conftest import BASE, PASSWORD, World, csrf, post
from warum.app import sessions
from warum.kernel.period import DAY_US, HOUR_US


def test_the_first_link_leads_in_and_works_once(world: World) -> None:
    path = sessions.setup_link(world.deps)
    assert path is not None
    browser = world.browser()
    assert "Make the first account" in browser.get(path).text
    form = {"name": "Ana König", "email": "ana@network.example", "password": "short"}
    refused = browser.post(path, data=form)
    assert refused.status_code == 422
    assert 'value="Ana König"' in refused.text, "what was typed stays"
    assert 'aria-invalid="true"' in refused.text
    assert "short" not in refused.text.replace("shortcut", "")
    made = browser.post(path, data={**form, "password": PASSWORD})
    assert (made.status_code, made.headers["location"]) == (303, "/")
    assert "Ana König" in browser.get("/").text
    assert world.browser().get(path).status_code == 404


def test_signing_in_leads_back_to_where_one_wanted_to_go(world: World) -> None:
    world.operator()
    browser = world.browser()
    asked = browser.get("/settings")
    assert asked.status_code == 401
    assert 'name="next" value="/settings"' in asked.text
    wrong = browser.post("/sign-in", data={"next": "/settings", "email": "ana@network.example", "password": "no"})
    assert wrong.status_code == 403
    assert "do not go together" in wrong.text
    assert 'value="ana@network.example"' in wrong.text
    right = {"next": "/settings", "email": "ana@network.example", "password": PASSWORD}
    answer = browser.post("/sign-in", data=right)
    assert (answer.status_code, answer.headers["location"]) == (303, "/settings")


@pytest.mark.parametrize("to", ["//evil.example", "https://evil.example", "/\\evil.example", "/a\r\nb", "evil", "/\tx"])
def test_nobody_is_led_elsewhere(world: World, to: str) -> None:
    world.operator()
    form = {"next": to, "email": "ana@network.example", "password": PASSWORD}
    assert world.browser().post("/sign-in", data=form).headers["location"] == "/"


def test_a_form_sent_too_late_is_kept_and_sent_again(world: World) -> None:
    browser = world.operator()
    token = csrf(browser.get("/settings").text)
    world.now_us += 13 * HOUR_US
    typed = {"csrf": token, "name": "Ana <b>Neu</b>", "timezone": "Europe/Vienna"}
    late = browser.post("/settings/profile", data=typed)
    assert late.status_code == 401
    assert "Nothing is lost" in late.text
    kept = re.search(r'name="kept" value="([^"]*)"', late.text)
    to = re.search(r'name="next" value="([^"]*)"', late.text)
    assert kept is not None and to is not None
    assert token not in kept[1]
    form = {
        "next": to[1],
        "kept": kept[1].replace("&#34;", '"').replace("&lt;", "<").replace("&gt;", ">"),
        "email": "ana@network.example",
        "password": PASSWORD,
    }
    back = browser.post("/sign-in", data=form)
    assert back.status_code == 200
    assert 'action="/settings/profile"' in back.text
    assert "Ana &lt;b&gt;Neu&lt;/b&gt;" in back.text
    sent = browser.post("/settings/profile", data={**typed, "csrf": csrf(back.text)})
    assert sent.status_code == 303
    assert "Ana &lt;b&gt;Neu" in browser.get("/settings").text


def test_passwords_do_not_wait_in_a_page(world: World) -> None:
    browser = world.operator()
    token = csrf(browser.get("/settings").text)
    world.now_us += 13 * HOUR_US
    form = {"csrf": token, "current": PASSWORD, "password": "another secret sentence"}
    late = browser.post("/settings/password", data=form)
    assert late.status_code == 401
    assert PASSWORD not in late.text
    assert "another secret" not in late.text


def test_a_script_gets_the_sign_in_as_a_dialog(world: World) -> None:
    browser = world.operator()
    token = csrf(browser.get("/settings").text)
    world.now_us += 13 * HOUR_US
    late = browser.post("/settings/profile", data={"csrf": token, "name": "Ana"}, headers={"hx-request": "true"})
    assert (late.status_code, late.headers["hx-retarget"]) == (401, "#dialog")
    assert "<html" not in late.text
    form = {"next": "/", "email": "ana@network.example", "password": PASSWORD}
    back = browser.post("/sign-in", data=form, headers={"hx-request": "true"})
    assert back.status_code == 200
    assert '"warum:signed-in"' in back.headers["hx-trigger"]
    assert csrf(browser.get("/settings").text) in back.headers["hx-trigger"]


def test_signing_out_ends_the_session(world: World) -> None:
    browser = world.operator()
    taken = dict(browser.cookies)
    assert post(browser, "/sign-out").headers["location"] == "/sign-in"
    assert browser.get("/").status_code == 401
    thief = world.browser()
    thief.cookies.update(taken)
    assert thief.get("/").status_code == 401


def test_the_demo_link_is_for_one_browser_and_not_for_a_preview(world: World) -> None:
    path = sessions.demo_link(world.deps, name="Mia", email="mia@demo.example")
    browser = world.browser()
    assert browser.head(path).status_code == 404
    assert browser.get(path, headers={"sec-purpose": "prefetch"}).status_code == 404
    assert browser.get(path).status_code == 303
    assert browser.get(path).headers["location"] == "/", "clicked twice, it leads to the same place"
    assert world.browser().get(path).status_code == 404


def test_a_link_is_not_kept_for_ever(world: World) -> None:
    path = sessions.demo_link(world.deps, name="Mia", email="mia@demo.example")
    world.now_us += 2 * DAY_US
    assert world.browser().get(path).status_code == 404


def test_the_cookie_is_bound_to_the_host_where_the_way_is_encrypted(world: World) -> None:
    plain, safe = world.browser(), world.browser(base="https://warum.example")
    for browser in (plain, safe):
        browser.get(sessions.demo_link(world.deps, name="Mia", email="mia@demo.example"))
    assert set(plain.cookies) == {"warum-8701", "warum-locale"}
    answer = safe.get(sessions.demo_link(world.deps, name="Mia", email="mia@demo.example"))
    cookie = next(c for c in answer.headers.get_list("set-cookie") if c.startswith("__Host-warum="))
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=lax"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


def test_an_unencrypted_way_is_warned_of(world: World) -> None:
    assert "not encrypted" in world.browser(base="http://192.0.2.7:8701").get("/sign-in").text
    assert "not encrypted" not in world.browser(base=BASE).get("/sign-in").text


def test_guessing_is_slowed(world: World) -> None:
    world.operator()
    browser = world.browser()
    form = {"email": "ana@network.example", "password": "no"}
    answers = [browser.post("/sign-in", data=form).text for _ in range(6)]
    assert "do not go together" in answers[4]
    assert "Too many attempts" in answers[5]


def test_language_and_appearance_are_kept(world: World) -> None:
    browser = world.browser(**{"accept-language": "de-AT,de;q=0.9"})
    assert "Anmelden" in browser.get("/sign-in").text
    assert browser.post("/look", data={"locale": "en", "next": "/sign-in"}).headers["location"] == "/sign-in"
    assert "Sign in" in browser.get("/sign-in").text
    browser.post("/look", data={"theme": "dark"})
    assert 'data-theme="dark"' in browser.get("/sign-in").text

    person = world.operator()
    person.post("/look", data={"locale": "de", "next": "/"})
    assert '<html lang="de"' in person.get("/").text
    fresh = world.browser()
    fresh.post("/sign-in", data={"email": "ana@network.example", "password": PASSWORD})
    assert '<html lang="de"' in fresh.get("/").text, "the language goes with the person"
