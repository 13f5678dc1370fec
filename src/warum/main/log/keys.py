"""The names and keys of this data folder's log. No file and no database is touched: the edge uses them, too."""

from __future__ import annotations

from hashlib import sha256

from warum.domain.tlog.notes import Signer
from warum.main.config import Config
from warum.main.secret_store import Secrets


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
