"""Awin's server-to-server call (help.awin.com, "Direct S2S integration"):
``sread.php?tt=ss&tv=2&merchant&amount&ch&parts=GROUP:amount|GROUP:amount&vc&cr&ref&testmode&cks``.

``cks`` holds the click id, ``ref`` the order, ``cr`` the currency. ``parts`` splits the order over commission groups.
One part is one conversion of its group, event type ``sale``. Several parts become one conversion each, event type
``sale:GROUP``, because a conversion has one group and thus one rule; later updates name the same event type. Parts of
the same group are added up, and all parts together must make the amount. Awin's group DEFAULT is our default group.

``ch`` names the channel that the shop itself paid for the sale. Another one than ``aw`` says that the sale is not
Awin's, here: not to be credited to a publisher of this network. The report is kept and the answer says so.
``merchant`` and ``vc`` are not needed and not kept."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from warum.edge.dialects.contract import Dialect, Pairs, RawReport, singles
from warum.kernel.refusal import Refusal

_NAMES: Final = frozenset(("tt", "tv", "amount", "ch", "parts", "cr", "ref", "testmode", "cks"))
_parts_max: Final = 50
_PART: Final = re.compile(r"([^:|]{1,64}):([0-9]{1,13}(?:\.[0-9]{1,4})?)")
_OUR_CHANNELS: Final = ("aw", "warum")
_MALFORMED: Final = Refusal(
    "parts_malformed",
    "parts has to read GROUP:amount, several separated by |, amounts with a dot and without a currency sign.",
    "parts",
)
_DIFFERENT: Final = Refusal("parts_do_not_add_up", "The amounts in parts do not add up to amount.", "parts")

_TOO_MANY: Final = Refusal("parts_too_many", f"parts holds at most {_parts_max} groups.", "parts")
_ALIKE: Final = Refusal(
    "parts_alike", "Two groups in parts differ by capital letters alone, and would be one conversion.", "parts"
)


def read(pairs: Pairs, click_names: frozenset[str]) -> list[RawReport] | Refusal:
    values = singles(pairs, _NAMES)
    if isinstance(values, Refusal):
        return values
    groups = _groups(values.get("parts"), values.get("amount"))
    if isinstance(groups, Refusal):
        return groups
    other_channel = values.get("ch", "aw").lower() not in _OUR_CHANNELS
    click = values.get("cks")
    return [
        RawReport(
            clicks=(click,) if click is not None and not other_channel else (),
            order_id=values.get("ref"),
            amount=amount,
            currency=values.get("cr"),
            status="sale",
            event_type="sale" if len(groups) == 1 else f"sale:{group or 'DEFAULT'}",
            group=group,
            test=values.get("testmode"),
            notes=("other_channel",) if other_channel else (),
        )
        for group, amount in groups.items()
    ]


def _groups(parts: str | None, amount: str | None) -> dict[str, str | None] | Refusal:
    """Amounts by group, in the order of the parts."""
    if parts is None:
        return {"": amount}
    sums: dict[str, Decimal] = {}
    listed = parts.strip("|").split("|")
    if len(listed) > _parts_max:
        return _TOO_MANY
    for part in listed:
        found = _PART.fullmatch(part.strip())
        if found is None:
            return _MALFORMED
        group = "" if found[1].upper() == "DEFAULT" else found[1]
        sums[group] = sums.get(group, Decimal()) + Decimal(found[2])
    if amount is not None and _PART.fullmatch(f"x:{amount}") and Decimal(amount) != sum(sums.values()):
        return _DIFFERENT
    if len({group.lower() for group in sums}) < len(sums):
        return _ALIKE
    return {group: str(total) for group, total in sums.items()}


DIALECT: Final = Dialect(name="awin", marks=frozenset(("tt", "tv")), names=_NAMES, read=read)
