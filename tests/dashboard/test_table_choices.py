"""Search, filters of columns and order of a table, and what its files and its line below say of them."""

from __future__ import annotations

import io
import json
from datetime import date

import numpy as np
import openpyxl
import pandas as pd
import pytest
import streamlit as st

from ccinsight.dashboard.widgets import table_choices
from ccinsight.dashboard.widgets.table_files import shown_rows
from ccinsight.dashboard.widgets.table_order import Span, Values, found, kept, sorted_places
from ccinsight.i18n import set_language
from ccinsight.outputs import tables
from ccinsight.outputs.cells import Head
from ccinsight.registry import REPORTS
from tests.dashboard.opening import AS_OF, Open

REPORT = REPORTS["agreements"]
COLUMNS = {column.name: column for column in REPORT.columns}


def _frame() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "customer_name": ["Åsgård AS", "Ærlig AS", None, "Bakke AS"],
            "account_manager": ["Ola", None, "Kari", "Ola"],
            "renewal_on": pd.to_datetime(pd.Series(["2027-03-15", None, "2027-01-01", "2027-04-01"])),
            "invoiced_users": pd.array([1234, None, 5, 40], dtype="Int64"),
            "rate": [1450.5, np.nan, 990.0, 990.0],
        }
    )


@pytest.mark.parametrize("is_falling", [False, True])
@pytest.mark.parametrize("name", ["customer_name", "account_manager", "renewal_on", "invoiced_users", "rate"])
def test_unknown_is_last_in_either_direction(name: str, is_falling: bool) -> None:
    values = _frame()[name]

    places = sorted_places(values, COLUMNS[name], is_falling)

    assert sorted(places) == [0, 1, 2, 3]
    known = values.iloc[places].dropna()
    assert places[: len(known)] == list(known.index), "the known ones are before the unknown"


def test_texts_go_by_the_norwegian_alphabet_and_numbers_in_them_by_size() -> None:
    names = pd.Series(["Åse", "Ærlig", "Øst", "bakke", "Zebra", ""])
    bands = pd.Series(["10–24", "unknown", "100+", "5–9"])

    by_name = sorted_places(names, COLUMNS["customer_name"], is_falling=False)
    falling = sorted_places(bands, REPORTS["customers"].column("user_band"), is_falling=True)

    assert [names[place] for place in by_name] == ["bakke", "Zebra", "Ærlig", "Øst", "Åse", ""]
    assert [bands[place] for place in falling] == ["100+", "10–24", "5–9", "unknown"]


@pytest.mark.parametrize(
    ("query", "places"),
    [("", [0, 1, 2, 3]), ("ås", [0]), ("AS ola", [0, 3]), ("1 234", [0]), ("15.03.2027", [0]), ("x", [])],
)
def test_a_search_finds_words_as_they_are_written(query: str, places: list[int]) -> None:
    set_language("nb")

    is_found = found(
        _frame().fillna({"customer_name": "7"}), [COLUMNS[str(name)] for name in _frame()], query
    )

    assert np.flatnonzero(is_found).tolist() == places


@pytest.mark.parametrize(
    ("name", "wanted", "places"),
    [
        ("account_manager", Values(("Ola",)), [0, 3]),
        ("account_manager", Values((None, "Kari")), [1, 2]),
        ("renewal_on", Span(date(2027, 1, 1), date(2027, 3, 15)), [0, 2]),
        ("renewal_on", Span(None, date(2027, 3, 14)), [2]),
        ("invoiced_users", Span(40, None), [0, 3]),
        ("rate", Span(None, 1000), [2, 3]),
    ],
)
def test_a_filter_of_a_column_keeps_its_rows(name: str, wanted: Values | Span, places: list[int]) -> None:
    assert np.flatnonzero(kept(_frame()[name], COLUMNS[name], wanted)).tolist() == places


