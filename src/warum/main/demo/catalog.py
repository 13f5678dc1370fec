"""The catalog of the sample network, made by the operations that people use: advertisers with their programs, offers
and rules, publishers with their partnerships and links, and what the bot may do.

It is made in one transaction, and only what is missing is made: the demo can be started again and again in the same
folder, also at another address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from hashlib import sha256
from typing import Any, Final
from urllib.parse import urlsplit

from warum.app.advertisers import AdvertiserCreate, BasisRecord, CredentialsRotate, HostAdd, HostProve
from warum.app.call import Deps
from warum.app.creatives.creatives import CreativeCreate
from warum.app.creatives.slots import SlotCreate, SlotRetire
from warum.app.decisions.steering import PolicySet
from warum.app.offers import LandingPageIn, OfferCreate, OfferOut
from warum.app.partnerships import LinkCreate, LinkRetire, PartnershipApply, PartnershipApprove
from warum.app.programs import ProgramCreate, RuleAdd
from warum.app.publishers import PublisherCreate
from warum.domain.bots import BOTS
from warum.domain.catalog import CommissionKind
from warum.domain.creatives import Language
from warum.domain.decisions import Autonomy
from warum.kernel.period import DAY_US, from_us
from warum.main.config import Config
from warum.main.demo.desk import SYSTEM, do
from warum.main.demo.world import headline, is_shown, place
from warum.main.demo_site import read_door
from warum.main.network import Within
from warum.main.secret_store import Secrets
from warum.main.wiring import open_deps
from warum.ports.database import Tx
from warum.sim.world import Advertiser, Offer, Publisher, World
from warum.web.page import Door, Shop

_BROWSER: Final = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
_CLICK_PARAMETER: Final = "wrm"
_rows_max: Final = 10_000

_TRIED: Final = "kueche"
"""The offer of the test conversion: what is bought there needs no days of a stay."""
_ACTS: Final = "hausrat"
"""Where the bot may act within limits; elsewhere it asks."""
_act_per_day: Final = Decimal(2_000)
_applicants: Final = 5
"""So many publishers also applied to a program, and nobody answered yet."""


def ensure_catalog(config: Config, secrets: Secrets, world: World, *, now_us: int) -> Door:
    """The catalog, made as far as it is missing, and what the first page offers.

    Args:
        now_us: when it is made, by the demo's clock.
    """
    known = read_door(config.data).shops
    with (
        open_deps(config, secrets, connections_max=1, name="warum demo") as deps,
        deps.database.transaction(SYSTEM.scope) as tx,
    ):
        maker = _Maker(tx, replace(deps, database=Within(tx), now_us=lambda: now_us), config, world)
        return maker.make(known, now_us)


class _Maker:
    def __init__(self, tx: Tx, deps: Deps, config: Config, world: World) -> None:
        self._tx = tx
        self._world = world
        self._deps = deps
        self._base = f"{config.web_base_url}/demo/"
        self._host = urlsplit(config.web_base_url).hostname or config.web_host
        self._edge_url = config.edge_base_url

    def make(self, known: Mapping[str, Shop], now_us: int) -> Door:
        world = self._world
        publishers = {publisher.code: self._publisher(publisher) for publisher in world.publishers}
        programs: dict[str, int] = {}
        shops: dict[str, Shop] = {}
        first = ""
        for advertiser in world.advertisers:
            offers = [offer for offer in world.offers if offer.advertiser == advertiser.code]
            places = [place(offer, arm) for offer in offers for arm in range(len(offer.arms))]
            made, program = self._advertiser(advertiser, now_us)
            programs[advertiser.code] = program
            token = self._token(made, next((known[one].token for one in places if one in known), None))
            for offer in offers:
                offer_id = self._offer(program, offer)
                for publisher in world.publishers:
                    if offer.code in publisher.offers:
                        partnership = self._partnership(program, publishers[publisher.code])
                        name = f"{publisher.name} → {offer.name}"
                        way = self._slot if is_shown(offer) else self._link
                        code = way(partnership, offer_id, name)
                        if offer.code == _TRIED:
                            first = first or code
                shops |= self._shops(advertiser, offer, token)
        self._applications(publishers, programs)
        shop = shops[f"{_TRIED}-0"]
        return Door(demo=True, command=self._command(shop, first), shops=shops)

    def _publisher(self, publisher: Publisher) -> int:
        found = self._tx.catalog.publisher_by_code(publisher.code)
        if found is not None:
            return found.id
        wish = PublisherCreate(name=publisher.name, code=publisher.code, kind=publisher.kind)
        return self._do("publisher.create", wish).id

    def _advertiser(self, advertiser: Advertiser, now_us: int) -> tuple[int, int]:
        """(advertiser, program)."""
        found = self._tx.catalog.advertiser_by_code(advertiser.code)
        if found is not None:
            made = found.id
        else:
            made = self._do("advertiser.create", AdvertiserCreate(name=advertiser.name, code=advertiser.code)).id
            if advertiser.reference_basis is not None:
                self._do("advertiser.basis.record", BasisRecord(advertiser=made, basis=advertiser.reference_basis))
        self._prove_host(made)
        known = self._tx.catalog.program_by_code(advertiser.code)
        if known is not None:
            return made, known.id
        wish = ProgramCreate(
            advertiser=made,
            name=advertiser.name,
            code=advertiser.code,
            vertical=advertiser.vertical,
            hold_days=advertiser.life.hold_days,
            click_param=_CLICK_PARAMETER,
        )
        program: int = self._do("program.create", wish).id
        percent = Decimal(advertiser.commission_ppm) / 10_000
        self._do("rule.add", RuleAdd(program=program, kind=CommissionKind.PERCENT, percent=percent))
        acts = advertiser.code == _ACTS
        for bot in BOTS:
            policy = PolicySet(
                program=program,
                bot=bot,
                autonomy=Autonomy.ACT if acts else Autonomy.PROPOSE,
                act_per_day=_act_per_day if acts else None,
                # Nobody wants to watch a bot that only watches.
                shadow_until=from_us(now_us - DAY_US),
                reason="The demo shows proposals from its first days on.",
            )
            self._do("policy.set", policy)
        return made, program

    def _prove_host(self, advertiser: int) -> None:
        """The pages of the demo stand on our own web server."""
        host = next((known for known in self._tx.catalog.hosts(advertiser) if known.host == self._host), None)
        if host is None:
            self._do("advertiser.host.add", HostAdd(advertiser=advertiser, host=self._host))
        if host is None or host.proved_at_us is None:
            evidence = "The demo itself serves the page."
            self._do("advertiser.host.prove", HostProve(advertiser=advertiser, host=self._host, evidence=evidence))

    def _offer(self, program: int, offer: Offer) -> int:
        """The offer whose pages stand where the web server now is. Links of an earlier place are retired."""
        offers = self._tx.catalog.offers(program=program, after=0, limit=_rows_max)
        mine = [one for one in offers if one.name == offer.name]
        current = next((one.id for one in mine if one.landing_pages[0].url.startswith(self._base)), None)
        if current is None:
            pages = tuple(
                LandingPageIn(name=arm.name, url=self._base + place(offer, number))
                for number, arm in enumerate(offer.arms)
            )
            wish = OfferCreate(program=program, name=offer.name, landing_pages=pages)
            made = self._do("offer.create", wish)
            current = made.id
            if is_shown(offer):
                self._creatives(made, offer)
        assert current is not None
        earlier = {one.id for one in mine} - {current}
        for slot in self._tx.creatives.slots(partnership=None, offer=None, program=program, after=0, limit=_rows_max):
            if slot.offer in earlier and slot.retired_us is None:
                self._do("slot.retire", SlotRetire(slot=slot.id, reason="The demo moved to another address."))
        for link in self._tx.catalog.links(partnership=None, offer=None, program=program, after=0, limit=_rows_max):
            if link.offer in earlier and link.retired_us is None:
                self._do("link.retire", LinkRetire(link=link.id, reason="The demo moved to another address."))
        return current

    def _creatives(self, made: OfferOut, offer: Offer) -> None:
        """The creatives of an offer that is shown; each leads to a page of its own."""
        life = next(one.life for one in self._world.advertisers if one.code == offer.advertiser)
        for arm, page in zip(offer.arms, made.arms, strict=True):
            wish = CreativeCreate(
                offer=made.id,
                name=arm.name,
                language=Language.DE,
                headline=headline(arm),
                text=offer.name,
                landing_page=page.landing_page,
                price=Decimal(life.amount_minor) / 100,
            )
            self._do("creative.create", wish)

    def _partnership(self, program: int, publisher: int) -> int:
        found = self._tx.catalog.partnership_of(program=program, publisher=publisher)
        if found is not None:
            return found.id
        wish = PartnershipApply(publisher=publisher, program=program, application="We would like to take part.")
        partnership: int = self._do("partnership.apply", wish).id
        self._do("partnership.approve", PartnershipApprove(partnership=partnership))
        return partnership

    def _slot(self, partnership: int, offer: int, name: str) -> str:
        """The code of the publisher's slot for the offer."""
        slots = self._tx.creatives.slots(partnership=partnership, offer=offer, program=None, after=0, limit=_rows_max)
        active = next((slot.code for slot in slots if slot.retired_us is None), None)
        return active or self._do("slot.create", SlotCreate(partnership=partnership, offer=offer, name=name)).code

    def _link(self, partnership: int, offer: int, name: str) -> str:
        """The code of the publisher's link to the offer."""
        links = self._tx.catalog.links(partnership=partnership, offer=offer, program=None, after=0, limit=_rows_max)
        active = next((link.code for link in links if link.retired_us is None), None)
        return active or self._do("link.create", LinkCreate(partnership=partnership, offer=offer, name=name)).code

    def _applications(self, publishers: Mapping[str, int], programs: Mapping[str, int]) -> None:
        for publisher in self._world.publishers[-_applicants:]:
            taken = {offer.advertiser for offer in self._world.offers if offer.code in publisher.offers}
            program = next((programs[code] for code in programs if code not in taken), None)
            ours = publishers[publisher.code]
            if program is not None and self._tx.catalog.partnership_of(program=program, publisher=ours) is None:
                words = f"{publisher.name} would like to recommend you, too."
                self._do("partnership.apply", PartnershipApply(publisher=ours, program=program, application=words))

    def _token(self, advertiser: int, known: str | None) -> str:
        """The token we still know, if it is the one in force; otherwise a new one."""
        found = self._tx.catalog.advertiser(advertiser)
        assert found is not None
        if known is not None and sha256(known.encode()).hexdigest() == found.token_hash:
            return known
        return self._do("advertiser.credentials.rotate", CredentialsRotate(advertiser=advertiser)).token

    def _shops(self, advertiser: Advertiser, offer: Offer, token: str) -> dict[str, Shop]:
        """The page of each arm, which stands for the advertiser's own site."""
        life = advertiser.life
        fields = {"amount": f"{life.amount_minor / 100:.2f}", "currency": "EUR", "program": advertiser.code}
        return {
            place(offer, number): Shop(
                name=advertiser.name,
                lead=f"{offer.name}: {arm.text}.",
                postback_url=f"{self._edge_url}/p/{advertiser.code}",
                token=token,
                click_param=_CLICK_PARAMETER,
                fields=fields,
                stay_days=(7, 9) if life.lead_days else None,
            )
            for number, arm in enumerate(offer.arms)
        }

    def _command(self, shop: Shop, code: str) -> str:
        """Two lines for a terminal: click a link, report a sale with its token."""
        fields = "&".join(f"{name}={value}" for name, value in shop.fields.items())
        return (
            f"click=$(curl -s -o /dev/null -w '%{{redirect_url}}' -A '{_BROWSER}' "
            f"'{self._edge_url}/c/{code}?cons=1' | sed 's/.*[?&]{shop.click_param}=//; s/&.*//')\n"
            f"curl -s -H 'Authorization: Bearer {shop.token}' "
            f'"{shop.postback_url}?{fields}&order_id=demo-$(date +%s)&click_id=$click"'
        )

    def _do(self, name: str, ask: object) -> Any:
        return do(self._deps, name, ask)
