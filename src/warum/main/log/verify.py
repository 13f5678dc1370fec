"""``warum verify``: compares database, books and files with the log of receipts, leaf by leaf. Changes nothing."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence

from warum.app.log.audit import Audit, audit, lines
from warum.main.attempt import attempt
from warum.main.config import Config
from warum.main.secret_store import Secrets
from warum.main.wiring import open_deps


def main(argv: Sequence[str]) -> int:
    """0 when everything agrees, 1 when something does not or nothing could be read, 2 when not understood."""
    parser = argparse.ArgumentParser(prog="warum verify", description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON object as the last line")
    options = parser.parse_args(argv)

    def work(config: Config, secrets: Secrets) -> int:
        with open_deps(config, secrets, connections_max=1, name="warum verify") as deps:
            assert deps.log is not None  # open_deps gives it
            return _told(audit(deps.database, deps.log), as_json=options.json)

    return attempt(work)


def _told(found: Audit, *, as_json: bool) -> int:
    if as_json:
        print(json.dumps({"ok": not found.count, "problems": found.problems, "count": found.count, **found.checked}))
    else:
        for line in lines(found):
            print(line)
        counted = ", ".join(f"{count:,} {kind}" for kind, count in found.checked.items() if count)
        verdict = "Something does not agree" if found.count else "Everything agrees with the log"
        print(f"{verdict}: {counted or 'nothing to compare yet'}.")
    return 1 if found.count else 0
