"""The API as programs meet it: over HTTP, with a token and without a sign-in."""

from __future__ import annotations

import base64
import csv
import io
import json
import re
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import datetime
from functools import partial
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import anyio
import httpx
import httpx2
import pytest
from benchmarks.ports import free_port
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from starlette.applications import Starlette
from starlette.routing import Route

from ccinsight.access import SEES_ALL, Reader
from ccinsight.access.config import read_access
from ccinsight.access.people import Identity, reader_of
from ccinsight.clock import today
from ccinsight.dashboard.server import api, token_entry
from ccinsight.dashboard.server.file_queue import FileQueue, FullError
from ccinsight.ingest import apply_settings
from ccinsight.integrations.api.tokens import AccessToken, AccessTokens
from ccinsight.notes import Notes
from ccinsight.notes.activity import Action, Activity
from tests.access.crawling import found
from tests.access.readers import marks_of_others
from tests.access.signing_in import PEOPLE, Signed, access_text, copied, write_private
from tests.access.visiting import Visitor
from tests.serving import served

AT = datetime(2026, 3, 1, 9, 0)
RENEWALS = "/api/v1/reports/renewals?as-of=2026-03-01"
_LIMITS = "[server]\napi_requests_per_minute = 40\napi_max_rows = 100\n"


@pytest.fixture(scope="module")
def site(
    sample_database: Path, sample_exports: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Signed]:
    """A dashboard with a sign-in, under a base path, with small limits. Nobody signs in here."""
    folder, port = tmp_path_factory.mktemp("api"), free_port()
    database, address = copied(sample_database, folder), f"http://127.0.0.1:{port}/innsikt"
    settings = folder / "ccinsight.toml"
    settings.write_text(
        (sample_exports / "ccinsight.toml").read_text(encoding="utf-8") + _LIMITS, encoding="utf-8"
    )
    apply_settings(database, settings, applied_at=AT)
    nowhere = "http://127.0.0.1:9"
    write_private(folder / "access.toml", access_text(address, nowhere, ("Silje Ødegaard", "Bjørn Sørli")))
    with served(database, folder, base_path="/innsikt", port=port):
        yield Signed(address, nowhere, database, folder)


def _reader(site: Signed, who: str) -> Reader:
    access, claims = read_access(site.access), PEOPLE[who]
    assert access
    reader = reader_of(access.people, Identity((str(claims["oid"]),), str(claims["email"])), today())
    assert reader
    return reader


def _made(site: Signed, who: str) -> tuple[AccessToken, str]:
    return AccessTokens(site.database).add(_reader(site, who), "test", AT)


def _get(
    site: Signed, path: str, token: str = "", method: str = "GET", **headers: str
) -> tuple[int, Mapping[str, str], str]:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    if token:
        given["Authorization"] = f"Bearer {token}"
    return Visitor(site.address, headers={"Accept-Language": "en", **given}).request(path, method)


def _problem(answer: tuple[int, Mapping[str, str], str]) -> tuple[int, str]:
    status, headers, text = answer
    assert headers["content-type"] == "application/problem+json"
    assert headers["cache-control"] == "no-store"
    said = json.loads(text)
    assert said["status"] == status and said["detail"] and said["title"]
    return status, said["code"]


