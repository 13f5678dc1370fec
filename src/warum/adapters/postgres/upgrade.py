"""Brings a database to the newest schema. Forward only; a lock that is not had in time fails the migration, since a
queued one would block every reader behind it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from sqlalchemy.engine import make_url

_SCRIPTS: Final = Path(__file__).parent / "migrations"

lock_timeout_s: Final = 5


def upgrade(owner_dsn: str, revision: str = "head") -> None:
    """Upgrade as the role that owns the schema.

    Args:
        owner_dsn: ``postgresql://`` URL of the owner role.
        revision: up to which; an earlier one than the newest is of use to those who try an upgrade.

    Raises:
        sqlalchemy.exc.OperationalError: a lock was not had within ``lock_timeout_s``; nothing was changed, try again.
    """
    config = Config()
    config.set_main_option("script_location", _SCRIPTS.as_posix())
    config.set_main_option("path_separator", "os")
    config.attributes["url"] = make_url(owner_dsn).set(drivername="postgresql+psycopg")
    config.attributes["lock_timeout_s"] = lock_timeout_s
    command.upgrade(config, revision)
