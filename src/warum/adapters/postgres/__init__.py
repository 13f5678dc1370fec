"""PostgreSQL: one store per concern over one transaction, and the migrations that make the schema."""

from __future__ import annotations

from warum.adapters.postgres.migrate import migrate

__all__ = ["migrate"]
