"""English texts for the tests of this folder, whatever ran before."""

import pytest

from ccinsight import i18n


@pytest.fixture(autouse=True)
def _english() -> None:
    i18n.set_language("en")
