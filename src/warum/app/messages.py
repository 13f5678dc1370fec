"""Messages to partners: a person writes them, or approves a draft, and the partner reads them. None is sent by itself.

A message is withdrawn rather than deleted: the partner does not see it any more, the house still does."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from warum.app.border import (
    AdvertiserRef,
    Limit,
    MessageRef,
    ProgramRef,
    PublisherRef,
    Version,
    border,
    missing,
    moment,
    stale,
)
from warum.app.call import Call, Done
from warum.domain.catalog import PartnershipStatus
from warum.kernel.ids import public
from warum.kernel.period import from_us
from warum.kernel.refusal import Kind, Refusal
from warum.ports.database import Tx
from warum.ports.messages import Message

Subject = Annotated[str, Field(min_length=1, max_length=200)]
Body = Annotated[str, Field(min_length=1, max_length=10_000, description="Plain text.")]


class MessageLanguage(StrEnum):
    DE = "de"
    EN = "en"


@border
class MessageOut:
    id: MessageRef
    advertiser: AdvertiserRef
    program: ProgramRef
    publisher: Annotated[PublisherRef | None, Field(description="Whom it is for; null: the advertiser.")]
    language: MessageLanguage
    subject: str
    body: str
    written_by: str
    written_at: datetime
    read_at: datetime | None
    withdrawn_at: datetime | None
    row_version: int


@border
class Messages:
    messages: Annotated[tuple[MessageOut, ...], Field(description="Newest first.")]


@border
class MessageWrite:
    program: ProgramRef
    publisher: Annotated[
        PublisherRef | None, Field(description="A partner of the program; left out: its advertiser.")
    ] = None
    language: MessageLanguage = MessageLanguage.DE
    subject: Subject
    body: Body


def write_message(tx: Tx, call: Call, ask: MessageWrite) -> Done[MessageOut] | Refusal:
    program = tx.catalog.program(ask.program)
    if program is None:
        return missing("program", ask.program)
    if ask.publisher is not None:
        if tx.catalog.publisher(ask.publisher) is None:
            return missing("publisher", ask.publisher)
        partnership = tx.catalog.partnership_of(program=ask.program, publisher=ask.publisher)
        if partnership is None or partnership.status is PartnershipStatus.DECLINED:
            return Refusal(
                code="not_a_partner",
                message=f"{public('publisher', ask.publisher)} is no partner of this program and did not apply to it. "
                "Write to partners; recruiting by message needs the other side's consent.",
                field="publisher",
                kind=Kind.CONFLICT,
            )
    message = Message(
        advertiser=program.advertiser,
        program=program.id,
        publisher=ask.publisher,
        language=ask.language.value,
        subject=ask.subject,
        body=ask.body,
        written_by=call.caller.actor,
        written_at_us=call.now_us,
    )
    made = replace(message, id=tx.messages.add(message))
    return _done(made, before=None)


@border
class MessageList:
    program: ProgramRef | None = None
    publisher: PublisherRef | None = None
    before: Annotated[MessageRef | None, Field(description="The last one of the page before.")] = None
    limit: Limit = 50


def list_messages(tx: Tx, call: Call, ask: MessageList) -> Messages | Refusal:
    """Partners see their own that were not withdrawn."""
    found = tx.messages.messages(program=ask.program, publisher=ask.publisher, before=ask.before, limit=ask.limit)
    partner = call.caller.scope.party is not None
    return Messages(messages=tuple(_out(one) for one in found if not partner or one.withdrawn_at_us is None))


@border
class MessageRead:
    message: MessageRef


def read_message(tx: Tx, call: Call, ask: MessageRead) -> Done[MessageOut] | Refusal:
    found = tx.messages.message(ask.message, lock=True)
    if found is None or found.withdrawn_at_us is not None:
        return missing("message", ask.message)
    if found.read_at_us is not None:
        return _done(found, before=found.row_version)
    version = tx.messages.mark_read(found.id, at_us=call.now_us)
    return _done(replace(found, read_at_us=call.now_us, row_version=version), before=found.row_version)


def own_message(tx: Tx, ask: MessageRead) -> Refusal | None:
    """A partner may mark its own."""
    return missing("message", ask.message) if tx.messages.message(ask.message) is None else None


@border
class MessageWithdraw:
    message: MessageRef
    expected_version: Version | None = None


def withdraw_message(tx: Tx, call: Call, ask: MessageWithdraw) -> Done[MessageOut] | Refusal:
    found = tx.messages.message(ask.message, lock=True)
    if found is None:
        return missing("message", ask.message)
    if refusal := stale(found.row_version, ask.expected_version):
        return refusal
    if found.withdrawn_at_us is not None:
        return Refusal(code="message_withdrawn", message="It was withdrawn already.", kind=Kind.CONFLICT)
    if found.read_at_us is not None:
        return Refusal(
            code="message_read",
            message="The partner has read it already, so it cannot be taken back. Write another message instead.",
            kind=Kind.CONFLICT,
        )
    version = tx.messages.withdraw(found.id, at_us=call.now_us)
    return _done(replace(found, withdrawn_at_us=call.now_us, row_version=version), before=found.row_version)


def _done(message: Message, *, before: int | None) -> Done[MessageOut]:
    # The act of a message to a publisher is not the advertiser's to read.
    return Done(
        output=_out(message),
        subject=public("message", message.id),
        before=before,
        after=message.row_version,
        advertiser=message.advertiser if message.publisher is None else None,
        publisher=message.publisher,
    )


def _out(message: Message) -> MessageOut:
    return MessageOut(
        id=message.id,
        advertiser=message.advertiser,
        program=message.program,
        publisher=message.publisher,
        language=MessageLanguage(message.language),
        subject=message.subject,
        body=message.body,
        written_by=message.written_by,
        written_at=from_us(message.written_at_us),
        read_at=moment(message.read_at_us),
        withdrawn_at=moment(message.withdrawn_at_us),
        row_version=message.row_version,
    )
