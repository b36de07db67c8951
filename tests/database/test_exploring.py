"""Explored figures: every measure by each of its dimensions, against the grain's rows and the named report."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any

import pandas as pd
import pytest

from ccinsight.access import SEES_ALL
from ccinsight.database.exploring import LEFT_OUT, LEVEL, Question, question, report_of
from ccinsight.database.scope import Filters, Scope
from ccinsight.database.warehouse import Warehouse
from ccinsight.errors import CcinsightError, UsageError
from ccinsight.registry import REPORTS, explore
from ccinsight.registry.explore import EXPLORE, Grain, Measure
from tests.access.readers import SILJE
from tests.reports.companies import agreement, company, count, invoice, price, ticket

AS_OF = date(2026, 3, 1)
FIRST = date(2025, 3, 1)
FILTERS = {
    "all": Filters(),
    "manager": Filters(account_managers=("Silje Ødegaard",)),
    "customer": Filters(customers=("1004",)),
}
# What a report calls a dimension by another name than the grain, and what it is asked with for the same days.
_REPORT_FIELDS = {"invoiced_band": "user_band"}
_OPTIONS: dict[str, dict[str, Any]] = {
    "tickets_by_month": {"months": 13},
    "revenue_movements": {"months": 13},
}


@pytest.fixture(scope="module")
def house(sample_database: Any) -> Iterator[Warehouse]:
    with Warehouse.open(sample_database) as opened:
        yield opened


def _measures(grain: Grain) -> list[Measure]:
    return [measure for measure in EXPLORE.measures.values() if measure.grain == grain]


def _asked(grain: Grain) -> Iterator[Question]:
    """All measures by all dimensions: those of time alone, of the same days as the reports, the others two by two,
    whose totals are of each.
    """
    names = [measure.name for measure in _measures(grain)]
    others = [name for name in grain.dimensions if not EXPLORE.dimensions[name].is_time]
    for name in grain.dimensions:
        if EXPLORE.dimensions[name].is_time:
            yield question(names, (name,), None if grain.time == "ahead" else FIRST, has_totals=True)
    for place in range(0, len(others), 2):
        yield question(names, others[place : place + 2], has_totals=True)


def _of_dimension(answer: pd.DataFrame, asked: Question, name: str) -> pd.DataFrame:
    """The rows of the answer that are of one dimension alone."""
    level = "detail" if len(asked.by) == 1 else ("over_second", "over_first")[asked.by.index(name)]
    return answer[answer[LEVEL] == level]


def _known(value: Any) -> Any:
    return None if value is None or value is pd.NaT or value != value else value


def _key(value: Any) -> str:
    text = _known(value)
    return "unknown" if text is None else str(text)[:10] if hasattr(text, "year") else str(text)


def _is_same(found: Any, wanted: Any) -> bool:
    found, wanted = _known(found), _known(wanted)
    if found is None or wanted is None:
        return found is None and wanted is None
    return float(found) == pytest.approx(float(wanted), rel=1e-6, abs=0.006)


# ---------------------------------------------------------------- worked out by hand from the grain's rows


def _by_hand(rows: pd.DataFrame, measure: Measure) -> Any:
    """The figure of rows of the grain, without SQL."""
    if measure.aggregate == "count":
        return len(rows) if not measure.part else int(rows[measure.part].fillna(False).astype(bool).sum())
    known = rows[rows[measure.part].notna()]
    values = known[measure.part].astype(float)
    match measure.aggregate:
        case "sum":
            return 0 if rows.empty else None if known.empty else values.sum()
        case "ratio":
            both = known[known[measure.over].notna()]
            whole = both[measure.over].astype(float).sum()
            return both[measure.part].astype(float).sum() / whole if whole else None
    return values.quantile({"median": 0.5, "p90": 0.9}[measure.aggregate]) if len(values) else None


def _rows_of(house: Warehouse, grain: Grain, scope: Scope, first: date | None) -> pd.DataFrame:
    given = {"first_day": "$first", "last_day": "cast(null as date)", "with_details": "true"}
    parameters = "".join(f", {name} := {given[name]}" for name in grain.takes)
    values: dict[str, Any] = {"as_of": scope.as_of, "ids": scope.customer_ids}
    if "first_day" in grain.takes:
        values["first"] = first
    with house.reading() as cursor:
        return cursor.execute(
            f"from model.{grain.relation}($as_of, customer_ids := cast($ids as varchar[]){parameters})",
            values,
        ).df()


def _of_time(rows: pd.DataFrame, grain: Grain, by: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows that the single values are of, and those of the total."""
    if grain.time != "last_day":
        return rows, rows
    last = rows[rows["closes_span"]]
    if by == "month":
        return rows, last
    return (rows[rows["closes_quarter"]], last) if by == "quarter" else (last, last)


