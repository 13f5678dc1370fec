"""Keys that come and go: one for each series of the log, one for each subject of its payloads. They are random and kept
sealed under the master key, so that destroying a row destroys the key."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from warum.domain.leaves import nonce_bytes, series_key_bytes, subject_key_bytes
from warum.domain.sealing import Sealer

_SERIES: Final = "log/series"
_SUBJECT: Final = "log/subject"


class VaultMisfit(Exception):
    """A key does not open: the master key is another one than that which sealed it."""


class Vault:
    """Makes and opens such keys.

    Args:
        entropy: so many random bytes.
    """

    def __init__(self, sealer: Sealer, entropy: Callable[[int], bytes]) -> None:
        self._sealer = sealer
        self._entropy = entropy

    def salt(self) -> bytes:
        """A nonce, 32 bytes."""
        return self._entropy(nonce_bytes)

    def new_series_key(self) -> str:
        """Sealed, as it is stored."""
        return self._sealer.seal(_SERIES, self._entropy(series_key_bytes))

    def series_key(self, sealed: str) -> bytes:
        """Raises VaultMisfit."""
        return self._opened(_SERIES, sealed)

    def new_subject_key(self) -> tuple[bytes, str]:
        """The key, and as it is stored."""
        key = self._entropy(subject_key_bytes)
        return key, self._sealer.seal(_SUBJECT, key)

    def subject_key(self, sealed: str) -> bytes:
        """Raises VaultMisfit."""
        return self._opened(_SUBJECT, sealed)

    def _opened(self, purpose: str, sealed: str) -> bytes:
        key = self._sealer.open(purpose, sealed)
        if key is None:
            raise VaultMisfit(
                "a key of the log does not open with the master key of this data folder; put back the secrets.json "
                "that belongs to this database"
            )
        return key
