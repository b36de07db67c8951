"""Timestamps parsed with Arrow: what SQL makes of them, or null (left to SQL)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccinsight.ingest.values.parsing import macros
from ccinsight.ingest.values.timestamps import parse_timestamps
from tests.ingest.trying import tickets, try_import

FORMATS = ("%d.%m.%Y %H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S")
TIMESTAMPS = st.datetimes(datetime(1900, 1, 1), datetime(2199, 12, 31, 23, 59, 59)).map(
    lambda each: each.replace(microsecond=0)
)


@pytest.fixture(scope="module")
def db() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        for statement in macros():
            connection.execute(statement).fetchall()
        yield connection


def read(*chunks: Sequence[str | None]) -> list[datetime | None]:
    texts = pa.chunked_array([pa.array(chunk, pa.string()) for chunk in chunks], pa.string())
    found: list[datetime | None] = parse_timestamps(texts).to_pylist()
    return found


@settings(deadline=None)
@given(st.lists(TIMESTAMPS, min_size=1), st.sampled_from(FORMATS))
def test_a_column_of_one_format(timestamps: list[datetime], form: str) -> None:
    assert read([each.strftime(form) for each in timestamps]) == timestamps


@settings(deadline=None)
@given(st.lists(TIMESTAMPS | st.none()), st.data())
def test_empty_and_other_texts_become_null(timestamps: list[datetime | None], data: st.DataObject) -> None:
    texts: list[str | None] = []
    expected: list[datetime | None] = []
    for each in timestamps:
        texts.append(data.draw(st.sampled_from(["", None, "24.11.2026", "31.11.2026 08:30", "no time"])))
        texts.append(f"{each:%d.%m.%Y %H:%M:%S}" if each else None)
        expected += [None, each]
    assert read(texts) == expected


def test_rare_formats_of_a_long_column_are_left_to_sql() -> None:
    texts = ["24.11.2026 08:30:00"] * 1000
    texts[1], texts[-2] = "2026-11-24 08:30:00", "24.11.2026 08:30"
    found = read(texts)
    assert set(found) == {datetime(2026, 11, 24, 8, 30), None}
    assert [at for at, each in enumerate(found) if each is None] == [1, 998]


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
def test_fixed_lengths_are_parsed_as_sql_parses_them(db: duckdb.DuckDBPyConnection, texts: list[str]) -> None:
    query = "select parse_timestamp(t, null) from (select unnest(cast($texts as varchar[])) as t)"
    by_sql = [row[0] for row in db.execute(query, {"texts": texts}).fetchall()]
    for text, expected in zip(texts, by_sql, strict=True):
        (alone,) = read([text])
        assert alone in (None, expected), text
        if expected is not None and expected.microsecond == 0 and text[10] in " T" and len(text) == 19:
            assert alone == expected, text
    assert all(found in (None, expected) for found, expected in zip(read(texts), by_sql, strict=True))


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
    ],
)
def test_near_misses_are_null(text: str) -> None:
    good = "29.02.2024 23:59:59"
    expected = datetime(2024, 2, 29, 23, 59, 59)
    assert read([good, text, good]) == [expected, None, expected]


def test_slices_and_empty_chunks() -> None:
    texts = pa.array(["x", None, "01.02.2024 03:04:05", "01.02.2024 03:04:06", None, "y"])
    sliced = pa.chunked_array([texts[1:5], texts[3:4], texts[:0], pa.array([None, None], pa.string())])
    first = datetime(2024, 2, 1, 3, 4, 5)
    later = first.replace(second=6)
    assert parse_timestamps(sliced).to_pylist() == [None, first, later, None, later, None, None]
    assert parse_timestamps(pa.chunked_array([], pa.string())).to_pylist() == []


def parse(texts: Sequence[str | None], day_first: bool | None = None) -> list[datetime | None]:
    array = pa.chunked_array([pa.array(texts, pa.string())])
    found: list[datetime | None] = parse_timestamps(array, day_first).to_pylist()
    return found


@pytest.mark.parametrize(
    ("text", "day_first", "expected"),
    [
        ("29/2/2016 01:16", None, datetime(2016, 2, 29, 1, 16)),
        ("5/5/2026 7:05", None, datetime(2026, 5, 5, 7, 5)),
        ("05/05/2026 07:05:09", None, datetime(2026, 5, 5, 7, 5, 9)),
        ("05/04/2026 07:05", None, None),  # ambiguous
        ("05/04/2026 07:05", True, datetime(2026, 4, 5, 7, 5)),
        ("05/04/2026 07:05", False, datetime(2026, 5, 4, 7, 5)),
        ("29/2/2016 01:16", False, datetime(2016, 2, 29, 1, 16)),  # a day above 12 is first whatever is set
        ("2/29/2016 01:16", False, datetime(2016, 2, 29, 1, 16)),
        ("2/29/2016 01:16", True, None),
        ("2/29/2016 01:16", None, None),
        ("5-4-2026 7:05", True, datetime(2026, 4, 5, 7, 5)),
        ("5.4.2026 7:05", None, datetime(2026, 4, 5, 7, 5)),
        ("5.4.2026 7:05", False, datetime(2026, 4, 5, 7, 5)),  # dots are always day first
        ("29/2/2016", None, None),  # a date alone is left to SQL
        ("29/2/2016 24:00", None, None),
        ("29/2/2015 01:16", None, None),
        ("29/2/16 01:16:00", None, None),
        ("29/2-2016 01:16", None, None),
        ("29/2/2016 1:6:00", None, None),
        ("29/2/2016T01:16", None, None),
        ("x9/2/2016 01:16", None, None),
    ],
)
def test_formats(text: str, day_first: bool | None, expected: datetime | None) -> None:
    around = ["01.02.2016 00:00:00", None, "", text, "no timestamp"]
    assert parse(around, day_first)[3] == expected
    assert parse([text], day_first) == [expected]


VARYING = st.one_of(
    st.from_regex(
        r"[0-3]?[0-9]([/.-])[01]?[0-9]\1(19|20|21)[0-9]{2} [0-2]?[0-9]:[0-6][0-9](:[0-6][0-9])?",
        fullmatch=True,
    ),
    st.text(alphabet="0123456789./-: ", min_size=12, max_size=20),
)


@given(st.lists(VARYING, min_size=1, max_size=60), st.sampled_from([None, True, False]))
@settings(deadline=None, max_examples=100)
def test_varying_lengths_are_parsed_as_sql_parses_them(
    db: duckdb.DuckDBPyConnection, texts: list[str], day_first: bool | None
) -> None:
    query = (
        "select parse_timestamp(t, cast($day_first as boolean)) "
        "from (select unnest(cast($texts as varchar[])) as t)"
    )
    expected = [row[0] for row in db.execute(query, {"texts": texts, "day_first": day_first}).fetchall()]
    for text, found, by_sql in zip(texts, parse(texts, day_first), expected, strict=True):
        assert found in (None, by_sql), text
        has_common_format = ":" in text and 12 <= len(text) <= 19 and "/" in text
        if by_sql is not None and has_common_format:
            assert found == by_sql, text


def test_nulls_that_hold_text_stay_null() -> None:
    texts = pa.array(["29/2/2016 01:16", "28/2/2016 01:16", "27/2/2016 01:16"])
    hidden = pa.StringArray.from_buffers(3, *texts.buffers()[1:], pa.py_buffer(b"\x05"), 1)
    array = pa.chunked_array([hidden[1:], hidden[:0], hidden])
    expected = [datetime(2016, 2, day, 1, 16) for day in (29, 28, 27)]
    assert parse_timestamps(array).to_pylist() == [
        None,
        expected[2],
        expected[0],
        None,
        expected[2],
    ]


def test_slash_dates_of_a_file(tmp_path: Path) -> None:
    headers = "ticket_id;customer_id;opened_at;first_reply_at;closed_at"
    rows = [
        "1;7;29/2/2016 01:16;29/2/2016 1:20:30;13/3/2016",
        "2;7;05/05/2016 01:16;;",
        "3;7;05/04/2016 01:16;;",
    ]
    trial = try_import(tmp_path, {"saker.csv": tickets(*rows, headers=headers)})
    assert trial.rows(
        "select ticket_id, opened_at, first_reply_at, closed_at from stored.tickets order by 1"
    ) == [
        ("1", datetime(2016, 2, 29, 1, 16), datetime(2016, 2, 29, 1, 20, 30), datetime(2016, 3, 13)),
        ("2", datetime(2016, 5, 5, 1, 16), None, None),
    ]
    assert trial.rejects() == [(4, "opened_at", "05/04/2016 01:16", "ambiguous date: day or month first?")]
    as_set = try_import(
        tmp_path, {"saker.csv": tickets(*rows, headers=headers)}, "[import]\nday_first = false\n"
    )
    assert as_set.values("select opened_at from stored.tickets order by ticket_id") == [
        datetime(2016, 2, 29, 1, 16),
        datetime(2016, 5, 5, 1, 16),
        datetime(2016, 5, 4, 1, 16),
    ]


@pytest.mark.parametrize("day_first", ["null", "true", "false"])
def test_common_dates_are_those_of_all_formats(db: duckdb.DuckDBPyConnection, day_first: str) -> None:
    """`common_date` gives the date that the slow formats alone would give, or null."""
    days = [f"{day}/{month}/2026" for day in (1, 5, 9, 12, 13, 29, 31, 32) for month in (1, 2, 5, 12, 13)]
    query = (
        f"select t, common_date(t, {day_first}), cast(parse_rare_timestamp(t, {day_first}) as date) "  # noqa: S608
        "from (select unnest(cast($texts as varchar[])) as t)"
    )
    rows = db.execute(query, {"texts": days}).fetchall()
    assert all(common in (None, rare) for _text, common, rare in rows)
    if day_first == "true":
        assert all(common == rare for _text, common, rare in rows)
