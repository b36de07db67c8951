"""How much the customers use support: tickets by month and by channel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from ccinsight import i18n
from ccinsight.charts.axes import count_axis
from ccinsight.charts.bars import name_rows, write_behind
from ccinsight.charts.figure import Chart, Drawing, bar, nothing
from ccinsight.charts.marks import mark, month_marks
from ccinsight.charts.months import MonthTable, Part, stacked
from ccinsight.charts.palette import Palette
from ccinsight.charts.values import day_of, heights, numbers
from ccinsight.i18n import _, ngettext
from ccinsight.registry import label_of

_SCOPES = ("support", "training", "consulting")
_ROW = 30


def tickets_by_month(months: pd.DataFrame, palette: Palette, behind: str = "month") -> Chart:
    """Stacked columns of the report ``tickets_by_month``: support, training and consulting.

    ``behind``: the column of days of the table whose rows a column stands for.
    """
    title = _("Tickets opened each month")
    if months.empty or not months["tickets"].sum():
        return nothing(palette, title)
    return _draw_scopes(_scopes_by_month(months, behind), palette).chart(_months_alt(months), title)


def _scopes_by_month(months: pd.DataFrame, behind: str) -> MonthTable:
    """The tickets of each scope, a month (R10)."""
    days = [day_of(value) for value in months["month"]]
    parts = [
        Part(
            key=scope,
            name=label_of("scope", scope),
            values=numbers(months[scope]),
            hover=[i18n.month(day) for day in days],
            template=f"%{{customdata}}<br>{label_of('scope', scope)}: %{{y:,d}}<extra></extra>",
            marks=month_marks(days, behind),
        )
        for scope in _SCOPES
    ]
    return MonthTable(days, parts)


def _draw_scopes(table: MonthTable, palette: Palette) -> Drawing:
    drawn = stacked(table, _scope_markers(palette), palette)
    drawn.y(**count_axis(table.ends(), lambda n: ngettext("{count} ticket", "{count} tickets", n)))
    return drawn


def _months_alt(months: pd.DataFrame) -> str:
    most = int(months["tickets"].astype("float64").fillna(0).to_numpy().argmax())
    return _(
        "{tickets} in {months}, most in {month} with {most}; {training} training and {consulting} consulting."
    ).format(
        tickets=_tickets(months["tickets"].sum()),
        months=ngettext("{count} month", "{count} months", len(months)).format(count=len(months)),
        month=i18n.month(day_of(months["month"].iloc[most])),
        most=i18n.number(months["tickets"].max()),
        training=i18n.number(months["training"].sum()),
        consulting=i18n.number(months["consulting"].sum()),
    )


@dataclass(frozen=True)
class _Channels:
    """The channels from the least used to the most used, with their tickets by scope and in all."""

    keys: list[str]
    names: list[str]
    by_scope: dict[str, list[float | None]]
    totals: list[float | None]
    texts: list[str]


def channel_mix(channels: pd.DataFrame, palette: Palette) -> Chart:
    """Stacked horizontal bars of the report ``tickets_by_channel``: how tickets come in, and their scopes."""
    title = _("How tickets come in, last 12 months")
    shown = channels[channels["tickets"] > 0].sort_values("tickets") if not channels.empty else channels
    if shown.empty:
        return nothing(palette, title)
    first = shown.iloc[-1]
    alt = _("{tickets} in all; {channel} leads with {share}.").format(
        tickets=_tickets(shown["tickets"].sum()),
        channel=label_of("channel", first["channel"]),
        share=i18n.percent(float(first["tickets"]) / float(shown["tickets"].sum())),
    )
    return _draw_channels(_channels(shown), palette).chart(alt, title)


def _channels(shown: pd.DataFrame) -> _Channels:
    totals = numbers(shown["tickets"])
    return _Channels(
        keys=list(shown["channel"]),
        names=[label_of("channel", value) for value in shown["channel"]],
        by_scope={scope: numbers(shown[scope]) for scope in _SCOPES},
        totals=totals,
        # the unit once, at the longest bar
        texts=[*(i18n.number(value) for value in totals[:-1]), _tickets(totals[-1])],
    )


def _draw_channels(table: _Channels, palette: Palette) -> Drawing:
    markers = _scope_markers(palette)
    traces = [
        bar(
            x=heights(values),
            y=table.names,
            orientation="h",
            name=label_of("scope", scope),
            marker=markers[scope],
            hovertemplate=f"%{{y}}<br>{label_of('scope', scope)}: %{{x:,d}}<extra></extra>",
            marks=[mark(name, channel=(key,)) for key, name in zip(table.keys, table.names, strict=True)],
        )
        for scope, values in table.by_scope.items()
    ]
    drawn = Drawing(palette, traces, height=72 + _ROW * len(table.names), barmode="stack", showlegend=True)
    name_rows(drawn, table.names, table.names, palette)
    # Room for the number behind the longest bar.
    drawn.x(range=[0, max(value or 0 for value in table.totals) * 1.3])
    write_behind(drawn, table.names, table.totals, table.texts)
    return drawn


def _scope_markers(palette: Palette) -> dict[str, dict[str, Any]]:
    colours = {"support": palette.accent, "training": palette.accent_mid, "consulting": palette.grey_soft}
    line = {"color": palette.surface, "width": 0.5}
    return {scope: {"color": colour, "line": line} for scope, colour in colours.items()}


def _tickets(count: Any) -> str:
    return ngettext("{count} ticket", "{count} tickets", int(count)).format(count=i18n.number(int(count)))
