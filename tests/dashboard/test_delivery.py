"""The page Delivery: for a reader of all customers, a reader of some, and where nothing is set up."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ccinsight.access import Reader
from ccinsight.clock import today
from ccinsight.dashboard.pages.delivery import next_day
from ccinsight.dashboard.session import reader as session
from ccinsight.dashboard.session import sign_in
from ccinsight.database.warehouse import Warehouse
from ccinsight.integrations.delivery.choices import Choices, Frequency
from ccinsight.integrations.delivery.messages import DIGEST, Messages, Slot, State
from ccinsight.integrations.delivery.recipients import recipients
from ccinsight.integrations.delivery.subscriptions import Subscriptions
from tests.access.signing_in import access_text, write_private
from tests.dashboard.opening import Open, written

SILJE, BJORN = "silje@partner.example", "bjorn@partner.example"
DELIVERY = f"""public_address = "https://crm.example.no"
[smtp]
host = "smtp.example.no"
sender = "ccinsight@partner.example"
[account_managers]
"Silje Ødegaard" = "{SILJE}"
"Bjørn Sørli" = "{BJORN}"
"""
AT = datetime(2026, 10, 1, 7, 0)


def _message(database: Path, address: str, state: State, period: str = "2026-W40") -> None:
    messages = Messages(database)
    number = messages.begin(Slot(address, address, DIGEST, period, AT.date()), f"To {address}", AT)
    assert number
    messages.end(number, state, "550 No such user" if state is State.REFUSED else "", AT)


def _states(database: Path) -> dict[str, State]:
    return {each.address: each.state for each in Messages(database).newest(10)}


def _preview(site: AppTest) -> str:
    (frame,) = site.get("iframe")
    return base64.b64decode(frame.proto.src.partition("base64,")[2]).decode()


def _open_preview(site: AppTest) -> AppTest:
    site.session_state["delivery-preview"] = True
    return site.run()


def test_where_nothing_is_set_up_the_page_says_what_to_write(open_page: Open, own_database: Path) -> None:
    site = open_page("delivery", "language=en", own_database)
    assert site.title[0].value == "Nobody gets messages yet"
    assert any("There is no delivery.toml" in info.value for info in site.info)
    assert any("[smtp]" in code.value for code in site.code)
    assert not site.exception


def test_the_example_of_the_page_can_be_read(open_page: Open, own_database: Path) -> None:
    site = open_page("delivery", "language=en", own_database)
    (example,) = [code.value for code in site.code if "[smtp]" in code.value]
    write_private(own_database.with_name("delivery.toml"), example)
    site = open_page("delivery", "language=en", own_database)
    assert site.title[0].value == "1 person gets messages"
    assert not site.exception


def test_who_sees_all_decides_on_what_is_uncertain_or_was_refused(
    open_page: Open, own_database: Path
) -> None:
    write_private(own_database.with_name("delivery.toml"), DELIVERY)
    _message(own_database, SILJE, State.UNCERTAIN)
    _message(own_database, BJORN, State.REFUSED)
    _message(own_database, "ase@partner.example", State.SENT)
    site = open_page("delivery", "language=en", own_database)
    assert site.title[0].value == "2 messages need a decision"
    people, sent = written(site)
    assert [row[:3] for row in people[1:]] == [
        ["Silje Ødegaard", SILJE, "Once a week"],
        ["Bjørn Sørli", BJORN, "Once a week"],
    ]
    assert [row[1] for row in sent[1:]][2:] == ["ase@partner.example"]  # the two others come first
    # the newest comes first: Bjørn's, which can only be sent again
    assert {button.key for button in site.button if str(button.key).startswith("delivery-arrived")} == {
        "delivery-arrived-1"
    }
    site.button(key="delivery-again-0").click().run()
    assert _states(own_database)[BJORN] is State.FAILED
    site.button(key="delivery-arrived-0").click().run()
    assert _states(own_database)[SILJE] is State.SENT
    assert site.title[0].value == "2 people get messages"
    assert not site.exception


def test_a_recipient_is_chosen_with_their_frequency_and_their_own_next_message(
    open_page: Open, own_database: Path
) -> None:
    write_private(own_database.with_name("delivery.toml"), DELIVERY)
    site = open_page("delivery", "language=en", own_database)
    site.selectbox(key="delivery-for").set_value(BJORN).run()
    for choice in (Frequency.DAILY, Frequency.NEVER):
        site.segmented_control(key=f"delivery-frequency-{BJORN}").set_value(choice.value).run()
        assert Choices(own_database).of(BJORN) is choice
    assert Choices(own_database).of(SILJE) is Frequency.WEEKLY
    assert site.title[0].value == "1 person gets messages"
    his = _preview(_open_preview(site))
    hers = _preview(site.selectbox(key="delivery-for").set_value(SILJE).run())
    assert his != hers
    assert all("https://crm.example.no/" in text and '<base target="_blank">' in text for text in (his, hers))
    assert not site.exception


@pytest.fixture
def open_as_lars(
    own_database: Path, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], AppTest]:
    """Opens the page as an account manager of an access.toml."""
    lars = Reader("oid", "Lars Vik", "lars@partner.example", frozenset({"Bjørn Sørli"}), today=today())
    text = access_text("https://crm.example.no", "https://id.example", ("Silje Ødegaard", "Bjørn Sørli"))
    write_private(own_database.with_name("access.toml"), text)
    monkeypatch.setattr(session, "current", lambda: lars)
    monkeypatch.setattr(sign_in, "require", lambda _begin: lars)
    monkeypatch.setattr(sign_in, "show_reader", lambda _reader: None)
    return lambda: open_page("delivery", "language=en", own_database)


def test_a_limited_reader_sees_their_own_alone(
    open_as_lars: Callable[[], AppTest], own_database: Path
) -> None:
    _message(own_database, "lars@partner.example", State.SENT)
    _message(own_database, SILJE, State.REFUSED)
    site = open_as_lars()
    assert site.title[0].value == "No messages come to you"
    assert any("No mail server is set up" in info.value for info in site.info)
    write_private(own_database.with_name("delivery.toml"), DELIVERY)
    site = open_as_lars()
    assert site.title[0].value == "Messages come to you once a week"
    (sent,) = written(site)
    assert [row[1] for row in sent[1:]] == ["lars@partner.example"]
    assert not [
        button for button in site.button if str(button.key).startswith(("delivery-again", "delivery-for"))
    ]
    site.segmented_control(key="delivery-frequency-lars@partner.example").set_value("daily").run()
    assert Choices(own_database).of("lars@partner.example") is Frequency.DAILY
    assert site.title[0].value == "Messages come to you every day"
    assert _preview(_open_preview(site))
    assert not site.exception


def test_the_day_of_the_next_message_follows_the_choice_and_what_was_sent(
    own_database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CCINSIGHT_DATABASE", str(own_database))
    write_private(own_database.with_name("delivery.toml"), DELIVERY)
    silje, bjorn = recipients(own_database, AT.date())
    thursday = AT.date()
    assert next_day(silje, "monday", thursday) == thursday  # Monday's, from a machine that slept
    _message(own_database, SILJE, State.SENT)
    _message(own_database, BJORN, State.REFUSED)
    assert next_day(silje, "monday", thursday) == date(2026, 10, 5)
    assert next_day(bjorn, "monday", thursday) is None
    Choices(own_database).choose(SILJE, Frequency.DAILY, AT)
    assert next_day(silje, "monday", thursday) == date(2026, 10, 2)
    Choices(own_database).choose(SILJE, Frequency.NEVER, AT)
    assert next_day(silje, "monday", thursday) is None


def test_an_alert_is_set_up_for_the_recipient_and_removed(open_page: Open, own_database: Path) -> None:
    write_private(own_database.with_name("delivery.toml"), DELIVERY)
    site = open_page("delivery", "language=en", own_database)
    site.selectbox(key="delivery-for").set_value(BJORN).run()
    site.selectbox(key="alert-rule").set_value("contact_rate_low").run()
    site.text_input(key="alert-threshold").set_value("25")
    site.button(key="alert-add").click().run()
    (added,) = Subscriptions(own_database).all()
    assert (added.reader_key, added.rule, added.threshold) == (BJORN, "contact_rate_low", Decimal("0.25"))
    assert any("Low contact rate" in each.value and "25" in each.value for each in site.markdown)
    site.session_state["alerts-holding"] = True
    assert any("under 25" in each.value for each in site.run().markdown)
    site.text_input(key="alert-threshold").set_value("many")
    site.button(key="alert-add").click().run()
    assert any("isn't a threshold" in error.value for error in site.error)
    # another recipient's alerts are not shown with his
    site.selectbox(key="delivery-for").set_value(SILJE).run()
    assert not [button for button in site.button if str(button.key).startswith("alert-remove")]
    site.selectbox(key="delivery-for").set_value(BJORN).run()
    site.button(key=f"alert-remove-{added.alert_id}").click().run()
    assert not Subscriptions(own_database).all()
    assert any(each.value == "The alert “Low contact rate” is removed." for each in site.markdown)
    site.button(key="alert-undo").click().run()
    assert Subscriptions(own_database).all() == [added]
    assert not site.exception


def test_a_fault_in_alerts_toml_is_said_where_alerts_are(open_page: Open, own_database: Path) -> None:
    write_private(own_database.with_name("delivery.toml"), DELIVERY)
    own_database.with_name("alerts.toml").write_text("[[rule]]\nname = 1\n", encoding="utf-8")
    site = open_page("delivery", "language=en", own_database)
    assert any("alerts.toml: rule #1: name: give it a name" in error.value for error in site.error)
    assert any("sent" in each.value for each in site.header)
    assert not site.exception


def test_a_limited_reader_sets_up_alerts_of_their_own_customers(
    open_as_lars: Callable[[], AppTest], own_database: Path
) -> None:
    site = open_as_lars()
    site.selectbox(key="alert-rule").set_value("terminated").run()
    offered = site.selectbox(key="alert-customer").options
    with Warehouse.open(own_database) as house:
        visible = house.visible(Reader(managers=frozenset({"Bjørn Sørli"}), today=today()))
    assert visible
    assert len(offered) == 1 + len(visible)
    site.button(key="alert-add").click().run()
    assert [each.reader_key for each in Subscriptions(own_database).all()] == ["lars@partner.example"]
    assert not site.exception
