"""For which subjects an alert holds: each row of its rule's report that the reader may see is judged on its own.

A condition that is unknown for a row is neither true nor false: the alert neither begins nor ends there.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from ccinsight.access import Reader
from ccinsight.database.scope import Scope
from ccinsight.database.warehouse import Warehouse
from ccinsight.errors import CcinsightError
from ccinsight.files import ALERTS
from ccinsight.i18n import _, language
from ccinsight.registry import REPORTS
from ccinsight.rules.alert_rules import THRESHOLD, AlertRule, Subject
from ccinsight.rules.rule_tables import placeholders

_TWO_YEARS = timedelta(days=731)  # as far back as an unbilled amount is a duty (R14)

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Asked:
    """A rule with the threshold that a reader set, for one customer or (None) for all that they may see."""

    rule: AlertRule
    threshold: Decimal | None = None
    customer_id: str | None = None


@dataclass(frozen=True)
class Finding:
    """Whether an alert holds for a subject; None where that is unknown.

    ``subject`` is the key of the report's row as JSON, ``customer_id`` None for a subject that is no customer's.
    """

    subject: str
    customer_id: str | None
    holds: bool | None
    row: Row


class Figures:
    """What a reader may see on a day: reports are asked once, whatever the number of alerts.

    ``marks``: what persons said of duties, as the report ``duties`` takes them.
    """

    def __init__(
        self, house: Warehouse, reader: Reader, as_of: date, marks: Sequence[Mapping[str, Any]] = ()
    ) -> None:
        self._house, self._scope, self._marks = house, Scope(as_of, reader), list(marks)
        self._reports: dict[str, list[dict[str, Any]]] = {}

    def evaluate(self, asked: Asked) -> dict[str, Finding]:
        """The findings by subject. Raises CcinsightError naming a rule whose kinds don't go together."""
        rule, found = asked.rule, {}
        for row in self._rows(rule.report):
            customer_id = row.get("customer_id")
            if asked.customer_id is not None and customer_id != asked.customer_id:
                continue
            subject = json.dumps([row[name] for name in REPORTS[rule.report].key], default=str)
            found[subject] = Finding(subject, customer_id, _holds(asked, row), row)
        return found

    def began(self, asked: Asked, finding: Finding) -> str:
        """What is said of a subject where the alert begins to hold, in the language in use."""
        return _filled(asked, asked.rule.texts[language()].began, finding.row)

    def ended(self, asked: Asked, finding: Finding | None) -> str:
        """What is said where it no longer holds; ``finding`` is None where the row is gone from the report."""
        if finding is None:
            return _("It no longer holds.")
        return _filled(asked, asked.rule.texts[language()].ended, finding.row)

    def named(self, rule: AlertRule, subject: str, customer_id: str | None) -> str:
        """A subject as a person reads it: the customer, and which agreement or ticket."""
        report = REPORTS[rule.report]
        values = dict(zip(report.key, json.loads(subject), strict=False))
        which = values.get(rule.subject_column)
        customer = self.customer(customer_id) if customer_id is not None else ""
        match rule.subject:
            case Subject.AGREEMENT if which is not None:
                text = _("agreement {which}").format(which=which)
            case Subject.TICKET:
                text = _("ticket {which}").format(which=which)
            case Subject.DATABASE:
                text = report.column(rule.subject_column).shown(which)
            case _:
                text = ""
        return ", ".join(part for part in (customer, text) if part)

    def customer(self, customer_id: str) -> str:
        """A customer's name where the reader may see it, else its id."""
        return self._names.get(customer_id) or customer_id

    def may_see(self, customer_id: str | None) -> bool:
        """False for a customer that the reader may not see, or no longer."""
        visible = self._house.visible(self._scope.reader)
        return customer_id is None or visible is None or customer_id in visible

    def _rows(self, report: str) -> list[dict[str, Any]]:
        if report not in self._reports:
            options = {"marks": self._marks, "since": self._scope.as_of - _TWO_YEARS}
            taken = {name: value for name, value in options.items() if name in REPORTS[report].options}
            self._reports[report] = self._house.report(report, self._scope, **taken).to_pylist()
        return self._reports[report]

    @cached_property
    def _names(self) -> dict[str, str]:
        return {row["customer_id"]: row["customer_name"] for row in self._rows("customers")}


def _filled(asked: Asked, text: str, row: Row) -> str:
    columns = {column.name: column for column in REPORTS[asked.rule.report].columns}
    values = {
        name: asked.rule.shown(asked.threshold) if name == THRESHOLD else columns[name].shown(row[name])
        for name in placeholders(text)
    }
    return text.format(**values)


def _holds(asked: Asked, row: Row) -> bool | None:
    try:
        value = asked.rule.when.value({**row, THRESHOLD: asked.threshold})
    except ValueError as e:
        raise CcinsightError(
            _("{file}: rule {rule}: {what}.").format(file=ALERTS, rule=asked.rule.name, what=e)
        ) from e
    return value if isinstance(value, bool) else None
