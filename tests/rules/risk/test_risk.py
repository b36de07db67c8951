"""The score by its rules, and the test on the past: AUC by ranks, intervals, what is left out."""

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from ccinsight import i18n
from ccinsight.access import SEES_ALL
from ccinsight.database.scope import Scope
from ccinsight.database.warehouse import Warehouse
from ccinsight.errors import CcinsightError
from ccinsight.registry import REPORTS
from ccinsight.rules import backtest, risk
from ccinsight.rules.backtest import area, judged, month_end_before
from ccinsight.rules.risk import breakdown, weighed
from ccinsight.rules.risk_rules import Rule, read_rules

OURS = read_rules(Path(risk.__file__).with_name("risk.toml"))
AS_OF = date(2026, 10, 1)
LABELS = {"nb": "Regel", "en": "Rule"}
RULES = (
    Rule("fall", "use_fall", 0.0, 1.0, 60, LABELS, {"tickets_half_before": 4}),
    Rule("use", "licence_use", 0.8, 0.4, 40, LABELS),
)


def _facts(*rows: dict[str, Any]) -> pd.DataFrame:
    names = [column.name for column in REPORTS["renewal_risk"].columns]
    empty = dict.fromkeys(names, np.nan)
    known = {"tickets_half_before": 10, "tickets": 5, "tickets_before": 5}
    return pd.DataFrame([{**empty, **known, "customer_id": str(n), **row} for n, row in enumerate(rows)])


def test_score_is_points_over_known_weights() -> None:
    scored = weighed(
        _facts(
            {"use_fall": 0.5, "licence_use": 0.6},
            {"use_fall": 2.0, "licence_use": 0.1},
            {"use_fall": -1.0, "licence_use": 0.9},
            {"use_fall": 0.5},
            {"licence_use": 0.4},
            {"use_fall": 1.0, "licence_use": 0.8, "tickets_half_before": 3},
            {},
        ),
        RULES,
    )
    assert scored["score"].round(6).fillna(-1).tolist() == [50, 100, 0, 50, -1, -1, -1]
    assert scored["known_weight"].tolist() == [1, 1, 1, 0.6, 0.4, 0.4, 0]


def test_points_of_the_parts_sum_to_the_score() -> None:
    i18n.set_language("en")
    row = weighed(_facts({"use_fall": 0.5, "licence_use": 0.6}), RULES).iloc[0]
    found = breakdown(row, RULES)
    assert found.score == pytest.approx(50)
    assert [
        (part.rule, round(part.points or 0, 6), round(part.most, 6), part.shown) for part in found.parts
    ] == [
        ("fall", 30, 60, "50%"),
        ("use", 20, 40, "60%"),
    ]


def test_an_unknown_rule_is_called_unknown() -> None:
    i18n.set_language("en")
    found = breakdown(weighed(_facts({"use_fall": 0.5}), RULES).iloc[0], RULES)
    assert found.parts[-1].shown == "unknown"
    assert found.parts[-1].points is None
    assert found.parts[-1].most == 0


def test_our_weights_sum_to_a_hundred_and_have_names_in_both_languages() -> None:
    assert sum(rule.weight for rule in OURS) == 100
    assert all(set(rule.labels) == {"nb", "en"} for rule in OURS)


def test_auc_counts_pairs_and_ties_half() -> None:
    left = np.array([True, True, False, False, False])
    values = np.array([3.0, 1.0, 1.0, 2.0, 0.0])
    pairs = [(a, b) for a in values[left] for b in values[~left]]
    by_hand = sum(1.0 if a > b else 0.5 if a == b else 0.0 for a, b in pairs) / len(pairs)
    assert area(left, values)[0] == pytest.approx(by_hand)


def test_auc_of_weighted_rows_is_that_of_repeated_rows() -> None:
    random = np.random.default_rng(1)
    left, values = random.random(40) < 0.4, random.integers(0, 6, 40).astype(float)
    weights = random.integers(0, 4, (3, 40)).astype(float)
    repeated = [area(left.repeat(row.astype(int)), values.repeat(row.astype(int)))[0] for row in weights]
    assert area(left, values, weights) == pytest.approx(np.array(repeated))


@pytest.mark.parametrize(
    ("deadline", "lead", "scored_on"),
    [
        (date(2026, 3, 31), 30, date(2026, 2, 28)),
        (date(2026, 3, 31), 31, date(2026, 2, 28)),
        (date(2026, 3, 31), 32, date(2026, 1, 31)),
        (date(2026, 3, 1), 1, date(2026, 2, 28)),
        (date(2026, 1, 15), 60, date(2025, 10, 31)),
    ],
)
def test_scores_are_of_the_last_month_end_in_time(deadline: date, lead: int, scored_on: date) -> None:
    assert month_end_before(deadline, lead) == scored_on


def _outcomes(*rows: dict[str, Any]) -> pd.DataFrame:
    given = {"has_left": False, "notice_on": None, "terminated_by": None, "scored_on": "2026-01-31"}
    frame = pd.DataFrame(
        [{**given, "agreement_id": f"A{n}", "customer_id": str(n), **row} for n, row in enumerate(rows)]
    )
    return frame.assign(
        scored_on=pd.to_datetime(frame["scored_on"]).astype("datetime64[s]"),
        notice_on=pd.to_datetime(frame["notice_on"]).astype("datetime64[s]"),
        terminated_by=frame["terminated_by"].astype("str"),
    )


