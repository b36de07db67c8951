"""The brief of a status meeting (A3): what the reports say of one customer on one day, in sentences.

``Sources`` reads the reports, once for all customers that are prepared together; ``make_brief`` puts one
customer's brief together, ``make_preparation`` only what a meeting is prepared from. Both are pure data: the deck,
the workbook and a page draw them.
"""

from ccinsight.documents.brief.making import make_brief, make_preparation
from ccinsight.documents.brief.model import Brief, Figure, Preparation, Section, Statement
from ccinsight.documents.brief.sources import Sources

__all__ = [
    "Brief",
    "Figure",
    "Preparation",
    "Section",
    "Sources",
    "Statement",
    "make_brief",
    "make_preparation",
]
