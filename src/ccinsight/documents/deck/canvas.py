"""A presentation to draw on: our own template or the supplier's, with a title and a region on each slide."""

from __future__ import annotations

import copy
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml.ns import qn
from pptx.util import Emu, Pt

from ccinsight.documents.deck import text_fit
from ccinsight.documents.deck.cleaning import keep_slides, write_properties
from ccinsight.documents.deck.own_template import own_template
from ccinsight.documents.deck.template_file import TemplateFile, open_template, read_template, reading
from ccinsight.documents.deck.xml import add, make, parse
from ccinsight.errors import CcinsightError
from ccinsight.i18n import _
from ccinsight.settings.model import Deck

INCH = 914_400
POINTS = 72
_TITLES = (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE)
_SUBTITLES = (PP_PLACEHOLDER.SUBTITLE, PP_PLACEHOLDER.BODY, PP_PLACEHOLDER.OBJECT)
_CONTENTS = (PP_PLACEHOLDER.OBJECT, PP_PLACEHOLDER.BODY, PP_PLACEHOLDER.CHART, PP_PLACEHOLDER.TABLE)
_FOOTER_SIZES = (10.0, 9.0, 8.0)
# Fonts whose lines are hardly taller than ``fit.LINE``. Segoe UI, Open Sans or Poppins need a tenth to a quarter more.
_LOW_FONTS = frozenset([
    "Arial", "Calibri", "Calibri Light", "Cambria", "Century Gothic", "DejaVu Sans", "Georgia", "Helvetica", "Lato",
    "Liberation Sans", "Roboto", "Tahoma", "Times New Roman", "Trebuchet MS", "Verdana",
])  # fmt: skip
_TITLE_SIZES = (40.0, 36.0, 32.0, 28.0, 26.0, 24.0, 22.0, 20.0, 18.0, 16.0, 14.0, 12.0, 11.0, 10.0, 9.0, 8.0)


@dataclass(frozen=True)
class Box:
    """A rectangle on a slide, in inches."""

    left: float
    top: float
    wide: float
    tall: float

    def columns(self, *parts: float, gap: float = 0.35) -> list[Box]:
        """Side by side, as wide as the parts say."""
        room = self.wide - gap * (len(parts) - 1)
        boxes, left = [], self.left
        for part in parts:
            wide = room * part / sum(parts)
            boxes.append(Box(left, self.top, wide, self.tall))
            left += wide + gap
        return boxes

    def rows(self, *parts: float, gap: float = 0.2) -> list[Box]:
        """One under the other, as tall as the parts say."""
        turned = Box(self.top, self.left, self.tall, self.wide).columns(*parts, gap=gap)
        return [Box(self.left, each.left, self.wide, each.wide) for each in turned]

    def head(self, tall: float, gap: float = 0.1) -> tuple[Box, Box]:
        """The uppermost so many inches, and the rest below."""
        rest = Box(self.left, self.top + tall + gap, self.wide, self.tall - tall - gap)
        return Box(self.left, self.top, self.wide, tall), rest

    def emu(self) -> tuple[Emu, Emu, Emu, Emu]:
        """Left, top, width and height as PowerPoint counts them; it has no size below 0."""
        sizes = (self.left, self.top, max(0.0, self.wide), max(0.0, self.tall))
        left, top, wide, tall = (Emu(round(each * INCH)) for each in sizes)
        return left, top, wide, tall


@dataclass(frozen=True)
class Page:
    """A slide and the region of it that is ours to fill."""

    slide: Any
    box: Box


@dataclass(frozen=True)
class _Layouts:
    title: Any
    content: Any


