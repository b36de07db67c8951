"""Small real databases for tests: rows as keyword arguments, everything else at its default."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb

from ccinsight.database import calendar_events
from ccinsight.database.models import all_models, build_models
from ccinsight.database.schema import stored_tables
from ccinsight.database.warehouse import Warehouse
from ccinsight.settings.parsing import parse_settings
from ccinsight.settings.storing import store_settings

Row = dict[str, Any]

STORED = stored_tables()
# One row at most of each ticket or invoice line: without them these models are as in the empty company.
EMPTY_WITHOUT = {
    "tickets": {
        "ticket_facts",
        "ticket_months",
        "stranger_tickets",
        "unmapped_tickets",
        "ticket_days",
        "long_waits",
    },
    "invoices": {"invoice_places", "invoice_states", "invoice_problems"},
}
CONSTANT = {"clock_months"}


def agreement(agreement_id: str = "A-1", customer_id: str = "1", **columns: Any) -> Row:
    """An agreement of CloudCare CRM from 1 April 2025 on the price list."""
    return {
        "agreement_id": agreement_id,
        "customer_id": customer_id,
        "customer_name": f"Kunde {customer_id} AS",
        "product": "CloudCare CRM",
        "subscribed_on": date(2025, 4, 1),
        "price_basis": "price_list",
        "complexity": "standard",
        **columns,
    }


def count(counted_on: date, registered_users: int, customer_id: str = "1", **columns: Any) -> Row:
    """A user count."""
    return {
        "customer_id": customer_id,
        "counted_on": counted_on,
        "registered_users": registered_users,
        **columns,
    }


def price(valid_from: date, price_per_user: str | Decimal, min_users: int = 1, **columns: Any) -> Row:
    """A row of the general price list."""
    return {
        "product": "CloudCare CRM",
        "valid_from": valid_from,
        "complexity": "standard",
        "min_users": min_users,
        "price_per_user": Decimal(price_per_user),
        **columns,
    }


def ticket(ticket_id: str, opened_at: datetime, customer_id: str | None = "1", **columns: Any) -> Row:
    """An open ticket."""
    return {
        "ticket_id": ticket_id,
        "customer_id": customer_id,
        "opened_at": opened_at,
        "status": "open",
        **columns,
    }


def invoice(
    invoice_line_id: str, issued_on: date, amount: str, customer_id: str = "1", **columns: Any
) -> Row:
    """A yearly invoice line."""
    return {
        "invoice_line_id": invoice_line_id,
        "customer_id": customer_id,
        "kind": "yearly",
        "issued_on": issued_on,
        "amount": Decimal(amount),
        **columns,
    }


def meeting(meeting_id: str, customer_id: str = "1", **columns: Any) -> Row:
    """A status meeting."""
    return {"meeting_id": meeting_id, "customer_id": customer_id, "kind": "status_meeting", **columns}


@cache
def empty_company() -> Path:
    """The database of a company without rows. Binding the macros of models and reports takes most of a build; each
    company gets them from here.
    """
    folder = Path(tempfile.mkdtemp(prefix="ccinsight-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    with duckdb.connect(str(folder / "empty.duckdb")) as connection:
        connection.execute(STORED)
        store_settings(connection, parse_settings("", None))
        build_models(connection)
    return folder / "empty.duckdb"


def company(settings: str = "", **exports: Iterable[Row]) -> Warehouse:
    """A warehouse in memory that holds these rows: ``company(agreements=[agreement()], user_counts=[…])``."""
    connection = duckdb.connect()
    connection.execute(f"attach '{empty_company()}' as empty (read_only)")
    connection.execute("copy from database empty to memory")
    connection.execute("detach empty")
    if settings:
        store_settings(connection, parse_settings(settings, None))
    fill(connection, exports)
    same = set(CONSTANT).union(
        *(models for export, models in EMPTY_WITHOUT.items() if not exports.get(export))
    )
    for model in all_models():
        # those that don't hold rows, and those that hold the same, came with the empty company
        if model.kind == "table" and model.name not in same:
            connection.execute(model.statement)
    calendar_events.update(connection)
    return Warehouse(Path(":memory:"), connection, (0, 0), None)


def fill(connection: duckdb.DuckDBPyConnection, exports: Mapping[str, Iterable[Row]]) -> None:
    """Stores rows, as if each export came in a file of its own."""
    for number, (export, rows) in enumerate(exports.items()):
        listed = list(rows)
        numbered = [{**row, "file_id": number, "line": line + 2} for line, row in enumerate(listed)]
        for columns, alike in groupby(numbered, key=tuple):
            marks = ", ".join("?" for _ in columns)
            statement = f"insert into stored.{export} ({', '.join(columns)}) values ({marks})"  # noqa: S608
            connection.executemany(statement, [list(row.values()) for row in alike])
        connection.execute(
            "insert into stored.files (file_id, import_id, export, name, sha256, size_bytes, format, encoding,"
            " rows_read, rows_good, rows_rejected, headers) values (?, 1, ?, ?, '', 0, 'csv', 'utf-8', ?, ?, 0, [])",
            [number, export, f"{export}.csv", len(listed), len(listed)],
        )
