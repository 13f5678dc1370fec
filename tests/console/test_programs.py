"""Programs and advertisers: figures that lead to their rows, terms, rules and their price, offers, hosts."""

from __future__ import annotations

import re
from decimal import Decimal
from html import unescape
from typing import Any

import psycopg
import pytest

from conftest import Database
from console.conftest import Browser, World, csrf, fields_of
from console.seeded import Seeded
from warum.app import codec
from warum.app.call import Caller, perform
from warum.app.operations import BY_NAME
from warum.kernel.money import share
from warum.kernel.refusal import Refusal
from warum.ports.catalog import ActorKind
from warum.ports.database import Role, Scope

OPERATOR = Caller(scope=Scope(Role.OPERATOR), kind=ActorKind.PERSON, actor="usr_1")


def ask(world: World, name: str, /, **given: Any) -> Any:
    operation = BY_NAME[name]
    read = codec.read(operation, given)
    output = read if isinstance(read, Refusal) else perform(operation, world.deps, OPERATOR, read)
    assert not isinstance(output, Refusal), output
    return output


def test_every_number_leads_to_its_rows(browser: Browser, world: World):
    page = browser.get("/programs?range=12m").text
    lines = ask(world, "program.figures", since="2026-01-16T23:00:00Z").programs
    for line in lines:
        named = f"prg_{line.program.id}"
        for status, count in (("", line.figures.conversions), ("pending", line.figures.pending)):
            href = next(
                unescape(found)
                for found in re.findall(r'href="(/conversions\?[^"]+)"', page)
                if f"program={named}" in found and (f"status={status}" in found if status else "status" not in found)
            )
            assert re.search(rf">{count:,} conversions?<", browser.get(href).text), href


def test_figures_are_those_of_the_rows(browser: Browser, world: World, module_database: Database, seeded: Seeded):
    with psycopg.connect(module_database.admin) as admin:
        for kind, rows in (
            ("program", ask(world, "program.figures").programs),
            ("publisher", ask(world, "publisher.figures").publishers),
        ):
            for line in rows:
                one = getattr(line, kind)
                clicks, found, commission = admin.execute(
                    f"""
                    select (select coalesce(sum(clicks_token + clicks_reference + clicks_bare), 0)
                            from warum.rollup_hour where {kind}_id = %(id)s and mode = 0
                                and hour >= warum.at(%(from)s) and hour <= warum.at(%(until)s)),
                        count(*), coalesce(sum(commission_minor) filter (where status <> 'declined'), 0)
                    from warum.conversion where {kind}_id = %(id)s and mode = 0 and publisher_id is not null
                        and booked_at >= warum.at(%(from)s) and booked_at <= warum.at(%(until)s)
                    """,
                    {"id": one.id, "from": world.now_us - 30 * 86_400_000_000, "until": world.now_us},
                ).fetchone()  # pyright: ignore
                figures = line.figures
                assert (figures.clicks, figures.conversions) == (clicks, found), one.name
                assert sum(m.pending.amount_minor + m.approved.amount_minor for m in figures.money) == commission
                assert figures.pending + figures.approved + figures.declined == figures.conversions


@pytest.mark.parametrize(
    "query", ["sort=clicks", "sort=-clicks", "sort=-name", "sort=odd", "q=see", "status=ended", "q=%3C"]
)
def test_the_list_is_sorted_and_searched(browser: Browser, query: str):
    assert browser.get(f"/programs?{query}").status_code == 200


def test_terms_are_changed_and_taken_back(browser: Browser, world: World, seeded: Seeded):
    path = f"/programs/{seeded.program['hafenladen']}"
    before = ask(world, "program.show", program=seeded.program["hafenladen"])
    fields = {**typed(browser.get(f"{path}/terms").text), "hold_days": "21"}
    assert browser.post(f"{path}/terms", data=fields).headers["location"] == path
    page = browser.get(path).text
    assert "are changed" in page
    undo = fields_of(page, f"{path}/terms")
    assert ask(world, "program.show", program=seeded.program["hafenladen"]).hold_days == 21
    assert browser.post(f"{path}/terms", data=undo).status_code == 303
    after = ask(world, "program.show", program=seeded.program["hafenladen"])
    assert (after.hold_days, after.name, after.currencies) == (before.hold_days, before.name, before.currencies)


