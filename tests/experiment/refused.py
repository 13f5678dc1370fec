"""A refusal by its code, with words in it."""

from __future__ import annotations

from typing import TypeVar

from warum.kernel.refusal import Refusal

T = TypeVar("T")


def refused(answer: object, code: str) -> None:
    assert isinstance(answer, Refusal), answer
    assert answer.code == code
    assert answer.message.endswith(".") and len(answer.message) > 20


def given(answer: T | Refusal) -> T:
    assert not isinstance(answer, Refusal), answer
    return answer
