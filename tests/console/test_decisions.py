"""What bots propose is read, decided, taken back and judged; two people at once lose nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest

from conftest import Cluster, Database
from conftest import _copy as copied
from console.conftest import Browser, World, csrf
from console.town import Town, opened, world_of
from warum.app import sessions
from warum.kernel.period import HOUR_US
from warum.web.console.cards import plot

DAYS = 10


@pytest.fixture(scope="module")
def young(cluster: Cluster, template_database: str) -> Iterator[tuple[str, int]]:
    """A database in which bots have just proposed, as a template, and what time it is there."""
    with copied(cluster, template_database) as database:
        with opened(database) as town:
            town.people()
            for _ in range(DAYS):
                town.day()
            town.round()
        yield database.name, town.now_us


@pytest.fixture
def town(cluster: Cluster, young: tuple[str, int]) -> Iterator[Town]:
    name, now_us = young
    with copied(cluster, name) as database, opened(database) as town:
        town.now_us = now_us
        yield town


@pytest.fixture(scope="module")
def old_town(module_database: Database) -> Iterator[Town]:
    """Some weeks old: promises have outcomes."""
    with opened(module_database) as town:
        town.build(days=30)
        yield town


@pytest.fixture
def world(town: Town) -> World:
    return world_of(town)


@pytest.fixture
def browser(world: World) -> Browser:
    return world.manager()


def asked(town: Town) -> Any:
    """What people are asked about first."""
    return town.do("proposal.list")["proposals"][0]


def test_a_proposal_can_be_passed_on_as_a_mail(browser: Browser, town: Town) -> None:
    proposal = asked(town)
    told = f"/ask/proposal/{proposal['id']}"
    assert told in browser.get(f"/decisions/{proposal['id']}").text
    assert proposal["headline"]["en"] in unescape(browser.get(told).text)
    mail = unescape(browser.get(f"{told}?length=mail").text)
    assert f"/decisions/{proposal['id']}" in mail and "It is decided in the console." in mail
    assert browser.get("/ask/proposal/prp_999999").status_code == 404


def form_of(page: str, action: str) -> dict[str, str]:
    """The hidden fields of the form with this address."""
    found = re.search(rf'<form[^>]*action="{re.escape(action)}".*?</form>', page, re.DOTALL)
    assert found is not None, action
    return dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', found[0]))


def send(browser: Browser, path: str, page: str, **fields: str) -> Any:
    """Send a form of a page, as its reader would."""
    return browser.post(path, data={**form_of(browser.get(page).text, path), **fields})


def shares(town: Town, offer: str) -> list[str]:
    return [arm["propensity"] for arm in town.do("offer.show", offer=offer)["arms"]]


# Reading -------------------------------------------------------------------------------------------------------------


def test_a_card_tells_all(town: Town, browser: Browser) -> None:
    proposal = asked(town)
    details = town.do("proposal.show", proposal=proposal["id"])
    page = unescape(browser.get(f"/decisions/{proposal['id']}").text)
    assert proposal["headline"]["en"] in page
    for arm in details["arms"]:
        assert arm["name"] in page and arm["url"] in page
    for said in (*details["checks"], *details["considered"], *details["counterfactuals"]):
        assert said["words"]["en"] in page
    assert details["origin"]["facts"] in page and details["origin"]["digest"] in page
    assert str(details["origin"]["seed"]) in page
    for title in ("What the partner will see", "What binds the bot", "What was weighed", "What would change its mind"):
        assert title in page
    for key in ("a", "d", "e"):
        assert f'data-key="{key}"' in page


def test_numbers_of_the_evidence_lead_to_their_rows(town: Town, browser: Browser) -> None:
    proposal = asked(town)
    details = town.do("proposal.show", proposal=proposal["id"])
    page = browser.get(f"/decisions/{proposal['id']}").text
    links = re.findall(r'<a href="(/conversions\?[^"]*arm=[^"]*)"[^>]*>([\d,]+)</a>', page)
    counts = [
        one["value"] for one in details["evidence"] if one["name"] in ("conversions", "approved", "pending", "declined")
    ]
    assert len(links) == len(counts)
    for href, count in links:
        listed = browser.get(unescape(href)).text
        assert re.search(rf">{count}<", listed), (href, count)


def test_the_list_unfolds_what_stands_behind(town: Town, browser: Browser) -> None:
    proposal = asked(town)
    listed = browser.get("/decisions").text
    assert f'hx-get="/decisions/{proposal["id"]}/why"' in listed
    part = browser.get(f"/decisions/{proposal['id']}/why", headers={"hx-request": "true"})
    assert part.status_code == 200 and "<html" not in part.text and "What was weighed" in part.text
    whole = browser.get(f"/decisions/{proposal['id']}/why")
    assert whole.headers["location"] == f"/decisions/{proposal['id']}"


def test_what_bots_do_not_know_is_said_in_words(town: Town, browser: Browser) -> None:
    unknowns = town.do("overview.unknowns")["unknowns"]
    assert unknowns
    page = unescape(browser.get("/decisions?tab=unknown").text)
    for one in unknowns:
        assert one["abstention"]["words"]["en"] in page and one["subject_name"] in page
    proposed = {one["subject"] for one in town.do("proposal.list")["proposals"]}
    assert proposed.isdisjoint(one["subject"] for one in unknowns)


def test_german(town: Town, world: World) -> None:
    browser = world.browser()
    browser.get(sessions.demo_link(town.deps, name="Jo", email="jo@demo.example", locale="de"))
    proposal = asked(town)
    page = unescape(browser.get(f"/decisions/{proposal['id']}").text)
    assert proposal["headline"]["de"] in page and "Was der Partner sieht" in page and "Freigeben" in page
    assert "Die Belege überzeugen nicht" in page


@pytest.mark.parametrize("tab", ["open", "applied", "done", "shadow", "unknown", "bots", "odd"])
def test_an_empty_house_says_why(fresh_database: Database, tab: str) -> None:
    with opened(fresh_database) as town:
        page = world_of(town).manager().get(f"/decisions?tab={tab}")
        assert page.status_code == 200
        assert tab == "bots" or 'class="empty"' in page.text


def test_what_is_not_there_is_said(browser: Browser) -> None:
    assert browser.get("/decisions/prp_999").status_code == 404
    assert browser.get("/decisions/adv_1").status_code == 404
    assert browser.get("/programs/prg_999/bots").status_code == 404


# Deciding ------------------------------------------------------------------------------------------------------------


def test_an_approval_changes_the_shares_and_can_be_undone(town: Town, browser: Browser) -> None:
    proposal = asked(town)
    path, before = f"/decisions/{proposal['id']}", shares(town, proposal["offer"])
    sent = send(browser, f"{path}/approve", "/decisions")
    assert (sent.status_code, sent.headers["location"]) == (303, "/decisions")
    after = [arm["after"] for arm in town.do("proposal.show", proposal=proposal["id"])["arms"]]
    assert shares(town, proposal["offer"]) == after != before
    toast = browser.get("/decisions").text
    assert "within two seconds" in toast
    undone = browser.post(f"{path}/undo", data=form_of(toast, f"{path}/undo"))
    assert undone.status_code == 303
    assert shares(town, proposal["offer"]) == before
    card = browser.get(path).text
    assert "Mia approved it" in card and "Mia undid it" in card and 'data-key="a"' not in card


def test_the_card_itself_can_undo_later(town: Town, browser: Browser) -> None:
    proposal = asked(town)
    path, before = f"/decisions/{proposal['id']}", shares(town, proposal["offer"])
    assert send(browser, f"{path}/approve", path).headers["location"] == path
    town.now_us += 3 * HOUR_US
    assert "Undo the change" in browser.get(path).text
    assert send(browser, f"{path}/undo", path).status_code == 303
    assert shares(town, proposal["offer"]) == before


def test_how_long_it_was_looked_at_is_kept(town: Town, browser: Browser) -> None:
    proposal = asked(town)
    path = f"/decisions/{proposal['id']}"
    fields = form_of(browser.get(path).text, f"{path}/approve")
    town.now_us += 42_000_000
    browser.post(f"{path}/approve", data=fields)
    (decision,) = town.do("proposal.show", proposal=proposal["id"])["decisions"]
    assert decision["seconds_shown"] == 42


def test_two_people_at_once_lose_nothing(town: Town, world: World, browser: Browser) -> None:
    proposal = asked(town)
    path = f"/decisions/{proposal['id']}"
    other = world.browser()
    other.get(sessions.demo_link(town.deps, name="Bo Lind", email="bo@demo.example"))
    late = form_of(other.get(path).text, f"{path}/decline")
    assert send(browser, f"{path}/approve", path).status_code == 303
    second = other.post(f"{path}/decline", data={**late, "reason": "not_now", "note": "let us wait"})
    assert second.status_code == 409
    assert "Mia approved this" in second.text and "Your click changed nothing" in second.text
    assert "let us wait" in second.text, "what was typed is not lost"
    assert town.do("proposal.show", proposal=proposal["id"])["proposal"]["state"] == "applied"


def test_the_same_click_twice_is_one(town: Town, browser: Browser) -> None:
    proposal = asked(town)
    path = f"/decisions/{proposal['id']}"
    fields = form_of(browser.get(path).text, f"{path}/approve")
    for _ in range(2):
        assert browser.post(f"{path}/approve", data=fields).headers["location"] == path
    assert len(town.do("proposal.show", proposal=proposal["id"])["decisions"]) == 1


def test_a_replaced_allocation_is_said(town: Town, browser: Browser) -> None:
    proposal = asked(town)
    path = f"/decisions/{proposal['id']}"
    fields = form_of(browser.get(path).text, f"{path}/approve")
    arms = len(town.do("proposal.show", proposal=proposal["id"])["arms"])
    shares = ["0.6", *["0.4"] * (arms == 2), *["0.2"] * (2 * (arms == 3))]
    town.do("offer.allocate", offer=proposal["offer"], propensities=shares)
    refused = browser.post(f"{path}/approve", data=fields)
    assert refused.status_code == 409 and "were changed after this was proposed" in refused.text


def test_declining_needs_a_reason_and_keeps_what_was_typed(town: Town, browser: Browser) -> None:
    proposal = asked(town)
    path = f"/decisions/{proposal['id']}"
    missing = send(browser, f"{path}/decline", path, note="a long thought")
    assert missing.status_code == 422
    assert "Choose a reason" in missing.text and "a long thought</textarea>" in missing.text
    assert re.search(r'<details class="decline" open', missing.text)
    other = send(browser, f"{path}/decline", path, reason="other")
    assert other.status_code == 422 and "what the other reason is" in other.text
    assert re.search(r'value="other" selected', other.text)
    done = send(browser, f"{path}/decline", path, reason="does_not_fit", note="the brand's birthday")
    assert done.status_code == 303
    closed = browser.get("/decisions?tab=done").text
    assert "Mia declined it: Does not fit the brand or campaign" in closed and "the brand&#39;s birthday" in closed


def test_an_auditor_reads_and_does_not_decide(town: Town, world: World) -> None:
    operator = world.operator()
    made = operator.post(
        "/settings/users",
        data={
            "csrf": csrf(operator.get("/settings").text),
            "name": "An",
            "email": "an@n.example",
            "role": "auditor",
            "locale": "en",
        },
    )
    link = re.search(r'value="http://127\.0\.0\.1:8701(/start/[\w-]+)"', made.text)
    assert link is not None
    auditor = world.browser()
    auditor.post(link[1], data={"password": "quite a long sentence 8"})
    proposal = asked(town)
    page = auditor.get(f"/decisions/{proposal['id']}").text
    assert "reads and does not decide" in page and "/approve" not in page
    token = csrf(page)
    assert auditor.post(f"/decisions/{proposal['id']}/approve", data={"csrf": token}).status_code == 403
    assert "<button" not in auditor.get("/programs/prg_1/bots").text.split('id="content"')[1].split("</main>")[0]


# What came of it -----------------------------------------------------------------------------------------------------


def test_the_outcome_stands_beside_the_promise(old_town: Town) -> None:
    browser = world_of(old_town).manager()
    applied = old_town.do("proposal.list", states=["applied"])["proposals"]
    judged = [one for one in applied if one["outcome"] is not None]
    assert judged
    for one in judged:
        page = unescape(browser.get(f"/decisions/{one['id']}").text)
        assert one["outcome"]["words"]["en"] in page
        assert "Promised" in page and "Measured" in page
        assert ("Final" if one["outcome"]["final"] else "On the way") in page
    listed = unescape(browser.get("/decisions?tab=applied").text)
    assert all(one["outcome"]["words"]["en"] in listed for one in judged)


def test_a_bots_record_counts_its_promises(old_town: Town) -> None:
    browser = world_of(old_town).manager()
    (score,) = old_town.do("bot.scorecard", bot="creative")["scorecards"]
    page = unescape(browser.get("/decisions?tab=bots").text)
    assert score["words"]["en"] in page
    for key, label in (("kept", "Kept"), ("below", "Missed"), ("open", "Open")):
        assert re.search(rf"{label} <strong>{score[key]}</strong>", page)
    assert score["words"]["en"] in unescape(browser.get("/").text)


def test_marks_lie_on_their_axis() -> None:
    drawn = plot([(-50, 10, 60, "", ""), (0, 100, 200, "", "other")], str)
    assert drawn.ends == ("-50", "200.0") or drawn.ends == ("-50.0", "200") or drawn.ends == ("-50", "200")
    assert drawn.zero is not None and drawn.marks[1].low == drawn.zero
    for mark in drawn.marks:
        assert 0 <= mark.low <= mark.point <= mark.high <= 100
    assert plot([(0, 0, 0, "", "")], str).zero is None
    assert plot([(5, 6, 7, "", "")], str).marks[0].low > 3


# What binds bots -----------------------------------------------------------------------------------------------------


def test_a_bot_is_stopped_everywhere_and_started_again(town: Town, browser: Browser) -> None:
    refused = send(browser, "/decisions/bots/creative/stop", "/decisions?tab=bots", reason="x")
    assert refused.status_code == 422 and re.search(r'<details class="fold" open', refused.text)
    stopped = send(browser, "/decisions/bots/creative/stop", "/decisions?tab=bots", reason="it dreams")
    assert stopped.status_code == 303
    page = browser.get("/decisions?tab=bots").text
    assert "Stopped" in page and "it dreams" in page and "Mia" in page
    assert town.do("proposal.list")["proposals"] == []
    assert "stopped everywhere" in browser.get("/programs/prg_1/bots").text
    assert send(browser, "/decisions/bots/creative/start", "/decisions?tab=bots").status_code == 303
    assert town.do("bot.list")["bots"][0]["stopped"] is False


def test_limits_are_typed_in_percent_and_saved(town: Town, browser: Browser) -> None:
    path, page = "/programs/prg_1/bots/creative/policy", "/programs/prg_1/bots"
    typed = {
        "autonomy": "act",
        "act_per_day": "250,50",
        "floor": "5",
        "step": "12.5",
        "probability_min": "97,5",
        "gain_min": "20",
        "gain_share_min": "1",
        "conversions_min": "60",
        "days_min": "7",
        "age_hours_max": "24",
        "horizon_days": "14",
        "shadow_until": "2026-12-24",
        "stopped": "yes",
        "reason": "a careful start",
    }
    assert send(browser, path, page, **typed).status_code == 303
    policy = town.do("policy.show", program="prg_1", bot="creative")
    assert (policy["autonomy"], policy["floor"], policy["step"]) == ("act", "0.05", "0.125")
    assert (policy["act_per_day"]["amount"], policy["probability_min"], policy["stopped"]) == ("250.50", "0.975", True)
    assert policy["horizon_days"] == 14 and policy["shadow_until"].startswith("2026-12-2")
    shown = browser.get(page).text
    for value in ('value="12.5"', 'value="97.5"', 'value="250.50"', 'value="2026-12-24"', 'value="act" selected'):
        assert value in shown
    assert re.search(r'name="stopped" value="yes" checked', shown)
    without = {name: value for name, value in typed.items() if name not in ("stopped", "shadow_until")}
    assert send(browser, path, page, **without).status_code == 303
    assert town.do("policy.show", program="prg_1", bot="creative")["stopped"] is False


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("floor", "0.5", "At least 1"),
        ("floor", "many", "cannot be used"),
        ("horizon_days", "10", "Take whole weeks"),
        ("act_per_day", "0.001", "as many decimals"),
        ("conversions_min", "0", "cannot be used"),
    ],
)
def test_what_cannot_be_saved_stays_typed(town: Town, browser: Browser, field: str, value: str, said: str) -> None:
    path, page = "/programs/prg_1/bots/creative/policy", "/programs/prg_1/bots"
    typed = {
        "autonomy": "propose",
        "floor": "3",
        "step": "50",
        "probability_min": "95",
        "gain_min": "10",
        "gain_share_min": "1",
        "conversions_min": "40",
        "days_min": "5",
        "age_hours_max": "48",
        "horizon_days": "7",
        field: value,
    }
    before = town.do("policy.show", program="prg_1", bot="creative")
    refused = send(browser, path, page, **typed)
    assert refused.status_code == 422
    assert said in refused.text and 'aria-invalid="true"' in refused.text
    assert field == "horizon_days" or f'value="{value}"' in refused.text
    assert town.do("policy.show", program="prg_1", bot="creative") == before


def test_a_goal_is_saved_whole_and_an_old_form_overwrites_nothing(town: Town, browser: Browser) -> None:
    path, page = "/programs/prg_1/bots/goal", "/programs/prg_1/bots"
    partner = re.search(r'name="excluded" value="(pub_\d+)"', browser.get(page).text)
    assert partner is not None
    old = form_of(browser.get(page).text, path)
    typed = {
        "target": "50000",
        "cost_max": "12",
        "starts_at": "2026-11-01",
        "ends_at": "2026-11-30",
        "excluded": partner[1],
    }
    assert send(browser, path, page, **typed).status_code == 303
    goal = town.do("goal.show", program="prg_1")
    assert (goal["target"]["amount"], goal["cost_max"], goal["excluded"]) == ("50000.00", "0.12", [partner[1]])
    shown = browser.get(page).text
    assert 'value="2026-11-30"' in shown and f'value="{partner[1]}" checked' in shown
    late = browser.post(path, data={**old, "target": "1"})
    assert late.status_code == 409 and "changed meanwhile" in late.text and 'value="1"' in late.text
    backwards = send(browser, path, page, starts_at="2026-11-30", ends_at="2026-11-01")
    assert backwards.status_code == 422 and "ends before it starts" in backwards.text
    assert town.do("goal.show", program="prg_1") == goal
    proposal = next(one for one in town.do("proposal.list")["proposals"])
    assert browser.get(f"/decisions/{proposal['id']}").status_code == 200


def test_a_note_is_kept_with_its_author(town: Town, browser: Browser) -> None:
    path, page = "/programs/prg_1/bots/note", "/programs/prg_1/bots"
    assert send(browser, path, page, text="x").status_code == 422
    assert (
        send(browser, path, page, text="Scaffolding", starts_at="2026-10-03", ends_at="2026-10-09").status_code == 303
    )
    shown = browser.get(page).text
    assert "Scaffolding" in shown and "Mia" in shown
    (note,) = town.do("note.list", program="prg_1")["notes"]
    assert note["ends_at"].startswith("2026-10-09T22:00") or note["ends_at"].startswith("2026-10-10")
