"""What a receipt proves, in a sentence: from its payload alone, in English and German."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from warum.app.explain.shapes import Lang
from warum.domain.leaves import LeafType
from warum.kernel.money import decimal
from warum.ports.log import Placed

_STATUS: Final[Mapping[str, tuple[str, str]]] = {
    "pending": ("pending", "offen"),
    "approved": ("approved", "bestätigt"),
    "declined": ("declined", "abgelehnt"),
    "paid": ("paid", "ausgezahlt"),
}
_VERDICT: Final[Mapping[str, tuple[str, str]]] = {
    "approved": ("approved", "angenommen"),
    "declined": ("declined", "abgelehnt"),
    "undone": ("undone", "rückgängig gemacht"),
}
_FATE: Final[Mapping[str, tuple[str, str]]] = {
    "repeated": ("it came before and counts once", "sie kam schon und zählt einmal"),
    "waiting": ("it waits for its order or for a person", "sie wartet auf ihre Bestellung oder auf einen Menschen"),
    "set_aside": ("it could not be read and was set aside", "sie war nicht zu verarbeiten und wurde beiseitegelegt"),
}
_ANSWER: Final[Mapping[str, tuple[str, str]]] = {
    "upheld": ("the decision stands", "die Entscheidung bleibt"),
    "changed": ("the decision is changed", "die Entscheidung wird geändert"),
}

_SENTENCES: Final[Mapping[LeafType, tuple[str, str]]] = {
    LeafType.CONVERSION: (
        "{conversion} is {status}: commission {commission} on {retained}, event {seq}.",
        "{conversion} ist {status}: Provision {commission} auf {retained}, Ereignis {seq}.",
    ),
    LeafType.CLICKS: (
        "{count} clicks were paid with {amount} under {rule}.",
        "{count} Klicks wurden nach {rule} mit {amount} vergütet.",
    ),
    LeafType.REPORT: ("A message was received, and {fate}.", "Eine Meldung kam an, und {fate}."),
    LeafType.RULE: (
        "Rule {rule} of {program}, version {version}: {worth}.",
        "Regel {rule} von {program}, Fassung {version}: {worth}.",
    ),
    LeafType.STATEMENT: (
        "{month}: {count} records, numbers {first} to {last}; earned {earned}.",
        "{month}: {count} Einträge, Nummern {first} bis {last}; verdient {earned}.",
    ),
    LeafType.PROPOSAL: (
        "The {bot} bot proposed {proposal} for {offer}, expecting {gain}.",
        "Der Bot {bot} schlug {proposal} für {offer} vor und erwartet {gain}.",
    ),
    LeafType.DECISION: ("{proposal} was {verdict} by {by}.", "{proposal} wurde von {by} {verdict}."),
    LeafType.EFFECT: (
        "{offer} went from {allocation_before} to {allocation_after}.",
        "{offer} ging von {allocation_before} auf {allocation_after} über.",
    ),
    LeafType.OUTCOME: (
        "{proposal}: {gain} measured, {promised} promised.",
        "{proposal}: {gain} gemessen, {promised} versprochen.",
    ),
    LeafType.CONTEST: (
        "{by} contested {about}; an answer is due by {due}.",
        "{by} hat {about} angefochten; eine Antwort ist fällig bis {due}.",
    ),
    LeafType.ANSWER: ("{contest} was answered: {answer}.", "{contest} wurde beantwortet: {answer}."),
    LeafType.ACT: ("{actor} did {operation} on {subject}.", "{actor} hat {operation} an {subject} ausgeführt."),
    LeafType.ERASURE: (
        "The contents of {erased} entries were erased.",
        "Die Inhalte von {erased} Einträgen wurden gelöscht.",
    ),
    LeafType.RESTORED: (
        "The database was restored; leaves {first} to {last} are entered again.",
        "Die Datenbank wurde wiederhergestellt; die Blätter {first} bis {last} werden neu eingetragen.",
    ),
}
# Of an advice, which is not about an offer's shares.
_ADVICE: Final = {
    LeafType.PROPOSAL: (
        "The {bot} bot proposed {proposal} ({idea}) for {subject}.",
        "Der Bot {bot} schlug {proposal} ({idea}) für {subject} vor.",
    ),
    LeafType.EFFECT: (
        "{proposal} was {kind}: {steps}.",
        "{proposal} wurde {kind}: {steps}.",
    ),
}
_EFFECT: Final = {"applied": ("carried out", "ausgeführt"), "undone": ("taken back", "zurückgenommen")}
_ERASED: Final = (
    "Something was entered here, and its content was erased.",
    "Hier wurde etwas eingetragen, dessen Inhalt gelöscht ist.",
)


def proves(leaf: Placed, lang: Lang) -> str:
    """One sentence."""
    german = lang is Lang.DE
    if leaf.content is None:
        return _ERASED[german]
    payload = leaf.content.fields()
    sentences = _SENTENCES if "offer" in payload or leaf.type not in _ADVICE else _ADVICE
    return sentences[leaf.type][german].format(**_values(leaf.type, payload, german))


def _values(kind: LeafType, payload: Mapping[str, Any], german: bool) -> dict[str, Any]:
    values: dict[str, Any] = dict(payload)
    currency = payload.get("currency")
    match kind:
        case LeafType.CONVERSION:
            values["status"] = _STATUS[payload["after"]["status"]][german]
            values["commission"] = _money(payload["commission"], currency, german)
            values["retained"] = _money(payload["after"]["retained"], currency, german)
        case LeafType.CLICKS:
            values["amount"] = _money(payload["amount"], currency, german)
        case LeafType.REPORT:
            values["fate"] = _FATE[payload["outcome"]][german]
        case LeafType.RULE:
            values["worth"] = _worth(payload, german)
        case LeafType.STATEMENT:
            found = [_money(one["earned_change"], one["currency"], german) for one in payload["currencies"]]
            values["earned"] = ", ".join(found) or ("nichts" if german else "nothing")
        case LeafType.PROPOSAL:
            values["gain"] = _money(payload["gain"], currency, german)
        case LeafType.DECISION:
            values["verdict"] = _VERDICT[payload["verdict"]][german]
        case LeafType.OUTCOME:
            values["gain"] = _money(payload["gain"], currency, german)
            values["promised"] = _money(payload["promised"], currency, german)
        case LeafType.ANSWER:
            values["answer"] = _ANSWER[payload["verdict"]][german]
        case LeafType.ERASURE:
            values["erased"] = len(payload["numbers"])
        case LeafType.EFFECT if "steps" in payload:
            values["kind"] = _EFFECT[payload["kind"]][german]
            values["steps"] = ", ".join(f"{operation} ({subject})" for operation, subject, _ in payload["steps"])
        case LeafType.EFFECT | LeafType.CONTEST | LeafType.ACT | LeafType.RESTORED:
            pass
    return values


def _worth(payload: Mapping[str, Any], german: bool) -> str:
    if payload["kind"] == "percent":
        share = f"{payload['rate_ppm'] / 10_000:.4f}".rstrip("0").rstrip(".")
        return f"{share.replace('.', ',')} %" if german else f"{share} %"
    amount = _money(payload["amount"], payload["currency"], german)
    per_click = payload["kind"] == "per_click"
    each = (("a click", "je Klick") if per_click else ("a sale", "je Verkauf"))[german]
    return f"{amount} {each}"


def _money(minor: str, currency: Any, german: bool) -> str:
    number = decimal(int(minor), str(currency))
    return f"{number.replace('.', ',') if german else number} {currency}"
