"""What a proposal says to people, in German and English: templates filled from the proposal, and nothing besides.

Amounts that are promised are rounded to whole units of the currency from a hundred on: more digits would pretend to
know more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

from warum.domain.bots.why import Why
from warum.domain.decisions import (
    Abstention,
    Alternative,
    Check,
    Counterfactual,
    DeclineReason,
    Held,
    Objective,
    Outcome,
    Parameter,
    Proposal,
    objective_of,
)
from warum.kernel.money import decimal, exponent

Language: TypeAlias = Literal["de", "en"]
Names: TypeAlias = Mapping[int, str]

_SYMBOLS: Final = {"EUR": "€", "GBP": "£", "USD": "$"}


def headline(proposal: Proposal, language: Language, *, names: Names | None = None) -> str:
    """What would change, in one short sentence.

    Args:
        names: of the arms; without one an arm is called by its number.
    """
    change = proposal.change
    before = {share.arm: share.propensity_ppm for share in change.before}
    leader = max(change.after, key=lambda share: share.propensity_ppm - before.get(share.arm, 0))
    return _HEADLINE[language].format(
        arm=_arm(leader.arm, language, names),
        before=percent(before.get(leader.arm, 0), language),
        after=percent(leader.propensity_ppm, language),
    )


def claim(proposal: Proposal, language: Language, *, names: Names | None = None) -> str:
    """What would change, and what it is expected to bring."""
    expected = proposal.expected
    promise = _PROMISE[language].format(
        what=_OBJECTIVES[objective_of(proposal)][language],
        gain=about(expected.gain_minor, proposal.currency, language),
        low=about(expected.measured_low_minor, proposal.currency, language),
        high=about(expected.measured_high_minor, proposal.currency, language),
        days=expected.horizon_days,
    )
    return f"{headline(proposal, language, names=names)} {promise}"


def refusal(abstention: Abstention, language: Language) -> str:
    """Why the bot proposes nothing."""
    return _REFUSALS[Why(abstention.code)][language].format(
        **_spelled(abstention.parameters, language, abstention.currency)
    )


def why_not(alternative: Alternative, language: Language, *, currency: str) -> str:
    """What was considered, what it would have brought, and why it was not chosen."""
    return _ALTERNATIVES[alternative.name, alternative.why_not][language].format(
        gain=about(alternative.gain_minor, currency, language)
    )


def what_if(counterfactual: Counterfactual, language: Language, *, names: Names | None = None) -> str:
    """What would have changed the bot's mind."""
    values = {parameter.name: parameter.value for parameter in counterfactual.parameters}
    arm = _arm(int(values["arm"]), language, names)
    return _WHAT_IF[counterfactual.code][language].format(**{**values, "arm": arm})


def check(seen: Check, language: Language) -> str:
    """What was checked. Whether it passed stands beside it."""
    return _CHECKS[seen.name][language].format(seen=_short(seen.seen, language), limit=_short(seen.limit, language))


def outcome(measured: Outcome, language: Language, *, currency: str) -> str:
    """The measured gain beside the promise."""
    return _OUTCOMES[measured.held][language].format(
        gain=about(measured.gain_minor, currency, language),
        low=about(measured.promised_low_minor, currency, language),
        high=about(measured.promised_high_minor, currency, language),
        pending=percent(measured.pending_ppm, language),
    )


def decline_reason(reason: DeclineReason, language: Language) -> str:
    """A listed reason, as a person picks it."""
    return _DECLINES[reason][language]


def money(amount_minor: int, currency: str, language: Language) -> str:
    """``1.234,50 €`` or ``€1,234.50``, with a minus sign and no-break spaces."""
    return _money(amount_minor, currency, language, exponent(currency))


