"""Before the dashboard is served: its file is found, the port is free, and who can reach it is known."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from ccinsight.cli.options import BasePath
from ccinsight.cli.serving import Address, app_file, check_folder, ensure_free, is_local
from ccinsight.cli.words import speak
from ccinsight.errors import CcinsightError


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "en")
    speak("en")


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_taken_port_is_named(taken_port: int) -> None:
    with pytest.raises(CcinsightError, match=rf"Port {taken_port} is in use.*--port"):
        ensure_free("127.0.0.1", taken_port)


def test_a_free_port_stays_free() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    ensure_free("127.0.0.1", port)
    ensure_free("127.0.0.1", port)


@pytest.mark.parametrize("host", ["192.0.2.1", "no.such.host.invalid"])
def test_an_address_that_is_not_ours_is_named(host: str) -> None:
    with pytest.raises(CcinsightError, match=host):
        ensure_free(host, 8501)


def test_the_app_lies_beside_its_pages() -> None:
    assert app_file().name == "app.py"
    assert Path(app_file().parent, ".streamlit", "config.toml").is_file()


@pytest.mark.parametrize(("host", "local"), [("127.0.0.1", True), ("localhost", True), ("0.0.0.0", False)])
def test_only_the_loopback_is_local(host: str, local: bool) -> None:
    assert is_local(host) is local


@pytest.mark.parametrize(
    ("given", "path"),
    [("", ""), ("/", ""), ("innsikt", "/innsikt"), ("/a-b/c.d/", "/a-b/c.d"), ("/a_1", "/a_1")],
)
def test_a_base_path_begins_with_a_slash_and_ends_without(given: str, path: str) -> None:
    assert BasePath().convert(given, None, None) == path


@pytest.mark.parametrize(
    "given", ["/a b", "/a//b", "/../a", "/a/..", "/æ", "/a?b", "/a#", "/a;b", "http://a", "/."]
)
def test_what_can_not_be_a_base_path_is_refused(given: str) -> None:
    with pytest.raises(click.UsageError, match="base path"):
        BasePath().convert(given, None, None)


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:8501/a"),
        ("0.0.0.0", "http://localhost:8501/a"),
        ("::1", "http://[::1]:8501/a"),
    ],
)
def test_an_address_is_one_that_a_browser_here_can_open(host: str, url: str) -> None:
    assert Address(host, 8501, "/a").url == url


def test_a_folder_that_can_not_hold_the_first_database_is_named(tmp_path: Path) -> None:
    check_folder(tmp_path / "ccinsight.duckdb")
    with pytest.raises(CcinsightError, match="There is no folder"):
        check_folder(tmp_path / "missing" / "ccinsight.duckdb")
