"""The state of messages: one for each reader, kind and period, whatever happens while it is sent."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from ccinsight.errors import CcinsightError
from ccinsight.files import delivery_key_file
from ccinsight.integrations.delivery.choices import Choices, Frequency
from ccinsight.integrations.delivery.key import message_name, reader_of_token, token
from ccinsight.integrations.delivery.messages import DIGEST, Messages, Slot, State
from ccinsight.notes import Notes

KARI, OLA = "kari@partner.example", "ola@partner.example"
MONDAY, NOW = date(2026, 3, 2), datetime(2026, 3, 2, 6, 30)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "a.duckdb"


def _slot(address: str = KARI, period: str = "2026-W10") -> Slot:
    return Slot(address, address, DIGEST, period, MONDAY)


def _begun(messages: Messages, address: str = KARI) -> int:
    message_id = messages.begin(_slot(address), "3 frister", NOW)
    assert message_id is not None
    return message_id


def _states(messages: Messages, address: str = KARI) -> list[State]:
    return [each.state for each in messages.of(address, DIGEST)]


@pytest.mark.parametrize(
    ("state", "is_open"),
    [
        (State.SENT, False),
        (State.REFUSED, False),
        (State.UNCERTAIN, False),
        (State.SENDING, False),
        (State.FAILED, True),
        (State.SILENT, True),
    ],
)
def test_a_message_begins_again_only_where_it_was_not_handed_over(
    database: Path, state: State, is_open: bool
) -> None:
    messages = Messages(database)
    first = _begun(messages)
    messages.end(first, state, "", NOW)
    assert messages.begin(_slot(), "2 frister", NOW) == (first if is_open else None)
    assert len(messages.of(KARI, DIGEST)) == 1
    assert messages.begin(_slot(OLA), "1 frist", NOW) not in (None, first)
    assert messages.begin(_slot(period="2026-W11"), "1 frist", NOW) not in (None, first)


def test_what_a_killed_run_left_is_uncertain_until_a_person_says(database: Path) -> None:
    messages, later = Messages(database), NOW + timedelta(hours=1)
    for address in (KARI, OLA):
        _begun(messages, address)
    with messages.sending(later):
        assert [(each.state, each.changed_at) for each in messages.newest(10)] == [
            (State.UNCERTAIN, later)
        ] * 2
    assert messages.settle("KARI@partner.example", later) == 1
    assert messages.retry(OLA, later) == 1
    assert (_states(messages), _states(messages, OLA)) == ([State.SENT], [State.FAILED])
    assert messages.settle(OLA, later) == 0


def test_what_a_killed_run_left_is_shown_as_uncertain_before_the_next_run(database: Path) -> None:
    messages = Messages(database)
    messages.note_killed(NOW)
    assert not Notes.beside(database).path.exists()
    with messages.sending(NOW):
        _begun(messages)
        messages.note_killed(NOW)
        assert _states(messages) == [State.SENDING]
    messages.note_killed(NOW)
    assert _states(messages) == [State.UNCERTAIN]


def test_one_run_at_a_time_sends(database: Path) -> None:
    with Messages(database).sending(NOW):
        _begun(Messages(database))
        with (
            pytest.raises(CcinsightError, match="Another run sends messages"),
            Messages(database).sending(NOW),
        ):
            pass
        assert _states(Messages(database)) == [State.SENDING]
    with Messages(database).sending(NOW):
        pass


def test_rows_are_dropped_after_a_year(database: Path) -> None:
    messages = Messages(database)
    messages.end(_begun(messages), State.SENT, "", NOW)
    for days, left in ((365, 1), (366, 0)):
        with messages.sending(NOW + timedelta(days=days)):
            assert len(messages.of(KARI, DIGEST)) == left


def test_a_forgotten_colleague_is_in_no_row(database: Path) -> None:
    messages, choices = Messages(database), Choices(database)
    for address in (KARI, OLA):
        messages.end(_begun(messages, address), State.REFUSED, f"550 No <{address}>", NOW)
        choices.choose(address, Frequency.NEVER, NOW)
    notes, name = Notes.beside(database), re.compile(re.escape(KARI))
    assert notes.count_quoting(name) == 2
    assert notes.redact(name) == 2
    assert KARI.encode() not in notes.path.read_bytes()
    assert [each.address for each in messages.newest(10)] == [OLA]
    assert choices.of(OLA) == Frequency.NEVER


def test_a_link_is_the_same_each_time_and_ones_own(database: Path) -> None:
    found = token(database, KARI)
    assert re.fullmatch(r"[0-9a-f]{64}", found)
    assert token(database, KARI) == found
    assert token(database, OLA) != found
    assert reader_of_token(database, found, [OLA, KARI]) == KARI
    assert reader_of_token(database, found[:-1] + "é", [OLA, KARI]) is None
    assert reader_of_token(database, found, [OLA]) is None
    assert delivery_key_file(database).stat().st_mode & 0o077 == 0
    name = message_name(database, KARI, DIGEST, "2026-W10")
    assert re.fullmatch(r"digest\.2026-W10\.[0-9a-f]{24}", name)
    delivery_key_file(database).unlink()
    assert token(database, KARI) != found
    assert message_name(database, KARI, DIGEST, "2026-W10") != name


def test_a_key_that_is_none_is_named(database: Path) -> None:
    delivery_key_file(database).write_text("x")
    with pytest.raises(CcinsightError, match=r"a\.duckdb\.delivery_key is no key"):
        token(database, KARI)
