"""The text of a settings file, changed where it must be: a person's comments, order and spacing stay.

Lines that a starter proposes begin with ``#:``; they are ours and may be rewritten. Every change is read back
and compared, so that a file never comes to say anything else than it should.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from decimal import Decimal
from typing import Any

from ccinsight.errors import CcinsightError
from ccinsight.i18n import _
from ccinsight.validation import toml_fault

Path = tuple[str, ...]
# A name of a column, a value or a scope, or what a category is.
Value = str | Mapping[str, str | bool]
PROPOSED = "#:"
SETTINGS_NAME = "ccinsight.toml"


def quoted(text: str) -> str:
    """The text in TOML's quotes, on one line whatever it holds."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def line(key: str, value: Value) -> str:
    """One entry: ``"Sakstid" = "minutes_spent"``."""
    return f"{quoted(key)} = {_written(value)}"


def _written(value: str | bool | Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return quoted(value)
    inside = ", ".join(f"{name} = {_written(each)}" for name, each in value.items())
    return f"{{ {inside} }}" if inside else "{}"


def listed(texts: Iterable[str]) -> str:
    """A list of texts: ``["?", "N/A"]``."""
    return f"[{', '.join(map(quoted, texts))}]"


def comment(text: str) -> str:
    """A text as a proposed line's comment: on one line, without the signs that TOML allows in no comment."""
    return "".join(sign if sign.isprintable() else " " for sign in text)


def with_entries(text: str, entries: Mapping[Path, Value]) -> str:
    """The text with the entries set: path, as ``("headers", "tickets", "Sakstid")``, to value.

    Raises CcinsightError where the text is no TOML, or is written so that it can't be changed.
    """
    for path, value in entries.items():
        text = _with_entry(text, path, value)
    return text


def without_customer(text: str, customer_id: str) -> str:
    """The text without the names that ``[customers]`` gives a customer, and without its e-mail address for letters.

    Raises CcinsightError as with_entries.
    """
    said = _read(text)
    names = [("customers", name) for name, each in said.get("customers", {}).items() if each == customer_id]
    letters = [("letters", "recipients", key) for key in _recipients(said) if key == customer_id]
    return _without(text, [*names, *letters])


def without_address(text: str, address: str) -> str:
    """The text without a person's e-mail address as a recipient of letters. Raises CcinsightError as with_entries."""
    found = [
        key for key, each in _recipients(_read(text)).items() if str(each).casefold() == address.casefold()
    ]
    return _without(text, [("letters", "recipients", key) for key in found])


def _recipients(said: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = said.get("letters", {}).get("recipients", {})
    return found


def _without(text: str, paths: Sequence[tuple[str, ...]]) -> str:
    """The text without these entries; all else stays as it was written."""
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    if not paths:
        return text
    expected = _read(text)
    try:
        document: Any = tomlkit.parse(text)
        for *tables, name in paths:
            for each in (document, expected):
                inner = each
                for table in tables:
                    inner = inner[table]
                del inner[name]
        changed = tomlkit.dumps(document)
    except (TOMLKitError, TypeError, ValueError) as e:
        raise toml_fault(SETTINGS_NAME, e) from e
    if not _says(changed, expected):
        raise CcinsightError(
            _("The setting {key} can't be changed here: edit the file by hand.").format(
                key=".".join(paths[0][:-1])
            )
        )
    return changed


def with_proposals(text: str, proposals: Mapping[Path, Sequence[str]]) -> str:
    """The text with proposed lines in each section, in place of those that were there; it says what it said."""
    plain = without_proposals(text)
    result = plain
    for section, proposed in proposals.items():
        lines = [f"{PROPOSED} {each}".rstrip() for each in proposed]
        attempt = _added(result, section, lines)
        if not _is_same(
            attempt, plain
        ):  # written as an inline table, say: a heading of its own isn't allowed
            attempt = "\n".join([f"{PROPOSED} [{_name(section)}]", *lines, result])
        result = attempt
    return result


def _is_same(text: str, other: str) -> bool:
    """Whether two texts say the same, but for headings without an entry."""
    try:
        return _without_empty(_read(text)) == _without_empty(_read(other))
    except tomllib.TOMLDecodeError:
        return False


def without_proposals(text: str) -> str:
    """The text without the lines that a starter proposed."""
    lines = text.split("\n")
    kept = "\n".join(each for each in lines if not each.startswith(PROPOSED))
    if _is_same(kept, text):
        return kept
    for at in reversed(range(len(lines))):  # a text of several lines may hold what looks like one
        rest = [*lines[:at], *lines[at + 1 :]]
        if lines[at].startswith(PROPOSED) and _is_same("\n".join(rest), text):
            lines = rest
    return "\n".join(lines)


def _read(text: str) -> dict[str, Any]:
    return tomllib.loads(text, parse_float=Decimal)


def _with_entry(text: str, path: Path, value: Value) -> str:
    try:
        expected = _set(_read(text), path, value)
    except (tomllib.TOMLDecodeError, RecursionError) as e:
        raise toml_fault(SETTINGS_NAME, e) from e
    for attempt in (_by_lines, _by_parts):
        changed = attempt(text, path, value)
        if changed is not None and _says(changed, expected):
            return changed
    raise CcinsightError(
        _("The setting {key} can't be changed here: edit the file by hand.").format(key=_name(path))
    )


def _says(text: str, expected: dict[str, Any]) -> bool:
    try:
        return _read(text) == expected
    except (tomllib.TOMLDecodeError, RecursionError):
        return False


def _set(content: dict[str, Any], path: Path, value: Value) -> dict[str, Any]:
    """The content with the value at the path; what isn't a table on the way there gives way."""
    content = deepcopy(content)
    table = content
    for name in path[:-1]:
        if not isinstance(table.get(name), dict):
            table[name] = {}
        table = table[name]
    table[path[-1]] = value if isinstance(value, str) else dict(value)
    return content


def _without_empty(content: dict[str, Any]) -> dict[str, Any]:
    """The content without tables of names that name nothing; an empty category says that it is support."""
    inner = {
        name: {key: each for key, each in table.items() if each != {}}
        if name in ("headers", "values")
        else table
        for name, table in content.items()
    }
    return {name: table for name, table in inner.items() if table != {}}


# ---------------------------------------------------------------- by lines, as a person would


def _by_lines(text: str, path: Path, value: Value) -> str | None:
    """The entry's line replaced, or a line added to its section, or to a new one; None where that can't be."""
    *section, key = path
    lines = text.split("\n")
    span = _section(lines, tuple(section))
    if span is not None:
        for at in range(span[0] + 1, span[1]):
            if (rest := _rest_of(lines[at], key)) is not None:
                lines[at] = line(key, value) + rest
                return "\n".join(lines)
    return _added(text, tuple(section), [line(key, value)])


def _rest_of(written: str, key: str) -> str | None:
    """What stands after the entry of this key in its line: blanks, a comment. None where it is no such line."""
    ends = [at for at, sign in enumerate(written) if sign == "#"] + [len(written)]
    for end in ends:
        try:
            found = tomllib.loads(written[:end].removesuffix("\r"))
        except tomllib.TOMLDecodeError:
            continue
        if list(found) != [key]:
            return None
        entry = written[:end]
        return entry[len(entry.rstrip()) :] + written[end:]
    return None


def _added(text: str, section: Path, new: Sequence[str]) -> str:
    """The text with lines at the end of a section; a new section stands at the end of the text."""
    lines = text.split("\n")
    end = "\r" if lines[0].endswith("\r") else ""
    span = _section(lines, section)
    if span is None:
        head = text if not text or text.endswith("\n") else text + end + "\n"
        gap = [end] if head.strip() else []
        return head + "\n".join([*gap, *(each + end for each in (f"[{_name(section)}]", *new)), ""])
    last = max(at for at in range(*span) if _is_content(lines[at]) or at == span[0])
    if not lines[last].endswith(end):
        lines[last] += end
    lines[last + 1 : last + 1] = [each + end for each in new]
    if last + 1 + len(new) == len(lines):
        lines.append("")
    return "\n".join(lines)


def _is_content(written: str) -> bool:
    return bool(written.strip()) and not (
        written.lstrip().startswith("#") and not written.startswith(PROPOSED)
    )


def _section(lines: Sequence[str], section: Path) -> tuple[int, int] | None:
    """The lines from a section's heading to before the next heading; None where it has none."""
    headings = [(at, path) for at, each in enumerate(lines) if (path := _heading(each)) is not None]
    ends = [at for at, _path in headings[1:]] + [len(lines)]
    for (at, path), end in zip(headings, ends, strict=False):
        if path == section:
            return at, end
    return None


def _heading(written: str) -> Path | None:
    """The path that a line opens as a section; None where it is no heading."""
    if not written.lstrip().startswith("["):
        return None
    try:
        content: Any = tomllib.loads(written.removesuffix("\r"))
    except tomllib.TOMLDecodeError:
        return None
    path: list[str] = []
    while isinstance(content, dict) and content:
        ((name, content),) = content.items()
        path.append(name)
    return tuple(path) if isinstance(content, dict) else ()


def _name(path: Path) -> str:
    return ".".join(name if name.isascii() and name.isidentifier() else quoted(name) for name in path)


# ---------------------------------------------------------------- by parts, for inline tables and dotted keys


def _by_parts(text: str, path: Path, value: Value) -> str | None:
    import tomlkit
    from tomlkit.exceptions import TOMLKitError
    from tomlkit.items import InlineTable

    try:
        document = tomlkit.parse(text)
        table: Any = document
        for name in path[:-1]:
            if name not in table:
                inside = isinstance(table, InlineTable)
                table[name] = tomlkit.inline_table() if inside else tomlkit.table()
            table = table[name]
        if isinstance(value, str):
            table[path[-1]] = value
        else:
            inline = tomlkit.inline_table()
            inline.update(value)
            table[path[-1]] = inline
        return tomlkit.dumps(document)
    except (TOMLKitError, TypeError, ValueError, AttributeError):
        return None
