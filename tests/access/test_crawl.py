"""Every page, tab, parameter and file of the dashboard, read as each person over the websocket."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from benchmarks.ports import free_port
from benchmarks.reader import Reader as Server

from tests.access.crawling import Button, found, sent
from tests.access.readers import LIMITED, TODAY, agreements_in_force, all_marks, marks_of_others, marks_shown
from tests.conftest import ROOT
from tests.serving import wait_until_healthy

CUSTOMER_TABS = (
    "agreements",
    "duties",
    "history",
    "dates",
    "tickets",
    "contacts",
    "users",
    "invoices",
    "meetings",
)
SECTIONS = (
    "movements",
    "drivers",
    "retention",
    "cohorts",
    "bands",
    "account_manager",
    "complexity",
    "price_basis",
    "product",
    "unrated",
    "agreements",
)
# The page, what its address says, the tabs to be clicked.
VISITS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("overview", "", ()),
    *(("to_do", f"show={show}", ()) for show in ("all", "closed")),
    ("deadlines", "days=365", ()),
    ("status_meetings", "", ()),
    (
        "utilization",
        "",
        ("Ingen saker", "Ringer mest", "Kanaler", "Kategorier", "Første svar", "Måneder"),
    ),
    ("explore", "measure=tickets,arr,users&by=customer,product&cell=tickets~all~all", ()),
    ("explore", "measure=unbilled,renewals&by=account_manager&display=pivot&cell=renewals~all", ()),
    *(("risk", f"risk={part}", ()) for part in ("scores", "verdicts", "judged")),
    *(("revenue", f"section={section}", ()) for section in SECTIONS),
    *(
        ("review", f"span=own&from-day=2020-01-01&detail={part}", ())
        for part in ("lost", "new", "renewals", "unbilled")
    ),
    *(("renewals", f"months=24&forecast={part}", ()) for part in ("list", "forecast", "missed")),
    *(
        ("price_plan", f"notices={part}", ())
        for part in ("mailing", "letters", "late", "direct", "whole_plan", "sent")
    ),
    *(
        ("leakage", f"part={part}&years=30", ())
        for part in ("unbilled", "overbilled", "unknown", "users", "consulting")
    ),
    ("customer", "", ()),
    ("delivery", "", ()),
    ("data", "", ()),
    ("mapping", "", ()),
)
# What an address may name that isn't the reader's: customers, their agreements and account managers.
FOREIGN: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("customer", "id={id}", ()),
    ("customer", "id={id}&tab=contacts", ()),
    ("customer", "customer={id}", ()),
    ("meeting", "id={id}", ()),
    ("overview", "customer={id}", ()),
    ("to_do", "show=all&customer={id}", ()),
    ("deadlines", "days=365&customer={id}", ()),
    ("revenue", "section=agreements&customer={id}", ()),
    ("review", "span=twelve&customer={id}", ()),
    ("explore", "measure=tickets,arr&by=customer&cell=arr~.{id}&customer={id}", ()),
    ("risk", "scored={id}", ()),
    ("risk", "risk=verdicts&verdict=A-{id}", ()),
    ("utilization", "account-manager=Torbj%C3%B8rn+F%C3%A6r%C3%B8y", ()),
    ("renewals", "renewal=A-{id}", ()),
    ("leakage", "open=A-{id}&work={id}", ()),
)


@contextmanager
def served_as(who: str, database: Path, folder: Path) -> Iterator[Server]:
    """The dashboard as one of the readers, on a server of its own."""
    port, log = free_port(), folder / f"{who}.txt"
    command = [sys.executable, "-m", "tests.access.serve_as", who, str(database), str(port)]
    places = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    with log.open("w") as output:
        process = subprocess.Popen(
            command, stdout=output, stderr=output, cwd=folder, env={**os.environ, "PYTHONPATH": places}
        )
        try:
            wait_until_healthy(f"http://127.0.0.1:{port}", process, log)
            server = Server(f"http://127.0.0.1:{port}")
            server.meet()
            yield server
        finally:
            process.terminate()
            process.wait(timeout=20)


Serve = Callable[[str], Server]


@pytest.fixture(scope="module")
def serve(sample_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    """Starts a server as a reader, once for each."""
    folder = tmp_path_factory.mktemp("served")
    servers: dict[str, Server] = {}
    with ExitStack() as stack:

        def start(who: str) -> Server:
            if who not in servers:
                servers[who] = stack.enter_context(served_as(who, sample_database, folder))
            return servers[who]

        yield start


def _read(
    server: Server, page: str, query: str, tabs: tuple[str, ...] = (), read: set[Button] | None = None
) -> tuple[str, list[str]]:
    address = "&".join(filter(None, [f"as-of={TODAY}", query]))
    return asyncio.run(sent(server, page, address, tabs, read))


@pytest.mark.parametrize("who", LIMITED)
@pytest.mark.parametrize("visit", VISITS, ids=lambda visit: f"{visit[0]}-{visit[1]}")
def test_a_page_sends_nothing_of_anothers_customer(
    serve: Serve, sample_database: Path, visit: tuple[str, str, tuple[str, ...]], who: str
) -> None:
    text, _files = _read(serve(who), *visit)
    assert "Traceback" not in text
    assert not found(text, marks_of_others(sample_database, LIMITED[who]).texts)


@pytest.fixture(scope="module")
def read_of_1002() -> set[Button]:
    """The buttons of customer 1002 whose files were read: its deck, brief and calendar are the same on every tab."""
    return set()


@pytest.mark.parametrize("tab", CUSTOMER_TABS)
def test_ones_own_customer_is_shown_without_others(
    serve: Serve, sample_database: Path, tab: str, read_of_1002: set[Button]
) -> None:
    text, files = _read(serve("silje"), "customer", f"id=1002&tab={tab}", read=read_of_1002)
    assert "Rognsund Renhold AS" in text and files
    assert not found(text, marks_of_others(sample_database, LIMITED["silje"]).texts)


def test_a_meeting_and_its_files_hold_nothing_of_others(serve: Serve, sample_database: Path) -> None:
    text, files = _read(serve("silje"), "meeting", "id=1002")
    assert "Rognsund Renhold AS" in text and len(files) >= 5
    assert not found(text, marks_of_others(sample_database, LIMITED["silje"]).texts)


@pytest.mark.parametrize("visit", FOREIGN, ids=lambda visit: f"{visit[0]}-{visit[1]}")
def test_anothers_customer_in_an_address_sends_nothing_of_it(
    serve: Serve, sample_database: Path, visit: tuple[str, str, tuple[str, ...]]
) -> None:
    page, query, tabs = visit
    text, _files = _read(serve("silje"), page, query.format(id="1001"), tabs)
    marks = marks_of_others(sample_database, LIMITED["silje"]).texts
    # the address itself names the agreement, and Streamlit sends it back
    assert not found(text, marks - {"A-1001"})


def test_the_control_is_sent_every_name_and_agreement(serve: Serve, sample_database: Path) -> None:
    """The same search finds them all where the reader may see them."""
    every = all_marks(sample_database).texts
    wanted = {mark for mark in every if " " in mark or len(mark) == len("987654321")}
    wanted |= agreements_in_force(sample_database)
    texts = [
        _read(serve("all"), page, query)[0]
        for page, query in (
            ("customer", ""),
            ("leakage", "part=unbilled&years=30"),
            ("utilization", ""),
            ("revenue", "section=agreements"),
        )
    ]
    assert wanted <= found("\n".join(texts), every)


@pytest.mark.parametrize("customer_id", ["1061"])
def test_the_control_is_sent_every_mark_of_a_customer(
    serve: Serve, sample_database: Path, customer_id: str
) -> None:
    """Contacts, invoice lines and meetings as well, those of its own tabs."""
    wanted = marks_shown(sample_database, customer_id)
    read: set[Button] = set()
    texts = [
        _read(serve("all"), "customer", f"id={customer_id}&tab={tab}", read=read)[0]
        for tab in ("agreements", "contacts", "invoices", "meetings")
    ]
    assert len(wanted) > 10
    assert wanted <= found("\n".join(texts), wanted)
