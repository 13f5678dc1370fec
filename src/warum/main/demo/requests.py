"""The requests of the sample network, as bytes: what browsers, crawlers and shops send. Each visitor has an address of
its own, named as a proxy before the edge would name it."""

from __future__ import annotations

import json
from hashlib import blake2b
from typing import Final
from urllib.parse import quote

from warum.domain.webhook import signature
from warum.kernel.period import SECOND_US, iso
from warum.main.demo.story import Oddity, Report, consent_query
from warum.sim.visits import Visit

# Five minutes of a demo pass within a fraction of a second. The partners' clocks run ahead by most of what a signature
# is allowed, so that nearly twice of it is left for the way.
_ahead_us: Final = 240 * SECOND_US


class Requests:
    """Args:
    host: for the Host header.
    """

    def __init__(self, host: str) -> None:
        self._host = host

    def click(self, visit: Visit, code: str) -> bytes:
        """The click of a visit on a link."""
        return self._visit(visit, f"/c/{code}?{consent_query(visit)}")

    def slot(self, visit: Visit, code: str) -> bytes:
        """A publisher's page asks what to show."""
        return self._visit(visit, f"/s/{code}?{consent_query(visit)}")

    def from_slot(self, visit: Visit, address: str) -> bytes:
        """What follows from a creative: that it was seen, or the click on it.

        Args:
            address: relative to the slot's.
        """
        return self._visit(visit, address.removeprefix(".."))

    def odd(self, visit: Visit, code: str, oddity: Oddity) -> bytes:
        """What comes before the click; of a double click, the same once more."""
        match oddity:
            case Oddity.DOUBLE_CLICK:
                return self.click(visit, code)
            case Oddity.PREVIEW:
                return self._visit(visit, f"/c/{code}", method="HEAD")
            case Oddity.PREFETCH:
                return self._visit(visit, f"/c/{code}?{consent_query(visit)}", more="Sec-Purpose: prefetch\r\n")
            case Oddity.CUT_LINK:
                return self._visit(visit, f"/c/{code[:-3]}")
            case Oddity.FOREIGN_PAGE:
                elsewhere = quote("https://elsewhere.example/", safe="")
                return self._visit(visit, f"/c/{code}?{consent_query(visit)}&to={elsewhere}")

    def report(self, report: Report, secret: bytes, *, now_us: int) -> bytes:
        """A signed report (Standard Webhooks), sent now."""
        body = json.dumps({**report.said(), "at": iso(report.at_us)}).encode()
        timestamp_s = (now_us + _ahead_us) // SECOND_US
        signed = signature(secret, message_id=report.event_id, timestamp_s=timestamp_s, content=body)
        head = (
            f"POST /v1/conversions?advertiser={report.advertiser} HTTP/1.1\r\nHost: {self._host}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\nWebhook-Id: {report.event_id}\r\n"
            f"Webhook-Timestamp: {timestamp_s}\r\nWebhook-Signature: {signed}\r\n\r\n"
        )
        return head.encode() + body

    def health(self) -> bytes:
        return f"GET /health HTTP/1.1\r\nHost: {self._host}\r\n\r\n".encode()

    def _visit(self, visit: Visit, target: str, *, method: str = "GET", more: str = "") -> bytes:
        return (
            f"{method} {target} HTTP/1.1\r\nHost: {self._host}\r\nUser-Agent: {visit.agent}\r\n"
            f"X-Forwarded-For: {_address(visit)}\r\n{more}\r\n"
        ).encode()


def _address(visit: Visit) -> str:
    """From the block for private networks, so that nobody's address is made up."""
    digest = blake2b(str(visit.number).encode(), digest_size=3).digest()
    return "10." + ".".join(str(byte) for byte in digest)
