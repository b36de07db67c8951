"""The status meeting's files (A3), made from a brief: the deck, the internal annex and the workbook."""

from ccinsight.deck.making import Files, annex, deck, file_stem, files, template_of, workbook

__all__ = ["Files", "annex", "deck", "file_stem", "files", "template_of", "workbook"]
