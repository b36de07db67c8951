"""The data problems of the page Data in a reader's words."""

import pandas as pd
import pytest

from ccinsight.dashboard.pages import data_problems
from ccinsight.i18n import set_language
from tests.dashboard.opening import AS_OF, Open, written


@pytest.mark.parametrize(
    ("check", "key", "detail", "said"),
    [
        ("value_unknown", "contact_role: Vikar", "saker.csv", ("Rolle (contact_role): Vikar", "saker.csv")),
        ("automatic_replies", "phone", "1204 / 3310", ("Telefon", "1 204 av 3 310")),
        ("contacts_above_users", "17", "8 / 5", ("17", "8 av 5")),
        ("price_far_from_list", "A-1", "1200.00 / 900.00", ("A-1", "1200.00 / 900.00")),
    ],
)
def test_problems_say_no_codes(check: str, key: str, detail: str, said: tuple[str, str]) -> None:
    set_language("nb")
    rows = pd.DataFrame([{"check": check, "export": "tickets", "key": key, "detail": detail}])

    shown = data_problems.in_words(rows).iloc[0]

    assert (shown["key"], shown["detail"].replace("\N{NO-BREAK SPACE}", " ")) == said


def test_the_checks_examples_say_no_codes(open_page: Open) -> None:
    site = open_page("data", f"as-of={AS_OF}&language=nb")

    [checks] = [rows for rows in written(site) if rows[0] == ["Kontroll", "Rader", "Eksempel"]]
    examples = {(check, example) for check, _count, example in checks[1:]}

    assert ("Automatiske første svar", "Telefon") in examples
    assert ("Ukjent verdi", "Rolle (contact_role): Innleid") in examples
    assert ("Avviste rader", "avtaler.csv: 171") in examples


def test_a_check_of_values_names_their_column() -> None:
    set_language("nb")
    rows = pd.DataFrame(
        [
            {"check": "value_unknown", "rows": 3, "example": "contact_role: Vikar", "export": "contact_role"},
            {"check": "agreements_missing", "rows": 1, "example": None, "export": "agreements"},
        ]
    )

    shown = data_problems.in_words(rows)

    assert shown["export"].tolist() == ["Rolle (contact_role)", "agreements"]
    assert shown["example"][0] == "Rolle (contact_role): Vikar"
    assert shown["example"].isna().tolist() == [False, True]
