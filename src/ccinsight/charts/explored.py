"""Figures of a reader's own choice: columns by time, bars by anything else, in parts for a second dimension."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ccinsight import i18n
from ccinsight.charts.axes import amount_axis, column_room, month_axis, percent_axis, ratio_axis
from ccinsight.charts.bars import name_rows, row_height, write_behind
from ccinsight.charts.figure import HOVER, Chart, Drawing, bar, nothing
from ccinsight.charts.marks import Mark, Wanted, days_of_month
from ccinsight.charts.palette import Palette
from ccinsight.charts.text import escaped, in_two_lines
from ccinsight.charts.values import day_of, heights, month_key, numbers
from ccinsight.i18n import _, is_unknown
from ccinsight.registry import Column
from ccinsight.registry.explore import Dimension, Measure

_ROW, _MOST_BARS, _MOST_PARTS = 30, 15, 5
_AXES = {"amount": amount_axis, "rate": amount_axis, "percent": percent_axis}


@dataclass(frozen=True)
class _Table:
    """What is drawn: the first dimension's values in order, their names, and the parts of each."""

    keys: list[Any]
    names: list[str]
    parts: list[str]
    values: list[list[float | None]]


def explored(
    frame: pd.DataFrame,
    totals: Mapping[int, pd.DataFrame],
    dimensions: Sequence[Dimension],
    measure: Measure,
    palette: Palette,
) -> Chart:
    """The measure by one or two dimensions, time first where one of them is.

    ``frame``: an answer's rows of single values (exploring.DETAIL). ``totals``: for each of two dimensions by its place
    the rows that are totalled over the other one; they say what is largest.
    """
    places = sorted(range(len(dimensions)), key=lambda place: not dimensions[place].is_time)
    first = dimensions[places[0]]
    title = _("{figures} by {what}").format(
        figures=_(measure.column.label),
        what=_(" and ").join(_(each.shown.label).lower() for each in dimensions),
    )
    of_first = totals[places[0]] if len(places) == 2 else frame
    if frame.empty or of_first[measure.name].isna().all():
        return nothing(palette, title)
    table = _table(frame, totals, [dimensions[place] for place in places], places, measure)
    drawn = (
        _columns(table, first, measure, palette) if first.is_time else _bars(table, first, measure, palette)
    )
    return drawn.chart(_alt(of_first, first, measure), title)


def label(value: Any, column: Column) -> str:
    """A value of a dimension as it stands on an axis."""
    return column.shown(day_of(value) if column.format == "month" and not is_unknown(value) else value)


def labels(frame: pd.DataFrame, dimension: Dimension) -> list[str]:
    """The names of a dimension's values, row by row; a customer without a name goes by the number."""
    shown = dimension.shown
    values = frame[shown.name]
    if dimension.name_column is not None:
        values = values.fillna(frame[dimension.field])
    return [label(value, shown) for value in values]


def _table(
    frame: pd.DataFrame,
    totals: Mapping[int, pd.DataFrame],
    dimensions: Sequence[Dimension],
    places: Sequence[int],
    measure: Measure,
) -> _Table:
    first = dimensions[0]
    of_first = totals[places[0]] if len(dimensions) == 2 else frame
    ordered = (
        of_first if first.is_time else of_first.sort_values(measure.name, ascending=False, na_position="last")
    )
    ordered = ordered if first.is_time else ordered.dropna(subset=[measure.name]).head(_MOST_BARS)
    keys, names = list(ordered[first.field]), labels(ordered, first)
    if len(dimensions) == 1:
        return _Table(keys, names, [""], [numbers(ordered[measure.name])])
    return _Table(keys, names, *_parts(frame, totals[places[1]], dimensions, keys, measure))


def _parts(
    frame: pd.DataFrame,
    of_second: pd.DataFrame,
    dimensions: Sequence[Dimension],
    keys: Sequence[Any],
    measure: Measure,
) -> tuple[list[str], list[list[float | None]]]:
    """The largest values of the second dimension; of what is added up also the others, together."""
    first, second = dimensions
    ranked = of_second.sort_values(measure.name, ascending=False, na_position="last")
    largest = ranked.head(_MOST_PARTS if len(ranked) <= _MOST_PARTS else _MOST_PARTS - 1)
    names = labels(largest, second)
    by_key = {
        (_key(row[first.field]), _key(row[second.field])): row[measure.name]
        for row in frame.to_dict("records")
    }
    values = [
        [_number(by_key.get((_key(key), _key(part)))) for key in keys] for part in largest[second.field]
    ]
    rest = {_key(value) for value in ranked[second.field].iloc[len(largest) :]}
    if rest and measure.is_additive:
        sums: dict[Any, float] = {}
        for (key, part), value in by_key.items():
            if part in rest:
                sums[key] = sums.get(key, 0.0) + (_number(value) or 0.0)
        names.append(_("Others"))
        values.append([sums.get(_key(key), 0.0) for key in keys])
    return names, values


