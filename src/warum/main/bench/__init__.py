"""``warum bench``: measurements, each of which ends in one line of JSON.

A benchmark is one file here and one line in the table. It takes its own options and prints what it does on the way to
standard error; standard output has the JSON line and, without ``--json``, a few words before it."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from warum.main.bench import durability, edge, ingest

Result: TypeAlias = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Bench:
    """What it measures, in a sentence, and how it is run with the rest of the command line."""

    summary: str
    run: Callable[[Sequence[str]], Result]


BENCHES: Final[Mapping[str, Bench]] = {
    "durability": Bench(
        "Kills edge and worker under load, as a power cut would; what was acknowledged?", durability.run
    ),
    "edge": Bench("Clicks a second with a synced record, and how long they take at a fixed rate.", edge.run),
    "ingest": Bench("Records a second that the worker turns into counts, conversions and postings.", ingest.run),
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
        print(f"  {known:<12} {bench.summary}", file=out)
    print(f"  {'all':<12} One after the other.", file=out)
    return 0 if asked_for_list else 2


def _run(name: str, argv: Sequence[str]) -> int:
    quiet = "--json" in argv
    result = BENCHES[name].run([word for word in argv if word != "--json"])
    if not quiet:
        print(json.dumps(result, indent=2))
    print(json.dumps({"bench": name, **result}), flush=True)
    return 0 if result.get("passed", True) else 1
