"""Renewal risk, for internal eyes: what a score is made of, and how scores did in the past."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from ccinsight import i18n
from ccinsight.charts.axes import column_room, percent_axis
from ccinsight.charts.bars import name_rows, write_behind
from ccinsight.charts.figure import HOVER, Chart, Drawing, Trace, bar, empty, nothing, scatter
from ccinsight.charts.marks import mark
from ccinsight.charts.palette import Palette
from ccinsight.charts.text import (
    escaped,
    shortened,
    wrapped,
)
from ccinsight.charts.values import heights, numbers
from ccinsight.i18n import _

_ROW = 34


@dataclass(frozen=True)
class _Points:
    """The rules of a score from the last to the first: points given and at most, and a text for each."""

    rules: Sequence[str]
    names: Sequence[str]
    given: Sequence[float | None]
    most: Sequence[float | None]
    texts: Sequence[str]


def score_parts(parts: pd.DataFrame, palette: Palette) -> Chart:
    """Horizontal bars of the points of each rule, the most it can give behind them in grey.

    ``parts``: risk_rule, risk_shown (the rule's number in words), risk_points (NaN unknown), risk_most.
    """
    title = _("What the score is made of")
    if parts.empty:
        return nothing(palette, title)
    first = parts.iloc[0]
    alt = _("Most points come from {rule}: {points} of at most {most}.").format(
        rule=first["risk_rule"],
        points=i18n.number(first["risk_points"], 1),
        most=i18n.number(first["risk_most"], 1),
    )
    return _draw_points(_points(parts), palette).chart(alt, title)


def _points(parts: pd.DataFrame) -> _Points:
    shown = parts[::-1]
    given = numbers(shown["risk_points"])
    return _Points(
        rules=[shortened(name, 34) for name in shown["risk_rule"]],
        names=[str(name) for name in shown["risk_rule"]],
        given=given,
        most=numbers(shown["risk_most"]),
        texts=[
            f"{i18n.number(value, 1)} ({escaped(number)})" if value is not None else _("unknown")
            for value, number in zip(given, shown["risk_shown"], strict=True)
        ],
    )


def _draw_points(table: _Points, palette: Palette) -> Drawing:
    rows = list(range(len(table.rules)))
    most = bar(x=list(table.most), y=rows, orientation="h", marker={"color": palette.grid}, hoverinfo="skip")
    given = bar(
        x=heights(table.given),
        y=rows,
        orientation="h",
        marker={"color": palette.accent},
        customdata=[f"{name}: {text}" for name, text in zip(table.rules, table.texts, strict=True)],
        hovertemplate=HOVER,
        marks=[mark(rule, risk_rule=(rule,)) for rule in table.names],
    )
    drawn = Drawing(palette, [most, given], height=32 + _ROW * len(rows), barmode="overlay")
    name_rows(drawn, rows, table.rules, palette)
    reach = [max(value or 0, end or 0) for value, end in zip(table.given, table.most, strict=True)]
    write_behind(drawn, rows, reach, table.texts)
    drawn.x(range=[0, (max(reach) or 1) * 1.6])
    return drawn


@dataclass(frozen=True)
class _Shares:
    """The share that left of each band of scores (0 to 1, None unknown), and how many of how many."""

    bands: Sequence[str]
    shares: Sequence[float | None]
    texts: Sequence[str]


def left_by_band(bands: pd.DataFrame, palette: Palette) -> Chart:
    """Columns of the share that left by score band, with how many of how many above.

    ``bands``: score_band, agreements, left, left_share (NaN where there are no agreements).
    """
    title = _("Share that left, by score before the deadline")
    if bands.empty or not int(bands["agreements"].fillna(0).sum()):
        return nothing(palette, title)
    table = _shares(bands)
    alt = _("{parts}.").format(
        parts="; ".join(
            _("score {band}: {text} left").format(band=band, text=text)
            for band, text in zip(table.bands, table.texts, strict=True)
        )
    )
    return _draw_shares(table, palette).chart(alt, title)


def _shares(bands: pd.DataFrame) -> _Shares:
    return _Shares(
        bands=[str(band) for band in bands["score_band"]],
        shares=numbers(bands["left_share"]),
        texts=[
            _("{left} of {all}").format(left=i18n.number(int(left)), all=i18n.number(int(count)))
            for left, count in zip(bands["left"].fillna(0), bands["agreements"].fillna(0), strict=True)
        ],
    )


def _draw_shares(table: _Shares, palette: Palette) -> Drawing:
    trace = bar(
        x=list(table.bands),
        y=[share or 0 for share in table.shares],
        marker={"color": palette.accent},
        text=list(table.texts),
        textposition="outside",
        textfont={"size": 12, "color": palette.text},
        cliponaxis=False,
        constraintext="none",
        customdata=[
            _("Score {band}: {share} left, {text}").format(band=band, share=i18n.percent(share), text=text)
            for band, share, text in zip(table.bands, table.shares, table.texts, strict=True)
        ],
        hovertemplate=HOVER,
        marks=[mark(_("Score {band}").format(band=band), score_band=(band,)) for band in table.bands],
    )
    drawn = Drawing(palette, [trace], height=300)
    title = {"text": _("score"), "font": {"size": 12, "color": palette.muted}}
    drawn.x(type="category", title=title, **column_room(len(table.bands)))
    axis = percent_axis(table.shares)
    drawn.y(**axis | {"range": [0, axis["range"][1] * 1.12]})
    return drawn


@dataclass(frozen=True)
class _Interval:
    """How often a way of ranking puts one who left above one who stayed (0 to 1), with its 95 % interval."""

    name: str
    value: float
    low: float
    high: float
    is_ours: bool

    @property
    def text(self) -> str:
        """The value and its interval in words."""
        return _("{value}, 95 % interval {low} to {high}").format(
            value=i18n.percent(self.value), low=i18n.percent(self.low), high=i18n.percent(self.high)
        )


def auc_intervals(tests: pd.DataFrame, palette: Palette) -> Chart:
    """A dot and its 95 % interval for each way of ranking, with a line at 0.5, which is chance.

    ``tests``: ranking, auc, auc_low, auc_high (NaN unknown), the first row ours.
    """
    title = _("How often one who left ranked above one who stayed")
    intervals = _intervals(tests)
    if not intervals:
        return empty(palette, title, _("Too few have left or stayed to tell."))
    parts = [f"{each.name} {each.text}" for each in reversed(intervals)]
    alt = _("{parts}; chance would be {half}.").format(parts="; ".join(parts), half=i18n.percent(0.5))
    return _draw_intervals(intervals, palette).chart(alt, title)


def _intervals(tests: pd.DataFrame) -> list[_Interval]:
    """The intervals that are known, the last first."""
    known = tests.dropna(subset=["auc", "auc_low", "auc_high"])[::-1]
    return [
        _Interval(
            str(row["ranking"]),
            float(row["auc"]),
            float(row["auc_low"]),
            float(row["auc_high"]),
            is_ours=row["ranking"] == tests.iloc[0]["ranking"],
        )
        for row in known.to_dict("records")
    ]


def _draw_intervals(intervals: Sequence[_Interval], palette: Palette) -> Drawing:
    rows = list(range(len(intervals)))
    drawn = Drawing(palette, _spans_and_dots(intervals, palette), height=84 + 44 * len(rows))
    ticks = [0, 0.25, 0.5, 0.75, 1]
    name_rows(drawn, rows, [wrapped(escaped(each.name), 24) for each in intervals], palette)
    drawn.x(
        range=[0, 1.02],
        tickmode="array",
        tickvals=ticks,
        ticktext=[i18n.percent(tick) for tick in ticks],
        showticklabels=True,
        showline=True,
    )
    drawn.y(range=[-0.6, len(rows) - 0.2])
    line = {"color": palette.text, "width": 1.5, "dash": "dot"}
    drawn.shape(type="line", x0=0.5, x1=0.5, y0=0, y1=1, yref="paper", line=line, layer="below")
    font = {"size": 12, "color": palette.text}
    chance = _("chance")
    drawn.note(f"{chance} ", x=0.5, y=1, yref="paper", yanchor="top", xanchor="right", font=font)
    return drawn


def _spans_and_dots(intervals: Sequence[_Interval], palette: Palette) -> list[Trace]:
    colours = [palette.accent if each.is_ours else palette.grey for each in intervals]
    spans = [
        scatter(
            x=[each.low, each.high],
            y=[row, row],
            mode="lines",
            line={"color": colour, "width": 3},
            hoverinfo="skip",
        )
        for row, (each, colour) in enumerate(zip(intervals, colours, strict=True))
    ]
    dots = scatter(
        x=[each.value for each in intervals],
        y=list(range(len(intervals))),
        mode="markers",
        marker={"size": 13, "color": colours, "line": {"color": palette.surface, "width": 2}},
        customdata=[f"{escaped(each.name)}: {each.text}" for each in intervals],
        hovertemplate=HOVER,
    )
    return [*spans, dots]
