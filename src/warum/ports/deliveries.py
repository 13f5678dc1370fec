"""Outgoing postbacks: what is owed to which target, and what came of every attempt.

An announcement is enqueued in the transaction that changed the conversion, so that none is made up and none is lost. It
is delivered at least once, always under the same event id."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from warum.kernel.ids import RecordId


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """One step of a conversion that its publisher shall hear of.

    Attributes:
        seq: the conversion's ``seq`` after the step; (conversion, seq) is announced once per target.
        fields: what macros may ask for, by canonical name; ``domain.macros.conversion_fields`` makes it.
        due_us: when the first attempt may be made.
    """

    publisher: int
    conversion: int
    seq: int
    fields: Mapping[str, str]
    due_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """An announcement to one target, claimed for one attempt.

    Attributes:
        event_id: the same for every attempt.
        attempt: this attempt's number, from 1.
        active: False once the target was switched off; then nothing is sent any more.
        click: the record of the token's click; None when the conversion came by a reference.
        sub_ids: the publisher's sub ids as they were sealed; None when there are none.
        sub_day: the UTC day whose key sealed them.
    """

    id: int
    target: int
    publisher: int
    event_id: str
    attempt: int
    active: bool
    url_template: str
    secret_sealed: str
    fields: Mapping[str, str]
    click: RecordId | None
    sub_ids: bytes | None
    sub_day: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """What came of one attempt; a row of the delivery log.

    Attributes:
        answered: the HTTP status; None when there was no answer.
        outcome: in words, for the publisher and the operator.
        again_us: when to try again; None when it was delivered, or given up.
    """

    due: Due
    at_us: int
    answered: int | None
    outcome: str
    duration_ms: int
    delivered: bool
    again_us: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request to a partner.

    Attributes:
        body: of a POST; None for a GET.
        read: whether the answer's body is wanted.
    """

    url: str
    headers: Mapping[str, str]
    body: bytes | None = None
    read: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came of a request.

    Attributes:
        status: the HTTP status; None when there was no answer, and then ``words`` says why.
        retry_after_s: how long the partner asked to be left alone; None when it did not ask.
        body: empty unless it was asked for; a long one is cut.
    """

    status: int | None
    words: str
    retry_after_s: int | None = None
    body: bytes = b""


class Sender(Protocol):
    """The way out."""

    async def send(self, request: Request) -> Answer:
        """Send once, within a time limit. Whatever goes wrong is an answer without a status, never an exception."""
        ...


class DeliveryStore(Protocol):
    """The outbox and its log."""

    def enqueue(self, announcements: Sequence[Announcement]) -> int:
        """One row per announcement and active target of its publisher; the number of new rows. What was enqueued
        before is left as it is."""
        ...

    def claim(
        self, *, now_us: int, lease_us: int, limit: int, per_target: int, busy: Mapping[int, int] | None = None
    ) -> list[Due]:
        """Waiting announcements that are due, the oldest first, and no two of the same conversion and target at once,
        so that a publisher hears of the steps in their order.

        Each counts its attempt at once and is due again after the lease, so that a sender which dies is followed up.

        Args:
            per_target: at most so many of one target, those in ``busy`` (target id: number under way) included.
        """
        ...

    def settle(self, attempts: Iterable[Attempt]) -> None:
        """Write the log, and mark what is delivered or given up."""
        ...

    def backlog(self) -> tuple[int, int]:
        """(waiting, given up)."""
        ...
