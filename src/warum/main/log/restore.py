"""``warum restore-log``: goes on after the database was restored from a backup that is older than the log of receipts.
The worker must not run; the database must."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from warum.adapters.postgres.database import PostgresDatabase
from warum.adapters.tlog import ShelfDamaged
from warum.app.log.restore import restore_log
from warum.app.log.sequence import LogHalted
from warum.main.clock import clock_of
from warum.main.config import ConfigError, load_config
from warum.main.database import DatabaseError, role_url
from warum.main.embedded import EmbeddedError
from warum.main.holder import HeldError, Holder
from warum.main.log.files import shelf_of
from warum.main.logs import masked
from warum.main.secret_store import SecretsError, load_secrets
from warum.main.wiring import vault_of
from warum.ports.catalog import ActorKind
from warum.ports.database import DatabaseMisfit, DatabaseUnavailable


def main(argv: Sequence[str]) -> int:
    """0 when the log can go on, 1 when it cannot, 2 when not understood."""
    parser = argparse.ArgumentParser(prog="warum restore-log", description=__doc__)
    parser.add_argument("--reason", required=True, help="what happened, in words; every partner reads it")
    options = parser.parse_args(argv)
    try:
        config = load_config(os.environ, Path.cwd())
        secrets = load_secrets(config.data)
        holder = Holder(config.data / "worker.lock")
        holder.acquire()
        url = role_url(config, secrets, "warum_worker")
        with PostgresDatabase(url, vault_of(secrets), max_size=1, name="warum restore-log") as database:
            count = restore_log(
                database,
                shelf_of(config),
                reason=options.reason,
                actor=ActorKind.PERSON,
                now_us=clock_of(config.data).now_us(),
            )
    except ConfigError as error:
        print(error, file=sys.stderr)
        return 2
    except (DatabaseError, DatabaseMisfit, EmbeddedError, HeldError, LogHalted, SecretsError, ShelfDamaged) as error:
        print(masked(str(error)), file=sys.stderr)
        return 1
    except DatabaseUnavailable as error:
        print(f"the database does not answer ({masked(str(error))})", file=sys.stderr)
        return 1
    print(f"The log took back {count:,} leaves. Start the worker: it reads the journal again, and partners are told.")
    return 0
