"""Webhooks: where parties hear of their receipts, and how far each has heard.

Nothing is queued for them: a webhook has a place in the log, and what lies behind it is what is still owed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """An address of an advertiser or a publisher; one of both is set.

    Attributes:
        position: index of the leaf up to which everything was delivered, or was not the party's; -1 before the first.
        first, last: indexes of leaves, of the message that is under way or failed; None when there is none.
        size: leaves under the checkpoint of the message that was delivered last.
        attempts: how often that message was tried; 0 after a success.
        due_us: when it is looked at next.
        tried_us: when something was sent last.
        answered: the HTTP status of that; None when there was no answer.
        outcome: the same in words.
    """

    id: int
    advertiser: int | None
    publisher: int | None
    url: str
    active: bool
    position: int
    first: int | None
    last: int | None
    size: int | None
    attempts: int
    due_us: int
    tried_us: int | None
    answered: int | None
    outcome: str | None
    row_version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookTry:
    """What came of one message.

    Attributes:
        before: the position that it followed.
        last: index of the last leaf in it.
        size: leaves under its checkpoint.
        delivered: whether the position moves on to it.
    """

    webhook: int
    before: int
    last: int
    size: int
    at_us: int
    answered: int | None
    outcome: str
    delivered: bool
    due_us: int


class WebhookStore(Protocol):
    """One transaction's view of the webhooks. Those that were removed are not there."""

    def add(self, *, advertiser: int | None, publisher: int | None, url: str, position: int, at_us: int) -> int: ...
    def webhook(self, webhook: int, *, lock: bool = False) -> Webhook | None: ...
    def webhooks(self, *, advertiser: int | None, publisher: int | None, after: int, limit: int) -> list[Webhook]:
        """By id."""
        ...

    def save(self, webhook: Webhook) -> int:
        """Address, whether it is active, attempts, and when it is due; the new row version."""
        ...

    def remove(self, webhook: int, *, at_us: int) -> int:
        """The new row version."""
        ...

    def claim(
        self, *, before: int, now_us: int, lease_us: int, limit: int, busy: Collection[int] = ()
    ) -> list[Webhook]:
        """Active ones that are due and stand before the leaf ``before``, the longest due first. Each is due again after
        the lease, so that a sender which dies is followed up.

        Args:
            busy: those that are under way.
        """
        ...

    def begin(self, webhook: int, *, first: int, last: int) -> None:
        """Set down what the message has that is about to be sent: repeated, it is the same one."""
        ...

    def skip(self, webhook: int, *, position: int, due_us: int) -> None:
        """Nothing up to there is the party's."""
        ...

    def settle(self, tries: Sequence[WebhookTry]) -> None:
        """What is no longer as it was when the message began is left as it is."""
        ...
