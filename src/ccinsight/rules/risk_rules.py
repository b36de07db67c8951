"""The rules of renewal risk (``risk.toml``): the file beside the database where there is one, else ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from ccinsight.database.warehouse import Warehouse
from ccinsight.errors import CcinsightError
from ccinsight.files import RISK, own_rules_file
from ccinsight.i18n import _, language
from ccinsight.registry import REPORTS
from ccinsight.rules.rule_tables import name_of, named_twice, tables_of
from ccinsight.validation import Entry, Table, listed, read_tables

_OURS = Path(__file__).with_name(RISK)

Floats = npt.NDArray[np.float64]


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
        values = floats(frame[self.column])
        shares = np.clip((values - self.none) / (self.full - self.none), 0, 1)
        for column, least in self.needs.items():
            shares = np.where(floats(frame[column]) >= least, shares, np.nan)
        return shares


def rules_file(house: Warehouse) -> Path:
    """The file of rules that holds for a database: risk.toml beside it where there is one, else ours."""
    own = own_rules_file(house.path, RISK)
    return own if own.is_file() else _OURS


def read_rules(path: Path) -> tuple[Rule, ...]:
    """The rules of a file. Raises CcinsightError naming the file, the rule and what to do."""
    content = read_tables(path)
    entry = content.take("rule")
    if entry is None or not isinstance(entry.value, list) or not entry.value:
        raise CcinsightError(_("{file} has no rules: add one as [[rule]].").format(file=path))
    rules: dict[str, Rule] = {}
    for table in tables_of(entry):
        rule = _rule(table)
        if rule.name in rules:
            raise named_twice(table, rule.name)
        rules[rule.name] = rule
    return tuple(rules.values())


def _rule(table: Table) -> Rule:
    name = name_of(table)
    column = _column(table.needed("column"))
    none, full, weight = (table.needed(key) for key in ("none", "full", "weight"))
    if none.number() == full.number():
        raise full.error(_("none and full are the same number; they must differ"))
    if weight.number() <= 0:
        raise weight.error(_("give a weight above 0, or leave the rule out"))
    needs = {_column(Entry(e.file, e.key, key)): e.number() for key, e in table.table("needs").entries()}
    english, norwegian = table.take("en"), table.take("nb")
    label = english.text() if english else name
    table.refuse_the_rest()
    labels = {"en": label, "nb": norwegian.text() if norwegian else label}
    return Rule(name, column, none.number(), full.number(), weight.number(), labels, needs)


def _column(entry: Entry) -> str:
    known = [column.name for column in REPORTS["renewal_risk"].columns if column.is_numeric]
    if entry.value not in known:
        sentence = _("{column} isn't a numeric column of renewal_risk; choose one of {known}")
        raise entry.error(sentence.format(column=entry.value, known=listed(known)))
    return str(entry.value)


def floats(values: pd.Series) -> Floats:
    return np.asarray(values.astype("float64").to_numpy(na_value=np.nan), dtype=np.float64)