class Canvas:
    """A presentation under way.

    Raises CcinsightError that says what a template lacks: layouts or placeholders, with those it has.
    """

    def __init__(self, look: Deck, template: Path | TemplateFile | None, footer: str) -> None:
        self._look = look
        self._name = template.name if isinstance(template, TemplateFile) else str(template)
        self._footer = footer
        self._show = _opened(template)
        with reading(self._name):
            self._own_slides = len(self._show.slides)
            _empty(self._show)
            self._has_low_lines = _theme_fonts(self._show) <= _LOW_FONTS
            self._layouts = self._find_layouts()
        self.pages: list[Page] = []

    def left_out(self) -> tuple[str, ...]:
        """What of the template isn't in a deck, and what a deck lacks of it, in sentences in the language in use."""
        if not self._own_slides:
            said = []
        else:
            said = [_("The template has no tokens: its layouts are used, and its own slides are left out.")]
        kinds = {each.placeholder_format.type for each in self._layouts.content.placeholders}
        for kind, text in (
            (PP_PLACEHOLDER.SLIDE_NUMBER, _("The layout “{layout}” has no slide number: slides have none.")),
            (
                PP_PLACEHOLDER.FOOTER,
                _("The layout “{layout}” has no footer: slides don't show customer and day."),
            ),
        ):
            if kind not in kinds:
                said.append(text.format(layout=self._layouts.content.name))
        return tuple(said)

    def title_slide(self, title: str, subtitle: Iterable[str]) -> None:
        """The first slide."""
        layout = self._layouts.title
        slide = self._show.slides.add_slide(layout)
        heading = _on(slide, _named(layout, _TITLES, self._look.placeholders.get("title")))
        _fill_title(heading, title, layout)
        under = _on(slide, _named(layout, _SUBTITLES, self._look.placeholders.get("subtitle")))
        self._fill_lines(under, list(subtitle))
        self._finish(slide, (heading, under))

    def page(self, title: str) -> Page:
        """A slide with its message; the region is where the template has its content."""
        layout = self._layouts.content
        slide = self._show.slides.add_slide(layout)
        heading = _on(slide, _named(layout, _TITLES, self._look.placeholders.get("title")))
        _fill_title(heading, title, layout)
        content = _on(slide, _named(layout, _CONTENTS, self._look.placeholders.get("content")))
        box = Box(*(each / INCH for each in (content.left, content.top, content.width, content.height)))
        self._finish(slide, (heading,))
        self.pages.append(Page(slide, box))
        return self.pages[-1]

    def add_notes(self, slide: Any, text: str) -> None:
        """Speaker notes, a paragraph for each line. python-pptx doesn't list the master that notes need."""
        slide.notes_slide.notes_text_frame.text = text
        show = self._show.element
        if show.find(qn("p:notesMasterIdLst")) is None:
            listed = make("p:notesMasterIdLst")
            master = self._show.part.relate_to(self._show.notes_master.part, RELATIONSHIP_TYPE.NOTES_MASTER)
            add(listed, "p:notesMasterId").set(qn("r:id"), master)
            show.find(qn("p:sldMasterIdLst")).addnext(listed)

    def bytes(self) -> bytes:
        """The finished file."""
        if not self._has_low_lines:
            for paragraph in _paragraphs(self._show.slides):
                _fix_spacing(paragraph)
        saved = io.BytesIO()
        self._show.save(saved)
        return saved.getvalue()

    @property
    def has_footer(self) -> bool:
        """Whether the template's content layout has a footer, so that each slide shows it."""
        kinds = [each.placeholder_format.type for each in self._layouts.content.placeholders]
        return PP_PLACEHOLDER.FOOTER in kinds

    def set_properties(self, title: str, author: str) -> None:
        """What the file says of itself."""
        write_properties(self._show, title, author)

    def _fill_lines(self, placeholder: Any, lines: list[str]) -> None:
        room, tall = _inside(placeholder)
        size = text_fit.largest(lines, (18, 16, 14, 12, 11, 10, 9, 8), room, tall)
        frame = placeholder.text_frame
        frame.text = lines[0]
        for line in lines[1:]:
            frame.add_paragraph().text = line
        for paragraph in frame.paragraphs:
            paragraph.font.size = Pt(size)

    def _finish(self, slide: Any, used: tuple[Any, ...]) -> None:
        """Takes away placeholders that are not used; brings the footer and the page number over."""
        kept = {each._element for each in used}
        for placeholder in list(slide.placeholders):
            if placeholder._element not in kept:
                placeholder._element.getparent().remove(placeholder._element)
        for placeholder in slide.slide_layout.placeholders:
            kind = placeholder.placeholder_format.type
            if kind in (PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER):
                slide.shapes._spTree.append(copy.deepcopy(placeholder._element))
        for placeholder in slide.placeholders:
            if placeholder.placeholder_format.type == PP_PLACEHOLDER.FOOTER:
                self._fill_footer(placeholder)

    def _fill_footer(self, placeholder: Any) -> None:
        """Customer and day on one line, smaller where the template leaves little room."""
        room, _tall = _inside(placeholder)
        size = next((s for s in _FOOTER_SIZES if text_fit.width(self._footer, s) <= room), _FOOTER_SIZES[-1])
        placeholder.text_frame.text = text_fit.shorten(self._footer, size, room, 1)
        placeholder.text_frame.paragraphs[0].font.size = Pt(size)

    def _find_layouts(self) -> _Layouts:
        title = self._layout("title_layout", self._look.title_layout, (_TITLES, _SUBTITLES))
        content = self._layout("content_layout", self._look.content_layout, (_TITLES, _CONTENTS), other=title)
        lacking = [
            *self._lacks(title, "subtitle", _SUBTITLES),
            *self._lacks(content, "title", _TITLES),
            *self._lacks(content, "content", _CONTENTS),
        ]
        if lacking:
            raise CcinsightError(" ".join(lacking))
        return _Layouts(title, content)

    def _layout(
        self, key: str, name: str | None, kinds: tuple[tuple[Any, ...], ...], other: Any = None
    ) -> Any:
        layouts = list(self._show.slide_layouts)
        names = ", ".join(f"“{layout.name}”" for layout in layouts)
        if name is not None:
            for layout in layouts:
                if layout.name == name:
                    return layout
            text = _("The template {file} has no layout “{name}” (deck.{key}). It has {names}.")
            raise CcinsightError(text.format(file=self._name, name=name, key=key, names=names))
        for layout in layouts:
            if layout is not other and all(_named(layout, kind, None) is not None for kind in kinds):
                return layout
        text = _(
            "The template {file} has no layout with a title and a placeholder below it to serve as deck.{key}. "
            "It has {names}."
        )
        raise CcinsightError(text.format(file=self._name, key=key, names=names))

    def _lacks(self, layout: Any, key: str, kinds: tuple[Any, ...]) -> Iterable[str]:
        if _named(layout, kinds, self._look.placeholders.get(key)) is None:
            yield _(
                "The layout “{layout}” of the template {file} has no placeholder “{name}” "
                "(deck.placeholders.{key}). It has {names}."
            ).format(
                layout=layout.name,
                file=self._name,
                key=key,
                name=self._look.placeholders.get(key, key),
                names=", ".join(f"“{each.name}”" for each in layout.placeholders),
            )


