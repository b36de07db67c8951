"""Makes a file of the review, with the look that the database's settings ask for."""

from __future__ import annotations

from ccinsight.documents.deck.prepare import settings_look
from ccinsight.documents.quarter.periods import Period
from ccinsight.documents.quarter.slides import write_deck
from ccinsight.documents.quarter.source import Quarter, Source
from ccinsight.documents.quarter.workbook import write_workbook
from ccinsight.outputs.cells import Head


def write(source: Source, period: Period, head: Head, form: str) -> bytes:
    """The review of a period in the language in use, as a deck (``pptx``) or a workbook (``xlsx``).

    ``head``: the day that the reader reads it on, and the filters as they are called. Raises CcinsightError where the
    template of the settings can't be used, UsageError for a filter that doesn't exist.
    """
    quarter = Quarter.of(source, period, head.filters)
    if form == "xlsx":
        return write_workbook(quarter)
    look = settings_look(source.house)
    return write_deck(quarter, look.deck, look.template)
