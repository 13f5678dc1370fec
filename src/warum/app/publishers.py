"""Publishers, and the addresses where they hear of their conversions."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Final

from pydantic import Field

from warum.app.border import (
    Code,
    Limit,
    Name,
    PublisherRef,
    ReasonText,
    TargetRef,
    Version,
    border,
    missing,
    stale,
)
from warum.app.call import Call, Done
from warum.app.credentials import secret_bytes, secret_text
from warum.domain.macros import MACROS, template_refusal
from warum.domain.sealing import publisher_secret
from warum.kernel.ids import code, public
from warum.kernel.refusal import Kind, Refusal
from warum.ports.catalog import PostbackTarget, Publisher
from warum.ports.database import Tx

code_chars: Final = 8

UrlTemplate = Annotated[
    str,
    Field(
        min_length=1,
        max_length=2000,
        description="Address with macros, such as https://tracker.example/?cid={sub1}&payout={payout}&status={status}. "
        f"Known are {', '.join(MACROS)}, and most names that other networks use for them.",
    ),
]


@border
class PublisherOut:
    id: PublisherRef
    code: str
    name: str
    kind: Annotated[str, Field(description="What they do, such as content, cashback or comparison.")]
    active: bool
    row_version: int


@border
class Publishers:
    publishers: tuple[PublisherOut, ...]


@border
class PublisherCreate:
    name: Name
    code: Code | None = None
    kind: Annotated[
        str, Field(pattern=r"^[a-z][a-z_]{1,31}$", description="What they do, such as content or cashback.")
    ] = "content"


def create_publisher(tx: Tx, call: Call, ask: PublisherCreate) -> Done[PublisherOut] | Refusal:
    chosen = ask.code or code(call.deps.entropy(code_chars))
    if tx.catalog.publisher_by_code(chosen) is not None:
        return Refusal(
            code="code_taken",
            message=f"The code {chosen} is in use. Choose another, or leave it out.",
            field="code",
            kind=Kind.CONFLICT,
        )
    made = tx.catalog.add_publisher(code=chosen, name=ask.name, kind=ask.kind, at_us=call.now_us)
    return _done(tx, made, before=None)


@border
class PublisherRename:
    publisher: PublisherRef
    name: Name
    expected_version: Version | None = None


def rename_publisher(tx: Tx, call: Call, ask: PublisherRename) -> Done[PublisherOut] | Refusal:
    found = tx.catalog.publisher(ask.publisher, lock=True)
    if found is None:
        return missing("publisher", ask.publisher)
    if refusal := stale(found.row_version, ask.expected_version):
        return refusal
    tx.catalog.save_publisher(replace(found, name=ask.name))
    return _done(tx, found.id, before=found.row_version)


@border
class PublisherShow:
    publisher: PublisherRef


def show_publisher(tx: Tx, call: Call, ask: PublisherShow) -> PublisherOut | Refusal:
    found = tx.catalog.publisher(ask.publisher)
    return missing("publisher", ask.publisher) if found is None else publisher_out(found)


@border
class PublisherList:
    after: Annotated[PublisherRef | None, Field(description="The last one of the page before.")] = None
    limit: Limit = 50


def list_publishers(tx: Tx, call: Call, ask: PublisherList) -> Publishers | Refusal:
    return Publishers(
        publishers=tuple(publisher_out(found) for found in tx.catalog.publishers(ask.after or 0, ask.limit))
    )


# Outgoing postbacks.


@border
class TargetOut:
    id: TargetRef
    publisher: PublisherRef
    url_template: str
    active: bool
    row_version: int


@border
class Targets:
    targets: tuple[TargetOut, ...]


@border
class TargetCreated:
    target: TargetOut
    secret: Annotated[str, Field(description="Shown once. Checks the signature of what we send.")]


@border
class TargetCreate:
    publisher: PublisherRef
    url_template: UrlTemplate


def create_target(tx: Tx, call: Call, ask: TargetCreate) -> Done[TargetCreated] | Refusal:
    if tx.catalog.publisher(ask.publisher) is None:
        return missing("publisher", ask.publisher)
    if refusal := template_refusal(ask.url_template):
        return refusal
    secret = call.deps.entropy(secret_bytes)
    made = tx.catalog.add_target(
        publisher=ask.publisher,
        url_template=ask.url_template,
        secret_sealed=call.deps.sealer.seal(publisher_secret(ask.publisher), secret),
        at_us=call.now_us,
    )
    target = tx.catalog.target(made)
    assert target is not None
    return Done(
        output=TargetCreated(target=_target_out(target), secret=secret_text(secret)),
        subject=public("postback_target", made),
        publisher=ask.publisher,
    )


@border
class TargetChange:
    target: TargetRef
    url_template: UrlTemplate | None = None
    active: Annotated[bool | None, Field(description="False: nothing is sent there any more.")] = None
    reason: ReasonText | None = None
    expected_version: Version | None = None


def change_target(tx: Tx, call: Call, ask: TargetChange) -> Done[TargetOut] | Refusal:
    found = tx.catalog.target(ask.target, lock=True)
    if found is None:
        return missing("postback_target", ask.target, "target")
    if refusal := stale(found.row_version, ask.expected_version):
        return refusal
    if ask.url_template is not None and (refusal := template_refusal(ask.url_template)):
        return refusal
    changed = replace(
        found,
        url_template=found.url_template if ask.url_template is None else ask.url_template,
        active=found.active if ask.active is None else ask.active,
    )
    row_version = tx.catalog.save_target(changed)
    return Done(
        output=_target_out(replace(changed, row_version=row_version)),
        subject=public("postback_target", found.id),
        before=found.row_version,
        after=row_version,
        publisher=found.publisher,
    )


@border
class TargetList:
    publisher: PublisherRef | None = None
    after: Annotated[TargetRef | None, Field(description="The last one of the page before.")] = None
    limit: Limit = 50


def list_targets(tx: Tx, call: Call, ask: TargetList) -> Targets | Refusal:
    found = tx.catalog.targets(publisher=ask.publisher, after=ask.after or 0, limit=ask.limit)
    return Targets(targets=tuple(_target_out(target) for target in found))


def _done(tx: Tx, publisher: int, *, before: int | None) -> Done[PublisherOut]:
    found = tx.catalog.publisher(publisher)
    assert found is not None
    return Done(
        output=publisher_out(found),
        subject=public("publisher", publisher),
        before=before,
        after=found.row_version,
        publisher=publisher,
    )


def publisher_out(found: Publisher) -> PublisherOut:
    return PublisherOut(
        id=found.id,
        code=found.code,
        name=found.name,
        kind=found.kind,
        active=found.active,
        row_version=found.row_version,
    )


def _target_out(found: PostbackTarget) -> TargetOut:
    return TargetOut(
        id=found.id,
        publisher=found.publisher,
        url_template=found.url_template,
        active=found.active,
        row_version=found.row_version,
    )
