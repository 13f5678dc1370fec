"""The catalog, the acts and the keys, as use cases see them.

The first block of ``CatalogStore`` answers the consumer in bulk, the second is what people edit; the edge's snapshot
has a store of its own (``ports.snapshot``). Everything editable carries ``row_version``: an update names the one it was
made from."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from warum.domain.catalog import (
    CommissionRule,
    EdgeLink,
    PartnershipStatus,
    ProgramStatus,
    Terms,
    Validation,
)
from warum.domain.contexts import ANY


@dataclass(frozen=True, slots=True, kw_only=True)
class Advertiser:
    """An advertiser. ``reference_basis`` is the legal basis for crediting without consent; None keeps that off."""

    id: int
    code: str
    name: str
    active: bool
    reference_basis: str | None
    reference_basis_at_us: int | None
    token_hash: str | None
    secret_sealed: str | None
    row_version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """A host of an advertiser. ``proof`` is the evidence in words; None while nothing proved it."""

    advertiser: int
    host: str
    challenge: str
    proved_at_us: int | None
    proof: str | None
    row_version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Publisher:
    id: int
    code: str
    name: str
    kind: str
    active: bool
    row_version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """An advertiser's terms. ``starts_us`` and ``ends_us`` bound its flight; None is open."""

    id: int
    advertiser: int
    code: str
    name: str
    vertical: str
    currencies: tuple[str, ...]
    timezone: str
    window_days: int
    hold_days: int
    validation: Validation
    status: ProgramStatus
    starts_us: int | None
    ends_us: int | None
    click_param: str
    row_version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LandingPage:
    id: int
    name: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What is promoted. ``allocation`` is the one in force.

    Attributes:
        dimensions: by which contexts are told apart (``domain.contexts``).
        contexts: the allocations that are in force side by side with it, by their contexts.
    """

    id: int
    advertiser: int
    program: int
    name: str
    allocation: int | None
    landing_pages: tuple[LandingPage, ...]
    row_version: int
    dimensions: tuple[str, ...] = ()
    contexts: Mapping[str, int] = field(default_factory=dict[str, int], hash=False)

    def allocation_in(self, context: str) -> int | None:
        """The one in force in a context; None where there is none, or where the context is not told apart."""
        return self.allocation if context == ANY else self.contexts.get(context)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """One arm of an allocation: which landing page, with which propensity in parts per million.

    Attributes:
        creative: what is shown for it; None for a plain landing page.
    """

    arm: int
    landing_page: int
    propensity_ppm: int
    creative: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Partnership:
    id: int
    advertiser: int
    publisher: int
    program: int
    status: PartnershipStatus
    application: str
    reason: str | None
    applied_us: int
    decided_us: int | None
    row_version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    id: int
    code: str
    advertiser: int
    publisher: int
    program: int
    partnership: int
    offer: int
    name: str
    retired_us: int | None
    row_version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PostbackTarget:
    """Where a publisher hears of its conversions. ``secret_sealed`` signs what goes there."""

    id: int
    publisher: int
    url_template: str
    secret_sealed: str
    active: bool
    row_version: int


class CatalogStore(Protocol):
    # In bulk, for the consumer. Ids that do not exist are simply absent from the answer. ----------------------------

    def terms(self, programs: Collection[int]) -> dict[int, Terms]: ...

    def terms_by_code(self, codes: Collection[str]) -> dict[str, Terms]: ...

    def programs_of(self, advertisers: Collection[int]) -> dict[int, tuple[int, ...]]:
        """Program ids by advertiser, ascending; one of them means that a report need not name it."""
        ...

    def edge_links(self, links: Collection[int]) -> dict[int, EdgeLink]:
        """Retired links included: their clicks are credited until the window ends."""
        ...

    def rules(self, programs: Collection[int]) -> dict[int, tuple[CommissionRule, ...]]:
        """Every version, of everybody and of single publishers, by program."""
        ...

    def reference_bases(self, advertisers: Collection[int]) -> dict[int, str]:
        """The recorded legal basis; absent for an advertiser that recorded none."""
        ...

    # What people edit. ``lock`` keeps the row from changing until the transaction ends. ------------------------------

    def advertisers(self, after: int, limit: int) -> list[Advertiser]: ...
    def advertiser(self, advertiser: int, *, lock: bool = False) -> Advertiser | None: ...
    def advertiser_by_code(self, code: str) -> Advertiser | None: ...
    def add_advertiser(self, *, code: str, name: str, at_us: int) -> int: ...
    def save_advertiser(self, advertiser: Advertiser) -> int:
        """Writes every field; the new row version. ``reference_basis_at_us`` is set by the caller."""
        ...

    def hosts(self, advertiser: int) -> list[Host]: ...
    def add_host(self, *, advertiser: int, host: str, challenge: str) -> None: ...
    def save_host(self, host: Host) -> int: ...

    def publishers(self, after: int, limit: int) -> list[Publisher]: ...
    def publisher(self, publisher: int, *, lock: bool = False) -> Publisher | None: ...
    def publisher_by_code(self, code: str) -> Publisher | None: ...
    def add_publisher(self, *, code: str, name: str, kind: str, at_us: int) -> int: ...
    def save_publisher(self, publisher: Publisher) -> int: ...

    def programs(self, *, advertiser: int | None, after: int, limit: int) -> list[Program]: ...
    def program(self, program: int, *, lock: bool = False) -> Program | None: ...
    def program_by_code(self, code: str) -> Program | None: ...
    def add_program(self, program: Program, at_us: int) -> int:
        """``id`` and ``row_version`` of the argument are not looked at; the new id."""
        ...

    def save_program(self, program: Program) -> int: ...

    def offers(self, *, program: int | None, after: int, limit: int) -> list[Offer]: ...
    def offer(self, offer: int, *, lock: bool = False) -> Offer | None: ...
    def add_offer(self, *, advertiser: int, program: int, name: str, at_us: int) -> int: ...
    def add_landing_page(self, *, advertiser: int, offer: int, name: str, url: str, at_us: int) -> int: ...
    def add_allocation(
        self,
        *,
        advertiser: int,
        offer: int,
        arms: Sequence[Arm],
        at_us: int,
        derived: bool = False,
        context: str = ANY,
    ) -> int:
        """Writes the immutable table of arms and puts it in force for the offer, or in one of its contexts; the
        allocation's id.

        Args:
            derived: its shares were not set by anybody; they follow from those that were, because a creative came,
                went, sold out or is back, or because the context has none of its own.
        """
        ...

    def save_dimensions(self, offer: int, dimensions: Sequence[str]) -> None: ...

    def own_contexts(self, offer: int) -> frozenset[str]:
        """The contexts for which somebody ever set shares."""
        ...

    def allocation(self, allocation: int) -> tuple[Arm, ...]: ...

    def partnerships(
        self, *, program: int | None, publisher: int | None, status: PartnershipStatus | None, after: int, limit: int
    ) -> list[Partnership]: ...
    def partnership(self, partnership: int, *, lock: bool = False) -> Partnership | None: ...
    def partnership_of(self, *, program: int, publisher: int, lock: bool = False) -> Partnership | None: ...
    def add_partnership(
        self, *, advertiser: int, publisher: int, program: int, application: str, at_us: int
    ) -> int: ...
    def save_partnership(self, partnership: Partnership) -> int: ...

    def links(
        self, *, partnership: int | None, offer: int | None, program: int | None, after: int, limit: int
    ) -> list[Link]: ...
    def link(self, link: int, *, lock: bool = False) -> Link | None: ...
    def link_by_code(self, code: str) -> Link | None: ...
    def add_link(self, *, code: str, partnership: Partnership, offer: int, name: str, at_us: int) -> int: ...
    def save_link(self, link: Link) -> int: ...

    def programs_of_publisher(self, publisher: int) -> frozenset[int]:
        """The programs that it is an approved partner of, or was."""
        ...

    def untaken_rules(self, limit: int) -> list[tuple[CommissionRule, int, int]]:
        """Rules that the log does not know, oldest first: (rule, advertiser, made at)."""
        ...

    def add_rule(self, rule: CommissionRule, *, advertiser: int, at_us: int) -> int:
        """``id`` of the argument is not looked at; the new id. A version never changes."""
        ...

    def targets(self, *, publisher: int | None, after: int, limit: int) -> list[PostbackTarget]: ...
    def target(self, target: int, *, lock: bool = False) -> PostbackTarget | None: ...
    def add_target(self, *, publisher: int, url_template: str, secret_sealed: str, at_us: int) -> int: ...
    def save_target(self, target: PostbackTarget) -> int: ...


class ActorKind(StrEnum):
    PERSON = "person"
    BOT = "bot"
    KEY = "key"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One change by anyone. ``subject`` is the public id of what changed.

    Attributes:
        once: a token of the caller's; the same one with the same input makes one act.
    """

    at_us: int
    actor_kind: ActorKind
    actor: str
    operation: str
    subject: str
    input_hash: bytes
    reason: str | None = None
    version_before: int | None = None
    version_after: int | None = None
    advertiser: int | None = None
    publisher: int | None = None
    once: str | None = None
    id: int = 0