def test_what_is_wrong_with_terms_stands_beside_the_field(browser: Browser, seeded: Seeded):
    path = f"/programs/{seeded.program['hafenladen']}/terms"
    good = typed(browser.get(path).text)
    for name, value, said in (
        ("hold_days", "many", "0 to 400"),
        ("hold_days", "401", "0 to 400"),
        ("window_days", "0", "1 to 400"),
        ("name", "", "1 to 200 characters"),
        ("timezone", "Mars", "time zone"),
        ("currencies", "Euro", "Three capital letters"),
        ("starts_on", "soon", "day of the calendar"),
    ):
        answer = browser.post(path, data={**good, name: value})
        assert answer.status_code == 422, name
        field = re.search(rf'id="field-{name}"[^>]*', answer.text)
        assert field is not None
        assert 'aria-invalid="true"' in field[0], name
        assert said in answer.text[answer.text.index(f'id="field-{name}-error"') :][:600], name
        if value:
            assert f'value="{value}"' in field[0]
    backwards = browser.post(path, data={**good, "starts_on": "2027-05-02", "ends_on": "2027-05-01"})
    assert "swap the two" in backwards.text
    assert 'value="2027-05-02"' in backwards.text


def test_a_conflict_keeps_what_was_typed_and_shows_what_changed(browser: Browser, world: World, seeded: Seeded):
    path = f"/programs/{seeded.program['seeblick']}"
    mine = {**typed(browser.get(f"{path}/terms").text), "window_days": "45", "name": "Seeblick, my name"}
    other = world.manager()
    theirs = {**typed(other.get(f"{path}/terms").text), "hold_days": "7"}
    assert other.post(f"{path}/terms", data=theirs).status_code == 303
    late = browser.post(f"{path}/terms", data=mine)
    assert late.status_code == 409
    assert "changed while you were typing" in late.text
    assert "By Mia" in late.text
    assert re.search(r"<dt>Hold</dt><dd>\s*<del>.*?3</del>.*?7</ins>", late.text, re.DOTALL)
    assert 'value="45"' in late.text and 'value="Seeblick, my name"' in late.text
    again = {**mine, **fields_of(late.text, f"{path}/terms")}
    assert browser.post(f"{path}/terms", data=again).status_code == 303
    stands = ask(world, "program.show", program=seeded.program["seeblick"])
    assert (stands.window_days, stands.name) == (45, "Seeblick, my name")


def test_a_rule_is_priced_on_what_happened(browser: Browser, world: World, seeded: Seeded, module_database: Database):
    path = f"/programs/{seeded.program['hafenladen']}/rules/new"
    form = {**typed(browser.get(path).text), "kind": "percent", "value": "7,25", "step": "preview"}
    page = browser.post(path, data=form)
    assert page.status_code == 200
    with psycopg.connect(module_database.admin) as admin:
        booked = admin.execute(
            """
            select retained_minor, commission_minor from warum.conversion c join warum.program p on p.id = program_id
            where p.code = 'hafenladen' and mode = 0 and publisher_id is not null and c.status <> 'declined'
                and booked_at >= warum.at(%s)
            """,
            [world.now_us - 30 * 86_400_000_000],
        ).fetchall()
    before, after = sum(commission for _, commission in booked), sum(share(kept, 72_500) for kept, _ in booked)
    for minor in (before, after):
        assert f"€{Decimal(minor) / 100:,.2f}" in page.text
    assert f"+€{Decimal(after - before) / 100:,.2f}" in page.text
    assert f"{len(booked)} of {len(booked)} conversions" in page.text
    assert 'value="7,25"' in page.text
    # Looking changes nothing.
    assert len(ask(world, "rule.list", program=seeded.program["hafenladen"]).rules) == 2


