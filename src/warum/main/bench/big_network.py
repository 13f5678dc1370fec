"""A network after a busy year, for benchmarks that read: hourly counts written straight into their tables, and
conversions that came the whole way, as journal records through the worker, with their history and their postings.

The counts follow days and weeks, and few links have most of the traffic. Everything is drawn from one seed."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, replace
from decimal import Decimal
from random import Random
from typing import Any, Final, LiteralString

import psycopg

from warum.app.advertisers import AdvertiserCreate, HostAdd, HostProve
from warum.app.call import Caller, Deps, perform
from warum.app.offers import LandingPageIn, OfferCreate, OfferOut
from warum.app.operations import BY_NAME
from warum.app.partnerships import LinkCreate, PartnershipApply, PartnershipApprove
from warum.app.programs import ProgramCreate, RuleAdd
from warum.app.publishers import PublisherCreate
from warum.domain.catalog import CommissionKind
from warum.domain.mode import Mode
from warum.domain.records import Basis, Click, Postback
from warum.domain.token import Touch
from warum.edge.codec import encode
from warum.edge.journal import JournalWriter, RealFiles, stream_folder
from warum.kernel.period import DAY_US, HOUR_US, MINUTE_US
from warum.kernel.refusal import Refusal
from warum.main.edge import JOURNAL_FOLDER
from warum.main.network import Within
from warum.main.stack import Stack, StackError, stream
from warum.main.wiring import open_deps
from warum.ports.catalog import ActorKind
from warum.ports.database import Role, Scope

_SEED: Final = 20_261
_CALLER: Final = Caller(scope=Scope(Role.OPERATOR), kind=ActorKind.SYSTEM, actor="bench")
_commit_every: Final = 500
_settle_s_max: Final = 900.0
_poll_s: Final = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How big it is.

    Attributes:
        links: each of another publisher and offer; the busiest has a few hundred times what the quietest has.
        arms: of each offer; the last one sells best.
        events: impressions and clicks that the counts hold, together.
        conversions: of clicks until now; of the last ones some are booked in the future, and so not there.
    """

    advertisers: int = 6
    programs: int = 12
    offers: int = 36
    arms: int = 3
    publishers: int = 200
    links: int = 450
    days: int = 365
    events: int = 10_000_000
    conversions: int = 101_000


@dataclass(frozen=True, slots=True)
class _Offer:
    id: int
    advertiser: int
    program: int
    program_code: str
    allocation: int


@dataclass(frozen=True, slots=True)
class _Link:
    id: int
    offer: _Offer
    publisher: int
    weight: float
    slot: bool
    """Its events are impressions, of which some become clicks."""


