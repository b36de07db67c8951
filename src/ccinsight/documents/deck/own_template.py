"""The plain template of our own: 16:9, two layouts, the dashboard's colours as the theme's."""

from __future__ import annotations

import io
import re
from functools import cache
from typing import Any

from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.oxml.ns import qn
from pptx.util import Inches

from ccinsight.documents.deck.xml import add, parse

FONT = "Arial"
TITLE_LAYOUT, CONTENT_LAYOUT = "ccinsight title", "ccinsight content"
# dk1 lt1 dk2 lt2, then the accents: ours, what goes away, grey, and lighter ones of them (.streamlit/config.toml).
_COLOURS = {
    "dk1": "1C2733",
    "lt1": "FFFFFF",
    "dk2": "55606C",
    "lt2": "F3F6F9",
    "accent1": "1B5E9B",
    "accent2": "C8690F",
    "accent3": "7F8B97",
    "accent4": "6FA5D6",
    "accent5": "E08A2E",
    "accent6": "C3CCD5",
    "hlink": "1B5E9B",
    "folHlink": "55606C",
}
_BOXES = {
    "title": (0.6, 0.4, 12.13, 0.95),
    "content": (0.6, 1.6, 12.13, 5.2),
    "footer": (0.6, 6.98, 10.6, 0.3),
    "number": (11.73, 6.98, 1.0, 0.3),
    "big title": (1.1, 2.0, 11.3, 1.7),
    "subtitle": (1.1, 3.9, 11.3, 1.6),
}


@cache
def own_template() -> bytes:
    """The template as the bytes of a .pptx file without slides."""
    show = Presentation()
    show.slide_width, show.slide_height = Inches(13.333), Inches(7.5)
    master = show.slide_master
    for index in range(len(show.slide_layouts) - 1, 1, -1):
        show.slide_layouts.remove(show.slide_layouts[index])
    _colour(master)
    _restyle(master)
    title, content = show.slide_layouts
    title.name, content.name = TITLE_LAYOUT, CONTENT_LAYOUT
    for layout in (title, content):
        _place(layout, PP_PLACEHOLDER.FOOTER, "footer", "Footer")
        _place(layout, PP_PLACEHOLDER.SLIDE_NUMBER, "number", "Page")
    _place(title, PP_PLACEHOLDER.CENTER_TITLE, "big title", "Title")
    _place(title, PP_PLACEHOLDER.SUBTITLE, "subtitle", "Subtitle")
    _place(content, PP_PLACEHOLDER.TITLE, "title", "Title")
    _place(content, PP_PLACEHOLDER.OBJECT, "content", "Content")
    _rule(title, (0, 0, 0.35, 7.5))
    _rule(content, (0.6, 1.42, 0.9, 0.05))
    saved = io.BytesIO()
    show.save(saved)
    return saved.getvalue()


def _colour(master: Any) -> None:
    """Puts our colours and font into the master's theme."""
    theme = next(rel.target_part for rel in master.part.rels.values() if rel.reltype.endswith("/theme"))
    text = theme.blob.decode("utf-8")
    for name, colour in _COLOURS.items():
        text = re.sub(
            rf"<a:{name}>.*?</a:{name}>",
            f'<a:{name}><a:srgbClr val="{colour}"/></a:{name}>',
            text,
            flags=re.S,
        )
    text = re.sub(r'<a:latin typeface="[^"]*"', f'<a:latin typeface="{FONT}"', text)
    text = text.replace('name="Office Theme"', 'name="ccinsight"')
    theme._blob = text.encode("utf-8")


def _restyle(master: Any) -> None:
    """Titles on the left, 24 points, bold; no automatic shrinking, which viewers do differently."""
    for placeholder in list(master.placeholders):
        kind = placeholder.placeholder_format.type
        if kind == PP_PLACEHOLDER.DATE:
            placeholder._element.getparent().remove(placeholder._element)
            continue
        body = placeholder._element.txBody.find(qn("a:bodyPr"))
        for child in list(body):
            body.remove(child)
        for side in ("lIns", "rIns"):
            body.set(side, "0")
        if kind in (PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER):
            paragraph = placeholder._element.txBody.find(qn("a:lstStyle")).find(qn("a:lvl1pPr"))
            paragraph.set("algn", "r" if kind == PP_PLACEHOLDER.SLIDE_NUMBER else "l")
            paragraph.find(qn("a:defRPr")).set("sz", "1000")
        if kind == PP_PLACEHOLDER.TITLE:
            body.set("anchor", "b")
    for placeholder, box in ((PP_PLACEHOLDER.TITLE, "title"), (PP_PLACEHOLDER.BODY, "content")):
        _place(master, placeholder, box, box.capitalize())
    _place(master, PP_PLACEHOLDER.FOOTER, "footer", "Footer")
    _place(master, PP_PLACEHOLDER.SLIDE_NUMBER, "number", "Page")
    style = master._element.find(qn("p:txStyles")).find(qn("p:titleStyle")).find(qn("a:lvl1pPr"))
    style.set("algn", "l")
    run = style.find(qn("a:defRPr"))
    run.set("sz", "2400")
    run.set("b", "1")


def _place(sheet: Any, kind: Any, box: str, name: str) -> None:
    """Moves a placeholder to its box and gives it the name by which a slide finds it; removes dates."""
    for placeholder in list(sheet.placeholders):
        found = placeholder.placeholder_format.type
        if found == PP_PLACEHOLDER.DATE:
            placeholder._element.getparent().remove(placeholder._element)
        elif found == kind:
            placeholder.left, placeholder.top, placeholder.width, placeholder.height = map(
                Inches, _BOXES[box]
            )
            placeholder.name = name
            if box == "big title":
                _sized(placeholder, 3600, bold=True, anchor="b")
            if box == "subtitle":
                _sized(placeholder, 1800, bold=False, anchor="t")


def _sized(placeholder: Any, size: int, bold: bool, anchor: str) -> None:
    """Gives a placeholder of a layout a text size and an anchor of its own, without automatic shrinking."""
    body = placeholder._element.txBody
    frame = body.find(qn("a:bodyPr"))
    for child in list(frame):
        frame.remove(child)
    frame.set("anchor", anchor)
    style = body.find(qn("a:lstStyle"))
    for child in list(style):
        style.remove(child)
    level = add(style, "a:lvl1pPr", marL="0", indent="0", algn="l")
    add(level, "a:buNone")
    add(level, "a:defRPr", sz=str(size), b="1" if bold else "0")


def _rule(layout: Any, box: tuple[float, float, float, float]) -> None:
    """A bar in our colour, behind everything else."""
    # python-pptx adds no shapes to a layout.
    left, top, wide, tall = (int(Inches(each)) for each in box)
    tree = layout._element.cSld.spTree
    xml = (
        f'<p:sp xmlns:p="{_NAMESPACES["p"]}" xmlns:a="{_NAMESPACES["a"]}">'
        '<p:nvSpPr><p:cNvPr id="99" name="Bar"/><p:cNvSpPr/><p:nvPr userDrawn="1"/></p:nvSpPr>'
        f'<p:spPr><a:xfrm><a:off x="{left}" y="{top}"/><a:ext cx="{wide}" cy="{tall}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
        '<a:solidFill><a:schemeClr val="accent1"/></a:solidFill><a:ln><a:noFill/></a:ln></p:spPr></p:sp>'
    )
    tree.insert(2, parse(xml))


_NAMESPACES = {
    "p": "http://schemas.openxmlformats.org/presentationml/2006/main",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
}
