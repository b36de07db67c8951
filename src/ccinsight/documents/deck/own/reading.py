"""Finds the tokens of a deck of one's own: where each stands, what becomes of it, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pptx.oxml import parse_xml
from pptx.oxml.ns import qn

from ccinsight.documents import template_tokens
from ccinsight.documents.deck.own import charts, tables, tokens
from ccinsight.documents.template_tokens import written
from ccinsight.i18n import _, number

TEXTS = {each.name: each for each in tokens.TEXTS}
LINES = {each.name: each for each in tokens.LINES}
CHARTS = {each.name: each for each in charts.CHARTS}
TABLES = {each.name: each for each in tables.TABLES}
KNOWN = (*TEXTS, *LINES, *CHARTS, *TABLES)

TEXT, PARAGRAPH = qn("a:t"), qn("a:p")
_NAMED = (qn("p:cNvPr"), qn("a:hlinkClick"), qn("a:hlinkHover"))
_SECTION = "{http://schemas.microsoft.com/office/powerpoint/2010/main}section"
_ATTRIBUTES = ("name", "descr", "title", "tooltip")
# Texts beside paragraphs, which can't be filled: what a chart shows of its data, and formulas.
_NO_PARAGRAPHS = (qn("c:v"), "{http://schemas.openxmlformats.org/officeDocument/2006/math}t")
_WITHOUT_CATEGORIES = (qn("c:scatterChart"), qn("c:bubbleChart"))
_SHEETS = ("/slides/slide", "/slideLayouts/", "/slideMasters/", "/notesMasters/", "/handoutMasters/")
_SKIPPED = (
    "/theme/",
    "/tags/",
    "/tableStyles",
    "/presProps",
    "/viewProps",
    "/printerSettings",
    "/embeddings/",
)
_EXAMPLE = "{{arr}}"


@dataclass(frozen=True)
class Place:
    """A chart or table that is put into a slide, or filled. ``shape`` is python-pptx's, ``token`` its name.

    ``kind``: ``chart`` or ``table`` where it takes the place of a shape; ``chart data`` where a chart's numbers are
    replaced; ``cells`` where a table is filled from the cell ``row``, ``column`` on.
    """

    kind: str
    slide: Any
    shape: Any
    token: str
    row: int = 0
    column: int = 0


@dataclass
class Found:
    """What stands in a deck: charts and tables, how many tokens there are, and what is wrong, in sentences."""

    places: list[Place] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    count: int = 0


@dataclass(frozen=True)
class Part:
    """A part of the file that can hold texts: what it belongs to, and its XML."""

    part: Any
    root: Any
    where: str


def texts_of(paragraph: Any) -> list[Any]:
    """The texts of a paragraph's runs and fields, in order."""
    return [each for each in paragraph.iter(TEXT) if next(each.iterancestors(PARAGRAPH)) is paragraph]


def text_of(paragraph: Any) -> str:
    """The paragraph's text as one."""
    return "".join(each.text or "" for each in texts_of(paragraph))


def attributes_of(root: Any) -> Iterator[tuple[Any, str, str]]:
    """The names, titles and descriptions that a person can give to shapes, links and sections, with their elements."""
    for element in root.iter(*_NAMED, _SECTION):
        for name in _ATTRIBUTES:
            if template_tokens.names(value := element.get(name) or ""):
                yield element, name, value


def parts_of(show: Any) -> Iterator[Part]:
    """The parts of a presentation that hold texts, each once: slides with their charts and drawings, then the rest."""
    done: set[Any] = set()
    sheets = [
        (_("slide {number}").format(number=number(n)), s.part) for n, s in enumerate(show.slides, start=1)
    ]
    for master in show.slide_masters:
        sheets += [(_("layout “{name}”").format(name=each.name), each.part) for each in master.slide_layouts]
        sheets.append((_("the slide master"), master.part))
    rest = [(_("the presentation"), part) for part in show.part.package.iter_parts()]
    for where, part in (*sheets, *rest):
        for each in _with_its_own(part, done):
            name = str(each.partname)
            if not name.startswith("/ppt/") or any(skip in name for skip in _SKIPPED):
                continue
            if hasattr(each, "_element"):
                yield Part(each, each._element, where)
            elif each.content_type.endswith("+xml"):
                yield Part(each, parse_xml(each.blob), where)


