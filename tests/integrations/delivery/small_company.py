"""A database of two account managers with a customer each, whose status meetings are due on 8 March 2026."""

from __future__ import annotations

import shutil
from datetime import date, datetime
from pathlib import Path

from ccinsight.ingest import import_paths

KARI, OLA, UNA = "kari@partner.example", "ola@partner.example", "una@partner.example"
MONDAY = date(2026, 3, 2)
_AGREEMENTS = """agreement_id,customer_id,customer_name,account_manager,product,subscribed_on,price_basis,complexity,\
registered_users
A-1,1,Karis Kunde AS,Kari Nordmann,CloudCare CRM,2025-04-20,price_list,standard,5
A-2,2,Olas Kunde AS,Ola Hansen,CloudCare CRM,2025-04-20,price_list,standard,5
"""
BJORN = "bjørn@partner.example"
# Una Kjent has no customers.
_NAMES = {KARI: "Kari Nordmann", OLA: "Ola Hansen", BJORN: "Ola Hansen", UNA: "Una Kjent"}


def made(folder: Path) -> Path:
    """Imports the company into a new database."""
    agreements = folder / "agreements.csv"
    agreements.write_text(_AGREEMENTS, encoding="utf-8")
    database = folder / "ccinsight.duckdb"
    import_paths([agreements], database, imported_at=datetime(2026, 2, 27, 9, 0))
    return database


def copied(database: Path, folder: Path) -> Path:
    """The database alone, in another folder."""
    return Path(shutil.copy(database, folder / database.name))


def deliver(database: Path, port: int, *addresses: str, head: str = "", smtp: str = "") -> None:
    """Writes a delivery.toml with a mail server on this machine, and with these account managers' addresses."""
    managers = "".join(f'"{_NAMES[each]}" = "{each}"\n' for each in addresses)
    path = database.with_name("delivery.toml")
    path.write_text(
        f'public_address = "https://crm.partner.example"\n{head}\n'
        f'[smtp]\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\nsender = "ccinsight@partner.example"\n'
        f"seconds = 10\n{smtp}\n[account_managers]\n{managers}",
        encoding="utf-8",
    )
    path.chmod(0o600)
