"""What the finder is given: places that exist, words for every page, nothing that the reader may not open."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain

import pytest
import streamlit

from ccinsight.access import SEES_ALL, Right
from ccinsight.dashboard.navigation import PAGES
from ccinsight.dashboard.session import address, keys
from ccinsight.dashboard.widgets import find_index
from ccinsight.errors import CcinsightError
from ccinsight.i18n import set_language
from ccinsight.registry import MEASURES, REPORTS
from ccinsight.registry.words import parse, words
from tests.access.readers import SILJE


def test_every_place_exists_and_is_called_something() -> None:
    found = words()
    assert found.pages.keys() <= PAGES.keys()
    assert found.figures.keys() <= MEASURES.keys() and found.reports.keys() <= REPORTS.keys()
    assert found.settings.keys() == find_index.SETTINGS.keys()
    for place in chain(found.figures.values(), found.reports.values()):
        for name, value in place.parameters.items():
            allowed = PAGES[place.page].parameters[name].values
            assert allowed is None or value in allowed, (place, name)
    called = [*found.pages.values(), *found.settings.values()]
    called += [place.words for place in chain(found.figures.values(), found.reports.values())]
    assert all(called) and sum(map(len, called)) > 300


def test_a_fault_in_the_words_is_named() -> None:
    with pytest.raises(CcinsightError, match=r"words\.toml: figures\.arr\.page"):
        parse('ignored = []\n[figures]\narr = { words = ["x"] }')
    with pytest.raises(CcinsightError, match="tabs"):
        parse('ignored = []\n[reports]\nx = { page = "revenue", words = [], tabs = "x" }')


def _keys(reader: object) -> set[str]:
    return {str(entry["key"]) for entry in find_index.entries(reader)}  # type: ignore[arg-type]


def test_a_limited_reader_finds_no_page_of_the_whole_database(monkeypatch: pytest.MonkeyPatch) -> None:
    set_language("en")
    state: dict[str, object] = {}
    monkeypatch.setattr(streamlit, "session_state", state)
    went: list[tuple[str, dict[str, object]]] = []

    def go(page: str, **values: object) -> None:
        assert {name for name in values if values[name] is None} <= PAGES[page].parameters.keys()
        went.append((page, {name: value for name, value in values.items() if value}))

    monkeypatch.setattr(address, "go", go)
    everything, limited = _keys(SEES_ALL), _keys(SILJE)
    hidden = {"page:data", "page:mapping", "report:imports", "figure:rows_rejected", "setting:upload"}
    assert hidden <= everything and limited < everything and not hidden & limited
    assert {"page:deadlines", "report:contacts", "figure:arr", "definition:deadlines.due_on"} <= limited
    importing = _keys(replace(SILJE, rights=frozenset({Right.IMPORT})))
    assert {"page:data", "setting:upload"} <= importing and "report:imports" not in importing

    for key in ("report:imports", "page:nowhere", "view:1", "nonsense", "page:"):
        find_index.go(key, SILJE)
    assert went == []
    find_index.go("report:contacts", SILJE)
    assert went == [("utilization", {})] and state == {"_next-utilization": "contacts"}
    find_index.go("figure:missed_price_change", SILJE)
    assert went[-1] == ("renewals", {"forecast": "missed"})
    find_index.go("setting:views", SILJE)
    assert state[keys.VIEWS_OPEN] == "overview"
