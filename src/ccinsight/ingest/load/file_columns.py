"""The position of each column of an export in a file's staged rows, for the SQL of the import."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ccinsight.ingest.catalogue import Export
from ccinsight.settings.model import ImportOptions

_IDS = frozenset({"id", "contact"})


@dataclass(frozen=True)
class FileColumns:
    """The columns of one file. ``positions``: column → position; ``width``: the number of fields of a row.

    ``rows``: the staged rows, with their alias. ``padded``: the positions whose values may need trimming; None: all.
    ``is_quick``: only the usual forms of values are parsed, and others count as bad.
    """

    export: Export
    positions: Mapping[str, int]
    width: int
    options: ImportOptions
    rows: str = "staged as s"
    padded: frozenset[int] | None = None
    is_quick: bool = False

    def has(self, column: str) -> bool:
        """Whether the file has the column."""
        return column in self.positions

    def choices(self) -> list[str]:
        """The columns of enumerated values that the file has."""
        return self._of_types("choice")

    def timestamps(self) -> list[str]:
        """The columns of timestamps that the file has."""
        return self._of_types("timestamp")

    def looked_up(self) -> list[str]:
        """The columns whose different texts are looked up once each: enumerated values, minutes, hashed contacts."""
        types = ("choice", "minutes", *(["contact"] if self.options.keep_contacts == "hashed" else []))
        return self._of_types(*types)

    def text(self, column: str, row: str = "") -> str:
        """SQL: the column's text, trimmed, null where it is empty. ``row``: the alias, with its dot."""
        at = self.positions[column]
        cell = f"{row}c{at}"
        # The reader already made an empty value null, and found which columns hold one to be trimmed.
        is_clean = self.padded is not None and at not in self.padded and not self.options.empty
        text = cell if is_clean else f"clean_text({cell})"
        return f"plain_id({text})" if self.export.columns[column] in _IDS else text

    def quick(self) -> FileColumns:
        """The same rows, parsed for the usual forms of values only: most files hold no others."""
        return replace(self, is_quick=True)

    def unstored(self) -> FileColumns:
        """The rows of the table `unstored`."""
        return replace(self, rows="unstored as s")

    def _of_types(self, *types: str) -> list[str]:
        return [name for name, type_ in self.export.columns.items() if type_ in types and self.has(name)]
