"""Writes docs/reports.md from the registry: ``python docs/reports.py``. A test holds the two together."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ccinsight.i18n import set_language
from ccinsight.registry import REPORTS, Column, Report

FILE = Path(__file__).with_name("reports.md")
_OPTIONS = {
    "days": "`--days N`",
    "months": "`--months N`",
    "since": "`--since DATE`",
    "check": "`--check NAME`",
}
_HEAD = """\
# The reports

Every table behind a page, by name. `ccinsight report NAME` prints it, with the options of the
[command line](commands.md); in the database it is a table macro of the same name:
`duckdb ccinsight.duckdb "from renewals(date '2026-03-01')"`.

A rule (R…) is one of the agreement's rules, a clause (A…) one of its clauses. Unknown is empty, never 0.
Amounts are NOK without VAT. This file is written by `python docs/reports.py`.
"""


def text() -> str:
    """The whole file."""
    set_language("en")
    names = [f"- [{report.name}](#{report.name}): {report.description}" for report in REPORTS.values()]
    return (
        "\n".join([_HEAD, *names, *(line for report in REPORTS.values() for line in _lines(report))]) + "\n"
    )


def _lines(report: Report) -> Iterator[str]:
    yield from ("", f"## {report.name}", "", report.description)
    if report.options:
        yield from ("", "Options: " + ", ".join(_option(report, option) for option in report.options) + ".")
    yield from ("", "| column | what it is | unit | rule | clause |", "| --- | --- | --- | --- | --- |")
    yield from (_row(column) for column in report.columns)


def _option(report: Report, option: str) -> str:
    default = report.defaults.get(option)
    name = _OPTIONS.get(option, f"`{option}` (in SQL)")
    return name if default is None else f"{name} (default {default})"


def _row(column: Column) -> str:
    what = " ".join(filter(None, (column.description, column.flaw, _codes(column))))
    cells = (column.name, what.replace("|", "\\|"), column.unit, column.rule, column.clause)
    return "| " + " | ".join(cells) + " |"


def _codes(column: Column) -> str:
    return "One of " + ", ".join(f"`{name}`" for name in column.codes) + "." if column.codes else ""


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
