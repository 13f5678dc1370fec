"""A small log of its own, which follows docs/receipts.md and the specifications that it names, and shares no code with
the verifier: what it builds can be told right from wrong by reading."""

from __future__ import annotations

import hmac
import importlib.util
import json
import sys
from base64 import b64encode
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from types import ModuleType
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

FOLDER = Path(__file__).parents[2] / "verifier"
ORIGIN = "log.example/warum"
SECOND = 1_000_000
PAIR, PROGRAM, ADVERTISER = "adv_1/pub_2", "prg_3", "adv_1"


def load(name: str) -> ModuleType:
    """The file as a module, from where partners find it."""
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, FOLDER / f"{name}.py")
        assert spec is not None and spec.loader is not None
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


def us(text: str) -> int:
    """Microseconds of a moment, such as ``2027-05-03 10:00``."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * SECOND


def b64(data: bytes) -> str:
    return b64encode(data).decode()


def canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


# RFC 6962, section 2.1, word for word.


def _split(size: int) -> int:
    k = 1
    while k * 2 < size:
        k *= 2
    return k


def root(leaves: list[bytes]) -> bytes:
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = _split(len(leaves))
    return sha256(b"\1" + root(leaves[:k]) + root(leaves[k:])).digest()


def inclusion(index: int, leaves: list[bytes]) -> list[bytes]:
    if len(leaves) == 1:
        return []
    k = _split(len(leaves))
    if index < k:
        return [*inclusion(index, leaves[:k]), root(leaves[k:])]
    return [*inclusion(index - k, leaves[k:]), root(leaves[:k])]


def consistency(old: int, leaves: list[bytes], whole: bool = True) -> list[bytes]:
    if old == len(leaves):
        return [] if whole else [root(leaves)]
    k = _split(len(leaves))
    if old <= k:
        return [*consistency(old, leaves[:k], whole), root(leaves[k:])]
    return [*consistency(old - k, leaves[k:], False), root(leaves[:k])]


@dataclass(frozen=True)
class Signer:
    """An Ed25519 key with a name: of a log or an edge (kind 1), or of a witness (kind 4)."""

    name: str
    seed: int
    kind: int = 1

    @property
    def private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(bytes([self.seed]) * 32)

    @property
    def key(self) -> bytes:
        return bytes([self.kind]) + self.private.public_key().public_bytes_raw()

    @property
    def id(self) -> bytes:
        return sha256(self.name.encode() + b"\n" + self.key).digest()[:4]

    @property
    def vkey(self) -> str:
        return f"{self.name}+{self.id.hex()}+{b64(self.key)}"

    def line(self, text: str, time: int = 1_800_000_000) -> str:
        if self.kind == 1:
            signature = self.private.sign(text.encode())
        else:
            signed = f"cosignature/v1\ntime {time}\n{text}".encode()
            signature = time.to_bytes(8, "big") + self.private.sign(signed)
        return f"— {self.name} {b64(self.id + signature)}\n"


@dataclass(frozen=True)
class Entry:
    index: int
    leaf: dict[str, Any]
    series: dict[str, str]
    nonce: bytes
    payload: Any
    shown: dict[str, Any]


@dataclass
class Log:
    """Entries are added with ``enter``; everything that travels is text."""

    origin: str = ORIGIN
    seed: int = 1
    secret: str = ""
    leaves: list[bytes] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def signer(self) -> Signer:
        return Signer(self.origin, self.seed)

    @property
    def edge(self) -> Signer:
        return Signer(f"{self.origin}/edge", self.seed + 100)

    @property
    def policy(self) -> str:
        return f"log {self.signer.vkey}\nlog {self.edge.vkey}\nquorum none\n"

    def key(self, series: str) -> bytes:
        return sha256(f"{self.secret}{series}".encode()).digest()

    def enter(self, series: str, kind: str, payload: Any, at: int, **other: Any) -> Entry:
        number = other.get("number", self.counts[series] + 1)
        self.counts[series] = max(number, self.counts[series])
        nonce = sha256(f"nonce {len(self.leaves)} {self.secret}".encode()).digest()
        tag = hmac.new(self.key(series), f"warum number {number}".encode(), "sha256").digest()[:16].hex()
        leaf = {"actor": "system", "at": str(at), "type": kind, "v": 1, "tag": tag}
        leaf["commitment"] = b64(sha256(nonce + canonical(payload)).digest())
        leaf |= other.get("leaf", {})
        named = {"name": series, "key": b64(self.key(series)), "number": str(number)}
        entry = Entry(len(self.leaves), leaf, named, nonce, payload, other.get("shown", {}))
        self.entries.append(entry)
        self.leaves.append(sha256(b"\0" + canonical(leaf)).digest())
        return entry

    def checkpoint(self, size: int | None = None, cosigners: tuple[Signer, ...] = (), extension: str = "") -> str:
        leaves = self.leaves[:size]
        text = f"{self.origin}\n{len(leaves)}\n{b64(root(leaves))}\n{extension}"
        return text + "\n" + "".join(one.line(text) for one in (self.signer, *cosigners))

    def extra(self, entry: Entry, **changed: Any) -> dict[str, Any]:
        extra = {"leaf": entry.leaf, "series": entry.series, "vkey": self.signer.vkey}
        extra |= {"nonce": b64(entry.nonce), "payload": entry.payload, "shown": entry.shown}
        extra |= changed
        return {name: value for name, value in extra.items() if value is not None}

    def receipt(self, entry: Entry, size: int | None = None, **changed: Any) -> str:
        note = changed.pop("note", None) or self.checkpoint(size, changed.pop("cosigners", ()))
        path = changed.pop("path", None) or inclusion(entry.index, self.leaves[:size])
        index = changed.pop("index", entry.index)
        return proof(self.extra(entry, **changed), index, path, note)

    def consistency(self, old: int, new: int | None = None) -> dict[str, Any]:
        leaves = self.leaves[:new]
        hashes = [b64(one) for one in consistency(old, leaves)]
        return {"old": str(old), "new": str(len(leaves)), "hashes": hashes}

    def promise(self, record: str, at: int) -> str:
        text = f"{self.origin}/promise\n{record}\n{at}\n{b64(sha256(b'event').digest())}\nwithin 60\n"
        return text + "\n" + self.edge.line(text)

    def file(self, entries: list[Entry] | None = None, size: int | None = None, **members: Any) -> str:
        receipts = [self.receipt(one, size) for one in (self.entries if entries is None else entries)]
        return json.dumps({"format": "warum-receipts/1", "receipts": receipts} | members)

    def claims(self) -> list[dict[str, str]]:
        return [{"series": name, "first": "1", "last": str(count)} for name, count in self.counts.items()]


def proof(extra: Any, index: int | str, path: list[bytes], note: str) -> str:
    written = b64(extra if isinstance(extra, bytes) else json.dumps(extra).encode())
    lines = ["c2sp.org/tlog-proof@v1", f"extra {written}", f"index {index}", *map(b64, path)]
    return "\n".join(lines) + "\n\n" + note


def rule(**changed: Any) -> dict[str, Any]:
    made = {"v": 1, "rule": "rul_4", "program": PROGRAM, "publisher": None, "group": "", "kind": "percent"}
    made |= {"rate_ppm": 80_000, "amount": "0", "currency": None, "version": 1}
    made |= {"valid_from": str(us("2027-05-01 08:00")), "made_at": str(us("2027-05-01 08:00"))}
    return made | changed


def conversion(**changed: Any) -> dict[str, Any]:
    """The first event, pending, of a sale of 100.00 EUR."""
    made = {"v": 2, "advertiser": "adv_1", "publisher": "pub_2", "program": PROGRAM, "conversion": "cnv_5", "seq": 1}
    made |= {"kind": "booked", "at": str(us("2027-05-03 10:00")), "seen": str(us("2027-05-03 10:00"))}
    made |= {"source": "1/0/17", "status_raw": "new", "mode": "live", "currency": "EUR", "before": None}
    made |= {"after": standing("pending"), "commission": "800", "rule": "rul_4", "group": "", "note": None}
    made |= {"click_at": str(us("2027-05-02 09:00"))}
    if changed.get("seq", 1) == 1:
        made |= {"order": {"order_id": None, "event_type": "sale", "booked_at": made["at"], "credit": "token"}}
    return made | changed


def later(**changed: Any) -> dict[str, Any]:
    """The second event: approved."""
    before = {"status": "pending", "commission": "800"}
    made = {"seq": 2, "kind": "approved", "before": before, "after": standing("approved"), "source": "1/0/18"}
    return conversion(**(made | changed))


def standing(status: str, retained: str = "10000") -> dict[str, Any]:
    return {"status": status, "reason": None, "sale": "10000", "retained": retained, "check_in": None} | {
        "check_out": None,
        "release_at": None,
    }


def clicks(**changed: Any) -> dict[str, Any]:
    made = {"v": 1, "advertiser": "adv_1", "publisher": "pub_2", "program": PROGRAM, "link": "lnk_1", "rule": "rul_9"}
    made |= {"mode": "live", "currency": "EUR", "count": 12, "amount": "84", "source": "1/0/30"}
    return made | {"at": str(us("2027-05-06 10:00"))} | changed


def row(currency: str = "EUR", earned: tuple[int, int] = (0, 0), pending: tuple[int, int] = (0, 0)) -> dict[str, str]:
    made = {"currency": currency}
    for kind, (before, change) in (("earned", earned), ("pending", pending)):
        made |= {f"{kind}_before": str(before), f"{kind}_change": str(change), kind: str(before + change)}
    return made


def statement(**changed: Any) -> dict[str, Any]:
    made = {"v": 1, "advertiser": "adv_1", "publisher": "pub_2", "month": "2027-05", "first": "1", "last": "3"}
    return made | {"count": 3, "currencies": [row(earned=(0, 884))]} | changed


def month(**changed: Any) -> Log:
    """A month of a pair: two rules, a booking, its approval, clicks, and the statement. Any payload may be changed."""
    log = Log()
    made = {"rule": rule(), "click_rule": rule(rule="rul_9", kind="per_click", amount="7", currency="EUR")}
    made |= {"conversion": conversion(), "later": later(), "clicks": clicks(), "statement": statement()} | changed
    log.enter(PROGRAM, "rule", made["rule"], us("2027-05-01 08:00"))
    log.enter(PROGRAM, "rule", made["click_rule"], us("2027-05-01 08:00"))
    log.enter(PAIR, "conversion", made["conversion"], us("2027-05-03 10:01"))
    log.enter(PAIR, "conversion", made["later"], us("2027-05-05 10:00"))
    log.enter(PAIR, "clicks", made["clicks"], us("2027-05-06 10:01"))
    if made["statement"]:
        log.enter(PAIR, "statement", made["statement"], us("2027-06-01 00:10"))
    return log
