"""The inbox: why a report waits, the partner's own word, what to do, and settling it."""

from __future__ import annotations

import re
from dataclasses import replace

from console.conftest import Browser, World, fields_of
from console.seeded import Seeded
from warum.app.ingest import refusals
from warum.domain.conversion import Step
from warum.domain.mode import Mode
from warum.domain.records import Postback, Record
from warum.kernel.refusal import Refusal
from warum.ports.journal import Cursor, RawRecord
from warum.verticals.contract import AMOUNT_MISSING, UNKNOWN_WORD, not_for
from warum.web.api import make_app
from warum.web.console.app import make_console
from warum.web.console.words import WORDS


class Reader:
    """Knows what stands in the records; nothing else of a journal is needed here."""

    def streams(self) -> list[int]:
        return []

    def read(self, stream: int, after: Cursor, limit: int) -> tuple[list[RawRecord], Cursor]:
        return [], after

    def decode(self, raw: RawRecord) -> Record:
        return Postback(
            at_us=1,
            seen_us=1,
            advertiser=1,
            dialect="generic",
            event_id="evt-7",
            step="unknown",
            status_raw="in_pruefung <b>",
            mode=Mode.LIVE,
            amount_minor=41_250,
            currency="EUR",
            reason="The guest called",
        )


def test_a_report_says_why_it_waits_and_what_to_do(world: World, seeded: Seeded):
    deps = replace(world.deps, journal=Reader())
    world.app = make_app(deps, console=make_console(deps))
    page = world.operator().get("/inbox").text
    assert "A status word that we do not know" in page
    assert "in_pruefung &lt;b&gt;" in page
    assert "€412.50" in page and "The guest called" in page
    assert "Ask the advertiser what the word means" in page
    assert 'href="/conversions?q=SB-990001"' in page


def test_where_the_journal_is_elsewhere_the_rest_is_told(browser: Browser, seeded: Seeded):
    page = browser.get("/inbox").text
    assert "A currency that the program does not take" in page
    assert "The partner&#39;s word" not in page


def test_a_report_is_settled_with_a_note(browser: Browser, seeded: Seeded):
    page = browser.get("/inbox?show=reports").text
    (action, *_) = re.findall(r'action="(/inbox/reports/rpt_\d+/resolve)"', page)
    form = fields_of(page, action)
    short = browser.post(action, data={**form, "resolution": "ok"})
    assert short.status_code == 422
    assert "3 to 500" in short.text and 'value="ok"' in short.text
    said = {**form, "resolution": "Asked the shop; a new order id came."}
    for _ in range(2):
        assert browser.post(action, data=said).headers["location"] == "/inbox"
    assert action not in browser.get("/inbox?show=reports").text
    assert "Asked the shop; a new order id came." in browser.get("/inbox?show=settled").text
    other = browser.post(action, data={**form, "once": "another", "resolution": "Me too."})
    assert other.status_code == 409
    assert "settled this already" in other.text


def test_records_that_were_set_aside_are_shown_and_tried_again(browser: Browser, seeded: Seeded):
    page = browser.get("/inbox?show=quarantine").text
    assert "input data was truncated" in page
    form = fields_of(page, "/inbox/quarantine/release")
    for _ in range(2):
        assert browser.post("/inbox/quarantine/release", data=form).status_code == 303
    assert "No record was set aside" in browser.get("/inbox?show=quarantine").text


def test_the_first_part_in_which_something_waits_is_shown(browser: Browser, seeded: Seeded):
    page = browser.get("/inbox").text
    assert re.search(r'href="/inbox\?show=reports" aria-current="true"', page)
    assert browser.get("/inbox?show=nonsense").status_code == 200


def test_every_reason_that_we_give_has_words_in_both_languages():
    codes = {value.code for name, value in vars(refusals).items() if name.isupper() and isinstance(value, Refusal)}
    codes |= {"currency_not_listed", "currency_differs", "amounts_differ", "program_unknown"}
    codes |= {UNKNOWN_WORD.code, AMOUNT_MISSING.code, not_for("retail", Step.NO_SHOW).code}
    for code in codes:
        assert f"inbox.why.{code}" in WORDS, code
        assert f"inbox.todo.{code}" in WORDS, code