def _with_its_own(part: Any, done: set[Any]) -> Iterator[Any]:
    """The part, and those that only it shows (charts, diagrams, drawings), unless they were met before."""
    if part in done:
        return
    done.add(part)
    yield part
    for rel in part.rels.values():
        if not rel.is_external and not any(kind in str(rel.target_part.partname) for kind in _SHEETS):
            yield from _with_its_own(rel.target_part, done)


# ---------------------------------------------------------------- finding


def find(show: Any) -> Found:
    """What tokens the deck holds."""
    found = Found()
    handled: set[Any] = set()
    for place, slide in enumerate(show.slides, start=1):
        where = _("slide {number}").format(number=number(place))
        for shape in all_shapes(slide.shapes):
            _look_at(found, handled, slide, shape, where)
    filled_charts = {each.shape.chart.part for each in found.places if each.kind == "chart data"}
    for part in parts_of(show):
        _check_part(found, handled, part, part.part in filled_charts)
    if found.count and not len(show.slides):
        found.faults.append(_("it has no slide that is shown"))
    found.faults = list(dict.fromkeys(found.faults))
    return found


def all_shapes(shapes: Any) -> Iterator[Any]:
    """All shapes, those of groups too."""
    for shape in list(shapes):
        if hasattr(shape, "shapes"):
            yield from all_shapes(shape.shapes)
        else:
            yield shape


def _look_at(found: Found, handled: set[Any], slide: Any, shape: Any, where: str) -> None:
    """Notes a chart or table that a shape is filled with, or that takes its place."""
    if shape.has_chart:
        _look_at_chart(found, handled, slide, shape, where)
    elif shape.has_table:
        _look_at_table(found, handled, slide, shape, where)
    elif shape.has_text_frame:
        paragraphs = list(shape.text_frame._txBody.iter(PARAGRAPH))
        whole = " ".join(filter(None, (text_of(each).strip() for each in paragraphs)))
        names = template_tokens.names(whole)
        if len(names) == 1 and (names[0] in CHARTS or names[0] in TABLES) and _is_alone(whole):
            kind = "chart" if names[0] in CHARTS else "table"
            found.places.append(Place(kind, slide, shape, names[0]))
            handled.update((*paragraphs, shape._element))


def _is_alone(text: str) -> bool:
    return not template_tokens.replaced(text, _Empty()).strip()


