"""Marks of charts: the rows that each stands for, and a table limited to those of one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from ccinsight.access import SEES_ALL
from ccinsight.charts import Chart, Days, Mark
from ccinsight.dashboard.widgets import chart_filter, chart_view, table_choices
from ccinsight.database.scope import Scope
from ccinsight.database.warehouse import Warehouse
from ccinsight.i18n import in_language, month
from tests.dashboard.opening import AS_OF, Open, pick

# Pages and their queries, with how many charts on them filter a table that stands there at first.
PAGES = [
    ("deadlines", "&days=365", 1),
    ("renewals", "", 2),
    ("renewals", "&forecast=forecast", 1),
    ("leakage", "", 1),
    ("price_plan", "", 1),
    ("risk", "", 2),
    ("status_meetings", "", 1),
    ("revenue", "&section=retention", 1),
    ("revenue", "&section=cohorts", 1),
    ("revenue", "&section=bands", 1),
    ("revenue", "&section=account_manager", 1),
    ("customer", "&id=1001&tab=users", 1),
]


class _Seen:
    """The charts that a page drew, with their tables, and the rows of each table by its key."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.charts: list[tuple[Chart, chart_filter.Tables | None]] = []
        self.frames: dict[str, pd.DataFrame] = {}
        self._page = ""
        draw_chart, draw_table = chart_view._Waiting.draw, table_choices.draw

        def chart(waiting: chart_view._Waiting) -> None:
            self._begin()
            self.charts.append((waiting.made(), waiting.tables))
            draw_chart(waiting)

        def table(*arguments: object, **options: object) -> table_choices.Chosen:
            self._begin()
            self.frames[str(arguments[4])] = arguments[1]  # type: ignore[assignment]
            return draw_table(*arguments, **options)  # type: ignore[arg-type]

        monkeypatch.setattr(chart_view._Waiting, "draw", chart)
        monkeypatch.setattr(table_choices, "draw", table)

    def _begin(self) -> None:
        """Forgets the page that was shown before."""
        if st.session_state["_page"] != self._page:
            self._page, self.charts, self.frames = st.session_state["_page"], [], {}

    def marks(self) -> Iterator[tuple[Mark, pd.DataFrame]]:
        """Each mark that is drawn and its table, where that stands on the page."""
        for chart, tables in self.charts:
            for trace, of_trace in chart.marks.items():
                drawn = chart.figure.data[trace]
                values = drawn.x if getattr(drawn, "orientation", None) == "h" else drawn.y
                for mark, value in zip(of_trace, values, strict=False):
                    key = tables(mark) if mark and callable(tables) else tables
                    first = key if isinstance(key, str) else next(iter(key or ()), "")  # type: ignore[arg-type]
                    if mark and first in self.frames and value is not None and value != 0:
                        yield mark, self.frames[first]


