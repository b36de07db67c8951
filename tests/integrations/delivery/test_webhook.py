"""Alerts posted to a webhook: what Teams and Slack are given, and what becomes of a post, by a real HTTP server."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from benchmarks.ports import free_port

from ccinsight.database.warehouse import Warehouse
from ccinsight.errors import CcinsightError, UsageError
from ccinsight.integrations.delivery.alerts import Run, alert_readers
from ccinsight.integrations.delivery.config import SLACK, TEAMS, Webhook, read_delivery
from ccinsight.integrations.delivery.messages import ALERT, Messages, State
from ccinsight.integrations.delivery.recipients import recipients
from ccinsight.integrations.delivery.subscribing import recipient_at, subscribe
from ccinsight.integrations.delivery.subscriptions import webhook_channel
from ccinsight.integrations.delivery.webhook import Post, payload, send_post
from tests.reports.companies import agreement, company, count

NOW = datetime(2026, 3, 2, 6, 30)
BOSS, KARI = "sjef@partner.example", "kari@partner.example"
HOSTILE = "<!channel> [Klikk](https://evil.example) *AS*"
DELIVERY = """
language = "en"

[account_managers]
Kari = "kari@partner.example"

[management]
addresses = ["sjef@partner.example"]

[webhooks]
team = "http://127.0.0.1:{port}/hemmelig"
sales = {{ address = "http://127.0.0.1:{port}/hemmelig2", form = "slack" }}
"""


@dataclass
class Channel:
    """What the server answers, and what it took. ``code`` 0: the connection is closed without an answer."""

    code: int = 200
    location: str = ""
    port: int = 0
    taken: list[dict[str, Any]] = field(default_factory=list)

    def webhook(self, form: str = TEAMS) -> Webhook:
        return Webhook("team", f"http://127.0.0.1:{self.port}/hemmelig", form)


@pytest.fixture
def channel() -> Iterator[Channel]:
    found = Channel()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            found.taken.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            if not found.code:
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            self.send_response(found.code)
            if found.location:
                self.send_header("Location", found.location)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def do_GET(self) -> None:
            found.taken.append({"got": self.path})

        def log_message(self, *_given: object) -> None:
            """Nothing is logged."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found.port = server.server_address[1]
    thread = Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield found
    server.shutdown()
    thread.join()
    server.server_close()


POST = Post(
    "CloudCare: 1 new alert", [("Low licence use", [f"{HOSTILE}: 50%."])], ("Open", "https://crm.example.no")
)


def test_slack_is_given_text_without_markup() -> None:
    found = payload(POST, SLACK)

    assert found["text"] == "CloudCare: 1 new alert"
    assert found["blocks"][2] == {
        "type": "section",
        "text": {"type": "plain_text", "text": f"{HOSTILE}: 50%.", "emoji": False},
    }
    assert found["blocks"][-1]["text"]["text"] == "<https://crm.example.no|Open>"


def test_teams_is_given_an_adaptive_card_without_markup() -> None:
    found = payload(POST, TEAMS)

    assert found["type"] == "message"
    (attachment,) = found["attachments"]
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    card = attachment["content"]
    # a TextRun knows no Markdown, a TextBlock would
    assert {block["type"] for block in card["body"]} == {"RichTextBlock"}
    assert card["body"][2]["inlines"] == [{"type": "TextRun", "text": f"{HOSTILE}: 50%."}]
    assert card["actions"] == [{"type": "Action.OpenUrl", "title": "Open", "url": "https://crm.example.no"}]


@pytest.mark.parametrize("sections", [3, 40])
def test_a_channel_takes_however_much_there_is_to_say(sections: int) -> None:
    many = Post("Mange", [(f"{at}", ["æ" * 2000] * 40) for at in range(sections)] + [("Én", ["én"])])

    # Slack takes 50 blocks of 3000 characters, Teams 28 KB
    assert len(payload(many, SLACK)["blocks"]) <= 50
    assert len(json.dumps(payload(many, TEAMS), ensure_ascii=False).encode()) < 28_000
    for form in (SLACK, TEAMS):
        assert f"and {sections * 40 + 1 - 20:,} more" in json.dumps(payload(many, form))


@pytest.mark.parametrize(
    ("code", "state", "sentence"),
    [
        (200, State.SENT, ""),
        (202, State.SENT, ""),
        (429, State.FAILED, "The webhook team answers with the error 429."),
        (503, State.FAILED, "The webhook team answers with the error 503."),
        (504, State.UNCERTAIN, "The webhook team answers with the error 504."),
        (400, State.REFUSED, "The webhook team answers with the error 400."),
        (404, State.REFUSED, "The webhook team is gone or closed (404); make a new one"),
        (0, State.UNCERTAIN, "The webhook team took the message without an answer."),
    ],
)
def test_each_answer_says_what_became_of_a_post(
    channel: Channel, code: int, state: State, sentence: str
) -> None:
    channel.code = code

    answer = send_post(channel.webhook(), POST)

    assert answer.state is state
    assert answer.detail.startswith(sentence)
    assert "hemmelig" not in answer.detail
    assert channel.taken == [payload(POST, TEAMS)]


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(channel: Channel, code: int) -> None:
    channel.code, channel.location = code, f"http://localhost:{channel.port}/elsewhere"

    answer = send_post(channel.webhook(), POST)

    assert answer.state is State.REFUSED
    assert "write the new address in delivery.toml" in answer.detail
    assert len(channel.taken) == 1


