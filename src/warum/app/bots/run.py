"""A round over every program, one transaction each, so that one program's trouble is not another's."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from typing import Final

from warum.app.bots.consider import Round, consider_program, measure_program
from warum.domain.catalog import ProgramStatus
from warum.ports.catalog import Program
from warum.ports.database import Database, DatabaseUnavailable, Role, Scope, Tx

_SYSTEM: Final = Scope(Role.SYSTEM)
_programs_at_once: Final = 100

_log: Final = logging.getLogger("warum.bots")


def consider_all(database: Database, now_us: Callable[[], int], *, stopped: Callable[[], bool]) -> Round:
    """One round; what it brought.

    Args:
        stopped: asked between programs.

    Raises:
        DatabaseUnavailable: nothing more can be done just now. Any other trouble with a program is logged, and the
            next one is looked at.
    """
    total = Round()
    for program in _programs(database):
        if stopped():
            break
        try:
            with database.transaction(_SYSTEM) as tx:
                total = total.plus(_round(tx, program, now_us()))
        except DatabaseUnavailable:
            raise
        except Exception:
            _log.exception("the bots failed in program %s; the others go on", program.code)
    return total


def _round(tx: Tx, program: Program, now_us: int) -> Round:
    """Promises are measured to their end, also when the program has ended meanwhile."""
    begun = program.starts_us is None or program.starts_us <= now_us
    over = program.ends_us is not None and program.ends_us <= now_us
    runs = program.status is ProgramStatus.RUNNING and begun and not over
    return consider_program(tx, program, now_us=now_us) if runs else measure_program(tx, program.id, now_us=now_us)


def _programs(database: Database) -> Iterator[Program]:
    after = 0
    while True:
        with database.transaction(_SYSTEM) as tx:
            some = tx.catalog.programs(advertiser=None, after=after, limit=_programs_at_once)
        if not some:
            return
        yield from some
        after = some[-1].id