def test_a_reader_gets_their_rows_by_either_way_of_sending_the_token(site: Signed) -> None:
    reader, (_entry, token) = _reader(site, "ingrid"), _made(site, "ingrid")
    status, headers, text = _get(site, RENEWALS, token)
    assert (status, headers["content-type"]) == (200, "text/csv; charset=utf-8")
    assert headers["ccinsight-as-of"] == "2026-03-01"
    assert headers["content-disposition"] == 'attachment; filename="renewals_2026-03-01.csv"'
    assert "private" in headers["cache-control"]
    assert headers["referrer-policy"] == "no-referrer"
    assert "set-cookie" not in headers
    rows = list(csv.DictReader(io.StringIO(text)))
    assert {row["account_manager"] for row in rows} == {"Silje Ødegaard"}
    assert not found(text, marks_of_others(site.database, reader).texts)
    for user in ("", "ingrid@partner.example"):
        basic = base64.b64encode(f"{user}:{token}".encode()).decode()
        assert _get(site, RENEWALS, Authorization=f"Basic {basic}")[2] == text
    as_json = json.loads(_get(site, RENEWALS, token, Accept="application/json")[2])
    assert [row["agreement_id"] for row in as_json] == [row["agreement_id"] for row in rows]
    assert len(
        json.loads(_get(site, f"{RENEWALS}&customer={rows[0]['customer_id']}&format=json", token)[2])
    ) < len(rows)
    excel = _get(site, f"{RENEWALS}&form=excel", token, Accept_Language="nb")[2]
    assert excel.startswith("\ufeff") and ";" in excel and "Kunde" in excel.splitlines()[0]
    # today's rows are those of the server's clock
    assert _get(site, "/api/v1/reports/renewals", token)[1]["ccinsight-as-of"] == today().isoformat()


def test_nothing_is_given_without_a_token_that_works(site: Signed) -> None:
    entry, token = _made(site, "lars")
    for path in (
        RENEWALS,
        "/api/v1/reports",
        "/api/v1/openapi.json",
        "/api/v1/",
        "/api/v1/x",
        "/api/v1/reports/x",
    ):
        assert _problem(_get(site, path)) == (401, "no_token")
        assert _problem(_get(site, path, f"{token}x")) == (401, "unknown_token")
        assert _problem(_get(site, path, Authorization="Basic !!")) == (401, "no_token")
    with pytest.raises(HTTPError) as raised:
        urlopen(f"{site.address}{RENEWALS}", timeout=30)
    assert [each.split(" ")[0] for each in raised.value.headers.get_all("WWW-Authenticate", [])] == [
        "Basic",
        "Bearer",
    ]
    for path in (
        f"{RENEWALS}&token={token}",
        f"/api/v1/reports?Access_Token={token}",
        f"/api/v1/x?q={token}",
    ):
        for given in ("", token):
            assert _problem(_get(site, path, given)) == (400, "token_in_address")
    assert AccessTokens(site.database).revoke(entry.token_id, AT)
    assert _problem(_get(site, RENEWALS, token)) == (401, "revoked_token")


def test_a_removed_person_has_no_token_and_one_with_other_customers_has_theirs(site: Signed) -> None:
    _entry, token = _made(site, "lars")
    before = site.access.read_text(encoding="utf-8")
    mine = _get(site, RENEWALS, token)[2]
    try:
        site.change('account_managers = ["Bjørn Sørli"]', 'account_managers = ["Torbjørn Færøy"]')
        other = _get(site, RENEWALS, token)[2]
        assert "Torbjørn Færøy" in other and "Bjørn Sørli" not in other
        site.change('address = "lars@partner.example"', 'address = "nils@partner.example"')
        assert _problem(_get(site, RENEWALS, token)) == (401, "no_access")
    finally:
        site.access.write_text(before, encoding="utf-8")
    assert _get(site, RENEWALS, token)[2] == mine


def test_what_a_program_has_is_not_sent_again(site: Signed) -> None:
    _entry, token = _made(site, "lars")
    status, headers, text = _get(site, RENEWALS, token)
    tag = headers["etag"]
    for given in (tag, f'W/{tag}, "other"'):
        status, again, empty = _get(site, RENEWALS, token, If_None_Match=given)
        assert (status, again["etag"], empty) == (304, tag, "")
    assert _get(site, f"{RENEWALS}&months=6", token, If_None_Match=tag)[0] == 200
    other = _made(site, "ingrid")[1]
    assert _get(site, RENEWALS, other, If_None_Match=tag)[0] == 200
    status, head, empty = _get(site, RENEWALS, token, "HEAD")
    assert (status, head["etag"], empty) == (200, tag, "")
    assert int(head["content-length"]) == len(text.encode())


