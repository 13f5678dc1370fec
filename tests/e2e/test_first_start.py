"""The first start, signing in and out, and what stands in the way."""

from __future__ import annotations

from playwright.sync_api import expect

from e2e.conftest import Opener, People
from e2e.people import PASSWORD, Person
from e2e.site import Site


def test_the_first_account_is_made_once_and_leads_into_the_console(people: People, opened: Opener) -> None:
    window = opened(people.de)
    window.open("/")
    expect(window.page.locator("html")).to_have_attribute("lang", "de")
    expect(window.page.get_by_text(people.de.name).first).to_be_visible()
    stranger = opened()
    stranger.expect_status(404)
    stranger.open(people.de.link.removeprefix(stranger.base), ok=(404,))
    stranger.open(people.en.link, ok=(404,))


def test_somebody_signs_in_and_out_by_keyboard(person: Person, opened: Opener) -> None:
    window = opened(locale=person.browser_locale)
    window.expect_status(401, 403)
    page = window.page
    window.open("/settings", ok=(401,))
    # The first field has the focus already, once the page was drawn.
    expect(page.get_by_label(person.says("sign_in.email"))).to_be_focused()
    page.keyboard.type(person.email)
    window.press("Tab")
    page.keyboard.type("not the sentence that it is")
    window.press("Enter")
    wrong = page.get_by_label(person.says("sign_in.password"))
    expect(wrong).to_have_attribute("aria-invalid", "true")
    expect(wrong).to_be_focused()
    expect(page.get_by_label(person.says("sign_in.email"))).to_have_value(person.email)
    page.keyboard.type(PASSWORD)
    window.press("Enter")
    expect(page).to_have_url(f"{window.base}/settings")
    expect(page.locator("html")).to_have_attribute("lang", person.locale)
    page.get_by_role("button", name=person.says("user.menu")).click()
    page.get_by_role("button", name=person.says("user.sign_out"), exact=True).click()
    expect(page).to_have_url(f"{window.base}/sign-in")
    window.open("/", ok=(401,))


def test_the_language_changes_for_person_and_page(people: People, site: Site, opened: Opener) -> None:
    person = people.en
    window = opened(person)
    page = window.page
    window.open("/settings")
    page.get_by_role("button", name=person.says("user.menu")).click()
    page.get_by_role("button", name="Deutsch").click()
    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page).to_have_url(f"{window.base}/settings")
    assert site.rows("select locale from warum.user_account where email = %s", person.email) == [("de",)]
    page.get_by_role("button", name=people.de.says("user.menu")).click()
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
