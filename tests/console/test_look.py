"""Numbers, moments, periods, colours, and the files that browsers load."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from babel.numbers import format_currency, format_decimal
from hypothesis import given
from hypothesis import strategies as st

import warum.web.console as console
from console.conftest import World
from warum.kernel.money import decimal
from warum.kernel.period import DAY_US, HOUR_US, to_us
from warum.web.console.assets import Assets, AssetsMissing
from warum.web.console.charts import share_percent, sparkline
from warum.web.console.formats import Formats
from warum.web.console.forms import Form, kept_pairs
from warum.web.console.periods import PRESETS, Days, period_of
from warum.web.console.words import Locale

NOW = to_us(datetime(2026, 11, 23, 16, 40, tzinfo=UTC))
TODAY = date(2026, 11, 23)
KIB = 1024


def formats(locale: Locale, zone: str = "Europe/Berlin") -> Formats:
    return Formats(locale, zone, NOW)


@pytest.mark.parametrize(
    ("locale", "money", "small", "share", "moment", "day", "ago"),
    [
        ("en", "€1,234,567.89", "€1.2M", "8.1%", "22 Nov, 17:40", "23 Nov 2026", "3 hours ago"),
        (
            "de",
            "1.234.567,89\xa0€",
            "1,2\xa0Mio.\xa0€",
            "8,1\u202f%",
            "22. Nov., 17:40",
            "23. Nov. 2026",
            "vor 3 Stunden",
        ),
    ],
)
def test_values_follow_the_language(
    locale: Locale, money: str, small: str, share: str, moment: str, day: str, ago: str
) -> None:
    f = formats(locale)
    assert f.money(123_456_789, "EUR") == money
    assert f.money_compact(123_456_789, "EUR") == small
    assert f.percent(0.0812) == share
    assert f.moment(NOW - DAY_US) == moment
    assert f.day(NOW) == day
    assert f.ago(NOW - 3 * HOUR_US) == ago
    assert f.ago(NOW + 1) == f.ago(NOW) == {"en": "just now", "de": "gerade eben"}[locale]


def test_money_is_exact() -> None:
    f = formats("en")
    assert f.money(9_007_199_254_740_993, "EUR") == "€90,071,992,547,409.93"
    assert f.money(1_234, "JPY") == "JP¥1,234"
    assert f.money_signed(-5, "EUR") == "-€0.05"
    assert f.money_signed(5, "EUR") == "+€0.05"


@given(st.integers(-(10**12), 10**12), st.sampled_from(["EUR", "CHF", "JPY", "KWD"]), st.sampled_from(["en", "de"]))
def test_money_is_written_as_cldr_has_it(minor: int, currency: str, locale: Locale) -> None:
    cldr = {"en": "en_GB", "de": "de_DE"}[locale]
    assert formats(locale).money(minor, currency) == format_currency(
        Decimal(decimal(minor, currency)), currency, locale=cldr
    )
    assert formats(locale).number(minor) == format_decimal(minor, locale=cldr)


def test_moments_follow_the_readers_zone() -> None:
    late = to_us(datetime(2026, 11, 23, 23, 30, tzinfo=UTC))
    assert formats("en", "Europe/Berlin").day(late) == "24 Nov 2026"
    assert formats("en", "America/New_York").day(late) == "23 Nov 2026"
    assert formats("en").iso(late) == "2026-11-23T23:30:00Z"


def test_a_period_stands_in_the_address() -> None:
    week = period_of({}, TODAY)
    assert (week.days, week.compare) == (Days(date(2026, 11, 17), TODAY), "previous")
    assert week.other == Days(date(2026, 11, 10), date(2026, 11, 16))
    own = period_of({"range": "custom", "from": "2026-05-09", "until": "2026-05-01", "compare": "year"}, TODAY)
    assert own.days == Days(date(2026, 5, 1), date(2026, 5, 9))
    assert own.other is not None and own.other.first.weekday() == own.days.first.weekday()
    assert period_of(own.query(), TODAY) == own
    assert "from" not in own.query(range="7d")
    assert period_of({"range": "last_month"}, TODAY).days == Days(date(2026, 10, 1), date(2026, 10, 31))


@given(
    st.dictionaries(
        st.sampled_from(["range", "compare", "from", "until"]),
        st.sampled_from([*PRESETS, "custom", "year", "none", "2026-02-29", "0001-01-01", "2028-02-29", "x", ""]),
    ),
    st.dates(date(2000, 3, 1), date(2200, 1, 1)),
)
def test_any_address_means_some_period(query: dict[str, str], today: date) -> None:
    period = period_of(query, today)
    assert period.days.count >= 1
    assert period.other is None or period.other.count == period.days.count
    start, end = period.days.bounds_us("Europe/Berlin")
    assert start < end


def test_a_day_may_have_23_hours() -> None:
    start, end = Days(date(2026, 3, 29), date(2026, 3, 29)).bounds_us("Europe/Berlin")
    assert end - start == 23 * HOUR_US


@given(st.lists(st.integers(-(10**9), 10**9), max_size=40))
def test_a_sparkline_stays_in_its_frame(values: list[int]) -> None:
    line = sparkline(values)
    assert (line is None) == (len(values) < 2)
    if line is not None:
        numbers = [float(number) for number in re.findall(r"-?[\d.]+(?:e[+-]?\d+)?", line.line)]
        assert all(0 <= number <= 96 for number in numbers)


def test_a_bar_is_a_share_of_the_largest() -> None:
    assert [share_percent(value, 8) for value in (0, 2, 8, 9, -1)] == [0, 25, 100, 100, 0]
    assert share_percent(1, 0) == 0


@given(st.lists(st.tuples(st.text(max_size=8), st.text(max_size=20)), max_size=6))
def test_a_form_waits_and_comes_back(pairs: list[tuple[str, str]]) -> None:
    fine = [(name, value) for name, value in pairs if name not in ("csrf", "current") and "password" not in name]
    assert kept_pairs(Form(tuple(pairs)).kept()) == fine


@pytest.mark.parametrize("text", ["", "{", "{}", "[1]", '[["a"]]', '[["a", 1]]', '[[["a"], "b"]]', "null"])
def test_what_was_tampered_with_is_dropped(text: str) -> None:
    assert kept_pairs(text) == []


def channel(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def luminance(colour: str) -> float:
    red, green, blue = (channel(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, 1.4.3."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def tokens(theme: int) -> dict[str, str]:
    css = (Path(console.__file__).parent / "static/css/00-tokens.css").read_text()
    pairs = re.findall(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)", css)
    return {name: (light, dark)[theme] for name, light, dark in pairs}


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_every_text_can_be_read(theme: int) -> None:
    colour = tokens(theme)
    grounds = ("canvas", "surface", "raised", "sunken", "hover")
    pairs = [(text, ground) for text in ("text", "text-soft", "text-faint", "accent", "bad") for ground in grounds]
    pairs += [(name, f"{name}-tint") for name in ("good", "wait", "bad", "paid", "accent")]
    pairs += [("on-accent", "accent"), ("on-accent", "accent-hover"), ("text", "selected"), ("text-soft", "selected")]
    assert not [pair for pair in pairs if contrast(colour[pair[0]], colour[pair[1]]) < 4.5]
    edges = [("line-strong", ground) for ground in ("canvas", "surface", "raised")]
    edges += [(f"chart-{n}", "surface") for n in (2, 3, 4)] + [("accent", "surface")]
    assert not [pair for pair in edges if contrast(colour[pair[0]], colour[pair[1]]) < 3]


def test_script_and_style_are_cached_for_ever_and_small(world: World) -> None:
    browser = world.browser()
    page = browser.get("/sign-in").text
    found = re.findall(r'"(/assets/[\w.]+)"', page)
    assert len(found) == 3
    for path in found:
        for encoding in ("br", "gzip"):
            answer = browser.get(path, headers={"accept-encoding": encoding})
            assert answer.headers["content-encoding"] == encoding
            assert "immutable" in answer.headers["cache-control"]
            assert answer.headers["vary"] == "accept-encoding"
        assert "content-encoding" not in browser.get(path, headers={"accept-encoding": "identity"}).headers
    assert browser.get("/assets/nothing.js").status_code == 404
    assets = Assets()
    whole = sum(assets.compressed_bytes(name) for name in ("console.css", "console.js", "chart.js", "icon.svg"))
    assert whole < 75 * KIB, "leaves the other half of 150 KiB to the page"


def test_unbuilt_pages_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(AssetsMissing, match="build_web"):
        Assets(tmp_path)
    (tmp_path / "manifest.json").write_text(json.dumps({"files": {"a.css": "a.1.css"}}))
    with pytest.raises(AssetsMissing):
        Assets(tmp_path)
