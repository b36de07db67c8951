"""The page Explore: its figures are those of the pages, its choices stand in the address, and a cell opens its rows."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from ccinsight import charts
from ccinsight.access import SEES_ALL
from ccinsight.charts import Palette
from ccinsight.database.exploring import question
from ccinsight.database.scope import Scope
from ccinsight.database.warehouse import Warehouse
from ccinsight.outputs.frames import to_frame
from ccinsight.registry.explore import EXPLORE
from tests.dashboard.opening import AS_OF, Open, written

QUERY = f"as-of={AS_OF}&language=en&"


def _metrics(site: AppTest) -> dict[str, str]:
    return {metric.label.removesuffix(", total"): metric.value for metric in site.metric}


def test_figures_of_several_pages_stand_side_by_side(open_page: Open) -> None:
    site = open_page("explore", f"{QUERY}measure=tickets,contact_rate,arr&by=account_manager&display=table")
    use, revenue = (open_page(page, QUERY.rstrip("&")) for page in ("utilization", "revenue"))
    figures = _metrics(site)
    assert site.title[0].value == (
        "Tickets and Contact rate and Annual recurring revenue (ARR) by account manager"
    )
    assert figures["Tickets"] == _metrics(use)["Tickets"]
    assert figures["Contact rate"] == _metrics(use)["Contact rate"]
    assert figures["Annual recurring revenue (ARR)"] in revenue.title[0].value
    (frame,) = [table.value for table in site.dataframe] or [pd.DataFrame(written(site)[0])]
    assert len(frame) >= 5


def test_a_choice_stands_in_the_address_and_a_cell_opens_its_rows(open_page: Open) -> None:
    site = open_page("explore", QUERY + "display=pivot")
    first = date.fromisoformat(AS_OF).replace(year=date.fromisoformat(AS_OF).year - 1, day=1)
    assert any(f"({first:%-d %b %Y}–" in note.value for note in site.caption)  # by month: whole months
    site.selectbox(key="explore-columns").set_value("channel").run()
    site.multiselect(key="explore-measures").set_value(["tickets", "minutes"]).run()
    assert site.query_params["by"] == "month,channel"
    assert site.query_params["measure"] == "tickets,minutes"
    site.selectbox(key="explore-figure").set_value("tickets").run()
    site.selectbox(key="explore-value-1").set_value("=email").run()
    assert site.query_params["cell"] == "tickets~all~.email"
    rows = site.dataframe[-1].value if site.dataframe else pd.DataFrame()
    again = open_page("explore", f"{QUERY}measure=tickets&by=channel&from=2025-10&display=table")
    (table,) = [each for each in written(again) if each[0][0].startswith("Channel")] or [[]]
    by_channel = {row[0]: row[1] for row in table[1:]} or {
        row["channel"]: str(row["tickets"]) for row in again.dataframe[0].value.to_dict("records")
    }
    assert str(len(rows)) == by_channel["E-mail"]
    # a reader who opens the link sees the same
    link = open_page("explore", f"{QUERY}measure=tickets,minutes&by=month,channel&cell=tickets~all~.email")
    assert len(link.dataframe[-1].value) == len(rows)


def _pivot(site: AppTest) -> list[list[str]]:
    """The heads and rows of the pivot, as they are written."""
    (grid, *_rows_behind) = site.dataframe
    heads = json.loads(grid.proto.columns)
    return [[heads[name]["label"] for name in grid.value.columns], *grid.value.to_numpy().tolist()]


def test_a_pivot_has_the_totals_of_both_and_no_averages(open_page: Open, database: Path) -> None:
    site = open_page(
        "explore", f"{QUERY}measure=training_share&by=user_band,scope&display=pivot&order=high-training_share"
    )
    table = _pivot(site)
    with Warehouse.open(database) as house:
        scope = Scope(date.fromisoformat(AS_OF), SEES_ALL)
        (total,) = house.explore(question(["training_share"]), scope).to_pylist()
    assert table[-1][0] == "Total"
    assert table[-1][-1] == f"{total['training_share'] * 100:.0f}"


@pytest.mark.parametrize("by", ["scope,channel", "channel,scope"])
def test_what_is_of_an_unknown_value_is_in_its_cells_and_behind_them(open_page: Open, by: str) -> None:
    site = open_page("explore", f"{QUERY}measure=tickets&by={by}&display=pivot")
    table = _pivot(site)
    rows = table if by == "channel,scope" else list(zip(*table, strict=True))
    (unknown,) = [row[1:] for row in rows if row[0].startswith("unknown")]
    *parts, total = (int(value.replace(",", "")) for value in unknown)
    assert sum(parts) == total > 0
    site.selectbox(key="explore-figure").set_value("tickets").run()
    site.selectbox(key=f"explore-value-{by.split(',').index('channel')}").set_value("?").run()
    assert "unknown" in site.query_params["cell"]
    assert len(site.dataframe[-1].value) == total


def test_what_a_link_gets_wrong_is_named(open_page: Open) -> None:
    site = open_page("explore", QUERY + "measure=arr,nonsense&by=channel&from=2026-13&to=2026-01")
    assert all(part in site.warning[0].value for part in ("nonsense", "2026-13"))
    assert any("can't be broken down by channel" in note.value for note in site.caption)
    assert "Annual recurring revenue (ARR)" in _metrics(site)
    turned = open_page("explore", QUERY + "from=2026-05&to=2026-01")
    assert "begins after it ends" in turned.error[0].value
    ahead = open_page("explore", QUERY + "from=2027-05")
    assert "the as-of date: give an earlier first day" in ahead.error[0].value and not ahead.exception
    nothing = open_page("explore", QUERY + "measure=-")
    assert "Choose the figures" in nothing.info[0].value and not nothing.exception


def test_a_filter_that_fits_nobody_says_so(open_page: Open) -> None:
    site = open_page("explore", QUERY + "measure=arr&by=product&customer=1002&user-band=1-4")
    assert any("No customer fits the filters" in info.value for info in site.info)


@pytest.mark.parametrize(
    "measures, by",
    [
        (("tickets",), ("month",)),
        (("arr",), ("quarter", "product")),
        (("training_share",), ("channel", "month")),
        (("tickets",), ("customer", "category")),
        (("revenue_per_user",), ("invoiced_band",)),
        (("median_hours",), ("account_manager", "ticket_class")),
    ],
)
def test_the_chart_that_fits(database: Path, measures: tuple[str, ...], by: tuple[str, ...]) -> None:
    asked = question(measures, by, has_totals=True)
    with Warehouse.open(database) as house:
        answer = to_frame(house.explore(asked, Scope(date.fromisoformat(AS_OF), SEES_ALL)))
    single = answer[answer["level"] == "detail"]
    totals = {
        place: answer[answer["level"] == level] for place, level in enumerate(("over_second", "over_first"))
    }
    (measure,) = asked.figures
    chart = charts.explored(single, totals, asked.dimensions, measure, Palette.light())
    chart.figure.__class__(chart.figure.to_dict())  # Plotly's own checks
    assert chart.title.startswith(measure.column.label) and "Highest is" in chart.alt
    if measure.is_additive:
        drawn = sum(
            value or 0 for trace in chart.figure.data if trace["type"] == "bar"
            for value in (trace["x"] if trace["orientation"] == "h" else trace["y"])
        )  # fmt: skip
        shown = single if len(by) == 1 else totals[1 if EXPLORE.dimensions[by[1]].is_time else 0]
        values = shown[measure.name].astype(float)
        assert drawn == pytest.approx(values.sum() if len(values) <= 15 else values.nlargest(15).sum())
    nothing = charts.explored(single.head(0), totals, asked.dimensions, measure, Palette.light())
    assert "nothing to show" in nothing.alt
