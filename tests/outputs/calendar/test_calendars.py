"""The calendar file, parsed back as a calendar would."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from icalendar import Calendar

from ccinsight import i18n
from ccinsight.outputs import calendar_file


def _row(**columns: Any) -> dict[str, Any]:
    return {
        "uid": "0123@ccinsight",
        "status": "confirmed",
        "sequence": 7,
        "changed_at": datetime(2026, 3, 2, 9, 30),
        "due_on": date(2026, 4, 5),
        "act_by": date(2026, 3, 31),
        "kind": "termination",
        "agreement_id": "A-5059",
        "customer_id": "10455",
        "customer_name": "Jæren Bygg & Sønner; AS, avd. Nord",
        "account_manager": None,
        "annual_value": Decimal("18066.90"),
        "price_notice_state": None,
        "period_number": 3,
        **columns,
    }


def _file(*rows: dict[str, Any], filters: tuple[tuple[str, str], ...] = ()) -> bytes:
    return calendar_file.calendar(pa.Table.from_pylist(list(rows)), filters)


def _parsed(*rows: dict[str, Any]) -> Any:
    return Calendar.from_ical(_file(*rows))


def _events(*rows: dict[str, Any]) -> list[Any]:
    return list(_parsed(*rows).walk("VEVENT"))


def test_a_deadline_is_an_all_day_event_on_its_act_by_date() -> None:
    [event] = _events(_row())
    assert event["dtstart"].dt == date(2026, 3, 31)
    assert event["dtend"].dt == date(2026, 4, 1)
    assert event["dtstart"].params["VALUE"] == "DATE"
    assert event["transp"] == "TRANSPARENT"
    assert event["status"] == "CONFIRMED"
    assert str(event["summary"]) == "Termination deadline: Jæren Bygg & Sønner; AS, avd. Nord"


def test_the_description_says_whom_when_how_much_and_why() -> None:
    [event] = _events(_row())
    lines = str(event["description"]).split("\n")
    assert lines[:4] == [
        "Customer: Jæren Bygg & Sønner; AS, avd. Nord",
        "Customer no.: 10455",
        "Agreement: A-5059",
        "Date: 5 Apr 2026",
    ]
    assert lines[4].endswith(": 31 Mar 2026")
    assert lines[5:] == [
        "Annual value: 18,067\N{NO-BREAK SPACE}kr",
        "",
        "The last day on which a whole month of notice still fits before the period ends; "
        "a notice on the day is in time. (Clause A12, rule R2)",
    ]


def test_an_unknown_value_is_named() -> None:
    [event] = _events(_row(annual_value=None))
    assert "Annual value: unknown" in str(event["description"])


@pytest.mark.parametrize(
    ("changed_at", "written"),
    [
        (datetime(2026, 3, 2, 9, 30), datetime(2026, 3, 2, 8, 30, tzinfo=UTC)),
        (datetime(2026, 7, 2, 9, 30), datetime(2026, 7, 2, 7, 30, tzinfo=UTC)),
    ],
)
def test_times_and_number_are_those_of_the_change(changed_at: datetime, written: datetime) -> None:
    [event] = _events(_row(changed_at=changed_at))
    assert event["dtstamp"].dt == event["last-modified"].dt == written
    assert event["sequence"] == 7
    assert str(event["uid"]) == "0123@ccinsight"


def test_deadlines_ring_a_week_before_at_nine_and_renewals_do_not() -> None:
    deadline, renewal = _events(_row(), _row(uid="1", kind="renewal", act_by=None))
    [alarm] = deadline.walk("VALARM")
    midnight = datetime(2026, 3, 31)
    assert midnight + alarm["trigger"].dt == datetime(2026, 3, 24, 9)
    assert alarm["trigger"].dt == timedelta(days=-7, hours=9)
    assert renewal.walk("VALARM") == []
    assert renewal["dtstart"].dt == date(2026, 4, 5)


def test_a_price_notice_to_be_sent_rings() -> None:
    [event] = _events(_row(kind="price_notice", price_notice_state="planned"))
    assert str(event["summary"]).startswith("Price-notice deadline: Jæren")
    assert len(event.walk("VALARM")) == 1


@pytest.mark.parametrize("state", ["none", "announced", "missed", None])
def test_a_price_notice_that_need_not_be_sent_is_information(state: str | None) -> None:
    [event] = _events(_row(kind="price_notice", price_notice_state=state))
    assert str(event["summary"]).startswith("Price notice (for information): Jæren")
    assert event["dtstart"].dt == date(2026, 3, 31)
    assert event.walk("VALARM") == []


def test_a_cancelled_date_says_so_and_does_not_ring() -> None:
    [event] = _events(_row(status="cancelled"))
    assert event["status"] == "CANCELLED"
    assert str(event["summary"]).startswith("No longer holds: Termination deadline: Jæren")
    assert "It no longer holds." in str(event["description"])
    assert event["dtstart"].dt == date(2026, 3, 31)
    assert event.walk("VALARM") == []


def test_signs_of_the_format_in_a_name_are_escaped() -> None:
    content = _file(_row(customer_name="A\\B, C; D\nE")).decode().replace("\r\n ", "")
    assert "SUMMARY:Termination deadline: A\\\\B\\, C\\; D\\nE\r\n" in content


def test_control_characters_and_line_ends_of_a_name_do_no_harm() -> None:
    content = _file(_row(customer_name="A\x00B\x1bC\r\nD\rE\x7f"))
    [event] = Calendar.from_ical(content).walk("VEVENT")
    assert str(event["summary"]) == "Termination deadline: ABC\nD\nE"
    assert not [sign for sign in content if sign < 32 and sign not in b"\r\n"]


def test_no_deadlines_make_an_empty_calendar() -> None:
    book = _parsed()
    assert book.walk("VEVENT") == []
    assert book["version"] == "2.0"
    assert book["method"] == "PUBLISH"


def test_the_file_names_the_filters() -> None:
    book = Calendar.from_ical(_file(_row(), filters=(("Account manager", "Kari, Ola"),)))
    assert book["x-wr-caldesc"] == "Account manager: Kari, Ola"


def test_lines_are_folded_and_end_as_the_standard_says() -> None:
    content = _file(_row())
    lines = content.split(b"\r\n")
    assert lines[-1] == b""
    assert max(len(line) for line in lines) <= 75
    assert b"\n" not in content.replace(b"\r\n", b"")


def test_texts_follow_the_language() -> None:
    i18n.set_language("nb")
    [event] = _events(_row(kind="price_notice", price_notice_state="none"))
    assert "05.04.2026" in str(event["description"])
    assert str(event["summary"]).startswith("Prisvarsel (til orientering): ")
