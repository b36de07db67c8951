"""What the review's slides are made of: the message with the marks, tables, and values as texts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from ccinsight import i18n
from ccinsight.charts.text import signed_amount
from ccinsight.documents.deck import drawing, grids
from ccinsight.documents.deck.canvas import Box, Canvas, Page
from ccinsight.documents.deck.drawing import Paragraph
from ccinsight.documents.deck.grids import Column
from ccinsight.documents.deck.slides.parts import NOTE_TALL, above_note, left_out
from ccinsight.documents.quarter import figures, words
from ccinsight.documents.quarter.source import Quarter
from ccinsight.i18n import _
from ccinsight.printable import printable
from ccinsight.registry import REPORTS


def start(canvas: Canvas, quarter: Quarter, title: str, foot: str = "") -> tuple[Page, Box]:
    """A slide with its message, and a line at its foot that says that it is internal and of which day and filters."""
    page = canvas.page(printable(title))
    box = page.box
    said = words.facts(quarter.period, quarter.filters)
    # the footer says it on every slide; a template without one has it here
    marks = () if canvas.has_footer else (said[0], said[2], said[3])
    lines = ". ".join(part.rstrip(".") for part in (*marks, foot) if part)
    if not lines:
        return page, box
    tall = NOTE_TALL if len(lines) < 150 else 2 * NOTE_TALL
    drawing.note(page, Box(box.left, box.top + box.tall - tall, box.wide, tall), printable(f"{lines}."))
    return page, Box(box.left, box.top, box.wide, box.tall - tall - 0.08)


def table_slide(
    canvas: Canvas,
    quarter: Quarter,
    title: str,
    columns: Sequence[Column],
    rows: Sequence[Sequence[str]],
    nothing: str,
    foot: str = "",
) -> None:
    """A slide with a table, or with why there is none."""
    page, body = start(canvas, quarter, title, foot)
    if rows:
        table(page, body, columns, rows, title)
    else:
        drawing.text(page, body, [Paragraph(nothing)])


def table(page: Page, box: Box, columns: Sequence[Column], rows: Sequence[Sequence[str]], name: str) -> None:
    """A table, and how many rows stand in the workbook alone."""
    left_out(page, grids.table(page, above_note(box), columns, rows, printable(name)))


def moves(quarter: Quarter) -> dict[str, float]:
    """Movement → kr, of the movements that are not nothing."""
    values = {name: figures.number_of(quarter.values[0][name]) for name in figures.MOVES}
    return {name: value for name, value in values.items() if value and round(value, 2)}


def label(movement: str) -> str:
    """What a movement is called."""
    column = REPORTS["revenue_movements"].column(movement)
    return _(column.label)


def shown_value(column: Any, value: object) -> str:
    """A figure as the page shows it."""
    return figures.text(column, value) or _("unknown")


def signed(value: Any) -> str:
    """A change in kr with its sign."""
    return _("unknown") if i18n.is_unknown(value) else signed_amount(float(value))


def text_of(value: Any, unknown: str | None = None) -> str:
    """A text on one line; what is unknown is named, or said with a text of its own."""
    if i18n.is_unknown(value) or value == "":
        return _("unknown") if unknown is None else unknown
    return printable(" ".join(str(value).split()))


def name_of(row: dict[Any, Any]) -> str:
    """The customer's name, or number where it has none."""
    return text_of(row["customer_name"], text_of(row["customer_id"]))


def day_of(value: Any) -> str:
    """A date as a person reads it."""
    return _("unknown") if i18n.is_unknown(value) else i18n.day(pd.Timestamp(value).date())
