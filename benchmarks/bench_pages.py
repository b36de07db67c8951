"""How long a page takes from a click until it is redrawn, in a real browser.

Serves the dashboard over a million tickets of 3 300 customers, and beside it a bare Streamlit page with
one query. On each page an account manager is chosen in the filter several times; on the customer's page
another customer is found; a meeting is opened from the customer's page. No two clicks ask for the same
figures. The time runs from the click to the last change of the page, measured in the browser itself; "script" is the
part up to the end of the server's work. Prints the median of each page, its ratio to the bare page in
the same run, and the memory of both servers.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import duckdb
from benchmarks.benchdata import AS_OF, PAGES, arguments, database, work_folder
from benchmarks.ports import free_port
from playwright.sync_api import Browser, Locator, Page, sync_playwright

LIMIT_RATIO, LIMIT_MIB = 1.5, 900.0
_CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
_PATIENCE_MS = 60_000
# Notes when the last click went down, when the page last changed and when the script was last seen to end. What lies
# outside the app doesn't count: texts for screen readers come and go there up to a second and a half after a click.
_WATCH = """
    window.clicked = window.changed = window.ended = 0;
    document.addEventListener('click', () => { window.clicked = performance.now(); }, true);
    new MutationObserver(changes => {
        const app = document.querySelector('[data-testid=stApp]');
        if (!changes.some(change => app.contains(change.target))) return;
        window.changed = performance.now();
        if (changes.some(change => change.target === app) && app.dataset.testScriptState === 'notRunning')
            window.ended = window.changed;
    }).observe(document.body, {subtree: true, childList: true, attributes: true, characterData: true});
"""
# True once the script has run since the click and the page has been still for 0.6 s.
_STILL = """
    () => {
        const state = document.querySelector('[data-testid=stApp]')?.dataset.testScriptState;
        return state === 'notRunning' && window.changed > window.clicked
            && performance.now() - window.changed > 600 && !document.querySelector('[data-stale=true]');
    }
"""


@contextmanager
def served(command: list[str], port: int, path: Path) -> Iterator[int]:
    """The number of a server's process, once it answers; ended with the block."""
    environment = {**os.environ, "CCINSIGHT_DATABASE": str(path)}
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_until_healthy(port, server)
        yield server.pid
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait_until_healthy(port: int, server: subprocess.Popen[bytes]) -> None:
    for _attempt in range(600):
        if server.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"The server does not answer on port {port}.")


def _settled(page: Page) -> None:
    page.wait_for_function(_STILL, timeout=_PATIENCE_MS, polling=50)


def _opened(browser: Browser, address: str) -> Page:
    """The page at the address, drawn and watched."""
    page = browser.new_context(viewport={"width": 1366, "height": 768}).new_page()
    page.set_default_timeout(_PATIENCE_MS)
    page.goto(address)
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
    page.evaluate(_WATCH)
    page.evaluate("window.changed = performance.now(); document.body.dataset.watched = 'yes'")
    _settled(page)
    return page


@dataclass(frozen=True)
class Redraw:
    """Milliseconds from a click until the script has ended, and until the page is still."""

    script: float
    whole: float


@dataclass(frozen=True)
class _Values:
    """What is clicked: names of account managers, ids of customers."""

    managers: list[str]
    customers: list[str]


def _click(page: Page, target: Locator) -> Redraw:
    """Clicks and waits until the page is redrawn."""
    target.wait_for()
    page.wait_for_timeout(300)
    page.evaluate("window.clicked = window.changed = 0")
    target.click()
    _settled(page)
    script, whole = page.evaluate("[window.ended - window.clicked, window.changed - window.clicked]")
    return Redraw(script, whole)


def _choose(page: Page, manager: str) -> Redraw:
    """Chooses an account manager in the filter; it is emptied after."""
    field = page.get_by_test_id("stMultiSelect").first.locator("input")
    field.click()
    field.fill(manager)
    redraw = _click(page, page.get_by_role("option", name=manager).first)
    page.keyboard.press("Escape")
    field.press("Backspace")
    page.wait_for_timeout(200)
    _settled(page)
    return redraw


def _find(page: Page, customer: str) -> Redraw:
    """Goes from one customer to another by the dialog that finds one."""
    page.keyboard.press("/")
    dialog = page.locator("dialog.finder")
    dialog.get_by_role("combobox").fill(customer)
    return _click(page, dialog.get_by_role("option").first)


def _open_meeting(page: Page, customer: str) -> Redraw:
    """Opens the customer's status meeting from the customer's page."""
    _find(page, customer)
    return _click(page, page.locator(".st-key-customer-links a[href*='meeting?']").first)


_ACTIONS: dict[str, Callable[[Page, str], Redraw]] = {"customer": _find, "meeting": _open_meeting}


