"""The small company's database, made once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.integrations.delivery.small_company import copied, made


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Not to be written to."""
    return made(tmp_path_factory.mktemp("company"))


@pytest.fixture
def database(company: Path, tmp_path: Path) -> Path:
    """A copy in a folder of its own."""
    return copied(company, tmp_path)
