"""What becomes of visits: the same each time it is asked, in the order of time, and odd now and then."""

from __future__ import annotations

from collections import Counter

from warum.kernel.period import DAY_US, HOUR_US
from warum.main.demo.story import Oddity, consent_query, oddity, reports
from warum.main.demo.world import arm_led_to, arm_shown, headline, place, sample_world
from warum.sim.visits import day

START_US = 20_600 * DAY_US
WORLD = sample_world(START_US)
VISITS = [visit for number in range(6) for visit in day(WORLD, number)]
TOLD = [told for visit in VISITS if (told := reports(WORLD, visit, 0, click="c", clicked_us=visit.at_us))]


def test_everything_happens_that_an_advertiser_reports():
    words = Counter(report.status for told in TOLD for report in told)
    assert {"booked", "amended", "cancelled", "stayed", "refunded"} <= words.keys()
    assert any(report.retained_minor for told in TOLD for report in told), "parts that are kept"
    assert any(report.twice for told in TOLD for report in told)
    assert words["booked"] > 10 * words["amended"]


def test_the_first_report_is_the_order_and_alone_brings_the_click():
    for told in TOLD:
        assert told[0].status == "booked"
        assert [report.at_us for report in told] == sorted(report.at_us for report in told)
        assert all((report.click == "c") == (report.status == "booked") for report in told)
        # The dishonest publisher's orders come twice, under two numbers.
        assert len({report.event_id for report in told}) == len(told)


def test_asked_again_it_tells_the_same():
    for visit in VISITS[:500]:
        again = reports(WORLD, visit, 0, click="c", clicked_us=visit.at_us)
        assert reports(WORLD, visit, 0, click="c", clicked_us=visit.at_us) == again


def test_whoever_clicks_late_books_late():
    visit = next(one for one in VISITS if reports(WORLD, one, 0, click="c", clicked_us=one.at_us))
    early = reports(WORLD, visit, 0, click="c", clicked_us=visit.at_us)
    late = reports(WORLD, visit, 0, click="c", clicked_us=visit.at_us + HOUR_US)
    assert [after.at_us - before.at_us for before, after in zip(early, late, strict=True)] == [HOUR_US] * len(early)


def test_a_report_says_no_more_than_it_knows():
    said = TOLD[0][0].said()
    assert said["click_id"] == "c"
    assert None not in said.values()
    assert not {"at_us", "twice", "click", "advertiser"} & said.keys()


def test_every_oddity_comes_and_none_is_common():
    seen = Counter(oddity(visit) for visit in VISITS)
    assert set(Oddity) < seen.keys()
    assert seen[None] > 0.9 * len(VISITS)
    assert all(oddity(visit) is None for visit in VISITS if not visit.person)


def test_consent_is_passed_on_when_there_is_one_and_in_many_wrong_ways_when_there_is_none():
    asked = Counter((visit.consent, consent_query(visit).partition("&")[0]) for visit in VISITS)
    assert set(asked) == {(True, "cons=1"), (False, "cons=0"), (False, ""), (False, "cons=maybe")}


def test_the_arm_is_read_from_what_was_shown_and_from_where_a_click_led():
    for offer in WORLD.offers:
        for number, arm in enumerate(offer.arms):
            assert arm_shown(WORLD, offer.code, headline(arm)) == number
            assert arm_led_to(WORLD, offer.code, f"http://127.0.0.1:8701/demo/{place(offer, number)}?wrm=abc") == number
        assert arm_led_to(WORLD, offer.code, "https://elsewhere.example/x?wrm=1") is None
        assert arm_led_to(WORLD, offer.code, "http://127.0.0.1:8701/demo/unknown-1") is None


def test_what_people_add_is_no_surprise():
    for offer in WORLD.offers:
        assert 0 <= arm_shown(WORLD, offer.code, "A new idea") < len(offer.arms)
        assert arm_led_to(WORLD, offer.code, f"http://127.0.0.1:8701/demo/{offer.code}-77") is not None
