"""The canonical tables, and whose row it is where a row carries no customer's id (exports.md, "Fine print")."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from ccinsight.access import SEES_ALL
from ccinsight.database.scope import Filters
from ccinsight.database.warehouse import Warehouse
from ccinsight.ingest import import_paths

WHEN = datetime(2026, 3, 15, 12, 0)
AGREEMENTS = """Avtalenr;Kundenr;Kunde;Orgnr;Tegningsdato
A1;1;Fjord Drift AS;912 345 678;01.01.2020
A2;2;Ærlig Talt ASA;NO 923456789 MVA;01.01.2020
A3;3;Tvilling AS;;01.01.2020
A4;4;Tvilling;;01.01.2020
A5;5;Samme nummer;934567890;01.01.2020
A6;6;Samme nummer to;934 567 890;01.01.2020
A7;7;Basar;;01.01.2020
"""
Import = Callable[..., Path]


@pytest.fixture
def imported(tmp_path: Path) -> Import:
    """Imports texts, one call each, in their order."""

    def imported(*texts: tuple[str, str], config: str = "") -> Path:
        database, settings = tmp_path / "ccinsight.duckdb", tmp_path / "settings.toml"
        settings.write_text(config, encoding="utf-8")
        for name, text in texts:
            path = tmp_path / name
            path.write_text(text, encoding="utf-8")
            import_paths([path], database, settings, imported_at=WHEN)
        return database

    return imported


def rows(database: Path, query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.execute(query).fetchall()


_COLUMNS = {
    "agreements": "agreement_id customer_id customer_name org_number account_manager product subscribed_on "
    "first_renewal_on terminated_on terminated_by price_basis price_per_user complexity registered_users "
    "consultant_rate partner_confirmed_on",
    "tickets": "ticket_id customer_id opened_at first_reply_at closed_at title status channel category severity "
    "contact contact_role owner minutes_spent minutes_to_invoice",
    "user_counts": "customer_id counted_on registered_users available_licences active_users",
    "prices": "product agreement_id valid_from announced_on complexity min_users price_per_user",
    "invoices": "invoice_line_id invoice_number line_number customer_id agreement_id kind issued_on"
    " period_start quantity unit_price amount currency",
    "meetings": "meeting_id customer_id kind planned_on held_on note",
}
_MONEY = {"price_per_user", "consultant_rate", "unit_price", "amount"}
_NUMBERS = {"registered_users", "available_licences", "active_users", "min_users"}


def _type_of(column: str) -> str:
    if column.endswith("_on") or column in {"valid_from", "period_start"}:
        return "DATE"
    if column.endswith("_at"):
        return "TIMESTAMP"
    if column in _MONEY | {"quantity", "minutes_spent", "minutes_to_invoice"}:
        return "DECIMAL"
    return "INTEGER" if column in _NUMBERS else "VARCHAR"


def test_main_has_each_export_with_its_canonical_columns_and_their_types(imported: Import) -> None:
    database = imported(("avtaler.csv", AGREEMENTS))
    for export, columns in _COLUMNS.items():
        found = rows(database, f"select column_name, column_type from (describe main.{export})")  # noqa: S608
        assert [(name, kind.partition("(")[0]) for name, kind in found] == [
            (name, _type_of(name)) for name in columns.split()
        ], export


@pytest.mark.parametrize("first", ["agreements", "tickets"])
def test_a_row_without_an_id_finds_its_customer_whatever_the_order_of_imports(
    imported: Import, first: str
) -> None:
    cases = {  # org. number; name → the customer
        "912345678;Noe annet": "1",
        "NO912345678MVA;": "1",
        "923 456 789;Fjord Drift AS": "2",  # the number goes before the name
        "000000000;Fjord Drift AS": "1",  # a number that nobody has: the name
        ";Fjord Drift": "1",
        ";fjord  drift as": "1",
        ";FJORDDRIFT A.S.": "1",
        ";F.jord Drift ASA": "1",
        ";Fjord\u00a0Drift\u00a0AS": "1",
        ";Ærlig Talt": "2",
        ";AERLIG TALT": None,  # else exactly
        ";Fjørd Drift": None,
        ";Bas ar": "7",
        ";Bas": None,  # an ending of letters alone is none
        ";Drift": None,
        ";Tvilling": None,  # two fit
        "934567890;": None,
        ";Fjord Drift Norge AS": None,
        ";Kallenavnet": "5",  # by the settings
        ";TVILLINGEN": "4",
    }
    tickets = "Saks-ID;Orgnr;Firma;Opprettet\n" + "".join(
        f"{at};{case};01.02.2026\n" for at, case in enumerate(cases)
    )
    files = [("avtaler.csv", AGREEMENTS), ("saker.csv", tickets)]
    config = '[customers]\n"Kallenavnet" = "5"\n"Tvillingen AS" = "4"\n'
    database = imported(*(files if first == "agreements" else reversed(files)), config=config)
    found = rows(database, "select customer_id from main.tickets order by cast(ticket_id as integer)")
    assert dict(zip(cases, (customer for (customer,) in found), strict=True)) == cases


def test_where_two_customers_fit_both_are_listed(imported: Import) -> None:
    tickets = "Saks-ID;Firma;Opprettet\n1;Tvilling AS;01.02.2026\n2;Ingen;01.02.2026\n3;Ingen;01.02.2026\n"
    database = imported(("avtaler.csv", AGREEMENTS), ("saker.csv", tickets))
    with Warehouse.open(database) as warehouse:
        scope = warehouse.resolve(date(2026, 3, 15), Filters(), SEES_ALL)
        problems = warehouse.report("data_problems", scope, check="customer_unknown").to_pylist()
        quality = warehouse.report("data_quality", scope).to_pylist()
    (twin,) = [problem for problem in problems if "Tvilling" in str(problem)]
    assert "3" in twin["detail"] and "4" in twin["detail"]
    assert {row["check"]: row["rows"] for row in quality}["customer_unknown"] == 3


def test_counts_of_no_known_customer_are_kept_apart_by_what_they_name(imported: Import) -> None:
    counts = (
        "Orgnr;Firma;Telledato;Antall brukere\n"
        ";Ukjent en;01.02.2026;5\n;Ukjent to;01.02.2026;6\n999;Ukjent en;01.02.2026;7\n;Ukjent en;01.02.2026;8\n"
    )
    database = imported(("brukertall.csv", counts))
    found = rows(database, "select customer_id, registered_users from main.user_counts order by 2")
    assert found == [(None, 6), (None, 7), (None, 8)]


def test_the_settings_may_come_after_the_rows(imported: Import) -> None:
    tickets = "Saks-ID;Firma;Opprettet\n1;Kallenavnet;01.02.2026\n"
    imported(("avtaler.csv", AGREEMENTS), ("saker.csv", tickets))
    database = imported(("saker.csv", tickets), config='[customers]\n"kallenavnet" = "7"\n')
    assert rows(database, "select customer_id from main.tickets") == [("7",)]
