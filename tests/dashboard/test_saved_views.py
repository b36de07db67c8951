"""Saved views on the pages: saved, opened in a new session, changed and undone, shown on the overview; older ones."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from ccinsight.access import SEES_ALL
from ccinsight.charts import Days, Mark
from ccinsight.dashboard.session import keys, reads
from ccinsight.dashboard.session import reader as session
from ccinsight.dashboard.widgets import chart_filter, find, layout, table_states, view_subjects
from ccinsight.dashboard.widgets.table_order import Span, Values
from ccinsight.maintenance.backup import back_up, restore
from ccinsight.notes.saved_views import MANAGER, Contents, SavedViews
from tests.access.readers import SILJE
from tests.dashboard.opening import AS_OF, Open

WHEN = datetime(2026, 10, 1, 9, 0)
OF_SILJE = "account-manager=Silje Ødegaard&language=en"


def _views(database: Path) -> SavedViews:
    return SavedViews(database, SEES_ALL, None)


def _save(site: AppTest, name: str, **ticked: bool) -> AppTest:
    if not [button for button in site.button if button.key == "view-save"]:
        site.button(key="open-views").click().run()
    site.text_input(key="view-name").set_value(name)
    for key, value in ticked.items():
        site.checkbox(key=f"view-{key}").set_value(value)
    return site.button(key="view-save").click().run()


def _query(site: AppTest) -> dict[str, list[str]]:
    """The query that the browser has."""
    return parse_qs(site.session_state[keys.QUERY])


def _seen(site: AppTest) -> list[Any]:
    """The title, and the rows of the grids in their order."""
    return [site.title[0].value, *(grid.value.to_csv() for grid in site.dataframe)]


def test_a_view_opens_in_a_new_session_with_the_same_address_rows_and_figure(
    open_page: Open, own_database: Path
) -> None:
    site = open_page("renewals", f"as-of={AS_OF}&months=24&{OF_SILJE}", own_database)
    site.selectbox(key="sort-opened_renewals").set_value("customer_name")
    site.session_state["_falls-opened_renewals"] = True
    site.session_state["_filters-opened_renewals"] = {"users_now": Span(5, None)}
    site.session_state["search-opened_renewals"] = "crm"
    site.run()
    site.button(key="open-views").click().run()
    site.radio(key="view-day").set_value("stays")
    _save(site, "Renewals *to* talk about", shown=True)
    assert not site.exception and not site.error
    saved, address = _seen(site), _query(site)
    (view,) = _views(own_database).all()
    assert (MANAGER, "Silje Ødegaard") in view.contents.subjects

    other = open_page("overview", "language=en", own_database)
    other.button(key=f"view-open-overview-{view.view_id}").click().run()
    assert not other.exception
    assert (_query(other), _seen(other)) == (address, saved)

    linked = open_page("renewals", f"view={view.view_id}&language=en", own_database)
    assert (_query(linked), _seen(linked)) == (address, saved)


def test_the_day_moves_unless_it_is_to_stay(open_page: Open, own_database: Path) -> None:
    views = _views(own_database)
    moving = views.save("Moves", Contents("deadlines", {"days": ["30"]}), WHEN)
    stays = views.save("Stays", Contents("deadlines", {"as-of": [AS_OF]}), WHEN)
    asked = {
        "measure": ["hours,tickets"],
        "by": ["customer,month"],
        "display": ["pivot"],
        "from": ["2026-01"],
    }
    explored = views.save("Explored", Contents("explore", asked), WHEN)
    site = open_page("deadlines", f"as-of=2025-01-01&{OF_SILJE}", own_database)
    site.button(key=f"view-open-sidebar-{moving.view_id}").click().run()
    assert _query(site) == {"days": ["30"], "language": ["en"]}
    site.button(key=f"view-open-sidebar-{stays.view_id}").click().run()
    assert _query(site) == {"as-of": [AS_OF], "days": ["90"], "language": ["en"]}  # the page's own
    site.button(key=f"view-open-sidebar-{explored.view_id}").click().run()
    assert _query(site) == {**asked, "language": ["en"]}
    assert not site.exception and not site.warning


def test_a_view_is_renamed_replaced_and_deleted_and_each_is_undone(
    open_page: Open, own_database: Path, tmp_path: Path
) -> None:
    site = open_page("deadlines", f"as-of={AS_OF}&days=30&language=en", own_database)
    _save(site, "Next month")
    _save(site, "next MONTH")
    assert "already" in site.error[0].value
    (view,) = _views(own_database).all()
    number = view.view_id

    def acts(key: str) -> None:
        site.button(key=key).click().run()
        assert not site.exception and not site.error

    acts(f"view-rename-{number}")
    site.text_input(key="view-new-name").set_value("This month")
    acts("view-rename-save")
    assert _views(own_database).all()[0].name == "This month"
    acts("view-undo")
    assert _views(own_database).all()[0].name == "Next month"

    site.session_state["days"] = "365"
    site.run()
    acts(f"view-replace-{number}")
    assert _views(own_database).all()[0].contents.parameters == {"days": ["365"]}
    acts("view-undo")
    assert _views(own_database).all()[0].contents == view.contents

    back_up(own_database, tmp_path / "copy", made_at=WHEN)
    acts(f"view-delete-{number}")
    assert _views(own_database).all() == []
    assert "Next month" in " ".join(each.value for each in site.markdown)
    acts("view-undo")
    assert _views(own_database).all()[0].contents == view.contents
    acts(f"view-delete-{number}")
    restore(own_database, tmp_path / "copy", restored_at=WHEN)
    assert _views(own_database).all()[0].contents == view.contents


def test_a_view_of_a_page_or_a_value_that_is_gone_says_so(open_page: Open, own_database: Path) -> None:
    views = _views(own_database)
    gone = views.save("Of before", Contents("horoscope", {"star": ["aries"]}), WHEN)
    partly = views.save(
        "Half",
        Contents(
            "deadlines",
            {"days": ["29"], "star": ["aries"], "customer": ["4711"], "as-of": ["when"]},
            {"tables": {"deadlines": {"filters": {"due_on": {"odd": 1}}, "mark": [1]}}, "tabs": [2]},
        ),
        WHEN,
    )
    site = open_page("overview", "language=en", own_database)
    site.button(key=f"view-open-sidebar-{gone.view_id}").click().run()
    assert not site.exception and "isn't here any more" in site.error[0].value
    site.button(key=f"view-open-sidebar-{partly.view_id}").click().run()
    assert not site.exception
    said = site.warning[0].value
    assert all(part in said for part in ("days=29", "star=aries", "4711", "when")) and "doesn't exist" in said

    for unknown in ("4711", "9" * 5000):
        site = open_page("deadlines", f"view={unknown}&language=en", own_database)
        assert not site.exception and unknown in site.warning[0].value


def test_a_limited_reader_sees_no_view_that_names_others(
    open_page: Open, own_database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A shared view is written by somebody who sees all; its customers are found by name, number and filter."""
    monkeypatch.setenv("CCINSIGHT_DATABASE", str(own_database))
    hers = sorted(reads.choices(SILJE).customers.items())
    theirs = sorted(reads.choices(SEES_ALL).customers.items() - hers)
    (own_id, own_name), (other_id, other_name) = hers[0], theirs[0]
    short = other_name.casefold().removesuffix(" as")
    agreement = next(row[3][0] for row in find.customers(SEES_ALL) if row[0] == other_id and row[3])
    writer = SavedViews(own_database, replace(SEES_ALL, key="kari", name="Kari"), None)
    tables = {"tables": {"renewals": {"search": other_name}}}
    held: list[tuple[str, dict[str, list[str]], dict[str, Any]]] = [
        (f"Keep {own_name}", {"customer": [own_id]}, {}),
        ("By filter", {"customer": [own_id, other_id]}, {}),
        (f"Call {short}!", {}, {}),
        (f"On {agreement}", {}, {}),
        ("By renewal", {"renewal": [agreement]}, {}),
        ("By search", {}, tables),
        ("By cell", {"by": ["month,customer"], "cell": [f"tickets~.2026-07~.{other_id}"]}, {}),
        ("By a cell's manager", {"cell": ["tickets~.Torbj%C3%B8rn F%C3%A6r%C3%B8y"]}, {}),
        ("Of Torbjørn Færøy", {}, {}),
    ]
    for name, parameters, choices in held:
        subjects = view_subjects.of(name, parameters, choices)
        writer.save(name, Contents("renewals", parameters, choices, subjects), WHEN, is_shared=True)
    monkeypatch.setattr(session, "current", lambda: SILJE)
    site = open_page("renewals", "language=en", own_database)
    site.button(key="open-views").click().run()
    assert [key for key in _keys(site) if key.startswith("view-open-")] == [
        "view-open-panel-1",
        "view-open-sidebar-1",
    ]
    assert not [key for key in _keys(site) if key.startswith(("view-delete", "view-rename"))]
    shown = " ".join(each.value for each in [*site.markdown, *site.caption])
    assert own_name in shown and "shared by Kari" in shown and other_name not in shown
    linked, unknown = (open_page("renewals", f"view={each}&language=en", own_database) for each in (2, 4711))
    assert linked.warning[0].value.replace("2", "4711") == unknown.warning[0].value
    assert _query(linked) == {"language": ["en"]}


