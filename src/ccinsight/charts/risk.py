"""Renewal risk, for internal eyes: what a score is made of, and how scores did in the past."""

from __future__ import annotations

import pandas as pd

from ccinsight import i18n
from ccinsight.charts.axes import percent_axis
from ccinsight.charts.figure import Chart, Drawing, bar, empty, nothing, scatter
from ccinsight.charts.palette import Palette
from ccinsight.charts.text import escaped, shortened, wrapped
from ccinsight.charts.values import heights, numbers
from ccinsight.i18n import _

_ROW = 34


def score_parts(parts: pd.DataFrame, palette: Palette) -> Chart:
    """Horizontal bars of the points of each rule, the most it can give behind them in grey.

    ``parts``: risk_rule, risk_shown (the rule's number in words), risk_points (NaN unknown), risk_most.
    """
    title = _("What the score is made of")
    if parts.empty:
        return nothing(palette, title)
    shown = parts[::-1]
    rows = list(range(len(shown)))
    points, most = numbers(shown["risk_points"]), numbers(shown["risk_most"])
    names = [shortened(name, 34) for name in shown["risk_rule"]]
    texts = [
        f" {i18n.number(value, 1)} ({escaped(number)})" if value is not None else f" {_('unknown')}"
        for value, number in zip(points, shown["risk_shown"], strict=True)
    ]
    reach = [max(value or 0, end or 0) for value, end in zip(points, most, strict=True)]
    traces = [
        bar(x=most, y=rows, orientation="h", marker={"color": palette.grid}, hoverinfo="skip"),
        bar(
            x=heights(points),
            y=rows,
            orientation="h",
            marker={"color": palette.accent},
            customdata=[f"{name}:{text}" for name, text in zip(names, texts, strict=True)],
            hovertemplate="%{customdata}<extra></extra>",
        ),
        scatter(
            x=reach,
            y=rows,
            mode="text",
            text=texts,
            textposition="middle right",
            cliponaxis=False,
            hoverinfo="skip",
        ),
    ]
    drawn = Drawing(palette, traces, height=32 + _ROW * len(rows), barmode="overlay")
    drawn.x(showgrid=False, showline=False, showticklabels=False, range=[0, (max(reach) or 1) * 1.6])
    drawn.y(
        showgrid=False,
        tickmode="array",
        tickvals=rows,
        ticktext=names,
        tickfont={"size": 13, "color": palette.text},
    )
    first = parts.iloc[0]
    alt = _("Most points come from {rule}: {points} of at most {most}.").format(
        rule=first["risk_rule"],
        points=i18n.number(first["risk_points"], 1),
        most=i18n.number(first["risk_most"], 1),
    )
    return Chart(drawn.figure(), alt, title)


def left_by_band(bands: pd.DataFrame, palette: Palette) -> Chart:
    """Columns of the share that left by score band, with how many of how many above.

    ``bands``: score_band, agreements, left, left_share (NaN where there are no agreements).
    """
    title = _("Share that left, by score before the deadline")
    if bands.empty or not int(bands["agreements"].fillna(0).sum()):
        return nothing(palette, title)
    shares = numbers(bands["left_share"])
    texts = [
        _("{left} of {all}").format(left=i18n.number(int(left)), all=i18n.number(int(count)))
        for left, count in zip(bands["left"].fillna(0), bands["agreements"].fillna(0), strict=True)
    ]
    labels = [str(band) for band in bands["score_band"]]
    trace = bar(
        x=labels,
        y=[share or 0 for share in shares],
        marker={"color": palette.accent},
        text=texts,
        textposition="outside",
        textfont={"size": 12, "color": palette.text},
        cliponaxis=False,
        constraintext="none",
        customdata=[
            _("Score {band}: {share} left, {text}").format(band=label, share=i18n.percent(share), text=text)
            for label, share, text in zip(labels, shares, texts, strict=True)
        ],
        hovertemplate="%{customdata}<extra></extra>",
    )
    drawn = Drawing(palette, [trace], height=300)
    drawn.x(type="category", title={"text": _("score"), "font": {"size": 12, "color": palette.muted}})
    axis = percent_axis(shares)
    drawn.y(**axis | {"range": [0, axis["range"][1] * 1.12]})
    alt = _("{parts}.").format(
        parts="; ".join(
            _("score {band}: {text} left").format(band=label, text=text)
            for label, text in zip(labels, texts, strict=True)
        )
    )
    return Chart(drawn.figure(), alt, title)


def auc_intervals(tests: pd.DataFrame, palette: Palette) -> Chart:
    """A dot and its 95 % interval for each way of ranking, with a line at 0.5, which is chance.

    ``tests``: ranking, auc, auc_low, auc_high (NaN unknown), the first row ours.
    """
    title = _("How often one who left ranked above one who stayed")
    known = tests.dropna(subset=["auc", "auc_low", "auc_high"])
    if known.empty:
        return empty(palette, title, _("Too few have left or stayed to tell."))
    shown = known[::-1]
    rows = list(range(len(shown)))
    values, low, high = (numbers(shown[name]) for name in ("auc", "auc_low", "auc_high"))
    spans = [
        _("{value}, 95 % interval {low} to {high}").format(
            value=i18n.percent(value), low=i18n.percent(least), high=i18n.percent(most)
        )
        for value, least, most in zip(values, low, high, strict=True)
    ]
    names = [str(name) for name in shown["ranking"]]
    colours = [palette.accent if name == tests.iloc[0]["ranking"] else palette.grey for name in names]
    traces = [
        scatter(
            x=[least, most], y=[row, row], mode="lines", line={"color": colour, "width": 3}, hoverinfo="skip"
        )
        for row, least, most, colour in zip(rows, low, high, colours, strict=True)
    ]
    traces.append(
        scatter(
            x=values,
            y=rows,
            mode="markers",
            marker={"size": 13, "color": colours, "line": {"color": palette.surface, "width": 2}},
            customdata=[f"{escaped(name)}: {span}" for name, span in zip(names, spans, strict=True)],
            hovertemplate="%{customdata}<extra></extra>",
        )
    )
    drawn = Drawing(palette, traces, height=84 + 44 * len(rows))
    ticks = [0, 0.25, 0.5, 0.75, 1]
    drawn.x(
        range=[0, 1.02], tickmode="array", tickvals=ticks, ticktext=[i18n.percent(tick) for tick in ticks]
    )
    drawn.y(
        showgrid=False,
        range=[-0.6, len(rows) - 0.2],
        tickmode="array",
        tickvals=rows,
        ticktext=[wrapped(escaped(name), 24) for name in names],
        tickfont={"size": 13, "color": palette.text},
    )
    line = {"color": palette.text, "width": 1.5, "dash": "dot"}
    drawn.shape(type="line", x0=0.5, x1=0.5, y0=0, y1=1, yref="paper", line=line, layer="below")
    font = {"size": 12, "color": palette.text}
    chance = _("chance")
    drawn.note(f"{chance} ", x=0.5, y=1, yref="paper", yanchor="top", xanchor="right", font=font)
    parts = [f"{name} {span}" for name, span in zip(names[::-1], spans[::-1], strict=True)]
    alt = _("{parts}; chance would be {half}.").format(parts="; ".join(parts), half=i18n.percent(0.5))
    return Chart(drawn.figure(), alt, title)
