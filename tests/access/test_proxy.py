"""A proxy that signs in: who it is comes in a header, and counts with the secret alone."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
import websockets
from benchmarks.ports import free_port

from ccinsight.access import Reader
from ccinsight.integrations.delivery.feeds import Feeds
from ccinsight.notes.activity import Action, Activity
from tests.access.signing_in import copied, write_private
from tests.access.visiting import Visitor, ask, text_of, titles
from tests.serving import served

SECRET = "0123456789abcdef0123456789abcdef"
LARS = "lars@partner.example"
KNOWN = {"X-Ccinsight-Secret": SECRET, "X-Auth-Request-Email": "Lars@partner.example"}
QUERY = "as-of=2026-10-01&language=en"


def _access(address: str) -> str:
    return f"""mode = "proxy"
public_address = "{address}"
[proxy]
identity_header = "X-Auth-Request-Email"
secret_header = "X-Ccinsight-Secret"
secret = "{SECRET}"
[[people]]
address = "lars@partner.example"
name = "Lars Vik"
account_managers = ["Bjørn Sørli"]
"""


@pytest.fixture(scope="module")
def access(sample_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    folder, port = tmp_path_factory.mktemp("proxy"), free_port()
    write_private(folder / "access.toml", _access(f"http://127.0.0.1:{port}"))
    with served(copied(sample_database, folder), folder, port=port) as address:
        yield address, folder / "access.toml"


@pytest.fixture
def address(access: tuple[str, Path]) -> str:
    return access[0]


def test_whom_the_proxy_names_is_let_in(address: str) -> None:
    sent = Visitor(address, headers=KNOWN).open("customer", QUERY)
    assert "Lars Vik" in text_of(sent)
    assert titles(sent) not in ([], ["Sign in"], ["You have no access"])


def test_a_calendar_is_read_without_the_proxys_sign_in(access: tuple[str, Path]) -> None:
    address, file = access
    reader = Reader(LARS, "Lars Vik", LARS, frozenset({"Bjørn Sørli"}), today=date(2026, 3, 1))
    feeds = Feeds(file.with_name("ccinsight.duckdb"))
    token = feeds.add(reader, "customer", 7, "nb", datetime(2026, 3, 1))[1]
    status, _headers, text = Visitor(address).request(f"/calendar/{token}.ics")
    assert status == 200
    assert "Bjørn Sørli" in text
    assert Visitor(address).status("/calendar/guessed.ics") == 404
    assert Visitor(address).status("/customer") == 403


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Auth-Request-Email": "lars@partner.example"},
        {"X-Ccinsight-Secret": SECRET},
        {**KNOWN, "X-Ccinsight-Secret": SECRET[:-1]},
        {**KNOWN, "X-Ccinsight-Secret": ""},
        {**KNOWN, "X-Auth-Request-Email": " "},
    ],
    ids=["nothing", "no secret", "nobody", "another secret", "empty secret", "empty name"],
)
def test_without_the_secret_nothing_is_answered(headers: dict[str, str], address: str) -> None:
    for path in ("/", "/customer", "/media/0.csv", "/_stcore/host-config", "/auth/login"):
        assert Visitor(address, headers=headers).status(path) == 403
    with pytest.raises(websockets.InvalidStatus, match="403"):
        Visitor(address, headers=headers).open()


def test_who_comes_through_the_proxy_is_in_the_log_once(access: tuple[str, Path]) -> None:
    address, path = access
    Visitor(address, headers=KNOWN).open("customer", QUERY)
    Visitor(address, headers=KNOWN).open("renewals", QUERY)
    done = Activity(path.with_name("ccinsight.duckdb")).newest(50)
    assert [each.person for each in done if each.action is Action.SIGN_IN] == ["Lars Vik"]


def test_health_needs_no_secret(address: str) -> None:
    for path in ("/healthz", "/readyz", "/_stcore/health"):
        assert Visitor(address).status(path) == 200


def test_a_name_beside_the_proxys_own_is_refused(address: str) -> None:
    """Some proxies add a header and leave the browser's own in place."""
    import socket
    from urllib.parse import urlsplit

    place = urlsplit(address)
    lines = [f"{name}: {value}" for name, value in KNOWN.items()] + [
        "x-auth-request-email: unni@partner.example"
    ]
    with socket.create_connection((place.hostname, place.port), timeout=20) as connection:
        request = f"GET / HTTP/1.1\r\nHost: {place.netloc}\r\n" + "\r\n".join(lines) + "\r\n\r\n"
        connection.sendall(request.encode())
        assert b" 403 " in connection.recv(1000).split(b"\r\n")[0]


def test_a_foreign_page_opens_no_websocket(address: str) -> None:
    with pytest.raises(websockets.InvalidStatus, match="403"):
        Visitor(address, headers=KNOWN, origin="http://evil.example").open()


def test_somebody_unknown_has_no_access(address: str) -> None:
    headers = {**KNOWN, "X-Auth-Request-Email": "una@partner.example"}
    sent = Visitor(address, headers=headers).open("customer", QUERY)
    assert titles(sent) == ["You have no access"]
    assert "una@partner.example" in text_of(sent)


def test_a_session_is_taken_up_by_its_person_alone(address: str) -> None:
    """Streamlit takes a session up again by its id; another person's id opens a session of one's own."""

    async def session(headers: dict[str, str], earlier: str = "") -> str:
        async with Visitor(address, headers=headers, session=earlier).connect() as connection:
            sent = await ask(connection, "", QUERY)
        return next(
            message.new_session.initialize.session_id
            for message in sent
            if message.WhichOneof("type") == "new_session"
        )

    async def run() -> None:
        first = await session(KNOWN)
        assert await session(KNOWN, first) == first
        assert await session({**KNOWN, "X-Auth-Request-Email": "una@partner.example"}, first) != first

    asyncio.run(run())


def test_without_a_database_a_sign_in_is_demanded_and_its_rights_hold(tmp_path: Path) -> None:
    port = free_port()
    boss = '[[people]]\naddress = "siri@partner.example"\nname = "Siri Bø"\neverything = true\nmay = ["import"]\n'
    write_private(tmp_path / "access.toml", _access(f"http://127.0.0.1:{port}") + boss)
    with served(tmp_path / "ccinsight.duckdb", tmp_path, port=port) as address:
        with pytest.raises(websockets.InvalidStatus, match="403"):
            Visitor(address, headers={"X-Ccinsight-Secret": SECRET}).open()
        limited = text_of(Visitor(address, headers=KNOWN).open("", "language=en"))
        assert "Ask the administrator" in limited and "What to bring" not in limited
        allowed = {**KNOWN, "X-Auth-Request-Email": "siri@partner.example"}
        assert "What to bring" in text_of(Visitor(address, headers=allowed).open("", "language=en"))
