"""Digests of the sample: each reader's own customers, what is due, what is said once, and how it is laid out."""

from __future__ import annotations

import html
import re
import shutil
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

from ccinsight.access import SEES_ALL, Reader, Right
from ccinsight.dashboard.navigation import PAGES
from ccinsight.dashboard.session.link_values import MANAGER
from ccinsight.database.scope import Scope
from ccinsight.database.warehouse import Warehouse
from ccinsight.i18n import language
from ccinsight.integrations.delivery import due, management
from ccinsight.integrations.delivery.contents import MOST_ROWS, Digest, Row, Section
from ccinsight.integrations.delivery.digest import compose
from ccinsight.integrations.delivery.facts import remember, remembered
from ccinsight.integrations.delivery.links import Link
from ccinsight.integrations.delivery.recipients import Recipient
from ccinsight.integrations.delivery.rendering import Rendered, render
from ccinsight.notes import Notes
from ccinsight.notes.duties import DONE, Duty, DutyMarks
from tests.access.readers import BJORN, LISTED, SILJE, TODAY, marks_of_others

PUBLIC = "https://ccinsight.firma.no"
STOP = f"{PUBLIC}/unsubscribe/t0k3n"
WEEK = timedelta(days=7)
# The day of the import, and one with duties that are due soon.
DAYS = (TODAY, date(2026, 6, 14))


