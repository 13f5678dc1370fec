"""Settings: the person's own, and the people of the house."""

from __future__ import annotations

import re

from console.conftest import PASSWORD, World, post


def test_a_person_changes_what_is_theirs(world: World) -> None:
    browser = world.operator()
    saved = post(browser, "/settings/profile", name="Ana Neu", timezone="America/New_York")
    assert saved.headers["location"] == "/settings"
    page = browser.get("/settings").text
    assert "Saved." in page and 'value="America/New_York"' in page
    assert "Saved." not in browser.get("/settings").text, "a message is shown once"
    wrong = post(browser, "/settings/profile", name="Ana", timezone="Middle/Earth")
    assert wrong.status_code == 422
    assert 'value="Middle/Earth"' in wrong.text and "Give a time zone" in wrong.text


def test_a_new_password_signs_out_elsewhere(world: World) -> None:
    browser, other = world.operator(), world.browser()
    other.post("/sign-in", data={"email": "ana@network.example", "password": PASSWORD})
    assert "2 browsers" in browser.get("/settings").text
    wrong = post(browser, "/settings/password", current="no", password="another long sentence 8")
    assert wrong.status_code == 422 and "not your password" in wrong.text
    assert post(browser, "/settings/password", current=PASSWORD, password="another long sentence 8").status_code == 303
    assert other.get("/").status_code == 401
    assert browser.get("/").status_code == 200


def test_somebody_is_let_in_with_a_link_that_is_shown_once(world: World) -> None:
    browser = world.operator()
    made = post(browser, "/settings/users", name="Bo", email="Bo@network.example", role="auditor", locale="de")
    link = re.search(r'value="(http://127\.0\.0\.1:8701/start/[\w-]+)"', made.text)
    assert link is not None
    assert link[1] not in browser.get("/settings").text
    auditor = world.browser()
    assert "bo@network.example" in auditor.get(link[1]).text
    assert auditor.post(link[1], data={"password": "a sentence of an auditor"}).status_code == 303
    page = auditor.get("/settings").text
    assert "Bo" in page and "/disable" not in page, "an auditor looks at people and changes none"
    refused = post(auditor, "/settings/users", name="Eve", email="eve@network.example", role="operator", locale="en")
    assert refused.status_code == 403


def test_what_was_wrong_stands_beside_the_field(world: World) -> None:
    browser = world.operator()
    taken = post(browser, "/settings/users", name="Bo", email="ana@network.example", role="manager", locale="en")
    assert taken.status_code == 409
    assert 'value="Bo"' in taken.text and "signs in with this address already" in taken.text
    odd = post(browser, "/settings/users", name="Bo", email="no address", role="manager", locale="en")
    assert odd.status_code == 422 and 'id="invite-email-error"' in odd.text


def test_a_role_is_changed_and_taken_back(world: World) -> None:
    browser = world.operator()
    world.manager()
    path = "/settings/users/usr_2/role"
    assert post(browser, path, role="auditor", was="manager", version="1").status_code == 303
    page = browser.get("/settings").text
    assert "Mia is now: Auditor." in page
    assert f'action="{path}"' in page and 'name="version" value="2"' in page
    assert post(browser, path, role="manager", version="2").status_code == 303
    stale = post(browser, path, role="auditor", version="2")
    assert stale.status_code == 409
    assert "changed meanwhile" in stale.text


def test_disabling_can_be_undone_and_the_last_operator_stays(world: World) -> None:
    browser, manager = world.operator(), world.manager()
    assert post(browser, "/settings/users/usr_2/disable", version="1").status_code == 303
    assert manager.get("/").status_code == 401
    assert "Undo" in browser.get("/settings").text
    assert post(browser, "/settings/users/usr_2/enable", version="2").status_code == 303
    alone = post(browser, "/settings/users/usr_1/disable")
    assert alone.status_code == 409 and "only operator" in alone.text
    assert post(browser, "/settings/users/usr_99/disable").status_code == 404
    assert post(browser, "/settings/users/adv_1/disable").status_code == 422


def test_a_manager_sees_nobody_elses_account(world: World) -> None:
    world.operator()
    manager = world.manager()
    page = manager.get("/settings").text
    assert "ana@network.example" not in page
    assert post(manager, "/settings/users/usr_1/disable").status_code == 403
