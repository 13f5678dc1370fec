"""Receipts by API, read with nothing but the verifier's view of them."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Iterator
from typing import Any

import pytest

from ingest.world import made_network
from log.test_sequence import SIGNER, Log, booked
from warum.app.call import Caller, Deps, LogReader, perform
from warum.app.explain.shapes import Lang
from warum.app.log.receipts import ReceiptFileOut
from warum.app.log.statements import close_months
from warum.app.operations import BY_NAME
from warum.domain.leaves import commitment
from warum.domain.sealing import Sealer
from warum.domain.tlog.notes import Signer
from warum.domain.tlog.proofs import parse_proof
from warum.kernel.canonical import canonical
from warum.kernel.refusal import Refusal
from warum.ports.catalog import ActorKind
from warum.ports.database import Role, Scope

EDGE = Signer("log.example/edge", bytes(32)).vkey


@pytest.fixture
def log(fresh_database: Any, tmp_path: Any) -> Iterator[Log]:
    with made_network(fresh_database) as network:
        yield Log(network, tmp_path / "log")


def ask(log: Log, name: str, role: Role = Role.OPERATOR, party: int | None = None, **fields: Any) -> Any:
    deps = Deps(
        database=log.network.app,
        now_us=lambda: log.now_us,
        entropy=lambda size: bytes(size),
        sealer=Sealer(bytes(32)),
        edge_url="http://edge.example",
        version="test",
        log=LogReader(shelf=log.shelf, vkey=SIGNER.vkey, edge_vkey=EDGE),
    )
    operation = BY_NAME[name]
    caller = Caller(scope=Scope(role, party), kind=ActorKind.KEY, actor="key_1")
    return perform(operation, deps, caller, operation.input(**fields))


def extra(receipt: str) -> dict[str, Any]:
    return json.loads(parse_proof(receipt.encode()).extra or b"")


def test_both_partners_get_the_same_leaf_and_only_the_advertiser_the_order_id(log: Log):
    booked(log)
    log.run()
    conversion = log.network.conversion()
    own = ask(log, "receipt.file", Role.ADVERTISER, log.network.advertiser, conversion=conversion.id)
    theirs = ask(log, "receipt.file", Role.PUBLISHER, log.network.publishers["ana"], conversion=conversion.id)
    assert isinstance(own, ReceiptFileOut)
    first, second = (
        next(found for found in map(extra, file.file["receipts"]) if found["leaf"]["type"] == "conversion")
        for file in (own, theirs)
    )
    assert first["leaf"] == second["leaf"]
    assert first["shown"]["order_id"]["value"] == "1001"
    assert "shown" not in second
    assert "1001" not in json.dumps(second["payload"])
    nonce = b64decode(first["shown"]["order_id"]["nonce"])
    hidden = first["payload"]["order"]["order_id"]["hidden"]
    assert b64decode(hidden) == commitment(nonce, canonical("1001"))


def test_a_stranger_gets_nothing(log: Log):
    booked(log)
    log.run()
    conversion = log.network.conversion()
    ben = log.network.publishers["ben"]
    assert ask(log, "receipt.file", Role.PUBLISHER, ben, conversion=conversion.id).code == "receipts_none"
    assert ask(log, "receipt.list", Role.PUBLISHER, ben, conversion=conversion.id).receipts == ()
    leaf = ask(log, "receipt.list", conversion=conversion.id).receipts[0]
    assert ask(log, "receipt.show", Role.PUBLISHER, ben, index=leaf.index).code == "receipt_unknown"
    pair = {"advertiser": log.network.advertiser, "publisher": log.network.publishers["ana"]}
    for name in ("receipt.file", "statement.list"):
        assert ask(log, name, Role.PUBLISHER, ben, **pair).code == "publisher_unknown"


def test_the_rules_come_along_and_are_said_to_be_complete(log: Log):
    booked(log)
    log.run()
    file = ask(log, "receipt.file", conversion=log.network.conversion().id).file
    kinds = [extra(receipt)["leaf"]["type"] for receipt in file["receipts"]]
    assert kinds.count("rule") >= 1
    assert file["complete"][0]["first"] == "1"


def test_before_the_first_checkpoint_there_is_an_answer_in_words(log: Log):
    answer = ask(log, "log.show")
    assert isinstance(answer, Refusal)
    assert answer.code == "log_empty"


def test_what_it_proves_is_said_in_both_languages(log: Log):
    booked(log)
    log.run()
    conversion = log.network.conversion()
    english, german = (ask(log, "receipt.list", conversion=conversion.id, lang=lang).receipts[0].says for lang in Lang)
    assert english == f"cnv_{conversion.id} is pending: commission 8.00 EUR on 100.00 EUR, event 1."
    assert german == f"cnv_{conversion.id} ist offen: Provision 8,00 EUR auf 100,00 EUR, Ereignis 1."


def test_a_party_lists_the_newest_of_its_own_and_of_a_pair(log: Log):
    for number, publisher in enumerate(("ana", "ben", "ana")):
        booked(log, f"order {number}", publisher=publisher)
    log.run()
    size = ask(log, "log.show").size
    ana, ben = (log.network.publishers[name] for name in ("ana", "ben"))
    everything = ask(log, "receipt.list", before=size, limit=500).receipts
    assert [one.index for one in everything] == list(reversed(range(size)))
    series = f"adv_{log.network.advertiser}/pub_{ana}"
    pair = {"advertiser": log.network.advertiser, "publisher": ana}
    of_pair = ask(log, "receipt.list", before=size, limit=500, **pair).receipts
    assert [one.index for one in of_pair] == [one.index for one in everything if one.series == series]
    own = ask(log, "receipt.list", Role.PUBLISHER, ana, before=size, limit=500).receipts
    assert [one.number for one in own if one.series == series] == [2, 1]
    assert [one.number for one in ask(log, "receipt.list", first=2, **pair).receipts] == [2]
    assert [one.number for one in ask(log, "receipt.list", last=1, **pair).receipts] == [1]
    assert ask(log, "receipt.list", before=0).receipts == ()
    assert ask(log, "receipt.list", Role.PUBLISHER, ben, publisher=ana).code == "publisher_unknown"
    other = log.network.advertiser + 1
    assert ask(log, "receipt.list", Role.ADVERTISER, other, advertiser=other - 1).code == "advertiser_unknown"


def test_statements_are_listed_for_a_pair_a_party_or_all(log: Log):
    for number, publisher in enumerate(("ana", "ben")):
        booked(log, f"order {number}", publisher=publisher)
    log.run()
    log.now_us += 32 * 86_400_000_000
    close_months(log.network.database, now_us=log.now_us)
    ana, ben = (log.network.publishers[name] for name in ("ana", "ben"))

    def listed(role: Role = Role.AUDITOR, party: int | None = None, **fields: Any) -> list[int]:
        return [one.publisher for one in ask(log, "statement.list", role, party, **fields).statements]

    assert listed() == sorted([ana, ben])
    assert listed(advertiser=log.network.advertiser, limit=1) == [min(ana, ben)]
    assert listed(publisher=ben) == [ben] == listed(Role.PUBLISHER, ben)
    assert listed(Role.ADVERTISER, log.network.advertiser) == sorted([ana, ben])
    assert listed(Role.ADVERTISER, log.network.advertiser + 1) == []
