"""From whom the revenue comes: by user band and by a column of the agreements."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from ccinsight import i18n
from ccinsight.charts.figure import Chart, Drawing, bar, empty, nothing, scatter
from ccinsight.charts.palette import Palette
from ccinsight.charts.text import escaped, shortened
from ccinsight.charts.values import known_sum, numbers
from ccinsight.i18n import _, ngettext
from ccinsight.registry import REPORTS

_IN_FORCE = ("active", "terminating")
_MOST_BARS = 12
_ROW = 32


def revenue_by_band(bands: pd.DataFrame, palette: Palette) -> Chart:
    """Columns of the report ``revenue_by_user_band``: revenue, with the number of agreements under each."""
    title = _("Annual recurring revenue by user band")
    if bands.empty or not bands["agreements"].sum():
        return nothing(palette, title)
    known = bands.dropna(subset=["revenue"])
    if known.empty:
        return empty(palette, title, _("The revenue of no agreement is known."))
    rows, values = list(range(len(bands))), numbers(bands["revenue"])
    records = bands.to_dict("records")
    trace = bar(
        x=values,
        y=rows,
        orientation="h",
        marker={"color": palette.accent},
        customdata=[_band_text(row) for row in records],
        hovertemplate="%{customdata}<extra></extra>",
    )
    drawn = Drawing(palette, [trace], height=32 + 42 * len(rows), bargap=0.36)
    _lying(drawn, rows, [_band_name(row) for row in records], palette)
    # The smallest on top, as the bands go.
    drawn.y(autorange="reversed")
    drawn.x(range=[0, max(value or 0 for value in values) * 1.5 or 1])
    _behind(drawn, rows, values, [i18n.amount(value) for value in values])
    first = known.iloc[int(known["revenue"].astype("float64").to_numpy().argmax())]
    alt = _("{total} in all; most from {band}: {value} over {agreements}.").format(
        total=i18n.amount(known_sum(bands["revenue"])),
        band=_band(first["user_band"]),
        value=i18n.amount(float(first["revenue"])),
        agreements=_agreements(int(first["agreements"])),
    )
    return Chart(drawn.figure(), alt, title)


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
    names = in_force[column].map(known_as.shown, na_action=None)
    groups = in_force.assign(group=names).groupby("group")["annual_value"]
    sums = pd.DataFrame({"value": groups.sum(), "agreements": groups.size()}).sort_values(
        "value", ascending=False
    )
    shown = _folded(sums)[::-1]
    whole = float(sums["value"].sum())
    rows, values = list(range(len(shown))), numbers(shown["value"])
    shares = [i18n.percent((value or 0) / whole) if whole else "" for value in values]
    trace = bar(
        x=values,
        y=rows,
        orientation="h",
        marker={"color": palette.accent},
        customdata=[
            f"{escaped(name)}: {i18n.amount(value)}, {share}<br>{_agreements(int(count))}"
            for name, value, share, count in zip(
                shown.index, values, shares, shown["agreements"], strict=True
            )
        ],
        hovertemplate="%{customdata}<extra></extra>",
    )
    drawn = Drawing(palette, [trace], height=32 + _ROW * len(rows))
    _lying(drawn, rows, [shortened(name, 20) for name in shown.index], palette)
    drawn.x(range=[0, max(value or 0 for value in values) * 1.5 or 1])
    _behind(drawn, rows, values, [i18n.amount(value) for value in values])
    alt = _("{name} has most: {value}, {share} of {total}.").format(
        name=sums.index[0],
        value=i18n.amount(float(sums["value"].iloc[0])),
        share=i18n.percent(float(sums["value"].iloc[0]) / whole) if whole else _("unknown"),
        total=i18n.amount(whole),
    )
    return Chart(drawn.figure(), alt, title)


def _folded(sums: pd.DataFrame) -> pd.DataFrame:
    """The largest groups, the others put together."""
    if len(sums) <= _MOST_BARS:
        return sums
    rest = sums.iloc[_MOST_BARS - 1 :]
    name = _("{count} others").format(count=len(rest))
    return pd.concat([sums.iloc[: _MOST_BARS - 1], pd.DataFrame(rest.sum(), columns=[name]).T])


def _behind(drawn: Drawing, rows: Sequence[int], ends: Sequence[float | None], texts: Sequence[str]) -> None:
    """The number behind each bar."""
    drawn.add(
        scatter(
            x=[max(0.0, end or 0.0) for end in ends],
            y=list(rows),
            mode="text",
            text=[f" {text}" for text in texts],
            textposition="middle right",
            cliponaxis=False,
            hoverinfo="skip",
        )
    )


def _lying(drawn: Drawing, rows: Sequence[int], names: Sequence[str], palette: Palette) -> None:
    """Horizontal bars with their numbers behind them: no other axis, names as dark as text."""
    drawn.x(showline=False, showticklabels=False)
    drawn.y(
        showgrid=False,
        tickmode="array",
        tickvals=list(rows),
        ticktext=list(names),
        tickfont={"size": 13, "color": palette.text},
    )


def _band(band: str) -> str:
    return _("Users unknown") if band == "unknown" else _("{band} users").format(band=band)


def _band_name(row: dict[Any, Any]) -> str:
    return f"{_band(row['user_band'])}<br>{_agreements(int(row['agreements']))}"


def _band_text(row: dict[Any, Any]) -> str:
    column = REPORTS["revenue_by_user_band"].column
    return "<br>".join(
        [
            f"<b>{_band(row['user_band'])}</b>",
            f"{column('revenue').shown(row['revenue'])}, {_agreements(int(row['agreements']))}",
            _("{value} per user").format(value=column("revenue_per_user").shown(row["revenue_per_user"])),
        ]
    )


def _agreements(count: int) -> str:
    return ngettext("{count} agreement", "{count} agreements", count).format(count=i18n.number(count))