def _key(value: Any) -> Any:
    return None if is_unknown(value) else value


def _number(value: Any) -> float | None:
    return None if is_unknown(value) else float(value)


def _columns(table: _Table, first: Dimension, measure: Measure, palette: Palette) -> Drawing:
    is_month = first.column.format == "month"
    days = [day_of(key) for key in table.keys] if is_month else []
    traces = [
        bar(
            x=[month_key(day) for day in days] if is_month else table.names,
            y=heights(values),
            name=part,
            marker=_marker(place, table, palette),
            customdata=_hover(table.names, part, values, measure),
            hovertemplate=HOVER,
            marks=_marks(table, first),
        )
        for place, (part, values) in enumerate(zip(table.parts, table.values, strict=True))
    ]
    mode = "relative" if measure.is_additive else "group"
    drawn = Drawing(palette, traces, barmode=mode, showlegend=len(table.parts) > 1)
    axis = month_axis(days) if is_month else {"type": "category"}
    drawn.x(**axis, **column_room(len(table.keys)))
    drawn.y(**_AXES.get(measure.column.format, ratio_axis)(_ends(table, measure)))
    return drawn


def _bars(table: _Table, first: Dimension, measure: Measure, palette: Palette) -> Drawing:
    rows = list(range(len(table.keys)))[::-1]
    traces = [
        bar(
            x=heights(values),
            y=rows,
            orientation="h",
            name=part,
            marker=_marker(place, table, palette),
            customdata=_hover(table.names, part, values, measure),
            hovertemplate=HOVER,
            marks=_marks(table, first),
        )
        for place, (part, values) in enumerate(zip(table.parts, table.values, strict=True))
    ]
    mode = "relative" if measure.is_additive else "group"
    names = [in_two_lines(name) for name in table.names]
    row = row_height(names, _ROW if measure.is_additive else _ROW + 10 * (len(table.parts) - 1))
    height = 32 + 40 * (len(table.parts) > 1) + row * len(rows)
    drawn = Drawing(palette, traces, height=height, barmode=mode, showlegend=len(table.parts) > 1)
    name_rows(drawn, rows, names, palette)
    ends = _ends(table, measure)
    drawn.x(range=[min(0.0, *ends) * 1.05, (max(0.0, *ends) or 1) * 1.32])
    if len(table.parts) == 1 or measure.is_additive:
        totals = [sum(value or 0.0 for value in values) for values in zip(*table.values, strict=True)]
        write_behind(drawn, rows, totals, [measure.column.shown(total) for total in totals])
    return drawn


def _ends(table: _Table, measure: Measure) -> list[float]:
    """The ends of the bars: of a stack what it adds up to, on either side of zero."""
    if not measure.is_additive:
        return [value or 0.0 for values in table.values for value in values] or [0.0]
    stacks = list(zip(*([value or 0.0 for value in values] for values in table.values), strict=True))
    above = [sum(value for value in stack if value > 0) for stack in stacks]
    return [*above, *(sum(value for value in stack if value < 0) for stack in stacks)] or [0.0]


def _marker(place: int, table: _Table, palette: Palette) -> dict[str, Any]:
    colours = [palette.accent, palette.accent_mid, palette.grey, palette.accent_soft, palette.grey_soft]
    return {
        "color": colours[place],
        "line": {"color": palette.surface, "width": 0.5 * (len(table.parts) > 1)},
    }


def _hover(names: Sequence[str], part: str, values: Sequence[float | None], measure: Measure) -> list[str]:
    named = f"{escaped(part)}: " if part else ""
    return [
        f"<b>{escaped(name)}</b><br>{named}{escaped(measure.column.shown(value))}"
        for name, value in zip(names, values, strict=True)
    ]


def _marks(table: _Table, first: Dimension) -> list[Mark]:
    """What a bar stands for: the rows of the table with its value of the first dimension."""
    return [
        Mark(name, ((first.field, _wanted(key, first)),))
        for key, name in zip(table.keys, table.names, strict=True)
    ]


def _wanted(key: Any, first: Dimension) -> Wanted:
    if first.column.format == "month" and not is_unknown(key):
        return days_of_month(day_of(key))
    return (_key(key),)


def _alt(of_first: pd.DataFrame, first: Dimension, measure: Measure) -> str:
    known = of_first.dropna(subset=[measure.name]).sort_values(measure.name, ascending=False)
    names, column = labels(known, first), measure.column
    text = _("Highest is {name} with {value}").format(
        name=names[0], value=column.shown(known[measure.name].iloc[0])
    )
    if len(known) > 1:
        text += _(", lowest {name} with {value}").format(
            name=names[-1], value=column.shown(known[measure.name].iloc[-1])
        )
    unknown = len(of_first) - len(known)
    if unknown:
        text += i18n.ngettext("; {count} is unknown", "; {count} are unknown", unknown).format(
            count=i18n.number(unknown)
        )
    return f"{text}."
