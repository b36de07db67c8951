"""What was invoiced for a period after the end is seen, summed as billed too much, and explained."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from ccinsight.ingest import import_paths
from tests.dashboard.opening import Open

FILES = {
    "avtaler.csv": (
        "Avtalenr;Firma-ID;Firma;Tegningsdato;Oppsagt;Prisgrunnlag;Pris per bruker;Antall brukere\n"
        "A-1;1;Fjord AS;2024-04-01;2025-02-20;Kontrakt;1000;10\n"
    ),
    "saker.csv": "Saks-ID;Firma-ID;Opprettet;Lukket ved\n1;1;2025-01-05 10:00;2025-01-05 11:00\n",
    "fakturaer.csv": (
        "Fakturalinje;Firma-ID;Avtalenr;Type;Fakturadato;Periodestart;Beløp\n"
        "1;1;A-1;Årlig;2024-04-01;2024-04-01;10000\n2;1;A-1;Årlig;2025-04-01;;10000\n"
    ),
}


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ended")
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    database = folder / "made.duckdb"
    import_paths([folder / name for name in FILES], database, imported_at=datetime(2025, 5, 1, 9, 0))
    return database


def test_the_leakage_page_sums_and_explains_it(open_page: Open, ended: Path) -> None:
    query = "as-of=2025-05-01&language=en&part=overbilled&open=A-1/2025-04-01"
    site = open_page("leakage", query, ended)

    assert not site.exception
    (figure,) = (metric.value for metric in site.metric if metric.label == "Billed too much")
    assert "10" in figure
    said = " ".join(text.value for text in site.markdown)
    assert "The agreement ended on 31 Mar 2025, before this period" in said
    assert "billed too much" in said


def test_the_customers_page_shows_it_below_the_agreements_periods(open_page: Open, ended: Path) -> None:
    site = open_page("customer", "as-of=2025-05-01&language=en&id=1&period=A-1/2024-04-01", ended)

    assert not site.exception
    said = " ".join(text.value for text in (*site.caption, *site.markdown))
    assert "Invoiced for periods after the end of the agreement" in said
