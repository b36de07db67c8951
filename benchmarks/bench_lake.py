"""How long DuckDB takes for reports over ten million tickets that stay in a lake's Parquet.

The lake of a million tickets, with nine million more: the same ones on other days. A database is collected from it
with the tickets left in Parquet. Each report runs as ``bench_reports`` has it, for everybody.
"""

from __future__ import annotations

import tempfile
import time
from datetime import datetime
from functools import partial
from pathlib import Path

import duckdb
from benchmarks.bench_reports import Taken, milliseconds
from benchmarks.benchdata import AS_OF, arguments, database, work_folder

from ccinsight.access import SEES_ALL
from ccinsight.database.scope import Filters
from ccinsight.database.warehouse import Limits, Warehouse
from ccinsight.lake.collect import collect
from ccinsight.lake.layout import MODELS, ROW_GROUP, TABLES, TICKET_SIZED, Part, read_manifest, write_manifest
from ccinsight.lake.write import write_lake
from ccinsight.spark.build import TICKET_ORDER

LIMIT_MS, TIMES = 1000.0, 10
REPORTS = (
    "tickets_by_month",
    "tickets_by_category",
    "tickets_by_channel",
    "response",
    "utilization",
    "contact_shares",
    "customer_facts",
)
_NOW = datetime(2026, 11, 1, 9, 0)
_LINES_APART = 10_000_000
# What makes another ticket of one: a number of its own, and other days.
_OTHER = {
    TABLES: """
        line + more * {apart} as line, ticket_id || '-' || more as ticket_id, opened_at - days as opened_at,
        first_reply_at - days as first_reply_at, closed_at - days as closed_at
    """,
    MODELS: """
        line + more * {apart} as line, opened_at - days as opened_at, cast(opened_at - days as date) as opened_on,
        first_reply_at - days as first_reply_at, closed_at - days as closed_at, overtaken_at - days as overtaken_at
    """,
}


def multiply(part: Part, times: int, kind: str) -> None:
    """Writes a lake's tickets, or their facts, ``times`` times: in order, under other numbers and on other days."""
    written = read_manifest(part, kind)
    (rows,) = part.files(kind, TICKET_SIZED[kind])
    with duckdb.connect(config={"memory_limit": "2GiB"}) as connection:
        connection.execute(
            f"""
            copy (
                select r.* replace ({_OTHER[kind].format(apart=_LINES_APART)})
                from '{rows}' as r cross join (select n as more, to_days(n) as days from range({times}) as t(n))
                order by {", ".join(TICKET_ORDER)}
            ) to '{rows.with_name("more.parquet")}' (format parquet, compression zstd, row_group_size {ROW_GROUP})
            """  # noqa: S608
        )
    rows.unlink()
    write_manifest(part.folder / kind, written.write_id, _NOW, models_version=written.models_version)


def main() -> None:
    """Writes the lake, collects it and asks for reports; status 1 where one is above its limit."""
    given = arguments(__doc__).parse_args()
    with work_folder(given.folder) as folder, tempfile.TemporaryDirectory(dir=folder) as temporary:
        lake, collected = Path(temporary, "lake"), Path(temporary, "collected.duckdb")
        write_lake(database(folder, given.customers, given.tickets), lake, written_at=_NOW)
        for kind in (TABLES, MODELS):
            multiply(Part(lake), TIMES, kind)
        start = time.perf_counter()
        collect(lake, collected, with_tickets=False)
        print(f"lake collect {time.perf_counter() - start:.1f} s, {collected.stat().st_size / 2**20:.0f} MiB")
        print(f"{'report, ms':<24}" + "".join(f"{f'{threads} threads':>16}" for threads in (1, 2)))
        taken: dict[str, list[Taken]] = {name: [] for name in REPORTS}
        for threads in (1, 2):
            with Warehouse.open(collected, limits=Limits(threads=threads)) as house:
                scope = house.resolve(AS_OF, Filters(), SEES_ALL)
                for name in REPORTS:
                    taken[name].append(milliseconds(partial(house.report, name, scope)))
        for name, times in taken.items():
            print(f"{name:<24}" + "".join(f"{each!s:>16}" for each in times))
    over = [name for name, times in taken.items() if times[1].median > LIMIT_MS]
    if over:
        raise SystemExit(f"\nAbove {LIMIT_MS:.0f} ms: {', '.join(over)}")


if __name__ == "__main__":
    main()
