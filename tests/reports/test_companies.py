"""What the companies of these tests leave out is what the models would hold."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from ccinsight.database.models import model_query
from tests.reports.companies import (
    CONSTANT,
    EMPTY_WITHOUT,
    Row,
    agreement,
    company,
    count,
    invoice,
    meeting,
    price,
    ticket,
)

DAY = date(2025, 6, 1)


def test_models_that_are_not_built_would_hold_the_same() -> None:
    rows: dict[str, Iterable[Row]] = {
        "agreements": [agreement(), agreement("A-2", "2", terminated_on=DAY)],
        "user_counts": [count(DAY, 12)],
        "prices": [price(date(2025, 1, 1), "100")],
        "meetings": [meeting("M-1", planned_on=DAY)],
        "tickets": [ticket("T-1", datetime(2025, 6, 1, 9, 0))],
        "invoices": [invoice("I-1", DAY, "1200")],
    }
    for left_out, models in EMPTY_WITHOUT.items():
        house = company("", **{name: given for name, given in rows.items() if name != left_out})
        with house.cursor() as cursor:
            for name in models:
                assert cursor.execute(model_query(name)).fetchall() == []
                assert cursor.execute(f"from model.{name}").fetchall() == []
    with house.cursor() as cursor:
        for name in CONSTANT:
            built = cursor.execute(model_query(name)).fetchall()
            assert built
            assert cursor.execute(f"from model.{name} order by all").fetchall() == sorted(built)
