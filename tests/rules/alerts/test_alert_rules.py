"""alerts.toml: a partner's own file, faults in it, and thresholds as people type them."""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from ccinsight.errors import CcinsightError
from ccinsight.rules import alert_rules as module
from ccinsight.rules.alert_rules import Subject, alert_rules, read_alert_rules

OURS = Path(module.__file__).with_name("alerts.toml")
RULE = """
[[rule]]
name = "few"
report = "customer_facts"
figure = "tickets"
threshold = 5
when = "tickets < threshold"
nb = { title = "Få saker", began = "{tickets} saker.", ended = "{tickets} saker." }
en = { title = "Few tickets", began = "{tickets} tickets.", ended = "{tickets} tickets." }
"""


def test_a_file_beside_the_database_is_used_in_place_of_ours(tmp_path: Path) -> None:
    database = tmp_path / "a.duckdb"
    assert "contact_rate_low" in alert_rules(database)

    (tmp_path / "alerts.toml").write_text(RULE, encoding="utf-8")

    rules = alert_rules(database)
    assert list(rules) == ["few"]
    assert rules["few"].subject is Subject.CUSTOMER
    assert rules["few"].threshold == 5
    assert rules["few"].unit.startswith("tickets")


def test_our_file_can_be_copied_as_it_is(tmp_path: Path) -> None:
    shutil.copy(OURS, tmp_path)

    assert list(alert_rules(tmp_path / "a.duckdb")) == list(read_alert_rules(OURS))


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('name = "few"', 'name = "few tickets"', "give it a name of letters, digits and _"),
        ('"customer_facts"', '"customers"', '"customers" isn\'t one of customer_facts, renewal_risk'),
        ('"tickets"', '"customer_name"', '"customer_name" isn\'t one of'),
        ("threshold = 5\n", "", "give “figure” and “threshold” together, or neither"),
        ("threshold = 5\n", 'threshold = "5"\n', "threshold: give a number"),
        ("threshold = 5\n", "threshold = -5\n", "threshold: give a number"),
        ("tickets < threshold", "tickets < 5", "it doesn't use “threshold”"),
        ("tickets < threshold", "sales < threshold", "sales isn't a column that a rule can use"),
        ("tickets < threshold", "tickets + threshold", "write a comparison, as contact_rate < 0.3"),
        ("tickets < threshold", "customer_name < threshold", "compare numbers with numbers"),
        ("tickets < threshold", "open('/etc/passwd')", "can't be used in a condition"),
        ('began = "{tickets} tickets."', 'began = "{sales} tickets."', "{sales} in the text isn't a column"),
        ('began = "{tickets} tickets."', 'began = "{tickets.x}"', "isn't a plain name"),
        ('began = "{tickets} tickets."', 'began = "{tickets"', "the braces in “{tickets” don't match"),
        (', ended = "{tickets} tickets."', "", "en.ended: give a text"),
        ("threshold = 5\n", "threshold = 5\nlimit = 6\n", "unknown setting: limit"),
        (RULE, RULE + RULE, "the name is there twice"),
        ("[[rule]]", "[rule]", "write each rule as [[rule]], and nothing else"),
    ],
)
def test_a_fault_is_named_with_its_file_and_rule(tmp_path: Path, old: str, new: str, fault: str) -> None:
    assert old in RULE
    path = tmp_path / "alerts.toml"
    path.write_text(RULE.replace(old, new), encoding="utf-8")

    with pytest.raises(CcinsightError) as error:
        alert_rules(tmp_path / "a.duckdb")

    assert str(error.value).startswith(str(path))
    assert fault in str(error.value)


@pytest.mark.parametrize(
    ("name", "typed", "threshold", "shown"),
    [
        ("contact_rate_low", "", "0.3", "30%"),
        ("contact_rate_low", "25", "0.25", "25%"),
        ("contact_rate_low", " 12,5 %", "0.125", "13%"),
        ("unbilled", "5 000", "5000", "5,000\N{NO-BREAK SPACE}kr"),
        ("unbilled", "5\N{NO-BREAK SPACE}000,50", "5000.50", "5,001\N{NO-BREAK SPACE}kr"),
        ("data_old", "7", "7", "7"),
    ],
)
def test_thresholds_are_read_as_people_type_them(name: str, typed: str, threshold: str, shown: str) -> None:
    rule = read_alert_rules(OURS)[name]

    assert rule.parsed(typed) == Decimal(threshold)
    assert rule.shown(rule.parsed(typed)) == shown


@pytest.mark.parametrize("typed", ["much", "-1", "1e12", "nan", "5 kr"])
def test_what_is_no_threshold_is_refused(typed: str) -> None:
    with pytest.raises(CcinsightError, match="isn't a threshold"):
        read_alert_rules(OURS)["unbilled"].parsed(typed)


def test_a_rule_without_a_threshold_takes_none() -> None:
    rule = read_alert_rules(OURS)["terminated"]

    assert rule.parsed("") is None
    assert rule.unit == ""
    with pytest.raises(CcinsightError, match="no threshold"):
        rule.parsed("5")
