"""Text → value, or a reason why not: dates, moments, numbers, minutes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccinsight.ingest.catalogue import fold
from ccinsight.ingest.values.parsing import macros
from ccinsight.ingest.values.reasons import REASONS


@pytest.fixture(scope="module")
def db() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        for statement in macros():
            connection.execute(statement).fetchall()
        yield connection


def ask(db: duckdb.DuckDBPyConnection, expression: str, text: str | None = None, setting: Any = None) -> Any:
    """The expression over a table of one row with the text `t`. (Planning constants takes longer.)"""
    db.execute(
        "create or replace temp table given as select cast($t as varchar) as t", {"t": text}
    ).fetchall()
    expression = expression.replace("?", "t", 1)
    query = f"select {expression} from given"  # noqa: S608
    return db.execute(query, [] if setting is None else [setting]).fetchall()[0][0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("31.12.2026", date(2026, 12, 31)),
        ("1.2.2026", date(2026, 2, 1)),
        ("31-12-2026", date(2026, 12, 31)),
        ("31/12/2026", date(2026, 12, 31)),
        ("05/05/2026", date(2026, 5, 5)),
        ("31.12.2026 14:05", date(2026, 12, 31)),
        ("2026-12-31", date(2026, 12, 31)),
        ("2026-12-31T23:30:00Z", date(2027, 1, 1)),
        ("[D:12/31/2026]", date(2026, 12, 31)),
        ("[DT:12/31/2026 14:05:09]", date(2026, 12, 31)),
        ("05/04/2026", None),
        ("05-04-2026", None),
        ("12/31/2026", None),
        ("31.12.26", None),
        ("46022", None),
        ("29.02.2026", None),
        ("31.12.2026 24:00", None),
        ("1.2-2026", None),
        ("14.05", None),
        ("31.12.2026 14.05", None),
        ("2026-13-01", None),
        ("0001-01-01", None),
        ("infinity", None),
        ("epoch", None),
        ("", None),
    ],
)
def test_dates(db: duckdb.DuckDBPyConnection, text: str, expected: date | None) -> None:
    assert ask(db, "parse_date(?, null)", text) == expected


@pytest.mark.parametrize(
    ("text", "day_first", "expected"),
    [
        ("05/04/2026", True, date(2026, 4, 5)),
        ("05/04/2026", False, date(2026, 5, 4)),
        ("12/31/2026", False, date(2026, 12, 31)),
        ("12/31/2026", True, None),
        ("31/12/2026", False, date(2026, 12, 31)),
        ("5.4.2026", False, date(2026, 4, 5)),
    ],
)
def test_the_set_order_of_dates(
    db: duckdb.DuckDBPyConnection, text: str, day_first: bool, expected: date | None
) -> None:
    assert ask(db, "parse_date(?, ?)", text, day_first) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("31.12.2026 14:05", datetime(2026, 12, 31, 14, 5)),
        ("31.12.2026 14:05:09", datetime(2026, 12, 31, 14, 5, 9)),
        ("1.2.2026 9:05", datetime(2026, 2, 1, 9, 5)),
        ("31.12.2026", datetime(2026, 12, 31)),
        ("2026-12-31 14:05:09", datetime(2026, 12, 31, 14, 5, 9)),
        ("2026-12-31T14:05:09.123456", datetime(2026, 12, 31, 14, 5, 9, 123456)),
        ("2026-12-31T14:05:09,5", datetime(2026, 12, 31, 14, 5, 9, 500000)),
        ("2026-12-31 14:05", datetime(2026, 12, 31, 14, 5)),
        ("2026-07-01T12:00:00Z", datetime(2026, 7, 1, 14, 0)),
        ("2026-01-01T12:00:00+02:00", datetime(2026, 1, 1, 11, 0)),
        ("2026-01-01 12:00:00.5 +0000", datetime(2026, 1, 1, 13, 0, 0, 500000)),
        ("2026-01-01T12:00-05", datetime(2026, 1, 1, 18, 0)),
        ("[DT:12/31/2026 14:05:09]", datetime(2026, 12, 31, 14, 5, 9)),
        ("31/12/2026 14:05:09.25", datetime(2026, 12, 31, 14, 5, 9, 250000)),
        ("2026-12-31 24:00", None),
        ("2026-12-31 23:59:60", None),
        ("31.12.2026 14.05", None),
        ("31.12.2026 25:05", None),
        ("2026-12-31 14:05:09+99:00", None),
    ],
)
def test_moments(db: duckdb.DuckDBPyConnection, text: str, expected: datetime | None) -> None:
    assert ask(db, "parse_timestamp(?, null)", text) == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("05/04/2026", "ambiguous date: day or month first?"),
        ("05/04/2026 10:00", "ambiguous date: day or month first?"),
        ("31.12.26", "not a date: the year needs four digits"),
        ("12/31/2026", "not a date"),
        ("tomorrow", "not a date"),
    ],
)
def test_why_no_date(db: duckdb.DuckDBPyConnection, text: str, reason: str) -> None:
    assert ask(db, "date_reason(?, null)", text) == reason


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1234", "1234"),
        ("1234,5", "1234.5"),
        ("1234.50", "1234.50"),
        ("1 234,50", "1234.50"),
        ("1\u00a0234\u00a0567", "1234567"),
        ("1\u202f234,50", "1234.50"),
        ("1.234,50", "1234.50"),
        ("1,234.50", "1234.50"),
        ("1.234.567", "1234567"),
        ("1234 kr", "1234"),
        ("1234kr", "1234"),
        ("kr 1 234,50", "1234.50"),
        ("KR 500", "500"),
        ("500,-", "500"),
        ("1.234,-", "1234"),
        ("-500", "-500"),
        ("\u2212500", "-500"),
        ("-kr 500", "-500"),
        ("[I:3]", "3"),
        ("[F:2.5]", "2.5"),
        ("[F:1.234]", "1.234"),
        ("0.234", "0.234"),
        ("1234.567", "1234.567"),
        ("1.2345", "1.2345"),
        ("007", "7"),
        ("1.234", None),
        ("1,234", None),
        ("1e3", None),
        ("(500)", None),
        ("NaN", None),
        ("inf", None),
        ("1 23", None),
        ("12 34 567", None),
        ("1.23.456", None),
        ("1,2,3", None),
        ("1.234,5.6", None),
        (".5", None),
        ("--5", None),
        ("kr", None),
        ("1234 NOK", "1234"),
        ("1234 SEK", None),
        ("999 999 999 999,99", "999999999999.99"),
        ("1000000000000", None),
        ("-1000000000000", None),
        ("123456789012345678901", None),
    ],
)
def test_money(db: duckdb.DuckDBPyConnection, text: str, expected: str | None) -> None:
    assert ask(db, "parse_money(?, null)", text) == (Decimal(expected) if expected else None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("9 999 999,99", "9999999.99"),
        ("-9 999 999,99", "-9999999.99"),
        ("9999999,99999", None),
        ("10000000", None),
    ],
)
def test_rates(db: duckdb.DuckDBPyConnection, text: str, expected: str | None) -> None:
    assert ask(db, "parse_rate(?, null)", text) == (Decimal(expected) if expected else None)


@pytest.mark.parametrize(
    ("text", "sign", "expected"),
    [("1.234", ",", "1234"), ("1.234", ".", "1.234"), ("1,234", ",", "1.234"), ("1,234", ".", "1234")],
)
def test_the_set_decimal_sign(db: duckdb.DuckDBPyConnection, text: str, sign: str, expected: str) -> None:
    assert ask(db, "parse_money(?, ?)", text, sign) == Decimal(expected)


def test_three_decimals_of_a_quantity_are_decimals(db: duckdb.DuckDBPyConnection) -> None:
    assert ask(db, "parse_number('7,125', null)") == Decimal("7.125")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12", 12),
        ("12,0", 12),
        ("1 234", 1234),
        ("[I:3]", 3),
        ("-1", None),
        ("2,5", None),
        ("1.234", None),
        ("999999", 999_999),
        ("000999 999", None),
        ("0000999999", 999_999),
        ("1000000", None),
        ("1 000 000", None),
        ("99999999999", None),
    ],
)
def test_counts(db: duckdb.DuckDBPyConnection, text: str, expected: int | None) -> None:
    assert ask(db, "parse_count(?, null)", text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("90", "90"),
        ("2,5", "2.5"),
        ("1:30", "90"),
        ("0:00", "0"),
        ("25:05", "1505"),
        ("1:30:30", "90.5"),
        ("[I:3]", "3"),
        ("1:75", None),
        ("30 min", None),
        ("-5", None),
        ("1:2:3:4", None),
        ("9999999", "9999999"),
        ("10000000", None),
        ("10000000,5", None),
        ("999999:00", None),
    ],
)
def test_minutes(db: duckdb.DuckDBPyConnection, text: str, expected: str | None) -> None:
    assert ask(db, "parse_minutes(?, null, 1)", text) == (Decimal(expected) if expected else None)


@pytest.mark.parametrize(("text", "expected"), [("90", "1.5"), ("90,6", "1.51"), ("1:30", "90")])
def test_minutes_in_seconds(db: duckdb.DuckDBPyConnection, text: str, expected: str) -> None:
    assert ask(db, "parse_minutes(?, null, 60)", text) == Decimal(expected)


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("number_reason('1.234', null)", "ambiguous number: decimal sign or thousands?"),
        ("number_reason('abc', null)", "not a number"),
        ("number_reason('1234567890123456789', null)", "too large a number"),
        ("count_reason('-1', null)", "is negative"),
        ("count_reason('2,5', null)", "not a whole number"),
        ("count_reason('99999999999', null)", "too large a number"),
        ("minutes_reason('-1', null)", "is negative"),
        ("count_reason('1000000', null)", "too large a number"),
        ("number_reason('10000000', null)", "too large a number"),
        ("minutes_reason('10000000', null)", "too large a number"),
        ("minutes_reason('1:75', null)", "not a number of minutes"),
    ],
)
def test_why_no_number(db: duckdb.DuckDBPyConnection, expression: str, reason: str) -> None:
    assert ask(db, expression) == reason


@pytest.mark.parametrize(
    ("text", "expected"), [("[I:17]", "17"), ("007", "007"), ("[x]", "[x]"), ("[I:]", "[I:]")]
)
def test_ids(db: duckdb.DuckDBPyConnection, text: str, expected: str) -> None:
    assert ask(db, "plain_id(?)", text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (" a ", "a"),
        ("\u00a0a", "a"),
        ("a\t", "a"),
        ("a b", "a b"),
        ("   ", None),
        ("", None),
        ("Åse", "Åse"),
        ("a\r\n", "a"),
    ],
)
def test_text_is_trimmed_and_empty_is_null(
    db: duckdb.DuckDBPyConnection, text: str, expected: str | None
) -> None:
    assert ask(db, "clean_text(?)", text) == expected


@given(st.text(alphabet="abcXYZÅåØøÆæÉéÜüÖöñç/0 \u00a0._-\t", max_size=20))
@settings(deadline=None, max_examples=50)
def test_names_of_values_are_folded_as_headers_are(db: duckdb.DuckDBPyConnection, text: str) -> None:
    assert ask(db, "fold_text(?)", text) == fold(text)


@given(st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2199, 12, 31)))
@settings(deadline=None, max_examples=50)
def test_moments_come_back_from_every_form(db: duckdb.DuckDBPyConnection, moment: datetime) -> None:
    whole = moment.replace(microsecond=0)
    for text in (f"{whole:%d.%m.%Y %H:%M:%S}", whole.isoformat(), f"[DT:{whole:%m/%d/%Y %H:%M:%S}]"):
        assert ask(db, "parse_timestamp(?, null)", text) == whole
    assert ask(db, "parse_timestamp(?, null)", moment.isoformat(" ")) == moment


@given(
    st.lists(
        st.text(max_size=30) | st.from_regex(r"[-0-9./: ,TZ\[\]DFIkr]{1,25}", fullmatch=True), max_size=300
    )
)
@settings(deadline=None, max_examples=10)
def test_any_text_is_a_value_or_none(db: duckdb.DuckDBPyConnection, texts: list[str]) -> None:
    plain = [text.encode("utf-8", "replace").decode() for text in texts]
    rows = db.execute(
        "select parse_date(t, null), parse_money(t, null), parse_count(t, ','), parse_minutes(t, null, 60), "
        "date_reason(t, null), number_reason(t, null), count_reason(t, null), minutes_reason(t, null) "
        "from (select unnest(cast($texts as varchar[])) as t)",
        {"texts": plain},
    ).fetchall()
    assert len(rows) == len(texts)


def test_each_reason_of_the_sql_is_marked_for_translation(db: duckdb.DuckDBPyConnection) -> None:
    text = "\n".join(macros())
    given_reasons = {
        part.split("'")[1]
        for part in text.split("then ")
        if part.startswith("'") and " " in part.split("'")[1]
    }
    assert {reason for reason in given_reasons if not reason.startswith(" ")} <= set(REASONS)


TEXTS = st.one_of(
    st.from_regex(
        r"[0-9 ]{1,2}[.][0-9 ]{1,2}[.](19|20|21|2 )[0-9 ]{2}( ? [0-9 ]{1,2}:[0-9]{2}(:[0-9 ]{2})?)?",
        fullmatch=True,
    ),
    st.from_regex(
        r"(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}([ T][0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.,][0-9]{1,3})?)?Z?)?",
        fullmatch=True,
    ),
    st.from_regex(r"-?[0-9]{1,10}([.,][0-9]{1,4})?", fullmatch=True),
    st.text(alphabet="0123456789.,:-/ []DTFI", max_size=20),
)


@given(st.lists(TEXTS, min_size=20, max_size=60))
@settings(deadline=None, max_examples=25)
def test_the_quick_way_knows_nothing_else(db: duckdb.DuckDBPyConnection, texts: list[str]) -> None:
    """What the commonest forms give is what all forms together give."""
    pairs = {
        "common_timestamp(t)": "parse_timestamp(t, null)",
        "common_date(t, null)": "parse_date(t, null)",
        "try_cast(common_number(t) as decimal(16, 4))": "parse_money(t, null)",
        "try_cast(common_number(t) as decimal(11, 4))": "parse_rate(t, null)",
        "try_cast(common_number(t) as decimal(13, 6))": "parse_number(t, null)",
        "common_count(t)": "parse_count(t, null)",
    }
    for quick, whole in pairs.items():
        statement = f"select t, {quick} as quick, {whole} as whole from unnest($texts) as r(t)"  # noqa: S608
        differ = f"from ({statement}) where quick is not null and quick is distinct from whole"
        rows = db.execute(differ, {"texts": [text.strip() for text in texts]}).fetchall()
        assert rows == []
