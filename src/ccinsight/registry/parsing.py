"""The registry's four files, parsed and checked together."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ccinsight.errors import CcinsightError
from ccinsight.registry.columns import FORMATS, Code, Column
from ccinsight.registry.reports import COVERAGE, OPTIONS, Registry, Report
from ccinsight.validation import Table

REPORTS_FILE, COLUMNS_FILE = "reports.toml", "columns.toml"
MEASURES_FILE, CODES_FILE = "measures.toml", "codes.toml"
FILES = (REPORTS_FILE, COLUMNS_FILE, MEASURES_FILE, CODES_FILE)
_FOLDER = Path(__file__).parent

Codes = Mapping[str, Mapping[str, Code]]


def read() -> Registry:
    """The registry of this ccinsight."""
    return parse({file: (_FOLDER / file).read_text(encoding="utf-8") for file in FILES})


def parse(sources: Mapping[str, str]) -> Registry:
    """The registry in four texts of TOML, by the names of their files.

    Raises CcinsightError naming the file, the table and what is wrong.
    """
    given = {file: tomllib.loads(sources[file]) for file in FILES}
    codes = {name: _codes(values) for name, values in given[CODES_FILE].items()}
    columns, measures = (
        {name: _column(file, name, values, codes) for name, values in given[file].items()}
        for file in (COLUMNS_FILE, MEASURES_FILE)
    )
    reports = {name: _report(name, values, columns) for name, values in given[REPORTS_FILE].items()}
    used = {_definition(entry) for values in given[REPORTS_FILE].values() for entry in values["columns"]}
    for name in _missing(columns, used):
        raise _wrong(COLUMNS_FILE, name, "is used by no report")
    for name in _missing(codes, {values.get("codes") for values in given[COLUMNS_FILE].values()}):
        raise _wrong(CODES_FILE, name, "is used by no column")
    return Registry(MappingProxyType(reports), MappingProxyType(measures), MappingProxyType(codes))


def _codes(values: Mapping[str, Any]) -> Mapping[str, Code]:
    codes = {}
    for name, value in values.items():
        entry = {"label": value} if isinstance(value, str) else value
        codes[name] = Code(name=name, **entry)
    return MappingProxyType(codes)


def _column(file: str, name: str, values: Mapping[str, Any], codes: Codes) -> Column:
    table = Table(f"{file}: {name}", "", values)
    form, of_codes = table.needed("format"), table.take("codes")
    if (form.among(FORMATS) == "code") != (of_codes is not None):
        raise _wrong(file, name, "must have codes if its format is code, and only then")
    column = Column(
        name=name,
        label=table.needed("label").text(),
        format=form.value,
        description=table.needed("description").text(),
        codes=codes[of_codes.among(codes)] if of_codes else {},
        **{key: entry.text() for key in ("unit", "rule", "clause", "flaw") if (entry := table.take(key))},
    )
    table.refuse_the_rest()
    return column


def _report(name: str, values: Mapping[str, Any], columns: Mapping[str, Column]) -> Report:
    members = _members(name, values["columns"], columns)
    names = [column.name for column in members]
    for each in _missing(values.get("key", ()), names):
        raise _wrong(REPORTS_FILE, name, f"has no column {each} for its key")
    if not values.get("key"):
        raise _wrong(REPORTS_FILE, name, "must name the columns that identify a row, as its key")
    options = values.get("options", {})
    for each in _missing(options, OPTIONS):
        raise _wrong(REPORTS_FILE, name, f"has the unknown option {each}")
    covers = Table(f"{REPORTS_FILE}: {name}", "", values).needed("covers").among(COVERAGE)
    if covers == "per_customer" and "customer_id" not in names:
        raise _wrong(REPORTS_FILE, name, "is per_customer but has no column customer_id")
    return Report(
        name=name,
        title=values["title"],
        description=values["description"],
        options=tuple(options),
        columns=members,
        key=tuple(values["key"]),
        defaults=MappingProxyType({option: default for option, default in options.items() if default != ""}),
        covers=covers,
        plain=values.get("plain"),
    )


def _members(report: str, entries: list[str], columns: Mapping[str, Column]) -> tuple[Column, ...]:
    """The columns of a report; ``kind:deadline_kind`` is the column ``kind``, defined as ``deadline_kind``."""
    members: dict[str, Column] = {}
    for entry in entries:
        name = entry.partition(":")[0]
        if _definition(entry) not in columns:
            raise _wrong(REPORTS_FILE, report, f"names the unknown column {entry}")
        if name in members:
            raise _wrong(REPORTS_FILE, report, f"has the column {name} twice")
        members[name] = replace(columns[_definition(entry)], name=name)
    return tuple(members.values())


def _definition(entry: str) -> str:
    return entry.rpartition(":")[2]


def _missing(names: Iterable[str], known: Iterable[str | None]) -> list[str]:
    """The names that are not known, sorted."""
    return sorted(set(names) - set(known))


def _wrong(file: str, table: str, what: str) -> CcinsightError:
    return CcinsightError(f"{file}: {table} {what}")
