"""The operations of the log; part of the table of all (``app.operations``)."""

from __future__ import annotations

from typing import Final

from warum.app.call import AnyOperation, Change, Composed, Read
from warum.app.log import receipts, webhooks
from warum.app.roles import EVERYBODY, STAFF_OR_PARTY

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
        summary="List receipts of a conversion, a proposal or a rule, or all that are yours.",
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
        summary="List the monthly statements of an advertiser with a publisher, the newest first.",
        input=receipts.StatementList,
        output=receipts.Statements,
        roles=EVERYBODY,
        run=receipts.list_statements,
    ),
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