def _opened(template: Path | TemplateFile | None) -> Any:
    if template is None:
        return Presentation(io.BytesIO(own_template()))
    return open_template(read_template(template) if isinstance(template, Path) else template)


def _empty(show: Any) -> None:
    """Takes out the template's own slides with all that names them, and the sections."""
    keep_slides(show, ())
    extensions = show.element.find(qn("p:extLst"))
    for extension in list(extensions) if extensions is not None else ():
        if any(child.tag.endswith("}sectionLst") for child in extension):
            extensions.remove(extension)


def _named(layout: Any, kinds: tuple[Any, ...], name: str | None) -> Any:
    """The layout's placeholder of that name, or without a name the first of those kinds; None without one.

    A title is found by its kind where a layout doesn't name it so: the two layouts may name theirs apart.
    """
    placeholders = list(layout.placeholders)
    if name is not None:
        found = next((each for each in placeholders if each.name == name), None)
        if found is not None or kinds is not _TITLES:
            return found
    for kind in kinds:
        for each in placeholders:
            if each.placeholder_format.type == kind:
                return each
    return None


def accent_of(template: Path | TemplateFile) -> str | None:
    """The first accent colour of a template's theme, ``#rrggbb``; None where the theme names none as such.

    Raises CcinsightError for a template that can't be opened.
    """
    with reading(template.name):
        for theme in _themes(_opened(template)):
            for colour in theme.iter(qn("a:accent1")):
                for plain in colour.iter(qn("a:srgbClr")):
                    return f"#{plain.get('val', '').lower()}"
    return None


