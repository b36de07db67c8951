"""The internal annex."""

from __future__ import annotations

from ccinsight.documents import deck
from tests.documents.deck import companies
from tests.documents.deck.briefs import LOOK, brief_of
from tests.documents.deck.reading import (
    all_text,
    cells,
    opened,
    slide_with,
    text_of_slide,
    titles,
)

NBSP = "\N{NO-BREAK SPACE}"


def test_the_annex_has_what_is_internal() -> None:
    file = deck.annex(brief_of(companies.plain()), LOOK)

    assert [title for title in titles(file) if title.startswith(("Unbilled", "A price change"))] == [
        f"Unbilled in the last 12 months: 1,167{NBSP}kr of yearly invoices and expansions, "
        f"1,250{NBSP}kr of consulting work",
        f"A price change was notified too late: 900{NBSP}kr a year is missed at the coming renewal",
    ]
    assert cells(slide_with(file, "Unbilled"))[1:] == [
        ["A-1", "1 Apr 2025", "Yearly", f"8,000.00{NBSP}kr", f"7,000.00{NBSP}kr", f"1,000.00{NBSP}kr"],
        ["A-1", "1 Apr 2025", "Expansion", f"166.67{NBSP}kr", f"0.00{NBSP}kr", f"166.67{NBSP}kr"],
    ]
    assert "Hemmelig notat" in all_text(file)
    texts = [text_of_slide(slide) for slide in opened(file).slides]
    assert len(texts) == 7
    assert [text for text in texts if "Internal" not in text] == []
