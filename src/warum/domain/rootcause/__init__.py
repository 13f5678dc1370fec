"""Why did a number change? Which values of which dimensions explain it, in order, and what stays unexplained.

``explain`` is the door for sums (clicks, bookings, value) and ratios (CR, AOV, ROAS, cancellation rate). ``effects``
splits a ratio's change by the values of one dimension into rate and mix, exactly. ``cells`` looks through single
values, pairs and triples of them for the one whose change stands out."""

from warum.domain.rootcause.cells import Cell
from warum.domain.rootcause.effects import Effect, effects
from warum.domain.rootcause.explain import Cause, Explanation, Part, explain
from warum.domain.rootcause.leaves import Leaves, leaves_from

__all__ = ["Cause", "Cell", "Effect", "Explanation", "Leaves", "Part", "effects", "explain", "leaves_from"]
