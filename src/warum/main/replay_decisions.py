"""``warum replay-decisions``: computes every choice again that nobody was asked about, and says whether it is the same:
the arm of every click that the journal still holds, and every proposal and abstention of the bots. Reads only, and may
run beside everything else."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from warum.adapters.postgres.database import PostgresDatabase
from warum.app.decisions.draws import DrawReplay, Draws, read_book
from warum.app.decisions.replay import Mismatch, Replayed, replay_decisions
from warum.edge.codec import decode
from warum.edge.journal import Covered, Walk
from warum.main.attempt import attempt
from warum.main.config import Config
from warum.main.database import role_url
from warum.main.edge import JOURNAL_FOLDER
from warum.main.secret_store import Secrets
from warum.main.wiring import vault_of
from warum.ports.database import Database, Role, Scope

_AUDITOR: Final = Scope(Role.AUDITOR)
_shown_max: Final = 20
_progress_s: Final = 1.0


def main(argv: Sequence[str]) -> int:
    """0 when all are the same, 1 when one is not or nothing could be read, 2 when not understood."""
    parser = argparse.ArgumentParser(prog="warum replay-decisions", description=__doc__)
    parser.add_argument("--only", choices=("bots", "draws"), help="leave out the others")
    parser.add_argument("--json", action="store_true", help="one JSON object as the last line")
    options = parser.parse_args(argv)

    def work(config: Config, secrets: Secrets) -> int:
        journal = None if options.only == "bots" else JournalAsked(config.data / JOURNAL_FOLDER, secrets.draw_key)
        url = role_url(config, secrets, "warum_app")
        with PostgresDatabase(url, vault_of(secrets), max_size=1, name="warum replay-decisions") as database:
            return run(database, journal=journal, bots=options.only != "draws", as_json=options.json)

    return attempt(work)


@dataclass(frozen=True, slots=True, repr=False)
class JournalAsked:
    """The journal whose draws are to be computed again, and the key that they were drawn under."""

    folder: Path
    draw_key: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawsFound:
    """What came of the draws, and what of the journal there was to read."""

    draws: Draws
    covered: tuple[Covered, ...]

    @property
    def sound(self) -> bool:
        return self.draws.sound and not any(one.faults for one in self.covered)


def run(database: Database, *, journal: JournalAsked | None = None, bots: bool = True, as_json: bool) -> int:
    """Replay, and print what came of it; the exit code."""
    began_s = time.monotonic()
    answers, found = Replayed(), None
    if bots:
        with database.transaction(_AUDITOR) as tx, _Progress("answers of bots") as progress:
            answers = replay_decisions(tx, progress=progress)
    if journal is not None:
        with _Progress("draws") as progress:
            found = replay_draws(database, journal, progress=progress)
    wall_s = round(time.monotonic() - began_s, 3)
    _name_first(answers.mismatches, len(answers.mismatches))
    if found is not None:
        _name_first(found.draws.mismatches, found.draws.differ + found.draws.unreadable)
    if as_json:
        print(json.dumps(_figures(answers, found, wall_s)))
    else:
        if bots:
            _tell_answers(answers)
        if found is not None:
            for line in draws_told(found):
                print(line)
        print(f"This took {wall_s} s.")
    return 0 if not answers.mismatches and (found is None or found.sound) else 1


def replay_draws(
    database: Database, journal: JournalAsked, *, progress: Callable[[int], None] = lambda _: None
) -> DrawsFound:
    """Draw every arm again that the journal holds a record of.

    Raises OSError when the journal's folder cannot be read."""
    walk = Walk(journal.folder)
    with database.transaction(_AUDITOR) as tx:
        book = read_book(tx)
    replay = DrawReplay(book, journal.draw_key, decode, progress=progress)
    for covered in walk.covered:
        for records in walk.records(covered):
            replay.take(records)
    return DrawsFound(draws=replay.result(), covered=tuple(walk.covered))


def draws_figures(found: DrawsFound) -> dict[str, object]:
    """As JSON has them."""
    draws = found.draws
    return {
        "decisions": draws.decisions,
        "mismatches": draws.differ,
        "out_of_order": draws.out_of_order,
        "other_key": draws.other_key,
        "not_replayable": {
            "shown_in_slots": draws.shown_clicks,
            "deep_links": draws.deep_links,
            "unknown_allocation": draws.unknown["allocation"],
            "unknown_link": draws.unknown["link"],
            "unreadable": draws.unreadable,
        },
        "impressions": draws.impressions,
        "allocations": draws.allocations,
        "fit_probability_min": draws.fit_least,
        "misfits": [
            {"allocation": one.allocation, "in_slots": one.in_slots, "probability": one.probability}
            for one in draws.misfits
        ],
        "below_floor": [
            {"allocation": allocation, "arm": arm, "propensity_ppm": ppm, "floor_ppm": floor_ppm}
            for allocation, arm, ppm, floor_ppm in draws.below_floor
        ],
        "covered": [
            {
                "stream": one.stream,
                "segments": len(one.segments),
                "from_segment": one.segments[0] if one.segments else None,
                "until": list(one.until),
                "records": one.records,
                "unsynced_bytes": one.unsynced_bytes,
                "faults": one.faults,
            }
            for one in found.covered
        ],
    }


