"""PowerPoint's own charts, editable and in the theme's colours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pptx.chart.data import CategoryChartData
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_TICK_LABEL_POSITION,
    XL_TICK_MARK,
)
from pptx.enum.dml import MSO_LINE
from pptx.oxml.ns import qn
from pptx.util import Pt

from ccinsight import i18n
from ccinsight.documents.deck import text_fit
from ccinsight.documents.deck.canvas import POINTS, Box, Page
from ccinsight.documents.deck.drawing import AWAY, BEFORE, OURS, PAPER, TEXT, describe, shade
from ccinsight.documents.deck.xml import add
from ccinsight.i18n import _

# Darker than the paper: light grey for the lines of a chart.
_LINE = -0.15
_CHART_TEXT = Pt(11)


@dataclass(frozen=True)
class Series:
    """A row of numbers of a chart; None is a gap. ``look``: ours, before, light, away or dashed."""

    name: str
    values: Sequence[float | None]
    look: str = "ours"


def columns(
    page: Page, box: Box, categories: Sequence[str], series: Sequence[Series], alt: str, form: str = "#,##0"
) -> None:
    """Columns side by side, for change over time."""
    chart = _chart(page, box, XL_CHART_TYPE.COLUMN_CLUSTERED, categories, series, alt, form)
    chart.plots[0].gap_width, chart.plots[0].overlap = 60, -5
    _axes(chart, form, _most(series))


def stacked(
    page: Page, box: Box, categories: Sequence[str], series: Sequence[Series], alt: str, form: str = "#,##0"
) -> None:
    """Columns of parts that add up, the first at the bottom."""
    chart = _chart(page, box, XL_CHART_TYPE.COLUMN_STACKED, categories, series, alt, form)
    chart.plots[0].gap_width, chart.plots[0].overlap = 45, 100
    sums = [
        sum(value or 0 for value in values) for values in zip(*(each.values for each in series), strict=True)
    ]
    _axes(chart, form, max(sums, default=0))


def changes(
    page: Page, box: Box, categories: Sequence[str], values: Sequence[float], alt: str, form: str = "#,##0"
) -> None:
    """A column for each change, up from zero or, in another colour, down."""
    up = Series(_("Increase"), [value if value >= 0 else None for value in values])
    down = Series(_("Decrease"), [value if value < 0 else None for value in values], "away")
    chart = _chart(page, box, XL_CHART_TYPE.COLUMN_CLUSTERED, categories, (up, down), alt, form)
    chart.plots[0].gap_width, chart.plots[0].overlap = 45, 100
    _axes(chart, form, max((abs(value) for value in values), default=0))
    if any(value < 0 for value in values):
        chart.value_axis.minimum_scale = None


def bars(
    page: Page, box: Box, categories: Sequence[str], series: Sequence[Series], alt: str, form: str = "#,##0"
) -> float:
    """Horizontal bars, the first on top, with their values on them; gives the chart's height in inches."""
    # Few bars would be blocks: a bar is as thick as a reader expects.
    box = Box(
        box.left, box.top, box.wide, min(box.tall, 0.6 + len(categories) * (0.35 + 0.25 * (len(series) - 1)))
    )
    wide = box.wide * 0.42 * POINTS
    names = [_short_name(name, wide) for name in categories]
    chart = _chart(page, box, XL_CHART_TYPE.BAR_CLUSTERED, names, series, alt, form)
    plot = chart.plots[0]
    plot.gap_width, plot.overlap = 45, -5
    plot.has_data_labels = True
    plot.data_labels.number_format, plot.data_labels.number_format_is_linked = form, False
    plot.data_labels.position = XL_LABEL_POSITION.OUTSIDE_END
    plot.data_labels.font.size = Pt(10)
    chart.category_axis.reverse_order = True
    _axes(chart, form, _most(series))
    chart.value_axis.visible = False
    chart.value_axis.has_major_gridlines = False
    return box.tall


def _short_name(name: str, wide: float) -> str:
    """A name that fits beside its bar; of a long path the end, which tells it from others."""
    if "/" in name and text_fit.width(name, 11) > wide:
        name = f"…/{name.rpartition('/')[2]}"
    return text_fit.shorten(name, 11, wide, 1)


