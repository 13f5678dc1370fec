"""Webhooks, as parties set them up: where they hear of their receipts, and how far they have heard."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Annotated, Final

from pydantic import Field

from warum.app.border import (
    AdvertiserRef,
    Limit,
    PublisherRef,
    ReasonText,
    Version,
    WebhookRef,
    border,
    missing,
    moment,
    stale,
)
from warum.app.call import Call, Done
from warum.domain.webhook import url_refusal
from warum.kernel.ids import public
from warum.kernel.refusal import Kind, Refusal
from warum.ports.database import Role, Scope, Tx
from warum.ports.webhooks import Webhook

webhooks_max: Final = 10
"""Of one party."""

Url = Annotated[
    str,
    Field(
        min_length=1,
        max_length=2000,
        description="Where receipts are sent, by POST, such as https://you.example/receipts.",
    ),
]


@border
class WebhookOut:
    id: WebhookRef
    advertiser: AdvertiserRef | None
    publisher: PublisherRef | None
    url: str
    active: bool
    position: Annotated[int, Field(description="Up to this leaf everything was delivered, or is not yours.")]
    attempts: Annotated[int, Field(description="Failed attempts since the last success.")]
    tried_at: Annotated[datetime | None, Field(description="When something was sent last.")]
    answered: Annotated[int | None, Field(description="The HTTP status of that; null: no answer.")]
    outcome: Annotated[str | None, Field(description="The same in words.")]
    next_at: Annotated[datetime | None, Field(description="When it is tried again, after a failure.")]
    row_version: int


@border
class Webhooks:
    webhooks: tuple[WebhookOut, ...]


@border
class WebhookCreate:
    """Of an advertiser or a publisher; a party leaves both out."""

    url: Url
    advertiser: AdvertiserRef | None = None
    publisher: PublisherRef | None = None
    after: Annotated[
        int, Field(ge=-1, lt=2**62, description="The last leaf that you have; -1: send all there is.")
    ] = -1


def create_webhook(tx: Tx, call: Call, ask: WebhookCreate) -> Done[WebhookOut] | Refusal:
    advertiser, publisher = _whose(call.caller.scope, ask)
    if (advertiser is None) == (publisher is None):
        return Refusal(
            code="webhook_of_whom",
            message="Say whose receipts are sent there: an advertiser's or a publisher's.",
            field="advertiser",
        )
    if advertiser is not None and tx.catalog.advertiser(advertiser) is None:
        return missing("advertiser", advertiser)
    if publisher is not None and tx.catalog.publisher(publisher) is None:
        return missing("publisher", publisher)
    if refusal := url_refusal(ask.url, plain=call.deps.allow_private):
        return refusal
    if len(tx.webhooks.webhooks(advertiser=advertiser, publisher=publisher, after=0, limit=webhooks_max)) >= (
        webhooks_max
    ):
        return Refusal(
            code="webhooks_too_many",
            message=f"There are {webhooks_max} webhooks already. Remove one that is no longer needed.",
            field="url",
            kind=Kind.CONFLICT,
        )
    made = tx.webhooks.add(
        advertiser=advertiser, publisher=publisher, url=ask.url, position=ask.after, at_us=call.now_us
    )
    found = tx.webhooks.webhook(made)
    assert found is not None
    return _done(found, before=None)


@border
class WebhookChange:
    """A pause keeps the place: what came meanwhile is sent when it is over."""

    webhook: WebhookRef
    active: Annotated[bool | None, Field(description="False: a pause.")] = None
    url: Url | None = None
    reason: ReasonText | None = None
    expected_version: Version | None = None


def change_webhook(tx: Tx, call: Call, ask: WebhookChange) -> Done[WebhookOut] | Refusal:
    found = _to_change(tx, ask.webhook, ask.expected_version)
    if isinstance(found, Refusal):
        return found
    if ask.url is not None and (refusal := url_refusal(ask.url, plain=call.deps.allow_private)):
        return refusal
    changed = replace(
        found,
        url=found.url if ask.url is None else ask.url,
        active=found.active if ask.active is None else ask.active,
        # Whoever says so has looked after it: it is tried at once.
        attempts=0,
        due_us=call.now_us,
    )
    return _done(replace(changed, row_version=tx.webhooks.save(changed)), before=found.row_version)


@border
class WebhookRemove:
    webhook: WebhookRef
    reason: ReasonText | None = None
    expected_version: Version | None = None


def remove_webhook(tx: Tx, call: Call, ask: WebhookRemove) -> Done[WebhookOut] | Refusal:
    found = _to_change(tx, ask.webhook, ask.expected_version)
    if isinstance(found, Refusal):
        return found
    row_version = tx.webhooks.remove(found.id, at_us=call.now_us)
    return _done(replace(found, active=False, row_version=row_version), before=found.row_version)


@border
class WebhookList:
    advertiser: AdvertiserRef | None = None
    publisher: PublisherRef | None = None
    after: Annotated[WebhookRef | None, Field(description="The last one of the page before.")] = None
    limit: Limit = 50


def list_webhooks(tx: Tx, call: Call, ask: WebhookList) -> Webhooks | Refusal:
    found = tx.webhooks.webhooks(
        advertiser=ask.advertiser, publisher=ask.publisher, after=ask.after or 0, limit=ask.limit
    )
    return Webhooks(webhooks=tuple(map(_out, found)))


def own_party(tx: Tx, ask: WebhookCreate) -> Refusal | None:
    """Parties see themselves alone."""
    if ask.advertiser is not None and tx.catalog.advertiser(ask.advertiser) is None:
        return missing("advertiser", ask.advertiser)
    if ask.publisher is not None and tx.catalog.publisher(ask.publisher) is None:
        return missing("publisher", ask.publisher)
    return None


def own_webhook(tx: Tx, ask: WebhookChange | WebhookRemove) -> Refusal | None:
    """Parties see their own alone."""
    return missing("webhook", ask.webhook) if tx.webhooks.webhook(ask.webhook) is None else None


def _whose(scope: Scope, ask: WebhookCreate) -> tuple[int | None, int | None]:
    if ask.advertiser is None and ask.publisher is None:
        match scope.role:
            case Role.ADVERTISER:
                return scope.party, None
            case Role.PUBLISHER:
                return None, scope.party
            case Role.OPERATOR | Role.MANAGER | Role.AUDITOR | Role.SYSTEM:
                pass
    return ask.advertiser, ask.publisher


def _to_change(tx: Tx, webhook: int, expected: int | None) -> Webhook | Refusal:
    found = tx.webhooks.webhook(webhook, lock=True)
    if found is None:
        return missing("webhook", webhook)
    return stale(found.row_version, expected) or found


def _done(found: Webhook, *, before: int | None) -> Done[WebhookOut]:
    return Done(
        output=_out(found),
        subject=public("webhook", found.id),
        before=before,
        after=found.row_version,
        advertiser=found.advertiser,
        publisher=found.publisher,
    )


def _out(found: Webhook) -> WebhookOut:
    return WebhookOut(
        id=found.id,
        advertiser=found.advertiser,
        publisher=found.publisher,
        url=found.url,
        active=found.active,
        position=found.position,
        attempts=found.attempts,
        tried_at=moment(found.tried_us),
        answered=found.answered,
        outcome=found.outcome,
        next_at=moment(found.due_us) if found.active and found.attempts else None,
        row_version=found.row_version,
    )
