"""The lake as Parquet files in a folder."""

from __future__ import annotations

from warum.adapters.lake.parquet import ParquetLake, lake_table

__all__ = ["ParquetLake", "lake_table"]
