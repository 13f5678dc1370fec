"""Publishers and partnerships: figures, orders, decisions with a reason that the publisher reads, postbacks."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest

from console.conftest import Browser, World, csrf, fields_of
from console.seeded import Seeded
from console.test_programs import ask


def names(page: str) -> list[str]:
    return re.findall(r'<tr data-row>\s*<td><a href="/publishers/pub_\d+">([^<]+)</a>', page)


@pytest.mark.parametrize(
    ("sort", "key"),
    [
        ("clicks", lambda line: -line.figures.clicks),
        ("-clicks", lambda line: line.figures.clicks),
        ("conversions", lambda line: -line.figures.conversions),
        ("name", lambda line: line.publisher.name.lower()),
        ("epc", lambda line: -(line.figures.money[0].epc.amount_minor if line.figures.money else -1)),
    ],
)
def test_the_list_is_ordered_as_asked(browser: Browser, world: World, sort: str, key: Any):
    lines = {line.publisher.name: line for line in ask(world, "publisher.figures").publishers}
    shown = [lines[unescape(name)] for name in names(browser.get(f"/publishers?sort={sort}").text)]
    assert len(shown) == len(lines) == 8
    assert [key(line) for line in shown] == sorted(key(line) for line in shown)


def test_the_list_is_searched_and_filtered(browser: Browser):
    assert names(browser.get("/publishers?q=k%C3%BCste").text) == ["Küstenkompass"]
    assert names(browser.get("/publishers?kind=cashback").text) == ["Sparfuchs Cashback"]
    assert "No publisher matches" in browser.get("/publishers?q=%3Cb%3E").text


def test_declined_shares_lead_to_what_was_declined(browser: Browser, seeded: Seeded):
    page = browser.get(f"/publishers/{seeded.publisher['Küstenkompass']}?range=12m").text
    share = re.search(
        r'href="([^"]+status=declined)"[^>]*>\s*<span class="figure-label">Declined.*?(\d+) of (\d+)', page, re.DOTALL
    )
    assert share is not None
    rows = browser.get(unescape(share[1])).text
    assert re.search(rf">{share[2]} conversions?<", rows)


def test_a_publisher_is_taken_up_once(browser: Browser):
    form = {**fields_of(browser.get("/publishers/new").text, "/publishers/new"), "name": "Wanderlust", "kind": "social"}
    assert "1 to 200 characters" in browser.post("/publishers/new", data={**form, "name": " "}).text
    assert "in use" in browser.post("/publishers/new", data={**form, "code": "reisefeder"}).text
    first = browser.post("/publishers/new", data=form).headers["location"]
    assert browser.post("/publishers/new", data=form).headers["location"] == first
    page = browser.get(first).text
    assert "No partnerships yet" in page and "Nothing earned yet" in page
    assert names(browser.get("/publishers?q=wanderlust").text) == ["Wanderlust"]


def test_an_application_is_declined_with_words_for_the_publisher(browser: Browser, world: World, seeded: Seeded):
    assert "Deal-Radar 24" in browser.get("/inbox?show=applications").text
    path = f"/partnerships/{seeded.application}"
    page = browser.get(f"{path}?from=inbox").text
    assert "no brand bidding" in page
    form = fields_of(page, f"{path}/decline")
    short = browser.post(f"{path}/decline", data={**form, "reason": "no"})
    assert short.status_code == 422
    assert "3 to 500" in short.text and ">no</textarea>" in short.text
    said = {**form, "reason": "The imprint is missing."}
    assert browser.post(f"{path}/decline", data=said).headers["location"] == "/inbox?show=applications"
    assert seeded.application not in browser.get("/inbox?show=applications").text
    assert "The imprint is missing." in browser.get(path).text
    # The same form again is harmless; somebody else's late yes is told so.
    assert browser.post(f"{path}/decline", data=said).status_code == 303
    late = browser.post(f"{path}/approve", data=fields_of(page, f"{path}/approve"))
    assert late.status_code == 409
    assert "changed meanwhile" in late.text
    # A declined publisher may still be let in.
    again = fields_of(browser.get(path).text, f"{path}/approve")
    assert browser.post(f"{path}/approve", data=again).headers["location"] == path
    assert ask(world, "partnership.show", partnership=seeded.application).status == "approved"
    ending = {**fields_of(browser.get(path).text, f"{path}/end"), "reason": "Bids on the brand."}
    assert browser.post(f"{path}/end", data=ending).status_code == 303
    assert "Ended" in browser.get(path).text
    assert browser.post(f"{path}/dance", data={"csrf": csrf(page)}).status_code == 404


def test_an_application_is_recorded(browser: Browser, world: World, seeded: Seeded):
    to = f"/publishers/{seeded.publisher['Deal-Radar 24']}"
    made = ask(world, "program.create", advertiser=seeded.advertiser["seeblick"], name="Spa", vertical="hotel").id
    page = browser.get(to).text
    assert "Spa" in page
    form = {**fields_of(page, f"{to}/apply"), "program": f"prg_{made}", "application": "Newsletter"}
    for _ in range(2):
        assert browser.post(f"{to}/apply", data=form).status_code == 303
    assert "Choose a program" in browser.post(f"{to}/apply", data={**form, "program": ""}).text


def test_postbacks_are_set_up_and_switched(browser: Browser, seeded: Seeded):
    path = f"/publishers/{seeded.publisher['Reisefeder']}"
    page = browser.get(path).text
    assert "No address yet" in page
    form = {**fields_of(page, f"{path}/targets"), "url_template": "ftp://x"}
    wrong = browser.post(f"{path}/targets", data=form)
    assert wrong.status_code == 422
    assert 'value="ftp://x"' in wrong.text and 'aria-invalid="true"' in wrong.text
    form["url_template"] = "https://t.example/?c={sub1}&p={payout}"
    made = browser.post(f"{path}/targets", data=form)
    secret = re.search(r'value="(whsec_[^"]+)"', made.text)
    assert secret is not None
    assert browser.post(f"{path}/targets", data=form).status_code == 303
    page = browser.get(path).text
    assert secret[1] not in page
    assert page.count("t.example") == 1
    (action,) = set(re.findall(rf'action="({path}/targets/tgt_\d+)"', page))
    assert browser.post(action, data=fields_of(page, action)).status_code == 303
    page = browser.get(path).text
    assert "Switch on" in page
    undo = fields_of(page[page.index('id="toasts"') :], action)
    assert browser.post(action, data=undo).status_code == 303
    assert "Switch off" in browser.get(path).text


def test_the_delivery_log_says_what_came_of_each(browser: Browser, seeded: Seeded):
    path = f"/publishers/{seeded.publisher['Küstenkompass']}"
    seen: list[str] = []
    address: str | None = path
    while address:
        page = browser.get(address).text
        log = page[page.index("Delivery log") :]
        seen += re.findall(r'badge badge-\w+">(delivered|waits|given up)<', log)
        older = re.search(r'href="([^"]+)" class="button button-small"><span>Older', log)
        address = unescape(older[1]) if older else None
    assert {"delivered", "waits"} <= set(seen)
    assert len(seen) > 20
