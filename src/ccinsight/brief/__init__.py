"""The brief of a status meeting (A3): what the reports say of one customer on one day, in sentences.

``Sources`` reads the reports, once for all customers that are prepared together; ``make_brief`` puts one
customer's brief together. A brief is pure data: the deck, the workbook and a page draw it.
"""

from ccinsight.brief.making import make_brief
from ccinsight.brief.model import Brief, Figure, Section, Statement
from ccinsight.brief.sources import Sources

__all__ = ["Brief", "Figure", "Section", "Sources", "Statement", "make_brief"]
