from __future__ import annotations

from base64 import b64encode
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from operations.house import House, hotel, partner
from warum.main.demo_site import read_door, write_door
from warum.ports.database import DatabaseUnavailable
from warum.web.api import make_app
from warum.web.page import Door, Shop

from .browser import Browser

SHOP = Shop(
    name="Hotel Seeblick",
    lead="Am See.",
    postback_url="https://edge.example/p/seeblick",
    token="wpt_1",
    click_param="wrm",
    fields={"amount": "249.90", "currency": "EUR"},
)
DEMO = Door(demo=True, command="curl 'https://edge.example/?a=1&b=2'", shops={"seeblick": SHOP})
LOCAL = ("127.0.0.1", 50_000)


def browser(house: House, door: Door, *, client: tuple[str, int] = LOCAL, host: str = "localhost:8701") -> Browser:
    return Browser(make_app(house.deps, door=door), base_url=f"http://{host}", client=client)


def basic(key: str) -> dict[str, str]:
    return {"authorization": "Basic " + b64encode(f"olga:{key}".encode()).decode()}


@pytest.fixture(scope="module")
def filled(shared: House) -> House:
    partner(shared, hotel(shared), "Ana <b>")
    return shared


def test_the_page_shows_what_to_click_and_what_runs(filled: House):
    page = browser(filled, DEMO).get("/status")
    assert page.status_code == 200
    link = filled.do("link.list")["links"][0]
    assert f'href="{link["url"]}?cons=1"' in page.text
    assert "curl &#39;https://edge.example/?a=1&amp;b=2&#39;" in page.text
    assert "No conversion yet." in page.text
    assert "PostgreSQL" in page.text


def test_the_page_needs_nobody_else(filled: House):
    page = browser(filled, DEMO).get("/status")
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "//" not in page.text.replace("https://edge.example", "").replace("http-equiv", "")
    for name in ("warum.css", "warum.js", "warum.svg"):
        assert browser(filled, DEMO).get(f"/status/static/{name}").status_code == 200


@pytest.mark.parametrize(
    ("query", "accepted", "lang"),
    [
        ("", "", "en"),
        ("", "de-AT,de;q=0.9,en;q=0.5", "de"),
        ("", "fr,en;q=0.3,de;q=0.2", "en"),
        ("", "de;q=x, *", "en"),
        ("?lang=de", "en", "de"),
        ("?lang=xx", "de", "de"),
    ],
)
def test_the_page_speaks_the_readers_language(filled: House, query: str, accepted: str, lang: str):
    page = browser(filled, DEMO).get(f"/status{query}", headers={"accept-language": accepted})
    assert f'<html lang="{lang}">' in page.text
    assert ("Was läuft" in page.text) is (lang == "de")


def test_the_live_part_is_a_fragment(filled: House):
    live = browser(filled, DEMO).get("/status/live?lang=de").text
    assert "Was läuft" in live
    assert "<html" not in live


@pytest.mark.parametrize(
    ("client", "host", "headers"),
    [
        (("192.0.2.7", 1), "localhost", {}),
        (LOCAL, "evil.example", {}),
        (LOCAL, "localhost", {"x-forwarded-for": "192.0.2.7"}),
        (LOCAL, "localhost", {"forwarded": "for=192.0.2.7"}),
        (("not an address", 1), "localhost", {}),
    ],
)
def test_the_demo_is_open_on_this_machine_alone(
    filled: House, client: tuple[str, int], host: str, headers: dict[str, str]
):
    guest = browser(filled, DEMO, client=client, host=host)
    assert guest.get("/status", headers=headers).status_code == 401
    assert guest.get("/demo/seeblick", headers=headers).status_code == 404


def test_everywhere_else_a_key_signs_in(filled: House):
    closed = browser(filled, Door())
    asked = closed.get("/status")
    assert asked.status_code == 401
    assert asked.headers["www-authenticate"].startswith("Basic")
    key = filled.do("key.create", label="page", role="auditor")["key"]
    assert closed.get("/status", headers=basic(key)).status_code == 200
    assert closed.get("/status", headers=basic("wrong")).status_code == 401
    assert closed.get("/status", headers={"authorization": "Basic %%%"}).status_code == 401
    publisher = filled.do("publisher.list")["publishers"][0]["id"]
    other = filled.do("key.create", label="ana", role="publisher", publisher=publisher)["key"]
    assert closed.get("/status", headers=basic(other)).status_code == 403
    assert closed.get("/demo/seeblick").status_code == 404


def test_the_shop_hands_on_the_click(filled: House):
    page = browser(filled, DEMO).get("/demo/seeblick?wrm=t<b>1&lang=de").text
    assert "t&lt;b&gt;1" in page
    assert "t<b>1" not in page
    assert 'href="?wrm=t%3Cb%3E1&amp;lang=en"' in page
    assert 'action="https://edge.example/p/seeblick"' in page
    assert "no click id" in browser(filled, DEMO).get("/demo/seeblick").text


def test_an_outage_is_said(filled: House):
    class Away:
        @contextmanager
        def transaction(self, scope: Any) -> Any:
            raise DatabaseUnavailable("away")
            yield

    house = replace(filled, database=Away())  # pyright: ignore
    page = browser(house, DEMO).get("/status")
    assert page.status_code == 503
    assert "does not answer" in page.text


def test_a_demo_is_known_by_its_file(tmp_path: Path):
    assert read_door(tmp_path) == Door()
    write_door(tmp_path, DEMO)
    assert read_door(tmp_path) == DEMO
    assert (tmp_path / "demo.json").stat().st_mode & 0o077 == 0
