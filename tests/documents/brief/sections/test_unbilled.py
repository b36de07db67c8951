"""What a brief says of unbilled amounts, for internal eyes."""

from __future__ import annotations

from ccinsight.database.warehouse import Warehouse
from tests.documents.brief.reading import brief_of, texts_of


def test_what_is_for_internal_eyes(plain: Warehouse) -> None:
    brief = brief_of(plain)

    assert texts_of(brief, "unbilled") == [
        # 6 users on the start by the count of January, then 8; 8 000 expected on 1 April, 7 000 invoiced
        "Unbilled in the last 12 months: 1,167 kr of yearly invoices and expansions, "
        "1,250 kr of consulting work",
        "Agreement A-1, yearly, period from 1 Apr 2025: 8,000 kr expected, 7,000 kr invoiced.",
        "Agreement A-1, expansion, period from 1 Apr 2025: 167 kr expected, 0 kr invoiced.",
        "Consulting work in the last 12 months: 2,500 kr by the time to invoice, 1,250 kr invoiced.",
    ]
    assert texts_of(brief, "missed_price")[0] == (
        "A price change was notified too late: 900 kr a year is missed at the coming renewal"
    )
    internal = {name for name, section in brief.sections.items() if section.is_internal}
    assert internal == {"unbilled", "missed_price", "promises"}
