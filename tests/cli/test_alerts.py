"""``ccinsight alerts``: from the list of rules to a message, and the daily run that sends both."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from ccinsight.cli.commands import commands
from ccinsight.errors import CcinsightError, UsageError
from ccinsight.integrations.delivery.messages import ALERT, Messages, State
from tests.integrations.delivery.mail_server import Post, serving
from tests.integrations.delivery.small_company import KARI, OLA, copied, deliver, made

USERS = """
[[rule]]
name = "users"
report = "customer_facts"
figure = "registered_users"
threshold = 10
when = "registered_users >= threshold"
nb = { title = "Mange brukere", began = "{registered_users} brukere.", ended = "{registered_users} brukere." }
en = { title = "Many users", began = "{registered_users} users.", ended = "{registered_users} users." }
"""


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("company"))


@pytest.fixture
def database(company: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CCINSIGHT_LANGUAGE", "en")
    return copied(company, tmp_path)


def _run(*words: str, status: int = 0) -> list[str]:
    done = CliRunner().invoke(commands, words, standalone_mode=False)
    if done.exception:
        raise done.exception
    assert (done.return_value or 0) == status, done.output
    return done.output.splitlines()


def test_rules_are_listed_with_the_threshold_that_is_proposed(database: Path) -> None:
    lines = _run("alerts", "rules")

    assert any(
        line.split() == ["contact_rate_low", "Low", "contact", "rate", "Customer", "30%"] for line in lines
    )
    assert any(
        line.split() == ["tickets_old", "Old", "ticket", "data", "Data", "7", "days"] for line in lines
    )


@pytest.fixture
def own_rules(database: Path) -> None:
    database.with_name("alerts.toml").write_text(USERS, encoding="utf-8")


@pytest.mark.usefixtures("own_rules")
def test_an_alert_is_added_listed_sent_and_removed(database: Path) -> None:
    with serving(Post()) as post:
        deliver(database, post.port, KARI, OLA)

        assert _run("alerts", "list") == ["There are no alerts. Add one with `ccinsight alerts add`."]
        assert _run("alerts", "add", "users", "--reader", KARI.upper(), "--threshold", "5") == [
            "Alert 1 is added. What holds already is sent by the next run."
        ]
        assert _run("alerts", "run", "--as-of", "2026-03-02") == [f"{KARI}: 1 begun, 0 ended. Sent."]
        assert _run("alerts", "run", "--as-of", "2026-03-02") == [
            "No alert has begun or ended since the last run."
        ]
        assert post.recipients == [KARI]
        assert _run("alerts", "list")[-1].split() == ["1", KARI, "users", "all", "5", "users", "mail", "1"]

        assert _run("alerts", "remove", "1") == [f"Alert 1 of {KARI} is removed."]
        with pytest.raises(CcinsightError, match=r"There is no alert 1\."):
            _run("alerts", "remove", "1")
        assert _run("alerts", "remove", "1", "--undo") == [f"Alert 1 of {KARI} is there again."]


@pytest.mark.usefixtures("own_rules")
def test_the_daily_run_sends_alerts_too(database: Path) -> None:
    with serving(Post()) as post:
        deliver(database, post.port, KARI)
        _run("alerts", "add", "users", "--reader", KARI, "--threshold", "5")

        assert _run("digest")[-1] == f"{KARI}: 1 begun, 0 ended. Sent."
        assert all("begun" not in line for line in _run("digest"))
        # alerts are about today
        _run("alerts", "add", "users", "--reader", KARI, "--threshold", "4", "--customer", "1")
        assert all("begun" not in line for line in _run("digest", "--as-of", "2026-03-02"))


@pytest.mark.usefixtures("own_rules")
def test_a_run_that_is_killed_while_the_server_has_the_message_sends_it_once(database: Path) -> None:
    post, started = Post(), list[subprocess.Popen[bytes]]()
    with serving(post):
        deliver(database, post.port, KARI)
        _run("alerts", "add", "users", "--reader", KARI, "--threshold", "5")
        post.taken = lambda: started[0].kill()
        command = [sys.executable, "-m", "ccinsight", "alerts", "run", "--as-of", "2026-03-02"]
        started.append(subprocess.Popen(command))
        assert started[0].wait(60) == -signal.SIGKILL

        post.taken = lambda: None
        assert _run("alerts", "run", "--as-of", "2026-03-03") == [
            "No alert has begun or ended since the last run."
        ]

    assert post.recipients == [KARI]
    assert [each.state for each in Messages(database).of(KARI, ALERT)] == [State.UNCERTAIN]


@pytest.mark.parametrize(
    ("words", "error", "sentence"),
    [
        (["data_older"], UsageError, "There is no alert rule data_older. Choose one of contact_rate_low"),
        (["data_old", "--customer", "1"], UsageError, "is about the data, not about a customer"),
        (["silent", "--customer", "nobody"], UsageError, "There is no customer nobody."),
        (
            ["silent", "--threshold", "long"],
            CcinsightError,
            "“long” isn't a threshold. Write a number from 0, as 180.",
        ),
        (["silent", "--webhook", "team"], UsageError, "There is no webhook team in delivery.toml."),
        (["silent", "--reader", "x@y.no"], CcinsightError, "Nobody gets messages at x@y.no."),
    ],
)
def test_what_cannot_be_subscribed_to_is_a_sentence(
    database: Path, words: list[str], error: type[CcinsightError], sentence: str
) -> None:
    deliver(database, 25, KARI)

    with pytest.raises(error) as raised:
        _run("alerts", "add", *(["--reader", KARI] if "--reader" not in words else []), *words)

    assert sentence in str(raised.value)


def test_without_a_mail_server_alerts_wait(database: Path) -> None:
    deliver(database, 25, KARI)
    path = database.with_name("delivery.toml")
    _run("alerts", "add", "data_old", "--reader", KARI, "--threshold", "0")
    text = path.read_text(encoding="utf-8")
    start = text.index("[smtp]")
    end = text.find("\n[", start)
    path.write_text(text[:start] + (text[end + 1 :] if end > 0 else ""), encoding="utf-8")

    assert _run("alerts", "run", status=1) == [
        f"There is no mail server for the alerts of {KARI}: add [smtp] to delivery.toml."
    ]
