"""API keys: 256 random bits, shown once; only their SHA-256 is kept. A key has a role, and a party where the role needs
one; row-level security then decides which rows exist for it."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from datetime import datetime
from hashlib import sha256
from typing import Annotated, Final

from pydantic import Field

from warum.app.border import (
    AdvertiserRef,
    KeyRef,
    Limit,
    Moment,
    Name,
    PublisherRef,
    ReasonText,
    border,
    missing,
    moment,
)
from warum.app.call import Call, Caller, Deps, Done
from warum.app.log.entries import record_act
from warum.kernel.ids import public
from warum.kernel.period import from_us, to_us
from warum.kernel.refusal import Kind, Refusal
from warum.ports.catalog import Act, ActorKind, ApiKey
from warum.ports.database import Role, Scope, Tx

KEY_PREFIX: Final = "wrm_"
DATA_FOLDER_LABEL: Final = "operator of this data folder"
"""Of the key that no person made: it stands in the data folder from the first start on."""
_key_bytes: Final = 32
_SYSTEM: Final = Scope(Role.SYSTEM)


@border
class KeyOut:
    id: KeyRef
    label: str
    role: Role
    advertiser: AdvertiserRef | None
    publisher: PublisherRef | None
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


@border
class Keys:
    keys: tuple[KeyOut, ...]


@border
class KeyCreated:
    key: Annotated[str, Field(description="Shown once. Goes into the header Authorization: Bearer.")]
    details: KeyOut


@border
class KeyCreate:
    label: Name
    role: Annotated[Role, Field(description="operator, manager, auditor, advertiser or publisher.")]
    advertiser: Annotated[AdvertiserRef | None, Field(description="Whose rows it sees; for the role advertiser.")] = (
        None
    )
    publisher: Annotated[PublisherRef | None, Field(description="Whose rows it sees; for the role publisher.")] = None
    expires_at: Moment | None = None


def create_key(tx: Tx, call: Call, ask: KeyCreate) -> Done[KeyCreated] | Refusal:
    if refusal := _unfit(tx, call, ask):
        return refusal
    key = KEY_PREFIX + urlsafe_b64encode(call.deps.entropy(_key_bytes)).rstrip(b"=").decode()
    made = tx.keys.add(
        label=ask.label,
        digest=key_digest(key),
        role=ask.role.value,
        party=ask.advertiser or ask.publisher,
        at_us=call.now_us,
        expires_us=None if ask.expires_at is None else to_us(ask.expires_at),
    )
    found = tx.keys.key(made)
    assert found is not None
    return Done(
        output=KeyCreated(key=key, details=_out(found)),
        subject=public("api_key", made),
        advertiser=ask.advertiser,
        publisher=ask.publisher,
    )


@border
class KeyRevoke:
    """Works at once, and for ever."""

    key: KeyRef
    reason: ReasonText | None = None


def revoke_key(tx: Tx, call: Call, ask: KeyRevoke) -> Done[KeyOut] | Refusal:
    found = tx.keys.key(ask.key, lock=True)
    if found is None:
        return missing("api_key", ask.key, "key")
    if found.revoked_us is not None:
        return Refusal(code="key_revoked", message="This key was revoked already.", kind=Kind.CONFLICT)
    tx.keys.revoke(found.id, call.now_us)
    after = tx.keys.key(found.id)
    assert after is not None
    out = _out(after)
    return Done(
        output=out,
        subject=public("api_key", found.id),
        before=1,
        after=2,
        advertiser=out.advertiser,
        publisher=out.publisher,
    )


@border
class KeyList:
    after: Annotated[KeyRef | None, Field(description="The last one of the page before.")] = None
    limit: Limit = 50


def list_keys(tx: Tx, call: Call, ask: KeyList) -> Keys | Refusal:
    return Keys(keys=tuple(_out(found) for found in tx.keys.keys(ask.after or 0, ask.limit)))


def caller_of(deps: Deps, key: str) -> Caller | None:
    """Who shows this key; None when nobody has it, or no longer."""
    with deps.database.transaction(_SYSTEM) as tx:
        found = tx.keys.by_hash(key_digest(key))
    now_us = deps.now_us()
    if found is None or found.revoked_us is not None or (found.expires_us is not None and found.expires_us <= now_us):
        return None
    return Caller(scope=Scope(Role(found.role), found.party), kind=ActorKind.KEY, actor=public("api_key", found.id))


def register_operator_key(deps: Deps, key: str) -> None:
    """Make the key of the data folder known to its database, once."""
    now_us = deps.now_us()
    with deps.database.transaction(_SYSTEM) as tx:
        if tx.keys.by_hash(key_digest(key)) is not None:
            return
        made = tx.keys.add(
            label=DATA_FOLDER_LABEL,
            digest=key_digest(key),
            role=Role.OPERATOR.value,
            party=None,
            at_us=now_us,
            expires_us=None,
        )
        record_act(
            tx,
            Act(
                at_us=now_us,
                actor_kind=ActorKind.SYSTEM,
                actor="start",
                operation="key.create",
                subject=public("api_key", made),
                input_hash=key_digest(DATA_FOLDER_LABEL),
                version_after=1,
            ),
        )


def key_digest(key: str) -> bytes:
    """SHA-256, 32 bytes. No slow hash: 256 random bits cannot be guessed."""
    return sha256(key.encode()).digest()


def _unfit(tx: Tx, call: Call, ask: KeyCreate) -> Refusal | None:
    if ask.role is Role.SYSTEM:
        return Refusal(code="role_reserved", message="The role system is for processes, not for keys.", field="role")
    wants_advertiser, wants_publisher = ask.role is Role.ADVERTISER, ask.role is Role.PUBLISHER
    if (ask.advertiser is not None) != wants_advertiser or (ask.publisher is not None) != wants_publisher:
        return Refusal(
            code="party_unfit",
            message="A key of the role advertiser names the advertiser, one of the role publisher names the "
            "publisher, and all others name nobody.",
            field="advertiser" if wants_advertiser else "publisher",
        )
    if ask.advertiser is not None and tx.catalog.advertiser(ask.advertiser) is None:
        return missing("advertiser", ask.advertiser)
    if ask.publisher is not None and tx.catalog.publisher(ask.publisher) is None:
        return missing("publisher", ask.publisher)
    if ask.expires_at is not None and to_us(ask.expires_at) <= call.now_us:
        return Refusal(code="expires_past", message="The key would have expired already.", field="expires_at")
    return None


def _out(found: ApiKey) -> KeyOut:
    role = Role(found.role)
    return KeyOut(
        id=found.id,
        label=found.label,
        role=role,
        advertiser=found.party if role is Role.ADVERTISER else None,
        publisher=found.party if role is Role.PUBLISHER else None,
        created_at=from_us(found.created_us),
        expires_at=moment(found.expires_us),
        revoked_at=moment(found.revoked_us),
    )
