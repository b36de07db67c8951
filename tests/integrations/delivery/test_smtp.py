"""Messages handed to a real mail server: its forms of sign-in, and what its answers mean."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from benchmarks.ports import free_port

from ccinsight.integrations.delivery.config import OAuth2, Smtp
from ccinsight.integrations.delivery.mail import Mail
from ccinsight.integrations.delivery.messages import State
from ccinsight.integrations.delivery.smtp import Answer, MailServer, ServerError
from tests.integrations.delivery.mail_server import GONE, Post, certificate_of, serving

KARI = "kari@partner.example"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return certificate_of("127.0.0.1", tmp_path_factory.mktemp("certificate") / "own.pem")


def _smtp(post: Post, **options: Any) -> Smtp:
    given: dict[str, Any] = {"security": "none", "sender": "ccinsight@partner.example", **options}
    return Smtp("127.0.0.1", post.port, seconds=10, **given)


def _content(**options: str) -> bytes:
    given = {
        "sender": "ccinsight@partner.example",
        "recipient": KARI,
        "name": "digest.2026-W10.abc",
        "subject": "3 frister",
        "text": "Hei",
        "html": "<p>Hei</p>",
        **options,
    }
    return Mail(**given, at=datetime(2026, 7, 2, 6, 30)).content()


def _sent(post: Post, recipient: str = KARI, **options: Any) -> Answer:
    with MailServer(_smtp(post, **options)).connected() as connection:
        return connection.hand_over(recipient, _content())


def test_a_message_arrives_as_it_was_written() -> None:
    content = _content(
        subject="3 frister hos Bjørn\r\nBcc: all@partner.example\x00",
        text=".\n..prikk æøå\n" + "a" * 2_000,
        html="<p>Blåbær</p>",
        unsubscribe="https://crm.partner.example/innsikt/unsubscribe/" + "a" * 64,
    )
    assert all(len(line) < 300 for line in content.split(b"\r\n"))
    with serving(Post()) as post, MailServer(_smtp(post)).connected() as connection:
        assert connection.hand_over("kari@blåbær.example", content) == Answer(State.SENT, "")
    assert post.recipients == ["kari@xn--blbr-roah.example"]
    (message,) = post.messages
    assert message["Subject"] == "3 frister hos Bjørn Bcc: all@partner.example"
    assert message["Bcc"] is None
    assert message["Message-ID"] == "<digest.2026-W10.abc@partner.example>"
    assert message["Date"] == "Thu, 02 Jul 2026 06:30:00 +0200"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Unsubscribe"] == f"<https://crm.partner.example/innsikt/unsubscribe/{'a' * 64}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    text, html = message.iter_parts()
    assert text.get_content().replace("\r\n", "\n") == ".\n..prikk æøå\n" + "a" * 2_000 + "\n"
    assert (html.get_content_type(), html.get_content().strip()) == ("text/html", "<p>Blåbær</p>")


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")  # TLS from the first byte
@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_password_is_sent_over_tls_to_a_server_that_is_trusted(security: str, certificate: Path) -> None:
    with serving(Post(), certificate, tls=security, auth=True) as post:
        signed: dict[str, Any] = {"security": security, "user": "mailer"}
        with pytest.raises(ServerError, match="isn't trusted"):
            _sent(post, **signed, password="hemmelig")
        assert not post.sign_ins
        signed["ca_file"] = certificate
        with pytest.raises(ServerError, match=r"refused the sign-in of mailer: 535"):
            _sent(post, **signed, password="feil")
        with pytest.raises(ServerError, match="only ASCII"):
            _sent(post, **signed, password="blåbær")
        assert not post.messages
        assert _sent(post, **signed, password="hemmelig").state == State.SENT


def test_a_server_without_starttls_gets_no_password() -> None:
    with serving(Post()) as post, pytest.raises(ServerError, match="offers no STARTTLS"):
        _sent(post, security="starttls", user="mailer", password="hemmelig")
    assert not post.messages


def test_certificates_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    with serving(Post()) as post, pytest.raises(ServerError, match=r"The certificates in .*none\.pem"):
        _sent(post, security="starttls", ca_file=tmp_path / "none.pem")


@contextmanager
def _token_server(status: int, answer: object) -> Iterator[tuple[str, list[dict[str, list[str]]]]]:
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(parse_qs(self.rfile.read(int(self.headers["content-length"])).decode()))
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(answer).encode())

        def log_message(self, *_args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/token", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _oauth2(address: str) -> OAuth2:
    return OAuth2(address, "client-1", "hemmelig", "https://outlook.office365.com/.default")


def test_a_token_signs_in_and_is_fetched_once(certificate: Path) -> None:
    with (
        serving(Post(access_token="token-1"), certificate, tls="starttls", auth=True) as post,
        _token_server(200, {"access_token": "token-1"}) as (address, asked),
    ):
        server = MailServer(
            _smtp(post, security="starttls", ca_file=certificate, user="box", oauth2=_oauth2(address))
        )
        for _time in range(2):
            with server.connected() as connection:
                assert connection.hand_over(KARI, _content()).state == State.SENT
        assert post.sign_ins == ["user=box\1auth=Bearer token-1\1\1"] * 2
        assert asked == [
            {
                "grant_type": ["client_credentials"],
                "client_id": ["client-1"],
                "client_secret": ["hemmelig"],
                "scope": ["https://outlook.office365.com/.default"],
            }
        ]
        post.access_token = "another"
        with pytest.raises(ServerError, match="refused the sign-in of box: 535"), server.connected():
            pass


@pytest.mark.parametrize(
    ("status", "answer", "fault"),
    [
        (
            401,
            {"error": "invalid_client", "error_description": "Bad\nsecret."},
            "gave no token for the mail server: 401 Bad secret.",
        ),
        (401, {"error": "invalid_client"}, "401 invalid_client."),
        (500, "", "500 Internal Server Error."),
        (200, {"access_token": 1}, "its answer holds no token"),
        (200, [], "its answer holds no token"),
    ],
)
def test_a_token_that_is_not_given_is_an_error_of_one_line(status: int, answer: object, fault: str) -> None:
    with (
        serving(Post()) as post,
        _token_server(status, answer) as (address, _asked),
        pytest.raises(ServerError) as error,
    ):
        _sent(post, user="box", oauth2=_oauth2(address))
    assert fault in str(error.value)
    assert "hemmelig" not in str(error.value)


def test_a_token_server_that_is_down_is_named() -> None:
    address = f"http://127.0.0.1:{free_port()}/token"
    with serving(Post()) as post, pytest.raises(ServerError, match=f"{address} gave no token"):
        _sent(post, user="box", oauth2=_oauth2(address))


@pytest.mark.parametrize(
    ("post", "state", "detail"),
    [
        (Post(rcpt={KARI: "550 5.1.1 No such user"}), State.REFUSED, "550 5.1.1 No such user"),
        (Post(rcpt={KARI: "451 4.7.1 Greylisted."}), State.FAILED, "451 4.7.1 Greylisted"),
        (Post(rcpt={KARI: GONE}), State.FAILED, "Connection unexpectedly closed"),
        (Post(data={KARI: "552 5.3.4 Too big"}), State.REFUSED, "552 5.3.4 Too big"),
        (Post(data={KARI: "452 4.3.1 Full"}), State.FAILED, "452 4.3.1 Full"),
        (Post(data={KARI: GONE}), State.UNCERTAIN, "Connection unexpectedly closed"),
        (Post(mail="550 5.7.60 Not your sender"), State.FAILED, "550 5.7.60 Not your sender"),
    ],
    ids=lambda value: value.value if isinstance(value, State) else "",
)
def test_what_an_answer_means(post: Post, state: State, detail: str) -> None:
    with serving(post):
        assert _sent(post) == Answer(state, detail)


def test_a_server_that_is_down_is_named() -> None:
    with pytest.raises(ServerError, match=r"The mail server 127\.0\.0\.1:\d+ can't be reached: .*refused"):
        _sent(Post(port=free_port()))
