"""``warum demo``: everything running, with a small network to try: a hotel and a shop, publishers, links to click.

The catalog is made by the same operations that people use, and only what is missing is made: the demo can be started
again and again in the same folder."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from warum.app.advertisers import AdvertiserCreate, BasisRecord, CredentialsRotate, HostAdd, HostProve
from warum.app.call import Caller, Deps, perform
from warum.app.offers import LandingPageIn, OfferCreate
from warum.app.operations import BY_NAME
from warum.app.partnerships import LinkCreate, LinkRetire, PartnershipApply, PartnershipApprove
from warum.app.programs import ProgramCreate, RuleAdd
from warum.app.publishers import PublisherCreate
from warum.domain.catalog import CommissionKind, PartnershipStatus
from warum.kernel.period import from_us
from warum.kernel.refusal import Refusal
from warum.main.config import Config, ConfigError, load_config
from warum.main.demo_site import read_door, write_door
from warum.main.secret_store import Secrets
from warum.main.up import run_up
from warum.main.wiring import open_deps
from warum.ports.catalog import ActorKind
from warum.ports.database import Role, Scope
from warum.web.page import Door, Shop

FOLDER: Final = ".warum-demo"

_CALLER: Final = Caller(scope=Scope(Role.OPERATOR), kind=ActorKind.SYSTEM, actor="demo")
_BROWSER: Final = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
_rows_max: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class _House:
    """An advertiser of the demo with its one program.

    Attributes:
        pages: name by place under ``/demo/``.
        publishers: who has a partnership.
    """

    code: str
    name: str
    lead: str
    vertical: str
    hold_days: int
    percent: str
    amount: str
    basis: str | None
    pages: Mapping[str, str]
    publishers: Sequence[str]


_PUBLISHERS: Final[Mapping[str, tuple[str, str]]] = {
    "ana": ("Anas Reiseblog", "content"),
    "cashfuchs": ("Cashfuchs", "cashback"),
    "preisblick": ("Preisblick", "comparison"),
}
_HOUSES: Final = (
    _House(
        code="seeblick",
        name="Hotel Seeblick",
        lead="Zwei Nächte mit Blick auf den See. / Two nights with a view of the lake.",
        vertical="hotel",
        hold_days=3,
        percent="8",
        amount="249.90",
        basis=None,
        pages={"seeblick": "Zimmer", "seeblick-wochenende": "Wochenende"},
        publishers=("ana", "cashfuchs"),
    ),
    _House(
        code="lindenhof",
        name="Lindenhof Laden",
        lead="Honig, Marmelade und Apfelsaft vom Hof. / Honey, jam and apple juice from the farm.",
        vertical="retail",
        hold_days=14,
        percent="5.5",
        amount="38.40",
        basis="Demo: legitimate interest (Art. 6 (1) f GDPR) in paying partners, without any identifier.",
        pages={"lindenhof": "Hofladen"},
        publishers=("ana", "preisblick"),
    ),
)


def main(argv: Sequence[str]) -> int:
    """Run the demo until Ctrl-C; the exit code."""
    parser = argparse.ArgumentParser(prog="warum demo", description="Start everything with a small sample network.")
    parser.add_argument("--data", type=Path, help=f"its own data folder (default: {FOLDER})")
    options = parser.parse_args(argv)
    try:
        config = _demo_config(options.data)
    except ConfigError as error:
        print(f"warum demo: {error}", file=sys.stderr)
        return 2
    return run_up(
        config,
        os.environ,
        migrated=lambda running, secrets: seed(running, secrets),
        on_ready=lambda: print(_welcome(config), flush=True),
    )


def seed(config: Config, secrets: Secrets) -> Door:
    """Make what is missing of the sample network, and say what the first page offers."""
    with open_deps(config, secrets, name="warum demo") as deps:
        seeder = _Seeder(deps, config)
        publishers = {code: seeder.publisher(code, *named) for code, named in _PUBLISHERS.items()}
        known = read_door(config.data).shops
        shops: dict[str, Shop] = {}
        for house in _HOUSES:
            shops |= seeder.house(house, publishers, known)
        door = Door(demo=True, command=seeder.command(_HOUSES[0], shops), shops=shops)
    write_door(config.data, door)
    return door


class _Seeder:
    def __init__(self, deps: Deps, config: Config) -> None:
        self._deps = deps
        self._config = config

    def publisher(self, code: str, name: str, kind: str) -> int:
        with self._look() as tx:
            found = tx.catalog.publisher_by_code(code)
        if found is not None:
            return found.id
        return self._do("publisher.create", PublisherCreate(name=name, code=code, kind=kind)).id

    def house(self, house: _House, publishers: Mapping[str, int], known: Mapping[str, Shop]) -> dict[str, Shop]:
        """The house's shops by place, with the partnerships and links that lead there."""
        with self._look() as tx:
            found = tx.catalog.advertiser_by_code(house.code)
            program = tx.catalog.program_by_code(house.code)
        advertiser = (
            found.id
            if found is not None
            else self._do("advertiser.create", AdvertiserCreate(name=house.name, code=house.code)).id
        )
        if house.basis is not None and (found is None or found.reference_basis is None):
            self._do("advertiser.basis.record", BasisRecord(advertiser=advertiser, basis=house.basis))
        self._host(advertiser)
        if program is None:
            made = ProgramCreate(
                advertiser=advertiser,
                name=house.name,
                code=house.code,
                vertical=house.vertical,
                hold_days=house.hold_days,
            )
            program_id: int = self._do("program.create", made).id
        else:
            program_id = program.id
        self._rule(program_id, house)
        offer = self._offer(program_id, house)
        for publisher in house.publishers:
            self._link(program_id, offer, publishers[publisher], _PUBLISHERS[publisher][0], house.name)
        token = self._token(advertiser, next((known[place].token for place in house.pages if place in known), None))
        return {place: self._shop(house, token) for place in house.pages}

    def command(self, house: _House, shops: Mapping[str, Shop]) -> str:
        """Two lines for a terminal: click the house's first link, report a sale with its token."""
        shop = shops[next(iter(house.pages))]
        with self._look() as tx:
            program = tx.catalog.program_by_code(house.code)
            assert program is not None
            links = tx.catalog.links(partnership=None, offer=None, program=program.id, after=0, limit=_rows_max)
        link = next(link for link in links if link.retired_us is None)
        fields = "&".join(f"{name}={value}" for name, value in shop.fields.items())
        return (
            f"click=$(curl -s -o /dev/null -w '%{{redirect_url}}' -A '{_BROWSER}' "
            f"'{self._config.edge_base_url}/c/{link.code}?cons=1' | sed 's/.*[?&]{shop.click_param}=//; s/&.*//')\n"
            f"curl -s -H 'Authorization: Bearer {shop.token}' "
            f'"{shop.postback_url}?{fields}&order_id=demo-$(date +%s)&click_id=$click"'
        )

    def _host(self, advertiser: int) -> None:
        """The pages of the demo stand on our own web server."""
        name = urlsplit(self._config.web_base_url).hostname or self._config.web_host
        with self._look() as tx:
            host = next((known for known in tx.catalog.hosts(advertiser) if known.host == name), None)
        if host is None:
            self._do("advertiser.host.add", HostAdd(advertiser=advertiser, host=name))
        if host is None or host.proved_at_us is None:
            evidence = "The demo itself serves the page."
            self._do("advertiser.host.prove", HostProve(advertiser=advertiser, host=name, evidence=evidence))

    def _rule(self, program: int, house: _House) -> None:
        with self._look() as tx:
            rules = tx.catalog.rules([program])
        if not rules:
            rule = RuleAdd(program=program, kind=CommissionKind.PERCENT, percent=Decimal(house.percent))
            self._do("rule.add", rule)

    def _offer(self, program: int, house: _House) -> int:
        """The offer whose pages stand where the web server now is. Links of an earlier place are retired."""
        base = f"{self._config.web_base_url}/demo/"
        with self._look() as tx:
            offers = tx.catalog.offers(program=program, after=0, limit=_rows_max)
            links = tx.catalog.links(partnership=None, offer=None, program=program, after=0, limit=_rows_max)
        current = next((offer.id for offer in offers if offer.landing_pages[0].url.startswith(base)), None)
        if current is None:
            pages = tuple(LandingPageIn(name=name, url=base + place) for place, name in house.pages.items())
            current = self._do("offer.create", OfferCreate(program=program, name=house.name, landing_pages=pages)).id
        for link in links:
            if link.offer != current and link.retired_us is None:
                self._do("link.retire", LinkRetire(link=link.id, reason="The demo moved to another address."))
        assert current is not None
        return current

    def _link(self, program: int, offer: int, publisher: int, publisher_name: str, house_name: str) -> None:
        with self._look() as tx:
            found = tx.catalog.partnership_of(program=program, publisher=publisher)
        if found is None:
            applied = PartnershipApply(publisher=publisher, program=program, application="Demo.")
            partnership: int = self._do("partnership.apply", applied).id
        else:
            partnership = found.id
        if found is None or found.status is PartnershipStatus.APPLIED:
            self._do("partnership.approve", PartnershipApprove(partnership=partnership))
        with self._look() as tx:
            links = tx.catalog.links(partnership=partnership, offer=offer, program=None, after=0, limit=1)
        if not links:
            name = f"{publisher_name} → {house_name}"
            self._do("link.create", LinkCreate(partnership=partnership, offer=offer, name=name))

    def _token(self, advertiser: int, known: str | None) -> str:
        """The token we still know, if it is the one in force; otherwise a new one."""
        with self._look() as tx:
            found = tx.catalog.advertiser(advertiser)
        assert found is not None
        if known is not None and sha256(known.encode()).hexdigest() == found.token_hash:
            return known
        return self._do("advertiser.credentials.rotate", CredentialsRotate(advertiser=advertiser)).token

    def _shop(self, house: _House, token: str) -> Shop:
        fields = {"amount": house.amount, "currency": "EUR"}
        if house.vertical == "hotel":
            today = from_us(self._deps.now_us()).date()
            fields["check_in"] = str(today + timedelta(days=14))
            fields["check_out"] = str(today + timedelta(days=16))
        return Shop(
            name=house.name,
            lead=house.lead,
            postback_url=f"{self._config.edge_base_url}/p/{house.code}",
            token=token,
            click_param="wrm",
            fields=fields,
        )

    def _look(self) -> Any:
        return self._deps.database.transaction(_CALLER.scope)

    def _do(self, name: str, ask: object) -> Any:
        output = perform(BY_NAME[name], self._deps, _CALLER, ask)
        if isinstance(output, Refusal):
            raise RuntimeError(f"the demo's own {name} was refused: {output.message}")
        return output


def _demo_config(data: Path | None) -> Config:
    config = load_config(os.environ, Path.cwd())
    default = Path.cwd() / ".warum"
    if data is not None:
        config = replace(config, data=data.absolute())
    elif config.data == default:
        config = replace(config, data=Path.cwd() / FOLDER)
    return config


def _welcome(config: Config) -> str:
    door = read_door(config.data)
    return "\n".join(
        (
            "",
            f"  Warum runs. Everything at a glance, with links to click:  {config.web_base_url}/",
            "",
            "  A test conversion: paste these two lines into another terminal. They click a link and report a",
            "  sale; its commission stands on that page within two seconds.",
            "",
            *(door.command or "").splitlines(),
            "",
            f"  Then ask why:  warum --data {config.data} explain cnv_1",
            "  Ctrl-C stops everything.",
            "",
        )
    )
