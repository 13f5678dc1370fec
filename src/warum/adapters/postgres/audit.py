"""Tables as an audit reads them: whole, in order, streamed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, LiteralString, TypeVar

from psycopg import Connection

from warum.ports.audit import ActRow, BalanceRow, ConversionRow, DecisionRow, ProposalRow, RuleRow

_T = TypeVar("_T")


class PostgresAudit:
    """``ports.audit.AuditStore`` over one transaction."""

    def __init__(self, connection: Connection[Any]) -> None:
        self._connection = connection

    def conversions(self) -> Iterator[ConversionRow]:
        return self._rows(
            ConversionRow,
            """
            select c.id, c.advertiser_id, c.publisher_id, c.status, c.currency, c.retained_minor, c.commission_minor,
                c.rule_id, c.seq, e.events
            from warum.conversion c
            left join (select conversion_id, count(*) as events from warum.conversion_event group by conversion_id) e
                on e.conversion_id = c.id
            order by c.id
            """,
        )

    def rules(self) -> Iterator[RuleRow]:
        return self._rows(
            RuleRow,
            """
            select id, program_id, publisher_id, commission_group, kind, rate_ppm, amount_minor, currency, version,
                warum.us(valid_from)
            from warum.commission_rule order by id
            """,
        )

    def acts(self) -> Iterator[ActRow]:
        return self._rows(
            ActRow,
            "select id, warum.us(at), actor, operation, subject, input_hash, reason from warum.act order by id",
        )

    def decisions(self) -> Iterator[DecisionRow]:
        return self._rows(
            DecisionRow,
            "select proposal_id, verdict, actor, reason, note, warum.us(at) from warum.decision order by id",
        )

    def proposals(self) -> Iterator[ProposalRow]:
        return self._rows(ProposalRow, "select id, facts, sha256(body) from warum.proposal order by id")

    def balances(self) -> Iterator[BalanceRow]:
        return self._rows(
            BalanceRow,
            """
            select advertiser_id, publisher_id, currency,
                coalesce(sum(credits - debits) filter (where book = 'live_memo' and kind = 'pending'), 0)::bigint,
                coalesce(sum(credits - debits) filter (where book = 'live_gl' and kind = 'confirmed'), 0)::bigint
            from warum.account group by advertiser_id, publisher_id, currency order by 1, 2, 3
            """,
        )

    def _rows(self, kind: type[_T], query: LiteralString) -> Iterator[_T]:
        with self._connection.cursor() as cursor:
            for row in cursor.stream(query, size=1000):
                yield kind(*row)
