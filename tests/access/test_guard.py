"""With sign-in: who proves nothing is sent nothing, whatever they forge, and a removed person is out at once."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import websockets
from benchmarks.ports import free_port
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

from ccinsight.access.cookie_key import cookie_key
from ccinsight.files import cookie_key_file
from ccinsight.notes.activity import Action, Activity
from tests import nginx
from tests.access.signing_in import PEOPLE, Signed, access_text, copied, write_private
from tests.access.visiting import USER, Visitor, ask, cookie, send, text_of, titles
from tests.serving import served

SIGN_IN, NO_ACCESS = ["Sign in"], ["You have no access"]
QUERY = "as-of=2026-10-01&language=en"


@pytest.fixture(scope="module")
def site(sample_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Signed]:
    folder, port = tmp_path_factory.mktemp("guard"), free_port()
    database, address = copied(sample_database, folder), f"http://127.0.0.1:{port}"
    nowhere = "http://127.0.0.1:9"
    write_private(folder / "access.toml", access_text(address, nowhere, ("Torbjørn Færøy", "Bjørn Sørli")))
    with served(database, folder, port=port):
        yield Signed(address, nowhere, database, folder)


def _visitor(site: Signed, who: str = "", **options: object) -> Visitor:
    claims = PEOPLE[who] if who else {}
    cookies = {USER: cookie(site.database, site.address, claims, **options)} if who else {}  # type: ignore[arg-type]
    return Visitor(site.address, cookies)


@pytest.mark.parametrize("who", ["ingrid", "lars", "unni"])
def test_a_person_of_the_file_is_let_in(who: str, site: Signed) -> None:
    sent = _visitor(site, who).open("customer", QUERY)
    assert titles(sent) not in ([], SIGN_IN, NO_ACCESS)
    assert str(PEOPLE[who]["name"]) in text_of(sent)


def _tampered(value: str) -> str:
    return value[:-4] + ("AAAA" if value[-4:] != "AAAA" else "BBBB")


@pytest.mark.parametrize(
    "forge",
    [
        pytest.param(lambda site: {}, id="none"),
        pytest.param(lambda site: {USER: "x"}, id="nonsense"),
        pytest.param(lambda site: {USER: _tampered(_visitor(site, "unni").cookies[USER])}, id="altered"),
        pytest.param(lambda site: _visitor(site, "unni", key="0" * 64).cookies, id="another key"),
        pytest.param(lambda site: _visitor(site, "unni", age=10.1).cookies, id="expired"),
        pytest.param(
            lambda site: {USER: cookie(site.database, "http://other.example", PEOPLE["unni"])},
            id="another site's",
        ),
        pytest.param(
            lambda site: {
                USER: create_signed_value(cookie_key(site.database), "other", json.dumps({})).decode()
            },
            id="another cookie",
        ),
        pytest.param(lambda site: _visitor(site, "fremmed").cookies, id="another tenant"),
    ],
)
def test_a_cookie_that_proves_nothing_is_shown_the_sign_in(forge, site: Signed) -> None:  # type: ignore[no-untyped-def]
    sent = Visitor(site.address, forge(site)).open("customer", QUERY)
    assert titles(sent) == SIGN_IN
    assert "Torbjørn Færøy" not in text_of(sent)


def test_a_session_lasts_as_long_as_the_file_says(site: Signed) -> None:
    assert titles(_visitor(site, "unni", age=9.9).open("customer", QUERY)) != SIGN_IN
    site.change("session_hours = 10", "session_hours = 2")
    try:
        assert titles(_visitor(site, "unni", age=9.9).open("customer", QUERY)) == SIGN_IN
    finally:
        site.change("session_hours = 2", "session_hours = 10")


def test_an_unknown_person_has_no_access_and_sees_which_name_was_used(site: Signed) -> None:
    sent = _visitor(site, "una").open("customer", QUERY)
    assert titles(sent) == NO_ACCESS
    assert str(PEOPLE["una"]["oid"]) in text_of(sent)
    assert "Torbjørn Færøy" not in text_of(sent)


def test_headers_that_a_proxy_would_set_prove_nothing(site: Signed) -> None:
    headers = {
        "X-Auth-Request-Email": "lars@partner.example",
        "X-Ccinsight-Front": "",
        "X-Forwarded-User": "lars",
    }
    assert titles(Visitor(site.address, headers=headers).open("customer", QUERY)) == SIGN_IN


@pytest.mark.parametrize("origin", ["http://evil.example", None])
def test_a_foreign_page_opens_no_websocket(origin: str | None, site: Signed) -> None:
    visitor = _visitor(site, "unni")
    visitor.origin = origin
    with pytest.raises(websockets.InvalidStatus, match="403"):
        visitor.open()


def test_a_removed_person_is_out_at_the_next_click(site: Signed) -> None:
    async def run() -> None:
        async with _visitor(site, "ingrid").connect() as connection:
            assert titles(await ask(connection, "customer", QUERY)) not in (SIGN_IN, NO_ACCESS)
            site.change(str(PEOPLE["ingrid"]["oid"]), "somebody else")
            try:
                # a fragment's run, as a click in a table makes it, would pass the router by
                asked = BackMsg()
                asked.rerun_script.fragment_id, asked.rerun_script.query_string = "any", QUERY
                assert titles(await send(connection, asked)) == NO_ACCESS
            finally:
                site.change("somebody else", str(PEOPLE["ingrid"]["oid"]))

    asyncio.run(run())


def test_a_faulty_file_closes_the_dashboard(site: Signed) -> None:
    site.change('mode = "oidc"', 'mode = "odic"')
    try:
        status, _headers, text = _visitor(site, "unni").request("/")
        assert status == 503
        assert "access.toml" in text
    finally:
        site.change('mode = "odic"', 'mode = "oidc"')
    site.access.rename(site.folder / "away")
    try:
        assert _visitor(site, "unni").status("/") == 503
    finally:
        (site.folder / "away").rename(site.access)
    assert _visitor(site, "unni").status("/") == 200


@pytest.mark.parametrize(
    "path",
    [
        "/access.toml",
        "/ccinsight.duckdb",
        "/app/static/access.toml",
        "/.streamlit/secrets.toml",
        "/calendar/guessed.ics",
        "/unknown",
        "/customer/unknown",
    ],
)
def test_unknown_paths_are_refused(path: str, site: Signed) -> None:
    assert _visitor(site, "unni").status(path) == 404
    assert Visitor(site.address).status(path) == 404


def _download(site: Signed, visitor: Visitor) -> tuple[str, str, list[int]]:
    """The address of a file that a session made, the session's id, and what others get while it is open."""

    async def run() -> tuple[str, str, list[int]]:
        async with visitor.connect() as connection:
            sent = await ask(connection, "utilization", QUERY)
            session = next(
                message.new_session.initialize.session_id
                for message in sent
                if message.WhichOneof("type") == "new_session"
            )
            button = next(
                message.delta.new_element.download_button
                for message in sent
                if message.delta.new_element.WhichOneof("type") == "download_button"
            )
            asked = BackMsg()
            operation = asked.backend_operation_request
            operation.request_id, operation.session_id = "1", session
            operation.deferred_file.file_id = button.deferred_file_id
            await connection.send(asked.SerializeToString())
            url = button.url or await _answer(connection)
            got = [
                await asyncio.to_thread(each.status, url)
                for each in (visitor, Visitor(site.address), _visitor(site, "una"), _visitor(site, "lars"))
            ]
        return url, session, got

    return asyncio.run(run())


