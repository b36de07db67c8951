"""A reader as a value, and the customers that it may see."""

from datetime import date

import pytest

from ccinsight.access import SEES_ALL, Reader, Right, visible_customers
from tests.reports.companies import agreement, company

TODAY = date(2026, 3, 15)


def test_readers_of_equal_sight_share_a_key_whoever_they_are() -> None:
    kari = Reader(key="1", name="Kari", managers=frozenset({"Silje"}), today=TODAY)
    ola = Reader(
        key="2", name="Ola", managers=frozenset({"Silje"}), today=TODAY, rights=frozenset({Right.IMPORT})
    )
    assert kari.sight == ola.sight and hash(kari.sight) == hash(ola.sight)
    assert kari.sight != Reader(managers=frozenset({"Silje"}), today=date(2026, 3, 16)).sight
    assert kari.sight != SEES_ALL.sight != Reader().sight


def test_a_reader_of_a_managers_customers_needs_the_real_day() -> None:
    with pytest.raises(ValueError, match="today"):
        Reader(managers=frozenset({"Silje"}))


def test_only_the_reader_who_sees_all_may_do_all() -> None:
    assert all(SEES_ALL.may(right) for right in Right)
    assert not any(Reader(key="1").may(right) for right in Right)


def test_customers_go_by_the_account_manager_of_the_real_day() -> None:
    house = company(
        agreements=[
            agreement("A-1", "1", account_manager="Silje", terminated_on=date(2025, 12, 1)),
            agreement("A-2", "1", account_manager="Bjørn", subscribed_on=date(2026, 4, 1)),
            agreement("A-3", "2", account_manager="Bjørn"),
            agreement("A-4", "3"),
        ]
    )
    with house.reading() as cursor:

        def seen(manager: str, today: date, *customer_ids: str) -> set[str]:
            reader = Reader(managers=frozenset({manager}), customer_ids=frozenset(customer_ids), today=today)
            return set(visible_customers(cursor, reader) or ())

        assert seen("Silje", TODAY) == {"1"}
        assert seen("Bjørn", TODAY) == {"2"}
        assert seen("Silje", date(2026, 4, 1)) == set()
        assert seen("Bjørn", date(2026, 4, 1)) == {"1", "2"}
        assert seen("Silje", TODAY, "3") == {"1", "3"}
        assert visible_customers(cursor, Reader()) == frozenset()
        assert visible_customers(cursor, SEES_ALL) is None
