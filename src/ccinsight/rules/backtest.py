"""The honest test of the risk score.

``backtest`` goes back to before each past termination deadline and asks how the score, as known then, ranked those
who left against those who stayed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pandas as pd

from ccinsight.access import Reader
from ccinsight.database.scope import Scope
from ccinsight.database.warehouse import Warehouse
from ccinsight.i18n import _
from ccinsight.outputs.frames import to_frame
from ccinsight.rules.risk import scores
from ccinsight.rules.risk_rules import Floats, Rule, floats, read_rules, rules_file

BANDS = (0, 10, 20, 30, 40, 50)
_DRAWS, _DRAWS_AT_ONCE, _SEED = 1000, 100, 20260301
_FEWEST = 5

ScoresOn = Callable[[date], pd.DataFrame]
Progress = Callable[[float], None]


@dataclass(frozen=True)
class Auc:
    """How often one who left had the higher score than one who stayed, of all such pairs; 0.5 is chance.

    ``low`` and ``high``: 95 % of 1000 draws of customers, whole, with replacement and a fixed seed. All None with
    fewer than five who left or who stayed.
    """

    value: float | None
    low: float | None
    high: float | None

    @property
    def is_above_chance(self) -> bool:
        """True where the interval lies wholly above 0.5."""
        return self.low is not None and self.low > 0.5


@dataclass(frozen=True)
class Backtest:
    """How the score did before past termination deadlines.

    ``rows``: one per agreement and deadline that could be judged: agreement_id, customer_id, customer_name,
    termination_deadline, scored_on, score, guess, has_left, and ``points_<rule>``. ``bands``: score_band,
    agreements, left, left_share. ``by_rule``: rule, known, weight, auc, low, high. ``better``: AUC of the score
    less that of the guess. The counts say which deadlines could not be judged.
    """

    rows: pd.DataFrame
    score: Auc
    guess: Auc
    better: Auc
    bands: pd.DataFrame
    by_rule: pd.DataFrame
    left: int
    stayed: int
    notice_known: int
    supplier_left: int
    not_scored: int

    def verdict(self) -> str:
        """What the test says, in a sentence or two."""
        if self.score.value is None:
            return _("Too few customers have left or stayed to tell whether the score says anything.")
        if not self.score.is_above_chance:
            return _(
                "On these data the score is no better than chance: the interval of its AUC covers 0.5. "
                "Don't act on it."
            )
        if self.better.low is not None and self.better.low > 0:
            return _(
                "The score ranked those who left above those who stayed more often than chance, and more often "
                "than the plain guess “fewer tickets than the year before”."
            )
        return _(
            "The score ranked those who left above those who stayed more often than chance, but not surely more "
            "often than the plain guess “fewer tickets than the year before”."
        )


def month_end_before(day: date, lead_days: int) -> date:
    """The last month's end at least so many days before the day: when its customer is scored."""
    latest = day - timedelta(days=lead_days)
    tomorrow = latest + timedelta(days=1)
    return latest if tomorrow.day == 1 else latest.replace(day=1) - timedelta(days=1)


def backtest(
    house: Warehouse,
    as_of: date,
    reader: Reader,
    lead_days: int = 60,
    months: int = 60,
    scores_on: ScoresOn | None = None,
    progress: Progress | None = None,
) -> Backtest:
    """Scores the reader's customers as known before each termination deadline of the last ``months`` up to ``as_of``.

    The scores are those of the last month's end that lies ``lead_days`` or more before the deadline, so that
    five years take 60 runs of a report. Left out and counted: notices known by then, notices of the supplier,
    and customers without a score. ``scores_on`` gives the scores of a day: ``scores`` of this house, or a
    cache of it.
    """
    outcomes = to_frame(house.report("renewal_outcomes", Scope(as_of, reader), months=months))
    deadlines = [value.date() for value in outcomes["termination_deadline"]]
    outcomes = outcomes.assign(
        scored_on=pd.Series(
            [pd.Timestamp(month_end_before(day, lead_days)) for day in deadlines],
            index=outcomes.index,
            dtype="datetime64[s]",
        )
    )
    days = sorted(outcomes["scored_on"].unique())
    found = []
    for done, day in enumerate(days, 1):
        on_day = (scores_on or (lambda each: scores(house, each, reader)))(pd.Timestamp(day).date())
        found.append(on_day.assign(scored_on=day))
        if progress:
            progress(done / len(days))
    return judged(outcomes, found, read_rules(rules_file(house)))


