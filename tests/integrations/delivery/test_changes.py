"""What a digest says has changed: each kind with rows worked out by hand, the days at its edges, and each said once."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from ccinsight.access import SEES_ALL, Reader
from ccinsight.database.warehouse import Warehouse
from ccinsight.integrations.delivery import data_state
from ccinsight.integrations.delivery.changes import KINDS, Changes, Known, Source, changes
from ccinsight.integrations.delivery.contents import Row
from tests.reports.companies import agreement, company, count, meeting, price, ticket

AS_OF = date(2026, 3, 9)
START = date(2026, 3, 2)
ONE_DAY = timedelta(days=1)
LIST = [price(date(2025, 1, 1), "1200", announced_on=date(2024, 11, 1))]


def _source(house: Warehouse, keys: frozenset[str] | None = None, **given: Any) -> Source:
    return Source(
        house, given.pop("reader", SEES_ALL), given.pop("as_of", AS_OF), Known(START, keys), **given
    )


def _changes(name: str, house: Warehouse, **given: Any) -> Changes:
    return changes(_source(house, **given), [kind for kind in KINDS if kind.name == name])


def _rows(name: str, house: Warehouse, **given: Any) -> list[Row]:
    return [row for section in _changes(name, house, **given).sections for row in section.rows]


@pytest.mark.parametrize(
    ("received", "said"), [(START, 0), (START + ONE_DAY, 1), (AS_OF, 1), (AS_OF + ONE_DAY, 0)]
)
def test_a_notice_is_said_with_its_end_and_its_value(received: date, said: int) -> None:
    house = company(
        agreements=[agreement(terminated_on=received, terminated_by="customer")],
        user_counts=[count(date(2025, 4, 1), 20)],
        prices=LIST,
    )
    rows = _rows("notices", house)
    assert len(rows) == said
    for row in rows:
        assert row.title == "Kunde 1 AS"
        assert row.text == "CloudCare CRM · terminated by the customer"
        assert row.mark == "ends 31 Mar 2027"  # after the deadline of 28 February 2026
        assert row.value == "24,000\N{NO-BREAK SPACE}kr a year"


def test_what_isnt_known_is_said_to_be_unknown() -> None:
    house = company(agreements=[agreement(terminated_on=AS_OF), agreement("A-2", "2", subscribed_on=AS_OF)])
    (notice,) = _rows("notices", house)
    (new,) = _rows("new", house)
    assert notice.value == new.value == "value unknown"
    assert notice.text == "CloudCare CRM"


@pytest.mark.parametrize(
    ("ends_on", "said"), [(START - ONE_DAY, 0), (START, 1), (AS_OF - ONE_DAY, 1), (AS_OF, 0)]
)
def test_an_agreement_has_ended_on_the_day_after_its_last(ends_on: date, said: int) -> None:
    begun = ends_on + ONE_DAY - timedelta(days=365)
    house = company(
        agreements=[agreement(subscribed_on=begun, terminated_on=ends_on - timedelta(days=90))],
        user_counts=[count(begun, 20)],
        prices=LIST,
    )
    assert [row.day for row in _rows("ended", house)] == [f"last day {ends_on.day} Mar 2026"] * said


def test_new_agreements_are_those_that_began_since_or_are_to_begin() -> None:
    days = [START, START + ONE_DAY, AS_OF, AS_OF + 60 * ONE_DAY]
    house = company(
        agreements=[agreement(f"A-{at}", str(at), subscribed_on=on) for at, on in enumerate(days)]
    )
    found = _changes("new", house)
    rows = [row for section in found.sections for row in section.rows]
    assert [(row.title, row.day) for row in rows] == [
        ("Kunde 3 AS", "from 8 May 2026"),
        ("Kunde 2 AS", "from 9 Mar 2026"),
        ("Kunde 1 AS", "from 3 Mar 2026"),
    ]
    keys = frozenset(key for key, _customer in found.facts)
    assert not _rows("new", house, keys=keys, as_of=AS_OF + 60 * ONE_DAY)


def test_more_users_are_said_with_what_they_bill() -> None:
    house = company(
        agreements=[agreement(), agreement("A-2", "2", price_basis="contract")],
        user_counts=[
            *(count(date(2025, 4, 1), 20, customer) for customer in ("1", "2")),
            *(count(date(2026, 3, 4), 23, customer) for customer in ("1", "2")),
            count(date(2026, 3, 5), 21),
        ],
        prices=LIST,
    )
    first, second = _rows("users", house)
    assert (first.title, first.text) == ("Kunde 1 AS", "CloudCare CRM · from 20 to 23 users")
    assert first.day == "counted 4 Mar 2026"
    assert first.value == "300\N{NO-BREAK SPACE}kr to invoice"  # 3 × 1 200 × 1 / 12
    assert (second.title, second.value) == ("Kunde 2 AS", "amount unknown")


def test_a_meeting_slipped_when_its_day_passed_without_it() -> None:
    agreements = [agreement(f"A-{at}", str(at)) for at in range(1, 6)]
    on = date(2026, 3, 5)
    house = company(
        agreements=agreements,
        meetings=[
            meeting("M-1", "1", planned_on=on),
            meeting("M-2", "2", planned_on=on),
            meeting("M-2b", "2", planned_on=date(2026, 3, 20)),
            meeting("M-3", "3", planned_on=on, held_on=on + ONE_DAY),
            meeting("M-4", "4", planned_on=AS_OF),
            meeting("M-5", "5", planned_on=on),
        ],
    )
    rows = _rows("meetings", house, held={"5": on})
    assert [(row.title, row.text, row.day, row.mark) for row in rows] == [
        ("Kunde 1 AS", "planned for 5 Mar 2026, not held", "", "no new day"),
        ("Kunde 2 AS", "planned for 5 Mar 2026, not held", "now 20 Mar 2026", ""),
    ]


def test_a_meeting_that_was_moved_to_a_later_day_is_said_once() -> None:
    def planned(on: date) -> Warehouse:
        return company(agreements=[agreement()], meetings=[meeting("M-1", planned_on=on)])

    before = _changes("meetings", planned(date(2026, 3, 20)))
    assert not before.count
    moved = planned(date(2026, 3, 27))
    keys = frozenset(key for key, _customer in before.facts)
    (row,) = _rows("meetings", moved, keys=keys)
    assert (row.text, row.day) == ("planned for 20 Mar 2026, not held", "now 27 Mar 2026")
    keys = frozenset(key for key, _customer in _changes("meetings", moved, keys=keys).facts)
    assert not _rows("meetings", moved, keys=keys)


def test_prices_are_said_that_were_announced_for_the_readers_products() -> None:
    on = date(2026, 3, 3)
    house = company(
        agreements=[agreement(), agreement("A-2", "2", product="Sky", account_manager="Ola")],
        user_counts=[count(date(2025, 4, 1), 20)],
        prices=[
            *LIST,
            price(date(2026, 7, 1), "1300", announced_on=on),
            price(date(2027, 1, 1), "1400", announced_on=on),
            price(date(2026, 7, 1), "900", announced_on=on, product="Sky"),
            price(date(2026, 4, 1), "1100", agreement_id="A-1", announced_on=date(2026, 1, 15)),
        ],
    )
    titles = [(row.title, row.text) for row in _rows("prices", house)]
    assert titles == [
        ("Price list of CloudCare CRM", "from 1 Jul 2026"),
        ("Price list of CloudCare CRM", "from 1 Jan 2027"),
        ("Price list of Sky", "from 1 Jul 2026"),
    ]
    ola = Reader(key="ola", managers=frozenset({"Ola"}), today=AS_OF)
    assert [row.title for row in _rows("prices", house, reader=ola)] == ["Price list of Sky"]
    (own,) = _rows("prices", house, keys=frozenset(f"price:{name}" for name in _LISTED))
    assert (own.title, own.text) == ("Kunde 1 AS", "own price from 1 Apr 2026")
    assert own.value == "1,100.00\N{NO-BREAK SPACE}kr per user"


_LISTED = ("CloudCare CRM:2026-07-01", "CloudCare CRM:2027-01-01", "Sky:2026-07-01")


def test_what_is_imported_late_is_said_once() -> None:
    """A notice of February that the export brings in March."""
    before = company(agreements=[agreement()])
    after = company(agreements=[agreement(terminated_on=date(2026, 2, 10))])
    keys = frozenset(key for key, _customer in _changes("notices", before).facts)

    late = _changes("notices", after, keys=keys)

    assert late.count == 1
    assert ("notice:A-1:2026-02-10", "1") in late.facts
    again = frozenset(key for key, _customer in late.facts)
    assert not _changes("notices", after, keys=again).count
    assert not _changes("notices", after).count  # without a memory its own day decides


def test_a_notice_that_is_gone_is_said_to_be_withdrawn() -> None:
    before = _changes("notices", company(agreements=[agreement(terminated_on=START)]), keys=frozenset())
    keys = frozenset(key for key, _customer in before.facts)
    house = company(agreements=[agreement()])
    (row,) = _rows("withdrawn", house, keys=keys)
    assert (row.title, row.day, row.value) == ("Kunde 1 AS", "was received 2 Mar 2026", "value unknown")
    assert not _rows("withdrawn", house, keys=frozenset())
    corrected = company(agreements=[agreement(terminated_on=START + ONE_DAY)])
    assert not _rows("withdrawn", corrected, keys=keys)
    assert [row.day for row in _rows("notices", corrected, keys=keys)] == ["received 3 Mar 2026"]


def test_customers_of_others_are_in_no_fact() -> None:
    house = company(
        agreements=[
            agreement("A-1", "1", account_manager="Kari", terminated_on=AS_OF),
            agreement("A-2", "2", account_manager="Ola", terminated_on=AS_OF),
        ],
        meetings=[meeting(f"M-{at}", str(at), planned_on=AS_OF - ONE_DAY) for at in (1, 2)],
    )
    kari = Reader(key="kari", managers=frozenset({"Kari"}), today=AS_OF)
    found = changes(_source(house, reader=kari))
    assert {customer for _key, customer in found.facts} == {"1"}
    assert {row.title for section in found.sections for row in section.rows} == {"Kunde 1 AS"}
    assert found.count == 2


def test_everybody_learns_that_data_are_old_and_few_which_files_failed() -> None:
    house = company(agreements=[agreement()], tickets=[ticket("T-1", datetime(2026, 2, 6, 9))])
    day = date(2026, 3, 9)
    nobody = Reader(key="x", customer_ids=frozenset({"9"}))
    (fact,) = data_state.stale(_source(house, as_of=day, reader=nobody))
    assert (fact.row.title, fact.row.mark, fact.row.link) == ("Tickets", "31 days old", None)
    assert not data_state.stale(_source(house, as_of=day - ONE_DAY))
    assert data_state.age_line(_source(house, as_of=day)) == "The data: tickets to 6 Feb 2026 (31 days old)."
    with house.cursor() as cursor:
        cursor.execute("insert into stored.imports values (1, timestamp '2026-03-09 08:00', 'kari', 1)")
        cursor.execute("update stored.files set rows_rejected = 2, rows_read = 12 where export = 'tickets'")
    (wrong,) = data_state.files(_source(house, as_of=day))
    assert (wrong.row.title, wrong.row.mark) == ("tickets.csv", "2 of 12 rows rejected")
    assert data_state.files(_source(house, as_of=day, reader=nobody)) == []
    assert data_state.files(_source(house, as_of=day, reader=Reader(sees_all=True))) == []
