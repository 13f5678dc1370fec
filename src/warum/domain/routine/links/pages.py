"""Does a page work? One look is enough for a page that says it is gone, or that leads to a stranger; a page that is
down may be up in an hour, so that takes two looks some hours apart."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from warum.domain.routine.links.records import Look, Page
from warum.domain.routine.links.urls import host_of, path_of
from warum.kernel.period import HOUR_US

look_age_max_us: Final = 48 * HOUR_US
down_for_us: Final = 6 * HOUR_US
_gone: Final = frozenset({404, 410})


class State(StrEnum):
    """What the looks say of a page."""

    WORKS = "works"
    GONE = "gone"
    """It answers that it is not there."""
    DOWN = "down"
    """It failed or kept silent for hours."""
    STRANGER = "stranger"
    """It leads to a host that is not the advertiser's."""
    HOME = "home"
    """It leads to the home page, as shops do with what they no longer have."""
    UNSURE = "unsure"
    """Not looked at, not lately, not let in (401, 403, 429), or down just once."""

    @property
    def broken(self) -> bool:
        return self not in (State.WORKS, State.UNSURE)


def state(page: Page, hosts: tuple[str, ...], now_us: int) -> State:
    """What the latest looks say, those of the future left out."""
    if hosts and host_of(page.url) not in hosts:
        return State.STRANGER
    looks = sorted((look for look in page.looks if look.at_us <= now_us), key=lambda look: look.at_us)
    if not looks or now_us - looks[-1].at_us > look_age_max_us:
        return State.UNSURE
    latest = looks[-1]
    if latest.status is None or latest.status >= 500:
        return State.DOWN if _down_long(looks) else State.UNSURE
    if latest.status in _gone:
        return State.GONE
    if not 200 <= latest.status < 300:
        return State.UNSURE
    if host_of(latest.final_url) not in hosts:
        return State.STRANGER
    home = not path_of(latest.final_url) and bool(path_of(page.url))
    return State.HOME if home else State.WORKS


def latest_look(page: Page, now_us: int) -> Look | None:
    return max((look for look in page.looks if look.at_us <= now_us), key=lambda look: look.at_us, default=None)


def _down_long(looks: list[Look]) -> bool:
    """Whether it was down at every look of the last hours, and the first of them is long enough ago."""
    since = looks[-1].at_us
    for look in reversed(looks):
        if look.status is not None and look.status < 500:
            break
        since = look.at_us
    return looks[-1].at_us - since >= down_for_us
