"""What the files of rules have in common: ``[[rule]]`` after ``[[rule]]``, each with a name of its own."""

from __future__ import annotations

import string
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from ccinsight.errors import CcinsightError
from ccinsight.i18n import _
from ccinsight.registry import Column
from ccinsight.validation import Entry, Table

_EXAMPLES: dict[str, Any] = {
    "text": "",
    "code": "",
    "boolean": True,
    "date": date.min,
    "month": date.min,
    "moment": datetime(1, 1, 1),
}


def tables_of(rules: Entry) -> list[Table]:
    """The tables of ``[[rule]]``; messages name each by its name, or by its number where it has none."""
    found = []
    for number, value in enumerate(rules.value, 1):
        name = value.get("name") if isinstance(value, dict) else None
        place = _("rule {rule}").format(rule=name if isinstance(name, str) else f"#{number}")
        if not isinstance(value, dict):
            raise Entry(f"{rules.file}: {place}", "[[rule]]", value).error(
                _("write it as [[rule]] with its settings below")
            )
        found.append(Table(f"{rules.file}: {place}", "", value))
    return found


def name_of(table: Table) -> str:
    """A rule's name, which a file has once."""
    entry = table.needed("name")
    if not isinstance(entry.value, str) or not entry.value.isidentifier():
        raise entry.error(_("give it a name of letters, digits and _"))
    return entry.value


def named_twice(table: Table, name: str) -> CcinsightError:
    """The error for a second rule of one name."""
    return Entry(table.file, "name", name).error(_("the name is there twice; give each rule its own"))


def examples_of(columns: Mapping[str, Column]) -> dict[str, Any]:
    """A value of each column's kind, by name: what a condition over the columns is tried on."""
    return {name: _EXAMPLES.get(column.format, 1) for name, column in columns.items()}


def placeholders(text: str) -> list[str]:
    """The names in braces; ValueError for braces that don't hold a plain name."""
    try:
        fields = [
            (name, spec, how)
            for _plain, name, spec, how in string.Formatter().parse(text)
            if name is not None
        ]
    except ValueError as e:
        raise ValueError(_("the braces in “{text}” don't match").format(text=text)) from e
    for name, spec, how in fields:
        if not name.isidentifier() or spec or how:
            raise ValueError(_("{{{name}}} in the text isn't a plain name").format(name=name))
    return [name for name, _spec, _how in fields]
