"""Why a report was not applied, in words for the advertiser. The report is kept either way."""

from __future__ import annotations

from typing import Final

from warum.domain.catalog import Terms
from warum.kernel.refusal import Refusal

ORDER_UNKNOWN: Final = Refusal(
    code="order_unknown",
    message="No order with this id has been reported yet. It is kept and applied as soon as the order comes.",
    field="order_id",
)
ORDER_ID_MISSING: Final = Refusal(
    code="order_id_missing",
    message="Without an order id, only a report with a valid click token can be told from another. Send the order id.",
    field="order_id",
)
AMOUNT_OUT_OF_RANGE: Final = Refusal(
    code="amount_out_of_range",
    message="The amount is negative or beyond belief. It is kept for a person to look at; nothing was changed.",
    field="amount",
)
CURRENCY_MISSING: Final = Refusal(
    code="currency_missing",
    message="The program takes several currencies; say which one the amount is in.",
    field="currency",
)
PROGRAM_UNCLEAR: Final = Refusal(
    code="program_unclear",
    message="The advertiser has several programs, and neither a click id nor a program code says which one is meant.",
    field="program",
)


def currency_not_listed(currency: str, terms: Terms) -> Refusal:
    """A first report in a currency that the program does not take."""
    listed = ", ".join(terms.currencies)
    return Refusal(
        code="currency_not_listed",
        message=f"The program {terms.code} takes {listed}, not {currency}. Nothing is converted; the report is kept.",
        field="currency",
    )


def currency_differs(currency: str, booked: str) -> Refusal:
    """A later report in another currency than the order's."""
    return Refusal(
        code="currency_differs",
        message=f"The order was booked in {booked}; a report in {currency} cannot change it. The report is kept.",
        field="currency",
    )


def amounts_differ(amount_minor: int, booked_minor: int) -> Refusal:
    """The same order booked again with another amount."""
    return Refusal(
        code="amounts_differ",
        message=(
            f"The order was booked before with {booked_minor} and not {amount_minor} minor units. Nothing was changed; "
            "if the order was amended, report an amendment."
        ),
        field="amount",
    )


def program_unknown(code: str) -> Refusal:
    return Refusal(
        code="program_unknown",
        message=f"The advertiser has no program '{code}'. The report is kept; correct the code or leave it out.",
        field="program",
    )
