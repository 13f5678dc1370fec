"""Clicks around real bookings, and fraud among them.

Real are the bookings: which agent, which day, and which came together as a group. The file has no clicks, so they are
made up around the bookings, and so are the hour of a booking, consent, order ids and journeys. Honest publishers differ
from each other on purpose: in how many clicks a sale takes (a factor of 1.8 either way), in how long buyers wait, in
sub ids, and by kind: publishers of vouchers sell within minutes and after others' touches, newsletters come in bursts.

Fraud takes a strength between 0 and 1: the share of the publisher's visits with a sale that it invents or takes over
(for bots, clicks per honest click; for repeated orders, the share of orders that are sent again)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from warum.domain.arrays import Bools, Floats, Ints
from warum.domain.quality.traffic import HOURS_A_DAY, Traffic

window_days: Final = 91
_attribution_days: Final = 30
_day: Final = 86_400
_kinds: Final[tuple[str, ...]] = ("content", "voucher", "newsletter")


@dataclass(frozen=True, slots=True)
class Nature:
    """How one publisher's honest traffic is."""

    kind: str
    rate: float
    consent: float
    soon_median_s: float
    later_share: float
    touched: float
    subs: int


@dataclass(frozen=True, slots=True)
class Made:
    """Traffic with the truth about it: which sales are fraud. ``fraud`` is empty text for an honest publisher."""

    traffic: Traffic
    fraud: str
    bad: Bools


def nature(rng: np.random.Generator) -> Nature:
    """A publisher as chance has it."""
    kind = str(rng.choice(_kinds, p=(0.7, 0.15, 0.15)))
    voucher = kind == "voucher"
    return Nature(
        kind=kind,
        rate=float(0.02 * np.exp(rng.normal(0, 0.6))) * (2.0 if voucher else 1.0),
        consent=float(rng.beta(12, 8)),
        soon_median_s=(240 if voucher else 900) * float(np.exp(rng.normal(0, 0.3))),
        later_share=_logistic(rng.normal(-2.0 if voucher else -0.6, 0.4)),
        touched=_logistic(rng.normal(0.4 if voucher else -1.1, 0.4)),
        subs=int(rng.integers(5, 20)) if rng.random() < 0.5 else 0,
    )


