"""The dates of a period on a line."""

from __future__ import annotations

from collections.abc import Sequence

from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import PP_ALIGN
from pptx.util import Inches, Pt

from ccinsight.documents.brief.customer_tables import Mark
from ccinsight.documents.deck.canvas import Box, Page
from ccinsight.documents.deck.drawing import BEFORE, OURS, PAPER, TEXT, Paragraph, plain, shade, text

# Inches from the top of a time line to the foot of its labels.
TALL = 1.4


def draw(page: Page, box: Box, marks: Sequence[Mark]) -> None:
    """A period as a line with its dates, in order; labels stand in even steps and are joined to their places."""
    shapes = page.slide.shapes
    top = box.top + 0.25
    line = shapes.add_shape(MSO_SHAPE.RECTANGLE, *Box(box.left, top, box.wide, 0.06).emu())
    line.fill.solid()
    shade(line.fill.fore_color, BEFORE, PAPER)
    line.line.fill.background()
    plain(line)
    for mark, label in zip(marks, box.columns(*(1 for _mark in marks), gap=0.15), strict=True):
        at = box.left + mark.place * box.wide
        size = 0.26 if mark.is_today else 0.18
        dot = shapes.add_shape(MSO_SHAPE.OVAL, *Box(at - size / 2, top + 0.03 - size / 2, size, size).emu())
        dot.fill.solid()
        dot.fill.fore_color.theme_color = OURS if mark.is_today else TEXT
        dot.line.fill.background()
        plain(dot)
        middle = label.left + label.wide / 2
        link = shapes.add_connector(1, *(Inches(each) for each in (at, top + 0.16, middle, top + 0.5)))
        shade(link.line.color, BEFORE, PAPER)
        link.line.width = Pt(0.75)
        plain(link)
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
