"""Several processes behind one address: a browser stays with its own, and whatever ends is started again."""

from __future__ import annotations

import asyncio
import http.client
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import psutil
import pytest
from benchmarks.ports import free_port
from benchmarks.reader import Reader, ask, errors

from ccinsight.access import SEES_ALL
from ccinsight.cli import front
from ccinsight.cli.words import speak
from ccinsight.errors import CcinsightError
from ccinsight.ingest import import_paths
from ccinsight.integrations.api.tokens import AccessTokens
from tests import nginx

WORKERS = 3
PIN = "ccinsight_worker"
NEW = """Avtalenr;Kundenr;Kunde;Kundeansvarlig;Tegningsdato;Antall brukere;Pris per bruker;Prisgrunnlag
NY-{run};NY-{run};Nykunde {run} AS;Nils Nyansatt;01.02.2020;250;2 000,00;Kontrakt
"""


class Server:
    """``serve --workers`` over a database of its own."""

    def __init__(self, database: Path, folder: Path, base_path: str, count: int) -> None:
        self.database, self.log, self.count = database, folder / "log.txt", count
        self.port = free_port(count + 1)
        self.address = f"http://127.0.0.1:{self.port}{base_path}"
        command = [sys.executable, "-m", "ccinsight", "serve", "--database", str(database)]
        command += ["--port", str(self.port), "--workers", str(count), "--base-path", base_path]
        surrounding = {name: value for name, value in os.environ.items() if not name.startswith("CCINSIGHT_")}
        with self.log.open("w") as output:
            self.process = subprocess.Popen(
                command, stdout=output, stderr=output, cwd=folder, env=surrounding
            )

    def wait(self) -> None:
        """Waits until all workers answer."""
        for at in range(1, self.count + 1):
            self.wait_for_worker(at)

    def get(self, path: str, cookie: str = "") -> tuple[int, str]:
        """Status and text of what the server answers, 0 where it doesn't."""
        place = urlsplit(self.address)
        connection = http.client.HTTPConnection(place.netloc, timeout=60)
        try:
            connection.request("GET", f"{place.path}{path}", headers={"Cookie": cookie} if cookie else {})
            response = connection.getresponse()
            return response.status, response.read().decode("utf-8", "replace")
        except OSError:
            return 0, ""
        finally:
            connection.close()

    def workers(self) -> dict[int, psutil.Process]:
        """The processes of the workers, by number."""
        found = {}
        for child in psutil.Process(self.process.pid).children():
            line = child.cmdline()
            if "ccinsight.cli.worker" in line:
                found[int(line[-2]) - self.port] = child
        return found

    def wait_for_worker(self, at: int) -> None:
        """Waits until a worker answers (again)."""
        self._until(lambda: self.get(f"/readyz/{at}")[0] == 200)

    def _until(self, holds: Callable[[], bool], patience: float = 90) -> None:
        deadline = time.monotonic() + patience
        while not holds():
            if time.monotonic() > deadline or self.process.poll() is not None:
                pytest.fail(f"The server does not answer:\n{self.log.read_text()}")
            time.sleep(0.1)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=60)


@contextmanager
def served(database: Path, folder: Path, base_path: str = "", count: int = 2) -> Iterator[Server]:
    server = Server(database, folder, base_path, count)
    try:
        server.wait()
        yield server
    finally:
        server.stop()


def _copied(sample_database: Path, folder: Path, missing: Callable[[str], None]) -> Path:
    if nginx.find() is None:
        missing("no nginx")
    for name in ("ccinsight.duckdb", "ccinsight.duckdb.key"):
        shutil.copy(sample_database.with_name(name), folder / name)
    return folder / "ccinsight.duckdb"


@pytest.fixture
def own(sample_database: Path, tmp_path: Path, missing: Callable[[str], None]) -> Path:
    return _copied(sample_database, tmp_path, missing)


@pytest.fixture(scope="module")
def server(
    sample_database: Path, tmp_path_factory: pytest.TempPathFactory, missing: Callable[[str], None]
) -> Iterator[Server]:
    """One for all tests that it outlives: a start takes seconds for each worker."""
    folder = tmp_path_factory.mktemp("served")
    with served(_copied(sample_database, folder, missing), folder, count=WORKERS) as server:
        yield server


def _readers(server: Server) -> dict[str, Reader]:
    """A browser of each worker, by the worker's number."""
    found: dict[str, Reader] = {}
    for _attempt in range(10 * WORKERS):
        reader = _met(server)
        found.setdefault(reader.cookies[PIN], reader)
        if len(found) == WORKERS:
            break
    return found


def _shows_new_customer(reader: Reader, run: str) -> bool:
    sent = asyncio.run(reader.messages("customer", f"id=NY-{run}"))
    return any(f"Nykunde {run} AS".encode() in message.SerializeToString() for message in sent)


def test_browsers_are_dealt_out_and_each_stays_with_its_worker(server: Server) -> None:
    readers = _readers(server)
    assert set(readers) == {str(at) for at in range(1, WORKERS + 1)}
    for at, reader in readers.items():
        assert errors(asyncio.run(reader.messages("overview", ""))) == []
        again = Reader(server.address, dict(reader.cookies))
        again.meet()
        assert again.cookies[PIN] == at

    stale = Reader(server.address, {PIN: "9"})
    stale.meet()
    assert stale.cookies[PIN] in readers

    # a program keeps no cookie, and any process answers it
    _entry, token = AccessTokens(server.database).add(SEES_ALL, "test", datetime(2026, 3, 1, 9))
    asked = Request(f"{server.address}/api/v1/reports/renewals", headers={"Authorization": f"Bearer {token}"})
    tags = set()
    for _each in range(WORKERS):
        with urlopen(asked, timeout=60) as answer:
            assert answer.status == 200 and "Set-Cookie" not in answer.headers
            tags.add(answer.headers["ETag"])
    assert len(tags) == 1


