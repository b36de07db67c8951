"""A group's partners in one database: each partner's figures are its own, whatever ids the others have."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from ccinsight.access import SEES_ALL, Reader
from ccinsight.database.build import build_beside
from ccinsight.database.scope import Filters, Scope
from ccinsight.database.warehouse import Warehouse
from ccinsight.errors import CcinsightError, UsageError
from ccinsight.lake.collect import collect
from ccinsight.lake.write import write_lake
from ccinsight.registry import REPORTS
from ccinsight.settings.storing import stored_settings
from tests.dashboard.opening import site_at
from tests.lake.conftest import DAY, WRITTEN_AT

# Reports about all data or price lists, not about customers, and of how far letters look ahead: by the longest notice.
WHOLE = {
    "data_age",
    "data_problems",
    "data_quality",
    "imports",
    "next_prices",
    "price_letters",
    "price_steps",
    "unknown_values",
    "unmatched_headers",
}
# What compares a customer with all others, whom the group has more of; hashes of ids; and the partner's name.
COMPARED = {
    "band_tickets_per_user",
    "customers",
    "duty_id",
    "forecast_value",
    "known",
    "median_value",
    "open_weighted",
    "partner",
    "percentile",
    "uid",
}


@pytest.fixture(scope="module")
def own(sample_database: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Two partners' databases with the same ids: the other has half of the tickets, no invoices and other terms."""
    folder = tmp_path_factory.mktemp("own")
    nord, sør = folder / "nord.duckdb", folder / "sør.duckdb"
    shutil.copy2(sample_database, nord)
    shutil.copy2(sample_database, sør)
    with build_beside(sør) as connection:
        connection.execute("delete from stored.tickets where hash(ticket_id) % 2 = 0")
        connection.execute("delete from stored.invoices")
        connection.execute("delete from stored.files where export = 'invoices'")
        connection.execute("update stored.prices set price_per_user = price_per_user + 10")
        connection.execute("update stored.products set notice_months = notice_months + 1")
        connection.execute("update stored.settings set toml = '[deck]\npartner = \"Sør AS\"'")
        connection.execute("update stored.reply_terms set minimum_reply_seconds = 600")
    return {"nord": nord, "sør": sør}


@pytest.fixture(scope="module")
def group(
    own: dict[str, Path], lake: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Path, Path]]:
    """The lake of both, and the group's database with the tickets in the lake."""
    folder = tmp_path_factory.mktemp("group")
    shutil.copytree(lake, folder / "lake" / "partner=nord")  # nord's database is the sample
    write_lake(own["sør"], folder / "lake", partner="sør", written_at=WRITTEN_AT)
    assert collect(folder / "lake", folder / "group.duckdb", with_tickets=False) == ("nord", "sør")
    yield folder / "lake", folder / "group.duckdb"


def test_each_partners_rows_are_those_of_its_own_database(
    own: dict[str, Path], group: tuple[Path, Path]
) -> None:
    partner = "sør"  # the one that differs in its settings
    with Warehouse.open(group[1]) as house, Warehouse.open(own[partner]) as alone:
        ids = house.resolve(DAY, Filters(partners=(partner,)), SEES_ALL).customer_ids
        for name in REPORTS.keys() - WHOLE:
            expected = alone.report(name, Scope(DAY, SEES_ALL)).to_pylist()
            found = house.report(name, Scope(DAY, SEES_ALL, ids)).to_pylist()
            assert _known(partner, found) == _known(partner, expected), name


