"""Renewal risk, for internal eyes: a score from 0 to 100 of named rules with weights, and its honest test.

The figures come from the report ``renewal_risk``, the weights from ``risk.toml``: the one beside the
database where there is one, else ours. ``backtest`` goes back to before each past termination deadline and
asks how the score, as known then, ranked those who left against those who stayed.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ccinsight.access import Reader
from ccinsight.database.scope import Scope
from ccinsight.database.warehouse import Warehouse
from ccinsight.errors import CcinsightError
from ccinsight.files import RISK, own_rules_file
from ccinsight.i18n import _, is_unknown, language
from ccinsight.outputs.tables import to_frame
from ccinsight.registry import REPORTS

BANDS = (0, 10, 20, 30, 40, 50)
_OURS = Path(__file__).with_name(RISK)
_KEYS = {"name", "column", "none", "full", "weight", "needs", "en", "nb"}
_KNOWN_ENOUGH = 0.5
_DRAWS, _DRAWS_AT_ONCE, _SEED = 1000, 100, 20260301
_FEWEST = 5

Floats = npt.NDArray[np.float64]
ScoresOn = Callable[[date], pd.DataFrame]
Progress = Callable[[float], None]


@dataclass(frozen=True)
class Rule:
    """A rule of risk.toml: no points at ``none``, the whole weight at ``full``, its share in between."""

    name: str
    column: str
    none: float
    full: float
    weight: float
    labels: Mapping[str, str]
    needs: Mapping[str, float] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """The rule's name in the language in use."""
        return self.labels[language()]

    def share(self, frame: pd.DataFrame) -> Floats:
        """0 to 1 for each row of the report renewal_risk; NaN where the rule is unknown."""
        values = _floats(frame[self.column])
        shares = np.clip((values - self.none) / (self.full - self.none), 0, 1)
        for column, least in self.needs.items():
            shares = np.where(_floats(frame[column]) >= least, shares, np.nan)
        return shares


@dataclass(frozen=True)
class Part:
    """One rule's part in a score: ``points`` of at most ``most``, on the scale of the whole score.

    ``value`` is the rule's number, ``shown`` the same in words; None and "unknown" where it isn't known, and
    then there are no points and ``most`` is 0.
    """

    rule: str
    label: str
    column: str
    value: float | None
    shown: str
    points: float | None
    most: float


@dataclass(frozen=True)
class Score:
    """One customer's score on a day; None where too little is known. ``parts``: the largest points first."""

    customer_id: str
    score: float | None
    known_weight: float
    parts: tuple[Part, ...]


# ---------------------------------------------------------------- the rules


def rules_file(house: Warehouse) -> Path:
    """The file of rules that holds for a database: risk.toml beside it where there is one, else ours."""
    own = own_rules_file(house.path, RISK)
    return own if own.is_file() else _OURS


def read_rules(path: Path) -> tuple[Rule, ...]:
    """The rules of a file. Raises CcinsightError naming the file, the rule and what to do."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as e:
        raise CcinsightError(_("{file} can't be read as TOML: {error}.").format(file=path, error=e)) from e
    entries = content.get("rule")
    if not isinstance(entries, list) or not entries:
        raise CcinsightError(_("{file} has no rules: add one as [[rule]].").format(file=path))
    rules = tuple(_rule(path, number, entry) for number, entry in enumerate(entries, 1))
    names = [rule.name for rule in rules]
    for name in names:
        if names.count(name) > 1:
            raise _wrong(path, name, _("the name is there twice; give each rule its own"))
    return rules


def _rule(path: Path, number: int, entry: Any) -> Rule:
    name = entry.get("name") if isinstance(entry, dict) else None
    if not isinstance(name, str) or not name.isidentifier():
        raise _wrong(path, f"#{number}", _("give it a name of letters, digits and _"))
    for key in entry:
        if key not in _KEYS:
            raise _wrong(path, name, _("unknown setting: {name}").format(name=key))
    column = _column(path, name, entry.get("column"))
    none, full, weight = (_number(path, name, key, entry.get(key)) for key in ("none", "full", "weight"))
    if none == full:
        raise _wrong(path, name, _("none and full are the same number; they must differ"))
    if weight <= 0:
        raise _wrong(path, name, _("give a weight above 0, or leave the rule out"))
    needs = entry.get("needs", {})
    if not isinstance(needs, dict):
        raise _wrong(path, name, _("give needs as { column = number }"))
    labels = {each: entry.get(each) or entry.get("en") or name for each in ("nb", "en")}
    least = {_column(path, name, key): _number(path, name, key, value) for key, value in needs.items()}
    return Rule(name, column, none, full, weight, labels, least)


def _column(path: Path, rule: str, name: Any) -> str:
    known = [column.name for column in REPORTS["renewal_risk"].columns if column.is_numeric]
    if name not in known:
        sentence = _("{column} isn't a numeric column of renewal_risk; choose one of {known}")
        raise _wrong(path, rule, sentence.format(column=name, known=", ".join(known)))
    return str(name)


def _number(path: Path, rule: str, key: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not np.isfinite(value):
        raise _wrong(path, rule, _("give {key} as a number").format(key=key))
    return float(value)


def _wrong(path: Path, rule: str, what: str) -> CcinsightError:
    return CcinsightError(_("{file}: rule {rule}: {what}.").format(file=path, rule=rule, what=what))


# ---------------------------------------------------------------- scores


def scores(house: Warehouse, as_of: date, reader: Reader) -> pd.DataFrame:
    """One row per customer of the reader with an agreement in force that no notice ends, the highest score first.

    The columns of the report renewal_risk, ``score`` (0 to 100, NaN where too little is known),
    ``known_weight`` (a fraction) and for each rule ``points_<rule>`` (NaN unknown) and ``most_<rule>``.
    """
    frame = to_frame(house.report("renewal_risk", Scope(as_of, reader)))
    scored = weighed(frame, read_rules(rules_file(house)))
    return scored.sort_values(
        ["score", "customer_id"], ascending=[False, True], na_position="last"
    ).reset_index(drop=True)


def score(house: Warehouse, as_of: date, reader: Reader, customer_id: str) -> Score | None:
    """One customer's score with its parts; None where no agreement goes on."""
    rules = read_rules(rules_file(house))
    frame = to_frame(house.report("renewal_risk", Scope(as_of, reader, (customer_id,))))
    return None if frame.empty else breakdown(weighed(frame, rules).iloc[0], rules)


