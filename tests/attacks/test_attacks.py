"""What a dishonest operator with root could do, done for real: with SQL past every trigger, with files, with the keys.

Each is either seen by a partner's verifier, from receipts that partners hold, or refused by the system; the sentence
that somebody would read is part of the test. The operator here runs changed software, changes rows, forges files, signs
again and restores backups; what the operator cannot do is change what partners have already."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest

from attacks.house import EDGE, House, Verdict
from ingest.world import SYSTEM, made_network, us
from warum.adapters.postgres.log import PostgresLog
from warum.app.log import entries
from warum.app.log.sequence import LogHalted
from warum.domain import history
from warum.domain.catalog import CommissionKind, CommissionRule
from warum.domain.leaves import leaf_bytes, leaf_tag
from warum.domain.tlog.checkpoints import cosign, cosigner
from warum.domain.tlog.notes import Signer, format_vkey, open_note, sign
from warum.kernel.ids import public
from warum.ports.catalog import ActorKind


@pytest.fixture
def house(fresh_database: Any, tmp_path: Path) -> Iterator[House]:
    with made_network(fresh_database) as network:
        house = House(network, tmp_path / "log")
        house.sign(at="2027-04-20")  # the rules that there are
        yield house


def seen(verdict: Verdict, sentence: str) -> None:
    """The partner is told, first of all, and the exit code says so."""
    assert verdict.code == 1, verdict.text
    assert re.search(sentence, verdict.first), verdict.text


def test_an_honest_house_is_believed(house: House):
    house.book("1001")
    house.book("1002")
    house.step("cancelled", "1002")
    house.sign()
    house.next_month()
    ours, theirs = house.of_advertiser(), house.of_publisher()
    for verdict in (house.verify(theirs), house.verify(ours, theirs), house.verify(theirs, keep=True)):
        assert verdict.code == 0, verdict.text
    assert house.audit() == []


# Commissions --------------------------------------------------------------------------------------------------------


def test_1_a_commission_is_changed_in_the_database(house: House):
    """The partner's statement comes from leaves alone, so the change pays nobody; and the audit says it."""
    house.book("1001")
    house.sign()
    house.sql("update warum.conversion set commission_minor = 400")
    house.sql("update warum.account set credits = credits - 400 where kind = 'pending'")
    house.next_month()
    assert house.verify(house.of_publisher()).code == 0
    (month,) = house.ask(
        "statement.list", advertiser=house.network.advertiser, publisher=house.network.publishers["ana"]
    ).statements
    assert month.totals[0].pending == 800
    assert any("cnv_1 stands in the database as pending, 400" in one for one in house.audit())
    assert any("the leaves add up to" in one for one in house.audit())


def test_2_a_commission_is_changed_in_what_a_leaf_commits_to(house: House):
    house.book("1001")
    house.sign()
    house.rewrite(house.leaf_of("1001"), lambda says: says.update(commission="400"), honestly_hashed=False)
    seen(house.verify(house.of_publisher()), "was altered: this is not what was entered")


def test_3_a_leaf_is_made_anew_and_everything_is_signed_again(house: House):
    """The publisher keeps nothing but the newest checkpoint."""
    house.book("1001")
    house.sign()
    assert house.verify(house.of_publisher(), keep=True).code == 0
    house.rewrite(house.leaf_of("1001"), lambda says: says.update(commission="400"))
    house.sign_anew()
    seen(house.verify(house.of_publisher(), keep=True), "two stories|different|told|changed")