def test_a_rule_of_one_partner_is_priced_for_that_one(world: World, seeded: Seeded):
    program, publisher = seeded.program["seeblick"], seeded.publisher["Küstenkompass"]
    everybody = ask(world, "rule.preview", program=program, kind="percent", percent="9")
    one = ask(world, "rule.preview", program=program, kind="percent", percent="9", publisher=publisher)
    # Who has a rule of its own does not fall under everybody's.
    assert everybody.repriced + one.repriced == everybody.conversions == one.conversions
    assert [partner.publisher_name for partner in one.partners] == ["Küstenkompass"]
    assert one.totals[0].after.amount_minor < one.totals[0].before.amount_minor  # 9 % after 10 %
    assert everybody.totals[0].after.amount_minor > everybody.totals[0].before.amount_minor  # 9 % after 8 %
    same = ask(world, "rule.preview", program=program, kind="percent", percent="8")
    assert same.totals[0].after == same.totals[0].before
    assert same.partners == ()
    clicks = ask(world, "rule.preview", program=program, kind="per_click", amount="0.05", currency="EUR")
    assert clicks.totals[0].after.amount_minor == 5 * clicks.clicks > 0


def test_a_rule_is_put_in_force_once(browser: Browser, world: World, seeded: Seeded):
    path = f"/programs/{seeded.program['hafenladen']}/rules/new"
    form = {**typed(browser.get(path).text), "kind": "fixed", "value": "3.50", "group": "twice", "step": "add"}
    for _ in range(2):
        assert browser.post(path, data=form).status_code == 303
    rules = ask(world, "rule.list", program=seeded.program["hafenladen"]).rules
    assert [rule.version for rule in rules if rule.group == "twice"] == [1]
    # Somebody who went back and changed what was typed means another rule.
    assert browser.post(path, data={**form, "value": "4"}).status_code == 303
    rules = ask(world, "rule.list", program=seeded.program["hafenladen"]).rules
    assert sorted(rule.version for rule in rules if rule.group == "twice") == [1, 2]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"value": "much"}, "such as 8 or 8.25"),
        ({"value": "101"}, "such as 8 or 8.25"),
        ({"value": "NaN"}, "such as 8 or 8.25"),
        ({"value": "8.00001"}, "four decimals"),
        ({"kind": "fixed", "value": "1.005"}, "as many decimals as"),
        ({"value": "8", "valid_on": "2020-01-01"}, "today or later"),
        ({"value": "8", "valid_on": "x"}, "day of the calendar"),
        ({"value": "8", "group": "ä ö"}, "at most 64"),
    ],
)
def test_a_rule_that_cannot_be(browser: Browser, seeded: Seeded, fields: dict[str, str], said: str):
    path = f"/programs/{seeded.program['hafenladen']}/rules/new"
    answer = browser.post(path, data={**typed(browser.get(path).text), **fields, "step": "add"})
    assert answer.status_code == 422
    assert said in answer.text
    assert 'aria-invalid="true"' in answer.text


def test_shares_are_changed_and_taken_back(browser: Browser, world: World, seeded: Seeded):
    path = f"/offers/{seeded.offer['hafenladen']}/shares"
    form = typed(browser.get(path).text)
    assert [form[f"share-{arm}"] for arm in range(3)] == ["33.3334", "33.3333", "33.3333"]
    wrong = browser.post(path, data={**form, "share-0": "50"})
    assert wrong.status_code == 422
    assert "exactly 100 %" in wrong.text and 'value="50"' in wrong.text
    assert browser.post(path, data={**form, "share-0": "half"}).status_code == 422
    assert (
        "below 1 %" in browser.post(path, data={**form, "share-0": "99,5", "share-1": "0,25", "share-2": "0,25"}).text
    )
    good = {**form, "share-0": "60", "share-1": "30", "share-2": "10"}
    assert browser.post(path, data=good).status_code == 303
    arms = ask(world, "offer.show", offer=seeded.offer["hafenladen"]).arms
    assert [arm.propensity for arm in arms] == ["0.6", "0.3", "0.1"]
    page = browser.get(f"/programs/{seeded.program['hafenladen']}").text
    undo = fields_of(page, path)
    assert browser.post(path, data=undo).status_code == 303
    arms = ask(world, "offer.show", offer=seeded.offer["hafenladen"]).arms
    assert [arm.propensity for arm in arms] == ["0.333334", "0.333333", "0.333333"]