def _check_by_hand(answer: pd.DataFrame, asked: Question, rows: pd.DataFrame, name: str) -> None:
    field, grain = EXPLORE.dimensions[name].field, asked.grains[0]
    single, of_total = _of_time(rows, grain, name)
    groups = {_key(value): each for value, each in single.groupby(field, dropna=False)}
    found = _of_dimension(answer, asked, name)
    assert {_key(value) for value in found[field]} >= groups.keys()
    behind = [groups.get(_key(value), single.head(0)) for value in found[field]] + [of_total]
    answers = [*found.to_dict("records"), *answer[answer[LEVEL] == "total"].to_dict("records")]
    for row, group in zip(answers, behind, strict=True):
        for measure in asked.figures:
            assert _is_same(row[measure.name], _by_hand(group, measure)), (measure.name, name, row)
            if measure.aggregate != "count":
                parts = [measure.part, *([measure.over] if measure.over else [])]
                assert row[measure.name + LEFT_OUT] == group[parts].isna().any(axis=1).sum()


# ---------------------------------------------------------------- the named report


@cache
def _report(house: Warehouse, name: str, scope: Scope) -> pd.DataFrame:
    rows: pd.DataFrame = house.report(name, scope, **_OPTIONS.get(name, {})).to_pandas()
    if name == "agreements":
        rows = rows[rows["state"].isin(["active", "terminating"])]
    elif name == "customers":
        rows = rows[rows["agreements"] > 0]
    return rows


def _wanted(house: Warehouse, said: str, field: str, scope: Scope) -> dict[str, Any]:
    """What the named report says, by the dimension: its own rows, or finer ones that are added up."""
    name = said.partition(".")[0]
    parts = [part.rpartition(".")[2] for part in said.split(" / ")]
    rows = _report(house, name, scope)
    if REPORTS[name].key == (field,) and parts != ["*"]:
        return {_key(key): value for key, value in zip(rows[field], rows[parts[0]], strict=True)}
    found: dict[str, Any] = {}
    for key, group in rows.groupby(field, dropna=False):
        known = group if parts == ["*"] else group.dropna(subset=parts)
        sums = [len(group) if part == "*" else known[part].astype(float).sum() for part in parts]
        value = sums[0] / sums[1] if len(sums) == 2 and sums[1] else sums[0] if len(sums) == 1 else None
        found[_key(key)] = None if known.empty else value
    return found


def _check_report(house: Warehouse, answer: pd.DataFrame, asked: Question, name: str, scope: Scope) -> int:
    """How many values were held against a report."""
    field, checked = EXPLORE.dimensions[name].field, 0
    rows = _of_dimension(answer, asked, name)
    for measure in (each for each in asked.figures if name in each.answers):
        found = {_key(key): value for key, value in zip(rows[field], rows[measure.name], strict=True)}
        wanted = _wanted(house, measure.answers[name], _REPORT_FIELDS.get(name, field), scope)
        assert wanted or not found, (measure.name, name)
        for key, value in wanted.items():
            nothing = 0 if measure.is_additive else None
            assert _is_same(found.get(key, nothing), value), (measure.name, name, key)
            checked += 1
    return checked


@pytest.mark.parametrize("who", FILTERS)
@pytest.mark.parametrize("grain", EXPLORE.grains.values(), ids=lambda grain: grain.name)
def test_every_measure_by_each_dimension_is_the_named_reports(
    house: Warehouse, grain: Grain, who: str
) -> None:
    scope = house.resolve(AS_OF, FILTERS[who], SEES_ALL)
    checked = 0
    rows = {first: _rows_of(house, grain, scope, first) for first in (None, FIRST)}
    for asked in _asked(grain):
        answer = house.explore(asked, scope).to_pandas()
        assert list(answer.columns) == [column.name for column in report_of(asked).columns]
        for name in asked.by:
            _check_by_hand(answer, asked, rows[asked.first], name)
            checked += _check_report(house, answer, asked, name, scope)
    assert checked or grain.name == "meetings"


