"""Macros in postback URLs: one macro in every bracket, the laws, and the templates of real networks."""

from __future__ import annotations

import json
import os
import string
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warum.domain.conversion import Attribution, Conversion, Credit, EventKind, Reason, Standing, Status
from warum.domain.macros import MACROS, conversion_fields, render, template_refusal
from warum.domain.mode import Mode

BRACKETS = (
    "{%s}",
    "#%s#",
    "[%s]",
    "[[[%s]]]",
    "##%s##",
    "${%s}",
    "{{%s}}",
    "#{%s}",
    "%%%s%%",
    "<%s>",
    "[=%s=]",
)
FIELDS = {name: f"value of {name}" for name in MACROS}


@pytest.mark.parametrize("bracket", BRACKETS)
@pytest.mark.parametrize("name", ["payout", "PAYOUT", "Payout_Amount", "commissionAmount"])
def test_a_macro_in_any_bracket_and_any_spelling(bracket: str, name: str):
    url, unknown = render(f"https://t.example/p?a={bracket % name}&b=1", {"payout": "12.50 €"})
    assert url == "https://t.example/p?a=12.50%20%E2%82%AC&b=1"
    assert unknown == ()


@pytest.mark.parametrize(
    ("template", "url", "unknown"),
    [
        ("https://t.example", "https://t.example", ()),
        ("https://t.example/{sub1}/x?s={status}", "https://t.example/a%2Fb/x?s=approved", ()),
        ("https://t.example/?a={click_id}&a={aff_sub}", "https://t.example/?a=a%2Fb&a=a%2Fb", ()),
        ("https://t.example/?a={phone}&b={phone}&c={ip}", "https://t.example/?a=&b=&c=", ("phone", "ip")),
        ("https://t.example/?data[status]={status}", "https://t.example/?data[status]=approved", ()),
        ("https://t.example/?a=[REPLACE]", "https://t.example/?a=", ("REPLACE",)),
        ("https://t.example/?q=%D0%BF%D0%B0", "https://t.example/?q=%D0%BF%D0%B0", ()),
        ("https://t.example/?a={status}#top", "https://t.example/?a=approved", ()),
        ("https://t.example/?a={goal}x{status}", "https://t.example/?a=salexapproved", ()),
        ("https://t.example/?a={sub5}", "https://t.example/?a=", ()),
        ("https://t.example/?a=b c\r\nx: y", "https://t.example/?a=b%20c%0D%0Ax:%20y", ()),
    ],
)
def test_templates(template: str, url: str, unknown: tuple[str, ...]):
    fields = {"status": "approved", "sub1": "a/b", "event_type": "sale"}
    assert render(template, fields) == (url, unknown)


@given(st.sampled_from(BRACKETS), st.text(max_size=60), st.text(max_size=60))
def test_a_value_comes_back_as_it_was_and_changes_nothing_else(bracket: str, first: str, second: str):
    template = f"https://t.example/p?a={bracket % 'sub1'}&b={bracket % 'status'}"
    url, unknown = render(template, {"sub1": first, "status": second})
    parts = urlsplit(url)
    assert (parts.scheme, parts.netloc, parts.path, parts.fragment) == ("https", "t.example", "/p", "")
    assert parse_qsl(parts.query, keep_blank_values=True) == [("a", first), ("b", second)]
    assert unknown == ()


@given(st.text(max_size=80))
def test_whatever_follows_the_host_gives_a_url_that_can_be_sent(rest: str):
    url, _ = render(f"https://t.example/{rest}", FIELDS)
    assert url.isascii()
    assert url.isprintable()
    assert " " not in url
    assert "#" not in url
    assert urlsplit(url).netloc == "t.example"


