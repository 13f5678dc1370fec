"""What may lead to a person goes from every table; the proof that something was entered stays, and so do the books."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from threading import Thread
from typing import Any

import psycopg
import pytest
from psycopg import sql
from psycopg.rows import dict_row

from ingest.world import OPERATOR, SYSTEM, made_network, us
from log.asking import MIA, OLGA, advertiser, answer, done, publisher, refused
from log.test_receipts import extra
from log.test_sequence import Log
from sealing import VAULT
from warum.app.explain.shapes import Lang
from warum.app.log.entries import PaidClicks, enter_clicks
from warum.app.log.statements import close_months
from warum.domain.contests import Verdict
from warum.domain.leaves import LeafType, Series, open_content
from warum.domain.ledger import Txn
from warum.domain.mode import Mode
from warum.domain.statements import Delta, delta
from warum.domain.tlog.checkpoints import unverified_checkpoint
from warum.domain.tlog.merkle import leaf_hash, verify_inclusion
from warum.domain.tlog.proofs import parse_proof
from warum.edge import codec
from warum.kernel.period import DAY_US
from warum.ports.database import Role, Scope
from warum.ports.tracking import Quarantined

ORDER = "Huber-7781.x"
NAMES = ("Huber", "Marianne")
"""What must not be found. The order id holds one, what people wrote the other."""
WHY = "She asked us to, art. 17."


@pytest.fixture
def log(fresh_database: Any, tmp_path: Any) -> Iterator[Log]:
    with made_network(fresh_database) as network:
        yield Log(network, tmp_path / "log")


def found(log: Log, *texts: str) -> Counter[str]:
    """Where one of these texts stands: every column of every table, and what opens with the keys that are left."""
    places: Counter[str] = Counter()
    with psycopg.connect(log.network.admin_url, row_factory=dict_row) as connection:
        tables = connection.execute("select tablename from pg_tables where schemaname = 'warum'").fetchall()
        assert len(tables) > 40
        for table in (row["tablename"] for row in tables):
            for row in connection.execute(sql.SQL("select * from {}").format(sql.Identifier("warum", table))):
                for column, value in row.items():
                    held = (
                        value
                        if isinstance(value, bytes)
                        else json.dumps(value, default=str, ensure_ascii=False).encode()
                    )
                    places[f"{table}.{column}"] += any(text.encode() in held for text in texts)
        keys = [
            row["key_sealed"] for row in connection.execute("select key_sealed from warum.log_key") if row["key_sealed"]
        ]
        sealed = [row["sealed"] for row in connection.execute("select sealed from warum.log_entry") if row["sealed"]]
    for held in sealed:
        for key in keys:
            content = open_content(held, VAULT.subject_key(key))
            if content is not None:
                said = content.payload.decode() + json.dumps(
                    [value for _, value in content.hidden.values()], ensure_ascii=False
                )
                places["sealed"] += any(text in said for text in texts)
    return +places


def told(log: Log) -> int:
    """An order with all that people and partners may have said about it; the conversion."""
    network = log.network
    url = "https://tracker.example/?cid={sub1}&id={transaction_id}"
    done(log, "postback.create", publisher=network.publishers["ana"], url_template=url)
    token = network.click(at="2027-05-01", sub_ids=b"sealed by the day")
    network.postback(
        "stayed", at="2027-05-03", order_id=ORDER, event_id=f"{ORDER} came too soon", status_raw="Marianne stayed"
    )
    network.postback(
        "booked",
        at="2027-05-02",
        token=token,
        amount_minor=10_000,
        check_out="2027-05-04",
        order_id=ORDER,
        event_id=f"shop-{ORDER}-1",
        status_raw="booked by Marianne",
    )
    network.postback(
        "unknown", at="2027-05-05", order_id=ORDER, event_id="evt 77", status_raw="Marianne", reason="Marianne rang"
    )
    # The same order under another id leaves no trace but that id.
    network.postback("booked", at="2027-05-05", amount_minor=10_000, order_id=ORDER, event_id=f"again:{ORDER}")
    network.consume()
    conversion = network.conversion(ORDER).id
    broken = network.report("booked", at="2027-05-06", order_id=ORDER)
    other = network.report("booked", at="2027-05-06", order_id=f"{ORDER}-2")
    with network.database.transaction(SYSTEM) as tx:
        for number, (type_, body) in enumerate(
            [codec.encode(broken), (4, b"\xff" + ORDER.encode()), codec.encode(other)]
        ):
            record = network.journal.next_id(2)._replace(number=number)
            tx.tracking.quarantine([Quarantined(record=record, type=type_, body=body, reason="broke", at_us=1)])
    done(log, "conversion.approve", conversion=conversion, reason="Marianne stayed, says the hotel.")
    done(log, "conversion.decline", conversion=conversion, reason="Marianne never came after all.")
    ((report,), *_) = network.rows("select id from warum.report_open order by id")
    answer(log, "report.resolve", report=report, resolution="Marianne cancelled too late.")
    contest = done(log, "contest.open", publisher(log), conversion=conversion, text="Marianne did come, I met her.")
    done(log, "contest.answer", contest=contest.id, verdict=Verdict.UPHELD, reason="Marianne says that she did not.")
    return conversion


def erased(log: Log, conversion: int) -> Any:
    return done(log, "conversion.erase", conversion=conversion, reason=WHY)


def test_the_texts_stood_in_many_places_and_stand_in_none(log: Log):
    conversion = told(log)
    log.run()
    before = found(log, *NAMES)
    assert {
        "conversion.order_id",
        "conversion.status_raw",
        "report_seen.event_id",
        "report_open.order_id",
        "report_open.body",
        "quarantine.body",
        "act.reason",
        "sealed",
    } <= before.keys()
    assert before["report_seen.event_id"] == 3
    assert log.network.rows("select count(*) from warum.outbox") != [(0,)]
    erased(log, conversion)
    log.run()
    # Another order that only begins alike stays as it came.
    assert found(log, *NAMES) == Counter({"quarantine.body": 1})
    assert log.network.rows("select count(*) from warum.sub_id") == [(0,)]
    ((acts,),) = log.network.rows("select count(*) from warum.act where input_hash = %s", bytes(32))
    assert acts >= 4


def test_another_order_keeps_what_it_has(log: Log):
    other = told(log)
    token = log.network.click(at="2027-05-01")
    log.network.postback("booked", at="2027-05-02", token=token, amount_minor=500, order_id="2002", event_id="evt-2002")
    log.network.consume()
    erased(log, other)
    assert log.network.history("2002") == ["booked"]
    assert log.network.rows("select count(*) from warum.report_seen where event_id = 'evt-2002'") == [(1,)]


def test_money_and_ledger_are_untouched(log: Log):
    conversion = told(log)
    query = """
        select c.status, c.reason, c.sale_minor, c.retained_minor, c.commission_minor, c.seq, c.publisher_id
        from warum.conversion c order by c.id
    """
    books = "select a::text from warum.account a order by id", "select p::text from warum.posting p order by id"
    before = [log.network.rows(one) for one in (query, *books)]
    erased(log, conversion)
    assert [log.network.rows(one) for one in (query, *books)] == before
    assert log.network.proof().accounts_wrong == ()


def summed(log: Log) -> Counter[str]:
    """What the pair's readable payloads add up to, as a partner computes it."""
    sums: Counter[str] = Counter()
    for leaf in log.leaves():
        if leaf.type in (LeafType.CONVERSION, LeafType.CLICKS) and leaf.series.publisher:
            counted = leaf.kept if leaf.content is None else delta(leaf.content.fields())
            if counted is not None:
                sums[f"{leaf.series.publisher} earned"] += counted.earned
                sums[f"{leaf.series.publisher} pending"] += counted.pending
    return sums


