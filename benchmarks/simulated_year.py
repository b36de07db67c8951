"""A year of exports, messages and calendars, day by day, over a made-up company: does everything reach whom it should?

    python -m benchmarks.simulated_year --folder /tmp/year

Exports arrive in a watched folder, dates are corrected, notices come in, customers are handed over, an import is
undone, people close duties and reopen some, runs of messages end at each of their steps. What messages and calendars
say is compared each day with the reports of that day, asked for without any reader's rights and sorted to account
managers by what the exports say. Ends with status 1 where anything is wrong.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

from benchmarks.simulation.year import Year

from tests.integrations.delivery.mail_server import Post, serving

END = date(2026, 11, 1)


def main() -> int:
    """Runs it and prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, help="where the files go (default: a temporary folder)")
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--customers", type=int, default=60)
    parser.add_argument("--tickets", type=int, default=800)
    parser.add_argument("--seed", type=int, default=3)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary, serving(Post()) as post:
        started = time.monotonic()
        folder = given.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        size = (given.customers, given.tickets, given.seed)
        year = Year.prepare(folder, post, END - timedelta(days=given.days), END, *size)
        for day in year.days():
            year.live(day)
            if day.day == 1:
                wrong = len(year.found_wrong())
                print(f"{day}: {time.monotonic() - started:.0f} s, {wrong} faults", flush=True)
            if day.day == 1 and day.month % 3 == 1:
                print(*year.figures(), sep="\n", flush=True)
        year.check_rows()
        print(*year.figures(), f"{time.monotonic() - started:.0f} s", sep="\n")
    return 1 if year.found_wrong() else 0


if __name__ == "__main__":
    sys.exit(main())
