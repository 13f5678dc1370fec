"""One transaction over every store. Whoever opens it says in which role; rows outside that role do not exist for it."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from warum.ports.audit import AuditStore
from warum.ports.catalog import ActStore, CatalogStore, KeyStore
from warum.ports.contests import ContestStore
from warum.ports.conversions import ConversionStore
from warum.ports.creatives import CreativeStore
from warum.ports.decisions import DecisionStore
from warum.ports.deliveries import DeliveryStore
from warum.ports.erasure import ErasureStore
from warum.ports.evidence import EvidenceStore
from warum.ports.figures import FigureStore
from warum.ports.lake import LakeStore
from warum.ports.ledger import LedgerStore
from warum.ports.log import LogStore
from warum.ports.messages import MessageStore
from warum.ports.network import NetworkStore
from warum.ports.overview import OverviewStore
from warum.ports.people import PeopleStore
from warum.ports.snapshot import SnapshotStore
from warum.ports.steering import SteeringStore
from warum.ports.tracking import TrackingStore
from warum.ports.views import ViewStore
from warum.ports.webhooks import WebhookStore


class DatabaseUnavailable(Exception):
    """The database cannot be asked just now: stopped, restarting, out of connections, or it gave up this transaction
    in favour of another. Nothing was written; trying again later is right."""


class DatabaseMisfit(Exception):
    """The schema or the rights are not those that this version needs. Trying again does not help."""


class Overtaken(Exception):
    """Another transaction has just entered what this one was about to enter, and it may exist only once. Nothing was
    written; whoever starts again finds what the other one entered."""


class Role(StrEnum):
    """What row-level security asks for. ``SYSTEM`` is the worker and the start-up, no person's role."""

    OPERATOR = "operator"
    MANAGER = "manager"
    AUDITOR = "auditor"
    ADVERTISER = "advertiser"
    PUBLISHER = "publisher"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Scope:
    """Who looks. ``party`` is needed by the roles advertiser and publisher, and by them alone."""

    role: Role
    party: int | None = None


class Tx(Protocol):
    """One open transaction; it commits when the block ends without an exception."""

    @property
    def catalog(self) -> CatalogStore: ...
    @property
    def creatives(self) -> CreativeStore: ...
    @property
    def conversions(self) -> ConversionStore: ...
    @property
    def ledger(self) -> LedgerStore: ...
    @property
    def tracking(self) -> TrackingStore: ...
    @property
    def deliveries(self) -> DeliveryStore: ...
    @property
    def snapshot(self) -> SnapshotStore: ...
    @property
    def lake(self) -> LakeStore: ...
    @property
    def views(self) -> ViewStore: ...
    @property
    def acts(self) -> ActStore: ...
    @property
    def keys(self) -> KeyStore: ...
    @property
    def decisions(self) -> DecisionStore: ...
    @property
    def evidence(self) -> EvidenceStore: ...
    @property
    def steering(self) -> SteeringStore: ...
    @property
    def people(self) -> PeopleStore: ...
    @property
    def overview(self) -> OverviewStore: ...
    @property
    def audit(self) -> AuditStore: ...
    @property
    def log(self) -> LogStore: ...
    @property
    def figures(self) -> FigureStore: ...
    @property
    def contests(self) -> ContestStore: ...
    @property
    def erasure(self) -> ErasureStore: ...
    @property
    def webhooks(self) -> WebhookStore: ...
    @property
    def messages(self) -> MessageStore: ...
    @property
    def network(self) -> NetworkStore: ...


class Database(Protocol):
    """A pool of connections of one login role."""

    def transaction(self, scope: Scope, *, frozen: bool = False) -> AbstractContextManager[Tx]:
        """A transaction in this scope; an exception in the block undoes it.

        Args:
            frozen: all of its statements see the moment of the first one.

        Raises:
            DatabaseUnavailable, DatabaseMisfit: on entering, or from any call within.
            Overtaken: on leaving.
        """
        ...