def test_statements_come_out_the_same(log: Log):
    token = log.network.click(at="2027-05-01")
    log.network.postback("booked", at="2027-05-02", token=token, amount_minor=30_000, check_out="2027-05-04")
    log.network.consume()
    conversion = log.network.conversion().id
    done(log, "conversion.approve", conversion=conversion)
    log.run()
    before = summed(log)
    ana = log.network.publishers["ana"]
    assert before[f"{ana} earned"] == 2_400
    erased(log, conversion)
    log.run()
    assert summed(log) == before
    log.now_us += 32 * DAY_US
    close_months(log.network.database, now_us=log.now_us)
    with log.network.database.transaction(SYSTEM) as tx:
        (statement,) = tx.log.statements(Series(log.network.advertiser, ana))
    assert [(one["earned"], one["pending"]) for one in statement.totals] == [("2400", "0")]
    assert log.network.balance() == (0, 2_400)


def test_what_was_erased_can_still_be_proved(log: Log):
    conversion = told(log)
    log.run()
    old = {one.index: done(log, "receipt.show", index=one.index).receipt for one in log.leaves()}
    out = erased(log, conversion)
    log.run()
    assert unverified_checkpoint(log.shelf.checkpoint() or b"").size > len(old)
    gone = [leaf for leaf in log.leaves() if leaf.content is None]
    assert gone
    for leaf in gone:
        now = done(log, "receipt.show", publisher(log) if leaf.publisher else OLGA, index=leaf.index)
        assert now.line.erased and now.line.says == "Something was entered here, and its content was erased."
        assert "payload" not in extra(now.receipt) and "nonce" not in extra(now.receipt)
        for receipt in (old[leaf.index], now.receipt):
            proof = parse_proof(receipt.encode())
            checkpoint = unverified_checkpoint(proof.checkpoint)
            hashes = list(proof.hashes)
            assert verify_inclusion(leaf.index, checkpoint.size, leaf_hash(leaf.body), checkpoint.root, hashes)
    named = {(one.series, number) for one in out.erased for number in one.numbers}
    assert named == {(leaf.series.name, leaf.number) for leaf in gone}


