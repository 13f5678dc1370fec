"""Both languages say the same things, and have a word for every code."""

from __future__ import annotations

import inspect
import re
from string import Formatter
from typing import Any

import pytest

from warum.app.explain import Lang
from warum.app.explain.words import SPEECH
from warum.domain import attribution
from warum.domain.conversion import EventKind, Reason, Status
from warum.domain.ledger import AccountKind
from warum.domain.token import TokenFault
from warum.web.words import LANGS, WORDS

TABLES = ("titles", "text", "why", "status", "reason", "step", "account")


def placeholders(template: str) -> set[Any]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}


def test_both_languages_hold_the_same_templates():
    english, german = SPEECH[Lang.EN], SPEECH[Lang.DE]
    for table in TABLES:
        assert getattr(english, table).keys() == getattr(german, table).keys(), table
    for name, template in english.text.items():
        assert placeholders(template) == placeholders(german.text[name]), name


@pytest.mark.parametrize("lang", list(Lang))
def test_every_code_has_its_words(lang: Lang):
    speech = SPEECH[lang]
    source = inspect.getsource(attribution)
    codes = set(re.findall(r'(?:return|refused =|or) "([a-z_]+)"', source))
    assert {"outside_window", "no_click", "link_unknown"} <= codes
    assert codes | {fault.value for fault in TokenFault} | {"token", "reference"} <= speech.why.keys()
    assert {status.value for status in Status} == speech.status.keys()
    assert {reason.value for reason in Reason} == speech.reason.keys()
    assert {kind.value for kind in EventKind} <= speech.step.keys()
    assert {kind.value for kind in AccountKind} == speech.account.keys()


def test_the_page_speaks_both_languages():
    assert set(LANGS) == set(WORDS)
    assert WORDS["en"].keys() == WORDS["de"].keys()
