"""The status meeting's files (A3), made from a brief: deck, workbook, web page, PDF and internal annex.

``prepare`` makes them for many customers, for a page and for the command line alike; ``deck``, ``annex`` and
``workbook`` make one file of one brief.
"""

from ccinsight.deck.prepare import (
    Files,
    annex,
    archive,
    deck,
    due_within,
    files,
    one_file,
    prepare,
    template_of,
    workbook,
)
from ccinsight.deck.preview import read_slides

__all__ = [
    "Files",
    "annex",
    "archive",
    "deck",
    "due_within",
    "files",
    "one_file",
    "prepare",
    "read_slides",
    "template_of",
    "workbook",
]
