"""Watched folders whose clock the tests move."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from ccinsight.i18n import set_language
from ccinsight.integrations.watch.folder import WatchedFolder
from ccinsight.integrations.watch.receipts import Receipt
from ccinsight.integrations.watch.running import Watch

WHEN = datetime(2026, 3, 15, 12, 0)
SETTLE = 30.0
AGREEMENTS = "agreement_id;customer_id;customer_name;subscribed_on\n"
TICKETS = "ticket_id;customer_id;opened_at\n"


def tickets(*numbers: int, day: int = 5) -> str:
    """A file of tickets of one customer, opened on a day of January."""
    return TICKETS + "".join(f"T{number};7;2026-01-{day:02d} 09:00\n" for number in numbers)


def agreements(*numbers: int) -> str:
    """A file of agreements of a customer each."""
    return AGREEMENTS + "".join(f"A{n};{n};Kunde {n} AS;2024-03-01\n" for n in numbers)


@dataclass
class Trial:
    """A watched folder and its database; ``pass_seconds`` moves the clock that files settle by."""

    folder: Path
    database: Path
    watch: Watch
    warnings: list[str]
    clock: float = 0.0
    at: list[datetime] = field(default_factory=lambda: [WHEN])

    def put(self, files: Mapping[str, str | bytes]) -> None:
        """Writes files into the folder."""
        for name, content in files.items():
            self.folder.joinpath(name).write_bytes(
                content if isinstance(content, bytes) else content.encode("utf-8")
            )

    def look(self, seconds: float = 0.0) -> list[Receipt]:
        """A look, so many seconds after the one before."""
        self.clock += seconds
        return self.watch.look(self.clock)

    def settle(self) -> dict[str, str]:
        """Two looks between which what is there settles: file → what became of it."""
        taken = self.look() + self.look(SETTLE)
        return {receipt.file: receipt.state.value for receipt in taken}

    def values(self, query: str) -> list[object]:
        """The first column of each row of the database."""
        with duckdb.connect(str(self.database), read_only=True) as connection:
            return [row[0] for row in connection.execute(query).fetchall()]

    def tickets(self) -> list[object]:
        return self.values("select ticket_id from stored.tickets order by 1")

    def left(self) -> list[str]:
        """The files that lie in the folder itself."""
        return sorted(
            each.name for each in self.folder.iterdir() if each.is_file() and not each.name.startswith(".")
        )

    def moved(self, state: str) -> list[str]:
        """The files in one of its folders, without the receipts."""
        found = self.folder.joinpath(state).rglob("*")
        return sorted(
            each.name for each in found if each.is_file() and not each.name.endswith(".receipt.txt")
        )

    def receipt(self, state: str, name: str) -> str:
        """The text of a receipt."""
        (path,) = self.folder.joinpath(state).rglob(f"{name}.receipt.txt")
        return path.read_text("utf-8")


@pytest.fixture
def new_trial(tmp_path: Path) -> Callable[..., Trial]:
    """Makes a trial, with settings of its own."""

    def make(config: str | None = None) -> Trial:
        set_language("en")
        folder, database, warnings = tmp_path / "inn", tmp_path / "data/try.duckdb", list[str]()
        for each in (folder, database.parent):
            each.mkdir(exist_ok=True)
        settings = None
        if config is not None:
            settings = tmp_path / "settings.toml"
            settings.write_text(config, "utf-8")
        watch = Watch(
            WatchedFolder(folder), database, settings, SETTLE, lambda: WHEN, "kari", warnings.append
        )
        return Trial(folder, database, watch, warnings)

    return make


@pytest.fixture
def trial(new_trial: Callable[..., Trial]) -> Trial:
    """A trial without settings."""
    return new_trial()
