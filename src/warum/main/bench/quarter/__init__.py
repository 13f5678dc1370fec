"""A simulated quarter with bots, beside the same quarter without them and with rules of thumb.

Each world has its own troubles: tracking that dies, pages that break, prices that expire, links that disappear. The
same person looks after it three times: with a monthly review alone, with the rules that good account managers use, and
with the bots, deciding what they ask. Counted is the true margin of what is credited. What was assumed of people and
money stands in ``life`` and ``hands``, and was fixed before the first full run."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from statistics import median
from time import perf_counter
from typing import Final

from warum.main.bench.quarter.hands import Score, by_bots, by_nobody, by_thumb
from warum.main.bench.quarter.life import begun

seeds_default: Final = 20
wins_min: Final = 18
held_min: Final = 0.85
asked_max: Final = 7.0

LIMITS: Final = (
    "The world is our own, and so are its troubles: eight a quarter, of four kinds that the watch knows.",
    "Bots on: creative and watch. Scout, quality, budget and routine are judged by benchmarks of their own.",
    "A sale whose tracking is dead counts nothing; nobody goes back to settle it. The merchant keeps 30 % of a sale.",
    "Whoever is told mends it in two days; a person agrees with nine of ten proposals. Looking costs nothing.",
    "What the watch counts and what the creative bot counts are two draws from the same truth.",
)


def run(argv: Sequence[str]) -> dict[str, object]:
    """The benchmark as the command line has it."""
    parser = argparse.ArgumentParser(prog="warum bench world")
    parser.add_argument("--seeds", type=int, default=seeds_default)
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--apart", action="store_true", help="also with each bot alone, which takes twice as long")
    asked = parser.parse_args(argv)
    first: int = asked.first_seed
    count: int = asked.seeds
    started = perf_counter()
    played: list[tuple[Score, Score, Score]] = []
    alone: dict[str, list[float]] = {"creative": [], "watch": []}
    for seed in range(first, first + count):
        scores = by_nobody(begun(seed)), by_thumb(begun(seed)), by_bots(begun(seed))
        played.append(scores)
        if asked.apart:
            alone["creative"].append(by_bots(begun(seed), watching=False).margin_minor / scores[0].margin_minor - 1)
            alone["watch"].append(by_bots(begun(seed), creative=False).margin_minor / scores[0].margin_minor - 1)
        none, thumb, bots = (score.margin_minor for score in scores)
        print(f"seed {seed}: {bots / none - 1:+.1%} on nobody, {bots / thumb - 1:+.1%} on thumb", file=sys.stderr)
    apart = {f"margin_gain_{name}_alone": _rounded(median(gains)) for name, gains in alone.items() if gains}
    return {**figures(played), **apart, "limits": list(LIMITS), "seconds": round(perf_counter() - started, 1)}


def figures(played: Sequence[tuple[Score, Score, Score]]) -> dict[str, object]:
    """Of (nobody, rules of thumb, bots) by seed."""
    on_nobody = [bots.margin_minor / none.margin_minor - 1 for none, _, bots in played]
    on_thumb = [bots.margin_minor / thumb.margin_minor - 1 for _, thumb, bots in played]
    wins = sum(one > 0 and other > 0 for one, other in zip(on_nobody, on_thumb, strict=True))
    bots = [score for _, _, score in played]
    promised, held = sum(one.promised for one in bots), sum(one.held for one in bots)
    days = [count for one in bots for count in one.asked_by_day]
    held_share = held / promised if promised else 1.0
    goals = wins >= wins_min * len(played) / seeds_default and held_share >= held_min and max(days) <= asked_max
    return {
        "margin_gain": _rounded(median(on_nobody)),
        "margin_gain_on_rules_of_thumb": _rounded(median(on_thumb)),
        "seeds_better_than_both": wins,
        "seeds": len(played),
        "promises_held": _rounded(held_share),
        "promises": promised,
        "proposals_per_day": _rounded(sum(days) / len(days)),
        "proposals_per_day_max": max(days),
        "passed": goals,
        "margin_gain_min": _rounded(min(on_nobody)),
        "margin_gain_on_rules_of_thumb_min": _rounded(min(on_thumb)),
        "findings": sum(one.found for one in bots),
        "findings_real": sum(one.real for one in bots),
        "days_broken": {
            name: sum(scores[place].days_broken for scores in played)
            for place, name in enumerate(("nobody", "rules_of_thumb", "bots"))
        },
        "anchors": {
            "rules_of_thumb_margin_gain": _rounded(
                median(thumb.margin_minor / none.margin_minor - 1 for none, thumb, _ in played)
            ),
            "rules_of_thumb_findings": sum(thumb.found for _, thumb, _ in played),
            "rules_of_thumb_findings_real": sum(thumb.real for _, thumb, _ in played),
        },
    }


def _rounded(share: float) -> float:
    return round(share, 4)
