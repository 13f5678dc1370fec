"""The sample network: who there is, and what is true of them.

Two hotels, a restaurant group, a food brand and a shop; forty publishers of different kinds and quality, one of them
dishonest. The restaurant group sells vouchers under the retail rules. ``World`` holds the truth; ``visits`` and
``cohorts`` let it happen, as single people or as counts. ``Conditions`` makes a world difficult, one concern a page:
``drift``, ``interference``, ``delays``, ``traffic``, ``contexts`` and ``troubles``."""

from warum.sim.world.conditions import CONDITIONS, PLAIN, Conditions
from warum.sim.world.contexts import Context, Contexts
from warum.sim.world.delays import Delays
from warum.sim.world.drift import Drift
from warum.sim.world.interference import Interference, Past
from warum.sim.world.network import publishers_count
from warum.sim.world.parties import Advertiser, Arm, Floats, Life, Offer, Publisher
from warum.sim.world.traffic import Loss, Traffic
from warum.sim.world.troubles import Trouble
from warum.sim.world.truth import START_US, TIMEZONE, ArmTruth, Day, World, world

__all__ = [
    "CONDITIONS",
    "PLAIN",
    "START_US",
    "TIMEZONE",
    "Advertiser",
    "Arm",
    "ArmTruth",
    "Conditions",
    "Context",
    "Contexts",
    "Day",
    "Delays",
    "Drift",
    "Floats",
    "Interference",
    "Life",
    "Loss",
    "Offer",
    "Past",
    "Publisher",
    "Traffic",
    "Trouble",
    "World",
    "publishers_count",
    "world",
]
