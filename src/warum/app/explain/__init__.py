"""Why a conversion stands as it stands: the whole way from the click to the postings, as data and in words."""

from warum.app.explain.facts import explain
from warum.app.explain.shapes import ConversionExplain, Explanation, Lang

__all__ = ["ConversionExplain", "Explanation", "Lang", "explain"]
