"""The log of this data folder: its key, its name, its files."""

from __future__ import annotations

from hashlib import sha256
from typing import Final

from warum.adapters.tlog import FileShelf
from warum.app.call import LogReader
from warum.domain.tlog.notes import Signer
from warum.main.config import Config
from warum.main.secret_store import Secrets

LOG_FOLDER: Final = "log"


def signer_of(config: Config, secrets: Secrets) -> Signer:
    """The log's key under its name."""
    return Signer(origin_of(config, secrets), secrets.log_seed)


def edge_signer_of(config: Config, secrets: Secrets) -> Signer:
    """The key with which the edge promises that a report will be logged."""
    return Signer(f"{origin_of(config, secrets)}/edge", secrets.edge_seed)


def origin_of(config: Config, secrets: Secrets) -> str:
    """What the log is called."""
    if config.log_origin is not None:
        return config.log_origin
    return f"warum/{sha256(Signer('key', secrets.log_seed).vkey.key).hexdigest()[:12]}"


def shelf_of(config: Config) -> FileShelf:
    return FileShelf(config.data / LOG_FOLDER)


def reader_of_log(config: Config, secrets: Secrets) -> LogReader:
    """What receipts are made from."""
    return LogReader(
        shelf=shelf_of(config),
        vkey=signer_of(config, secrets).vkey,
        edge_vkey=edge_signer_of(config, secrets).vkey,
    )
