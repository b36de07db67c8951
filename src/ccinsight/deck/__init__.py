"""The status meeting's files (A3), made from a brief: the deck, the internal annex and the workbook.

``prepare`` makes them for many customers; ``deck``, ``annex`` and ``workbook`` make one file of one brief.
"""

from ccinsight.deck.prepare import (
    Files,
    annex,
    deck,
    due_within,
    file_stem,
    files,
    handout,
    one_file,
    prepare,
    template_of,
    workbook,
)
from ccinsight.deck.preview import read_slides

__all__ = [
    "Files",
    "annex",
    "deck",
    "due_within",
    "file_stem",
    "files",
    "handout",
    "one_file",
    "prepare",
    "read_slides",
    "template_of",
    "workbook",
]
