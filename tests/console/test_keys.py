"""API keys in the settings: made once, shown once, revoked for ever."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from conftest import Database
from console.conftest import PASSWORD, Browser, World, fields_of, post
from console.seeded import Seeded
from warum.app import sessions
from warum.app.keys import caller_of, register_operator_key
from warum.kernel.ids import public
from warum.kernel.period import DAY_US
from warum.ports.database import Role

LIST, NEW = "/settings/keys", "/settings/keys/new"


@pytest.fixture(autouse=True)
def no_keys(module_database: Database) -> Iterator[None]:
    with psycopg.connect(module_database.admin) as admin:
        admin.execute("truncate warum.api_key restart identity")
    yield


def make(browser: Browser, **fields: str) -> Any:
    """Send the form as its reader would."""
    once = fields_of(browser.get(NEW).text, NEW)["once"]
    return post(browser, NEW, **{"once": once, **fields})


def shown(page: str) -> str | None:
    """The key that a page shows."""
    found = re.search(r'id="key-secret" readonly value="(wrm_[\w-]{43})"', page)
    return found and found[1]


def auditor(world: World, browser: Browser) -> Browser:
    made = post(browser, "/settings/users", name="Bo", email="bo@network.example", role="auditor", locale="de")
    link = re.search(r'value="(http://127\.0\.0\.1:8701/start/[\w-]+)"', made.text)
    assert link is not None
    other = world.browser()
    assert other.post(link[1], data={"password": "a sentence of an auditor"}).status_code == 303
    return other


def test_where_there_is_no_key_the_page_says_what_they_are_for(world: World) -> None:
    browser = world.operator()
    page = browser.get(LIST).text
    assert "No program has a key yet" in page and f'href="{NEW}"' in page
    assert 'href="/openapi.json"' in page
    assert f'href="{LIST}"' in browser.get("/settings").text


def test_a_key_is_shown_once_and_opens_what_its_role_may(world: World) -> None:
    browser = world.operator()
    made = make(browser, label="Nightly report", role="auditor")
    key = shown(made.text)
    assert made.status_code == 200 and key is not None
    caller = caller_of(world.deps, key)
    assert caller is not None and caller.scope.role is Role.AUDITOR
    page = browser.get(LIST).text
    assert "Nightly report" in page and key not in page
    assert "Active" in page and "never" in page
    assert key not in browser.get(f"{LIST}/key_1").text


def test_a_key_of_a_partner_is_for_one_that_is_chosen_by_name(world: World, seeded: Seeded, browser: Browser) -> None:
    form = browser.get(NEW).text
    publisher = re.search(r'<option value="(pub_\d+)">([^<]+)</option>', form)
    assert publisher is not None
    made = make(browser, label="Own figures", role="publisher", publisher=publisher[1], advertiser="adv_999")
    key = shown(made.text)
    assert key is not None, "what was chosen for another role is not meant"
    caller = caller_of(world.deps, key)
    assert caller is not None and public("publisher", caller.scope.party or 0) == publisher[1]
    page = browser.get(LIST).text
    assert f'<a href="/publishers/{publisher[1]}">{publisher[2]}</a>' in page
    nobody = make(browser, label="Whose?", role="advertiser")
    assert nobody.status_code == 422 and 'id="field-advertiser-error"' in nobody.text
    assert "Choose whose key this is" in nobody.text and 'value="Whose?"' in nobody.text


def test_a_form_that_cannot_be_taken_keeps_what_was_typed(world: World) -> None:
    browser = world.operator()
    for wrong, field, says in (
        ({"label": "", "role": "auditor"}, "label", "Give the key a name"),
        ({"label": "Till", "role": ""}, "role", "Choose what the key may do"),
        ({"label": "Till", "role": "auditor", "expires_on": "2026-02-30"}, "expires_on", "Give a day of the calendar"),
        ({"label": "Till", "role": "auditor", "expires_on": "9999-12-31"}, "expires_on", "Give a day of the calendar"),
        ({"label": "Till", "role": "auditor", "expires_on": "2001-01-01"}, "expires_on", "Give a later day"),
    ):
        answer = make(browser, **wrong)
        assert answer.status_code == 422, wrong
        assert f'id="field-{field}-error"' in answer.text and says in answer.text, wrong
        assert f'value="{wrong["label"]}"' in answer.text
        if wrong["role"]:
            assert 'value="auditor" required checked' in answer.text
        if "expires_on" in wrong:
            assert f'value="{wrong["expires_on"]}"' in answer.text
    assert "No program has a key yet" in browser.get(LIST).text


def test_sent_twice_it_is_one_key(world: World) -> None:
    browser = world.operator()
    once = fields_of(browser.get(NEW).text, NEW)["once"]
    first = make(browser, label="Twice", role="manager", once=once)
    second = make(browser, label="Twice", role="manager", once=once)
    assert shown(first.text) is not None
    assert second.headers["location"] == f"{LIST}/key_1"
    assert "shown the first time" in browser.get(f"{LIST}/key_1").text
    assert browser.get(LIST).text.count("data-row") == 1


def test_the_day_it_expires_still_counts_for_whoever_chose_it(world: World) -> None:
    browser = world.operator()
    world.now_us -= world.now_us % DAY_US  # midnight in Greenwich, one in the morning in Berlin
    key = shown(make(browser, label="A week", role="auditor", expires_on="2027-01-18").text)
    assert key is not None
    assert "18 Jan 2027" in browser.get(LIST).text
    world.now_us += 3 * DAY_US + 22 * DAY_US // 24
    assert caller_of(world.deps, key) is not None, "late in the evening of that day"
    world.now_us += DAY_US // 24
    assert caller_of(world.deps, key) is None
    browser.post("/sign-in", data={"email": "ana@network.example", "password": PASSWORD})
    page = browser.get(LIST).text
    assert "Expired" in page and "#revoke" not in page
    assert "has expired" in browser.get(f"{LIST}/key_1").text


def test_revoking_asks_before_and_wants_a_reason(world: World) -> None:
    browser = world.operator()
    key = shown(make(browser, label="Old laptop", role="operator").text)
    assert key is not None
    assert f'href="{LIST}/key_1#revoke"' in browser.get(LIST).text
    page = browser.get(f"{LIST}/key_1").text
    assert "at once and for ever" in page
    path = f"{LIST}/key_1/revoke"
    silent = post(browser, path, once=fields_of(page, path)["once"], reason="")
    assert silent.status_code == 422 and 'id="field-reason-error"' in silent.text
    assert caller_of(world.deps, key) is not None
    done = post(browser, path, once="a", reason="It was lost in a train.")
    assert done.headers["location"] == f"{LIST}/key_1"
    assert caller_of(world.deps, key) is None
    page = browser.get(f"{LIST}/key_1").text
    assert "is revoked" in page and "It was lost in a train." in page
    assert path not in page and "Undo" not in page
    again = post(browser, path, once="a", reason="It was lost in a train.")
    assert again.status_code == 303, "the same form, sent twice"
    other = post(browser, path, once="b", reason="Once more.")
    assert other.status_code == 409 and "revoked already" in other.text
    assert 'value="Once more."' in other.text


def test_the_key_of_the_data_folder_says_what_it_is(world: World) -> None:
    browser = world.operator()
    register_operator_key(world.deps, "wop_" + "k" * 43)
    browser.post("/look", data={"csrf": fields_of(browser.get("/settings").text, "/look")["csrf"], "locale": "de"})
    assert "Betreiber dieses Datenordners" in browser.get(LIST).text
    page = browser.get(f"{LIST}/key_1").text
    assert "secrets.json" in page and "operator of this data folder" not in page


def test_an_auditor_reads_and_a_manager_sees_none(world: World) -> None:
    browser = world.operator()
    make(browser, label="Nightly report", role="auditor")
    reader = auditor(world, browser)
    assert "Nightly report" in reader.get(LIST).text
    page = reader.get(f"{LIST}/key_1").text
    assert "Nightly report" in page and "/revoke" not in page
    assert f'href="{NEW}"' not in reader.get(LIST).text
    assert reader.get(NEW).status_code == 403
    assert post(reader, NEW, label="x", role="auditor").status_code == 403
    assert post(reader, f"{LIST}/key_1/revoke", reason="because").status_code == 403
    manager = world.browser()
    assert manager.get(sessions.demo_link(world.deps, name="Mia", email="mia@demo.example")).status_code == 303
    assert f'href="{LIST}"' not in manager.get("/settings").text
    for path in (LIST, NEW, f"{LIST}/key_1"):
        assert manager.get(path).status_code == 403, path
    assert post(manager, NEW, label="x", role="operator").status_code == 403


def test_a_key_that_is_not_there_is_no_page(world: World) -> None:
    browser = world.operator()
    for named in ("key_7", "key_0", "adv_1", "x"):
        assert browser.get(f"{LIST}/{named}").status_code == 404, named
        assert post(browser, f"{LIST}/{named}/revoke", reason="because").status_code == 404, named
