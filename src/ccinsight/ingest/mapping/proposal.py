"""Proposes a settings file: the current settings, and a line for each unknown name of a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from ccinsight.i18n import _, ngettext, number
from ccinsight.ingest.catalogue import unknown_value
from ccinsight.ingest.mapping.examine import Examined
from ccinsight.settings.editing import (
    PROPOSED,
    Path,
    Value,
    comment,
    line,
    listed,
    with_proposals,
    without_proposals,
)
from ccinsight.settings.model import SCOPES, Category, Settings
from ccinsight.settings.names import choices

_GAP = "   # "


def starter(file: str, tables: Sequence[Examined], settings: Settings) -> str:
    """The text of the settings with proposed lines, which change nothing until their ``#:`` is taken away."""
    proposals = {section: lines for section, lines in _sections(tables, settings) if lines}
    head = _head(file, bool(proposals))
    text = with_proposals(without_proposals(settings.toml), proposals)
    gap = "" if not text.strip() or text.startswith("\n") else "\n"
    return "".join(f"{PROPOSED} {comment(each)}\n" for each in head) + gap + text


def lines(tables: Iterable[Examined]) -> list[str]:
    """What each table is, and what it must have and lacks, for a terminal."""
    return [_kind(table) for table in tables]


def _head(file: str, has_proposals: bool) -> list[str]:
    if not has_proposals:
        return [
            _("{file}: every header and value is known, and every category is in the settings.").format(
                file=file
            )
        ]
    return [
        _("Made by `ccinsight mapping` from {file}.").format(file=file),
        _("Lines that begin with {sign} have no effect. Fill in a line and remove {sign}; then run:").format(
            sign=PROPOSED
        ),
        f"ccinsight import {file} --config …",
    ]


def _sections(tables: Sequence[Examined], settings: Settings) -> Iterator[tuple[Path, list[str]]]:
    for export in dict.fromkeys(table.export.name for table in tables):
        mine = [table for table in tables if table.export.name == export]
        yield ("headers", export), _headers(mine)
    columns = dict.fromkeys(column for table in tables for column in table.values)
    for column in columns:
        yield ("values", column), _values(column, tables)
    yield ("categories",), _categories(_summed(table.categories for table in tables), settings.categories)
    yield ("import",), _empty_texts(_summed(table.placeholders for table in tables), settings.imports.empty)
    if not settings.severities:
        yield ("severities",), _severities(_summed(table.severities for table in tables))


def _headers(tables: Sequence[Examined]) -> list[str]:
    found = [comment(_kind(table)) for table in tables]
    headers: dict[str, tuple[str, ...]] = {}
    for table in tables:
        if table.headers and table.free:
            found.append(_("Columns without a header: {names}.").format(names=", ".join(table.free)))
        headers = dict(table.headers) | headers
    found += [_line(header, "", " · ".join(examples) or _("empty")) for header, examples in headers.items()]
    return found if headers or any(table.missing for table in tables) else []


def _kind(table: Examined) -> str:
    """What a table is, and what it lacks."""
    if not table.missing:
        return _("{file} is an export of {export}.").format(file=table.name, export=table.export.name)
    looked_for = "; ".join(
        f"{column} ({', '.join(table.export.headers_for(column))})" for column in table.missing
    )
    return _("{file} looks most like {export}, but required columns are missing: {columns}.").format(
        file=table.name, export=table.export.name, columns=looked_for
    )


def _values(column: str, tables: Sequence[Examined]) -> list[str]:
    counts = _summed(table.values.get(column, {}) for table in tables)
    names = ", ".join(
        dict.fromkeys(name for t in tables if column in t.values for name in choices(column, t.export.name))
    )
    becomes = {
        "other": _("Values that aren't listed here become other. One of: {names}."),
        "null": _("Values that aren't listed here are unknown. One of: {names}."),
        "by_closed_at": _(
            "Values that aren't listed here become open or closed, depending on the closing "
            "date. One of: {names}."
        ),
        "reject": _("Rows with values that aren't listed here are rejected. One of: {names}."),
    }
    return [
        becomes[unknown_value(column)].format(names=names),
        *(_line(value, "", _rows(rows)) for value, rows in counts.items()),
    ]


def _categories(counts: Mapping[str, int], known: Mapping[str, Category]) -> list[str]:
    new = {category: rows for category, rows in counts.items() if category not in known}
    if not new:
        return []
    said = [f"“{category}” ({number(rows)})" for category, rows in counts.items() if category in known]
    notes = [
        _("Categories that aren't listed here count as support. scope is one of: {names}.").format(
            names=", ".join(SCOPES)
        ),
        *([_("In the settings already: {names}.").format(names=", ".join(said))] if said else []),
    ]
    blank: Value = {"scope": "support", "access_down": False}
    return [*map(comment, notes), *(_line(category, blank, _rows(rows)) for category, rows in new.items())]


def _empty_texts(counts: Mapping[str, int], known: Sequence[str]) -> list[str]:
    """A line for texts that may mean empty; a comment alone where the settings name some already."""
    if not counts:
        return []
    note = " · ".join(f"“{text}”: {number(values)}" for text, values in counts.items())
    return [
        _("Texts that mean empty, with their number in the file. Remove those that are real values."),
        comment(note) if known else f"empty = {listed(counts)}{_GAP}{comment(note)}",
    ]


def _severities(counts: Mapping[str, int]) -> list[str]:
    if not counts:
        return []
    return [
        _("Set to true for severities that mean access is down."),
        *(_line(severity, {"access_down": False}, _rows(rows)) for severity, rows in counts.items()),
    ]


def _line(key: str, value: Value, note: str) -> str:
    return line(key, value) + _GAP + comment(note)


def _rows(rows: int) -> str:
    return ngettext("{count} row", "{count} rows", rows).format(count=number(rows))


def _summed(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    total: dict[str, int] = {}
    for each in counts:
        for text, rows in each.items():
            total[text] = total.get(text, 0) + rows
    return dict(sorted(total.items(), key=lambda pair: (-pair[1], pair[0])))