def test_a_reader_explores_their_customers(site: Signed) -> None:
    _entry, token = _made(site, "ingrid")
    path = "/api/v1/explore?measure=tickets&measure=contact-rate&by=customer&as-of=2026-03-01&format=json"
    status, headers, text = _get(site, path, token)
    assert (status, headers["ccinsight-as-of"]) == (200, "2026-03-01")
    rows = json.loads(text)
    assert rows and rows[0].keys() >= {"customer_id", "tickets", "contact_rate"}
    reader = _reader(site, "ingrid")
    assert not {row["customer_id"] for row in rows} & marks_of_others(site.database, reader).customer_ids
    assert _get(site, path, token, If_None_Match=headers["etag"])[0] == 304
    listed = json.loads(_get(site, "/api/v1/measures", token)[2])
    (tickets,) = [each for each in listed["measures"] if each["name"] == "tickets"]
    assert {"customer", "channel"} <= set(tickets["dimensions"]) and tickets["rule"] == "R10"
    assert tickets["time"] == "span"


def test_what_is_asked_wrongly_is_a_problem(site: Signed) -> None:
    _entry, token = _made(site, "ingrid")
    for path, expected in (
        ("/api/v1/reports/renewal", (404, "unknown_report")),
        ("/api/v1/report", (404, "unknown_address")),
        ("/api/v1/explore", (400, "bad_question")),
        ("/api/v1/explore?measure=arr&by=channel", (400, "bad_question")),
        ("/api/v1/explore?measure=tickets&from=2026-03-02&as-of=2026-03-01", (400, "bad_question")),
        ("/api/v1/explore?measure=tickets&by=nonsense", (400, "unknown_value")),
        ("/api/v1/explore?measure=tickets&moths=2", (400, "unknown_option")),
        ("/api/v1/explore?measure=tickets&customer=1001", (400, "unknown_value")),  # another's
        ("/api/v1/explore?measure=tickets&totals=maybe", (400, "bad_value")),
        ("/api/v1/explore?measure=tickets&from=1.3.2026", (400, "bad_date")),
        ("/api/v1/reports?x=1", (400, "unknown_option")),
        (f"{RENEWALS}&moths=2", (400, "unknown_option")),
        ("/api/v1/reports/renewals?as-of=1.3.2026", (400, "bad_date")),
        (f"{RENEWALS}&customer=1001", (400, "unknown_value")),  # another's
        (f"{RENEWALS}&customer=%00%27%22%ff", (400, "unknown_value")),
        ("/api/v1/reports/data_problems", (403, "not_yours")),
        ("/api/v1/reports/ticket_list?as-of=2026-03-01", (422, "too_many_rows")),
    ):
        assert _problem(_get(site, path, token)) == expected
    assert _problem(_get(site, RENEWALS, token, Accept="image/png")) == (406, "not_acceptable")
    _status, headers, _text = answer = _get(site, RENEWALS, token, "POST")
    assert _problem(answer) == (405, "read_only") and headers["allow"] == "GET, HEAD"
    norwegian = json.loads(_get(site, "/api/v1/reports/renewal", token, Accept_Language="nb-NO")[2])
    assert norwegian["detail"].startswith("Det finnes ingen rapport «renewal». Mente du ")


def test_the_list_and_the_description_are_those_of_the_reader(site: Signed) -> None:
    _entry, token = _made(site, "ingrid")
    listed = json.loads(_get(site, "/api/v1/reports", token)[2])["reports"]
    (renewals,) = [each for each in listed if each["name"] == "renewals"]
    assert renewals["options"] == [
        {"name": "months", "default": 12, "type": "integer", "minimum": 1, "maximum": 1200}
    ]
    assert "data_problems" not in {each["name"] for each in listed}
    described = json.loads(_get(site, "/api/v1/openapi.json", token)[2])
    assert described["openapi"].startswith("3.1") and described["servers"] == [{"url": "/innsikt/api/v1"}]


