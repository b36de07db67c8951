"""The sample's database, opened once for the tests of a file; and every deck that a test makes is validated."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ccinsight.database.warehouse import Warehouse
from ccinsight.documents.deck.canvas import Canvas
from tests.documents.deck.validating import faults

# The schemas take a sixth of a second a deck; what is known to need a repair is looked for in all.
_MOST_BY_SCHEMA = 3


@pytest.fixture(scope="module")
def house(sample_database: Path) -> Iterator[Warehouse]:
    with Warehouse.open(sample_database) as opened_house:
        yield opened_house


@pytest.fixture(scope="module", autouse=True)
def _valid_decks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Collects the decks that a file's tests make, and checks each after the last test, some by the schemas too."""
    made: dict[bytes, None] = {}
    write = Canvas.bytes

    def collecting(canvas: Canvas) -> bytes:
        content = write(canvas)
        made[content] = None
        return content

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Canvas, "bytes", collecting)
        yield
    file = tmp_path_factory.mktemp("decks") / "deck.pptx"
    for number, content in enumerate(made, start=1):
        file.write_bytes(content)
        with_schemas = number * _MOST_BY_SCHEMA // len(made) > (number - 1) * _MOST_BY_SCHEMA // len(made)
        assert faults(file, with_schemas) == [], f"deck {number} of {len(made)}"
