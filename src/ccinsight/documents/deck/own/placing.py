"""Where a chart or table stands on a slide, and how it takes the place of a shape."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pptx.oxml.ns import qn

from ccinsight.documents import template_tokens
from ccinsight.documents.deck.canvas import INCH, Box
from ccinsight.documents.deck.own.reading import PARAGRAPH, text_of, texts_of

# The least distance to the slide's edge and to the shape below, in inches.
_MARGIN, _GAP = 0.35, 0.1
# Shapes that overlap by so little stand beside each other.
_TOUCH = 0.05
# What a group has beside its shapes, and what says how a shape is animated part by part.
_OF_GROUP = (qn("p:nvGrpSpPr"), qn("p:grpSpPr"), qn("p:extLst"))
_BUILDS = (qn("p:bldP"), qn("p:bldGraphic"), qn("p:bldOleChart"), qn("p:bldDgm"))
_LEAST_WIDE, _LEAST_TALL = 0.5, 0.3


def box_of(slide: Any, shape: Any) -> Box:
    """The shape's rectangle on the slide, groups around it counted in."""
    wide, tall = _size(slide)
    if shape.left is None or shape.width is None:  # neither the shape nor its layout says it
        return Box(_MARGIN, tall * 0.25, wide - 2 * _MARGIN, tall * 0.65)
    left, top, right, bottom = (
        float(each) for each in (shape.left, shape.top, shape.left + shape.width, shape.top + shape.height)
    )
    for group in shape._element.iterancestors(qn("p:grpSp")):
        frame = group.find(qn("p:grpSpPr")).find(qn("a:xfrm"))
        if frame is None or frame.find(qn("a:chExt")) is None:
            continue
        left, right = _scaled(frame, "x", "cx", left, right)
        top, bottom = _scaled(frame, "y", "cy", top, bottom)
    left, right = max(0.0, left / INCH), min(wide, right / INCH)
    top, bottom = max(0.0, top / INCH), min(tall, bottom / INCH)
    return Box(left, top, max(_LEAST_WIDE, right - left), max(_LEAST_TALL, bottom - top))


def _scaled(frame: Any, at: str, size: str, *values: float) -> list[float]:
    """Places within a group as places outside of it."""
    outer, inner = frame.find(qn("a:off")), frame.find(qn("a:chOff"))
    wide, own = int(frame.find(qn("a:ext")).get(size)), int(frame.find(qn("a:chExt")).get(size))
    scale = wide / own if own else 1.0
    return [int(outer.get(at)) + (value - int(inner.get(at))) * scale for value in values]


def _size(slide: Any) -> tuple[float, float]:
    """The slide's width and height in inches."""
    show = slide.part.package.presentation_part.presentation
    return show.slide_width / INCH, show.slide_height / INCH


def room_below(slide: Any, shape: Any, box: Box) -> Box:
    """The box as far down as it is free: to the next shape below, or to the slide's edge; never lower than it is."""
    bottom = _size(slide)[1] - _MARGIN
    for other in (*_others(slide, shape), *_fixed(slide)):
        is_beside = other.left + other.wide <= box.left + _TOUCH or other.left >= box.left + box.wide - _TOUCH
        if not is_beside and other.top >= box.top + box.tall - _TOUCH:
            bottom = min(bottom, other.top - _GAP)
    return Box(box.left, box.top, box.wide, max(box.tall, bottom - box.top))


def room_beside(slide: Any, shape: Any, box: Box) -> Box:
    """The box as far to the right as it is free; never narrower than it is."""
    right = _size(slide)[0] - _MARGIN
    for other in _others(slide, shape):
        is_apart = other.top + other.tall <= box.top + _TOUCH or other.top >= box.top + box.tall - _TOUCH
        if not is_apart and other.left >= box.left + box.wide - _TOUCH:
            right = min(right, other.left - _GAP)
    return Box(box.left, box.top, max(box.wide, right - box.left), box.tall)


def _others(slide: Any, shape: Any) -> Iterator[Box]:
    """Where the other shapes of the slide stand, a group as one."""
    own = outermost(shape._element)
    for other in slide.shapes:
        if other._element is not own and other.left is not None and other.width is not None:
            yield Box(*(each / INCH for each in (other.left, other.top, other.width, other.height)))


def _fixed(slide: Any) -> Iterator[Box]:
    """Where the layout and its master have shapes on every slide, such as a line at the foot."""
    layout = slide.slide_layout
    for sheet in (layout, layout.slide_master):
        for shape in sheet.shapes:
            if not shape.is_placeholder and shape.left is not None and shape.width is not None:
                yield Box(*(each / INCH for each in (shape.left, shape.top, shape.width, shape.height)))


def outermost(element: Any) -> Any:
    """The element, or the outermost group around it."""
    groups = list(element.iterancestors(qn("p:grpSp")))
    return groups[-1] if groups else element


def newest(slide: Any) -> Any:
    """The shape that was added last."""
    return list(slide.shapes)[-1]


def take_place(new: Any, shape: Any) -> None:
    """Puts a new shape in the place of another, which goes: as far in front, and by its number for animations."""
    old = shape._element
    animate_whole(shape)
    next(new.iter(qn("p:cNvPr"))).set("id", str(shape.shape_id))
    outermost(old).addnext(new)
    while old.getparent() is not None:
        group = old.getparent()
        group.remove(old)
        if group.tag != qn("p:grpSp") or any(each.tag not in _OF_GROUP for each in group):
            break
        old = group  # a group without shapes goes too


def animate_whole(shape: Any) -> None:
    """Lets animations show a shape at once: it hasn't the paragraphs, series or categories any more that they name."""
    number = str(shape.shape_id)
    tree = shape._element.getroottree().getroot()
    for built in [each for each in tree.iter(*_BUILDS) if each.get("spid") == number]:
        builds = built.getparent()
        builds.remove(built)
        if len(builds) == 0:
            builds.getparent().remove(builds)
    for target in [each for each in tree.iter(qn("p:spTgt")) if each.get("spid") == number]:
        for part in list(target):
            target.remove(part)


def say(shape: Any, slide: Any, text: str) -> None:
    """Puts a few words in the place of a chart that has nothing to show."""
    box = box_of(slide, shape)
    made = slide.shapes.add_textbox(*box.emu())
    made.text_frame.word_wrap = True
    made.text_frame.text = text
    made.name = shape.name
    take_place(made._element, shape)


def say_in(body: Any, text: str) -> None:
    """Writes a few words in the place of the one token of a shape or cell, in its look."""
    for paragraph in body.iter(PARAGRAPH):
        for name in template_tokens.names(text_of(paragraph)):
            template_tokens.fill(texts_of(paragraph), {name: text})
    frame = body.find(qn("a:bodyPr"))
    if frame is not None:
        frame.set("wrap", "square")
