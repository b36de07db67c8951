"""Without access.toml a server answers its own machine alone, unless it was started with --no-sign-in."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import websockets
from benchmarks.ports import free_port

from tests import nginx
from tests.access.signing_in import access_text, copied, write_private
from tests.access.visiting import Visitor, titles
from tests.serving import served

FORWARDED = [
    {"X-Forwarded-For": "192.0.2.7"},
    {"X-Forwarded-For": "127.0.0.1"},
    {"Forwarded": "for=192.0.2.7"},
    {"Via": "1.1 proxy"},
    {"X-Real-IP": "192.0.2.7"},
    {"Host": "crm.example.no"},
    {"X-Ccinsight-Front": "guessed", "X-Forwarded-For": "127.0.0.1"},
]


@pytest.fixture(scope="module")
def address(sample_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("closed")
    with served(copied(sample_database, folder), folder) as address:
        yield address


@pytest.fixture(scope="module")
def workers(
    sample_database: Path, tmp_path_factory: pytest.TempPathFactory, missing: Callable[[str], None]
) -> Iterator[str]:
    if nginx.find() is None:
        missing("no nginx")
    folder = tmp_path_factory.mktemp("workers")
    with served(copied(sample_database, folder), folder, "--workers", "2") as address:
        yield address


def test_this_machine_reads(address: str) -> None:
    assert Visitor(address).status("/") == 200
    assert titles(Visitor(address).open("renewals", "language=en"))


@pytest.mark.parametrize("headers", FORWARDED, ids=str)
def test_what_a_proxy_passes_on_is_refused(headers: dict[str, str], address: str) -> None:
    status, _headers, text = Visitor(address, headers=headers).request("/")
    assert status == 403
    assert "--no-sign-in" in text
    if "Host" not in headers:  # the library sets its own
        with pytest.raises(websockets.InvalidStatus, match="403"):
            Visitor(address, {"_streamlit_xsrf": "x"}, headers).open()


def test_workers_answer_this_machine_and_nobody_whom_a_proxy_passes_on(workers: str) -> None:
    assert Visitor(workers).status("/") == 200
    assert titles(Visitor(workers).open("renewals", "language=en"))
    for headers in FORWARDED:
        assert Visitor(workers, headers=headers).status("/") == 403


def test_workers_without_a_database_show_what_to_bring_and_are_as_closed(
    tmp_path: Path, missing: Callable[[str], None]
) -> None:
    if nginx.find() is None:
        missing("no nginx")
    with served(tmp_path / "ccinsight.duckdb", tmp_path, "--workers", "2") as address:
        assert {"Nothing is imported yet", "What to bring"} <= set(
            titles(Visitor(address).open("", "language=en"))
        )
        for headers in FORWARDED[:2]:
            assert Visitor(address, headers=headers).status("/") == 403


@pytest.fixture
def refused(sample_database: Path, tmp_path: Path) -> Callable[..., str]:
    database = copied(sample_database, tmp_path)

    def refused(*options: str, access: str = "") -> str:
        if access:
            write_private(tmp_path / "access.toml", access)
        command = [sys.executable, "-m", "ccinsight", "serve", "--database", str(database)]
        found = subprocess.run(
            [*command, "--port", str(free_port()), *options],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert found.returncode == 1
        return found.stderr

    return refused


@pytest.mark.parametrize("options", [["--host", "0.0.0.0"], ["--host", "0.0.0.0", "--workers", "2"]])
def test_other_machines_are_not_served_without_a_word(
    options: list[str], refused: Callable[..., str]
) -> None:
    assert "--no-sign-in" in refused(*options)


def test_a_sign_in_and_none_contradict_each_other(refused: Callable[..., str]) -> None:
    access = access_text("https://crm.example.no", "https://login.example.no", ("A", "B"))
    assert "remove one of them" in refused("--no-sign-in", access=access)


def test_the_paths_of_the_file_and_of_the_command_are_the_same(refused: Callable[..., str]) -> None:
    access = access_text("https://crm.example.no/innsikt", "https://login.example.no", ("A", "B"))
    assert "--base-path /innsikt" in refused(access=access)


def test_a_fault_in_the_file_is_named_before_anything_is_served(refused: Callable[..., str]) -> None:
    assert "access.toml, “mode”" in refused(access='mode = "none"\n')


def test_everybody_is_answered_where_that_is_wanted(sample_database: Path, tmp_path: Path) -> None:
    database = copied(sample_database, tmp_path)
    with served(database, tmp_path, "--no-sign-in") as address:
        assert Visitor(address, headers={"X-Forwarded-For": "192.0.2.7"}).status("/") == 200
    assert "reads everything" in (tmp_path / "log.txt").read_text()
