"""How an operation is performed: who may, in which transaction, and what is written beside what it does.

A change returns ``Done``, which names its subject and the versions; the act is written here, in the same transaction,
so that no change can forget it. A refusal rolls back whatever was written before it was found."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeAlias, TypeVar

from pydantic import TypeAdapter

from warum.app.log.entries import record_act
from warum.domain.sealing import Sealer
from warum.domain.tlog.notes import VKey
from warum.kernel.canonical import fingerprint
from warum.kernel.refusal import Kind, Refusal
from warum.ports.catalog import Act, ActorKind, ActRepeated
from warum.ports.database import Database, Overtaken, Role, Scope, Tx
from warum.ports.journal import Journal
from warum.ports.log import Shelf

In = TypeVar("In")
Out = TypeVar("Out")

_attempts_max: Final = 3
_SYSTEM: Final = Scope(Role.SYSTEM)


@dataclass(frozen=True, slots=True, kw_only=True)
class LogReader:
    """What receipts are made from, beside the database.

    Attributes:
        vkey: of the log; its name is the log's origin.
        edge_vkey: with it the edge promises that a report will be logged.
        webhook_key: with it webhooks are signed, as ``domain.webhook.public_key_text`` writes it; None where none are.
    """

    shelf: Shelf
    vkey: VKey
    edge_vkey: VKey
    webhook_key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deps:
    """What operations need of the outside world.

    Attributes:
        now_us: the clock.
        entropy: so many random bytes.
        edge_url: where links point to, without a slash at the end.
        version: of this software.
        journal: to see how far the worker is behind; None where it lies on another machine.
        edge_up: asks whether an edge answers; None where nobody can look.
        wall_us: set where ``now_us`` is not the wall clock, as in the demo, whose days pass in minutes.
        ago_us: set there, too: what ``now_us`` told so many microseconds of the wall ago.
        log: the log of receipts; None where nobody can read it.
        allow_private: whether partners may be called at private addresses and without TLS, for trying things out.
    """

    database: Database
    now_us: Callable[[], int]
    entropy: Callable[[int], bytes]
    sealer: Sealer
    edge_url: str
    version: str
    journal: Journal | None = None
    edge_up: Callable[[], bool] | None = None
    wall_us: Callable[[], int] | None = None
    ago_us: Callable[[int], int] | None = None
    log: LogReader | None = None
    allow_private: bool = False

    def people_us(self) -> int:
        """The clock that people live by: their sessions and links."""
        return (self.wall_us or self.now_us)()

    def before_us(self, passed_us: int) -> int:
        """What the clock told before people waited for so long."""
        return self.now_us() - passed_us if self.ago_us is None else self.ago_us(passed_us)


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who asks, and which rows exist for them."""

    scope: Scope
    kind: ActorKind
    actor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One performance of an operation; its time stands still."""

    deps: Deps
    caller: Caller
    now_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Done(Generic[Out]):
    """A change that was made.

    Attributes:
        subject: public id of what changed.
        before, after: row versions; ``before`` is None for what was created.
        advertiser, publisher: whom the act concerns, and who may therefore read it.
    """

    output: Out
    subject: str
    before: int | None = None
    after: int | None = 1
    advertiser: int | None = None
    publisher: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation(Generic[In, Out]):
    """A use case, declared once. REST, command line and reference page are made from this.

    Attributes:
        name: ``subject.verb``.
        summary: one sentence, for people.
        roles: who may.
    """

    name: str
    summary: str
    input: type[In]
    output: type[Out]
    roles: frozenset[Role]


@dataclass(frozen=True, slots=True, kw_only=True)
class Read(Operation[In, Out]):
    """Changes nothing. Runs in the caller's own rows."""

    run: Callable[[Tx, Call, In], Out | Refusal]


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed(Operation[In, Out]):
    """Changes nothing, and opens its transactions itself: it needs rows beyond the caller's to tell of the caller's."""

    run: Callable[[Call, In], Out | Refusal]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change(Operation[In, Out]):
    """Changes something, in one transaction, with its act.

    Attributes:
        own: for the roles of parties, who may read their own rows and write none: the refusal unless all that is named
            is their own, looked up among the rows that they see. The change itself then has the rights of the system,
            since it reaches further than their rows (an allocation, what the edge hears), and its act names them.
    """

    run: Callable[[Tx, Call, In], Done[Out] | Refusal]
    own: Callable[[Tx, In], Refusal | None] | None = None


