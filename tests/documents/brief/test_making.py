"""A brief is made for every customer and day; every figure is where it says it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from ccinsight import i18n
from ccinsight.access import SEES_ALL
from ccinsight.database.scope import Scope
from ccinsight.database.warehouse import Warehouse
from ccinsight.documents.brief import Brief, Figure, Sources, make_brief
from ccinsight.errors import UsageError
from ccinsight.registry import REPORTS
from tests.documents.brief.reading import brief_of, texts_of
from tests.documents.deck import companies
from tests.documents.deck.companies import AS_OF

SAMPLE_DAY = date(2026, 11, 1)


@pytest.fixture(scope="module")
def house(sample_database: Path) -> Iterator[Warehouse]:
    with Warehouse.open(sample_database) as opened:
        yield opened


def _customers(house: Warehouse, as_of: date) -> tuple[str, ...]:
    return tuple(house.report("customers", Scope(as_of, SEES_ALL)).column("customer_id").to_pylist())


def _figures(brief: Brief) -> Iterator[Figure]:
    for _section, statement in brief.statements():
        yield from statement.figures


def _row_of(rows: list[dict[str, Any]], figure: Figure) -> dict[str, Any]:
    found = [row for row in rows if all(row[name] == value for name, value in figure.key)]
    assert len(found) == 1, figure
    return found[0]


def test_every_customer_gets_a_brief_whose_figures_stand_in_their_reports(house: Warehouse) -> None:
    customers = _customers(house, SAMPLE_DAY)
    sources = Sources(house, SAMPLE_DAY, SEES_ALL, customers)
    asked: dict[Any, list[dict[str, Any]]] = {}
    checked = 0

    for number, customer in enumerate(customers):
        brief = make_brief(sources, customer, "nb")
        # each has a brief; every third is looked up
        for figure in _figures(brief) if number % 3 == 0 else ():
            whose = None if REPORTS[figure.report].has_column("customer_id") else (customer,)
            key = (figure.report, figure.as_of, figure.options, whose)
            if key not in asked:
                table = house.report(
                    figure.report, Scope(figure.as_of, SEES_ALL, whose), **dict(figure.options)
                )
                asked[key] = table.to_pylist()
            assert _row_of(asked[key], figure)[figure.column] == figure.value, figure
            checked += 1

    assert checked > 700


def test_a_brief_alone_says_the_same_as_among_many(house: Warehouse) -> None:
    many = Sources(house, SAMPLE_DAY, SEES_ALL, _customers(house, SAMPLE_DAY))
    for customer in ("1004", "1059", "8001"):
        alone = make_brief(Sources(house, SAMPLE_DAY, SEES_ALL, (customer,)), customer, "en")
        together = make_brief(many, customer, "en")
        assert alone.sections == together.sections
        assert {name: table.to_pylist() for name, table in alone.tables.items()} == {
            name: table.to_pylist() for name, table in together.tables.items()
        }


@pytest.mark.parametrize("as_of", [date(2019, 1, 1), date(2023, 2, 28), date(2024, 2, 29), date(2030, 1, 1)])
def test_a_brief_can_be_made_on_any_day(house: Warehouse, as_of: date) -> None:
    customers = _customers(house, as_of)[:15]
    sources = Sources(house, as_of, SEES_ALL, customers)

    assert [make_brief(sources, customer, "nb").customer_id for customer in customers] == list(customers)


def test_every_customer_of_the_help_desk_gets_a_brief(tmp_path: Path) -> None:
    from ccinsight.ingest import import_paths

    folder = Path(__file__).parents[4] / "shared" / "real" / "helpdesk"
    if not folder.is_dir():
        pytest.skip("the help desk's files are not here")
    day = date(2013, 6, 30)
    import_paths([folder], tmp_path / "helpdesk.duckdb", imported_at=datetime(2026, 3, 1, 9))
    with Warehouse.open(tmp_path / "helpdesk.duckdb") as opened:
        customers = _customers(opened, day)
        sources = Sources(opened, day, SEES_ALL, customers)
        briefs = [make_brief(sources, customer, "en") for customer in customers]

    assert len(briefs) == 394
    covered = [each for each in briefs if not each.sections["value"].is_empty]
    titles = [
        each.sections["value"].title.text for each in covered if each.rows("agreement_use")[0]["tickets"]
    ]
    assert titles
    assert [title for title in titles if not title.endswith("unknown")] == []


def test_unknown_is_called_unknown_with_why() -> None:
    brief = brief_of(companies.bare())

    said = " ".join(text for name in brief.sections for text in texts_of(brief, name))

    for expected in (
        "Whether a status meeting was held is unknown: no meetings were imported",
        "The number of registered users is unknown: no user counts were imported",
        "How many users are active is unknown: no user count holds it.",
        "the value from 1 Apr 2026 is unknown, since the users are",
        "Discounts are unknown: no invoices were imported.",
        "What is unbilled is unknown: no invoices were imported",
    ):
        assert expected in said


def test_norwegian_and_the_reader_s_own_language_after_it(plain: Warehouse) -> None:
    i18n.set_language("en")

    brief = brief_of(plain, language="nb")

    assert brief.sections["users"].title.text == "9 registrerte brukere 15.03.2026, 3 flere enn 15.03.2025"
    assert i18n.language() == "en"


def test_a_customer_that_does_not_exist_is_named() -> None:
    with pytest.raises(UsageError, match="77"):
        Sources(companies.bare(), AS_OF, SEES_ALL, ("77",))
    with pytest.raises(UsageError, match="77"):
        make_brief(Sources(companies.bare(), AS_OF, SEES_ALL, ("1",)), "77")
