"""What was decided, by whom and why, cannot be rewritten: not in the rows, not in the log."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from decisions.house import House as Desk
from decisions.test_loop import BETTER
from ingest.world import Network
from sealing import VAULT
from warum.adapters.postgres.database import PostgresDatabase
from warum.domain.decisions import DeclineReason
from warum.domain.leaves import LeafType

from .house import House, Verdict


@dataclass
class Offices:
    """A desk where people decide, and the log over the same database."""

    desk: Desk
    log: House


@pytest.fixture
def offices(fresh_database: Any, tmp_path: Path) -> Iterator[Offices]:
    with PostgresDatabase(fresh_database.app, VAULT) as app, PostgresDatabase(fresh_database.worker, VAULT) as worker:
        desk = Desk(app=app, worker=worker, admin=fresh_database.admin)
        desk.build()
        network = Network(worker, app, fresh_database.admin, 0, {}, {}, {})
        log = House(network, tmp_path / "log", now_us=desk.now_us)
        desk.days(14, BETTER)
        assert desk.round().proposals == 1
        yield Offices(desk, log)


def declined(offices: Offices, note: str = "The brand's birthday comes first.") -> int:
    proposal = offices.desk.asked().id
    offices.desk.do("proposal.decline", proposal=proposal, reason=DeclineReason.DOES_NOT_FIT, note=note)
    offices.log.now_us = max(offices.log.now_us, offices.desk.now_us)
    offices.log.sign()
    return proposal


def file(offices: Offices, proposal: int, name: str) -> Path:
    answer = offices.log.ask("receipt.file", proposal=proposal)
    path = offices.log.folder.parent / f"{name}.receipts.json"
    path.write_text(json.dumps(answer.file))
    return path


def seen(verdict: Verdict, sentence: str) -> None:
    assert verdict.code == 1, verdict.text
    assert re.search(sentence, verdict.first), verdict.text


def test_the_record_of_a_decision_is_complete_and_verifies(offices: Offices):
    proposal = declined(offices)
    leaf = next(leaf for leaf in offices.log.leaves() if leaf.type is LeafType.DECISION)
    says = leaf.content.fields()
    assert says["verdict"] == "declined"
    assert says["reason"] == "does_not_fit"
    assert says["note"] == "The brand's birthday comes first."
    assert says["payment_influenced_rank"] is False
    for name in ("facts", "seed", "model", "version", "body", "expected", "alternatives", "parameters", "policy"):
        assert says[name], name
    assert re.fullmatch("[0-9a-f]{64}", says["shown"]["digest"])
    verdict = offices.log.verify(file(offices, proposal, "mine"))
    assert verdict.code == 0, verdict.text
    assert len(offices.log.ask("receipt.show", index=leaf.index).receipt) < 4_096


def test_a_reason_is_rewritten_in_the_row(offices: Offices):
    declined(offices)
    offices.log.sql("update warum.decision set reason = 'evidence_weak', note = ''")
    assert any(
        "The decision on prp_1: reason is 'evidence_weak' in the database, and 'does_not_fit' in the log" in problem
        for problem in offices.log.audit()
    )


def test_a_reason_is_rewritten_in_what_the_leaf_commits_to(offices: Offices):
    proposal = declined(offices)
    held = file(offices, proposal, "held")
    leaf = next(leaf for leaf in offices.log.leaves() if leaf.type is LeafType.DECISION)
    offices.log.rewrite(leaf, lambda says: says.update(note=""), honestly_hashed=False)
    seen(offices.log.verify(file(offices, proposal, "again")), "was altered: this is not what was entered")
    leaf = next(leaf for leaf in offices.log.leaves() if leaf.type is LeafType.DECISION)
    offices.log.rewrite(leaf, lambda says: says.update(note=""))
    offices.log.sign_anew()
    seen(offices.log.verify(held, file(offices, proposal, "signed")), "told different things")


def test_a_proposal_is_replaced_after_it_was_decided(offices: Offices):
    declined(offices)
    offices.log.sql("update warum.proposal set body = body || ' '::bytea, digest = sha256(body || ' '::bytea)")
    assert any("prp_1: body is" in problem for problem in offices.log.audit())
