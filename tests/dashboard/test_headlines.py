"""What each page's headline and cards count, compared with the rows of the reports that they speak of.

The numbers are worked out here from the reports' rows alone; a page without an expectation fails.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from ccinsight.access import SEES_ALL
from ccinsight.dashboard.navigation import PAGES
from ccinsight.dashboard.pages.price_plan import Lists
from ccinsight.database.scope import Filters
from ccinsight.database.warehouse import Warehouse
from ccinsight.i18n import amount, day, number, percent, set_language
from ccinsight.ingest import import_paths
from tests.dashboard.opening import AS_OF, Open

Row = dict[str, Any]
IN_FORCE = ("active", "terminating")


@dataclass(frozen=True)
class Scene:
    """A database, a day and filters, as a link and as a report is asked."""

    house: Warehouse
    as_of: date
    filters: Filters

    def rows(self, report: str, **options: Any) -> list[Row]:
        table = self.house.report(report, self.house.resolve(self.as_of, self.filters, SEES_ALL), **options)
        rows: list[Row] = table.to_pylist()
        return rows

    def in_force(self) -> list[Row]:
        return [row for row in self.rows("agreements") if row["state"] in IN_FORCE]

    def deadlines(self, days: int) -> list[Row]:
        """The dates to act by: of the price notices those that must be sent (R14)."""
        return [
            row
            for row in self.rows("deadlines", days=days)
            if row["kind"] == "termination" or row["price_notice_state"] == "planned"
        ]

    def has(self, export: str) -> bool:
        with self.house.cursor() as cursor:
            return bool(cursor.execute(f"select count(*) from main.{export}").fetchone()[0])  # type: ignore[index] # noqa: S608


@dataclass(frozen=True)
class Said:
    """What a page should say: the numbers in its title in order (None: not held here), figures of its cards, its
    tables' lengths.
    """

    title: list[Decimal | int] | None
    cards: dict[str, str]
    tables: list[int] | None = None


QUERIES = {
    "everybody": f"as-of={AS_OF}",
    "one customer": f"as-of={AS_OF}&customer=1002",
    "one manager": f"as-of={AS_OF}&account-manager=Ingrid+L%C3%A6greid",
    "after the data": "as-of=2040-01-01",
    "before the data": "as-of=1995-01-01",
    "tickets alone": f"as-of={AS_OF}",
    "no settings": f"as-of={AS_OF}",
}
# Problems without a customer that are counted over the tickets of the customers chosen.
OVER_TICKETS = ("category_unmapped", "automatic_replies")
# Pages that are about no agreement where none is imported: they say that, and no number.
OF_AGREEMENTS = {*PAGES} - {"utilization", "explore", "customer", "data", "mapping", "delivery"}
FILTERS = {
    "one customer": Filters(customers=("1002",)),
    "one manager": Filters(account_managers=("Ingrid Lægreid",)),
}
DAYS = {"after the data": date(2040, 1, 1), "before the data": date(1995, 1, 1)}


@pytest.fixture(scope="module")
def tickets_alone(sample_exports: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tickets") / "tickets.duckdb"
    import_paths(
        [sample_exports / "saker.csv"],
        path,
        sample_exports / "ccinsight.toml",
        imported_at=datetime(2026, 10, 1, 8, 0),
    )
    return path


@pytest.fixture(scope="module")
def no_settings(sample_exports: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("unset") / "tickets.duckdb"
    import_paths([sample_exports / "saker.csv"], path, imported_at=datetime(2026, 10, 1, 8, 0))
    return path


@pytest.fixture(params=QUERIES)
def scene_name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def path(scene_name: str, database: Path, tickets_alone: Path, no_settings: Path) -> Path:
    return {"tickets alone": tickets_alone, "no settings": no_settings}.get(scene_name, database)


@pytest.fixture
def scene(scene_name: str, path: Path) -> Iterator[Scene]:
    set_language("en")
    with Warehouse.open(path) as house:
        day = DAYS.get(scene_name, date.fromisoformat(AS_OF))
        yield Scene(house, day, FILTERS.get(scene_name, Filters()))


def _total(rows: list[Row], column: str) -> Decimal | None:
    known = [Decimal(str(row[column])) for row in rows if row[column] is not None]
    return sum(known, Decimal(0)) if known or not rows else None


def _known(rows: list[Row], column: str) -> int:
    return sum(row[column] is not None for row in rows)


def _count(rows: list[Row], column: str, *values: str) -> int:
    return sum(row[column] in values for row in rows)


def _counted(rows: list[Row], column: str) -> list[Decimal | int]:
    """How many rows there are; where some are unknown: known, all, unknown."""
    known = _known(rows, column)
    return [len(rows)] if known == len(rows) else [known, len(rows), len(rows) - known]


def _problems(scene: Scene) -> int:
    """The rows to be checked: with a filter, those of the customers."""
    rows = [row for row in scene.rows("data_problems") if row["check"] != "agreements_missing"]
    with scene.house.cursor() as cursor:
        if not cursor.execute("select count(*) from stored.categories").fetchone()[0]:  # type: ignore[index]
            rows = [row for row in rows if row["check"] != "category_unmapped"]
    if scene.filters != Filters():
        rows = [row for row in rows if row["customer_id"] or row["check"] in OVER_TICKETS]
    return sum(row["rows"] for row in rows)


def _duties(scene: Scene) -> list[Row]:
    """The duties of R14 and the verdicts on renewals that are due."""
    return [*scene.rows("duties"), *scene.rows("verdicts_due")]


def _due(scene: Scene) -> tuple[int, int]:
    """How many duties are overdue, and how many due within sixty days."""
    days = [row["days_left"] for row in _duties(scene) if row["days_left"] is not None]
    return sum(left < 0 for left in days), sum(0 <= left <= 60 for left in days)


def _to_do(scene: Scene) -> Said:
    late, near = _due(scene)
    said: list[Decimal | int] = [*([late] if late else []), *([near, 60] if near else [])]
    return Said(
        said or [60],
        {
            "Overdue duties": number(late),
            "Due within 60 days": number(near),
            "All open duties": number(len(_duties(scene))),
            "Closed by us": number(0),
        },
        [],
    )


def _overview(scene: Scene) -> Said:
    agreements, (late, near) = scene.rows("agreements"), _due(scene)
    states = [
        row["price_notice_state"] for row in scene.rows("deadlines", days=30) if row["kind"] == "price_notice"
    ]
    planned, *others = (states.count(state) for state in ("planned", "announced", "none"))
    title: list[Decimal | int] = [*([planned] if planned else []), 30, *(count for count in others if count)]
    if not agreements:
        return Said(title, {})
    ending = [row for row in scene.rows("renewals", months=12) if row["renewal_status"] == "ending"]
    return Said(
        title,
        {
            "Overdue duties": number(late),
            "Due within 60 days": number(near),
            "Agreements ending within 12 months": number(len(ending)),
            "Annual recurring revenue (ARR)": amount(_total(scene.in_force(), "annual_value")),
            "Data problems": number(_problems(scene)),
        },
        [len(scene.deadlines(30))] if scene.deadlines(30) else [],
    )


def _utilization(scene: Scene) -> Said:
    rows = scene.rows("utilization")
    both = [row for row in rows if row["tickets"] is not None and row["registered_users"] is not None]
    users = _total(both, "registered_users")
    title: list[Decimal | int] = []
    if users:
        ratio = ((_total(both, "tickets") or 0) / users).quantize(Decimal("0.01"))
        known = [len(both), len(rows), len(rows) - len(both)]
        title = [ratio, *([len(rows)] if len(both) == len(rows) else known)]
    # every way of counting the tickets of the twelve months comes to the same
    tickets = sum(row["tickets"] for row in scene.rows("tickets_by_category"))
    assert tickets == sum(row["tickets"] for row in scene.rows("tickets_by_channel"))
    assert tickets == sum(row["tickets"] for row in scene.rows("response"))
    cards = {
        "Tickets": number(tickets),
        "Customers without tickets": number(sum(row["tickets"] == 0 for row in rows)),
    }
    # of the count that both are from, not of the users of today (R11)
    counted = [row for row in rows if row["active_users"] is not None]
    if counted:
        cards["Licence use"] = percent(
            (_total(counted, "active_users") or 0) / (_total(counted, "active_counted_users") or 1)
        )
    return Said(title, cards)


def _renewals(scene: Scene) -> Said:
    rows = scene.rows("renewals", months=12)
    known, ending = _known(rows, "value_now"), _count(rows, "renewal_status", "ending")
    title: list[Decimal | int] = [len(rows), 12]
    if rows and known:
        worth = round(_total(rows, "value_now") or 0)
        title += [worth] if known == len(rows) else [known, worth]
    title += [ending] if ending else []
    cards = {}
    if rows:
        by_status = {
            status: [row for row in rows if row["renewal_status"] == status]
            for status in ("open", "will_renew", "ending")
        }
        cards = {
            "Value at renewal": amount(_total(rows, "value_next")),
            "Open": amount(_total(by_status["open"], "value_next")),
            "Will renew": amount(_total(by_status["will_renew"], "value_next")),
            "Ending": amount(_total(by_status["ending"], "value_now")),
        }
    return Said(title, cards, [len(rows)] if rows else [])


def _deadlines(scene: Scene) -> Said:
    dates, meetings = scene.rows("deadlines", days=90), scene.rows("status_meetings")
    to_act, due = scene.deadlines(90), _count(meetings, "status", "due")
    overdue = _count(meetings, "status", "overdue")
    # a long table is a grid; one without rows is written out or left out
    tables = [len(to_act), len(dates) - len(to_act), due + overdue]
    return Said(
        [len(to_act), 90],
        {
            "Termination deadlines": number(_count(dates, "kind", "termination")),
            "Status meetings not arranged": number(due),
            "Overdue status meetings": number(overdue),
        },
        [count for count in tables if count],
    )


def _revenue(scene: Scene) -> Said:
    rows = scene.in_force()
    arr = _total(rows, "annual_value")
    staying = [row for row in rows if row["state"] == "active"]
    cards = {
        "Monthly recurring revenue (MRR)": amount(None if arr is None else arr / 12),
        "Committed ARR": amount(_total(staying, "annual_value")),
    }
    if not rows:
        cards = {}
    return Said([] if arr is None else [round(arr), *_counted(rows, "annual_value")], cards)


def _review(scene: Scene) -> Said:
    """The newest quarter that is over at the end of the day."""
    if not scene.has("agreements"):
        return Said(None, {})
    follows = scene.as_of + timedelta(days=1)
    last = follows.replace(month=(follows.month - 1) // 3 * 3 + 1, day=1) - timedelta(days=1)
    (kept,) = scene.house.report(
        "committed_revenue", scene.house.resolve(last, scene.filters, SEES_ALL)
    ).to_pylist()
    return Said(None, {f"Committed ARR, {day(last)}": amount(kept["committed_arr"])})


def _leakage(scene: Scene) -> Said:
    if not scene.has("invoices"):
        return Said([], {})
    rows = scene.rows("invoicing")
    under = [row for row in rows if row["difference"] is not None and row["difference"] > 0]
    over = [row for row in rows if row["difference"] is not None and row["difference"] < 0]
    return Said(
        [round(_total(under, "difference") or 0), 12],
        {
            "Not billed": amount(_total(under, "difference")),
            "Billed too much": amount(abs(_total(over, "difference") or Decimal(0))),
        },
    )


def _price_plan(scene: Scene) -> Said:
    if not scene.in_force():
        return Said([], {})
    products = [row["product"] for row in scene.in_force()]
    product = max(dict.fromkeys(products), key=products.count)
    (lists,) = [row for row in scene.rows("next_prices") if row["product"] == product]
    plan = scene.rows(
        "price_plan",
        product_name=product,
        valid_on=Lists(**{each.name: lists[each.name] for each in fields(Lists)}).first_day(scene.as_of),
        sent_on=scene.as_of,
        percent=Decimal(5),
    )
    listed = [row for row in plan if not row["needs_direct_agreement"]]
    reached = [row for row in listed if row["reached_on"] == row["first_renewal_on"]]
    return Said(
        [len(reached), len(listed)],
        {
            "Added revenue a year": amount(_total(reached, "change")),
            "Lost with the chosen notice date": amount(_total(listed, "lost")),
            "Agree with the customer": number(len(plan) - len(listed)),
        },
    )


def _status_meetings(scene: Scene) -> Said:
    rows = scene.rows("status_meetings")
    missing = _count(rows, "status", "due", "overdue")
    return Said(
        [missing] if missing or not rows else [],
        {
            "Overdue status meetings": number(_count(rows, "status", "overdue")),
            "Status meetings not arranged": number(_count(rows, "status", "due")),
            "Status meetings planned": number(_count(rows, "status", "planned")),
            "Status meetings held": number(_count(rows, "status", "held")),
        },
        [len(rows)] if rows else [],
    )


def _risk(scene: Scene) -> Said:
    """The scores have tests of their own; here the title agrees with the card, and both say from where on."""
    return Said(None, {})


def _customer(scene: Scene) -> Said:
    rows = scene.rows("customers")
    if len(scene.filters.customers) != 1:
        return Said([], {}, [len(rows)] if rows else [])
    in_force = scene.in_force()
    tickets = sum(row["tickets"] for row in scene.rows("tickets_by_category"))
    return Said(
        [],
        {
            "Annual recurring revenue (ARR)": amount(_total(in_force, "annual_value")),
            "Tickets": number(tickets),
        },
    )


def _data(scene: Scene) -> Said:
    problems = _problems(scene)
    return Said(
        [problems] if problems or scene.has("agreements") else [], {"Data problems": number(problems)}
    )


def _mapping(scene: Scene) -> Said:
    everything = Scene(scene.house, scene.as_of, Filters())
    headers, values = everything.rows("unmatched_headers"), everything.rows("unknown_values")
    categories = [row for row in everything.rows("categories") if row["scope"] is None]
    count = len(headers) + len(values) + len(categories)
    return Said(
        [count] if count else [],
        {
            "Headers not known": number(len(headers)),
            "Values not known": number(len(values)),
            "Categories not in the settings": number(len(categories)),
        },
    )


EXPECTED: dict[str, Callable[[Scene], Said]] = {
    "overview": _overview,
    "to_do": _to_do,
    "utilization": _utilization,
    "explore": lambda _scene: Said([], {}),
    "renewals": _renewals,
    "deadlines": _deadlines,
    "revenue": _revenue,
    "review": _review,
    "leakage": _leakage,
    "price_plan": _price_plan,
    "status_meetings": _status_meetings,
    "meeting": lambda _scene: Said([], {}),
    "risk": _risk,
    "customer": _customer,
    "data": _data,
    "mapping": _mapping,
    "delivery": lambda _scene: Said([], {}),
}


def _numbers(text: str) -> list[Decimal]:
    return [Decimal(each.replace(",", "")) for each in re.findall(r"\d[\d,]*(?:\.\d+)?", text)]


def _figures(site: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in site.metric}


@pytest.mark.parametrize("page", PAGES)
def test_headline_and_cards_count_the_rows_of_their_reports(
    open_page: Open, scene: Scene, scene_name: str, path: Path, page: str
) -> None:
    expected = EXPECTED[page](scene)

    site = open_page(page, f"{QUERIES[scene_name]}&language=en", path)

    if page in OF_AGREEMENTS and not scene.has("agreements"):
        assert site.title[0].value == "Agreements are missing"
    elif expected.title is not None and page != "customer":
        assert _numbers(site.title[0].value) == expected.title, site.title[0].value
    figures = _figures(site)
    assert {label: figures.get(label) for label in expected.cards} == expected.cards
    if expected.tables is not None:
        assert [len(table.value) for table in site.dataframe] == expected.tables


@pytest.mark.parametrize("page", PAGES)
def test_without_agreements_every_page_says_that_they_are_missing(
    open_page: Open, tickets_alone: Path, page: str
) -> None:
    site = open_page(page, f"as-of={AS_OF}&language=en", tickets_alone)

    said = [*(info.value for info in site.info), *(note.value for note in site.caption)]
    assert page == "mapping" or any("Agreements" in text and "imported" in text for text in said)


def test_the_same_card_says_the_same_on_every_page(open_page: Open) -> None:
    seen: dict[str, dict[str, tuple[str, str]]] = {}
    for page in PAGES:
        for metric in open_page(page, f"as-of={AS_OF}&language=en").metric:
            seen.setdefault(metric.label, {})[page] = (metric.value, metric.delta)

    shared = {label: pages for label, pages in seen.items() if len(pages) > 1}
    assert {"Overdue status meetings", "Status meetings not arranged", "Data problems"} <= shared.keys()
    assert {label: pages for label, pages in shared.items() if len(set(pages.values())) > 1} == {}


def test_the_risk_page_counts_the_scores_in_its_table(open_page: Open) -> None:
    site = open_page("risk", f"as-of={AS_OF}&language=en")

    scores = site.dataframe[0].value["risk_score"].dropna()
    high, least = _numbers(site.title[0].value)
    assert int(high) == int((scores >= float(least)).sum())
    assert _figures(site)["High renewal risk"] == number(int(high))
    assert _figures(site)["Customers scored"] == number(len(scores))


def test_a_filter_says_apart_what_is_of_no_single_customer(open_page: Open, database: Path) -> None:
    site = open_page("data", f"as-of={AS_OF}&customer=1002&language=en", database)

    with Warehouse.open(database) as house:
        scope = house.resolve(date.fromisoformat(AS_OF), Filters(customers=("1002",)), SEES_ALL)
        rows = house.report("data_quality", scope).to_pylist()
    apart = sum(row["common_rows"] for row in rows)
    assert apart > 0
    [card] = [metric for metric in site.metric if metric.label == "Data problems"]
    assert card.delta == f"and {number(apart)} rows of no single customer"
    assert any("no single customer" in heading.value for heading in site.header)


@pytest.mark.parametrize("as_of", [AS_OF, "2024-06-01"])
def test_what_ends_is_the_same_on_the_overview_and_among_the_renewals(open_page: Open, as_of: str) -> None:
    overview = open_page("overview", f"as-of={as_of}&language=en")
    renewals = open_page("renewals", f"as-of={as_of}&language=en")

    [ending] = [metric for metric in overview.metric if metric.label.startswith("Agreements ending")]
    [worth] = [metric for metric in renewals.metric if metric.label == "Ending"]
    count, *of_all = _numbers(worth.delta)
    assert int(ending.value) == (of_all[0] if of_all else count)
    assert worth.value.replace("\N{NO-BREAK SPACE}", " ") in ending.delta.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize("section", ["bands", "account_manager", "cohorts"])
def test_sums_of_groups_name_the_agreements_that_they_leave_out(
    open_page: Open, database: Path, section: str
) -> None:
    site = open_page("revenue", f"as-of={AS_OF}&section={section}&language=en", database)

    with Warehouse.open(database) as house:
        in_force = Scene(house, date.fromisoformat(AS_OF), Filters()).in_force()
    left_out = len(in_force) - _known(in_force, "annual_value")
    assert left_out > 1, "the sample has agreements of unknown value"
    value = amount(_total(in_force, "annual_value"))
    assert any(f"{value} ({left_out} unknown left out)" in caption.value for caption in site.caption)


def test_charts_of_renewals_name_what_they_leave_out(open_page: Open, database: Path) -> None:
    site = open_page("renewals", f"as-of={AS_OF}&language=en", database)

    with Warehouse.open(database) as house:
        rows = Scene(house, date.fromisoformat(AS_OF), Filters()).rows("renewals", months=12)
    left_out = len(rows) - _known(rows, "value_now")
    assert left_out > 0
    titles = [text.value for text in site.markdown if text.value.startswith("## ")]
    assert any(f"Today's value by month of renewal ({left_out} unknown left out)" in text for text in titles)


def test_the_discount_names_the_lines_that_it_leaves_out(open_page: Open, database: Path) -> None:
    site = open_page("leakage", f"as-of={AS_OF}&language=en", database)

    with Warehouse.open(database) as house:
        rows = Scene(house, date.fromisoformat(AS_OF), Filters()).rows("consulting")
    lines, unpriced = (sum(row[name] for row in rows) for name in ("discount_lines", "unpriced_lines"))
    [card] = [metric for metric in site.metric if metric.label == "Value of the discount"]
    assert 0 < unpriced < lines
    assert f"{unpriced} of {lines} lines have no known price and are left out" in card.delta
