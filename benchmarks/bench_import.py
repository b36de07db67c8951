"""How long an import takes, and how much memory: a million tickets of 3 300 customers, or --tickets.

Prints seconds, processor seconds and peak memory of importing the whole folder and the tickets alone,
and the ratio of the latter to what other tools do with the same file. That is the least that they can do:
DuckDB's read_csv with all types given (of a copy in UTF-8, as it doesn't read Windows-1252) into a table in a
file, and pandas.read_csv with its times parsed; and an import in pandas, with checks and rejects. With
--workbook, the tickets as an Excel file too: a sheet's most rows are 1 048 576.
"""

from __future__ import annotations

import csv
import json
import shutil
import sys
import time
from pathlib import Path

import duckdb
from benchmarks.benchdata import Measured, arguments, exports, import_command, measure, work_folder

from ccinsight.settings.parsing import read_settings

# By tickets: seconds and MiB that all six exports may take.
LIMITS = {1_000_000: (15.0, 2048.0), 10_000_000: (45.0, 3072.0)}
WORKBOOK_MIB = 2048.0
# ccinsight's time over the other's: at most so many times DuckDB's, at most a third of pandas'.
RATIOS = {"duckdb": 2.5, "pandas read": 1 / 3, "pandas import": 1 / 3}
_MOMENT = "%d.%m.%Y %H:%M:%S"
_TYPES = {
    "Opprettet": "timestamp",
    "Svar ved": "timestamp",
    "Lukket ved": "timestamp",
    "Brukt tid": "decimal(18, 6)",
    "Fakturerbar tid": "decimal(18, 6)",
}


def read_with_duckdb(path: Path) -> float:
    """Seconds to read a UTF-8 file into a table; the few bad rows are skipped."""
    target = path.with_suffix(".bare.duckdb")
    target.unlink(missing_ok=True)
    header = path.open(encoding="utf-8").readline().strip().split(";")
    columns = {name: _TYPES.get(name, "varchar") for name in header}
    start = time.perf_counter()
    with duckdb.connect(str(target)) as connection:
        connection.execute(
            """
            create table tickets as from read_csv(
                $path, columns = $columns, delim = ';', header = true, quote = '"', timestampformat = $moment,
                ignore_errors = true, auto_detect = false
            )
            """,
            {"path": str(path), "columns": columns, "moment": _MOMENT},
        )
    seconds = time.perf_counter() - start
    target.unlink()
    return seconds


def read_with_pandas(path: Path) -> float:
    """Seconds to read the file as it is, its time columns parsed."""
    import pandas as pd

    start = time.perf_counter()
    frame = pd.read_csv(
        path, sep=";", encoding="cp1252", dtype={"Saks-ID": str, "Firma-ID": str}, on_bad_lines="skip"
    )
    for name in ("Opprettet", "Svar ved", "Lukket ved"):
        frame[name] = pd.to_datetime(frame[name], format=_MOMENT, errors="coerce")
    return time.perf_counter() - start


def import_with_pandas(path: Path) -> float:
    """Seconds to read, check and store the file."""
    from benchmarks.pandas_import import import_tickets

    target = path.with_suffix(".pandas.parquet")
    settings = read_settings(path.with_name("ccinsight.toml"))
    start = time.perf_counter()
    made = import_tickets(path, target, settings)
    seconds = time.perf_counter() - start
    for each in made:
        each.unlink()
    return seconds


READERS = {"duckdb": read_with_duckdb, "pandas read": read_with_pandas, "pandas import": import_with_pandas}


def _print(name: str, seconds: float, measured: Measured, remark: str) -> None:
    shown = f"{seconds:>8.2f} s{measured.cpu_seconds:>8.2f} s cpu{measured.peak_mib:>9,.0f} MiB"
    print(f"{name:<36}{shown}   {remark}")


def _read_apart(reader: str, path: Path, alone: Measured) -> list[str]:
    """Runs a reader in a process of its own and prints how many times longer the import took.

    Gives what to say where that is above its limit.
    """
    command = [sys.executable, "-m", "benchmarks.bench_import", "--reader", reader, "--file", str(path)]
    measured = measure(command)
    seconds = json.loads(measured.output)["seconds"]
    ratio = alone.seconds / seconds
    _print(f"{reader}, tickets alone", seconds, measured, f"ccinsight takes {ratio:.2f} ×")
    return [f"{ratio:.2f} × {reader}, above {RATIOS[reader]:.2f}"] if ratio > RATIOS[reader] else []


def _imported(name: str, paths: list[Path], database: Path, config: Path) -> Measured:
    measured = measure(import_command(paths, database, config))
    _print(name, measured.seconds, measured, f"database {database.stat().st_size / 2**20:,.0f} MiB")
    database.unlink()
    return measured


def _copy_as_utf8(source: Path, target: Path) -> None:
    with (
        source.open(encoding="cp1252", newline="") as text,
        target.open("w", encoding="utf-8", newline="") as copy,
    ):
        shutil.copyfileobj(text, copy)


def write_workbook(source: Path, target: Path) -> None:
    """The tickets as an Excel file, every cell a text."""
    import xlsxwriter

    with (
        source.open(encoding="cp1252", newline="") as text,
        xlsxwriter.Workbook(str(target), {"constant_memory": True}) as book,
    ):
        sheet = book.add_worksheet("tickets")
        for number, row in enumerate(csv.reader(text, delimiter=";")):
            sheet.write_row(number, 0, row)


def _import_workbook(tickets: Path, folder: Path, config: Path) -> list[str]:
    book = folder / "saker.xlsx"
    write_workbook(tickets, book)
    measured = _imported("ccinsight import, Excel file", [book], folder / "book.duckdb", config)
    book.unlink()
    return [f"{measured.peak_mib:,.0f} MiB for a workbook"] if measured.peak_mib > WORKBOOK_MIB else []


def _compare(tickets: Path, folder: Path, alone: Measured) -> list[str]:
    utf8 = folder / "saker.utf8.csv"
    _copy_as_utf8(tickets, utf8)
    above = [
        text
        for reader, path in (("duckdb", utf8), ("pandas read", tickets), ("pandas import", tickets))
        for text in _read_apart(reader, path, alone)
    ]
    utf8.unlink()
    return above


def main() -> None:
    """Measures and prints; status 1 where something is above its limit."""
    parser = arguments(__doc__)
    parser.add_argument("--workbook", action="store_true", help="import the tickets as an Excel file too")
    parser.add_argument("--reader", choices=READERS, help="only read --file and print the seconds as JSON")
    parser.add_argument("--file", type=Path)
    given = parser.parse_args()
    if given.reader:
        print(json.dumps({"seconds": READERS[given.reader](given.file)}))
        return
    with work_folder(given.folder) as folder:
        source = exports(folder, given.customers, given.tickets)
        config, tickets = source / "ccinsight.toml", source / "saker.csv"
        whole = _imported("ccinsight import, all six exports", [source], folder / "whole.duckdb", config)
        alone = _imported("ccinsight import, tickets alone", [tickets], folder / "alone.duckdb", config)
        above = _compare(tickets, folder, alone)
        if given.workbook:
            above += _import_workbook(tickets, folder, config)
    seconds, mib = LIMITS.get(given.tickets, (float("inf"), float("inf")))
    above += [f"{whole.seconds:.1f} s, above {seconds:.0f}"] if whole.seconds > seconds else []
    above += [f"{whole.peak_mib:,.0f} MiB, above {mib:,.0f}"] if whole.peak_mib > mib else []
    if above:
        raise SystemExit("Above the limits: " + "; ".join(above) + ".")


if __name__ == "__main__":
    main()
