"""A small file with the columns of the real one and all that is awkward in it: guests whom nobody sent, nights for
nothing, a negative price, a sale that ends in half a cent, a stay cut short, an end before the booking."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from random import Random

HEADER = (
    "hotel,is_canceled,lead_time,arrival_date_year,arrival_date_month,arrival_date_week_number,"
    "arrival_date_day_of_month,stays_in_weekend_nights,stays_in_week_nights,adults,children,babies,meal,country,"
    "market_segment,distribution_channel,is_repeated_guest,previous_cancellations,previous_bookings_not_canceled,"
    "reserved_room_type,assigned_room_type,booking_changes,deposit_type,agent,company,days_in_waiting_list,"
    "customer_type,adr,required_car_parking_spaces,total_of_special_requests,reservation_status,reservation_status_date"
)
HOTELS = ("Hotel am Wehr", "Hôtel de la Gare")


def made_up(rows: int, seed: int = 1) -> str:
    rng = Random(seed)
    out = io.StringIO()
    writer = csv.DictWriter(out, HEADER.split(","), restval="0", lineterminator="\n")
    writer.writeheader()
    for number in range(1, rows + 1):
        writer.writerow(_row(rng, number))
    return out.getvalue()


def _row(rng: Random, number: int) -> dict[str, object]:
    arrival = date(2026, 1, 1) + timedelta(days=rng.randrange(120))
    lead = rng.randrange(90)
    week, weekend = rng.randrange(6), rng.randrange(3)
    status = rng.choices(("Check-Out", "Canceled", "No-Show"), (63, 35, 2))[0]
    match status:
        case "Check-Out":
            ends = arrival + timedelta(days=week + weekend)
        case "Canceled":
            ends = arrival - timedelta(days=rng.randrange(lead + 1))
        case _:
            ends = arrival
    price = rng.choice(("0", "75.5", "98.333333", "62.505", f"{rng.randrange(3000, 25000) / 100:.2f}"))
    if number == 7:  # cancelled three days before anybody booked
        status, lead = "Canceled", 2
        ends = arrival - timedelta(days=5)
    if number == 11:
        price = "-6.38"
    return {
        "hotel": rng.choice(HOTELS),
        "lead_time": lead,
        "arrival_date_year": arrival.year,
        "arrival_date_month": f"{arrival:%B}",
        "arrival_date_day_of_month": arrival.day,
        "stays_in_week_nights": week,
        "stays_in_weekend_nights": weekend,
        "agent": rng.choice(("NULL", "9", "9", "240", str(rng.randrange(1, 40)))),
        "adr": price,
        "reservation_status": status,
        "reservation_status_date": ends.isoformat(),
    }
