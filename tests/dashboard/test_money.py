"""The money pages: each part in each language, what stands behind an amount, and why it is what it is."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from ccinsight.access import SEES_ALL
from ccinsight.dashboard.pages import price_plan
from ccinsight.dashboard.widgets import money
from ccinsight.database.scope import Scope
from ccinsight.database.warehouse import Warehouse
from ccinsight.i18n import LANGUAGES, set_language
from ccinsight.ingest.price_letters import Step
from ccinsight.outputs import explain
from ccinsight.outputs.excel import write_book
from ccinsight.outputs.frames import to_frame
from ccinsight.registry import REPORTS
from tests.dashboard.opening import AS_OF, Open, written
from tests.documents.letters import small
from tests.documents.letters.small import PRICES, imported
from tests.reports.companies import agreement, company, count, invoice, price

PARTS = [
    *(("revenue", f"section={part}") for part in ("movements", "drivers", "retention", "cohorts", "bands")),
    *(("revenue", f"section={part}") for part in ("account_manager", "product", "unrated", "agreements")),
    *(("renewals", f"forecast={part}") for part in ("list", "forecast", "missed")),
    *(("leakage", f"part={part}") for part in ("unbilled", "overbilled", "unknown", "users", "consulting")),
    *(
        ("price_plan", f"notices={part}")
        for part in ("mailing", "letters", "late", "direct", "whole_plan", "sent")
    ),
    ("price_plan", "way=steps"),
]
KR = "\N{NO-BREAK SPACE}kr"


@pytest.fixture
def english() -> Iterator[None]:
    set_language("en")
    yield
    set_language("nb")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("page", "part"), PARTS)
def test_every_part_opens_whole(open_page: Open, page: str, part: str, language: str) -> None:
    site = open_page(page, f"as-of={AS_OF}&language={language}&{part}")

    assert not site.exception
    assert [error.value for error in site.error] == []
    assert [warning.value for warning in site.warning] == []


def _caption(site: AppTest, text: str) -> str:
    return next(caption.value for caption in site.caption if text in caption.value)


def _plain(text: str) -> str:
    """A text as it is read: without the signs that keep names from being formatting."""
    return text.replace("\\", "")


def test_the_customers_behind_each_bar_add_up_to_it(open_page: Open) -> None:
    site = open_page("revenue", f"as-of={AS_OF}&language=en&section=movements")
    movements = site.selectbox(key="movement")

    for kind in ("new", "expansion", "churn", "price_change"):
        site = movements.set_value(kind).run()
        label = money.movement_labels({kind: 0.0})[kind].partition(":")[0]
        bar = next(text for text in site.selectbox(key="movement").options if text.startswith(f"{label}:"))
        assert bar.partition(": ")[2] in _caption(site, "ARR")
        # the first kind is what the page shows unasked: the address leaves it out
        assert kind == "new" or site.query_params["movement"] in (kind, [kind])


def test_the_first_choice_on_a_page_is_in_its_address(open_page: Open) -> None:
    site = open_page("revenue", f"as-of={AS_OF}&language=en&section=movements")
    assert "movement" not in site.query_params

    site.selectbox(key="movement").set_value("churn").run()

    assert site.query_params["movement"] in ("churn", ["churn"])


def test_leakage_without_invoices_says_what_would_fill_it(open_page: Open, required_only: Path) -> None:
    site = open_page("leakage", f"as-of={AS_OF}&language=en", required_only)

    assert not site.exception
    assert len(site.metric) == 0
    assert "Invoices" in site.info[0].value


def test_an_amount_is_opened_by_its_link(open_page: Open) -> None:
    first = open_page("leakage", f"as-of={AS_OF}&language=en&years=30")
    other = first.selectbox(key="open").options[-1]
    chosen = first.selectbox(key="open").set_value(first.selectbox(key="open").options[-1]).run()
    assert chosen.selectbox(key="open").value
    key = chosen.session_state["open"]

    again = open_page("leakage", f"as-of={AS_OF}&language=en&years=30&open={key}")

    assert again.session_state["open"] == key
    assert other.startswith(money.split_key(key)[0]) or money.split_key(key)[0] in other


def test_the_planner_keeps_what_it_is_asked_in_the_link(open_page: Open) -> None:
    query = f"as-of={AS_OF}&language=en&sent-on=2026-11-20&valid-on=2027-01-01&percent=7.5"
    site = open_page("price_plan", query)
    assert site.text_input(key="_percent").value == "7.5"
    assert site.date_input(key="_sent-on").value == date(2026, 11, 20)
    assert "7.5%" in _caption(site, "notice sent")

    site.text_input(key="_percent").set_value("3,0").run()
    site.date_input(key="_sent-on").set_value(date(2026, 12, 1)).run()

    assert site.query_params["percent"] in ("3.0", ["3.0"])
    assert site.query_params["sent-on"] in ("2026-12-01", ["2026-12-01"])
    assert "3.0%" in _caption(site, "notice sent 1 Dec 2026")


def test_a_link_the_planner_cannot_read_is_named(open_page: Open) -> None:
    site = open_page("price_plan", f"as-of={AS_OF}&language=en&sent-on=soon&percent=lots")

    assert not site.exception
    assert "sent-on=soon" in _plain(site.warning[0].value)
    assert "percent=lots" in _plain(site.warning[0].value)


def test_the_same_list_changes_nothing_and_a_dearer_one_does(open_page: Open) -> None:
    same = open_page("price_plan", f"as-of={AS_OF}&language=en&way=steps&valid-on=2026-10-01")
    assert same.metric[0].value == f"0{KR}"

    steps = '[["standard",1,"99999"]]'
    dearer = open_page("price_plan", f"as-of={AS_OF}&language=en&way=steps&valid-on=2026-10-01&steps={steps}")

    assert not dearer.exception
    assert dearer.metric[0].value != f"0{KR}"


@pytest.mark.parametrize(
    "step", ['"standard",1,1e300', '"standard",1,-5', '"standard",1,10000000', '"standard",1000000,900']
)
def test_a_link_with_prices_beyond_all_limits_is_named(open_page: Open, step: str) -> None:
    asked = f"way=steps&valid-on=2026-10-01&steps=[[{step}]]"
    site = open_page("price_plan", f"as-of={AS_OF}&language=en&{asked}")

    assert not site.exception
    assert "steps=" in _plain(site.warning[0].value)
    assert site.metric[0].value == f"0{KR}"


@pytest.mark.parametrize(
    ("free_from", "expected"),
    [
        ("2026-11-14", "2027-01-01"),
        ("2027-01-01", "2027-01-01"),
        ("2027-01-02", "2027-02-01"),
        ("2027-01-31", "2027-02-01"),
        ("2027-12-02", "2028-01-01"),
    ],
)
def test_a_plan_begins_on_a_day_that_is_free(free_from: str, expected: str) -> None:
    lists = price_plan.Lists(None, None, None, None, date.fromisoformat(free_from))

    assert lists.first_day(date(2026, 11, 29)) == date.fromisoformat(expected)


def test_a_plan_from_the_day_of_an_announced_list_is_warned_about(open_page: Open, tmp_path: Path) -> None:
    lists = ";2026-05-01;2026-01-05;standard;1;1300\n;2027-01-01;2026-11-01;standard;1;1400\n"
    database = imported(tmp_path, PRICES + lists)
    query = f"as-of={small.AS_OF}&language=en"

    # 1 January is free, and a list is planned for it
    free = open_page("price_plan", query, database)
    assert free.date_input(key="_valid-on").value == date(2027, 1, 1)
    assert free.warning == []
    assert "from 1 Jan 2027 is planned already" in _plain(free.info[0].value)
    assert "first renewal" in free.title[0].value
    for day in ("2026-05-01", "2026-04-01"):
        held = open_page("price_plan", f"{query}&valid-on={day}", database)
        assert "from 1 May 2026 was announced on 5 Jan 2026" in _plain(held.warning[0].value)
        assert held.title[0].value == "A price list from 1 May 2026 is announced already"
    later = open_page("price_plan", f"{query}&valid-on=2027-01-02", database)
    assert later.warning == [] and later.info == []


def test_a_plan_begins_after_the_list_of_next_year(open_page: Open, tmp_path: Path) -> None:
    database = imported(tmp_path, PRICES + ";2027-01-01;2026-01-05;standard;1;1300\n")

    site = open_page("price_plan", f"as-of={small.AS_OF}&language=en", database)

    assert site.date_input(key="_valid-on").value == date(2027, 2, 1)
    assert site.warning == []


def test_a_plan_asks_the_report_for_a_percentage_or_a_list() -> None:
    days: dict[str, Any] = {"valid_on": date(2027, 1, 1), "sent_on": date(2026, 11, 1)}
    assert price_plan.Plan("P", **days).options() == {"product_name": "P", **days, "percent": Decimal(5)}
    steps = (Step("standard", 1, Decimal(900)),)
    assert price_plan.Plan("P", **days, steps=steps).options()["steps"] == [
        {"complexity": "standard", "min_users": 1, "price_per_user": Decimal(900)}
    ]


def test_the_workbook_holds_every_line_with_labels() -> None:
    house = company(agreements=[agreement()], user_counts=[count(date(2025, 4, 1), 20)])
    names = ("invoicing", "expected_lines", "consulting")
    set_language("en")
    file = write_book(
        [(house.report(name, Scope(date(2026, 3, 1), SEES_ALL)), REPORTS[name]) for name in names]
    )

    book = openpyxl.load_workbook(io.BytesIO(file))

    assert book.sheetnames == ["Invoicing", "Expected invoice lines", "Consulting", "About"]
    heads = [cell.value for cell in book["Expected invoice lines"][1]]
    assert heads[0] == "Agreement"
    assert book["Expected invoice lines"].max_row == 2


# ---------------------------------------------------------------- why an amount is what it is


def _explanation(house: Warehouse, name: str, as_of: date, **options: Any) -> list[dict[str, Any]]:
    """A report's rows as the pages have them."""
    frame = to_frame(house.report(name, Scope(as_of, SEES_ALL), **options))
    return [{str(column): value for column, value in row.items()} for row in frame.to_dict("records")]