def test_who_asks_too_often_waits(site: Signed) -> None:
    _entry, token = _made(site, "lars")
    answers = [_get(site, "/api/v1/x", token) for _each in range(60)]
    refused = [answer for answer in answers if answer[0] == 429]
    assert refused and answers[0][0] == 404
    assert _problem(refused[0]) == (429, "too_many_requests")
    assert 1 <= int(refused[0][1]["retry-after"]) <= 60
    assert _get(site, RENEWALS, _made(site, "lars")[1])[0] == 200  # each token has its own


def test_nobody_waits_for_reports_of_others_but_who_needs_one_made(
    sample_database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = copied(sample_database, tmp_path)
    monkeypatch.setenv("CCINSIGHT_DATABASE", str(database))
    tokens = [AccessTokens(database).add(SEES_ALL, name, AT)[1] for name in ("busy", "other")]
    app = Starlette(routes=[Route("/api/v1/{path:path}", api.answer)])
    transport = httpx.ASGITransport(app=app)

    async def get(path: str, token: str = "", **headers: str) -> httpx.Response:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.get(path, headers={"Authorization": f"Bearer {token}", **given})

    async def visit() -> list[int]:
        busy, other = tokens
        answers: list[httpx.Response] = []
        send, receive = anyio.create_memory_object_stream[httpx.Response](20)

        async def ask(months: int) -> None:
            answers.append(await get(f"{RENEWALS}&months={months}", busy))
            await send.send(answers[-1])

        known = await get(RENEWALS, other)
        with anyio.fail_after(120), send, receive:
            async with anyio.create_task_group() as group:
                with token_entry.running:  # as though a long report ran
                    for each in range(token_entry.MOST_OF_TOKEN + 1):
                        group.start_soon(ask, 20 + each)
                    full = await receive.receive()
                    assert (full.status_code, full.json()["code"]) == (503, "not_now")
                    assert int(full.headers["retry-after"]) > 0
                    assert (await get(RENEWALS)).status_code == 401
                    assert (await get("/api/v1/reports", busy)).status_code == 200
                    again = await get(RENEWALS, busy, If_None_Match=known.headers["etag"])
                    assert again.status_code == 304
                    assert (await get(RENEWALS, busy)).content == known.content
                    assert len(answers) == 1
        return sorted(each.status_code for each in answers)

    assert anyio.run(visit) == [200] * token_entry.MOST_OF_TOKEN + [503]


def test_one_file_at_a_time_is_made_for_a_token_and_another_has_its_turn() -> None:
    async def visit() -> list[str]:
        queue, release, done = FileQueue(2, 3, 2), threading.Event(), list[str]()

        async def ask(token: int, name: str, *, waits: bool) -> None:
            def make() -> None:
                if waits:
                    assert release.wait(60)
                done.append(name)

            await queue.run(token, make)

        with anyio.fail_after(120):
            async with anyio.create_task_group() as group:
                group.start_soon(partial(ask, 1, "first", waits=True))
                await anyio.wait_all_tasks_blocked()
                group.start_soon(partial(ask, 1, "second", waits=False))
                await anyio.wait_all_tasks_blocked()
                with pytest.raises(FullError):
                    await ask(1, "third", waits=False)
                await ask(2, "other", waits=False)
                group.start_soon(partial(ask, 2, "more", waits=True))
                await anyio.wait_all_tasks_blocked()
                with pytest.raises(FullError):
                    await ask(3, "too many in all", waits=False)
                assert done == ["other"]
                release.set()
        await ask(1, "last", waits=False)
        return done

    first, *between, last = anyio.run(visit)
    assert (first, last) == ("other", "last")
    assert between.index("first") < between.index("second") and set(between) == {"first", "second", "more"}


def test_downloads_are_logged_and_the_token_is_written_nowhere(site: Signed) -> None:
    entry, token = _made(site, "ingrid")
    for _each in range(2):  # the same again within the hour isn't logged again
        assert _get(site, f"{RENEWALS}&format=parquet", token)[0] == 200
    assert _get(site, f"{RENEWALS}&format=json", token)[0] == 200
    done = [(each.person, each.action, each.subject) for each in Activity(site.database).newest(2)]
    assert done == [
        ("Ingrid Berg", Action.DOWNLOAD, "api/renewals.json"),
        ("Ingrid Berg", Action.DOWNLOAD, "api/renewals.parquet"),
    ]
    (used,) = [each for each in AccessTokens(site.database).active() if each.token_id == entry.token_id]
    assert used.used_at
    log = (site.folder / "log.txt").read_text(encoding="utf-8")
    assert not re.search(r"ccinsight_[\w-]{20,}|Traceback", log)


def test_rows_are_given_where_their_use_can_not_be_noted(site: Signed) -> None:
    _entry, token = _made(site, "ingrid")
    with closing(sqlite3.connect(Notes.beside(site.database).path, isolation_level=None)) as notes:
        for event in ("update of used_at on api_tokens", "insert on activity"):
            name = event.split()[0]
            notes.execute(f"create trigger full_{name} before {event} begin select raise(abort, 'full'); end")
        try:
            assert _get(site, f"{RENEWALS}&months=5", token)[0] == 200
        finally:
            notes.execute("drop trigger full_update")
            notes.execute("drop trigger full_insert")
    assert "full" in (site.folder / "log.txt").read_text(encoding="utf-8")


def test_without_a_sign_in_there_is_everybodys_token_and_this_machine_alone(
    site: Signed, sample_database: Path, tmp_path: Path
) -> None:
    database = copied(sample_database, tmp_path)
    _entry, token = AccessTokens(database).add(SEES_ALL, "all", AT)
    with served(database, tmp_path) as address:
        here = Signed(address, "", database, tmp_path)
        assert _problem(_get(here, RENEWALS)) == (401, "no_token")
        assert _problem(_get(here, RENEWALS, token, Host="crm.example.no")) == (403, "refused")
        assert _problem(_get(here, RENEWALS, token, X_Forwarded_For="10.0.0.9")) == (403, "refused")
        status, _headers, text = _get(here, RENEWALS, token)
        assert status == 200
        assert {"Silje Ødegaard", "Bjørn Sørli"} <= {
            row["account_manager"] for row in csv.DictReader(io.StringIO(text))
        }


def test_an_assistant_learns_what_its_token_may_see(site: Signed) -> None:
    """Every tool over HTTP; and nothing without a token, or with one that was revoked."""
    reader, (entry, token) = _reader(site, "ingrid"), _made(site, "ingrid")
    address = f"{site.address}/api/v1/mcp"
    # a proxy passes on the name that the assistant asked for
    headers = {"Authorization": f"Bearer {token}", "Host": "crm.example.no"}
    marks = marks_of_others(site.database, reader).texts

    async def visit() -> list[str]:
        async with (
            httpx2.AsyncClient(headers=headers, timeout=60) as http,
            Client(streamable_http_client(address, http_client=http)) as client,
        ):
            answers = [await client.call_tool("list_reports")]
            found_rows = await client.call_tool("find_customers", {"text": "", "as_of": "2026-03-01"})
            assert found_rows.structured_content
            own = found_rows.structured_content["rows"][0]["customer_id"]
            answers += [
                found_rows,
                await client.call_tool("read_report", {"name": "agreements", "as_of": "2026-03-01"}),
                await client.call_tool("customer_brief", {"customer_id": own, "as_of": "2026-03-01"}),
            ]
            assert not any(each.is_error for each in answers)
            return [repr(each) for each in answers]

    said = anyio.run(visit)
    assert "Silje Ødegaard" in said[2]
    assert not [mark for text in said for mark in found(text, marks)]
    assert _problem(_get(site, "/api/v1/mcp", token)) == (405, "only_post")
    assert _problem(_get(site, "/api/v1/mcp", method="POST")) == (401, "no_token")
    assert AccessTokens(site.database).revoke(entry.token_id, AT)
    assert _problem(_get(site, "/api/v1/mcp", token, method="POST")) == (401, "revoked_token")
