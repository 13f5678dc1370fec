"""What campaigns teach each other: once a day each offer's counts are asked how much its arms differ, and every bot
reads what the other offers of the network said. A lesson holds no counts, no amounts and no names."""

from __future__ import annotations

import json
from typing import Final

from warum.domain.bots.creative import CreativeFacts
from warum.domain.bots.creative.judge import lesson_of
from warum.domain.earlier import USUAL, Earlier, Lesson, learn, lessons_max
from warum.domain.packing import plain, record
from warum.kernel.canonical import canonical
from warum.kernel.period import DAY_US
from warum.kernel.refusal import Refusal
from warum.ports.database import Tx

conversions_min: Final = 20
"""With fewer a campaign has nothing to teach."""


def earlier(tx: Tx, offer: int) -> Earlier:
    """What all other offers teach about this one; the usual where a lesson cannot be read."""
    told = [record(Lesson, json.loads(body)) for body in tx.evidence.lessons(but=offer, limit=lessons_max)]
    learnt = learn(told)
    return USUAL if isinstance(learnt, Refusal) else learnt


def teach(tx: Tx, facts: CreativeFacts, *, now_us: int) -> None:
    """Write down what the offer's campaign teaches, once a day."""
    learnt_us = tx.evidence.lesson_learnt_us(facts.offer)
    if learnt_us is not None and now_us < learnt_us + DAY_US:
        return
    lesson = lesson_of(facts, conversions_min=conversions_min)
    if lesson is not None:
        tx.evidence.keep_lesson(facts.offer, canonical(plain(lesson)), at_us=now_us)