@pytest.mark.parametrize("who", FILTERS)
def test_totals_without_a_dimension_are_those_of_the_pages(house: Warehouse, who: str) -> None:
    scope = house.resolve(AS_OF, FILTERS[who], SEES_ALL)
    asked = question(["arr", "committed_arr", "tickets", "contact_rate", "unbilled", "overdue_meetings"])
    (row,) = house.explore(asked, scope).to_pylist()
    committed, tickets = (
        _report(house, "committed_revenue", scope),
        _report(house, "tickets_by_channel", scope),
    )
    use, invoicing = _report(house, "utilization", scope), _report(house, "invoicing", scope)
    difference = invoicing["difference"].dropna().astype(float)
    meetings = _report(house, "status_meetings", scope)["status"]
    known = use.dropna(subset=["contacting_users", "registered_users"])
    wanted = {
        "arr": committed["arr"].iloc[0],
        "committed_arr": committed["committed_arr"].iloc[0],
        "tickets": tickets["tickets"].sum(),
        "contact_rate": known["contacting_users"].sum() / known["registered_users"].sum(),
        "unbilled": difference[difference > 0].sum(),
        "overdue_meetings": (meetings == "overdue").sum(),
    }
    for name, value in wanted.items():
        assert _is_same(row[name], value), name


@pytest.mark.parametrize(
    "measures, by",
    [(("tickets", "training_share"), ("month", "channel")), (("arr",), ("quarter", "product"))],
)
def test_two_dimensions_have_the_totals_of_each(
    house: Warehouse, measures: tuple[str, ...], by: tuple[str, ...]
) -> None:
    scope = Scope(AS_OF, SEES_ALL)
    both = house.explore(question(measures, by, FIRST, has_totals=True), scope).to_pandas()
    fields = [EXPLORE.dimensions[name].field for name in by]
    for place, level in enumerate(("over_second", "over_first")):
        alone = house.explore(question(measures, (by[place],), FIRST), scope).to_pandas()
        totals = both[both[LEVEL] == level]
        for name in measures:
            found = dict(zip(map(_key, totals[fields[place]]), totals[name], strict=True))
            wanted = dict(zip(map(_key, alone[fields[place]]), alone[name], strict=True))
            assert found.keys() <= wanted.keys()  # alone, a month without a ticket has a row too
            nothing = 0 if EXPLORE.measures[name].is_additive else None
            assert all(_is_same(found.get(key, nothing), value) for key, value in wanted.items())
    (total,) = both[both[LEVEL] == "total"].to_dict("records")
    (alone_row,) = house.explore(question(measures, (), FIRST), scope).to_pylist()
    assert all(_is_same(total[name], alone_row[name]) for name in measures)


def test_without_a_first_day_months_are_whole_and_twelve_months_lie_before_the_last(house: Warehouse) -> None:
    day = date(2026, 2, 10)
    scope = Scope(day, SEES_ALL)
    months = house.explore(question(["tickets", "minutes", "expected", "arr"], ["month"]), scope).to_pandas()
    named = _report(house, "tickets_by_month", scope)
    assert len(months) == 13
    for name in ("month", "tickets", "minutes"):
        assert list(months[name]) == list(named[name]), name
    whole = question(["expected", "unbilled"], ["month"], date(2025, 2, 1))
    assert house.explore(whole, scope).to_pandas()["expected"].equals(months["expected"])
    quarters = house.explore(question(["tickets", "arr"], ["quarter"]), scope).to_pandas()
    assert list(quarters["quarter"]) == [f"{year}-Q{n}" for year in (2025, 2026) for n in (1, 2, 3, 4)][:5]
    assert (
        quarters["tickets"].iloc[0]
        == months["tickets"][:2].sum()
        + house.explore(question(["tickets"], (), date(2025, 1, 1), date(2025, 1, 31)), scope)["tickets"][
            0
        ].as_py()
    )

    # with only a last day, the figures are those that its own day has
    names, last = ["tickets", "expected", "arr"], date(2024, 12, 31)
    (before,) = house.explore(question(names, (), None, last), scope).to_pylist()
    given = (
        question(names[:1], (), date(2024, 1, 1), last),
        question(names[1:2], (), date(2023, 12, 31), last),
    )
    assert [before[name] for name in names[:2]] == [
        house.explore(each, scope)[each.measures[0]][0].as_py() for each in given
    ]
    assert before["tickets"] > 0
    with pytest.raises(UsageError, match="begins after 10 Feb 2026, the as-of date"):
        house.explore(question(["tickets"], ["month"], date(2026, 2, 11)), scope)


