"""What stands on slides: paragraphs and charts, native and editable, in the theme's colours."""

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
from pptx.enum.dml import MSO_LINE, MSO_THEME_COLOR
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Inches, Pt

from ccinsight import i18n
from ccinsight.deck import text_fit
from ccinsight.deck.canvas import POINTS, Box, Page
from ccinsight.deck.xml import add

TEXT, MUTED, OURS, PAPER, SOFT = (
    MSO_THEME_COLOR.TEXT_1,
    MSO_THEME_COLOR.TEXT_2,
    MSO_THEME_COLOR.ACCENT_1,
    MSO_THEME_COLOR.BACKGROUND_1,
    MSO_THEME_COLOR.BACKGROUND_2,
)
# Darker than the paper: grey for what stood before, light grey for lines in tables and charts.
_BEFORE, _LINE = -0.28, -0.15
_CHART_TEXT = Pt(11)
# Inches from the top of a time line to the foot of its labels.
TIMELINE_TALL = 1.4
# Still legible, for what would be cut otherwise; and smaller yet, only where a figure would be broken.
_SMALL_SIZES, _SMALLEST_SIZES = (10.0, 9.0), (8.0, 7.0, 6.0)


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of a text. ``is_bullet``: with a bullet before it."""

    text: str
    is_bold: bool = False
    is_muted: bool = False
    is_bullet: bool = False


@dataclass(frozen=True)
class Series:
    """A row of numbers of a chart; None is a gap. ``look``: ours, before, light or dashed."""

    name: str
    values: Sequence[float | None]
    look: str = "ours"


def _shade(colour: Any, brightness: float, theme: Any) -> None:
    colour.theme_color = theme
    colour.brightness = brightness


def text(
    page: Page,
    box: Box,
    paragraphs: Sequence[Paragraph],
    sizes: Sequence[float] = (16, 14, 13, 12, 11),
    gap: float = 0.4,
) -> None:
    """Paragraphs in a box, in the first of the sizes that fits, or a smaller one; the rest is left out with …

    ``gap``: the space between paragraphs, in lines.
    """
    shown = [each for each in paragraphs if each.text]
    if not shown:
        return
    room, tall = (box.wide - 0.05) * POINTS, box.tall * POINTS
    size = _size(shown, (*sizes, *(s for s in _SMALL_SIZES if s < sizes[-1])), room, tall, gap)
    shown = _fitting(shown, size, room, tall, gap)
    shape = page.slide.shapes.add_textbox(*box.emu())
    frame = shape.text_frame
    frame.word_wrap, frame.auto_size = True, MSO_AUTO_SIZE.NONE
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    for number, each in enumerate(shown):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        paragraph.space_after = Pt(size * gap)
        write(paragraph, each, size)


def write(paragraph: Any, said: Paragraph, size: float) -> None:
    """Sets one paragraph in a size, in points."""
    run = paragraph.add_run()
    run.text = said.text
    run.font.size, run.font.bold = Pt(size), said.is_bold
    run.font.color.theme_color = MUTED if said.is_muted else TEXT
    properties = paragraph._p.get_or_add_pPr()
    if said.is_bullet:
        indent = round(size * 0.9 * 12_700)
        properties.set("marL", str(indent))
        properties.set("indent", str(-indent))
        add(properties, "a:buFont", typeface="Arial")
        add(properties, "a:buChar", char="•")
    else:
        add(properties, "a:buNone")


def _room(said: Paragraph, size: float, room: float) -> float:
    return room - size * 0.9 if said.is_bullet else room


def _tall(said: Sequence[Paragraph], size: float, room: float, gap: float) -> float:
    lines = sum(text_fit.height([each.text], size, _room(each, size, room), each.is_bold) for each in said)
    return lines + gap * size * (len(said) - 1)


def _size(said: Sequence[Paragraph], sizes: Sequence[float], room: float, tall: float, gap: float) -> float:
    """The largest size in which the paragraphs fit; else the smallest of those that break no figure."""
    whole = [size for size in (*sizes, *_SMALLEST_SIZES) if _is_whole(said, size, room)]
    legible = [size for size in whole if size in sizes]
    fitting = [size for size in legible if _tall(said, size, room, gap) <= tall]
    return next(iter(fitting or legible[-1:] or whole), _SMALLEST_SIZES[-1])


def _is_whole(said: Sequence[Paragraph], size: float, room: float) -> bool:
    return all(
        text_fit.holds_figures([each.text], size, _room(each, size, room), each.is_bold) for each in said
    )


def _fitting(said: list[Paragraph], size: float, room: float, tall: float, gap: float) -> list[Paragraph]:
    """As many paragraphs as fit; the last of them is cut where it must be."""
    shown: list[Paragraph] = []
    for each in said:
        used = _tall(shown, size, room, gap) + (gap * size if shown else 0)
        left = int((tall - used) / (size * text_fit.LINE) + 0.01)
        if left < 1:
            if shown:
                last = shown[-1]
                shown[-1] = Paragraph(
                    last.text.rstrip("…. ") + " …", last.is_bold, last.is_muted, last.is_bullet
                )
            return shown
        cut = text_fit.shorten(each.text, size, _room(each, size, room), left, each.is_bold)
        shown.append(Paragraph(cut, each.is_bold, each.is_muted, each.is_bullet))
        if cut != each.text:
            return shown
    return shown


def heading(page: Page, box: Box, said: str) -> Box:
    """A heading of one or two lines over a part of the slide; gives the room below it."""
    size = 14.0
    lines = min(2, len(text_fit.wrap(said, size, (box.wide - 0.05) * POINTS, bold=True)))
    over, below = box.head(lines * size * text_fit.LINE / POINTS + 0.04)
    text(page, over, [Paragraph(said, is_bold=True)], sizes=(size, 13, 12))
    return below


def note(page: Page, box: Box, said: str) -> None:
    """A line in small grey letters: the span, the source, what is left out."""
    text(page, box, [Paragraph(said, is_muted=True)], sizes=(10.5, 10, 9))


def empty(page: Page, box: Box, said: str) -> None:
    """In the place of a chart: why there is none, and what would fill it."""
    shape = page.slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *box.emu())
    soft(shape)
    frame = shape.text_frame
    frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.MIDDLE
    room = (box.wide - 0.3) * POINTS
    paragraph = frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.CENTER
    write(
        paragraph,
        Paragraph(text_fit.shorten(said, 14, room, max(1, int(box.tall * POINTS / 20))), is_muted=True),
        14,
    )


def soft(shape: Any) -> None:
    """A shape in the theme's light colour, without line or shadow."""
    _plain(shape)
    shape.fill.solid()
    shape.fill.fore_color.theme_color = SOFT
    shape.line.fill.background()


