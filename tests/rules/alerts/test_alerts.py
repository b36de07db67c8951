"""What alerts hold for: each of our rules around its threshold, unknown figures, and a reader's own rows."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ccinsight.access import SEES_ALL, Reader
from ccinsight.database.warehouse import Warehouse
from ccinsight.i18n import set_language
from ccinsight.rules import alert_rules
from ccinsight.rules.alert_rules import read_alert_rules
from ccinsight.rules.alerts import Asked, Figures
from tests.reports.companies import Row, agreement, company, count, invoice, price, ticket

RULES = read_alert_rules(Path(alert_rules.__file__).with_name("alerts.toml"))
# The agreements of the tests run from 1 April 2024; the year that the figures look at is that up to the day.
AS_OF = date(2026, 1, 10)
START, PERIOD = date(2024, 4, 1), date(2025, 4, 1)
LIST = price(date(2024, 1, 1), "1200", announced_on=date(2023, 11, 1))
DOWN = '[categories]\n"Nede" = { access_down = true }\n'
JUNE = datetime(2025, 6, 2, 9)
NEWEST = datetime(2026, 1, 3, 9)
# Rule → a customer for whom it holds, one for whom it doesn't, and one of whom it can't be known.
CUSTOMERS = {
    "contact_rate_low": ("c1", "c2", "c3"),
    "licence_use_low": ("l1", "l2", "l3"),
    "silent": ("s1", "s2", ""),
    "access_down_waits": ("d1", "d2", ""),
    "tickets_wait": ("w1", "w2", ""),
    "unbilled": ("u1", "u2", "u3"),
    "terminated": ("t1", "c1", ""),
}


def _agreement(customer_id: str, **columns: Any) -> Row:
    return agreement(f"A-{customer_id}", customer_id, **{"subscribed_on": START, **columns})


def _tickets(customer_id: str, contacts: str, *, replied: bool = True, **columns: Any) -> list[Row]:
    return [
        ticket(
            f"{customer_id}-{at}",
            JUNE + timedelta(days=at),
            customer_id,
            contact=contact,
            contact_role="user",
            first_reply_at=JUNE + timedelta(days=at, hours=2) if replied else None,
            **columns,
        )
        for at, contact in enumerate(contacts)
    ]


@pytest.fixture(scope="module")
def house() -> Warehouse:
    notice = {"terminated_on": date(2026, 1, 5), "terminated_by": "customer"}
    customers = sorted({each for of_rule in CUSTOMERS.values() for each in of_rule} - {"", "t1", "u3"})
    return company(
        DOWN,
        agreements=[
            *(_agreement(each) for each in customers),
            _agreement("t1", **notice),
            _agreement("u3", complexity="complex"),
            _agreement("new", subscribed_on=date(2025, 5, 1)),
        ],
        user_counts=[
            *(count(START, 10, each) for each in ("c1", "c2", "u1", "u2", "u3", "new")),
            count(START, 10, "l1", active_users=5),
            count(START, 10, "l2", active_users=6),
            count(START, 10, "l3"),
        ],
        prices=[LIST],
        tickets=[
            *_tickets("c1", "aba"),
            *_tickets("c2", "abc"),
            *_tickets("new", "ab"),
            *_tickets("c3", "ab"),
            ticket("s1", datetime(2025, 7, 13, 9), "s1"),
            ticket("s2", datetime(2025, 7, 14, 9), "s2"),
            *_tickets("d1", "a", replied=False, category="Nede"),
            *_tickets("d2", "a", category="Nede"),
            *_tickets("w1", "abc", replied=False),
            *_tickets("w2", "ab", replied=False),
            ticket("newest", NEWEST, None),
        ],
        invoices=[
            *(invoice(f"I-{each}", START, "12000", each, period_start=START) for each in ("u1", "u2", "u3")),
            invoice("I-2", PERIOD, "2000", "u2", period_start=PERIOD),
        ],
    )


def _asked(name: str, customer_id: str | None = None) -> Asked:
    return Asked(RULES[name], RULES[name].threshold, customer_id)


def _holds(house: Warehouse, name: str, customer_id: str | None, as_of: date = AS_OF) -> set[bool | None]:
    findings = Figures(house, SEES_ALL, as_of).evaluate(_asked(name, customer_id))
    return {each.holds for each in findings.values()}


def test_every_rule_of_ours_has_its_case() -> None:
    assert {*CUSTOMERS, "tickets_old", "data_old"} == set(RULES)


@pytest.mark.parametrize("name", CUSTOMERS)
def test_each_rule_holds_on_one_side_of_its_threshold_only(house: Warehouse, name: str) -> None:
    beyond, within, unknown = CUSTOMERS[name]

    assert True in _holds(house, name, beyond)
    assert _holds(house, name, within) == {False}
    if unknown:
        assert _holds(house, name, unknown) - {False} == {None}


@pytest.mark.parametrize(("name", "days"), [("tickets_old", 7), ("data_old", 45)])
def test_data_are_old_once_the_newest_row_is(house: Warehouse, name: str, days: int) -> None:
    def is_old(export: str, age: int) -> bool | None:
        as_of = NEWEST.date() + timedelta(days=age)
        findings = Figures(house, SEES_ALL, as_of).evaluate(_asked(name)).values()
        return next(each.holds for each in findings if each.row["export"] == export)

    assert is_old("tickets", days) is False
    assert is_old("tickets", days + 1) is True
    assert is_old("invoices", days) is (name == "data_old")


def test_without_tickets_nothing_is_known_of_contact() -> None:
    house = company(agreements=[_agreement("1")], user_counts=[count(START, 10)])

    for name in ("silent", "contact_rate_low", "tickets_wait"):
        assert _holds(house, name, "1") == {None}


@pytest.mark.parametrize("language", ["nb", "en"])
def test_each_rule_says_what_it_found_in_both_languages(house: Warehouse, language: str) -> None:
    set_language(language)
    figures = Figures(house, SEES_ALL, AS_OF)
    for name, (beyond, _within, _unknown) in CUSTOMERS.items():
        asked = _asked(name, beyond)
        finding = next(each for each in figures.evaluate(asked).values() if each.holds)

        for text in (
            figures.began(asked, finding),
            figures.ended(asked, finding),
            figures.ended(asked, None),
        ):
            assert text.endswith(".")
            assert "{" not in text
            assert "unknown" not in text
            assert "ukjent" not in text


def test_sentences_are_these(house: Warehouse) -> None:
    figures, said = Figures(house, SEES_ALL, date(2026, 1, 18)), {}
    for name, (beyond, *_others) in {**CUSTOMERS, "tickets_old": (None,)}.items():
        asked = _asked(name, beyond)
        finding = next(each for each in figures.evaluate(asked).values() if each.holds)
        named = figures.named(asked.rule, finding.subject, finding.customer_id)
        said[name] = f"{named}: {figures.began(asked, finding)}"

    assert said["contact_rate_low"] == (
        "Kunde c1 AS: 20% of the users made contact in the last 12 months, under 30%."
    )
    assert said["access_down_waits"].startswith(
        "Kunde d1 AS, ticket d1-0: The access-down ticket of 2 Jun 2025"
    )
    assert said["unbilled"] == (
        "Kunde u1 AS, agreement A-u1: 12,000\N{NO-BREAK SPACE}kr isn't invoiced, more than "
        "10,000\N{NO-BREAK SPACE}kr. Yearly, period from 1 Apr 2025."
    )
    assert said["terminated"] == (
        "Kunde t1 AS, agreement A-t1: Notice was given 5 Jan 2026 (Customer); it ends 31 Mar 2026."
    )
    assert said["tickets_old"] == "Tickets: The newest row is 15 days old (3 Jan 2026), more than 7."


def test_a_threshold_is_the_subscribers(house: Warehouse) -> None:
    asked = Asked(RULES["contact_rate_low"], Decimal("0.2"), "c1")

    (finding,) = Figures(house, SEES_ALL, AS_OF).evaluate(asked).values()

    assert finding.holds is False


def test_a_new_customer_has_no_low_contact_rate_yet(house: Warehouse) -> None:
    assert _holds(house, "contact_rate_low", "new") == {False}


def test_a_bill_may_wait_thirty_days(house: Warehouse) -> None:
    assert True not in _holds(house, "unbilled", "u1", PERIOD + timedelta(days=30))
    assert True in _holds(house, "unbilled", "u1", PERIOD + timedelta(days=31))


# ---------------------------------------------------------------- whose rows


@pytest.fixture(scope="module")
def two_customers() -> Warehouse:
    return company(
        agreements=[
            agreement("A-1", "1", subscribed_on=START, account_manager="Kari"),
            agreement("A-2", "2", subscribed_on=START, account_manager="Ola"),
        ],
        user_counts=[count(PERIOD, 10, "1", active_users=1), count(PERIOD, 10, "2", active_users=1)],
    )


def test_a_reader_is_shown_their_own_customers_only(two_customers: Warehouse) -> None:
    kari = Reader(key="kari", managers=frozenset({"Kari"}), today=AS_OF)
    figures = Figures(two_customers, kari, AS_OF)

    assert [each.customer_id for each in figures.evaluate(_asked("licence_use_low")).values()] == ["1"]
    assert figures.customer("1") == "Kunde 1 AS"
    assert figures.customer("2") == "2"
    assert figures.may_see("1")
    assert figures.may_see(None)
    assert not figures.may_see("2")


def test_an_alert_for_one_customer_looks_at_that_one(two_customers: Warehouse) -> None:
    asked = Asked(RULES["licence_use_low"], Decimal("0.6"), "2")

    findings = Figures(two_customers, SEES_ALL, AS_OF).evaluate(asked).values()

    assert [(each.customer_id, each.holds) for each in findings] == [("2", True)]
