"""A million decisions computed again. The edge's own handler draws a million arms and its journal writer keeps them;
then the code of ``warum replay-decisions`` reads the journal and the database and draws each again, timed.

That it finds what is wrong is shown on a copy of the journal in which records were altered: it has to name these, and
no others. Answers of the creative bot, of which one takes thousands of times longer, are computed again byte by byte,
and reported apart."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Final

from warum.adapters.postgres.database import PostgresDatabase
from warum.app.decisions.draws import mismatches_named, read_book
from warum.domain.advice import answer_bytes
from warum.domain.bots import answers
from warum.domain.bots.contract import facts_bytes
from warum.domain.bots.creative import BOT
from warum.domain.decisions import Policy, Proposal
from warum.kernel.ids import RecordId
from warum.main.bench.creative_loop import Campaign, Shares, facts_of, played
from warum.main.bench.drawn_journal import alter, make
from warum.main.edge import JOURNAL_FOLDER
from warum.main.replay_decisions import JournalAsked, draws_figures, replay_draws
from warum.main.stack import Stack
from warum.main.wiring import vault_of
from warum.ports.database import Role, Scope
from warum.sim.world import world

decisions_default: Final = 1_000_000
bots_default: Final = 1_000
wall_s_max: Final = 60.0

_altered_every: Final = 1_000
_change_every: Final = 8_000
_seed: Final = 1

LIMITS: Final = (
    "No sockets and no group commit: the handler is called directly, and the journal is synced every 500 records.",
    "The goal is of draws. An answer of the bot takes milliseconds, whether it is made or made again.",
    "The clicks are made up; allocations are replaced by people's operation, not by the bot.",
    "Arms of slots are drawn with a number that no record holds: they are checked, not drawn again, and not counted.",
    "Two changes cannot be seen in a record: to the next allocation of its offer right where that came into force, if "
    "both draw the same arm; and from a drawn arm to a deep link.",
)


def run(argv: Sequence[str]) -> dict[str, object]:
    parser = argparse.ArgumentParser(prog="warum bench replay-decisions")
    parser.add_argument("--decisions", type=int, default=decisions_default)
    parser.add_argument("--bots", type=int, default=bots_default, help="answers of the creative bot")
    parser.add_argument("--seed", type=int, default=_seed)
    asked = parser.parse_args(argv)
    decisions, seed = int(asked.decisions), int(asked.seed)
    if decisions < 1:
        return {"refused": "nothing_to_replay", "message": "Ask for at least one decision.", "passed": False}
    with TemporaryDirectory(prefix="warum-bench-") as folder:
        draws = _draws(Path(folder), decisions, seed)
    answers = _answers(int(asked.bots))
    passed = (
        not draws["mismatches"]
        and draws["sound"] is True
        and float(str(draws["wall_s"])) <= wall_s_max
        and draws["found_altered"] == draws["altered"]
        and not draws["falsely_named"]
        and not answers["bots_mismatches"]
    )
    return {**draws, **answers, "goal": {"mismatches": 0, "wall_s": wall_s_max}, "passed": passed, "limits": LIMITS}


def _draws(folder: Path, decisions: int, seed: int) -> dict[str, object]:
    altered = min(-(-decisions // _altered_every), mismatches_named)
    with Stack(folder / "data", trusted_proxies=("127.0.0.1/32",)) as stack:
        made = make(stack, decisions=decisions, changes=decisions // _change_every, seed=seed)
        print(f"{made.decisions:,} decisions made in {made.seconds:.0f} s", file=sys.stderr)
        journal = JournalAsked(stack.config.data / JOURNAL_FOLDER, stack.secrets.draw_key)
        url = stack.url("warum_app")
        with PostgresDatabase(url, vault_of(stack.secrets), max_size=1, name="warum bench") as database:
            begun, begun_cpu = perf_counter(), process_time()
            found = replay_draws(database, journal)
            wall_s, cpu_s = perf_counter() - begun, process_time() - begun_cpu
            print(f"{found.draws.decisions:,} drawn again in {wall_s:.1f} s", file=sys.stderr)
            with database.transaction(Scope(Role.AUDITOR)) as tx:
                book = read_book(tx)
            chosen = alter(journal.folder, folder / "altered", book, count=altered, seed=seed)
            copy = replay_draws(database, JournalAsked(folder / "altered", journal.draw_key))
    named = {_place(mismatch.subject) for mismatch in copy.draws.mismatches}
    figures = draws_figures(found)
    for inside in ("misfits", "covered", "below_floor"):
        del figures[inside]
    return {
        "mismatches": found.draws.differ,
        "decisions": found.draws.decisions,
        "wall_s": round(wall_s, 2),
        "cpu_s": round(cpu_s, 2),
        "decisions_per_s": round(found.draws.decisions / wall_s),
        "sound": found.sound and not found.draws.misfits,
        "altered": len(chosen),
        "found_altered": len(chosen & named),
        "falsely_named": copy.draws.differ - len(chosen & named),
        "found_by_order": copy.draws.out_of_order,
        "made_s": round(made.seconds, 1),
        "made_per_s": round(made.decisions / made.seconds),
        "requests": made.requests,
        "allocation_changes": made.changes,
        **{name: value for name, value in figures.items() if name not in ("decisions", "mismatches")},
    }


def _place(subject: str) -> RecordId:
    stream, segment, number = subject.removeprefix("record ").split("/")
    return RecordId(int(stream), int(segment), int(number))


def _answers(count: int) -> dict[str, object]:
    """So many answers of the bot, made and made again from the bytes of their facts."""
    begun = perf_counter()
    kept: list[tuple[bytes, int, bytes]] = []
    proposals = 0
    for facts, seed, body, is_proposal in _told(count):
        kept.append((facts, seed, body))
        proposals += is_proposal
    made_s = perf_counter() - begun
    print(f"{len(kept):,} answers of the bot made in {made_s:.0f} s", file=sys.stderr)
    begun = perf_counter()
    differ = sum(answer_bytes(*answers(BOT.name, facts, seed=seed)) != body for facts, seed, body in kept)
    wall_s = perf_counter() - begun
    return {
        "bots": len(kept),
        "bots_proposals": proposals,
        "bots_mismatches": differ,
        "bots_wall_s": round(wall_s, 2),
        "bots_per_s": round(len(kept) / wall_s, 1) if kept else 0.0,
    }


def _told(count: int) -> Iterator[tuple[bytes, int, bytes, bool]]:
    """(facts, seed, answer, whether it is a proposal) of campaigns in sample worlds; proposals are approved."""
    policy, told = Policy(), list[tuple[bytes, int, bytes, bool]]()

    def decide(day: int, past: Campaign) -> Shares:
        facts, seed = facts_of(day, past, policy), past.world.seed * 1_000 + day
        answer = BOT.propose(facts, seed=seed)
        told.append((facts_bytes(facts), seed, answer_bytes(answer), isinstance(answer, Proposal)))
        if not isinstance(answer, Proposal):
            return past.shares[-1]
        past.proposals.append((day, answer))
        return tuple(share.propensity_ppm for share in answer.change.after)

    seed = 0
    while len(told) < count:
        here = world(seed)
        for offer in here.offers:
            if len(told) < count:
                played(here, offer, decide)
        seed += 1
    yield from told[:count]