async def _answer(connection: websockets.ClientConnection) -> str:
    from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

    while True:
        message = ForwardMsg()
        message.ParseFromString(bytes(await asyncio.wait_for(connection.recv(), 60)))  # type: ignore[arg-type]
        if message.WhichOneof("type") == "backend_operation_response":
            return str(message.backend_operation_response.deferred_file.url)


def test_a_download_is_its_readers_alone(site: Signed) -> None:
    visitor = _visitor(site, "ingrid")
    url, session, got = _download(site, visitor)
    assert got == [200, 403, 403, 404]
    # its session has ended
    assert visitor.status(url) == 404
    assert visitor.status("/media/" + "0" * 56 + ".csv") == 404
    assert Visitor(site.address).request(f"/_stcore/upload_file/{session}/1", "PUT", b"x")[0] == 403
    assert _visitor(site, "lars").request(f"/_stcore/upload_file/{session}/1", "PUT", b"x")[0] == 404


def test_an_upload_goes_to_ones_own_session(site: Signed) -> None:
    visitor = _visitor(site, "lars")

    async def run() -> int:
        async with visitor.connect() as connection:
            sent = await ask(connection, "customer", QUERY)
            session = next(
                message.new_session.initialize.session_id
                for message in sent
                if message.WhichOneof("type") == "new_session"
            )
            body = (
                b'--x\r\nContent-Disposition: form-data; name="a"; filename="a.csv"\r\n\r\na;b\r\n--x--\r\n'
            )
            visitor.headers = {
                "Content-Type": "multipart/form-data; boundary=x",
                "X-Xsrftoken": visitor.cookies["_streamlit_xsrf"],
            }
            answer = await asyncio.to_thread(
                visitor.request, f"/_stcore/upload_file/{session}/1", "PUT", body
            )
        return answer[0]

    assert asyncio.run(run()) == 204