def _explained(as_of: date = date(2026, 3, 20)) -> dict[str, list[dict[str, Any]]]:
    """Twenty users from 1 April 2025, 23 from 15 September, and a price announced a day after 14 February."""
    house = company(
        agreements=[agreement()],
        user_counts=[count(date(2025, 4, 1), 20), count(date(2025, 9, 15), 23)],
        prices=[
            price(date(2025, 1, 1), "1200", announced_on=date(2024, 11, 1)),
            price(date(2026, 4, 1), "1260", announced_on=date(2026, 2, 15)),
        ],
        invoices=[invoice("F-1", date(2025, 4, 2), "24000", quantity=20)],
    )
    ever = {"since": date(1900, 1, 1)}
    return {
        "agreement_periods": _explanation(house, "agreement_periods", as_of),
        "expected_lines": _explanation(house, "expected_lines", as_of, **ever),
        "assigned_invoices": _explanation(house, "assigned_invoices", as_of, **ever),
        "renewals": _explanation(house, "renewals", as_of),
    }


@pytest.mark.usefixtures("english")
def test_a_price_announced_a_day_late_is_explained() -> None:
    now, coming = _explained()["agreement_periods"]

    assert explain.period(coming, date(2026, 3, 20)) == [
        "The period runs from 1 Apr 2026 to 31 Mar 2027 and renews on 1 Apr 2027 (clause A6).",
        "23 users are registered with SuperOffice as known now, by the count of 15 Sept 2025 (clause A10).",
        f"The rate is 1,200.00{KR} per user and year: the price list of CloudCare CRM from 1 Jan 2025, standard, "
        "from 1 user up (clause A4). It was announced on 1 Nov 2024, by the deadline 14 Feb 2026 for this period "
        "(clause A5).",
        "The newer price from 1 Apr 2026 doesn't hold in this period: it was announced on 15 Feb 2026, after the "
        f"deadline 14 Feb 2026 (clause A5). It would have given 1,260.00{KR}: 23 × (1,260.00{KR} − 1,200.00{KR}) = "
        f"1,380.00{KR} more a year.",
        f"Annual value: 23 × 1,200.00{KR} = 27,600.00{KR}.",
        "A price for the period after it must be announced by 14 Feb 2027, and either party can terminate until "
        "28 Feb 2027 (clauses A5, A12).",
    ]
    assert "3 more came during the period, so 23 are billable (clause A11)." in explain.period(
        now, date(2026, 3, 20)
    )


