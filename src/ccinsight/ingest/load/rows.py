"""SQL that checks and stores the staged rows of a file, put together from the rules of its columns."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping

from ccinsight.ingest.catalogue import CUSTOMER_COLUMNS
from ccinsight.ingest.load import ticket_times
from ccinsight.ingest.load.column_rules import ColumnRule
from ccinsight.ingest.load.file_columns import FileColumns
from ccinsight.ingest.statements import statement


def store_good(file: FileColumns, *, is_checked: bool = False) -> str:
    """Stores the rows in which nothing is bad. Bind: $file_id. ``is_checked``: those of `rechecked`."""
    export = file.export
    stored = {name: ColumnRule(file, name).stored() for name in export.columns}
    if export.name == "tickets":
        stored["second_passes"] = ticket_times.second_passes(file)
    if export.name == "invoices":
        stored["given_line_id"] = "j.invoice_line_id"
    return statement(
        "rows.store_good",
        export=export.name,
        columns=", ".join(stored),
        steps="" if is_checked else _steps(file),
        checked="rechecked" if is_checked else "checked",
        values=", ".join(stored.values()),
    )


def find_unstored(file: FileColumns) -> str:
    """Creates a table `unstored`: the staged rows that were not stored as good rows. Bind: $file_id."""
    return statement("rows.find_unstored", export=file.export.name)


def check_unstored(file: FileColumns) -> str:
    """Creates a table `rechecked`: the rows of `unstored`, and which column of each is the first bad one."""
    return statement("rows.check_unstored", steps=_steps(file))


def store_bad(file: FileColumns, bad_columns: Collection[int]) -> str:
    """Stores the rows of `rechecked` in which something is bad, whole. Bind: $file_id, $export.

    ``bad_columns``: the numbers that occur, since the reasons of a column take DuckDB 10 ms and more to plan.
    """
    rules = {at: rule for at, rule in enumerate(_rules_that_reject(file)) if at in bad_columns}
    return statement(
        "rows.store_bad",
        row_key=_row_key(file),
        columns=_by_bad_column(rules, lambda rule: f"'{rule.name}'"),
        values=_by_bad_column(rules, lambda rule: f"j.text_{rule.name}"),
        reasons=_by_bad_column(rules, ColumnRule.reason),
        cells=", ".join(f"coalesce(j.c{at}, '')" for at in range(file.width)),
        blanks=", ".join(f"clean_text(j.c{at})" for at in range(file.width)),
    )


def _steps(file: FileColumns) -> str:
    """The steps up to `checked`, which has one row per staged row."""
    rules = [ColumnRule(file, name) for name in file.export.columns]
    tests = " ".join(f"when {rule.is_bad()} then {at}" for at, rule in enumerate(_rules_that_reject(file)))
    return statement(
        "rows.checked",
        rows=file.rows,
        texts=_lines(rule.text() for rule in rules),
        values=_lines(rule.value() for rule in rules),
        times_of_opening=ticket_times.times_of_opening(file),
        passes=ticket_times.passes(file),
        first_bad=f"case {tests} end",
        last_step="ordered" if file.has("opened_at") else "timed",
    )


def _lines(items: Iterable[str]) -> str:
    return ",\n        ".join(items)


def _rules_that_reject(file: FileColumns) -> list[ColumnRule]:
    """The rules of the columns that can be bad, in the file's own order: the first bad one is named."""
    names = sorted(file.positions, key=lambda name: file.positions[name])
    return [rule for rule in (ColumnRule(file, name) for name in names) if rule.is_bad()]


def _by_bad_column(rules: Mapping[int, ColumnRule], result: Callable[[ColumnRule], str]) -> str:
    parts = " ".join(f"when {at} then {result(rule)}" for at, rule in rules.items())
    return f"case j.bad_column {parts} end"


def _row_key(file: FileColumns) -> str:
    """The whole key of a row as one text; null where a required part of it is missing."""
    required = [column for column in file.export.key if column in file.export.required]
    known = " and ".join(f"{_key_part(file, column)} is not null" for column in required)
    key = " || '|' || ".join(
        f"coalesce(cast({_key_part(file, column)} as varchar), '')" for column in file.export.key
    )
    return f"case when {known} then {key} end"


def _key_part(file: FileColumns, column: str) -> str:
    stored = ColumnRule(file, column).stored()
    if column == "invoice_line_id":
        return f"case when coalesce(j.{column}, j.invoice_number) is not null then {stored} end"
    if file.export.name == "user_counts" and column == "customer_id":
        return f"coalesce({', '.join(f'j.{name}' for name in CUSTOMER_COLUMNS)})"
    return stored
