"""The benchmark of publishers asks only what was known, on a small file of our own."""

from __future__ import annotations

import csv
import gzip
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from warum.kernel.refusal import Refusal
from warum.main.bench import fraud, publishers
from warum.main.bench.hotel_bookings import FILE, Bookings, bookings

COLUMNS = [
    "hotel", "lead_time", "arrival_date_year", "arrival_date_month", "arrival_date_day_of_month",
    "stays_in_weekend_nights", "stays_in_week_nights", "adr", "agent", "market_segment", "reservation_status",
    "reservation_status_date",
]  # fmt: skip


def row(agent: str, arrival: date, lead: int, outcome: str, known: date, adr: float = 80.0) -> dict[str, object]:
    return dict(
        zip(
            COLUMNS,
            (
                "City Hotel", lead, arrival.year, arrival.strftime("%B"), arrival.day, 1, 2, adr, agent, "Online TA",
                outcome, known.isoformat(),
            ),
            strict=True,
        )
    )  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Fifteen agents over two years; each has its own price, and cancels a fifth of its bookings a week before."""
    rng = np.random.default_rng(0)
    path = tmp_path_factory.mktemp("data") / FILE
    path.parent.mkdir()
    with gzip.open(path, "wt", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        for agent in range(15):
            for day in range(0, 720, 3):
                lead = int(rng.integers(1, 60))
                arrival = date(2015, 7, 1) + timedelta(days=day + lead)
                lost = rng.random() < 0.2
                known = arrival - timedelta(days=min(lead, 7)) if lost else arrival + timedelta(days=3)
                price = float(40 + 10 * agent + rng.integers(0, 30))
                writer.writerow(row(str(agent), arrival, lead, "Canceled" if lost else "Check-Out", known, price))
        writer.writerow(row("NULL", date(2016, 1, 1), 1, "Check-Out", date(2016, 1, 4)))
    return path.parent.parent


@pytest.fixture(scope="module")
def read(folder: Path) -> Bookings:
    found = bookings(folder)
    assert isinstance(found, Bookings), found
    return found


def test_bookings_are_read_as_they_are(read: Bookings):
    assert len(read.agent) == 15 * 240
    assert read.value_minor[0] % 3 == 0
    assert (read.booked_day <= read.arrival_day).all()


def test_what_became_known_later_is_not_asked(read: Bookings):
    origin = date(2016, 7, 1)
    asked = publishers.question(read, origin)
    assert (asked.known.booked_day < origin.toordinal()).all()
    assert (asked.decided.outcome_day < origin.toordinal()).all()
    sales, _ = publishers.sales_of(asked.known, origin.toordinal())
    assert not sales.kept_minor[~sales.decided].any()
    assert (sales.decided == (asked.known.outcome_day < origin.toordinal())).all()
    assert len(asked.agents) == 15


def test_figures_and_anchors_come_from_one_run(read: Bookings):
    found = publishers.figures(read)
    assert isinstance(found["spearman"], float)
    assert found["spearman"] > 0.9
    assert found["anchors"]
    assert found["duplicates_removed"]
    assert isinstance(found["passed"], bool)


def test_gains_by_hand():
    """Best first: 3 + 2 / log2(3); the other way round: 2 + 3 / log2(3)."""
    truth = np.array([2.0, 3.0])
    assert publishers.ndcg(np.array([0.0, 1.0]), truth) == pytest.approx(1.0)
    other = (2 + 3 / np.log2(3)) / (3 + 2 / np.log2(3))
    assert publishers.ndcg(np.array([1.0, 0.0]), truth) == pytest.approx(other)


def test_fraud_is_injected_among_the_same_bookings(read: Bookings):
    found = fraud.figures(read, range(2), date(2015, 7, 1), date(2016, 1, 1))
    assert set(found["recall"]) == set(fraud.FRAUDS)  # pyright: ignore[reportArgumentType]
    assert isinstance(found["false_positive_rate"], float)
    assert found["anchors"]


@pytest.mark.parametrize("bench", [publishers, fraud])
def test_a_missing_or_broken_file_is_said(bench: object, tmp_path: Path):
    run = bench.run  # pyright: ignore[reportAttributeAccessIssue, reportUnknownVariableType, reportUnknownMemberType]
    assert "is not there" in str(run(["--data", str(tmp_path)])["skipped"])
    (tmp_path / FILE).parent.mkdir()
    with gzip.open(tmp_path / FILE, "wt", encoding="utf-8") as file:
        file.write("hotel,agent\nCity Hotel,1\n")
    answer = bookings(tmp_path)
    assert isinstance(answer, Refusal)
    assert answer.code == "columns_missing"
    assert run(["--data", str(tmp_path)])["passed"] is False