def test_a_leaf_says_what_was_erased_and_the_act_outlives_it(log: Log):
    conversion = told(log)
    log.run()
    erased(log, conversion)
    log.run()
    for reader in (OLGA, publisher(log), advertiser(log)):
        lines = done(log, "receipt.list", reader, conversion=conversion).receipts
        assert [line.erased for line in lines[:-1]] == [True] * (len(lines) - 1)
        assert lines[-1].type is LeafType.ERASURE and "were erased" in lines[-1].says
    leaf = next(leaf for leaf in log.leaves() if leaf.type is LeafType.ERASURE and leaf.series.publisher)
    said = leaf.content.fields()
    assert (said["v"], said["series"], said["reason"]) == (1, leaf.series.name, WHY)
    assert said["numbers"] == sorted(said["numbers"], key=int) and said["at"] == str(log.now_us)
    acts = done(log, "act.list", subject=f"cnv_{conversion}").acts
    assert [(act.operation, act.reason) for act in acts] == [
        ("conversion.erase", WHY),
        ("conversion.decline", None),
        ("conversion.approve", None),
    ]
    # Erased once more, the first erasure keeps its reason.
    erased(log, conversion)
    log.run()
    assert next(one for one in log.leaves() if one.index == leaf.index).content.fields() == said
    assert done(log, "act.list", subject=f"cnv_{conversion}").acts[1].reason == WHY


def test_numbers_are_named_before_the_sequencer_gives_them(log: Log):
    conversion = told(log)
    out = erased(log, conversion)
    log.run()
    gone = {(leaf.series.name, leaf.number) for leaf in log.leaves() if leaf.content is None}
    assert {(one.series, number) for one in out.erased for number in one.numbers} == gone


@pytest.mark.parametrize("lang", list(Lang))
def test_its_explanation_says_that_the_content_was_erased(log: Log, lang: Lang):
    conversion = told(log)
    erased(log, conversion)
    for reader in (OLGA, publisher(log), advertiser(log)):
        explained = done(log, "conversion.explain", reader, conversion=conversion, lang=lang)
        assert (
            explained.steps == ()
            and explained.steps_erased
            == log.network.rows("select seq from warum.conversion where id = %s", conversion)[0][0]
        )
        history = explained.words[6].sentences
        assert len(history) == 1 and ("erased" in history[0] or "gelöscht" in history[0])
    contest = done(log, "contest.list", conversion=conversion).contests[0]
    assert (contest.text, contest.reason, contest.verdict) == (None, None, Verdict.UPHELD)


def test_its_file_of_receipts_can_be_made(log: Log):
    conversion = told(log)
    log.run()
    erased(log, conversion)
    log.run()
    file = done(log, "receipt.file", publisher(log), conversion=conversion).file
    kinds = [extra(receipt)["leaf"]["type"] for receipt in file["receipts"]]
    assert kinds.count("erasure") == 1 and "conversion" in kinds
    pair = {"advertiser": log.network.advertiser, "publisher": log.network.publishers["ana"]}
    assert done(log, "receipt.file", publisher(log), **pair).receipts > 0


def test_a_later_step_of_an_erased_conversion_works(log: Log):
    token = log.network.click(at="2027-05-01")
    log.network.postback("booked", at="2027-05-02", token=token, amount_minor=10_000, check_out="2027-05-04")
    log.network.consume()
    conversion = log.network.conversion().id
    erased(log, conversion)
    # Its hold runs out by the clock, as if nothing had been.
    log.network.tick(at="2027-06-30")
    log.network.consume()
    assert log.network.balance() == (0, 800)
    done(log, "conversion.decline", conversion=conversion, reason="It was booked twice.")
    explained = done(log, "conversion.explain", publisher(log), conversion=conversion)
    assert explained.steps_erased == 1
    assert [step.kind.value for step in explained.steps] == ["released", "declined"]
    log.run()
    assert done(log, "receipt.list", conversion=conversion).receipts[-1].erased is False
    assert summed(log)[f"{log.network.publishers['ana']} earned"] == 0


