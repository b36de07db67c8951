"""The settings in the database, which explains itself with them."""

from __future__ import annotations

import duckdb

from ccinsight.settings.model import Settings
from ccinsight.settings.parsing import default_settings, parse_settings


def store_settings(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Puts the settings into the tables of the schema ``stored``, in place of those that are there."""
    rows: dict[str, list[tuple[object, ...]]] = {
        "settings": [(settings.toml, settings.file_name)],
        "default_terms": [(settings.default_terms.notice_months, settings.default_terms.price_notice_days)],
        "products": [
            (
                product,
                terms.notice_months,
                terms.price_notice_days,
                terms.member_hourly_rate,
                terms.standard_hourly_rate,
                terms.standard_course_price,
            )
            for product, terms in settings.products.items()
        ],
        "reply_terms": [(settings.imports.minimum_reply_seconds,)],
        "user_bands": list(settings.bands()),
        "categories": [(name, is_.scope, is_.access_down) for name, is_ in settings.categories.items()],
        "severities": list(settings.severities.items()),
        "customer_names": list(settings.customers.items()),
        "full_lists": [(export,) for export in settings.imports.full],
    }
    for table, values in rows.items():
        connection.execute(f"delete from stored.{table}")  # noqa: S608 (our own table names)
        if values:
            marks = ", ".join("?" for _column in values[0])
            connection.executemany(f"insert into stored.{table} values ({marks})", values)  # noqa: S608


def stored_settings(connection: duckdb.DuckDBPyConnection) -> Settings:
    """The settings that a database was imported with, or the defaults where none are stored."""
    rows = connection.execute("select toml, file_name from stored.settings").fetchall()
    return parse_settings(*rows[0]) if rows else default_settings()