def about(amount_minor: int, currency: str, language: Language) -> str:
    """Like ``money``; from a hundred units on, whole units."""
    one = 10 ** exponent(currency)
    if abs(amount_minor) < 100 * one:
        return money(amount_minor, currency, language)
    whole = (abs(amount_minor) + one // 2) // one * one
    return _money(whole if amount_minor > 0 else -whole, currency, language, 0)


def percent(share_ppm: int, language: Language) -> str:
    """``33,3 %`` or ``33.3%``; whole percents without a digit after the point."""
    tenths = (abs(share_ppm) + 500) // 1000
    sign = "−" if share_ppm < 0 and tenths else ""
    text = sign + (str(tenths // 10) if tenths % 10 == 0 else f"{tenths // 10}.{tenths % 10}")
    return f"{text.replace('.', ',')}\u00a0%" if language == "de" else f"{text}%"


def _money(amount_minor: int, currency: str, language: Language, digits: int) -> str:
    whole, _, fraction = decimal(abs(amount_minor), currency).partition(".")
    grouped = f"{int(whole):,}"
    text = f"{grouped}.{fraction}" if digits else grouped
    sign, symbol = "−" if amount_minor < 0 else "", _SYMBOLS.get(currency, currency)
    if language == "de":
        return f"{sign}{text.translate(_SWAP)}\u00a0{symbol}"
    return f"{sign}{symbol}{text}" if symbol in _SYMBOLS.values() else f"{sign}{symbol}\u00a0{text}"


_SWAP: Final = str.maketrans(",.", ".,")


def _short(value: str, language: Language) -> str:
    """Three significant digits of a fraction; whole numbers as they are."""
    if "." not in value:
        return value
    text = f"{float(value):.3g}"
    return text.replace(".", ",") if language == "de" else text


def _arm(arm: int, language: Language, names: Names | None) -> str:
    name = (names or {}).get(arm)
    if name is None:
        return f"Variante {arm}" if language == "de" else f"arm {arm}"
    return f"„{name}“" if language == "de" else f"“{name}”"


def _spelled(parameters: tuple[Parameter, ...], language: Language, currency: str) -> dict[str, str]:
    """Parameters as people read them: shares in percent, amounts as money, the rest as it is."""
    spelled: dict[str, str] = {}
    for parameter in parameters:
        if "_ppm" in parameter.name:
            spelled[parameter.name] = percent(int(parameter.value), language)
        elif "_minor" in parameter.name:
            spelled[parameter.name] = about(int(parameter.value), currency, language)
        else:
            spelled[parameter.name] = parameter.value
    return spelled


_Words: TypeAlias = Mapping[Language, str]

_HEADLINE: Final[_Words] = {
    "de": "{arm} öfter zeigen: {after} statt {before}.",
    "en": "Show {arm} more often: {after} instead of {before}.",
}

_PROMISE: Final[_Words] = {
    "de": (
        "Erwartet: {gain} mehr {what} in {days} Tagen; "
        "gemessen wird mit 90 % Wahrscheinlichkeit zwischen {low} und {high}."
    ),
    "en": (
        "Expected: {gain} more {what} in {days} days; "
        "what is measured will lie between {low} and {high} with 90% probability."
    ),
}

_OBJECTIVES: Final[Mapping[Objective, _Words]] = {
    Objective.CLICKS: {
        "de": "freigegebener Umsatz aus mehr Klicks, jeder so viel wert wie bisher,",
        "en": "approved value from more clicks, each worth what it was so far,",
    },
    Objective.CONVERSIONS: {
        "de": "freigegebener Umsatz aus mehr Conversions, jede so viel wert wie bisher,",
        "en": "approved value from more conversions, each worth what it was so far,",
    },
    Objective.VALUE: {"de": "freigegebener Umsatz", "en": "approved value"},
    Objective.MARGIN: {"de": "Marge (Umsatz abzüglich Provision)", "en": "margin (value less commission)"},
}

_REFUSALS: Final[Mapping[Why, _Words]] = {
    Why.ALLOCATION_BROKEN: {
        "de": "Die Aufteilung ergibt nicht hundert Prozent oder nennt eine Variante zweimal. Bitte neu anlegen.",
        "en": "The allocation does not add up to one hundred percent, or names an arm twice. Please make a new one.",
    },
    Why.ONE_ARM: {
        "de": "Es gibt nur eine Variante. Mit einer zweiten lässt sich vergleichen.",
        "en": "There is only one arm. With a second one there is something to compare.",
    },
    Why.FLOOR_TOO_HIGH: {
        "de": "{arms} Varianten mit je mindestens {floor_ppm} gehen nicht auf. Bitte eines von beiden senken.",
        "en": "{arms} arms with at least {floor_ppm} each do not fit. Use fewer arms or a lower floor.",
    },
    Why.OUTSIDE_GOAL: {
        "de": "Die Ziele des Programms gelten heute nicht: Die Kampagne hat noch nicht begonnen oder ist vorbei.",
        "en": "The program's goals do not apply today: the campaign has not begun, or is over.",
    },
    Why.CLICKS_EQUAL: {
        "de": (
            "Die Variante wird erst beim Klick gelost, also bekommen alle gleich viele Klicks. "
            "Bitte Umsatz oder Marge als Ziel wählen."
        ),
        "en": (
            "The arm is drawn at the click, so all of them get their clicks by lot. "
            "Please choose value or margin as the objective."
        ),
    },
    Why.DATA_BROKEN: {
        "de": "Die Zahlen können nicht stimmen: Es gibt negative Werte oder Zeiträume ohne Dauer.",
        "en": "The figures cannot be right: there are negative values, or periods without length.",
    },
    Why.MARGIN_NEGATIVE: {
        "de": "Eine Variante kostet mehr Provision, als ihre Verkäufe einbringen. Bitte die Provisionsregel ansehen.",
        "en": "An arm costs more commission than its sales bring. Please look at the commission rule.",
    },
    Why.NO_EXPOSURES: {
        "de": "Noch hat niemand dieses Angebot gesehen.",
        "en": "Nobody has seen this offer yet.",
    },
    Why.SAMPLE_RATIO_BROKEN: {
        "de": (
            "Die Varianten wurden nicht so oft gezeigt, wie sie gelost wurden (p = {probability}). "
            "Solange das so ist, lässt sich nichts vergleichen; bitte die Messung prüfen."
        ),
        "en": (
            "The arms were not shown as often as they were drawn (p = {probability}). "
            "As long as that is so, nothing can be compared; please check the measurement."
        ),
    },
    Why.DATA_TOO_OLD: {
        "de": "Die letzten Daten sind {hours} Stunden alt, erlaubt sind {hours_max}. Bitte die Messung prüfen.",
        "en": "The latest data is {hours} hours old, {hours_max} are allowed. Please check the measurement.",
    },
    Why.TOO_EARLY: {
        "de": "Das wissen wir noch nicht: Es gibt Daten von {days} Tagen, nötig sind {days_min}.",
        "en": "We do not know yet: there is data of {days} days, {days_min} are needed.",
    },
    Why.THIN_DATA: {
        "de": "Das wissen wir noch nicht: Es gibt {conversions} Conversions, nötig sind {conversions_min}.",
        "en": "We do not know yet: there are {conversions} conversions, {conversions_min} are needed.",
    },
    Why.NO_VALUE: {
        "de": "Es gibt noch keinen Umsatz, an dem sich die Varianten messen ließen.",
        "en": "There is no value yet by which the arms could be judged.",
    },
    Why.NOT_COMPUTABLE: {
        "de": "Aus diesen Zahlen lässt sich nichts berechnen. Sie sind aufbewahrt; bitte melden.",
        "en": "Nothing can be computed from these figures. They are kept; please report it.",
    },
    Why.STEP_TOO_SMALL: {
        "de": "Eine Variante liegt weiter als einen Schritt ({step_ppm}) unter dem Mindestanteil von {floor_ppm}.",
        "en": "An arm lies more than a step ({step_ppm}) below the floor of {floor_ppm}.",
    },
    Why.NO_ARM_BETTER: {
        "de": (
            "Keine andere Aufteilung ist klar besser: Ein Gewinn von {least_minor} oder mehr ist zu {probability_ppm} "
            "wahrscheinlich, verlangt sind {probability_ppm_min}."
        ),
        "en": (
            "No other allocation is clearly better: a gain of {least_minor} or more has a probability of "
            "{probability_ppm}, {probability_ppm_min} are required."
        ),
    },
    Why.GAIN_SMALL: {
        "de": (
            "Eine andere Aufteilung wäre etwas besser, aber nicht sicher um {least_minor} oder mehr "
            "(Wahrscheinlichkeit {probability_ppm}, verlangt {probability_ppm_min})."
        ),
        "en": (
            "Another allocation would be a little better, but not surely by {least_minor} or more "
            "(probability {probability_ppm}, {probability_ppm_min} required)."
        ),
    },
}

_ALTERNATIVES: Final[Mapping[tuple[str, str], _Words]] = {
    ("leave", "gain_forgone"): {
        "de": "Nichts ändern: Dann entgeht der erwartete Gewinn.",
        "en": "Change nothing: the expected gain would be forgone.",
    },
    ("all_to_leader", "beyond_step"): {
        "de": "Sofort fast alles auf die beste Variante ({gain}): Das ist mehr als ein erlaubter Schritt.",
        "en": "Nearly everything to the leading arm at once ({gain}): that is more than one step allows.",
    },
    ("all_to_leader", "leader_unsure"): {
        "de": "Fast alles auf die beste Variante ({gain}): Dass sie die beste ist, steht noch nicht fest.",
        "en": "Nearly everything to the leading arm ({gain}): that it is the best one is not certain yet.",
    },
    ("equal", "knowledge_unused"): {
        "de": "Alle Varianten gleich oft ({gain}): Das nutzt nicht, was schon bekannt ist.",
        "en": "All arms alike ({gain}): that makes no use of what is known.",
    },
}

_WHAT_IF: Final[Mapping[str, _Words]] = {
    "leader_fewer": {
        "de": "Mit {conversions} Conversions weniger (von {of}) für {arm} gäbe es diesen Vorschlag nicht.",
        "en": "With {conversions} conversions fewer (of {of}) for {arm} there would be no such proposal.",
    },
    "loser_more": {
        "de": "Mit {conversions} Conversions mehr (zu {of}) für {arm} gäbe es diesen Vorschlag nicht.",
        "en": "With {conversions} conversions more (on top of {of}) for {arm} there would be no such proposal.",
    },
}

_CHECKS: Final[Mapping[str, _Words]] = {
    "counts_plausible": {
        "de": "Die Zahlen sind in sich möglich.",
        "en": "The figures are possible in themselves.",
    },
    "sample_ratio": {
        "de": "Die Varianten wurden so oft gezeigt, wie sie gelost wurden (p = {seen}, Grenze {limit}).",
        "en": "The arms were shown as often as they were drawn (p = {seen}, limit {limit}).",
    },
    "data_age_hours": {
        "de": "Alter der Daten: {seen} Stunden, erlaubt {limit}.",
        "en": "Age of the data: {seen} hours, {limit} allowed.",
    },
    "days": {"de": "Tage mit Daten: {seen}, nötig {limit}.", "en": "Days with data: {seen}, {limit} needed."},
    "conversions": {"de": "Conversions: {seen}, nötig {limit}.", "en": "Conversions: {seen}, {limit} needed."},
    "effect_stable": {
        "de": "Die Varianten unterscheiden sich früher und später gleich (p = {seen}, Grenze {limit}).",
        "en": "The arms differ alike in earlier and later days (p = {seen}, limit {limit}).",
    },
}

_OUTCOMES: Final[Mapping[Held, _Words]] = {
    Held.KEPT: {
        "de": "Gehalten: {gain} gemessen, versprochen waren {low} bis {high}.",
        "en": "Kept: {gain} measured, {low} to {high} were promised.",
    },
    Held.BELOW: {
        "de": "Nicht gehalten: {gain} gemessen, versprochen waren {low} bis {high}.",
        "en": "Not kept: {gain} measured, {low} to {high} were promised.",
    },
    Held.ABOVE: {
        "de": "Mehr als versprochen: {gain} gemessen, versprochen waren {low} bis {high}.",
        "en": "More than promised: {gain} measured, {low} to {high} were promised.",
    },
    Held.OPEN: {
        "de": "Noch offen: {pending} der Conversions sind unentschieden. Bisher {gain}, versprochen {low} bis {high}.",
        "en": "Still open: {pending} of the conversions are undecided. So far {gain}, promised {low} to {high}.",
    },
}

_DECLINES: Final[Mapping[DeclineReason, _Words]] = {
    DeclineReason.EVIDENCE_WEAK: {"de": "Die Belege überzeugen nicht", "en": "The evidence does not convince"},
    DeclineReason.DATA_WRONG: {"de": "Die Daten stimmen nicht", "en": "The data is wrong"},
    DeclineReason.NOT_NOW: {"de": "Nicht jetzt", "en": "Not now"},
    DeclineReason.AGREED_OTHERWISE: {
        "de": "Mit dem Partner anders vereinbart",
        "en": "Agreed otherwise with the partner",
    },
    DeclineReason.DOES_NOT_FIT: {
        "de": "Passt nicht zur Marke oder Kampagne",
        "en": "Does not fit the brand or campaign",
    },
    DeclineReason.OTHER: {"de": "Anderer Grund (bitte notieren)", "en": "Another reason (please note it)"},
}
