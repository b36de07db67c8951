"""What a brief says of cases."""

from __future__ import annotations

from ccinsight.database.warehouse import Warehouse
from tests.documents.brief.reading import brief_of, texts_of


def test_access_down_and_open_cases(plain: Warehouse) -> None:
    brief = brief_of(plain)

    assert (
        texts_of(brief, "response")[0]
        == "1 access-down case in the last 12 months; the first reply came within 30 min"
    )
    assert texts_of(brief, "open_cases") == ["2 open tickets, the oldest opened 2 May 2024"]
    assert [row["ticket_id"] for row in brief.rows("open_tickets")] == ["T-0", "T-2"]
