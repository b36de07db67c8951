"""What the files of rules have in common: ``[[rule]]`` after ``[[rule]]``, each with a name of its own."""

from __future__ import annotations

from ccinsight.errors import CcinsightError
from ccinsight.i18n import _
from ccinsight.validation import Entry, Table


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
