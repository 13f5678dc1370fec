"""The operations of the log; part of the table of all (``app.operations``)."""

from __future__ import annotations

from typing import Final

from warum.app.call import AnyOperation, Change, Composed, Read
from warum.app.log import contests, erasure, receipts, webhooks
from warum.app.roles import EVERYBODY, OPERATOR, STAFF, STAFF_OR_PARTY, STAFF_OR_PUBLISHER

LOG: Final[tuple[AnyOperation, ...]] = (
    Composed(
        name="log.show",
        summary="Show the log of receipts: its name, key, size and newest checkpoint.",
        input=receipts.LogShow,
        output=receipts.LogOut,
        roles=EVERYBODY,
        run=receipts.show_log,
    ),
    Composed(
        name="receipt.list",
        summary="List receipts of a conversion, a proposal, a rule, a contest or a pair of partners, or all of yours.",
        input=receipts.ReceiptList,
        output=receipts.Receipts,
        roles=EVERYBODY,
        run=receipts.list_receipts,
    ),
    Composed(
        name="receipt.show",
        summary="Show one receipt, with its proof.",
        input=receipts.ReceiptShow,
        output=receipts.ReceiptOut,
        roles=EVERYBODY,
        run=receipts.show_receipt,
    ),
    Composed(
        name="receipt.file",
        summary="Make a file of receipts that can be verified offline.",
        input=receipts.ReceiptFile,
        output=receipts.ReceiptFileOut,
        roles=EVERYBODY,
        run=receipts.receipt_file,
    ),
    Composed(
        name="statement.list",
        summary="List monthly statements of advertisers with publishers, the newest first.",
        input=receipts.StatementList,
        output=receipts.Statements,
        roles=EVERYBODY,
        run=receipts.list_statements,
    ),
    # Contests
    Change(
        name="contest.open",
        summary="Contest what was decided against a publisher's income; a person answers within 14 days.",
        input=contests.ContestOpen,
        output=contests.ContestOut,
        roles=STAFF_OR_PUBLISHER,
        run=contests.open_contest,
        own=contests.own_subject,
    ),
    Change(
        name="contest.answer",
        summary="Answer a contest, with a reason that the publisher reads. Only a person can.",
        input=contests.ContestAnswer,
        output=contests.ContestOut,
        roles=STAFF,
        run=contests.answer_contest,
    ),
    Composed(
        name="contest.show",
        summary="Show a contest, with what was said.",
        input=contests.ContestShow,
        output=contests.ContestOut,
        roles=EVERYBODY,
        run=contests.show_contest,
    ),
    Composed(
        name="contest.list",
        summary="List contests, what is due first coming first.",
        input=contests.ContestList,
        output=contests.Contests,
        roles=EVERYBODY,
        run=contests.list_contests,
    ),
    # Erasure
    Change(
        name="conversion.erase",
        summary="Erase what may lead to a person about a conversion. It cannot be undone; the books stay right.",
        input=erasure.ConversionErase,
        output=erasure.ConversionErased,
        roles=OPERATOR,
        run=erasure.erase_conversion,
    ),
    Change(
        name="publisher.erase",
        summary="Erase a natural person as a publisher. It cannot be undone; the books stay right.",
        input=erasure.PublisherErase,
        output=erasure.PublisherErased,
        roles=OPERATOR,
        run=erasure.erase_publisher,
    ),
    # Webhooks
    Change(
        name="webhook.create",
        summary="Have receipts sent to an address of an advertiser or a publisher, as they come into being.",
        input=webhooks.WebhookCreate,
        output=webhooks.WebhookOut,
        roles=STAFF_OR_PARTY,
        run=webhooks.create_webhook,
        own=webhooks.own_party,
    ),
    Change(
        name="webhook.change",
        summary="Pause a webhook, let it go on, or give it another address.",
        input=webhooks.WebhookChange,
        output=webhooks.WebhookOut,
        roles=STAFF_OR_PARTY,
        run=webhooks.change_webhook,
        own=webhooks.own_webhook,
    ),
    Change(
        name="webhook.remove",
        summary="Remove a webhook, for ever.",
        input=webhooks.WebhookRemove,
        output=webhooks.WebhookOut,
        roles=STAFF_OR_PARTY,
        run=webhooks.remove_webhook,
        own=webhooks.own_webhook,
    ),
    Read(
        name="webhook.list",
        summary="List webhooks, how far each has heard, and what it answered last.",
        input=webhooks.WebhookList,
        output=webhooks.Webhooks,
        roles=EVERYBODY,
        run=webhooks.list_webhooks,
    ),
)
