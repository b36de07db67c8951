"""A small company's database, made once, and the site as a person opens it."""

from __future__ import annotations

import shutil
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from streamlit.testing.v1 import AppTest

from ccinsight.ingest import import_paths
from tests.dashboard.opening import AS_OF, IMPORTED_AT, Open, site_at


@pytest.fixture(scope="session")
def database(sample_exports: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample company, all six exports."""
    path = tmp_path_factory.mktemp("dashboard") / "sample.duckdb"
    import_paths([sample_exports], path, sample_exports / "ccinsight.toml", imported_at=IMPORTED_AT)
    return path


@pytest.fixture(scope="session")
def required_only(sample_exports: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample company's agreements and tickets, and nothing else."""
    path = tmp_path_factory.mktemp("required") / "sample.duckdb"
    files = [sample_exports / "avtaler.csv", sample_exports / "saker.csv"]
    import_paths(files, path, sample_exports / "ccinsight.toml", imported_at=IMPORTED_AT)
    return path


@pytest.fixture
def open_page(database: Path, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Opens a page by its link: ``open_page("renewals", "as-of=2026-10-01&customer=1002")``."""

    def opened(page: str = "overview", query: str = f"as-of={AS_OF}", path: Path = database) -> AppTest:
        monkeypatch.setenv("CCINSIGHT_DATABASE", str(path))
        site = site_at(page)
        for name, values in parse_qs(query).items():
            site.query_params[name] = values
        return site.run()

    return opened


@pytest.fixture
def own_database(database: Path, tmp_path: Path) -> Path:
    """A copy that a test may replace."""
    return Path(shutil.copy(database, tmp_path / "own.duckdb"))
