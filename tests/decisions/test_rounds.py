"""Rounds over all programs, and what happens when one of them goes wrong."""

from __future__ import annotations

import logging
from decimal import Decimal
from threading import Event
from typing import Any

import pytest

from warum.app.bots import consider
from warum.app.bots.consider import GATHER
from warum.domain.catalog import ProgramStatus
from warum.domain.decisions import Autonomy, Objective
from warum.main.bots import BotLoop
from warum.ports.database import DatabaseUnavailable, Scope
from warum.ports.decisions import State

from .house import House

BETTER = [0.02, 0.05]


@pytest.fixture
def loop(house: House) -> BotLoop:
    house.days(14, BETTER)
    return BotLoop(house.worker, lambda: house.now_us, interval_s=60, stop=Event())


def test_the_loop_proposes(house: House, loop: BotLoop, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="warum.bots"):
        loop.step()
    assert house.asked()
    assert "1 proposals" in caplog.text


def test_the_trouble_of_one_program_is_not_that_of_another(
    house: House, loop: BotLoop, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    sick = house.program
    house.build()
    house.days(14, BETTER)

    def gather(tx: Any, program: Any, offer: Any, policy: Any, **rest: Any) -> Any:
        if program.id == sick:
            raise RuntimeError("no facts today")
        return GATHER["creative"](tx, program, offer, policy, **rest)

    monkeypatch.setattr(consider, "GATHER", {"creative": gather})
    loop.step()
    assert "the others go on" in caplog.text
    assert house.asked().program == house.program


def test_an_outage_is_waited_out(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    class Away:
        def transaction(self, scope: Scope) -> Any:
            raise DatabaseUnavailable("stopped")

    BotLoop(Away(), lambda: 0, interval_s=60, stop=Event()).step()


def test_the_loop_ends_when_it_is_told_to(house: House) -> None:
    stop = Event()
    stop.set()
    BotLoop(house.worker, lambda: house.now_us, interval_s=3_600, stop=stop).run()
    assert house.do("proposal.list").proposals == ()


def test_a_paused_program_is_left_alone_but_its_promises_are_measured(house: House, loop: BotLoop) -> None:
    loop.step()
    first = house.asked().id
    house.do("proposal.approve", proposal=first)
    house.days(9, BETTER)
    house.do("program.change", program=house.program, status=ProgramStatus.PAUSED)
    loop.step()
    assert house.do("proposal.list").proposals == ()
    assert house.do("proposal.show", proposal=first).outcomes[-1].final


def test_a_bot_that_acts_goes_on_as_data_come(house: House) -> None:
    house.policy(autonomy=Autonomy.ACT, act_per_day=Decimal(100_000))
    house.days(6, BETTER)
    assert house.round().applied == 1
    first = house.shares()
    assert house.round().applied == 0
    # What sold stops selling: it does not wait for the end of its first promise.
    for _ in range(6):
        house.days(1, [0.15, 0.0], clicks=1_000)
        house.round()
    assert house.shares() != first
    assert len(house.do("proposal.list", states=(State.APPLIED,)).proposals) > 1


def test_offers_teach_each_other(house: House) -> None:
    house.days(14, BETTER)
    house.round()
    assert house.rows("select offer_id from warum.lesson") == [(house.offer,)]
    learnt = house.rows("select learnt_at from warum.lesson")
    house.now_us += 3_600_000_000
    house.round()
    assert house.rows("select learnt_at from warum.lesson") == learnt  # once a day
    house.offer = house.add_offer()
    house.days(14, BETTER)
    house.round()
    # The first campaign's lesson is among the facts of the second's proposal.
    bodies = house.rows("select body from warum.facts where kind = 'creative'")
    assert any(b'"campaigns":1' in bytes(body) for (body,) in bodies)


def test_margin_is_value_less_commission(house: House) -> None:
    house.policy(objective=Objective.MARGIN)
    house.days(14, BETTER)
    house.tamper("update warum.conversion set commission_minor = retained_minor / 10")
    house.round()
    found = house.do("proposal.show", proposal=house.asked().id)
    value = next(one for one in found.evidence if one.name == "value")
    kept = house.rows("select sum(retained_minor - commission_minor) from warum.conversion where arm = %s", value.arm)
    assert value.value == str(kept[0][0])
    assert "margin" in found.proposal.claim.en
