"""Policies: whose signatures make a checkpoint good enough (tlog-policy of C2SP).

A file names logs, witnesses, groups of witnesses, and the quorum: the witness or group that must have cosigned."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from warum.domain.tlog.notes import COSIGNATURE_V1, VKey, parse_vkey
from warum.domain.tlog.spelling import from_decimal

NO_QUORUM: Final = "none"
"""The quorum of a policy that asks for no cosignature."""

_FORBIDDEN: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_BLANKS: Final = re.compile(r"[ \t]+")


@dataclass(frozen=True, slots=True)
class PolicyLog:
    """A log whose checkpoints are accepted; the name of its key is the origin. The URL may be missing."""

    vkey: VKey
    url: str | None


@dataclass(frozen=True, slots=True)
class PolicyWitness:
    """A witness. Its name is the policy's own, not that of its key; the URL, its submission prefix, may be missing."""

    name: str
    vkey: VKey
    url: str | None


@dataclass(frozen=True, slots=True)
class PolicyGroup:
    """Witnesses and earlier groups, of which ``threshold`` must have cosigned."""

    name: str
    threshold: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy as its file has it, in the order of the file.

    Attributes:
        quorum: the name of a witness or group, or ``NO_QUORUM``.
    """

    logs: tuple[PolicyLog, ...]
    witnesses: tuple[PolicyWitness, ...]
    groups: tuple[PolicyGroup, ...]
    quorum: str

    def satisfied_by(self, cosigners: Iterable[VKey]) -> bool:
        """Whether these keys, which ``Note.verified_by`` has found to have signed, make the quorum. That one of the
        logs has signed is another question."""
        keys = set(cosigners)
        met = {NO_QUORUM, *(witness.name for witness in self.witnesses if witness.vkey in keys)}
        # A group names only what stands above it, so that one pass is enough.
        for group in self.groups:
            if len(met.intersection(group.members)) >= group.threshold:
                met.add(group.name)
        return self.quorum in met


def parse_policy(data: bytes) -> Policy:
    """Read a policy file.

    Names may hold any bytes; those that are not UTF-8 are kept as lone surrogates (``surrogateescape``), so that
    different names stay different.

    Raises:
        ValueError: the sentence begins with the number of the line at fault, from 1, or says that there is no quorum.
    """
    reader = _Reader()
    for number, line in enumerate(data.decode(errors="surrogateescape").split("\n"), 1):
        try:
            reader.read(line)
        except ValueError as fault:
            raise ValueError(f"Line {number}: {fault}") from None
    return reader.policy()


class _Reader:
    """A policy as far as it was read."""

    def __init__(self) -> None:
        self._logs: list[PolicyLog] = []
        self._witnesses: list[PolicyWitness] = []
        self._groups: list[PolicyGroup] = []
        self._quorum: str | None = None
        self._names: set[str] = set()
        self._members: set[str] = set()

    def read(self, line: str) -> None:
        if _FORBIDDEN.search(line):
            raise ValueError("Control characters are not allowed; the line may end as on Windows.")
        words = [word for word in _BLANKS.split(line) if word]
        if not words or words[0].startswith("#"):
            return
        match words:
            case ["log", vkey, *url] if len(url) <= 1:
                self._read_log(vkey, url)
            case ["witness", name, vkey, *url] if len(url) <= 1:
                self._read_witness(name, vkey, url)
            case ["group", name, threshold, *members] if members:
                self._read_group(name, threshold, members)
            case ["quorum", name]:
                self._read_quorum(name)
            case ["log", *_]:
                raise ValueError("A log has a vkey, and perhaps a URL.")
            case ["witness", *_]:
                raise ValueError("A witness has a name and a vkey, and perhaps a URL.")
            case ["group", *_]:
                raise ValueError("A group has a name, then all, any or a number, then its members.")
            case ["quorum", *_]:
                raise ValueError("A quorum has one name.")
            case _:
                raise ValueError("The line begins with none of log, witness, group and quorum.")

    def policy(self) -> Policy:
        if self._quorum is None:
            raise ValueError("The policy has no quorum line.")
        return Policy(tuple(self._logs), tuple(self._witnesses), tuple(self._groups), self._quorum)

    def _read_log(self, text: str, url: Sequence[str]) -> None:
        vkey = parse_vkey(text)
        if any(log.vkey.key == vkey.key for log in self._logs):
            raise ValueError("A log with the same key stands above.")
        self._logs.append(PolicyLog(vkey, *url or (None,)))

    def _read_witness(self, name: str, text: str, url: Sequence[str]) -> None:
        vkey = parse_vkey(text)
        if vkey.algorithm != COSIGNATURE_V1:
            raise ValueError("The key of a witness is of type 4, since its signatures carry a time.")
        if any(witness.vkey.key == vkey.key for witness in self._witnesses):
            raise ValueError("A witness with the same key stands above.")
        self._name(name)
        self._witnesses.append(PolicyWitness(name, vkey, *url or (None,)))

    def _read_group(self, name: str, threshold_text: str, members: Sequence[str]) -> None:
        shorthand = {"any": 1, "all": len(members)}
        threshold = shorthand.get(threshold_text, from_decimal(threshold_text))
        if threshold is None or not 1 <= threshold <= len(members):
            raise ValueError(f"Of {len(members)} members, a group asks for all, any, or a number from 1 to that.")
        for member in members:
            if member not in self._names:
                raise ValueError(f"The member {_shown(member)} is not defined above.")
            if member in self._members:
                raise ValueError(f"The member {_shown(member)} stands in a group already.")
            self._members.add(member)
        self._name(name)
        self._groups.append(PolicyGroup(name, threshold, tuple(members)))

    def _read_quorum(self, name: str) -> None:
        if self._quorum is not None:
            raise ValueError("A quorum stands above already.")
        if name != NO_QUORUM and name not in self._names:
            raise ValueError(f"The quorum {_shown(name)} is not defined above.")
        self._quorum = name

    def _name(self, name: str) -> None:
        if name == NO_QUORUM:
            raise ValueError("The name none is taken: as a quorum it means that no witness is asked for.")
        if name in self._names:
            raise ValueError(f"The name {_shown(name)} is taken already.")
        self._names.add(name)


def _shown(name: str) -> str:
    return name.encode(errors="surrogateescape").decode(errors="replace")
