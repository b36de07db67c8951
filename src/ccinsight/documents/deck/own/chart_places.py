"""Charts in a deck of one's own: the template's with new numbers, or one in the place of a shape."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from pptx.chart.data import CategoryChartData
from pptx.oxml.ns import qn

from ccinsight.documents.deck import native_charts
from ccinsight.documents.deck.canvas import Page
from ccinsight.documents.deck.native_charts import Series
from ccinsight.documents.deck.own.charts import ChartToken, Numbers
from ccinsight.documents.deck.own.facts import Facts
from ccinsight.documents.deck.own.placing import (
    animate_whole,
    box_of,
    newest,
    room_below,
    say,
    say_in,
    take_place,
)
from ccinsight.documents.deck.own.reading import CHARTS, Place

# A lower box is a line of text: the chart takes the free room below it.
_LOW = 1.5
# These show one series.
_ROUND = (qn("c:pieChart"), qn("c:pie3DChart"), qn("c:ofPieChart"), qn("c:doughnutChart"))


def draw(place: Place, facts: Facts) -> None:
    """Puts a chart in the theme's colours in the place of a shape; words where there is nothing to show."""
    token = CHARTS[place.token]
    numbers = token.numbers(facts)
    if not numbers.series:
        say_in(place.shape.text_frame._txBody, numbers.empty)
        return
    box = box_of(place.slide, place.shape)
    if box.tall < _LOW:
        box = room_below(place.slide, place.shape, box)
    page = Page(place.slide, box)
    alt = token.alt(numbers)
    match token.kind:
        case "lines":
            native_charts.lines(page, box, numbers.months, numbers.series, alt, numbers.form)
        case "bars":
            native_charts.bars(page, box, numbers.categories, numbers.series, alt, numbers.form)
        case _:
            before_first = list(reversed(numbers.series)) if numbers.months else numbers.series
            native_charts.columns(page, box, numbers.categories, before_first, alt, numbers.form)
    take_place(newest(place.slide)._element, place.shape)


def fill(place: Place, facts: Facts) -> None:
    """Gives the template's chart new numbers: as many of the series as it has, in its own style."""
    token, chart = CHARTS[place.token], place.shape.chart
    numbers = token.numbers(facts)
    if not numbers.series:
        say(place.shape, place.slide, numbers.empty)
        return
    _describe(place.shape, token, numbers)
    animate_whole(place.shape)
    data: Any = CategoryChartData(number_format=numbers.form)  # type: ignore[no-untyped-call]
    has_dates = chart._chartSpace.find(f".//{qn('c:dateAx')}") is not None
    data.categories = _categories(numbers, has_dates)
    for each in _fitting(chart, numbers.series):
        data.add_series(each.name, list(each.values))
    _forget_sample(chart, [value for each in numbers.series for value in each.values if value is not None])
    chart.replace_data(data)


def _describe(shape: Any, token: ChartToken, numbers: Numbers) -> None:
    shape._element.nvGraphicFramePr.cNvPr.set("descr", token.alt(numbers))


def _categories(numbers: Numbers, has_dates: bool) -> Sequence[str | date]:
    return list(numbers.months) if has_dates else list(numbers.categories)


def _fitting(chart: Any, series: Sequence[Series]) -> Sequence[Series]:
    """As many of the series as the chart has, the most important first."""
    space = chart._chartSpace
    has_one = next(space.iter(*_ROUND), None) is not None
    return series[: 1 if has_one else len(list(space.iter(qn("c:ser"))))]


def _forget_sample(chart: Any, values: Sequence[float]) -> None:
    """Takes out what only the template's own numbers made true: typed labels, ends of axes, a linked workbook."""
    space = chart._chartSpace
    for label in [each for each in space.iter(qn("c:dLbl")) if each.find(qn("c:tx")) is not None]:
        label.getparent().remove(label)
    for tag, is_wrong in (
        ("c:max", lambda end: bool(end < max(values))),
        ("c:min", lambda end: end > min(values)),
    ):
        for end in [each for axis in space.iter(qn("c:valAx")) for each in axis.iter(qn(tag))]:
            if is_wrong(float(end.get("val"))):
                end.getparent().remove(end)
    for linked in list(space.iter(qn("c:externalData"))):
        relation = chart.part.rels.get(linked.rId)
        if relation is None or relation.is_external:
            space.remove(linked)
