"""Subscriptions as calendars and readers meet them: over HTTP, without a sign-in, and on the command line."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime
from pathlib import Path

import icalendar
import pytest
from benchmarks.ports import free_port

from ccinsight.access import Reader
from ccinsight.access.config import read_access
from ccinsight.access.people import Identity, reader_of
from ccinsight.access.reader import SEES_ALL
from ccinsight.errors import CcinsightError
from ccinsight.integrations.delivery.feeds import Feeds
from ccinsight.notes import Notes
from tests.access.readers import marks_of_others
from tests.access.signing_in import PEOPLE, Signed, access_text, copied, write_private
from tests.access.visiting import Visitor
from tests.serving import served

AT = datetime(2026, 3, 1, 9, 0)
TODAY = AT.date()


@pytest.fixture(scope="module")
def site(sample_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Signed]:
    """A dashboard with a sign-in, under a base path. Nobody signs in here."""
    folder, port = tmp_path_factory.mktemp("feeds"), free_port()
    database, address = copied(sample_database, folder), f"http://127.0.0.1:{port}/innsikt"
    nowhere = "http://127.0.0.1:9"
    write_private(folder / "access.toml", access_text(address, nowhere, ("Silje Ødegaard", "Bjørn Sørli")))
    with served(database, folder, base_path="/innsikt", port=port):
        yield Signed(address, nowhere, database, folder)


def _reader(site: Signed, who: str) -> Reader:
    access, claims = read_access(site.access), PEOPLE[who]
    assert access
    roles = frozenset(claims.get("roles", []))  # type: ignore[call-overload]
    identity = Identity((str(claims["oid"]),), str(claims["email"]), roles)
    reader = reader_of(access.people, identity, TODAY)
    assert reader
    return reader


def _token(site: Signed, who: str, contents: str = "duties", alarm_days: int = 7) -> str:
    return Feeds(site.database).add(_reader(site, who), contents, alarm_days, "nb", AT)[1]


def _path(token: str) -> str:
    return f"/calendar/{token}.ics"


def test_a_calendar_holds_the_rows_of_its_reader_alone(site: Signed) -> None:
    texts = {}
    for who in ("ingrid", "lars"):
        for contents in ("duties", "customer"):
            status, headers, text = Visitor(site.address).request(_path(_token(site, who, contents)))
            assert (status, headers["content-type"]) == (200, "text/calendar; charset=utf-8")
            assert "private" in headers["cache-control"]
            events = list(icalendar.Calendar.from_ical(text).walk("VEVENT"))
            said = "\n".join(f"{event['summary']}\n{event['description']}" for event in events)
            assert len(events) > 5
            others = marks_of_others(site.database, _reader(site, who)).texts
            assert not [mark for mark in others if mark in said]
            texts[who, contents] = said
    # the marks would be found: each holds what the other may not see
    others = marks_of_others(site.database, _reader(site, "ingrid")).texts
    assert any(mark in texts["lars", "duties"] for mark in others)
    assert any(mark in texts["lars", "customer"] for mark in others)


def test_what_a_calendar_has_is_not_sent_again(site: Signed) -> None:
    path = _path(_token(site, "lars"))
    _status, headers, text = Visitor(site.address).request(path)
    tag = headers["etag"]
    for given in (tag, f"W/{tag}", f'"other", {tag}'):
        status, again, empty = Visitor(site.address, headers={"If-None-Match": given}).request(path)
        assert (status, again["etag"], empty) == (304, tag, "")
    assert Visitor(site.address, headers={"If-None-Match": '"other"'}).request(path)[0] == 200
    status, head, empty = Visitor(site.address).request(path, method="HEAD")
    assert (status, head["etag"], empty) == (200, tag, "")
    assert int(head["content-length"]) == len(text.encode())
    assert Visitor(site.address).request(path, method="POST")[0] == 405
    (feed,) = [each for each in Feeds(site.database).of(_reader(site, "lars")) if each.fetched_at][:1]
    assert feed.fetched_at


def test_a_calendar_is_given_where_its_reading_can_not_be_noted(site: Signed) -> None:
    path = _path(_token(site, "ingrid"))
    with closing(sqlite3.connect(Notes.beside(site.database).path, isolation_level=None)) as notes:
        notes.execute(
            "create trigger full before update of fetched_at on calendar_feeds begin select raise(abort, 'full'); end"
        )
        try:
            assert Visitor(site.address).status(path) == 200
        finally:
            notes.execute("drop trigger full")
    assert "full" in (site.folder / "log.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", ["/calendar/x.ics", "/calendar/.ics", "/calendar/", "/calendar/a/b.ics"])
def test_a_guessed_address_opens_nothing(path: str, site: Signed) -> None:
    assert Visitor(site.address).status(path) == 404
    token = _token(site, "lars")
    for near in (token[:-1], token.swapcase(), f"{token}A"):
        status, _headers, text = Visitor(site.address).request(_path(near))
        assert (status, text) == (404, Visitor(site.address).request(_path("x"))[2])


def test_a_revoked_address_opens_nothing_and_is_revoked_by_its_reader_alone(site: Signed) -> None:
    feeds, lars = Feeds(site.database), _reader(site, "lars")
    feed, token = feeds.add(lars, "duties", 7, "nb", AT)
    assert not feeds.revoke(feed.feed_id, AT, _reader(site, "ingrid"))
    assert Visitor(site.address).status(_path(token)) == 200
    assert feeds.revoke(feed.feed_id, AT, lars)
    assert not feeds.revoke(feed.feed_id, AT, lars)
    assert Visitor(site.address).status(_path(token)) == 404
    assert feed.feed_id not in {each.feed_id for each in feeds.of(lars)}


def test_a_removed_person_has_no_calendar_and_one_with_other_customers_has_theirs(site: Signed) -> None:
    path, before = _path(_token(site, "lars")), site.access.read_text(encoding="utf-8")
    mine = Visitor(site.address).request(path)[2]
    try:
        site.change('account_managers = ["Bjørn Sørli"]', 'account_managers = ["Torbjørn Færøy"]')
        other = Visitor(site.address).request(path)[2]
        assert "Torbjørn Færøy" in other
        assert "Bjørn Sørli" not in other
        site.change('address = "lars@partner.example"', 'address = "nils@partner.example"')
        assert Visitor(site.address).status(path) == 404
    finally:
        site.access.write_text(before, encoding="utf-8")
    assert Visitor(site.address).request(path)[2] == mine


def test_rights_by_a_role_alone_make_no_calendar(site: Signed) -> None:
    with pytest.raises(CcinsightError, match=r"access\.toml"):
        _token(site, "unni")


def test_the_token_is_written_nowhere(site: Signed) -> None:
    token = _token(site, "ingrid")
    assert len(token) >= 43
    assert Visitor(site.address).status(_path(token)) == 200
    assert token not in (site.folder / "log.txt").read_text(encoding="utf-8")
    assert token.encode() not in Notes.beside(site.database).path.read_bytes()


def test_who_is_refused_gets_no_more_calendars_than_so_many(tmp_path: Path) -> None:
    feeds = Feeds(tmp_path / "a.duckdb")
    for _each in range(20):
        feeds.add(SEES_ALL, "duties", 7, "nb", AT)
    with pytest.raises(CcinsightError, match="20"):
        feeds.add(SEES_ALL, "duties", 7, "nb", AT)
    feeds.revoke(feeds.active()[0].feed_id, AT)
    feeds.add(SEES_ALL, "customer", 0, "en", AT)
    with pytest.raises(CcinsightError):
        feeds.add(SEES_ALL, "duties", 61, "nb", AT)


def test_without_a_sign_in_there_is_everybodys_and_that_of_an_address(tmp_path: Path) -> None:
    database = tmp_path / "a.duckdb"
    write_private(
        tmp_path / "delivery.toml", '[account_managers]\n"Kari Nordmann" = "kari@partner.example"\n'
    )
    feeds = Feeds(database)
    everybody, _token = feeds.add(SEES_ALL, "duties", 7, "nb", AT)
    assert feeds.reader_of(everybody, TODAY) == SEES_ALL
    kari = Reader("kari@partner.example", address="kari@partner.example", customer_ids=frozenset("1"))
    hers, _token = feeds.add(kari, "duties", 7, "nb", AT)
    found = feeds.reader_of(hers, date(2026, 3, 2))
    assert found
    assert found.managers == {"Kari Nordmann"}
    (tmp_path / "delivery.toml").unlink()
    assert feeds.reader_of(hers, TODAY) is None


def test_a_forgotten_colleague_has_no_calendar(tmp_path: Path) -> None:
    database = tmp_path / "a.duckdb"
    text = '[account_managers]\n"Kari Nordmann" = "kari.nordmann@p.example"\n"Ola Li" = "ola.li@p.example"\n'
    write_private(tmp_path / "delivery.toml", text)
    feeds = Feeds(database)
    for address in ("kari.nordmann@p.example", "ola.li@p.example"):
        feeds.add(Reader(address, address=address, customer_ids=frozenset("1")), "duties", 7, "nb", AT)
    name = re.compile(r"kari\.nordmann")
    assert Notes.beside(database).count_quoting(name) == 1
    Notes.beside(database).redact(name)
    assert [feed.address for feed in feeds.active()] == ["ola.li@p.example"]
