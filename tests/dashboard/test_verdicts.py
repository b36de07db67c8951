"""Verdicts on the page Renewal risk: the form, what is due, where they differ from the score, and who was right."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from ccinsight.clock import now, today
from ccinsight.dashboard.pages import renewal_verdicts
from ccinsight.ingest import import_paths
from ccinsight.notes.verdicts import IN_DOUBT, STAYS, Verdict, Verdicts
from tests.dashboard.opening import Open, written

_HEAD = (
    "agreement_id;customer_id;customer_name;account_manager;product;subscribed_on;registered_users;price_basis;"
    "price_per_user;terminated_on"
)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three customers whose deadlines lie about two months ahead of today; the second one has given notice."""
    folder = tmp_path_factory.mktemp("verdicts")
    first = (today() + timedelta(days=92)).replace(day=1)
    started = first.replace(year=first.year - 2)
    rows = [
        f"A-{number};{number};Kunde {number} AS;Kari;CloudCare CRM;{started};10;contract;1200;"
        for number in (1, 2, 3)
    ]
    rows[1] += str(today() - timedelta(days=10))
    (folder / "agreements.csv").write_text("\n".join([_HEAD, *rows]) + "\n", encoding="utf-8")
    database = folder / "ccinsight.duckdb"
    import_paths([folder / "agreements.csv"], database, imported_at=now())
    return database


@pytest.fixture
def opened(open_page: Open, small: Path) -> Callable[[str], AppTest]:
    Verdicts.beside(small)._notes.path.unlink(missing_ok=True)
    return lambda query: open_page("risk", query, small)


def _key(site: AppTest, name: str) -> str:
    keys = [str(each.key) for each in (*site.radio, *site.text_input)]
    return next(key for key in keys if key.startswith(f"verdict-{name}-A-1"))


def test_a_verdict_is_given_and_changed(opened: Callable[[str], AppTest], small: Path) -> None:
    site = opened(f"as-of={today()}&risk=verdicts&verdict=A-1&language=en")
    assert site.title[0].value == "2 renewals are waiting for a verdict"
    assert [name.split(":")[0] for name in site.selectbox("verdict").options] == [
        "Kunde 1 AS, agreement A-1",
        "Kunde 3 AS, agreement A-3",
    ]
    submit = next(each for each in site.button if each.label == "Save the verdict")
    submit.click().run()
    assert [each.value for each in site.error] == [
        "Choose whether the customer stays, is in doubt or leaves."
    ]

    site.radio(_key(site, "said")).set_value(IN_DOUBT)
    submit = next(each for each in site.button if each.label == "Save the verdict")
    submit.click().run()
    assert "Write the reason" in site.error[0].value
    site.text_input(_key(site, "reason")).set_value("Ny *leder*")
    next(each for each in site.button if each.label == "Save the verdict").click().run()

    assert [each.value for each in site.success] == ["The verdict is saved\\: Kunde 1 AS, In doubt."]
    assert site.title[0].value == "1 renewal is waiting for a verdict"
    assert any("In doubt – Ny \\*leder\\*" in each.value for each in site.caption)
    site.radio(_key(site, "said")).set_value(STAYS)
    next(each for each in site.button if each.label == "Save the verdict").click().run()
    assert [row["verdict"] for row in Verdicts.beside(small).rows()] == [IN_DOUBT, STAYS]


def test_a_verdict_is_given_today_alone(opened: Callable[[str], AppTest]) -> None:
    site = opened(f"as-of={today() - timedelta(days=1)}&risk=verdicts&language=en")

    assert not site.radio
    assert any("counts from the day on which it is given" in each.value for each in site.info)


def test_what_came_of_verdicts_is_shown_once_the_deadline_has_passed(
    opened: Callable[[str], AppTest], small: Path
) -> None:
    later = today() + timedelta(days=75)
    site = opened(f"as-of={later}&risk=judged&language=en")
    assert any("No verdict has been followed" in each.value for each in site.info)

    renewal = (today() + timedelta(days=92)).replace(day=1)
    at = datetime.combine(today() - timedelta(days=20), datetime.min.time())
    for number, verdict in ((1, "stays"), (2, "leaves"), (3, "in_doubt")):
        given = Verdict(f"A-{number}", str(number), renewal, 3, verdict, "Pris")
        Verdicts.beside(small).give(given, given_at=at)
    site = opened(f"as-of={later}&risk=judged&language=en")

    rates, by_verdict = written(site)[:2]
    # the scores are unknown: nothing was imported that they are made of
    assert [row[0] for row in rates[1:]] == ["6", "3"]
    assert rates[2][1] == "0"
    assert [row[1:4] for row in by_verdict if row[0] == "3"] == [
        ["Stays", "1", "0"],
        ["In doubt", "1", "0"],
        ["Leaves", "1", "1"],
    ]


def test_a_verdict_and_a_score_that_say_two_things_are_listed() -> None:
    given = pd.DataFrame(
        {
            "customer_id": ["1", "2", "3", "4", "5", "6"],
            "verdict": ["stays", "stays", "in_doubt", "leaves", "leaves", "stays"],
        }
    )
    scored = pd.DataFrame(
        {"customer_id": ["1", "2", "3", "4", "5", "6"], "risk_score": [40, 39, 10, 40, 39, None]}
    )

    assert list(renewal_verdicts.differing(given, scored)["customer_id"]) == ["1", "3", "5"]
