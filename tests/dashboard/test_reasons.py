"""Why agreements were terminated: given on Review and on the customer's page, and lost revenue by reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from ccinsight.access import SEES_ALL, Reader
from ccinsight.dashboard.session import reader as session
from ccinsight.database.scope import Scope
from ccinsight.database.warehouse import Warehouse
from ccinsight.documents.quarter.lost import by_reason
from ccinsight.i18n import amount, set_language
from ccinsight.notes.terminations import TerminationReasons
from tests.dashboard.opening import AS_OF, Open, written

DAY = date.fromisoformat(AS_OF)
QUERY = f"as-of={AS_OF}&language=en&span=own&from-day=2026-01-01&to-day=2026-09-30"


def _button(site: AppTest, start: str) -> AppTest:
    [key] = [str(button.key) for button in site.button if str(button.key).startswith(start)]
    return site.button(key=key).click().run()


def _give(site: AppTest, reason: str, note: str) -> AppTest:
    [chosen] = [box for box in site.selectbox if str(box.key).startswith("reason-chosen-")]
    chosen.set_value(reason)
    [written_note] = [box for box in site.text_input if str(box.key).startswith("reason-note-")]
    written_note.set_value(note)
    return _button(site, "reason-save-")


def _by_reason(site: AppTest) -> list[list[str]]:
    [table] = [rows for rows in written(site) if rows[0][0] == "Termination reason"]
    return table[1:]


def _cell(value: Decimal) -> str:
    """An amount as a table has it, whose heading has the unit."""
    return amount(value).removesuffix("\N{NO-BREAK SPACE}kr").replace("-", "−")


def test_a_reason_is_given_changed_and_taken_back(open_page: Open, own_database: Path) -> None:
    set_language("en")
    with Warehouse.open(own_database) as house:
        scope = Scope(date(2026, 9, 30), SEES_ALL)
        lost = house.report("lost_agreements", scope, since=date(2026, 1, 1)).to_pylist()
        months = house.report("revenue_movements", scope, months=9).to_pylist()
    churn = sum(row["churn"] for row in months)
    first, total = lost[0], amount(float(churn)).replace("-", "−")

    site = open_page("review", QUERY, own_database)
    assert not site.exception
    assert [row[0] for row in _by_reason(site)] == ["not given"]
    assert any(f"Change in ARR: {total}" in note.value for note in site.caption)

    site = _give(site, "Konkurs", "Boet er åpnet")
    assert not site.exception and first["agreement_id"] in site.success[0].value
    rows = _by_reason(site)
    assert [(row[0], row[2]) for row in rows] == [
        ("Konkurs", _cell(first["amount"])),
        ("not given", _cell(churn - first["amount"])),
    ]
    assert any(f"Change in ARR: {total}" in note.value for note in site.caption)
    known = TerminationReasons.beside(own_database).known(DAY)
    given = known[first["agreement_id"]]
    assert (given.customer_id, given.reason, given.note) == (first["customer_id"], "Konkurs", "Boet er åpnet")

    # on the customer's page it can be changed
    page = open_page("customer", f"as-of={AS_OF}&language=en&id={first['customer_id']}", own_database)
    assert not page.exception
    page = _give(page, "Pris", "")
    assert TerminationReasons.beside(own_database).known(DAY)[first["agreement_id"]].reason == "Pris"
    page = _button(page, "reason-undo-")
    assert TerminationReasons.beside(own_database).known(DAY)[first["agreement_id"]].reason == "Konkurs"
    page = _button(page, "reason-undo-")
    assert TerminationReasons.beside(own_database).known(DAY) == {} and not page.exception


def test_who_no_longer_sees_the_customer_changes_nothing(
    open_page: Open, own_database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Warehouse.open(own_database) as house:
        since = date(2026, 1, 1)
        lost = house.report("lost_agreements", Scope(date(2026, 9, 30), SEES_ALL), since=since).to_pylist()
    customer = lost[0]["customer_id"]
    of_one = Reader(key="kari", name="Kari", customer_ids=frozenset({customer}), today=DAY)
    monkeypatch.setattr(session, "current", lambda: of_one)
    site = open_page("review", QUERY, own_database)
    assert not site.exception
    assert [row[1] for row in _by_reason(site)] == ["1"]

    monkeypatch.setattr(session, "current", lambda: replace(of_one, customer_ids=frozenset({"1002"})))
    with_none = _give(site, "Pris", "")
    assert TerminationReasons.beside(own_database).known(DAY) == {}
    assert not any("is saved" in said.value for said in with_none.success)


def test_reasons_are_by_loss_with_not_given_last_and_add_up() -> None:
    set_language("en")
    lost = pd.DataFrame(
        {
            "customer_id": ["1", "2", "2", "3", "4", "5", "6"],
            "amount": [-500.0, -100.0, -50.0, -2000.0, -900.0, None, None],
            "reason": ["Pris", "Pris", "Pris", None, "Konkurs", "Pris", "Fusjon"],
        }
    )
    rows = by_reason(lost)
    found = rows[["reason", "lost_customers", "amount"]]
    assert found.astype(object).where(found.notna(), None).values.tolist() == [
        ["Konkurs", 1, -900.0],
        ["Pris", 3, -650.0],
        ["Fusjon", 1, None],
        ["not given", 1, -2000.0],
    ]
    assert Decimal(str(rows["amount"].sum())) == Decimal(str(lost["amount"].sum()))
