"""Amounts in another currency than the settings say are rejected as that."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from ccinsight.errors import CcinsightError
from ccinsight.settings.parsing import parse_settings
from tests.ingest.trying import Trial, try_import

OTHER = "in another currency than the settings say"


def _import(tmp_path: Path, amount: str, currency: str = "", config: str | None = None) -> Trial:
    headers = "Fakturalinje;Kundenr;Type;Fakturadato;Beløp;Valuta"
    return try_import(
        tmp_path, {"fakturaer.csv": f"{headers}\n1;1;Årlig;01.04.2025;{amount};{currency}\n"}, config
    )


@pytest.mark.parametrize("currency", ["", "NOK", "nok", "Nok ", "kr", "KR."])
def test_the_settings_currency_is_read(tmp_path: Path, currency: str) -> None:
    trial = _import(tmp_path, "100", currency)
    stored = trial.rows("from stored.invoices select amount, currency")
    assert stored == [(Decimal(100), "NOK" if currency else None)]


@pytest.mark.parametrize("currency", ["SEK", "EUR", "€", "Euro", "US$"])
def test_a_line_in_another_currency_is_rejected(tmp_path: Path, currency: str) -> None:
    trial = _import(tmp_path, "100", currency)
    assert trial.rejects() == [(2, "currency", currency, OTHER)]


def test_without_a_column_the_currency_is_the_settings(tmp_path: Path) -> None:
    headers = "Fakturalinje;Kundenr;Type;Fakturadato;Beløp"
    trial = try_import(tmp_path, {"fakturaer.csv": f"{headers}\n1;1;Årlig;01.04.2025;100\n"})
    assert trial.values("from stored.invoices select currency") == [None]


@pytest.mark.parametrize(
    "amount",
    [
        "€ 100",
        "100 €",
        "$100",
        "100$",
        "£100.50",
        "SEK 1 000",
        "1 000,00 SEK",
        "100 EUR",
        "EUR100",
        "-€100",
        "€ -1.234,50",
        "100 dkk",
    ],
)
def test_an_amount_with_the_sign_of_another_currency_is_rejected(tmp_path: Path, amount: str) -> None:
    assert _import(tmp_path, amount).rejects() == [(2, "amount", amount, OTHER)]


@pytest.mark.parametrize(
    "amount", ["100 kr", "kr 100", "100,-", "NOK 100", "100 NOK", "nok100", "100", "KR100"]
)
def test_the_signs_of_kroner_are_read(tmp_path: Path, amount: str) -> None:
    assert _import(tmp_path, amount).values("from stored.invoices select amount") == [Decimal(100)]


@pytest.mark.parametrize("amount", ["100 stk", "abc", "100 ABC", "€", "NOK", "12 EUR 13"])
def test_what_is_no_number_is_no_currency_either(tmp_path: Path, amount: str) -> None:
    assert _import(tmp_path, amount).rejects()[0][3] == "not a number"


def test_another_currency_can_be_set(tmp_path: Path) -> None:
    euro = '[import]\ncurrency = "eur"\n'
    assert _import(tmp_path, "€ 100", "EUR", euro).values("from stored.invoices select currency") == ["EUR"]
    assert _import(tmp_path, "100 kr", "NOK", euro).rejects() == [(2, "amount", "100 kr", OTHER)]


def test_a_currency_has_three_letters() -> None:
    with pytest.raises(CcinsightError, match="currency"):
        parse_settings('[import]\ncurrency = "kroner"\n', None)
