"""Renewal risk on the screen, for internal eyes: scores by customer, one score's parts, the test on the past."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import streamlit as st

from ccinsight.access import Reader
from ccinsight.dashboard.session import reads
from ccinsight.dashboard.session.cache import Remembered, by_build, bytes_of
from ccinsight.dashboard.session.view import View
from ccinsight.dashboard.widgets import layout, report_table
from ccinsight.database.warehouse import Warehouse
from ccinsight.i18n import _, number
from ccinsight.registry import MEASURES, REPORTS, Report
from ccinsight.rules import backtest, risk
from ccinsight.rules.backtest import Auc, Backtest
from ccinsight.rules.risk import HIGH, Score
from ccinsight.rules.risk_rules import read_rules, rules_file

_STARTED, _RESULT = "backtest-started", "backtest-result"
_FACTS = ("customer_id", "customer_name", "account_manager", "user_band", "annual_value", "renewal_on")
Stamp = tuple[str, int]

SCORES: Report = report_table.of_columns(
    "risk_scores",
    "Renewal risk",
    *(REPORTS["renewal_risk"].column(name) for name in (*_FACTS, "days_to_termination")),
    *(MEASURES[name] for name in ("risk_score", "risk_known")),
)
PARTS: Report = report_table.of_columns(
    "risk_parts",
    "What the score is made of",
    *(MEASURES[name] for name in ("risk_rule", "risk_shown", "risk_points", "risk_most")),
)
BANDS: Report = report_table.of_columns(
    "risk_bands",
    "Share that left, by score before the deadline",
    *(MEASURES[name] for name in ("score_band", "judged", "left", "left_share")),
)
RULES: Report = report_table.of_columns(
    "risk_rules",
    "What each rule says by itself",
    *(MEASURES[name] for name in ("risk_rule", "risk_weight", "judged", "auc", "auc_low", "auc_high")),
)


def scores(view: View) -> pd.DataFrame:
    """The scores of the day, of the customers that the filters leave, the highest first."""
    house = reads.warehouse()
    whole = _scores(view.as_of, house, view.reader)
    kept = reads.chosen(whole, view.as_of, view.filters, view.reader)
    return kept.rename(columns={"score": "risk_score", "known_weight": "risk_known"})


_known_scores: Remembered[pd.DataFrame] = by_build(48_000_000, bytes_of)


def _scores(as_of: date, house: Warehouse, reader: Reader) -> pd.DataFrame:
    """A copy that a page may change."""
    key = (house.build_id, as_of, _stamp(house), reader.sight)
    return _known_scores.get(key, lambda: risk.scores(house, as_of, reader)).copy(deep=False)


def scores_on(view: View, on: date) -> pd.DataFrame:
    """The scores as known on a day, of all customers that the reader may see, by the columns of ``risk.scores``."""
    return _scores(on, reads.warehouse(), view.reader)


def stamp(view: View) -> tuple[object, ...]:
    """What scores of the past follow from: another value gives other ones."""
    house = reads.warehouse()
    return house.build_id, view.as_of, _stamp(house), view.reader.sight


def _stamp(house: Warehouse) -> Stamp:
    """Which rules hold: another file, or a change to it, gives other scores."""
    path: Path = rules_file(house)
    return str(path), path.stat().st_mtime_ns


def high(scored: pd.DataFrame) -> pd.DataFrame:
    """The customers whose score is called high."""
    return scored[scored["risk_score"] >= HIGH]


def one(scored: pd.DataFrame, customer_id: str) -> Score:
    """One customer's score with its parts."""
    row = scored[scored["customer_id"] == customer_id].iloc[0]
    plain = row.rename({"risk_score": "score", "risk_known": "known_weight"})
    return risk.breakdown(plain, read_rules(rules_file(reads.warehouse())))


def names(scored: pd.DataFrame, view: View) -> dict[str, str]:
    """Customer → name, the highest score first."""
    known = reads.choices(view.reader).customers
    return {key: known.get(key, key) for key in scored["customer_id"]}


def parts(found: Score) -> pd.DataFrame:
    """One row per rule: its name, its number in words, its points and the most it can give."""
    rows = [(part.label, part.shown, part.points, part.most) for part in found.parts]
    frame = pd.DataFrame(rows, columns=["risk_rule", "risk_shown", "risk_points", "risk_most"])
    return frame.astype({"risk_points": "float64", "risk_most": "float64"})


def said(found: Score) -> str:
    """The score in a line."""
    if found.score is None:
        return _("The score is unknown: less than half of the rules' weight is known.")
    return _("Score {score} of 100, from rules that hold {known} of the weight.").format(
        score=number(found.score), known=MEASURES["risk_known"].shown(found.known_weight)
    )


# ---------------------------------------------------------------- the test


def tested(view: View, lead_days: int) -> Backtest | None:
    """The test on the past, worked out on a click and kept for the session; None before that."""
    house = reads.warehouse()
    asked = (house.build_id, view.as_of, lead_days, _stamp(house), view.reader.sight)
    state = st.session_state
    if state.get(_RESULT, (None, None))[0] == asked:
        found: Backtest = state[_RESULT][1]
        return found
    if not state.get(_STARTED):
        layout.note(
            _(
                "The test scores every customer at up to 60 month ends, as known then. It takes up to a minute the "
                "first time."
            )
        )
        if not st.button(
            _("Test the score on history"), icon=":material/history:", key="start-backtest", type="primary"
        ):
            return None
        state[_STARTED] = True
    bar = st.progress(0.0, text=_("Going back in time…"))

    def progress(done: float) -> None:
        bar.progress(min(done, 1.0), text=_("Going back in time…"))

    made = backtest.backtest(
        house, view.as_of, view.reader, lead_days, scores_on=lambda on: scores_on(view, on), progress=progress
    )
    bar.empty()
    state[_RESULT] = (asked, made)
    st.rerun()  # the button goes, the result stays
    return made


def show_verdict(found: Backtest) -> None:
    """What the test says, plainly, and what it is based on."""
    show = st.success if found.score.is_above_chance else st.warning
    show(layout.plain(found.verdict()), icon=":material/balance:")
    layout.note(
        _(
            "Judged: {left} agreements that left and {stayed} that stayed. Left out: {known} whose notice was known "
            "by then, {supplier} that we ended, {unscored} without a score."
        ).format(
            left=number(found.left),
            stayed=number(found.stayed),
            known=number(found.notice_known),
            supplier=number(found.supplier_left),
            unscored=number(found.not_scored),
        )
    )


def rankings(found: Backtest) -> pd.DataFrame:
    """One row per way of ranking: the score, and the plain guess."""
    rows = [
        (_("The score"), *_three(found.score)),
        (_("Plain guess: fewer tickets than the year before"), *_three(found.guess)),
    ]
    frame = pd.DataFrame(rows, columns=["ranking", "auc", "auc_low", "auc_high"])
    return frame.astype({"auc": "float64", "auc_low": "float64", "auc_high": "float64"})


def bands(found: Backtest) -> pd.DataFrame:
    """One row per score band, for the table."""
    return found.bands.rename(columns={"agreements": "judged"})


def by_rule(found: Backtest) -> pd.DataFrame:
    """One row per rule, for the table, the one that ranks best first."""
    names = {
        "rule": "risk_rule",
        "weight": "risk_weight",
        "known": "judged",
        "low": "auc_low",
        "high": "auc_high",
    }
    return found.by_rule.rename(columns=names).sort_values("auc", ascending=False, na_position="last")


def _three(auc: Auc) -> tuple[float | None, float | None, float | None]:
    return auc.value, auc.low, auc.high
