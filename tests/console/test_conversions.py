"""Conversions: the list, what it sums up to, its export, and a person's decisions."""

from __future__ import annotations

import csv
import io
import re
from urllib.parse import urlencode

from console.conftest import Browser, World, csrf, fields_of
from console.seeded import Seeded
from warum.web.console.pages.conversions import harmless


def rows(page: str) -> list[str]:
    return re.findall(r'<td[^>]*><a href="/conversions/(cnv_\d+)"', page)


def test_the_pages_of_the_list_hold_every_row_once(browser: Browser):
    seen: list[str] = []
    address = "/conversions?range=12m"
    while address:
        page = browser.get(address).text
        seen += rows(page)
        found = re.search(r'href="([^"]+)" class="button button-small"><span>Older', page)
        address = found[1].replace("&amp;", "&") if found else ""
    assert len(seen) == len(set(seen)) > 100
    count = re.search(r">([\d,]+) conversions<", browser.get("/conversions?range=12m").text)
    assert count is not None
    assert int(count[1].replace(",", "")) == len(seen)


def test_newer_leads_back_to_the_same_page(browser: Browser):
    first = browser.get("/conversions").text
    older = re.search(r'href="([^"]+)" class="button button-small"><span>Older', first)
    assert older is not None
    second = browser.get(older[1].replace("&amp;", "&")).text
    newer = re.search(r'<a href="([^"]+)" class="button button-small">(?:(?!</a>).)*Newer', second, re.DOTALL)
    assert newer is not None
    assert rows(browser.get(newer[1].replace("&amp;", "&")).text) == rows(first)


def test_filters_live_in_the_address(browser: Browser, seeded: Seeded):
    publisher, program = seeded.publisher["Küstenkompass"], seeded.program["seeblick"]
    query = urlencode({"publisher": publisher, "program": program, "status": "declined", "range": "12m"})
    page = browser.get(f"/conversions?{query}").text
    assert rows(page)
    assert set(re.findall(r'badge badge-(\w+)">', page)) == {"declined"}
    assert f'<option value="{publisher}" selected>' in page
    # What a filter says is kept by every other control of the page.
    assert f"publisher={publisher}" in re.search(r'href="(/conversions\?[^"]*status=pending[^"]*)"', page)[1]  # pyright: ignore


def test_nothing_is_lost_by_a_filter_that_means_nothing(browser: Browser):
    for query in ("range=nonsense", "before=", "trail=,,,", "page=-1", "range=custom&from=x&until=y", "mode="):
        assert browser.get(f"/conversions?{query}").status_code == 200, query
    for query in ("before=cnv_x", "publisher=adv_1", "status=odd", "arm=x", "mode=odd", "before=%00"):
        answer = browser.get(f"/conversions?{query}")
        assert answer.status_code in (200, 422), query
        assert "Traceback" not in answer.text


def test_a_search_finds_orders_of_all_time(browser: Browser, seeded: Seeded):
    order, named = next(iter(seeded.orders.items()))
    assert rows(browser.get(f"/conversions?q={order}").text) == [named]
    assert named in rows(browser.get(f"/conversions?q={order[:-1]}&range=today").text)
    assert "No conversions here" in browser.get("/conversions?q=%25").text
    assert browser.get(f"/conversions?q={named}").headers["location"] == f"/conversions/{named}"


def test_what_is_credited_to_nobody_can_be_found(browser: Browser, seeded: Seeded):
    assert rows(browser.get("/conversions?credited=no").text) == [seeded.nobody]
    assert "Credited to nobody" in browser.get(f"/conversions/{seeded.nobody}").text


def exported(browser: Browser, query: str, language: str = "en") -> list[list[str]]:
    answer = browser.get(f"/conversions.csv?{query}", headers={"accept-language": language})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert re.fullmatch(r'attachment; filename="conversions-[\d-]+\.csv"', answer.headers["content-disposition"])
    assert answer.content.startswith("\ufeff".encode())
    return list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))


def test_the_export_holds_the_filtered_rows(browser: Browser):
    head, *lines = exported(browser, "range=12m")
    assert head[0] == "id"
    assert len({line[0] for line in lines}) == len(lines) > 500  # more than one page of reading
    declined = exported(browser, "range=12m&status=declined")[1:]
    assert {line[7] for line in declined} == {"Declined"}
    assert 0 < len(declined) < len(lines)


def test_no_cell_of_the_export_is_a_formula(browser: Browser):
    _, *lines = exported(browser, "credited=no")
    assert lines[0][2] == "'=HYPERLINK(1)"
    for cell in ("=1", "+1", "-1", "@x", "\tx", "\rx", "＝1"):
        assert harmless(cell) == "'" + cell
    assert harmless("12.50") == "12.50"