def redraws(browser: Browser, bare: str, address: str, name: str, values: _Values) -> tuple[Redraw, Redraw]:
    """The medians of the bare page and of the page at the address, clicked in turn to meet the same load.

    The first click on each only warms up.
    """
    bare_page, page = _opened(browser, bare), _opened(browser, address)
    if name not in _ACTIONS:
        page.get_by_test_id("stMain").get_by_role("button", name="Filter", exact=True).click()
        page.wait_for_timeout(200)
        _settled(page)
    act = _ACTIONS.get(name, _choose)
    chosen = values.customers if name in _ACTIONS else values.managers
    pairs = [
        (_choose(bare_page, manager), act(page, value))
        for manager, value in zip(values.managers, chosen, strict=True)
    ][1:]
    for each in (bare_page, page):
        each.context.close()
    return _median([pair[0] for pair in pairs]), _median([pair[1] for pair in pairs])


def _median(times: list[Redraw]) -> Redraw:
    script = statistics.median(each.script for each in times)
    return Redraw(script, statistics.median(each.whole for each in times))


def _values(path: Path, runs: int) -> _Values:
    """Managers and busy customers with a contract to click, one more than is counted."""
    managers = """
        select account_manager from main.agreements where account_manager <> ''
        group by all order by count(*) desc
    """
    customers = """
        select t.customer_id
        from main.tickets as t inner join main.agreements as a on t.customer_id = a.customer_id
        group by t.customer_id order by count(*) desc
    """
    with duckdb.connect(str(path), read_only=True) as connection:
        found = [
            [value for (value,) in connection.execute(query).fetchmany(runs + 1)]
            for query in (managers, customers)
        ]
    return _Values(*found)


def _print_server(name: str, process: int) -> float:
    """Prints a server's memory now and at its highest. Returns the former in MiB."""
    status = dict(line.split(":", 1) for line in Path(f"/proc/{process}/status").read_text().splitlines())
    now, highest = (int(status[key].split()[0]) / 1024 for key in ("VmRSS", "VmHWM"))
    print(f"{name}: {now:,.0f} MiB, at its highest {highest:,.0f} MiB")
    return now


def _measure(browser: Browser, bare: str, site: str, values: _Values, pages: Sequence[str]) -> list[str]:
    """Prints the time and ratio of each of the pages. Returns the pages above the limit."""
    print(f"{'page':<16}{'script':>8}{'redrawn':>10}{'bare':>10}{'ratio':>8}")
    over = []
    for number, name in enumerate(pages):
        # Another day for each page, so that none finds what another has asked for.
        address = f"{site}/{'' if name == 'overview' else name}?as-of={AS_OF - timedelta(days=number)}"
        least, taken = redraws(browser, bare, address, name, values)
        ratio = taken.whole / least.whole
        over += [name] * (ratio > LIMIT_RATIO)
        times = f"{taken.script:>5.0f} ms{taken.whole:>7.0f} ms{least.whole:>7.0f} ms"
        print(f"{name:<16}{times}{ratio:>8.2f}", flush=True)
    return over


def main() -> None:
    """Measures and prints; status 1 where a page is too slow or the server too big."""
    parser = arguments(__doc__)
    parser.add_argument("--runs", type=int, default=5, help="clicks that count on each page (5)")
    parser.add_argument("--pages", nargs="+", choices=PAGES, default=PAGES, help="only these pages (all)")
    given = parser.parse_args()
    chromium = next(filter(None, map(shutil.which, _CHROMIUM)), None)
    with work_folder(given.folder) as folder, sync_playwright() as playwright:
        path = database(folder, given.customers, given.tickets).resolve()
        ports = free_port(), free_port()
        bare_file = str(Path(__file__).with_name("bare_page.py"))
        options = ["--server.headless=true", "--browser.gatherUsageStats=false", f"--server.port={ports[0]}"]
        bare = [sys.executable, "-m", "streamlit", "run", bare_file, *options]
        site = [sys.executable, "-m", "ccinsight", "serve", "--database", str(path), "--port", str(ports[1])]
        browser = playwright.chromium.launch(executable_path=chromium, args=_FLAGS)
        with served(bare, ports[0], path) as bare_server, served(site, ports[1], path) as server:
            bare_address, address = (f"http://127.0.0.1:{port}" for port in ports)
            over = _measure(browser, bare_address, address, _values(path, given.runs), given.pages)
            _print_server("Bare server", bare_server)
            memory = _print_server("Server", server)
        browser.close()
    if over or memory > LIMIT_MIB:
        raise SystemExit(f"Above {LIMIT_RATIO} × or {LIMIT_MIB:.0f} MiB: {', '.join(over) or 'memory'}")


if __name__ == "__main__":
    main()
