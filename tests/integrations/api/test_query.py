"""What an address asks for, what it can't ask, and how often."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest

from ccinsight.database.exploring import question
from ccinsight.database.scope import Filters
from ccinsight.i18n import in_language
from ccinsight.integrations.api.answers import has_tag
from ccinsight.integrations.api.problems import ProblemError
from ccinsight.integrations.api.query import (
    Query,
    accepted,
    address_of,
    parameters_of,
    read_explored,
    read_query,
    refuse_secrets,
)
from ccinsight.integrations.api.rate import Rate, Seldom
from ccinsight.registry import REPORTS

TODAY = date(2026, 3, 1)


def _query(name: str, *given: tuple[str, str], accept: str = "") -> Query:
    return read_query(name, given, accept, TODAY)


def test_a_question_is_read_and_written_as_the_same_address() -> None:
    given = [("measure", "tickets"), ("by", "account-manager"), ("by", "month"), ("from", "2025-01-01")]
    given += [("to", "2025-06-30"), ("totals", "yes"), ("as-of", "2026-01-31"), ("customer", "1")]
    query = read_explored(given, "application/json", TODAY)
    assert query.explored == question(
        ["tickets"], ["account_manager", "month"], date(2025, 1, 1), date(2025, 6, 30), has_totals=True
    )
    assert (query.as_of, query.filters, query.format) == (date(2026, 1, 31), Filters(("1",)), "json")
    assert read_explored(parameters_of(query, is_fixed_day=True), "", TODAY) == query
    assert address_of("https://x.example", query, is_fixed_day=False) == (
        "https://x.example/api/v1/explore?customer=1&measure=tickets&by=account_manager&by=month"
        "&from=2025-01-01&to=2025-06-30&totals=yes&format=json"
    )
    with pytest.raises(ProblemError) as raised:
        read_explored([("measure", "ticket")], "", TODAY)
    nearest = raised.value.more["nearest"]
    assert isinstance(nearest, list) and "tickets" in nearest


def test_day_filters_options_and_format_are_read() -> None:
    assert _query("renewals") == Query(REPORTS["renewals"], TODAY)
    given = [("months", "24"), ("as-of", "2025-12-31"), ("customer", "1"), ("format", "parquet")]
    given += [("customer", "2"), ("account-manager", "Kari, Ola"), ("user-band", "10-24")]
    assert _query("renewals", *given) == Query(
        REPORTS["renewals"],
        date(2025, 12, 31),
        Filters(("1", "2"), ("Kari, Ola",), ("10-24",)),
        (("months", 24),),
        "parquet",
    )
    plan = [("product-name", "CRM"), ("percent", "-2.5"), ("valid-on", "2027-01-01"), ("form", "excel")]
    query = _query("price_plan", *plan, accept="application/json")
    assert dict(query.options) == {
        "product_name": "CRM",
        "percent": Decimal("-2.5"),
        "valid_on": date(2027, 1, 1),
    }
    assert (query.format, query.is_for_excel) == ("csv", True)


def test_an_address_asks_for_the_query_that_it_was_made_of() -> None:
    filters = Filters(("A&B #1", "Ø"), ("Kari Æ",), ("10–24",))
    query = Query(REPORTS["invoicing"], date(2025, 6, 30), filters, (("since", date(2024, 1, 1)),))
    given = parameters_of(query, is_fixed_day=True)
    again = read_query("invoicing", given, "", TODAY)
    assert again.options == query.options and again.as_of == query.as_of
    assert again.filters.customers == filters.customers
    address = address_of("https://crm.example.no/innsikt", query, is_fixed_day=False)
    assert address == (
        "https://crm.example.no/innsikt/api/v1/reports/invoicing?customer=A%26B%20%231&customer=%C3%98"
        "&account-manager=Kari%20%C3%86&user-band=10-24&since=2024-01-01&format=csv"
    )


@pytest.mark.parametrize(
    ("name", "given", "status", "code", "said"),
    [
        ("renewal", [], 404, "unknown_report", "renewals"),
        ("qqq", [], 404, "unknown_report", "/api/v1/reports"),
        ("renewals", [("month", "2")], 400, "unknown_option", "months"),
        ("renewals", [("days", "2")], 400, "unknown_option", "months"),
        ("duties", [("marks", "[]")], 400, "unknown_option", "as-of"),
        ("peers", [("fewest", "0")], 400, "unknown_option", "as-of"),
        ("renewals", [("as-of", "01.03.2026")], 400, "bad_date", "2026-03-01"),
        ("renewals", [("as-of", "2026-02-30")], 400, "bad_date", "2026-02-30"),
        ("renewals", [("as-of", "20260301")], 400, "bad_date", "20260301"),
        ("renewals", [("as-of", "9999-12-31")], 400, "bad_date", "2100-12-31"),
        ("renewals", [("as-of", "")], 400, "bad_date", "2026-03-01"),
        ("renewals", [("as-of", "2026-03-01"), ("as-of", "2026-03-02")], 400, "bad_value", "twice"),
        ("renewals", [("months", "0")], 400, "bad_value", "1200"),
        ("renewals", [("months", "1e3")], 400, "bad_value", "1200"),
        ("renewals", [("months", "٣")], 400, "bad_value", "1200"),
        ("price_plan", [("percent", "NaN")], 400, "bad_value", "1000"),
        ("price_plan", [("percent", "2,5")], 400, "bad_value", "decimal point"),
        ("data_problems", [("check", "tickets")], 400, "bad_value", "There is no check tickets"),
        ("renewals", [("format", "xlsx")], 400, "bad_value", "parquet"),
        ("renewals", [("format", "json"), ("form", "excel")], 400, "bad_value", "CSV"),
    ],
)
def test_what_can_not_be_read_is_a_problem(
    name: str, given: list[tuple[str, str]], status: int, code: str, said: str
) -> None:
    with in_language("en"), pytest.raises(ProblemError) as raised:
        _query(name, *given)
    body = json.loads(raised.value.body())
    assert (body["type"], body["status"], body["code"]) == ("about:blank", status, code)
    assert said in body["detail"]


@pytest.mark.parametrize(
    ("key", "value"),
    [("Token", "ccinsight_secret"), ("API_KEY", ""), ("customer", "ccinsight_" + "s" * 43)],
)
def test_a_token_in_the_address_is_called_out_and_not_repeated(key: str, value: str) -> None:
    refuse_secrets([("as-of", "2026-03-01"), ("customer", "ccinsight_as")])
    with in_language("en"), pytest.raises(ProblemError) as raised:
        refuse_secrets([("as-of", "2026-03-01"), (key, value)])
    body = json.loads(raised.value.body())
    assert (body["status"], body["code"]) == (400, "token_in_address")
    assert "password" in body["detail"] and "ccinsight_s" not in body["detail"]


@pytest.mark.parametrize(
    ("accept", "format"),
    [
        ("", "csv"),
        ("*/*", "csv"),
        ("text/html, application/xhtml+xml, */*;q=0.8", "csv"),
        ("application/json", "json"),
        ("Application/JSON; charset=utf-8", "json"),
        ("text/csv;q=0.5, application/json", "json"),
        ("application/*", "json"),
        ("application/*;q=0.5, application/vnd.apache.parquet", "parquet"),
        ("text/csv;q=0, */*", "json"),
    ],
)
def test_accept_chooses_the_format(accept: str, format: str) -> None:
    assert accepted(accept) == format


@pytest.mark.parametrize("accept", ["text/html", "text/csv;q=0", "text/csv;q=x", "image/*"])
def test_what_takes_none_of_the_formats_is_refused(accept: str) -> None:
    with pytest.raises(ProblemError) as raised:
        accepted(accept)
    assert raised.value.status == 406


def test_tags_are_compared_weakly() -> None:
    assert has_tag('"a", W/"b"', '"b"') and has_tag('"b"', '"b"')
    assert not has_tag("", '"b"') and not has_tag("b", '"b"')


def test_a_token_has_so_many_requests_a_minute_and_gets_them_back() -> None:
    now = [0.0]
    rate = Rate(lambda: now[0])
    assert [rate.wait("a", 3) for _each in range(3)] == [0, 0, 0]
    assert rate.wait("a", 3) == pytest.approx(20)
    assert rate.wait("b", 3) == 0
    now[0] = 19.0
    assert rate.wait("a", 3) == pytest.approx(1)
    now[0] = 20.0
    assert rate.wait("a", 3) == 0
    assert rate.wait("a", 3) > 0
    now[0] = 10_000.0
    assert [rate.wait("a", 3) == 0 for _each in range(4)] == [True, True, True, False]


def test_what_was_noted_is_due_again_after_a_while() -> None:
    now = [0.0]
    seldom = Seldom(3600, lambda: now[0])
    assert seldom.is_due("a") and seldom.is_due("a")  # asking notes nothing
    seldom.note("a")
    assert (seldom.is_due("a"), seldom.is_due("b")) == (False, True)
    now[0] = 3599
    assert not seldom.is_due("a")
    now[0] = 3600
    assert seldom.is_due("a")
