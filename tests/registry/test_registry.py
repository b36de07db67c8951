"""The registry: every column of reports.md is there, texts are whole, and a broken file is refused."""

import re
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from ccinsight import registry
from ccinsight.errors import CcinsightError, UsageError
from ccinsight.i18n import set_language
from ccinsight.registry.parsing import parse
from ccinsight.registry.texts import TEXT_FILES, texts_of

# The columns of the specification, in order; further ones may follow.
SPECIFIED = {
    "agreements": """
        agreement_id customer_id customer_name account_manager product state subscribed_on period_start
        period_end renewal_on termination_deadline price_notice_deadline ends_on registered_users
        invoiced_users rate annual_value
    """,
    "deadlines": """
        due_on act_by kind agreement_id customer_id customer_name account_manager days_left annual_value
        price_notice_state period_number
    """,
    "renewals": """
        agreement_id customer_id customer_name account_manager renewal_on renewal_status users_now
        rate_now value_now users_next rate_next value_next seats_change price_change lost
        missed_price_change
    """,
    "revenue_by_user_band": "user_band agreements customers users revenue revenue_per_user",
    "revenue_movements": """
        month start new reactivation expansion contraction price_change churn unknown end
    """,
    "retention": "as_of customers_then revenue_then revenue_now nrr grr logo_churn",
    "utilization": """
        customer_id customer_name account_manager user_band registered_users active_users licence_use
        contacting_users contact_rate tickets tickets_before tickets_per_user minutes minutes_per_user
        training_share consulting_share percentile
    """,
    "invoicing": "agreement_id customer_id period_start kind expected invoiced difference",
    "consulting": "customer_id billable_minutes hourly_rate expected invoiced difference discount_value",
    "status_meetings": """
        agreement_id customer_id customer_name account_manager period_start period_end status held_on
        planned_on best_before missed_periods
    """,
    "tickets_by_month": "month tickets support training consulting access_down not_covered minutes",
    "response": "class tickets replied median_hours p90_hours overtaken",
    "data_quality": "check rows example",
    "data_problems": "check export key customer_id detail",
}
OPTIONS = {
    "deadlines": {"days": 90},
    "renewals": {"months": 12},
    "revenue_movements": {"months": 12},
    "tickets_by_month": {"months": 24},
}
MINIMAL = {
    "codes.toml": """
[colour]
red = "Red"
""",
    "columns.toml": """
[shade]
label = "Shade"
format = "code"
codes = "colour"
description = "What it looks like."
""",
    "measures.toml": "",
    "reports.toml": """
[paint]
covers = "aggregate"
title = "Paint"
description = "The tins."
key = ["shade"]
columns = ["shade"]
""",
}


@pytest.mark.parametrize("name", SPECIFIED)
def test_report_has_the_specified_columns_first(name: str) -> None:
    wanted = SPECIFIED[name].split()
    names = [column.name for column in registry.REPORTS[name].columns]
    assert names[: len(wanted)] == wanted


@pytest.mark.parametrize("name", OPTIONS)
def test_options_have_the_specified_defaults(name: str) -> None:
    assert dict(registry.REPORTS[name].defaults) == OPTIONS[name]
    # options of ours may follow
    assert registry.REPORTS[name].options[: len(OPTIONS[name])] == tuple(OPTIONS[name])


def test_since_and_check_are_options_without_a_fixed_default() -> None:
    assert registry.REPORTS["invoicing"].options == ("since",)
    assert registry.REPORTS["data_problems"].options == ("check",)
    assert not registry.REPORTS["invoicing"].defaults


def test_every_text_is_trimmed_and_every_definition_ends_as_a_sentence() -> None:
    columns = [column for report in registry.REPORTS.values() for column in report.columns]
    for column in [*columns, *registry.MEASURES.values()]:
        assert column.description.endswith("."), column.name
    assert all(text == text.strip() for text in _texts())


def test_every_measure_is_shown_somewhere() -> None:
    package = Path(registry.__file__).parents[1]
    code = "\n".join(
        path.read_text("utf-8")
        for folder in (package, package.parents[1] / "pages")
        for path in folder.rglob("*.py")
    )
    assert [name for name in registry.MEASURES if f'"{name}"' not in code] == []


def test_rules_and_clauses_are_those_of_the_agreement() -> None:
    columns = [column for report in registry.REPORTS.values() for column in report.columns]
    for column in [*columns, *registry.MEASURES.values()]:
        assert re.fullmatch(r"(R(1[0-4]|[1-9])([,–] ?R(1[0-4]|[1-9]))*)?", column.rule), column.name
        assert re.fullmatch(r"(A(1[0-3]|[1-9])(, A(1[0-3]|[1-9]))*)?", column.clause), column.name


def _texts() -> list[str]:
    folder = Path(registry.__file__).parent
    return [text for file in TEXT_FILES for text in texts_of((folder / file).read_text("utf-8"))]


def test_texts_are_those_of_all_four_files() -> None:
    texts = _texts()
    # a title, a code, a code with a description, a unit, a flaw
    assert {"Renewals", "Will renew", "To be sent", "kr"} <= set(texts)
    assert {column.flaw for column in registry.MEASURES.values()} - {""} <= set(texts)
    assert "%" not in texts


def test_an_unknown_report_is_named_with_those_there_are() -> None:
    with pytest.raises(UsageError, match=r"renewalz.*renewals"):
        registry.report("renewalz")


