"""Doubts about prices as data problems: far from the list's, and changed after periods had used them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ccinsight.access import SEES_ALL
from ccinsight.database.scope import Scope
from ccinsight.database.warehouse import Warehouse
from ccinsight.ingest import import_paths
from ccinsight.ingest.history.undoing import undo
from ccinsight.maintenance.forget import forget
from ccinsight.maintenance.rows_to_forget import Customer
from tests.reports.companies import Row, agreement, company, price

AS_OF = date(2026, 3, 1)
WHEN = datetime(2026, 3, 1, 9, 0)
LIST = [price(date(2020, 1, 1), "1000"), price(date(2020, 1, 1), "800", 50)]


def _doubted(house: Warehouse, check: str, as_of: date = AS_OF) -> dict[str, str]:
    rows = house.report("data_problems", Scope(as_of, SEES_ALL), check=check).to_pylist()
    return {row["key"]: row["detail"] for row in rows}


@pytest.mark.parametrize(
    ("own", "users", "is_doubted"),
    [
        ("5000", 20, False),
        ("5000.01", 20, True),
        ("200", 20, False),
        ("199.99", 20, True),
        ("4100", 60, True),  # the list's price for so many users is 800
        ("4900", None, False),  # unknown users: far from every price of the list
        ("5100", None, True),
        ("161", None, False),
        ("159", None, True),
    ],
)
def test_a_contract_price_far_from_the_lists(own: str, users: int | None, is_doubted: bool) -> None:
    contract: Row = {"price_basis": "contract", "price_per_user": Decimal(own), "registered_users": users}
    house = company(agreements=[agreement(**contract)], prices=LIST)
    assert list(_doubted(house, "price_far_from_list")) == (["A-1"] if is_doubted else [])


def test_a_direct_agreement_far_from_the_lists_price_is_doubted_and_an_ended_one_is_not() -> None:
    direct = price(date(2020, 1, 1), "10000", agreement_id="A-1")
    house = company(agreements=[agreement(registered_users=5)], prices=[*LIST, direct])
    assert _doubted(house, "price_far_from_list") == {"A-1": "10000.00 / 1000.00"}

    ended = agreement(registered_users=5, subscribed_on=date(2023, 1, 1), terminated_on=date(2023, 6, 1))
    assert not _doubted(company(agreements=[ended], prices=[*LIST, direct]), "price_far_from_list")


def test_without_a_list_of_the_product_nothing_is_far_from_it() -> None:
    contract: Row = {"price_basis": "contract", "price_per_user": Decimal(1), "registered_users": 5}
    house = company(agreements=[agreement(product="Annet", **contract)], prices=LIST)
    assert not _doubted(house, "price_far_from_list")


# ---- changed later

AGREEMENTS = (
    "agreement_id;customer_id;customer_name;subscribed_on;registered_users\n"
    "A-1;1;En AS;2024-04-01;20\nA-2;2;To AS;2026-02-01;60\nA-3;3;Tre AS;2026-05-01;20\n"
)
PRICES = "agreement_id;valid_from;announced_on;min_users;price_per_user\n"


def _import(folder: Path, prices: str, **options: Any) -> Path:
    (folder / "avtaler.csv").write_text(AGREEMENTS, encoding="utf-8")
    (folder / "priser.csv").write_text(PRICES + prices, encoding="utf-8")
    database = folder / "made.duckdb"
    import_paths([folder / "avtaler.csv", folder / "priser.csv"], database, imported_at=WHEN, **options)
    return database


def _changed(database: Path, as_of: date = AS_OF) -> dict[str, str]:
    with Warehouse.open(database) as house:
        return _doubted(house, "price_changed_later", as_of)


@pytest.mark.parametrize("options", [{}, {"replace": {"prices"}}])
def test_a_changed_price_is_listed_with_the_periods_that_use_it(
    tmp_path: Path, options: dict[str, Any]
) -> None:
    _import(tmp_path, ";2020-01-01;;1;1000\n;2020-01-01;;50;800\n;2026-01-01;;1;1100\n")
    database = _import(tmp_path, ";2020-01-01;;1;1050\n;2020-01-01;;50;800\n;2026-01-01;;1;1200\n", **options)

    assert _changed(database) == {
        "CloudCare CRM, 2020-01-01, standard, 1": "1000.00 → 1050.00: A-1 2025-04-01, A-1 2024-04-01",
        "CloudCare CRM, 2026-01-01, standard, 1": "1100.00 → 1200.00: A-2 2026-02-01",
    }
    assert list(_changed(database, date(2025, 3, 1)).values()) == ["1000.00 → 1050.00: A-1 2024-04-01"]
    # What begins after the change uses the new price rightly.
    assert "A-3" not in str(_changed(database, date(2026, 6, 1)))


def test_a_price_that_no_period_uses_may_change(tmp_path: Path) -> None:
    _import(tmp_path, ";2020-01-01;;1;1000\n;2026-04-01;;1;1100\n;2020-01-01;;500;100\n")
    database = _import(tmp_path, ";2020-01-01;;1;1000\n;2026-04-01;;1;1200\n;2020-01-01;;500;90\n")
    assert _changed(database) == {}


def test_a_change_that_is_taken_back_is_listed_no_longer(tmp_path: Path) -> None:
    _import(tmp_path, ";2020-01-01;;1;1000\n")
    database = _import(tmp_path, ";2020-01-01;2019-11-01;1;1050\n")
    (detail,) = _changed(database).values()
    assert detail.startswith("1000.00 → 1050.00, – → 2019-11-01: ")
    assert _changed(_import(tmp_path, ";2020-01-01;;1;1050\n")) != {}
    assert _changed(_import(tmp_path, ";2020-01-01;;1;1000\n")) == {}


def test_undoing_the_import_takes_the_problem_away(tmp_path: Path) -> None:
    _import(tmp_path, ";2020-01-01;;1;1000\n")
    database = _import(tmp_path, ";2020-01-01;;1;1050\n")
    undo(database)
    assert _changed(database) == {}


def test_a_direct_agreements_change_goes_with_its_customer(tmp_path: Path) -> None:
    _import(tmp_path, ";2020-01-01;;1;1000\nA-1;2020-01-01;;1;900\n")
    database = _import(tmp_path, ";2020-01-01;;1;1000\nA-1;2020-01-01;;1;950\n")
    assert list(_changed(database)) == ["A-1, CloudCare CRM, 2020-01-01, standard, 1"]

    forget(database, Customer("1"), forgotten_at=WHEN, forgotten_by=None)
    assert _changed(database) == {}
    with Warehouse.open(database) as house:
        assert house.cursor().execute("from stored.price_changes").fetchall() == []
