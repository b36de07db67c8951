"""Plain moments reported at once: what SQL makes of them, or nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccinsight.ingest.load.import_sql import macros
from ccinsight.ingest.values.timestamps import read_moments

FORMS = ("%d.%m.%Y %H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S")
MOMENTS = st.datetimes(datetime(1900, 1, 1), datetime(2199, 12, 31, 23, 59, 59)).map(
    lambda moment: moment.replace(microsecond=0)
)


@pytest.fixture(scope="module")
def db() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        for statement in macros():
            connection.execute(statement).fetchall()
        yield connection


def read(*chunks: Sequence[str | None]) -> list[datetime | None]:
    texts = pa.chunked_array([pa.array(chunk, pa.string()) for chunk in chunks], pa.string())
    found: list[datetime | None] = read_moments(texts).to_pylist()
    return found


@given(st.lists(MOMENTS, min_size=1), st.sampled_from(FORMS))
def test_common_formats_are_all_parsed(moments: list[datetime], form: str) -> None:
    assert read([moment.strftime(form) for moment in moments]) == moments


@given(st.lists(MOMENTS | st.none()), st.data())
def test_empty_and_other_texts_become_null(moments: list[datetime | None], data: st.DataObject) -> None:
    texts: list[str | None] = []
    reported: list[datetime | None] = []
    for moment in moments:
        other = data.draw(
            st.sampled_from(["", None, "24.11.2026", "24.11.2026 08:30", "no moment at all..."])
        )
        texts += [other, f"{moment:%d.%m.%Y %H:%M:%S}" if moment else None]
        reported += [None, moment]
    found = read(texts)
    # A text of the same length in another format may hide the others' format: SQL parses them then.
    assert all(here in (None, there) for here, there in zip(found, reported, strict=True))
    if "no moment at all..." not in texts:
        assert found == reported


DIGITS = st.text(alphabet="0123456789", min_size=2, max_size=2)
NEARLY = st.one_of(
    st.tuples(*[DIGITS] * 7).map(lambda p: "{}.{}.{}{} {}:{}:{}".format(*p)),
    st.from_regex(
        r"[0-3][0-9][.][01][0-9][.](19|20|21)[0-9]{2} [0-2][0-9]:[0-6][0-9]:[0-6][0-9]", fullmatch=True
    ),
    st.from_regex(
        r"(19|20|21)[0-9]{2}-[01][0-9]-[0-3][0-9][ T][0-2][0-9]:[0-6][0-9]:[0-6][0-9]", fullmatch=True
    ),
    st.text(alphabet="0123456789.:- TZ", min_size=19, max_size=19),
)


@given(st.lists(NEARLY, max_size=100))
@settings(deadline=None, max_examples=100)
def test_parsed_values_equal_those_of_sql(db: duckdb.DuckDBPyConnection, texts: list[str]) -> None:
    query = "select parse_moment(t, null) from (select unnest(cast($texts as varchar[])) as t)"
    reported = [row[0] for row in db.execute(query, {"texts": texts}).fetchall()]
    for text, expected in zip(texts, reported, strict=True):
        (alone,) = read([text])
        assert alone in (None, expected), text
        # All that look so and are moments are known.
        if expected is not None and expected.microsecond == 0 and text[10] in " T" and len(text) == 19:
            assert alone == expected, text
    assert all(found in (None, expected) for found, expected in zip(read(texts), reported, strict=True))


@pytest.mark.parametrize(
    "text",
    [
        "29.02.2023 00:00:00",
        "31.04.2024 00:00:00",
        "00.01.2024 00:00:00",
        "01.13.2024 00:00:00",
        "01.00.2024 00:00:00",
        "01.01.2224 00:00:00",
        "01.01.1824 00:00:00",
        "01.01.2024 24:00:00",
        "01.01.2024 00:60:00",
        "01.01.2024 00:00:60",
        "01.01.2024T00:00:00",
        "1 .01.2024 00:00:00",
        "01/01/2024 00:00:00",
    ],
)
def test_what_is_nearly_one_is_none(text: str) -> None:
    good = "29.02.2024 23:59:59"
    moment = datetime(2024, 2, 29, 23, 59, 59)
    assert read([good, text, good]) == [moment, None, moment]


def test_slices_and_empty_chunks() -> None:
    texts = pa.array(["x", None, "01.02.2024 03:04:05", "01.02.2024 03:04:06", None, "y"])
    sliced = pa.chunked_array([texts[1:5], texts[3:4], texts[:0], pa.array([None, None], pa.string())])
    moment = datetime(2024, 2, 1, 3, 4, 5)
    later = moment.replace(second=6)
    assert read_moments(sliced).to_pylist() == [None, moment, later, None, later, None, None]
    assert read_moments(pa.chunked_array([], pa.string())).to_pylist() == []