def fill(stack: Stack, size: Size) -> None:
    """Make the network in an empty installation whose worker does not run, and leave the worker running.

    Raises:
        StackError: the worker died, or did not come to the end.
    """
    random = Random(_SEED)  # noqa: S311 - a sample, not a secret
    now_us = time.time_ns() // 1_000
    begun_us = (now_us // DAY_US - size.days) * DAY_US
    _say("the catalog")
    links = _catalog(stack, size, random, now_us=begun_us - DAY_US)
    _say(f"{size.events:,} events in hourly counts")
    _counts(stack.postgres.url(), size, links, begun_us=begun_us, hours=(now_us - begun_us) // HOUR_US)
    _say(f"{size.conversions:,} conversions in the journal")
    _journal(stack, size, links, random, begun_us=begun_us, until_us=now_us - MINUTE_US)
    _say("what the worker makes of them")
    stack.work_once()
    _say("what the bots make of it all")
    stack.worker.start()
    stack.worker.wait_ready()
    _settle(stack, size)


def _say(what: str) -> None:
    print(f"filling in {what} …", file=sys.stderr, flush=True)


# The catalog ---------------------------------------------------------------------------------------------------------


def _catalog(stack: Stack, size: Size, random: Random, *, now_us: int) -> list[_Link]:
    with (
        open_deps(stack.config, stack.secrets, connections_max=1, name="warum bench") as deps,
        deps.database.transaction(_CALLER.scope) as tx,
    ):
        do = _Doer(replace(deps, database=Within(tx), now_us=lambda: now_us))
        advertisers = [_advertiser(do, number) for number in range(size.advertisers)]
        programs = [_program(do, number, advertisers[number % len(advertisers)]) for number in range(size.programs)]
        offers = [_offer(do, number, *programs[number % len(programs)], size.arms) for number in range(size.offers)]
        publishers = [
            do("publisher.create", PublisherCreate(name=f"Publisher {number + 1}")).id
            for number in range(size.publishers)
        ]
        partnerships: dict[tuple[int, int], int] = {}
        links: list[_Link] = []
        for number in range(size.links):
            offer, publisher = offers[number % len(offers)], publishers[number % len(publishers)]
            pair = offer.program, publisher
            if pair not in partnerships:
                applied = do("partnership.apply", PartnershipApply(publisher=publisher, program=offer.program))
                do("partnership.approve", PartnershipApprove(partnership=applied.id))
                partnerships[pair] = applied.id
            made = do("link.create", LinkCreate(partnership=partnerships[pair], offer=offer.id, name=f"Link {number}"))
            # As in most networks, a link's traffic falls with its rank, somewhat slower than one by the rank.
            weight = (number + 1) ** -0.8 * random.uniform(0.7, 1.4)
            links.append(_Link(made.id, offer, publisher, weight, slot=number % 4 == 3))
    return links


class _Doer:
    """Performs an operation, which is not to be refused."""

    def __init__(self, deps: Deps) -> None:
        self._deps = deps

    def __call__(self, name: str, ask: object) -> Any:
        output = perform(BY_NAME[name], self._deps, _CALLER, ask)
        if isinstance(output, Refusal):
            raise RuntimeError(f"{name} was refused: {output.message}")
        return output


def _advertiser(do: _Doer, number: int) -> int:
    made: int = do("advertiser.create", AdvertiserCreate(name=f"Advertiser {number + 1}")).id
    do("advertiser.host.add", HostAdd(advertiser=made, host=_host(made)))
    do("advertiser.host.prove", HostProve(advertiser=made, host=_host(made), evidence="made up by the benchmark"))
    return made


def _program(do: _Doer, number: int, advertiser: int) -> tuple[int, int, str]:
    """(advertiser, program, its code)."""
    wish = ProgramCreate(advertiser=advertiser, name=f"Program {number + 1}", vertical="retail", hold_days=21)
    made = do("program.create", wish)
    do("rule.add", RuleAdd(program=made.id, kind=CommissionKind.PERCENT, percent=Decimal(4 + number % 8)))
    return advertiser, made.id, made.code


def _offer(do: _Doer, number: int, advertiser: int, program: int, code: str, arms: int) -> _Offer:
    pages = tuple(LandingPageIn(name=f"Page {arm}", url=f"https://{_host(advertiser)}/{arm}") for arm in range(arms))
    made: OfferOut = do("offer.create", OfferCreate(program=program, name=f"Offer {number + 1}", landing_pages=pages))
    assert made.allocation is not None
    return _Offer(made.id, advertiser, program, code, made.allocation)


def _host(advertiser: int) -> str:
    return f"www.advertiser-{advertiser}.example"


# The counts ----------------------------------------------------------------------------------------------------------

# A count is its expected value, rounded by chance: rows are as sparse as they would be, and the sum comes out.
_HOURS: Final[LiteralString] = """
    with link as (
        select * from unnest(%(link)s::bigint[], %(advertiser)s::bigint[], %(publisher)s::bigint[],
            %(program)s::bigint[], %(allocation)s::bigint[], %(weight)s::float8[], %(slot)s::boolean[])
            as l (id, advertiser, publisher, program, allocation, weight, slot)
    ), hour as (
        select at, wave / sum(wave) over () as share from (
            select at, (1.1 + sin(2 * pi() * (extract(hour from at)::float8 - 12) / 24))
                * case when extract(isodow from at) in (6, 7) then 1.3 else 1 end
                * (1 + 0.3 * sin(2 * pi() * extract(doy from at)::float8 / 365)) as wave
            from (select warum.at(%(begun)s) + n * interval '1 hour' as at from generate_series(0, %(hours)s - 1) n) h
        ) w
    ), drawn as (
        select h.at, l.*, a.arm, random() as c,
            floor(%(events)s * l.weight * h.share / %(arms)s + random())::bigint as n
        from hour h cross join link l cross join generate_series(0, %(arms)s - 1) as a (arm)
    )
    insert into warum.rollup_hour (hour, advertiser_id, publisher_id, program_id, link_id, allocation_id, arm, mode,
        impressions, clicks_token, clicks_reference, clicks_bare)
    select at, advertiser, publisher, program, id, allocation, arm, 0,
        case when slot then n - floor(n * 0.04 + c)::bigint else 0 end,
        case when slot then floor(n * 0.04 + c)::bigint when c < 0.7 then n else 0 end,
        case when not slot and c >= 0.7 and c < 0.92 then n else 0 end,
        case when not slot and c >= 0.92 then n else 0 end
    from drawn where n > 0 order by at
"""
_BY_PROGRAM: Final[LiteralString] = """
    insert into warum.rollup_program (hour, advertiser_id, program_id, mode, impressions, clicks, clicks_bare)
    select hour, advertiser_id, program_id, mode, sum(impressions),
        sum(clicks_token + clicks_reference + clicks_bare), sum(clicks_bare)
    from warum.rollup_hour group by hour, advertiser_id, program_id, mode
"""
_BY_LINK: Final[LiteralString] = """
    insert into warum.rollup_link_day (day, advertiser_id, publisher_id, program_id, link_id, mode, impressions, clicks,
        clicks_reference, clicks_bare)
    select (hour at time zone 'UTC')::date, min(advertiser_id), min(publisher_id), min(program_id), link_id, mode,
        sum(impressions), sum(clicks_token + clicks_reference + clicks_bare), sum(clicks_reference), sum(clicks_bare)
    from warum.rollup_hour group by 1, link_id, mode
"""


_BY_ARM: Final[LiteralString] = """
    insert into warum.rollup_arm_day (day, advertiser_id, allocation_id, arm, mode, impressions, clicks,
        clicks_reference, clicks_bare)
    select (hour at time zone 'UTC')::date, min(advertiser_id), allocation_id, arm, mode, sum(impressions),
        sum(clicks_token + clicks_reference + clicks_bare), sum(clicks_reference), sum(clicks_bare)
    from warum.rollup_hour group by 1, allocation_id, arm, mode
"""


def _counts(url: str, size: Size, links: list[_Link], *, begun_us: int, hours: int) -> None:
    total = sum(link.weight for link in links)
    values: dict[str, Any] = {
        "link": [link.id for link in links],
        "advertiser": [link.offer.advertiser for link in links],
        "publisher": [link.publisher for link in links],
        "program": [link.offer.program for link in links],
        "allocation": [link.offer.allocation for link in links],
        "weight": [link.weight / total for link in links],
        "slot": [link.slot for link in links],
        "begun": begun_us,
        "hours": hours,
        "arms": size.arms,
        # A little more, since chance may take a little.
        "events": size.events * 1.001,
    }
    with psycopg.connect(url) as connection:
        connection.execute("select setseed(0.5)")
        connection.execute("set local synchronous_commit = off")
        connection.execute(_HOURS, values)
        connection.execute(_BY_PROGRAM)
        connection.execute(_BY_LINK)
        connection.execute(_BY_ARM)


def counted(url: str) -> tuple[int, int, int]:
    """(impressions and clicks, rows that hold them, conversions)."""
    with psycopg.connect(url) as connection:
        row = connection.execute(
            "select sum(impressions + clicks_token + clicks_reference + clicks_bare)::bigint, count(*), "
            "(select count(*) from warum.conversion) from warum.rollup_hour"
        ).fetchone()
    assert row is not None
    return row


# The conversions -----------------------------------------------------------------------------------------------------


def _journal(stack: Stack, size: Size, links: list[_Link], random: Random, *, begun_us: int, until_us: int) -> None:
    """Clicks, the orders that they led to days later, and cancellations of some, in the order of time."""
    keys = stack.secrets.token_keys()
    chosen = random.choices(links, [link.weight for link in links], k=size.conversions)
    step_us = (until_us - begun_us) / size.conversions
    plan: list[tuple[int, int, str]] = []
    for order in range(size.conversions):
        click_us = begun_us + int(order * step_us)
        booked_us = click_us + int(random.expovariate(1 / (2 * DAY_US)))
        plan += [(click_us, order, "click"), (booked_us, order, "booked")]
        if order % 9 == 0:
            plan.append((booked_us + int(random.uniform(1, 15) * DAY_US), order, "cancelled"))
    plan.sort()
    journal = JournalWriter(stream_folder(stack.config.data / JOURNAL_FOLDER, stream), stream=stream, files=RealFiles())
    tokens: dict[int, str] = {}
    for count, (at_us, order, step) in enumerate(plan):
        if at_us > until_us:
            break
        link = chosen[order]
        if step == "click":
            arm = random.choices(range(size.arms), [2 + rank for rank in range(size.arms)])[0]
            click = Click(
                at_us=at_us,
                seen_us=at_us,
                link=link.id,
                allocation=link.offer.allocation,
                arm=arm,
                basis=Basis.CONSENT,
                mode=Mode.LIVE,
            )
            record = journal.append(*encode(click))
            tokens[order] = keys.token(
                Touch(
                    at_us=at_us,
                    link=link.id,
                    allocation=link.offer.allocation,
                    arm=arm,
                    basis=Basis.CONSENT,
                    mode=Mode.LIVE,
                    record=record,
                )
            )
        else:
            token = tokens.pop(order) if step == "booked" else None
            journal.append(*encode(_report(link, order, step, at_us, token, random)))
        if count % _commit_every == 0:
            _commit(journal)
    _commit(journal)
    journal.close()


def _report(link: _Link, order: int, step: str, at_us: int, token: str | None, random: Random) -> Postback:
    return Postback(
        at_us=at_us,
        seen_us=at_us,
        advertiser=link.offer.advertiser,
        dialect="generic",
        event_id=f"{order}-{step}",
        step=step,
        status_raw=step,
        mode=Mode.LIVE,
        program=link.offer.program_code,
        order_id=f"order-{order:06}",
        click_refs=() if token is None else (token,),
        amount_minor=None if token is None else random.randrange(1_500, 30_000),
        currency="EUR",
    )


def _commit(journal: JournalWriter) -> None:
    if batch := journal.take():
        journal.write(batch)


_SETTLED: Final[LiteralString] = """
    select not exists (
            select from warum.conversion where status = 'pending' and release_at < now() - interval '10 seconds')
        and (select count(distinct offer_id) from (
            select offer_id from warum.proposal union all select offer_id from warum.abstention) o) >= %s
"""


def _settle(stack: Stack, size: Size) -> None:
    """Wait until what is due was released and the bots have looked at every offer."""
    deadline = time.monotonic() + _settle_s_max
    with psycopg.connect(stack.postgres.url(), autocommit=True) as connection:
        while connection.execute(_SETTLED, [size.offers]).fetchone() != (True,):
            stack.worker.check()
            if time.monotonic() > deadline:
                raise StackError("the worker does not come to the end of a year")
            time.sleep(_poll_s)
        connection.execute("vacuum analyze")
