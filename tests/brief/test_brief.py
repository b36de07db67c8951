"""What a brief says, worked out by hand; every figure is where it says it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from ccinsight import i18n
from ccinsight.access import SEES_ALL
from ccinsight.brief import Brief, Figure, Sources, make_brief
from ccinsight.database.scope import Scope
from ccinsight.database.warehouse import Warehouse
from ccinsight.errors import UsageError
from ccinsight.notes import Notes
from ccinsight.registry import REPORTS
from tests.deck import companies
from tests.deck.companies import AS_OF
from tests.reports.companies import agreement, company, meeting, price

SAMPLE_DAY = date(2026, 11, 1)


@pytest.fixture(scope="module")
def house(sample_database: Path) -> Iterator[Warehouse]:
    with Warehouse.open(sample_database) as opened:
        yield opened


@pytest.fixture(scope="module")
def plain() -> Warehouse:
    return companies.plain()


def _customers(house: Warehouse, as_of: date) -> tuple[str, ...]:
    return tuple(house.report("customers", Scope(as_of, SEES_ALL)).column("customer_id").to_pylist())


def _brief(house: Warehouse, as_of: date = AS_OF, language: str = "en", notes: Notes | None = None) -> Brief:
    return make_brief(Sources(house, as_of, SEES_ALL, ("1",), notes), "1", language)


def _texts(brief: Brief, section: str) -> list[str]:
    found = brief.sections[section]
    said = [found.title.text, *(each.text for each in found.statements)]
    return [text.replace("\N{NO-BREAK SPACE}", " ") for text in said]


def _figures(brief: Brief) -> Iterator[Figure]:
    for _section, statement in brief.statements():
        yield from statement.figures


def _row_of(rows: list[dict[str, Any]], figure: Figure) -> dict[str, Any]:
    found = [row for row in rows if all(row[name] == value for name, value in figure.key)]
    assert len(found) == 1, figure
    return found[0]


# --- Against the reports


def test_every_customer_gets_a_brief_whose_figures_stand_in_their_reports(house: Warehouse) -> None:
    customers = _customers(house, SAMPLE_DAY)
    sources = Sources(house, SAMPLE_DAY, SEES_ALL, customers)
    asked: dict[Any, list[dict[str, Any]]] = {}
    checked = 0

    for number, customer in enumerate(customers):
        brief = make_brief(sources, customer, "nb")
        # each has a brief; every third is looked up
        for figure in _figures(brief) if number % 3 == 0 else ():
            whose = None if REPORTS[figure.report].has_column("customer_id") else (customer,)
            key = (figure.report, figure.as_of, figure.options, whose)
            if key not in asked:
                table = house.report(
                    figure.report, Scope(figure.as_of, SEES_ALL, whose), **dict(figure.options)
                )
                asked[key] = table.to_pylist()
            assert _row_of(asked[key], figure)[figure.column] == figure.value, figure
            checked += 1

    assert checked > 700


def test_a_brief_alone_says_the_same_as_among_many(house: Warehouse) -> None:
    many = Sources(house, SAMPLE_DAY, SEES_ALL, _customers(house, SAMPLE_DAY))
    for customer in ("1004", "1059", "8001"):
        alone = make_brief(Sources(house, SAMPLE_DAY, SEES_ALL, (customer,)), customer, "en")
        together = make_brief(many, customer, "en")
        assert alone.sections == together.sections
        assert {name: table.to_pylist() for name, table in alone.tables.items()} == {
            name: table.to_pylist() for name, table in together.tables.items()
        }


@pytest.mark.parametrize("as_of", [date(2019, 1, 1), date(2023, 2, 28), date(2024, 2, 29), date(2030, 1, 1)])
def test_a_brief_can_be_made_on_any_day(house: Warehouse, as_of: date) -> None:
    customers = _customers(house, as_of)[:15]
    sources = Sources(house, as_of, SEES_ALL, customers)

    assert [make_brief(sources, customer, "nb").customer_id for customer in customers] == list(customers)


def test_every_customer_of_the_help_desk_gets_a_brief(tmp_path: Path) -> None:
    from ccinsight.ingest import import_paths

    folder = Path(__file__).parents[3] / "shared" / "real" / "helpdesk"
    if not folder.is_dir():
        pytest.skip("the help desk's files are not here")
    day = date(2013, 6, 30)
    import_paths([folder], tmp_path / "helpdesk.duckdb", imported_at=datetime(2026, 3, 1, 9))
    with Warehouse.open(tmp_path / "helpdesk.duckdb") as opened:
        customers = _customers(opened, day)
        sources = Sources(opened, day, SEES_ALL, customers)
        briefs = [make_brief(sources, customer, "en") for customer in customers]

    assert len(briefs) == 394
    titles = [
        each.sections["value"].title.text for each in briefs if each.rows("agreement_use")[0]["tickets"]
    ]
    assert titles
    assert all(title.endswith("unknown") for title in titles)


# --- What it says


def test_since_the_last_meeting(plain: Warehouse) -> None:
    brief = _brief(plain)

    assert (brief.since, brief.last_meeting_on) == (date(2025, 5, 6), date(2025, 5, 6))
    assert _texts(brief, "meetings") == [
        "The last status meeting was held on 6 May 2025",
        "Course, held since 6 May 2025: 20 Aug 2025",
        "Status meeting, planned: 2 Apr 2026",
    ]


def test_without_a_meeting_the_span_is_a_year() -> None:
    brief = _brief(
        company(agreements=[agreement()], meetings=[meeting("M-1", "2", held_on=date(2025, 5, 6))])
    )

    assert (brief.since, brief.last_meeting_on) == (date(2025, 3, 15), None)
    assert brief.sections["meetings"].title.text == "No status meeting is known before 15 Mar 2026"


def test_a_meeting_held_later_is_not_known_yet(plain: Warehouse) -> None:
    brief = _brief(plain, date(2025, 5, 5))

    assert brief.last_meeting_on is None


def test_users(plain: Warehouse) -> None:
    assert _texts(_brief(plain), "users") == [
        "9 registered users on 15 Mar 2026, 3 more than on 15 Mar 2025",
        "6 users active, 67% of those registered, in the newest count that holds both.",
        "Agreement A-1: 9 users invoiced in the period from 1 Apr 2025.",
    ]


def test_tickets_against_the_year_before(plain: Warehouse) -> None:
    brief = _brief(plain)

    assert _texts(brief, "months") == [
        "3 tickets in the last 12 months, 2 tickets more than the year before",
        "Time spent: 4.0 h in the last 12 months, 1.0 h in the year before.",
        "The agreement is younger than a year: its figures hold fewer than 12 months.",
    ]
    assert _texts(brief, "groups")[1:] == [
        "By scope, tickets in the last 12 months: Support 1, Consulting 1, Training 1.",
        "By channel, tickets in the last 12 months: unknown 2, Phone 1.",
    ]


def test_peers_of_the_same_size(plain: Warehouse) -> None:
    assert _texts(_brief(plain), "peers") == [
        "0.33 tickets per user in the last 12 months; the median with 5–9 users is 0.00",
        "Of the 5 other customers with 5–9 users, 5 have fewer tickets per user.",
    ]


def test_too_few_peers_are_not_compared_with() -> None:
    house = company(agreements=[agreement(registered_users=7), agreement("A-2", "2", registered_users=8)])

    section = _brief(house).sections["peers"]

    assert section.is_empty
    assert section.title.text == "Too few customers with 5–9 users to compare with: 2"


def test_access_down_and_open_cases(plain: Warehouse) -> None:
    brief = _brief(plain)

    assert (
        _texts(brief, "response")[0]
        == "1 access-down case in the last 12 months; the first reply came within 30 min"
    )
    assert _texts(brief, "open_cases") == ["2 open tickets, the oldest opened 2 May 2024"]
    assert [row["ticket_id"] for row in brief.rows("open_tickets")] == ["T-0", "T-2"]


def test_contacts_and_requests(plain: Warehouse) -> None:
    brief = _brief(plain)

    assert _texts(brief, "contacts") == [
        "2 contacts opened the tickets of the last 12 months",
        "2 of 9 registered users contacted support in the last 12 months, 22%.",
    ]
    assert _texts(brief, "requests") == [
        "Training requests in the last 12 months: 1; consulting requests: 1",
        "Consulting work: Tilpasning: 1 ticket",
        "Course: Utvalg: 1 ticket",
    ]


def test_value_of_the_agreement(plain: Warehouse) -> None:
    # 4 hours spent, 2 of them billable; one hour at 1 250 in place of 1 550
    assert _texts(_brief(plain), "value") == [
        "The agreement covered 2.0 h of support and 300 kr of discount in the last 12 months"
    ]


def test_renewal_and_price(plain: Warehouse) -> None:
    # the new price was announced after 14 Feb 2026 and doesn't reach the renewal
    assert _texts(_brief(plain), "renewal") == [
        "The agreement renews for another year on 1 Apr 2026",
        "Agreement A-1: 9,000 kr a year from 1 Apr 2026, 9 users at 1,000 kr per user.",
        "The price per user is 1,000 kr now and from the renewal.",
    ]


def test_what_is_for_internal_eyes(plain: Warehouse) -> None:
    brief = _brief(plain)

    assert _texts(brief, "unbilled") == [
        # 6 users on the start by the count of January, then 8; 8 000 expected on 1 April, 7 000 invoiced
        "Unbilled in the last 12 months: 1,167 kr of yearly invoices and expansions, "
        "1,250 kr of consulting work",
        "Agreement A-1, yearly, period from 1 Apr 2025: 8,000 kr expected, 7,000 kr invoiced.",
        "Agreement A-1, expansion, period from 1 Apr 2025: 167 kr expected, 0 kr invoiced.",
        "Consulting work in the last 12 months: 2,500 kr by the time to invoice, 1,250 kr invoiced.",
    ]
    assert _texts(brief, "missed_price")[0] == (
        "A price change was notified too late: 900 kr a year is missed at the coming renewal"
    )
    internal = {name for name, section in brief.sections.items() if section.is_internal}
    assert internal == {"unbilled", "missed_price", "promises"}


def test_unknown_is_called_unknown_with_why() -> None:
    brief = _brief(companies.bare())

    said = " ".join(text for name in brief.sections for text in _texts(brief, name))

    for expected in (
        "Whether a status meeting was held is unknown: no meetings were imported",
        "The number of registered users is unknown: no user counts were imported",
        "How many users are active is unknown: no user count holds it.",
        "the value from 1 Apr 2026 is unknown, since the users are",
        "Discounts are unknown: no invoices were imported.",
        "What is unbilled is unknown: no invoices were imported",
    ):
        assert expected in said


def test_norwegian_and_the_reader_s_own_language_after_it(plain: Warehouse) -> None:
    i18n.set_language("en")

    brief = _brief(plain, language="nb")

    assert brief.sections["users"].title.text == "9 registrerte brukere 15.03.2026, 3 flere enn 15.03.2025"
    assert i18n.language() == "en"


def test_a_customer_that_does_not_exist_is_named() -> None:
    with pytest.raises(UsageError, match="77"):
        Sources(companies.bare(), AS_OF, SEES_ALL, ("77",))
    with pytest.raises(UsageError, match="77"):
        make_brief(Sources(companies.bare(), AS_OF, SEES_ALL, ("1",)), "77")


# --- Agenda and notes


def test_an_agenda_is_proposed_from_what_stands_out(plain: Warehouse) -> None:
    brief = _brief(plain)

    assert brief.is_agenda_proposed
    assert brief.agenda[0] == "What has happened since the last meeting"
    assert "2 open tickets, the oldest opened 2 May 2024" in brief.agenda
    assert brief.agenda[-2:] == (
        "The renewal of agreement A-1 on 1 Apr 2026: users and price",
        "What we agree until the next meeting",
    )


def test_the_account_manager_s_agenda_and_last_year_s_agreement(plain: Warehouse, tmp_path: Path) -> None:
    notes = Notes(tmp_path / "notes.sqlite")
    years = ((date(2024, 4, 1), date(2025, 3, 31)), (date(2025, 4, 1), date(2026, 3, 31)))
    for (start, end), agenda, agreed in zip(
        years, ("Old", "First\n\nSecond"), ("Course in May", ""), strict=True
    ):
        notes.save_agenda(
            "1",
            start,
            end,
            end.replace(day=1),
            agenda=agenda,
            notes="Bring the list",
            agreed=agreed,
            saved_at=datetime(2026, 1, 1),
        )

    brief = _brief(plain, notes=notes)

    assert (brief.agenda, brief.is_agenda_proposed, brief.notes) == (
        ("First", "Second"),
        False,
        "Bring the list",
    )
    assert (brief.agreed_last_time, brief.agreed_last_time_on) == ("Course in May", date(2025, 3, 1))


def test_a_possibility_that_was_taken_out_is_not_shown_and_not_on_the_agenda(tmp_path: Path) -> None:
    house, notes = companies.plain(), Notes(tmp_path / "notes.sqlite")
    first = _brief(house, notes=notes).possibilities[0]
    period = (date(2025, 4, 1), date(2026, 3, 31))
    saved_at = datetime(2026, 3, 1)
    notes.save_agenda("1", *period, AS_OF, agenda="", left_out=[first.key], held_on=AS_OF, saved_at=saved_at)

    brief = _brief(house, language="nb", notes=notes)

    assert [point.key for point in brief.left_out] == [first.key]
    assert first.key not in [point.key for point in brief.possibilities]
    assert brief.left_out[0].title not in brief.agenda
    assert brief.is_agenda_proposed
    assert brief.held_on == AS_OF


# --- An agreement that has ended


def test_an_ended_agreement_s_users_are_those_of_its_last_period() -> None:
    house = company(
        agreements=[
            agreement(subscribed_on=date(2022, 4, 1), terminated_on=date(2024, 2, 1), registered_users=12),
            agreement("A-2", "2", subscribed_on=date(2022, 4, 1), registered_users=3),
        ],
        prices=[price(date(2020, 1, 1), "1200")],
    )
    title, *statements = _texts(_brief(house, date(2025, 3, 15)), "users")

    assert title == "12 users invoiced in the last period, until the agreement ended on 31 Mar 2024"
    assert statements == [
        "Agreement A-1, last period from 1 Apr 2023 to 31 Mar 2024: 12 users invoiced at 1,200 kr per user, "
        "14,400 kr a year."
    ]


def test_what_an_ended_agreement_was_is_not_said_while_another_is_in_force() -> None:
    house = company(
        agreements=[
            agreement(subscribed_on=date(2022, 4, 1), terminated_on=date(2024, 2, 1), registered_users=12),
            agreement("A-2", subscribed_on=date(2024, 4, 1), registered_users=3),
        ],
        prices=[price(date(2020, 1, 1), "1200")],
    )
    assert not any("last period" in text for text in _texts(_brief(house, date(2025, 3, 15)), "users"))


# --- Price notices


@pytest.mark.parametrize(("as_of", "is_said"), [(date(2026, 2, 14), True), (date(2026, 2, 15), False)])
def test_a_planned_price_is_to_be_sent_and_for_internal_eyes(as_of: date, is_said: bool) -> None:
    house = company(
        agreements=[agreement(registered_users=12)],
        prices=[
            price(date(2020, 1, 1), "1200"),
            price(date(2026, 1, 1), "1300", announced_on=date(2026, 3, 1)),
        ],
    )
    brief = _brief(house, as_of)

    said = "Agreement A-1: a new price from 1 Apr 2026 must be announced by 14 Feb 2026."
    assert _texts(brief, "missed_price")[1:] == ([said] if is_said else [])
    assert brief.sections["missed_price"].is_internal
