"""What calendar files say of each event, kept in the database: ``stored.calendar_events``.

A calendar that reads one file after the other keeps, of each UID, the event with the highest SEQUENCE. So the numbers
go up with each change, also where an undo or a restore brings an older database back.
"""

# ruff: noqa: S608 (our own names)

from __future__ import annotations

from pathlib import Path

import duckdb

# What names an event, beside the UID that is made of it.
_KEY = ("agreement_id", "kind", "period_number")


def update(connection: duckdb.DuckDBPyConnection) -> None:
    """Brings the events in line with the data, as of the newest import. The models and reports must be there."""
    [(known_at,)] = connection.execute("from model.calendar_moment").fetchall()
    if known_at is None:  # nothing was imported yet
        return
    connection.execute(
        "create or replace temp table calendar_changes as from model.calendar_changes($day, $known_at)",
        {"day": known_at.date(), "known_at": known_at},
    ).fetchall()
    _put_in_place(connection)


def advance(connection: duckdb.DuckDBPyConnection) -> None:
    """Takes over what files said since the newest import of the database that is being replaced, ``previous``.

    A notice of termination or of a price counts from its own day on, without an import. What a file of such a day
    said is worked out from the old data, as of the day of the new import, before the new data are looked at.
    """
    [(day,)] = connection.execute("select cast(max(imported_at) as date) from stored.imports").fetchall()
    [(building,)] = connection.execute("select replace(current_database(), '\"', '\"\"')").fetchall()
    connection.execute("use previous")  # names in models are those of the database in use
    try:
        is_older = "select 1 from model.calendar_moment where cast(known_at as date) < $day"
        if not connection.execute(is_older, {"day": day}).fetchall():
            return
        connection.execute(
            "create or replace temp table calendar_changes as "
            "from model.calendar_changes($day, cast($day as timestamp))",
            {"day": day},
        ).fetchall()
    except duckdb.CatalogException:  # one of an older ccinsight
        return
    finally:
        connection.execute(f'use "{building}"')
    # nothing of a customer who is being forgotten
    connection.execute(
        """
        delete from calendar_changes as c
        where
            c.customer_id not in (select e.customer_id from stored.calendar_events as e)
            and c.customer_id not in (select a.customer_id from stored.agreements as a)
        """
    ).fetchall()
    _put_in_place(connection)


def take_over(connection: duckdb.DuckDBPyConnection, database: str) -> None:
    """Takes over what another database, attached under that name, has said later of an event."""
    tables = "select 1 from duckdb_tables() where database_name = $name and table_name = 'calendar_events'"
    if not connection.execute(tables, {"name": database}).fetchall():  # one of an older ccinsight
        return
    is_same = " and ".join(f"e.{name} = l.{name}" for name in _KEY)
    connection.execute(
        f"""
        create or replace temp table calendar_changes as
        select l.*
        from {database}.stored.calendar_events as l
        anti join stored.calendar_events as e on {is_same} and e.sequence_number >= l.sequence_number
        """
    ).fetchall()
    _put_in_place(connection)


def quoted(path: Path) -> str:
    """The path for a statement that attaches it: those take no parameters."""
    return str(path).replace("'", "''")


def _put_in_place(connection: duckdb.DuckDBPyConnection) -> None:
    is_same = " and ".join(f"e.{name} = c.{name}" for name in _KEY)
    connection.execute(
        f"delete from stored.calendar_events as e using calendar_changes as c where {is_same}"
    ).fetchall()
    connection.execute("insert into stored.calendar_events by name from calendar_changes").fetchall()
    connection.execute("drop table calendar_changes")
