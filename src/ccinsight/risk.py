"""Renewal risk, for internal eyes: a score from 0 to 100 of named rules with weights (risk.toml)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from ccinsight.warehouse import Warehouse


@dataclass(frozen=True)
class Part:
    """One rule's part in a score: ``points`` of at most ``most`` (both sum to the score and to 100 over the known
    rules); ``value`` and ``points`` are None where the rule's number is unknown."""

    rule: str
    label: str
    value: float | None
    shown: str
    points: float | None
    most: float


@dataclass(frozen=True)
class Score:
    """One customer's score on a day; None where too little is known. ``parts``: the largest points first."""

    customer_id: str
    score: float | None
    parts: tuple[Part, ...]


def scores(house: Warehouse, as_of: date) -> pd.DataFrame:
    """One row per customer with an agreement in force: the report renewal_risk, ``score`` (0 to 100, NaN unknown),
    ``known_weight`` (a fraction) and a column ``points_<rule>`` for each rule; the highest score first."""
    raise NotImplementedError


def score(house: Warehouse, as_of: date, customer_id: str) -> Score | None:
    """One customer's score with its parts; None where no agreement is in force."""
    raise NotImplementedError
