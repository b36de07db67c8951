"""One customer's users and licences over time."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from ccinsight import i18n
from ccinsight.charts.axes import count_axis, day_axis
from ccinsight.charts.figure import Chart, Drawing, empty, scatter
from ccinsight.charts.palette import Palette
from ccinsight.charts.values import day_of, numbers
from ccinsight.i18n import _, ngettext
from ccinsight.registry import REPORTS


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
    column = REPORTS["user_history"].column
    looks = (
        ("available_licences", palette.grey, "dot", 1.5, "triangle-up"),
        ("registered_users", palette.accent, "solid", 2.5, "circle"),
        ("active_users", palette.accent_mid, "dash", 2, "square"),
    )
    traces = [
        scatter(
            x=[*(day.isoformat() for day in days), as_of.isoformat()],
            y=[*numbers(rows[name]), _last(rows[name])],
            mode="lines+markers",
            cliponaxis=False,
            name=_(column(name).label),
            connectgaps=True,
            line={"shape": "hv", "color": colour, "dash": dash, "width": width},
            marker={"symbol": symbol, "size": [6] * len(days) + [0]},
            customdata=[
                _count_text(day, column(name), value) for day, value in zip(days, rows[name], strict=True)
            ]
            + [_count_text(as_of, column(name), _last(rows[name]))],
            hovertemplate="%{customdata}<extra></extra>",
        )
        for name, colour, dash, width, symbol in looks
        if rows[name].notna().any()
    ]
    drawn = Drawing(palette, traces, height=260, showlegend=True)
    # A first count alone still gives its line some room.
    first = min(days[0], (pd.Timestamp(as_of) - pd.DateOffset(months=3)).date())
    drawn.x(**day_axis(first, as_of))
    every = [value for name, *_look in looks for value in numbers(rows[name])]
    drawn.y(**count_axis(every, lambda n: ngettext("{count} user", "{count} users", n)))
    alt = _(
        "{registered} registered and {active} active users, {licences} licences at the last count on {day}."
    ).format(
        registered=i18n.number(_last(rows["registered_users"])),
        active=i18n.number(_last(rows["active_users"])),
        licences=i18n.number(_last(rows["available_licences"])),
        day=i18n.day(days[-1]),
    )
    return Chart(drawn.figure(), alt, title)


def _last(values: pd.Series[Any]) -> float | None:
    known = values.dropna()
    return None if known.empty else float(known.iloc[-1])


def _count_text(day: date, column: Any, value: Any) -> str:
    return f"{i18n.day(day)}<br>{_(column.label)}: {column.shown(value)}"
