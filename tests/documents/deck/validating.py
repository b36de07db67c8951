"""Validates .pptx files: against the Open XML schemas, and against what makes PowerPoint offer a repair.

``faults`` is empty for a file that PowerPoint opens as it is. The schemas are those of the Open XML SDK, which
``openxml-audit`` brings; what no schema says of a whole package is checked here.
"""

from __future__ import annotations

import io
import posixpath
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from zipfile import BadZipFile, ZipFile

from lxml import etree

_OFFICE = "http://schemas.openxmlformats.org"
_SPACES = {
    "a": f"{_OFFICE}/drawingml/2006/main",
    "c": f"{_OFFICE}/drawingml/2006/chart",
    "p": f"{_OFFICE}/presentationml/2006/main",
    "p14": "http://schemas.microsoft.com/office/powerpoint/2010/main",
    "r": f"{_OFFICE}/officeDocument/2006/relationships",
    "ct": f"{_OFFICE}/package/2006/content-types",
    "rel": f"{_OFFICE}/package/2006/relationships",
}
# A slide's id, and from where on those of masters and layouts are (ST_SlideId, ST_SlideMasterId).
_FIRST_SLIDE, _FIRST_MASTER = 256, 2**31
# Part → the kinds of relationships of which it has exactly one.
_EXACTLY_ONE = {
    "slides": ("slideLayout",),
    "slideLayouts": ("slideMaster",),
    "slideMasters": ("theme",),
    "notesSlides": ("notesMaster", "slide"),
    "notesMasters": ("theme",),
}
# Links that need no address: to the next slide, or to nowhere.
_NEEDS_NO_ADDRESS = re.compile(r"ppaction://(noaction|hlinkshowjump|media|macro|program)")

_SIGNED_AXIS = re.compile(r"/(axId|crossAx)\[\d\]: .* is less than minimum 0")


@dataclass(frozen=True)
class Relation:
    """A relationship of a part: its id, the last word of its type, and the part or address it leads to."""

    rid: str
    kind: str
    target: str
    is_external: bool


class Package:
    """The parts of an Office file, the XML parsed. ``broken``: why parts aren't XML."""

    def __init__(self, content: bytes) -> None:
        with ZipFile(io.BytesIO(content)) as archive:
            self.names = archive.namelist()
            self.bad = archive.testzip()
            self.content = {name: archive.read(name) for name in self.names}
        self.xml: dict[str, Any] = {}
        self.broken: list[str] = []
        for name, part in self.content.items():
            if name.endswith((".xml", ".rels")):
                self._parse(name, part)

    def _parse(self, name: str, part: bytes) -> None:
        try:
            self.xml[name] = etree.fromstring(part)
        except etree.XMLSyntaxError as error:
            self.broken.append(f"{name}: isn't XML: {error.msg}")
        if b"<!DOCTYPE" in part:
            self.broken.append(f"{name}: has a DOCTYPE")

    def relations(self, part: str) -> list[Relation]:
        """The relationships of a part; of the file itself where it is empty."""
        folder, _slash, name = part.rpartition("/")
        rels = self.xml.get(posixpath.join(folder, "_rels", f"{name}.rels"))
        return [] if rels is None else [self._relation(folder, each) for each in rels]

    @staticmethod
    def _relation(folder: str, each: Any) -> Relation:
        is_external = each.get("TargetMode") == "External"
        target = each.get("Target", "")
        if not is_external:
            target = posixpath.normpath(posixpath.join("/", folder, unquote(target))).lstrip("/")
        return Relation(each.get("Id", ""), each.get("Type", "").rpartition("/")[2], target, is_external)

    def parts(self, folder: str) -> list[str]:
        """The XML parts of ``ppt/<folder>``."""
        return [name for name in self.xml if re.fullmatch(rf"ppt/{folder}/[^/]+\.xml", name)]

    def related(self, part: str, kind: str) -> list[str]:
        """The parts to which a part's relationships of that kind lead."""
        return [each.target for each in self.relations(part) if each.kind == kind]


def faults(path: Path, with_schemas: bool = True) -> list[str]:
    """What is wrong with a .pptx file, a sentence each; empty where PowerPoint opens it without repair.

    ``with_schemas``: each part against its schema too, which takes ten times as long as the rest.
    """
    content = Path(path).read_bytes()
    try:
        package = Package(content)
    except BadZipFile as error:
        return [f"isn't a zip file: {error}"]
    found = [*package.broken, *(fault for check in _CHECKS for fault in check(package))]
    # a part that isn't XML is no more than one fault
    return [*found, *_schema_faults(Path(path))] if with_schemas and not package.broken else found


@cache
def _validator() -> Any:
    from openxml_audit import OpenXmlValidator

    return OpenXmlValidator()


def _schema_faults(path: Path) -> list[str]:
    """PowerPoint for macOS writes signed ids of axes itself, so that a chart of a template may have them."""
    said = [str(error) for error in _validator().validate(str(path)).errors]
    return [fault for fault in said if not _SIGNED_AXIS.search(fault)]


