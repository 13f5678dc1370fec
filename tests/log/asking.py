"""Operations performed over the log's network, by whoever asks."""

from __future__ import annotations

from hashlib import shake_256
from itertools import count
from typing import Any

from log.test_sequence import SIGNER, Log
from warum.app.call import Caller, Deps, LogReader, perform
from warum.app.operations import BY_NAME
from warum.domain.sealing import Sealer
from warum.domain.tlog.notes import Signer
from warum.kernel.refusal import Refusal
from warum.ports.catalog import ActorKind
from warum.ports.database import Role, Scope

OLGA = Caller(scope=Scope(Role.OPERATOR), kind=ActorKind.PERSON, actor="usr_3")
MIA = Caller(scope=Scope(Role.MANAGER), kind=ActorKind.PERSON, actor="usr_4")
_drawn = count()


def publisher(log: Log, name: str = "ana") -> Caller:
    return Caller(scope=Scope(Role.PUBLISHER, log.network.publishers[name]), kind=ActorKind.KEY, actor="key_7")


def advertiser(log: Log) -> Caller:
    return Caller(scope=Scope(Role.ADVERTISER, log.network.advertiser), kind=ActorKind.KEY, actor="key_8")


def deps(log: Log) -> Deps:
    return Deps(
        database=log.network.app,
        now_us=lambda: log.now_us,
        entropy=lambda size: shake_256(b"%d" % next(_drawn)).digest(size),
        sealer=Sealer(bytes(32)),
        edge_url="http://edge.example",
        version="test",
        journal=log.network.journal,
        log=LogReader(shelf=log.shelf, vkey=SIGNER.vkey, edge_vkey=Signer("log.example/edge", bytes(32)).vkey),
    )


def answer(log: Log, called: str, caller: Caller = OLGA, /, once: str | None = None, **fields: Any) -> Any:
    operation = BY_NAME[called]
    return perform(operation, deps(log), caller, operation.input(**fields), once=once)


def done(log: Log, called: str, caller: Caller = OLGA, /, **fields: Any) -> Any:
    output = answer(log, called, caller, **fields)
    assert not isinstance(output, Refusal), output
    return output


def refused(log: Log, called: str, caller: Caller = OLGA, /, **fields: Any) -> str:
    output = answer(log, called, caller, **fields)
    assert isinstance(output, Refusal), output
    return output.code