def _keys(site: AppTest) -> list[str]:
    return sorted(button.key for button in site.button if button.key)


def test_a_click_in_a_chart_and_an_open_tab_are_part_of_a_view(monkeypatch: pytest.MonkeyPatch) -> None:
    state: dict[str, Any] = {
        keys.PAGE: "p",
        keys.TABLES: ["contacts"],
        keys.TABS: {"utilization": "contacts"},
    }
    for module in (chart_filter, layout, table_states):
        monkeypatch.setattr(module.st, "session_state", state)
    days = Days(date(2026, 7, 1), date(2026, 7, 31))
    mark = Mark(
        "July", (("opened_at", days), ("channel", ("phone", None)), ("at", (pd.Timestamp("2026-07-01"),)))
    )
    chart_filter.choose("months", "contacts", mark)
    state["_filters-contacts"] = {"a": Values(("x", None)), "b": Span(date(2026, 1, 1), None)}
    state["sort-contacts"], state["_whole-contacts"] = "a", True
    kept = json.loads(json.dumps(table_states.kept()))

    filters = state["_filters-contacts"]
    table_states.restore({"tables": {"contacts": {}}})
    assert chart_filter.chosen("contacts") is None and not state["_filters-contacts"]
    assert "sort-contacts" not in state
    table_states.restore(kept)
    assert chart_filter.chosen("contacts") == mark
    assert (state["_filters-contacts"], state["sort-contacts"], state["_whole-contacts"]) == (
        filters,
        "a",
        True,
    )
    assert state["_next-utilization"] == "contacts"