@pytest.mark.parametrize(
    "name", [name for name, each in EXPLORE.measures.items() if each.aggregate == "count"]
)
def test_the_rows_behind_a_count_are_as_many(house: Warehouse, name: str) -> None:
    scope, measure = Scope(AS_OF, SEES_ALL), EXPLORE.measures[name]
    by = measure.grain.dimensions[0], measure.grain.dimensions[-1]
    asked = question([name], by, has_totals=True)
    fields = [EXPLORE.dimensions[each].field for each in by]
    answer = house.explore(asked, scope).to_pandas()
    for level, places in (("detail", (0, 1)), ("over_second", (0,)), ("over_first", (1,)), ("total", ())):
        of_level = answer[(answer[LEVEL] == level)].sort_values(name, ascending=False)
        for row in of_level.head(2).to_dict("records"):
            value = [_known(row[field]) for field in fields]
            cell = {by[place]: None if value[place] is None else _key(value[place]) for place in places}
            assert house.explored_rows(asked, name, cell, scope, 9_999).num_rows == row[name]


def test_the_rows_behind_a_sum_add_up_to_it(house: Warehouse) -> None:
    scope, asked = Scope(AS_OF, SEES_ALL), question(["arr", "hours"], ["month", "product"])
    for row in house.explore(asked, scope).to_pylist()[-3:]:
        cell = {"month": row["month"].isoformat(), "product": row["product"]}
        rows = house.explored_rows(asked, "arr", cell, scope, 9_999)
        assert (
            sum(value or 0 for value in rows["annual_value"].to_pylist()) == row["arr"] or row["arr"] is None
        )


def test_a_reader_of_some_customers_explores_those_alone(house: Warehouse) -> None:
    visible = house.visible(SILJE)
    assert visible
    names = house.explore(question(["tickets", "arr"], ["customer"]), Scope(AS_OF, SILJE)).to_pylist()
    assert {row["customer_id"] for row in names} <= visible
    asked = question(["tickets"], ["customer"])
    other = next(row["customer_id"] for row in house.explore(asked, Scope(AS_OF, SEES_ALL)).to_pylist()
                 if row["customer_id"] not in visible)  # fmt: skip
    assert house.explored_rows(asked, "tickets", {"customer": other}, Scope(AS_OF, SILJE), 10).num_rows == 0
    assert house.explored_rows(asked, "tickets", {}, Scope(AS_OF, SILJE), 9_999).num_rows == sum(
        row["tickets"] for row in names
    )


# ---------------------------------------------------------------- a small company, by hand


def test_worked_by_hand() -> None:
    """Two customers of 10 and 30 users: a ratio's total is no average, a month without tickets is 0, and revenue over
    months is the last one's.
    """
    with company(
        agreements=[agreement(), agreement("A-2", "2", account_manager="Kari")],
        user_counts=[
            count(date(2025, 4, 1), 10),
            count(date(2025, 4, 1), 30, "2"),
            count(date(2025, 6, 15), 12),
        ],
        prices=[price(date(2025, 1, 1), "1000")],
        tickets=[
            ticket("T-1", pd.Timestamp(2025, 5, 2, 9).to_pydatetime(), contact="a", minutes_spent=30),
            ticket("T-2", pd.Timestamp(2025, 7, 2, 9).to_pydatetime(), contact="b"),
            ticket("T-3", pd.Timestamp(2025, 7, 3, 9).to_pydatetime(), "2", contact="c", minutes_spent=15),
        ],
    ) as house:
        scope = Scope(date(2025, 7, 31), SEES_ALL)
        rates = house.explore(question(["contact_rate"], ["customer"], has_totals=True), scope).to_pylist()
        assert {row["customer_id"]: round(row["contact_rate"], 4) for row in rates} == {
            "1": round(2 / 12, 4),
            "2": round(1 / 30, 4),
            None: round(3 / 42, 4),
        }
        asked = question(["tickets", "minutes", "arr"], ["month"], date(2025, 5, 1), has_totals=True)
        months = house.explore(asked, scope).to_pylist()
        assert [
            tuple(row[name] for name in ("tickets", "minutes", "minutes_left_out", "arr")) for row in months
        ] == [
            (1, 30, 0, 40_000),
            (0, 0, 0, 42_000),
            (2, 15, 1, 42_000),
            (3, 45, 1, 42_000),
        ]
        earlier = question(["tickets", "arr"], (), date(2025, 5, 1), date(2025, 5, 31))
        assert house.explore(earlier, scope).to_pylist() == [{"tickets": 1, "arr": 40_000, "arr_left_out": 0}]