class ActRepeated(Exception):
    """There is an act with this token and this input already. Nothing may be committed."""


class ActStore(Protocol):
    """Acts are added through ``app.log.entries.record_act``, which enters them into the log, too."""

    def next_id(self) -> int: ...

    def add(self, act: Act, *, entry: int) -> int:
        """With the id that it carries, and the log's entry that tells of it; the id.

        Raises:
            ActRepeated: it was done before.
        """
        ...

    def once(self, token: str, input_hash: bytes) -> Act | None:
        """The act that this token and this input made."""
        ...

    def untaken(self, limit: int) -> list[Act]:
        """Acts from before there was a log, oldest first."""
        ...

    def take_in(self, taken: Sequence[tuple[int, int]]) -> None:
        """(act, entry): the log holds these from now on."""
        ...

    def acts(self, *, subject: str | None, before: int | None, limit: int) -> list[Act]:
        """Newest first; ``before`` is the id of the last one seen."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """A key without itself: only its SHA-256 is kept. ``role`` is a ``Role`` value."""

    id: int
    label: str
    role: str
    party: int | None
    created_us: int
    expires_us: int | None
    revoked_us: int | None


class KeyStore(Protocol):
    def by_hash(self, digest: bytes) -> ApiKey | None:
        """The key of this SHA-256, revoked and expired ones included."""
        ...

    def keys(self, after: int, limit: int) -> list[ApiKey]: ...

    def key(self, key: int, *, lock: bool = False) -> ApiKey | None: ...

    def add(
        self, *, label: str, digest: bytes, role: str, party: int | None, at_us: int, expires_us: int | None
    ) -> int: ...

    def revoke(self, key: int, at_us: int) -> None: ...
