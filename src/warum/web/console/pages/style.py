"""The living style page: every component in every state, drawn by the macros that the pages use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from warum.kernel.period import DAY_US, HOUR_US, MINUTE_US, SECOND_US
from warum.web.console.charts import Chart, Series, Sparkline, share_percent, sparkline
from warum.web.console.forms import Filled
from warum.web.console.routing import Pages
from warum.web.console.visit import Toast, Visit

pages: Final = Pages()

_LINE: Final = (12, 15, 11, 18, 22, 19, 25, 24, 31, 28, 33, 36, 30, 38)
_BEFORE: Final = (14, 13, 15, 14, 18, 20, 19, 18, 22, 24, 21, 25, 27, 26)
_COLOURS: Final = (
    *("canvas", "surface", "sunken", "hover", "selected", "line", "line-strong", "text", "text-soft", "text-faint"),
    *("accent", "accent-tint", "good", "good-tint", "wait", "wait-tint", "bad", "bad-tint", "paid", "paid-tint"),
    *("chart-1", "chart-2", "chart-3", "chart-4", "chart-other"),
)
_ROWS: Final = (
    ("Reisefeder", "approved", 8_120, 184_200, 1),
    ("Küstenkompass", "pending", 5_744, 91_030, -1),
    ("Slow Weekends", "declined", 2_961, 30_210, 1),
    ("Familienküche", "paid", 1_379, 12_999, -1),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StyleRow:
    """A row of the table of examples."""

    name: str
    status: str
    clicks: int
    minor: int
    percent: float
    line: Sparkline | None


@pages.get("/style")
def show(visit: Visit) -> Response:
    formats = visit.look.formats
    now_us = formats.now_us
    days = [now_us - age * DAY_US for age in reversed(range(len(_LINE)))]
    chart = Chart(
        x=[day_us // SECOND_US for day_us in days],
        series=(
            Series(visit.say("style.clicks"), _LINE, [formats.number(value) for value in _LINE], fill=True),
            Series(visit.say("style.before"), _BEFORE, [formats.number(v) for v in _BEFORE], tone="other", dash=True),
        ),
        language=formats.language,
        zone=formats.timezone,
    )
    return visit.page(
        "pages/style.html",
        toast=Toast(visit.say("style.toast")) if "toast" in visit.query else None,
        period=visit.period,
        colours=_COLOURS,
        line=sparkline(_LINE),
        flat=sparkline((0, 0, 0, 0)),
        rows=_rows(),
        moments=(now_us - 2 * MINUTE_US, now_us - 3 * HOUR_US, now_us - 2 * DAY_US, now_us + 12 * DAY_US),
        empty=Filled(),
        wrong=Filled({"email": "ana@"}, {"email": visit.say("refusal.email_malformed")}),
        chart=chart,
        chart_rows=[
            (formats.day(day), formats.number(value), formats.number(before))
            for day, value, before in zip(days, _LINE, _BEFORE, strict=True)
        ],
        formats=(
            ("money", formats.money(123_456_789, "EUR")),
            ("money JPY", formats.money(1_234_567, "JPY")),
            ("money_compact", formats.money_compact(123_456_789, "EUR")),
            ("money_signed", formats.money_signed(-1_205, "EUR")),
            ("number", formats.number(1_234_567)),
            ("compact", formats.compact(1_234_567)),
            ("percent", formats.percent(0.0812)),
            ("percent_signed", formats.percent_signed(0.124)),
            ("moment", formats.moment(now_us)),
            ("moment", formats.moment(now_us - 400 * DAY_US)),
            ("day", formats.day(now_us)),
            ("day_short", formats.day_short(now_us)),
            ("time", formats.time(now_us)),
            ("ago", formats.ago(now_us - 3 * HOUR_US)),
            ("ago", formats.ago(now_us + 5 * DAY_US)),
        ),
    )


def _rows() -> tuple[StyleRow, ...]:
    largest = max(row[2] for row in _ROWS)
    return tuple(
        StyleRow(
            name=name,
            status=status,
            clicks=clicks,
            minor=minor,
            percent=share_percent(clicks, largest),
            line=sparkline(_LINE[::step]),
        )
        for name, status, clicks, minor, step in _ROWS
    )
