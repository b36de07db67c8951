"""The rules for new possibilities: ours, a partner's own, and files that are wrong."""

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ccinsight import i18n
from ccinsight.access import SEES_ALL
from ccinsight.database.scope import Scope
from ccinsight.database.warehouse import Warehouse
from ccinsight.errors import CcinsightError
from ccinsight.registry import REPORTS
from ccinsight.rules import suggestions
from ccinsight.rules.suggestions import Possibility, Rule, fired, possibilities, read_rules, rules_of

OURS = read_rules(Path(suggestions.__file__).with_name("suggestions.toml"))
AS_OF = date(2026, 10, 1)
# A customer of whom nothing gives rise to anything.
QUIET: dict[str, Any] = {column.name: None for column in REPORTS["customer_facts"].columns} | {
    "registered_users": 20,
    "users_before": 20,
    "users_change": 0,
    "available_licences": 20,
    "active_users": 18,
    "licence_use": 0.9,
    "contacting_users": 10,
    "contact_rate": 0.5,
    "contacts": 12,
    "top_two_share": 0.3,
    "tickets": 30,
    "tickets_before": 28,
    "training_tickets": 1,
    "consulting_months": 1,
    "consulting_tickets": 1,
    "access_down_tickets": 0,
    "waiting_tickets": 0,
    "silent_days": 10,
    "has_it_operations": True,
    "it_operations_tickets": 1,
    "is_partner_confirmed": True,
    "customer_days": 900,
    "has_meeting": True,
    "meetings_missed": 0,
    "courses_held": 1,
    "renewal_on": date(2027, 4, 19),
    "days_to_renewal": 200,
    "days_to_price_notice": 155,
    "price_notice_deadline": date(2027, 3, 5),
    "price_rise": 0.0,
    "rate": 1000,
    "users_to_next_step": 5,
    "next_step_users": 25,
    "next_step_rate": 900,
}
CATEGORY: dict[str, Any] = {
    "category": "Mobil",
    "scope": "support",
    "is_access_down": False,
    "tickets": 1,
    "tickets_before": 1,
    "minutes": 10.0,
}
# Rule → what in the facts, or in a row of its report, makes it fire.
FIRES: dict[str, dict[str, Any]] = {
    "training_category": {"scope": "training", "tickets": 3},
    "much_training": {"training_tickets": 8, "courses_held": 0},
    "low_licence_use": {"licence_use": 0.59},
    "integration_cases": {"category": "Integrasjon/ERP", "tickets": 4},
    "topic_grew": {"tickets": 8, "tickets_before": 4},
    "fixed_hours": {"consulting_months": 4},
    "price_step_near": {"users_change": 2, "users_to_next_step": 2},
    "it_operations_missing": {"has_it_operations": False},
    "it_operations_busy": {"it_operations_tickets": 9},
    "partner_not_confirmed": {"is_partner_confirmed": False},
    "silent": {"silent_days": 180},
    "few_callers": {"top_two_share": 0.8},
    "contact_rate_low": {"contact_rate": 0.19},
    "access_down_repeated": {"access_down_tickets": 2},
    "spare_licences": {"available_licences": 23},
    "young_agreement": {"customer_days": 179},
    "users_grew": {"users_change": 3},
    "users_fell": {"users_change": -3},
    "tickets_fell": {"tickets": 14},
    "tickets_rose": {"tickets": 42},
    "renewal_without_meeting": {"has_meeting": False, "days_to_price_notice": 60},
    "meetings_missed": {"meetings_missed": 2},
    "waiting_for_reply": {"waiting_tickets": 2},
    "price_rise_to_explain": {"price_rise": 0.05, "days_to_price_notice": 100},
}


def _fired(rule: Rule, changed: dict[str, Any]) -> list[suggestions.Possibility]:
    rows = [CATEGORY | changed] if rule.each else []
    return fired(rule, QUIET if rule.each else QUIET | changed, rows)


def test_there_are_many_and_each_is_tested() -> None:
    assert len(OURS) >= 15
    assert [rule.name for rule in OURS] == list(FIRES)


@pytest.mark.parametrize("rule", OURS, ids=lambda rule: rule.name)
@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_rule_fires_and_says_why_with_numbers(rule: Rule, language: str) -> None:
    i18n.set_language(language)
    [found] = _fired(rule, FIRES[rule.name])
    assert any(sign.isdigit() for sign in found.text)
    assert "{" not in found.title + found.text
    assert set(rule.when.names) <= set(found.numbers)