def test_an_upload_reaches_the_session_of_its_browser_and_no_other_worker(server: Server) -> None:
    readers = list(_readers(server).values())

    async def upload(reader: Reader) -> list[int]:
        async with reader.connect() as connection:
            sent = await ask(connection, "data", "")
            session = next(
                message.new_session.initialize.session_id
                for message in sent
                if message.WhichOneof("type") == "new_session"
            )
            return [_put(server, session, reader, other.cookies[PIN]) for other in [reader, *readers]]

    for at, reader in enumerate(readers):
        own, *others = asyncio.run(upload(reader))
        assert own == 204
        assert others == [204 if other == at else 400 for other in range(WORKERS)]


def _put(server: Server, session: str, reader: Reader, worker: str) -> int:
    """The status of an upload into a session, sent to a worker."""
    token = reader.cookies["_streamlit_xsrf"]
    body = (
        b'--x\r\nContent-Disposition: form-data; name="f"; filename="a.csv"\r\n'
        b"Content-Type: text/csv\r\n\r\na;b\r\n--x--\r\n"
    )
    connection = http.client.HTTPConnection(urlsplit(server.address).netloc, timeout=60)
    connection.request(
        "PUT",
        f"/_stcore/upload_file/{session}/f1",
        body,
        {
            "Cookie": f"_streamlit_xsrf={token}; {PIN}={worker}",
            "X-Xsrftoken": token,
            "Content-Type": "multipart/form-data; boundary=x",
        },
    )
    status = connection.getresponse().status
    connection.close()
    return status


def test_every_worker_shows_an_import_at_its_next_run(server: Server, tmp_path: Path) -> None:
    readers = _readers(server)
    run = secrets.token_hex(4)  # a customer of its own for each run on the same server
    for reader in readers.values():
        assert not _shows_new_customer(reader, run)

    new = tmp_path / "avtaler.csv"
    new.write_text(NEW.format(run=run), encoding="utf-8")
    import_paths([new], server.database, None, imported_at=datetime(2026, 3, 2, 9, 0))

    for reader in readers.values():
        assert _shows_new_customer(reader, run)


def test_a_worker_that_dies_is_started_again_and_the_others_go_on(server: Server) -> None:
    readers = _readers(server)
    before = server.workers()
    before[2].send_signal(signal.SIGKILL)
    before[2].wait(timeout=60)

    status, text = server.get("/", f"{PIN}=2")
    assert status == 503
    assert "starting" in text
    assert errors(asyncio.run(readers["1"].messages("overview", ""))) == []
    fresh = {_met(server).cookies[PIN] for _at in range(2 * WORKERS)}
    assert fresh == {"1", "3"}

    server.wait_for_worker(2)
    now = server.workers()
    assert {at: now[at].pid for at in (1, 3)} == {at: before[at].pid for at in (1, 3)}
    assert now[2].pid != before[2].pid
    # the cookies that the browser has still hold
    assert errors(asyncio.run(readers["2"].messages("overview", ""))) == []
    assert "worker 2 ended with status -9" in server.log.read_text()


def _met(server: Server) -> Reader:
    reader = Reader(server.address)
    reader.meet()
    return reader


def test_a_front_that_dies_is_started_again(server: Server) -> None:
    children = psutil.Process(server.process.pid).children()
    (front_process,) = (child for child in children if "nginx" in child.name())
    front_process.terminate()
    front_process.wait(timeout=60)
    server.wait_for_worker(1)


@pytest.mark.parametrize("kind", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_all_processes_end_with_the_server(kind: signal.Signals, own: Path, tmp_path: Path) -> None:
    if kind == signal.SIGKILL and sys.platform != "linux":
        pytest.skip("only Linux ends the children of a process that was killed")
    with served(own, tmp_path) as server:
        children = psutil.Process(server.process.pid).children(recursive=True)
        assert len(children) >= server.count + 2  # nginx has a worker of its own
        server.process.send_signal(kind)
        status = server.process.wait(timeout=60)
        _gone, alive = psutil.wait_procs(children, timeout=60)
        assert alive == []
    assert status == {signal.SIGTERM: 0, signal.SIGINT: 130, signal.SIGKILL: -9}[kind]


def test_a_base_path_holds_for_the_front_too(own: Path, tmp_path: Path) -> None:
    with served(own, tmp_path, "/innsikt") as server:
        reader = _met(server)
        assert errors(asyncio.run(reader.messages("deadlines", ""))) == []
        assert server.get("/deadlines")[0] == 200
        assert server.get("/readyz/9")[0] == 404
        assert server.get("/_stcore/metrics")[0] == 404


def test_without_nginx_a_sentence_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    speak("en")
    monkeypatch.setattr(front, "_PLACES", ())
    with pytest.raises(CcinsightError, match=r"Install it .*or serve without --workers"):
        front.find_nginx()
