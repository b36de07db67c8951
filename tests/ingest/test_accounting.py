"""Invoice lines as accounting systems name their columns (docs/accounting-exports.md); the rows are invented."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from ccinsight.errors import CcinsightError
from ccinsight.ingest.mapping.examine import examine
from ccinsight.settings.parsing import parse_settings
from tests.ingest.trying import try_import

PRODUCTS = """
[values.kind]
"CloudCare årlig" = "yearly"
"Konsulenttime" = "consulting"
"""
STORED = """
from stored.invoices
select invoice_line_id, customer_id, customer_name, org_number, kind, issued_on, quantity, unit_price, amount
order by line
"""


def _kind_is(header: str) -> str:
    return f'[headers.invoices]\n"{header}" = "kind"\n{PRODUCTS}'


def test_24sevenoffice(tmp_path: Path) -> None:
    rows = (
        "OrderId;InvoiceId;CustomerId;CustomerName;CustomerOrgNo;TotalWithoutTax;CurrencyId;InvoiceDate;ProductName;Quantity;Beløp",
        "9;8001;31;Fjord AS;912345678;27000;NOK;01.04.2026;CloudCare årlig;20;24000",
        "9;8001;31;Fjord AS;912345678;27000;NOK;01.04.2026;Konsulenttime;2,5;3000",
        "10;8002;32;Fjell AS;912345679;900;EUR;02.04.2026;Konsulenttime;1;900",
    )
    trial = try_import(tmp_path, {"fakturaer.csv": "\n".join(rows)}, _kind_is("ProductName"))

    fjord = ("31", "Fjord AS", "912345678")
    assert trial.rows(STORED) == [
        ("8001/1", *fjord, "yearly", date(2026, 4, 1), Decimal(20), None, Decimal(24000)),
        ("8001/2", *fjord, "consulting", date(2026, 4, 1), Decimal("2.5"), None, Decimal(3000)),
    ]
    assert [row[1:3] for row in trial.rejects()] == [("currency", "EUR")]
    unmatched = [each.value for each in trial.file.warnings if each.kind == "header_unmatched"]
    assert unmatched == ["OrderId", "TotalWithoutTax"]


def test_tripletex(tmp_path: Path) -> None:
    rows = (
        "INVOICE NO;INVOICE DATE;DUE DATE;CUSTOMER NO;CUSTOMER NAME;ORGANIZATION NO;CURRENCY;"
        "ORDER LINE - PROD NAME;ORDER LINE - COUNT;ORDER LINE - UNIT PRICE;Beløp eks. mva.",
        "501;2026-04-01;2026-04-15;31;Fjord AS;912345678;NOK;CloudCare årlig;20;1200,00;24000,00",
        "501;2026-04-01;2026-04-15;31;Fjord AS;912345678;NOK;CloudCare årlig;-2;1200,00;-2400,00",
    )
    trial = try_import(tmp_path, {"fakturaer.csv": "\n".join(rows)}, _kind_is("ORDER LINE - PROD NAME"))

    line = ("31", "Fjord AS", "912345678", "yearly", date(2026, 4, 1))
    assert trial.rows(STORED) == [
        ("501/1", *line, Decimal(20), Decimal(1200), Decimal(24000)),
        ("501/2", *line, Decimal(-2), Decimal(1200), Decimal(-2400)),
    ]


def test_business_central(tmp_path: Path) -> None:
    rows = (
        "Document No.\tLine No.\tPosting Date\tSell-to Customer No.\tType\tNo.\tDescription\tQuantity\tUnit Price\t"
        "Amount\tAmount Including VAT\tCurrency Code",
        "103001\t10000\t01.04.2026\t31\tItem\t1000\tCloudCare årlig\t20\t1 200,00\t24 000,00\t30 000,00\t",
        "103001\t20000\t01.04.2026\t31\tResource\t2000\tKonsulenttime\t2\t1 250,00\t2 500,00\t3 125,00\t",
        "103001\t30000\t01.04.2026\t31\tItem\t3000\tSommerlunsj\t1\t100,00\t100,00\t125,00\t",
    )
    trial = try_import(tmp_path, {"fakturaer.txt": "\n".join(rows)}, _kind_is("Description"))

    assert [(row[0], row[1], row[4], row[8]) for row in trial.rows(STORED)] == [
        ("103001/10000", "31", "yearly", Decimal(24000)),
        ("103001/20000", "31", "consulting", Decimal(2500)),
    ]
    assert [row[1:] for row in trial.rejects()] == [("kind", "Sommerlunsj", "not one of the known values")]


def test_poweroffice_go(tmp_path: Path) -> None:
    rows = (
        "Fakturanr;Fakturadato;Kundenr;Kundenavn;Produkt;Antall;Enhetspris;Nettobeløp",
        "7001;01.04.2026;31;Fjord AS;CloudCare årlig;20;1 200,00;24 000,00",
    )
    trial = try_import(tmp_path, {"fakturaer.csv": "\n".join(rows)}, _kind_is("Produkt"))
    (row,) = trial.rows(STORED)
    assert row[:3] == ("7001/1", "31", "Fjord AS")


def test_visma_net_needs_names_for_number_and_customer(tmp_path: Path) -> None:
    rows = (
        "referenceNumber;lineNumber;documentDate;customerNumber;inventoryNumber;quantity;amount",
        "3001;1;2026-04-01;31;CloudCare årlig;20;24000",
    )
    names = (
        '[headers.invoices]\n"referenceNumber" = "invoice_number"\n"customerNumber" = "customer_id"\n'
        f'"inventoryNumber" = "kind"\n{PRODUCTS}'
    )
    trial = try_import(tmp_path, {"fakturaer.csv": "\n".join(rows)}, names)
    (row,) = trial.rows(STORED)
    assert (row[0], row[1], row[5], row[8]) == ("3001/1", "31", date(2026, 4, 1), Decimal(24000))


def test_a_file_without_kinds_says_so_and_its_mapping_shows_the_products(tmp_path: Path) -> None:
    rows = (
        "INVOICE NO;INVOICE DATE;CUSTOMER NO;ORDER LINE - PROD NAME;Beløp",
        "1;2026-04-01;31;CloudCare årlig;100",
    )
    file = tmp_path / "fakturaer.csv"
    file.write_text("\n".join(rows), encoding="utf-8")
    with pytest.raises(CcinsightError, match="kind"):
        try_import(tmp_path, {"fakturaer.csv": "\n".join(rows)})

    (seen,) = examine(file, parse_settings("", None))
    assert seen.missing == ("kind",)
    assert seen.headers == {"ORDER LINE - PROD NAME": ("CloudCare årlig",)}
    named = '[headers.invoices]\n"ORDER LINE - PROD NAME" = "kind"\n'
    (seen,) = examine(file, parse_settings(named, None))
    assert seen.values == {"kind": {"CloudCare årlig": 1}}
