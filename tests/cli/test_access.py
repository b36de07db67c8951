"""``ccinsight access``: checks the file, lists who sees how many customers, adds and removes people."""

from __future__ import annotations

import stat
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from ccinsight.access import Reader
from ccinsight.cli import run
from ccinsight.cli.words import speak
from ccinsight.integrations.api.tokens import AccessTokens
from ccinsight.integrations.delivery.feeds import Feeds
from ccinsight.notes.activity import Action, Activity
from tests.access.signing_in import copied, write_private

FILE = """# who reads
mode = "oidc"
public_address = "https://crm.example.no"   # as readers type it

[oidc]
server_metadata_url = "http://127.0.0.1:9/.well-known/openid-configuration"
client_id = "app"
client_secret = "hush"
tenant = "t-1"
"""

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def access(sample_database: Path, tmp_path: Path) -> Path:
    copied(sample_database, tmp_path)
    write_private(tmp_path / "access.toml", FILE)
    return tmp_path / "access.toml"


@pytest.fixture
def cli(access: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    speak("en")

    def cli(*arguments: str) -> tuple[int, str, str]:
        status = run(["access", *arguments, "--database", str(access.with_name("ccinsight.duckdb"))])
        found = capsys.readouterr()
        return status, found.out, found.err

    return cli


def test_people_are_added_listed_and_removed_and_the_rest_stays(cli: Run, access: Path) -> None:
    assert (
        cli("add", "o-1", "--name", "Kari", "--account-manager", "Torbjørn Færøy", "--may", "import")[0] == 0
    )
    assert cli("add", "ola@partner.example", "--customer", "1001", "--customer", "none")[0] == 0
    assert cli("add", "managers", "--kind", "role", "--everything", "--may", "forget")[0] == 0
    status, listed, _error = cli("list")
    assert status == 0
    assert listed.splitlines() == [
        "o-1 (Kari): 19 customers; may import",
        "ola@partner.example: 1 customer",
        "managers: all customers; may forget",
    ]
    assert access.read_text().startswith(FILE)
    assert stat.S_IMODE(access.stat().st_mode) == 0o600

    assert cli("remove", "OLA@partner.example")[0] == 0
    assert "ola@" not in access.read_text()
    assert len(cli("list")[1].splitlines()) == 2


def test_a_removed_person_has_no_token_and_no_calendar_even_when_added_again(cli: Run, access: Path) -> None:
    database, made_at = access.with_name("ccinsight.duckdb"), datetime(2026, 3, 1)
    add = ("add", "ola@partner.example", "--customer", "1001")
    assert (cli(*add)[0], cli("add", "o-1", "--customer", "1001")[0]) == (0, 0)
    tokens, feeds = AccessTokens(database), Feeds(database)
    ola = Reader("oid-of-ola", address="Ola@partner.example")  # as a sign-in names him
    for name in ("Excel", "Power BI"):
        tokens.add(ola, name, made_at)
    feeds.add(ola, "duties", 7, "nb", made_at)
    kept, _token = tokens.add(Reader("o-1"), "Excel", made_at)

    status, said, _error = cli("remove", "ola@PARTNER.example")
    assert status == 0
    assert said.splitlines()[1:] == ["2 access tokens are revoked.", "1 calendar is revoked."]
    assert cli(*add)[0] == 0
    assert (tokens.active(), feeds.active()) == ([kept], [])
    assert cli("remove", "o-1")[1].splitlines()[1:] == ["1 access token is revoked."]
    assert len(cli("remove", "ola@partner.example")[1].splitlines()) == 1
    done = [each.action for each in Activity(database).newest(9)]
    assert done == [Action.REVOKE_TOKEN, Action.REVOKE, Action.REVOKE_TOKEN]


def test_what_would_be_a_fault_is_not_written(cli: Run, access: Path) -> None:
    for arguments, reason in [
        (("add", "o-1"), "Say what they see"),
        (("add", "o-1", "--account-manager", "A", "--everything"), "needs neither"),
        (("add", "o-1", "--customer", "1", "--may", "forget"), "everything = true"),
        (("remove", "o-1"), "o-1 is not in"),
    ]:
        status, _out, error = cli(*arguments)
        assert (status, reason in error) == (1, True), error
    assert access.read_text() == FILE


def test_a_provider_that_does_not_answer_is_named(cli: Run, access: Path) -> None:
    status, _out, error = cli("check")
    assert status == 1
    assert "doesn't answer at http://127.0.0.1:9/" in error
    access.unlink()
    assert "docs/access.md" in cli("check")[2]
    assert "docs/access.md" in cli("add", "o-1", "--everything")[2]
