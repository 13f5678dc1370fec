"""Creatives and slots in PostgreSQL."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

from warum.adapters.postgres.rows import LOCK, Row, Statements
from warum.domain.contexts import ANY
from warum.domain.creatives import Availability, Language, SlotFormat
from warum.ports.catalog import Partnership
from warum.ports.creatives import Creative, Slot

_CREATIVE: Final = """
    select id, advertiser_id as advertiser, program_id as program, offer_id as offer, arm,
        landing_page_id as landing_page, name, language, headline, body as text, image_url, image_alt, sku, price_minor,
        currency, warum.us(price_until) as price_until_us, availability, warum.us(availability_at) as availability_us,
        warum.us(retired_at) as retired_us, row_version
    from warum.creative """
_SLOT: Final = """
    select id, code, advertiser_id as advertiser, publisher_id as publisher, program_id as program,
        partnership_id as partnership, offer_id as offer, link_id as link, name, format,
        warum.us(retired_at) as retired_us, row_version
    from warum.slot """


class PostgresCreatives(Statements):
    """Implements ``CreativeStore``."""

    def creatives(
        self, *, advertiser: int | None, program: int | None, offer: int | None, after: int, limit: int
    ) -> list[Creative]:
        return self._rows(
            _creative,
            _CREATIVE
            + """
            where id > %(after)s and (%(advertiser)s::bigint is null or advertiser_id = %(advertiser)s)
                and (%(program)s::bigint is null or program_id = %(program)s)
                and (%(offer)s::bigint is null or offer_id = %(offer)s)
            order by id limit %(limit)s
            """,
            advertiser=advertiser,
            program=program,
            offer=offer,
            after=after,
            limit=limit,
        )

    def creative(self, creative: int) -> Creative | None:
        return self._first(_creative, _CREATIVE + "where id = %(id)s", id=creative)

    def of_offer(self, offer: int) -> list[Creative]:
        query = _CREATIVE + "where offer_id = %(offer)s and retired_at is null order by arm"
        return self._rows(_creative, query, offer=offer)

    def of_skus(self, advertiser: int, skus: Collection[str]) -> list[Creative]:
        return self._rows(
            _creative,
            _CREATIVE
            + """
            where advertiser_id = %(advertiser)s and sku = any(%(skus)s) and retired_at is null
            order by offer_id, arm
            """,
            advertiser=advertiser,
            skus=list(skus),
        )

    def next_arm(self, offer: int) -> int:
        return self._number(
            """
            select coalesce(max(arm), -1) + 1 from (
                select arm from warum.creative where offer_id = %(offer)s
                union all
                select m.arm from warum.allocation a join warum.allocation_arm m on m.allocation_id = a.id
                where a.offer_id = %(offer)s
            ) as used
            """,
            offer=offer,
        )

    def wished_shares(self, offer: int, context: str = ANY) -> dict[int, int]:
        rows = self._rows(
            lambda row: (row["creative_id"], row["propensity_ppm"]),
            """
            select distinct on (m.creative_id) m.creative_id, m.propensity_ppm
            from warum.allocation a join warum.allocation_arm m on m.allocation_id = a.id
            where a.offer_id = %(offer)s and a.context = %(context)s and not a.derived and m.creative_id is not null
            order by m.creative_id, a.id desc
            """,
            offer=offer,
            context=context,
        )
        return dict(rows)

    def add_creative(self, creative: Creative, at_us: int) -> int:
        return self._number(
            """
            insert into warum.creative (advertiser_id, program_id, offer_id, arm, landing_page_id, name, language,
                headline, body, image_url, image_alt, sku, price_minor, currency, price_until, availability,
                availability_at, retired_at, created_at)
            values (%(advertiser)s, %(program)s, %(offer)s, %(arm)s, %(landing_page)s, %(name)s, %(language)s,
                %(headline)s, %(text)s, %(image_url)s, %(image_alt)s, %(sku)s, %(price_minor)s, %(currency)s,
                warum.at(%(price_until)s), %(availability)s, warum.at(%(availability_at)s), warum.at(%(retired)s),
                warum.at(%(at)s))
            returning id
            """,
            at=at_us,
            **_values(creative),
        )

    def save_creative(self, creative: Creative) -> int:
        return self._number(
            """
            update warum.creative set landing_page_id = %(landing_page)s, name = %(name)s, headline = %(headline)s,
                body = %(text)s, image_url = %(image_url)s, image_alt = %(image_alt)s, sku = %(sku)s,
                price_minor = %(price_minor)s, currency = %(currency)s, price_until = warum.at(%(price_until)s),
                availability = %(availability)s, availability_at = warum.at(%(availability_at)s),
                retired_at = warum.at(%(retired)s), row_version = row_version + 1
            where id = %(id)s returning row_version
            """,
            **_values(creative),
        )

    def slots(
        self, *, partnership: int | None, offer: int | None, program: int | None, after: int, limit: int
    ) -> list[Slot]:
        return self._rows(
            _slot,
            _SLOT
            + """
            where id > %(after)s and (%(partnership)s::bigint is null or partnership_id = %(partnership)s)
                and (%(offer)s::bigint is null or offer_id = %(offer)s)
                and (%(program)s::bigint is null or program_id = %(program)s)
            order by id limit %(limit)s
            """,
            partnership=partnership,
            offer=offer,
            program=program,
            after=after,
            limit=limit,
        )

    def slot(self, slot: int, *, lock: bool = False) -> Slot | None:
        return self._first(_slot, _SLOT + "where id = %(id)s" + (LOCK if lock else ""), id=slot)

    def add_slot(
        self, *, code: str, partnership: Partnership, offer: int, link: int, name: str, shape: SlotFormat, at_us: int
    ) -> int:
        return self._number(
            """
            insert into warum.slot (code, advertiser_id, publisher_id, program_id, partnership_id, offer_id, link_id,
                name, format, created_at)
            values (%(code)s, %(advertiser)s, %(publisher)s, %(program)s, %(partnership)s, %(offer)s, %(link)s,
                %(name)s, %(format)s, warum.at(%(at)s))
            returning id
            """,
            code=code,
            advertiser=partnership.advertiser,
            publisher=partnership.publisher,
            program=partnership.program,
            partnership=partnership.id,
            offer=offer,
            link=link,
            name=name,
            format=shape,
            at=at_us,
        )

    def save_slot(self, slot: Slot) -> int:
        return self._number(
            """
            update warum.slot set name = %(name)s, format = %(format)s, retired_at = warum.at(%(retired)s),
                row_version = row_version + 1
            where id = %(id)s returning row_version
            """,
            id=slot.id,
            name=slot.name,
            format=slot.format,
            retired=slot.retired_us,
        )


def _creative(row: Row) -> Creative:
    typed: dict[str, Any] = {
        **row,
        "language": Language(row["language"]),
        "availability": Availability(row["availability"]),
    }
    return Creative(**typed)


def _slot(row: Row) -> Slot:
    typed: dict[str, Any] = {**row, "format": SlotFormat(row["format"])}
    return Slot(**typed)


def _values(creative: Creative) -> dict[str, object]:
    return {
        "id": creative.id,
        "advertiser": creative.advertiser,
        "program": creative.program,
        "offer": creative.offer,
        "arm": creative.arm,
        "landing_page": creative.landing_page,
        "name": creative.name,
        "language": creative.language,
        "headline": creative.headline,
        "text": creative.text,
        "image_url": creative.image_url,
        "image_alt": creative.image_alt,
        "sku": creative.sku,
        "price_minor": creative.price_minor,
        "currency": creative.currency,
        "price_until": creative.price_until_us,
        "availability": creative.availability,
        "availability_at": creative.availability_us,
        "retired": creative.retired_us,
    }
