"""A publisher objects to what was decided against its income, and a person answers in time."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from ingest.world import made_network
from log.asking import MIA, OLGA, advertiser, answer, done, publisher, refused
from log.test_sequence import Log, booked
from warum.app.call import Repeated
from warum.domain.catalog import PartnershipStatus
from warum.domain.contests import Verdict
from warum.domain.leaves import LeafType, Series
from warum.kernel.period import DAY_US
from warum.kernel.refusal import Refusal
from warum.ports.catalog import ActorKind

WORDS = "The guest did arrive; I hold her confirmation."
ANSWER = "The hotel checked again: she cancelled on the day before."


@pytest.fixture
def log(fresh_database: Any, tmp_path: Any) -> Iterator[Log]:
    with made_network(fresh_database) as network:
        yield Log(network, tmp_path / "log")


def declined(log: Log, order: str = "1001") -> int:
    booked(log, order)
    conversion = log.network.conversion(order).id
    done(log, "conversion.decline", conversion=conversion, reason="Cancelled, says the hotel.")
    return conversion


def contested(log: Log) -> Any:
    return done(log, "contest.open", publisher(log), conversion=declined(log), text=WORDS)


def test_the_way_of_a_contest(log: Log):
    contest = contested(log)
    assert (contest.text, contest.days_left, contest.verdict) == (WORDS, 14, None)
    assert contest.publisher == log.network.publishers["ana"]
    log.now_us += 3 * DAY_US
    assert done(log, "contest.show", publisher(log), contest=contest.id).days_left == 11
    answered = done(log, "contest.answer", MIA, contest=contest.id, verdict=Verdict.UPHELD, reason=ANSWER)
    assert (answered.verdict, answered.reason, answered.answered_by) == (Verdict.UPHELD, ANSWER, "usr_4")
    assert answered.days_left is None
    for reader in (publisher(log), advertiser(log), OLGA):
        (read,) = done(log, "contest.list", reader, conversion=contest.conversion).contests
        assert (read.text, read.reason) == (WORDS, ANSWER)
    # The money did not move by it, and it can be contested again.
    assert log.network.conversion().standing.status.value == "declined"
    assert done(log, "contest.open", publisher(log), conversion=contest.conversion, text=WORDS).id != contest.id


def test_opening_and_answer_are_leaves_of_the_pair_that_both_can_read(log: Log):
    contest = contested(log)
    done(log, "contest.answer", contest=contest.id, verdict=Verdict.CHANGED, reason=ANSWER)
    log.run()
    pair = Series(log.network.advertiser, log.network.publishers["ana"])
    opening, answered = (leaf for leaf in log.leaves() if leaf.type in (LeafType.CONTEST, LeafType.ANSWER))
    assert opening.series == answered.series == pair
    assert (opening.actor, answered.actor) == ("key", "person")
    said = opening.content.fields()
    assert said == {
        "v": 1,
        "contest": f"con_{contest.id}",
        "by": f"pub_{contest.publisher}",
        "about": f"cnv_{contest.conversion}",
        "text": WORDS,
        "opened_at": str(log.now_us),
        "due": contest.due.isoformat(),
    }
    assert answered.content.fields() == {
        "v": 1,
        "contest": f"con_{contest.id}",
        "verdict": "changed",
        "reason": ANSWER,
        "by": "usr_3",
        "at": str(log.now_us),
    }
    for reader in (publisher(log), advertiser(log)):
        lines = done(log, "receipt.list", reader, contest=contest.id).receipts
        assert [line.says for line in lines] == [
            f"pub_{contest.publisher} contested cnv_{contest.conversion}; an answer is due by {contest.due}.",
            f"con_{contest.id} was answered: the decision is changed.",
        ]
        assert {line.about for line in lines} == {f"con_{contest.id}"}


def test_the_row_does_not_hold_the_words(log: Log):
    contest = contested(log)
    done(log, "contest.answer", contest=contest.id, verdict=Verdict.UPHELD, reason=ANSWER)
    (row,) = log.network.rows("select contest::text from warum.contest")
    assert WORDS not in row[0] and ANSWER not in row[0]


def test_a_reduced_conversion_can_be_contested(log: Log):
    token = log.network.click(program="retail", at="2027-05-01")
    log.network.postback("booked", at="2027-05-02", token=token, amount_minor=10_000, currency="EUR")
    log.network.consume()
    conversion = log.network.conversion().id
    assert refused(log, "contest.open", publisher(log), conversion=conversion, text=WORDS) == "contest_of_nothing"
    log.network.postback("amended", at="2027-05-03", amount_minor=6_000, currency="EUR")
    log.network.consume()
    assert done(log, "contest.open", publisher(log), conversion=conversion, text=WORDS).conversion == conversion


@pytest.mark.parametrize("status", list(PartnershipStatus))
def test_a_declined_or_ended_partnership_can_be_contested(log: Log, status: PartnershipStatus):
    ((partnership,), *_) = log.network.rows(
        "select id from warum.partnership where publisher_id = %s order by id", log.network.publishers["ana"]
    )
    log.sql("update warum.partnership set status = %s, reason = 'No.' where id = %s", status.value, partnership)
    opened = answer(log, "contest.open", publisher(log), partnership=partnership, text=WORDS)
    if status in (PartnershipStatus.DECLINED, PartnershipStatus.ENDED):
        assert opened.partnership == partnership
        assert done(log, "contest.show", contest=opened.id).text == WORDS
        again = refused(log, "contest.open", OLGA, partnership=partnership, text=WORDS)
        assert again == "contest_open"
    else:
        assert opened.code == "contest_of_nothing"


def test_staff_opens_one_on_behalf_of_the_publisher(log: Log):
    contest = done(log, "contest.open", MIA, conversion=declined(log), text=WORDS)
    assert done(log, "contest.show", publisher(log), contest=contest.id).text == WORDS


def test_who_may(log: Log):
    conversion = declined(log)
    ben = publisher(log, "ben")
    assert refused(log, "contest.open", ben, conversion=conversion, text=WORDS) == "conversion_unknown"
    ((theirs,), *_) = log.network.rows(
        "select id from warum.partnership where publisher_id = %s", log.network.publishers["ana"]
    )
    assert refused(log, "contest.open", ben, partnership=theirs, text=WORDS) == "partnership_unknown"
    assert refused(log, "contest.open", advertiser(log), conversion=conversion, text=WORDS) == "role_not_allowed"
    contest = done(log, "contest.open", publisher(log), conversion=conversion, text=WORDS).id
    said = {"contest": contest, "verdict": Verdict.UPHELD, "reason": ANSWER}
    for party in (publisher(log), advertiser(log)):
        assert refused(log, "contest.answer", party, **said) == "role_not_allowed"
    for kind in (ActorKind.BOT, ActorKind.KEY, ActorKind.SYSTEM):
        assert refused(log, "contest.answer", replace(OLGA, kind=kind), **said) == "person_needed"
    assert refused(log, "contest.show", ben, contest=contest) == "contest_unknown"
    assert done(log, "contest.list", ben).contests == ()


def test_what_cannot_be_contested(log: Log):
    log.network.postback("booked", at="2027-05-02", amount_minor=10_000, program="hotel", check_out="2027-05-04")
    log.network.consume()
    nobody = log.network.conversion().id
    assert refused(log, "contest.open", conversion=nobody, text=WORDS) == "contest_of_nobody"
    assert refused(log, "contest.open", text=WORDS) == "contest_of_what"
    assert refused(log, "contest.open", conversion=nobody, partnership=1, text=WORDS) == "contest_of_what"
    assert refused(log, "contest.open", conversion=99, text=WORDS) == "conversion_unknown"
    assert refused(log, "contest.open", partnership=99, text=WORDS) == "partnership_unknown"


def test_an_answer_counts_once(log: Log):
    contest = contested(log)
    said = {"contest": contest.id, "verdict": Verdict.UPHELD, "reason": ANSWER}
    assert refused(log, "contest.answer", expected_version=9, **said) == "row_version_stale"
    assert refused(log, "contest.answer", **{**said, "contest": 99}) == "contest_unknown"
    assert not isinstance(answer(log, "contest.answer", once="form 1", **said), Refusal)
    assert isinstance(answer(log, "contest.answer", once="form 1", **said), Repeated)
    assert refused(log, "contest.answer", MIA, **said) == "contest_answered"


def test_sent_twice_at_once_one_is_opened(log: Log):
    conversion = declined(log)

    def once(_: int) -> Any:
        return answer(log, "contest.open", publisher(log), conversion=conversion, text=WORDS)

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(once, range(4)))
    assert sorted(getattr(one, "code", "opened") for one in answers) == ["contest_open"] * 3 + ["opened"]


def test_late_answers_are_counted(log: Log):
    contest = contested(log)
    waiting = done(log, "overview.waiting")
    assert (waiting.contests, waiting.contests_overdue) == (1, 0)
    log.now_us += 14 * DAY_US
    assert done(log, "contest.show", contest=contest.id).days_left == 0
    assert done(log, "overview.waiting").contests_overdue == 0
    log.now_us += DAY_US
    assert done(log, "contest.show", contest=contest.id).days_left == -1
    assert done(log, "overview.waiting").contests_overdue == 1
    done(log, "contest.answer", contest=contest.id, verdict=Verdict.UPHELD, reason=ANSWER)
    assert done(log, "overview.waiting").contests == 0


def test_what_is_due_first_comes_first_and_pages_follow(log: Log):
    opened: list[int] = []
    for number in range(3):
        conversion = declined(log, f"order {number}")
        opened.append(done(log, "contest.open", publisher(log), conversion=conversion, text=WORDS).id)
        log.now_us += DAY_US
    first = done(log, "contest.list", answered=False, limit=2).contests
    rest = done(log, "contest.list", answered=False, limit=2, after=first[-1].id).contests
    assert [one.id for one in (*first, *rest)] == opened
    done(log, "contest.answer", contest=opened[0], verdict=Verdict.CHANGED, reason=ANSWER)
    assert [one.id for one in done(log, "contest.list", answered=True).contests] == opened[:1]
