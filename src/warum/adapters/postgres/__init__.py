"""PostgreSQL: one store per concern over one transaction, and the migrations that make the schema."""

from __future__ import annotations

__all__ = ["migrate"]


def migrate(owner_dsn: str) -> None:
    """Upgrade to the newest schema as the role that owns it; see ``upgrade``.

    Raises:
        sqlalchemy.exc.OperationalError: a lock was not had in time; nothing was changed, try again.
    """
    # Loaded when it is needed: SQLAlchemy and Alembic would cost every process its start and its memory.
    from warum.adapters.postgres.upgrade import upgrade

    upgrade(owner_dsn)
