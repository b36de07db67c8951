"""``ccinsight digest``: its lines, exit statuses, and what a person says of uncertain messages."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from ccinsight.cli.commands import commands
from ccinsight.errors import CcinsightError, UsageError
from ccinsight.ingest import import_paths
from ccinsight.integrations.delivery.choices import Choices, Frequency
from tests.integrations.delivery.mail_server import GONE, Post, serving
from tests.integrations.delivery.small_company import KARI, OLA, UNA, copied, deliver, made


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("company"))


@pytest.fixture
def database(company: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CCINSIGHT_LANGUAGE", "en")
    return copied(company, tmp_path)


def _run(*words: str, status: int = 0, as_of: str = "2026-03-02") -> list[str]:
    given = ["digest", *words, *(["--as-of", as_of] if as_of else [])]
    done = CliRunner().invoke(commands, given, standalone_mode=False)
    if done.exception:
        raise done.exception
    assert done.return_value == status, done.output
    return done.output.splitlines()


def test_a_run_says_what_became_of_each_message(database: Path) -> None:
    with serving(Post(rcpt={KARI: "550 5.1.1 No such user"})) as post:
        deliver(database, post.port, KARI, OLA, UNA)
        refused = (
            f"{KARI}: refused (550 5.1.1 No such user); nothing more is sent to this address before "
            f"`ccinsight digest --retry {KARI}`"
        )
        assert _run(status=1) == [refused, f"{OLA}: sent", f"{UNA}: nothing to report"]
        assert _run(status=1)[:2] == [refused, f"{OLA}: already sent, as of 2 Mar 2026"]
        listed = _run("--list", as_of="")
        assert len(listed) == 4
        assert "Refused" in "\n".join(listed)
        post.rcpt.clear()
        Choices(database).choose(OLA, Frequency.NEVER, datetime(2026, 3, 2))
        assert _run("--retry", KARI)[:2] == [f"{KARI}: sent", f"{OLA}: wants no messages"]
        with pytest.raises(UsageError, match="was refused or is uncertain"):
            _run("--retry", KARI)


def test_what_is_uncertain_is_settled(database: Path) -> None:
    with serving(Post(data={KARI: GONE})) as post:
        deliver(database, post.port, KARI)
        (line,) = _run(status=1)
        assert line.startswith(f"{KARI}: uncertain whether the message as of 2 Mar 2026 arrived")
        assert f"--settle {KARI}" in line
        assert _run("--settle", KARI.upper()) == [f"{KARI.upper()}: 1 message counts as sent."]
        assert _run() == [f"{KARI}: already sent, as of 2 Mar 2026"]
        assert len(post.messages) == 1
    with pytest.raises(UsageError, match="is uncertain"):
        _run("--settle", KARI)
    with pytest.raises(UsageError, match="Give only one of"):
        _run("--settle", KARI, "--list")


def test_a_preview_sends_nothing(database: Path, tmp_path: Path) -> None:
    with serving(Post()) as post:
        deliver(database, post.port, KARI)
        assert _run("--preview", "out") == [f"{KARI}: out/kari@partner.example.eml"]
        assert not post.messages
    assert sorted(each.name for each in (tmp_path / "out").iterdir()) == [
        "kari@partner.example.eml",
        "kari@partner.example.html",
    ]
    (tmp_path / "file").touch()
    with pytest.raises(CcinsightError, match="can't be written"):
        _run("--preview", "file")


def test_a_database_that_is_not_there_is_named(database: Path, tmp_path: Path) -> None:
    deliver(database, 9, KARI)
    database.unlink()
    for words in ((), ("--preview", "out")):
        with pytest.raises(CcinsightError, match=r"ccinsight\.duckdb"):
            _run(*words)
    assert not list(tmp_path.glob("*.sqlite"))


def test_alerts_go_out_with_the_digests_of_today(database: Path) -> None:
    with serving(Post()) as post:
        deliver(database, post.port, KARI)
        counts = database.with_name("user_counts.csv")
        counts.write_text("agreement_id,customer_id,counted_on,registered_users\nA-1,1,2026-02-01,5\n")
        import_paths([counts], database, imported_at=datetime(2026, 2, 27, 10, 0))
        given = ["alerts", "add", "data_old", "--reader", KARI]
        CliRunner().invoke(commands, given, catch_exceptions=False, standalone_mode=False)
        assert _run() == [f"{KARI}: sent"]
        first, second = _run(as_of="")
        assert first.startswith(f"{KARI}: ")
        assert second == f"{KARI}: 1 begun, 0 ended. Sent."
        assert _run(as_of="")[0].startswith(f"{KARI}: already sent")
        assert post.recipients[0] == post.recipients[-1] == KARI
