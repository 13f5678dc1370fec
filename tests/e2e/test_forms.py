"""Bad input, lost connections, ended sessions, impatient fingers: nothing typed is lost, and the page says what
happened."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from e2e.conftest import Opener, People
from e2e.people import PASSWORD, Person
from e2e.site import Site
from e2e.window import PATIENCE_MS, Window


def invite(window: Window, person: Person, name: str, email: str) -> None:
    """Fill in the form that invites somebody, without sending it."""
    window.open("/settings")
    form = window.page.locator("#invite")
    form.get_by_label(person.says("users.name")).fill(name)
    form.get_by_label(person.says("users.email")).fill(email)


def send(window: Window, person: Person) -> None:
    window.page.get_by_role("button", name=person.says("users.invite.send")).click()


def invited(site: Site, email: str) -> int:
    return int(site.rows("select count(*) from warum.user_account where email = %s", email)[0][0])


def test_a_form_keeps_what_was_typed_and_names_the_field(person: Person, opened: Opener) -> None:
    window = opened(person)
    window.expect_status(422, 409)
    invite(window, person, "Zoë Müller <b>", person.email.upper())
    window.page.locator("#invite").get_by_label(person.says("users.role")).select_option("auditor")
    send(window, person)
    form = window.page.locator("#invite")
    wrong = form.get_by_label(person.says("users.email"))
    expect(wrong).to_have_attribute("aria-invalid", "true")
    expect(wrong).to_be_focused()
    expect(form.get_by_text(person.says("refusal.email_taken"))).to_be_visible()
    expect(wrong).to_have_value(person.email.upper())
    expect(form.get_by_label(person.says("users.name"))).to_have_value("Zoë Müller <b>")
    expect(form.get_by_label(person.says("users.role"))).to_have_value("auditor")
    assert not (faults := window.axe()), "\n".join(faults)


def test_a_password_that_is_not_taken_leaves_the_rest(people: People, opened: Opener) -> None:
    person = people.en
    window = opened(person)
    window.expect_status(422, 403)
    window.open("/settings")
    window.page.get_by_label(person.says("settings.password.current")).fill("this is not it at all")
    window.page.get_by_label(person.says("settings.password.new")).fill("another long sentence 9")
    window.page.get_by_role("button", name=person.says("settings.password.change")).click()
    expect(window.page.get_by_text(person.says("refusal.password_wrong"))).to_be_visible()
    expect(window.page.get_by_label(person.says("settings.password.current"))).to_be_focused()


def test_pressing_twice_sends_once(person: Person, site: Site, opened: Opener) -> None:
    window = opened(person)
    email = f"twice-{person.locale}@network.example"
    invite(window, person, "Twice", email)
    window.page.get_by_role("button", name=person.says("users.invite.send")).dblclick()
    expect(window.page.get_by_role("heading", name=person.says("users.link.title"))).to_be_visible()
    assert invited(site, email) == 1
    expect(window.page.locator(".error, .note-bad")).to_have_count(0)


def test_the_same_form_sent_twice_makes_one_record(people: People, site: Site, opened: Opener) -> None:
    """Without scripts nothing holds a second press back, and after going back the form is there again."""
    person = people.en
    window = opened(person, scripts=False)
    page = window.page
    for _ in range(2):
        window.open("/publishers/new")
        token = page.locator("input[name=once]").input_value()
        page.get_by_label(person.says("records.name")).fill("Pressed twice")
        with page.expect_response(lambda answer: answer.request.method == "POST"):
            page.get_by_role("button", name=person.says("records.create")).dblclick()
        page.wait_for_url("**/publishers/pub_*")
        made = site.rows("select count(*)::int from warum.act where once = %s", token)
        assert made == [(1,)]
    # Twice on purpose, from two forms, are two.
    assert site.rows("select count(*)::int from warum.publisher where name = 'Pressed twice'") == [(2,)]


def test_a_key_is_made_once_and_asks_whose_it_is_where_that_matters(person: Person, site: Site, opened: Opener) -> None:
    window = opened(person)
    window.expect_status(422)
    page, label = window.page, f"Till {person.locale} <b>"
    window.open("/settings/keys/new")
    page.get_by_label(person.says("api_keys.label")).fill(label)
    whose = page.locator("select[name=publisher]")
    expect(whose).to_be_hidden()
    page.locator("[name=role][value=publisher]").check()
    expect(whose).to_be_visible()
    send = page.get_by_role("button", name=person.says("api_keys.create"))
    send.click()
    expect(whose).to_be_focused()
    expect(whose).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label(person.says("api_keys.label"))).to_have_value(label)
    assert not (faults := window.axe()), "\n".join(faults)
    whose.select_option(index=1)
    send.dblclick()
    expect(page.locator("#key-secret")).to_have_value(re.compile(r"^wrm_[\w-]{43}$"))
    assert site.rows("select count(*)::int from warum.api_key where label = %s", label) == [(1,)]
    page.get_by_role("link", name=label, exact=True).click()
    page.get_by_role("textbox", name=person.says("api_keys.revoke.reason")).fill("Nobody needs it.")
    assert not (faults := window.axe()), "\n".join(faults)
    page.get_by_role("button", name=person.says("api_keys.revoke.send")).click()
    expect(page.get_by_text(person.says("api_keys.dead.revoked"))).to_be_visible()
    assert site.rows("select revoked_at is not null from warum.api_key where label = %s", label) == [(True,)]


def test_a_code_that_is_taken_is_named_at_its_field(person: Person, site: Site, opened: Opener) -> None:
    window = opened(person)
    window.expect_status(409, 422)
    ((taken,),) = site.rows("select code from warum.publisher order by id limit 1")
    window.open("/publishers/new")
    page = window.page
    page.get_by_label(person.says("records.name")).fill("Ümläut & Söhne <script>")
    page.get_by_label(person.says("publishers.kind")).select_option("newsletter")
    code = page.get_by_label(person.says("records.code"))
    code.fill(taken)
    page.get_by_role("button", name=person.says("records.create")).click()
    expect(code).to_have_attribute("aria-invalid", "true")
    expect(code).to_be_focused()
    expect(code).to_have_value(taken)
    expect(page.get_by_label(person.says("records.name"))).to_have_value("Ümläut & Söhne <script>")
    expect(page.get_by_label(person.says("publishers.kind"))).to_have_value("newsletter")
    assert not (faults := window.axe()), "\n".join(faults)
    code.fill(f"umlaut-{person.locale}")
    page.get_by_role("button", name=person.says("records.create")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ümläut & Söhne <script>")


def test_a_session_that_ended_keeps_what_was_typed(person: Person, site: Site, opened: Opener) -> None:
    window = opened(person)
    window.expect_status(401)
    email = f"kept-{person.locale}@network.example"
    invite(window, person, "Kept Ümlaut", email)
    site.end_sessions(person.email)
    try:
        send(window, person)
        page = window.page
        expect(page.get_by_text(person.says("sign_in.kept"))).to_be_visible()
        assert invited(site, email) == 0
        assert not (faults := window.axe()), "\n".join(faults)
        page.get_by_label(person.says("sign_in.email")).fill(person.email)
        page.get_by_label(person.says("sign_in.password")).fill(PASSWORD)
        page.get_by_role("button", name=person.says("sign_in.title")).click()
        # What waited is shown before it is sent.
        expect(page.get_by_text(email)).to_be_visible()
        assert not (faults := window.axe()), "\n".join(faults)
        page.get_by_role("button", name=person.says("resume.send")).click()
        expect(page.get_by_role("heading", name=person.says("users.link.title"))).to_be_visible()
        assert invited(site, email) == 1
    finally:
        person.state.update(window.context.storage_state())


def test_without_a_network_a_form_waits(person: Person, site: Site, opened: Opener) -> None:
    window = opened(person)
    email = f"offline-{person.locale}@network.example"
    invite(window, person, "Offline", email)
    page = window.page
    banner = page.get_by_text(person.says("net.offline"))
    expect(banner).to_be_hidden()
    window.cut()
    expect(banner).to_be_visible()
    send(window, person)
    expect(page.locator("#invite").get_by_label(person.says("users.email"))).to_have_value(email)
    assert not (faults := window.axe()), "\n".join(faults)
    window.mend()
    expect(banner).to_be_hidden()
    send(window, person)
    expect(page.get_by_role("heading", name=person.says("users.link.title"))).to_be_visible()
    assert invited(site, email) == 1


def test_live_says_that_it_lost_the_connection_and_finds_it_again(person: Person, site: Site, opened: Opener) -> None:
    window = opened(person)
    window.open("/live?range=today")
    mark = window.page.locator("[data-live]")
    expect(mark).to_have_attribute("data-state", "live")
    window.lose()
    site.stack.web.kill()
    expect(mark).to_have_attribute("data-state", "lost")
    expect(mark).to_have_text(person.says("net.reconnecting"))
    site.stack.web.start()
    site.stack.web.wait_ready()
    expect(mark).to_have_attribute("data-state", "live", timeout=2 * PATIENCE_MS)


def test_a_page_that_is_not_there_says_so_and_leads_on(person: Person, opened: Opener) -> None:
    window = opened(person)
    window.expect_status(404)
    for path in ("/nothing", "/conversions/cnv_999999", "/conversions/what"):
        window.open(path, ok=(404,))
        expect(window.page.locator("html")).to_have_attribute("lang", person.locale)
        expect(window.page.get_by_role("main").get_by_role("link").first).to_be_visible()


def test_without_scripts_forms_work(people: People, site: Site, opened: Opener) -> None:
    person = people.de
    window = opened(person, scripts=False)
    invite(window, person, "Ohne Skript", "plain@network.example")
    send(window, person)
    expect(window.page.get_by_role("heading", name=person.says("users.link.title"))).to_be_visible()
    assert invited(site, "plain@network.example") == 1
