"""The requests that a visitor's browser and a hotel's booking system would have sent, as bytes, each at its own time.

Every booking has a visitor of its own: without an address of their own, two guests of the same minute would be taken
for one who clicked twice. Postbacks are signed as Standard Webhooks has it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from warum.domain.webhook import signature
from warum.kernel.period import SECOND_US, iso
from warum.main.client import Answer
from warum.main.network import Network
from warum.main.replay.plan import Event, Kind, Plan

trusted_proxies: Final = ("127.0.0.1/32",)
"""The replay stands before its edge as a proxy would, and names each visitor's address."""

_AGENT: Final = b"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
_TAKEN: Final = {Kind.CLICK: 302, Kind.BOOKING: 202, Kind.END: 202}


class Requests:
    """Makes the request of an event.

    Args:
        network: where the links lead and whose secret signs.
        host: for the Host header.
    """

    def __init__(self, plan: Plan, network: Network, *, host: str) -> None:
        self._plan = plan
        self._network = network
        self._host = host.encode()
        self._reports = b"POST /v1/conversions?advertiser=%s HTTP/1.1\r\nHost: %s\r\n" % (
            network.advertiser_code.encode(),
            self._host,
        )

    def event(self, event: Event, tokens: Mapping[int, str]) -> bytes:
        """The request; a booking with a publisher brings the token of its click, which has to be there."""
        booking = self._plan.bookings[event.row - 1]
        program = self._network.program_codes[booking.program]
        match event.kind:
            case Kind.CLICK:
                assert booking.agent is not None
                return self._click(event, self._network.link_codes[booking.program, booking.agent])
            case Kind.BOOKING:
                said = (
                    f'"status":"booked","amount_minor":{booking.sale_minor},"currency":"EUR",'
                    f'"check_in":"{booking.check_in}","check_out":"{booking.check_out}"'
                )
                if booking.agent is not None:
                    said += f',"click_id":"{tokens[event.row]}"'
            case Kind.END:
                said = f'"status":"{booking.end}"'
                if booking.end == "stayed":
                    said += f',"check_out":"{iso(event.at_us)[:10]}"'
        return self._report(event, f'"program":"{program}",{said}')

    def tick(self, at_us: int) -> bytes:
        """Tells the edge how late it is when nothing happens any more."""
        return b"POST /_tick HTTP/1.1\r\nHost: %s\r\nWarum-Time: %d\r\nContent-Length: 0\r\n\r\n" % (self._host, at_us)

    def _click(self, event: Event, code: str) -> bytes:
        return (
            b"GET /c/%s?cons=1 HTTP/1.1\r\nHost: %s\r\nUser-Agent: %s\r\nX-Forwarded-For: 10.%d.%d.%d\r\n"
            b"Warum-Time: %d\r\n\r\n"
        ) % (
            code.encode(),
            self._host,
            _AGENT,
            event.row >> 16 & 255,
            event.row >> 8 & 255,
            event.row & 255,
            event.at_us,
        )

    def _report(self, event: Event, said: str) -> bytes:
        event_id = f"{event.row}-{event.kind.name.lower()}"
        body = f'{{"event_id":"{event_id}","order_id":"{event.row}","at":"{iso(event.at_us)}",{said}}}'.encode()
        timestamp_s = event.at_us // SECOND_US
        signed = signature(self._network.secret, message_id=event_id, timestamp_s=timestamp_s, content=body)
        return (
            b"%sContent-Type: application/json\r\nContent-Length: %d\r\nWarum-Time: %d\r\nWebhook-Id: %s\r\n"
            b"Webhook-Timestamp: %d\r\nWebhook-Signature: %s\r\n\r\n%s"
        ) % (self._reports, len(body), event.at_us, event_id.encode(), timestamp_s, signed.encode(), body)


def token_of(answer: Answer) -> str | None:
    """The click token in the address that a click was led to; None when there is none."""
    _, found, rest = answer.head.partition(b"?wrm=")
    return rest.split(b"\r\n", 1)[0].decode("ascii") if found else None


def refusal(event: Event, answer: Answer) -> str | None:
    """What is wrong with an answer, in words; None when the event was taken."""
    if answer.status == _TAKEN[event.kind]:
        return None
    said = answer.body[:500].decode("utf-8", "replace").strip()
    return f"the edge did not take the {event.kind.name.lower()} of row {event.row}: {answer.status} {said}"
