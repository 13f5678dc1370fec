"""The page of an advice: what it says, the drafts as the partner would read them, and a person's word on it."""

from __future__ import annotations

from html import unescape
from typing import cast

import pytest

from advice.test_advice import asked, messages, tell
from console.conftest import Browser, World, post
from decisions.house import House
from warum.app import sessions
from warum.app.call import Deps
from warum.domain.sealing import Sealer
from warum.web.api import make_app
from warum.web.console.app import make_console
from warum.web.console.words import WORDS
from warum.web.console.words.word import Word


@pytest.fixture
def world(house: House, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setitem(cast("dict[str, Word]", WORDS), "bot.teller", Word("Teller", "Erzähler"))
    deps = Deps(
        database=house.app,
        now_us=lambda: house.now_us,
        entropy=house.chance.randbytes,
        sealer=Sealer(bytes(32)),
        edge_url="http://edge.example",
        version="test",
    )
    return World(deps, make_app(deps, console=make_console(deps)))


@pytest.fixture
def browser(world: World) -> Browser:
    return world.manager()


def test_the_card_shows_the_draft_and_approving_sends_what_was_shown(house: House, browser: Browser) -> None:
    tell(house, "letter")
    (one,) = asked(house)
    path = f"/decisions/prp_{one.id}"
    page = unescape(browser.get(path).text)
    assert "Good day" in page and "What approving does" in page
    assert "<b>Line</b>" not in browser.get(path).text, "a draft is text"
    assert "Guten Tag" in unescape(browser.get(f"{path}?letters=de").text)
    assert browser.get(f"{path}?letters=xx").status_code == 200
    assert post(browser, f"{path}/approve", path, letters="de", version=str(one.row_version)).status_code == 303
    (message,) = messages(house)
    assert message.subject == "Hallo"
    page = unescape(browser.get(path).text)
    assert "Done" in page and "promised no amount" in page
    assert post(browser, f"{path}/undo", path).status_code == 303
    assert "Taken back" in unescape(browser.get(path).text)


def test_lists_and_the_fold_of_a_card(house: House, browser: Browser) -> None:
    tell(house, "letter promise")
    (one,) = asked(house)
    listed = unescape(browser.get("/decisions").text)
    assert one.claim.en in listed and "Blog" in listed
    fold = browser.get(f"/decisions/prp_{one.id}/why", headers={"hx-request": "true"}).text
    assert "What approving does" in fold and "<html" not in fold
    assert one.headline.en in unescape(browser.get("/").text)
    assert browser.get("/bots/teller").status_code == 200


def test_german(house: House, world: World) -> None:
    tell(house, "letter")
    (one,) = asked(house)
    browser = world.browser()
    browser.get(sessions.demo_link(world.deps, name="Jo", email="jo@demo.example", locale="de"))
    page = unescape(browser.get(f"/decisions/prp_{one.id}").text)
    assert "Was die Freigabe tut" in page and "Guten Tag" in page and "What approving does" not in page


def test_a_draft_is_edited_before_it_is_sent(house: House, browser: Browser) -> None:
    tell(house, "letter")
    (one,) = asked(house)
    path = f"/decisions/prp_{one.id}"
    typed = {"letters": "en", "subject-1": "Dear Blog", "body-1": "My own\r\nwords"}
    refused = post(browser, f"{path}/approve", path, version="7", **typed)
    assert refused.status_code == 409 and "My own\nwords" in refused.text, "what was typed is still there"
    assert post(browser, f"{path}/approve", path, version=str(one.row_version), **typed).status_code == 303
    (message,) = messages(house)
    assert (message.subject, message.body) == ("Dear Blog", "My own\nwords")
    assert "Dear Blog" in browser.get(path).text and "Good day" not in browser.get(path).text


def test_a_refused_step_is_told_and_nothing_is_lost(house: House, browser: Browser) -> None:
    tell(house, "letter broken")
    (one,) = asked(house)
    path = f"/decisions/prp_{one.id}"
    answer = post(browser, f"{path}/approve", path, version=str(one.row_version))
    assert answer.status_code == 409 and "Approve" in answer.text
    assert not messages(house)


def test_what_approves_without_steps_says_so(house: House, browser: Browser) -> None:
    tell(house, "look")
    (one,) = asked(house)
    assert "Nothing is changed" in unescape(browser.get(f"/decisions/prp_{one.id}").text)


def test_messages_are_listed_written_and_taken_back(house: House, browser: Browser) -> None:
    assert "Nothing was written yet" in browser.get("/messages").text
    page = f"/messages/new?program=prg_{house.program}"
    typed = {"program": f"prg_{house.program}", "publisher": f"pub_{house.publisher}", "language": "de"}
    refused = post(browser, "/messages/new", page, **typed, subject="Hallo", body="")
    assert refused.status_code == 422 and 'value="Hallo"' in refused.text
    assert post(browser, "/messages/new", page, **typed, subject="Hallo", body="Zwei\nZeilen").status_code == 303
    listed = unescape(browser.get("/messages").text)
    assert "Hallo" in listed and "To Blog" in listed and "Unread" in listed
    (message,) = messages(house)
    assert post(browser, f"/messages/msg_{message.id}/withdraw", "/messages").status_code == 303
    assert "Taken back" in unescape(browser.get("/messages").text)
    stranger = house.do("publisher.create", name="Stranger").id
    refused = post(browser, "/messages/new", page, **{**typed, "publisher": f"pub_{stranger}"}, subject="a", body="b")
    assert refused.status_code == 409 and "no partner of the program" in unescape(refused.text)