def test_what_is_unknown_is_no_zero_and_a_total_has_no_name() -> None:
    """Customer 1 pays 10 000 a year and is invoiced 4 000; the price of customer 2's product is unknown."""
    with company(
        agreements=[agreement(), agreement("A-2", "2", product="Annet")],
        user_counts=[count(date(2025, 4, 1), 10), count(date(2025, 4, 1), 30, "2")],
        prices=[price(date(2025, 1, 1), "1000")],
        invoices=[invoice("F-1", date(2025, 4, 1), "4000"), invoice("F-2", date(2025, 4, 1), "5", "2")],
        tickets=[
            ticket(
                "T-1",
                pd.Timestamp(2025, 5, 2, 9).to_pydatetime(),
                "2",
                category="Consulting",
                minutes_spent=60,
            )
        ],
    ) as house:
        scope = Scope(date(2025, 7, 31), SEES_ALL)
        names = ["unbilled", "overbilled", "consulting_unbilled"]
        asked = question(names, ["customer"], has_totals=True)
        rows = {row["customer_id"]: row for row in house.explore(asked, scope).to_pylist()}
        figures = {
            customer: [(row[name], row[name + LEFT_OUT]) for name in names] for customer, row in rows.items()
        }
        assert figures["1"][:2] == [(6_000, 0), (0, 0)]
        assert figures["2"][:2] == [(None, 1), (None, 1)]
        assert figures[None][:2] == [(6_000, 1), (0, 1)]
        assert figures["2"][2] == (None, 1)
        assert {key: row["customer_name"] for key, row in rows.items()} == {
            "1": "Kunde 1 AS",
            "2": "Kunde 2 AS",
            None: None,
        }
        assert house.explored_rows(asked, "unbilled", {"customer": "2"}, scope, 9).num_rows == 1


@pytest.mark.parametrize(
    "measures, by, said",
    [
        ((), (), "at least one measure"),
        (("nonsense",), (), "no measure nonsense"),
        (("tickets",), ("nonsense",), "no dimension nonsense"),
        (("arr",), ("channel",), "arr can't be broken down by channel"),
        (("contact_rate",), ("month",), "contact_rate can't be broken down by month"),
        (("tickets",), ("month", "quarter"), "one dimension of time"),
        (("tickets",), ("month", "channel", "scope"), "at most 10 measures and 2 dimensions"),
        (("tickets",), ("month); drop table x",), "no dimension"),
    ],
)
def test_nonsense_cant_be_asked(measures: tuple[str, ...], by: tuple[str, ...], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        question(measures, by)
    with pytest.raises(UsageError, match="begins after it ends"):
        question(("tickets",), (), date(2026, 1, 2), date(2026, 1, 1))


_SMALL = """
[grain.tickets]
label = "tickets"
relation = "ticket_figures"
time = "span"
dimensions = ["channel"]
rows = ["ticket_list.ticket_id"]
order = "line"

[dimension.channel]
column = "channel"
defined_as = "ticket_list.channel"

[measure.tickets]
grain = "tickets"
label = "Tickets"
format = "integer"
description = "All."
aggregate = "count"
page = "utilization"
"""


@pytest.mark.parametrize(
    "right, wrong, said",
    [
        ('time = "span"', 'time = "week"', "week"),
        ('dimensions = ["channel"]', 'dimensions = ["flavour"]', "flavour"),
        ("ticket_list.ticket_id", "ticket_list.flavour", "no column ticket_list.flavour"),
        ('aggregate = "count"', 'aggregate = "sum"', "needs part"),
        ('aggregate = "count"', 'aggregate = "count"\nflavour = "x"', "flavour"),
        ('grain = "tickets"', 'grain = "flavour"', "flavour"),
    ],
)
def test_a_broken_registry_is_refused(right: str, wrong: str, said: str) -> None:
    assert explore.parse(_SMALL).measures["tickets"].column.format == "integer"
    with pytest.raises(CcinsightError, match=said):
        explore.parse(_SMALL.replace(right, wrong))
