"""The status meeting's files (A3), made from a brief: the deck, the internal annex and the workbook.

``prepare`` makes them for many customers; ``deck``, ``annex`` and ``workbook`` make one file of one brief.
"""

from ccinsight.deck.making import (
    Files,
    annex,
    deck,
    due_within,
    file_stem,
    files,
    prepare,
    template_of,
    workbook,
)

__all__ = ["Files", "annex", "deck", "due_within", "file_stem", "files", "prepare", "template_of", "workbook"]
