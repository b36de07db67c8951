"""A brief as PDF for the customer: two to four pages, tagged, set with Typst from data and templates of our own.

``write_pdf`` makes the file. ``content/`` says what stands in it, ``templates/`` how it looks, ``typesetting.py``
sets it in a process of its own.
"""

from __future__ import annotations

from pathlib import Path

from ccinsight.documents.brief.model import Brief, speaking
from ccinsight.documents.brief.printing import printable_brief
from ccinsight.documents.content.look import OURS, read_logo, readable
from ccinsight.documents.pdf.document import documents
from ccinsight.documents.pdf.typesetting import check_installed, is_installed, typeset
from ccinsight.printable import printable
from ccinsight.settings.model import Deck

__all__ = ["check_installed", "is_installed", "write_pdf"]


def write_pdf(brief: Brief, look: Deck, logo: Path | None = None) -> bytes:
    """The brief as a PDF file in its language, the same bytes for the same brief.

    ``logo``: where the logo of the settings lies. Raises CcinsightError where Typst isn't installed, or the logo or
    the document can't be used.
    """
    image = read_logo(logo)
    with speaking(brief.language):
        made = documents(
            printable_brief(brief),
            printable(look.partner or ""),
            readable(look.colour or OURS),
            image[0] if image else None,
        )
        return typeset(made, brief.as_of, image)
