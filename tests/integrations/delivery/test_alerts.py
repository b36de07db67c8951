"""Alerts from the subscription to the message: once when they begin, once when they end, to those who may see them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ccinsight.database.warehouse import Warehouse
from ccinsight.errors import CcinsightError, NoDatabaseError
from ccinsight.integrations.delivery.alerts import Run, alert_readers, holding, run_alerts
from ccinsight.integrations.delivery.messages import ALERT, Message, Messages, State
from ccinsight.integrations.delivery.recipients import recipients
from ccinsight.integrations.delivery.smtp import Connection
from ccinsight.integrations.delivery.subscribing import recipient_at, subscribe
from ccinsight.integrations.delivery.subscriptions import Subscription, Subscriptions
from ccinsight.notes import Notes
from ccinsight.rules.alert_rules import alert_rules
from ccinsight.rules.alerts import Figures
from tests.integrations.delivery.mail_server import GONE, Post, serving
from tests.reports.companies import agreement, company, count

KARI, OLA, BOSS = "kari@partner.example", "ola@partner.example", "sjef@partner.example"
NOW = datetime(2026, 3, 2, 6, 30)
DAY = timedelta(days=1)
DELIVERY = """
public_address = "https://crm.example.no"
language = "en"

[smtp]
host = "127.0.0.1"
port = {port}
security = "none"
sender = "ccinsight@partner.example"

[account_managers]
Kari = "kari@partner.example"
Ola = "ola@partner.example"

