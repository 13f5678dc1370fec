"""What people call what an advice speaks of. Names stand in no facts and in no stored advice, so that they can change,
and be erased."""

from __future__ import annotations

from collections.abc import Iterable

from warum.domain.advice import Advice, fields_of
from warum.domain.explain.record import Statement
from warum.domain.explain.voice import Named
from warum.kernel.ids import PREFIXES, private, public
from warum.ports.database import Tx

_PREFIXES = frozenset(PREFIXES.values())


def named(tx: Tx, advices: Iterable[Advice]) -> Named:
    """The names of all that these advices speak of."""
    refs = {ref for advice in advices for ref in _refs(advice)}
    called = tx.overview.names(refs)
    publishers = {found: name for ref, name in called.items() if (found := private("publisher", ref)) is not None}
    return Named(called=called, publishers=publishers)


def is_ref(value: object) -> bool:
    """Whether it is a public id."""
    if not isinstance(value, str):
        return False
    prefix, _, number = value.partition("_")
    return prefix in _PREFIXES and number.isdecimal()


def _refs(advice: Advice) -> Iterable[str]:
    told = advice.explanation
    yield advice.subject
    yield public("program", advice.program)
    for statement in (
        advice.headline,
        told.claim,
        told.sureness,
        *told.reasons,
        *told.considered,
        *told.would_change,
        *told.limits,
    ):
        yield from _in_statement(statement)
    for one in advice.steps:
        yield from (str(value) for value in fields_of(one).values() if is_ref(value))


def _in_statement(statement: Statement) -> Iterable[str]:
    for parameter in statement.parameters:
        if is_ref(parameter.value):
            yield parameter.value
        elif parameter.name == "publisher" or parameter.name.endswith("_publisher"):
            yield public("publisher", int(parameter.value))
