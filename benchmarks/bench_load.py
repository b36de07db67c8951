"""How long pages take when many read at once.

Serves the dashboard over a million tickets of 3 300 customers, with one process or several. Readers open pages over
the websocket, without a browser: each page in a session of its own, as a link does, with a customer, an account manager
or nobody chosen and one of the last 700 days, all drawn at random, so that what is remembered seldom helps. A reader
waits the think time between two pages. Prints for each number of readers what a page took from the request until its
script ended (median, 95th percentile, ratio to one reader), the errors that a reader would have seen, and the server's
memory. With --import, tickets are imported at half time, and pages that show a mixture of old and new are counted.
"""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

import duckdb
import psutil
import websockets
from benchmarks.bench_pages import served
from benchmarks.benchdata import (
    AS_OF,
    PAGES,
    arguments,
    database,
    exports,
    import_command,
    work_folder,
)
from benchmarks.mixture import Watch, write_changed_tickets
from benchmarks.ports import free_port
from benchmarks.reader import PATIENCE, Reader

_DAYS = 700
_CHANGED, _WATCHES, _SECONDS_AFTER = 100_000, 3, 15.0


@dataclass(frozen=True)
class Site:
    """Where the server is, and what links can name."""

    address: str
    customers: tuple[str, ...]
    managers: tuple[str, ...]

    def link(self, choice: random.Random) -> tuple[str, str]:
        """A page and a query, drawn at random."""
        page = choice.choice(PAGES)
        day = AS_OF - timedelta(days=choice.randrange(_DAYS))
        query = {"as-of": day.isoformat()}
        whom = choice.random()
        if page in ("customer", "meeting"):
            query["id"] = choice.choice(self.customers)
        elif whom < 0.4:
            query["customer"] = choice.choice(self.customers)
        elif whom < 0.8:
            query["account-manager"] = choice.choice(self.managers)
        return page, urlencode(query)

    def reader(self) -> Reader:
        """A browser that the server has met."""
        reader = Reader(self.address)
        reader.meet()
        return reader


@dataclass
class Seen:
    """What readers saw: page → seconds, and sentences of errors with how often."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    errors: Counter[str] = field(default_factory=Counter)

    def all(self) -> list[float]:
        """The seconds of all pages."""
        return [each for times in self.seconds.values() for each in times]


async def _read(site: Site, reader: Reader, seen: Seen, until: float, think: float, seed: int) -> None:
    """One reader: opens pages until the time is up."""
    choice = random.Random(seed)
    await asyncio.sleep(choice.uniform(0, think))
    while time.monotonic() < until:
        page, query = site.link(choice)
        start = time.perf_counter()
        try:
            errors = await asyncio.wait_for(reader.errors(page, query), PATIENCE)
        except (OSError, TimeoutError, websockets.WebSocketException) as e:
            errors = [type(e).__name__]
        seen.seconds.setdefault(page, []).append(time.perf_counter() - start)
        seen.errors.update(f"{page}: {error}" for error in errors)
        await asyncio.sleep(choice.uniform(0.5, 1.5) * think)


async def load(site: Site, readers: int, think: float, seconds: float, *, draw: int = 0) -> Seen:
    """What so many readers see in that time; another ``draw`` gives other pages."""
    seen = Seen()
    browsers = [site.reader() for _reader in range(readers)]
    until = time.monotonic() + seconds
    await asyncio.gather(
        *(
            _read(site, browser, seen, until, think, seed=1_000_000 * draw + 1000 * readers + at)
            for at, browser in enumerate(browsers)
        )
    )
    return seen


async def load_and_import(site: Site, readers: int, think: float, seconds: float, command: list[str]) -> Seen:
    """The same with an import at half time; a page that shows a mixture of old and new counts as an error."""
    watches = [Watch(site.reader(), customer) for customer in site.customers[:_WATCHES]]
    for watch in watches:
        await watch.start()
    reading = asyncio.create_task(load(site, readers, think, seconds))
    await asyncio.sleep(seconds / 2)
    done, start = asyncio.Event(), time.monotonic()
    looking = [asyncio.create_task(watch.look(done, _SECONDS_AFTER, at)) for at, watch in enumerate(watches)]
    importing = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.DEVNULL)
    status = await importing.wait()
    print(f"  import: status {status}, {time.monotonic() - start:.1f} s")
    done.set()
    await asyncio.gather(*looking)
    seen = await reading
    for watch in watches:
        mixed, text = await watch.mixtures()
        print(f"  {text}")
        seen.errors += watch.errors + Counter(f"{page}: a mixture of old and new" for page in mixed)
    seen.errors += Counter({"the import failed": int(status != 0)})
    return seen


def _percentile(times: list[float], part: float) -> float:
    return sorted(times)[min(int(len(times) * part), len(times) - 1)]


def _print(seen: Seen, alone: float | None, *, by_page: bool) -> float:
    """Prints what was seen; gives the median of all pages in seconds."""
    whole = seen.all()
    rows = [*sorted(seen.seconds.items()), ("all", whole)] if by_page else [("all", whole)]
    for name, times in rows:
        median, high = statistics.median(times), _percentile(times, 0.95)
        ratio = f"{median / alone:>8.1f} ×{high / alone:>8.1f} ×" if alone else ""
        print(f"  {name:<16}{len(times):>6}{median * 1000:>9.0f} ms{high * 1000:>9.0f} ms{ratio}")
    for error, times_seen in seen.errors.most_common(10):
        print(f"  error, {times_seen} times: {error[:200]}")
    return statistics.median(whole)


def _memory(server: int) -> str:
    """Of all processes of the server: now (what they share counted once), and the sum of each one's highest."""
    whole = psutil.Process(server)
    processes = [whole, *whole.children(recursive=True)]
    now = sum(process.memory_full_info().pss for process in processes) / (1 << 20)
    highest = [_highest(process.pid) for process in processes]
    several = f" ({len(highest)} processes)" if len(highest) > 1 else ""
    return f"server: {now:,.0f} MiB, at its highest {sum(highest):,.0f} MiB{several}"