@pytest.mark.parametrize("rule", OURS, ids=lambda rule: rule.name)
def test_rule_is_silent_where_nothing_gives_rise_to_it(rule: Rule) -> None:
    assert _fired(rule, {}) == []


@pytest.mark.parametrize("rule", OURS, ids=lambda rule: rule.name)
def test_unknown_fires_nothing(rule: Rule) -> None:
    nothing = dict.fromkeys(QUIET)
    assert fired(rule, nothing, [dict.fromkeys(CATEGORY)] if rule.each else []) == []


@pytest.mark.parametrize(
    ("language", "renewal", "deadline"),
    [("nb", "19.04.2027, om 200 dager", "05.03.2027"), ("en", "19 Apr 2027, in 200 days", "5 Mar 2027")],
)
def test_days_to_come_are_said_with_their_date(language: str, renewal: str, deadline: str) -> None:
    i18n.set_language(language)
    ahead = [rule for rule in OURS if "days_to_renewal" in rule.names()]

    texts = [_fired(rule, FIRES[rule.name])[0].text for rule in ahead]

    assert [rule.name for rule in ahead] == ["renewal_without_meeting", "price_rise_to_explain"]
    assert all(renewal in text and deadline in text for text in texts)


def test_what_is_ours_to_know_is_internal() -> None:
    assert {rule.name for rule in OURS if rule.is_internal} == {
        "renewal_without_meeting",
        "meetings_missed",
        "waiting_for_reply",
        "price_rise_to_explain",
    }


@pytest.fixture
def house(sample_database: Path, tmp_path: Path) -> Warehouse:
    """A copy of the sample in a folder of its own, where a file of rules may lie beside it."""
    return Warehouse.open(Path(shutil.copy(sample_database, tmp_path / "sample.duckdb")))


def test_possibilities_come_by_priority(house: Warehouse) -> None:
    ids = house.report("customer_facts", Scope(AS_OF, SEES_ALL))["customer_id"].to_pylist()[:12]
    found = [_possibilities(house, customer_id) for customer_id in ids]
    assert any(found)
    for each in found:
        assert [one.priority for one in each] == sorted(one.priority for one in each)


def test_a_stranger_has_none(house: Warehouse) -> None:
    assert _possibilities(house, "nobody") == []


def test_a_file_beside_the_database_holds(house: Warehouse) -> None:
    _write(house.path.parent, when="registered_users >= 0", text="{registered_users} users, {double} twice")
    [found] = _possibilities(house, "1002")
    users = found.numbers["registered_users"]
    assert isinstance(users, int)
    assert found.text == f"{users} users, {2 * users} twice"


def _possibilities(house: Warehouse, customer_id: str) -> list[Possibility]:
    scope = Scope(AS_OF, SEES_ALL, (customer_id,))
    return possibilities(rules_of(house.path), lambda name: house.report(name, scope).to_pylist())


def _write(folder: Path, when: str = "tickets > 1", text: str = "{tickets}", more: str = "") -> Path:
    path = folder / "suggestions.toml"
    numbers = 'numbers = { double = "2 * registered_users" }'
    texts = "".join(f'[rule.{each}]\ntitle = "T"\ntext = "{text}"\n' for each in ("nb", "en"))
    path.write_text(f'[[rule]]\nname = "mine"\npriority = 1\nwhen = "{when}"\n{numbers}\n{more}\n{texts}')
    return path


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"when": "nobody > 1"}, "when: nobody isn't a column"),
        ({"when": "tickets >"}, "can't be read"),
        ({"when": "customer_name > 3"}, "compare numbers with numbers"),
        ({"text": "{nobody}"}, r"text: \{nobody\} in the text isn't a column"),
        ({"text": "{tickets.real}"}, "isn't a plain name"),
        ({"text": "{tickets"}, "braces"),
        ({"more": "colour = 3"}, "unknown setting: colour"),
        ({"more": 'each = "price_plan"'}, "each must be one of"),
        ({"more": "internal = 3"}, "true or false"),
        ({"more": "most = 0"}, "whole number from 1 to 20"),
    ],
)
def test_a_wrong_file_names_the_rule_and_what_to_do(
    tmp_path: Path, given: dict[str, str], message: str
) -> None:
    with pytest.raises(CcinsightError, match=rf"suggestions\.toml: rule mine: .*{message}"):
        read_rules(_write(tmp_path, **given))


def test_a_file_that_is_no_toml_is_named(tmp_path: Path) -> None:
    path = tmp_path / "suggestions.toml"
    path.write_text("[[rule]\n")
    with pytest.raises(CcinsightError, match=r"suggestions\.toml, line 1, position 7: this isn't valid TOML"):
        read_rules(path)
