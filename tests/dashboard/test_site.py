"""What a server answers beside the pages: health, readiness, headers, and what only this machine may see."""

from __future__ import annotations

import http.client
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from ccinsight.dashboard.server.site import is_local
from tests.serving import served


@pytest.fixture(scope="module")
def own(sample_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copy(sample_database, tmp_path_factory.mktemp("site") / "own.duckdb"))


@pytest.fixture(scope="module")
def address(own: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(own, tmp_path_factory.mktemp("served"), "--no-sign-in") as address:
        yield address


def _get(address: str, path: str, headers: dict[str, str] | None = None) -> tuple[int, dict[str, str], str]:
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
    connection.request("GET", path, headers=headers or {})
    response = connection.getresponse()
    text = response.read().decode("utf-8", "replace")
    return response.status, {name.lower(): value for name, value in response.getheaders()}, text


def test_health_and_readiness(address: str, own: Path) -> None:
    assert _get(address, "/healthz")[0] == 200
    assert _get(address, "/readyz")[0] == 200

    whole = own.read_bytes()
    own.rename(own.with_name("away"))
    try:
        assert _get(address, "/healthz")[0] == 200
        status, _headers, text = _get(address, "/readyz")
        assert status == 503
        assert "own.duckdb" in text
    finally:
        own.with_name("away").rename(own)
    assert own.read_bytes() == whole
    assert _get(address, "/readyz")[0] == 200


def test_all_routes_lie_under_the_base_path(own: Path, tmp_path: Path) -> None:
    with served(own, tmp_path, "--no-sign-in", base_path="/innsikt") as address:
        root = address.removesuffix("/innsikt")
        for path in ("/", "/deadlines", "/healthz", "/readyz", "/_stcore/health", "/_stcore/metrics"):
            assert _get(root, f"/innsikt{path}")[0] == 200
            assert _get(root, path)[0] == 404
        status, headers, _text = _get(root, "/innsikt")
        assert (status, headers["location"]) == (307, f"{address}/")
        for path in ("/innsikt/_stcore/metrics", "/innsikt/_stcore/agent/mcp"):
            assert _get(root, path, {"X-Forwarded-For": "192.0.2.7"})[0] == 404
        assert _get(root, "/innsikt/deadlines")[1]["x-frame-options"] == "SAMEORIGIN"
        status, headers, _text = _get(root, "/innsikt/deadlines?print=1&days=30")
        light = "?print=1&days=30&embed=true&embed_options=light_theme"
        assert (status, headers["location"]) == (307, light), "paper is light"
        for path in (f"deadlines{light}", "deadlines?print=2", "healthz?print=1"):
            assert _get(root, f"/innsikt/{path}")[0] == 200
        log = (tmp_path / "log.txt").read_text()
        assert f"The dashboard: {address}" in log
        assert "WARNING" not in log


@pytest.mark.parametrize("path", ["/", "/deadlines", "/healthz", "/_stcore/health"])
def test_answers_carry_security_headers(address: str, path: str) -> None:
    _status, headers, _text = _get(address, path)
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "SAMEORIGIN"
    assert headers["referrer-policy"] == "same-origin"


@pytest.mark.parametrize("path", ["/_stcore/metrics", "/_stcore/agent/openapi.json", "/_stcore/agent/mcp"])
def test_what_the_server_says_of_itself_is_for_this_machine_alone(address: str, path: str) -> None:
    status, _headers, text = _get(address, path, {"X-Forwarded-For": "127.0.0.1"})
    assert (status, text) == (404, "Not found")


def test_this_machine_may_see_the_metrics(address: str) -> None:
    assert _get(address, "/_stcore/metrics")[0] == 200


@pytest.mark.parametrize(
    ("client", "headers", "local"),
    [
        (("127.0.0.1", 5000), [], True),
        (("::1", 5000), [(b"host", b"localhost")], True),
        (("192.0.2.7", 5000), [], False),
        (("127.0.0.1", 5000), [(b"X-Forwarded-For", b"127.0.0.1")], False),
        (("127.0.0.1", 5000), [(b"forwarded", b"for=127.0.0.1")], False),
        (("127.0.0.1", 5000), [(b"via", b"1.1 proxy")], False),
        (None, [], False),
    ],
)
def test_a_forwarded_request_is_never_local(
    client: tuple[str, int] | None, headers: list[tuple[bytes, bytes]], local: bool
) -> None:
    assert is_local({"type": "http", "client": client, "headers": headers}) is local


def test_the_theme_is_the_projects(address: str) -> None:
    """Streamlit sends the theme with a new session; the page's own style sheet is not enough."""
    import asyncio

    from benchmarks.reader import Reader

    reader = Reader(address)
    reader.meet()
    sent = asyncio.run(reader.messages("overview", ""))
    themes = [
        message.new_session.custom_theme for message in sent if message.WhichOneof("type") == "new_session"
    ]
    assert themes[0].light.primary_color == "#1b5e9b"
