"""The one validator of TOML that a user or a developer writes: settings, rule files and the registry.

A ``Table`` is taken apart key by key; each value is checked as an ``Entry``, whose error names the file, the table and
the key, and says what to write instead. What no one took is refused, so that a mistyped key is found.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from ccinsight.errors import CcinsightError, detailed
from ccinsight.i18n import _, os_reason

# The most that a price of one user, hour or seat may be in kr, and a number of users; exports have the same limits.
MOST_RATE = Decimal("9999999.9999")
MOST_USERS = 999_999
_UNLIMITED = Decimal(10) ** 14
# How the parser of TOML says where a fault is.
_PLACE, _AT_END = re.compile(r"\(at line (\d+), column (\d+)\)"), "at end of document"
_SIZE = re.compile(r"[1-9][0-9]{0,6} ?(MB|MiB|GB|GiB)")


def read_tables(path: Path) -> Table:
    """The content of a TOML file. Raises CcinsightError where it can't be read."""
    return Table(str(path), "", parse_toml(read_text(path), path))


def read_text(path: Path) -> str:
    """The text of a file that a person writes. Raises CcinsightError where it can't be read or isn't UTF-8."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as e:
        raise CcinsightError(_("{file} can't be read: {error}.").format(file=path, error=os_reason(e))) from e
    except UnicodeDecodeError as e:
        raise CcinsightError(_("{file} isn't UTF-8: save it as UTF-8.").format(file=path)) from e


def parse_toml(text: str, file: str | Path, parse_float: Callable[[str], Any] = float) -> dict[str, Any]:
    """The content of a text of TOML. Raises CcinsightError, with the file's name and the line, where it is none."""
    try:
        return tomllib.loads(text, parse_float=parse_float)
    except (
        ValueError,
        RecursionError,
    ) as e:  # TOMLDecodeError, and what a day or a number out of range raises
        raise toml_fault(file, e) from e


def toml_fault(file: str | Path, error: Exception) -> CcinsightError:
    """The error for a text that isn't TOML: our sentence says where, the parser's own stands last."""
    if place := _PLACE.search(str(error)):
        text = _("{file}, line {line}, position {position}: this isn't valid TOML. Correct the line.")
        sentence = text.format(file=file, line=place[1], position=place[2])
    elif _AT_END in str(error):
        sentence = _("{file} isn't valid TOML: something is missing at its end. Add it.").format(file=file)
    else:
        sentence = _("{file} isn't valid TOML. Correct it.").format(file=file)
    return CcinsightError(detailed(sentence, error))


def listed(names: Collection[str]) -> str:
    """Names in a sentence."""
    return ", ".join(names)


def shown(value: object) -> str:
    """A value as a file has it."""
    return f'"{value}"' if isinstance(value, str) else str(value)


@dataclass(frozen=True)
class Entry:
    """One value, with the file and the key that a message names. The methods raise CcinsightError."""

    file: str
    key: str
    value: Any

    def error(self, what: str) -> CcinsightError:
        """The error that says what is wrong with this value, or what to write instead."""
        return CcinsightError(_("{file}: {key}: {what}.").format(file=self.file, key=self.key, what=what))

    def as_table(self) -> Table:
        """The value as a table."""
        if not isinstance(self.value, dict):
            raise self.error(_("give a table, as [{key}] or {{ name = value }}").format(key=self.key))
        return Table(self.file, self.key, self.value)

    def text(self) -> str:
        """The value as a text that isn't blank."""
        if not isinstance(self.value, str) or not self.value.strip():
            raise self.error(_('give a text in quotes, as "1042"'))
        return self.value

    def among(self, names: Collection[str]) -> str:
        """The value as one of the names."""
        if not isinstance(self.value, str) or self.value not in names:
            raise self.error(
                _("{value} isn't one of {names}").format(value=shown(self.value), names=listed(names))
            )
        return self.value

    def whole(self, least: int, most: int) -> int:
        """The value as a whole number within limits."""
        if type(self.value) is not int or not least <= self.value <= most:
            raise self.error(_("give a whole number from {least} to {most}").format(least=least, most=most))
        return self.value

    def number(self) -> float:
        """The value as a finite number."""
        if type(self.value) not in (int, float) or not abs(self.value) < float(_UNLIMITED):
            raise self.error(_("give a number"))
        return float(self.value)

    def rate(self) -> Decimal:
        """The value as the price of one hour or seat; floats must be parsed as Decimal."""
        if (
            type(self.value) not in (int, Decimal)
            or not Decimal(self.value).is_finite()
            or not 0 <= self.value <= MOST_RATE
        ):
            raise self.error(_("give an amount in NOK below 10 000 000, as 1250.00"))
        return Decimal(self.value)

    def flag(self) -> bool:
        """The value as true or false."""
        if not isinstance(self.value, bool):
            raise self.error(_("give true or false"))
        return self.value

    def size(self) -> str:
        """The value as a size of memory."""
        if not isinstance(self.value, str) or not _SIZE.fullmatch(self.value):
            raise self.error(_('give a size in quotes, as "2GiB" or "800MiB"'))
        return self.value

    def texts(self) -> tuple[str, ...]:
        """The value as a list of texts, each once."""
        if not isinstance(self.value, list) or not all(isinstance(t, str) and t.strip() for t in self.value):
            raise self.error(_('give a list of texts, as ["?", "N/A"]'))
        return tuple(dict.fromkeys(text.strip() for text in self.value))


class Table:
    """A table of a file; remembers what was taken. ``key``: its place, "" for the file itself."""

    def __init__(self, file: str, key: str, content: Mapping[str, Any]) -> None:
        self.file, self.key, self._left = file, key, dict(content)

    def take(self, name: str) -> Entry | None:
        """The value of that name; None where it isn't given."""
        return self.needed(name) if name in self._left else None

    def needed(self, name: str) -> Entry:
        """The value of that name; where it isn't given, one that no check accepts."""
        return self._entry(name, self._left.pop(name, None))

    def entries(self) -> Iterator[tuple[str, Entry]]:
        """All that is left, by name."""
        while self._left:
            name = next(iter(self._left))
            yield name, self.needed(name)

    def table(self, name: str) -> Table:
        """The table of that name; an empty one where it isn't given."""
        entry = self.take(name)
        return entry.as_table() if entry else Table(self.file, self._entry(name, None).key, {})

    def with_defaults(self, defaults: Mapping[str, Any]) -> Table:
        """The table with values for what isn't given."""
        return Table(self.file, self.key, {**defaults, **self._left})

    def refuse_the_rest(self) -> None:
        """Raises CcinsightError for the first key that nothing took."""
        for name, entry in self.entries():
            raise entry.error(_("unknown setting: {name}").format(name=name))

    def _entry(self, name: str, value: Any) -> Entry:
        return Entry(self.file, f"{self.key}.{name}" if self.key else name, value)
