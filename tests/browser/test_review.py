"""The management's review by keyboard alone: the quarter's waterfall, its customers, and the quarter before."""

from __future__ import annotations

import csv
import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from ccinsight.access import SEES_ALL
from ccinsight.database.scope import Scope
from ccinsight.database.warehouse import Warehouse
from ccinsight.i18n import amount, in_language
from tests.browser.keyboard import tab_to
from tests.browser.reading import OpenPage, settled

AS_OF = "2026-11-01"
LAST, BEFORE = date(2026, 9, 30), date(2026, 6, 30)
MOVES = {
    "Nye": "new",
    "Flere brukere": "expansion",
    "Prisendring": "price_change",
    "Færre brukere": "contraction",
    "Tapte kunder": "churn",
}


def _months(database: Path, last: date) -> list[dict[str, Any]]:
    """The movements report of the three months up to a day."""
    with Warehouse.open(database) as house:
        rows: list[dict[str, Any]] = house.report(
            "revenue_movements", Scope(last, SEES_ALL), months=3
        ).to_pylist()
    return rows


def _customers(database: Path, last: date, movement: str) -> dict[tuple[str, str], Decimal]:
    """The customers behind a movement of those months: month and name → kr."""
    with Warehouse.open(database) as house:
        rows = house.report("movement_customers", Scope(last, SEES_ALL), months=3).to_pylist()
    return {
        (f"{row['month']:%d.%m.%Y}", row["customer_name"]): row["amount"]
        for row in rows
        if row["movement"] == movement
    }


def _choose(page: Page, label: str, text: str) -> None:
    """Chooses in a list by keyboard: what is typed finds the option."""
    box = page.get_by_role("combobox", name=re.compile(label))
    tab_to(page, box)
    page.keyboard.type(text)
    expect(page.get_by_role("option", name=re.compile(text)).first).to_be_visible()
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    settled(page)


def _downloaded(page: Page) -> dict[tuple[str, str], Decimal]:
    """The rows of the first table's CSV, asked for by keyboard."""
    button = page.get_by_role("button", name="CSV").first
    tab_to(page, button, most=400)
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    return {
        (row["Måned"], row["Kunde"]): Decimal(row["Endring i ARR (kr)"].replace(",", "."))
        for row in csv.DictReader(text.splitlines(), delimiter=";")
    }


def _figures(page: Page) -> dict[str, list[str]]:
    """The table that sets the periods against each other: figure → its cells."""
    table = page.get_by_role("table", name="Periodenes tall")
    expect(table).to_be_visible()
    rows = [row.locator("th, td").all_inner_texts() for row in table.get_by_role("row").all()]
    return {row[0]: row[1:] for row in rows}


def _written(value: Decimal) -> str:
    with in_language("nb"):
        return amount(value).replace("-", "−")


def test_the_quarters_waterfall_is_opened_to_its_customers_and_set_against_the_quarter_before(
    open_page: OpenPage, sample_database: Path
) -> None:
    page = open_page(f"/review?as-of={AS_OF}&language=nb")
    expect(page.get_by_role("heading", level=1)).to_contain_text("3. kvartal 2026")

    figures, quarters = _figures(page), [_months(sample_database, day) for day in (LAST, BEFORE)]
    assert figures["Tall"][:3] == ["3. kvartal 2026", "2. kvartal 2026", "Endring"]
    for label, name in MOVES.items():
        now, before = (sum(row[name] for row in rows) for rows in quarters)
        assert figures[label][:2] == [_written(now), _written(before)], label
        assert figures[label][2].lstrip("+") == _written(now - before), label
    assert figures["Slutt"][:2] == [_written(rows[-1]["end"]) for rows in quarters]

    _choose(page, "Bevegelse", "Tapte kunder")
    expect(page).to_have_url(re.compile("movement=churn"))
    lost = _customers(sample_database, LAST, "churn")
    assert lost and _downloaded(page) == lost
    assert sum(lost.values()) == sum(row["churn"] for row in quarters[0])

    _choose(page, "Hvilket kvartal", "2. kvartal 2026")
    expect(page.get_by_role("heading", level=1)).to_contain_text("2. kvartal 2026")
    expect(page).to_have_url(re.compile("begins=2026-04-01"))
    assert _figures(page)["Tapte kunder"][0] == figures["Tapte kunder"][1]
    before_lost = _customers(sample_database, BEFORE, "churn")
    assert before_lost and _downloaded(page) == before_lost

    # the same by a click on a bar, also once the list has chosen another
    for _attempt in range(2):
        _click_on_second_bar(page)
        expect(page).to_have_url(re.compile("movement=new"))
        settled(page)
        assert _downloaded(page) == _customers(sample_database, BEFORE, "new")
        _choose(page, "Bevegelse", "Tapte kunder")
        expect(page).to_have_url(re.compile("movement=churn"))


def _click_on_second_bar(page: Page) -> None:
    bars = page.locator("[class*=st-key-chart-review] .barlayer .point path")
    expect(bars.nth(1)).to_be_attached()
    bars.nth(1).scroll_into_view_if_needed()
    box = bars.nth(1).bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
