"""What is unusual in a stream of numbers, told as they come, from nothing but what came before.

``stream`` judges any series of measurements: level, season, scale, and how surprising the newest value is beside the
stream's own past. ``counts`` judges counts and shares where the chances are known: Poisson and binomial, spread wider
than textbook ones because real traffic is. ``tails`` and ``profiles`` are what ``stream`` is made of."""

from warum.domain.anomaly.counts import Surprise, count_interval, count_surprise, share_interval, share_surprise
from warum.domain.anomaly.stream import Reading, Stream, alarm_score, scores

__all__ = [
    "Reading",
    "Stream",
    "Surprise",
    "alarm_score",
    "count_interval",
    "count_surprise",
    "scores",
    "share_interval",
    "share_surprise",
]
