"""A small supplier's database, imported from files, and what the reports say of it."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

from ccinsight.access import SEES_ALL
from ccinsight.database.scope import Scope
from ccinsight.database.warehouse import Warehouse
from ccinsight.ingest import import_paths

# A-1 renews on 1 April 2026: its notice is due on 14 February; the others on 1 May: 17 March.
AS_OF = date(2026, 1, 20)
WHEN = datetime(2026, 1, 20, 9, 0)
LATER = datetime(2026, 1, 21, 9, 0)
NEW = date(2026, 4, 1)
AGREEMENTS = """agreement_id;customer_id;customer_name;account_manager;subscribed_on;registered_users;price_basis
A-1;1;Fjord & Drift <AS>;Ola Hansen;2023-04-01;10;
A-2;2;Fjell AS;Kari Berg;2023-05-01;40;
A-3;3;Vidde AS;Kari Berg;2023-05-01;;
A-4;4;Kyst AS;Ola Hansen;2023-05-01;5;contract
"""
PRICES = """product;valid_from;announced_on;complexity;min_users;price_per_user
;2023-01-01;2022-11-01;standard;1;1200
;2023-01-01;2022-11-01;standard;25;1000
"""


def imported(folder: Path, prices: str = PRICES, agreements: str = AGREEMENTS) -> Path:
    """The database in a folder after an import of these files."""
    exports = folder / "exports"
    exports.mkdir(parents=True, exist_ok=True)
    (exports / "avtaler.csv").write_text(agreements, encoding="utf-8")
    (exports / "priser.csv").write_text(prices, encoding="utf-8")
    import_paths([exports], folder / "ccinsight.duckdb", imported_at=WHEN)
    return folder / "ccinsight.duckdb"


def rows(database: Path, report: str, as_of: date = AS_OF, **options: Any) -> list[dict[str, Any]]:
    """A report of the database, for a reader who sees all."""
    with Warehouse.open(database) as house:
        found: list[dict[str, Any]] = house.report(report, Scope(as_of, SEES_ALL), **options).to_pylist()
    return found
