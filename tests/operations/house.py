"""Operations performed over a real database, under a clock that the test sets and with counted randomness."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import shake_256
from itertools import count
from typing import Any

from sealing import VAULT
from warum.adapters.postgres.database import PostgresDatabase
from warum.app import codec
from warum.app.call import Caller, Deps, perform
from warum.app.operations import BY_NAME
from warum.domain.sealing import Sealer
from warum.kernel.period import parse_iso
from warum.kernel.refusal import Refusal
from warum.ports.catalog import ActorKind
from warum.ports.database import Role, Scope

OPERATOR = Caller(scope=Scope(Role.OPERATOR), kind=ActorKind.PERSON, actor="Olga")
AUDITOR = Caller(scope=Scope(Role.AUDITOR), kind=ActorKind.PERSON, actor="Anton")


def party(role: Role, party: int) -> Caller:
    return Caller(scope=Scope(role, party), kind=ActorKind.KEY, actor="key_1")


@dataclass
class House:
    """``do`` and ``refused`` take plain data, as REST and command line do; ids are public text."""

    database: PostgresDatabase
    now_us: int = parse_iso("2027-05-01T12:00:00Z") or 0
    drawn: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def deps(self) -> Deps:
        return Deps(
            database=self.database,
            now_us=lambda: self.now_us,
            entropy=self.entropy,
            sealer=Sealer(b"m" * 32),
            edge_url="https://edge.example",
            version="1.2.3",
        )

    def entropy(self, size: int) -> bytes:
        return shake_256(b"%d" % next(self.drawn)).digest(size)

    def answer(self, name: str, caller: Caller = OPERATOR, /, **given: Any) -> Any:
        operation = BY_NAME[name]
        ask = codec.read(operation, given)
        if isinstance(ask, Refusal):
            return ask
        output = perform(operation, self.deps, caller, ask)
        return output if isinstance(output, Refusal) else codec.plain(operation, output)

    def do(self, name: str, caller: Caller = OPERATOR, /, **given: Any) -> Any:
        answer = self.answer(name, caller, **given)
        assert not isinstance(answer, Refusal), answer
        return answer

    def refused(self, name: str, caller: Caller = OPERATOR, /, **given: Any) -> Refusal:
        answer = self.answer(name, caller, **given)
        assert isinstance(answer, Refusal), answer
        return answer

    def acts(self, subject: str | None = None) -> list[Any]:
        return self.do("act.list", subject=subject, limit=500)["acts"]


@contextmanager
def opened(url: str) -> Iterator[House]:
    with PostgresDatabase(url, VAULT) as database:
        yield House(database)


def hotel(house: House) -> dict[str, Any]:
    """An advertiser with a proved host, a running program, a rule and an offer with two pages."""
    advertiser = house.do("advertiser.create", name="Hotel Seeblick")["id"]
    house.do("advertiser.host.add", advertiser=advertiser, host="www.seeblick.example")
    house.do(
        "advertiser.host.prove",
        advertiser=advertiser,
        host="www.seeblick.example",
        evidence="its file has the challenge",
    )
    program = house.do("program.create", advertiser=advertiser, name="Seeblick", vertical="hotel", hold_days=3)["id"]
    rule = house.do("rule.add", program=program, kind="percent", percent="8")["id"]
    pages = [{"name": name, "url": f"https://www.seeblick.example/{name}"} for name in ("rooms", "weekend")]
    offer = house.do("offer.create", program=program, name="Stay", landing_pages=pages)["id"]
    return {"advertiser": advertiser, "program": program, "rule": rule, "offer": offer}


def partner(house: House, made: dict[str, Any], name: str = "Ana") -> dict[str, Any]:
    """A publisher with an approved partnership and a link."""
    publisher = house.do("publisher.create", name=name)["id"]
    partnership = house.do("partnership.apply", publisher=publisher, program=made["program"])["id"]
    house.do("partnership.approve", partnership=partnership)
    link = house.do("link.create", partnership=partnership, offer=made["offer"])
    return {"publisher": publisher, "partnership": partnership, "link": link}