def test_arms_show_what_they_brought(browser: Browser, world: World, seeded: Seeded):
    found = ask(world, "offer.figures", offer=seeded.offer["hafenladen"], since="2026-01-01T00:00:00Z")
    assert [arm.number for arm in found.arms] == [0, 1, 2]
    assert found.arms[2].clicks == found.arms[2].conversions == 0
    for arm in found.arms[:2]:
        query = f"offer={seeded.offer['hafenladen']}&arm={arm.number}&credited=yes&range=all"
        assert re.search(rf">{arm.conversions} conversions<", browser.get(f"/conversions?{query}").text)


def test_a_program_from_nothing(browser: Browser, world: World):
    page = browser.get("/advertisers/new").text
    form = {"csrf": csrf(page), **fields_of(page, "/advertisers/new")}
    assert "1 to 200 characters" in browser.post("/advertisers/new", data={**form, "name": ""}).text
    assert "in use" in browser.post("/advertisers/new", data={**form, "name": "X", "code": "seeblick"}).text
    assert "small letters" in browser.post("/advertisers/new", data={**form, "name": "X", "code": "Ä"}).text
    to = browser.post("/advertisers/new", data={**form, "name": "Bäckerei"}).headers["location"]
    assert browser.post("/advertisers/new", data={**form, "name": "Bäckerei"}).headers["location"] == to
    advertiser = to.rpartition("/")[2]
    assert "no host yet" in browser.get(to).text.lower()

    page = browser.get(f"/programs/new?advertiser={advertiser}").text
    form = typed(page)
    assert form["advertiser"] == advertiser
    assert "Choose an advertiser" in browser.post("/programs/new", data={**form, "advertiser": "", "name": "Brot"}).text
    program = browser.post("/programs/new", data={**form, "name": "Brot"}).headers["location"]
    shown = browser.get(program).text
    assert "nobody earns anything" in shown
    assert "has proved no host" in browser.get(f"{program}/offers/new").text

    page = browser.get(to).text
    host = {**fields_of(page, f"{to}/hosts"), "host": "https://brot.example/"}
    assert "without https://" in browser.post(f"{to}/hosts", data=host).text
    assert browser.post(f"{to}/hosts", data={**host, "host": "brot.example"}).status_code == 303
    page = browser.get(to).text
    proof = fields_of(page, f"{to}/hosts/prove")
    assert "5 to 500" in browser.post(f"{to}/hosts/prove", data={**proof, "evidence": "yes"}).text
    assert browser.post(f"{to}/hosts/prove", data={**proof, "evidence": "The file holds it."}).status_code == 303

    page = browser.get(f"{program}/offers/new").text
    form = {**fields_of(page, f"{program}/offers/new"), "name": "Laugengebäck"}
    assert "at least one landing page" in browser.post(f"{program}/offers/new", data=form).text
    elsewhere = {**form, "page-name-0": "Brezel", "page-url-0": "https://elsewhere.example/"}
    refused = browser.post(f"{program}/offers/new", data=elsewhere)
    assert "has not proved" in refused.text and 'value="https://elsewhere.example/"' in refused.text
    good = {**form, "page-name-0": "Brezel", "page-url-0": "https://brot.example/brezel"}
    assert browser.post(f"{program}/offers/new", data=good).status_code == 303
    assert "Laugengebäck" in browser.get(program).text


def test_credentials_are_shown_once(browser: Browser, world: World, seeded: Seeded):
    path = f"/advertisers/{seeded.advertiser['hafenladen']}"
    form = fields_of(browser.get(path).text, f"{path}/credentials")
    unsure = browser.post(f"{path}/credentials", data=form)
    assert unsure.status_code == 422
    assert "Tick this first" in unsure.text
    made = browser.post(f"{path}/credentials", data={**form, "sure": "yes"})
    secrets = re.findall(r'value="(wpt_[0-9a-f]{64}|whsec_[^"]+)"', made.text)
    assert len(secrets) == 2
    again = browser.post(f"{path}/credentials", data={**form, "sure": "yes"})
    assert again.status_code == 303
    page = browser.get(path).text
    assert "in the first answer" in page
    assert not any(secret in page for secret in secrets)


