"""Signing in: passwords, sessions, and links that work once.

A session's token lives in the browser alone; the store has its SHA-256. All of this runs as the system, since a person
has no role before it is done, and on the clock that people live by."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Final

from warum.app.attempts import Allowance, Attempts
from warum.app.call import Caller, Deps
from warum.app.log.entries import record_act
from warum.app.passwords import hash_password, password_matches, salt_bytes, unfit_password
from warum.app.people import TIMEZONE, email_taken, is_timezone, new_token, token_bytes, token_digest
from warum.kernel.canonical import Plain, fingerprint
from warum.kernel.ids import public
from warum.kernel.period import DAY_US, HOUR_US, MINUTE_US
from warum.kernel.refusal import Kind, Refusal
from warum.ports.catalog import Act, ActorKind
from warum.ports.database import Role, Scope, Tx
from warum.ports.people import LinkPurpose, OneTimeLink, User

idle_us_max: Final = 12 * HOUR_US
session_us_max: Final = 7 * DAY_US
start_link_us: Final = 7 * DAY_US
enter_link_us: Final = DAY_US
email_chars_max: Final = 254

# A page load writes nothing unless the last one is this long ago.
_touch_us: Final = MINUTE_US

_SYSTEM: Final = Scope(Role.SYSTEM)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """A person with an open session.

    Attributes:
        token: of the session; stands in the cookie and nowhere else.
    """

    user: User
    token: str

    @property
    def caller(self) -> Caller:
        return Caller(scope=Scope(Role(self.user.role)), kind=ActorKind.PERSON, actor=public("user", self.user.id))

    @property
    def csrf(self) -> str:
        """What every form of this session carries. Another site can neither read nor make it."""
        return hmac.new(self.token.encode(), b"warum csrf 1", sha256).hexdigest()

    def is_csrf(self, text: str) -> bool:
        return hmac.compare_digest(self.csrf.encode(), text.encode())


@dataclass(frozen=True, slots=True)
class Doorkeeper:
    """How often may be tried: per account, since its password is at stake, and per address, since accounts are many."""

    accounts: Attempts
    addresses: Attempts


def doorkeeper() -> Doorkeeper:
    return Doorkeeper(Attempts(Allowance(burst=5, refill_s=30)), Attempts(Allowance(burst=20, refill_s=6)))


def sign_in(deps: Deps, door: Doorkeeper, *, email: str, password: str, address: str) -> SignedIn | Refusal:
    """A new session, or one and the same no for an unknown account, a wrong password and a disabled person."""
    now_us = deps.people_us()
    account = _account(email)
    wait_s = max(door.addresses.wait_s(address, now_us), door.accounts.wait_s(account, now_us))
    if wait_s:
        return _too_many(wait_s)
    with deps.database.transaction(_SYSTEM) as tx:
        found = tx.people.user_by_email(account)
    matches = password_matches(None if found is None else found.password_hash, password)
    if found is None or not matches or found.disabled_us is not None:
        return Refusal(
            code="sign_in_failed",
            message="This e-mail address and password do not go together.",
            field="password",
            kind=Kind.FORBIDDEN,
        )
    door.accounts.forget(account)
    with deps.database.transaction(_SYSTEM) as tx:
        return _open(tx, deps, found, "session.open")


def session_of(deps: Deps, token: str) -> SignedIn | None:
    """Whose session this is; None when there is none, or no longer."""
    now_us = deps.people_us()
    digest = token_digest(token)
    with deps.database.transaction(_SYSTEM) as tx:
        found = tx.people.session(digest)
        if found is None:
            return None
        session, user = found
        over = session.expires_us <= now_us or session.seen_us + idle_us_max <= now_us
        if over or user.disabled_us is not None:
            return None
        if session.seen_us + _touch_us <= now_us:
            tx.people.touch_session(digest, now_us)
        return SignedIn(user=user, token=token)


def sign_out(deps: Deps, person: SignedIn) -> None:
    with deps.database.transaction(_SYSTEM) as tx:
        tx.people.end_session(token_digest(person.token))
        _log(tx, deps, person.user, "session.close", {})


def sign_out_elsewhere(deps: Deps, person: SignedIn) -> int:
    """End every other session of the person; how many there were."""
    with deps.database.transaction(_SYSTEM) as tx:
        ended = tx.people.end_sessions(person.user.id, but=token_digest(person.token))
        _log(tx, deps, person.user, "session.close_others", {"ended": ended})
        return ended


def change_password(deps: Deps, door: Doorkeeper, person: SignedIn, *, current: str, password: str) -> Refusal | None:
    """Set a new one; every other session ends."""
    if wait_s := door.accounts.wait_s(person.user.email, deps.people_us()):
        return _too_many(wait_s)
    if refusal := unfit_password(password, email=person.user.email, name=person.user.name):
        return refusal
    if not password_matches(person.user.password_hash, current):
        return Refusal(code="password_wrong", message="This is not your password.", field="current")
    door.accounts.forget(person.user.email)
    kept = hash_password(password, salt=deps.entropy(salt_bytes))
    with deps.database.transaction(_SYSTEM) as tx:
        found = _locked(tx, person.user.id)
        after = tx.people.save_user(replace(found, password_hash=kept))
        tx.people.end_sessions(found.id, but=token_digest(person.token))
        _log(tx, deps, found, "user.password", {}, before=found.row_version, after=after)
    return None


def change_profile(deps: Deps, person: SignedIn, *, name: str, locale: str, timezone: str) -> Refusal | None:
    """What a person says of themselves."""
    if not 1 <= len(name) <= 200:
        return Refusal(code="name_missing", message="A name has 1 to 200 characters.", field="name")
    if locale not in ("de", "en"):
        return Refusal(code="locale_unknown", message="Choose German or English.", field="locale")
    if not is_timezone(timezone):
        return Refusal(code="timezone_unknown", message="Give a time zone such as Europe/Berlin.", field="timezone")
    with deps.database.transaction(_SYSTEM) as tx:
        found = _locked(tx, person.user.id)
        after = tx.people.save_user(replace(found, name=name, locale=locale, timezone=timezone))
        asked = {"name": name, "locale": locale, "timezone": timezone}
        _log(tx, deps, found, "user.profile", asked, before=found.row_version, after=after)
    return None


def open_sessions(deps: Deps, person: SignedIn) -> int:
    """In how many browsers the person is signed in."""
    now_us = deps.people_us()
    with deps.database.transaction(_SYSTEM) as tx:
        found = tx.people.sessions(person.user.id, now_us)
    return sum(session.seen_us + idle_us_max > now_us for session in found)


def nobody_yet(deps: Deps) -> bool:
    """Whether the first operator is still to be made."""
    with deps.database.transaction(_SYSTEM) as tx:
        return not tx.people.any_operator()


def setup_link(deps: Deps) -> str | None:
    """The path of a page that makes the first operator, once; None as soon as there is one. A link made before
    stops working: its text is not kept, so it could not be shown again."""
    now_us = deps.people_us()
    with deps.database.transaction(_SYSTEM) as tx:
        if tx.people.any_operator():
            return None
        tx.people.void_links(purpose=LinkPurpose.FIRST, user=None, at_us=now_us)
        return "/start/" + _link(tx, deps, LinkPurpose.FIRST, None, start_link_us)


def demo_link(deps: Deps, *, name: str, email: str, locale: str = "en") -> str:
    """The path that signs in at once, and once, as the demo's account manager, who is made when missing.

    For a demonstration only: nobody there has a password to lose.
    """
    with deps.database.transaction(_SYSTEM) as tx:
        found = tx.people.user_by_email(email)
        user = found.id if found is not None else _add(tx, deps, email, name, Role.MANAGER, locale, None).id
        return "/enter/" + _link(tx, deps, LinkPurpose.ENTER, user, enter_link_us)


def open_link(deps: Deps, token: str) -> tuple[OneTimeLink, User | None] | Refusal:
    """What the link opens, without using it up."""
    with deps.database.transaction(_SYSTEM) as tx:
        found = _usable(tx, deps, token)
        if isinstance(found, Refusal):
            return found
        return found, None if found.user is None else tx.people.user(found.user)


def enter(deps: Deps, token: str) -> SignedIn | Refusal:
    """Use up a link that signs in at once."""
    with deps.database.transaction(_SYSTEM) as tx:
        found = _usable(tx, deps, token, lock=True)
        if isinstance(found, Refusal):
            return found
        if found.purpose is not LinkPurpose.ENTER:
            return _link_spent()
        assert found.user is not None
        user = _locked(tx, found.user)
        if user.disabled_us is not None:
            return _link_spent()
        tx.people.use_link(found.id, deps.people_us())
        return _open(tx, deps, user, "session.open")


def start(deps: Deps, token: str, *, name: str, email: str, password: str, locale: str) -> SignedIn | Refusal:
    """Use up a link: make the first operator, or set the person's password; and sign in."""
    shown = open_link(deps, token)
    if isinstance(shown, Refusal):
        return shown
    link, invited = shown
    if link.purpose is LinkPurpose.ENTER:
        return _link_spent()
    email = email.strip().lower() if invited is None else invited.email
    name = name.strip() if invited is None else invited.name
    if refusal := _unfit_start(name, email, password):
        return refusal
    kept = hash_password(password, salt=deps.entropy(salt_bytes))
    with deps.database.transaction(_SYSTEM) as tx:
        again = _usable(tx, deps, token, lock=True)
        if isinstance(again, Refusal):
            return again
        tx.people.use_link(again.id, deps.people_us())
        if again.user is None:
            # Two browsers with two links: the second finds an operator and is no longer the first.
            if tx.people.any_operator():
                return _link_spent()
            if tx.people.user_by_email(email) is not None:
                return email_taken(email)
            user = _add(tx, deps, email, name, Role.OPERATOR, locale, kept)
        else:
            found = _locked(tx, again.user)
            if found.disabled_us is not None:
                return _link_spent()
            user = replace(found, password_hash=kept, locale=locale)
            after = tx.people.save_user(user)
            tx.people.end_sessions(found.id)
            _log(tx, deps, found, "user.password", {}, before=found.row_version, after=after)
        return _open(tx, deps, user, "session.open")


