"""What of a deck of one's own a customer must not be handed: speaker notes, comments, hidden slides."""

from __future__ import annotations

from typing import Any

from pptx.oxml.ns import qn

from ccinsight.documents.deck.cleaning import keep_slides
from ccinsight.i18n import _, number


def take_out_internal(show: Any) -> list[str]:
    """Takes out hidden slides, speaker notes, comments and the picture of the template; says what was taken out."""
    numbered = list(enumerate(show.slides, start=1))
    hidden_places = [place for place, slide in numbered if slide._element.get("show") in ("0", "false")]
    said = [place for place, slide in numbered if slide.has_notes_slide and _said(slide)]
    commented = [
        place
        for place, slide in numbered
        if any(rel.reltype.endswith("/comments") for rel in slide.part.rels.values())
    ]
    for listed in show.element.findall(qn("p:notesMasterIdLst")):
        show.element.remove(listed)
    keep_slides(show, [slide for place, slide in numbered if place not in hidden_places])
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


def _said(slide: Any) -> bool:
    frame = slide.notes_slide.notes_text_frame
    return frame is not None and bool(frame.text.strip())