class _Empty(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return ""


def _look_at_chart(found: Found, handled: set[Any], slide: Any, shape: Any, where: str) -> None:
    properties = shape._element.nvGraphicFramePr.cNvPr
    title = shape.chart._chartSpace.chart.find(qn("c:title"))
    paragraphs = list(title.iter(PARAGRAPH)) if title is not None else []
    texts = [*(properties.get(name) or "" for name in _ATTRIBUTES), *map(text_of, paragraphs)]
    names = {name for text in texts for name in template_tokens.names(text) if name in CHARTS}
    if not names:
        return
    handled.update((*paragraphs, properties))
    if len(names) > 1:
        found.faults.append(
            _("{where}: a chart has more than one token: {tokens}").format(
                where=where, tokens=", ".join(map(written, sorted(names)))
            )
        )
        return
    name = names.pop()
    if not _takes(shape.chart, name):
        found.faults.append(
            _(
                "{where}: the chart of {token} is of a kind that can't show it; take columns, bars or lines"
            ).format(where=where, token=written(name))
        )
    else:
        found.places.append(Place("chart data", slide, shape, name))


def _takes(chart: Any, name: str) -> bool:
    """Whether a chart has categories, months where it has an axis of dates, and a series to draw them as."""
    space = chart._chartSpace
    has_dates = next(space.iter(qn("c:dateAx")), None) is not None
    is_other = next(space.iter(*_WITHOUT_CATEGORIES), None) is not None
    has_series = next(space.iter(qn("c:ser")), None) is not None
    return has_series and not is_other and (not has_dates or CHARTS[name].is_monthly)


def _look_at_table(found: Found, handled: set[Any], slide: Any, shape: Any, where: str) -> None:
    starts = [
        (row, column, name, cell)
        for row, cells in enumerate(shape.table.rows)
        for column, cell in enumerate(cells.cells)
        for name in template_tokens.names(cell.text_frame.text)
        if name in TABLES
    ]
    if not starts:
        return
    row, column, name, cell = starts[0]
    named = {"where": where, "token": written(name)}
    handled.update(paragraph for *_at, each in starts for paragraph in each._tc.iter(PARAGRAPH))
    if len(starts) > 1 or not _is_alone(cell.text_frame.text):
        found.faults.append(
            _("{where}: {token} must stand alone in its cell, and once in its table").format(**named)
        )
        return
    if any(tc.get("vMerge") or tc.get("rowSpan") for tr in list(shape.table._tbl.tr_lst)[row:] for tc in tr):
        found.faults.append(_("{where}: the table of {token} has cells merged over rows").format(**named))
        return
    found.places.append(Place("cells", slide, shape, name, row, column))
    heads = TABLES[name].heads()
    room = len(shape.table.columns) - column
    if room < len(heads):
        found.left_out.append(
            _("{where}: the table has too few columns for {token}; left out: {columns}").format(
                columns=", ".join(head.heading for head in heads[room:]), **named
            )
        )


# ---------------------------------------------------------------- what is wrong


def _check_part(found: Found, handled: set[Any], part: Part, is_filled_chart: bool) -> None:
    for paragraph in part.root.iter(PARAGRAPH):
        text = text_of(paragraph)
        found.count += len(template_tokens.names(text))
        if template_tokens.has_stray_braces(text):
            found.faults.append(
                _(
                    "{where}: a token is begun or ended alone, in “{text}”; one stands in one paragraph, as {example}"
                ).format(where=part.where, text=text[:80], example=_EXAMPLE)
            )
        _check_names(found, text, part.where, paragraph in handled)
    for element, _name, value in attributes_of(part.root):
        found.count += 1
        is_handled = element in handled or element.getparent().getparent() in handled
        _check_names(found, value, part.where, is_handled)
    for element in part.root.iter(*_NO_PARAGRAPHS):
        if not is_filled_chart and template_tokens.names(element.text or ""):
            found.faults.append(
                _("{where}: a token stands in a chart's data or in a formula: {text}").format(
                    where=part.where, text=(element.text or "")[:80]
                )
            )
    for rel in part.part.rels.values():
        if rel.is_external and ("{{" in rel.target_ref or "%7B%7B" in rel.target_ref.upper()):
            found.faults.append(
                _("{where}: a token stands in a link's address: {text}").format(
                    where=part.where, text=rel.target_ref[:80]
                )
            )


def _check_names(found: Found, text: str, where: str, is_handled: bool) -> None:
    for name in template_tokens.names(text):
        if name not in KNOWN:
            found.faults.append(_unknown(name, where))
        elif not is_handled and (name in CHARTS or name in TABLES):
            found.faults.append(_misplaced(name, where))


def _unknown(name: str, where: str) -> str:
    likely = template_tokens.nearest(name, KNOWN)
    if likely is None:
        return _("{where}: {token} isn't known").format(where=where, token=written(name))
    return _("{where}: {token} isn't known (is it {likely}?)").format(
        where=where, token=written(name), likely=written(likely)
    )


def _misplaced(name: str, where: str) -> str:
    text = (
        _("{where}: {token} must stand alone in a shape of a slide, or in the title or text of a chart")
        if name in CHARTS
        else _("{where}: {token} must stand alone in a shape of a slide, or in a cell of a table")
    )
    return text.format(where=where, token=written(name))