def test_a_webhook_that_cannot_be_reached_is_tried_again() -> None:
    answer = send_post(Webhook("team", f"http://127.0.0.1:{free_port()}/hemmelig", TEAMS), POST)

    assert answer.state is State.FAILED
    assert answer.detail.startswith("The webhook team can't be reached: ")
    assert "hemmelig" not in answer.detail


# ---------------------------------------------------------------- subscriptions


@pytest.fixture(scope="module")
def shared() -> Warehouse:
    return company(
        agreements=[agreement("A-1", "1", account_manager="Kari", customer_name=HOSTILE)],
        user_counts=[
            count(date(2026, 3, 1), 10, active_users=5),
            count(date(2026, 3, 5), 10, active_users=9),
        ],
    )


@pytest.fixture
def house(tmp_path: Path, shared: Warehouse, channel: Channel) -> Warehouse:
    shared.path = tmp_path / "a.duckdb"
    _write(shared, DELIVERY.format(port=channel.port))
    return shared


def _write(house: Warehouse, text: str) -> None:
    path = house.path.with_name("delivery.toml")
    path.write_text(text, encoding="utf-8")
    path.chmod(0o600)


def _add(house: Warehouse, address: str, webhook: str) -> None:
    recipient = recipient_at(recipients(house.path, NOW.date()), address)
    subscribe(house, recipient, "licence_use_low", channel=webhook_channel(webhook), today=NOW.date(), at=NOW)


def _run(house: Warehouse, days: int = 0) -> Run:
    at = NOW + timedelta(days=days)
    return alert_readers(house, at.date(), at)


def test_alerts_are_posted_once_when_they_begin_and_once_when_they_end(
    house: Warehouse, channel: Channel
) -> None:
    _add(house, BOSS, "team")
    _add(house, BOSS, "sales")

    for days in (0, 1, 3, 4):
        _run(house, days)

    kinds = ["attachments" if "attachments" in each else "blocks" for each in channel.taken]
    assert kinds == ["attachments", "blocks", "attachments", "blocks"]
    assert "50% of the registered users" in json.dumps(channel.taken[0])
    assert "no longer under" in json.dumps(channel.taken[3])


def test_a_webhook_that_is_down_gets_it_at_the_next_run(house: Warehouse, channel: Channel) -> None:
    _add(house, BOSS, "team")
    channel.code = 503
    assert not _run(house).is_delivered

    channel.code = 200
    assert _run(house, 1).is_delivered
    assert _run(house, 1).outcomes == []

    assert len(channel.taken) == 2
    assert [each.state for each in Messages(house.path).of(BOSS, ALERT)] == [State.SENT]


def test_a_post_that_was_refused_is_sent_again_by_its_channel(house: Warehouse, channel: Channel) -> None:
    _add(house, BOSS, "team")
    channel.code = 404
    _run(house)
    channel.code = 200
    (problem,) = _run(house).problems
    assert "`ccinsight digest --retry webhook:team`" in problem

    assert Messages(house.path).retry("webhook:team", NOW) == 1
    assert _run(house).is_delivered
    assert len(channel.taken) == 2


def test_only_who_sees_all_may_post_where_others_read(house: Warehouse, channel: Channel) -> None:
    with pytest.raises(UsageError, match="only who sees all customers may use team"):
        _add(house, KARI, "team")

    _add(house, BOSS, "team")
    # no longer of the management, but an account manager
    _write(
        house,
        DELIVERY.format(port=channel.port).replace('["sjef@partner.example"]', "[]").replace(KARI, BOSS),
    )

    (problem,) = _run(house).problems
    assert problem.startswith(f"{BOSS} no longer sees all customers")
    assert channel.taken == []


def test_a_webhook_that_is_gone_from_the_file_is_said(house: Warehouse, channel: Channel) -> None:
    _add(house, BOSS, "team")
    _write(house, DELIVERY.format(port=channel.port).replace("team =", "others ="))

    assert _run(house).problems == [
        "The webhook team, for alerts of sjef@partner.example, isn't in delivery.toml any more."
    ]


@pytest.mark.parametrize(
    ("address", "form"),
    [
        ('"https://hooks.slack.com/services/T/B/x"', SLACK),
        ('"https://prod-1.westeurope.logic.azure.com/workflows/a?sig=b%2F"', TEAMS),
        ('{ address = "https://chat.example.no/hooks/a", form = "slack" }', SLACK),
    ],
)
def test_what_a_channel_takes_is_known_by_its_host_or_said(house: Warehouse, address: str, form: str) -> None:
    _write(house, f"[webhooks]\nteam = {address}\n")

    delivery = read_delivery(house.path)

    assert delivery is not None
    (webhook,) = delivery.webhooks
    assert webhook.form == form
    assert webhook.address in address
    assert webhook.address not in repr(delivery)


@pytest.mark.parametrize(
    "address", ['"http://hooks.example.no/hemmelig"', '"https://[hemmelig"', '"hemmelig"', "{ other = 1 }"]
)
def test_a_wrong_address_is_named_but_not_quoted(house: Warehouse, address: str) -> None:
    _write(house, f"[webhooks]\nteam = {address}\n")

    with pytest.raises(CcinsightError, match=r"webhooks\.team") as error:
        read_delivery(house.path)

    assert "hemmelig" not in str(error.value)