def test_a_share_is_limited_in_the_percent_that_are_shown() -> None:
    values = pd.Series([0.5, 0.855, None])

    assert kept(values, REPORTS["utilization"].column("licence_use"), Span(80, 90)).tolist() == [
        False,
        True,
        False,
    ]


def test_a_click_on_a_heading_sorts_and_the_next_one_reverses(monkeypatch: pytest.MonkeyPatch) -> None:
    state: dict[str, object] = {}
    monkeypatch.setattr(st, "session_state", state)
    seen = []
    for columns in (["rate"], [], ["renewal_on"], ["renewal_on"]):
        state["table-x"] = {"selection": {"columns": columns, "rows": [1]}}
        table_choices.by_header("x", "table-x")
        seen.append((state["sort-x"], state["_falls-x"]))

    # the last event chose a row, and the heading is the one that it was
    assert seen == [("rate", False), ("rate", True), ("renewal_on", False), ("renewal_on", False)]


def test_a_table_is_searched_sorted_and_shown_whole_again(open_page: Open) -> None:
    site = open_page("renewals", f"as-of={AS_OF}&language=en")
    key = "opened_renewals"
    whole = site.dataframe[0].value
    assert whole["value_next"].isna().any() and len(whole) > 12
    assert json.loads(site.dataframe[0].proto.columns)["customer_name"]["pinned"] is True

    for falls in (False, True):
        site.selectbox(f"sort-{key}").set_value("value_next").run()
        if falls:
            site.button(f"falls-{key}").click().run()
        values = site.dataframe[0].value["value_next"]
        known = values.dropna()
        assert values.head(len(known)).notna().all(), "unknown is last"
        assert known.is_monotonic_decreasing if falls else known.is_monotonic_increasing, falls

    word = str(whole["customer_name"].iloc[0]).split()[0]
    site.text_input(f"search-{key}").set_value(word).run()
    part = site.dataframe[0].value
    assert 0 < len(part) < len(whole)
    assert part["customer_name"].str.contains(word).all()
    assert f"{len(part)} of {len(whole)} rows" in " ".join(caption.value for caption in site.caption)
    (label,) = [each.label for each in site.download_button if each.key == f"csv-{key}"]
    assert label == f"CSV, {len(part)} row" + ("s" if len(part) > 1 else "")

    site.text_input(f"search-{key}").set_value("no such customer").run()
    assert len(site.dataframe) == 0 and not site.exception
    site.button(f"clear-{key}").click().run()
    assert len(site.dataframe[0].value) == len(whole)


def test_a_column_is_filtered_by_its_values(open_page: Open) -> None:
    site = open_page("renewals", f"as-of={AS_OF}&language=en")
    key = "opened_renewals"
    whole = site.dataframe[0].value

    site.button(f"filter-{key}").click().run()
    site.multiselect(f"values-{key}-renewal_status").set_value(["Open"]).run()
    opened = site.dataframe[0].value
    site.text_input(f"from-{key}-users_now").set_value("50").run()
    large = site.dataframe[0].value
    site.button(f"filter-{key}").click().run()

    assert set(opened["renewal_status"]) == {"Open"} and len(opened) < len(whole)
    assert large["users_now"].min() >= 50 and len(large) == int((opened["users_now"] >= 50).sum())
    assert len(site.dataframe[0].value) == len(large), "a closed panel keeps its filters"
    assert site.button(f"filter-{key}").label == "2 columns filtered"


def test_a_file_says_what_it_leaves_out() -> None:
    set_language("en")
    chosen = table_choices.Chosen([0], (("Search", "bakke"),))

    head = chosen.head(Head(date(2026, 3, 15)))
    content = tables.write(shown_rows(_frame(), REPORT), "xlsx", REPORT, head, labels=True)

    about = openpyxl.load_workbook(io.BytesIO(content)).worksheets[1]
    assert ("Search", "bakke") in [row[:2] for row in about.iter_rows(values_only=True)]
    assert tables.file_name("agreements", "csv", head) == "agreements_2026-03-15_bakke.csv"
