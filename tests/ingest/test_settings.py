"""The settings file: what it says, what it leaves, what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from ccinsight.database.schema import stored_tables
from ccinsight.errors import CcinsightError
from ccinsight.settings.model import Category, Terms
from ccinsight.settings.parsing import default_settings, find_settings, parse_settings, read_settings
from ccinsight.settings.storing import store_settings, stored_settings

WHOLE = """
[products."CloudCare CRM"]
notice_months = 2
member_hourly_rate = 1250.50

[products."Annet"]
price_notice_days = 30

[user_bands]
from = [1, 2, 10]

[categories]
"Tilgang/Nede" = { access_down = true }
"Opplæring" = { scope = "training" }

[severities]
critical = { access_down = true }

[headers.tickets]
"Sakstid" = "minutes_spent"

[values.channel]
"Teams" = "chat"

[customers]
"Fjord Drift" = "1042"

[import]
day_first = true
decimal_sign = ","
time_spent_unit = "seconds"
keep_contacts = "none"
keep_titles = false
"""


@pytest.fixture
def db() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute(stored_tables()).fetchall()
        yield connection


def test_the_defaults() -> None:
    settings = default_settings()
    assert settings.products == {"CloudCare CRM": Terms(1, 14)}
    assert settings.default_terms == Terms(1, 14)
    assert [label for label, _first, _last in settings.bands()] == [
        "1–4",
        "5–9",
        "10–24",
        "25–49",
        "50–99",
        "100+",
    ]
    assert settings.imports.day_first is None
    assert settings.imports.keep_contacts == "hashed"


def test_a_whole_file() -> None:
    settings = parse_settings(WHOLE, "x.toml")
    assert settings.products == {"CloudCare CRM": Terms(2, 14, Decimal("1250.50")), "Annet": Terms(1, 30)}
    assert settings.bands() == [("1", 1, 1), ("2–9", 2, 9), ("10+", 10, None)]
    assert settings.categories == {
        "Tilgang/Nede": Category("support", True),
        "Opplæring": Category("training", False),
    }
    assert settings.severities == {"critical": True}
    assert settings.headers == {"tickets": {"Sakstid": "minutes_spent"}}
    assert settings.values == {"channel": {"Teams": "chat"}}
    assert settings.customers == {"Fjord Drift": "1042"}


def test_stored_settings_come_back(db: duckdb.DuckDBPyConnection) -> None:
    settings = parse_settings(WHOLE, "x.toml")
    store_settings(db, default_settings())
    store_settings(db, settings)
    assert stored_settings(db) == settings
    assert db.execute("from stored.user_bands").fetchall() == settings.bands()
    assert db.execute("from stored.customer_names").fetchall() == [("Fjord Drift", "1042")]


def test_a_database_without_settings_has_the_defaults(db: duckdb.DuckDBPyConnection) -> None:
    assert stored_settings(db) == default_settings()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a =", "x.toml"),
        ("[produkts]", "produkts"),
        ("products = 1", "products"),
        ("[products.X]\nnotice = 1", "products.X.notice"),
        ("[products.X]\nnotice_months = true", "products.X.notice_months"),
        ("[products.X]\nnotice_months = -1", "products.X.notice_months"),
        ("[import]\nminimum_reply_seconds = -1", "import.minimum_reply_seconds"),
        ("[import]\nminimum_reply_seconds = 0.5", "import.minimum_reply_seconds"),
        ("[products.X]\nmember_hourly_rate = nan", "products.X.member_hourly_rate"),
        (
            "[products.X]\nstandard_hourly_rate = 10000000",
            "products.X.standard_hourly_rate.*below 10 000 000",
        ),
        ('[products.X]\nmember_hourly_rate = "1"', "products.X.member_hourly_rate"),
        ("[user_bands]\nfrom = [5, 1]", "user_bands.from"),
        ("[user_bands]\nfrom = []", "user_bands.from"),
        ('[categories]\n"A" = { scope = "fun" }', "categories.A.scope.*training"),
        ('[categories]\n"A" = "training"', "categories.A"),
        ("[severities]\nurgent = { access_down = true }", "severities.urgent.*critical"),
        ('[headers.ticket]\n"A" = "title"', "headers.ticket.*tickets"),
        ('[headers.tickets]\n"A" = "titel"', "headers.tickets.A.*title"),
        ('[values.owner]\n"A" = "B"', "values.owner.*channel"),
        ('[values.channel]\n"A" = "teams"', "values.channel.A.*chat"),
        ("[customers]\n'A' = 1042", "customers.A"),
        ("[import]\nday_first = 'yes'", "import.day_first"),
        ("[import]\ndecimal_sign = ';'", "import.decimal_sign"),
    ],
)
def test_what_is_wrong_is_named_by_file_and_key(text: str, message: str) -> None:
    with pytest.raises(CcinsightError, match=f"(?s)x.toml.*{message}|{message}"):
        parse_settings(text, "x.toml")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CcinsightError, match=r"none\.toml"):
        read_settings(tmp_path / "none.toml")


def test_a_file_in_another_encoding(tmp_path: Path) -> None:
    path = tmp_path / "old.toml"
    path.write_bytes('[customers]\n"Blåbær" = "1"'.encode("cp1252"))
    with pytest.raises(CcinsightError, match="UTF-8"):
        read_settings(path)


def test_a_file_with_a_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "mark.toml"
    path.write_text("[user_bands]\nfrom = [1]", "utf-8-sig")
    assert read_settings(path).user_bands == (1,)


def test_which_file_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert find_settings() is None
    (tmp_path / "ccinsight.toml").touch()
    assert find_settings() == Path("ccinsight.toml")
    monkeypatch.setenv("CCINSIGHT_CONFIG", "other.toml")
    assert find_settings() == Path("other.toml")
    assert find_settings("given.toml") == Path("given.toml")
