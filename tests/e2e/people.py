"""People of the house, and how they come in: each makes an account in the browser, as a newcomer would."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, expect

from e2e.site import Site
from e2e.window import Window
from warum.web.console.words import say

PASSWORD = "quite a long sentence 7"


@dataclass(frozen=True)
class Person:
    """Somebody with an account.

    Attributes:
        state: the cookies of the session that making the account opened.
        link: what it was made with; used up.
    """

    name: str
    email: str
    locale: str
    state: Any
    link: str

    @property
    def browser_locale(self) -> str:
        return "de-DE" if self.locale == "de" else "en-GB"

    def says(self, key: str, **values: object) -> str:
        """A text of the pages in this person's language."""
        return say(self.locale, key).format(**values)  # pyright: ignore[reportArgumentType]


def make_first(browser: Browser, site: Site) -> Person:
    """The first start: nobody has an account, and the link that was printed makes one. In German."""
    link = site.first_link()
    window = Window(browser, site.base, locale="de-DE")
    page = window.page
    page.goto(link)
    expect(page).to_have_title(f"{say('de', 'start.first.title')} · Warum")
    page.get_by_label(say("de", "start.name")).fill("Ana König")
    page.get_by_label(say("de", "sign_in.email")).fill("ana@network.example")
    page.get_by_label(say("de", "sign_in.password")).fill(PASSWORD)
    page.get_by_role("button", name=say("de", "start.send.first")).click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page).to_have_url(f"{site.base}/")
    return _made(window, "Ana König", "ana@network.example", "de", link)


def make_second(browser: Browser, site: Site) -> Person:
    """Somebody who was invited, by a link that an operator hands over. In English."""
    made = site.invite("Ben Okafor", "ben@network.example", "en")
    window = Window(browser, site.base, locale="en-GB")
    page = window.page
    page.goto(site.base + made)
    page.get_by_label(say("en", "sign_in.password")).fill(PASSWORD)
    page.get_by_role("button", name=say("en", "start.send.password")).click()
    expect(page).to_have_url(f"{site.base}/")
    return _made(window, "Ben Okafor", "ben@network.example", "en", made)


def _made(window: Window, name: str, email: str, locale: str, link: str) -> Person:
    state = window.context.storage_state()
    window.close()
    assert window.complaints == []
    return Person(name=name, email=email, locale=locale, state=state, link=link)
