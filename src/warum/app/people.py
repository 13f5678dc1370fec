"""People of the operator's house: who may sign in, in which role, and the link with which they set a password.

There is no mail on the way: an operator makes a link that works once and hands it over. Nobody ever knows the password
of another."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Annotated, Final, Literal
from zoneinfo import available_timezones

from pydantic import Field

from warum.app.border import Limit, Name, ReasonText, UserRef, Version, border, missing, moment, stale
from warum.app.call import Call, Done
from warum.kernel.ids import public
from warum.kernel.period import DAY_US, from_us
from warum.kernel.refusal import Kind, Refusal
from warum.ports.database import Role, Tx
from warum.ports.people import LinkPurpose, User

TIMEZONE: Final = "Europe/Berlin"
"""In which moments are shown to a person who chose none."""

link_days: Final = 7
token_bytes: Final = 32

StaffRole = Literal["operator", "manager", "auditor"]
Locale = Literal["de", "en"]
Email = Annotated[
    str,
    Field(min_length=3, max_length=254, pattern=r"^[^@\s]+@[^@\s]+$", description="With which the person signs in."),
]


@border
class UserOut:
    id: UserRef
    email: str
    name: str
    role: StaffRole
    locale: Locale
    timezone: str
    has_password: bool
    created_at: datetime
    disabled_at: datetime | None
    row_version: int


@border
class Users:
    users: tuple[UserOut, ...]


@border
class PasswordLink:
    user: UserOut
    path: Annotated[str, Field(description="Shown once: the page with this address sets the password, once.")]
    expires_at: datetime


@border
class UserCreate:
    name: Name
    email: Email
    role: Annotated[StaffRole, Field(description="operator, manager (of accounts), or auditor, who only reads.")]
    locale: Locale = "en"


def create_user(tx: Tx, call: Call, ask: UserCreate) -> Done[PasswordLink] | Refusal:
    email = ask.email.lower()
    if tx.people.user_by_email(email) is not None:
        return email_taken(email)
    made = tx.people.add_user(
        email=email,
        name=ask.name,
        role=ask.role,
        locale=ask.locale,
        timezone=TIMEZONE,
        password_hash=None,
        at_us=call.now_us,
    )
    return _with_link(tx, call, made, before=None)


@border
class UserLink:
    """For a person who has no password yet, or forgot it. Links made before stop working."""

    user: UserRef
    reason: ReasonText | None = None


def link_user(tx: Tx, call: Call, ask: UserLink) -> Done[PasswordLink] | Refusal:
    found = tx.people.user(ask.user, lock=True)
    if found is None:
        return missing("user", ask.user)
    if found.disabled_us is not None:
        return Refusal(
            code="user_disabled", message=f"{found.name} is disabled. Enable the person first.", kind=Kind.CONFLICT
        )
    return _with_link(tx, call, found.id, before=found.row_version)


@border
class UserRole:
    user: UserRef
    role: StaffRole
    reason: ReasonText | None = None
    expected_version: Version | None = None


def change_role(tx: Tx, call: Call, ask: UserRole) -> Done[UserOut] | Refusal:
    found = _to_change(tx, ask.user, ask.expected_version)
    if isinstance(found, Refusal):
        return found
    if ask.role != Role.OPERATOR and (refusal := _last_operator(tx, found)):
        return refusal
    tx.people.save_user(replace(found, role=ask.role))
    return _done(tx, found)


@border
class UserDisable:
    """Signs the person out everywhere, at once. What they did stays."""

    user: UserRef
    reason: ReasonText | None = None
    expected_version: Version | None = None


def disable_user(tx: Tx, call: Call, ask: UserDisable) -> Done[UserOut] | Refusal:
    found = _to_change(tx, ask.user, ask.expected_version)
    if isinstance(found, Refusal):
        return found
    if found.disabled_us is not None:
        return Refusal(code="user_disabled", message=f"{found.name} is disabled already.", kind=Kind.CONFLICT)
    if refusal := _last_operator(tx, found):
        return refusal
    tx.people.save_user(replace(found, disabled_us=call.now_us))
    tx.people.end_sessions(found.id)
    tx.people.void_links(purpose=LinkPurpose.PASSWORD, user=found.id, at_us=call.now_us)
    return _done(tx, found)


@border
class UserEnable:
    user: UserRef
    reason: ReasonText | None = None
    expected_version: Version | None = None


def enable_user(tx: Tx, call: Call, ask: UserEnable) -> Done[UserOut] | Refusal:
    found = _to_change(tx, ask.user, ask.expected_version)
    if isinstance(found, Refusal):
        return found
    if found.disabled_us is None:
        return Refusal(code="user_enabled", message=f"{found.name} is not disabled.", kind=Kind.CONFLICT)
    tx.people.save_user(replace(found, disabled_us=None))
    return _done(tx, found)


@border
class UserList:
    after: Annotated[UserRef | None, Field(description="The last one of the page before.")] = None
    limit: Limit = 50


def list_users(tx: Tx, call: Call, ask: UserList) -> Users | Refusal:
    return Users(users=tuple(user_out(found) for found in tx.people.users(ask.after or 0, ask.limit)))


@border
class UserShow:
    user: UserRef


def show_user(tx: Tx, call: Call, ask: UserShow) -> UserOut | Refusal:
    found = tx.people.user(ask.user)
    return missing("user", ask.user) if found is None else user_out(found)


def user_out(found: User) -> UserOut:
    return UserOut(
        id=found.id,
        email=found.email,
        name=found.name,
        role=found.role,  # pyright: ignore[reportArgumentType]
        locale=found.locale,  # pyright: ignore[reportArgumentType]
        timezone=found.timezone,
        has_password=found.password_hash is not None,
        created_at=from_us(found.created_us),
        disabled_at=moment(found.disabled_us),
        row_version=found.row_version,
    )


def new_token(entropy: bytes) -> str:
    """256 random bits, as they stand in a cookie or an address."""
    return urlsafe_b64encode(entropy).rstrip(b"=").decode()


def token_digest(token: str) -> bytes:
    """SHA-256, 32 bytes. No slow hash: 256 random bits cannot be guessed."""
    return sha256(token.encode()).digest()


def email_taken(email: str) -> Refusal:
    return Refusal(
        code="email_taken",
        message=f"Somebody signs in with {email} already.",
        field="email",
        kind=Kind.CONFLICT,
    )


def is_timezone(name: str) -> bool:
    return name in available_timezones()


def _with_link(tx: Tx, call: Call, user: int, *, before: int | None) -> Done[PasswordLink]:
    found = tx.people.user(user)
    assert found is not None
    token = new_token(call.deps.entropy(token_bytes))
    now_us = call.deps.people_us()
    expires_us = now_us + link_days * DAY_US
    tx.people.void_links(purpose=LinkPurpose.PASSWORD, user=user, at_us=now_us)
    tx.people.add_link(
        token_digest(token), purpose=LinkPurpose.PASSWORD, user=user, at_us=now_us, expires_us=expires_us
    )
    return Done(
        output=PasswordLink(user=user_out(found), path=f"/start/{token}", expires_at=from_us(expires_us)),
        subject=public("user", user),
        before=before,
        after=found.row_version,
    )


def _to_change(tx: Tx, user: int, expected: int | None) -> User | Refusal:
    found = tx.people.user(user, lock=True)
    if found is None:
        return missing("user", user)
    return stale(found.row_version, expected) or found


def _last_operator(tx: Tx, found: User) -> Refusal | None:
    """Somebody must be left who can let people in."""
    if found.role != Role.OPERATOR or found.disabled_us is not None or tx.people.operators() > 1:
        return None
    return Refusal(
        code="operator_last",
        message=f"{found.name} is the only operator. Make somebody else an operator first.",
        kind=Kind.CONFLICT,
    )


def _done(tx: Tx, before: User) -> Done[UserOut]:
    after = tx.people.user(before.id)
    assert after is not None
    return Done(
        output=user_out(after),
        subject=public("user", before.id),
        before=before.row_version,
        after=after.row_version,
    )
