"""How Alembic reaches the database: the URL comes from the caller, one transaction holds the whole upgrade."""

from __future__ import annotations

from alembic import context
from sqlalchemy import create_engine, pool, text

attributes = context.config.attributes

engine = create_engine(attributes["url"], poolclass=pool.NullPool)
with engine.connect() as connection:
    connection.execute(text(f"set lock_timeout = '{int(attributes['lock_timeout_s'])}s'"))
    # Several processes may start at once; the first migrates, the others find it done.
    connection.execute(text("select pg_advisory_lock(7305831)"))
    connection.execute(text("create schema if not exists migrations"))
    connection.commit()
    context.configure(connection=connection, version_table_schema="migrations")
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()
