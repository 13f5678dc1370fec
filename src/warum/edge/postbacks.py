"""Conversions as partners report them: one by one at ``/p/{advertiser}``, or many at once at ``/v1/conversions``.

Who sends it is checked first, then each report becomes a record or a refusal in words. What was accepted is on disk
before the answer leaves, and the same event again is answered the same way and counts once. With what was accepted
comes a promise: a signed note that it will be in the log of receipts. Parameters that nobody defined are not kept,
since they may be personal, and the answer names them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias, cast

import msgspec

from warum.domain.catalog import EdgeAdvertiser
from warum.domain.promises import promise
from warum.domain.records import Postback
from warum.domain.sealing import Sealer
from warum.domain.tlog.notes import Signer
from warum.domain.token import TokenKeys
from warum.edge.auth import AUTH_NAMES, authenticate, bearer, token_hash
from warum.edge.dialects import Pairs, recognise
from warum.edge.http import Answer, Drop, Outcome, Request, json_answer, parameters
from warum.edge.reports import NOTE_WORDS, Context, take
from warum.edge.snapshot import Snapshot
from warum.kernel.ids import RecordId
from warum.kernel.period import hour_start
from warum.kernel.refusal import Kind, Refusal

reports_max: Final = 500
_recent_max: Final = 100_000
_ignored_max: Final = 50
_name_chars_max: Final = 64

_Said: TypeAlias = dict[str, object]

_COUNTED_LATER: Final = frozenset(("status_unknown",))
"""Notes on reports that the worker keeps for a person, and counts when it does."""
_TAKEN: Final = "Taken, and safe on disk."
_AGAIN: Final = "This event was taken before; it counts once."
_BODY_MALFORMED: Final = Refusal(
    "body_malformed", "The body is not what its type says: send a JSON object, an array of objects, or a form."
)
_TOO_MANY: Final = Refusal("too_many_reports", f"A message holds at most {reports_max} reports. Send it in parts.")
_ADVERTISER_UNKNOWN: Final = Refusal(
    "advertiser_unknown",
    "There is no advertiser of this code. Compare the address with the one in the advertiser's settings.",
    kind=Kind.NOT_FOUND,
)
_ADVERTISER_UNNAMED: Final = Refusal(
    "auth_missing",
    "Nothing says who sends this. Add the advertiser's token (Authorization: Bearer), or name the advertiser "
    "(advertiser=) and sign the request.",
    kind=Kind.FORBIDDEN,
)
_TOKEN_UNKNOWN: Final = Refusal("token_wrong", "No advertiser has this token.", kind=Kind.FORBIDDEN)
_DIALECT_UNKNOWN: Final = Refusal("dialect_unknown", "There is no such dialect. Leave dialect out.", "dialect")
_STATUS: Final = {Kind.INVALID: 422, Kind.NOT_FOUND: 404, Kind.CONFLICT: 409, Kind.FORBIDDEN: 401}
_CHALLENGE: Final = 'WWW-Authenticate: Bearer realm="warum"\r\n'


class Recent:
    """Event ids of late. The database knows all of them; this only answers a repetition truly and keeps it out of the
    journal."""

    def __init__(self) -> None:
        self._events: dict[tuple[int, str], None] = {}

    def __contains__(self, event: tuple[int, str]) -> bool:
        return event in self._events

    def add(self, event: tuple[int, str]) -> None:
        if len(self._events) >= _recent_max:
            del self._events[next(iter(self._events))]
        self._events[event] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PostbackTools:
    """What a postback needs beside the request and the snapshot.

    Attributes:
        signer: the key of promises.
        origin: the name of the log that they are about.
    """

    keys: TokenKeys
    sealer: Sealer
    recent: Recent
    signer: Signer
    origin: str


@dataclass(frozen=True, slots=True)
class _Message:
    """One report as it came in: all its parameters, and the names of those that hold no text."""

    pairs: Pairs
    nested: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Result:
    """What became of one message."""

    said: _Said
    records: tuple[Postback, ...] = ()
    reasons: tuple[str, ...] = ()
    duplicate: bool = False
    status: int = 202


def postback(
    request: Request, code: str, query: str, snapshot: Snapshot, tools: PostbackTools, *, now_us: int
) -> Outcome:
    """``GET|POST /p/{advertiser}``: parameters in the query, a form or JSON."""
    advertiser = snapshot.advertisers_by_code.get(code)
    if advertiser is None:
        return _refuse(_ADVERTISER_UNKNOWN, 0, now_us)
    return _receive(request, query, snapshot, tools, advertiser, now_us)


def conversions(request: Request, query: str, snapshot: Snapshot, tools: PostbackTools, *, now_us: int) -> Outcome:
    """``POST /v1/conversions``: the advertiser is the one whose bearer token it is, or the one that ``advertiser=``
    names."""
    named = next((value for name, value in parameters(query) if name == "advertiser"), None)
    if named is not None:
        return postback(request, named, query, snapshot, tools, now_us=now_us)
    token = bearer(request)
    advertiser = snapshot.advertisers_by_token.get(token_hash(token)) if token is not None else None
    if advertiser is None:
        return _refuse(_ADVERTISER_UNNAMED if token is None else _TOKEN_UNKNOWN, 0, now_us)
    return _receive(request, query, snapshot, tools, advertiser, now_us)


def _receive(
    request: Request, query: str, snapshot: Snapshot, tools: PostbackTools, advertiser: EdgeAdvertiser, now_us: int
) -> Outcome:
    in_query = parameters(query)
    in_form = parameters(request.body.decode("utf-8", "replace")) if _is_form(request) else []
    pairs = [*in_query, *in_form]
    if refused := authenticate(request, query, pairs, advertiser, tools.sealer, now_us=now_us):
        return _refuse(refused, advertiser.id, now_us)
    many = False
    if in_form or not request.body.strip():
        messages = [_message(pairs)]
    else:
        body = _read_json(request.body)
        many = isinstance(body, list)
        reports = cast(list[object], body) if isinstance(body, list) else [body]
        if len(reports) > reports_max:
            return _refuse(_TOO_MANY, advertiser.id, now_us)
        messages = [_json_message(report, in_query) for report in reports]
        if not messages or None in messages:
            return _refuse(_BODY_MALFORMED, advertiser.id, now_us, status=400)
    envelope_id = request.header(b"webhook-id")
    results: list[_Result] = []
    for index, message in enumerate(messages):
        assert message is not None
        message_id = f"{envelope_id}/{index}" if envelope_id is not None and many else envelope_id
        results.append(_take(message, advertiser, snapshot, tools, now_us, message_id))
    return _outcome(results, tools, advertiser.id, now_us, many=many)


def _take(
    message: _Message,
    advertiser: EdgeAdvertiser,
    snapshot: Snapshot,
    tools: PostbackTools,
    now_us: int,
    message_id: str | None,
) -> _Result:
    dialect = recognise(message.pairs)
    if dialect is None:
        return _refused(_DIALECT_UNKNOWN)
    programs = snapshot.programs_by_advertiser.get(advertiser.id, {}).values()
    click_names = frozenset(program.click_param.lower() for program in programs)
    understood = dialect.names | click_names | AUTH_NAMES
    for name in message.nested:
        if name in understood:
            return _refused(Refusal("field_malformed", f"{name} holds something else than text or a number.", name))
    names = dict.fromkeys([*(name for name, _ in message.pairs), *message.nested])
    ignored = [name[:_name_chars_max] for name in names if name not in understood][:_ignored_max]
    raws = dialect.read(message.pairs, click_names)
    if isinstance(raws, Refusal):
        return _refused(raws, ignored)
    records: list[Postback] = []
    notes: dict[str, None] = {}
    for number, raw in enumerate(raws):
        context = Context(
            advertiser=advertiser,
            snapshot=snapshot,
            keys=tools.keys,
            now_us=now_us,
            dialect=dialect.name,
            message_id=f"{message_id}/{number}" if message_id is not None and len(raws) > 1 else message_id,
        )
        taken = take(raw, context)
        if isinstance(taken, Refusal):
            return _refused(taken, ignored)
        records.append(taken.postback)
        notes.update(dict.fromkeys(taken.notes))
    return _accepted(records, list(notes), ignored, tools.recent)


def _accepted(records: Sequence[Postback], notes: Sequence[str], ignored: Sequence[str], recent: Recent) -> _Result:
    new: list[Postback] = []
    for record in records:
        event = (record.advertiser, record.event_id)
        if event not in recent:
            recent.add(event)
            new.append(record)
    said: _Said = {"status": "accepted", "event_id": records[0].event_id}
    if len(records) > 1:
        said["event_ids"] = [record.event_id for record in records]
    if not new:
        said |= {"duplicate": True, "message": _AGAIN, "ignored": ignored}
        return _Result(said, reasons=("duplicate_event",), duplicate=True)
    if notes:
        said["reason"] = notes[0]
    said |= {"message": " ".join([_TAKEN, *(NOTE_WORDS[note] for note in notes)]), "ignored": ignored}
    return _Result(said, records=tuple(new), reasons=tuple(note for note in notes if note not in _COUNTED_LATER))


def _refused(refusal: Refusal, ignored: Sequence[str] = ()) -> _Result:
    said: _Said = {"status": "refused", "reason": refusal.code, "message": refusal.message}
    if refusal.field is not None:
        said["field"] = refusal.field
    return _Result(said | {"ignored": ignored}, reasons=(refusal.code,), status=_STATUS[refusal.kind])


def _outcome(results: Sequence[_Result], tools: PostbackTools, advertiser: int, now_us: int, *, many: bool) -> Outcome:
    """One answer for all: 202 if all were accepted, 207 (RFC 4918) if some were."""
    records = tuple(record for result in results for record in result.records)

    def told(identities: Sequence[RecordId]) -> Answer:
        left = iter(identities)
        return _together(results, [result.said | _promised(result, tools, left) for result in results], many=many)

    return Outcome(
        _together(results, [result.said for result in results], many=many),
        records=records,
        drops=tuple(Drop(hour_start(now_us), 0, advertiser, reason) for result in results for reason in result.reasons),
        waits=any(result.duplicate for result in results),
        told=told if records else None,
    )


def _together(results: Sequence[_Result], said: Sequence[_Said], *, many: bool) -> Answer:
    if not many:
        return _answer(results[0].status, said[0])
    statuses = {result.status for result in results}
    return _answer(statuses.pop() if len(statuses) == 1 else 207, {"answers": said})


def _promised(result: _Result, tools: PostbackTools, identities: Iterator[RecordId]) -> _Said:
    """A promise for each record of the result; nothing for what was refused, or taken before.

    Args:
        identities: of the records; as many are taken as the result has.
    """
    promises = [
        promise(tools.signer, tools.origin, next(identities), seen_us=record.seen_us, event_id=record.event_id)
        for record in result.records
    ]
    if not promises:
        return {}
    return {"promise": promises[0]} if len(promises) == 1 else {"promise": promises[0], "promises": promises}


def _refuse(refusal: Refusal, advertiser: int, now_us: int, *, status: int | None = None) -> Outcome:
    """The whole request is refused."""
    result = _refused(refusal)
    answer = _answer(status or result.status, result.said)
    return Outcome(answer, drops=(Drop(hour_start(now_us), 0, advertiser, refusal.code),))


def _answer(status: int, said: _Said) -> Answer:
    return json_answer(status, said, _CHALLENGE if status == 401 else "")


def _is_form(request: Request) -> bool:
    """A body that is not said to be JSON, and does not look like it, is a form."""
    type_ = (request.header(b"content-type") or "").partition(";")[0].strip().lower()
    if type_ == "application/x-www-form-urlencoded":
        return bool(request.body)
    return bool(request.body) and not type_.endswith("json") and request.body.lstrip()[:1] not in (b"{", b"[")


# Decimals stay the text they came as: money never passes through a float.
_json: Final = msgspec.json.Decoder(float_hook=str)


def _read_json(body: bytes) -> object:
    """What the body holds; None, which is no report, for what is no JSON."""
    try:
        return cast(object, _json.decode(body))
    except (ValueError, RecursionError):
        return None


def _message(pairs: Pairs, nested: Sequence[str] = ()) -> _Message:
    """Names are read whatever their case."""
    return _Message([(name.lower(), value) for name, value in pairs], tuple(name.lower() for name in nested))


def _json_message(report: object, in_query: Pairs) -> _Message | None:
    """A report of a JSON body; parameters of the query hold for it too. None when it is no object."""
    if not isinstance(report, dict):
        return None
    pairs = list(in_query)
    nested: list[str] = []
    for name, value in cast(dict[str, object], report).items():
        values = cast(list[object], value) if isinstance(value, list) else [value]
        texts = [text for text in map(_text, values) if text is not None]
        if len(texts) < len(values) and value is not None:
            nested.append(name)
        pairs += [(name, text) for text in texts]
    return _message(pairs, nested)


def _text(value: object) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, str | int | float) else None
