"""A customer's page: how it stands in words, what comes next, what leads on, and the open tab in the address."""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path

import pandas as pd
import pytest

from ccinsight.dashboard.pages.customer_head import standing
from ccinsight.dashboard.pages.customer_tabs import _TABS, without_renewal
from ccinsight.i18n import set_language
from ccinsight.notes import Notes
from tests.dashboard.opening import AS_OF, Open, written

QUERY = f"as-of={AS_OF}&language=en"


def _agreements(*rows: tuple[str, str, str, str | None]) -> pd.DataFrame:
    """Agreements by id, state, first day and last day."""
    frame = pd.DataFrame(rows, columns=["agreement_id", "state", "subscribed_on", "ends_on"])
    days = {name: pd.to_datetime(frame[name]) for name in ("subscribed_on", "ends_on")}
    return frame.assign(**days)


@pytest.mark.parametrize(
    ("rows", "text", "colour"),
    [
        ([("A-1", "active", "2024-01-01", None)], "In force", "blue"),
        ([("A-1", "terminating", "2024-01-01", "2026-12-15")], "Terminated: ends 15 Dec 2026", "orange"),
        (
            [("A-1", "active", "2024-01-01", None), ("A-2", "terminating", "2024-01-01", "2026-12-15")],
            "In force; agreement A-2 is terminated and ends 15 Dec 2026",
            "orange",
        ),
        ([("A-1", "upcoming", "2026-11-01", None)], "Upcoming from 1 Nov 2026", "violet"),
        (
            [("A-1", "ended", "2020-01-01", "2025-06-30"), ("A-2", "ended", "2021-01-01", "2026-06-30")],
            "Ended 30 Jun 2026",
            "gray",
        ),
        ([], "No agreement", "gray"),
    ],
)
def test_the_status_in_words(rows: list[tuple[str, str, str, str | None]], text: str, colour: str) -> None:
    set_language("en")

    assert standing(_agreements(*rows)) == (text, colour)


def test_an_agreement_that_ends_shows_no_renewal() -> None:
    end, later = pd.Timestamp("2026-12-31"), pd.Timestamp("2027-12-31")
    renewal = pd.Timestamp("2027-01-01")
    frame = pd.DataFrame(
        {
            "ends_on": [end, later, pd.NaT],
            "period_end": [end, end, end],
            "renewal_on": [renewal] * 3,
            "price_notice_deadline": [renewal] * 3,
            "termination_deadline": [renewal] * 3,
        }
    )

    assert without_renewal(frame)["renewal_on"].tolist()[1:] == [renewal, renewal]
    assert without_renewal(frame)["renewal_on"].isna().tolist() == [True, False, False]


def test_the_head_of_a_terminated_customer(open_page: Open) -> None:
    site = open_page("customer", f"{QUERY}&id=1104")

    assert not site.exception
    said = [text.value.replace("\\", "") for text in site.markdown]
    assert any(":orange-badge[Terminated: ends 18 Jun 2027]" in text for text in said)
    # what is overdue is not called next, and doesn't hide what is
    assert site.metric[0].label == "Longest overdue"
    assert re.search(r"days overdue; next: [A-Z].* 20\d\d$", site.metric[0].delta)
    links = [link.proto.label for link in site.get("page_link")]
    assert "Prepare the status meeting" in links and "Renewal risk" in links


def test_an_ended_customer_shows_its_last_period(open_page: Open) -> None:
    site = open_page("customer", f"{QUERY}&id=1146")

    assert not site.exception
    assert any(":gray-badge[Ended " in text.value for text in site.markdown)
    assert "Prepare the status meeting" not in [link.proto.label for link in site.get("page_link")]


def test_the_open_tab_is_in_the_address(open_page: Open) -> None:
    site = open_page("customer", f"{QUERY}&id=1004")
    assert "tab" not in site.query_params

    site.segmented_control(key="tab").set_value("contacts").run()
    assert site.query_params["tab"] in ("contacts", ["contacts"])

    again = open_page("customer", f"{QUERY}&id=1004&tab=duties")
    assert again.segmented_control(key="tab").value == "duties"
    assert any(expander.label.startswith("**") for expander in again.expander)


def test_a_link_that_names_a_period_opens_the_periods(open_page: Open) -> None:
    site = open_page("customer", f"{QUERY}&id=1004&period=A-1004/2026-02-28")

    assert site.segmented_control(key="tab").value == "history"


def test_contacts_are_numbered_with_the_hash_on_hover(open_page: Open) -> None:
    site = open_page("customer", f"{QUERY}&id=1069&tab=contacts")

    (table,) = [rows for rows in written(site) if rows[0][0] == "Contact"]
    names = [row[0].replace("\N{NO-BREAK SPACE}", " ") for row in table[1:]]
    assert names == [f"Contact {number}" for number in range(1, len(names) + 1)]
    (body,) = [
        each.proto.body for each in site.get("html") if "Contact\N{NO-BREAK SPACE}1<" in each.proto.body
    ]
    assert len(set(re.findall(r'title="([0-9a-f]{32})"', body))) == len(names)


def test_notes_and_what_was_agreed_lead_from_the_head(open_page: Open, own_database: Path) -> None:
    Notes.beside(own_database).save_agenda(
        "1004",
        date(2025, 2, 28),
        date(2026, 2, 27),
        date(2025, 5, 1),
        agenda="",
        agreed="A course in *May*",
        held_on=date(2025, 4, 30),
        saved_at=datetime(2025, 5, 1),
    )

    site = open_page("customer", f"{QUERY}&id=1004", own_database)

    assert any("Agreed last time, 30 Apr 2025" in text.value for text in site.markdown)


@pytest.mark.parametrize("customer", ["1146", "8001"])
def test_every_tab_opens_for_a_customer_without_an_agreement_in_force(open_page: Open, customer: str) -> None:
    for tab in _TABS:
        site = open_page("customer", f"{QUERY}&id={customer}&tab={tab}")

        assert not site.exception, tab
        assert site.segmented_control(key="tab").value == tab
