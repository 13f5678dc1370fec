"""The files of this data folder's log."""

from __future__ import annotations

from typing import Final

from warum.adapters.tlog import FileShelf
from warum.app.call import LogReader
from warum.domain.tlog.notes import format_vkey
from warum.domain.tlog.policies import Policy, parse_policy
from warum.domain.webhook import public_key_text
from warum.main.config import Config, ConfigError
from warum.main.log.keys import edge_signer_of, origin_of, signer_of
from warum.main.secret_store import Secrets

__all__ = ["LOG_FOLDER", "edge_signer_of", "origin_of", "policy_of", "reader_of_log", "shelf_of", "signer_of"]

LOG_FOLDER: Final = "log"


def shelf_of(config: Config) -> FileShelf:
    return FileShelf(config.data / LOG_FOLDER)


def reader_of_log(config: Config, secrets: Secrets) -> LogReader:
    """What receipts are made from."""
    return LogReader(
        shelf=shelf_of(config),
        vkey=signer_of(config, secrets).vkey,
        edge_vkey=edge_signer_of(config, secrets).vkey,
        webhook_key=public_key_text(secrets.webhook_seed),
    )


def policy_of(config: Config, secrets: Secrets) -> Policy | None:
    """The policy that names the log's witnesses; None when none is set.

    Raises:
        ConfigError: its file cannot be used; the text names the line.
    """
    path = config.log_policy
    if path is None:
        return None
    try:
        policy = parse_policy(path.read_bytes())
    except OSError as error:
        raise ConfigError(f"log_policy: {path} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise ConfigError(f"log_policy: {path} is no policy. {error}") from None
    vkey = signer_of(config, secrets).vkey
    if policy.logs and vkey not in {log.vkey for log in policy.logs}:
        raise ConfigError(f"log_policy: {path} is about another log; this one is {format_vkey(vkey)}.")
    return policy
