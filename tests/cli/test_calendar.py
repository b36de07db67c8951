"""``ccinsight calendar``: makes an address, lists and revokes."""

from __future__ import annotations

from pathlib import Path

import pytest

from ccinsight.cli import run
from ccinsight.files import notes_file
from ccinsight.integrations.delivery.feeds import Feeds
from ccinsight.notes.activity import Action, Activity
from tests.access.signing_in import access_text, write_private


def _run(database: Path, *words: str) -> int:
    return run(["calendar", *words, "--database", str(database)])


def test_an_account_manager_of_delivery_toml_gets_an_address(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    database = tmp_path / "a.duckdb"
    notes_file(database).touch()  # the exports may come later
    text = 'public_address = "https://crm.example.no/innsikt"\n[account_managers]\n"Kari Nordmann" = "kari@p.example"\n'
    write_private(tmp_path / "delivery.toml", text)
    assert _run(database, "add", "kari nordmann", "--contents", "customer", "--alarm-days", "0") == 0
    address = capsys.readouterr().out.strip()
    token = address.removeprefix("https://crm.example.no/innsikt/calendar/").removesuffix(".ics")
    feed = Feeds(database).by_token(token)
    assert feed
    assert (feed.address, feed.contents, feed.alarm_days, feed.language) == (
        "kari@p.example",
        "customer",
        0,
        "nb",
    )

    assert _run(database, "list") == 0
    listed = capsys.readouterr().out
    assert listed.startswith("1: kari@p.example, customer")
    assert token not in listed
    assert _run(database, "revoke", "1") == 0
    assert _run(database, "revoke", "1") == 2
    assert Feeds(database).by_token(token) is None
    assert _run(database, "add", "Ola Hansen") == 1
    assert "Ola Hansen" in capsys.readouterr().err
    assert _run(database, "add") == 2
    assert _run(database, "add", "--everything") == 0


def test_with_access_toml_a_calendar_is_somebodys(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    database = tmp_path / "a.duckdb"
    notes_file(database).touch()  # the exports may come later
    write_private(
        tmp_path / "access.toml", access_text("https://crm.example.no", "https://id.example", ("A", "B"))
    )
    assert _run(database, "add", "lars@partner.example") == 0
    assert capsys.readouterr().out.startswith("https://crm.example.no/calendar/")
    assert _run(database, "add", "00000000-0000-0000-0000-000000000001") == 0
    # a role is known only at a sign-in
    assert _run(database, "add", "ccinsight.all") == 1
    assert _run(database, "add", "--everything") == 2
    assert len(Feeds(database).active()) == 2
    assert _run(database, "revoke", "1") == 0
    assert [each.action for each in Activity(database).newest(9)] == [
        Action.REVOKE,
        Action.CALENDAR,
        Action.CALENDAR,
    ]
