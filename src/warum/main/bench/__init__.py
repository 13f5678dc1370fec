"""``warum bench``: measurements, each of which ends in one line of JSON.

A benchmark is one file here, with ``run(argv)``, and one line in the table. It takes its own options and prints what it
does on the way to standard error; standard output has the JSON line and, without ``--json``, the same indented before
it. It passes unless its result says ``passed: false``."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Final


@dataclass(frozen=True, slots=True)
class Bench:
    """What it measures, in a sentence. ``module`` is loaded only when it is asked for."""

    summary: str
    module: str


BENCHES: Final[Mapping[str, Bench]] = {
    "anomaly": Bench(
        "What is unusual in a stream, by the rules and the files of the Numenta anomaly benchmark.",
        "warum.main.bench.anomaly",
    ),
    "attribution": Bench(
        "Shares of channels against what they truly bring, from journeys and with holdouts, in made-up worlds.",
        "warum.main.bench.attribution",
    ),
    "budget": Bench(
        "Response curves and the split of a budget, against known contributions and the best split of made-up markets.",
        "warum.main.bench.budget",
    ),
    "choose": Bench(
        "How long the choice of an arm takes on the click path, snapshot lookup included.", "warum.main.bench.choose"
    ),
    "confounded": Bench(
        "The effect of a treatment nobody drew lots for, in subsamples whose truth is known, beside EconML.",
        "warum.main.bench.confounded",
    ),
    "creatives": Bench(
        "Real A/B tests replayed in the order of time: what the allocation earns beside an A/B test and Thompson.",
        "warum.main.bench.creatives",
    ),
    "creative-loop": Bench(
        "Approving what the creative bot proposes, against an oracle, in worlds with known truth.",
        "warum.main.bench.creative_loop",
    ),
    "durability": Bench(
        "Kills edge and worker under load, as a power cut would: is all there that was acknowledged?",
        "warum.main.bench.durability",
    ),
    "edge": Bench(
        "Clicks a second, each on disk before its answer, and how long they take at a fixed rate.",
        "warum.main.bench.edge",
    ),
    "fraud": Bench(
        "Six kinds of fraud injected into the stream of real bookings: recall, and honest publishers left alone.",
        "warum.main.bench.fraud",
    ),
    "ingest": Bench(
        "Records a second that the worker turns into counts, conversions and postings.", "warum.main.bench.ingest"
    ),
    "off-policy": Bench(
        "Judging a policy from another one's log: error, coverage and refusals, on Open Bandit and in made-up worlds.",
        "warum.main.bench.off_policy",
    ),
    "peeking": Bench(
        "Looking every day at tests without a difference, and what looking costs in power, on real headlines.",
        "warum.main.bench.peeking",
    ),
    "replay-decisions": Bench(
        "A million draws made by the edge and drawn again from its journal; altered records found; answers of bots.",
        "warum.main.bench.replay_decisions",
    ),
    "publishers": Bench(
        "Which publishers will bring the most after cancellations: hotels' agents, ranked from six days on.",
        "warum.main.bench.publishers",
    ),
    "sample-ratio": Bench(
        "A broken assignment found as it happens, without being told when, on real headlines.",
        "warum.main.bench.sample_ratio",
    ),
    "root-cause": Bench(
        "Whether the true cause of a change is named first, of faults put into leaves of four dimensions.",
        "warum.main.bench.root_cause",
    ),
    "routine": Bench(
        "Reminders, answers to claims and repaired links in made-up weeks: how many are right, does one leave unseen.",
        "warum.main.bench.routine",
    ),
    "world": Bench(
        "A simulated quarter in which things go wrong: with bots, without them, and with rules of thumb.",
        "warum.main.bench.quarter",
    ),
    "watch": Bench(
        "False findings in quiet networks, and which injected faults are found, named and told alone.",
        "warum.main.bench.watch",
    ),
    "receipts": Bench(
        "The log of receipts: appends, proofs and their size at a million leaves, and status changes from end to end.",
        "warum.main.bench.receipts",
    ),
    "pages": Bench(
        "How quickly the console answers after a busy year, page by page, and how much a browser loads at first.",
        "warum.main.bench.pages",
    ),
}


def main(argv: Sequence[str]) -> int:
    """Run one benchmark, or ``all``; the exit code."""
    name, rest = (argv[0], list(argv[1:])) if argv else ("", [])
    if name == "all":
        return max(_run(each, rest) for each in BENCHES)
    if name in BENCHES:
        return _run(name, rest)
    asked_for_list = name in ("", "list", "--help", "-h", "--json")
    out = sys.stdout if asked_for_list else sys.stderr
    if not asked_for_list:
        print(f"warum bench: there is no benchmark {name!r}.", file=out)
    print("usage: warum bench NAME [--json], NAME being one of", file=out)
    for known, bench in BENCHES.items():
        print(f"  {known:<16} {bench.summary}", file=out)
    print(f"  {'all':<16} One after the other.", file=out)
    return 0 if asked_for_list else 2


def _run(name: str, argv: Sequence[str]) -> int:
    quiet = "--json" in argv
    run = import_module(BENCHES[name].module).run
    result: Mapping[str, object] = run([word for word in argv if word != "--json"])
    if not quiet:
        print(json.dumps(result, indent=2))
    print(json.dumps({"bench": name, **result}), flush=True)
    return 0 if result.get("passed", True) else 1
