"""A network made from code: one advertiser with programs, publishers with a link each. The replay and the benchmarks
send their events through it.

It is made by the same operations that people use, but in one transaction: there is all of it or nothing, so a start
that was killed half-way is simply begun again."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final, TypeVar

from warum.app.advertisers import (
    AdvertiserCreate,
    CredentialsRotate,
    HostAdd,
    HostProve,
    add_host,
    create_advertiser,
    prove_host,
    rotate_credentials,
)
from warum.app.call import Call, Caller, Deps, Done, perform
from warum.app.offers import LandingPageIn, OfferCreate, create_offer
from warum.app.operations import OPERATIONS
from warum.app.partnerships import (
    LinkCreate,
    PartnershipApply,
    PartnershipApprove,
    apply,
    approve,
    create_link,
)
from warum.app.programs import ProgramCreate, RuleAdd, add_rule, create_program
from warum.app.publishers import PublisherCreate, create_publisher
from warum.domain.catalog import CommissionKind
from warum.domain.sealing import Sealer, advertiser_secret
from warum.kernel.refusal import Refusal
from warum.main.config import Config
from warum.main.secret_store import Secrets
from warum.main.wiring import open_deps
from warum.ports.catalog import ActorKind, Link, Program, Publisher
from warum.ports.database import Role, Scope, Tx

I = TypeVar("I")  # noqa: E741 - In and Out, as in warum.app.call
O = TypeVar("O")  # noqa: E741
Row = TypeVar("Row", Link, Program, Publisher)

_HOST: Final = "www.advertiser.example"
_OPERATOR: Final = Scope(Role.OPERATOR)
_PAGE: Final = 200
"""Rows that are listed at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What every program of the network promises. ``percent`` of the retained amount goes to the publisher."""

    vertical: str
    percent: int
    currency: str = "EUR"
    timezone: str = "UTC"
    window_days: int = 30
    hold_days: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """What who sends events needs to know.

    Attributes:
        secret: signs postbacks.
        program_codes: by the program's name.
        link_codes: by the names of program and publisher.
    """

    advertiser_id: int
    advertiser_code: str
    secret: bytes
    program_codes: Mapping[str, str]
    link_codes: Mapping[tuple[str, str], str]


def ensure_network(
    config: Config,
    secrets: Secrets,
    *,
    name: str,
    pairs: Sequence[tuple[str, str]],
    programs: Sequence[str],
    terms: Terms,
    now_us: int,
) -> Network:
    """The network, made if it is not there yet.

    Args:
        name: of the advertiser.
        pairs: (program, publisher), each of which gets a partnership and a link.
        now_us: since when the commission rule is valid.
    """
    with (
        open_deps(config, secrets, connections_max=1, name="warum network") as deps,
        deps.database.transaction(_OPERATOR) as tx,
    ):
        if not tx.catalog.advertisers(0, 1):
            _Maker(replace(deps, database=Within(tx), now_us=lambda: now_us)).make(name, pairs, programs, terms)
        return _read(tx, deps.sealer)


class _Maker:
    def __init__(self, deps: Deps) -> None:
        self._deps = deps
        self._caller = Caller(scope=_OPERATOR, kind=ActorKind.SYSTEM, actor="network")
        self._operations = {operation.run: operation for operation in OPERATIONS}

    def make(self, name: str, pairs: Sequence[tuple[str, str]], programs: Sequence[str], terms: Terms) -> None:
        advertiser = self._do(create_advertiser, AdvertiserCreate(name=name)).id
        self._do(rotate_credentials, CredentialsRotate(advertiser=advertiser))
        self._do(add_host, HostAdd(advertiser=advertiser, host=_HOST))
        self._do(prove_host, HostProve(advertiser=advertiser, host=_HOST, evidence="made up by this very program"))
        offers: dict[str, tuple[int, int]] = {}
        for program_name in programs:
            program = self._do(create_program, _program(advertiser, program_name, terms)).id
            self._do(add_rule, RuleAdd(program=program, kind=CommissionKind.PERCENT, percent=Decimal(terms.percent)))
            page = LandingPageIn(name="Home", url=f"https://{_HOST}/")
            offers[program_name] = (
                program,
                self._do(create_offer, OfferCreate(program=program, name=program_name, landing_pages=(page,))).id,
            )
        publishers: dict[str, int] = {}
        for program_name, publisher_name in pairs:
            if publisher_name not in publishers:
                publishers[publisher_name] = self._do(create_publisher, PublisherCreate(name=publisher_name)).id
            program, offer = offers[program_name]
            application = PartnershipApply(publisher=publishers[publisher_name], program=program)
            partnership = self._do(apply, application).id
            self._do(approve, PartnershipApprove(partnership=partnership))
            self._do(create_link, LinkCreate(partnership=partnership, offer=offer))

    def _do(self, function: Callable[[Tx, Call, I], Done[O] | Refusal], ask: I) -> O:
        output: Any = perform(self._operations[function], self._deps, self._caller, ask)
        if isinstance(output, Refusal):
            raise RuntimeError(f"the network could not be made: {output.message}")
        return output


class Within:
    """A database whose transactions are all the one that is open already."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    @contextmanager
    def transaction(self, scope: Scope) -> Generator[Tx, None, None]:
        yield self._tx


def _program(advertiser: int, name: str, terms: Terms) -> ProgramCreate:
    return ProgramCreate(
        advertiser=advertiser,
        name=name,
        vertical=terms.vertical,
        currencies=(terms.currency,),
        timezone=terms.timezone,
        window_days=terms.window_days,
        hold_days=terms.hold_days,
    )


def _read(tx: Tx, sealer: Sealer) -> Network:
    advertiser = tx.catalog.advertisers(0, 1)[0]
    secret = sealer.open(advertiser_secret(advertiser.id), advertiser.secret_sealed or "")
    if secret is None:
        raise RuntimeError("the advertiser's secret does not open under the master key of this folder")
    catalog = tx.catalog
    programs = {one.id: one for one in _all(lambda after: catalog.programs(advertiser=None, after=after, limit=_PAGE))}
    publishers = {one.id: one.name for one in _all(lambda after: catalog.publishers(after, _PAGE))}
    links = _all(lambda after: catalog.links(partnership=None, offer=None, program=None, after=after, limit=_PAGE))
    return Network(
        advertiser_id=advertiser.id,
        advertiser_code=advertiser.code,
        secret=secret,
        program_codes={program.name: program.code for program in programs.values()},
        link_codes={(programs[link.program].name, publishers[link.publisher]): link.code for link in links},
    )


def _all(page: Callable[[int], list[Row]]) -> list[Row]:
    found: list[Row] = []
    while some := page(found[-1].id if found else 0):
        found += some
    return found
