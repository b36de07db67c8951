"""The dates to come."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import Any

import pandas as pd

from ccinsight import i18n
from ccinsight.charts import text
from ccinsight.charts.axes import day_axis
from ccinsight.charts.figure import HOVER, Chart, Drawing, Trace, nothing, scatter, today_mark
from ccinsight.charts.marks import Days, Mark, mark
from ccinsight.charts.palette import Palette
from ccinsight.charts.spread import named
from ccinsight.charts.text import wrapped
from ccinsight.charts.values import day_of
from ccinsight.i18n import _, ngettext
from ccinsight.registry import CODES, label_of

# A price notice that nobody has to send: announced, or without a new price.
_NOTHING_TO_SEND = "nothing_to_send"
_STATES_WITHOUT_DUTY = (None, *(state for state in CODES["price_notice_state"] if state != "planned"))
# Top to bottom on the time line.
_KINDS = ("price_notice", _NOTHING_TO_SEND, "termination", "renewal", "end")
# Beyond so many dots, or days that are narrower than half a dot, there is a dot a week.
_MOST_DAYS = 30
_WIDE_DAYS = 120


def deadline_line(deadlines: pd.DataFrame, as_of: date, palette: Palette, days: int = 90) -> Chart:
    """A time line with a lane for each kind of date of the report ``deadlines``, ``days`` days from the as-of date on.

    Price notices that must be sent have a lane of their own (R14).

    One dot a day and kind (a week where they would lie over each other), its size by the number of agreements.
    Where the act-by date is earlier than the deadline, a short line leads from it to the dot.
    """
    if deadlines.empty:
        return nothing(palette, _("Dates to come"))
    title = _("Dates to come: {parts}").format(parts=_counted(deadlines))
    deadlines = _by_duty(deadlines)
    lanes = _lanes(deadlines, is_weekly=days > _WIDE_DAYS)
    # A little before the as-of date, for the act-by dates that have passed and for half a dot.
    first = (pd.Timestamp(as_of) - pd.Timedelta(days=max(3, days * 0.04))).date()
    last = (pd.Timestamp(as_of) + pd.Timedelta(days=days + max(2, days * 0.03))).date()
    drawn = _draw(lanes, as_of, (first, last), palette)
    return drawn.chart(_deadline_alt(deadlines, list(lanes), days), title)


def _lanes(deadlines: pd.DataFrame, is_weekly: bool) -> dict[str, list[_Dot]]:
    """The dots of each kind of date, the lowest lane first; a kind that there is none of has no lane."""
    rows = deadlines[["kind", "due_on", "act_by", "customer_name"]]
    of_kinds = {kind: rows[rows["kind"] == kind] for kind in reversed(_KINDS)}
    return {kind: _dots(rows, is_weekly) for kind, rows in of_kinds.items() if not rows.empty}


def _draw(
    lanes: Mapping[str, Sequence[_Dot]], as_of: date, span: tuple[date, date], palette: Palette
) -> Drawing:
    drawn = Drawing(palette, height=110 + 58 * len(lanes), showlegend=True)
    for lane, (kind, dots) in enumerate(lanes.items()):
        drawn.add(*_lane(dots, kind, lane, palette))
    _one_legend_entry(drawn.traces)
    drawn.x(**day_axis(*span), showgrid=True)
    drawn.y(
        tickmode="array",
        tickvals=list(range(len(lanes))),
        ticktext=[wrapped(_kind_label(kind), 14) for kind in lanes],
        tickfont={"size": 13, "color": palette.text},
        range=[-0.6, len(lanes) - 0.1],
        showgrid=False,
    )
    today_mark(drawn, as_of, palette)
    return drawn


def _by_duty(deadlines: pd.DataFrame) -> pd.DataFrame:
    """The dates with the price notices that nobody has to send as a kind of their own, without a day to act by."""
    apart = (deadlines["kind"] == "price_notice") & (deadlines["price_notice_state"] != "planned")
    return deadlines.assign(
        kind=deadlines["kind"].mask(apart, _NOTHING_TO_SEND), act_by=deadlines["act_by"].mask(apart)
    )


def _kind_label(kind: str) -> str:
    return _("Price notice, nothing to send") if kind == _NOTHING_TO_SEND else label_of("deadline_kind", kind)


@dataclass(frozen=True)
class _Dot:
    """What falls on one day, of one kind; or in one week, where there is too much for a dot a day."""

    due_on: date
    last_on: date
    act_by: date | None
    names: tuple[str, ...]


def _dots(of_kind: pd.DataFrame, is_weekly: bool) -> list[_Dot]:
    """The dots of a lane in order. Plain Python: a group a day is slow in pandas."""
    days: dict[Any, tuple[Any, list[str]]] = {}
    customers = of_kind["customer_name"].fillna(_("unknown"))
    for due_on, act_by, customer in zip(of_kind["due_on"], of_kind["act_by"], customers, strict=True):
        _act_by, names = days.setdefault(due_on, (act_by, []))
        names.append(str(customer))
    dots = [
        _Dot(day_of(due_on), day_of(due_on), None if pd.isna(act_by) else day_of(act_by), tuple(names))
        for due_on, (act_by, names) in sorted(days.items(), key=lambda day: day[0])
    ]
    return _weekly(dots) if is_weekly or len(dots) > _MOST_DAYS else dots


def _weekly(days: Sequence[_Dot]) -> list[_Dot]:
    """One dot a week, on the first of its days."""
    weeks = [list(days) for _week, days in groupby(days, key=lambda dot: dot.due_on.isocalendar()[:2])]
    return [
        replace(week[0], last_on=week[-1].due_on, names=tuple(name for day in week for name in day.names))
        for week in weeks
    ]


def _lane(dots: Sequence[_Dot], kind: str, lane: int, palette: Palette) -> list[Trace]:
    marker = _kind_marker(kind, palette)
    most = max(len(dot.names) for dot in dots)
    points = scatter(
        x=[dot.due_on.isoformat() for dot in dots],
        y=[lane] * len(dots),
        mode="markers",
        name=_kind_label(kind),
        showlegend=False,
        marker=marker | {"size": [_dot_size(len(dot.names), most) for dot in dots]},
        customdata=[_dot_text(dot, kind) for dot in dots],
        hovertemplate=HOVER,
        marks=[_mark(dot, kind) for dot in dots],
    )
    lines = _act_by_lines(dots, lane, marker["line"]["color"])
    return [lines, points] if lines["x"] else [points]


def _mark(dot: _Dot, kind: str) -> Mark:
    """The dates of the report ``deadlines`` that a dot counts."""
    name, due_on = f"{_kind_label(kind)} {_days_text(dot)}", Days(dot.due_on, dot.last_on)
    if kind == _NOTHING_TO_SEND:
        return mark(name, due_on=due_on, kind=("price_notice",), price_notice_state=_STATES_WITHOUT_DUTY)
    if kind == "price_notice":
        return mark(name, due_on=due_on, kind=(kind,), price_notice_state=("planned",))
    return mark(name, due_on=due_on, kind=(kind,))


def _act_by_lines(dots: Sequence[_Dot], lane: int, colour: str) -> Trace:
    """From the act-by date to the deadline, each with a tick on the act-by date."""
    x: list[str | None] = []
    y: list[float | None] = []
    for dot in dots:
        if dot.act_by is None or dot.act_by == dot.due_on:
            continue
        on = dot.act_by.isoformat()
        x += [on, on, on, dot.due_on.isoformat(), None]
        y += [lane - 0.16, lane + 0.16, lane, lane, None]
    return scatter(
        x=x,
        y=y,
        mode="lines",
        name=_("The deadline is a day off: last working day before it"),
        line={"color": colour, "width": 2},
        hoverinfo="skip",
    )


def _one_legend_entry(traces: Sequence[Trace]) -> None:
    """The lines to the deadlines are named once, not once a lane."""
    named = [trace for trace in traces if trace["mode"] == "lines"]
    for trace in named[1:]:
        trace["showlegend"] = False


def _dot_size(count: int, most: int) -> float:
    """The width in pixels: the area grows with the count, and the largest leaves room for its neighbours."""
    largest = min(20.0, 10 + 3 * math.sqrt(most - 1))
    return round(10 + (largest - 10) * math.sqrt((count - 1) / max(1, most - 1)), 1)


def _kind_marker(kind: str, palette: Palette) -> dict[str, Any]:
    """What must be done is filled, what happens by itself is hollow, an end has the colour of ending."""
    looks = {
        "price_notice": ("circle", palette.accent, palette.accent),
        _NOTHING_TO_SEND: ("circle", palette.surface, palette.accent),
        "termination": ("diamond", palette.accent, palette.accent),
        "renewal": ("circle", palette.surface, palette.grey),
        "end": ("square", palette.ending, palette.ending),
    }
    symbol, colour, line = looks[kind]
    return {"symbol": symbol, "color": colour, "opacity": 0.9, "line": {"color": line, "width": 2}}


def _days_text(dot: _Dot) -> str:
    first = i18n.day(dot.due_on)
    return first if dot.last_on == dot.due_on else f"{first} – {i18n.day(dot.last_on)}"


def _dot_text(dot: _Dot, kind: str) -> str:
    lines = [f"<b>{_kind_label(kind)} {_days_text(dot)}</b>"]
    if len(dot.names) > 1:
        lines.append(text.agreements(len(dot.names)))
    if dot.act_by:
        lines.append(_("last working day {day}").format(day=i18n.day(dot.act_by)))
    return "<br>".join([*lines, *named(dot.names, len(dot.names))])


def _counted(deadlines: pd.DataFrame) -> str:
    """How many dates are deadlines to act by and how many are others; what there is none of is left out."""
    counts = deadlines["kind"].value_counts()
    planned = int((deadlines["price_notice_state"] == "planned").sum())
    to_act, still = int(counts.get("termination", 0)) + planned, int(counts.get("price_notice", 0)) - planned
    renewing, ending = int(counts.get("renewal", 0)), int(counts.get("end", 0))
    parts = [
        (to_act, ngettext("{count} deadline", "{count} deadlines", to_act)),
        (renewing, ngettext("{count} renewal", "{count} renewals", renewing)),
        (ending, ngettext("{count} agreement that ends", "{count} agreements that end", ending)),
        (
            still,
            ngettext(
                "{count} price notice with nothing to send",
                "{count} price notices with nothing to send",
                still,
            ),
        ),
    ]
    return ", ".join(part.format(count=i18n.number(count)) for count, part in parts if count)


def _deadline_alt(deadlines: pd.DataFrame, kinds: Sequence[str], days: int) -> str:
    counts = deadlines["kind"].value_counts()
    parts = [
        _("{kind} {count}").format(kind=_kind_label(kind).lower(), count=i18n.number(int(counts[kind])))
        for kind in reversed(kinds)
    ]
    first = deadlines.sort_values("due_on", kind="stable").iloc[0]
    return _("{dates} within {days} days: {parts}. The first is {kind} for {name} on {day}.").format(
        dates=ngettext("{count} date", "{count} dates", len(deadlines)).format(
            count=i18n.number(len(deadlines))
        ),
        days=days,
        parts=", ".join(parts),
        kind=_kind_label(first["kind"]).lower(),
        name=first["customer_name"],
        day=i18n.day(day_of(first["due_on"])),
    )
