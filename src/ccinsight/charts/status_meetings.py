"""The status meetings of the coming months."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from ccinsight import i18n
from ccinsight.charts.axes import (
    count_axis,
)
from ccinsight.charts.figure import Chart, Drawing, nothing
from ccinsight.charts.marks import month_marks
from ccinsight.charts.months import MonthTable, Part, stacked
from ccinsight.charts.palette import Palette
from ccinsight.charts.sums import counts_by_month
from ccinsight.charts.values import month_key, months_between
from ccinsight.i18n import _, ngettext
from ccinsight.registry import label_of

# From the bottom of a column to its top: what needs doing first.
_STATUSES = ("overdue", "due", "planned", "held")


def meetings_by_month(meetings: pd.DataFrame, as_of: date, palette: Palette) -> Chart:
    """Stacked columns of the report ``status_meetings``: agreements by status (R12) and by the month of the
    price-notice deadline. Months without any are drawn too.
    """
    title = _("Status meetings by the month of the price-notice deadline")
    known = meetings.dropna(subset=["best_before"])
    if known.empty:
        return nothing(palette, title)
    table = _statuses_by_month(known)
    return _draw(table, as_of, palette).chart(_alt(known, table), title)


def _statuses_by_month(known: pd.DataFrame) -> MonthTable:
    """The number of agreements of each status a month; a status that none has is left out."""
    months = months_between(known["best_before"].min().date(), known["best_before"].max().date())
    parts = []
    for status in _STATUSES:
        label = label_of("meeting_status", status)
        counts = counts_by_month(known.loc[known["status"] == status, "best_before"], months)
        hover = [
            f"{i18n.month(month)}<br>{label}: {_meetings(count)}"
            for month, count in zip(months, counts, strict=True)
        ]
        if any(counts):
            marks = month_marks(months, "best_before", label, status=(status,))
            parts.append(Part(status, label, counts, hover, marks=marks))
    return MonthTable(months, parts)


def _draw(table: MonthTable, as_of: date, palette: Palette) -> Drawing:
    drawn = stacked(table, _markers(palette), palette)
    drawn.y(**count_axis(table.ends(), lambda n: ngettext("{count} agreement", "{count} agreements", n)))
    key = month_key(as_of)
    if key in [month_key(month) for month in table.months]:
        # Before the columns, on a light edge: the line is as dark as they are.
        for line in (
            {"color": palette.surface, "width": 4},
            {"color": palette.text, "width": 1.5, "dash": "dot"},
        ):
            drawn.shape(type="line", x0=key, x1=key, y0=0, y1=1, yref="paper", line=line, layer="above")
    return drawn


def _markers(palette: Palette) -> dict[str, dict[str, Any]]:
    """Fills that differ by lightness and pattern too."""
    line = {"color": palette.surface, "width": 0.5}
    return {
        "overdue": palette.status_marker("ending"),
        "due": {"color": palette.accent, "line": line},
        "planned": palette.status_marker("open"),
        "held": {"color": palette.grey_soft, "line": line},
    }


def _alt(known: pd.DataFrame, table: MonthTable) -> str:
    counts = known["status"].value_counts()
    parts = [
        f"{label_of('meeting_status', status).lower()} {i18n.number(int(counts[status]))}"
        for status in _STATUSES
        if status in counts
    ]
    totals = table.ends()[: len(table.months)]
    most = max(range(len(totals)), key=totals.__getitem__)
    return _("{meetings}: {parts}. Most in {month} with {count}.").format(
        meetings=_meetings(len(known)),
        parts=", ".join(parts),
        month=i18n.month(table.months[most]),
        count=i18n.number(totals[most]),
    )


def _meetings(count: float) -> str:
    return ngettext("{count} status meeting", "{count} status meetings", int(count)).format(
        count=i18n.number(count)
    )