def test_what_comes_again_under_an_id_that_names_nobody_counts_once(log: Log):
    told(log)
    before = log.network.rows("select count(*) from warum.conversion")
    ((conversion,),) = log.network.rows("select id from warum.conversion")
    erased(log, conversion)
    log.network.postback("unknown", at="2027-05-05", order_id=ORDER, event_id="evt 77", status_raw="Marianne")
    log.network.consume()
    assert log.network.rows("select count(*) from warum.conversion") == before
    assert log.network.drops()["duplicate_event"] == 1


def test_who_may_erase(log: Log):
    conversion = told(log)
    for caller in (MIA, publisher(log), advertiser(log)):
        assert refused(log, "conversion.erase", caller, conversion=conversion, reason=WHY) == "role_not_allowed"
        ana = log.network.publishers["ana"]
        assert refused(log, "publisher.erase", caller, publisher=ana, reason=WHY) == "role_not_allowed"
    assert refused(log, "conversion.erase", conversion=99, reason=WHY) == "conversion_unknown"
    assert refused(log, "publisher.erase", publisher=99, reason=WHY) == "publisher_unknown"


def test_what_nobody_was_credited_for_is_erased_too(log: Log):
    log.network.postback("booked", at="2027-05-02", amount_minor=10_000, program="hotel", order_id=ORDER)
    log.network.consume()
    log.run()
    (one,) = erased(log, log.network.conversion(ORDER).id).erased
    assert (one.series, len(one.numbers)) == (f"adv_{log.network.advertiser}", 1)
    assert not found(log, *NAMES)


def test_an_order_without_an_id_is_still_known_by_its_click(log: Log):
    token = log.network.click(at="2027-05-01")
    said = {"token": token, "amount_minor": 10_000, "check_out": "2027-05-04", "order_id": None}
    log.network.postback("booked", at="2027-05-02", **said)
    log.network.consume()
    query = "select id from warum.conversion where order_id is null"
    ((conversion,),) = log.network.rows(query)
    erased(log, conversion)
    log.network.postback("booked", at="2027-05-02", **said)
    log.network.consume()
    assert log.network.rows(query) == [(conversion,)]


def test_acts_of_one_form_can_be_blanked_together(log: Log):
    """Two acts may carry the same token, with another input each."""
    conversion = told(log)
    log.sql("update warum.act set once = 'one form' where subject = %s", f"cnv_{conversion}")
    erased(log, conversion)
    assert log.network.rows("select count(*) from warum.act where once is not null") == [(0,)]


def test_what_the_log_has_not_taken_in_yet_waits(log: Log):
    conversion = told(log)
    log.sql(
        "update warum.conversion_event set entry_id = null, canonical = '{}', salt = sha256('') "
        "where conversion_id = %s",
        conversion,
    )
    assert refused(log, "conversion.erase", conversion=conversion, reason=WHY) == "log_taking_in"


def person(log: Log) -> int:
    """Ben is a natural person, and is named in many places; the publisher."""
    ben, network = log.network.publishers["ben"], log.network
    with network.app.transaction(OPERATOR) as tx:
        held = tx.catalog.publisher(ben)
        assert held is not None
        (partnership, *_) = tx.catalog.partnerships(program=None, publisher=ben, status=None, after=0, limit=9)
    log.sql("update warum.publisher set code = 'marianne-huber' where id = %s", ben)
    log.sql("update warum.partnership set application = 'I am Marianne.' where publisher_id = %s", ben)
    done(log, "publisher.rename", publisher=ben, name="Marianne Huber")
    log.sql("update warum.link set name = 'Marianne at home' where publisher_id = %s", ben)
    target = done(
        log, "postback.create", publisher=ben, url_template="https://huber.example/Marianne?cid={sub1}"
    ).target.id
    done(log, "postback.change", target=target, active=False, reason="Marianne Huber asked for it.")
    done(log, "key.create", label="Marianne's key", role=Role.PUBLISHER, publisher=ben)
    done(log, "partnership.end", partnership=partnership.id, reason="Marianne advertised with our name.")
    contest = done(
        log, "contest.open", publisher(log, "ben"), partnership=partnership.id, text="Marianne did not do that."
    )
    done(log, "contest.answer", contest=contest.id, verdict=Verdict.CHANGED, reason="Marianne is right.")
    network.click("ben", "retail", at="2027-05-01")
    network.consume()
    return ben


