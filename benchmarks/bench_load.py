"""How long pages take when many read at once.

Serves the dashboard over a million tickets of 3 300 customers. Readers open pages over the websocket, without a
browser: each page in a session of its own, as a link does, with a customer, an account manager or nobody chosen and
one of the last 700 days, all drawn at random, so that what is remembered seldom helps. A reader waits the think time
between two pages. Prints for each number of readers what a page took from the request until its script ended
(median, 95th percentile, ratio to one reader), the errors that a reader would have seen, and the server's memory.
"""

from __future__ import annotations

import asyncio
import http.client
import os
import random
import statistics
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

import duckdb
import websockets
from benchmarks.bench_pages import free_port, served
from benchmarks.benchdata import AS_OF, PAGES, arguments, database, work_folder
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

_PATIENCE = 120.0
_DAYS = 700
_SUCCESS, _RERUN = ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_EARLY_FOR_RERUN


@dataclass(frozen=True)
class Site:
    """Where the server is, and what links can name."""

    port: int
    customers: tuple[str, ...]
    managers: tuple[str, ...]

    def link(self, choice: random.Random) -> tuple[str, str]:
        """A page and a query, drawn at random."""
        page = choice.choice(PAGES)
        day = AS_OF - timedelta(days=choice.randrange(_DAYS))
        query = {"as-of": day.isoformat()}
        whom = choice.random()
        if page == "customer" or whom < 0.4:
            query["customer"] = choice.choice(self.customers)
        elif whom < 0.8:
            query["account-manager"] = choice.choice(self.managers)
        return page, urlencode(query)


@dataclass
class Seen:
    """What readers saw: page → seconds, and sentences of errors with how often."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    errors: Counter[str] = field(default_factory=Counter)

    def all(self) -> list[float]:
        """The seconds of all pages."""
        return [each for times in self.seconds.values() for each in times]


async def open_page(port: int, page: str, query: str) -> list[str]:
    """Opens a page in a session of its own, until its script has ended; gives the errors that it shows."""
    sent = await messages(port, page, query)
    end = sent[-1].script_finished if sent and sent[-1].WhichOneof("type") == "script_finished" else None
    errors = [error for message in sent for error in _errors(message)]
    return errors if end == _SUCCESS else [*errors, "the run didn't end well"]


async def messages(port: int, page: str, query: str) -> list[ForwardMsg]:
    """All that a session of its own is sent for a page, until the page's script has ended."""
    address = f"ws://127.0.0.1:{port}/_stcore/stream"
    token = _xsrf(port)
    async with websockets.connect(
        address,
        max_size=None,
        origin=websockets.Origin(f"http://127.0.0.1:{port}"),
        additional_headers={"Cookie": f"_streamlit_xsrf={token}"} if token else None,
        subprotocols=[websockets.Subprotocol(name) for name in ("streamlit", token) if name],
    ) as connection:
        asked = BackMsg()
        asked.rerun_script.page_name = "" if page == "overview" else page
        asked.rerun_script.query_string = query
        await connection.send(asked.SerializeToString())
        sent: list[ForwardMsg] = []
        async for data in connection:
            message = ForwardMsg()
            message.ParseFromString(data if isinstance(data, bytes) else data.encode())
            sent.append(message)
            if message.WhichOneof("type") == "script_finished" and message.script_finished != _RERUN:
                break
        return sent


def _xsrf(port: int) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE)
    connection.request("GET", "/_stcore/health")
    response = connection.getresponse()
    response.read()
    for name, value in response.getheaders():
        if name.lower() == "set-cookie" and value.startswith("_streamlit_xsrf="):
            return value.partition("=")[2].partition(";")[0]
    return ""


def _errors(message: ForwardMsg) -> list[str]:
    element = message.delta.new_element
    if element.WhichOneof("type") == "exception":
        return [element.exception.message]
    if element.WhichOneof("type") == "alert" and element.alert.format == element.alert.ERROR:
        return [element.alert.body]
    return []


async def _read(site: Site, seen: Seen, until: float, think: float, seed: int) -> None:
    """One reader: opens pages until the time is up."""
    choice = random.Random(seed)
    await asyncio.sleep(choice.uniform(0, think))
    while time.monotonic() < until:
        page, query = site.link(choice)
        start = time.perf_counter()
        try:
            errors = await asyncio.wait_for(open_page(site.port, page, query), _PATIENCE)
        except (OSError, TimeoutError, websockets.WebSocketException) as e:
            errors = [type(e).__name__]
        seen.seconds.setdefault(page, []).append(time.perf_counter() - start)
        seen.errors.update(f"{page}: {error}" for error in errors)
        await asyncio.sleep(choice.uniform(0.5, 1.5) * think)


async def load(site: Site, readers: int, think: float, seconds: float) -> Seen:
    """What so many readers see in that time."""
    seen = Seen()
    until = time.monotonic() + seconds
    await asyncio.gather(
        *(_read(site, seen, until, think, seed=1000 * readers + reader) for reader in range(readers))
    )
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


def _memory(process: int) -> str:
    status = dict(
        line.split(":", 1) for line in Path(f"/proc/{process}/status").read_text().splitlines() if ":" in line
    )
    now, highest = (int(status[key].split()[0]) / 1024 for key in ("VmRSS", "VmHWM"))
    return f"server: {now:,.0f} MiB, at its highest {highest:,.0f} MiB"


def _site(port: int, path: Path) -> Site:
    with duckdb.connect(str(path), read_only=True) as connection:
        customers = connection.execute("select distinct customer_id from main.agreements").fetchall()
        managers = connection.execute(
            "select distinct account_manager from main.agreements where account_manager <> ''"
        ).fetchall()
    return Site(port, tuple(sorted(c for (c,) in customers)), tuple(sorted(m for (m,) in managers)))


def main() -> None:
    """Measures and prints; status 1 where a reader saw an error."""
    parser = arguments(__doc__)
    parser.add_argument("--readers", type=int, nargs="+", default=[1, 15, 50], help="how many read (1 15 50)")
    parser.add_argument("--think", type=float, default=8.0, help="seconds between two pages of a reader (8)")
    parser.add_argument("--seconds", type=float, default=180.0, help="how long each number reads (180)")
    parser.add_argument("--by-page", action="store_true", help="prints each page too")
    given = parser.parse_args()
    failed = False
    with work_folder(given.folder) as folder:
        path = database(folder, given.customers, given.tickets).resolve()
        port = free_port()
        command = [sys.executable, "-m", "ccinsight", "serve", "--database", str(path), "--port", str(port)]
        with served(command, port, path) as server:
            site = _site(port, path)
            asyncio.run(load(site, 1, 0.1, 20))  # what is loaded once
            alone = None
            for readers in given.readers:
                # one reader alone goes on at once, to be seen often enough
                think = 0.5 if readers == 1 else given.think
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
