"""Texts on slides, in the theme's colours and in the largest size that fits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pptx.enum.dml import MSO_THEME_COLOR
from pptx.enum.text import MSO_AUTO_SIZE
from pptx.oxml.ns import qn
from pptx.util import Pt

from ccinsight.documents.deck import text_fit
from ccinsight.documents.deck.canvas import POINTS, Box, Page
from ccinsight.documents.deck.xml import add

TEXT, MUTED, OURS, PAPER, SOFT = (
    MSO_THEME_COLOR.TEXT_1,
    MSO_THEME_COLOR.TEXT_2,
    MSO_THEME_COLOR.ACCENT_1,
    MSO_THEME_COLOR.BACKGROUND_1,
    MSO_THEME_COLOR.BACKGROUND_2,
)
# What goes away: terminated, lost.
AWAY = MSO_THEME_COLOR.ACCENT_2
# Darker than the paper: grey for what stood before.
BEFORE = -0.28
# Still legible, for what would be cut otherwise; and smaller yet, only where a figure would be broken.
_SMALL_SIZES, _SMALLEST_SIZES = (10.0, 9.0), (8.0, 7.0, 6.0)


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of a text. ``is_bullet``: with a bullet before it."""

    text: str
    is_bold: bool = False
    is_muted: bool = False
    is_bullet: bool = False


def shade(colour: Any, brightness: float, theme: Any) -> None:
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
    if not shown or box.tall <= 0:
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


def soft(shape: Any) -> None:
    """A shape in the theme's light colour, without line or shadow."""
    plain(shape)
    shape.fill.solid()
    shape.fill.fore_color.theme_color = SOFT
    shape.line.fill.background()


def plain(shape: Any) -> None:
    """Without the theme's effects: no shadow, whatever the template."""
    style = shape._element.find(qn("p:style"))
    if style is not None:
        shape._element.remove(style)


def describe(frame: Any, name: str, alt: str) -> None:
    """A name and a text for those who don't see it."""
    frame.name = name[:60]
    frame._element.nvGraphicFramePr.cNvPr.set("descr", alt)
