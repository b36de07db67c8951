"""The exports: their columns, types, and the headers that match each column (exports.md)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import PurePath

from ccinsight.settings.model import Settings
from ccinsight.settings.names import choices, column_catalogue

# Any of these tells whose row it is; a row needs one of them.
CUSTOMER_COLUMNS = ("customer_id", "org_number", "customer_name")
NUMERIC_TYPES = frozenset({"money", "rate", "number", "minutes", "count"})
_IGNORED = re.compile(r"[\s._-]+")
_LETTERS = str.maketrans({"ø": "o", "æ": "ae", "ß": "ss", "đ": "d", "ł": "l"})
# Where a file has both, the internal status counts, whichever stands first.
_INTERNAL_STATUS = frozenset({"internalstatus", "internstatus"})


def fold(name: str) -> str:
    """A name as it is matched: no case, accents, spaces, dots, hyphens, underscores; å, ø, æ as a, o, ae."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return _IGNORED.sub("", plain.translate(_LETTERS))


@dataclass(frozen=True)
class Export:
    """One of the six exports. ``columns``: name → type, in canonical order."""

    name: str
    key: tuple[str, ...]
    required: tuple[str, ...]
    columns: Mapping[str, str]
    defaults: Mapping[str, str] = field(default_factory=dict)
    customer_by_name: bool = False
    alternatives: Mapping[str, str] = field(default_factory=dict)  # required column → the one in its place

    def missing(self, found: Mapping[str, int] | set[str]) -> list[str]:
        """The required columns that are not among those found; a customer may be identified by number or name."""
        missing = [
            column
            for column in self.required
            if column not in found and self.alternatives.get(column) not in found
        ]
        if self.customer_by_name and any(column in found for column in CUSTOMER_COLUMNS):
            missing = [column for column in missing if column != "customer_id"]
        return missing

    def header_names(self, column: str) -> list[str]:
        """The headers that are looked for: the column's own name first."""
        return [column, *column_catalogue()["headers"].get(column, [])]

    def headers_for(self, column: str) -> list[str]:
        """The headers that would do for a required column: a customer may be identified by number or name."""
        by_name = self.customer_by_name and column == "customer_id"
        columns = CUSTOMER_COLUMNS if by_name else (column, self.alternatives.get(column, ""))
        return [name for each in columns if each for name in self.header_names(each)]


@cache
def exports() -> dict[str, Export]:
    """All exports by name."""
    return {
        name: Export(
            name=name,
            key=tuple(entry["key"]),
            required=tuple(entry["required"]),
            columns=entry["columns"],
            defaults=entry.get("defaults", {}),
            customer_by_name=entry.get("customer_by_name", False),
            alternatives=entry.get("alternatives", {}),
        )
        for name, entry in column_catalogue()["exports"].items()
    }


@cache
def _known_headers(export: str) -> dict[str, str]:
    of_export = exports()[export]
    return {fold(name): column for column in of_export.columns for name in of_export.header_names(column)}


@dataclass(frozen=True)
class Match:
    """Which header is which column: ``columns`` is column → position; other columns are ignored."""

    export: Export
    columns: Mapping[str, int]
    unmatched: tuple[str, ...]
    twice: tuple[tuple[str, str, str], ...]  # column, the header that counts, the ignored one


def match_headers(export: Export, headers: Sequence[str], settings: Settings) -> Match:
    """Matches headers to the columns of an export; a header of the user's own goes before built-in names."""
    exact = settings.headers.get(export.name, {})
    own = {
        fold(name): column for name, column in exact.items() if fold(name)
    }  # a lone dot is no blank header
    known = _known_headers(export.name)
    columns: dict[str, int] = {}
    unmatched: list[str] = []
    twice: list[tuple[str, str, str]] = []
    for position in sorted(range(len(headers)), key=lambda at: _rank(headers[at], at, own)):
        folded = fold(headers[position])
        column = exact.get(headers[position]) or own.get(folded) or known.get(folded)
        if column is None:
            unmatched += [headers[position]] if headers[position].strip() else []
        elif column in columns:
            twice.append((column, headers[columns[column]], headers[position]))
        else:
            columns[column] = position
    return Match(export, columns, tuple(unmatched), tuple(twice))


def _rank(header: str, position: int, own: Mapping[str, str]) -> tuple[bool, bool, int]:
    folded = fold(header)
    return folded not in own, folded not in _INTERNAL_STATUS, position


def best_match(headers: Sequence[str], settings: Settings, hint: str | None) -> Match | None:
    """The export that the headers are of, or None where they are of no known kind.

    Headers decide. A file that lacks required columns is still taken for an export when most of them are
    there, or when its name says so and one is: it then has a missing column, which the caller names.
    """
    best = likeliest(headers, settings, hint)
    missing = len(best.export.missing(set(best.columns)))
    found = len(best.export.required) - missing
    if missing and not (found > missing or (found and best.export.name == hint)):
        return None
    return best


def likeliest(headers: Sequence[str], settings: Settings, hint: str | None) -> Match:
    """The best-matching export, even if required columns are missing."""
    matches = [match_headers(export, headers, settings) for export in exports().values()]
    return max(matches, key=lambda match: _likeness(match, hint))


def _likeness(match: Match, hint: str | None) -> tuple[bool, float, bool, int]:
    missing = len(match.export.missing(set(match.columns)))
    required = len(match.export.required)
    return not missing, (required - missing) / required, match.export.name == hint, len(match.columns)


def named_like(name: str) -> str | None:
    """The export that a file or sheet is named like (`saker*.xlsx`), or None."""
    folded = fold(PurePath(name).stem if "." in name else name)
    names = [
        (len(fold(each)), export)
        for export, names in column_catalogue()["files"].items()
        for each in names
        if folded.startswith(fold(each))
    ]
    return max(names)[1] if names else None


def value_names(export: Export, settings: Settings) -> list[tuple[str, str, bool, str]]:
    """The names that values of this export may have: column, name, whether it is exact, value.

    A name is folded; one of the settings is there as it stands too, and goes before: SQL folds rare letters
    otherwise than ``fold`` does.
    """
    found: dict[tuple[str, str, bool], str] = {}
    for column, type_ in export.columns.items():
        if type_ != "choice":
            continue
        allowed = choices(column, export.name)
        own = {name: value for name, value in settings.values.get(column, {}).items() if value in allowed}
        for value, names in allowed.items():
            found |= {(column, fold(name), False): value for name in [value, *names]}
        found |= {(column, fold(name), False): value for name, value in own.items()}
        found |= {(column, name, True): value for name, value in own.items()}
    return [(*key, value) for key, value in found.items()]


def column_of(export: str, header: str, settings: Settings) -> str | None:
    """The column that a header names, by the settings or by ccinsight's own names."""
    return next(iter(match_headers(exports()[export], [header], settings).columns), None)


def value_of(export: str, column: str, text: str, settings: Settings) -> str | None:
    """The value that a text of a column names, by the settings or by ccinsight's own names."""
    names = {tuple(key): value for *key, value in value_names(exports()[export], settings)}
    return names.get((column, text, True)) or names.get((column, fold(text), False))


def unknown_value(column: str) -> str:
    """What a value becomes that no name matches: "reject", "null", "other" or "by_closed_at"."""
    return str(column_catalogue()["unknown"][column])
