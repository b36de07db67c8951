"""A brief as one page of HTML for the customer: whole in its file, without scripts, to attach or to put on a share.

``write_page`` makes the file. What stands in it are the chapters of ``content/``, as in the PDF; ``templates/`` says
how it looks, ``drawing.py`` where the parts of a chart stand.
"""

from __future__ import annotations

from pathlib import Path

from ccinsight.documents.brief.model import Brief, speaking
from ccinsight.documents.brief.printing import printable_brief
from ccinsight.documents.content import chapters
from ccinsight.documents.content.head import head_of
from ccinsight.documents.content.look import read_logo
from ccinsight.documents.webpage.rendering import render
from ccinsight.printable import printable
from ccinsight.settings.model import Deck

__all__ = ["write_page"]

# A page has room where paper has not; a longer table says how many rows stand in the workbook.
_MOST_ROWS = 20


def write_page(brief: Brief, look: Deck, logo: Path | None = None) -> bytes:
    """The brief as HTML in UTF-8 in its language, the same bytes for the same brief.

    ``logo``: where the logo of the settings lies. Raises CcinsightError where the logo can't be used.
    """
    image = read_logo(logo)
    with speaking(brief.language):
        shown = printable_brief(brief)
        head = head_of(shown, printable(look.partner or ""), image is not None)
        return render(head, chapters.all_of(shown, _MOST_ROWS), look.colour, image).encode()