def test_the_way_of_a_conversion_is_told(browser: Browser, seeded: Seeded):
    page = browser.get(f"/conversions/{seeded.approved}").text
    told = re.findall(r"<h3>(.*?)</h3>", page)
    for title in ("Click on", "The visitor had agreed", "Credited to", "Commission rule", "The hold is over", "Booked"):
        assert any(one.startswith(title) for one in told), title
    assert "<del>" in page and "<ins>" in page
    assert "In the ledger" in page
    # What the publisher sees is what the publisher would be answered: no order id in it.
    seen = page[page.index('id="seen-title"') : page.index('id="facts-title"')]
    assert "SB-" not in seen


def test_the_way_is_told_in_german(world: World, seeded: Seeded):
    browser = world.operator(**{"accept-language": "de"})
    page = browser.get(f"/conversions/{seeded.pending}").text
    assert "Der Besucher hatte eingewilligt" in page
    assert "Wartezeit bis" in page


def pending(browser: Browser, at: int) -> str:
    return rows(browser.get("/conversions?status=pending&range=12m&credited=yes").text)[at]


def test_a_person_approves(browser: Browser):
    named = pending(browser, 0)
    path = f"/conversions/{named}"
    fields = fields_of(browser.get(path).text, f"{path}/approve")
    assert browser.post(f"{path}/approve", data=fields).headers["location"] == path
    page = browser.get(path).text
    assert "is approved." in page
    assert "by Ana König" in page
    # The same form once more changes nothing, and says so.
    seq = fields_of(page, f"{path}/decline")["version"]
    again = browser.post(f"{path}/approve", data=fields)
    assert again.status_code == 303
    page = browser.get(path).text
    assert "done once" in page
    assert fields_of(page, f"{path}/decline")["version"] == seq


def test_a_person_declines_with_a_listed_reason_and_words(browser: Browser):
    named = pending(browser, 1)
    path = f"/conversions/{named}"
    fields = {**fields_of(browser.get(path).text, f"{path}/decline"), "because": "cancelled", "reason": "x"}
    short = browser.post(f"{path}/decline", data=fields)
    assert short.status_code == 422
    assert "3 to 500 characters" in short.text
    assert '<option value="cancelled" selected>' in short.text
    assert re.search(r'<details class="fold" open>', short.text)
    fields["reason"] = "The guest called it off <b>."
    assert browser.post(f"{path}/decline", data=fields).status_code == 303
    page = browser.get(path).text
    assert "Cancelled" in page
    assert "The guest called it off &lt;b&gt;." in page
    assert "comes back when the advertiser reports" in page
    assert f"{path}/approve" not in page


def test_two_who_decide_at_once_lose_nothing(world: World, browser: Browser):
    named = pending(browser, 2)
    path = f"/conversions/{named}"
    mine = fields_of(browser.get(path).text, f"{path}/approve")
    other = world.manager()
    theirs = {**fields_of(other.get(path).text, f"{path}/decline"), "because": "refunded", "reason": "Sent back."}
    assert other.post(f"{path}/decline", data=theirs).status_code == 303
    late = browser.post(f"{path}/approve", data=mine)
    assert late.status_code == 409
    assert "changed meanwhile" in late.text
    assert "Sent back." in late.text


def test_a_hotel_alone_knows_no_shows(browser: Browser, seeded: Seeded):
    hotel = rows(browser.get(f"/conversions?status=pending&range=12m&program={seeded.program['seeblick']}").text)[0]
    shop = rows(browser.get(f"/conversions?status=pending&range=12m&program={seeded.program['hafenladen']}").text)[0]
    assert 'value="no_show"' in browser.get(f"/conversions/{hotel}").text
    assert 'value="no_show"' not in browser.get(f"/conversions/{shop}").text


def test_who_only_reads_gets_no_forms(world: World, seeded: Seeded):
    auditor = reader(world)
    page = auditor.get(f"/conversions/{seeded.pending}").text
    assert "/approve" not in page
    fields = {"csrf": csrf(page), "version": "1", "once": "x"}
    assert auditor.post(f"/conversions/{seeded.pending}/approve", data=fields).status_code == 403
    for path in ("/programs", "/publishers", "/links", "/inbox", "/advertisers"):
        page = auditor.get(path).text
        assert not re.findall(r'<form method="post" action="/(?!look|sign-out)', page), path


def reader(world: World) -> Browser:
    """Somebody who may look at everything and change nothing."""
    operator = world.operator()
    page = operator.get("/settings").text
    invited = {"csrf": csrf(page), "name": "Otto", "email": "otto@network.example", "role": "auditor", "locale": "en"}
    link = re.search(r'value="http://[^/]+(/start/[^"]+)"', operator.post("/settings/users", data=invited).text)
    assert link is not None
    browser = world.browser()
    given = {"email": "otto@network.example", "password": "quite a long sentence 7"}
    assert browser.post(link[1], data=given).status_code == 303
    return browser


def test_unknown_conversions_are_not_here(browser: Browser):
    assert browser.get("/conversions/cnv_999999").status_code == 404
    assert browser.get("/conversions/pub_1").status_code == 404
    assert browser.post("/conversions/nothing/approve", data={"csrf": csrf(browser.get("/").text)}).status_code == 404
