"""Renewal risk, for internal eyes: a score from 0 to 100 of named rules with weights.

The figures come from the report ``renewal_risk``, the rules from ``risk.toml``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from ccinsight.access import Reader
from ccinsight.database.scope import Scope
from ccinsight.database.warehouse import Warehouse
from ccinsight.i18n import is_unknown
from ccinsight.outputs.frames import to_frame
from ccinsight.registry import REPORTS
from ccinsight.rules.risk_rules import Floats, Rule, read_rules, rules_file

_KNOWN_ENOUGH = 0.5
# From here on a score is called high: it says that the customer leaves.
HIGH = 40


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
