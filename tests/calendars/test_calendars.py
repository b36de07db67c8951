"""The calendar file, parsed back as a calendar would."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pandas as pd
from icalendar import Calendar

from ccinsight import calendars, i18n

AS_OF = date(2026, 3, 15)


def _deadline(
    kind: str = "termination",
    due_on: str = "2026-04-05",
    act_by: str | None = "2026-03-31",
    agreement_id: str = "A-5059",
    annual_value: float | None = 18066.9,
) -> dict[str, object]:
    return {
        "due_on": pd.Timestamp(due_on),
        "act_by": pd.Timestamp(act_by) if act_by else pd.NaT,
        "kind": kind,
        "agreement_id": agreement_id,
        "customer_id": "10455",
        "customer_name": "Jæren Bygg & Sønner; AS, avd. Nord",
        "account_manager": None,
        "days_left": 21,
        "annual_value": annual_value,
    }


def _parsed(*rows: dict[str, object], as_of: date = AS_OF) -> Any:
    frame = pd.DataFrame(rows, columns=list(_deadline()))
    return Calendar.from_ical(calendars.calendar(frame, as_of))


def _events(*rows: dict[str, object], as_of: date = AS_OF) -> list[Any]:
    return list(_parsed(*rows, as_of=as_of).walk("VEVENT"))


def test_a_deadline_is_an_all_day_event_on_its_act_by_date() -> None:
    [event] = _events(_deadline())
    assert event["dtstart"].dt == date(2026, 3, 31)
    assert event["dtend"].dt == date(2026, 4, 1)
    assert event["dtstart"].params["VALUE"] == "DATE"
    assert event["transp"] == "TRANSPARENT"
    assert str(event["summary"]) == "Termination deadline: Jæren Bygg & Sønner; AS, avd. Nord"


def test_the_description_says_whom_when_how_much_and_why() -> None:
    [event] = _events(_deadline())
    assert str(event["description"]).split("\n") == [
        "Customer: Jæren Bygg & Sønner; AS, avd. Nord",
        "Customer no.: 10455",
        "Agreement: A-5059",
        "Date: 5 Apr 2026",
        "Act by: 31 Mar 2026",
        "Annual value: 18,067\N{NO-BREAK SPACE}kr",
        "",
        "The last day on which a whole month of notice still fits before the period ends; "
        "a notice on the day is in time. (Clause A12, rule R2)",
        "As known on 15 Mar 2026.",
    ]


def test_an_unknown_value_is_named() -> None:
    [event] = _events(_deadline(annual_value=None))
    assert "Annual value: unknown" in str(event["description"])


def test_the_time_of_writing_is_the_as_of_date() -> None:
    [event] = _events(_deadline())
    assert event["dtstamp"].dt == datetime(2026, 3, 15, tzinfo=UTC)
    assert calendars.calendar(pd.DataFrame([_deadline()]), AS_OF) == calendars.calendar(
        pd.DataFrame([_deadline()]), AS_OF
    )


def test_the_same_date_keeps_its_uid_and_others_have_their_own() -> None:
    rows = [
        _deadline(),
        _deadline(kind="price_notice"),
        _deadline(due_on="2027-04-05"),
        _deadline(agreement_id="A-5060"),
    ]
    first = [str(event["uid"]) for event in _events(*rows)]
    later = [str(event["uid"]) for event in _events(*rows, as_of=date(2026, 3, 20))]
    assert first == later
    assert len(set(first)) == 4


def test_deadlines_ring_a_week_before_at_nine_and_renewals_do_not() -> None:
    deadline, renewal = _events(_deadline(), _deadline(kind="renewal", act_by=None))
    [alarm] = deadline.walk("VALARM")
    midnight = datetime(2026, 3, 31)
    assert midnight + alarm["trigger"].dt == datetime(2026, 3, 24, 9)
    assert alarm["trigger"].dt == timedelta(days=-7, hours=9)
    assert renewal.walk("VALARM") == []
    assert renewal["dtstart"].dt == date(2026, 4, 5)


def test_signs_of_the_format_in_a_name_are_escaped() -> None:
    row = _deadline() | {"customer_name": "A\\B, C; D\nE"}
    content = calendars.calendar(pd.DataFrame([row]), AS_OF).decode().replace("\r\n ", "")
    assert "SUMMARY:Termination deadline: A\\\\B\\, C\\; D\\nE\r\n" in content


def test_no_deadlines_make_an_empty_calendar() -> None:
    book = _parsed()
    assert book.walk("VEVENT") == []
    assert book["version"] == "2.0"
    assert book["method"] == "PUBLISH"


def test_lines_are_folded_and_end_as_the_standard_says() -> None:
    content = calendars.calendar(pd.DataFrame([_deadline()]), AS_OF)
    lines = content.split(b"\r\n")
    assert lines[-1] == b""
    assert max(len(line) for line in lines) <= 75
    assert b"\n" not in content.replace(b"\r\n", b"")


def test_texts_follow_the_language() -> None:
    i18n.set_language("nb")
    [event] = _events(_deadline())
    assert "05.04.2026" in str(event["description"])