AnyOperation: TypeAlias = Read[Any, Any] | Composed[Any, Any] | Change[Any, Any]


@dataclass(frozen=True, slots=True)
class Repeated:
    """The same change was made before, from the same form. ``act`` says what became of it."""

    act: Act


class _Refused(Exception):
    """Carries a refusal out of the transaction, which rolls back."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal


def perform(operation: AnyOperation, deps: Deps, caller: Caller, ask: Any, *, once: str | None = None) -> Any:
    """The operation's output, or the refusal.

    Args:
        once: a token; a change that was made with it and the same input is not made again, and the answer is
            ``Repeated``.
    """
    if caller.scope.role not in operation.roles:
        return Refusal(
            code="role_not_allowed",
            message=f"{operation.name} is for {_listed(operation.roles)}; this key has the role "
            f"{caller.scope.role.value}.",
            kind=Kind.FORBIDDEN,
        )
    call = Call(deps=deps, caller=caller, now_us=deps.now_us())
    if isinstance(operation, Composed):
        return operation.run(call, ask)
    if isinstance(operation, Change) and once is not None and (before := _before(operation, call, ask, once)):
        return before
    try:
        return _run(operation, call, ask, once)
    except _Refused as refused:
        # Sent twice at once, the second finds what the first has just changed.
        before = None if once is None or isinstance(operation, Read) else _before(operation, call, ask, once)
        return before or refused.refusal
    except ActRepeated:
        assert isinstance(operation, Change) and once is not None
        return _before(operation, call, ask, once)


def _run(operation: Read[Any, Any] | Change[Any, Any], call: Call, ask: Any, once: str | None) -> Any:
    """Its output. Two who create the same at once both find nothing beforehand; the second one starts again, and what
    it finds then decides what it is told."""
    scope = call.caller.scope
    if isinstance(operation, Change) and operation.own is not None and scope.party is not None:
        with call.deps.database.transaction(scope) as tx:
            if refusal := operation.own(tx, ask):
                return refusal
        scope = _SYSTEM
    for _ in range(_attempts_max):
        with suppress(Overtaken), call.deps.database.transaction(scope) as tx:
            if isinstance(operation, Read):
                return operation.run(tx, call, ask)
            done = operation.run(tx, call, ask)
            if isinstance(done, Refusal):
                raise _Refused(done)
            record_act(tx, act_of(operation, call, ask, done, once=once))
            return done.output
    return Refusal(
        code="overtaken",
        message="Somebody changes the same at this moment, and was quicker. Look at it again, and repeat the change if "
        "you still want it.",
        kind=Kind.CONFLICT,
    )


def _before(operation: Change[Any, Any], call: Call, ask: Any, once: str) -> Repeated | None:
    with call.deps.database.transaction(call.caller.scope) as tx:
        act = tx.acts.once(once, _input_hash(operation, ask))
        return None if act is None else Repeated(act)


def _input_hash(operation: Change[Any, Any], ask: Any) -> bytes:
    plain = TypeAdapter[Any](operation.input).dump_python(ask, mode="json")
    return fingerprint({"v": 1, "operation": operation.name, "input": plain})


def act_of(operation: Change[Any, Any], call: Call, ask: Any, done: Done[Any], *, once: str | None = None) -> Act:
    """The act that stands beside a change."""
    return Act(
        at_us=call.now_us,
        actor_kind=call.caller.kind,
        actor=call.caller.actor,
        operation=operation.name,
        subject=done.subject,
        input_hash=_input_hash(operation, ask),
        reason=getattr(ask, "reason", None),
        version_before=done.before,
        version_after=done.after,
        advertiser=done.advertiser,
        publisher=done.publisher,
        once=once,
    )


def _listed(roles: frozenset[Role]) -> str:
    return ", ".join(sorted(role.value for role in roles))