def _find(element: Any, path: str) -> list[Any]:
    found: list[Any] = element.xpath(path, namespaces=_SPACES)
    return found


def _twice(values: Any) -> list[Any]:
    return [value for value, count in Counter(values).items() if count > 1]


# ---------------------------------------------------------------- the package


def _names(package: Package) -> Iterator[str]:
    if package.bad:
        yield f"{package.bad}: its checksum is wrong"
    for name in _twice(name.lower() for name in package.names):
        yield f"{name}: is in the file twice"
    for name in package.names:
        if name.startswith("/") or "\\" in name or ".." in name.split("/"):
            yield f"{name}: isn't a name of a part"


def _content_types(package: Package) -> Iterator[str]:
    types = package.xml.get("[Content_Types].xml")
    if types is None:
        yield "[Content_Types].xml is missing"
        return
    extensions = [each.get("Extension", "").lower() for each in _find(types, "ct:Default")]
    parts = [each.get("PartName", "").lstrip("/") for each in _find(types, "ct:Override")]
    for name in (*_twice(extensions), *_twice(part.lower() for part in parts)):
        yield f"[Content_Types].xml: {name} has two content types"
    for part in parts:
        if part not in package.content:
            yield f"[Content_Types].xml: {part} doesn't exist"
    for name in package.content:
        if name == "[Content_Types].xml" or name.endswith("/") or name in parts:
            continue
        extension = name.rpartition(".")[2].lower()
        if extension not in extensions:
            yield f"{name}: has no content type"
        elif extension == "xml" and name.startswith("ppt/"):
            yield f"{name}: has the content type of any XML"


def _relationships(package: Package) -> Iterator[str]:
    for name in package.names:
        if not name.endswith(".rels"):
            continue
        folder, _slash, file = name.rpartition("/")
        part = posixpath.join(folder.removesuffix("_rels").rstrip("/"), file.removesuffix(".rels"))
        if part and part not in package.content:
            yield f"{name}: its part doesn't exist"
        relations = package.relations(part)
        for rid in _twice(each.rid for each in relations):
            yield f"{name}: {rid} is there twice"
        for each in relations:
            if each.is_external:
                if not each.target.strip() or not urlsplit(each.target).scheme:
                    yield f"{name}: {each.rid} has no full address: “{each.target}”"
            elif each.target not in package.content:
                yield f"{name}: {each.rid} leads to a missing part: {each.target}"


def _references(package: Package) -> Iterator[str]:
    """Every ``r:`` attribute names a relationship of its part; one that is empty stands for an action."""
    for name, root in package.xml.items():
        known = {each.rid: each for each in package.relations(name)}
        for attribute in _find(root, "//@r:*"):
            element = attribute.getparent()
            if attribute == "" and _NEEDS_NO_ADDRESS.match(element.get("action", "")):
                continue
            if attribute not in known:
                yield f"{name}: <{etree.QName(element).localname}> names no relationship: “{attribute}”"
            elif element.get("action") == "ppaction://hlinksldjump" and known[attribute].kind != "slide":
                yield f"{name}: a link to a slide leads to {known[attribute].target}"


def _counts_of_relations(package: Package) -> Iterator[str]:
    for folder, kinds in _EXACTLY_ONE.items():
        for part in package.parts(folder):
            for kind in kinds:
                if (count := len(package.related(part, kind))) != 1:
                    yield f"{part}: has {count} relationships {kind} instead of 1"


# ---------------------------------------------------------------- the presentation


def _presentation(package: Package) -> Iterator[str]:
    main = next(iter(package.related("", "officeDocument")), "")
    root = package.xml.get(main)
    if root is None:
        yield "the file has no presentation"
        return
    named = {each.rid: each.target for each in package.relations(main)}
    slides = _find(root, "p:sldIdLst/p:sldId")
    ids = [int(each.get("id", "0")) for each in slides]
    yield from (f"{main}: slide id {value} is there twice" for value in _twice(ids))
    yield from (
        f"{main}: slide id {value} is outside 256 to 2147483647"
        for value in ids
        if not _FIRST_SLIDE <= value < _FIRST_MASTER
    )
    listed = [named.get(each.get(f"{{{_SPACES['r']}}}id"), "") for each in slides]
    yield from (f"{main}: {part} is listed twice" for part in _twice(listed))
    yield from (
        f"{part}: is a slide that isn't listed" for part in package.parts("slides") if part not in listed
    )
    in_sections = [int(value) for value in _find(root, "//p14:sectionLst//p14:sldId/@id")]
    yield from (f"{main}: a section names slide {value} twice" for value in _twice(in_sections))
    yield from (f"{main}: a section names slide {value}" for value in in_sections if value not in ids)
    yield from _masters(package, main, root)


