"""The catalog in PostgreSQL: bulk answers for the consumer, and the rows that people edit.

A save writes every editable column and counts the row version up; that it was made from the newest version is checked
by the use case, which holds the row's lock."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Final, LiteralString, TypeVar

from psycopg import Connection
from psycopg.rows import class_row, dict_row

from warum.domain.catalog import (
    CommissionKind,
    CommissionRule,
    EdgeLink,
    PartnershipStatus,
    ProgramStatus,
    Terms,
    Validation,
)
from warum.domain.contexts import ANY, contexts
from warum.ports.catalog import (
    Advertiser,
    Arm,
    Host,
    LandingPage,
    Link,
    Offer,
    Partnership,
    PostbackTarget,
    Program,
    Publisher,
)

_T = TypeVar("_T")
_Row = Mapping[str, Any]

_TERMS: Final = """
    select id as program, advertiser_id as advertiser, code, vertical, currencies, window_days, hold_days, validation,
        timezone
    from warum.program """
_ADVERTISER: Final = """
    select id, code, name, active, reference_basis, warum.us(reference_basis_at) as reference_basis_at_us, token_hash,
        secret_sealed, row_version
    from warum.advertiser """
_HOST: Final = """
    select advertiser_id as advertiser, host, challenge, warum.us(proved_at) as proved_at_us, proof, row_version
    from warum.advertiser_host """
_PUBLISHER: Final = "select id, code, name, kind, active, row_version from warum.publisher "
_PROGRAM: Final = """
    select id, advertiser_id as advertiser, code, name, vertical, currencies, timezone, window_days, hold_days,
        validation, status, warum.us(starts_at) as starts_us, warum.us(ends_at) as ends_us, click_param, row_version
    from warum.program """
_OFFER: Final = """
    select id, advertiser_id as advertiser, program_id as program, name, allocation_id as allocation, dimensions,
        row_version
    from warum.offer """
_PARTNERSHIP: Final = """
    select id, advertiser_id as advertiser, publisher_id as publisher, program_id as program, status, application,
        reason, warum.us(applied_at) as applied_us, warum.us(decided_at) as decided_us, row_version
    from warum.partnership """
_LINK: Final = """
    select id, code, advertiser_id as advertiser, publisher_id as publisher, program_id as program,
        partnership_id as partnership, offer_id as offer, name, warum.us(retired_at) as retired_us, row_version
    from warum.link """
_TARGET: Final = """
    select id, publisher_id as publisher, url_template, secret_sealed, active, row_version
    from warum.postback_target """
_LOCK: Final = " for update"


class PostgresCatalog:
    """Implements ``CatalogStore`` on one open transaction."""

    def __init__(self, connection: Connection[Any]) -> None:
        self._connection = connection

    # In bulk, for the consumer.

    def terms(self, programs: Collection[int]) -> dict[int, Terms]:
        rows = self._rows(_terms, _TERMS + "where id = any(%(ids)s)", ids=list(programs))
        return {terms.program: terms for terms in rows}

    def terms_by_code(self, codes: Collection[str]) -> dict[str, Terms]:
        rows = self._rows(_terms, _TERMS + "where code = any(%(codes)s)", codes=list(codes))
        return {terms.code: terms for terms in rows}

    def programs_of(self, advertisers: Collection[int]) -> dict[int, tuple[int, ...]]:
        rows = self._connection.execute(
            """
            select advertiser_id, array_agg(id order by id) from warum.program
            where advertiser_id = any(%s) group by advertiser_id
            """,
            [list(advertisers)],
        )
        return {advertiser: tuple(programs) for advertiser, programs in rows}

    def edge_links(self, links: Collection[int]) -> dict[int, EdgeLink]:
        found = self._rows(
            lambda row: EdgeLink(**row),
            """
            select l.id, l.code, l.advertiser_id as advertiser, l.program_id as program, l.publisher_id as publisher,
                l.partnership_id as partnership, coalesce(o.allocation_id, 0) as allocation,
                l.retired_at is null and s.status = 'approved' as active
            from warum.link l
            join warum.offer o on o.id = l.offer_id
            join warum.partnership s on s.id = l.partnership_id
            where l.id = any(%(ids)s)
            """,
            ids=list(links),
        )
        return {link.id: link for link in found}

    def rules(self, programs: Collection[int]) -> dict[int, tuple[CommissionRule, ...]]:
        found = self._rows(
            _rule,
            """
            select id, program_id as program, publisher_id as publisher, commission_group as group, kind, rate_ppm,
                amount_minor, currency, warum.us(valid_from) as valid_from_us, version
            from warum.commission_rule where program_id = any(%(ids)s) order by id
            """,
            ids=list(programs),
        )
        by_program: dict[int, list[CommissionRule]] = {}
        for rule in found:
            by_program.setdefault(rule.program, []).append(rule)
        return {program: tuple(rules) for program, rules in by_program.items()}

    def reference_bases(self, advertisers: Collection[int]) -> dict[int, str]:
        rows = self._connection.execute(
            "select id, reference_basis from warum.advertiser where id = any(%s) and reference_basis is not null",
            [list(advertisers)],
        )
        return dict(rows)

    # Advertisers and publishers.

    def advertisers(self, after: int, limit: int) -> list[Advertiser]:
        return self._listed(Advertiser, _ADVERTISER + "where id > %(after)s", after=after, limit=limit)

    def advertiser(self, advertiser: int, *, lock: bool = False) -> Advertiser | None:
        return self._one(Advertiser, _ADVERTISER + "where id = %(id)s", lock=lock, id=advertiser)

    def advertiser_by_code(self, code: str) -> Advertiser | None:
        return self._one(Advertiser, _ADVERTISER + "where code = %(code)s", code=code)

    def add_advertiser(self, *, code: str, name: str, at_us: int) -> int:
        return self._id(
            """
            with party as (
                insert into warum.party (kind, name, created_at) values ('advertiser', %(name)s, warum.at(%(at)s))
                returning id
            )
            insert into warum.advertiser (id, code, name, created_at)
            select id, %(code)s, %(name)s, warum.at(%(at)s) from party returning id
            """,
            code=code,
            name=name,
            at=at_us,
        )

    def save_advertiser(self, advertiser: Advertiser) -> int:
        self._run("update warum.party set name = %(name)s where id = %(id)s", id=advertiser.id, name=advertiser.name)
        return self._id(
            """
            update warum.advertiser set name = %(name)s, active = %(active)s, reference_basis = %(reference_basis)s,
                reference_basis_at = warum.at(%(reference_basis_at)s), token_hash = %(token_hash)s,
                secret_sealed = %(secret_sealed)s, row_version = row_version + 1
            where id = %(id)s returning row_version
            """,
            id=advertiser.id,
            name=advertiser.name,
            active=advertiser.active,
            reference_basis=advertiser.reference_basis,
            reference_basis_at=advertiser.reference_basis_at_us,
            token_hash=advertiser.token_hash,
            secret_sealed=advertiser.secret_sealed,
        )

    def hosts(self, advertiser: int) -> list[Host]:
        query = _HOST + "where advertiser_id = %(id)s order by host"
        return self._rows(lambda row: Host(**row), query, id=advertiser)

    def add_host(self, *, advertiser: int, host: str, challenge: str) -> None:
        self._run(
            """
            insert into warum.advertiser_host (advertiser_id, host, challenge)
            values (%(advertiser)s, %(host)s, %(challenge)s)
            """,
            advertiser=advertiser,
            host=host,
            challenge=challenge,
        )

    def save_host(self, host: Host) -> int:
        return self._id(
            """
            update warum.advertiser_host set proved_at = warum.at(%(proved_at)s), proof = %(proof)s,
                row_version = row_version + 1
            where advertiser_id = %(advertiser)s and host = %(host)s returning row_version
            """,
            advertiser=host.advertiser,
            host=host.host,
            proved_at=host.proved_at_us,
            proof=host.proof,
        )

    def publishers(self, after: int, limit: int) -> list[Publisher]:
        return self._listed(Publisher, _PUBLISHER + "where id > %(after)s", after=after, limit=limit)

    def publisher(self, publisher: int, *, lock: bool = False) -> Publisher | None:
        return self._one(Publisher, _PUBLISHER + "where id = %(id)s", lock=lock, id=publisher)

    def publisher_by_code(self, code: str) -> Publisher | None:
        return self._one(Publisher, _PUBLISHER + "where code = %(code)s", code=code)

    def add_publisher(self, *, code: str, name: str, kind: str, at_us: int) -> int:
        return self._id(
            """
            with party as (
                insert into warum.party (kind, name, created_at) values ('publisher', %(name)s, warum.at(%(at)s))
                returning id
            )
            insert into warum.publisher (id, code, name, kind, created_at)
            select id, %(code)s, %(name)s, %(kind)s, warum.at(%(at)s) from party returning id
            """,
            code=code,
            name=name,
            kind=kind,
            at=at_us,
        )

    def save_publisher(self, publisher: Publisher) -> int:
        self._run("update warum.party set name = %(name)s where id = %(id)s", id=publisher.id, name=publisher.name)
        return self._id(
            """
            update warum.publisher set name = %(name)s, kind = %(kind)s, active = %(active)s,
                row_version = row_version + 1
            where id = %(id)s returning row_version
            """,
            id=publisher.id,
            name=publisher.name,
            kind=publisher.kind,
            active=publisher.active,
        )

    # Programs and offers.

    def programs(self, *, advertiser: int | None, after: int, limit: int) -> list[Program]:
        return self._rows(
            _program,
            _PROGRAM
            + """
            where id > %(after)s and (%(advertiser)s::bigint is null or advertiser_id = %(advertiser)s)
            order by id limit %(limit)s
            """,
            advertiser=advertiser,
            after=after,
            limit=limit,
        )

    def program(self, program: int, *, lock: bool = False) -> Program | None:
        return _first(self._rows(_program, _PROGRAM + "where id = %(id)s" + (_LOCK if lock else ""), id=program))

    def program_by_code(self, code: str) -> Program | None:
        return _first(self._rows(_program, _PROGRAM + "where code = %(code)s", code=code))

    def add_program(self, program: Program, at_us: int) -> int:
        return self._id(
            """
            insert into warum.program (advertiser_id, code, name, vertical, currencies, timezone, window_days,
                hold_days, validation, status, starts_at, ends_at, click_param, created_at)
            values (%(advertiser)s, %(code)s, %(name)s, %(vertical)s, %(currencies)s, %(timezone)s, %(window_days)s,
                %(hold_days)s, %(validation)s, %(status)s, warum.at(%(starts)s), warum.at(%(ends)s), %(click_param)s,
                warum.at(%(at)s))
            returning id
            """,
            at=at_us,
            **_program_values(program),
        )

    def save_program(self, program: Program) -> int:
        return self._id(
            """
            update warum.program set name = %(name)s, currencies = %(currencies)s, timezone = %(timezone)s,
                window_days = %(window_days)s, hold_days = %(hold_days)s, validation = %(validation)s,
                status = %(status)s, starts_at = warum.at(%(starts)s), ends_at = warum.at(%(ends)s),
                click_param = %(click_param)s, row_version = row_version + 1
            where id = %(id)s returning row_version
            """,
            **_program_values(program),
        )

    def offers(self, *, program: int | None, after: int, limit: int) -> list[Offer]:
        found = self._rows(
            dict[str, Any],
            _OFFER
            + """
            where id > %(after)s and (%(program)s::bigint is null or program_id = %(program)s)
            order by id limit %(limit)s
            """,
            program=program,
            after=after,
            limit=limit,
        )
        return self._with_landing_pages(found)

    def offer(self, offer: int, *, lock: bool = False) -> Offer | None:
        query = _OFFER + "where id = %(id)s" + (_LOCK if lock else "")
        return _first(self._with_landing_pages(self._rows(dict[str, Any], query, id=offer)))

    def add_offer(self, *, advertiser: int, program: int, name: str, at_us: int) -> int:
        return self._id(
            """
            insert into warum.offer (advertiser_id, program_id, name, created_at)
            values (%(advertiser)s, %(program)s, %(name)s, warum.at(%(at)s)) returning id
            """,
            advertiser=advertiser,
            program=program,
            name=name,
            at=at_us,
        )

    def add_landing_page(self, *, advertiser: int, offer: int, name: str, url: str, at_us: int) -> int:
        return self._id(
            """
            insert into warum.landing_page (advertiser_id, offer_id, name, url, created_at)
            values (%(advertiser)s, %(offer)s, %(name)s, %(url)s, warum.at(%(at)s)) returning id
            """,
            advertiser=advertiser,
            offer=offer,
            name=name,
            url=url,
            at=at_us,
        )

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
        allocation = self._id(
            """
            insert into warum.allocation (advertiser_id, offer_id, derived, context, created_at)
            values (%(advertiser)s, %(offer)s, %(derived)s, %(context)s, warum.at(%(at)s)) returning id
            """,
            advertiser=advertiser,
            offer=offer,
            derived=derived,
            context=context,
            at=at_us,
        )
        with self._connection.cursor() as cursor:
            cursor.executemany(
                """
                insert into warum.allocation_arm (allocation_id, advertiser_id, arm, landing_page_id, creative_id,
                    propensity_ppm)
                values (%s, %s, %s, %s, %s, %s)
                """,
                [(allocation, advertiser, arm.arm, arm.landing_page, arm.creative, arm.propensity_ppm) for arm in arms],
            )
        # In a context the newest one is in force.
        self._run(
            """
            update warum.offer set
                allocation_id = case when %(context)s = '' then %(allocation)s else allocation_id end,
                row_version = row_version + 1
            where id = %(offer)s
            """,
            context=context,
            allocation=allocation,
            offer=offer,
        )
        return allocation

    def save_dimensions(self, offer: int, dimensions: Sequence[str]) -> None:
        self._run(
            "update warum.offer set dimensions = %(dimensions)s, row_version = row_version + 1 where id = %(offer)s",
            dimensions=list(dimensions),
            offer=offer,
        )

    def own_contexts(self, offer: int) -> frozenset[str]:
        rows = self._connection.execute(
            "select distinct context from warum.allocation where offer_id = %s and context <> '' and not derived",
            [offer],
        )
        return frozenset(context for (context,) in rows)

    def allocation(self, allocation: int) -> tuple[Arm, ...]:
        return tuple(
            self._rows(
                lambda row: Arm(**row),
                """
                select arm, landing_page_id as landing_page, propensity_ppm, creative_id as creative
                from warum.allocation_arm where allocation_id = %(id)s order by arm
                """,
                id=allocation,
            )
        )

    # Partnerships, links, rules, postback targets.

    def partnerships(
        self, *, program: int | None, publisher: int | None, status: PartnershipStatus | None, after: int, limit: int
    ) -> list[Partnership]:
        return self._rows(
            _partnership,
            _PARTNERSHIP
            + """
            where id > %(after)s and (%(program)s::bigint is null or program_id = %(program)s)
                and (%(publisher)s::bigint is null or publisher_id = %(publisher)s)
                and (%(status)s::text is null or status = %(status)s)
            order by id limit %(limit)s
            """,
            program=program,
            publisher=publisher,
            status=status,
            after=after,
            limit=limit,
        )

    def partnership(self, partnership: int, *, lock: bool = False) -> Partnership | None:
        query = _PARTNERSHIP + "where id = %(id)s" + (_LOCK if lock else "")
        return _first(self._rows(_partnership, query, id=partnership))

    def partnership_of(self, *, program: int, publisher: int, lock: bool = False) -> Partnership | None:
        query = _PARTNERSHIP + "where program_id = %(program)s and publisher_id = %(publisher)s"
        return _first(self._rows(_partnership, query + (_LOCK if lock else ""), program=program, publisher=publisher))

    def add_partnership(self, *, advertiser: int, publisher: int, program: int, application: str, at_us: int) -> int:
        return self._id(
            """
            insert into warum.partnership (advertiser_id, publisher_id, program_id, status, application, applied_at)
            values (%(advertiser)s, %(publisher)s, %(program)s, 'applied', %(application)s, warum.at(%(at)s))
            returning id
            """,
            advertiser=advertiser,
            publisher=publisher,
            program=program,
            application=application,
            at=at_us,
        )

    def save_partnership(self, partnership: Partnership) -> int:
        return self._id(
            """
            update warum.partnership set status = %(status)s, application = %(application)s, reason = %(reason)s,
                applied_at = warum.at(%(applied)s), decided_at = warum.at(%(decided)s), row_version = row_version + 1
            where id = %(id)s returning row_version
            """,
            id=partnership.id,
            status=partnership.status,
            application=partnership.application,
            reason=partnership.reason,
            applied=partnership.applied_us,
            decided=partnership.decided_us,
        )

    def links(
        self, *, partnership: int | None, offer: int | None, program: int | None, after: int, limit: int
    ) -> list[Link]:
        return self._listed(
            Link,
            _LINK
            + """
            where id > %(after)s and (%(partnership)s::bigint is null or partnership_id = %(partnership)s)
                and (%(offer)s::bigint is null or offer_id = %(offer)s)
                and (%(program)s::bigint is null or program_id = %(program)s)
            """,
            partnership=partnership,
            offer=offer,
            program=program,
            after=after,
            limit=limit,
        )

    def link(self, link: int, *, lock: bool = False) -> Link | None:
        return self._one(Link, _LINK + "where id = %(id)s", lock=lock, id=link)

    def link_by_code(self, code: str) -> Link | None:
        return self._one(Link, _LINK + "where code = %(code)s", code=code)

    def add_link(self, *, code: str, partnership: Partnership, offer: int, name: str, at_us: int) -> int:
        return self._id(
            """
            insert into warum.link (code, advertiser_id, publisher_id, program_id, partnership_id, offer_id, name,
                created_at)
            values (%(code)s, %(advertiser)s, %(publisher)s, %(program)s, %(partnership)s, %(offer)s, %(name)s,
                warum.at(%(at)s))
            returning id
            """,
            code=code,
            advertiser=partnership.advertiser,
            publisher=partnership.publisher,
            program=partnership.program,
            partnership=partnership.id,
            offer=offer,
            name=name,
            at=at_us,
        )

    def save_link(self, link: Link) -> int:
        return self._id(
            """
            update warum.link set name = %(name)s, retired_at = warum.at(%(retired)s), row_version = row_version + 1
            where id = %(id)s returning row_version
            """,
            id=link.id,
            name=link.name,
            retired=link.retired_us,
        )

    def programs_of_publisher(self, publisher: int) -> frozenset[int]:
        query = """
            select program_id from warum.partnership where publisher_id = %s and status in ('approved', 'ended')
        """
        return frozenset(row[0] for row in self._connection.execute(query, [publisher]))

    def untaken_rules(self, limit: int) -> list[tuple[CommissionRule, int, int]]:
        return self._rows(
            _untaken_rule,
            """
            select id, program_id as program, publisher_id as publisher, commission_group as group, kind, rate_ppm,
                amount_minor, currency, warum.us(valid_from) as valid_from_us, version, advertiser_id as advertiser,
                warum.us(created_at) as made_us
            from warum.commission_rule r
            where not exists (select from warum.log_entry e where e.about_kind = 'rule' and e.about_id = r.id)
            order by id limit %(limit)s
            """,
            limit=limit,
        )

    def add_rule(self, rule: CommissionRule, *, advertiser: int, at_us: int) -> int:
        return self._id(
            """
            insert into warum.commission_rule (advertiser_id, publisher_id, program_id, commission_group, kind,
                rate_ppm, amount_minor, currency, version, valid_from, created_at)
            values (%(advertiser)s, %(publisher)s, %(program)s, %(group)s, %(kind)s, %(rate_ppm)s, %(amount_minor)s,
                %(currency)s, %(version)s, warum.at(%(valid_from)s), warum.at(%(at)s))
            returning id
            """,
            advertiser=advertiser,
            publisher=rule.publisher,
            program=rule.program,
            group=rule.group,
            kind=rule.kind,
            rate_ppm=rule.rate_ppm,
            amount_minor=rule.amount_minor,
            currency=rule.currency,
            version=rule.version,
            valid_from=rule.valid_from_us,
            at=at_us,
        )

    def targets(self, *, publisher: int | None, after: int, limit: int) -> list[PostbackTarget]:
        return self._listed(
            PostbackTarget,
            _TARGET + "where id > %(after)s and (%(publisher)s::bigint is null or publisher_id = %(publisher)s)",
            publisher=publisher,
            after=after,
            limit=limit,
        )

    def target(self, target: int, *, lock: bool = False) -> PostbackTarget | None:
        return self._one(PostbackTarget, _TARGET + "where id = %(id)s", lock=lock, id=target)

    def add_target(self, *, publisher: int, url_template: str, secret_sealed: str, at_us: int) -> int:
        return self._id(
            """
            insert into warum.postback_target (publisher_id, url_template, secret_sealed, created_at)
            values (%(publisher)s, %(url_template)s, %(secret_sealed)s, warum.at(%(at)s)) returning id
            """,
            publisher=publisher,
            url_template=url_template,
            secret_sealed=secret_sealed,
            at=at_us,
        )

    def save_target(self, target: PostbackTarget) -> int:
        return self._id(
            """
            update warum.postback_target set url_template = %(url_template)s, secret_sealed = %(secret_sealed)s,
                active = %(active)s, row_version = row_version + 1
            where id = %(id)s returning row_version
            """,
            id=target.id,
            url_template=target.url_template,
            secret_sealed=target.secret_sealed,
            active=target.active,
        )

    # Helpers.

    def _rows(self, make: Callable[[_Row], _T], query: LiteralString, **values: object) -> list[_T]:
        with self._connection.cursor(row_factory=dict_row) as cursor:
            return [make(row) for row in cursor.execute(query, values)]

    def _listed(self, kind: type[_T], query: LiteralString, **values: object) -> list[_T]:
        with self._connection.cursor(row_factory=class_row(kind)) as cursor:
            return cursor.execute(query + " order by id limit %(limit)s", values).fetchall()

    def _one(self, kind: type[_T], query: LiteralString, *, lock: bool = False, **values: object) -> _T | None:
        with self._connection.cursor(row_factory=class_row(kind)) as cursor:
            return cursor.execute(query + (_LOCK if lock else ""), values).fetchone()

    def _id(self, query: LiteralString, **values: object) -> int:
        row = self._connection.execute(query, values).fetchone()
        if row is None:
            raise LookupError("the row to be written is not there for this role")
        return row[0]

    def _run(self, query: LiteralString, **values: object) -> None:
        self._connection.execute(query, values)

    def _with_landing_pages(self, offers: Sequence[dict[str, Any]]) -> list[Offer]:
        pages: dict[int, list[LandingPage]] = {}
        for offer, page, name, url in self._connection.execute(
            "select offer_id, id, name, url from warum.landing_page where offer_id = any(%s) order by id",
            [[offer["id"] for offer in offers]],
        ):
            pages.setdefault(offer, []).append(LandingPage(id=page, name=name, url=url))
        in_force = self._in_contexts({offer["id"]: contexts(tuple(offer["dimensions"])) for offer in offers})
        return [
            Offer(
                **_with(offer, dimensions=tuple(offer["dimensions"])),
                landing_pages=tuple(pages.get(offer["id"], ())),
                contexts=in_force.get(offer["id"], {}),
            )
            for offer in offers
        ]

    def _in_contexts(self, told_apart: Mapping[int, Sequence[str]]) -> dict[int, dict[str, int]]:
        """The allocations in force by offer and context, in the order of contexts."""
        asked = [offer for offer, named in told_apart.items() if named]
        if not asked:
            return {}
        rows = self._connection.execute(
            """
            select distinct on (offer_id, context) offer_id, context, id from warum.allocation
            where offer_id = any(%s) and context <> '' order by offer_id, context, id desc
            """,
            [asked],
        )
        newest = {(offer, context): allocation for offer, context, allocation in rows}
        return {
            offer: {context: newest[offer, context] for context in told_apart[offer] if (offer, context) in newest}
            for offer in asked
        }


def _first(found: Sequence[_T]) -> _T | None:
    return found[0] if found else None


def _with(row: _Row, **typed: object) -> dict[str, Any]:
    """The row with some columns in the types of the domain."""
    return {**row, **typed}


def _terms(row: _Row) -> Terms:
    return Terms(**_with(row, currencies=tuple(row["currencies"]), validation=Validation(row["validation"])))


def _untaken_rule(row: _Row) -> tuple[CommissionRule, int, int]:
    own = {name: value for name, value in row.items() if name not in ("advertiser", "made_us")}
    return _rule(own), row["advertiser"], row["made_us"]


def _rule(row: _Row) -> CommissionRule:
    return CommissionRule(**_with(row, kind=CommissionKind(row["kind"])))


def _program(row: _Row) -> Program:
    return Program(
        **_with(
            row,
            currencies=tuple(row["currencies"]),
            validation=Validation(row["validation"]),
            status=ProgramStatus(row["status"]),
        )
    )


def _partnership(row: _Row) -> Partnership:
    return Partnership(**_with(row, status=PartnershipStatus(row["status"])))


def _program_values(program: Program) -> dict[str, object]:
    return {
        "id": program.id,
        "advertiser": program.advertiser,
        "code": program.code,
        "name": program.name,
        "vertical": program.vertical,
        "currencies": list(program.currencies),
        "timezone": program.timezone,
        "window_days": program.window_days,
        "hold_days": program.hold_days,
        "validation": program.validation,
        "status": program.status,
        "starts": program.starts_us,
        "ends": program.ends_us,
        "click_param": program.click_param,
    }
