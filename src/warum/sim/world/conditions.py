"""What may be difficult about a world, in one record; everything is off unless asked for.

``CONDITIONS`` has worlds to be judged in, each with one difficulty at a strength that a campaign may well meet. Nothing
was tuned on them: they were set before anything was measured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from warum.sim.world.contexts import Contexts
from warum.sim.world.delays import Delays
from warum.sim.world.drift import Drift
from warum.sim.world.interference import Interference
from warum.sim.world.traffic import Traffic
from warum.sim.world.troubles import Trouble


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    drift: Drift = field(default_factory=Drift)
    interference: Interference = field(default_factory=Interference)
    delays: Delays = field(default_factory=Delays)
    traffic: Traffic = field(default_factory=Traffic)
    contexts: Contexts = field(default_factory=Contexts)
    troubles: tuple[Trouble, ...] = ()

    @property
    def remembers(self) -> bool:
        """Whether what is shown today changes what is true tomorrow."""
        return self.interference != Interference() or self.drift.wear != 0


PLAIN: Final = Conditions()

CONDITIONS: Final[Mapping[str, Conditions]] = {
    "plain": PLAIN,
    "drift": Conditions(drift=Drift(walk=0.02, swap_day=42, wear=0.004, season=0.1)),
    "interference": Conditions(
        interference=Interference(capacity=2.0, capacity_days=2, returning=0.3, linger=0.3, shift=0.5)
    ),
    "delays": Conditions(
        delays=Delays(longer=2.0, shape=0.6, by_arm=0.4, early_cancels=0.5, late=0.5, wave=2.0, wave_rate=0.15)
    ),
    "unequal": Conditions(
        traffic=Traffic(zipf=1.2, burst=6.0, burst_rate=0.03, device_mix=(0.62, 0.33, 0.05), device_spread=0.6)
    ),
    "contexts": Conditions(
        traffic=Traffic(device_mix=(0.62, 0.33, 0.05), device_spread=0.6),
        contexts=Contexts(size=0.1, device_level=0.25),
    ),
}
