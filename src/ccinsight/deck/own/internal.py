"""What of a deck of one's own a customer must not be handed: speaker notes, comments, hidden slides."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pptx.oxml.ns import qn

from ccinsight.i18n import _, number

# The relations of a slide that lead to what somebody wrote about it.
_REMARKS = ("/notesSlide", "/comments")
_OF_REMARKS = ("/commentAuthors", "/authors", "/notesMaster", "/customXml")
# A picture of the first slide, the titles of all slides, and properties that a library or a person gave the file.
_ABOUT_THE_TEMPLATE = ("/thumbnail", "/extended-properties", "/custom-properties")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


def take_out_internal(show: Any) -> list[str]:
    """Takes out hidden slides, speaker notes, comments and the picture of the template; says what was taken out."""
    numbered = list(enumerate(show.slides, start=1))
    hidden = [(place, slide) for place, slide in numbered if slide._element.get("show") in ("0", "false")]
    for _place, slide in hidden:
        _remove_slide(show, slide)
    said = [place for place, slide in numbered if slide.has_notes_slide and _said(slide)]
    commented = [
        place
        for place, slide in numbered
        if any(rel.reltype.endswith("/comments") for rel in slide.part.rels.values())
    ]
    for slide in show.slides:
        _remove_remarks(slide)
    for rel in list(show.part.package._rels.values()):
        if rel.reltype.endswith(_ABOUT_THE_TEMPLATE):
            show.part.package._rels.pop(rel.rId)
    for listed in show.element.findall(qn("p:notesMasterIdLst")):
        show.element.remove(listed)
    for rel in list(show.part.rels.values()):
        if rel.reltype.endswith(_OF_REMARKS) and not _is_named(show.element, rel.rId):
            show.part.rels.pop(rel.rId)
    hidden_places = [place for place, _slide in hidden]
    return [
        text.format(slides=", ".join(map(number, places)))
        for text, places in (
            (_("Hidden slides are left out: {slides}."), hidden_places),
            (
                _("Speaker notes are left out, of slides {slides}."),
                [p for p in said if p not in hidden_places],
            ),
            (
                _("Comments are left out, of slides {slides}."),
                [p for p in commented if p not in hidden_places],
            ),
        )
        if places
    ]


def _is_named(root: Any, relation: str) -> bool:
    return any(relation in element.attrib.values() for element in root.iter())


def _said(slide: Any) -> bool:
    frame = slide.notes_slide.notes_text_frame
    return frame is not None and bool(frame.text.strip())


def _remove_remarks(slide: Any) -> None:
    for rel in list(slide.part.rels.values()):
        if not rel.reltype.endswith(_REMARKS):
            continue
        slide.part.rels.pop(rel.rId)
        for element in list(slide._element.iter()):
            if rel.rId in [value for name, value in element.attrib.items() if name.startswith(_RELATION)]:
                extension = next(element.iterancestors(qn("p:ext")), element)
                extension.getparent().remove(extension)
    for extensions in list(slide._element.iter(qn("p:extLst"))):
        if len(extensions) == 0:
            extensions.getparent().remove(extensions)


def _remove_slide(show: Any, slide: Any) -> None:
    """Takes a slide out with all that names it: sections, custom shows, links from other slides."""
    for each in list(show.slides._sldIdLst):
        if show.part.related_part(each.rId) is not slide.part:
            continue
        for named in list(_naming(show.element, each)):
            named.getparent().remove(named)
        show.slides._sldIdLst.remove(each)
        show.part.rels.pop(each.rId)
    for other in show.slides:
        for rel in list(other.part.rels.values()):
            if not rel.is_external and rel.target_part is slide.part:
                for element in list(other._element.iter()):
                    if element.get(f"{_RELATION}id") == rel.rId:
                        element.getparent().remove(element)
                other.part.rels.pop(rel.rId)


def _naming(presentation: Any, slide_id: Any) -> Iterator[Any]:
    """What names a slide in the presentation, beside the list of its slides."""
    for element in presentation.iter():
        tag = str(element.tag).rpartition("}")[2]
        in_section = tag == "sldId" and element is not slide_id and element.get("id") == slide_id.get("id")
        if in_section or (tag == "sld" and element.get(f"{_RELATION}id") == slide_id.rId):
            yield element
