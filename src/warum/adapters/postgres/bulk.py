"""Rows in bulk: one array per column, spread by ``unnest`` into one statement. Row-level security rules COPY out."""

from __future__ import annotations

from collections.abc import Iterable


def columns(rows: Iterable[tuple[object, ...]]) -> list[list[object]]:
    """The rows, turned; for the parameters of an ``unnest`` with as many arrays. At least one row."""
    return [list(column) for column in zip(*rows, strict=True)]