def test_a_download_is_in_the_log_that_those_who_see_all_read(site: Signed) -> None:
    _download(site, _visitor(site, "ingrid"))
    done = Activity(site.database).newest(1)
    assert [(each.person, each.action) for each in done] == [("Ingrid Berg", Action.DOWNLOAD)]
    log = "Who did what?"
    assert log in titles(_visitor(site, "unni").open("data", QUERY))
    for who in ("ingrid", "lars"):
        assert log not in titles(_visitor(site, who).open("data", QUERY))


def test_workers_let_in_whom_one_process_lets_in(
    site: Signed, tmp_path: Path, missing: Callable[[str], None]
) -> None:
    if nginx.find() is None:
        missing("no nginx")
    database, port = copied(site.database, tmp_path), free_port(3)
    address = f"http://127.0.0.1:{port}"
    write_private(
        tmp_path / "access.toml", access_text(address, site.issuer, ("Torbjørn Færøy", "Bjørn Sørli"))
    )
    with served(database, tmp_path, "--workers", "2", port=port):
        for _browser in range(4):
            sent = Visitor(address, {USER: cookie(database, address, PEOPLE["unni"])}).open("customer", QUERY)
            assert "Unni Lie" in text_of(sent)
        assert titles(Visitor(address).open("customer", QUERY)) == SIGN_IN
        assert Visitor(address, headers={"X-Forwarded-For": "192.0.2.7"}).status("/media/0.csv") == 403


def test_the_cookies_key_is_made_once_and_its_owners(site: Signed) -> None:
    path = cookie_key_file(site.database)
    assert path.stat().st_mode & 0o777 == 0o600
    assert cookie_key(site.database) == cookie_key(site.database)


def test_neither_the_key_nor_the_file_is_in_a_backup(site: Signed, tmp_path: Path) -> None:
    from datetime import datetime

    from ccinsight.maintenance.backup import back_up

    back_up(site.database, tmp_path / "backup", made_at=datetime(2026, 3, 1))
    secrets = [cookie_key(site.database).encode(), b"client_secret", b"the-secret-of-the-tests"]
    for file in (tmp_path / "backup").iterdir():
        content = file.read_bytes()
        assert not [secret for secret in secrets if secret in content], file


def test_cookies_are_secure_behind_https(site: Signed, tmp_path: Path) -> None:
    port = free_port()
    for name in (site.database.name, f"{site.database.name}.key"):
        shutil.copy(site.database.with_name(name), tmp_path / name)
    text = access_text("https://crm.example.no", site.issuer, ("A", "B"))
    write_private(tmp_path / "access.toml", text)
    with served(tmp_path / site.database.name, tmp_path, port=port) as address:
        _status, headers, _text = Visitor(address).request("/_stcore/health")
    assert "; Secure" in headers["set-cookie"]
