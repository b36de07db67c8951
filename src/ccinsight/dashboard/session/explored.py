"""Explored figures for a reader's screen, remembered as the reports are: by build, question, filters and sight."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from ccinsight.access import Reader
from ccinsight.dashboard.session import reads
from ccinsight.database.exploring import Question
from ccinsight.database.scope import Filters
from ccinsight.database.warehouse import Warehouse
from ccinsight.outputs.frames import to_frame

# A value for each dimension that a figure is of; one that isn't there is totalled over.
Cell = tuple[tuple[str, str | None], ...]


def answer(asked: Question, as_of: date, filters: Filters, reader: Reader) -> pd.DataFrame:
    """The answer to a question. Raises CcinsightError; errors aren't remembered."""
    house = reads.warehouse()
    return _answer(house.build_id, asked, as_of, filters, reader.sight, house, reader)


def rows(
    asked: Question, measure: str, cell: Cell, as_of: date, filters: Filters, reader: Reader, most: int
) -> pd.DataFrame:
    """The rows behind a figure of the answer, at most so many."""
    house = reads.warehouse()
    return _rows(house.build_id, asked, measure, cell, as_of, filters, most, reader.sight, house, reader)


@st.cache_data(show_spinner=False, max_entries=100, max_size="16MB")
def _answer(
    build_id: str,
    asked: Question,
    as_of: date,
    filters: Filters,
    sight: str,
    _house: Warehouse,
    _reader: Reader,
) -> pd.DataFrame:
    scope = reads.scope_of(build_id, as_of, filters, sight, _house, _reader)
    return to_frame(_house.explore(asked, scope))


@st.cache_data(show_spinner=False, max_entries=20, max_size="16MB")
def _rows(
    build_id: str,
    asked: Question,
    measure: str,
    cell: Cell,
    as_of: date,
    filters: Filters,
    most: int,
    sight: str,
    _house: Warehouse,
    _reader: Reader,
) -> pd.DataFrame:
    scope = reads.scope_of(build_id, as_of, filters, sight, _house, _reader)
    return to_frame(_house.explored_rows(asked, measure, dict(cell), scope, most))
