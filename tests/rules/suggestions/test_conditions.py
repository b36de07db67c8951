"""Conditions that a person writes: what they come to, what is unknown, and what can't be written."""

from typing import Any

import pytest

from ccinsight.rules.conditions import Condition

ROW: dict[str, Any] = {
    "users": 12,
    "use": 0.5,
    "gone": None,
    "name": "Integrasjon/ERP",
    "is_new": True,
    "zero": 0,
}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("use < 0.6 and users >= 5", True),
        ("use < 0.6 and users >= 50", False),
        ("0 <= users <= 12", True),
        ("users - 2 == 5 * 2", True),
        ("-users < 0", True),
        ("users / zero > 1", None),
        ("gone > 1", None),
        ("not gone > 1", None),
        ("gone > 1 and use > 0.6", False),
        ("gone > 1 or use < 0.6", True),
        ("gone is unknown and use is known", True),
        ("gone is not known", True),
        ("use is not unknown", True),
        ("is_new and not users == 3", True),
        ("contains(name, 'integra')", True),
        ("name == 'Integrasjon/ERP'", True),
        ("max(users, 20) == 20 and min(users, 3) == 3", True),
        ("max(users, gone) > 1", None),
    ],
)
def test_value(text: str, value: object) -> None:
    assert Condition(text, ROW).value(ROW) is value


def test_only_true_holds() -> None:
    assert Condition("use < 1", ROW).holds(ROW)
    assert not Condition("gone < 1", ROW).holds(ROW)


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('ls')",
        "name.upper() == 'X'",
        "users ** 9",
        "[x for x in name]",
        "lambda: 1",
        "use[0]",
        "f'{use}'",
        "(use := 1)",
        "use if is_new else users",
        "contains(name)",
        "contains(*name)",
        "open('x')",
        "users < ",
        "use is None",
        "nobody > 1",
        "'a' * 1000000",
        "users and",
        "1 +" * 400 + "1",
        "(" * 300 + "1" + ")" * 300,
    ],
)
def test_what_cannot_be_written(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        Condition(text, ROW, {**ROW, "gone": 1})


@pytest.mark.parametrize(
    "text", ["name < 3", "users and use", "name + users > 1", "contains(users, 'x')", "is_new + 1 > 1"]
)
def test_kinds_that_do_not_go_together(text: str) -> None:
    with pytest.raises(ValueError, match="compare numbers with numbers"):
        Condition(text, ROW, ROW)
