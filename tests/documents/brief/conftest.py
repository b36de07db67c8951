"""A company worked out by hand, made once for the tests of this folder."""

import pytest

from ccinsight.database.warehouse import Warehouse
from tests.documents.deck import companies


@pytest.fixture(scope="session")
def plain() -> Warehouse:
    return companies.plain()
