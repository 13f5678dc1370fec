"""What the sample network asks of operations and catalog: whom the traffic goes to, where its trackers listen, and
what its account manager approves."""

from __future__ import annotations

import logging
from contextlib import suppress
from typing import Any, Final

from warum.app.call import Caller, Deps, perform
from warum.app.decisions.proposals import ProposalApprove, ProposalList
from warum.app.operations import BY_NAME
from warum.app.publishers import TargetChange, TargetCreate
from warum.domain.sealing import advertiser_secret
from warum.kernel.ids import public
from warum.kernel.refusal import Refusal
from warum.main.demo.traffic import Parties
from warum.main.entrances import DEMO_EMAIL
from warum.ports.catalog import ActorKind
from warum.ports.database import Role, Scope
from warum.sim.world import World

SYSTEM: Final = Caller(scope=Scope(Role.OPERATOR), kind=ActorKind.SYSTEM, actor="demo")
_trackers: Final = 5
"""So many publishers hear of their conversions."""
_links_max: Final = 10_000
_rows_max: Final = 500

_log: Final = logging.getLogger("warum.network")


class DemoRefused(Exception):
    """The demo asked for something that was refused; the text says why."""


def parties_of(deps: Deps, world: World) -> Parties:
    """The links of the catalog by the codes of the world, and the advertisers' secrets."""
    offers = {offer.name: offer.code for offer in world.offers}
    with deps.database.transaction(SYSTEM.scope) as tx:
        codes = {one.id: one.code for one in tx.catalog.publishers(0, _rows_max)}
        names = {one.id: one.name for one in tx.catalog.offers(program=None, after=0, limit=_rows_max)}
        links = [
            link
            for link in tx.catalog.links(partnership=None, offer=None, program=None, after=0, limit=_links_max)
            if link.retired_us is None and names[link.offer] in offers
        ]
        slots = tx.creatives.slots(partnership=None, offer=None, program=None, after=0, limit=_links_max)
        secrets = {
            one.code: deps.sealer.open(advertiser_secret(one.id), one.secret_sealed or "")
            for one in tx.catalog.advertisers(0, _rows_max)
        }
    return Parties(
        links={(codes[link.publisher], offers[names[link.offer]]): link.code for link in links},
        slots={
            (codes[slot.publisher], offers[names[slot.offer]]): slot.code for slot in slots if slot.retired_us is None
        },
        links_all=len(links),
        secrets={code: secret for code, secret in secrets.items() if secret is not None},
    )


def port_of_targets(deps: Deps) -> int | None:
    """Where the trackers listened last time."""
    with deps.database.transaction(SYSTEM.scope) as tx:
        targets = tx.catalog.targets(publisher=None, after=0, limit=1)
    with suppress(ValueError, IndexError):
        return int(targets[0].url_template.split("/")[2].rpartition(":")[2]) if targets else None
    return None


def set_targets(deps: Deps, world: World, port: int) -> None:
    """A few publishers hear of their conversions, where our receiver now is."""
    with deps.database.transaction(SYSTEM.scope) as tx:
        ids = {one.code: one.id for one in tx.catalog.publishers(0, _rows_max)}
        known = {target.publisher: target for target in tx.catalog.targets(publisher=None, after=0, limit=_rows_max)}
    for publisher in world.publishers[:_trackers]:
        url = (
            f"http://127.0.0.1:{port}/{publisher.code}?cid={{sub1}}&tx={{transaction_id}}&status={{status}}"
            "&payout={payout}&currency={currency}"
        )
        target = known.get(ids[publisher.code])
        if target is None:
            do(deps, "postback.create", TargetCreate(publisher=ids[publisher.code], url_template=url))
        elif target.url_template != url:
            reason = "The demo's receiver moved to another port."
            do(deps, "postback.change", TargetChange(target=target.id, url_template=url, reason=reason))


def approve_all(deps: Deps) -> None:
    with deps.database.transaction(Scope(Role.SYSTEM)) as tx:
        user = tx.people.user_by_email(DEMO_EMAIL)
    if user is None:
        return
    manager = Caller(scope=Scope(Role.MANAGER), kind=ActorKind.PERSON, actor=public("user", user.id))
    for proposal in do(deps, "proposal.list", ProposalList(), manager).proposals:
        wish = ProposalApprove(proposal=proposal.id, note="Approved by the demo itself (--approve).")
        answer = perform(BY_NAME["proposal.approve"], deps, manager, wish)
        if isinstance(answer, Refusal):
            _log.info("a proposal was not approved: %s", answer.message)


def do(deps: Deps, name: str, ask: object, caller: Caller = SYSTEM) -> Any:
    output = perform(BY_NAME[name], deps, caller, ask)
    if isinstance(output, Refusal):
        raise DemoRefused(f"the demo's own {name} was refused: {output.message}")
    return output
