"""The tour follows what a reader could, and nothing else."""

from __future__ import annotations

from warum.main.tour import START, links, pattern_of, tour


def test_links_are_those_within_the_host() -> None:
    html = """
        <a href="/live">Live</a> <a href="/live#money">the same</a> <a href="//elsewhere.example/">away</a>
        <a href="https://elsewhere.example/live">away</a> <a href="/conversions.csv" download>CSV</a> <a>none</a>
        <a class="x" href="/conversions?status=pending&amp;range=7d">filtered</a> <a href="">
        <link href="/assets/a.css">
    """
    assert links(html) == ["/live", "/live", "/conversions?status=pending&range=7d"]


def test_an_address_has_the_pattern_of_its_page() -> None:
    assert pattern_of("/") == "/"
    assert pattern_of("/live?range=today") == "/live"
    assert pattern_of("/conversions/cnv_1") == "/conversions/{conversion}"
    assert pattern_of("/sign-in") is None, "nobody has to have signed in for it"
    assert pattern_of("/assets/console.css") is None


def test_a_tour_collects_a_few_of_each_kind_and_ends() -> None:
    asked: list[str] = []

    def fetch(address: str) -> str | None:
        asked.append(address)
        if address == "/conversions/cnv_3":
            return None
        return "".join(f'<a href="/conversions/cnv_{number}">' for number in range(100)) + '<a href="/">'

    found = tour(fetch, examples=10)
    assert set(found) == {*START, "/conversions/{conversion}"}
    assert found["/"] == ["/"]
    assert len(found["/conversions/{conversion}"]) == 10
    assert len(asked) < 10, "alike pages are not read for links again and again"
    assert tour(lambda _: None, examples=10) == {}
