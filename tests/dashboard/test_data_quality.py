"""The data problems of the page Data in a reader's words."""

import pandas as pd
import pytest

from ccinsight.dashboard.pages import data_quality
from ccinsight.i18n import set_language


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

    shown = data_quality.in_words(rows).iloc[0]

    assert (shown["key"], shown["detail"].replace("\N{NO-BREAK SPACE}", " ")) == said