def test_a_price_announced_a_day_late_is_explained_in_norwegian() -> None:
    set_language("nb")
    _now, coming = _explained()["agreement_periods"]

    nok = KR
    assert explain.period(coming, date(2026, 3, 20))[3] == (
        "Den nyere prisen fra 01.04.2026 gjelder ikke i denne perioden: den ble varslet 15.02.2026, etter fristen "
        f"14.02.2026 (punkt A5). Den ville gitt 1\N{NO-BREAK SPACE}260,00{nok}: 23 × (1\N{NO-BREAK SPACE}260,00{nok} − "
        f"1\N{NO-BREAK SPACE}200,00{nok}) = 1\N{NO-BREAK SPACE}380,00{nok} mer per år."
    )


@pytest.mark.usefixtures("english")
def test_lines_and_invoices_are_explained_with_their_arithmetic() -> None:
    reported = _explained()
    yearly, expansion = reported["expected_lines"]
    renewal_on = reported["agreement_periods"][0]["renewal_on"]

    assert explain.line(yearly, renewal_on) == (
        f"Yearly on 1 Apr 2025, in advance: 20 × 1,200.00{KR} = 24,000.00{KR} (clause A10)."
    )
    assert explain.line(expansion, renewal_on) == (
        "Expansion on 15 Sept 2025: the count rose from 20 to 23, with 7 started months left until 1 Apr 2026: "
        f"3 × 1,200.00{KR} × 7 / 12 = 2,100.00{KR} (clause A11)."
    )
    assert explain.invoice(reported["assigned_invoices"][0]) == (
        f"Invoice line F-1 of 2 Apr 2025, yearly: 24,000.00{KR} for 20 users "
        "(it names no agreement or period, and belongs here by its dates)."
    )
    assert explain.balance(26100, 24000) == (
        f"Expected 26,100.00{KR}, invoiced 24,000.00{KR}: 2,100.00{KR} not billed."
    )


