"""What all tests share: a clean surrounding, and a rule for tools that can't be had."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest
from hypothesis import settings

from ccinsight.i18n import set_language

ROOT = Path(__file__).parents[1]
# No test may fail because the machine is busy.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(autouse=True)
def clean_surrounding(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the developer's own reaches a test; messages are English unless a test says otherwise."""
    for name in ("CCINSIGHT_DATABASE", "CCINSIGHT_CONFIG", "CCINSIGHT_LANGUAGE", "CCINSIGHT_TRACEBACK"):
        monkeypatch.delenv(name, raising=False)
    set_language("en")


@pytest.fixture(scope="session", autouse=True)
def copied_definitions() -> Iterator[None]:
    """Copies models and reports into new databases: making them takes a second, and the tests need hundreds.

    An import into a database that is there does so for users too. tests/database/test_definitions.py compares both.
    """
    from ccinsight.database import definitions, models
    from ccinsight.database.schema import stored_tables
    from tests.reports.companies import empty_company

    build_models = models.build_models

    def make(connection: duckdb.DuckDBPyConnection, like: Path | None) -> None:
        if models.build_models is not build_models:  # a test of what an import stores leaves models out
            connection.execute(stored_tables())
        elif like is None or not definitions.copied(connection, like):
            assert definitions.copied(connection, empty_company())

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(definitions, "make", make)
        yield


@pytest.fixture(scope="session")
def missing() -> Callable[[str], None]:
    """What a test calls when a tool can't be had: it skips, naming the reason, but in CI it fails."""

    def missing(reason: str) -> None:
        if os.environ.get("CI", "").lower() in {"1", "true"}:
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)

    return missing


@pytest.fixture(scope="session")
def sample_exports() -> Path:
    """The small company's exports that the repository holds."""
    return ROOT / "data" / "sample"


@pytest.fixture(scope="session")
def sample_database(tmp_path_factory: pytest.TempPathFactory, sample_exports: Path) -> Iterator[Path]:
    """A database made of the sample exports; not to be written to."""
    from datetime import datetime

    from ccinsight.ingest import import_paths

    database = tmp_path_factory.mktemp("sample") / "ccinsight.duckdb"
    import_paths(
        [sample_exports], database, sample_exports / "ccinsight.toml", imported_at=datetime(2026, 3, 1, 9, 0)
    )
    yield database


@contextmanager
def small_disk_at(disk: Path, missing: Callable[[str], None], mebibytes: int = 12) -> Iterator[Path]:
    """A small disk in memory, mounted for the block."""
    disk.mkdir()
    mounted = (
        os.geteuid() == 0
        and not subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={mebibytes}m", "tmpfs", str(disk)], capture_output=True
        ).returncode
    )
    if not mounted:
        missing("a small disk can't be mounted: needs root and the right to mount")
    try:
        yield disk
    finally:
        subprocess.run(["umount", "--lazy", str(disk)], check=True)