def _highest(process: int) -> float:
    status = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM"))


def _site(address: str, path: Path) -> Site:
    with duckdb.connect(str(path), read_only=True) as connection:
        customers = connection.execute("select distinct customer_id from main.agreements").fetchall()
        managers = connection.execute(
            "select distinct account_manager from main.agreements where account_manager <> ''"
        ).fetchall()
    return Site(address, tuple(sorted(c for (c,) in customers)), tuple(sorted(m for (m,) in managers)))


@contextmanager
def _copy(path: Path) -> Iterator[Path]:
    """A database that may be imported into."""
    with TemporaryDirectory(dir=path.parent, prefix="imported-") as folder:
        for file in (path, path.with_name(f"{path.name}.key")):
            if file.exists():
                shutil.copy(file, folder)
        yield Path(folder, path.name)


def main() -> None:
    """Measures and prints; status 1 where a reader saw an error."""
    parser = arguments(__doc__)
    parser.add_argument("--readers", type=int, nargs="+", default=[1, 15, 50], help="how many read (1 15 50)")
    parser.add_argument("--think", type=float, default=8.0, help="seconds between two pages of a reader (8)")
    parser.add_argument("--seconds", type=float, default=180.0, help="how long each number reads (180)")
    parser.add_argument("--workers", type=int, default=1, help="processes that serve (1); more need nginx")
    parser.add_argument(
        "--import", dest="imports", action="store_true", help="imports 100 000 changed tickets at half time"
    )
    parser.add_argument("--by-page", action="store_true", help="prints each page too")
    given = parser.parse_args()
    failed = False
    with work_folder(given.folder) as folder, _copy(database(folder, given.customers, given.tickets)) as path:
        source = exports(folder, given.customers, given.tickets)
        changed = path.with_name("saker.csv")
        port = free_port(given.workers + 1)
        command = [sys.executable, "-m", "ccinsight", "serve", "--database", str(path), "--port", str(port)]
        with served([*command, "--workers", str(given.workers)], port, path) as server:
            site = _site(f"http://127.0.0.1:{port}", path)
            asyncio.run(load(site, given.workers, 0.1, 20, draw=1))  # what is loaded once
            alone = None
            for readers in given.readers:
                # one reader alone goes on at once, to be seen often enough
                think = 0.5 if readers == 1 else given.think
                if given.imports and readers > 1:
                    write_changed_tickets(source / "saker.csv", changed, _CHANGED, minutes=readers)
                    importing = import_command([changed], path, source / "ccinsight.toml")
                    seen = asyncio.run(load_and_import(site, readers, think, given.seconds, importing))
                else:
                    seen = asyncio.run(load(site, readers, think, given.seconds))
                print(f"{readers} readers, {think:g} s between pages; load {os.getloadavg()[0]:.1f}")
                median = _print(seen, alone, by_page=given.by_page)
                alone = alone or median
                failed = failed or bool(seen.errors)
                print(f"  {_memory(server)}", flush=True)
    if failed:
        raise SystemExit("Readers saw errors.")


if __name__ == "__main__":
    main()