@pytest.mark.usefixtures("english")
def test_overbilling_and_unknown_are_said_as_plainly() -> None:
    assert (
        explain.balance(100, 130.5) == f"Expected 100.00{KR}, invoiced 130.50{KR}: 30.50{KR} billed too much."
    )
    assert explain.balance(100, 100) == f"Invoiced as expected: 100.00{KR}."
    assert "unknown" in explain.balance(None, 100)


@pytest.mark.usefixtures("english")
def test_the_change_at_a_renewal_is_said() -> None:
    row = _explained()["renewals"][0]
    assert explain.change(row) == (
        f"27,600.00{KR} now + 0.00{KR} from users + 0.00{KR} from price = 27,600.00{KR} at renewal."
    )
    assert explain.change({**row, "seats_change": -9000, "value_next": 18600}) == (
        f"27,600.00{KR} now − 9,000.00{KR} from users + 0.00{KR} from price = 18,600.00{KR} at renewal."
    )
    assert explain.change({**row, "users_now": None, "value_now": None, "seats_change": None}) == (
        "The change can't be added up, since a part of it is unknown. Now: unknown. From users: unknown. "
        f"From price: 0.00{KR}. At renewal: 27,600.00{KR}."
    )
    assert explain.change({**row, "renewal_status": "ending", "value_now": None}) == (
        "A notice ends the agreement with this period; its value is unknown (clause A12)."
    )


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("columns", "prices", "said"),
    [
        ({"price_basis": "contract", "price_per_user": Decimal(900)}, [], "the price of the signed contract"),
        ({"price_basis": "contract"}, [], "the agreement doesn't say which"),
        ({}, [], "no price of CloudCare CRM was announced by 1 Apr 2025"),
        ({}, [price(date(2025, 1, 1), "900", min_users=50)], "has no row for standard and 20 users"),
        (
            {},
            [price(date(2025, 1, 1), "900", agreement_id="A-1")],
            "the direct agreement with the customer from 1 Jan 2025",
        ),
    ],
)
def test_every_kind_of_price_is_explained(
    columns: dict[str, Any], prices: list[dict[str, Any]], said: str
) -> None:
    house = company(
        agreements=[agreement(**columns)], user_counts=[count(date(2025, 4, 1), 20)], prices=prices
    )
    row = _explanation(house, "agreement_periods", date(2025, 6, 1))[0]

    assert any(said in sentence for sentence in explain.period(row, date(2025, 6, 1)))