def _unfit_start(name: str, email: str, password: str) -> Refusal | None:
    if not 1 <= len(name) <= 200:
        return Refusal(code="name_missing", message="A name has 1 to 200 characters.", field="name")
    local, at, host = email.partition("@")
    if not (local and at and host) or len(email) > email_chars_max or any(sign.isspace() for sign in email):
        return Refusal(
            code="email_malformed", message="Give an e-mail address such as ana@network.example.", field="email"
        )
    return unfit_password(password, email=email, name=name)


def _account(email: str) -> str:
    """The account that is meant; nobody's for what is no address: it is kept in memory and asked of the database."""
    account = email.strip().lower()
    return account if len(account) <= email_chars_max and account.isprintable() else ""


def _usable(tx: Tx, deps: Deps, token: str, *, lock: bool = False) -> OneTimeLink | Refusal:
    found = tx.people.link(token_digest(token), lock=lock)
    if found is None or found.used_us is not None or found.expires_us <= deps.people_us():
        return _link_spent()
    return found


def _too_many(wait_s: int) -> Refusal:
    return Refusal(
        code="attempts_too_many",
        message=f"Too many attempts. Try again in {wait_s} seconds.",
        kind=Kind.FORBIDDEN,
    )


def _link_spent() -> Refusal:
    return Refusal(
        code="link_spent",
        message="This link was used already, or is too old. Ask an operator for a new one.",
        kind=Kind.NOT_FOUND,
    )