def _masters(package: Package, main: str, root: Any) -> Iterator[str]:
    ids = [int(each.get("id", "0")) for each in _find(root, "p:sldMasterIdLst/p:sldMasterId")]
    for part in package.parts("slideMasters"):
        layouts = _find(package.xml[part], "p:sldLayoutIdLst/p:sldLayoutId")
        ids += [int(each.get("id", "0")) for each in layouts]
        if len(layouts) != len(package.related(part, "slideLayout")):
            yield f"{part}: its list of layouts isn't that of its relationships"
    yield from (f"{main}: id {value} of a master or layout is there twice" for value in _twice(ids))
    yield from (
        f"{main}: id {value} of a master or layout is too low" for value in ids if value < _FIRST_MASTER
    )
    if package.parts("notesSlides") and not _find(root, "p:notesMasterIdLst/p:notesMasterId"):
        yield f"{main}: the notes master isn't listed"


def _notes(package: Package) -> Iterator[str]:
    for part in package.parts("slides"):
        notes = package.related(part, "notesSlide")
        if len(notes) > 1:
            yield f"{part}: has {len(notes)} notes"
        for each in notes:
            if package.related(each, "slide") != [part]:
                yield f"{each}: its slide isn't {part}"


# ---------------------------------------------------------------- shapes, texts, tables, charts


def _drawn(package: Package) -> Iterator[tuple[str, Any]]:
    for folder in ("slides", "slideLayouts", "slideMasters", "notesSlides", "notesMasters"):
        for part in package.parts(folder):
            yield part, package.xml[part]


def _shape_ids(package: Package) -> Iterator[str]:
    for part, root in _drawn(package):
        ids = [int(value) for value in _find(root, "p:cSld/p:spTree//p:cNvPr/@id")]
        yield from (f"{part}: shape id {value} is there twice" for value in _twice(ids))
        yield from (f"{part}: a shape has id {value}" for value in ids if value < 1)


def _sizes(package: Package) -> Iterator[str]:
    for part, root in _drawn(package):
        for size in _find(root, "//a:ext[@cx] | //p:xfrm/a:ext"):
            if int(size.get("cx")) < 0 or int(size.get("cy")) < 0:
                yield f"{part}: a shape is {size.get('cx')} by {size.get('cy')}"


def _texts(package: Package) -> Iterator[str]:
    for part, root in _drawn(package):
        for body in _find(root, "//p:txBody | //a:txBody"):
            if not _find(body, "a:p"):
                yield f"{part}: a text has no paragraph"
        for paragraph in _find(root, "//a:p"):
            names = [etree.QName(child).localname for child in paragraph if isinstance(child.tag, str)]
            if "pPr" in names[1:] or "endParaRPr" in names[:-1]:
                yield f"{part}: a paragraph's parts are in the wrong order: {', '.join(names)}"
        for run in _find(root, "//a:r"):
            if len(_find(run, "a:t")) != 1:
                yield f"{part}: a run has no text, or two"


def _tables(package: Package) -> Iterator[str]:
    for part, root in _drawn(package):
        for table in _find(root, "//a:tbl"):
            columns = len(_find(table, "a:tblGrid/a:gridCol"))
            for number, row in enumerate(_find(table, "a:tr"), start=1):
                if (cells := len(_find(row, "a:tc"))) != columns:
                    yield f"{part}: row {number} has {cells} cells for {columns} columns"
            if not _find(table, "a:tr"):
                yield f"{part}: a table has no row"


def _charts(package: Package) -> Iterator[str]:
    for part in package.parts("charts"):
        root = package.xml[part]
        if etree.QName(root).localname != "chartSpace":
            continue
        books = package.related(part, "package")
        if len(_find(root, "c:externalData")) != 1 or len(books) != 1:
            yield f"{part}: has {len(books)} workbooks instead of 1"
        for book in books:
            yield from _workbook(book, package.content.get(book, b""))
        axes = [axis.find("c:axId", _SPACES).get("val") for axis in _find(root, "//c:plotArea/*[c:crossAx]")]
        yield from (f"{part}: axis {value} is there twice" for value in _twice(axes))
        used = _find(root, "//c:plotArea/*[c:ser]/c:axId/@val | //c:crossAx/@val")
        yield from (f"{part}: names an axis that is missing: {value}" for value in used if value not in axes)


def _workbook(name: str, content: bytes) -> Iterator[str]:
    try:
        with ZipFile(io.BytesIO(content)) as book:
            if "xl/workbook.xml" not in book.namelist():
                yield f"{name}: isn't a workbook"
    except BadZipFile:
        yield f"{name}: isn't a workbook"


_CHECKS: tuple[Callable[[Package], Iterator[str]], ...] = (
    _names,
    _content_types,
    _relationships,
    _references,
    _counts_of_relations,
    _presentation,
    _notes,
    _shape_ids,
    _sizes,
    _texts,
    _tables,
    _charts,
)