@pytest.fixture(scope="module")
def database(sample_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sample's database, to write notes beside."""
    copy = tmp_path_factory.mktemp("digest") / "ccinsight.duckdb"
    shutil.copy(sample_database, copy)
    return copy


def _recipient(reader: Reader, language: str = "en") -> Recipient:
    return Recipient(reader, f"{reader.key or 'all'}@firma.no", language)


def _rendered(digest: Digest, language: str = "en") -> Rendered:
    return render(digest, language, PUBLIC, STOP)


def _links(text: str) -> set[str]:
    return set(re.findall(r"https://[^\s\"<>]+", text))


def _titles(digest: Digest, name: str) -> list[str]:
    return [row.title for section in digest.sections if section.name == name for row in section.rows]


@pytest.mark.parametrize("reader", [SILJE, BJORN, LISTED], ids=lambda reader: reader.key)
def test_a_message_holds_nothing_of_anothers_customer(database: Path, reader: Reader) -> None:
    hidden = marks_of_others(database, reader)
    for day in DAYS:
        digest = compose(database, _recipient(reader), day, day - 5 * WEEK)
        message = _rendered(digest)
        for text in (message.subject, message.text, html.unescape(message.html)):
            assert not [mark for mark in hidden.texts if mark in text]
        ids = {
            value
            for link in _links(message.text)
            for key, value in parse_qsl(urlsplit(link).query)
            if key == "id"
        }
        assert not ids & hidden.customer_ids
        assert not {customer for _key, customer in digest.facts if customer} & hidden.customer_ids
        assert not re.search(r"\.(csv|txt|xlsx)", message.text)


def test_every_open_duty_is_listed_or_counted(database: Path) -> None:
    digest = compose(database, _recipient(BJORN), TODAY, None)
    with Warehouse.open(database) as house:
        rows = [
            row
            for name, option in (("duties", "marks"), ("verdicts_due", "verdicts"))
            for row in house.report(name, Scope(TODAY, BJORN), **{option: []}).to_pylist()
        ]
    late = [row for row in rows if (row["days_left"] or 0) < 0]
    near = [row for row in rows if row["last_working_day"] and 0 <= row["days_left"] <= due.SOON_DAYS]
    assert len(late) == 19
    overdue = next(section for section in digest.sections if section.name == "overdue")
    assert len(overdue.rows) + overdue.more == len(late)
    newest = sorted(late, key=lambda row: -row["days_left"])[: len(overdue.rows)]
    assert sorted(_titles(digest, "overdue")) == sorted(row["customer_name"] for row in newest)
    assert _titles(digest, "overdue")[0] in {row["customer_name"] for row in late if row["days_left"] > -16}
    later = next(section for section in digest.sections if section.name == "later")
    counted = sum(int(row.text.split()[0]) for row in later.rows)
    assert len(late) + len(near) + counted == len(rows)
    assert digest.subject.startswith("CloudCare: 19 duties are overdue")
    assert not digest.is_empty


@pytest.mark.parametrize("day", [date(2026, 3, 22), date(2026, 6, 14)], ids=["value unknown", "value known"])
def test_a_duty_gives_the_last_day_that_works(database: Path, day: date) -> None:
    digest = compose(database, _recipient(BJORN), day, None)
    with Warehouse.open(database) as house:
        rows = house.report("duties", Scope(day, BJORN), marks=[]).to_pylist()
    near = [row for row in rows if row["kind"] == "status_meeting" and 0 <= row["days_left"] <= 14]
    assert near
    said = {row.title: row for section in digest.sections if section.name == "soon" for row in section.rows}
    for row in near:
        shown = said[row["customer_name"]]
        assert shown.day == f"act by {row['last_working_day']:%-d %b %Y}"
        assert shown.mark == due.days_text((row["last_working_day"] - day).days)
        assert shown.value == (
            "value unknown" if row["value"] is None else f"{row['value']:,.0f}\N{NO-BREAK SPACE}kr a year"
        )


def test_what_is_done_is_in_no_message(database: Path) -> None:
    before = compose(database, _recipient(BJORN), TODAY, None)
    with Warehouse.open(database) as house:
        rows = house.report("duties", Scope(TODAY, BJORN), marks=[]).to_pylist()
    meeting = next(row for row in rows if row["kind"] == "status_meeting" and row["days_left"] < 0)
    marks = DutyMarks.beside(database)
    marks.close([Duty.of(meeting)], DONE, closed_on=TODAY, saved_at=datetime(2026, 3, 1, 10))
    after = compose(database, _recipient(BJORN), TODAY, None)
    marks.undo([Duty.of(meeting)], undone_at=datetime(2026, 3, 1, 11))
    link = f"/meeting?id={meeting['customer_id']}"
    assert link in _rendered(before).text
    assert link not in _rendered(after).text
    assert "18 duties are overdue" in after.subject


def test_management_sees_managers_movements_leakage_and_files(database: Path) -> None:
    digest = compose(database, _recipient(SEES_ALL), TODAY, None)
    by_name = {section.name: section for section in digest.sections}
    managers = {row.title: row for row in by_name["managers"].rows}
    assert managers["Bjørn Sørli"].mark == "19 overdue"
    assert managers["Bjørn Sørli"].link == Link("to_do", ((MANAGER, "Bjørn Sørli"),))
    assert managers["No account manager"].link is None
    with Warehouse.open(database) as house:
        rows = house.report("revenue_changes", Scope(TODAY, SEES_ALL), since=TODAY - WEEK).to_pylist()
    assert {row.title for row in by_name["movements"].rows} >= {"Lost"}
    lost = next(row for row in by_name["movements"].rows if row.title == "Lost")
    churn = sum(row["amount"] for row in rows if row["movement"] == "churn")
    assert lost.day == f"{churn:,.0f}\N{NO-BREAK SPACE}kr a year"
    assert _titles(digest, "leakage")
    assert "avtaler.csv" in _titles(digest, "data")
    assert "overdue" not in by_name and "soon" not in by_name


def test_overdue_duties_of_managers_add_up_to_what_the_page_counts() -> None:
    stale = {**_duty(0, -3), "kind": "tickets_stale", "customer_id": None, "agreement_id": None}
    meetings = [{**_duty(at, -3), "kind": "status_meeting", "value": Decimal(1000)} for at in (1, 2, 3)]
    notice = {**meetings[0], "duty_id": "n", "kind": "price_notice"}
    unbilled = {**_duty(4, -1), "kind": "yearly_unbilled", "value": None}
    managers = {"1": "Kari", "2": "Kari", "3": None, "4": "Ola"}
    (found,) = management.overdue([stale, *meetings, notice, unbilled, _duty(1, 3)], managers)
    assert [(row.title, row.mark, row.value, row.link) for row in found.rows] == [
        ("Kari", "3 overdue", "", Link("to_do", ((MANAGER, "Kari"),))),
        ("No account manager", "1 overdue", "", None),
        ("Ola", "1 overdue", "1 unknown", Link("to_do", ((MANAGER, "Ola"),))),
        ("The data as a whole", "1 overdue", "", None),
    ]
    # the agreement that both duties are about counts once
    assert found.rows[0].text.endswith("agreements worth 2,000\N{NO-BREAK SPACE}kr a year")


def test_whoever_sees_all_gets_the_duties_of_their_own_customers_too(database: Path) -> None:
    both = Reader(key="both", managers=SILJE.managers, sees_all=True, rights=frozenset(Right), today=TODAY)
    digest = compose(database, _recipient(both), TODAY, None)
    own = compose(database, _recipient(SILJE), TODAY, None)
    assert _titles(digest, "overdue") == _titles(own, "overdue") != []
    assert _titles(digest, "managers")


def test_the_next_message_says_nothing_twice(database: Path) -> None:
    who = _recipient(SILJE)
    first = compose(database, who, TODAY, None)
    remember(database, who, first)
    second = compose(database, who, TODAY + timedelta(days=1), TODAY)
    assert "without a deadline" in first.subject
    assert "without a deadline" not in second.subject
    said = {section.name for section in first.sections} - {"overdue", "soon", "later"}
    for name in said:
        assert not set(_titles(first, name)) & set(_titles(second, name))


def test_facts_go_with_their_customer_and_with_older_messages(database: Path) -> None:
    who = _recipient(BJORN)
    digest = compose(database, who, TODAY, TODAY - WEEK)
    remember(database, who, digest)
    known = remembered(database, who, TODAY)
    assert known is not None and known == {"", *(key for key, _customer in digest.facts)}
    assert remembered(database, who, TODAY - WEEK) is None
    customer = next(customer for _key, customer in digest.facts if customer)
    mine = {key for key, each in digest.facts if each == customer}
    Notes.beside(database).forget_customer(customer)
    left = remembered(database, who, TODAY)
    assert left == known - mine and mine
    later = compose(database, who, TODAY + WEEK, TODAY)
    remember(database, who, later)
    assert remembered(database, who, TODAY) is not None  # the next one may still fail
    remember(database, who, compose(database, who, TODAY + 2 * WEEK, TODAY + WEEK))
    assert remembered(database, who, TODAY) is None


def test_where_nothing_is_due_the_message_is_empty_and_says_so(database: Path) -> None:
    nobody = Reader(key="new", customer_ids=frozenset({"none"}))
    for name, subject, title in (
        ("en", "CloudCare: nothing to do", "Nothing is due and nothing has changed"),
        ("nb", "CloudCare: ingenting å gjøre", "Ingenting haster, og ingenting er endret"),
    ):
        digest = compose(database, _recipient(nobody, name), TODAY, None)
        message = _rendered(digest, name)
        assert digest.is_empty and not digest.sections
        assert message.subject == subject
        assert title in message.text and title in message.html
    assert language() == "en"


def test_both_languages_say_the_same(database: Path) -> None:
    english, norwegian = (compose(database, _recipient(BJORN, name), TODAY, None) for name in ("en", "nb"))
    assert [section.name for section in english.sections] == [section.name for section in norwegian.sections]
    assert [len(section.rows) for section in english.sections] == [
        len(section.rows) for section in norwegian.sections
    ]
    text = _rendered(norwegian, "nb").text
    assert (
        "19 oppgaver er forfalt" in text
        and "dager over fristen" in text
        and "28.02.2026" not in english.intro
    )
    assert "Stop these messages" in _rendered(english).text and "Meld meg av" in text
    assert 'lang="nb"' in _rendered(norwegian, "nb").html


def test_links_lead_to_pages_and_parameters_that_exist(database: Path) -> None:
    links: set[str] = set()
    for reader in (BJORN, SEES_ALL):
        for day in DAYS:
            message = _rendered(compose(database, _recipient(reader), day, day - 5 * WEEK))
            links |= _links(message.text)
            assert {html.unescape(link) for link in _links(message.html)} == _links(message.text)
    pages = set()
    for link in links - {STOP}:
        parts = urlsplit(link)
        page = PAGES[parts.path.removeprefix("/")]
        pages.add(page.name)
        for name, value in parse_qsl(parts.query, strict_parsing=True):
            if name != MANAGER:
                allowed = page.parameters[name].values
                assert allowed is None or value in allowed, link
    assert pages >= {
        "to_do",
        "customer",
        "meeting",
        "revenue",
        "leakage",
        "status_meetings",
        "data",
        "delivery",
    }


def _digest(*rows: Row, title: str = "Duties") -> Digest:
    section = Section("soon", title, rows, more=2, link=Link("to_do"))
    return Digest("Subject\r\nBcc: x@y.no", (section,), False, TODAY, TODAY - WEEK, title, "Intro")


def test_names_are_escaped_and_stay_in_their_row() -> None:
    name = "<b>Fjord</b> & Drift\n\n-- \"AS'"
    message = _rendered(
        _digest(
            Row(name, text=name, day=name, value=name, mark=name, link=Link("customer", (("id", "1&2"),)))
        )
    )
    assert "<b>" not in message.html
    assert message.html.count("&lt;b&gt;Fjord&lt;/b&gt; &amp; Drift") == 5
    assert "id=1%262" in message.html
    assert "- <b>Fjord</b> & Drift -- \"AS'\n" in message.text
    assert message.subject == "Subject Bcc: x@y.no"


def test_without_an_address_no_link_is_shown() -> None:
    message = render(_digest(Row("Fjord", link=Link("to_do"))), "en", "", None)
    assert "href" not in message.html and "http" not in message.text
    assert "and 2 more" in message.text and "and 2 more" in message.html
    assert "Stop" not in message.text


def _duty(number: int, days_left: int) -> due.Duty:
    last_day = TODAY + timedelta(days=days_left)
    return {
        "duty_id": str(number),
        "kind": "users_unknown",
        "state": "open",
        "customer_id": str(number),
        "customer_name": f"Kunde {number}",
        "agreement_id": f"A-{number}",
        "last_day": last_day,
        "last_working_day": last_day,
        "days_left": days_left,
        "value": None,
        "detail": None,
        "relates_on": None,
    }


def test_a_section_is_cut_but_never_what_must_be_done_before_the_next_message() -> None:
    (late,) = due.sections([_duty(at, -1) for at in range(20)], TODAY)
    assert (len(late.rows), late.more) == (MOST_ROWS, 5)
    (near,) = due.sections([_duty(at, 3) for at in range(20)], TODAY)
    assert (len(near.rows), near.more) == (20, 0)
    (far,) = due.sections([_duty(at, 12) for at in range(20)], TODAY)
    assert (len(far.rows), far.more) == (MOST_ROWS, 5)


def test_an_overdue_duty_that_is_new_comes_first_however_old_it_is() -> None:
    duties = [_duty(at, -at) for at in range(1, 25)]
    known = frozenset(due.key_of(row) for row in duties[:-2])
    (late,) = due.sections(duties, TODAY, known)
    assert [row.title for row in late.rows[:3]] == ["Kunde 23", "Kunde 24", "Kunde 1"]
    assert (late.intro, len(late.rows)) == ("2 are new since the last message.", MOST_ROWS)
    (late,) = due.sections(duties, TODAY, frozenset())
    assert (len(late.rows), late.more) == (24, 0)


def test_a_deadline_on_a_day_off_whose_working_day_has_passed_says_so() -> None:
    duty = {**_duty(1, 1), "last_working_day": TODAY - timedelta(days=1)}
    ((row,),) = (section.rows for section in due.sections([duty], TODAY))
    assert (row.day, row.mark) == ("deadline 2 Mar 2026, a day off", "1 day left")
