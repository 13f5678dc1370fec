"""Links: made once, copied, retired; what they bring and what of it does not count."""

from __future__ import annotations

import re
from html import unescape

import pytest

from console.conftest import Browser, World, fields_of
from console.seeded import Seeded
from console.test_programs import ask
from warum.domain.tracking import Drop
from warum.web.console.words import WORDS


def test_a_link_is_made_once(browser: Browser, world: World, seeded: Seeded):
    program = seeded.program["seeblick"]
    page = browser.get(f"/links/new?program={program}").text
    partners = dict(re.findall(r'<option value="(psh_\d+)"[^>]*>([^<]+)<', page))
    assert {unescape(name) for name in partners.values()} >= {"Küstenkompass", "Slow Weekends"}
    form = {
        **fields_of(page, "/links/new"),
        "partnership": seeded.partnership["Küstenkompass", "seeblick"],
        "offer": seeded.offer["seeblick"],
        "name": "Sidebar <1>",
    }
    missing = browser.post("/links/new", data={**form, "offer": ""})
    assert missing.status_code == 422
    assert "Choose an offer" in missing.text and 'value="Sidebar &lt;1&gt;"' in missing.text
    other = browser.post("/links/new", data={**form, "offer": seeded.offer["hafenladen"]})
    assert "offer of this program" in other.text
    first = browser.post("/links/new", data=form).headers["location"]
    assert browser.post("/links/new", data=form).headers["location"] == first
    shown = browser.get(first).text
    assert "Sidebar &lt;1&gt;" in shown
    assert re.search(r'value="http://edge\.example/c/\w+"', shown)
    listed = browser.get("/links?q=sidebar").text
    assert listed.count(first + '"') >= 1
    # Nothing came yet, and the page says so.
    assert "Every request counted" in shown and "No conversion yet" in shown


def test_without_partners_a_link_cannot_be(browser: Browser, world: World, seeded: Seeded):
    made = ask(world, "program.create", advertiser=seeded.advertiser["seeblick"], name="New", vertical="retail").id
    assert "no approved partner" in browser.get(f"/links/new?program=prg_{made}").text


def test_what_did_not_count_is_told_in_words(browser: Browser, seeded: Seeded):
    page = browser.get(f"/links/{seeded.link['Küstenkompass', 'seeblick']}").text
    for said in ("Crawler", "Repeated click", "Loaded ahead", "With consent", "Without consent or basis"):
        assert said in page
    listed = browser.get("/links").text
    assert re.search(r'#dropped">257</a>', listed)


def test_every_reason_has_words():
    for reason in Drop:
        assert f"drop.{reason.value}" in WORDS


@pytest.mark.parametrize("order", ["", "newest", "clicks", "conversions", "name", "odd"])
def test_the_list_is_ordered(browser: Browser, world: World, seeded: Seeded, order: str):
    page = browser.get(f"/links?sort={order}").text
    shown = re.findall(r'<td><a href="/links/lnk_(\d+)">', page)
    assert len(shown) >= 13
    if order == "newest":
        assert [int(link) for link in shown] == sorted(map(int, shown), reverse=True)


def test_links_are_filtered(browser: Browser, seeded: Seeded):
    publisher = seeded.publisher["Familienküche"]
    assert len(re.findall(r'href="/links/lnk_', browser.get(f"/links?publisher={publisher}").text)) >= 1
    assert "No link matches" in browser.get(f"/links?publisher={publisher}&q=nothing").text
    assert browser.get("/links?program=pub_1").status_code == 422


def test_a_link_is_retired_once(browser: Browser, world: World, seeded: Seeded):
    path = f"/links/{seeded.link['Reisefeder', 'hafenladen']}"
    form = fields_of(browser.get(path).text, f"{path}/retire")
    assert "3 to 500" in browser.post(f"{path}/retire", data={**form, "reason": "x"}).text
    for _ in range(2):
        assert browser.post(f"{path}/retire", data={**form, "reason": "The article is gone."}).status_code == 303
    page = browser.get(path).text
    assert "Retired on" in page
    assert f"{path}/retire" not in page
    assert "The article is gone." in page
    assert "Retired" in browser.get("/links?state=retired").text


def test_the_links_conversions_are_its_own(browser: Browser, world: World, seeded: Seeded):
    link = seeded.link["Sparfuchs Cashback", "seeblick"]
    line = ask(world, "link.show", link=link, since="2026-01-01T00:00:00Z").line
    page = browser.get(f"/conversions?link={link}&range=all&credited=yes").text
    assert re.search(rf">{line.figures.conversions} conversions<", page)
