"""The management's review of a period: its figures, which the page Review shows too, as a deck and as a workbook.

``figures.py`` holds the figures, ``source.py`` asks for them without a page, ``slides/`` and ``workbook.py`` write
them.
All of it is internal.
"""
