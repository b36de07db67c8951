"""Letters recorded as sent (R14): what they change in every report, and how they are taken back, kept and forgotten."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest

from ccinsight.errors import CcinsightError
from ccinsight.i18n import set_language
from ccinsight.ingest.history.undoing import possible_undo, undo
from ccinsight.ingest.price_letters import Letter, Step, Version, record_letters
from ccinsight.maintenance.forget import forget
from ccinsight.maintenance.rows_to_forget import Customer
from ccinsight.outputs import explain
from tests.documents.letters.small import AS_OF, LATER, NEW, WHEN, imported, rows

PRODUCT = "CloudCare CRM"
STEPS = (Step("standard", 1, Decimal(1300)), Step("standard", 25, Decimal(1100)))
VERSION = Version(PRODUCT, NEW, STEPS)
FIRST = Letter("A-1", PRODUCT, "list", NEW, date(2026, 2, 14))
SECOND = Letter("A-2", PRODUCT, "list", NEW, date(2026, 3, 17))
SENT = date(2026, 1, 18)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return imported(tmp_path_factory.mktemp("letters"))


@pytest.fixture(scope="module")
def recorded(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With a letter to A-1, about a list that is new; and the file from before it."""
    folder = tmp_path_factory.mktemp("recorded")
    database = Path(shutil.copy(made, folder / "ccinsight.duckdb"))
    record_letters(database, [FIRST], SENT, version=VERSION, recorded_at=WHEN, recorded_by="kari")
    return database


@pytest.fixture
def database(recorded: Path, tmp_path: Path) -> Path:
    shutil.copytree(recorded.parent, tmp_path / "copy")
    return tmp_path / "copy" / recorded.name


def _states(database: Path, as_of: date = AS_OF) -> dict[str, str]:
    """Agreement → the state of its next price notice."""
    found = rows(database, "deadlines", as_of, days=200)
    return {
        row["agreement_id"]: row["price_notice_state"] for row in reversed(found) if row["price_notice_state"]
    }


def _notices(database: Path, as_of: date = AS_OF) -> set[str]:
    """The agreements with a duty to send a notice."""
    return {row["agreement_id"] for row in rows(database, "duties", as_of) if row["kind"] == "price_notice"}


def _next_period(database: Path, as_of: date = AS_OF) -> dict[str, Any]:
    found = [row for row in rows(database, "agreement_periods", as_of) if row["agreement_id"] == "A-1"]
    return next(row for row in found if row["period_start"] == NEW)


def _as_on_the_page(row: dict[str, Any]) -> dict[str, Any]:
    """The row as pages have it, with days as moments."""
    return {key: pd.Timestamp(value) if isinstance(value, date) else value for key, value in row.items()}


def test_a_letter_changes_the_planner_the_duty_and_the_explanation_and_undo_takes_it_back(
    database: Path,
) -> None:
    set_language("en")
    # the list is stored: planned for the others, whose duty it is; announced to the one who got the letter
    assert _states(database) == {"A-1": "announced", "A-2": "planned", "A-3": "planned", "A-4": "none"}
    assert _notices(database) == {"A-2", "A-3"}
    # on the day before, it was planned for that one too
    assert _states(database, SENT - timedelta(days=1))["A-1"] == "planned"
    period = _next_period(database)
    assert (period["rate"], period["announced_on"]) == (Decimal("1300.00"), SENT)
    assert "announced on 18 Jan 2026" in " ".join(explain.period(_as_on_the_page(period), AS_OF))
    (plan,) = [
        row
        for row in rows(database, "price_plan", product_name=PRODUCT, valid_on=NEW, percent=Decimal(5))
        if row["agreement_id"] == "A-1"
    ]
    assert (plan["price_notice_state"], plan["rate"]) == ("announced", Decimal("1300.00"))
    renewal = next(row for row in rows(database, "renewals") if row["agreement_id"] == "A-1")
    assert (renewal["rate_next"], renewal["missed_price_change"]) == (Decimal("1300.00"), 0)
    # after the deadline the one without a letter misses it, the one with keeps it
    later = date(2026, 4, 2)
    late = {row["agreement_id"]: row["rate_next"] for row in rows(database, "renewals", later)}
    assert (late["A-1"], late["A-2"]) == (Decimal("1300.00"), Decimal("1000.00"))
    (sent,) = rows(database, "sent_letters")
    assert (sent["agreement_id"], sent["sent_on"], sent["renewal_on"], sent["recorded_by"]) == (
        "A-1",
        SENT,
        NEW,
        "kari",
    )
    assert {row["agreement_id"] for row in rows(database, "price_letters")} == {"A-2", "A-3"}

    asked = possible_undo(database)
    assert asked and "price letters" in asked.asked()
    assert f"{PRODUCT} 2026-04-01" in undo(database).done()

    assert _states(database) == {"A-1": "none", "A-2": "none", "A-3": "none", "A-4": "none"}
    assert _next_period(database)["rate"] == Decimal("1200.00")


@pytest.mark.parametrize(
    ("letters", "sent_on", "version", "message"),
    [
        # a day that lies ahead, one after the deadline, none chosen
        ((FIRST,), WHEN.date() + timedelta(days=1), VERSION, "The day lies ahead"),
        (
            (FIRST, SECOND),
            date(2026, 2, 15),
            VERSION,
            "too late for agreement A-1: the last day .* 14 Feb 2026",
        ),
        ((), SENT, VERSION, "Choose at least one agreement"),
        # a list that would count as announced to everybody on the day of its letters
        ((FIRST,), SENT, Version(PRODUCT, SENT, STEPS), "valid from a later day than its letters"),
        ((FIRST,), SENT, Version(PRODUCT, NEW, ()), "has no rows"),
        # the day has another list
        ((FIRST,), SENT, Version(PRODUCT, date(2023, 1, 1), STEPS), "another price list from 1 Jan 2023"),
        # a price that isn't there
        ((FIRST,), SENT, None, "There is no price from 1 Apr 2026 for agreement A-1"),
        ((Letter("A-4", PRODUCT, "direct", NEW, SENT),), SENT, VERSION, "There is no price from 1 Apr 2026"),
    ],
)
def test_what_cannot_be_recorded_changes_nothing(
    made: Path, letters: tuple[Letter, ...], sent_on: date, version: Version | None, message: str
) -> None:
    set_language("en")
    before = made.read_bytes()
    when = LATER.replace(month=3) if sent_on.month == 2 else WHEN

    with pytest.raises(CcinsightError, match=message):
        record_letters(made, letters, sent_on, version=version, recorded_at=when)

    assert made.read_bytes() == before


def test_letters_go_with_their_customer(database: Path) -> None:
    forget(database, Customer("1"), forgotten_at=LATER, forgotten_by=None)

    assert rows(database, "sent_letters") == []
    # it was the last letter about its list, which goes with it
    assert _states(database) == {"A-2": "none", "A-3": "none", "A-4": "none"}
    assert rows(database, "price_steps", valid_on=NEW)[0]["valid_from"] < NEW
    with duckdb.connect(str(database), read_only=True) as connection:
        assert connection.execute("from stored.price_letters").fetchall() == []


def test_a_list_stays_while_another_customer_has_a_letter_about_it(database: Path) -> None:
    record_letters(database, [SECOND], SENT, version=VERSION, recorded_at=WHEN)
    forget(database, Customer("1"), forgotten_at=LATER, forgotten_by=None)

    assert [row["agreement_id"] for row in rows(database, "sent_letters")] == ["A-2"]
    assert _states(database) == {"A-2": "announced", "A-3": "planned", "A-4": "none"}