def lines(
    page: Page, box: Box, months: Sequence[date], series: Sequence[Series], alt: str, form: str = "#,##0"
) -> None:
    """Lines over months; a gap where a value is unknown."""
    chart = _chart(page, box, XL_CHART_TYPE.LINE_MARKERS, months, series, alt, form)
    _axes(chart, form, _most(series))
    axis = chart.category_axis
    language = "414" if i18n.language() == "nb" else "809"
    axis.tick_labels.number_format = f"[$-{language}]mmm\\ yy"
    axis.tick_labels.number_format_is_linked = False
    step = next((step for step in (1, 2, 3, 6) if len(months) <= 9 * step), 12)
    _every(axis._element, step)


def _every(axis: Any, step: int) -> None:
    """A label every so many months. The order of the elements is the file format's."""
    for tag in ("c:majorUnit", "c:majorTimeUnit", "c:baseTimeUnit", "c:minorUnit", "c:minorTimeUnit"):
        for old in axis.findall(qn(tag)):
            axis.remove(old)
    for tag, value in (
        ("c:baseTimeUnit", "months"),
        ("c:majorUnit", str(step)),
        ("c:majorTimeUnit", "months"),
    ):
        add(axis, tag, val=value)


def _chart(
    page: Page, box: Box, kind: Any, categories: Sequence[Any], series: Sequence[Series], alt: str, form: str
) -> Any:
    data: Any = CategoryChartData(number_format=form)  # type: ignore[no-untyped-call]
    data.categories = list(categories)
    for each in series:
        data.add_series(each.name, list(each.values))
    frame = page.slide.shapes.add_chart(kind, *box.emu(), data)
    describe(frame, alt.split(":")[0], alt)
    chart = frame.chart
    _number_axes(chart)
    chart.has_title = False
    chart.font.size = _CHART_TEXT
    chart.font.color.theme_color = TEXT
    chart.has_legend = len(series) > 1
    if chart.has_legend:
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
        chart.legend.font.size = _CHART_TEXT
    for made, each in zip(chart.plots[0].series, series, strict=True):
        if kind == XL_CHART_TYPE.LINE_MARKERS:
            _draw_line(made, each.look)
        else:
            made.format.fill.solid()
            _paint(made.format.fill.fore_color, each.look)
            made.invert_if_negative = False
    return chart


def _number_axes(chart: Any) -> None:
    """Ids of axes from 1: python-pptx gives them negative ones, which the format's schema doesn't have."""
    space = chart._chartSpace
    given = {axis.get("val"): str(number) for number, axis in enumerate(space.iter(qn("c:crossAx")), start=1)}
    for tag in ("c:axId", "c:crossAx"):
        for named in space.iter(qn(tag)):
            named.set("val", given[named.get("val")])


def _paint(colour: Any, look: str) -> None:
    match look:
        case "before":
            shade(colour, BEFORE, PAPER)
        case "light":
            shade(colour, 0.5, OURS)
        case "away":
            colour.theme_color = AWAY
        case "dashed":
            shade(colour, 0.35, TEXT)
        case _:
            colour.theme_color = OURS


def _draw_line(made: Any, look: str) -> None:
    made.smooth = False
    line = made.format.line
    line.width = Pt(2.25)
    _paint(line.color, look)
    if look == "dashed":
        line.dash_style = MSO_LINE.DASH
    made.marker.style = None
    marker = made._element.get_or_add_marker()
    for child in list(marker):
        marker.remove(child)
    symbol = add(marker, "c:symbol")
    symbol.set("val", "none" if look == "dashed" else "circle")
    if look != "dashed":
        add(marker, "c:size", val="5")
        made.marker.format.fill.solid()
        _paint(made.marker.format.fill.fore_color, look)
        made.marker.format.line.fill.background()


def _most(series: Sequence[Series]) -> float:
    return max((value for each in series for value in each.values if value is not None), default=0)


def _axes(chart: Any, form: str, most: float) -> None:
    value, category = chart.value_axis, chart.category_axis
    value.minimum_scale = 0
    value.has_major_gridlines = True
    shade(value.major_gridlines.format.line.color, _LINE, PAPER)
    value.major_gridlines.format.line.width = Pt(0.5)
    value.format.line.fill.background()
    value.major_tick_mark = XL_TICK_MARK.NONE
    value.tick_labels.number_format, value.tick_labels.number_format_is_linked = form, False
    if form == "#,##0" and most <= 5:
        value.maximum_scale, value.major_unit = max(1, int(most) + 1), 1
    elif most == 0:
        value.maximum_scale = 1
    category.major_tick_mark = XL_TICK_MARK.NONE
    category.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    category.has_major_gridlines = False
    shade(category.format.line.color, BEFORE, PAPER)
    category.tick_labels.font.size = _CHART_TEXT
    value.tick_labels.font.size = _CHART_TEXT