def _plain(shape: Any) -> None:
    """Without the theme's effects: no shadow, whatever the template."""
    style = shape._element.find(qn("p:style"))
    if style is not None:
        shape._element.remove(style)


# --- Charts


def columns(
    page: Page, box: Box, categories: Sequence[str], series: Sequence[Series], alt: str, form: str = "#,##0"
) -> None:
    """Columns side by side, for change over time."""
    chart = _chart(page, box, XL_CHART_TYPE.COLUMN_CLUSTERED, categories, series, alt, form)
    chart.plots[0].gap_width, chart.plots[0].overlap = 60, -5
    _axes(chart, form, _most(series))


def bars(
    page: Page, box: Box, categories: Sequence[str], series: Sequence[Series], alt: str, form: str = "#,##0"
) -> None:
    """Horizontal bars, the first on top, with their values on them."""
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


def _paint(colour: Any, look: str) -> None:
    match look:
        case "before":
            _shade(colour, _BEFORE, PAPER)
        case "light":
            _shade(colour, 0.5, OURS)
        case "dashed":
            _shade(colour, 0.35, TEXT)
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
    _shade(value.major_gridlines.format.line.color, _LINE, PAPER)
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
    _shade(category.format.line.color, _BEFORE, PAPER)
    category.tick_labels.font.size = _CHART_TEXT
    value.tick_labels.font.size = _CHART_TEXT


def describe(frame: Any, name: str, alt: str) -> None:
    """A name and a text for those who don't see it."""
    frame.name = name[:60]
    frame._element.nvGraphicFramePr.cNvPr.set("descr", alt)


# --- The agreement's calendar


@dataclass(frozen=True)
class Mark:
    """A date on the time line: where it is (0 to 1), what it is called, and whether it is today."""

    place: float
    label: str
    date: str
    is_today: bool = False


def timeline(page: Page, box: Box, marks: Sequence[Mark]) -> None:
    """A period as a line with its dates, in order; labels stand in even steps and are joined to their places."""
    shapes = page.slide.shapes
    top = box.top + 0.25
    line = shapes.add_shape(MSO_SHAPE.RECTANGLE, *Box(box.left, top, box.wide, 0.06).emu())
    line.fill.solid()
    _shade(line.fill.fore_color, _BEFORE, PAPER)
    line.line.fill.background()
    _plain(line)
    for mark, label in zip(marks, box.columns(*(1 for _mark in marks), gap=0.15), strict=True):
        at = box.left + mark.place * box.wide
        size = 0.26 if mark.is_today else 0.18
        dot = shapes.add_shape(MSO_SHAPE.OVAL, *Box(at - size / 2, top + 0.03 - size / 2, size, size).emu())
        dot.fill.solid()
        dot.fill.fore_color.theme_color = OURS if mark.is_today else TEXT
        dot.line.fill.background()
        _plain(dot)
        middle = label.left + label.wide / 2
        link = shapes.add_connector(1, *(Inches(each) for each in (at, top + 0.16, middle, top + 0.5)))
        _shade(link.line.color, _BEFORE, PAPER)
        link.line.width = Pt(0.75)
        _plain(link)
        _mark_label(page, Box(label.left, top + 0.53, label.wide, 0.62), mark)


def _mark_label(page: Page, box: Box, mark: Mark) -> None:
    text(
        page,
        box,
        [Paragraph(mark.date, is_bold=True), Paragraph(mark.label, is_muted=True)],
        (12, 11, 10),
        gap=0.05,
    )
    for paragraph in page.slide.shapes[-1].text_frame.paragraphs:
        paragraph.alignment = PP_ALIGN.CENTER
