"""One customer's users and licences over time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from ccinsight import i18n
from ccinsight.charts.axes import (
    count_axis,
    day_axis,
)
from ccinsight.charts.figure import HOVER, Chart, Drawing, empty, scatter
from ccinsight.charts.marks import Days, mark
from ccinsight.charts.palette import Palette
from ccinsight.charts.values import day_of, numbers
from ccinsight.i18n import _, ngettext
from ccinsight.registry import REPORTS

_NAMES = ("available_licences", "registered_users", "active_users")


@dataclass(frozen=True)
class _Counts:
    """A number that holds from day to day: its name, a value on each day (None unknown), and a text on hover."""

    key: str
    name: str
    values: Sequence[float | None]
    hover: Sequence[str]


def user_history(history: pd.DataFrame, as_of: date, palette: Palette) -> Chart:
    """Stepped lines of the report ``user_history`` for one customer: registered users, active users,
    licences.

    A count holds until the next one (R5), the last one to the as-of date.
    """
    title = _("Users and licences over time")
    if history.empty:
        return empty(palette, title, _("No user count is known. The export of user counts fills this in."))
    rows = history.sort_values("counted_on")
    days = [day_of(value) for value in rows["counted_on"]]
    registered, active, licences = (
        i18n.number(_last(rows[name])) for name in ("registered_users", "active_users", "available_licences")
    )
    alt = _(
        "{registered} registered and {active} active users, {licences} licences at the last count on {day}."
    ).format(registered=registered, active=active, licences=licences, day=i18n.day(days[-1]))
    days.append(as_of)
    return _draw(days, _counts(rows, days), palette).chart(alt, title)


def _counts(rows: pd.DataFrame, days: Sequence[date]) -> list[_Counts]:
    """Those of the three numbers that are known on some day. The last of the days is the as-of date."""
    columns = {key: REPORTS["user_history"].column(key) for key in _NAMES if rows[key].notna().any()}
    values = {key: [*numbers(rows[key]), _last(rows[key])] for key in columns}
    # equal numbers lie over each other: each mark says them all
    hover = [
        "<br>".join(
            [
                i18n.day(day),
                *(f"{_(each.label)}: {each.shown(values[key][at])}" for key, each in columns.items()),
            ]
        )
        for at, day in enumerate(days)
    ]
    return [_Counts(key, _(each.label), values[key], hover) for key, each in columns.items()]


def _draw(days: Sequence[date], counts: Sequence[_Counts], palette: Palette) -> Drawing:
    looks = {
        "available_licences": (palette.grey, "dot", 1.5, "triangle-up"),
        "registered_users": (palette.accent, "solid", 2.5, "circle"),
        "active_users": (palette.accent_mid, "dash", 2, "square"),
    }
    drawn = Drawing(palette, height=260, showlegend=True)
    for each in counts:
        colour, dash, width, symbol = looks[each.key]
        line = scatter(
            x=[day.isoformat() for day in days],
            y=list(each.values),
            mode="lines+markers",
            cliponaxis=False,
            name=each.name,
            connectgaps=True,
            line={"shape": "hv", "color": colour, "dash": dash, "width": width},
            marker={"symbol": symbol, "size": [6] * (len(days) - 1) + [0]},
            customdata=list(each.hover),
            hovertemplate=HOVER,
            marks=[mark(i18n.day(day), counted_on=Days(day, day)) for day in days[:-1]],
        )
        drawn.add(line)
    # A first count alone still gives its line some room.
    first = min(days[0], (pd.Timestamp(days[-1]) - pd.DateOffset(months=3)).date())
    drawn.x(**day_axis(first, days[-1]))
    every = [value for each in counts for value in each.values]
    drawn.y(**count_axis(every, lambda n: ngettext("{count} user", "{count} users", n)))
    return drawn


def _last(values: pd.Series[Any]) -> float | None:
    known = values.dropna()
    return None if known.empty else float(known.iloc[-1])
