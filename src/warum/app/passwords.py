"""Passwords: what is good enough, and how one is kept. Argon2id with the figures that OWASP's cheat sheet names
(19 MiB, two passes, one lane): about 20 ms a try for us, dear for whoever steals the table."""

from __future__ import annotations

from threading import BoundedSemaphore
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from warum.kernel.refusal import Refusal

chars_min: Final = 12
chars_max: Final = 200
salt_bytes: Final = 16

_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1, hash_len=32, salt_len=salt_bytes)

# Each try takes 19 MiB; a crowd of them waits here and not in memory.
_TURN: Final = BoundedSemaphore(4)

# What a try against an unknown account is compared with, so that it takes as long as any other.
_NOBODY: Final = _HASHER.hash("nobody", salt=bytes(salt_bytes))

_COMMON: Final = ("password", "passwort", "123456789", "qwertz", "qwerty", "letmein", "warum")


def unfit_password(password: str, *, email: str, name: str) -> Refusal | None:
    """Why this password is not taken. Length counts, not signs (NIST SP 800-63B-4, 3.1.1.2)."""
    plain = password.casefold()
    if len(password) < chars_min:
        return _refusal("password_short", f"At least {chars_min} characters; a sentence is easy to remember.")
    if len(password) > chars_max:
        return _refusal("password_long", f"At most {chars_max} characters.")
    known = [email.casefold(), email.casefold().partition("@")[0], *name.casefold().split(), *_COMMON]
    rest = plain
    for word in sorted({word for word in known if len(word) > 3}, key=len, reverse=True):
        rest = rest.replace(word, "")
    if len(set(plain)) < 5 or len(rest) < chars_min // 2:
        return _refusal("password_guessable", "Too easy to guess: it is little more than your name or a common word.")
    return None


def hash_password(password: str, *, salt: bytes) -> str:
    """Argon2id in its text format, with its parameters (RFC 9106)."""
    with _TURN:
        return _HASHER.hash(password, salt=salt)


def password_matches(kept: str | None, password: str) -> bool:
    """Whether it is the one. ``kept`` None (no such account, no password yet) takes as long, and is never the one."""
    with _TURN:
        try:
            return _HASHER.verify(kept or _NOBODY, password) and kept is not None
        except (VerifyMismatchError, InvalidHashError):
            return False


def _refusal(code: str, message: str) -> Refusal:
    return Refusal(code=code, message=message, field="password")
