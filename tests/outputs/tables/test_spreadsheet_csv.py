"""The CSV of a page, read back as Excel with Norwegian regional settings reads it."""

from __future__ import annotations

import csv
import io
import re
from datetime import date, datetime
from decimal import Decimal

import pyarrow as pa
import pytest

from ccinsight.i18n import set_language
from ccinsight.outputs import tables
from ccinsight.registry import REPORTS


def _read_in_norway(content: bytes) -> list[list[object]]:
    """The cells as Excel takes them: numbers with a decimal comma, days with points, ``="x"`` as the text x."""
    assert content.startswith(b"\xef\xbb\xbf"), "without the mark Excel reads æ, ø and å as other letters"
    lines = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";")
    return [[_cell(text) for text in line] for line in lines]


def _cell(text: str) -> object:
    if kept := re.fullmatch(r'="(.*)"', text):
        return kept[1]
    if re.fullmatch(r"-?\d+(,\d+)?", text):
        return Decimal(text.replace(",", "."))
    if re.fullmatch(r"\d\d\.\d\d\.\d{4}", text):
        return datetime.strptime(text, "%d.%m.%Y").date()
    if re.fullmatch(r"\d\d\.\d\d\.\d{4} \d\d:\d\d", text):
        return datetime.strptime(text, "%d.%m.%Y %H:%M")
    return text or None


def _renewals() -> pa.Table:
    return pa.table(
        {
            "agreement_id": ["0017", "A-2"],
            "customer_name": ["Sør; Tre & Lås AS", 'Åsgård "Øst"'],
            "renewal_on": pa.array([date(2026, 3, 30), None]),
            "renewal_status": ["will_renew", "open"],
            "users_now": pa.array([1043, None], pa.int64()),
            "rate_now": pa.array([Decimal("1323.9800"), Decimal("0.1250")], pa.decimal128(18, 4)),
            "value_now": pa.array([Decimal("-56931.10"), None], pa.decimal128(18, 2)),
        }
    )


@pytest.mark.parametrize(
    ("language", "headings", "labels"),
    [
        ("nb", ["Kunde", "Brukere nå", "Sats nå (kr per bruker og år)"], ["Fornyes", "Åpen"]),
        ("en", ["Customer", "Users now", "Rate now (kr per user and year)"], ["Will renew", "Open"]),
    ],
)
def test_norwegian_excel_reads_the_rows_of_the_report(
    language: str, headings: list[str], labels: list[str]
) -> None:
    set_language(language)

    head, *rows = _read_in_norway(tables.write(_renewals(), "csv", REPORTS["renewals"], labels=True))

    assert [head[1], *head[4:6]] == headings
    expected = _renewals().set_column(3, "renewal_status", pa.array(labels))
    assert rows == [list(row.values()) for row in expected.to_pylist()]


def test_shares_are_percent_as_their_heading_says() -> None:
    set_language("en")
    table = pa.table({"licence_use": [Decimal("0.8550000000"), None], "percentile": [1 / 8, 1.0]})

    rows = _read_in_norway(tables.write(table, "csv", REPORTS["utilization"], labels=True))

    assert rows == [
        ["Licence use (%)", REPORTS["utilization"].column("percentile").heading()],
        [Decimal("85.5"), Decimal("12.5")],
        [None, Decimal(100)],
    ]


def test_moments_and_answers_are_in_words() -> None:
    set_language("nb")
    table = pa.table({"opened_at": [datetime(2026, 3, 1, 9, 5)], "is_covered": [True]})

    rows = _read_in_norway(tables.write(table, "csv", REPORTS["ticket_list"], labels=True))

    assert rows[1] == [datetime(2026, 3, 1, 9, 5), "ja"]


def test_an_unknown_band_is_named_in_the_files_language() -> None:
    set_language("nb")
    table = pa.table({"user_band": ["unknown", "10–24"]})

    rows = _read_in_norway(tables.write(table, "csv", REPORTS["customers"], labels=True))

    assert [row[0] for row in rows[1:]] == ["ukjent", "10–24"]


@pytest.mark.parametrize("text", ["007", "123456789012345678", "1E5", "3-2", "1/4", "1.10", "2026-03-01"])
def test_a_text_that_excel_would_change_is_kept(text: str) -> None:
    content = tables.write(pa.table({"agreement_id": [text]}), "csv", REPORTS["renewals"], labels=True)

    assert _read_in_norway(content)[1] == [text]
    assert f'"=""{text}"""'.encode() in content


def test_no_text_is_run() -> None:
    run = ('=HYPERLINK("http://x";"y")', "+1+2", "-2+3", "@sum(a1)", "\t=1", "\r=1")
    table = pa.table({"customer_name": run, "amount": [Decimal("-5.00")] * len(run)})

    rows = _read_in_norway(tables.write(table, "csv", REPORTS["invoice_lines"], labels=True))[1:]

    assert [row[0] for row in rows] == [f"'{text}" for text in (*run[:5], "\n=1")]
    assert {row[1] for row in rows} == {Decimal(-5)}
