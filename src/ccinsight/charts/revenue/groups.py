"""From whom the revenue comes: by user band and by a column of the agreements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ccinsight import i18n
from ccinsight.charts.bars import BarTable, horizontal, row_height
from ccinsight.charts.figure import Chart, Drawing, empty, nothing
from ccinsight.charts.marks import mark
from ccinsight.charts.palette import Palette
from ccinsight.charts.sums import known_sum
from ccinsight.charts.text import agreements as agreements_text
from ccinsight.charts.text import escaped, in_two_lines
from ccinsight.charts.values import numbers
from ccinsight.i18n import _
from ccinsight.registry import REPORTS, Column

_MOST_BARS = 12
_ROW = 32


def revenue_by_band(bands: pd.DataFrame, palette: Palette) -> Chart:
    """Horizontal bars of the report ``revenue_by_user_band``: kr a year, with the number of agreements of each band."""
    title = _("Annual recurring revenue by user band")
    if bands.empty or not bands["agreements"].sum():
        return nothing(palette, title)
    known = bands.dropna(subset=["revenue"])
    if known.empty:
        return empty(palette, title, _("The revenue of no agreement is known."))
    first = known.iloc[int(known["revenue"].astype("float64").to_numpy().argmax())]
    alt = _("{total} in all; most from {band}: {value} over {agreements}.").format(
        total=i18n.amount(known_sum(bands["revenue"])),
        band=_band(first["user_band"]),
        value=i18n.amount(float(first["revenue"])),
        agreements=agreements_text(int(first["agreements"])),
    )
    return _draw_bands(_bands(bands), palette).chart(alt, title)


def _bands(bands: pd.DataFrame) -> BarTable:
    """The bands from the smallest to the largest."""
    values, records = numbers(bands["revenue"]), bands.to_dict("records")
    return BarTable(
        names=[_band_name(row) for row in records],
        values=values,
        texts=[i18n.amount(value) for value in values],
        hover=[_band_text(row) for row in records],
        marks=[mark(_band(row["user_band"]), user_band=(row["user_band"],)) for row in records],
    )


def _draw_bands(table: BarTable, palette: Palette) -> Drawing:
    height = 32 + 42 * len(table.names)
    drawn = horizontal(table, palette, height, {"color": palette.accent}, bargap=0.36)
    # The smallest on top, as the bands go.
    drawn.y(autorange="reversed")
    drawn.x(range=[0, table.longest() * 1.5 or 1])
    return drawn


def revenue_by(rows: pd.DataFrame, column: str, palette: Palette) -> Chart:
    """Horizontal bars of the revenue by a column of the agreements in force: the rows of the table below the chart.

    ``column`` is account_manager, complexity, price_basis, product or another text. ``rows``, the largest first: that
    column, arr in kr a year (unknown where no value of the group is known), agreements_in_force. The smallest groups
    beyond twelve are put together.
    """
    known_as = REPORTS["agreements"].column(column)
    title = _("Annual recurring revenue by {what}").format(what=_(known_as.label).lower())
    whole = known_sum(rows["arr"])
    if rows.empty or whole is None:
        return nothing(palette, title)
    groups = _folded(_groups(rows, known_as))
    alt = _("{name} has most: {value}, {share} of {total}.").format(
        name=groups[0].name,
        value=i18n.amount(groups[0].revenue),
        share=i18n.percent(groups[0].share_of(whole)),
        total=i18n.amount(whole),
    )
    return _draw_groups(_bars(groups, column, whole), palette).chart(alt, title)


@dataclass(frozen=True)
class _Group:
    """Agreements by their values in a column (None unknown): kr a year (None unknown), and how many they are."""

    name: str
    values: tuple[object, ...]
    revenue: float | None
    agreements: int

    def share_of(self, whole: float) -> float | None:
        """The part of the whole, 1 is 100 %; None where the group's is unknown or the whole is 0."""
        return None if self.revenue is None or not whole else self.revenue / whole


def _groups(rows: pd.DataFrame, column: Column) -> list[_Group]:
    values = [None if i18n.is_unknown(value) else value for value in rows[column.name]]
    return [
        _Group(column.shown(value), (value,), revenue, int(agreements))
        for value, revenue, agreements in zip(
            values, numbers(rows["arr"]), rows["agreements_in_force"], strict=True
        )
    ]


def _folded(groups: Sequence[_Group]) -> Sequence[_Group]:
    """The largest groups, the others put together."""
    if len(groups) <= _MOST_BARS:
        return groups
    rest = groups[_MOST_BARS - 1 :]
    others = _Group(
        _("{count} others").format(count=len(rest)),
        tuple(value for each in rest for value in each.values),
        known_sum([each.revenue for each in rest]),
        sum(each.agreements for each in rest),
    )
    return [*groups[: _MOST_BARS - 1], others]


def _bars(groups: Sequence[_Group], column: str, whole: float) -> BarTable:
    """The groups from the smallest to the largest, as Plotly draws them from below."""
    upwards = groups[::-1]
    return BarTable(
        names=[in_two_lines(each.name, 20) for each in upwards],
        values=[each.revenue for each in upwards],
        texts=[i18n.amount(each.revenue) for each in upwards],
        hover=[_group_text(each, whole) for each in upwards],
        marks=[mark(each.name, **{column: each.values}) for each in upwards],
    )


def _group_text(group: _Group, whole: float) -> str:
    value, share = i18n.amount(group.revenue), group.share_of(whole)
    amount = value if share is None else f"{value}, {i18n.percent(share)}"
    return f"{escaped(group.name)}: {amount}<br>{agreements_text(group.agreements)}"


def _draw_groups(table: BarTable, palette: Palette) -> Drawing:
    height = 32 + row_height(table.names, _ROW) * len(table.names)
    drawn = horizontal(table, palette, height, {"color": palette.accent})
    drawn.x(range=[0, table.longest() * 1.5 or 1])
    return drawn


def _band(band: str) -> str:
    return _("Users unknown") if band == "unknown" else _("{band} users").format(band=band)


def _band_name(row: dict[Any, Any]) -> str:
    return f"{_band(row['user_band'])}<br>{agreements_text(int(row['agreements']))}"


def _band_text(row: dict[Any, Any]) -> str:
    column = REPORTS["revenue_by_user_band"].column
    return "<br>".join(
        [
            f"<b>{_band(row['user_band'])}</b>",
            f"{column('revenue').shown(row['revenue'])}, {agreements_text(int(row['agreements']))}",
            _("{value} per user").format(value=column("revenue_per_user").shown(row["revenue_per_user"])),
        ]
    )