@pytest.mark.usefixtures("english")
def test_unknown_users_and_a_short_first_period_are_explained() -> None:
    house = company(
        agreements=[
            agreement(),
            agreement("A-2", "2", first_renewal_on=date(2025, 11, 1), registered_users=10),
        ],
        prices=[price(date(2025, 1, 1), "1200")],
    )
    as_of = date(2025, 6, 1)
    periods = {row["agreement_id"]: row for row in _explanation(house, "agreement_periods", as_of)[::-1]}
    (line,) = (row for row in _explanation(house, "expected_lines", as_of) if row["agreement_id"] == "A-2")

    assert any("is unknown: there is no count" in text for text in explain.period(periods["A-1"], as_of))
    assert "The first period is short" in explain.period(periods["A-2"], as_of)[0]
    assert "the agreement's own number" in explain.period(periods["A-2"], as_of)[1]
    assert f"10 × 1,200.00{KR} × 7 / 12 = 7,000.00{KR}" in explain.line(line, periods["A-2"]["renewal_on"])


@pytest.mark.usefixtures("english")
def test_a_price_that_reached_a_short_first_period_is_explained_in_the_next() -> None:
    house = company(
        agreements=[agreement(first_renewal_on=date(2025, 4, 15), registered_users=10)],
        prices=[
            price(date(2025, 1, 1), "1200", announced_on=date(2025, 3, 20)),
            # valid from after the start: announced too late for the period from 15 April
            price(date(2025, 4, 10), "1300", announced_on=date(2025, 3, 30)),
        ],
    )
    as_of = date(2025, 4, 20)
    first, second, third = (
        explain.period(row, as_of) for row in _explanation(house, "agreement_periods", as_of)
    )

    assert "It was announced on 20 Mar 2025, by the agreement's start on 1 Apr 2025 (clause A5)." in first[2]
    assert second[2].endswith(
        "It was announced on 20 Mar 2025, by the agreement's start on 1 Apr 2025: a price that reached the first "
        "period reaches all later ones, whatever their deadline (clause A5)."
    )
    assert "The newer price from 10 Apr 2025 doesn't hold in this period" in second[3]
    assert "by the deadline 28 Feb 2026 for this period" in third[2]


@pytest.mark.usefixtures("english")
def test_a_price_notice_that_was_due_before_the_start_is_said_to_be_past() -> None:
    house = company(
        agreements=[agreement(first_renewal_on=date(2025, 4, 15), registered_users=10)],
        prices=[price(date(2025, 1, 1), "1200")],
    )
    (row, *_later) = _explanation(house, "agreement_periods", date(2025, 4, 2))

    assert explain.period(row, date(2025, 4, 2))[-1] == (
        "The price of the period after it was settled when the agreement began, since the price-notice deadline, "
        "28 Feb 2025, had passed by then; the termination deadline is 14 Mar 2025 (clauses A5, A12)."
    )


def test_a_history_holds_no_amounts_of_a_period_to_come() -> None:
    periods = pd.DataFrame(
        {"agreement_id": ["A"] * 2, "period_start": pd.to_datetime(["2025-04-01", "2026-04-01"])}
    )
    billed = pd.DataFrame(
        {
            "agreement_id": ["A"],
            "period_start": pd.to_datetime(["2025-04-01"]),
            "expected": [120.0],
            "invoiced": [100.0],
            "difference": [20.0],
        }
    )

    rows = money.history(periods, billed, date(2026, 3, 1))

    assert rows[["expected", "invoiced", "difference"]].values.tolist() == [[120.0, 100.0, 20.0]]
    assert money.coming(periods, date(2026, 3, 1))["period_start"].tolist() == [pd.Timestamp("2026-04-01")]


