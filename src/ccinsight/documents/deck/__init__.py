"""The status meeting's files (A3), made from a brief: deck, workbook, web page, PDF and internal annex.

``prepare`` makes them for many customers, for a page and for the command line alike; ``deck``, ``annex`` and
``workbook`` make one file of one brief.
"""

from ccinsight.documents.deck.prepare import (
    Files,
    Look,
    annex,
    archive,
    deck,
    due_within,
    files,
    left_out,
    one_file,
    prepare,
    presenters_copy,
    settings_look,
    workbook,
)
from ccinsight.documents.deck.preview import read_slides
from ccinsight.documents.deck.template_file import TemplateFile, read_template

__all__ = [
    "Files",
    "Look",
    "TemplateFile",
    "annex",
    "archive",
    "deck",
    "due_within",
    "files",
    "left_out",
    "one_file",
    "prepare",
    "presenters_copy",
    "read_slides",
    "read_template",
    "settings_look",
    "workbook",
]
