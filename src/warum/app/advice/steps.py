"""The steps of an advice: performed when a person approves it, in that person's name, all of them or none.

``BACK`` lists the operations that may be a step, each with what performs the opposite. An operation that may cost a
partner income for good has no place in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib import import_module
from typing import Any, Final, TypeAlias

from pydantic import TypeAdapter, ValidationError

from warum.app.call import AnyOperation, Call, Change, Done, act_of
from warum.app.log.entries import enter_steps, record_act
from warum.domain.advice import LETTER, Advice, Step, fields_of, step
from warum.kernel.canonical import canonical
from warum.kernel.refusal import Kind, Refusal
from warum.ports.database import Tx
from warum.ports.decisions import StoredProposal, TakenStep

Back: TypeAlias = Callable[[Any, Done[Any]], Step]
"""From the input and what was done to the step that takes it back."""


BACK: Final[Mapping[str, Back | None]] = {
    LETTER: lambda _, done: step("message.withdraw", message=done.subject),
}


def take_steps(
    tx: Tx, call: Call, stored: StoredProposal, advice: Advice, *, language: str, edits: Mapping[int, Mapping[str, str]]
) -> Refusal | None:
    """Perform them; the refusal of the first that cannot be.

    Args:
        language: of drafts that come in several.
        edits: by the place of a draft among the steps, what whoever approves changed of it.
    """
    chosen = {number: one for number, one in enumerate(advice.steps) if one.language in ("", language)}
    if odd := [number for number in edits if number not in chosen or chosen[number].operation != LETTER]:
        return Refusal(
            code="letter_unknown",
            message=f"Step {odd[0]} is not a letter that this approval would send. Nothing was changed.",
            field="letters",
        )
    taken: list[TakenStep] = []
    for number, drafted in chosen.items():
        one = _edited(drafted, edits.get(number, {}))
        done = _perform(tx, call, one)
        if isinstance(done, Refusal):
            return replace(
                done, message=f"Nothing was changed: {one.operation} is refused. {done.message}", kind=Kind.CONFLICT
            )
        back = _back(one, done)
        taken.append(
            TakenStep(
                proposal=stored.id,
                number=number,
                advertiser=stored.advertiser,
                operation=one.operation,
                input=one.input,
                subject=done.subject,
                back_operation=None if back is None else back.operation,
                back_input=None if back is None else back.input,
                taken_at_us=call.now_us,
            )
        )
        tx.decisions.add_step(taken[-1])
    if taken:
        enter_steps(tx, stored, taken, actor=call.caller.kind)
    return None


def undo_steps(tx: Tx, call: Call, stored: StoredProposal, taken: Sequence[TakenStep]) -> Refusal | None:
    """Perform the opposite of each, the last one first."""
    for one in reversed(taken):
        if one.back_operation is None or one.back_input is None:
            return Refusal(
                code="not_reversible",
                message=f"{one.operation} cannot be taken back by itself. Look at {one.subject} and change it there.",
                kind=Kind.CONFLICT,
            )
        done = _perform(tx, call, Step(operation=one.back_operation, input=one.back_input))
        if isinstance(done, Refusal):
            return replace(done, kind=Kind.CONFLICT)
    tx.decisions.undo_steps(stored.id, at_us=call.now_us)
    enter_steps(tx, stored, [replace(one, undone_at_us=call.now_us) for one in taken], actor=call.caller.kind)
    return None


def is_reversible(steps: Sequence[Step]) -> bool:
    """Whether all of them can be taken back."""
    return all(BACK.get(one.operation) is not None for one in steps)


def _edited(one: Step, fields: Mapping[str, str]) -> Step:
    """The letter with another subject or body."""
    if not fields:
        return one
    return replace(one, input=canonical({**fields_of(one), **fields}).decode())


def _perform(tx: Tx, call: Call, one: Step) -> Done[Any] | Refusal:
    operation = _operations()[one.operation]
    assert isinstance(operation, Change)
    if call.caller.scope.role not in operation.roles:
        return Refusal(
            code="role_not_allowed",
            message=f"{operation.name} is not for the role {call.caller.scope.role.value}.",
            kind=Kind.FORBIDDEN,
        )
    try:
        ask = TypeAdapter[Any](operation.input).validate_json(one.input)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        return Refusal(code="step_broken", message=f"{where or 'the input'}: {first['msg']}", kind=Kind.CONFLICT)
    done = operation.run(tx, call, ask)
    if not isinstance(done, Refusal):
        record_act(tx, act_of(operation, call, ask, done))
    return done


def _back(one: Step, done: Done[Any]) -> Step | None:
    way = BACK[one.operation]
    return None if way is None else way(one, done)


@cache
def _operations() -> Mapping[str, AnyOperation]:
    # The table holds the operations of this package, too, so it cannot be loaded with it.
    table: tuple[AnyOperation, ...] = import_module("warum.app.operations").OPERATIONS
    return {one.name: one for one in table}
