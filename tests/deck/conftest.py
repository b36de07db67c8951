"""The sample's database, opened once for the tests of a file."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ccinsight.database.warehouse import Warehouse


@pytest.fixture(scope="module")
def house(sample_database: Path) -> Iterator[Warehouse]:
    with Warehouse.open(sample_database) as opened_house:
        yield opened_house