def test_a_legal_basis_is_withdrawn_and_taken_back(browser: Browser, world: World, seeded: Seeded):
    path = f"/advertisers/{seeded.advertiser['hafenladen']}"
    page = browser.get(path).text
    assert "On since" in page
    before = ask(world, "advertiser.show", advertiser=seeded.advertiser["hafenladen"]).advertiser
    form = fields_of(page, f"{path}/basis/withdraw")
    assert "3 to 500" in browser.post(f"{path}/basis/withdraw", data=form).text
    assert (
        browser.post(f"{path}/basis/withdraw", data={**form, "reason": "Counsel changed her mind."}).status_code == 303
    )
    page = browser.get(path).text
    assert "Off: such clicks are counted" in page
    undo = fields_of(page[page.index('id="toasts"') :], f"{path}/basis")
    assert browser.post(f"{path}/basis", data={**undo, "basis": unescape(undo["basis"])}).status_code == 303
    after = ask(world, "advertiser.show", advertiser=seeded.advertiser["hafenladen"]).advertiser
    assert after.credit_without_consent == before.credit_without_consent


def test_an_advertiser_is_renamed_and_taken_back(browser: Browser, world: World, seeded: Seeded):
    path = f"/advertisers/{seeded.advertiser['seeblick']}"
    form = {**fields_of(browser.get(path).text, f"{path}/name"), "name": "Seeblick AG"}
    assert browser.post(f"{path}/name", data=form).status_code == 303
    page = browser.get(path).text
    assert "Seeblick AG" in page
    toast = page[page.index('id="toasts"') :]
    assert browser.post(f"{path}/name", data=fields_of(toast, f"{path}/name")).status_code == 303
    assert ask(world, "advertiser.show", advertiser=seeded.advertiser["seeblick"]).advertiser.name == "Hotel Seeblick"


def typed(page: str) -> dict[str, str]:
    """Everything that the form of a page would send as it stands."""
    form = re.search(r'<form class="card form[^"]*" method="post".*?</form>', page, re.DOTALL)
    assert form is not None
    values = {
        name: unescape(value) for name, value in re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', form[0])
    }
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form[0], re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options) or re.search(r'value="([^"]*)"', options)
        values[name] = chosen[1] if chosen else ""
    return values


def test_contexts_are_chosen_shown_and_given_shares_of_their_own(browser: Browser, world: World, seeded: Seeded):
    offer = seeded.offer["hafenladen"]
    path = f"/offers/{offer}/shares"
    choose = f"/offers/{offer}/contexts"
    page = browser.get(path).text
    assert "needs no consent" in page and "Device (2)" in page
    form = {**fields_of(page, choose), "csrf": csrf(page)}
    three = {**form, "dimension-device": "yes", "dimension-week": "yes", "dimension-region": "yes"}
    refused = browser.post(choose, data=three)
    assert refused.status_code == 422 and "at most two" in refused.text
    many = browser.post(choose, data={**form, "dimension-publisher": "yes", "dimension-daypart": "yes"})
    assert many.status_code == 409 and "more than 12 contexts" in many.text
    assert browser.post(choose, data={**form, "dimension-device": "yes"}).status_code == 303
    page = browser.get(path).text
    assert "on phones" in page and page.count("follows the whole") == 2
    phones = browser.get(f"{path}?context=device%3Dphone").text
    assert "These shares hold on phones." in phones
    form = typed(phones)
    assert form["context"] == "device=phone"
    good = {**form, "share-0": "60", "share-1": "30", "share-2": "10"}
    assert browser.post(path, data=good).status_code == 303
    found = ask(world, "offer.show", offer=offer)
    assert [[arm.propensity for arm in one.arms] for one in found.contexts] == [
        ["0.6", "0.3", "0.1"],
        ["0.333334", "0.333333", "0.333333"],
    ]
    page = browser.get(path).text
    assert page.count("follows the whole") == 1
    undo = fields_of(page[page.rindex("<form", 0, page.rindex(f'action="{path}"')) :], path)
    assert browser.post(path, data=undo).status_code == 303
    assert len({one.arms for one in ask(world, "offer.show", offer=offer).contexts}) == 1
    # And told apart no more; the shares wait for the day when it is again.
    page = browser.get(path).text
    none = {name: value for name, value in fields_of(page, choose).items() if not name.startswith("dimension-")}
    assert browser.post(choose, data={**none, "csrf": csrf(page)}).status_code == 303
    assert ask(world, "offer.show", offer=offer).contexts == ()
