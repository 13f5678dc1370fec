"""Receipts on the pages: what was entered, what it proves, and files that hold without us."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from base64 import b64decode
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from conftest import Cluster, Database
from conftest import _copy as copied
from console.conftest import Browser, World
from console.test_conversions import reader
from console.town import Town, opened, world_of
from warum.adapters.tlog import FileShelf
from warum.app import sessions
from warum.app.call import LogReader
from warum.app.log.sequence import Sequencer
from warum.app.log.statements import close_months
from warum.domain.leaves import Series, Subject, commitment, leaf_tag
from warum.domain.tlog.checkpoints import unverified_checkpoint
from warum.domain.tlog.merkle import leaf_hash, verify_inclusion
from warum.domain.tlog.notes import Signer, format_vkey, open_note
from warum.domain.tlog.proofs import parse_proof
from warum.kernel.canonical import canonical
from warum.kernel.ids import private
from warum.kernel.period import DAY_US
from warum.ports.database import Role, Scope

SIGNER = Signer("log.example", bytes(range(32)))
EDGE = Signer("log.example/edge", bytes(32))
VERIFIER = Path(__file__).parents[2] / "verifier" / "warum_verify.py"
DAYS = 12


def sequenced(town: Town, folder: Path) -> None:
    """Give what waits its place in the log."""
    sequencer = Sequencer(town.worker, FileShelf(folder), SIGNER, lambda: town.now_us)
    sequencer.open()
    while sequencer.step():
        pass


def with_log(town: Town, folder: Path) -> Town:
    town.log = LogReader(shelf=FileShelf(folder), vkey=SIGNER.vkey, edge_vkey=EDGE.vkey)
    return town


@pytest.fixture(scope="module")
def town(module_database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Two weeks of life, a decision, and a month that is over."""
    folder = tmp_path_factory.mktemp("receipts") / "log"
    with opened(module_database) as town:
        with_log(town, folder).people()
        for _ in range(DAYS):
            town.day()
        town.round()
        town.do("proposal.approve", proposal=town.do("proposal.list")["proposals"][0]["id"], note="")
        sequenced(town, folder)
        town.now_us += 31 * DAY_US
        assert close_months(town.worker, now_us=town.now_us)
        sequenced(town, folder)
        yield town


@pytest.fixture
def world(town: Town) -> World:
    return world_of(town)


@pytest.fixture
def browser(world: World) -> Browser:
    return world.manager()


def conversion(town: Town, status: str = "approved") -> dict[str, Any]:
    return town.do("conversion.list", status=status, credited=True, limit=1)["conversions"][0]


def decided(town: Town) -> dict[str, Any]:
    return town.do("proposal.list", states=["applied"])["proposals"][0]


def part(page: str, id_: str) -> str:
    """A section of a page, unescaped."""
    found = re.search(rf'<section[^>]*id="{id_}".*?</section>', page, re.DOTALL)
    assert found is not None, id_
    return unescape(found[0])


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def verified(receipt: str) -> dict[str, Any]:
    """What a receipt says, once it holds: signature, place in the tree, number in the series, content."""
    proof = parse_proof(receipt.encode())
    assert open_note(proof.checkpoint).verified_by([SIGNER.vkey])
    checkpoint = unverified_checkpoint(proof.checkpoint)
    extra = json.loads(proof.extra or b"")
    leaf = extra["leaf"]
    assert verify_inclusion(proof.index, checkpoint.size, leaf_hash(canonical(leaf)), checkpoint.root, proof.hashes)
    series = extra["series"]
    assert leaf["tag"] == leaf_tag(b64decode(series["key"]), int(series["number"])).hex()
    if "payload" in extra:
        committed = commitment(b64decode(extra["nonce"]), canonical(extra["payload"]))
        assert b64decode(leaf["commitment"]) == committed
    return extra


