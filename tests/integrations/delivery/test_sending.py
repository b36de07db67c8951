"""Digests sent to a real mail server: to each their own, none twice, whatever happens meanwhile."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import date, datetime, time, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from benchmarks.ports import free_port

from ccinsight.errors import CcinsightError
from ccinsight.integrations.delivery.choices import Choices, Frequency
from ccinsight.integrations.delivery.contents import Digest
from ccinsight.integrations.delivery.digest import compose
from ccinsight.integrations.delivery.key import token
from ccinsight.integrations.delivery.messages import DIGEST, Messages, State
from ccinsight.integrations.delivery.recipients import Recipient, recipients
from ccinsight.integrations.delivery.sending import Result, preview, run_digests, write_previews
from ccinsight.integrations.delivery.smtp import Connection, MailServer
from ccinsight.integrations.delivery.standing import Outcome
from ccinsight.maintenance.backup import back_up, restore
from tests.integrations.delivery.mail_server import GONE, Post, serving
from tests.integrations.delivery.small_company import BJORN, KARI, MONDAY, OLA, UNA, deliver

TUESDAY, NEXT_MONDAY = MONDAY + timedelta(days=1), MONDAY + timedelta(days=7)


@pytest.fixture
def post() -> Iterator[Post]:
    with serving(Post()) as found:
        yield found


def _at(day: date) -> datetime:
    return datetime.combine(day, time(6, 30))


def _run(database: Path, day: date = MONDAY) -> list[Result]:
    return list(run_digests(database, day, _at(day)))


def _outcomes(database: Path, day: date = MONDAY) -> list[Outcome]:
    return [each.outcome for each in _run(database, day)]


def test_each_gets_their_own_customers_with_a_link_of_their_own(database: Path, post: Post) -> None:
    deliver(database, post.port, KARI, OLA)
    assert _run(database) == [Result(each, Outcome.SENT, "", MONDAY) for each in (KARI, OLA)]
    assert post.recipients == [KARI, OLA]
    again, _is_empty = preview(database, recipients(database, MONDAY)[0], NEXT_MONDAY, _at(NEXT_MONDAY))
    assert again.unsubscribe.endswith(token(database, KARI))
    for message, own, other in zip(post.messages, ("Karis", "Olas"), ("Olas", "Karis"), strict=True):
        text, html = (part.get_content() for part in message.iter_parts())
        for body in (text, html):
            assert f"{own} Kunde AS" in body
            assert f"{other} Kunde AS" not in body
        link = f"https://crm.partner.example/unsubscribe/{token(database, message['To'])}"
        assert message["List-Unsubscribe"] == f"<{link}>"
        assert link in text
        assert "Kunde AS" not in message["Subject"]
    assert len({message["Message-ID"] for message in post.messages}) == 2


def test_a_machine_that_slept_catches_up_once(database: Path, post: Post) -> None:
    deliver(database, post.port, KARI)
    days = (MONDAY, TUESDAY, NEXT_MONDAY + timedelta(days=1), NEXT_MONDAY + timedelta(days=2))
    assert [_outcomes(database, day) for day in days] == [
        [each] for each in (Outcome.SENT, Outcome.ALREADY, Outcome.SENT, Outcome.ALREADY)
    ]
    assert [each["Date"][:11] for each in post.messages] == ["Mon, 02 Mar", "Tue, 10 Mar"]


def test_choices_decide_how_often(database: Path, post: Post) -> None:
    deliver(database, post.port, KARI, OLA)
    Choices(database).choose(KARI, Frequency.DAILY, _at(MONDAY))
    Choices(database).choose(OLA, Frequency.NEVER, _at(MONDAY))
    assert _outcomes(database) == [Outcome.SENT, Outcome.STOPPED]
    assert _outcomes(database, TUESDAY) == [Outcome.SENT, Outcome.STOPPED]
    assert post.recipients == [KARI, KARI]


def test_nothing_to_report_is_silent_and_looked_at_once_a_day(
    database: Path, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver(database, post.port, UNA)
    looked_at = []

    def counted(database: Path, recipient: Recipient, as_of: date, since: date | None) -> Digest:
        looked_at.append((as_of, since))
        return compose(database, recipient, as_of, since)

    monkeypatch.setattr("ccinsight.integrations.delivery.sending.compose", counted)
    for day in (MONDAY, MONDAY, TUESDAY):
        assert _outcomes(database, day) == [Outcome.SILENT]
    assert looked_at == [(MONDAY, None), (TUESDAY, MONDAY)]
    assert not post.messages
    assert Messages(database).newest(10) == []

    deliver(database, post.port, UNA, head="all_clear = true")
    assert _outcomes(database, NEXT_MONDAY) == [Outcome.SENT]
    assert _outcomes(database, NEXT_MONDAY + timedelta(days=1)) == [Outcome.ALREADY]


def test_a_refused_address_is_left_alone_until_a_person_says(database: Path, post: Post) -> None:
    deliver(database, post.port, KARI, OLA)
    post.rcpt[KARI] = "550 5.1.1 No such user"
    refused = Result(KARI, Outcome.REFUSED, "550 5.1.1 No such user", MONDAY)
    assert _run(database) == [refused, Result(OLA, Outcome.SENT, "", MONDAY)]
    assert not refused.is_well
    deliver(database, post.port, KARI)
    del post.rcpt[KARI]
    assert _run(database, NEXT_MONDAY) == [refused]
    assert post.recipients == [OLA]
    assert Messages(database).retry(KARI, _at(NEXT_MONDAY)) == 1
    assert _outcomes(database, NEXT_MONDAY) == [Outcome.SENT]
    assert post.recipients == [OLA, KARI]


def test_a_new_address_is_not_the_refused_one(database: Path, post: Post) -> None:
    deliver(database, post.port, KARI)
    post.rcpt[KARI] = "550 5.1.1 No such user"
    assert _outcomes(database) == [Outcome.REFUSED]
    path = database.with_name("delivery.toml")
    path.write_text(path.read_text().replace(KARI, f"new.{KARI}"))
    assert _outcomes(database) == [Outcome.SENT]


def test_a_temporary_failure_is_tried_again_by_the_next_run(database: Path, post: Post) -> None:
    deliver(database, post.port, KARI, OLA)
    post.rcpt[KARI], post.data[OLA] = "451 4.7.1 Later", "452 4.3.1 Full"
    assert [each.detail for each in _run(database)] == ["451 4.7.1 Later", "452 4.3.1 Full"]
    post.rcpt.clear()
    post.data.clear()
    assert _outcomes(database, TUESDAY) == [Outcome.SENT, Outcome.SENT]
    assert post.recipients == [KARI, OLA]


def test_a_server_that_is_down_is_tried_once_a_run(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    port, tried = free_port(), []
    deliver(database, port, KARI, OLA)
    connected = MailServer.connected

    def counted(server: MailServer) -> AbstractContextManager[Connection]:
        tried.append(server)
        return connected(server)

    monkeypatch.setattr(MailServer, "connected", counted)
    first, second = _run(database)
    assert first.outcome is second.outcome is Outcome.FAILED
    assert "can't be reached" in first.detail
    assert first.detail == second.detail
    assert len(tried) == 1
    with serving(Post()) as post:
        deliver(database, post.port, KARI, OLA)
        assert _outcomes(database) == [Outcome.SENT, Outcome.SENT]
        assert post.recipients == [KARI, OLA]


def test_what_fails_for_one_reader_stops_nobody_else(
    database: Path, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(database: Path, recipient: Recipient, as_of: date, since: date | None) -> Digest:
        if recipient.key == KARI:
            raise CcinsightError("The report duties takes too long.")
        return compose(database, recipient, as_of, since)

    deliver(database, post.port, KARI, OLA)
    monkeypatch.setattr("ccinsight.integrations.delivery.sending.compose", failing)
    first, second = _run(database)
    assert first == Result(KARI, Outcome.FAILED, "The report duties takes too long")
    assert second.outcome is Outcome.SENT
    monkeypatch.undo()
    assert _outcomes(database) == [Outcome.SENT, Outcome.ALREADY]


def test_a_backup_has_the_state_and_no_secrets(database: Path, post: Post, tmp_path: Path) -> None:
    deliver(database, post.port, KARI)
    assert _outcomes(database) == [Outcome.SENT]
    kept, other = tmp_path / "kept", tmp_path / "other"
    back_up(database, kept, made_at=_at(MONDAY))
    assert not [each for each in kept.rglob("*") if "deliver" in each.name]
    other.mkdir()
    restore(other / database.name, kept, restored_at=_at(MONDAY))
    deliver(other / database.name, post.port, KARI)
    assert _outcomes(other / database.name, TUESDAY) == [Outcome.ALREADY]


@pytest.mark.parametrize("has_arrived", [True, False])
def test_what_is_uncertain_waits_for_a_person(database: Path, post: Post, has_arrived: bool) -> None:
    deliver(database, post.port, KARI)
    post.data[KARI] = GONE
    assert _outcomes(database) == [Outcome.UNCERTAIN]
    post.data.clear()
    assert _outcomes(database, TUESDAY) == [Outcome.UNCERTAIN]
    assert len(post.messages) == 1
    messages = Messages(database)
    if has_arrived:
        assert messages.settle(KARI, _at(TUESDAY)) == 1
        assert _outcomes(database, TUESDAY) == [Outcome.ALREADY]
        assert len(post.messages) == 1
    else:
        assert messages.retry(KARI, _at(TUESDAY)) == 1
        assert _outcomes(database, TUESDAY) == [Outcome.SENT]
        # the same name, by which a mailbox that has it already may drop it
        assert len(post.messages) == 2
        assert len({each["Message-ID"] for each in post.messages}) == 1
    assert _outcomes(database, NEXT_MONDAY) == [Outcome.SENT]


def test_a_server_that_cuts_one_connection_gets_the_others_in_the_next_run(
    database: Path, post: Post
) -> None:
    deliver(database, post.port, KARI, OLA)
    post.data[KARI] = GONE
    assert _outcomes(database) == [Outcome.UNCERTAIN, Outcome.FAILED]
    assert _outcomes(database) == [Outcome.UNCERTAIN, Outcome.SENT]
    assert post.recipients == [KARI, OLA]


_CHILD = """
import os, sys
from datetime import date, datetime
from pathlib import Path
from ccinsight.integrations.delivery import messages, sending, smtp

