"""Who was right about renewals: the account manager's verdict, or the risk score of the same day.

``judge`` holds the verdicts whose outcome is known against the scores as known on the day that each verdict was asked
for. A verdict in doubt says neither, and is counted apart; so is a customer whose score is unknown.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np
import pandas as pd

from ccinsight.rules.backtest import BANDS
from ccinsight.rules.risk import HIGH

VERDICTS = ("stays", "in_doubt", "leaves")
MILESTONES = (6, 3)
UNKNOWN = "unknown"

ScoresOn = Callable[[date], pd.DataFrame]
Progress = Callable[[float], None]


@dataclass(frozen=True)
class Judged:
    """Verdicts of renewals whose outcome is known.

    ``rows``: one per agreement, period and milestone, as the report renewal_verdicts has them, with has_left and score.
    ``rates``: one per milestone: milestone, renewals (both the person and the score said one or the other),
    person_right, person_share, score_right, score_share, in_doubt, score_unknown. ``by_verdict``: milestone, verdict,
    renewals, left, left_share. ``by_band``: milestone, score_band, renewals, left, left_share, with a row for unknown
    scores. ``notice_known`` and ``supplier_left`` count what could not be judged.
    """

    rows: pd.DataFrame
    rates: pd.DataFrame
    by_verdict: pd.DataFrame
    by_band: pd.DataFrame
    notice_known: int
    supplier_left: int


def days_to_score(verdicts: pd.DataFrame) -> list[date]:
    """The days of which ``judge`` needs the scores, in order."""
    rows, _known, _supplier = _open_ones(verdicts)
    return [pd.Timestamp(day).date() for day in sorted(rows["milestone_on"].unique())]


def judge(verdicts: pd.DataFrame, scores_on: ScoresOn, progress: Progress | None = None) -> Judged:
    """Judges the rows of the report renewal_verdicts whose outcome is known.

    ``scores_on`` gives the scores as known on a day: customer_id and score, NaN unknown. Left out and counted: a
    notice known on the day the verdict was given, and agreements that the supplier ended.
    """
    rows, notice_known, supplier_left = _open_ones(verdicts)
    days = days_to_score(verdicts)
    found: list[pd.DataFrame] = []
    for done, day in enumerate(days, 1):
        on_day = scores_on(day)[["customer_id", "score"]]
        found.append(on_day.assign(milestone_on=pd.Timestamp(day)))
        if progress:
            progress(done / len(days))
    rows = _with_scores(rows, found)
    return Judged(
        rows=rows,
        rates=pd.DataFrame([_rates(rows, each) for each in MILESTONES]).astype(_RATE_TYPES),
        by_verdict=_counted(rows, "verdict", VERDICTS),
        by_band=_counted(rows.assign(score_band=_bands(rows["score"])), "score_band", (*_LABELS, UNKNOWN)),
        notice_known=notice_known,
        supplier_left=supplier_left,
    )


_LABELS = (*(f"{low}–{high - 1}" for low, high in pairwise(BANDS)), f"{BANDS[-1]}–100")
_COUNTS = ("milestone", "renewals", "person_right", "score_right", "in_doubt", "score_unknown")
_RATE_TYPES = {**dict.fromkeys(_COUNTS, "Int64"), "person_share": "float64", "score_share": "float64"}


def _open_ones(verdicts: pd.DataFrame) -> tuple[pd.DataFrame, int, int]:
    """The judged ones, which were open when the verdict was given; how many a notice and the supplier took out."""
    rows = verdicts[verdicts["verdict"].notna() & verdicts["outcome"].notna()]
    is_known = (rows["notice_on"] <= rows["given_on"]).fillna(False).astype(bool)
    by_supplier = (rows["terminated_by"] == "supplier").fillna(False).astype(bool) & ~is_known
    return rows[~is_known & ~by_supplier].reset_index(drop=True), int(is_known.sum()), int(by_supplier.sum())


def _with_scores(rows: pd.DataFrame, scored: list[pd.DataFrame]) -> pd.DataFrame:
    if scored:
        rows = rows.merge(pd.concat(scored), on=["customer_id", "milestone_on"], how="left")
    else:
        rows = rows.assign(score=np.nan)
    return rows.assign(has_left=(rows["outcome"] == "left").astype(bool))


def _rates(rows: pd.DataFrame, milestone: int) -> dict[str, object]:
    """How often each was right, on the renewals of which both said one or the other."""
    asked = rows[rows["milestone"] == milestone]
    is_sure, is_scored = asked["verdict"] != "in_doubt", asked["score"].notna()
    both = asked[is_sure & is_scored]
    person = int(((both["verdict"] == "leaves") == both["has_left"]).sum())
    score = int(((both["score"] >= HIGH) == both["has_left"]).sum())
    return {
        "milestone": milestone,
        "renewals": len(both),
        "person_right": person,
        "person_share": person / len(both) if len(both) else None,
        "score_right": score,
        "score_share": score / len(both) if len(both) else None,
        "in_doubt": int((~is_sure).sum()),
        "score_unknown": int((is_sure & ~is_scored).sum()),
    }


def _bands(scores: pd.Series) -> pd.Series:
    bands = pd.cut(scores, [*BANDS, 101], right=False, labels=list(_LABELS)).astype(object)
    return bands.where(scores.notna(), UNKNOWN)


def _counted(rows: pd.DataFrame, by: str, values: tuple[str, ...]) -> pd.DataFrame:
    """One row per milestone and value: how many renewals, how many of them left."""
    found = []
    for milestone in MILESTONES:
        for value in values:
            part = rows[(rows["milestone"] == milestone) & (rows[by] == value)]
            left = int(part["has_left"].sum())
            found.append((milestone, value, len(part), left, left / len(part) if len(part) else None))
    frame = pd.DataFrame(found, columns=["milestone", by, "renewals", "left", "left_share"])
    return frame.astype({"milestone": "Int64", "renewals": "Int64", "left": "Int64", "left_share": "float64"})