def test_values_are_shown_in_the_language_in_use() -> None:
    column = registry.REPORTS["renewals"].column
    assert column("value_now").shown(Decimal("1234567.40")) == "1,234,567\N{NO-BREAK SPACE}kr"
    assert column("rate_now").shown(1323.98) == "1,323.98\N{NO-BREAK SPACE}kr"
    assert column("renewal_on").shown(date(2026, 3, 30)) == "30 Mar 2026"
    assert column("renewal_status").shown("will_renew") == "Will renew"
    assert column("renewal_status").shown("renamed") == "renamed"
    assert column("users_now").shown(None) == "unknown"
    assert registry.REPORTS["ticket_list"].column("is_covered").shown(True) == "yes"
    assert (
        registry.REPORTS["ticket_list"].column("opened_at").shown(datetime(2026, 3, 1, 9, 5))
        == "1 Mar 2026 09:05"
    )
    assert registry.REPORTS["tickets_by_month"].column("month").shown(date(2026, 3, 1)) == "Mar 2026"
    assert registry.MEASURES["nrr"].shown(0.927) == "93%"


def test_help_text_holds_definition_flaw_clause_and_rule() -> None:
    assert registry.MEASURES["arr"].help_text() == (
        "Billable users × rate, summed over the agreements in force. "
        "Agreements whose revenue is unknown are left out. (Clause A10, rule R9)"
    )


def test_heading_has_the_unit() -> None:
    assert registry.REPORTS["renewals"].column("value_now").heading() == "Value now (kr)"
    assert registry.REPORTS["renewals"].column("renewal_on").heading() == "Renewal"


@pytest.mark.parametrize(
    ("language", "headings"),
    [
        ("en", ("Users now", "Tickets (last 12 months)", "User band (users)")),
        ("nb", ("Brukere nå", "Saker (siste 12 md.)", "Størrelse (brukere)")),
    ],
)
def test_heading_says_what_is_counted_once(language: str, headings: tuple[str, ...]) -> None:
    set_language(language)
    use, renewals = registry.REPORTS["utilization"], registry.REPORTS["renewals"]
    columns = (renewals.column("users_now"), use.column("tickets"), use.column("user_band"))
    assert tuple(column.heading() for column in columns) == headings


@pytest.mark.parametrize("language", ["en", "nb"])
def test_no_two_columns_of_a_report_have_one_heading(language: str) -> None:
    set_language(language)
    headings = {
        report.name: [column.heading() for column in report.columns] for report in registry.REPORTS.values()
    }
    assert {
        name: found for name, texts in headings.items() if (found := {t for t in texts if texts.count(t) > 1})
    } == {}


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("columns.toml", 'format = "code"', 'format = "colour"', 'shade: format: "colour" isn.t one of'),
        ("columns.toml", 'codes = "colour"\n', "", "shade must have codes"),
        ("columns.toml", 'codes = "colour"', 'codes = "tint"', 'shade: codes: "tint" isn.t one of colour'),
        ("columns.toml", "[shade]", '[shade]\nlabell = "Shade"', "shade: labell: unknown setting"),
        ("columns.toml", 'label = "Shade"\n', "", "shade: label: give a text in quotes"),
        ("reports.toml", 'columns = ["shade"]', 'columns = ["tin"]', "paint names the unknown column tin"),
        (
            "reports.toml",
            'columns = ["shade"]',
            'columns = ["shade", "shade"]',
            "paint has the column shade twice",
        ),
        ("reports.toml", 'key = ["shade"]', 'key = ["tin"]', "paint has no column tin for its key"),
        ("reports.toml", 'key = ["shade"]', "key = []", "paint must name the columns that identify a row"),
        ("reports.toml", 'covers = "aggregate"\n', "", "paint: covers: None isn.t one of"),
        (
            "reports.toml",
            'covers = "aggregate"',
            'covers = "per_customer"',
            "paint is per_customer but has no column customer_id",
        ),
        ("reports.toml", "[paint]", "[paint]\noptions = { weeks = 1 }", "paint has the unknown option weeks"),
        (
            "columns.toml",
            "[shade]",
            '[x]\nlabel = "X"\nformat = "text"\ndescription = "X."\n[shade]',
            "x is used by no report",
        ),
        ("codes.toml", "[colour]", '[tint]\nred = "Red"\n[colour]', "tint is used by no column"),
    ],
)
def test_a_broken_file_is_refused(file: str, old: str, new: str, message: str) -> None:
    assert parse(MINIMAL).reports["paint"].column("shade").codes["red"].label == "Red"
    broken = MINIMAL | {file: MINIMAL[file].replace(old, new)}
    with pytest.raises(CcinsightError, match=f"{re.escape(file)}: {message}"):
        parse(broken)


@pytest.mark.parametrize(
    ("measure", "value", "language", "unit"),
    [
        ("agreements_ending", 1, "nb", "avtale"),
        ("agreements_ending", 2, "nb", "avtaler"),
        ("agreements_ending", 0, "en", "agreements"),
        ("agreements_ending", 1, "en", "agreement"),
        ("tickets_12", 1, "nb", "sak, siste 12 md."),
        ("tickets_12", None, "nb", "saker, siste 12 md."),
        ("arr", 1, "nb", "kr"),
    ],
)
def test_a_unit_follows_its_number(measure: str, value: int | None, language: str, unit: str) -> None:
    set_language(language)
    assert registry.MEASURES[measure].unit_of(value) == unit
