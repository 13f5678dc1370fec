"""The operations of the log; part of the table of all (``app.operations``)."""

from __future__ import annotations

from typing import Final

from warum.app.call import AnyOperation, Composed
from warum.app.log import receipts
from warum.app.roles import EVERYBODY

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
        summary="List receipts of a conversion, a proposal, a rule or a pair of partners, or all that are yours.",
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
)
