"""Sets of roles, as operations name them."""

from __future__ import annotations

from typing import Final

from warum.ports.database import Role

OPERATOR: Final = frozenset({Role.OPERATOR})
STAFF: Final = frozenset({Role.OPERATOR, Role.MANAGER})
STAFF_OR_ADVERTISER: Final = STAFF | {Role.ADVERTISER}
STAFF_OR_PUBLISHER: Final = STAFF | {Role.PUBLISHER}
STAFF_OR_PARTY: Final = STAFF | {Role.ADVERTISER, Role.PUBLISHER}
HOUSE: Final = STAFF | {Role.AUDITOR}
INSPECTORS: Final = OPERATOR | {Role.AUDITOR}
ADVERTISER_SIDE: Final = HOUSE | {Role.ADVERTISER}
PUBLISHER_SIDE: Final = HOUSE | {Role.PUBLISHER}
EVERYBODY: Final = HOUSE | {Role.ADVERTISER, Role.PUBLISHER}