def judged(outcomes: pd.DataFrame, scored: list[pd.DataFrame], rules: tuple[Rule, ...]) -> Backtest:
    """The test of scores (each frame of ``scores`` with its ``scored_on``) against what came after."""
    is_known_notice = (outcomes["notice_on"] <= outcomes["scored_on"]).fillna(False).astype(bool)
    by_supplier = (outcomes["terminated_by"] == "supplier").fillna(False).astype(bool) & ~is_known_notice
    open_ones = outcomes[~is_known_notice & ~by_supplier]
    points = [f"points_{rule.name}" for rule in rules]
    wanted = ["customer_id", "scored_on", "score", "tickets", "tickets_before", *points]
    parts = [frame[wanted] for frame in scored if not frame.empty]
    if parts:
        rows = open_ones.merge(pd.concat(parts), on=["customer_id", "scored_on"], how="left")
    else:
        rows = open_ones.assign(**dict.fromkeys(wanted[2:], np.nan))
    known = rows[rows["score"].notna()].reset_index(drop=True)
    known = known.assign(guess=_guess(known), has_left=known["has_left"].astype(bool))
    left = known["has_left"].to_numpy(dtype=bool)
    draws = _draws(known["customer_id"])
    score_auc, guess_auc = (floats(known[name]) for name in ("score", "guess"))
    return Backtest(
        rows=known,
        score=_auc(left, draws, score_auc),
        guess=_auc(left, draws, guess_auc),
        better=_auc(left, draws, score_auc, guess_auc),
        bands=_bands(known),
        by_rule=_by_rule(known, rules),
        left=int(left.sum()),
        stayed=int((~left).sum()),
        notice_known=int(is_known_notice.sum()),
        supplier_left=int(by_supplier.sum()),
        not_scored=len(rows) - len(known),
    )


def _guess(rows: pd.DataFrame) -> Floats:
    """1 where the tickets were fewer than the year before, 0 where they weren't, 0.5 where unknown."""
    now, before = floats(rows["tickets"]), floats(rows["tickets_before"])
    return np.where(np.isnan(now) | np.isnan(before), 0.5, (now < before).astype(float))


def area(left: npt.NDArray[np.bool_], values: Floats, weights: Floats | None = None) -> Floats:
    """The AUC by ranks (ties count half) for each row of ``weights`` (draws × rows), or unweighted.

    NaN where a draw holds none who left, or none who stayed.
    """
    weights = np.ones((1, len(values))) if weights is None else weights
    _levels, level = np.unique(values, return_inverse=True)
    order = np.argsort(level, kind="stable")
    starts = np.searchsorted(level[order], np.arange(level.max() + 1))
    gone = np.add.reduceat(weights[:, order] * left[order], starts, axis=1)
    stayed = np.add.reduceat(weights[:, order] * ~left[order], starts, axis=1)
    below = np.cumsum(stayed, axis=1) - stayed
    pairs = gone.sum(axis=1) * stayed.sum(axis=1)
    won = (gone * (below + stayed / 2)).sum(axis=1)
    areas: Floats = won / np.where(pairs > 0, pairs, np.nan)
    return areas


def _draws(customers: pd.Series) -> Floats:
    """How often each row counts in each draw: customers are drawn whole, as their years resemble each other."""
    codes, names = pd.factorize(customers)
    if not len(names):
        return np.zeros((_DRAWS, 0))
    random = np.random.default_rng(_SEED)
    counts = random.multinomial(len(names), np.full(len(names), 1 / len(names)), size=_DRAWS)
    drawn: Floats = counts[:, codes].astype("float32")
    return drawn


def _auc(left: npt.NDArray[np.bool_], draws: Floats, values: Floats, less: Floats | None = None) -> Auc:
    """The AUC of the values with its interval; with ``less``, of the difference to the AUC of those."""
    if min(left.sum(), (~left).sum()) < _FEWEST:
        return Auc(None, None, None)

    def measured(weights: Floats | None) -> Floats:
        own = area(left, values, weights)
        return own if less is None else own - area(left, less, weights)

    steps = range(0, len(draws), _DRAWS_AT_ONCE)
    found = np.concatenate([measured(draws[step : step + _DRAWS_AT_ONCE]) for step in steps])
    low, high = np.nanquantile(found, [0.025, 0.975])
    return Auc(float(measured(None)[0]), float(low), float(high))


def _bands(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per score band: agreements, left, left_share."""
    edges = [*BANDS, 101]
    labels = [*(f"{low}–{high - 1}" for low, high in pairwise(BANDS)), f"{BANDS[-1]}–100"]
    band = pd.cut(rows["score"], edges, right=False, labels=labels)
    grouped = rows.groupby(band, observed=False)["has_left"].agg(["size", "sum"])
    frame = pd.DataFrame(
        {"score_band": labels, "agreements": grouped["size"].to_numpy(), "left": grouped["sum"].to_numpy()}
    ).astype({"agreements": "Int64", "left": "Int64"})
    share = frame["left"].astype("float64") / frame["agreements"].astype("float64").where(
        frame["agreements"] > 0
    )
    return frame.assign(left_share=share)


def _by_rule(rows: pd.DataFrame, rules: tuple[Rule, ...]) -> pd.DataFrame:
    """One row per rule: how it ranks by itself, over the rows that know it."""
    found = []
    for rule in rules:
        known = rows[rows[f"points_{rule.name}"].notna()]
        left = known["has_left"].to_numpy(dtype=bool)
        auc = _auc(left, _draws(known["customer_id"]), floats(known[f"points_{rule.name}"]))
        found.append((rule.label, len(known), rule.weight, auc.value, auc.low, auc.high))
    frame = pd.DataFrame(found, columns=["rule", "known", "weight", "auc", "low", "high"])
    return frame.astype(
        {"known": "Int64", "weight": "float64", "auc": "float64", "low": "float64", "high": "float64"}
    )
