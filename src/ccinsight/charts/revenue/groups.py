"""From whom the revenue comes: by user band and by a column of the agreements."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ccinsight import i18n
from ccinsight.charts.bars import BarTable, horizontal
from ccinsight.charts.figure import Chart, Drawing, empty, nothing
from ccinsight.charts.marks import mark
from ccinsight.charts.palette import Palette
from ccinsight.charts.text import agreements as agreements_text
from ccinsight.charts.text import escaped, shortened
from ccinsight.charts.values import known_sum, numbers
from ccinsight.i18n import _
from ccinsight.registry import REPORTS

_IN_FORCE = ("active", "terminating")
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


def revenue_by(agreements: pd.DataFrame, column: str, palette: Palette) -> Chart:
    """Horizontal bars of annual value by a column of the report ``agreements``, over those in force.

    ``column`` is account_manager, complexity, price_basis, product or another text; the smallest groups
    beyond twelve are put together.
    """
    known_as = REPORTS["agreements"].column(column)
    title = _("Annual recurring revenue by {what}").format(what=_(known_as.label).lower())
    in_force = agreements[agreements["state"].isin(_IN_FORCE)] if not agreements.empty else agreements
    if in_force.empty or in_force["annual_value"].dropna().empty:
        return nothing(palette, title)
    groups = in_force[column].map(known_as.shown, na_action=None)
    sums = _sums(in_force, groups)
    whole, largest = float(sums["value"].sum()), float(sums["value"].iloc[0])
    alt = _("{name} has most: {value}, {share} of {total}.").format(
        name=sums.index[0],
        value=i18n.amount(largest),
        share=i18n.percent(largest / whole) if whole else _("unknown"),
        total=i18n.amount(whole),
    )
    table = _groups(sums, column, _values_of(in_force[column], groups))
    return _draw_groups(table, palette).chart(alt, title)


def _sums(in_force: pd.DataFrame, groups: pd.Series[Any]) -> pd.DataFrame:
    """Value in kr and number of agreements of each group, the largest first."""
    grouped = in_force.assign(group=groups).groupby("group")["annual_value"]
    sums = pd.DataFrame({"value": grouped.sum(), "agreements": grouped.size()})
    return sums.sort_values("value", ascending=False)


def _values_of(values: pd.Series[Any], groups: pd.Series[Any]) -> dict[str, tuple[object, ...]]:
    """Group → the values of the column in it; None for unknown."""
    found: dict[str, dict[object, None]] = {}
    for value, group in zip(values, groups, strict=True):
        found.setdefault(group, {})[None if i18n.is_unknown(value) else value] = None
    return {group: tuple(each) for group, each in found.items()}


def _groups(sums: pd.DataFrame, column: str, values_of: dict[str, tuple[object, ...]]) -> BarTable:
    """The groups from the smallest to the largest, as Plotly draws them from below."""
    shown, whole = _folded(sums)[::-1], float(sums["value"].sum())
    values = numbers(shown["value"])
    rest = tuple(value for name in sums.index[_MOST_BARS - 1 :] for value in values_of[name])
    shares = [i18n.percent((value or 0) / whole) if whole else "" for value in values]
    return BarTable(
        names=[shortened(name, 20) for name in shown.index],
        values=values,
        texts=[i18n.amount(value) for value in values],
        hover=[
            f"{escaped(name)}: {i18n.amount(value)}, {share}<br>{agreements_text(int(count))}"
            for name, value, share, count in zip(
                shown.index, values, shares, shown["agreements"], strict=True
            )
        ],
        marks=[mark(str(name), **{column: values_of.get(name) or rest}) for name in shown.index],
    )


def _draw_groups(table: BarTable, palette: Palette) -> Drawing:
    drawn = horizontal(table, palette, 32 + _ROW * len(table.names), {"color": palette.accent})
    drawn.x(range=[0, table.longest() * 1.5 or 1])
    return drawn


def _folded(sums: pd.DataFrame) -> pd.DataFrame:
    """The largest groups, the others put together."""
    if len(sums) <= _MOST_BARS:
        return sums
    rest = sums.iloc[_MOST_BARS - 1 :]
    name = _("{count} others").format(count=len(rest))
    return pd.concat([sums.iloc[: _MOST_BARS - 1], pd.DataFrame(rest.sum(), columns=[name]).T])


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