def test_a_period_to_come_stands_apart_from_the_amounts(open_page: Open) -> None:
    site = open_page("customer", f"as-of={AS_OF}&language=en&id=1144&tab=history")

    begun, coming = (frame.value for frame in site.dataframe)
    assert list(begun["expected"].isna()) == [False] * len(begun)
    assert "expected" not in coming and len(coming) == 1
    assert begun["period_start"].max() <= pd.Timestamp(AS_OF) < coming["period_start"].min()
    assert any("nothing is to be invoiced so far" in text.value for text in site.caption)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_customers_history_can_be_followed_to_the_coming_renewal(open_page: Open, language: str) -> None:
    site = open_page("customer", f"as-of={AS_OF}&language={language}&id=1144&period=A-1144/2026-02-01")

    assert not site.exception
    reported = next(_plain(text.value) for text in site.markdown if "A10" in text.value)
    assert "222" in reported and "A11" in reported


def test_what_was_invoiced_after_the_end_is_explained() -> None:
    text = explain.after_end(date(2025, 3, 31))
    assert "31" in text and "2025" in text and "A12" in text


def test_periods_after_the_end_come_latest_first() -> None:
    invoicing = pd.DataFrame(
        {
            "period_start": pd.to_datetime(["2024-04-01", "2025-04-01", "2026-04-01"]),
            "kind": ["yearly"] * 3,
            "is_after_end": [False, True, True],
        }
    )
    assert money.after_end(invoicing)["period_start"].dt.year.tolist() == [2026, 2025]


def test_movements_stand_in_sight_where_any_month_has_one() -> None:
    names = [column.name for column in REPORTS["revenue_movements"].columns]
    rows = {name: ["2026-05-01", "2026-06-01"] if name == "month" else [0.0, 0.0] for name in names}
    months = pd.DataFrame(rows | {"churn": [None, 0.0], "unknown": [50.0, -50.0]})
    assert money.moved_columns(months) == ["month", "start", "churn", "unknown", "end"]


def test_a_sum_of_differences_says_what_it_nets() -> None:
    users = pd.DataFrame({"agreement_id": ["A", "B", "C", "D"], "users_difference": [20, 3, -4, 0]})
    consulting = pd.DataFrame({"customer_id": ["1", "2"], "difference": [100.0, -400.0]})

    assert money.netted("users_billed", users, "users_difference") == (
        "Not billed: 23 (2 agreements). Billed too much: 4 (1 agreement). Net: 19."
    )
    assert money.netted("consulting", consulting).replace("\N{NO-BREAK SPACE}", " ") == (
        "Not billed: 100 kr (1 customer). Billed too much: 400 kr (1 customer). Net: \N{MINUS SIGN}300 kr."
    )
    assert money.netted("users_billed", users[users["users_difference"] >= 0], "users_difference") == ""


def test_users_not_billed_are_those_of_the_card_and_the_net_of_the_table(open_page: Open) -> None:
    site = open_page("leakage", f"as-of={AS_OF}&language=en&part=users")

    said = _caption(site, "Not billed:")
    card = next(metric.value for metric in site.metric if metric.label == "Users not billed")
    net = _caption(site, "Difference in users:")
    assert said.split("Not billed: ")[1].split()[0] == card
    assert f"Difference in users: {said.split('Net: ')[1].rstrip('.')}" in net


@pytest.mark.parametrize("section", ["complexity", "price_basis", "account_manager", "bands"])
def test_a_rows_revenue_per_user_follows_from_the_row(open_page: Open, section: str) -> None:
    site = open_page("revenue", f"as-of={AS_OF}&language=en&section={section}")

    [(heads, *rows)] = [table for table in written(site) if "Users without known revenue" in table[0]]
    places = [place for place, head in enumerate(heads) if head.endswith("sers") or "evenue" in head]
    found = [[float(row[place].replace(",", "")) for place in places] for row in rows if "unknown" not in row]
    assert sum(unpriced for *_rest, unpriced in found) > 0, "the sample has agreements of unknown value"
    for users, revenue, per_user, unpriced in found:
        if users > unpriced:
            assert revenue / (users - unpriced) == pytest.approx(per_user, abs=0.01)
    assert "Users without known revenue: " in _caption(site, "Users without known revenue")
