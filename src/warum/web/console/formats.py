"""Numbers, money and moments as a person reads them. Numbers follow the language (CLDR), moments the person's own time
zone; nothing here knows a page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache, cached_property
from typing import Final
from zoneinfo import ZoneInfo

from babel import Locale as Cldr
from babel.dates import format_date, format_datetime, format_interval, format_skeleton, format_time, format_timedelta
from babel.numbers import format_compact_currency, format_compact_decimal, format_currency, format_decimal

from warum.kernel.money import decimal
from warum.kernel.period import DAY_US, SECOND_US, from_us
from warum.web.console.words import Locale, say

# British English: its order of day and month, its 24 hours and its Monday are those of our readers.
_CLDR: Final = {"en": Cldr("en", "GB"), "de": Cldr("de", "DE")}

_NARROW: Final = "\u202f"  # narrow no-break space
_now_us_max: Final = 5 * SECOND_US


@dataclass(frozen=True)
class Formats:
    """Writes values for one reader.

    Attributes:
        now_us: the moment that "3 minutes ago" counts from.
    """

    locale: Locale
    timezone: str
    now_us: int

    def number(self, value: float | Decimal, digits: int = 0) -> str:
        """With groups of thousands and so many digits behind the point."""
        if isinstance(value, int) and not digits:
            return _grouped(self.locale, value)
        return format_decimal(value, format=_pattern(digits), locale=self._cldr)

    def compact(self, value: float) -> str:
        """Short, for a card: 12.3K. German has no short form for thousands."""
        if self.locale == "de" and abs(value) < 1_000_000:
            return self.number(value)
        return format_compact_decimal(value, fraction_digits=1, locale=self._cldr)

    def money(self, minor: int, currency: str) -> str:
        """Exact."""
        before, after = _around_amount(self.locale, currency)
        whole, _, fraction = decimal(abs(minor), currency).partition(".")
        point = _POINT[self.locale] + fraction if fraction else ""
        return f"{'-' if minor < 0 else ''}{before}{_grouped(self.locale, int(whole))}{point}{after}"

    def money_compact(self, minor: int, currency: str) -> str:
        """Short, for a card or an axis: exact below a thousand, whole units below a million."""
        return self._money_short(minor, currency, 1_000)

    def money_about(self, minor: float, currency: str) -> str:
        """An estimate: whole units from a hundred on, since more digits would pretend to know more; nothing is 0."""
        return self._money_short(round(minor), currency, 100 if round(minor) else 0)

    def money_signed(self, minor: int, currency: str) -> str:
        """With its sign, as a change is written."""
        return ("+" if minor > 0 else "") + self.money(minor, currency)

    def percent(self, share: float, digits: int = 1) -> str:
        """A share between 0 and 1: 0.0312 is 3.1 %."""
        space = "" if self.locale == "en" else _NARROW
        return f"{self.number(share * 100, digits)}{space}%"

    def percent_signed(self, share: float, digits: int = 1) -> str:
        return ("+" if share > 0 else "") + self.percent(share, digits)

    def moment(self, moment: datetime | int) -> str:
        """Day and time of day."""
        return format_datetime(self._local(moment), "medium" if self._far(moment) else self._short, locale=self._cldr)

    def day(self, value: date | datetime | int) -> str:
        """A calendar day; a moment stands for the day that it is for the reader."""
        return format_skeleton("yMMMd", self._date(value), locale=self._cldr)

    def day_short(self, value: date | datetime | int) -> str:
        """Day and month, where the year is clear."""
        return format_skeleton("MMMd", self._date(value), locale=self._cldr)

    def month(self, value: date) -> str:
        """A month with its year."""
        return format_skeleton("yMMMM", value, locale=self._cldr)

    def weekday(self, value: date | datetime | int) -> str:
        return format_date(self._date(value), "EEE", locale=self._cldr)

    def time(self, moment: datetime | int) -> str:
        return format_time(self._local(moment), "short", locale=self._cldr)

    def days(self, first: date, last: date) -> str:
        """A span of days, both included."""
        return format_interval(first, last, "yMMMd", locale=self._cldr)

    def ago(self, moment: datetime | int) -> str:
        """How long since, or until; the day once that is clearer."""
        distance_us = self._us(moment) - self.now_us
        if abs(distance_us) >= 7 * DAY_US:
            return self.day(moment)
        if abs(distance_us) < _now_us_max:
            return say(self.locale, "time.now")
        return format_timedelta(timedelta(microseconds=distance_us), add_direction=True, locale=self._cldr)

    def duration(self, span: timedelta) -> str:
        return format_timedelta(span, locale=self._cldr)

    def iso(self, moment: datetime | int) -> str:
        """For machines: the attribute of a ``time`` element."""
        return from_us(self._us(moment)).isoformat(timespec="seconds").replace("+00:00", "Z")

    @property
    def language(self) -> str:
        """With its region, as browsers name it."""
        return str(self._cldr).replace("_", "-")

    def _money_short(self, minor: int, currency: str, whole_from: int) -> str:
        amount = Decimal(decimal(minor, currency))
        if abs(amount) < whole_from:
            return self.money(minor, currency)
        if abs(amount) < 1_000_000:
            pattern = "¤#,##0" if self.locale == "en" else "#,##0\xa0¤"
            return format_currency(amount, currency, format=pattern, locale=self._cldr, currency_digits=False)
        return format_compact_currency(amount, currency, fraction_digits=1, locale=self._cldr)

    @cached_property
    def today(self) -> date:
        return self._local(self.now_us).date()

    @cached_property
    def _cldr(self) -> Cldr:
        return _CLDR[self.locale]

    @cached_property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def _short(self) -> str:
        """Day, month and time, for moments of this year."""
        return "d MMM, HH:mm" if self.locale == "en" else "d. MMM, HH:mm"

    def _far(self, moment: datetime | int) -> bool:
        return self._local(moment).year != self.today.year

    def _local(self, moment: datetime | int) -> datetime:
        return (from_us(moment) if isinstance(moment, int) else moment).astimezone(self._zone)

    def _date(self, value: date | datetime | int) -> date:
        return self._local(value).date() if isinstance(value, int | datetime) else value

    def _us(self, moment: datetime | int) -> int:
        return moment if isinstance(moment, int) else round(moment.timestamp() * 1_000_000)


# A page of a list holds hundreds of numbers, and CLDR's way of writing one takes a tenth of a millisecond. What stands
# around an amount is asked once; groups and the point are the same for every number of a language.
_POINT: Final[Mapping[Locale, str]] = {"en": ".", "de": ","}
_GROUP: Final[Mapping[Locale, str]] = {"en": ",", "de": "."}


def _grouped(locale: Locale, value: int) -> str:
    return f"{value:,}".replace(",", _GROUP[locale])


@cache
def _around_amount(locale: Locale, currency: str) -> tuple[str, str]:
    """What stands before and behind the digits of an amount."""
    sample = format_currency(Decimal(7), currency, locale=_CLDR[locale], currency_digits=False)
    before, _, after = sample.partition(f"7{_POINT[locale]}00")
    return before, after


def _pattern(digits: int) -> str:
    return "#,##0" + ("." + "0" * digits if digits else "")
