"""What becomes of a visit, as reports of the advertiser; and the odd things that happen on the way.

The world says who books, when, for how much, and who cancels. Told here is what every shop and hotel also sees: stays
that are changed before arrival, parts that are paid back, fees that the house keeps, reports that are sent twice.
Everything follows from the visit, so a visit that is looked at again tells the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from enum import Enum
from random import Random
from typing import Any, Final

from warum.kernel.period import DAY_US, HOUR_US
from warum.sim.visits import Message, Visit, messages
from warum.sim.world import World

_amended: Final = 0.12
_partly_refunded: Final = 0.25
_fee_kept: Final = 0.15
_fee_share: Final = 0.3
_sent_twice: Final = 0.03
_odd_words: Final = 0.005


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A report as it goes out; None is left out.

    Attributes:
        advertiser: its code, and its program's.
        click: the click id that a new order brings; None for later reports.
        twice: whether it is sent a second time, by somebody who is unsure of the first.
    """

    at_us: int
    advertiser: str
    event_id: str
    order_id: str
    status: str
    click: str | None = None
    amount_minor: int | None = None
    retained_minor: int | None = None
    check_in: str | None = None
    check_out: str | None = None
    twice: bool = False

    def said(self) -> dict[str, Any]:
        """The fields of the report."""
        fields = asdict(self)
        for name in ("at_us", "advertiser", "click", "twice"):
            del fields[name]
        return {
            **{name: value for name, value in fields.items() if value is not None},
            "program": self.advertiser,
            "currency": "EUR",
            **({} if self.click is None else {"click_id": self.click}),
        }


def reports(world: World, visit: Visit, arm: int, *, click: str, clicked_us: int) -> tuple[Report, ...]:
    """What the advertiser will report of a click on this arm, in the order of time; mostly nothing.

    Args:
        click: the click id that came with the visitor.
        clicked_us: when the click was really sent, which may be later than it was meant to be.
    """
    late_us = max(0, clicked_us - visit.at_us)
    offer = next(one for one in world.offers if one.code == visit.offer)
    told = [_report(message, offer.advertiser, click, late_us) for message in messages(world, visit, arm)]
    if not told:
        return ()
    dice = _dice("story", visit)
    told = _stay(told, dice) if told[0].check_in is not None else _purchase(told, dice)
    if dice.random() < _odd_words:
        told.append(_odd_word(told[0]))
    told.sort(key=lambda report: report.at_us)
    return tuple(replace(report, twice=dice.random() < _sent_twice) for report in told)


class Oddity(Enum):
    """What comes with a visit now and then, beside the click itself."""

    DOUBLE_CLICK = "double click"
    PREVIEW = "preview"
    """A chat application asks with HEAD where the link leads."""
    PREFETCH = "prefetch"
    CUT_LINK = "cut link"
    """Somebody copied half of the address."""
    FOREIGN_PAGE = "foreign page"
    """Somebody asks to be led to a page that is not the advertiser's."""


_ODDITIES: Final[Mapping[Oddity, float]] = {
    Oddity.DOUBLE_CLICK: 0.025,
    Oddity.PREVIEW: 0.015,
    Oddity.PREFETCH: 0.015,
    Oddity.CUT_LINK: 0.004,
    Oddity.FOREIGN_PAGE: 0.003,
}


def oddity(visit: Visit) -> Oddity | None:
    """The odd thing about a visit, if there is one. Only people are odd."""
    chance = _dice("oddity", visit).random()
    for each, share in _ODDITIES.items():
        if chance < share:
            return each if visit.person else None
        chance -= share
    return None


def consent_query(visit: Visit) -> str:
    """How the publisher's page passes the visitor's answer on. Some pages forget it, one kind passes nonsense."""
    if visit.consent:
        return f"cons=1&sub1={visit.sub_id}"
    return ("cons=0", "", "cons=maybe", f"cons=0&sub1={visit.sub_id}")[visit.number % 4]


def _dice(what: str, visit: Visit) -> Random:
    return Random(f"{what} {visit.number}")  # noqa: S311 - plays, keeps no secret


def _report(message: Message, advertiser: str, click: str, late_us: int) -> Report:
    new = message.status == "booked"
    return Report(
        at_us=message.at_us + late_us,
        advertiser=advertiser,
        event_id=message.event_id,
        order_id=message.order_id,
        status=message.status,
        click=click if new else None,
        amount_minor=message.amount_minor if new else None,
        check_in=message.check_in if new else None,
        check_out=message.check_out if new else None,
    )


def _stay(told: list[Report], dice: Random) -> list[Report]:
    """A guest may change the stay, and a house may keep a fee of a guest who cancels late."""
    booked, end = told[0], told[-1]
    amount = booked.amount_minor or 0
    if dice.random() < _amended and end.at_us - booked.at_us > DAY_US and len(told) == 2:
        changed = replace(
            booked,
            at_us=booked.at_us + (end.at_us - booked.at_us) // 3,
            event_id=f"{booked.order_id}-amended",
            status="amended",
            click=None,
            amount_minor=round(amount * dice.uniform(0.7, 1.5)),
        )
        told = [booked, changed, end]
    if end.status == "cancelled" and dice.random() < _fee_kept:
        told[-1] = replace(end, retained_minor=round(amount * _fee_share))
    return told


def _purchase(told: list[Report], dice: Random) -> list[Report]:
    """Of what is sent back, a part is often kept."""
    return [
        replace(report, retained_minor=(told[0].amount_minor or 0) // 2)
        if report.status == "refunded" and dice.random() < _partly_refunded
        else report
        for report in told
    ]


def _odd_word(booked: Report) -> Report:
    """A report whose status word nobody agreed upon: it waits for a person."""
    return replace(
        booked,
        at_us=booked.at_us + HOUR_US,
        event_id=f"{booked.order_id}-on-request",
        status="on request",
        click=None,
        amount_minor=None,
    )
