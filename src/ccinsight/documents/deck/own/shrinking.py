"""Sets a text smaller where the values that were filled in made it longer than its shape, as PowerPoint itself does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from typing import Any

from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.oxml.ns import qn

from ccinsight.documents.deck import text_fit
from ccinsight.documents.deck.canvas import INCH, POINTS
from ccinsight.documents.deck.own.cell_sizes import shrink_table
from ccinsight.documents.deck.own.placing import box_of, room_below, room_beside
from ccinsight.documents.deck.own.reading import all_shapes
from ccinsight.documents.deck.xml import make

_PARAGRAPH, _TEXT, _BREAK = qn("a:p"), qn("a:t"), qn("a:br")
_TITLES = (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE)
_SPACES = (qn("a:spcBef"), qn("a:spcAft"))
_SIDE, _TOP = 91_440, 45_720
_USUAL_SIZE = 18.0
_LEAST = 0.3
# What most templates have before each paragraph, as a part of its size.
_BETWEEN = 0.2
_FITS = (qn("a:noAutofit"), qn("a:normAutofit"), qn("a:spAutoFit"))


def shrink(show: Any, changed: Set[Any]) -> None:
    """Scales the text of the slides' shapes whose text (an element) has changed, so that it fits into them."""
    for slide in show.slides:
        for shape in all_shapes(slide.shapes):
            if shape.has_table:
                shrink_table(slide, shape, changed)
            elif shape.has_text_frame and shape.text_frame._txBody in changed and shape.width is not None:
                _shrink(slide, shape)


def _shrink(slide: Any, shape: Any) -> None:
    body = shape.text_frame._txBody
    frame = body.find(qn("a:bodyPr"))
    own = _size_of_shape(shape)
    texts = [(_text(each), _size(each, own)) for each in body.iter(_PARAGRAPH)]
    spaces = [each for space in body.iter(*_SPACES) for each in space.iter(qn("a:spcPts"))]
    fixed = sum(int(each.get("val")) / 100 for each in spaces)
    wide, tall = _room(slide, shape, frame, texts)
    room = (wide - _side(frame, "lIns", _SIDE) - _side(frame, "rIns", _SIDE)) / INCH * POINTS
    high = (tall - _side(frame, "tIns", _TOP) - _side(frame, "bIns", _TOP)) / INCH * POINTS
    scale = 1.0
    while scale > _LEAST and not _fits(texts, scale, room, high - fixed * scale):
        scale -= 0.05
    if scale < 1.0:
        for old in frame.findall("*"):
            if old.tag in _FITS:
                frame.remove(old)
        fit = make("a:normAutofit", fontScale=str(round(scale * 100_000)))
        warp = frame.find(qn("a:prstTxWarp"))
        frame.insert(0, fit) if warp is None else warp.addnext(fit)
        for each in spaces:
            each.set("val", str(round(int(each.get("val")) * scale)))
        if tall != shape.height:
            shape.height = round(tall)


def _room(slide: Any, shape: Any, frame: Any, texts: Sequence[tuple[str, float]]) -> tuple[float, float]:
    """The width and height that a text may take, in EMU: of a shape that grows with it what the slide has free.

    Lines that aren't broken are, from here on, where they would leave the slide.
    """
    wide, tall = float(shape.width), float(shape.height)
    box = box_of(slide, shape)
    if frame.find(qn("a:spAutoFit")) is not None:
        tall = max(tall, room_below(slide, shape, box).tall * INCH)
    if frame.get("wrap") == "none":
        free = max(wide, room_beside(slide, shape, box).wide * INCH)
        longest = max(text_fit.width(line, size) for text, size in texts for line in text.split("\n"))
        if (longest / POINTS + 0.2) * INCH > free:
            frame.set("wrap", "square")
            shape.width = round(free)
        wide = free
    return wide, tall


def _fits(texts: Sequence[tuple[str, float]], scale: float, room: float, tall: float) -> bool:
    high = sum(text_fit.height([text], size * scale, room) + _BETWEEN * size * scale for text, size in texts)
    high -= _BETWEEN * texts[0][1] * scale
    whole = all(text_fit.holds_figures([text], size * scale, room) for text, size in texts)
    return high <= tall and whole


def _side(frame: Any, name: str, usual: int) -> int:
    return int(frame.get(name, usual))


def _text(paragraph: Any) -> str:
    """The paragraph's text with its line breaks."""
    return "".join("\n" if each.tag == _BREAK else each.text or "" for each in paragraph.iter(_TEXT, _BREAK))


def _size(paragraph: Any, own: float) -> float:
    """The largest size of the paragraph's runs in points; the shape's own where none is said."""
    sizes = [int(each.get("sz")) / 100 for each in paragraph.iter(qn("a:rPr")) if each.get("sz")]
    return max(sizes, default=own)


def _size_of_shape(shape: Any) -> float:
    """The size that a shape's text has unless a run says otherwise: its own, its layout's, or its master's."""
    for element in _styles(shape):
        for run in element.iter(qn("a:defRPr")):
            if run.get("sz"):
                return int(run.get("sz")) / 100
    return _USUAL_SIZE


def _styles(shape: Any) -> Iterator[Any]:
    own = shape.text_frame._txBody.find(qn("a:lstStyle"))
    if own is not None:
        yield own
    if not shape.is_placeholder:
        return
    slide = shape.part.slide
    kind = shape.placeholder_format
    for each in slide.slide_layout.placeholders:
        if each.placeholder_format.idx == kind.idx:
            yield each._element
    is_title = kind.type in _TITLES
    style = "p:titleStyle" if is_title else "p:bodyStyle"
    master = slide.slide_layout.slide_master
    for each in master.placeholders:
        if each.placeholder_format.type == (PP_PLACEHOLDER.TITLE if is_title else PP_PLACEHOLDER.BODY):
            yield each._element
    styles = master._element.find(qn("p:txStyles"))
    if styles is not None and styles.find(qn(style)) is not None:
        yield styles.find(qn(style))
