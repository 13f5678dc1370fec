"""The traffic of the sample network: visits and reports, each when its time has come on the demo's clock, over a few
connections to the real edge.

Whoever gets no answer gives up, as visitors do; a report that got none is sent again, as advertisers do. What was
acknowledged is counted, to be compared with what was counted in the database."""

from __future__ import annotations

import asyncio
import json
import logging
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from warum.kernel.period import DAY_US, HOUR_US
from warum.main.client import Answer, Connection, connect
from warum.main.clock import ScaledClock
from warum.main.demo.orders import Orders
from warum.main.demo.requests import Requests
from warum.main.demo.story import Oddity, Report, oddity, reports
from warum.main.demo.world import arm_led_to, arm_shown
from warum.sim.visits import Visit, clicks, day
from warum.sim.world import World

_connections: Final = 4
_in_flight_max: Final = 200
_pause_s: Final = 0.002
_look_s: Final = 0.02
_reconnect_s: Final = 0.2
_missed_us: Final = 6 * HOUR_US
"""Visits that could not be sent for so long, because the edge was away or this machine busy, do not happen."""
_tries_max: Final = 50
_CLICK_PARAMETER: Final = "wrm="

_log: Final = logging.getLogger("warum.network")


@dataclass(frozen=True, slots=True)
class Asked:
    """A request under way: what to do with its answer, and what if there is none."""

    answered: Callable[[Answer], None]
    lost: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Parties:
    """Whom the traffic goes to.

    Attributes:
        links: code of a link by the codes of publisher and offer.
        slots: code of a slot likewise, for offers that are shown.
        links_all: how many links the edge has to know.
        secrets: of advertisers, by their code.
    """

    links: Mapping[tuple[str, str], str]
    slots: Mapping[tuple[str, str], str]
    links_all: int
    secrets: Mapping[str, bytes]


