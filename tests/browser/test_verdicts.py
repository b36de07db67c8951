"""A verdict on a renewal in a browser, by the keyboard alone: due, given, due no longer, and judged afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from ccinsight.clock import now, today
from ccinsight.ingest import import_paths
from ccinsight.notes.verdicts import Verdicts
from tests.browser.keyboard import tab_to
from tests.browser.reading import OpenPage, settled
from tests.serving import served

_PATIENCE = 90_000


def _exports(folder: Path, on: date) -> Path:
    """Two customers whose deadlines lie two months ahead of the day; one of them gives notice a month later."""
    folder.mkdir()
    start = (on + timedelta(days=92)).replace(day=1)
    started = start.replace(year=start.year - 2)
    notice = on + timedelta(days=20)
    (folder / "agreements.csv").write_text(
        "agreement_id;customer_id;customer_name;account_manager;product;subscribed_on;registered_users;price_basis;"
        "price_per_user;terminated_on;terminated_by\n"
        f"A-1;1;Fjordvik AS;Kari;CloudCare CRM;{started};10;contract;1200;{notice};customer\n"
        f"A-2;2;Nordlys AS;Kari;CloudCare CRM;{started};20;contract;1200;;\n",
        encoding="utf-8",
    )
    (folder / "tickets.csv").write_text(
        f"ticket_id;customer_id;opened_at\nT-1;1;{on}T09:00:00\nT-2;2;{on}T10:00:00\n", encoding="utf-8"
    )
    return folder


@pytest.fixture
def own_site(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A dashboard over a database of this test's own, of today, and the database."""
    database = tmp_path / "ccinsight.duckdb"
    import_paths([_exports(tmp_path / "exports", today())], database, imported_at=now())
    with served(database, tmp_path) as address:
        yield address, database


def _press(page: Page, name: str) -> None:
    button = page.get_by_role("button", name=name)
    tab_to(page, button)
    page.keyboard.press("Enter")


def test_a_verdict_due_is_given_by_the_keyboard_and_judged_afterwards(
    open_page: OpenPage, own_site: tuple[str, Path]
) -> None:
    address, database = own_site
    page = open_page(f"{address}/to_do?show=all&duty=renewal_verdict")
    due = page.locator("summary").filter(has_text="Vurder fornyelsen")
    expect(due).to_contain_text("2 oppgaver", timeout=_PATIENCE)

    tab_to(page, page.get_by_role("link", name="Vurder Fjordvik AS"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="2 fornyelser venter på vurdering")).to_be_visible(
        timeout=_PATIENCE
    )
    settled(page)
    tab_to(page, page.get_by_role("radiogroup", name="Blir kunden?"))
    page.keyboard.press("ArrowUp")  # from none to the last: leaves
    expect(page.get_by_role("radio", name="Slutter")).to_be_checked()
    tab_to(page, page.get_by_role("textbox", name="Begrunnelse"))
    page.keyboard.type("Ny leder vil bytte")
    tab_to(page, page.get_by_role("textbox", name="Tiltak, hvis det trengs"))
    page.keyboard.type("Ring lederen")
    tab_to(page, page.get_by_role("spinbutton", name="dag, Tiltak innen"))
    page.keyboard.type(f"{today() + timedelta(days=3):%d%m%Y}")
    _press(page, "Lagre vurderingen")
    expect(page.get_by_text("Vurderingen er lagret: Fjordvik AS, Slutter.")).to_be_visible(timeout=_PATIENCE)
    expect(page.get_by_role("heading", name="1 fornyelse venter på vurdering")).to_be_visible(
        timeout=_PATIENCE
    )
    (given,) = Verdicts.beside(database).rows()
    assert (given["agreement_id"], given["verdict"], given["reason"]) == (
        "A-1",
        "leaves",
        "Ny leder vil bytte",
    )
    assert (given["action"], given["action_on"]) == ("Ring lederen", today() + timedelta(days=3))

    page.goto(f"{address}/to_do?show=all")
    expect(due).to_contain_text("1 oppgave", timeout=_PATIENCE)
    expect(page.locator("summary").filter(has_text="Følg opp vurderingen")).to_contain_text("1 oppgave")

    # once the deadline has passed
    page.goto(f"{address}/risk?risk=judged&as-of={today() + timedelta(days=70)}")
    expect(page.get_by_role("heading", name="Hvem fikk rett om fornyelsene")).to_be_visible(timeout=_PATIENCE)
    # three months before, leaves: one renewal, one of them terminated
    expect(page.get_by_role("row", name="3 Slutter 1 1 100")).to_be_visible(timeout=_PATIENCE)