def _open(tx: Tx, deps: Deps, user: User, operation: str) -> SignedIn:
    now_us = deps.people_us()
    token = new_token(deps.entropy(token_bytes))
    tx.people.purge_sessions(now_us)
    tx.people.add_session(token_digest(token), user.id, at_us=now_us, expires_us=now_us + session_us_max)
    _log(tx, deps, user, operation, {})
    return SignedIn(user=user, token=token)


def _link(tx: Tx, deps: Deps, purpose: LinkPurpose, user: int | None, lasts_us: int) -> str:
    token = new_token(deps.entropy(token_bytes))
    now_us = deps.people_us()
    tx.people.add_link(token_digest(token), purpose=purpose, user=user, at_us=now_us, expires_us=now_us + lasts_us)
    return token


def _add(tx: Tx, deps: Deps, email: str, name: str, role: Role, locale: str, password_hash: str | None) -> User:
    made = tx.people.add_user(
        email=email,
        name=name,
        role=role.value,
        locale=locale,
        timezone=TIMEZONE,
        password_hash=password_hash,
        at_us=deps.now_us(),
    )
    user = _locked(tx, made)
    _log(tx, deps, user, "user.create", {"email": email, "name": name, "role": role.value}, after=1)
    return user


def _locked(tx: Tx, user: int) -> User:
    found = tx.people.user(user, lock=True)
    assert found is not None
    return found


def _log(
    tx: Tx,
    deps: Deps,
    user: User,
    operation: str,
    asked: Plain,
    *,
    before: int | None = None,
    after: int | None = None,
) -> None:
    subject = public("user", user.id)
    record_act(
        tx,
        Act(
            at_us=deps.now_us(),
            actor_kind=ActorKind.PERSON,
            actor=subject,
            operation=operation,
            subject=subject,
            input_hash=fingerprint({"v": 1, "operation": operation, "input": asked}),
            version_before=before,
            version_after=after,
        ),
    )