class Traffic:
    """Runs the world against an edge.

    Args:
        clock: has to run.
        orders: what is still to be reported.
    """

    def __init__(self, world: World, clock: ScaledClock, parties: Parties, orders: Orders, address: tuple[str, int]):
        self._world = world
        self._clock = clock
        self.parties = parties
        """May be replaced: people end partnerships and change secrets while it runs."""
        self._orders = orders
        self._requests = Requests(f"{address[0]}:{address[1]}")
        self._lines = [_Line(address) for _ in range(_connections)]
        self._turn = 0
        self._stopping = False
        self.acknowledged: Counter[str] = Counter()
        """Answers by what they were for: ``view`` (a click or an impression), ``unknown_link``, ``foreign_page``,
        ``slot``, ``report``, ``report_denied``."""

    async def run(self) -> None:
        """Until ``stop``; returns when everything under way was answered or given up."""
        lines = [asyncio.create_task(line.keep_open()) for line in self._lines]
        try:
            await asyncio.gather(self._visit_all(), self._report_all())
            while any(line.in_flight for line in self._lines):
                await asyncio.sleep(_pause_s)
        finally:
            for line in lines:
                line.cancel()
            for line in self._lines:
                line.close()

    def stop(self) -> None:
        """Send nothing more."""
        self._stopping = True

    async def _visit_all(self) -> None:
        begun_us = self._clock.now_us()
        number = (begun_us - self._world.start_us) // DAY_US
        while not self._stopping:
            for visit in await asyncio.to_thread(_day, self._world, number):
                if visit.at_us < begun_us:
                    continue
                if not await self._until(visit.at_us):
                    return
                await self._room()
                if self._clock.now_us() - visit.at_us < _missed_us:
                    self._visit(visit)
            number += 1

    async def _report_all(self) -> None:
        while not self._stopping:
            while not self._stopping and (report := self._orders.due(self._clock.now_us())) is not None:
                self._report(report, tries=0)
            await asyncio.sleep(_look_s)

    async def _until(self, at_us: int) -> bool:
        """Wait for a moment of the clock; False if it is time to stop."""
        while not self._stopping and (wait_s := self._clock.wait_s(at_us)) > _pause_s:
            await asyncio.sleep(min(wait_s, 1.0))
        return not self._stopping

    async def _room(self) -> None:
        """Wait while too much is under way, or nobody listens."""
        while not self._stopping and sum(line.in_flight for line in self._lines) >= _in_flight_max:
            await asyncio.sleep(_pause_s)
        while not self._stopping and not any(line.is_open for line in self._lines):
            await asyncio.sleep(_look_s)

    def _visit(self, visit: Visit) -> None:
        line = self._line()
        if line is None:
            return
        code = (self.parties.slots if visit.shown else self.parties.links).get((visit.publisher, visit.offer))
        if code is None:
            return  # somebody ended the partnership
        if visit.shown:
            slot = self._requests.slot(visit, code)
            line.send(slot, Asked(lambda answer: self._showed(visit, answer), _nothing))
            return
        odd = oddity(visit)
        if odd is not None and odd is not Oddity.DOUBLE_CLICK:
            line.send(self._requests.odd(visit, code, odd), Asked(self._looked, _nothing))
            if odd is Oddity.CUT_LINK:
                return
        self._click(line, visit, self._requests.click(visit, code))
        if odd is Oddity.DOUBLE_CLICK:
            # On the same connection, since ten seconds of the demo are over in a moment.
            line.send(self._requests.odd(visit, code, odd), Asked(self._looked, _nothing))

    def _showed(self, visit: Visit, answer: Answer) -> None:
        """A creative came for the publisher's page: it is seen, and perhaps clicked."""
        self.acknowledged["slot" if answer.status == 200 else f"slot_{answer.status}"] += 1
        creative = json.loads(answer.body)["creative"]
        line = self._line()
        if creative is None or line is None:
            return
        line.send(self._requests.from_slot(visit, creative["seen_url"]), Asked(self._looked, _nothing))
        if clicks(self._world, visit, arm_shown(self._world, visit.offer, creative["headline"])):
            self._click(line, visit, self._requests.from_slot(visit, creative["click_url"]))

    def _click(self, line: _Line, visit: Visit, request: bytes) -> None:
        clicked_us = self._clock.now_us()
        line.send(request, Asked(lambda answer: self._clicked(visit, clicked_us, answer), _nothing))

    def _clicked(self, visit: Visit, clicked_us: int, answer: Answer) -> None:
        self._looked(answer)
        location = answer.header("location") or ""
        arm, click = arm_led_to(self._world, visit.offer, location), _click_id(location)
        if arm is None or not click:
            return  # without consent and without a legal basis nobody ever learns where a sale came from
        told = reports(self._world, visit, arm, click=click, clicked_us=clicked_us)
        if told:
            self._orders.add(told, clicked_us=clicked_us)

    def _looked(self, answer: Answer) -> None:
        self.acknowledged[_LOOKED.get(answer.status, f"visit_{answer.status}")] += 1

    def _report(self, report: Report, *, tries: int) -> None:
        # All on one connection, so that no cancellation overtakes its order.
        line, secret = self._lines[0], self.parties.secrets[report.advertiser]
        if not line.is_open:
            self._again(report, tries)
            return
        request = self._requests.report(report, secret, now_us=self._clock.now_us())
        line.send(
            request, Asked(lambda answer: self._reported(report, tries, answer), lambda: self._again(report, tries))
        )

    def _reported(self, report: Report, tries: int, answer: Answer) -> None:
        if answer.status == 202:
            self.acknowledged["report"] += 1
            self._orders.settled(report)
            if report.twice and tries == 0:
                self._report(report, tries=1)
        elif answer.status == 401:
            # The way took longer than a signature lasts.
            self.acknowledged["report_denied"] += 1
            self._again(report, tries)
        else:
            self.acknowledged[f"report_{answer.status}"] += 1
            self._orders.settled(report)
            _log.warning("%s was answered %d: %s", report.event_id, answer.status, answer.body[:300].decode())

    def _again(self, report: Report, tries: int) -> None:
        if tries >= _tries_max:
            self._orders.settled(report)
            _log.warning("%s was given up after %d tries", report.event_id, tries)
        elif not self._stopping:
            asyncio.get_running_loop().call_later(_look_s * (tries + 1), lambda: self._report(report, tries=tries + 1))

    def _line(self) -> _Line | None:
        """The next open connection."""
        for _ in self._lines:
            self._turn = (self._turn + 1) % len(self._lines)
            if self._lines[self._turn].is_open:
                return self._lines[self._turn]
        return None


class _Line:
    """One connection, opened again whenever it ends."""

    def __init__(self, address: tuple[str, int]) -> None:
        self._address = address
        self._connection: Connection[Asked] | None = None

    @property
    def is_open(self) -> bool:
        return self._connection is not None and self._connection.is_open

    @property
    def in_flight(self) -> int:
        return 0 if self._connection is None or not self._connection.is_open else self._connection.in_flight

    def send(self, request: bytes, asked: Asked) -> None:
        assert self._connection is not None
        self._connection.send(request, asked)

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()

    async def keep_open(self) -> None:
        said = False
        while True:
            try:
                connection = await connect(*self._address, _hand_on)
            except OSError as error:
                if not said:
                    _log.warning("the edge does not answer: %s", error)
                    said = True
                await asyncio.sleep(_reconnect_s)
                continue
            said = False
            self._connection = connection
            await connection.ended
            for asked in connection.waiting:
                asked.lost()


_LOOKED: Final = {302: "view", 200: "view", 404: "unknown_link", 400: "foreign_page"}


def _click_id(location: str) -> str:
    return location.partition(_CLICK_PARAMETER)[2].partition("&")[0]


def _day(world: World, number: int) -> list[Visit]:
    return list(day(world, number))


def _hand_on(asked: Asked, answer: Answer) -> None:
    asked.answered(answer)


def _nothing() -> None:
    pass
