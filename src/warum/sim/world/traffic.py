"""Traffic as it is: a few publishers bring nearly all of it, it comes in bursts, each one's visitors have other
devices, and sometimes a split is broken (sample-ratio mismatch): exposures of one arm are lost uncounted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from warum.sim.world.contexts import DEVICES
from warum.sim.world.parties import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """A fault: ``share`` of the exposures of one arm (its number, in every offer) on one device are lost before they
    are recorded, with all that came of them."""

    arm: int
    device: str
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """Who comes, and when.

    Attributes:
        zipf: publishers' volumes fall with this power of their rank, which is drawn; 0 leaves them as their kinds are.
        burst: factor of a publisher's traffic on the day of a burst; what is added comes within one hour.
        burst_rate: share of a publisher's days that have one.
        device_mix: shares of phone, desktop and tablet.
        device_spread: standard deviation of the logarithm of a publisher's own weights of the three.
        loss: a broken split; None for none.
    """

    zipf: float = 0.0
    burst: float = 1.0
    burst_rate: float = 0.0
    device_mix: tuple[float, float, float] = (0.5, 0.5, 0.0)
    device_spread: float = 0.0
    loss: Loss | None = None


def ranked(traffic: Traffic, key: tuple[int, ...], publishers: int) -> Floats:
    """Volumes by rank, with a mean of one."""
    ranks = 1.0 + np.random.default_rng(key).permutation(publishers)
    volumes = ranks**-traffic.zipf
    return volumes / volumes.mean()


def bursts(traffic: Traffic, key: tuple[int, ...], publishers: int) -> tuple[Floats, Floats]:
    """Factor of each publisher's traffic on a day, and the hour (0 to 23) of what is added."""
    rng = np.random.default_rng(key)
    hit = rng.random(publishers) < traffic.burst_rate
    return np.where(hit, traffic.burst, 1.0), np.floor(24 * rng.random(publishers))


def devices(traffic: Traffic, key: tuple[int, ...], publishers: int) -> Floats:
    """Publishers x devices; rows add up to one."""
    own = np.exp(traffic.device_spread * np.random.default_rng(key).standard_normal((publishers, len(DEVICES))))
    weights = np.array(traffic.device_mix) * own
    return weights / weights.sum(axis=1, keepdims=True)


def recorded(traffic: Traffic, arms: int) -> Floats:
    """Devices x arms: the share of the exposures that is recorded."""
    kept = np.ones((len(DEVICES), arms))
    if traffic.loss is not None and traffic.loss.arm < arms:
        kept[DEVICES.index(traffic.loss.device), traffic.loss.arm] -= traffic.loss.share
    return kept