@given(st.text(string.ascii_letters + "_", min_size=1, max_size=20), st.sampled_from(BRACKETS))
def test_a_macro_that_nobody_knows_is_empty_and_reported(name: str, bracket: str):
    url, unknown = render(f"https://t.example/?a=x-{bracket % ('q9' + name)}", FIELDS)
    assert (url, unknown) == ("https://t.example/?a=x-", ("q9" + name,))


@pytest.mark.parametrize(
    ("template", "code"),
    [
        ("https://t.example/p?a={sub1}", None),
        ("http://t.example:8080/", None),
        ("https://[2001:db8::1]/", None),
        ("ftp://t.example/", "template_not_http"),
        ("//t.example/", "template_not_http"),
        ("https://", "template_not_http"),
        ("https:///p", "template_not_http"),
        ("https://{sub1}/p", "template_host"),
        ("https://t.example.{sub1}/p", "template_host"),
        ("https://user:pass@t.example/p", "template_host"),
        ("https://t.example:{sub1}/p", "template_host"),
        ("https://t.example\\@10.0.0.1/", "template_not_http"),
        ("https://t.example/" + "a" * 2_000, "template_too_long"),
    ],
)
def test_which_templates_can_be_used(template: str, code: str | None):
    refusal = template_refusal(template)
    assert (refusal.code if refusal else None) == code


def test_what_a_publisher_hears_of_a_step():
    standing = Standing(
        status=Status.DECLINED,
        reason=Reason.NO_SHOW,
        sale_minor=40_000,
        retained_minor=0,
        check_in=None,
        check_out=None,
        release_at_us=None,
    )
    conversion = Conversion(
        id=12,
        advertiser=3,
        program=4,
        order_id="secret of the advertiser",
        event_type="sale",
        group="",
        mode=Mode.LIVE,
        currency="EUR",
        booked_at_us=0,
        attribution=Attribution(credit=Credit.TOKEN, why="token", publisher=5),
        rule=1,
        standing=standing,
        commission_minor=0,
        status_raw="no-show",
        seq=3,
    )
    fields = conversion_fields(conversion, event=EventKind.NO_SHOW, at_us=1_700_000_000_000_000, program="stay")
    assert fields == {
        "transaction_id": "cnv_12",
        "event_id": "cnv_12.3",
        "status": "declined",
        "reason": "no_show",
        "payout": "0.00",
        "currency": "EUR",
        "sale_amount": "400.00",
        "event_type": "sale",
        "step": "no_show",
        "program": "stay",
        "advertiser": "adv_3",
        "publisher": "pub_5",
        "mode": "live",
        "timestamp": "1700000000",
        "datetime": "2023-11-14T22:13:20Z",
    }
    assert fields.keys() < MACROS.keys()


def networks() -> list[dict[str, Any]]:
    shared = Path(os.environ.get("WARUM_SHARED_DATA") or Path(__file__).parents[2] / "../shared/data")
    path = shared / "postback_templates" / "networks.json"
    if not path.is_file():
        pytest.skip(f"{path} is not there; set WARUM_SHARED_DATA to the folder with the shared data")
    return json.loads(path.read_text())


def test_the_templates_of_real_networks():
    """Every bracket is filled in, and what matters to a tracker nearly always has a meaning: its own click id, and the
    money where it is asked for."""
    rendered = known = 0
    for network in networks():
        template = network["postback_url_template"].replace("{domain}", "t.example").replace("{postback_key}", "key")
        if not template:
            continue
        assert template_refusal(template) is None, template
        url, unknown = render(template, FIELDS)
        rendered += 1
        values = {unquote(value) for _, value in parse_qsl(urlsplit(url).query, keep_blank_values=True)}
        assert not [value for value in values if set(value) & set("{}[]#<>")], (template, url)
        click = any(FIELDS[f"sub{number}"] in values for number in range(1, 6))
        known += click and ("payout=" not in template or any(FIELDS["payout"] in value for value in values))
        assert all(name not in FIELDS for name in unknown)
    assert rendered > 190
    assert known / rendered > 0.8
