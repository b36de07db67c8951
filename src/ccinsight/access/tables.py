"""A table of access.toml, read with a sentence for each fault."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ccinsight.errors import CcinsightError
from ccinsight.i18n import _


@dataclass(frozen=True)
class Table:
    """A table of the file, with the name that it has in messages ("" for the file itself)."""

    file: Path
    name: str
    values: Mapping[str, Any]

    def fault(self, key: str, text: str) -> CcinsightError:
        """An error that names the file and the key."""
        where = f"[{self.name}] {key}" if self.name else key
        return CcinsightError(
            _("{file}, “{where}”: {problem}").format(file=self.file, where=where, problem=text)
        )

    def allow(self, *keys: str) -> None:
        """Raises for a key that isn't one of these."""
        for key in self.values:
            if key not in keys:
                raise self.fault(
                    key, _("There is no such setting. Known: {names}.").format(names=", ".join(keys))
                )

    def optional_text(self, key: str) -> str | None:
        """A text without space around it; None where the key is missing. Raises where it is empty or no text."""
        value = self.values.get(key)
        if value is None:
            return None
        if not isinstance(value, str) or not value.strip():
            raise self.fault(key, _("Write a text in quotes."))
        return value.strip()

    def text(self, key: str) -> str:
        """A text that must be there."""
        value = self.optional_text(key)
        if value is None:
            raise self.fault(key, _("It is missing."))
        return value

    def choice(self, key: str, choices: Sequence[str]) -> str:
        """One of these texts."""
        value = self.text(key)
        if value not in choices:
            raise self.fault(key, _("Choose one of: {names}.").format(names=", ".join(choices)))
        return value

    def number(self, key: str, default: int, least: int, most: int) -> int:
        """A whole number within its limits."""
        value = self.values.get(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise self.fault(
                key, _("Write a whole number from {least} to {most}.").format(least=least, most=most)
            )
        return value

    def flag(self, key: str) -> bool:
        """True or false; false where the key is missing."""
        value = self.values.get(key, False)
        if not isinstance(value, bool):
            raise self.fault(key, _("Write true or false."))
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; empty where the key is missing."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(each, str) and each.strip() for each in value):
            raise self.fault(key, _("Write a list of texts, as {example}.").format(example='["A", "B"]'))
        return tuple(each.strip() for each in value)

    def table(self, key: str) -> Table:
        """A table within this one, which must be there."""
        value = self.values.get(key)
        if not isinstance(value, dict):
            raise self.fault(key, _("The table [{name}] is missing.").format(name=key))
        return Table(self.file, key, value)

    def tables(self, key: str) -> list[Table]:
        """A list of tables, numbered from 1 in messages; empty where the key is missing."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            raise self.fault(key, _("Write each as a table of its own: [[{name}]].").format(name=key))
        return [Table(self.file, f"{key} {at}", each) for at, each in enumerate(value, 1)]
