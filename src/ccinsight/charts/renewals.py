"""What renews and what falls due."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import Any

import pandas as pd

from ccinsight import i18n
from ccinsight.charts import base
from ccinsight.charts.base import STATUSES, Chart, Palette, Trace
from ccinsight.i18n import _, ngettext
from ccinsight.registry import label_of

# A price notice that nobody has to send: announced, or without a new price.
_NOTHING_TO_SEND = "nothing_to_send"
# Top to bottom on the time line.
_KINDS = ("price_notice", _NOTHING_TO_SEND, "termination", "renewal", "end")
_NAMED = 6
_MOST_DAYS = 30


def renewal_pipeline(renewals: pd.DataFrame, palette: Palette) -> Chart:
    """Stacked columns of today's value by renewal month and status, from the report ``renewals``.

    Today's value, so that what ends has its size too; the renewal value of it would be 0.
    """
    title = _("Today's value by month of renewal")
    known = renewals.dropna(subset=["value_now"]) if not renewals.empty else renewals
    if known.empty:
        return base.nothing(palette, title)
    months = _renewal_months(renewals)
    by_status = {status: known[known["renewal_status"] == status] for status in STATUSES}
    by_status = {status: rows for status, rows in by_status.items() if not rows.empty}
    sums = {status: _by_month(rows, "value_now", months) for status, rows in by_status.items()}
    traces = [
        base.bar(
            x=[base.key(month) for month in months],
            y=base.columns(sums[status]),
            name=label_of("renewal_status", status),
            marker=palette.status_marker(status),
            customdata=_bar_texts(rows, status, months, sums[status]),
            hovertemplate="%{customdata}<extra></extra>",
        )
        for status, rows in by_status.items()
    ]
    drawn = base.Drawing(palette, traces, height=340, barmode="stack", showlegend=True)
    drawn.x(**base.month_axis(months))
    drawn.y(**base.amount_axis([sum(parts) for parts in zip(*sums.values(), strict=True)]))
    parts = [
        f"{label_of('renewal_status', status).lower()} {i18n.amount(sum(values))}"
        for status, values in sums.items()
    ]
    alt = _("{agreements} with a renewal date, worth {value}: {parts}.").format(
        agreements=_agreements(len(known)),
        value=i18n.amount(base.total(known["value_now"])),
        parts=", ".join(parts),
    )
    title = base.without_unknown(title, len(renewals) - len(known))
    return Chart(drawn.figure(), alt + base.left_out(len(renewals) - len(known)), title)


def value_at_renewal(renewals: pd.DataFrame, palette: Palette) -> Chart:
    """Two columns a month: today's value of the agreements that renew in it, and their value at renewal.

    Agreements with either value unknown are left out of both, so that the two compare.
    """
    title = _("Value today and at renewal, by month of renewal")
    known = renewals.dropna(subset=["value_now", "value_next"]) if not renewals.empty else renewals
    if known.empty:
        return base.nothing(palette, title)
    months = _renewal_months(renewals)
    now, later = (_by_month(known, column, months) for column in ("value_now", "value_next"))
    looks = (
        (now, _("Value today"), {"color": palette.grey_soft, "line": {"color": palette.grey, "width": 1}}),
        (later, _("Value at renewal"), {"color": palette.accent}),
    )
    hover = [
        _change_text(month, before, after) for month, before, after in zip(months, now, later, strict=True)
    ]
    traces = [
        base.bar(
            x=[base.key(month) for month in months],
            y=base.columns(values),
            name=name,
            marker=marker,
            customdata=hover,
            hovertemplate="%{customdata}<extra></extra>",
        )
        for values, name, marker in looks
    ]
    drawn = base.Drawing(palette, traces, barmode="group", showlegend=True, bargroupgap=0.05)
    drawn.x(**base.month_axis(months))
    drawn.y(**base.amount_axis([*now, *later]))
    alt = _("From {now} today to {later} at renewal: {change}.").format(
        now=i18n.amount(sum(now)), later=i18n.amount(sum(later)), change=_signed(sum(later) - sum(now))
    )
    title = base.without_unknown(title, len(renewals) - len(known))
    return Chart(drawn.figure(), alt + base.left_out(len(renewals) - len(known)), title)


def deadline_line(deadlines: pd.DataFrame, as_of: date, palette: Palette, days: int = 90) -> Chart:
    """A time line with a lane for each kind of date of the report ``deadlines``, from the as-of date on.

    Price notices that must be sent have a lane of their own (R14).

    One dot a day and kind (a week where there are many), its size by the number of agreements. Where the
    act-by date is earlier than the deadline, a short line leads from it to the dot.
    """
    if deadlines.empty:
        return base.nothing(palette, _("Dates to come"))
    title = _("Dates to come: {parts}").format(parts=_counted(deadlines))
    deadlines = _by_duty(deadlines)
    kinds = [kind for kind in _KINDS if (deadlines["kind"] == kind).any()][::-1]
    drawn = base.Drawing(palette, height=110 + 58 * len(kinds), showlegend=True)
    for lane, kind in enumerate(kinds):
        drawn.add(*_lane(_dots(deadlines[deadlines["kind"] == kind]), kind, lane, palette))
    _one_legend_entry(drawn.traces)
    # A little before the as-of date, for the act-by dates that have passed and for half a dot.
    first = (pd.Timestamp(as_of) - pd.Timedelta(days=max(3, days * 0.04))).date()
    end = (pd.Timestamp(as_of) + pd.Timedelta(days=days + max(2, days * 0.03))).date()
    drawn.x(**base.day_axis(first, end), showgrid=True)
    drawn.y(
        tickmode="array",
        tickvals=list(range(len(kinds))),
        ticktext=[base.wrapped(_kind_label(kind), 14) for kind in kinds],
        tickfont={"size": 13, "color": palette.text},
        range=[-0.6, len(kinds) - 0.1],
        showgrid=False,
    )
    base.today_mark(drawn, as_of, palette)
    return Chart(drawn.figure(), _deadline_alt(deadlines, kinds, days), title)


# --- Parts


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


def _dots(of_kind: pd.DataFrame) -> list[_Dot]:
    """The dots of a lane in order. Plain Python: a group a day is slow in pandas."""
    days: dict[Any, _Dot] = {}
    rows = zip(of_kind["due_on"], of_kind["act_by"], of_kind["customer_name"], strict=True)
    for due_on, act_by, customer in rows:
        name = _("unknown") if pd.isna(customer) else str(customer)
        dot = days.get(due_on)
        if dot is None:
            day = base.day_of(due_on)
            dot = _Dot(day, day, None if pd.isna(act_by) else base.day_of(act_by), ())
        days[due_on] = replace(dot, names=(*dot.names, name))
    dots = sorted(days.values(), key=lambda dot: dot.due_on)
    return dots if len(dots) <= _MOST_DAYS else _weekly(dots)


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
    points = base.scatter(
        x=[dot.due_on.isoformat() for dot in dots],
        y=[lane] * len(dots),
        mode="markers",
        name=_kind_label(kind),
        showlegend=False,
        marker=marker | {"size": [_dot_size(len(dot.names), most) for dot in dots]},
        customdata=[_dot_text(dot, kind) for dot in dots],
        hovertemplate="%{customdata}<extra></extra>",
    )
    lines = _act_by_lines(dots, lane, marker["line"]["color"])
    return [lines, points] if lines["x"] else [points]


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
    return base.scatter(
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


def _dot_text(dot: _Dot, kind: str) -> str:
    days = i18n.day(dot.due_on)
    if dot.last_on > dot.due_on:
        days = f"{days} – {i18n.day(dot.last_on)}"
    lines = [f"<b>{_kind_label(kind)} {days}</b>"]
    if len(dot.names) > 1:
        lines.append(_agreements(len(dot.names)))
    if dot.act_by:
        lines.append(_("last working day {day}").format(day=i18n.day(dot.act_by)))
    lines += [base.escaped(name) for name in dot.names[:_NAMED]]
    more = len(dot.names) - _NAMED
    if more > 0:
        lines.append(ngettext("and {count} more", "and {count} more", more).format(count=more))
    return "<br>".join(lines)


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
    return ", ".join(text.format(count=i18n.number(count)) for count, text in parts if count)


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
        day=i18n.day(base.day_of(first["due_on"])),
    )


def _renewal_months(renewals: pd.DataFrame) -> list[date]:
    return base.months_between(
        base.day_of(renewals["renewal_on"].min()), base.day_of(renewals["renewal_on"].max())
    )


def _by_month(rows: pd.DataFrame, column: str, months: Sequence[date]) -> list[float]:
    sums = rows.groupby(base.month_of(rows["renewal_on"]))[column].sum()
    return [float(sums.get(pd.Timestamp(month), 0.0)) for month in months]


def _bar_texts(rows: pd.DataFrame, status: str, months: Sequence[date], sums: Sequence[float]) -> list[str]:
    counts = _by_month(rows.assign(one=1), "one", months)
    return [
        f"<b>{i18n.month(month)}</b><br>{label_of('renewal_status', status)}: {i18n.amount(value)}"
        f"<br>{_agreements(int(count))}"
        for month, value, count in zip(months, sums, counts, strict=True)
    ]


def _change_text(month: date, before: float, after: float) -> str:
    return "<br>".join(
        (
            f"<b>{i18n.month(month)}</b>",
            _("today {value}").format(value=i18n.amount(before)),
            _("at renewal {value}").format(value=i18n.amount(after)),
            _("change {value}").format(value=_signed(after - before)),
        )
    )


def _signed(value: float) -> str:
    sign = "+" if round(value) > 0 else "−" if round(value) < 0 else ""
    return f"{sign}{i18n.amount(abs(value))}"


def _agreements(count: int) -> str:
    return ngettext("{count} agreement", "{count} agreements", count).format(count=i18n.number(count))