def test_every_mark_of_every_page_has_rows_in_its_table(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    for page, query, charts in PAGES:
        with monkeypatch.context() as patch:
            seen = _Seen(patch)
            assert not open_page(page, f"as-of={AS_OF}&language=en{query}").exception
            found = [
                (mark.name, int(chart_filter.rows_of(frame, mark).sum())) for mark, frame in seen.marks()
            ]
        assert len([1 for _chart, tables in seen.charts if tables]) >= charts, page
        assert found and all(count for _name, count in found), (page, found)


def test_a_mark_limits_its_table_until_all_rows_are_shown_again(open_page: Open) -> None:
    site = open_page("renewals", f"as-of={AS_OF}&language=en")
    whole = site.dataframe[0].value
    is_december = (whole["renewal_on"].dt.strftime("%Y-%m") == "2026-12").to_numpy()
    mark = Mark("December", (("renewal_on", Days(date(2026, 12, 1), date(2026, 12, 31))),))
    place = (site.session_state["_page"], None, "opened_renewals")
    site.session_state["_marks"] = {place: chart_filter._Clicked(mark, "pipeline", (0, 0))}

    part = site.run().dataframe[0].value
    assert part["customer_name"].tolist() == whole["customer_name"][is_december].tolist()
    assert f"{len(part)} of {len(whole)} rows" in " ".join(caption.value for caption in site.caption)
    (label,) = [each.label for each in site.download_button if each.key == "csv-opened_renewals"]
    assert label == f"CSV, {len(part)} rows"

    word = str(part["customer_name"].iloc[0]).split()[0]
    site.text_input("search-opened_renewals").set_value(word).run()
    found = site.dataframe[0].value
    assert 0 < len(found) <= len(part) and found["customer_name"].str.contains(word).all()
    site.text_input("search-opened_renewals").set_value("").run()

    site.button("mark-opened_renewals").click().run()
    assert len(site.dataframe[0].value) == len(whole)
    assert not [each for each in site.button if each.key == "mark-opened_renewals"]


def _click(site: AppTest, chart: str, table: str, mark: Mark, place: tuple[int, int]) -> AppTest:
    """As a click in the browser leaves it."""
    key = (site.session_state["_page"], None, table)
    site.session_state["_marks"] = {key: chart_filter._Clicked(mark, chart, place)}
    return site.run()


def _key_of_first_chart(site: AppTest) -> str:
    """The key that the page gives it; Streamlit puts a digest of the figure before it."""
    return str(site.get("plotly_chart")[0].proto.id).partition("-chart-")[2]


def test_a_mark_that_moved_has_its_chart_drawn_once_more_and_not_each_time(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = _Seen(monkeypatch)
    site = open_page("revenue", f"as-of={AS_OF}&language=en&section=account_manager")
    (of_trace,) = seen.charts[-1][0].marks.values()
    mark = of_trace[-1]
    assert mark
    first = _key_of_first_chart(site)
    assert first == "by-0"
    site = _click(site, "by", "revenue_by_account_manager", mark, (0, len(of_trace) - 1))
    assert _key_of_first_chart(site) == first

    moved = _key_of_first_chart(pick(site, "account-manager", [mark.name]))
    assert moved != first
    assert _key_of_first_chart(site.run()) == moved
    assert site.button("mark-revenue_by_account_manager").label == f"Only {mark.name}"

    others = [each.name for each in of_trace[1:-1] if each]  # the first has no account manager
    gone = _key_of_first_chart(site.multiselect(key="pick-account-manager").set_value(others).run())
    assert gone == moved == _key_of_first_chart(site.run())


def test_another_movement_takes_the_highlight_off_the_waterfall(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = _Seen(monkeypatch)
    site = open_page("review", f"as-of={AS_OF}&language=en")
    ((trace, of_trace),) = seen.charts[0][0].marks.items()
    (place,) = [place for place, mark in enumerate(of_trace) if mark and mark.value("movement") == "new"]
    mark = of_trace[place]
    assert mark
    site.selectbox(key="movement").set_value("new")
    site = _click(site, "review", "?movement", mark, (trace, place))
    assert _key_of_first_chart(site) == "review-0" == _key_of_first_chart(site.run())

    site.selectbox(key="movement").set_value("churn").run()
    assert _key_of_first_chart(site) == "review-1" == _key_of_first_chart(site.run())
    assert not site.session_state["_marks"]


def test_a_click_on_the_waterfall_is_remembered_until_the_second() -> None:
    def app() -> None:
        from types import SimpleNamespace

        import streamlit as st

        from ccinsight.charts.marks import mark
        from ccinsight.dashboard.widgets import chart_view

        marks = {0: [None, mark("New customers", movement=("new",))]}
        for points in ([{"curve_number": 0, "point_index": 1}], []):
            st.session_state["chart"] = SimpleNamespace(selection=SimpleNamespace(points=points))
            choice = ("movement", lambda mark: mark.value("movement"))
            chart_view._choose("review", "chart", marks, choice, None)
            st.text(str([clicked.place for clicked in st.session_state["_marks"].values()]))

    site = AppTest.from_function(app).run()

    assert not site.exception
    assert [text.value for text in site.text] == ["[(0, 1)]", "[]"]
    assert site.session_state["movement"] == "new"


def test_a_mark_without_dates_to_choose_from_is_no_dead_end(open_page: Open, database: Path) -> None:
    with Warehouse.open(database) as house:
        scope = Scope(date.fromisoformat(AS_OF), SEES_ALL)
        of_all, with_dates = (
            {row["customer_id"] for row in house.report(name, scope, **days).to_pylist()}
            for name, days in (("agreements", {}), ("deadlines", {"days": 90}))
        )
    nobody = min(of_all - with_dates)
    site = open_page("overview", f"as-of={AS_OF}&language=en&customer={nobody}")
    day = Days(date(2026, 10, 5), date(2026, 10, 5))
    site = _click(site, "coming", "deadlines", Mark("5 Oct", (("due_on", day),)), (0, 0))

    assert not site.exception
    assert site.header[-1].value == "Which deadlines are due within 30 days?"
    assert any("No deadline is due within 30 days." in each.value for each in site.info)


def test_a_mark_is_named_in_the_language_in_use(open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = _Seen(monkeypatch)
    site = open_page("renewals", f"as-of={AS_OF}&language=en")
    trace, of_trace = next(iter(seen.charts[0][0].marks.items()))
    place, mark = next((place, mark) for place, mark in enumerate(of_trace) if mark and "Dec" in mark.name)
    site = _click(site, "pipeline", "opened_renewals", mark, (trace, place))
    assert site.button("mark-opened_renewals").label == f"Only {mark.name}"
    first = _key_of_first_chart(site)

    site.segmented_control(key="language").set_value("nb").run()
    with in_language("nb"):
        label = site.button("mark-opened_renewals").label
        assert month(date(2026, 12, 1)) in label and label != f"Only {mark.name}"
    assert _key_of_first_chart(site) == first == _key_of_first_chart(site.run())


@pytest.mark.parametrize(
    ("rows", "places"),
    [
        ({"state": ("open",)}, [0, 2]),
        ({"state": ("open", None)}, [0, 2, 3]),
        ({"state": ("open",), "on": Days(date(2026, 1, 31), date(2026, 2, 28))}, [0, 2]),
        ({"on": Days(date(2026, 2, 1), date(2026, 2, 28))}, [2]),
        ({"count": (2,)}, [1]),
        ({"count": (None,)}, [3]),
    ],
)
def test_a_mark_stands_for_rows(rows: dict[str, object], places: list[int]) -> None:
    frame = pd.DataFrame(
        {
            "state": ["open", "ending", "open", None],
            "on": pd.to_datetime(
                pd.Series(["2026-01-31", "2026-01-01", "2026-02-28 23:50", None]), format="ISO8601"
            ),
            "count": pd.array([1, 2, 3, None], dtype="Int64"),
        }
    )

    found = chart_filter.rows_of(frame, Mark("", tuple(rows.items())))  # type: ignore[arg-type]

    assert np.flatnonzero(found).tolist() == places