def test_4_a_commission_is_a_cent_short(house: House, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("warum.app.ingest.reports.commission_minor", lambda rule, standing: 799)
    house.book("1001")
    house.sign()
    seen(house.verify(house.of_publisher()), r"7\.99 EUR.*8\.00 EUR|8\.00 EUR.*7\.99 EUR")


def test_5_a_lower_rule_is_applied_than_the_one_in_force(house: House, monkeypatch: pytest.MonkeyPatch):
    """There is an older and lower rule, and the operator's software prefers it."""
    low = _rule(house, rate_ppm=10_000, valid_from="2027-04-20", version=2)
    _rule(house, rate_ppm=80_000, valid_from="2027-04-20", version=3)
    house.sign(at="2027-04-21")
    monkeypatch.setattr(
        "warum.app.ingest.reports.rule_at",
        lambda rules, **_: next(rule for rule in rules if rule.id == low.id),
    )
    house.book("1001")
    house.sign()
    seen(house.verify(house.of_publisher()), f"{public('rule_version', low.id)}")


def test_6_a_rule_is_backdated(house: House):
    """A lower rule is entered after the click, and says that it began before."""
    house.sign(at="2027-05-02")
    _rule(house, rate_ppm=20_000, valid_from="2027-04-30", version=2)
    house.book("1001")
    house.sign()
    seen(house.verify(house.of_publisher()), "was not promised")


def test_7_a_rule_is_changed_in_the_database(house: House):
    house.sql("update warum.commission_rule set rate_ppm = 20000 where rate_ppm = 80000")
    house.book("1001")
    house.sign()
    seen(house.verify(house.of_publisher()), r"2\.00 EUR")
    assert any("rate_ppm is 20000 in the database, and 80000 in the log" in one for one in house.audit())


# Conversions --------------------------------------------------------------------------------------------------------


def test_8_a_conversion_is_dropped_although_it_was_promised(house: House):
    """The edge took it and promised to enter it; the worker never saw it. The advertiser holds the promise."""
    house.book("1001")
    house.sign()
    event = "A" * 43 + "="
    promise = house.folder.parent / "order-1002.promise"
    promise.write_bytes(sign(f"log.example/promise\n1/0/99\n{house.now_us}\n{event}\nwithin 60\n", [EDGE]))
    house.now_us += 3_600_000_000
    house.book("1003")
    house.book("1004", publisher="ben")
    house.step("cancelled", "unheard of")
    house.sign()
    files = house.of_advertiser("ana"), house.of_advertiser("ben"), house.own_series()
    seen(house.verify(*files, promise, policy=house.policy()), "The promise .* to enter 1/0/99 was not kept")


def test_9_a_leaf_is_dropped_from_the_middle(house: House):
    house.book("1001")
    house.book("1002")
    house.book("1003")
    house.sign()
    held = house.of_publisher()
    gone = house.leaf_of("1002")
    house.sql("delete from warum.log_leaf where index = %s", gone.index)
    house.sql("update warum.log_leaf set index = index - 1 where index > %s", gone.index)
    house.sign_anew()
    seen(house.verify(house.of_publisher()), "missing|gap|every")
    seen(house.verify(held, house.of_publisher()), "different|two|missing|gap")


def test_10_a_conversion_is_declined_silently(house: House):
    """In the database alone: the publisher's receipts still say what was earned, and the audit finds the row."""
    house.book("1001")
    house.step("stayed", "1001")
    house.sign()
    house.sql("update warum.conversion set status = 'declined', reason = 'cancelled', commission_minor = 0")
    assert any("cnv_1 stands in the database as declined" in one for one in house.audit())


def test_11_a_conversion_is_declined_without_a_reason(house: House, monkeypatch: pytest.MonkeyPatch):
    house.book("1001")
    honest = history.event_fields

    def without_reason(*given: Any, **named: Any) -> Any:
        fields, hidden = honest(*given, **named)
        fields["after"]["reason"] = None
        return fields, hidden

    monkeypatch.setattr(history, "event_fields", without_reason)
    house.step("cancelled", "1001")
    house.sign()
    seen(house.verify(house.of_publisher()), "declined.*reason|reason.*declined")


def test_12_a_conversion_is_given_to_another_publisher(house: House):
    house.book("1001")
    house.sign()
    house.sql(
        "update warum.conversion set publisher_id = %s, partnership_id = null, link_id = null",
        house.network.publishers["ben"],
    )
    house.step("stayed", "1001")
    house.sign()
    advertiser = house.of_advertiser("ana"), house.of_advertiser("ben")
    seen(house.verify(*advertiser), "cnv_1")


def test_13_a_conversion_is_credited_that_no_leaf_tells_of(house: House):
    house.book("1001")
    house.sign()
    house.sql(
        "insert into warum.conversion select (jsonb_populate_record(c, "
        '\'{"id": 999, "order_id": "x", "status": "approved"}\')).* from warum.conversion c'
    )
    house.sql("update warum.account set credits = credits + 800 where kind = 'pending'")
    house.next_month()
    (month,) = house.ask(
        "statement.list", advertiser=house.network.advertiser, publisher=house.network.publishers["ana"]
    ).statements
    assert (month.count, month.totals[0].pending) == (1, 800)  # what is not in the log is not paid
    assert any("cnv_999 stands in the database, and no leaf tells of it" in one for one in house.audit())


def test_14_another_order_id_is_shown_than_was_entered(house: House):
    house.book("1001")
    house.sign()
    file = house.showing_another(house.of_advertiser(), "2002")
    seen(house.verify(file), "the order_id shown is not what was entered")


# The log ------------------------------------------------------------------------------------------------------------


def test_15_two_partners_are_shown_different_logs(house: House):
    """Each log is right in itself, and the operator signs both."""
    house.book("1001")
    house.sign()
    ours = house.of_advertiser()
    house.rewrite(house.leaf_of("1001"), lambda says: says.update(note="Another story."))
    house.sign_anew(folder=house.folder.parent / "second")
    theirs = house.of_publisher()
    assert house.verify(ours).code == house.verify(theirs).code == 0
    seen(house.verify(ours, theirs), "told different things")


def test_16_yesterdays_database_is_restored(house: House):
    house.book("1001")
    house.sign()
    size = house.size()
    house.book("1002")
    house.sign()
    house.forget_from(size)
    house.sql("update warum.log_head set size = %s", size)
    with pytest.raises(LogHalted, match="the database is older than the log"):
        house.opened()


def test_17_yesterdays_database_is_restored_together_with_yesterdays_files(house: House):
    house.book("1001")
    house.sign()
    size = house.size()
    house.book("1002")
    house.sign()
    assert house.verify(house.of_publisher(), keep=True).code == 0
    house.forget_from(size)
    house.sign_anew()
    seen(house.verify(house.of_publisher(), keep=True), "smaller|rolled back|set back|fewer")


def test_18_a_number_is_used_twice(house: House):
    """The advertiser is shown one leaf under number 2, the publisher another."""
    house.book("1001")
    house.book("1002")
    house.book("1003")
    house.sign()
    ours = house.of_advertiser()
    second, third = house.leaf_of("1002"), house.leaf_of("1003")
    house.sql("update warum.log_leaf set number = 99 where index = %s", second.index)
    house.sql("update warum.log_leaf set number = 2 where index = %s", third.index)
    house.put_leaf(third.index, _with_tag(third, 2))
    house.sign_anew()
    theirs = house.of_publisher()
    seen(house.verify(ours, theirs), "told different things|two")


def test_19_the_key_of_the_log_is_swapped(house: House):
    house.book("1001")
    house.sign()
    assert house.verify(house.of_publisher(), keep=True).code == 0
    house.sign_anew(Signer("log.example", bytes(32)))
    seen(house.verify(house.of_publisher()), "did not sign this with a key that you know")
    seen(house.verify(house.of_publisher(), keep=True), "key")


def test_20_the_key_is_swapped_under_the_running_log(house: House):
    house.book("1001")
    house.sign()
    with pytest.raises(LogHalted, match=r"cannot go on as log\.example\.two"):
        house.opened(Signer("log.example.two", bytes(32)))


def test_21_a_tile_is_changed_on_disk(house: House):
    house.book("1001")
    house.sign()
    tile = house.folder / f"tile/0/000.p/{house.size()}"
    tile.write_bytes(bytes(32) + tile.read_bytes()[32:])
    with pytest.raises(LogHalted, match="they were changed"):
        house.opened()
    assert any("do not make the root that was signed" in one for one in house.audit())


def test_22_a_leaf_is_dated_back(house: House):
    """As if it had been entered before the others."""
    house.book("1001")
    house.sign()
    house.now_us += 10_000_000
    house.book("1002")
    house.sign()
    leaf = house.leaf_of("1002")
    house.put_leaf(leaf.index, _with_time(leaf, leaf.at_us - 60_000_000))
    house.sign_anew()
    seen(house.verify(house.of_publisher()), "older|earlier|before|time")


def test_23_a_witness_is_made_up(house: House):
    house.book("1001")
    house.sign()
    true, false = bytes([1]) * 32, bytes([2]) * 32
    policy = house.policy(f"witness w {format_vkey(cosigner('w.example', true))}", "quorum w")
    note = house.shelf.checkpoint() or b""
    forged = cosign(false, "w.example", open_note(note).text, 1_800_000_000)
    house.shelf.put_checkpoint(note + forged.encode())
    seen(house.verify(house.of_publisher(), policy=policy), "Too few of the witnesses")


# Statements, decisions, contents ------------------------------------------------------------------------------------


def test_24_a_statement_says_less_than_its_records(house: House, monkeypatch: pytest.MonkeyPatch):
    house.book("1001")
    house.step("stayed", "1001")
    house.step("approved", "1001")
    house.sign()
    monkeypatch.setattr("warum.app.log.statements.totals", lambda deltas, before: [])
    house.next_month()
    seen(house.verify(house.of_publisher()), "2026|2027|statement")


def test_25_a_statement_leaves_out_a_record(house: House, monkeypatch: pytest.MonkeyPatch):
    house.book("1001")
    house.book("1002")
    house.sign()
    spans = PostgresLog.spans
    monkeypatch.setattr(
        PostgresLog,
        "spans",
        lambda self, *, until_us: [
            replace(span, last=span.last - 1, count=span.count - 1)
            for span in spans(self, until_us=until_us)
            if span.count > 1
        ],
    )
    house.next_month()
    seen(house.verify(house.of_publisher()), "statement|month|numbers|leaves")


def test_26_a_content_disappears_without_an_erasure(house: House):
    house.book("1001")
    house.sign()
    held = house.of_publisher()
    house.sql("update warum.log_entry set sealed = null where about_kind = 'conversion'")
    assert any("cannot be read, and no erasure tells of it" in one for one in house.audit())
    assert house.verify(held).code == 0  # the publisher still holds it


def test_27_the_append_only_tables_refuse_by_themselves(house: House):
    house.book("1001")
    house.sign()
    with psycopg.connect(house.network.admin_url, autocommit=True) as connection:
        for query in (
            "update warum.log_leaf set hash = hash",
            "delete from warum.log_leaf",
            "update warum.log_entry set type = 'x'",
            "delete from warum.log_entry",
            "update warum.conversion_event set kind = 'x'",
            "update warum.log_key set key_sealed = 'x'",
        ):
            with pytest.raises(psycopg.errors.RestrictViolation):
                connection.execute(query)  # pyright: ignore


def _rule(house: House, *, rate_ppm: int, valid_from: str, version: int) -> CommissionRule:
    """A rule for everybody in the hotel, entered as the operation enters it, whatever the operation would refuse."""
    rule = CommissionRule(
        id=0,
        program=house.network.programs["hotel"],
        publisher=None,
        group="",
        kind=CommissionKind.PERCENT,
        rate_ppm=rate_ppm,
        amount_minor=0,
        currency=None,
        valid_from_us=us(valid_from),
        version=version,
    )
    with house.network.app.transaction(SYSTEM) as tx:
        made = replace(rule, id=tx.catalog.add_rule(rule, advertiser=house.network.advertiser, at_us=house.now_us))
        notice = entries.rule_notice(
            tx, made, advertiser=house.network.advertiser, actor=ActorKind.PERSON, at_us=house.now_us
        )
        tx.log.enter([notice])
    return made


def _with_tag(leaf: Any, number: int) -> bytes:
    return leaf_bytes(
        kind=leaf.type,
        actor=leaf.actor,
        at_us=leaf.at_us,
        tag=leaf_tag(leaf.key, number),
        committed=leaf.content.commitment,
    )


def _with_time(leaf: Any, at_us: int) -> bytes:
    return leaf_bytes(
        kind=leaf.type,
        actor=leaf.actor,
        at_us=at_us,
        tag=leaf_tag(leaf.key, leaf.number),
        committed=leaf.content.commitment,
    )
