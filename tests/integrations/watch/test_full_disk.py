"""A disk that is full: nothing fails, and what arrived is imported once there is room."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ccinsight.errors import CcinsightError
from ccinsight.integrations.watch.folder import WatchedFolder
from ccinsight.integrations.watch.running import Watch
from tests.conftest import small_disk_at
from tests.ingest.conftest import no_models  # noqa: F401 (a fixture that every test here uses)
from tests.integrations.watch.conftest import SETTLE, WHEN, Trial, tickets


@pytest.fixture
def small_disk(tmp_path: Path, missing: Callable[[str], None]) -> Iterator[Path]:
    """A disk of a few megabytes."""
    with small_disk_at(tmp_path / "disk", missing) as disk:
        yield disk


def test_a_full_disk_makes_it_wait(small_disk: Path) -> None:
    folder, database = small_disk / "inn", small_disk / "x.duckdb"
    folder.mkdir()
    watch = Watch(WatchedFolder(folder), database, None, SETTLE, lambda: WHEN)
    trial = Trial(folder, database, watch, [])
    trial.put({"saker.csv": tickets(1)})
    trial.settle()
    trial.put({"saker.csv": tickets(1, 2)})
    trial.look()
    filler = small_disk / "filler"
    filler.write_bytes(bytes(shutil.disk_usage(small_disk).free - 40_000))
    with pytest.raises(CcinsightError):
        trial.look(SETTLE)
    assert trial.left() == ["saker.csv"]
    assert trial.tickets() == ["T1"]
    filler.unlink()
    assert trial.settle() == {"saker.csv": "done"}
    assert trial.tickets() == ["T1", "T2"]
