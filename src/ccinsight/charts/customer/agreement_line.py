"""One customer's agreements over time: periods, deadlines, notice and meetings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd

from ccinsight import i18n
from ccinsight.charts.axes import day_axis
from ccinsight.charts.figure import HOVER, Chart, Drawing, Trace, bar, nothing, scatter, today_mark
from ccinsight.charts.marks import mark
from ccinsight.charts.palette import Palette
from ccinsight.charts.spread import apart
from ccinsight.charts.text import escaped, shortened, wrapped
from ccinsight.charts.values import day_of
from ccinsight.i18n import _, ngettext
from ccinsight.registry import REPORTS, label_of

_LANE = 74
# Marks nearer than so many days would lie over each other; how far they are moved apart, as a part of a lane.
_NEAR_DAYS = 9
_STEP = 0.17
# A past and a coming year around the current one: enough for a status meeting.
_BACK = pd.DateOffset(months=15)
_AHEAD = pd.DateOffset(months=15)
_Row = Mapping[Any, Any]


@dataclass(frozen=True)
class _Lanes:
    """What the time line shows in its span: the periods with their agreements, and meetings, in lanes from the top."""

    periods: Sequence[_Row]
    agreements: Sequence[_Row]
    meetings: Sequence[_Row]
    span: tuple[date, date]

    @property
    def ids(self) -> list[str]:
        """The agreements, one a lane; below them lie the meetings, where there are any."""
        return list(dict.fromkeys(row["agreement_id"] for row in self.periods))

    @property
    def names(self) -> list[str]:
        """What stands beside each lane."""
        names = [_lane_name(agreement_id, self.agreements) for agreement_id in self.ids]
        return [*names, _("Meetings")] if self.meetings else names


def agreement_line(
    agreements: pd.DataFrame,
    periods: pd.DataFrame,
    meetings: pd.DataFrame,
    as_of: date,
    palette: Palette,
) -> Chart:
    """A time line for one customer: a lane for each agreement with its periods, deadlines and notice (R2, R3); one for
    meetings.

    Reports ``agreements``, ``agreement_periods`` and ``meetings_list`` of that customer, from 15 months back
    to 15 months ahead of the as-of date.
    """
    title = _("The agreement over time")
    span = (pd.Timestamp(as_of) - _BACK).date(), (pd.Timestamp(as_of) + _AHEAD).date()
    shown = _touching(periods, *span)
    if not shown:
        return nothing(palette, title)
    lanes = _Lanes(shown, agreements.to_dict("records"), _meetings(meetings, *span), span)
    return _draw(lanes, as_of, palette).chart(_line_alt(lanes, as_of), title)


def _draw(lanes: _Lanes, as_of: date, palette: Palette) -> Drawing:
    marks, names = _marks(lanes, palette), lanes.names
    # On a phone each entry of the legend takes a line.
    height = 80 + _LANE * len(names) + 14 * len(marks)
    # Overlaid, or the bars of two agreements stand off from their lanes.
    drawn = Drawing(palette, height=height, showlegend=True, barmode="overlay")
    for lane, agreement_id in enumerate(lanes.ids):
        rows = [row for row in lanes.periods if row["agreement_id"] == agreement_id]
        drawn.add(_period_bars(rows, lane, *lanes.span, as_of, palette))
    drawn.add(*marks)
    drawn.x(**day_axis(*lanes.span), showgrid=True)
    drawn.y(
        tickmode="array",
        tickvals=list(range(len(names))),
        ticktext=names,
        range=[len(names) - 0.5, -0.85],
        showgrid=False,
        tickfont={"size": 13, "color": palette.text},
    )
    today_mark(drawn, as_of, palette)
    return drawn


def _touching(periods: pd.DataFrame, first: date, last: date) -> list[_Row]:
    if periods.empty:
        return []
    rows = periods[
        (periods["period_end"] >= pd.Timestamp(first)) & (periods["period_start"] <= pd.Timestamp(last))
    ]
    return sorted(rows.to_dict("records"), key=lambda row: (row["agreement_id"], row["period_start"]))


def _period_bars(
    rows: Sequence[_Row], lane: int, first: date, last: date, as_of: date, palette: Palette
) -> Trace:
    """One bar a period, cut at the edges, the current one in colour with its value on it."""
    starts = [max(day_of(row["period_start"]), first) for row in rows]
    # A period lasts to the end of its last day.
    ends = [min(day_of(row["period_end"]) + timedelta(days=1), last) for row in rows]
    current = [_is_current(row, as_of) for row in rows]
    return bar(
        x=[(end - start).days * 86_400_000 for start, end in zip(starts, ends, strict=True)],
        base=[start.isoformat() for start in starts],
        y=[lane] * len(rows),
        width=0.42,
        orientation="h",
        showlegend=False,
        marker={
            "color": [palette.accent_soft if now else palette.grid for now in current],
            "line": {"color": palette.accent if any(current) else palette.grey, "width": 1},
        },
        text=[_period_value(row) for row in rows],
        textposition="inside",
        # The deadlines lie near the end of a period: no mark hides its value at the start.
        insidetextanchor="start",
        textangle=0,
        textfont={"size": 12, "color": palette.text},
        customdata=[_period_text(row) for row in rows],
        hovertemplate=HOVER,
        marks=[mark(str(row["agreement_id"]), agreement_id=(row["agreement_id"],)) for row in rows],
    )


def _is_current(period: _Row, as_of: date) -> bool:
    return day_of(period["period_start"]) <= as_of <= day_of(period["period_end"])


def _period_value(row: _Row) -> str:
    return "" if pd.isna(row["annual_value"]) else i18n.amount(float(row["annual_value"]))


def _period_text(row: _Row) -> str:
    column = REPORTS["agreement_periods"].column
    lines = [f"<b>{i18n.day(day_of(row['period_start']))} – {i18n.day(day_of(row['period_end']))}</b>"]
    lines += [
        f"{_(column(name).label)}: {column(name).shown(row[name])}"
        for name in ("invoiced_users", "rate", "annual_value")
    ]
    return "<br>".join(lines)


def _marks(shown: _Lanes, palette: Palette) -> list[Trace]:
    """The dates to know: price notice, termination, notice received, meetings held and planned."""
    lanes = {agreement_id: lane for lane, agreement_id in enumerate(shown.ids)}
    periods = REPORTS["agreement_periods"].column
    deadlines = [
        (name, symbol, [(row["agreement_id"], row[name]) for row in shown.periods])
        for name, symbol in (("price_notice_deadline", "circle"), ("termination_deadline", "diamond"))
    ]
    marks = [
        _mark(
            _(periods(name).label), symbol, palette.accent, palette.surface, _within(found, shown.span), lanes
        )
        for name, symbol, found in deadlines
    ]
    notices = [(row["agreement_id"], row["notice_on"]) for row in shown.agreements]
    label = _(REPORTS["agreements"].column("notice_on").label)
    marks.append(_mark(label, "x", palette.warm, palette.surface, _within(notices, shown.span), lanes))
    for is_held, text in ((True, _("Meeting held")), (False, _("Meeting planned"))):
        met = [row for row in shown.meetings if row["is_held"] == is_held]
        colour = palette.text if is_held else palette.surface
        found, texts = [("", row["on"]) for row in met], [_meeting_text(row) for row in met]
        marks.append(_mark(text, "square", colour, palette.text, found, {"": len(lanes)}, texts))
    return _moved_apart([trace for trace in marks if trace["x"]])


def _moved_apart(marks: Sequence[Trace]) -> list[Trace]:
    """The marks, those of one lane that would lie over each other a little above and below its middle."""
    lanes: dict[int, list[tuple[int, int]]] = {}
    for number, trace in enumerate(marks):
        for point, lane in enumerate(trace["y"]):
            lanes.setdefault(lane, []).append((number, point))
    heights = [list(trace["y"]) for trace in marks]
    for lane, found in lanes.items():
        days = [float(date.fromisoformat(marks[number]["x"][point]).toordinal()) for number, point in found]
        for (number, point), step in zip(found, apart(days, _NEAR_DAYS), strict=True):
            heights[number][point] = lane - step * _STEP if step else lane
    return [trace | {"y": y} for trace, y in zip(marks, heights, strict=True)]


def _mark(
    label: str,
    symbol: str,
    colour: str,
    line: str,
    found: Sequence[tuple[str, Any]],
    lanes: dict[str, int],
    texts: Sequence[str] | None = None,
) -> Trace:
    days = [day_of(day) for _lane, day in found]
    return scatter(
        x=[day.isoformat() for day in days],
        y=[lanes[lane] for lane, _day in found],
        mode="markers",
        name=label,
        marker={"symbol": symbol, "size": 12, "color": colour, "line": {"color": line, "width": 1.5}},
        customdata=texts or [f"{label}: {i18n.day(day)}" for day in days],
        hovertemplate=HOVER,
        marks=[mark(lane, agreement_id=(lane,)) if lane else None for lane, _day in found],
    )


def _within(found: Sequence[tuple[str, Any]], span: tuple[date, date]) -> list[tuple[str, Any]]:
    return [(lane, day) for lane, day in found if not pd.isna(day) and span[0] <= day_of(day) <= span[1]]


def _meetings(meetings: pd.DataFrame, first: date, last: date) -> list[_Row]:
    """Meetings in the span, each on the day it was held, else planned for."""
    if meetings.empty:
        return []
    rows = [
        row
        | {
            "is_held": not pd.isna(row["held_on"]),
            "on": row["planned_on"] if pd.isna(row["held_on"]) else row["held_on"],
        }
        for row in meetings.to_dict("records")
    ]
    return [row for row in rows if not pd.isna(row["on"]) and first <= day_of(row["on"]) <= last]


def _meeting_text(row: _Row) -> str:
    text = f"{label_of('meeting_kind', row['kind'])} {i18n.day(day_of(row['on']))}"
    return text if pd.isna(row["note"]) else f"{text}<br>{wrapped(escaped(row['note']), 40)}"


def _lane_name(agreement_id: str, agreements: Sequence[_Row]) -> str:
    products = [row["product"] for row in agreements if row["agreement_id"] == agreement_id]
    product = f"<br>{shortened(products[0], 14)}" if products else ""
    return f"{shortened(agreement_id, 14)}{product}"


def _line_alt(shown: _Lanes, as_of: date) -> str:
    count = len(shown.ids)
    parts = [ngettext("{count} agreement", "{count} agreements", count).format(count=count)]
    for row in (row for row in shown.periods if _is_current(row, as_of)):
        parts.append(
            _(
                "{agreement}: period {start} to {end}, price notice by {notice}, termination by {deadline}"
            ).format(
                agreement=row["agreement_id"],
                start=i18n.day(day_of(row["period_start"])),
                end=i18n.day(day_of(row["period_end"])),
                notice=i18n.day(day_of(row["price_notice_deadline"])),
                deadline=i18n.day(day_of(row["termination_deadline"])),
            )
        )
    for row in shown.agreements:
        if not pd.isna(row["ends_on"]):
            last = day_of(row["ends_on"])
            text = _("{agreement} ended on {day}") if last < as_of else _("{agreement} ends on {day}")
            parts.append(text.format(agreement=row["agreement_id"], day=i18n.day(last)))
    return "; ".join(parts) + "."
