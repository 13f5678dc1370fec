"""One request, one outcome: which door it is for, and what time it is. Synchronous and without input or output; what it
remembers between requests (agents, visits, event ids of late) are bounded caches that it was given."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from warum.domain.records import Tick
from warum.edge.clicks import ClickTools, click, impression
from warum.edge.http import Answer, Outcome, Request, json_answer, page
from warum.edge.postbacks import PostbackTools, conversions, postback
from warum.edge.slots import script, slot
from warum.edge.snapshot import Snapshot
from warum.kernel.ids import RecordId

TIME_HEADER: Final = b"warum-time"
"""Microseconds since 1970, believed by a driven edge only."""

_MOMENT: Final = re.compile(r"[0-9]{1,16}")
_NOT_FOUND: Final = page(404, "There is nothing here", "This address belongs to a tracking server, which has no pages.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Handler:
    """Everything the edge decides.

    Attributes:
        driven: take the time from each request instead of the clock; for replays.
    """

    clicks: ClickTools
    postbacks: PostbackTools
    driven: bool = False

    def handle(self, request: Request, snapshot: Snapshot, *, now_us: int, record: RecordId) -> Outcome:
        """What the request comes to.

        Args:
            now_us: the time, unless the edge is driven.
            record: the identity of the next record; the first of the outcome has to get it.
        """
        path, _, query = request.target.partition("?")
        if path == "/health":
            return Outcome(json_answer(200, _health(snapshot)))
        if self.driven or TIME_HEADER in request.headers:
            driven_us = self._driven_time(request)
            if isinstance(driven_us, Answer):
                return Outcome(driven_us)
            now_us = driven_us
        method = request.method
        if path.startswith("/c/"):
            if method not in ("GET", "HEAD"):
                return _not_allowed("GET, HEAD")
            return click(request, path[3:], query, snapshot, self.clicks, now_us=now_us, record=record)
        if path.startswith("/p/"):
            if method not in ("GET", "POST"):
                return _not_allowed("GET, POST")
            return postback(request, path[3:], query, snapshot, self.postbacks, now_us=now_us)
        if path.startswith("/i/"):
            if method not in ("GET", "HEAD"):
                return _not_allowed("GET, HEAD")
            return impression(request, path[3:], query, snapshot, self.clicks, now_us=now_us)
        if path.startswith("/s/"):
            if method not in ("GET", "HEAD"):
                return _not_allowed("GET, HEAD")
            return slot(request, path[3:], query, snapshot, self.clicks, now_us=now_us, record=record)
        match path:
            case "/s.js":
                if method not in ("GET", "HEAD"):
                    return _not_allowed("GET, HEAD")
                return Outcome(script(request))
            case "/v1/conversions":
                if method != "POST":
                    return _not_allowed("POST")
                return conversions(request, query, snapshot, self.postbacks, now_us=now_us)
            case "/_tick":
                if method != "POST":
                    return _not_allowed("POST")
                if not self.driven:
                    return Outcome(_LIVE)
                return Outcome(json_answer(202, {"status": "accepted"}), records=(Tick(seen_us=now_us),))
            case _:
                return Outcome(_NOT_FOUND)

    def _driven_time(self, request: Request) -> int | Answer:
        if not self.driven:
            return _LIVE
        text = request.header(TIME_HEADER) or ""
        return int(text) if _MOMENT.fullmatch(text) else _NO_TIME


_LIVE: Final = json_answer(
    409,
    {
        "status": "refused",
        "reason": "clock_is_live",
        "message": "This edge follows the real clock. Only one started for a replay takes the time from requests.",
    },
)
_NO_TIME: Final = json_answer(
    400,
    {
        "status": "refused",
        "reason": "time_missing",
        "message": "This edge is driven: each request says the time in the header Warum-Time, in microseconds.",
    },
)


def _not_allowed(allowed: str) -> Outcome:
    said = {"status": "refused", "reason": "method_not_allowed", "message": f"This address takes {allowed}."}
    return Outcome(json_answer(405, said, f"Allow: {allowed}\r\n"))


def _health(snapshot: Snapshot) -> dict[str, object]:
    return {
        "status": "ok",
        "links": len(snapshot.links),
        "advertisers": len(snapshot.advertisers),
        "bad_snapshot_lines": snapshot.bad_lines,
    }
