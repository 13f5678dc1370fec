"""Advertisers: who they are, the hosts they proved, the legal basis they recorded, what their postbacks show."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Annotated, Final

from pydantic import Field

from warum.app.border import (
    AdvertiserRef,
    Code,
    Limit,
    Name,
    ReasonText,
    Version,
    border,
    missing,
    moment,
    stale,
)
from warum.app.call import Call, Done
from warum.app.credentials import secret_bytes, secret_text
from warum.domain.sealing import advertiser_secret
from warum.kernel.ids import code, public
from warum.kernel.refusal import Kind, Refusal
from warum.ports.catalog import Advertiser, Host
from warum.ports.database import Tx

code_chars: Final = 8
_token_bytes: Final = 32
_HOST_NAME: Final = re.compile(
    r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
)
WELL_KNOWN: Final = "/.well-known/warum-challenge.txt"


@border
class AdvertiserOut:
    id: AdvertiserRef
    code: Annotated[str, Field(description="Stands in the address of its postbacks: /p/{code}.")]
    name: str
    active: bool
    credit_without_consent: Annotated[
        str | None, Field(description="The recorded legal basis for it; null keeps it off.")
    ]
    credit_without_consent_since: datetime | None
    has_credentials: bool
    row_version: int


@border
class HostOut:
    advertiser: AdvertiserRef
    host: str
    challenge: Annotated[str, Field(description=f"What the advertiser publishes under {WELL_KNOWN} on the host.")]
    proved_at: datetime | None
    proof: Annotated[str | None, Field(description="The evidence, in words.")]
    row_version: int


@border
class AdvertiserDetails:
    advertiser: AdvertiserOut
    hosts: tuple[HostOut, ...]


@border
class Advertisers:
    advertisers: tuple[AdvertiserOut, ...]


@border
class AdvertiserCreate:
    name: Name
    code: Code | None = None


def create_advertiser(tx: Tx, call: Call, ask: AdvertiserCreate) -> Done[AdvertiserOut] | Refusal:
    chosen = ask.code or code(call.deps.entropy(code_chars))
    if tx.catalog.advertiser_by_code(chosen) is not None:
        return _code_taken(chosen)
    made = tx.catalog.add_advertiser(code=chosen, name=ask.name, at_us=call.now_us)
    return _done(tx, call, made, before=None)


@border
class AdvertiserRename:
    advertiser: AdvertiserRef
    name: Name
    expected_version: Version | None = None


def rename_advertiser(tx: Tx, call: Call, ask: AdvertiserRename) -> Done[AdvertiserOut] | Refusal:
    found = _to_change(tx, ask.advertiser, ask.expected_version)
    if isinstance(found, Refusal):
        return found
    tx.catalog.save_advertiser(replace(found, name=ask.name))
    return _done(tx, call, found.id, before=found.row_version)


@border
class BasisRecord:
    advertiser: AdvertiserRef
    basis: Annotated[
        str,
        Field(
            min_length=10,
            max_length=2000,
            description="The legal basis for crediting publishers without the visitor's consent, as the advertiser "
            "states it, with its source.",
        ),
    ]
    expected_version: Version | None = None


def record_basis(tx: Tx, call: Call, ask: BasisRecord) -> Done[AdvertiserOut] | Refusal:
    found = _to_change(tx, ask.advertiser, ask.expected_version)
    if isinstance(found, Refusal):
        return found
    tx.catalog.save_advertiser(replace(found, reference_basis=ask.basis, reference_basis_at_us=call.now_us))
    return _done(tx, call, found.id, before=found.row_version)


@border
class BasisWithdraw:
    advertiser: AdvertiserRef
    reason: ReasonText
    expected_version: Version | None = None


def withdraw_basis(tx: Tx, call: Call, ask: BasisWithdraw) -> Done[AdvertiserOut] | Refusal:
    found = _to_change(tx, ask.advertiser, ask.expected_version)
    if isinstance(found, Refusal):
        return found
    if found.reference_basis is None:
        return Refusal(
            code="basis_not_recorded",
            message="This advertiser has no legal basis recorded, so crediting without consent is off already.",
            kind=Kind.CONFLICT,
        )
    tx.catalog.save_advertiser(replace(found, reference_basis=None, reference_basis_at_us=None))
    return _done(tx, call, found.id, before=found.row_version)


@border
class CredentialsRotate:
    advertiser: AdvertiserRef
    expected_version: Version | None = None


@border
class Credentials:
    """Shown once. The old ones stop working as soon as the edge has heard of it, within two seconds."""

    advertiser: AdvertiserRef
    token: Annotated[str, Field(description="Shared token: Authorization: Bearer, or token= in the address.")]
    secret: Annotated[str, Field(description="Secret for HMAC-SHA256 signatures, as Standard Webhooks write it.")]
    postback_url: str
    row_version: int


def rotate_credentials(tx: Tx, call: Call, ask: CredentialsRotate) -> Done[Credentials] | Refusal:
    found = _to_change(tx, ask.advertiser, ask.expected_version)
    if isinstance(found, Refusal):
        return found
    token = "wpt_" + call.deps.entropy(_token_bytes).hex()
    secret = call.deps.entropy(secret_bytes)
    row_version = tx.catalog.save_advertiser(
        replace(
            found,
            token_hash=sha256(token.encode()).hexdigest(),
            secret_sealed=call.deps.sealer.seal(advertiser_secret(found.id), secret),
        )
    )
    tx.snapshot.queue("advertiser", [found.id], at_us=call.now_us)
    return Done(
        output=Credentials(
            advertiser=found.id,
            token=token,
            secret=secret_text(secret),
            postback_url=f"{call.deps.edge_url}/p/{found.code}",
            row_version=row_version,
        ),
        subject=public("advertiser", found.id),
        before=found.row_version,
        after=row_version,
        advertiser=found.id,
    )


@border
class HostAdd:
    advertiser: AdvertiserRef
    host: Annotated[str, Field(min_length=1, max_length=253, description="Host name alone, such as www.hotel.example.")]


def add_host(tx: Tx, call: Call, ask: HostAdd) -> Done[HostOut] | Refusal:
    found = _to_change(tx, ask.advertiser, None)
    if isinstance(found, Refusal):
        return found
    host = ask.host.lower().rstrip(".")
    if _HOST_NAME.fullmatch(host) is None:
        return Refusal(
            code="host_malformed",
            message="Give the host name alone, without scheme, port or path: www.hotel.example.",
            field="host",
        )
    if any(known.host == host for known in tx.catalog.hosts(found.id)):
        return Refusal(
            code="host_known",
            message=f"{host} is in the list of this advertiser already.",
            field="host",
            kind=Kind.CONFLICT,
        )
    tx.catalog.add_host(advertiser=found.id, host=host, challenge="warum-" + code(call.deps.entropy(24)))
    return _host_done(tx, found.id, host, before=None)


@border
class HostProve:
    advertiser: AdvertiserRef
    host: str
    evidence: Annotated[
        str,
        Field(
            min_length=5,
            max_length=500,
            description="What shows that the host is the advertiser's: that its well-known file holds the challenge, "
            "or on whose word you take it.",
        ),
    ]
    expected_version: Version | None = None


def prove_host(tx: Tx, call: Call, ask: HostProve) -> Done[HostOut] | Refusal:
    found = _to_change(tx, ask.advertiser, None)
    if isinstance(found, Refusal):
        return found
    host = next((known for known in tx.catalog.hosts(found.id) if known.host == ask.host.lower()), None)
    if host is None:
        return Refusal(
            code="host_unknown",
            message=f"{ask.host} was never added to this advertiser: do that first, with advertiser.host.add.",
            field="host",
            kind=Kind.NOT_FOUND,
        )
    if refusal := stale(host.row_version, ask.expected_version):
        return refusal
    tx.catalog.save_host(replace(host, proved_at_us=call.now_us, proof=ask.evidence))
    tx.snapshot.queue("advertiser", [found.id], at_us=call.now_us)
    return _host_done(tx, found.id, host.host, before=host.row_version)


@border
class AdvertiserShow:
    advertiser: AdvertiserRef


def show_advertiser(tx: Tx, call: Call, ask: AdvertiserShow) -> AdvertiserDetails | Refusal:
    found = tx.catalog.advertiser(ask.advertiser)
    if found is None:
        return missing("advertiser", ask.advertiser)
    return AdvertiserDetails(
        advertiser=advertiser_out(found), hosts=tuple(_host_out(host) for host in tx.catalog.hosts(found.id))
    )


@border
class AdvertiserList:
    after: Annotated[AdvertiserRef | None, Field(description="The last one of the page before.")] = None
    limit: Limit = 50


def list_advertisers(tx: Tx, call: Call, ask: AdvertiserList) -> Advertisers | Refusal:
    found = tx.catalog.advertisers(ask.after or 0, ask.limit)
    return Advertisers(advertisers=tuple(advertiser_out(advertiser) for advertiser in found))


def advertiser_out(found: Advertiser) -> AdvertiserOut:
    return AdvertiserOut(
        id=found.id,
        code=found.code,
        name=found.name,
        active=found.active,
        credit_without_consent=found.reference_basis,
        credit_without_consent_since=moment(found.reference_basis_at_us),
        has_credentials=found.token_hash is not None,
        row_version=found.row_version,
    )


def proved_hosts(tx: Tx, advertiser: int) -> frozenset[str]:
    return frozenset(host.host for host in tx.catalog.hosts(advertiser) if host.proved_at_us is not None)


def _to_change(tx: Tx, advertiser: int, expected: int | None) -> Advertiser | Refusal:
    found = tx.catalog.advertiser(advertiser, lock=True)
    if found is None:
        return missing("advertiser", advertiser)
    return stale(found.row_version, expected) or found


def _done(tx: Tx, call: Call, advertiser: int, *, before: int | None) -> Done[AdvertiserOut]:
    """Every change of an advertiser is news to the edge."""
    tx.snapshot.queue("advertiser", [advertiser], at_us=call.now_us)
    found = tx.catalog.advertiser(advertiser)
    assert found is not None
    return Done(
        output=advertiser_out(found),
        subject=public("advertiser", advertiser),
        before=before,
        after=found.row_version,
        advertiser=advertiser,
    )


def _host_done(tx: Tx, advertiser: int, name: str, *, before: int | None) -> Done[HostOut]:
    host = next(known for known in tx.catalog.hosts(advertiser) if known.host == name)
    return Done(
        output=_host_out(host),
        subject=f"{public('advertiser', advertiser)}/{name}",
        before=before,
        after=host.row_version,
        advertiser=advertiser,
    )


def _host_out(host: Host) -> HostOut:
    return HostOut(
        advertiser=host.advertiser,
        host=host.host,
        challenge=host.challenge,
        proved_at=moment(host.proved_at_us),
        proof=host.proof,
        row_version=host.row_version,
    )


def _code_taken(chosen: str) -> Refusal:
    return Refusal(
        code="code_taken",
        message=f"The code {chosen} is in use. Choose another, or leave it out.",
        field="code",
        kind=Kind.CONFLICT,
    )
