"""The committed sample, imported: what is rejected and named, and figures that hold all that they should."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest

from tests.sample.reading import AS_OF


@pytest.fixture(scope="module")
def connection(sample_database: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(sample_database), read_only=True) as connection:
        yield connection


def _rows(connection: duckdb.DuckDBPyConnection, sql: str, *values: object) -> list[tuple[object, ...]]:
    return connection.execute(sql, list(values)).fetchall()


def test_the_planted_rows_are_rejected_and_no_others(connection: duckdb.DuckDBPyConnection) -> None:
    rejects = _rows(
        connection,
        "select export, column_name, count(*) from stored.rejects group by all order by all nulls first",
    )
    assert rejects == [
        ("agreements", "customer_name", 1),
        ("agreements", "price_basis", 1),
        ("agreements", "subscribed_on", 1),
        ("invoices", "customer_id", 1),
        ("invoices", "kind", 1),
        ("meetings", "planned_on", 1),
        ("prices", "price_per_user", 1),
        ("tickets", None, 1),
        ("tickets", "closed_at", 1),
        ("tickets", "minutes_spent", 1),
        ("tickets", "opened_at", 1),
        ("user_counts", "registered_users", 1),
    ]


def test_warnings_name_what_was_not_understood(connection: duckdb.DuckDBPyConnection) -> None:
    warnings = _rows(
        connection, "select distinct export, value from stored.warnings join stored.files using (file_id)"
    )
    assert {
        ("agreements", "Merknad"),
        ("tickets", "Fjernhjelp"),
        ("tickets", "P2"),
        ("tickets", "Innleid"),
    } <= set(warnings)


def test_each_check_of_data_quality_has_an_example(connection: duckdb.DuckDBPyConnection) -> None:
    found = _rows(connection, 'select "check" from data_quality(?) where rows > 0', AS_OF)
    assert {str(name) for (name,) in found} >= {
        "rate_unknown",
        "users_unknown",
        "notice_before_start",
        "first_renewal_out_of_range",
        "two_of_one_product",
        "customer_unknown",
        "category_unmapped",
        "value_unknown",
        "invoice_unassigned",
        "rejected_rows",
    }


def test_licence_lists_find_their_customers_by_name(connection: duckdb.DuckDBPyConnection) -> None:
    sql = "select count(*) from main.user_counts where customer_id is null"
    assert _rows(connection, sql) == [(1,)]


def test_states_and_renewals_of_every_kind(connection: duckdb.DuckDBPyConnection) -> None:
    states = {state for (state,) in _rows(connection, "select distinct state from agreements(?)", AS_OF)}
    assert states == {"upcoming", "active", "terminating", "ended"}
    renewals = {
        status for (status,) in _rows(connection, "select distinct renewal_status from renewals(?)", AS_OF)
    }
    assert renewals == {"open", "will_renew", "ending"}
    meetings = {
        status for (status,) in _rows(connection, "select distinct status from status_meetings(?)", AS_OF)
    }
    assert meetings == {"held", "planned", "due", "overdue"}
    missed = _rows(connection, "select agreement_id from renewals(?) where missed_price_change > 0", AS_OF)
    assert len(missed) >= 2


def test_most_is_invoiced_as_agreed_and_some_leaks(connection: duckdb.DuckDBPyConnection) -> None:
    since = date(2020, 1, 1)
    sql = """
        select
            kind, avg((difference = 0)::int),
            count(*) filter (difference > 0), count(*) filter (difference < 0)
        from invoicing(?, since := ?) where difference is not null group by all
    """
    for _kind, right, unbilled, overbilled in _rows(connection, sql, AS_OF, since):
        assert isinstance(right, float) and 0.75 < right < 1
        assert unbilled and overbilled
