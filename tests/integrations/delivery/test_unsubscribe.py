"""The page of a reader's choices, which the link in each message opens without a sign-in."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest
from benchmarks.ports import free_port
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route

from ccinsight.dashboard.guard import Gate, Guard
from ccinsight.dashboard.server import unsubscribe
from ccinsight.integrations.delivery.choices import Choices, Frequency
from ccinsight.integrations.delivery.key import token
from tests.access.signing_in import write_private
from tests.access.visiting import Visitor
from tests.integrations.delivery.small_company import copied
from tests.serving import served

KARI, OLA = "kari@partner.example", "ola@partner.example"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}
ACCESS = """mode = "proxy"
public_address = "{address}"
[proxy]
identity_header = "X-User"
secret_header = "X-Secret"
secret = "0123456789abcdef0123456789abcdef"
[[people]]
address = "Kari@partner.example"
account_managers = ["Bjørn Sørli"]
language = "nb"
[[people]]
address = "ola@partner.example"
account_managers = ["Torbjørn Færøy"]
language = "en"
"""


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write_private(tmp_path / "access.toml", ACCESS.format(address="https://crm.example.no"))
    monkeypatch.setenv("CCINSIGHT_DATABASE", str(tmp_path / "a.duckdb"))
    return tmp_path / "a.duckdb"


def _ask(database: Path, method: str, path: str, host: str = "192.0.2.7", **form: Any) -> httpx.Response:
    """The answer to somebody at an address, of the route behind the guard."""
    route = Route("/unsubscribe/{token:path}", unsubscribe.answer, methods=["GET", "POST"])
    guard = Middleware(Guard, gate=Gate(database), base_path="")
    app = Starlette(routes=[route], middleware=[guard])

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app=app, client=(host, 50_000))
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.request(method, path, **form)

    return asyncio.run(ask())


def test_following_the_link_changes_nothing(database: Path) -> None:
    page = _ask(database, "GET", f"/unsubscribe/{token(database, KARI)}")
    assert page.status_code == 200
    assert "Kari@partner.example".casefold() in page.text
    assert "Stopp meldingene" in page.text
    assert page.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert Choices(database).of(KARI) == Frequency.WEEKLY


@pytest.mark.parametrize(
    ("form", "chosen", "text"),
    [
        (ONE_CLICK, Frequency.NEVER, "gets no messages"),
        ({}, Frequency.NEVER, "gets no messages"),
        ({"frequency": "never"}, Frequency.NEVER, "gets no messages"),
        ({"frequency": "daily"}, Frequency.DAILY, "gets messages every day"),
        ({"frequency": "weekly"}, Frequency.WEEKLY, "gets messages once a week"),
        ({"frequency": "x" * 20_000}, Frequency.NEVER, "gets no messages"),
    ],
    ids=["one click", "nothing", "never", "daily", "weekly", "nonsense"],
)
def test_a_choice_is_stored_for_its_reader_alone(
    database: Path, form: dict[str, str], chosen: Frequency, text: str
) -> None:
    page = _ask(database, "POST", f"/unsubscribe/{token(database, OLA)}", data=form)
    assert text in page.text
    assert Choices(database).of(OLA) == chosen
    assert Choices(database).of(KARI) == Frequency.WEEKLY


def test_one_click_may_come_as_a_form_in_parts(database: Path) -> None:
    parts = {name: (None, value) for name, value in ONE_CLICK.items()}
    assert _ask(database, "POST", f"/unsubscribe/{token(database, OLA)}", files=parts).status_code == 200
    assert Choices(database).of(OLA) == Frequency.NEVER


def test_somebody_who_stopped_the_messages_may_ask_for_them_again(database: Path) -> None:
    path = f"/unsubscribe/{token(database, OLA)}"
    _ask(database, "POST", path, data=ONE_CLICK)
    assert "Send them once a week" in _ask(database, "GET", path).text
    _ask(database, "POST", path, data={"frequency": "weekly"})
    assert Choices(database).of(OLA) == Frequency.WEEKLY


@pytest.mark.parametrize("given", ["x", "é", "0" * 64, f"{'0' * 64}/x"])
def test_a_token_of_nobody_is_not_found(database: Path, given: str) -> None:
    for method in ("GET", "POST"):
        assert _ask(database, method, f"/unsubscribe/{given}").status_code == 404
    assert token(database, "una@partner.example") != given
    assert _ask(database, "POST", f"/unsubscribe/{token(database, 'una@partner.example')}").status_code == 404


def test_without_a_sign_in_this_machine_alone_is_answered(database: Path) -> None:
    database.with_name("access.toml").unlink()
    delivery = database.with_name("delivery.toml")
    delivery.write_text(f'[management]\naddresses = ["{OLA}"]\n', encoding="utf-8")
    delivery.chmod(0o600)
    path = f"/unsubscribe/{token(database, OLA)}"
    assert _ask(database, "POST", path).status_code == 403
    assert Choices(database).of(OLA) == Frequency.WEEKLY
    assert _ask(database, "POST", path, "127.0.0.1").status_code == 200
    assert Choices(database).of(OLA) == Frequency.NEVER


def test_files_that_cannot_be_read_are_said_in_a_sentence(database: Path) -> None:
    path = f"/unsubscribe/{token(database, OLA)}"
    database.with_name(f"{database.name}.notes.sqlite").write_bytes(b"x" * 5_000)
    page = _ask(database, "POST", path)
    assert (page.status_code, page.text) == (
        503,
        "Valget ditt kan ikke leses eller lagres nå. Prøv igjen senere.",
    )


def test_a_dashboard_that_is_served_answers_without_its_proxy(company: Path, tmp_path: Path) -> None:
    port, database = free_port(), copied(company, tmp_path)
    address = f"http://127.0.0.1:{port}"
    write_private(tmp_path / "access.toml", ACCESS.format(address=f"{address}/innsikt"))
    path = f"/innsikt/unsubscribe/{token(database, OLA)}"
    with served(database, tmp_path, base_path="/innsikt", port=port):
        assert Visitor(address).status("/innsikt/") == 403
        status, headers, text = Visitor(address).request(path)
        assert (status, headers["x-content-type-options"]) == (200, "nosniff")
        assert "gets messages once a week" in text
        assert Visitor(address).status("/innsikt/unsubscribe/x") == 404
    assert token(database, OLA) not in (tmp_path / "log.txt").read_text()
    assert Choices(database).of(OLA) == Frequency.WEEKLY