def honest(publisher: int, day: Ints, batch: Ints, of: Nature, rng: np.random.Generator) -> Made:
    """Traffic around bookings on these days of the window; bookings of one batch are one visit."""
    _, first, visit = np.unique(batch, return_index=True, return_inverse=True)
    visits = len(first)
    # Days with more bookings had more visitors: half of a day's clicks follow them, half the publisher's level.
    busy = np.bincount(day[first], minlength=window_days) / visits + 1 / window_days
    weights = busy * np.exp(rng.normal(0, 0.3, window_days))
    curve = 1.0 + 0.9 * np.sin((np.arange(HOURS_A_DAY) - 9) / HOURS_A_DAY * 2 * np.pi)
    hourly = np.outer(weights / weights.mean(), curve / curve.mean()).ravel()
    sale_s = (day[first] + rng.random(visits) * 0.6 + 0.35) * _day
    later = rng.random(visits) < of.later_share
    soon = np.exp(rng.normal(np.log(of.soon_median_s), 1.0, visits))
    delay = np.where(later, np.minimum(rng.exponential(5 * _day, visits), _attribution_days * _day), soon)
    base = visits / of.rate / (window_days * HOURS_A_DAY)
    clicks = _poisson(base * hourly * rng.gamma(5, 1 / 5, len(hourly)), rng)
    if of.kind == "newsletter":
        clicks, sale_s, delay = _sends(clicks, sale_s, delay, of, rng)
    token = rng.random(visits) < of.consent
    click_hour = np.floor((sale_s - delay) / 3600).astype(np.int64)
    clicks += np.bincount(click_hour[click_hour >= 0], minlength=len(clicks))
    unconsented = rng.binomial(clicks, 1 - of.consent).reshape(window_days, HOURS_A_DAY).sum(axis=1)
    reference_day = np.where(token, -1, np.maximum(click_hour // HOURS_A_DAY, 0))
    unconsented += np.bincount(reference_day[~token], minlength=window_days)
    sub_clicks = rng.multinomial(int(clicks.sum()), rng.dirichlet(np.ones(of.subs))) if of.subs else np.zeros(0, int)
    pull = sub_clicks * np.exp(rng.normal(0, 0.3, of.subs)) if of.subs else np.zeros(0)
    sub = rng.choice(of.subs, visits, p=pull / pull.sum()) if of.subs else np.full(visits, -1)
    orders = [f"B{publisher}-{number:06d}" for number in range(len(batch))]
    for index in np.flatnonzero(rng.random(len(batch)) < 0.005):
        orders[int(index)] = orders[int(index) - 1] + "/2"
    touched = np.where(token, (rng.random(visits) < of.touched).astype(np.int64), -1)
    traffic = Traffic(
        publisher=publisher,
        kind=of.kind,
        clicks=clicks.astype(np.int64),
        sale=np.arange(len(batch), dtype=np.int64),
        visit=visit.ravel().astype(np.int64),
        order=tuple(orders),
        delay_s=np.where(token, delay, np.nan)[visit.ravel()],
        click_hour=np.where(token, np.maximum(click_hour, -1), -1)[visit.ravel()],
        reference_day=reference_day[visit.ravel()],
        reference_clicks=unconsented.astype(np.int64),
        touched_before=touched[visit.ravel()],
        own=rng.random(len(batch)) < 0.002,
        sub=np.where(token, sub, -1)[visit.ravel()].astype(np.int64),
        sub_clicks=sub_clicks.astype(np.int64),
    )
    return Made(traffic, "", np.zeros(len(batch), dtype=np.bool_))


def _sends(
    clicks: Ints, sale_s: Floats, delay: Floats, of: Nature, rng: np.random.Generator
) -> tuple[Ints, Floats, Floats]:
    """More than half of a newsletter's clicks come within hours of a few sends, and sell somewhat less often."""
    sends = rng.choice(window_days - 1, int(rng.integers(2, 5)), replace=False) * HOURS_A_DAY + rng.integers(7, 19)
    share = float(rng.uniform(0.5, 0.7))
    burst = np.zeros(len(clicks))
    for send in sends:
        burst[send : send + 5] += np.array([0.4, 0.25, 0.15, 0.12, 0.08])
    more = _poisson(burst / burst.sum() * clicks.sum() * share / (1 - share), rng)
    sells = 0.75 * float(np.exp(rng.normal(0, 0.2)))
    from_send = rng.random(len(sale_s)) < sells * share / (sells * share + 1 - share)
    hours = rng.choice(len(clicks), len(sale_s), p=burst / burst.sum())
    quick = np.where(from_send, np.minimum(delay, (window_days - hours / HOURS_A_DAY) * _day * 0.9), delay)
    placed = (hours + rng.random(len(sale_s))) * 3600 + quick
    return clicks + more, np.where(from_send, placed, sale_s), quick


def flooding(made: Made, strength: float, rng: np.random.Generator) -> Made:
    """Clicks that nobody made, 1,000 for a sale that would have come anyway, at any time in the attribution window."""
    count = _taken(made, strength)
    extra = np.full(len(made.traffic.clicks), 1_000 * count / len(made.traffic.clicks))
    return _more(
        replace(made, traffic=replace(made.traffic, clicks=made.traffic.clicks + _poisson(extra, rng))),
        "flooding", rng.random(count) * _attribution_days * _day, 0.25, rng,
    )  # fmt: skip


def injection(made: Made, strength: float, rng: np.random.Generator) -> Made:
    """A click slipped in when somebody is about to buy: half of the sales follow within 15 seconds, few within 5."""
    count = _taken(made, strength)
    return _more(made, "injection", np.exp(rng.normal(np.log(15), 0.6, count)), 0.25, rng)


def hijack(made: Made, strength: float, rng: np.random.Generator) -> Made:
    """A click at the checkout, about 90 seconds before the sale; most of these visitors came by another publisher."""
    count = _taken(made, strength)
    return _more(made, "hijack", np.exp(rng.normal(np.log(90), 0.6, count)), 0.85, rng)


def bots(made: Made, strength: float, rng: np.random.Generator) -> Made:
    """Robots' clicks within a few hours here and there; they buy nothing."""
    hours = np.zeros(len(made.traffic.clicks))
    for start in rng.choice(len(hours) - 4, int(rng.integers(3, 7)), replace=False):
        hours[start : start + int(rng.integers(2, 5))] += float(rng.uniform(0.5, 1.5))
    more = _poisson(hours / hours.sum() * strength * made.traffic.clicks.sum(), rng)
    return Made(replace(made.traffic, clicks=made.traffic.clicks + more), "bots", made.bad)


def repeats(made: Made, strength: float, rng: np.random.Generator) -> Made:
    """Orders sent again in another spelling: lower case, without the hyphen, or with a part's number."""
    traffic = made.traffic
    again = rng.choice(len(traffic.sale), max(1, round(strength * len(traffic.sale))), replace=False)
    spell: tuple[Callable[[str], str], ...] = (str.lower, lambda text: text.replace("-", ""), lambda text: text + "/2")
    orders = [spell[int(rng.integers(3))](traffic.order[int(index)]) for index in again]
    return _appended(made, "repeats", again, tuple(orders))


def copied(made: Made, strength: float, rng: np.random.Generator) -> Made:
    """One to three days' link references passed on, and sales credited to them from elsewhere."""
    traffic, count = made.traffic, _taken(made, strength)
    days = rng.choice(window_days, int(rng.integers(1, 4)), replace=False)
    like = rng.integers(0, len(traffic.sale), count)
    orders = tuple(f"C{traffic.publisher}-{number:06d}" for number in range(count))
    more = _appended(made, "copied", like, orders)
    fresh = np.arange(len(more.traffic.sale)) >= len(traffic.sale)
    day = more.traffic.reference_day.copy()
    day[fresh] = rng.choice(days, count)
    known = {
        "delay_s": np.where(fresh, np.nan, more.traffic.delay_s),
        "click_hour": np.where(fresh, -1, more.traffic.click_hour),
        "touched_before": np.where(fresh, -1, more.traffic.touched_before),
        "sub": np.where(fresh, -1, more.traffic.sub),
    }
    return replace(more, traffic=replace(more.traffic, reference_day=day, **known))


FRAUDS: Final[dict[str, Callable[[Made, float, np.random.Generator], Made]]] = {
    "flooding": flooding,
    "injection": injection,
    "hijack": hijack,
    "bots": bots,
    "repeats": repeats,
    "copied": copied,
}


def _taken(made: Made, strength: float) -> int:
    """So many invented visits that they are ``strength`` of all."""
    return max(1, round(strength / (1 - strength) * int(made.traffic.first().sum())))


def _more(made: Made, fraud: str, delay: Floats, touched: float, rng: np.random.Generator) -> Made:
    """Further sales with these delays, each with a click of its own; consent is as rare as with honest sales."""
    traffic, count = made.traffic, len(delay)
    like = rng.integers(0, len(traffic.sale), count)
    more = _appended(made, fraud, like, tuple(f"D{traffic.publisher}-{number:06d}" for number in range(count)))
    fresh = np.arange(len(more.traffic.sale)) >= len(traffic.sale)
    token = more.traffic.reference_day[fresh] < 0
    sale_s = rng.random(count) * window_days * _day
    hour = np.floor((sale_s - delay) / 3600).astype(np.int64)
    delays, hours, touches, days = (
        column.copy()
        for column in (
            more.traffic.delay_s, more.traffic.click_hour, more.traffic.touched_before, more.traffic.reference_day
        )
    )  # fmt: skip
    delays[fresh] = np.where(token, delay, np.nan)
    hours[fresh] = np.where(token, np.maximum(hour, -1), -1)
    touches[fresh] = np.where(token, (rng.random(count) < touched).astype(np.int64), -1)
    days[fresh] = np.where(token, -1, np.maximum(hour // HOURS_A_DAY, 0))
    counted = more.traffic.clicks + np.bincount(hour[hour >= 0], minlength=len(more.traffic.clicks))
    reference = more.traffic.reference_clicks + np.bincount(days[fresh][~token], minlength=window_days)
    return replace(
        more,
        traffic=replace(
            more.traffic, delay_s=delays, click_hour=hours, touched_before=touches, reference_day=days, clicks=counted,
            reference_clicks=reference,
        ),
    )  # fmt: skip


def _appended(made: Made, fraud: str, like: Ints, orders: tuple[str, ...]) -> Made:
    """Sales that copy others in everything but their number, visit and order id."""
    traffic, count = made.traffic, len(like)
    fresh = np.arange(count, dtype=np.int64)
    return Made(
        replace(
            traffic,
            sale=np.concatenate([traffic.sale, len(traffic.sale) + fresh]),
            visit=np.concatenate([traffic.visit, int(traffic.visit.max()) + 1 + fresh]),
            order=traffic.order + orders,
            **{
                name: np.concatenate([column, column[like]])
                for name, column in (
                    ("delay_s", traffic.delay_s),
                    ("click_hour", traffic.click_hour),
                    ("reference_day", traffic.reference_day),
                    ("touched_before", traffic.touched_before),
                    ("own", traffic.own),
                    ("sub", traffic.sub),
                )
            },
        ),
        fraud,
        np.concatenate([made.bad, np.ones(count, dtype=np.bool_)]),
    )


def _poisson(means: Floats, rng: np.random.Generator) -> Ints:
    return rng.poisson(means)


def _logistic(value: float) -> float:
    return float(1 / (1 + np.exp(-value)))