def _known(partner: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows as the partner knows them, without what compares them with others'."""
    return [
        {
            column: value.replace(f"{partner}/", "") if isinstance(value, str) else value
            for column, value in row.items()
            if column not in COMPARED
        }
        for row in rows
    ]


def test_a_limited_reader_sees_the_customers_of_their_own_partner(group: tuple[Path, Path]) -> None:
    with Warehouse.open(group[1]) as house:
        everyone = house.report("customers", Scope(DAY, SEES_ALL)).to_pylist()
        manager = next(row["account_manager"] for row in everyone if row["account_manager"])
        assert manager.startswith("nord/")
        seen = house.visible(Reader(managers=frozenset({manager}), today=DAY))
        assert seen and all(customer.startswith("nord/") for customer in seen)
        assert house.visible(Reader(managers=frozenset({manager[5:]}), today=DAY)) == frozenset()

        reader = Reader(customer_ids=frozenset({"nord/1001"}))
        assert house.report("customers", Scope(DAY, reader))["customer_id"].to_pylist() == ["nord/1001"]
        assert house.resolve(DAY, Filters(partners=("nord",)), reader).customer_ids
        for named, who in (("sør", reader), ("vest", SEES_ALL)):
            with pytest.raises(UsageError, match=f"There is no partner {named}"):
                house.resolve(DAY, Filters(partners=(named,)), who)


def test_a_partners_part_is_collected_as_its_own_database(
    own: dict[str, Path], group: tuple[Path, Path], tmp_path: Path
) -> None:
    database = tmp_path / "sør.duckdb"
    assert collect(group[0], database, partner="sør") == ("sør",)
    with Warehouse.open(database) as house, Warehouse.open(own["sør"]) as alone:
        for name in ("customers", "contacts", "invoicing", "ticket_list"):
            scope = Scope(DAY, SEES_ALL)
            assert house.report(name, scope).equals(alone.report(name, scope))
        with pytest.raises(UsageError, match="no partner"):
            house.resolve(DAY, Filters(partners=("sør",)), SEES_ALL)


def test_partners_whose_settings_differ_where_reports_read_them_are_refused(
    own: dict[str, Path], group: tuple[Path, Path], tmp_path: Path
) -> None:
    changed = {
        "different user bands": "update stored.user_bands set user_band = '1–9', to_users = 9 where from_users = 1",
        "the category “": "update stored.categories set is_access_down = not is_access_down",
    }
    for words, statement in changed.items():
        database = Path(shutil.copy2(own["sør"], tmp_path / "changed.duckdb"))
        lake = Path(shutil.copytree(group[0], tmp_path / "lake", dirs_exist_ok=True))
        with duckdb.connect(str(database)) as connection:
            assert connection.execute(statement).fetchall() != [(0,)]
        write_lake(database, lake, partner="sør", written_at=WRITTEN_AT)
        with pytest.raises(CcinsightError, match=words):
            collect(lake, tmp_path / "group.duckdb")


def test_a_refused_write_leaves_no_part_behind(group: tuple[Path, Path], tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    lake.mkdir()
    with pytest.raises(CcinsightError, match=f"was collected from the lake {group[0]} and can't be changed"):
        write_lake(group[1], lake, partner="vest", written_at=WRITTEN_AT)
    assert not list(lake.iterdir())


def test_the_groups_settings_are_the_shared_bands_alone(group: tuple[Path, Path]) -> None:
    with duckdb.connect(str(group[1]), read_only=True) as connection:
        settings = stored_settings(connection)
        assert connection.execute("select count(*) from stored.default_terms").fetchall() == [(2,)]
        assert not connection.execute(
            "select contact_key from model.ticket_facts where contact_key is not null"
            " group by 1 having count(distinct split_part(customer_id, '/', 1)) > 1"
        ).fetchall()
    assert settings.user_bands == (1, 5, 10, 25, 50, 100) and settings.deck.partner is None


def test_the_table_of_customers_names_their_partner(own: dict[str, Path], group: tuple[Path, Path]) -> None:
    everyone = Scope(DAY, SEES_ALL)
    with Warehouse.open(group[1]) as house:
        customers = house.report("customers", everyone)
        rows = customers.to_pylist()
    with Warehouse.open(own["nord"]) as alone:
        outside = alone.report("customers", everyone)

    assert customers.column_names[-1] == "partner"
    assert {row["partner"] for row in rows} == {"nord", "sør"}
    assert sum(row["partner"] == "nord" for row in rows) == len(outside)
    assert all(row["customer_id"].startswith(f"{row['partner']}/") for row in rows)
    assert set(outside["partner"].to_pylist()) == {None}


def test_the_dashboard_filters_by_partner(group: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CCINSIGHT_DATABASE", str(group[1]))
    site = site_at("deadlines")
    for name, value in {"as-of": DAY.isoformat(), "language": "en", "partner": "nord"}.items():
        site.query_params[name] = value
    site.run()
    assert not site.exception
    assert site.button(key="drop-partner-nord").label == "nord"
    site.button(key="open-filters").click().run()
    picker = site.multiselect(key="pick-partner")
    assert (picker.label, picker.options, picker.value) == ("Partner", ["nord", "sør"], ["nord"])
    shown = [
        table.value["account_manager"].dropna()
        for table in site.dataframe
        if "account_manager" in table.value
    ]
    assert shown and all(names.str.startswith("nord/").all() for names in shown)

    site.switch_page("pages/customer.py").run()
    (customers,) = (table.value for table in site.dataframe if "state" in table.value)
    assert set(customers["partner"]) == {"nord"}
