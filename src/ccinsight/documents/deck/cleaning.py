"""Cleans a template: takes out slides, speaker notes, comments, and what the file says of itself."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from pptx.opc.oxml import serialize_part_xml
from pptx.oxml.ns import qn

from ccinsight.documents.deck.xml import parse

_SLIDE = "presentationml.slide+xml"
# What somebody wrote about a slide: by the relations that lead to it, and by the types of the parts.
_REMARKS = ("/notesSlide", "/comments")
_TYPES_OF_REMARKS = ("notesSlide+xml", "comments+xml")
_OF_REMARKS = ("/commentAuthors", "/authors", "/notesMaster", "/customXml")
# A picture of the first slide, the titles of all slides, and properties that a library or a person gave the file.
_ABOUT_THE_TEMPLATE = ("/thumbnail", "/extended-properties", "/custom-properties")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_PROPERTIES = ("category", "comments", "content_status", "identifier", "keywords", "subject", "version")
# The file format's limit of a property, in characters.
_LONGEST_PROPERTY = 255


def keep_slides(show: Any, kept: Collection[Any]) -> None:
    """Takes out all slides but ``kept``, and every slide's notes and comments, with all that names them.

    Whatever part of the file leads to one of them (a custom show, a link on a layout) leads there no longer, so that
    none of them is saved.
    """
    parts = {slide.part for slide in kept}
    package = show.part.package
    for owner in list(package.iter_parts()):
        _cut(owner, parts)
    for rel in list(package._rels.values()):
        if not rel.is_external and (rel.reltype.endswith(_ABOUT_THE_TEMPLATE) or _goes(rel, parts)):
            package._rels.pop(rel.rId)
    _tidy(show)
    for rel in list(show.part.rels.values()):
        if rel.reltype.endswith(_OF_REMARKS) and not _is_named(show.element, rel.rId):
            show.part.rels.pop(rel.rId)


def write_properties(show: Any, title: str, author: str) -> None:
    """What the file says of itself: nothing that the template's author wrote there."""
    properties = show.core_properties
    properties.title = title[:_LONGEST_PROPERTY]
    properties.author = properties.last_modified_by = author[:_LONGEST_PROPERTY]
    for name in _PROPERTIES:
        setattr(properties, name, "")


def _goes(rel: Any, kept: Collection[Any]) -> bool:
    """Whether a relation within the file leads to what is taken out."""
    kind = str(rel.target_part.content_type)
    if kind.endswith(_SLIDE):
        return rel.target_part not in kept
    return str(rel.reltype).endswith(_REMARKS) or kind.endswith(_TYPES_OF_REMARKS)


def _cut(owner: Any, kept: Collection[Any]) -> None:
    """Takes a part's relations to what is taken out away, with the elements that name them."""
    going = [rel for rel in owner.rels.values() if not rel.is_external and _goes(rel, kept)]
    if not going:
        return
    root = owner._element if hasattr(owner, "_element") else _xml(owner)
    if root is not None:
        _unname(root, {rel.rId: rel.reltype.endswith(_REMARKS) for rel in going})
        if not hasattr(owner, "_element"):
            owner._blob = serialize_part_xml(root)
    for rel in going:
        owner.rels.pop(rel.rId)


def _xml(part: Any) -> Any:
    return parse(part.blob) if part.content_type.endswith("+xml") else None


def _unname(root: Any, relations: dict[str, bool]) -> None:
    """Removes the elements that name relations; of remarks, the whole extension that they stand in."""
    for element in list(root.iter()):
        for rid in {value for name, value in element.attrib.items() if name.startswith(_RELATION)}:
            if rid in relations:
                extension = next(element.iterancestors(qn("p:ext")), element) if relations[rid] else element
                if extension.getparent() is not None:
                    extension.getparent().remove(extension)
    for extensions in list(root.iter(qn("p:extLst"))):
        if len(extensions) == 0:
            extensions.getparent().remove(extensions)


def _is_named(root: Any, relation: str) -> bool:
    return any(relation in element.attrib.values() for element in root.iter())


def _tidy(show: Any) -> None:
    """Takes slides that are gone out of sections, and custom shows without slides."""
    listed = {each.get("id") for each in show.slides._sldIdLst}
    for element in list(_of_sections(show.element)):
        if element.get("id") not in listed:
            element.getparent().remove(element)
    for custom in list(show.element.iter(qn("p:custShow"))):
        if next(custom.iter(qn("p:sld")), None) is None:
            custom.getparent().remove(custom)
            _show_all(show)
    for shows in list(show.element.iter(qn("p:custShowLst"))):
        if len(shows) == 0:
            shows.getparent().remove(shows)


def _of_sections(presentation: Any) -> Iterator[Any]:
    """The slides that sections name."""
    for element in presentation.iter():
        tag = str(element.tag)
        if tag.endswith("}sldId") and tag != qn("p:sldId"):
            yield element


def _show_all(show: Any) -> None:
    """Shows all slides where the file's settings named a custom show."""
    for rel in show.part.rels.values():
        if rel.reltype.endswith("/presProps"):
            root = parse(rel.target_part.blob)
            for custom in list(root.iter(qn("p:custShow"))):
                custom.getparent().remove(custom)
            rel.target_part._blob = serialize_part_xml(root)
