"""The secrets of one installation, made at its first start and kept in ``secrets.json`` in the data folder, which only
its owner may read. They never appear in a representation, a log or the environment of a process."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

from warum.domain.sealing import derived_key
from warum.domain.token import TokenKeys

FILE_NAME: Final = "secrets.json"
SUPERUSER: Final = "postgres"
LOGIN_ROLES: Final = ("warum_owner", "warum_app", "warum_worker", "warum_reader")

_format: Final = 1


class SecretsError(Exception):
    """The secrets cannot be used. The text says what to do."""


@dataclass(frozen=True, slots=True, repr=False)
class ClickKey:
    """One generation of keys for click tokens and link references.

    Attributes:
        id: 0 to 255; stands in every token.
        token_key: AES-256-SIV key, 64 bytes.
        reference_key: MAC key, 32 bytes.
    """

    id: int
    token_key: bytes
    reference_key: bytes
    created_us: int


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Secrets:
    """Everything secret. ``repr`` shows none of it.

    Attributes:
        master_key: 32 bytes, from which keys that seal stored values are derived.
        click_keys: oldest first; the last one makes new tokens.
        draw_key: 32 bytes; draws the arm of a click.
        database_passwords: by login role, the superuser of the embedded cluster included.
        operator_api_key: what the command line on this machine shows to the REST API.
    """

    master_key: bytes
    click_keys: tuple[ClickKey, ...]
    draw_key: bytes
    database_passwords: Mapping[str, str]
    operator_api_key: str

    @property
    def log_seed(self) -> bytes:
        """Of the Ed25519 key that signs the log's checkpoints, 32 bytes."""
        return derived_key(self.master_key, "log signer 1", 32)

    @property
    def edge_seed(self) -> bytes:
        """Of the key with which the edge promises that a report will be logged, 32 bytes."""
        return derived_key(self.master_key, "edge promise 1", 32)

    @property
    def webhook_seed(self) -> bytes:
        """Of the key that signs webhooks, 32 bytes."""
        return derived_key(self.master_key, "webhook signer 1", 32)

    def token_keys(self) -> TokenKeys:
        """The keys in the form in which the domain takes them."""
        return TokenKeys(
            issue=self.click_keys[-1].id,
            token_keys={key.id: key.token_key for key in self.click_keys},
            reference_keys={key.id: key.reference_key for key in self.click_keys},
        )


def load_secrets(data: Path) -> Secrets:
    """Read the secrets of a data folder.

    Raises:
        SecretsError: there are none, they are broken, or others may read them.
    """
    path = data / FILE_NAME
    try:
        mode = path.stat().st_mode
        text = path.read_text(encoding="ascii")
    except FileNotFoundError:
        raise SecretsError(f"{path} does not exist; `warum up` makes it at its first start.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise SecretsError(f"{path} cannot be read: {error}.") from None
    if mode & 0o077:
        raise SecretsError(f"{path} can be read by others; set its mode to 0600.")
    try:
        return _decode(json.loads(text))
    except (ValueError, KeyError, TypeError, IndexError):
        raise SecretsError(f"{path} is damaged; put back the copy from your backup.") from None


def ensure_secrets(data: Path, *, now_us: int) -> Secrets:
    """Read the secrets, or make them at the first start. Of two processes that do so at once, one wins."""
    path = data / FILE_NAME
    if not path.exists():
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = _write_draft(path, _generate(now_us))
        with suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
        _sync_folder(data)
    return load_secrets(data)


def rotate_click_key(data: Path, *, now_us: int, keep_us: int) -> Secrets:
    """Put a new click key in front and drop those replaced more than ``keep_us`` microseconds ago.

    ``keep_us`` is the longest attribution window: a token must verify as long as it can earn something.
    """
    current = load_secrets(data)
    newest = current.click_keys[-1]
    # A key counts as replaced when its successor was made.
    kept = [
        key
        for key, successor in zip(current.click_keys, current.click_keys[1:], strict=False)
        if successor.created_us + keep_us > now_us
    ]
    rotated = replace(current, click_keys=(*kept, newest, _click_key((newest.id + 1) % 256, now_us)))
    path = data / FILE_NAME
    _write_draft(path, rotated).replace(path)
    _sync_folder(data)
    return rotated


def _generate(now_us: int) -> Secrets:
    return Secrets(
        master_key=secrets.token_bytes(32),
        click_keys=(_click_key(1, now_us),),
        draw_key=secrets.token_bytes(32),
        # Hexadecimal, so that a password stands in a URL as it is.
        database_passwords={role: secrets.token_hex(24) for role in (SUPERUSER, *LOGIN_ROLES)},
        operator_api_key="wop_" + secrets.token_urlsafe(32),
    )


def _click_key(key_id: int, now_us: int) -> ClickKey:
    return ClickKey(key_id, secrets.token_bytes(64), secrets.token_bytes(32), now_us)


def _write_draft(path: Path, content: Secrets) -> Path:
    """Write beside ``path``, synced, so that a power cut leaves the old file or the new one, never half of one."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        json.dump({"format": _format, **asdict(content)}, file, indent=1, default=bytes.hex)
        file.flush()
        os.fsync(descriptor)
    return draft


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _decode(raw: dict[str, Any]) -> Secrets:
    if raw["format"] != _format or not raw["click_keys"]:
        raise ValueError
    passwords = {str(role): str(password) for role, password in raw["database_passwords"].items()}
    if not {SUPERUSER, *LOGIN_ROLES} <= passwords.keys():
        raise ValueError
    return Secrets(
        master_key=bytes.fromhex(raw["master_key"]),
        click_keys=tuple(
            ClickKey(
                int(key["id"]),
                bytes.fromhex(key["token_key"]),
                bytes.fromhex(key["reference_key"]),
                int(key["created_us"]),
            )
            for key in raw["click_keys"]
        ),
        draw_key=bytes.fromhex(raw["draw_key"]),
        database_passwords=passwords,
        operator_api_key=str(raw["operator_api_key"]),
    )
