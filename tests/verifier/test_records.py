"""What payloads must say, and how they follow from each other: for each rule of the page, what holds and breaks it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from tests.verifier.logs import (
    ADVERTISER,
    PAIR,
    PROGRAM,
    SECOND,
    Log,
    clicks,
    conversion,
    later,
    load,
    month,
    row,
    rule,
    standing,
    statement,
    us,
)

verify = load("warum_verify")


def checked(log: Log, **members: Any) -> Any:
    members.setdefault("complete", log.claims())
    return verify.check([("mine", log.file(**members))], log.policy)


def wrong(log: Log, **members: Any) -> str:
    """The first line about a file that does not hold."""
    errors = checked(log, **members).errors
    assert errors, "nothing was found"
    return errors[0]


def right(log: Log, **members: Any) -> Any:
    case = checked(log, **members)
    assert case.errors == []
    return case


def test_a_whole_month_holds():
    case = right(month())
    assert case.notes == []
    assert "Receipt 2 of adv_1/pub_2: cnv_5 was approved on 2027-05-05; commission 8.00 EUR" in case.facts[3]
    assert "= 8 % of 100.00 EUR (rule rul_4): right." in case.facts[3]


# Commission.


@pytest.mark.parametrize(
    ("retained", "rate", "commission"),
    [
        ("10000", 80_000, 800),
        ("1", 500_000, 1),
        ("1", 499_999, 0),
        ("3", 500_000, 2),
        ("0", 80_000, 0),
        ("12345", 123_456, 1524),
        ("1000000000000", 1_000_000, 10**12),
    ],
)
def test_percent_is_rounded_half_up(retained, rate, commission):
    def told(amount: int) -> Log:
        first = conversion(after=standing("pending", retained), commission=str(amount))
        return alone(first, rules=[rule(rate_ppm=rate)])

    right(told(commission))
    assert "it should be" in wrong(told(commission + 1))
    if commission:
        assert "it should be" in wrong(told(commission - 1))


NOBODY: dict[str, Any] = {"publisher": None, "click_at": None, "commission": "0"}


def alone(*payloads: dict[str, Any], rules: Sequence[dict[str, Any]] = (), series: str = PAIR) -> Log:
    log = Log()
    for one in rules or [rule()]:
        log.enter(PROGRAM, "rule", one, int(one["made_at"]))
    for n, one in enumerate(payloads):
        log.enter(series, "conversion", one, us("2027-05-03 10:01") + n * SECOND)
    return log


def test_a_fixed_commission_is_paid_when_something_is_retained():
    fixed = rule(kind="fixed", amount="500", currency="EUR", rate_ppm=0)
    right(alone(conversion(commission="500"), rules=[fixed]))
    assert "it should be 5.00 EUR" in wrong(alone(conversion(commission="800"), rules=[fixed]))
    none = conversion(commission="0", after=standing("pending", "0"))
    right(alone(none, rules=[fixed]))
    assert "it should be 0.00 EUR" in wrong(alone(none | {"commission": "500"}, rules=[fixed]))


def test_no_money_for_what_was_declined_or_is_credited_to_nobody():
    right(alone(conversion(commission="0", after=standing("declined"))))
    assert "it should be 0.00" in wrong(alone(conversion(after=standing("declined"))))
    right(alone(conversion(rule=None, **NOBODY), series=ADVERTISER))
    assert "it should be 0.00" in wrong(alone(conversion(rule=None, **NOBODY | {"commission": "1"}), series=ADVERTISER))


def test_currencies_have_their_own_digits():
    assert "= 8 % of 10000 JPY" in right(alone(conversion(currency="JPY"))).facts[-1]
    assert "commission 0.800 KWD = 8 % of 10.000 KWD" in right(alone(conversion(currency="KWD"))).facts[-1]


@pytest.mark.parametrize("amount", ["-800", "0800", "8e2", " 800", 800, None, "", "８００"])
def test_amounts_have_one_spelling(amount):
    wrong(alone(conversion(commission=amount)))


@pytest.mark.parametrize("status", ["Approved", "open", "", None, 1, []])
def test_a_status_is_one_of_four(status):
    wrong(alone(conversion(after=standing(status))))


@pytest.mark.parametrize("mode", ["Live", "", None, 1])
def test_a_mode_is_one_of_two(mode):
    log = month(conversion=conversion(mode=mode), later=later(mode=mode))
    wrong(log)


@pytest.mark.parametrize(
    "member", ["after", "before", "commission", "rule", "publisher", "click_at", "seq", "currency", "v"]
)
def test_a_payload_that_lacks_a_member(member):
    wrong(alone({name: value for name, value in conversion().items() if name != member}))


def test_without_the_rule_nothing_is_recomputed_and_that_is_said():
    log = alone(conversion())
    case = verify.check([("mine", log.receipt(log.entries[1]))], log.policy)
    assert case.errors == []
    assert "was not recomputed: the rule rul_4 is not in these files" in case.notes[0]
    assert not any("right" in fact for fact in case.facts)


# Which rule.

OTHER = {"rule": "rul_5", "version": 2, "rate_ppm": 100_000}
EARLY = {"valid_from": str(us("2027-05-01 08:00")), "made_at": str(us("2027-05-01 08:00"))}


@pytest.mark.parametrize(
    "better",
    [
        rule(**OTHER, publisher="pub_2"),
        rule(**OTHER),
        rule(**OTHER | {"version": 1}, group=""),
        rule(**OTHER, valid_from=str(us("2027-05-01 08:01")), made_at=str(us("2027-05-01 08:01"))),
        rule(**OTHER, group="gold"),
    ],
)
def test_the_rule_is_the_greatest_of_those_that_apply(better):
    gold = {"group": "gold"}
    log = alone(conversion(**gold), rules=[rule(), better])
    if (
        better["version"] == 1
        and better["group"] == ""
        and better["publisher"] is None
        and better["valid_from"] == EARLY["valid_from"]
    ):
        right(log)
        return
    assert "was not the one in force" in wrong(log)
    right(alone(conversion(**gold, rule="rul_5", commission="1000"), rules=[rule(), better]))


@pytest.mark.parametrize(
    "other",
    [
        rule(**OTHER, publisher="pub_3"),
        rule(**OTHER, group="gold"),
        rule(**OTHER, kind="per_click", amount="7", currency="EUR"),
        rule(**OTHER, valid_from=str(us("2027-05-02 09:01"))),
        rule(**OTHER | {"version": 0}),
        rule(**OTHER, kind="fixed", amount="900", currency="CHF"),
    ],
)
def test_a_rule_that_does_not_apply_is_not_the_one(other):
    right(alone(conversion(), rules=[rule(), other]))
    told = {"fixed": "900", "percent": "1000", "per_click": "7"}[other["kind"]]
    assert wrong(alone(conversion(rule="rul_5", commission=told), rules=[rule(), other]))


def test_a_rule_of_another_program():
    log = alone(conversion(rule="rul_5", commission="1000"))
    log.enter("prg_4", "rule", rule(**OTHER, program="prg_4"), us("2027-05-03 11:00"))
    assert "was not promised" in wrong(log)


def test_there_is_a_rule_if_one_applies():
    assert "was not the one in force" in wrong(alone(conversion(rule=None, commission="0")))
    right(alone(conversion(rule=None, commission="0"), rules=[rule(publisher="pub_3")]))


def test_a_rule_must_have_been_logged_before_the_conversion():
    log = Log()
    log.enter(PROGRAM, "rule", rule(), us("2027-05-01 08:00"))
    log.enter(PAIR, "conversion", conversion(rule="rul_5", commission="1000"), us("2027-05-03 10:01"))
    log.enter(PROGRAM, "rule", rule(**OTHER, valid_from=str(us("2027-05-02 09:00"))), us("2027-05-03 10:02"))
    assert wrong(log)


@pytest.mark.parametrize(("seconds", "old_is_right"), [(9, True), (10, False), (11, False)])
def test_within_ten_seconds_either_rule_is_right(seconds, old_is_right):
    entered = us("2027-05-03 10:01") - seconds * SECOND
    new = rule(**OTHER, valid_from=str(entered), made_at=str(entered))
    click = {"click_at": str(entered)}
    old_one, new_one = conversion(**click), conversion(**click, rule="rul_5", commission="1000")
    assert (checked(alone(old_one, rules=[rule(), new])).errors == []) == old_is_right
    right(alone(new_one, rules=[rule(), new]))


def test_a_rule_with_little_notice_was_not_promised():
    click = us("2027-05-02 09:00")

    def log(entered: int, **changed: Any) -> Log:
        late = rule(**OTHER, valid_from=str(us("2027-05-02 08:00")), made_at=str(entered), **changed)
        return alone(conversion(rule="rul_5", commission="1000"), rules=[rule(), late])

    right(log(click))
    right(log(click + 60 * SECOND))
    assert "was not promised" in wrong(log(click + 61 * SECOND))
    right(log(click + 61 * SECOND, taken_in=True))
    # The one that was promised is right, although a later one claims to have begun before.
    late = rule(**OTHER, valid_from=str(us("2027-05-02 08:00")), made_at=str(click + 61 * SECOND))
    right(alone(conversion(), rules=[rule(), late]))


def test_the_first_rule_of_a_program_may_begin_in_the_past():
    right(alone(conversion(), rules=[rule(made_at=str(us("2027-05-03 08:00")))]))


def test_what_was_taken_in_is_not_held_against_the_order_of_the_log():
    case = right(alone(conversion(rule="rul_4", taken_in=True), rules=[rule(), rule(**OTHER)]))
    assert any("cannot be told" in note for note in case.notes)


def test_without_all_rules_the_choice_is_not_vouched_for():
    case = right(alone(conversion()), complete=[])
    assert any("Not all rules of prg_3" in note for note in case.notes)
    assert right(alone(conversion())).notes == []


def test_a_rule_has_one_text():
    log = alone(conversion(), rules=[rule(), rule(rate_ppm=90_000)])
    assert "two versions of the rule rul_4" in wrong(log)


# Chains.


def test_a_conversion_goes_on_where_it_was_left():
    right(alone(conversion(), later()))
    for before in (
        {"status": "pending", "commission": "700"},
        {"status": "approved", "commission": "800"},
        {},
        None,
        "x",
    ):
        wrong(alone(conversion(), later(before=before)))
    wrong(alone(conversion(before={"status": "pending", "commission": "0"})))
    wrong(alone({name: value for name, value in conversion().items() if name != "order"}))
    wrong(alone(conversion(), later(order=conversion()["order"])))


@pytest.mark.parametrize(
    "changed",
    [
        {"program": "prg_4"},
        {"currency": "CHF"},
        {"mode": "test"},
        {"group": "x"},
        {"click_at": str(us("2027-05-02 09:01"))},
    ],
)
def test_what_never_changes(changed):
    assert "does not go on" in wrong(alone(conversion(), later(**changed)))


def test_a_conversion_stays_with_its_publisher():
    log = alone(conversion())
    log.enter("adv_1/pub_3", "conversion", later(publisher="pub_3"), us("2027-05-04 10:00"))
    assert "does not go on" in wrong(log)


def test_events_are_entered_in_order_and_once():
    assert wrong(alone(later(), conversion()))
    assert "does not go on" in wrong(alone(conversion(), conversion()))
    assert "does not go on" in wrong(alone(conversion(), later(), later()))


def test_an_event_that_was_left_out():
    third = later(seq=3, before={"status": "approved", "commission": "800"}, after=standing("paid"))
    assert "left out" in wrong(alone(conversion(), third))
    assert "left out" in wrong(alone(later()))
    log = alone(conversion(), later(), third)
    case = right(log, entries=[log.entries[0], log.entries[1], log.entries[3]], complete=[])
    assert any("cnv_5 just before Receipt 3 of adv_1/pub_2 is not in these files" in note for note in case.notes)


# Clicks.


def test_clicks_are_paid_by_their_rule():
    right(month())
    assert "it should be 0.84 EUR" in wrong(month(clicks=clicks(amount="85")))
    assert "was not promised" in wrong(month(clicks=clicks(rule="rul_4")))
    for changed in ({"currency": "CHF"}, {"program": "prg_4"}):
        assert wrong(month(clicks=clicks(**changed)))
    other = rule(rule="rul_9", kind="per_click", amount="7", currency="EUR", publisher="pub_3")
    assert "was not promised" in wrong(month(click_rule=other))
    assert any("not recomputed" in note for note in checked(month(clicks=clicks(rule="rul_8"))).notes)


# Statements.


def test_a_statement_counts_its_numbers():
    for changed in ({"count": 2}, {"count": 4}, {"count": "3"}, {"first": "2", "count": 2}, {"last": "2", "count": 2}):
        assert "statement" in wrong(month(statement=statement(**changed))).lower()
    assert "statement" in wrong(month(statement=statement(last="4", count=4)))


def test_a_statement_covers_its_month():
    assert "wrong for number" in wrong(month(statement=statement(month="2027-04")))
    log = month(statement=None)
    log.enter(PAIR, "conversion", conversion(conversion="cnv_6"), us("2027-05-31 23:59"))
    log.enter(PAIR, "statement", statement(), us("2027-06-01 00:10"))
    assert "wrong for number 4" in wrong(log)


@pytest.mark.parametrize(
    "rows",
    [
        [row(earned=(0, 883))],
        [row(earned=(1, 884))],
        [row(earned=(0, 884), pending=(0, 800))],
        [row(earned=(0, 884)) | {"earned": "885"}],
        [row(earned=(0, 884)) | {"pending_before": "-0"}],
        [row(earned=(0, 884)) | {"more": "0"}],
        [row(earned=(0, 884)), row("USD")],
        [row(earned=(0, 884))] * 2,
        [row("USD", earned=(0, 884))],
        [],
        {},
        None,
        "EUR",
    ],
)
def test_a_statement_is_the_sum_of_its_records(rows):
    wrong(month(statement=statement(currencies=rows)))


def test_only_live_money_is_summed():
    test = {"mode": "test"}
    right(
        month(conversion=conversion(**test), later=later(**test), statement=statement(currencies=[row(earned=(0, 84))]))
    )
    right(month(clicks=clicks(**test), statement=statement(currencies=[row(earned=(0, 800))])))
    log = month(
        conversion=conversion(**test), later=later(**test), clicks=clicks(**test), statement=statement(currencies=[])
    )
    right(log)


def two_months(**june: Any) -> Log:
    log = month()
    log.enter(PAIR, "conversion", conversion(conversion="cnv_6", currency="USD"), us("2027-06-05 10:00"))
    refund = later(
        seq=3, before={"status": "approved", "commission": "800"}, after=standing("declined"), commission="0"
    )
    log.enter(PAIR, "conversion", refund, us("2027-06-06 10:00"))
    rows = [row(earned=(884, -800)), row("USD", pending=(0, 800))]
    made = {"month": "2027-06", "first": "4", "last": "6", "count": 3, "currencies": rows} | june
    log.enter(PAIR, "statement", statement(**made), us("2027-07-01 00:10"))
    return log


def test_a_statement_goes_on_from_the_one_before():
    right(two_months())
    for rows in (
        [row(earned=(0, -800)), row("USD", pending=(0, 800))],
        [row("USD", pending=(0, 800)), row(earned=(884, -800))],
        [row(earned=(884, -800))],
    ):
        assert "is not the sum" in wrong(two_months(currencies=rows))
    assert wrong(two_months(first="5", count=2))
    assert wrong(two_months(first="3", count=4))


def test_a_month_without_records():
    log = two_months()
    empty = statement(
        month="2027-08", first="7", last="7", count=1, currencies=[row(earned=(84, 0)), row("USD", pending=(800, 0))]
    )
    log.enter(PAIR, "statement", empty | {"month": "2027-07"}, us("2027-08-01 00:10"))
    log.enter(PAIR, "statement", empty | {"first": "8", "last": "8"}, us("2027-09-01 00:10"))
    right(log)
    quiet = Log()
    quiet.enter(PAIR, "statement", statement(first="1", last="0", count=0, currencies=[]), us("2027-06-01 00:10"))
    right(quiet)


def test_a_statement_that_cannot_be_summed_is_a_note():
    log = two_months()
    for entries in (log.entries[4:], [*log.entries[:2], *log.entries[3:]]):
        case = right(log, entries=entries, complete=[])
        assert any("was not recomputed" in note for note in case.notes)


# Other records, and numbers.


@pytest.mark.parametrize(
    "kind", ["proposal", "decision", "effect", "outcome", "contest", "answer", "act", "erasure", "report"]
)
def test_other_records_are_verified_and_shown(kind):
    log = Log()
    log.enter(ADVERTISER, kind, {"v": 1, "body": "ab" * 32, "advertiser": "adv_1"}, us("2027-05-03 10:00"))
    case = right(log)
    assert kind in case.facts[0]
    assert "ab" * 32 in case.facts[0]


def test_a_number_that_is_missing():
    log = month()
    entries = [one for one in log.entries if one.index != 3]
    assert "Number 2 of adv_1/pub_2 is missing" in wrong(log, entries=entries)
    case = right(log, entries=entries, complete=[])
    assert "Numbers 2 to 2 of adv_1/pub_2 are not in these files." in case.notes
    assert "Number 5" in wrong(log, complete=[{"series": PAIR, "first": "1", "last": "99999999999999999"}])
    for claim in (
        {},
        {"series": PAIR},
        {"series": PAIR, "first": 1, "last": 2},
        {"series": [], "first": "1", "last": "1"},
        7,
    ):
        assert wrong(log, complete=[claim])


def test_a_number_that_stands_twice():
    log = month()
    log.enter(PAIR, "conversion", conversion(conversion="cnv_6"), us("2027-06-02 10:00"), number=2)
    assert "Receipt 2 of adv_1/pub_2 stands twice" in wrong(log)


def test_numbers_follow_the_log():
    log = Log()
    log.enter(PROGRAM, "rule", rule(), us("2027-05-01 08:00"))
    log.enter(PAIR, "act", {"v": 1}, us("2027-05-02 08:00"), number=2)
    log.enter(PAIR, "act", {"v": 1}, us("2027-05-02 08:00"), number=1)
    assert "was entered before number 1" in wrong(log)


def test_time_does_not_fall():
    log = alone(conversion(), later())
    log.enter(PAIR, "act", {"v": 1}, us("2027-05-03 10:00"))
    assert "has an earlier time" in wrong(log)


def test_what_was_entered_again_after_a_restore():
    log = month(statement=None)
    log.enter(
        "house", "restored", {"v": 1, "first": "3", "last": "4", "reason": "disk", "at": "1"}, us("2027-05-07 10:00")
    )
    log.enter(PAIR, "conversion", later(), us("2027-05-07 10:01"), number=2)
    log.enter(PAIR, "clicks", clicks(), us("2027-05-07 10:01"), number=3)
    case = right(log)
    assert "Receipt 2 of adv_1/pub_2 was entered twice, since the database had to be restored." in case.notes
    assert wrong(log, entries=[one for one in log.entries if one.index != 5])
    log.enter(PAIR, "clicks", clicks(amount="7", count=1), us("2027-05-07 10:02"), number=3)
    assert "stands twice" in wrong(log), "it was entered once more than the restore explains"
