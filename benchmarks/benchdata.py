"""What the benchmarks share: a big company's exports and database, and running commands under measure."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

AS_OF = date(2026, 11, 1)
ROOT = Path(__file__).parents[1]
PAGES = tuple(sorted(path.stem for path in (ROOT / "pages").glob("*.py")))
CUSTOMERS, TICKETS = 3300, 1_000_000


@dataclass(frozen=True)
class Measured:
    """A command that was run: seconds on the clock and of processors, peak memory in MiB, what it printed."""

    seconds: float
    cpu_seconds: float
    peak_mib: float
    output: str


def measure(command: Sequence[str]) -> Measured:
    """Runs a command to its end. Raises SystemExit with its output where it fails.

    A process begins with the peak memory of the one that starts it, so this one must stay small.
    """
    with tempfile.TemporaryFile("w+") as output:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
        _pid, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        text = output.read()
    if process.returncode != 0:
        raise SystemExit(f"{' '.join(command)}\n{text}")
    return Measured(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, text)


def arguments(description: str | None) -> argparse.ArgumentParser:
    """The options that all benchmarks take."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--customers", type=int, default=CUSTOMERS)
    parser.add_argument("--tickets", type=int, default=TICKETS)
    parser.add_argument(
        "--folder", type=Path, help="where exports and database are kept and found again (a temporary one)"
    )
    return parser


@contextmanager
def work_folder(given: Path | None) -> Iterator[Path]:
    """The folder given, or one that is removed at the end."""
    if given is not None:
        given.mkdir(parents=True, exist_ok=True)
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="ccinsight-bench-") as folder:
        yield Path(folder)


def exports(folder: Path, customers: int, tickets: int) -> Path:
    """The exports of that size under the folder; written where they aren't there yet."""
    made = folder / f"exports-{customers}-{tickets}"
    if not (made / "fakturaer.csv").exists():  # the last file that is written
        sizes = [
            "--customers",
            str(customers),
            "--tickets",
            str(tickets),
            "--seed",
            "1",
            "--as-of",
            str(AS_OF),
        ]
        measured = measure([sys.executable, "-m", "ccinsight", "sample", str(made), *sizes])
        print(f"Sample: {tickets:,} tickets, {customers:,} customers {_shown(measured)}")
    return made


def _shown(measured: Measured) -> str:
    return f"in {measured.seconds:.1f} s and {measured.peak_mib:,.0f} MiB."


def import_command(paths: Sequence[Path], database: Path, config: Path) -> list[str]:
    """The command that imports the paths."""
    command = [sys.executable, "-m", "ccinsight", "import", *map(str, paths)]
    return [*command, "--database", str(database), "--config", str(config)]


def database(folder: Path, customers: int, tickets: int) -> Path:
    """The database of exports of that size; imported where it isn't there yet."""
    source = exports(folder, customers, tickets)
    made = folder / f"{source.name}.duckdb"
    if not made.exists():
        measured = measure(import_command([source], made, source / "ccinsight.toml"))
        print(f"Imported {_shown(measured)}")
    return made
