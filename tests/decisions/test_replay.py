"""Every decision can be computed again, and what was tampered with is found."""

from __future__ import annotations

import json

import psycopg
import pytest

from warum.app.decisions.replay import Replayed, replay_decisions
from warum.kernel.canonical import canonical
from warum.main.replay_decisions import run
from warum.ports.database import Role, Scope

from .house import House

_AUDITOR = Scope(Role.AUDITOR)


@pytest.fixture
def told(house: House) -> House:
    """A proposal of the creative bot, and an abstention before it."""
    house.do("bot.stop", bot="watch", reason="not its story")
    house.days(3, [0.02, 0.05])
    house.round()
    house.days(11, [0.02, 0.05])
    house.round()
    return house


def replayed(house: House) -> Replayed:
    with house.app.transaction(_AUDITOR) as tx:
        return replay_decisions(tx)


def test_the_same_bytes_come_out(told: House, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(told.app, as_json=True) == 0
    figures = json.loads(capsys.readouterr().out)
    assert (figures["decisions"], figures["mismatches"], figures["other_environment"]) == (2, 0, 0)


def test_bytes_and_digest_cannot_part(told: House) -> None:
    with pytest.raises(psycopg.errors.CheckViolation):
        told.tamper("update warum.proposal set body = body || ' '::bytea")


@pytest.mark.parametrize("field", ["gain_minor", "exposures", "probability_ppm"])
def test_a_tampered_promise_is_found(told: House, field: str) -> None:
    ((proposal, body),) = told.rows("select id, body from warum.proposal")
    forged = json.loads(body)
    forged["expected"][field] += 1
    column = f", {field} = {field} + 1" if field != "exposures" else ""
    told.tamper(
        f"update warum.proposal set body = %s, digest = sha256(%s){column} where id = %s",
        *[canonical(forged)] * 2,
        proposal,
    )
    (found,) = replayed(told).mismatches
    assert found.subject == f"prp_{proposal}"
    assert field in found.what
    assert "computed again" in found.what


def test_a_column_that_says_something_else_is_found(told: House) -> None:
    told.tamper("update warum.proposal set stake_minor = stake_minor * 2")
    (found,) = replayed(told).mismatches
    assert found.what.startswith("the column stake says")


def test_another_seed_is_found(told: House) -> None:
    told.tamper("update warum.proposal set seed = seed + 1")
    (found,) = replayed(told).mismatches
    assert found.what.startswith("the column seed says")


def test_other_facts_are_found(told: House) -> None:
    told.tamper("alter table warum.facts disable trigger all")
    told.tamper("alter table warum.facts drop constraint facts_check")
    told.tamper("update warum.facts set body = body || ' '::bytea")
    assert {one.what for one in replayed(told).mismatches} == {"the facts are not those of their hash"}


def test_from_another_environment_nine_digits_count(told: House) -> None:
    ((proposal, body),) = told.rows("select id, body from warum.proposal")
    forged = json.loads(body)
    forged["origin"]["environment"][0]["value"] = "9.9.9"
    worth = next(line for line in forged["evidence"] if line["name"] == "worth")
    worth["value"] = f"{float(worth['value']) * (1 + 2e-9):.9g}"
    told.tamper(
        "update warum.proposal set body = %s, digest = sha256(%s) where id = %s", *[canonical(forged)] * 2, proposal
    )
    result = replayed(told)
    assert result.mismatches == []
    assert result.other_environment == 1
    assert any("9.9.9" in line for line in result.environments)

    worth["value"] = f"{float(worth['value']) * 1.0001:.9g}"
    told.tamper(
        "update warum.proposal set body = %s, digest = sha256(%s) where id = %s", *[canonical(forged)] * 2, proposal
    )
    assert len(replayed(told).mismatches) == 1


def test_another_version_of_the_bot_cannot_be_replayed(told: House) -> None:
    ((proposal, body),) = told.rows("select id, body from warum.proposal")
    forged = json.loads(body)
    forged["origin"]["version"] = "0"
    told.tamper(
        "update warum.proposal set body = %s, digest = sha256(%s) where id = %s", *[canonical(forged)] * 2, proposal
    )
    result = replayed(told)
    assert (result.decisions, result.other_version, result.mismatches) == (1, 1, [])
