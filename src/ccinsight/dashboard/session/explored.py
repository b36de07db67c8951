"""Explored figures for a reader's screen, remembered as the reports are: by build, question, filters and sight."""

from __future__ import annotations

from datetime import date

import pandas as pd

from ccinsight.access import Reader
from ccinsight.dashboard.session import reads
from ccinsight.dashboard.session.cache import Remembered, by_build, bytes_of
from ccinsight.database.exploring import Question
from ccinsight.database.scope import Filters
from ccinsight.outputs.frames import to_frame

# A value for each dimension that a figure is of; one that isn't there is totalled over.
Cell = tuple[tuple[str, str | None], ...]


_answers: Remembered[pd.DataFrame] = by_build(16_000_000, bytes_of)
_cells: Remembered[pd.DataFrame] = by_build(16_000_000, bytes_of)


def answer(asked: Question, as_of: date, filters: Filters, reader: Reader) -> pd.DataFrame:
    """The answer to a question. Raises CcinsightError; errors aren't remembered."""
    house = reads.warehouse()

    def make() -> pd.DataFrame:
        scope = reads.scope_of(house.build_id, as_of, filters, reader.sight, house, reader)
        return to_frame(house.explore(asked, scope))

    return _answers.get((house.build_id, asked, as_of, filters, reader.sight), make).copy(deep=False)


def rows(
    asked: Question, measure: str, cell: Cell, as_of: date, filters: Filters, reader: Reader, most: int
) -> pd.DataFrame:
    """The rows behind a figure of the answer, at most so many."""
    house = reads.warehouse()

    def make() -> pd.DataFrame:
        scope = reads.scope_of(house.build_id, as_of, filters, reader.sight, house, reader)
        return to_frame(house.explored_rows(asked, measure, dict(cell), scope, most))

    key = (house.build_id, asked, measure, cell, as_of, filters, most, reader.sight)
    return _cells.get(key, make).copy(deep=False)
