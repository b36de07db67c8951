"""Access tokens: made, listed, revoked, forgotten; and the command line's."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from ccinsight.access import SEES_ALL, Reader
from ccinsight.cli import run
from ccinsight.errors import CcinsightError, UsageError
from ccinsight.integrations.api.tokens import AccessTokens
from ccinsight.notes import Notes
from ccinsight.notes.activity import Action, Activity
from tests.access.signing_in import access_text, copied, write_private

AT = datetime(2026, 3, 1, 9, 0)
OLA = Reader("ola.li@p.example", address="ola.li@p.example", customer_ids=frozenset("1"))
KARI = Reader("kari.nordmann@p.example", address="kari.nordmann@p.example", customer_ids=frozenset("2"))
DELIVERY = '[account_managers]\n"Kari Nordmann" = "kari.nordmann@p.example"\n"Ola Li" = "ola.li@p.example"\n'


def test_a_token_is_known_by_its_hash_alone_and_until_it_is_revoked(tmp_path: Path) -> None:
    write_private(tmp_path / "delivery.toml", DELIVERY)
    database = tmp_path / "a.duckdb"
    tokens = AccessTokens(database)
    assert tokens.known("ccinsight_" + "A" * 43) is None
    entry, token = tokens.add(OLA, " Power BI\n", AT)
    assert entry.name == "Power BI"
    assert tokens.by_token(token) == entry
    assert not [near for near in (token[:-1], token.swapcase(), f"{token}A", "", " ") if tokens.known(near)]
    assert token.encode() not in Notes.beside(database).path.read_bytes()
    assert (tokens.of(OLA), tokens.of(KARI), tokens.active()) == ([entry], [], [entry])

    tokens.note_used(entry, AT + timedelta(hours=1))
    used = tokens.of(OLA)[0]
    tokens.note_used(used, AT + timedelta(hours=1, minutes=9))  # too soon to be noted
    assert tokens.of(OLA)[0].used_at == AT + timedelta(hours=1)

    assert not tokens.revoke(entry.token_id, AT, KARI)
    assert tokens.revoke(entry.token_id, AT, OLA)
    assert not tokens.revoke(entry.token_id, AT, OLA)
    assert tokens.by_token(token) is None
    known = tokens.known(token)
    assert known and known.revoked_at == AT


def test_a_token_reads_what_its_reader_may_see_on_the_day(tmp_path: Path) -> None:
    database, day = tmp_path / "a.duckdb", AT.date()
    tokens = AccessTokens(database)
    everybody, _token = tokens.add(SEES_ALL, "all", AT)
    assert tokens.reader_of(everybody, day) == SEES_ALL
    write_private(tmp_path / "delivery.toml", DELIVERY)
    his, _token = tokens.add(OLA, "his", AT)
    found = tokens.reader_of(his, day)
    assert found and found.managers == {"Ola Li"} and not found.sees_all
    write_private(
        tmp_path / "access.toml", access_text("https://c.example", "https://id.example", ("A", "B"))
    )
    assert tokens.reader_of(everybody, day) is None
    assert tokens.reader_of(his, day) is None


def test_a_mail_address_gives_a_token_no_rights_of_others(
    sample_database: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    database, day = copied(sample_database, tmp_path), AT.date()
    own = '\n[[people]]\nid = "svc-powerbi"\nmail = "lars@partner.example"\ncustomers = ["1042"]\n'
    text = access_text("https://c.example", "https://id.example", ("A", "B"))
    text = text.replace('account_managers = ["B"]\nmay = ["import"]', "everything = true")
    write_private(tmp_path / "access.toml", text + own)
    command = ["tokens", "add", "svc-powerbi", "--name", "x", "--database", str(database)]
    assert run(command) == 0
    tokens = AccessTokens(database)
    entry = tokens.by_token(capsys.readouterr().out.strip())
    assert entry and (entry.reader_key, entry.address) == ("svc-powerbi", "")
    reader = tokens.reader_of(entry, day)
    assert reader and not reader.sees_all and reader.customer_ids == {"1042"}
    write_private(tmp_path / "access.toml", text)
    assert tokens.reader_of(entry, day) is None
    assert run(command) == 1


def test_a_manager_who_shares_an_address_gets_no_token_by_name(
    sample_database: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_private(tmp_path / "delivery.toml", DELIVERY.replace("ola.li@", "kari.nordmann@"))
    database = copied(sample_database, tmp_path)

    def add(who: str) -> int:
        return run(["tokens", "add", who, "--name", "x", "--database", str(database)])

    assert add("kari nordmann") == 1
    assert "Kari Nordmann, Ola Li" in capsys.readouterr().err
    assert AccessTokens(database).active() == []
    assert add("kari.nordmann@p.example") == 0  # the address stands for both


def test_what_can_not_be_made(tmp_path: Path) -> None:
    tokens = AccessTokens(tmp_path / "a.duckdb")
    for name in ("", " \n", "x" * 61):
        with pytest.raises(UsageError, match="Power BI"):
            tokens.add(SEES_ALL, name, AT)
    with pytest.raises(CcinsightError, match=r"access\.toml"):
        tokens.add(OLA, "of nobody known", AT)
    for each in range(20):
        tokens.add(SEES_ALL, f"{each}", AT)
    with pytest.raises(CcinsightError, match="20"):
        tokens.add(SEES_ALL, "one more", AT)


def test_a_forgotten_colleague_has_no_token(tmp_path: Path) -> None:
    write_private(tmp_path / "delivery.toml", DELIVERY)
    database, name = tmp_path / "a.duckdb", re.compile(r"(?i)kari.nordmann")
    tokens = AccessTokens(database)
    tokens.add(KARI, "Excel", AT)
    tokens.add(OLA, "for Kari Nordmann", AT)
    tokens.add(OLA, "Excel", AT)
    assert Notes.beside(database).count_quoting(name) == 2
    Notes.beside(database).redact(name)
    assert [(each.address, each.name) for each in tokens.active()] == [
        (OLA.address, "Excel"),
        (OLA.address, "for …"),
    ]


def test_the_command_makes_lists_and_revokes(
    sample_database: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    database = copied(sample_database, tmp_path)
    write_private(
        tmp_path / "access.toml", access_text("https://c.example", "https://id.example", ("A", "B"))
    )

    def tokens(*words: str) -> int:
        return run(["tokens", *words, "--database", str(database)])

    assert tokens("add", "lars@partner.example", "--name", "Power BI") == 0
    token = capsys.readouterr().out.strip()
    entry = AccessTokens(database).by_token(token)
    assert entry and (entry.address, entry.name) == ("lars@partner.example", "Power BI")
    assert tokens("list") == 0
    listed = capsys.readouterr().out
    assert listed.startswith("1: lars@partner.example, Power BI")
    assert token not in listed
    assert (tokens("revoke", "1"), tokens("revoke", "1")) == (0, 2)
    assert AccessTokens(database).by_token(token) is None
    assert tokens("add", "--everything", "--name", "x") == 2
    assert tokens("add", "ccinsight.all", "--name", "a role alone") == 1
    done = [each.action for each in Activity(database).newest(5)]
    assert done == [Action.REVOKE_TOKEN, Action.TOKEN]
