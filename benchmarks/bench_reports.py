"""How long reports take, each and all that a page asks for, over a million tickets of 3 300 customers.

Each report runs with its default options in one open connection: once to warm up, then five times, for
everybody, for one account manager's customers and for one customer. What a page asks for is recorded
while the page is drawn once without a browser, and then asked for again in the same way.
"""

from __future__ import annotations

import logging
import math
import os
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import duckdb
import pyarrow as pa
import streamlit as st
from benchmarks.benchdata import AS_OF, PAGES, ROOT, arguments, database, work_folder
from streamlit.testing.v1 import AppTest

from ccinsight.access import SEES_ALL
from ccinsight.dashboard.session import cache
from ccinsight.database.scope import Filters, Scope
from ccinsight.database.warehouse import Limits, Warehouse
from ccinsight.errors import CcinsightError
from ccinsight.registry import REPORTS

LIMIT_REPORT_MS, LIMIT_PAGE_MS = 150.0, 250.0
# As the dashboard opens it.
_LIMITS = Limits(threads=1)
_RUNS = 5
Call = tuple[str, Scope, dict[str, Any]]


@dataclass(frozen=True)
class Taken:
    """Milliseconds of five runs after one that isn't counted: the median, and the least (a busy machine's best)."""

    median: float
    least: float

    def __str__(self) -> str:
        return f"{self.median:>9.0f} ({self.least:>4.0f})"


def milliseconds(work: Callable[[], object]) -> Taken:
    """How long it takes; infinite where the database gives up."""
    times = []
    for run in range(_RUNS + 1):
        start = time.perf_counter()
        try:
            work()
        except CcinsightError as error:
            print(error)
            return Taken(math.inf, math.inf)
        if run:
            times.append((time.perf_counter() - start) * 1000)
    return Taken(statistics.median(times), min(times))


def example_filters(path: Path) -> dict[str, Filters]:
    """Everybody, one account manager, one customer: those with most tickets."""
    query = """
        select any_value(a.account_manager), t.customer_id
        from main.tickets as t inner join main.agreements as a on t.customer_id = a.customer_id
        group by t.customer_id order by count(*) desc limit 1
    """
    with duckdb.connect(str(path), read_only=True) as connection:
        manager, customer = connection.execute(query).fetchall()[0]
    return {
        "everybody": Filters(),
        "one manager": Filters(account_managers=(manager,)),
        "one customer": Filters(customers=(customer,)),
    }


def calls_of(page: str, filters: Filters) -> list[Call]:
    """The reports that a page asks for when it is opened with these filters and nothing is remembered."""
    calls: list[Call] = []
    ask = Warehouse.report

    def record(house: Warehouse, name: str, scope: Scope, **options: Any) -> pa.Table:
        calls.append((name, scope, options))
        return ask(house, name, scope, **options)

    test = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    test.query_params["as-of"] = AS_OF.isoformat()
    for name, chosen in (("customer", filters.customers), ("account-manager", filters.account_managers)):
        if chosen:
            test.query_params[name] = list(chosen)
    test.run()
    test.switch_page(f"pages/{page}.py")
    cache.keep_only("")  # forgets the answers of the build, which is opened again
    st.cache_resource.clear()
    with patch.object(Warehouse, "report", record):
        test.run()
    if test.exception or test.error:
        problems = [each.message for each in test.exception] + [each.value for each in test.error]
        raise SystemExit(f"The page {page} could not be drawn: {problems}")
    return calls


def _print_reports(house: Warehouse, scopes: dict[str, Scope]) -> list[str]:
    over = []
    print(f"\n{'report, ms':<24}" + "".join(f"{name:>16}" for name in scopes))
    for name in REPORTS:
        times = [milliseconds(partial(house.report, name, scope)) for scope in scopes.values()]
        over += [name] * (max(each.median for each in times) > LIMIT_REPORT_MS)
        print(f"{name:<24}" + "".join(f"{each!s:>16}" for each in times))
    return over


def _ask_all(house: Warehouse, filters: Filters, calls: list[Call]) -> None:
    house.resolve(AS_OF, filters, SEES_ALL)
    for name, scope, options in calls:
        house.report(name, scope, **options)


def _print_pages(
    house: Warehouse, everyone: dict[str, Filters], asked: dict[str, list[list[Call]]]
) -> list[str]:
    over = []
    print(f"\n{'page, ms':<24}" + "".join(f"{name:>16}" for name in everyone))
    for page, calls in asked.items():
        times = [
            milliseconds(partial(_ask_all, house, filters, each))
            for filters, each in zip(everyone.values(), calls, strict=True)
        ]
        over += [page] * (max(each.median for each in times) > LIMIT_PAGE_MS)
        names = ", ".join(dict.fromkeys(call[0] for each in calls for call in each))
        print(f"{page:<24}" + "".join(f"{each!s:>16}" for each in times) + f"   {names}")
    return over


def main() -> None:
    """Measures and prints; status 1 where a report or a page is above its limit."""
    given = arguments(__doc__).parse_args()
    logging.disable(logging.WARNING)  # pages drawn without a browser say so at every turn
    with work_folder(given.folder) as folder:
        path = database(folder, given.customers, given.tickets)
        os.environ["CCINSIGHT_DATABASE"] = str(path)
        everyone = example_filters(path)
        # Before the database is opened here: a process has each path open in one way only.
        asked = {page: [calls_of(page, filters) for filters in everyone.values()] for page in PAGES}
        with Warehouse.open(path, limits=_LIMITS) as house:
            scopes = {name: house.resolve(AS_OF, filters, SEES_ALL) for name, filters in everyone.items()}
            over = [*_print_pages(house, everyone, asked), *_print_reports(house, scopes)]
    if over:
        limits = f"{LIMIT_REPORT_MS:.0f} ms for a report or {LIMIT_PAGE_MS:.0f} ms for a page"
        raise SystemExit(f"\nAbove {limits}: {', '.join(over)}")


if __name__ == "__main__":
    main()
