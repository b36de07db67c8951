"""Price rows that an import changes: periods that began already may be invoiced at the earlier price."""

from __future__ import annotations

import duckdb

from ccinsight.ingest.statements import run

# The rows that an export which starts afresh doesn't take over, from the attached earlier database.
KEEP_REPLACED = "create or replace temp table replaced_prices as from previous.stored.prices"

_REMEMBER = """
create or replace temp table prices_before as
select p.product, p.agreement_id, p.valid_from, p.complexity, p.min_users, p.price_per_user, p.announced_on
from {source} as p
"""
_LOG = """
insert into stored.price_changes
select
    $import_id, b.product, b.agreement_id, b.valid_from, b.complexity, b.min_users, b.price_per_user, b.announced_on
from prices_before as b
inner join stored.prices as p
    on b.product = p.product
    and b.agreement_id is not distinct from p.agreement_id
    and b.valid_from = p.valid_from
    and b.complexity = p.complexity
    and b.min_users = p.min_users
where b.price_per_user <> p.price_per_user or b.announced_on is distinct from p.announced_on
"""


def remember(connection: duckdb.DuckDBPyConnection, *, is_replaced: bool) -> None:
    """Notes the price rows before any file of an import is read; ``is_replaced``: the export starts afresh."""
    source = "stored.prices"
    if is_replaced:
        tables = "select 1 from duckdb_tables() where table_name = 'replaced_prices'"
        source = "replaced_prices" if run(connection, tables) else source  # there was no database before
    run(connection, _REMEMBER.format(source=source))


def log(connection: duckdb.DuckDBPyConnection, import_id: int) -> None:
    """Stores which of those rows say something else now."""
    run(connection, _LOG, {"import_id": import_id})