def weighed(frame: pd.DataFrame, rules: tuple[Rule, ...]) -> pd.DataFrame:
    """The report renewal_risk with its score, as ``scores`` describes, in the report's order."""
    shares = np.array([rule.share(frame) for rule in rules]).reshape(len(rules), len(frame))
    weights = np.array([[rule.weight] for rule in rules])
    known = (~np.isnan(shares) * weights).sum(axis=0)
    scale = 100 / np.where(known > 0, known, np.nan)
    points = shares * weights * scale
    known_weight = known / weights.sum()
    total = np.where(known_weight >= _KNOWN_ENOUGH, np.nansum(points, axis=0), np.nan)
    columns: dict[str, Floats] = {"score": total, "known_weight": known_weight}
    for rule, of_rule in zip(rules, points, strict=True):
        columns[f"points_{rule.name}"] = of_rule
        columns[f"most_{rule.name}"] = np.where(np.isnan(of_rule), 0, rule.weight * scale)
    return frame.assign(**columns)


def breakdown(row: pd.Series, rules: tuple[Rule, ...]) -> Score:
    """The score of one row of ``weighed``, rule by rule."""
    parts = [_part(row, rule) for rule in rules]
    parts.sort(key=lambda part: (part.points is None, -(part.points or 0), -part.most))
    total = row["score"]
    return Score(
        str(row["customer_id"]),
        None if is_unknown(total) else float(total),
        float(row["known_weight"]),
        tuple(parts),
    )


def _part(row: pd.Series, rule: Rule) -> Part:
    points = row[f"points_{rule.name}"]
    is_known = not is_unknown(points)
    value = row[rule.column]
    return Part(
        rule=rule.name,
        label=rule.label,
        column=rule.column,
        value=float(value) if is_known else None,
        shown=_with_unit(rule.column, value if is_known else None),
        points=float(points) if is_known else None,
        most=float(row[f"most_{rule.name}"]),
    )


def _with_unit(name: str, value: object) -> str:
    """A number of the report as a person reads it: ``49 days``, ``50 %``."""
    column = REPORTS["renewal_risk"].column(name)
    shown = column.shown(value)
    if is_unknown(value) or column.format != "integer" or not column.unit:
        return shown
    return f"{shown} {column.unit_of(value).partition(',')[0]}"


def _floats(values: pd.Series) -> Floats:
    return np.asarray(values.astype("float64").to_numpy(na_value=np.nan), dtype=np.float64)


# ---------------------------------------------------------------- the test


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
    score_auc, guess_auc = (_floats(known[name]) for name in ("score", "guess"))
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
    now, before = _floats(rows["tickets"]), _floats(rows["tickets_before"])
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
        auc = _auc(left, _draws(known["customer_id"]), _floats(known[f"points_{rule.name}"]))
        found.append((rule.label, len(known), rule.weight, auc.value, auc.low, auc.high))
    frame = pd.DataFrame(found, columns=["rule", "known", "weight", "auc", "low", "high"])
    return frame.astype(
        {"known": "Int64", "weight": "float64", "auc": "float64", "low": "float64", "high": "float64"}
    )