def _scored(values: list[float]) -> list[pd.DataFrame]:
    frame = weighed(_facts(*({"use_fall": value, "licence_use": 0.8} for value in values)), RULES)
    return [
        frame.assign(scored_on=pd.Series([pd.Timestamp("2026-01-31")] * len(frame)).astype("datetime64[s]"))
    ]


def test_what_was_known_by_then_and_what_we_ended_is_left_out() -> None:
    left = {"has_left": True, "terminated_by": "customer", "notice_on": "2026-02-10"}
    outcomes = _outcomes(
        *[left] * 6,
        *[{}] * 6,
        {**left, "notice_on": "2026-01-31"},
        {**left, "terminated_by": "supplier"},
        {"customer_id": "not scored"},
    )
    found = judged(outcomes, _scored([0.9] * 6 + [0.1] * 9), RULES)
    assert (found.left, found.stayed) == (6, 6)
    assert (found.notice_known, found.supplier_left, found.not_scored) == (1, 1, 1)
    assert (found.score.value, found.score.low, found.score.high) == (1, 1, 1)
    assert found.guess.value == 0.5
    assert int(found.bands["agreements"].sum()) == 12
    assert int(found.bands["left"].sum()) == 6


def test_no_better_than_chance_is_said_plainly() -> None:
    i18n.set_language("en")
    random = np.random.default_rng(3)
    outcomes = _outcomes(*({"has_left": bool(n % 4 == 0)} for n in range(200)))
    found = judged(outcomes, _scored(list(random.random(200))), RULES)
    assert found.score.low is not None
    assert found.score.low < 0.5
    assert "no better than chance" in found.verdict()
    again = judged(outcomes, _scored(list(np.random.default_rng(3).random(200))), RULES)
    assert (again.score, again.guess, again.better) == (found.score, found.guess, found.better)


def test_too_few_give_no_figure() -> None:
    i18n.set_language("en")
    found = judged(_outcomes({"has_left": True}, {}, {}), _scored([0.9, 0.1, 0.2]), RULES)
    assert found.score.value is None
    assert "Too few" in found.verdict()


@pytest.fixture(scope="module")
def house(sample_database: Path) -> Warehouse:
    return Warehouse.open(sample_database)


def test_scores_lie_between_0_and_100(house: Warehouse) -> None:
    found = risk.scores(house, AS_OF, SEES_ALL)
    known = found["score"].dropna()
    assert len(known) > 50
    assert known.between(0, 100).all()
    assert known.is_monotonic_decreasing


def test_one_customers_score_is_that_of_all(house: Warehouse) -> None:
    first = risk.scores(house, AS_OF, SEES_ALL).iloc[0]
    found = risk.score(house, AS_OF, SEES_ALL, first["customer_id"])
    assert found is not None
    assert found.score == pytest.approx(first["score"])
    assert sum(part.points or 0 for part in found.parts) == pytest.approx(first["score"])


def test_who_has_given_notice_is_not_scored(house: Warehouse) -> None:
    agreements = house.report("agreements", Scope(AS_OF, SEES_ALL)).to_pandas()
    states = agreements.groupby("customer_id")["state"].agg(set)
    gone = {customer for customer, found in states.items() if "active" not in found}
    assert gone.isdisjoint(risk.scores(house, AS_OF, SEES_ALL)["customer_id"])
    assert gone


def test_outcomes_are_the_past_of_the_agreements(house: Warehouse) -> None:
    outcomes = house.report("renewal_outcomes", Scope(AS_OF, SEES_ALL), months=60).to_pandas()
    assert (pd.to_datetime(outcomes["termination_deadline"]) <= pd.Timestamp(AS_OF)).all()
    assert not outcomes.duplicated(["agreement_id", "period_start"]).any()
    known = (
        house.report("agreements", Scope(AS_OF, SEES_ALL)).to_pandas().set_index("agreement_id")["ends_on"]
    )
    left = outcomes[outcomes["has_left"]]
    assert (known.loc[left["agreement_id"]].to_numpy() == left["period_end"].to_numpy()).all()


def test_backtest_goes_back_month_by_month(house: Warehouse) -> None:
    seen: list[date] = []
    progress: list[float] = []

    def scores_on(day: date) -> pd.DataFrame:
        seen.append(day)
        return risk.scores(house, day, SEES_ALL)

    found = backtest.backtest(
        house, AS_OF, SEES_ALL, 60, months=3, scores_on=scores_on, progress=progress.append
    )

    assert 1 <= len(seen) <= 4
    assert progress[-1] == 1
    assert (found.rows["scored_on"] < found.rows["termination_deadline"] - pd.Timedelta(days=59)).all()


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('column = "nothing"', "nothing isn't a numeric column"),
        ("weight = 0", "weight above 0"),
        ("full = 0", "they must differ"),
        ('full = "x"', "full: give a number"),
        ("colour = 1", "unknown setting: colour"),
        ("needs = 3", "needs: give a table"),
    ],
)
def test_a_wrong_rule_is_named(tmp_path: Path, line: str, message: str) -> None:
    key = line.partition(" ")[0]
    given = {"column": '"use_fall"', "none": "0", "full": "1", "weight": "5"}
    lines = [f"{name} = {value}" for name, value in given.items() if name != key]
    path = tmp_path / "risk.toml"
    path.write_text("\n".join(['[[rule]]\nname = "mine"', *lines, line]))
    with pytest.raises(CcinsightError, match=rf"risk\.toml: rule mine: .*{message}"):
        read_rules(path)
