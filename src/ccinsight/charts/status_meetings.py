"""The status meetings of the coming months."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pandas as pd

from ccinsight import i18n
from ccinsight.charts.axes import count_axis, month_axis
from ccinsight.charts.figure import Chart, Drawing, bar, nothing
from ccinsight.charts.palette import Palette
from ccinsight.charts.values import heights, month_key, months_between
from ccinsight.i18n import _, ngettext
from ccinsight.registry import label_of

# From the bottom of a column to its top: what needs doing first.
_STATUSES = ("overdue", "due", "planned", "held")


def meetings_by_month(meetings: pd.DataFrame, as_of: date, palette: Palette) -> Chart:
    """Stacked columns of the report ``status_meetings``: agreements by status and by the month of the
    price-notice deadline. Months without any are drawn too.
    """
    title = _("Status meetings by the month of the price-notice deadline")
    known = meetings.dropna(subset=["best_before"])
    if known.empty:
        return nothing(palette, title)
    months = months_between(known["best_before"].min().date(), known["best_before"].max().date())
    keys = [month_key(month) for month in months]
    placed = Counter(
        (status, month_key(day)) for status, day in zip(known["status"], known["best_before"], strict=True)
    )
    traces, totals = [], [0.0] * len(keys)
    for status in _STATUSES:
        counts = [float(placed[status, key]) for key in keys]
        if not sum(counts):
            continue
        totals = [total + count for total, count in zip(totals, counts, strict=True)]
        label = label_of("meeting_status", status)
        traces.append(
            bar(
                x=keys,
                y=heights(counts),
                name=label,
                marker=_marker(palette, status),
                customdata=[
                    f"{i18n.month(month)}<br>{label}: {_meetings(n)}"
                    for month, n in zip(months, counts, strict=True)
                ],
                hovertemplate="%{customdata}<extra></extra>",
            )
        )
    drawn = Drawing(palette, traces, height=300, barmode="stack", showlegend=True)
    drawn.x(**month_axis(months))
    drawn.y(**count_axis(totals, lambda n: ngettext("{count} agreement", "{count} agreements", n)))
    _mark(drawn, as_of, keys, palette)
    return Chart(drawn.figure(), _alt(known, months, totals), title)


def _marker(palette: Palette, status: str) -> dict[str, object]:
    """Distinguished by lightness and pattern too."""
    match status:
        case "overdue":
            pattern = {
                "shape": ".",
                "fgcolor": palette.ending_lines,
                "bgcolor": palette.ending,
                "size": 5,
                "solidity": 0.3,
            }
            return {
                "color": palette.ending,
                "pattern": pattern,
                "line": {"color": palette.ending, "width": 1},
            }
        case "due":
            return {"color": palette.accent, "line": {"color": palette.surface, "width": 0.5}}
        case "planned":
            pattern = {
                "shape": "/",
                "fgcolor": palette.open_lines,
                "bgcolor": palette.open,
                "size": 7,
                "solidity": 0.18,
            }
            return {
                "color": palette.open,
                "pattern": pattern,
                "line": {"color": palette.open_lines, "width": 1},
            }
        case _:
            return {"color": palette.grey_soft, "line": {"color": palette.surface, "width": 0.5}}


def _mark(drawn: Drawing, as_of: date, keys: list[str], palette: Palette) -> None:
    """A line through the month of the as-of date."""
    key = month_key(as_of)
    if key in keys:
        line = {"color": palette.text, "width": 1.5, "dash": "dot"}
        drawn.shape(type="line", x0=key, x1=key, y0=0, y1=1, yref="paper", line=line, layer="below")


def _alt(known: pd.DataFrame, months: list[date], totals: list[float]) -> str:
    counts = known["status"].value_counts()
    parts = [
        f"{label_of('meeting_status', status).lower()} {i18n.number(int(counts[status]))}"
        for status in _STATUSES
        if status in counts
    ]
    most = max(range(len(totals)), key=totals.__getitem__)
    return _("{meetings}: {parts}. Most in {month} with {count}.").format(
        meetings=_meetings(len(known)),
        parts=", ".join(parts),
        month=i18n.month(months[most]),
        count=i18n.number(totals[most]),
    )


def _meetings(count: float) -> str:
    return ngettext("{count} status meeting", "{count} status meetings", int(count)).format(
        count=i18n.number(count)
    )