def die(*_args, **_options):
    os._exit(9)

def then_die(real):
    return lambda *given: (real(*given), die())

step = sys.argv[2]
if step == "before it is marked":
    messages.Messages.begin = die
elif step == "after it was marked":
    smtp.Connection.hand_over = die
elif step == "before the answer is stored":
    messages.Messages.end = die
elif step == "after the answer was stored":
    messages.Messages.end = then_die(messages.Messages.end)
list(sending.run_digests(Path(sys.argv[1]), date(2026, 3, 2), datetime(2026, 3, 2, 6, 30)))
"""


@pytest.mark.parametrize(
    ("step", "taken", "outcome", "taken_then"),
    [
        ("before it is marked", 0, Outcome.SENT, 1),
        ("after it was marked", 0, Outcome.UNCERTAIN, 0),
        ("before the server answers", 1, Outcome.UNCERTAIN, 1),
        ("before the answer is stored", 1, Outcome.UNCERTAIN, 1),
        ("after the answer was stored", 1, Outcome.ALREADY, 1),
    ],
)
def test_a_crash_at_each_step_sends_nothing_twice(
    database: Path, post: Post, step: str, taken: int, outcome: Outcome, taken_then: int
) -> None:
    deliver(database, post.port, KARI)
    child = subprocess.Popen([sys.executable, "-c", _CHILD, str(database), step])
    if step == "before the server answers":
        post.taken = lambda: os.kill(child.pid, signal.SIGKILL)
    assert child.wait(timeout=120) in (9, -signal.SIGKILL)
    assert len(post.messages) == taken
    post.taken = lambda: None
    assert _outcomes(database) == [outcome]
    assert len(post.messages) == taken_then
    shown = [each.state for each in Messages(database).newest(10)]
    assert shown == [State.UNCERTAIN if outcome is Outcome.UNCERTAIN else State.SENT]


def test_a_second_run_waits_for_another_day(database: Path, post: Post) -> None:
    deliver(database, post.port, KARI)
    with Messages(database).sending(_at(MONDAY)), pytest.raises(CcinsightError, match="Another run sends"):
        _run(database)
    assert _outcomes(database) == [Outcome.SENT]


def test_an_address_that_mail_cannot_carry_is_refused(database: Path, post: Post) -> None:
    deliver(database, post.port, BJORN, KARI)
    first, second = _run(database)
    assert (first.outcome, second.outcome) == (Outcome.REFUSED, Outcome.SENT)
    assert "before the @" in first.detail


def test_a_preview_writes_what_would_be_sent_and_nothing_else(database: Path, tmp_path: Path) -> None:
    deliver(database, free_port(), KARI, UNA)
    before = {each.name: each.stat().st_mtime_ns for each in tmp_path.iterdir()}
    folder = tmp_path / "out" / "mails"
    lines = list(write_previews(database, folder, MONDAY, _at(MONDAY)))
    assert lines == [
        f"{KARI}: {folder / 'kari@partner.example.eml'}",
        f"{UNA}: {folder / 'una@partner.example.eml'}, nothing to report",
    ]
    after = {each.name: each.stat().st_mtime_ns for each in tmp_path.iterdir() if each.name != "out"}
    assert after == before
    message = message_from_bytes((folder / "kari@partner.example.eml").read_bytes(), policy=policy.default)
    assert message["To"] == KARI
    assert message["List-Unsubscribe"] is None  # there is no key yet
    assert "Karis Kunde AS" in (folder / "kari@partner.example.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "Nobody gets messages"),
        (f'[account_managers]\n"Kari Nordmann" = "{KARI}"\n', r"delivery\.toml has no \[smtp\]"),
    ],
)
def test_what_is_missing_is_said(database: Path, text: str, fault: str) -> None:
    path = database.with_name("delivery.toml")
    path.write_text(text, encoding="utf-8")
    path.chmod(0o600)
    with pytest.raises(CcinsightError, match=fault):
        _run(database)
    assert not Messages(database).of(KARI, DIGEST)
