"""``warum verify``: compares database, books and files with the log of receipts, leaf by leaf. Changes nothing."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from warum.app.log.audit import Audit, audit, lines
from warum.main.config import ConfigError, load_config
from warum.main.database import DatabaseError
from warum.main.embedded import EmbeddedError
from warum.main.logs import masked
from warum.main.secret_store import SecretsError, load_secrets
from warum.main.wiring import open_deps
from warum.ports.database import DatabaseMisfit, DatabaseUnavailable


def main(argv: Sequence[str]) -> int:
    """0 when everything agrees, 1 when something does not or nothing could be read, 2 when not understood."""
    parser = argparse.ArgumentParser(prog="warum verify", description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON object as the last line")
    options = parser.parse_args(argv)
    try:
        config = load_config(os.environ, Path.cwd())
        with open_deps(config, load_secrets(config.data), connections_max=1, name="warum verify") as deps:
            assert deps.log is not None  # open_deps gives it
            return _told(audit(deps.database, deps.log), as_json=options.json)
    except ConfigError as error:
        print(error, file=sys.stderr)
        return 2
    except (DatabaseError, DatabaseMisfit, EmbeddedError, SecretsError) as error:
        print(masked(str(error)), file=sys.stderr)
        return 1
    except DatabaseUnavailable as error:
        print(f"the database does not answer; does `warum up` run? ({masked(str(error))})", file=sys.stderr)
        return 1


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
