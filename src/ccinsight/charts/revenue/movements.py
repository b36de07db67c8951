"""What changed the revenue: movements, and the share of users and of prices in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from ccinsight import i18n
from ccinsight.charts.axes import amount_axis, month_axis
from ccinsight.charts.bars import name_rows, write_behind
from ccinsight.charts.figure import HOVER, Chart, Drawing, Trace, bar, empty, nothing, scatter
from ccinsight.charts.marks import Mark, mark, month_marks
from ccinsight.charts.months import MonthTable, Part, side_by_side
from ccinsight.charts.palette import Palette
from ccinsight.charts.sums import change, known_sum
from ccinsight.charts.text import signed_amount, wrapped
from ccinsight.charts.values import day_of, month_key, numbers
from ccinsight.i18n import _, ngettext
from ccinsight.registry import REPORTS

_MOVES = ("new", "reactivation", "expansion", "contraction", "price_change", "churn", "unknown")


@dataclass(frozen=True)
class _Waterfall:
    """The steps of a waterfall: the revenue at the start, each movement, the revenue at the end; in kr."""

    labels: Sequence[str]
    values: Sequence[float]
    texts: Sequence[str]
    marks: Sequence[Mark | None]

    def ends(self) -> list[tuple[float, float]]:
        """Lower and upper end of each bar: the first and last from 0, the others from where the one before led."""
        level, ends = self.values[0], [(0.0, self.values[0])]
        for value in self.values[1:-1]:
            ends.append((min(level, level + value), max(level, level + value)))
            level += value
        return [*ends, (0.0, self.values[-1])]

    def is_total(self, index: int) -> bool:
        """True for the start and the end."""
        return index in (0, len(self.values) - 1)


def revenue_waterfall(movements: pd.DataFrame, palette: Palette, span: str = "") -> Chart:
    """From the revenue at the start to that at the end, with what came and went between.

    ``movements`` is the report ``revenue_movements``; its months are added up. A movement of nothing is left
    out; an unknown start or end has no bar. ``span`` names the months; without it their number does.
    """
    if movements.empty:
        return nothing(palette, _("What changed the annual recurring revenue"))
    title = ngettext(
        "What changed the annual recurring revenue in the last {count} month",
        "What changed the annual recurring revenue in the last {count} months",
        len(movements),
    ).format(count=len(movements))
    if span:
        title = _("What changed the annual recurring revenue, {span}").format(span=span)
    start, end = numbers(movements["start"])[0], numbers(movements["end"])[-1]
    moves = waterfall_moves(movements)
    if not moves and not start:
        return nothing(palette, title)
    parts = [f"{_label(name).lower()} {signed_amount(value)}" for name, value in moves.items()]
    alt = _("From {start} to {end}, {span}: {parts}.").format(
        start=i18n.amount(start),
        end=i18n.amount(end),
        span=span or _months_of(movements),
        parts=", ".join(parts) or _("no change"),
    )
    return _draw_waterfall(_waterfall(start, moves, end), palette).chart(alt, title)


def _months_of(movements: pd.DataFrame) -> str:
    first, last = day_of(movements["month"].iloc[0]), day_of(movements["month"].iloc[-1])
    return _("{first} to {last}").format(first=i18n.month(first), last=i18n.month(last))


def waterfall_moves(movements: pd.DataFrame) -> dict[str, float]:
    """What the bars between start and end of the waterfall stand for, from top to bottom: movement → kr."""
    sums = {name: known_sum(movements[name]) for name in _MOVES}
    return {name: value for name, value in sums.items() if value is not None and round(value, 2)}


def _waterfall(start: float | None, moves: dict[str, float], end: float | None) -> _Waterfall:
    return _Waterfall(
        labels=[_("Start"), *(_label(name) for name in moves), _("End")],
        values=[start or 0.0, *moves.values(), end or 0.0],
        texts=[i18n.amount(start), *(signed_amount(value) for value in moves.values()), i18n.amount(end)],
        marks=[None, *(mark(_label(name), movement=(name,)) for name in moves), None],
    )


def _label(movement: str) -> str:
    column = REPORTS["revenue_movements"].column(movement)
    return _(column.label)


def _draw_waterfall(table: _Waterfall, palette: Palette) -> Drawing:
    rows, uppers = list(range(len(table.labels))), [upper for _lower, upper in table.ends()]
    traces = [_steps(table, palette), _levels(table.values, palette)]
    drawn = Drawing(palette, traces, height=56 + 36 * len(rows), bargap=0.3)
    name_rows(drawn, rows, [wrapped(label, 18) for label in table.labels], palette)
    drawn.y(autorange="reversed")
    drawn.x(range=[0, (max(uppers) or 1) * 1.5])
    write_behind(drawn, rows, uppers, table.texts)
    return drawn


def _steps(table: _Waterfall, palette: Palette) -> Trace:
    """The bars; what goes away is hatched."""
    ends, values = table.ends(), list(enumerate(table.values))
    falls = ["" if table.is_total(index) or value >= 0 else "/" for index, value in values]
    return bar(
        x=[upper - lower for lower, upper in ends],
        base=[lower for lower, _upper in ends],
        y=list(range(len(values))),
        orientation="h",
        marker={
            "color": [_step_colour(table.is_total(index), value, palette) for index, value in values],
            "pattern": palette.hatched(falls),
        },
        customdata=[f"{label}: {text}" for label, text in zip(table.labels, table.texts, strict=True)],
        hovertemplate=HOVER,
        marks=table.marks,
    )


def _levels(values: Sequence[float], palette: Palette) -> Trace:
    """Thin lines that carry each level on to the next bar."""
    level = 0.0
    x: list[float | None] = []
    y: list[float | None] = []
    for index, value in enumerate(values[:-1]):
        level += value
        x += [level, level, None]
        y += [index + 0.35, index + 0.65, None]
    return scatter(x=x, y=y, mode="lines", line={"color": palette.grey, "width": 1}, hoverinfo="skip")


def _step_colour(is_total: bool, value: float, palette: Palette) -> str:
    if is_total:
        return palette.grey
    return palette.accent if value > 0 else palette.warm


def drivers_by_month(movements: pd.DataFrame, palette: Palette) -> Chart:
    """Two columns a month of the report ``revenue_movements``: what users and what prices changed, in kr a year."""
    title = _("Change from users and from price, each month")
    if movements.empty:
        return nothing(palette, title)
    table = _drivers(movements)
    if not any(table.values()):
        return empty(palette, title, _("Neither users nor prices changed the revenue in these months."))
    seats, price = (signed_amount(known_sum(part.values)) for part in table.parts)
    alt = _("Over {months}: {seats} from users and {price} from price.").format(
        months=ngettext("{count} month", "{count} months", len(movements)).format(count=len(movements)),
        seats=seats,
        price=price,
    )
    return _draw_drivers(table, palette).chart(alt, title)


def _drivers(movements: pd.DataFrame) -> MonthTable:
    days = [day_of(value) for value in movements["month"]]
    seats = numbers(movements["expansion"] + movements["contraction"])
    price = numbers(movements["price_change"])
    parts = []
    for key, name, values in (("users", _("Users"), seats), ("price", _("Price"), price)):
        hover = [
            f"<b>{i18n.month(day)}</b><br>{name}: {signed_amount(value)}"
            for day, value in zip(days, values, strict=True)
        ]
        parts.append(Part(key, name, values, hover, marks=month_marks(days, "month")))
    return MonthTable(days, parts)


def _draw_drivers(table: MonthTable, palette: Palette) -> Drawing:
    markers = {
        "users": {"color": palette.accent, "line": {"color": palette.accent, "width": 1}},
        "price": {"color": palette.grey_soft, "line": {"color": palette.grey, "width": 1}},
    }
    drawn = side_by_side(table, markers, palette)
    drawn.x(showline=False)
    drawn.y(**amount_axis(table.values()), zeroline=True)
    return drawn


def revenue_by_month(movements: pd.DataFrame, palette: Palette) -> Chart:
    """A line of the revenue at each month's end in kr a year, from the report ``revenue_movements``."""
    title = _("Annual recurring revenue at the end of each month")
    if movements.empty or not movements["end"].any():
        return nothing(palette, title)
    days, values = [day_of(value) for value in movements["month"]], numbers(movements["end"])
    alt = _("{value} at the end, {change} since the start.").format(
        value=i18n.amount(values[-1]),
        change=signed_amount(change(numbers(movements["start"])[0], values[-1])),
    )
    return _draw_line(days, values, palette).chart(alt, title)


def _draw_line(days: Sequence[date], values: Sequence[float | None], palette: Palette) -> Drawing:
    trace = scatter(
        x=[month_key(day) for day in days],
        y=list(values),
        mode="lines+markers",
        line={"color": palette.accent, "width": 2.5},
        marker={"size": 6},
        customdata=[
            f"{i18n.month(day)}: {i18n.amount(value)}" for day, value in zip(days, values, strict=True)
        ],
        hovertemplate=HOVER,
        marks=month_marks(days, "month"),
    )
    drawn = Drawing(palette, [trace], height=260)
    drawn.x(**month_axis(days))
    drawn.y(**amount_axis(values))
    return drawn
