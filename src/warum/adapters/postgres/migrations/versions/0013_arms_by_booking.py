"""What each arm of an offer brought in a period, without reading every other offer's bookings of that period."""

from __future__ import annotations

from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.execute(
        "create index conversion_allocation_booked on warum.conversion (allocation_id, booked_at) "
        "where allocation_id is not null"
    )
