"""Nothing is said that the record does not hold, and everything can be said in both languages."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
import pytest

import warum.app.advice
import warum.domain.bots
import warum.domain.explain
import warum.domain.inquiries
from bots.offers import facts
from inquiries.draws import awards, draws
from inquiries.test_rule import SPAN, percent, sold
from warum.domain.bots.creative import BOT
from warum.domain.bots.words import Language
from warum.domain.conversion import Status
from warum.domain.decisions import Objective, Parameter, Proposal, Unit
from warum.domain.explain.proposals import explain_proposal
from warum.domain.explain.record import Explanation, Label, Statement, state
from warum.domain.explain.tell import card, mail, page
from warum.domain.explain.voice import Named, voice
from warum.domain.explain.words import WORDS
from warum.domain.inquiries.creative import explain_creative
from warum.domain.inquiries.experiment import explain_experiment
from warum.domain.inquiries.policy import explain_policy
from warum.domain.inquiries.rule import Repricing, explain_rule, reprice

LANGUAGES: Final[tuple[Language, ...]] = ("de", "en")
NAMED: Final = Named(subject="Lake", arms={0: "Room", 1: "Breakfast"}, publishers={1: "Coast"})
HOLE: Final = re.compile(r"\{(\w+)(?:\|[^{}]*)?\}")


def told() -> Iterator[Explanation]:
    """Answers of every sort, given and withheld."""
    better, alike, thin = draws([0.02, 0.04]), draws([0.03, 0.03]), draws([0.01, 0.01], days=1)
    turned = draws([0.02, 0.02], shares=[[800_000, 200_000], [200_000, 800_000]], levels=[1.0, 3.0], days=56)
    skewed = replace(
        better,
        periods=tuple(
            replace(
                period,
                shares=tuple(replace(one, propensity_ppm=400_000 + 200_000 * one.arm) for one in period.shares),
            )
            for period in better.periods
        ),
    )
    late = replace(draws([0.02, 0.04], lags=(0,) * 29 + (1,)), now_us=better.until_us)
    for log in (better, alike, thin, turned, skewed, late, replace(better, periods=())):
        yield explain_creative(log, seed=1)
        yield explain_experiment(log, np.random.default_rng(1))
        for shares in ({1: 1_000_000}, {0: 500_000, 1: 500_000}):
            made = explain_policy(log, awards(log), shares, np.random.default_rng(1))
            assert isinstance(made, Explanation)
            yield made
    rules = [percent(80_000, number=1)]
    booked = [
        sold(rules, publisher, "", currency, status, 12_345, "2026-07")
        for publisher in (1, 2)
        for currency in ("EUR", "EUR", "USD")
        for status in (Status.PENDING, Status.APPROVED, Status.DECLINED)
    ]
    for rate in (70_000, 80_000, 95_000):
        repricing = reprice(booked, rules, percent(rate))
        yield explain_rule(repricing, percent(rate), currency="EUR", from_us=0, until_us=1, span=SPAN)
    yield explain_rule(Repricing(), percent(1), currency="EUR", from_us=0, until_us=1, span=SPAN)
    proposal = BOT.propose(facts(), seed=1)
    assert isinstance(proposal, Proposal)
    for objective in Objective:
        others = tuple(one for one in proposal.method if one.name != "objective")
        chosen = Parameter(name="objective", value=objective.value)
        yield explain_proposal(replace(proposal, method=(*others, chosen)))


TOLD: Final = list(told())


def statements(explanation: Explanation) -> tuple[Statement, ...]:
    return (
        explanation.claim,
        explanation.sureness,
        *explanation.reasons,
        *explanation.considered,
        *explanation.would_change,
        *explanation.limits,
    )


def test_only_counts_are_figures_however_sure_a_bot_is() -> None:
    sure = BOT.propose(facts(rates=(0.01, 0.01, 0.09)), seed=1)
    assert isinstance(sure, Proposal)
    assert "1" in {one.value for one in sure.evidence if one.name == "best"}
    names = {figure.name for figure in explain_proposal(sure).figures}
    assert names == {"days", "data_age", "exposures", "conversions", "approved", "pending", "declined", "value"}


def test_there_is_an_answer_of_every_label() -> None:
    assert {explanation.label for explanation in TOLD} == set(Label)


@pytest.mark.parametrize("code", sorted(WORDS))
def test_every_code_says_the_same_in_both_languages_and_no_number_of_its_own(code: str) -> None:
    both = WORDS[code]
    assert set(both) == {"de", "en"}
    # A number that stands in a template would stand in no evidence.
    assert not re.search(r"[0-9]", both["de"] + both["en"])
    assert set(HOLE.findall(both["de"])) == set(HOLE.findall(both["en"]))


def test_every_code_that_is_stated_has_words_and_all_words_are_used() -> None:
    packages = (warum.domain.explain, warum.domain.inquiries, warum.domain.bots, warum.app.advice)
    files = [path for package in packages for path in Path(package.__path__[0]).glob("**/*.py") if not _words(path)]
    text = "".join(path.read_text() for path in files)
    for file in files:
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "state":
                code = node.args[0]
                if isinstance(code, ast.Constant) and code.value:
                    assert code.value in WORDS
    begun = set(re.findall(r'f"([a-z_.]+\.)\{', text)) | set(re.findall(r'f"([a-z_.]+_)\{', text))
    spoken = set(re.findall(r"[\"']([a-z_]+(?:\.[a-z_]+)+)[\"']", text))
    unused = {code for code in WORDS if code not in spoken and not code.startswith(tuple(begun))}
    assert not unused


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("place", range(len(TOLD)))
def test_every_number_in_the_words_stands_in_the_record(place: int, language: Language) -> None:
    explanation = TOLD[place]
    speech = voice(explanation, language, NAMED)
    known: set[str] = set()
    for statement in statements(explanation):
        values = {parameter.name: parameter.value for parameter in statement.parameters}
        currency = values.get("currency", explanation.currency)
        for name, value in values.items():
            known |= digits(speech.value(name, value, currency))
            # Words of the bots shorten a fraction to three digits.
            known |= digits(f"{float(value):.3g}") if statement.code.startswith("bot.check.") and value else set()
    number = explanation.number
    if number is not None:
        known |= digits(speech.number(number))
        for value in (number.value, number.low, number.high):
            assert value is None or digits(speech._in_unit(value, number.unit)) <= known  # pyright: ignore[reportPrivateUsage]
        assert number.confidence_ppm is None or number.unit is not Unit.HOURS
    written = mail(explanation, language, NAMED)
    sentences = [sentence for section in page(explanation, language, NAMED) for sentence in section.sentences]
    for text in (card(explanation, language, NAMED), written.subject, written.text, *sentences):
        assert digits(text) <= known, text
        assert "{" not in text and "}" not in text


@pytest.mark.parametrize("place", range(len(TOLD)))
def test_counts_in_the_reasons_are_those_of_the_figures(place: int) -> None:
    explanation = TOLD[place]
    counts = {
        (figure.name, next((one.value for one in figure.of if one.name == "arm"), "")): figure.value
        for figure in explanation.figures
    }
    for reason in explanation.reasons:
        values = {parameter.name: parameter.value for parameter in reason.parameters}
        if "arm" in values and "exposures" in values and ("exposures", values["arm"]) in counts:
            assert int(values["exposures"]) == counts["exposures", values["arm"]]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("place", range(len(TOLD)))
def test_whoever_abstains_says_what_is_missing_and_what_would_help(place: int, language: Language) -> None:
    explanation = TOLD[place]
    if explanation.label is Label.ABSTAINS:
        assert explanation.would_change
        keys = [section.key for section in page(explanation, language, NAMED)]
        assert "claim" in keys and "would_change" in keys
        help_ = {"de": "Was weiterhilft", "en": "What would help"}[language]
        assert help_ in mail(explanation, language, NAMED).text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("place", range(len(TOLD)))
def test_the_three_lengths_say_the_same_claim(place: int, language: Language) -> None:
    explanation = TOLD[place]
    claim = voice(explanation, language, NAMED).statement(explanation.claim)
    assert card(explanation, language, NAMED).startswith(claim)
    assert mail(explanation, language, NAMED, link="https://w.example/ask").text.startswith(claim)
    assert page(explanation, language, NAMED)[0].sentences == (claim,)


def test_money_percentages_dates_and_plurals_are_written_as_each_language_does() -> None:
    explanation = Explanation(
        inquiry="rule",
        label=Label.EXACT,
        verdict="more",
        currency="EUR",
        claim=state("rule.more", **SPAN, difference_minor=123_456),
        sureness=state("rule.sure", conversions=1),
    )
    german, english = (voice(explanation, language, NAMED) for language in LANGUAGES)
    assert german.statement(explanation.claim) == (
        "Vom 1. Juli 2026 bis 30. September 2026 hätte diese Regel 1.234,56\u00a0€ mehr Provision gekostet."
    )
    assert english.statement(explanation.claim) == (
        "Between 1 July 2026 and 30 September 2026 this rule would have cost €1,234.56 more in commission."
    )
    assert "aus 1 Conversion gerechnet" in german.statement(explanation.sureness)
    many = replace(explanation, sureness=state("rule.sure", conversions=12_345))
    assert "from 12,345 conversions," in english.statement(many.sureness)
    share = state("creative.sure", best_ppm=987_654)
    assert german.statement(share) == "Mit 98,8\u00a0% Wahrscheinlichkeit ist sie die beste der Varianten."


def test_names_of_people_are_quoted_and_never_filled_in() -> None:
    named = Named(subject="{subject}", arms={0: "{arm}", 1: "<b>"})
    explanation = next(one for one in TOLD if one.verdict == "best")
    assert "“<b>”" in card(explanation, "en", named) and "“{arm}”" in card(explanation, "en", named)


def digits(text: str) -> set[str]:
    """The numbers of a text, without what stands between their digits."""
    return {re.sub(r"[.,]", "", found).lstrip("0") or "0" for found in re.findall(r"[0-9][0-9.,]*[0-9]|[0-9]", text)}


def _words(path: Path) -> bool:
    """Whether the file is where words stand, and not where they are said."""
    return path.parent.name == "words"