[management]
addresses = ["sjef@partner.example"]
"""


def _house(managers: tuple[str, str] = ("Kari", "Ola")) -> Warehouse:
    """Two customers whose licences are used more and less from month to month."""
    used = {
        date(2026, 3, 1): (5, 9),
        date(2026, 3, 4): (5, None),
        date(2026, 3, 6): (9, 5),
        date(2026, 3, 8): (5, 9),
    }
    return company(
        agreements=[
            agreement(f"A-{at}", str(at), account_manager=manager) for at, manager in enumerate(managers, 1)
        ],
        user_counts=[
            count(day, 10, str(at), active_users=active)
            for day, both in used.items()
            for at, active in enumerate(both, 1)
        ],
    )


@pytest.fixture(scope="module")
def shared() -> Warehouse:
    return _house()


@dataclass
class Place:
    """A database with its mail server, run day by day from 2 March 2026."""

    house: Warehouse
    post: Post

    @property
    def database(self) -> Path:
        return self.house.path

    def add(self, address: str, rule: str = "licence_use_low", **given: Any) -> Subscription:
        recipient = recipient_at(recipients(self.database, NOW.date()), address)
        return subscribe(self.house, recipient, rule, today=NOW.date(), at=NOW, **given)

    def run(self, days: int = 0) -> Run:
        at = NOW + days * DAY
        return alert_readers(self.house, at.date(), at)

    def texts(self, address: str) -> list[str]:
        found = []
        for to, message in zip(self.post.recipients, self.post.messages, strict=True):
            if to == address:
                body = message.get_body(("plain",))
                assert body is not None
                found.append(body.get_content())
        return found

    def messages(self, address: str) -> list[Message]:
        return Messages(self.database).of(address, ALERT)


@pytest.fixture
def place(tmp_path: Path, shared: Warehouse) -> Iterator[Place]:
    with serving(Post()) as post:
        shared.path = tmp_path / "a.duckdb"
        file = tmp_path / "delivery.toml"
        file.write_text(DELIVERY.format(port=post.port), encoding="utf-8")
        file.chmod(0o600)
        yield Place(shared, post)


def test_an_alert_is_sent_once_when_it_begins_and_once_when_it_ends(place: Place) -> None:
    place.add(KARI)

    for days in (0, 0, 1, 2, 3, 4, 4, 5, 6, 7):
        place.run(days)

    began, ended, again = place.texts(KARI)
    assert [each["Subject"] for each in place.post.messages] == [
        "CloudCare: 1 new alert",
        "CloudCare: 1 alert ended",
        "CloudCare: 1 new alert",
    ]
    assert "50% of the registered users are active, under 60%." in began
    assert "https://crm.example.no/customer?id=1" in began
    assert "NO LONGER: LOW LICENCE USE" in ended
    assert "90% of the registered users are active, no longer under 60%." in ended
    assert "50%" in again


def test_what_is_unknown_neither_begins_nor_ends(place: Place) -> None:
    place.add(OLA)

    # Ola's customer: 90 %, unknown from 4 March on, 50 % from the 6th, 90 % from the 8th
    sent = [len(place.run(days).outcomes) for days in (0, 2, 3, 4, 5, 6)]

    assert sent == [0, 0, 0, 1, 0, 1]


def test_each_reader_gets_their_own_customers_only(place: Place) -> None:
    for address in (KARI, OLA, BOSS):
        place.add(address)

    place.run(4)
    place.run(6)

    assert all("Kunde 2 AS" not in text for text in place.texts(KARI))
    assert all("Kunde 1 AS" not in text for text in place.texts(OLA))
    assert len(place.texts(OLA)) == 2
    both = place.texts(BOSS)[-1]
    assert "Kunde 1 AS" in both
    assert "Kunde 2 AS" in both


def test_all_of_a_run_goes_into_one_message(place: Place) -> None:
    place.add(BOSS)
    place.add(BOSS, customer_id="1", threshold="55")
    place.add(BOSS, "data_old", threshold="0")

    (outcome,) = place.run(7).outcomes

    assert (outcome.began, outcome.ended) == (3, 0)
    assert len(place.post.messages) == 1
    html = place.post.messages[0].get_body(("html",))
    assert html is not None
    assert "Low licence use" in html.get_content()


def test_a_customer_that_is_handed_over_ends_without_a_word(place: Place) -> None:
    place.add(KARI)
    place.run(0)

    place.house = _moved(place.house, _house(("Ola", "Ola")))

    assert place.run(4).outcomes == []
    assert Subscriptions(place.database).open_events([1]) == []
    assert len(place.texts(KARI)) == 1


def test_a_removed_subscription_stops_and_goes_on_where_it_was(place: Place) -> None:
    alert = place.add(KARI)
    place.run(0)
    subscriptions = Subscriptions(place.database)

    subscriptions.remove(alert.alert_id, NOW, reader_key=KARI)
    assert place.run(4).outcomes == []

    subscriptions.undo_removal(alert.alert_id, reader_key=KARI)
    (outcome,) = place.run(4).outcomes
    assert (outcome.began, outcome.ended) == (0, 1)


def test_a_reader_removes_only_their_own(place: Place) -> None:
    alert = place.add(KARI)

    with pytest.raises(CcinsightError, match=r"There is no alert 1\."):
        Subscriptions(place.database).remove(alert.alert_id, NOW, reader_key=OLA)
    with pytest.raises(CcinsightError, match="there already"):
        place.add(KARI, threshold="10")


# ---------------------------------------------------------------- what goes wrong


def test_a_run_that_is_killed_doubles_nothing(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    place.add(KARI)

    def killed(_self: Connection, _recipient: str, _content: bytes) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(Connection, "hand_over", killed)
        place.run(0)
    assert [each.state for each in place.messages(KARI)] == [State.SENDING]

    place.run(0)
    place.run(1)

    assert place.texts(KARI) == []
    assert [each.state for each in place.messages(KARI)] == [State.UNCERTAIN]


def test_nothing_is_marked_where_the_events_cannot_be_written(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.add(KARI)

    def killed(*_given: object, **_named: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr("ccinsight.integrations.delivery.alerts.write_changes", killed)
        place.run(0)
    assert place.messages(KARI) == []

    place.run(0)
    assert len(place.texts(KARI)) == 1


def test_what_a_person_sends_again_is_found_once_more(place: Place) -> None:
    place.add(KARI)
    place.post.data[KARI] = GONE
    place.run(0)
    assert [each.state for each in place.messages(KARI)] == [State.UNCERTAIN]

    place.post.data.clear()
    Messages(place.database).retry(KARI, NOW)
    place.run(1)
    place.run(2)

    assert [each.state for each in place.messages(KARI)] == [State.SENT]
    assert len(place.texts(KARI)) == 2  # the first, whose answer was lost, had arrived


def test_a_server_that_is_busy_gets_it_at_the_next_run(place: Place) -> None:
    place.add(KARI)
    place.post.rcpt[KARI] = "450 busy"
    (outcome,) = place.run(0).outcomes
    assert outcome.answer.state is State.FAILED

    place.post.rcpt.clear()
    place.run(1)
    place.run(1)

    assert len(place.texts(KARI)) == 1
    assert [each.state for each in place.messages(KARI)] == [State.SENT]


def test_what_ended_while_the_server_was_busy_is_not_said(place: Place) -> None:
    place.add(KARI)
    place.post.rcpt[KARI] = "450 busy"
    place.run(0)

    place.post.rcpt.clear()
    place.run(4)

    assert place.texts(KARI) == []
    assert [each.state for each in place.messages(KARI)] == [State.SILENT]


def test_an_end_that_was_not_delivered_is_said_later(place: Place) -> None:
    place.add(KARI)
    place.run(0)
    place.post.rcpt[KARI] = "450 busy"
    place.run(4)

    place.post.rcpt.clear()
    place.run(5)

    assert "no longer under" in place.texts(KARI)[-1]


def test_after_a_week_nothing_more_is_tried(place: Place) -> None:
    place.add(BOSS, customer_id="1", threshold="95")
    place.post.rcpt[BOSS] = "450 busy"

    states = [outcome.answer.state for days in range(10) for outcome in place.run(days).outcomes]

    assert states == [*[State.FAILED] * 7, State.REFUSED]
    place.post.rcpt.clear()
    assert place.run(10).outcomes == []
    Messages(place.database).retry(BOSS, NOW)
    assert place.run(10).is_delivered


def test_an_address_that_is_refused_gets_nothing_before_a_person_says_so(place: Place) -> None:
    place.add(KARI)
    place.post.rcpt[KARI] = "550 no such user"
    assert [len(place.run(days).outcomes) for days in (0, 1, 4)] == [1, 0, 0]
    assert place.run(4).problems == [
        "kari@partner.example: an alert was refused (550 no such user); nothing more is sent there before "
        "`ccinsight digest --retry kari@partner.example`."
    ]

    place.post.rcpt.clear()
    Messages(place.database).retry(KARI, NOW)
    assert place.run(6).is_delivered
    assert place.run(6).outcomes == []

    assert len(place.texts(KARI)) == 1
    assert "50%" in place.texts(KARI)[0]


def test_a_rule_that_is_gone_is_said_and_others_go_on(place: Place) -> None:
    place.add(KARI, "data_old", threshold="0")
    place.add(KARI)
    own = place.database.with_name("alerts.toml")
    ours = Path(alert_rules.__code__.co_filename).with_name("alerts.toml").read_text(encoding="utf-8")
    own.write_text(ours.replace('name = "licence_use_low"', 'name = "licence_use"'), encoding="utf-8")

    run = place.run(0)

    assert run.problems == ["Alert 2 of kari@partner.example: there is no rule licence_use_low any more."]
    assert len(run.outcomes) == 1
    assert not run.is_delivered


def test_a_fault_in_a_partners_file_is_a_sentence(place: Place) -> None:
    place.add(KARI)
    place.database.with_name("alerts.toml").write_text("[[rule]]\nname = 1\n", encoding="utf-8")

    with pytest.raises(CcinsightError, match=r"alerts\.toml: rule #1: name: give it a name"):
        place.run(0)


def test_without_subscriptions_nothing_is_sent_and_a_database_is_asked_for(
    place: Place, tmp_path: Path
) -> None:
    assert alert_readers(place.house, NOW.date(), NOW).lines() == []
    assert place.post.messages == []
    with pytest.raises(NoDatabaseError, match=r"none\.duckdb"):
        run_alerts(tmp_path / "none.duckdb", NOW.date(), NOW)


# ---------------------------------------------------------------- what is shown and forgotten


def test_what_holds_now_is_shown_without_being_sent(place: Place) -> None:
    alert = place.add(BOSS)
    (recipient,) = [each for each in recipients(place.database, NOW.date()) if each.key == BOSS]
    figures = Figures(place.house, recipient.reader, NOW.date())

    found = holding(figures, alert_rules(place.database), [alert])

    assert [(line.name, line.customer_id) for line in found[alert.alert_id]] == [("Kunde 1 AS", "1")]
    assert place.post.messages == []


def test_forgetting_a_customer_takes_its_alerts_and_events(place: Place) -> None:
    place.add(BOSS)
    place.add(KARI, customer_id="1")
    place.run(0)
    notes = Notes.beside(place.database)

    assert notes.count_of("1") == 3
    notes.forget_customer("1")

    assert notes.count_of("1") == 0
    assert [each.reader_key for each in Subscriptions(place.database).all()] == [BOSS]
    assert Subscriptions(place.database).open_events([1, 2]) == []


def test_forgetting_a_colleague_takes_their_alerts(place: Place) -> None:
    place.add(BOSS)
    place.add(KARI)
    place.run(0)

    Notes.beside(place.database).redact(re.compile(re.escape(KARI)))
    place.run(4)

    assert [each.reader_key for each in Subscriptions(place.database).all()] == [BOSS]
    assert len(place.texts(KARI)) == 1
    with Notes.beside(place.database).opened() as connection:
        assert connection.execute("select distinct alert_id from alert_events").fetchall() == [(1,)]


def _moved(old: Warehouse, new: Warehouse) -> Warehouse:
    new.path = old.path
    return new
