"""Each signal finds its kind, names the sales, and leaves honest publishers alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from warum.domain.quality import SIGNALS, Judgement, judge, words
from warum.domain.quality.chances import at_least, at_most, nine_in_ten
from warum.domain.quality.flags import Code, Flag, Innocent, Thin
from warum.domain.quality.order_reuse import root
from warum.domain.quality.peers import of_shares
from warum.domain.quality.traffic import HOURS_A_DAY, Traffic
from warum.kernel.refusal import Refusal

from .people import DAYS, cheat, crowd, honest


def judged(everybody: list[Traffic]) -> Judgement:
    answer = judge(everybody)
    assert isinstance(answer, Judgement), answer
    return answer


def flagged(everybody: list[Traffic], code: Code) -> Flag:
    found = [flag for flag in judged(everybody).flags if flag.code is code]
    assert [flag.publisher for flag in found] == [1]
    return found[0]


def flooded(everybody: list[Traffic]) -> list[Traffic]:
    one = everybody[0]
    late = np.linspace(20, 29 * 86_400, len(one.sale))
    return cheat(everybody, clicks=one.clicks * 20, delay_s=np.where(np.isnan(one.delay_s), np.nan, late))


def injected(everybody: list[Traffic]) -> list[Traffic]:
    one = everybody[0]
    return cheat(everybody, delay_s=np.where(one.sale % 2 == 0, np.minimum(one.delay_s, 12.0), one.delay_s))


def hijacked(everybody: list[Traffic]) -> list[Traffic]:
    one = everybody[0]
    taken = (one.touched_before >= 0) & (one.sale % 2 == 0)
    return cheat(
        everybody,
        delay_s=np.where(taken, 100.0, one.delay_s),
        touched_before=np.where(taken, 1, one.touched_before),
    )


def burst(everybody: list[Traffic]) -> list[Traffic]:
    one = everybody[0]
    clicks = one.clicks.copy()
    clicks[[30, 31, 200, 201, 202, 500]] += 1_500
    hours = np.where(np.isin(one.click_hour, [30, 31, 200, 201, 202, 500]), 10, one.click_hour)
    return cheat(everybody, clicks=clicks, click_hour=hours)


def repeated(everybody: list[Traffic]) -> list[Traffic]:
    order = list(everybody[0].order)
    for index in range(10):
        order[50 + index] = order[index].lower().replace("-", "")
    return cheat(everybody, order=tuple(order))


def copied(everybody: list[Traffic]) -> list[Traffic]:
    one = everybody[0]
    day = np.where(one.sale % 3 == 0, 5, one.reference_day)
    return cheat(everybody, reference_day=day)


def bought(everybody: list[Traffic]) -> list[Traffic]:
    return cheat(everybody, own=np.arange(60) < 5)


def one_sub(everybody: list[Traffic]) -> list[Traffic]:
    clicks = everybody[0].sub_clicks.copy()
    clicks[3] = 40
    return cheat(everybody, sub=np.where(everybody[0].sale % 2 == 0, 3, everybody[0].sub), sub_clicks=clicks)


CASES = {
    Code.CLICK_FLOODING: flooded,
    Code.CLICK_INJECTION: injected,
    Code.COUPON_HIJACK: hijacked,
    Code.BOT_BURST: burst,
    Code.ORDER_REUSE: repeated,
    Code.SALES_PER_CLICK: copied,
    Code.SELF_PURCHASE: bought,
    Code.SUB_ID: one_sub,
}


def test_every_signal_has_a_case_and_stands_in_the_table_once():
    assert [signal.code for signal in SIGNALS] == list(Code)
    assert list(CASES) == list(Code)


@pytest.mark.parametrize("code", list(Code))
def test_each_finds_its_kind_with_evidence_and_another_explanation(code: Code):
    everybody = CASES[code](crowd())
    flag = flagged(everybody, code)
    assert set(flag.sales) <= set(everybody[0].sale.tolist())
    assert flag.chance <= 0.002
    assert flag.evidence
    assert flag.considered
    for language in ("de", "en"):
        account = words.account(flag, language)
        assert len(account) == 3 + len(flag.evidence) + len(flag.considered)


def test_only_the_sales_in_question_are_held():
    everybody = injected(crowd())
    one = everybody[0]
    flag = flagged(everybody, Code.CLICK_INJECTION)
    limit = next(number.seen for number in flag.evidence if number.name == "soon_seconds")
    assert set(flag.sales) == set(one.sale[one.delay_s < limit].tolist())
    assert len(set(flag.sales) - set(one.sale[one.delay_s <= 12.0].tolist())) <= 2
    again = flagged(repeated(crowd()), Code.ORDER_REUSE)
    assert again.sales == tuple(range(10_050, 10_060))


def test_honest_publishers_are_left_alone():
    wrong = sum(len({flag.publisher for flag in judged(crowd(seed)).flags}) for seed in range(1, 11))
    assert wrong <= 4  # of 200; eight signals at two in a thousand each


def test_a_group_of_forty_rooms_is_one_visit():
    one = honest(1)
    group = replace(
        one,
        visit=np.where(one.sale < 10_040, 0, one.visit),
        delay_s=np.where(one.sale < 10_040, 20.0, one.delay_s),
        touched_before=np.where(one.sale < 10_040, 1, one.touched_before),
    )
    assert not [flag for flag in judged([group, *crowd()[1:]]).flags if flag.publisher == 1]


def test_a_newsletter_that_sells_is_no_burst():
    everybody = burst(crowd())
    one = everybody[0]
    sold = np.where((one.click_hour >= 0) & (one.sale % 3 > 0), 30, one.click_hour)
    assert not [flag for flag in judged(cheat(everybody, click_hour=sold)).flags if flag.code is Code.BOT_BURST]


def test_vouchers_are_held_against_vouchers():
    """Half of the publishers sell vouchers at the checkout; none of them is odd among the others."""
    everybody = crowd()
    voucher = [
        replace(
            one,
            kind="voucher",
            delay_s=np.where(one.sale % 2 == 0, one.delay_s / 10, one.delay_s),
            touched_before=np.where((one.touched_before >= 0) & (one.sale % 2 == 0), 1, one.touched_before),
        )
        for one in everybody[:10]
    ]
    assert not [flag for flag in judged([*voucher, *everybody[10:]]).flags if flag.code is Code.COUPON_HIJACK]


def test_a_fifth_of_cheats_does_not_become_the_norm():
    everybody = crowd()
    cheats = [replace(injected([one])[0], publisher=one.publisher) for one in everybody[:4]]
    found = judged([*cheats, *everybody[4:]]).flags
    assert {flag.publisher for flag in found if flag.code is Code.CLICK_INJECTION} == {1, 2, 3, 4}


def test_what_is_too_thin_is_said_and_not_judged():
    thin = replace(
        honest(1, sales=4), reference_day=np.full(4, -1), sub_clicks=np.zeros(0, np.int64), sub=np.full(4, -1)
    )
    answer = judged([thin, *crowd()[1:]])
    assert not [flag for flag in answer.flags if flag.publisher == 1]
    assert {said.code: said.why for said in answer.unknown if said.publisher == 1} == {
        Code.CLICK_FLOODING: Thin.SALES_FEW,
        Code.CLICK_INJECTION: Thin.SALES_FEW,
        Code.COUPON_HIJACK: Thin.JOURNEYS_FEW,
        Code.BOT_BURST: Thin.SALES_FEW,
        Code.ORDER_REUSE: Thin.SALES_FEW,
        Code.SALES_PER_CLICK: Thin.SALES_FEW,
        Code.SUB_ID: Thin.CLICKS_FEW,
    }
    alone = judged(injected(crowd(count=3)))
    assert Thin.PEERS_FEW in {said.why for said in alone.unknown if said.code is Code.CLICK_INJECTION}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda one: replace(one, delay_s=one.delay_s[1:]), "columns_differ"),
        (lambda one: replace(one, sub=one.sub + 50), "columns_differ"),
        (lambda one: replace(one, clicks=-one.clicks - 1), "negative_count"),
        (lambda one: replace(one, clicks=one.clicks[1:]), "window_broken"),
        (lambda one: replace(one, delay_s=one.delay_s - 10**9), "delay_broken"),
        (lambda one: replace(one, publisher=2), "publisher_twice"),
        (lambda one: replace(one, clicks=one.clicks[:24], reference_clicks=one.reference_clicks[:1],
                             click_hour=one.click_hour * 0 - 1, reference_day=one.reference_day * 0 - 1),
         "window_broken"),
    ],
)  # fmt: skip
def test_traffic_that_cannot_be_is_refused(change: Callable[[Traffic], Traffic], code: str):
    everybody = crowd(count=4)
    answer = judge([change(everybody[0]), *everybody[1:]])
    assert isinstance(answer, Refusal)
    assert answer.code == code
    assert isinstance(judge([]), Refusal)


def test_silence_is_no_traceback():
    nothing = replace(
        honest(1, sales=0),
        clicks=np.zeros(DAYS * HOURS_A_DAY, np.int64),
        reference_clicks=np.zeros(DAYS, np.int64),
        sub_clicks=np.zeros(8, np.int64),
    )
    assert not judged([replace(nothing, publisher=number) for number in range(1, 12)]).flags


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("A-100423", "a100423", True),
        ("A100423/2", "A100423", True),
        ("A 100423", "A-100423", True),
        ("100423-1", "100423-12", True),
        ("A100423", "A100424", False),
        ("A-1", "A-2", False),
    ],
)
def test_spellings_of_an_order(left: str, right: str, same: bool):
    assert (root(left) == root(right)) is same


@settings(deadline=None)
@given(st.integers(0, 60), st.integers(0, 50), st.floats(0.001, 0.999))
def test_chances_are_binomial(found: int, of: int, rate: float):
    assert at_least(found, of, rate) == pytest.approx(float(stats.binom.sf(found - 1, of, rate)), abs=1e-9)
    assert at_most(found, of, rate) == pytest.approx(float(stats.binom.cdf(found, of, rate)), abs=1e-9)
    low, high = nine_in_ten(of, rate)
    assert 0 <= low <= high <= of


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(0, 39))
def test_more_of_it_is_never_less_odd(seed: int, found: int):
    rng = np.random.default_rng(seed)
    of = np.concatenate([[40.0], rng.integers(15, 80, 15).astype(float)])
    others = rng.binomial(of[1:].astype(int), 0.1).astype(float)
    kinds = ["content"] * 16
    less, more = (
        of_shares(np.concatenate([[number], others]), of, kinds, least=10)[0] for number in (found, found + 1)
    )
    assert less is not None
    assert more is not None
    assert more.chance <= less.chance


def test_all_codes_have_words_in_both_languages():
    for code in (*Code, *Innocent, *Thin):
        assert words.said(code, "de") != words.said(code, "en")
    for both, _ in words.EVIDENCE.values():
        assert set(both) == {"de", "en"}
