"""No money is lost: what invoicing shows and what is listed beside it add up to what the file says (R7, exports.md)."""

from __future__ import annotations

import os
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from ccinsight.access import SEES_ALL
from ccinsight.database.scope import Scope
from ccinsight.database.warehouse import Warehouse
from ccinsight.ingest import import_paths

ROUNDS = 200 if os.environ.get("CCINSIGHT_SOAK") == "1" else 6
WHEN = datetime(2031, 1, 1, 9, 0)
# Late enough for every period to have begun that a line of the last year may be for: a yearly line without a period
# belongs to the nearest start, which may lie ahead.
AS_OF = date(2032, 1, 1)
FIRST, LAST = date(2020, 1, 1), date(2030, 12, 31)
HEADERS = "Fakturalinje;Fakturanr;Linjenr;Firma-ID;Avtalenr;Type;Fakturadato;Periodestart;Beløp;Valuta"
CUSTOMERS = ["1", "2", "3", "9"]  # 9 has no agreement

_days = st.dates(FIRST, LAST)
_amounts = st.integers(-300_000, 300_000).filter(bool).map(lambda ore: Decimal(ore) / 100)


@st.composite
def _agreement(draw: st.DrawFn, number: int) -> str:
    """Some end, some have a short first period, some follow each other within one customer."""
    begins = draw(st.dates(FIRST, date(2029, 12, 31)))
    notice = draw(st.none() | st.dates(begins, LAST))
    renewal = draw(st.none() | st.dates(begins, LAST))
    product = draw(st.sampled_from(["CloudCare CRM", "Annet"]))
    customer = draw(st.sampled_from(CUSTOMERS[:3]))
    return f"A{number};{customer};Kunde {customer};{product};{begins};{renewal or ''};{notice or ''};Kontrakt;100;5"


@st.composite
def _line(draw: st.DrawFn) -> tuple[str, Decimal]:
    """A line of any kind: by number, by number and line, or by an id that others may have too; some are bad."""
    amount = draw(_amounts)
    number = draw(st.integers(1, 12))
    key = draw(st.sampled_from([f"L{number};;", f";{number};", f";{number};{draw(st.integers(1, 3))}"]))
    customer = draw(st.sampled_from(CUSTOMERS))
    agreement = draw(st.none() | st.integers(0, 6))
    kind = draw(st.sampled_from(["Årlig"] * 4 + ["Utvidelse"] * 2 + ["Konsulent", "Kurs", "Dugnad"]))
    period = draw(st.none() | _days)
    currency = draw(st.sampled_from([""] * 6 + ["NOK", "SEK"]))
    named = "" if agreement is None else f"A{agreement}"
    row = f"{key};{customer};{named};{kind};{draw(_days)};{period or ''};{amount};{currency}"
    return row, amount


@settings(
    max_examples=ROUNDS,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)
@given(
    st.tuples(*(_agreement(number) for number in range(6))),
    st.lists(_line(), min_size=60, max_size=120, unique_by=lambda line: line[0]),
)
def test_all_that_was_invoiced_is_shown_or_listed(
    agreements: tuple[str, ...], lines: list[tuple[str, Decimal]]
) -> None:
    head = (
        "Avtalenr;Firma-ID;Firma;Produkt;Tegningsdato;Første fornyelse;Oppsagt;Prisgrunnlag;"
        "Pris per bruker;Antall brukere"
    )
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "avtaler.csv").write_text("\n".join([head, *agreements]), encoding="utf-8")
        rows = [row for row, _amount in lines]
        (folder / "fakturaer.csv").write_text("\n".join([HEADERS, *rows]), encoding="utf-8")
        database = folder / "made.duckdb"
        import_paths([folder / "avtaler.csv", folder / "fakturaer.csv"], database, imported_at=WHEN)
        with Warehouse.open(database) as house:
            sums = _sums(house, lines)
    assert sums["shown"] + sums["unassigned"] + sums["outside"] + sums["other"] + sums["rejected"] == sum(
        amount for _row, amount in lines
    )


def _sums(house: Warehouse, lines: list[tuple[str, Decimal]]) -> dict[str, Decimal]:
    """What each report says of the money, and the rejected lines' amounts by their place in the file."""
    invoicing = house.report("invoicing", Scope(AS_OF, SEES_ALL), since=FIRST).to_pylist()
    stored = house.report("invoice_lines", Scope(AS_OF, SEES_ALL)).to_pylist()
    amounts = {row["invoice_line_id"]: row["amount"] for row in stored}
    assert len(amounts) == len(stored)
    listed = {
        check: [
            row["key"]
            for row in house.report("data_problems", Scope(AS_OF, SEES_ALL), check=check).to_pylist()
        ]
        for check in ("invoice_unassigned", "invoice_outside", "rejected_rows")
    }
    rejected = [int(key.rpartition(": ")[2]) for key in listed["rejected_rows"]]
    return {
        "shown": sum((row["invoiced"] for row in invoicing), Decimal(0)),
        "unassigned": sum((amounts[key] for key in listed["invoice_unassigned"]), Decimal(0)),
        "outside": sum((amounts[key] for key in listed["invoice_outside"]), Decimal(0)),
        "other": sum(
            (row["amount"] for row in stored if row["kind"] in ("consulting", "course")), Decimal(0)
        ),
        "rejected": sum((lines[line - 2][1] for line in rejected), Decimal(0)),
    }
