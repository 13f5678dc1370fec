"""Several files as one set: two partners, several checkpoints, what is remembered, and promises."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.verifier.logs import ADVERTISER, PAIR, SECOND, Log, Signer, b64, conversion, later, load, month, root, us

verify = load("warum_verify")
TOLD = "You and your partner were told different things"


def checked(*texts: str, policy: str = Log().policy, state: dict[str, Any] | None = None) -> Any:
    return verify.check([(f"file {n}", text) for n, text in enumerate(texts, 1)], policy, state)


def test_both_partners_were_told_the_same():
    log = month()
    case = checked(log.file(log.entries[2:]), log.file(log.entries[:4]), log.receipt(log.entries[3]), log.checkpoint())
    assert case.errors == []
    assert len(case.receipts) == 6


def test_two_stories_of_one_size():
    ours, theirs = month(), month(later=later(note="another"))
    assert checked(ours.file()).errors == checked(theirs.file()).errors == []
    first = checked(ours.file(), theirs.file()).errors[0]
    assert first.startswith(TOLD)
    assert checked(ours.checkpoint(), theirs.checkpoint()).errors[0].startswith(TOLD)


def test_two_stories_of_different_size():
    ours, theirs = month(), month(later=later(note="another"))
    theirs.enter(PAIR, "conversion", conversion(conversion="cnv_9"), us("2027-06-02 10:00"))
    first = checked(ours.file(), theirs.file()).errors[0]
    assert first == f"{TOLD}: there are two versions of entry 3 of the log."


def test_two_stories_with_two_keys_of_a_series():
    log = month(statement=None)
    log.secret = "another"
    log.counts.clear()
    log.enter(PAIR, "conversion", conversion(conversion="cnv_9"), us("2027-05-20 10:00"))
    first = checked(log.file(log.entries[:5]), log.receipt(log.entries[5])).errors[0]
    assert first == f"{TOLD}: there are two versions of the series adv_1/pub_2."


def test_the_same_number_with_different_leaves():
    log = month(statement=None)
    log.enter(PAIR, "clicks", log.entries[4].payload | {"count": 1, "amount": "7"}, us("2027-05-20 10:00"), number=3)
    assert checked(log.file(log.entries[:5])).errors == []
    assert (
        "Receipt 3 of adv_1/pub_2 stands twice"
        in checked(log.file(log.entries[:5]), log.receipt(log.entries[5])).errors[0]
    )


def test_files_of_different_logs():
    ours, theirs = month(), month()
    theirs.origin = "other.example"
    case = checked(ours.file(), theirs.file(), policy=ours.policy + f"log {Signer('other.example', 1).vkey}")
    assert "the name of the log" in case.errors[0]


def grown() -> Log:
    log = month()
    for n in range(6, 11):
        log.enter(PAIR, "conversion", conversion(conversion=f"cnv_{n}"), us("2027-06-02 10:00"))
    return log


def test_checkpoints_need_proofs_that_the_log_only_grew():
    log = grown()
    texts = [log.receipt(log.entries[2], 4), log.receipt(log.entries[3], 7), log.receipt(log.entries[8])]
    connected = log.file([], consistency=[log.consistency(4, 7), log.consistency(7)])
    assert not any("still has" in note for note in checked(*texts, connected).notes)
    assert checked(*texts, connected).errors == []
    for proofs, lacking in (([], [4, 7]), ([log.consistency(4, 7)], [4, 7]), ([log.consistency(7)], [4])):
        case = checked(*texts, log.file([], consistency=proofs))
        assert case.errors == []
        told = [note for note in case.notes if "still has" in note]
        assert len(told) == len(lacking)
        assert all(f"first {size} entries" in note for size, note in zip(lacking, told, strict=True))


def test_a_fork_from_a_common_past_is_not_connected():
    """Both grew from 4 entries, and each proves it; that does not make one the past of the other."""
    ours, theirs = month(), month(clicks=month().entries[4].payload | {"note": "x"})
    theirs.enter(PAIR, "act", {"v": 1}, us("2027-06-02 10:00"))
    texts = [ours.receipt(ours.entries[2], 4), ours.receipt(ours.entries[2]), theirs.receipt(theirs.entries[2])]
    case = checked(*texts, ours.file([], consistency=[ours.consistency(4), theirs.consistency(4)]))
    assert any("first 6 entries" in note for note in case.notes)
    assert not any("first 4 entries" in note for note in case.notes)


@pytest.mark.parametrize(
    "change",
    [
        {"hashes": []},
        {"hashes": [b64(bytes(32))] * 3},
        {"hashes": ["x"]},
        {"hashes": [1]},
        {"hashes": None},
        {"hashes": "AAAA"},
        {"old": "04"},
        {"old": 4},
        {"old": None},
    ],
)
def test_a_false_proof_of_growth(change):
    log = grown()
    case = checked(log.receipt(log.entries[2], 4), log.file(consistency=[log.consistency(4) | change]))
    assert case.errors


def test_a_proof_about_sizes_that_are_not_here_says_nothing():
    log = grown()
    assert checked(log.file(consistency=[log.consistency(3, 5)])).errors == []


def remembered(log: Log, size: int) -> dict[str, Any]:
    return {log.origin: verify.Checkpoint(log.origin, size, root(log.leaves[:size]), log.signer.vkey)}


def test_what_is_remembered():
    log = grown()
    new, proof = log.receipt(log.entries[2]), log.file([], consistency=[log.consistency(4)])
    assert checked(new, state=remembered(log, 11)).errors == []
    assert checked(new, proof, state=remembered(log, 4)).errors == []
    assert "not proved to be that of 4" in checked(new, state=remembered(log, 4)).errors[0]
    old = log.receipt(log.entries[2], 4)
    assert "4 entries is not proved to be that of 11" in checked(old, state=remembered(log, 11)).errors[0]
    assert checked(old, proof, state=remembered(log, 11)).errors == [], "an old receipt, with the proof that it is one"
    assert checked(old, proof, state=remembered(log, 11)).newest.size == 11
    other = month(later=later(note="another"))
    assert checked(month().file(), state=remembered(other, 6)).errors[0].startswith(TOLD)


def test_another_key_than_the_one_remembered():
    log = grown()
    before, log.seed = remembered(log, 11), 2
    for policy in ("", log.policy):
        assert "two versions of the key of the log" in checked(log.file(), policy=policy, state=before).errors[0]


# Promises.

RECEIVED = us("2027-05-03 10:00")


def test_a_promise_that_was_kept():
    log = month()
    case = checked(log.file(promises=[log.promise("1/0/17", us("2027-05-03 10:00"))], complete=log.claims()))
    assert case.errors == case.notes == []
    case = checked(log.file(complete=log.claims()), log.promise("1/0/17", us("2027-05-03 09:59")))
    assert case.errors == []
    assert "was kept late" in case.notes[0]


def test_a_report_keeps_a_promise_too():
    log = month()
    log.enter(ADVERTISER, "report", {"v": 1, "advertiser": "adv_1", "source": "1/0/40"}, us("2027-06-02 10:00"))
    log.enter(ADVERTISER, "act", {"v": 1, "source": "1/0/41"}, us("2027-06-02 10:00"))
    log.enter(ADVERTISER, "act", {"v": 1}, us("2027-06-02 11:00"))
    log.enter(PAIR, "act", {"v": 1}, us("2027-06-02 11:00"))
    assert checked(log.file(), log.promise("1/0/40", us("2027-06-02 10:00"))).errors == []
    assert "was not kept" in checked(log.file(), log.promise("1/0/41", us("2027-06-02 10:00"))).errors[0]


def test_a_promise_that_was_not_kept():
    log = month()
    case = checked(log.file(promises=[log.promise("1/0/99", RECEIVED)]))
    assert case.errors == ["The promise of 2027-05-03 to enter 1/0/99 was not kept."]


def test_what_files_do_not_tell_of_a_promise():
    log, promise = month(), month().promise("1/0/99", RECEIVED)
    too_young = log.promise("1/0/99", us("2027-06-01 00:10") - 60 * SECOND)
    gap = log.file([one for one in log.entries if one.index != 2])
    another_series = month()
    another_series.enter("adv_1/pub_7", "act", {"v": 1}, us("2027-06-02 10:00"), number=4)
    for texts in (
        (log.file(), too_young),
        (gap, promise),
        (another_series.file(), promise),
        (log.checkpoint(), promise),
    ):
        case = checked(*texts)
        assert case.errors == []
        assert any("cannot be told from these files" in note for note in case.notes)


def test_a_promise_without_the_key_of_the_edge():
    log = month()
    case = checked(log.file(promises=[log.promise("1/0/99", RECEIVED)]), policy="")
    assert case.errors == []
    assert any("Promises are not checked" in note for note in case.notes)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("1/0/17", "1/0/18"),
        lambda text: text.replace("within 60", "within 61"),
        lambda text: text.replace("/promise", "/promises"),
        lambda text: text.replace("/edge", "/age"),
        lambda text: text.replace("log.example", "log2.example"),
        lambda text: text[:-10],
        lambda text: "",
    ],
)
def test_a_text_that_is_no_promise(change):
    log = month()
    assert checked(log.file(promises=[change(log.promise("1/0/17", RECEIVED))])).errors


@pytest.mark.parametrize("promises", [None, 7, "text", [None], [7], {}, [[]]])
def test_promises_of_an_unexpected_kind(promises):
    log = month()
    case = checked(log.file(promises=promises))
    assert case.errors or not promises


def test_a_signed_promise_of_another_form():
    log = month()
    for text in (
        f"{log.origin}/promise\n1/0/17\n5\n{b64(bytes(32))}\nwithin 61\n",
        f"{log.origin}/promise\n1-0-17\n5\n{b64(bytes(32))}\nwithin 60\n",
        f"{log.origin}/promise\n1/0/17\n05\n{b64(bytes(32))}\nwithin 60\n",
        f"{log.origin}/promise\n1/0/17\n5\n{b64(bytes(31))}\nwithin 60\n",
        f"{log.origin}/promise\n1/0/17\n5\n{b64(bytes(32))}\nwithin 60\nmore\n",
    ):
        assert checked(log.file(), text + "\n" + log.edge.line(text)).errors


def test_a_whole_file_in_json_has_one_reading():
    log = month()
    written = log.file()
    assert checked(json.dumps(json.loads(written), indent=1)).errors == []
    assert checked(written.replace('"receipts":', '"receipts": [], "receipts":')).errors