def draws_told(found: DrawsFound) -> list[str]:
    """In words, for the operator."""
    draws = found.draws
    lines = [f"{draws.decisions:,} draws computed again: {draws.differ:,} differ."]
    for one in found.covered:
        what = f"Stream {one.stream}: {one.records:,} records in segments"
        if one.segments:
            lines.append(f"{what} {one.segments[0]} to {one.until[0]}.")
            if one.segments[0]:
                lines.append(f"  Segments 0 to {one.segments[0] - 1} went with retention: their draws are not covered.")
        if one.unsynced_bytes:
            lines.append(f"  {one.unsynced_bytes:,} bytes behind the synced mark were left out: not yet answered for.")
        lines += [f"  {fault}" for fault in one.faults]
    if not found.covered:
        lines.append("There is no journal here yet.")
    if draws.other_key:
        lines.append(
            f"{draws.other_key:,} of those that differ agree with the draw key no more often than with any other: they "
            "were drawn under another key. Was secrets.json replaced since? Replay with the one of that time."
        )
    if draws.out_of_order:
        lines.append(f"{draws.out_of_order:,} of those that differ name an allocation that was not in force.")
    if draws.shown_clicks or draws.impressions:
        lines.append(
            f"{draws.shown_clicks:,} clicks on what slots showed and {draws.impressions:,} impressions: allocation and "
            "arm were checked. No record holds the number that they were drawn with."
        )
    if draws.deep_links:
        lines.append(f"{draws.deep_links:,} clicks led to a page that the publisher named: nothing was drawn.")
    for kind, count in sorted(draws.unknown.items()):
        lines.append(
            f"{count:,} records name an unknown {kind}. None is ever deleted: either they were changed, or the "
            "database is older than the journal."
        )
    if draws.unreadable:
        lines.append(f"{draws.unreadable:,} records cannot be read by this release.")
    for misfit in draws.misfits:
        counts = ", ".join(f"arm {arm} {count:,} ({ppm / 10_000:g} %)" for arm, count, ppm in misfit.counts)
        kind = "what slots showed" if misfit.in_slots else "clicks"
        lines.append(
            f"Allocation {misfit.allocation}, {kind}: the counts do not fit the propensities, p = "
            f"{misfit.probability:.1g}: {counts}."
        )
    lines += [
        f"Allocation {allocation}: arm {arm} has {ppm:,} parts per million, below the floor of {floor_ppm:,} that its "
        "bot had to keep."
        for allocation, arm, ppm, floor_ppm in draws.below_floor
    ]
    if draws.allocations and not draws.misfits:
        least = "" if draws.fit_least is None else f" (least p = {draws.fit_least:.2g})"
        lines.append(f"The counts of {draws.allocations:,} allocations fit their propensities{least}.")
    return lines


def _figures(answers: Replayed, found: DrawsFound | None, wall_s: float) -> dict[str, object]:
    draws = Draws() if found is None else found.draws
    return {
        "decisions": answers.decisions + draws.decisions,
        "mismatches": len(answers.mismatches) + draws.differ,
        "bots": answers.decisions,
        "other_version": answers.other_version,
        "other_environment": answers.other_environment,
        "environments": sorted(answers.environments),
        "draws": None if found is None else draws_figures(found),
        "wall_s": wall_s,
    }


def _tell_answers(result: Replayed) -> None:
    print(f"{result.decisions:,} answers of bots computed again: {len(result.mismatches):,} differ.")
    if result.other_version:
        print(f"{result.other_version} more were made by another version of their bot, and were only read.")
    if result.other_environment:
        print(f"{result.other_environment} came from another environment and agree to nine digits only, or differ:")
        for line in sorted(result.environments):
            print(f"  {line}")


def _name_first(mismatches: Sequence[Mismatch], count: int) -> None:
    for mismatch in mismatches[:_shown_max]:
        print(f"{mismatch.subject}: {mismatch.what}", file=sys.stderr)
    if count > _shown_max:
        print(f"... and {count - _shown_max:,} more", file=sys.stderr)


class _Progress:
    """Says now and then how many were done, to whoever watches."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._next_s = time.monotonic() + _progress_s
        self._watched = sys.stderr.isatty()
        self._said = False

    def __enter__(self) -> _Progress:
        return self

    def __exit__(self, *_: object) -> None:
        """What is printed next begins a line of its own."""
        if self._said:
            print(file=sys.stderr)

    def __call__(self, count: int) -> None:
        if self._watched and time.monotonic() >= self._next_s:
            self._next_s = time.monotonic() + _progress_s
            self._said = True
            print(f"\r{count:,} {self._what}", end="", file=sys.stderr, flush=True)