def downloaded(browser: Browser, path: str, name: str) -> dict[str, Any]:
    answer = browser.get(path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
    assert answer.headers["content-type"].startswith("application/json")
    return answer.json()


# A conversion --------------------------------------------------------------------------------------------------------


def test_a_conversion_tells_what_was_entered_of_it(town: Town, browser: Browser) -> None:
    one = conversion(town)
    section = part(browser.get(f"/conversions/{one['id']}").text, "receipts")
    leaves = town.do("receipt.list", conversion=one["id"])["receipts"]
    assert len(leaves) == 2
    for leaf in leaves:
        assert leaf["says"] in section
        assert re.search(rf'href="/receipts/{leaf["index"]}" download[^>]*>{leaf["index"]:,}<', section)
        assert re.search(rf">{leaf['number']:,}</a>", section)
    told = text_of(section)
    assert "was entered at the time beside it" in told
    assert "does not prove that the sale was real" in told
    assert f"{one['advertiser_name']} and {one['publisher_name']} hold the same receipts" in told
    assert f">python verifier/warum_verify.py {one['id']}.receipts.json</textarea>" in section
    assert f'href="/conversions/{one["id"]}/receipts"' in section


def test_it_is_told_in_german(town: Town, world: World) -> None:
    browser = world.browser()
    browser.get(sessions.demo_link(town.deps, name="Jo", email="jo@demo.example", locale="de"))
    one = conversion(town)
    told = text_of(part(browser.get(f"/conversions/{one['id']}").text, "receipts"))
    assert "Quittungen herunterladen" in told and "Es beweist nicht, dass der Verkauf echt war." in told
    assert f"{one['id']} ist bestätigt" in told
    assert "Wie ein Partner prüft" in browser.get("/log").text


def test_the_file_of_a_conversion_holds(town: Town, browser: Browser) -> None:
    one = conversion(town)
    file = downloaded(browser, f"/conversions/{one['id']}/receipts", f"{one['id']}.receipts.json")
    assert file["format"] == "warum-receipts/1"
    said = [verified(receipt) for receipt in file["receipts"]]
    assert [found["leaf"]["type"] for found in said].count("conversion") == 2
    assert any(found["leaf"]["type"] == "rule" for found in said)


def test_the_proof_of_one_leaf_holds(town: Town, browser: Browser) -> None:
    leaf = town.do("receipt.list", conversion=conversion(town)["id"])["receipts"][0]
    answer = browser.get(f"/receipts/{leaf['index']}")
    assert answer.headers["content-disposition"] == f'attachment; filename="{leaf["index"]}.tlog-proof"'
    assert verified(answer.text)["series"]["number"] == str(leaf["number"])
    for nothing in ("999999", "x", "-1", "9" * 30):
        assert browser.get(f"/receipts/{nothing}").status_code == 404


def test_the_independent_verifier_finds_the_same(town: Town, browser: Browser, tmp_path: Path) -> None:
    pair = pair_of(conversion(town))
    for place in (f"/conversions/{conversion(town)['id']}/receipts", f"/receipts.json?{query(pair)}"):
        file = tmp_path / "mine.receipts.json"
        file.write_bytes(browser.get(place).content)
        command = [sys.executable, VERIFIER, "--key", format_vkey(SIGNER.vkey), file]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


# A proposal ----------------------------------------------------------------------------------------------------------


def test_a_decision_tells_what_was_entered_of_it(town: Town, browser: Browser) -> None:
    proposal = decided(town)
    section = part(browser.get(f"/decisions/{proposal['id']}").text, "receipts")
    leaves = town.do("receipt.list", proposal=proposal["id"])["receipts"]
    assert [leaf["type"] for leaf in leaves] == ["proposal", "effect", "decision"]
    assert all(leaf["says"] in section for leaf in leaves)
    assert "does not prove that the estimate was right" in section
    file = downloaded(browser, f"/decisions/{proposal['id']}/receipts", f"{proposal['id']}.receipts.json")
    assert len([verified(receipt) for receipt in file["receipts"]]) == 3


# What is not there ---------------------------------------------------------------------------------------------------


@pytest.fixture
def younger(cluster: Cluster, template_database: str, tmp_path: Path) -> Iterator[tuple[Town, Path]]:
    """A town whose log has not begun."""
    with copied(cluster, template_database) as database, opened(database) as town:
        with_log(town, tmp_path / "log").people()
        for _ in range(8):
            town.day()
        yield town, tmp_path / "log"


def test_what_waits_and_what_is_erased_is_said(younger: tuple[Town, Path]) -> None:
    town, folder = younger
    browser = world_of(town).manager()
    one = conversion(town, "pending")
    path = f"/conversions/{one['id']}"
    assert "The log has no entry yet" in part(browser.get(path).text, "receipts")
    assert "The log has not begun" in browser.get("/log").text
    assert browser.get(f"{path}/receipts").status_code == 409
    sequenced(town, folder)
    assert "No statement yet" in browser.get("/log").text

    made = town.do("conversion.approve", conversion=one["id"], expected_version=one["row_version"])
    section = part(browser.get(path).text, "receipts")
    assert "1 more entry waits" in section and made["id"] in section
    sequenced(town, folder)
    section = part(browser.get(path).text, "receipts")
    assert "waits" not in section and "is approved" in section

    number = private("conversion", one["id"])
    with town.worker.transaction(Scope(Role.SYSTEM)) as tx:
        tx.log.erase(Subject("conversion", number or 0), kept={}, at_us=town.now_us)
    section = part(browser.get(path).text, "receipts")
    assert "The contents of 2 entries were erased" in section and "is approved" not in section
    file = downloaded(browser, f"{path}/receipts", f"{one['id']}.receipts.json")
    assert [("payload" in verified(receipt)) for receipt in file["receipts"]] == [False, False]


def test_a_new_conversion_waits_for_its_place(younger: tuple[Town, Path]) -> None:
    town, folder = younger
    sequenced(town, folder)
    town.day()
    newest = town.do("conversion.list", limit=1)["conversions"][0]
    browser = world_of(town).manager()
    page = browser.get(f"/conversions/{newest['id']}").text
    assert "Not in the log yet" in part(page, "receipts")
    refused = browser.get(f"/conversions/{newest['id']}/receipts")
    assert refused.status_code == 404 and "no receipts of this yet" in refused.text


def test_without_a_log_pages_say_so(town: Town) -> None:
    without = Town(app=town.app, worker=town.worker, now_us=town.now_us)
    browser = world_of(without).manager()
    assert browser.get("/log").status_code == 200
    assert "The log has no entry yet" in browser.get(f"/conversions/{conversion(town)['id']}").text


# The log -------------------------------------------------------------------------------------------------------------


def pair_of(one: dict[str, Any]) -> dict[str, str]:
    return {"advertiser": one["advertiser"], "publisher": one["publisher"]}


def query(pair: dict[str, str], **more: object) -> str:
    return "&".join(f"{name}={value}" for name, value in {**pair, **more}.items())


def test_the_log_tells_how_it_stands(town: Town, browser: Browser) -> None:
    page = unescape(browser.get("/log").text)
    log = town.do("log.show")
    assert f'value="{log["key"]}"' in page and f'value="{log["root"]}"' in page and log["origin"] in page
    assert f">{log['size']:,}<" in page
    for command in ("curl http://127.0.0.1:8701/log/key", "/v1/receipt.file?", f"warum_verify.py --key '{log['key']}'"):
        assert command in page


def test_every_entry_leads_to_what_it_is_about(town: Town, browser: Browser) -> None:
    listed = part(browser.get("/log").text, "entries")
    leaves = town.do("receipt.list", before=10_000, limit=25)["receipts"]
    assert re.findall(r'href="/receipts/(\d+)"', listed) == [str(leaf["index"]) for leaf in leaves]
    seen: list[str] = []
    address = "/log"
    while address:
        page = browser.get(address).text
        seen += re.findall(r'href="/receipts/(\d+)"', page)
        found = re.search(r'href="([^"]+)" class="button button-small"><span>Older', page)
        address = unescape(found[1]) if found else ""
        for href in set(re.findall(r'<td data-wide><a href="(/(?:conversions|decisions|programs)/[^"]+)"', page)):
            if len(seen) < 120:
                assert browser.get(href).status_code == 200, href
    size = town.do("log.show")["size"]
    assert seen == [str(index) for index in reversed(range(size))]


def test_a_statement_leads_to_its_records_and_conversions(town: Town, browser: Browser) -> None:
    pair = pair_of(conversion(town))
    page = browser.get(f"/log?{query(pair)}").text
    months = part(page, "months")
    (told,) = town.do("statement.list", **pair)["statements"]
    assert f">{told['count']}<" in months and "October 2026" in months
    entries = re.search(r'href="(/log\?[^"]*first=1&[^"]*)#entries"', months)
    assert entries is not None
    seen: set[str] = set()
    address = entries[1]
    while address:
        listed = browser.get(address).text
        seen |= set(re.findall(r'href="/receipts/(\d+)"', listed))
        found = re.search(r'href="([^"]+)" class="button button-small"><span>Older', listed)
        address = unescape(found[1]) if found else ""
    assert len(seen) == told["count"]
    conversions = re.search(r'href="(/conversions\?[^"]+)"', months)
    assert conversions is not None
    listed = browser.get(conversions[1]).text
    assert "Changed in this period" in listed
    ids = set(re.findall(r"cnv_\d+", listed))
    with town.worker.transaction(Scope(Role.SYSTEM)) as tx:
        series = Series(private("advertiser", pair["advertiser"]) or 0, private("publisher", pair["publisher"]) or 0)
        leaves = tx.log.of_series(series, last=told["last"], limit=1_000)
    assert ids == {f"cnv_{leaf.about.id}" for leaf in leaves if leaf.about.kind == "conversion"}


def test_the_file_of_a_pair_holds_and_is_whole(town: Town, browser: Browser) -> None:
    pair = pair_of(conversion(town))
    page = browser.get(f"/log?{query(pair)}").text
    assert f"python verifier/warum_verify.py {pair['advertiser']}-{pair['publisher']}-*.receipts.json" in page
    href = re.search(r'href="(/receipts\.json\?[^"]+)"', page)
    assert href is not None
    (told,) = town.do("statement.list", **pair)["statements"]
    last = told["last"] + 1
    name = f"{pair['advertiser']}-{pair['publisher']}-1-{last}.receipts.json"
    file = downloaded(browser, unescape(href[1]), name)
    found = [verified(receipt) for receipt in file["receipts"]]
    series = f"{pair['advertiser']}/{pair['publisher']}"
    numbers = [int(one["series"]["number"]) for one in found if one["series"]["name"] == series]
    assert numbers == list(range(1, last + 1))
    assert {"series": series, "first": "1", "last": str(last)} in file["complete"]
    assert f"{last} records lie between them" in page


def test_a_file_of_nobody_is_refused_in_words(browser: Browser) -> None:
    refused = browser.get("/receipts.json")
    assert refused.status_code == 422 and "Choose an advertiser and a publisher" in refused.text


def test_long_series_come_in_parts(town: Town, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("warum.web.console.pages.log.file_max", 10)
    pair = pair_of(conversion(town))
    page = browser.get(f"/log?{query(pair)}").text
    (told,) = town.do("statement.list", **pair)["statements"]
    firsts = [int(first) for first in re.findall(r'href="/receipts\.json\?[^"]*first=(\d+)" download>', unescape(page))]
    assert firsts == list(range(1, told["last"] + 2, 10))


def test_filters_narrow_both_lists(town: Town, browser: Browser) -> None:
    one = conversion(town)
    page = browser.get(f"/log?publisher={one['publisher']}").text
    listed = part(page, "entries")
    series = set(re.findall(r'title="([^"]*_\d+)"', listed))
    assert len(series) > 1 and all(one["publisher"] in found.split("/") for found in series)
    assert one["publisher_name"] in listed
    assert f'<option value="{one["publisher"]}" selected>' in page
    for odd in ("publisher=x", "advertiser=adv_999999&publisher=pub_999999", "before=x", "first=0", "trail=,,"):
        assert browser.get(f"/log?{odd}").status_code in (200, 422), odd


def test_partners_pages_lead_to_their_statements(town: Town, browser: Browser) -> None:
    one = conversion(town)
    assert f'href="/log?publisher={one["publisher"]}"' in browser.get(f"/publishers/{one['publisher']}").text
    assert f'href="/log?advertiser={one["advertiser"]}"' in browser.get(f"/advertisers/{one['advertiser']}").text
    partnership = town.do("partnership.list", publisher=one["publisher"])["partnerships"][0]["id"]
    assert f"publisher={one['publisher']}" in browser.get(f"/partnerships/{partnership}").text


def test_an_auditor_sees_all_of_it(town: Town, world: World) -> None:
    auditor = reader(world)
    one = conversion(town)
    for path in (
        "/log",
        f"/log?{query(pair_of(one))}",
        f"/conversions/{one['id']}",
        f"/decisions/{decided(town)['id']}",
    ):
        page = auditor.get(path)
        assert page.status_code == 200
        assert not re.findall(r'<form method="post" action="/(?!look|sign-out)', page.text), path
    for path in (f"/conversions/{one['id']}/receipts", f"/receipts.json?{query(pair_of(one))}", "/receipts/0"):
        assert auditor.get(path).status_code == 200, path
