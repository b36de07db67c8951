"""Adds people to access.toml and removes them, and leaves the rest of the file as a person wrote it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from tempfile import NamedTemporaryFile

import tomlkit
from tomlkit.items import AoT

from ccinsight.access.config import parse_access
from ccinsight.access.people import Person
from ccinsight.access.reader import Right
from ccinsight.errors import CcinsightError
from ccinsight.i18n import _


def add_person(path: Path, person: Person) -> None:
    """Writes an entry at the end of the file. Raises CcinsightError where the file would have a fault then."""
    document = tomlkit.parse(_text(path))
    people = document.setdefault("people", tomlkit.aot())
    if not isinstance(people, AoT):
        raise CcinsightError(_("{file}: write each person as a table [[people]] first.").format(file=path))
    entry = tomlkit.table()
    entry[person.kind] = person.value
    if person.name:
        entry["name"] = person.name
    if person.sees_all:
        entry["everything"] = True
    lists: list[tuple[str, Iterable[str]]] = [
        ("account_managers", person.account_managers),
        ("customers", person.customers),
        ("may", sorted(right.value for right in person.rights - {Right.INTERNAL_PAGES})),
    ]
    for key, values in lists:
        if values := list(values):
            entry[key] = values
    people.append(entry)
    _write(path, tomlkit.dumps(document))


def remove_person(path: Path, who: str) -> int:
    """Removes the entries whose id, address or role is ``who``; gives how many. Raises CcinsightError for none."""
    document = tomlkit.parse(_text(path))
    people = document.get("people")
    entries = list(people) if isinstance(people, AoT) else []
    places = [at for at, entry in enumerate(entries) if _is_about(entry, who)]
    if people is None or not places:
        raise CcinsightError(
            _("{who} is not in {file}. `ccinsight access list` shows who is.").format(who=who, file=path)
        )
    for at in reversed(places):
        del people[at]
    _write(path, tomlkit.dumps(document))
    return len(places)


def _is_about(entry: object, who: str) -> bool:
    values = entry if isinstance(entry, dict) else {}
    address = values.get("address")
    return who in (values.get("id"), values.get("role")) or (
        isinstance(address, str) and address.casefold() == who.casefold()
    )


def _text(path: Path) -> str:
    """The file's text, which must be one without a fault."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise CcinsightError(
            _("There is no {file}: docs/access.md shows what to write into it.").format(file=path)
        ) from error
    parse_access(text, path)
    return text


def _write(path: Path, text: str) -> None:
    """Replaces the file in one step, after parsing what it will be. Its mode stays owner-only."""
    parse_access(text, path)
    with NamedTemporaryFile(
        "w", dir=path.parent, prefix=f".{path.name}.", encoding="utf-8", delete=False
    ) as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    owner = path.stat()
    if os.name == "posix" and os.geteuid() == 0:
        os.chown(file.name, owner.st_uid, owner.st_gid)  # root edits the file of the service's user
    Path(file.name).replace(path)