def _themes(show: Any) -> Iterator[Any]:
    """The themes of the masters."""
    for master in show.slide_masters:
        for relation in master.part.rels.values():
            if relation.reltype.endswith("/theme"):
                yield parse(relation.target_part.blob)


def _theme_fonts(show: Any) -> set[str]:
    """The fonts for headings and for texts that the masters' themes name."""
    found = set()
    for theme in _themes(show):
        for scheme in theme.iter(qn("a:majorFont"), qn("a:minorFont")):
            found |= {latin.get("typeface", "") for latin in scheme.iter(qn("a:latin"))}
    return found


def _paragraphs(slides: Any) -> Iterator[Any]:
    """The paragraphs of all shapes and tables."""
    for slide in slides:
        for shape in slide.shapes:
            if shape.has_text_frame:
                yield from shape.text_frame.paragraphs
            elif getattr(shape, "has_table", False) and shape.has_table:
                for row in shape.table.rows:
                    for cell in row.cells:
                        yield from cell.text_frame.paragraphs


def _fix_spacing(paragraph: Any) -> None:
    """Lines as tall as they were measured, whatever the font; where only the template knows the size, its own."""
    sizes = [
        font.size for font in (paragraph.font, *(run.font for run in paragraph.runs)) if font.size is not None
    ]
    if sizes:
        paragraph.line_spacing = Pt(round(max(sizes).pt * text_fit.LINE, 1))


def _on(slide: Any, placeholder: Any) -> Any:
    """The slide's own copy of a layout's placeholder."""
    wanted = placeholder.placeholder_format.idx
    return next(each for each in slide.placeholders if each.placeholder_format.idx == wanted)


def _inside(placeholder: Any) -> tuple[float, float]:
    """Width and height for text in points: the shape less the usual margins."""
    return placeholder.width / INCH * POINTS - 14.4, placeholder.height / INCH * POINTS - 7.2


def _fill_title(placeholder: Any, text: str, layout: Any) -> None:
    """Sets a title in the template's own size, or a smaller one where it wouldn't fit."""
    own = _own_size(placeholder, layout)
    room, tall = _inside(placeholder)
    smaller = [size for size in _TITLE_SIZES if size < own]
    # A little smaller on one line reads better than a word alone on a second.
    one_line = [
        size
        for size in (own, *smaller)
        if size >= 0.85 * own and text_fit.width(text, size, bold=True) <= room
    ]
    size = one_line[0] if one_line else text_fit.largest([text], (own, *smaller), room, tall, bold=True)
    most = max(1, int(tall / (size * text_fit.LINE)))
    frame = placeholder.text_frame
    frame.text = text_fit.shorten(text, size, room, most, bold=True)
    if size != own:
        frame.paragraphs[0].font.size = Pt(size)


def _own_size(placeholder: Any, layout: Any) -> float:
    """The size of a title, from the layout's placeholder, the master's, or the master's title style."""
    wanted = placeholder.placeholder_format.idx
    of_layout = [each._element for each in layout.placeholders if each.placeholder_format.idx == wanted]
    master = layout.slide_master
    of_master = [each._element for each in master.placeholders if each.placeholder_format.type in _TITLES]
    styles = [master._element.find(qn("p:txStyles")).find(qn("p:titleStyle"))]
    for element in (*of_layout, *of_master, *styles):
        for run in element.iter(qn("a:defRPr")):
            if run.get("sz"):
                return int(run.get("sz")) / 100
    return 28.0
