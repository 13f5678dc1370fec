"""Reads drafts as a person would, and asks of each number whether the evidence has it.

It knows nothing of how drafts are written: dates, times, amounts and counts are read back from the text, in German and
in English, and looked up among the values."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from warum.domain.routine.drafts import Draft, Kind

_MONTHS: Final = {
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "en": "January February March April May June July August September October November December",
}
_SIGNS: Final = {"€": "EUR", "£": "GBP", "$": "USD"}
_DIGITS: Final = {"JPY": 0, "KWD": 3}
_CODE: Final = r"€|£|\$|[A-Z]{3}"


def unfounded(draft: Draft) -> list[str]:
    """What a draft says in figures and its evidence does not hold; empty for a good one."""
    text = f"{draft.subject}\n{draft.body}"
    for each in sorted(draft.evidence, key=lambda one: -len(str(one.value))):
        # A name without a figure stays, or that of a currency would take the sign of an amount away.
        if each.kind in (Kind.NAME, Kind.URL, Kind.REF) and re.search(r"\d", str(each.value)):
            text = text.replace(str(each.value), " ")
    days, clocks, amounts, counts = _held(draft)
    wrong: list[str] = []

    def take(pattern: str, known: set[str], value: Callable[[re.Match[str]], str]) -> None:
        nonlocal text

        def check(found: re.Match[str]) -> str:
            if value(found) not in known:
                wrong.append(found[0])
            return " "

        text = re.sub(pattern, check, text)

    months = _MONTHS[draft.language].split()
    point = r"\." if draft.language == "de" else ""
    names = "|".join(months)
    take(
        rf"(\d{{1,2}}){point}[\s\u00a0]({names})[\s\u00a0](\d{{4}})",
        days,
        lambda found: f"{int(found[3]):04d}-{months.index(found[2]) + 1:02d}-{int(found[1]):02d}",
    )
    take(r"\d{2}:\d{2}", clocks, lambda found: found[0])
    if draft.language == "de":
        take(rf"(\d[\d.]*)(?:,(\d+))?\u00a0({_CODE})", amounts, lambda found: _amount(found[1], found[2], found[3]))
    else:
        take(rf"({_CODE})\u00a0?(\d[\d,]*)(?:\.(\d+))?", amounts, lambda found: _amount(found[2], found[3], found[1]))
    take(r"\d(?:[\d.,]*\d)?", counts, lambda found: re.sub(r"[.,]", "", found[0]))
    return wrong


def _held(draft: Draft) -> tuple[set[str], set[str], set[str], set[str]]:
    """Days, times, amounts and counts of the evidence."""
    days, clocks, amounts, counts = set[str](), set[str](), set[str](), set[str]()
    for each in draft.evidence:
        match each.kind:
            case Kind.DAY:
                days.add(str(each.value))
            case Kind.MOMENT:
                epoch = datetime(1970, 1, 1, tzinfo=ZoneInfo("UTC"))
                local = (epoch + timedelta(microseconds=int(each.value))).astimezone(ZoneInfo(each.unit))
                days.add(local.date().isoformat())
                clocks.add(f"{local:%H:%M}")
            case Kind.MONEY:
                amounts.add(f"{each.value} {each.unit}")
            case Kind.COUNT:
                counts.add(str(each.value))
            case Kind.NAME | Kind.URL | Kind.REF | Kind.TERM:
                pass
    return days, clocks, amounts, counts


def _amount(whole: str, fraction: str | None, sign: str) -> str:
    currency = _SIGNS.get(sign, sign)
    digits = _DIGITS.get(currency, 2)
    if len(fraction or "") != digits:
        return "not an amount"
    return f"{int(re.sub(r'[.,]', '', whole) + (fraction or ''))} {currency}"
