"""How partners spell a conversion. A dialect turns parameters into raw reports, which are still text; what the text
means is decided in one place for all (``warum.edge.reports``). A new dialect is a file here and a line in the table."""

from collections.abc import Mapping
from typing import Final

from warum.edge.dialects import awin, generic
from warum.edge.dialects.contract import Dialect, Pairs, RawReport

DIALECTS: Final[Mapping[str, Dialect]] = {dialect.name: dialect for dialect in (awin.DIALECT, generic.DIALECT)}


def recognise(pairs: Pairs) -> Dialect | None:
    """The dialect that ``dialect=`` names (None if there is none of that name), else the first that recognises its own
    parameters; the generic one takes everything."""
    for name, value in pairs:
        if name == "dialect":
            return DIALECTS.get(value.lower())
    names = {name for name, _ in pairs}
    return next((dialect for dialect in DIALECTS.values() if dialect.marks <= names), None)


__all__ = ["DIALECTS", "Dialect", "Pairs", "RawReport", "recognise"]
