"""What sign-in needs of the store: people, their sessions, and links that work once. Tokens come in as SHA-256."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class LinkPurpose(StrEnum):
    """What a one-time link opens: the form for the first operator, the form for a password, or the console itself."""

    FIRST = "first"
    PASSWORD = "password"
    ENTER = "enter"


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A person of the operator's house.

    Attributes:
        role: a ``Role`` value: operator, manager or auditor.
        locale: ``de`` or ``en``.
        timezone: IANA name; moments are shown in it.
        password_hash: Argon2id in its text format; None until one was set.
    """

    id: int
    email: str
    name: str
    role: str
    locale: str
    timezone: str
    password_hash: str | None
    created_us: int
    disabled_us: int | None
    row_version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A signed-in browser."""

    user: int
    created_us: int
    seen_us: int
    expires_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OneTimeLink:
    """``user`` is None for the link that makes the first operator."""

    id: int
    purpose: LinkPurpose
    user: int | None
    expires_us: int
    used_us: int | None


class PeopleStore(Protocol):
    def any_operator(self) -> bool: ...

    def users(self, after: int, limit: int) -> list[User]: ...

    def user(self, user: int, *, lock: bool = False) -> User | None: ...

    def user_by_email(self, email: str, *, lock: bool = False) -> User | None:
        """``email`` in small letters."""
        ...

    def operators(self) -> int:
        """How many operators may sign in. Locks their rows, so that two cannot disable each other at once."""
        ...

    def add_user(
        self,
        *,
        email: str,
        name: str,
        role: str,
        locale: str,
        timezone: str,
        password_hash: str | None,
        at_us: int,
    ) -> int: ...

    def save_user(self, user: User) -> int:
        """Write every editable column; the new row version."""
        ...

    def add_session(self, digest: bytes, user: int, *, at_us: int, expires_us: int) -> None: ...

    def session(self, digest: bytes) -> tuple[Session, User] | None: ...

    def touch_session(self, digest: bytes, at_us: int) -> None: ...

    def end_session(self, digest: bytes) -> None: ...

    def end_sessions(self, user: int, *, but: bytes | None = None) -> int:
        """End all sessions of a person, except the one with the hash ``but``; how many there were."""
        ...

    def purge_sessions(self, now_us: int) -> None:
        """Forget what has expired."""
        ...

    def sessions(self, user: int, now_us: int) -> list[Session]:
        """Those that have not expired, latest use first."""
        ...

    def add_link(
        self, digest: bytes, *, purpose: LinkPurpose, user: int | None, at_us: int, expires_us: int
    ) -> int: ...

    def link(self, digest: bytes, *, lock: bool = False) -> OneTimeLink | None: ...

    def use_link(self, link: int, at_us: int) -> None: ...

    def void_links(self, *, purpose: LinkPurpose, user: int | None, at_us: int) -> None:
        """A newer link takes the place of those before it."""
        ...
