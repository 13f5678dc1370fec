"""``warum replay-decisions``: computes every proposal and every abstention again from its facts, and says whether it is
the same. Reads only, and may run beside everything else."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from warum.adapters.postgres.database import PostgresDatabase
from warum.app.decisions.replay import Replayed, replay_decisions
from warum.main.config import ConfigError, load_config
from warum.main.database import DatabaseError, role_url
from warum.main.embedded import EmbeddedError
from warum.main.logs import masked
from warum.main.secret_store import SecretsError, load_secrets
from warum.main.wiring import vault_of
from warum.ports.database import Database, DatabaseMisfit, DatabaseUnavailable, Role, Scope

_shown_max: Final = 20
_progress_s: Final = 1.0


def main(argv: Sequence[str]) -> int:
    """0 when all are the same, 1 when one is not or nothing could be read, 2 when not understood."""
    parser = argparse.ArgumentParser(prog="warum replay-decisions", description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON object as the last line")
    options = parser.parse_args(argv)
    try:
        config = load_config(os.environ, Path.cwd())
        secrets = load_secrets(config.data)
        url = role_url(config, secrets, "warum_app")
        with PostgresDatabase(url, vault_of(secrets), max_size=1, name="warum replay-decisions") as database:
            return run(database, as_json=options.json)
    except ConfigError as error:
        print(error, file=sys.stderr)
        return 2
    except (DatabaseError, DatabaseMisfit, EmbeddedError, SecretsError) as error:
        print(masked(str(error)), file=sys.stderr)
        return 1
    except DatabaseUnavailable as error:
        print(f"the database does not answer; does `warum up` run? ({masked(str(error))})", file=sys.stderr)
        return 1


def run(database: Database, *, as_json: bool) -> int:
    """Replay, and print what came of it; the exit code."""
    began_s = time.monotonic()
    with database.transaction(Scope(Role.AUDITOR)) as tx:
        result = replay_decisions(tx, progress=_Progress())
    wall_s = round(time.monotonic() - began_s, 3)
    for mismatch in result.mismatches[:_shown_max]:
        print(f"{mismatch.subject}: {mismatch.what}", file=sys.stderr)
    if as_json:
        print(json.dumps(_figures(result, wall_s)))
    else:
        _tell(result, wall_s)
    return 1 if result.mismatches else 0


def _figures(result: Replayed, wall_s: float) -> dict[str, object]:
    return {
        "decisions": result.decisions,
        "mismatches": len(result.mismatches),
        "other_version": result.other_version,
        "other_environment": result.other_environment,
        "environments": sorted(result.environments),
        "wall_s": wall_s,
    }


def _tell(result: Replayed, wall_s: float) -> None:
    print(f"{result.decisions} decisions computed again in {wall_s} s: {len(result.mismatches)} differ.")
    if result.other_version:
        print(f"{result.other_version} more were made by another version of their bot, and were only read.")
    if result.other_environment:
        print(f"{result.other_environment} came from another environment and agree to nine digits only, or differ:")
        for line in sorted(result.environments):
            print(f"  {line}")


class _Progress:
    """Says now and then how many were done, to whoever watches."""

    def __init__(self) -> None:
        self._next_s = time.monotonic() + _progress_s

    def __call__(self, count: int) -> None:
        if sys.stderr.isatty() and time.monotonic() >= self._next_s:
            self._next_s = time.monotonic() + _progress_s
            print(f"\r{count} decisions", end="", file=sys.stderr, flush=True)