def test_of_a_publisher_nothing_is_left_that_leads_to_the_person(log: Log):
    ben = person(log)
    log.run()
    before = found(log, *NAMES, "huber")
    assert {
        "party.name",
        "publisher.name",
        "publisher.code",
        "partnership.application",
        "partnership.reason",
        "link.name",
        "postback_target.url_template",
        "api_key.label",
        "act.reason",
        "sealed",
    } <= before.keys()
    out = done(log, "publisher.erase", publisher=ben, reason=WHY)
    log.run()
    assert not found(log, *NAMES, "huber")
    shown = done(log, "publisher.show", publisher=ben)
    assert (shown.name, shown.active) == (f"erased publisher {ben}", False) == (out.name, False)
    assert {one.status.value for one in done(log, "partnership.list", publisher=ben).partnerships} == {"ended"}
    assert all(key.revoked_at for key in done(log, "key.list").keys if key.publisher == ben)
    contest = done(log, "contest.list", publisher=ben).contests[0]
    assert (contest.text, contest.reason, contest.verdict) == (None, None, Verdict.CHANGED)
    # What was entered is still proved, and both partners are told that it was erased.
    gone = [leaf for leaf in log.leaves() if leaf.content is None]
    assert {(one.series, number) for one in out.erased for number in one.numbers} == {
        (leaf.series.name, leaf.number) for leaf in gone
    }
    leaf = next(one for one in log.leaves() if one.type is LeafType.ERASURE and one.series.advertiser)
    assert done(log, "receipt.show", advertiser(log), index=leaf.index).line.about == f"pub_{ben}"
    # And once more, since more may have come.
    done(log, "publisher.erase", publisher=ben, reason=WHY)


def test_the_books_of_an_erased_publisher_stay(log: Log):
    ben = person(log)
    log.run()
    before = summed(log)
    assert before[f"{ben} earned"] == 7
    balance = log.network.balance("ben")
    done(log, "publisher.erase", publisher=ben, reason=WHY)
    log.run()
    assert summed(log) == before and log.network.balance("ben") == balance
    log.now_us += 32 * DAY_US
    close_months(log.network.database, now_us=log.now_us)
    with log.network.database.transaction(SYSTEM) as tx:
        (statement,) = tx.log.statements(Series(log.network.advertiser, ben))
    assert [one["earned"] for one in statement.totals] == ["7"]


def test_its_links_no_longer_count(log: Log):
    ben = person(log)
    done(log, "publisher.erase", publisher=ben, reason=WHY)
    with log.network.database.transaction(SYSTEM) as tx:
        links = [json.loads(line)["entry"] for _, line in tx.snapshot.pending(100) if b'"kind":"link"' in line]
    last = {link["id"]: link["active"] for link in links}
    assert last and not any(last.values())


def test_whoever_enters_at_the_same_moment_is_waited_for(log: Log):
    """Or the entry would be sealed under a key that is gone, and its money would be in no statement."""
    ben, network = log.network.publishers["ben"], log.network
    network.click("ben", "retail", at="2027-05-01")
    network.consume()
    paid = PaidClicks(
        txn=Txn(
            idempotency_key="at the same moment",
            kind="clicks",
            at_us=us("2027-05-02"),
            advertiser=network.advertiser,
            publisher=ben,
            conversion=None,
            postings=(),
        ),
        program=network.programs["retail"],
        partnership=1,
        rule=1,
        mode=Mode.LIVE,
        currency="EUR",
        count=3,
        each_minor=7,
        source="1/0/1",
    )
    eraser = Thread(target=done, args=(log, "publisher.erase"), kwargs={"publisher": ben, "reason": WHY})
    with network.database.transaction(SYSTEM) as tx:
        enter_clicks(tx, [paid])
        eraser.start()
        eraser.join(0.5)
        assert eraser.is_alive()
    eraser.join(60)
    assert not eraser.is_alive()
    log.run()
    kept = [leaf.kept for leaf in log.leaves() if leaf.type is LeafType.CLICKS]
    assert kept == [Delta("EUR", 7, 0), Delta("EUR", 21, 0)]


def test_the_trail_of_acts_lets_go_of_nothing_but_words(log: Log):
    told(log)
    with log.network.app.transaction(Scope(Role.OPERATOR)) as tx, pytest.raises(psycopg.errors.RestrictViolation):
        tx._connection.execute("update warum.act set reason = 'Another.' where reason is not null")  # pyright: ignore
