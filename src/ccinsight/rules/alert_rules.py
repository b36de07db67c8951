"""The rules that a reader can be alerted by: ``alerts.toml`` beside the database where there is one, else ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from pathlib import Path

from ccinsight import i18n
from ccinsight.errors import CcinsightError
from ccinsight.files import ALERTS, own_rules_file
from ccinsight.i18n import N_, _, language
from ccinsight.registry import REPORTS, Column
from ccinsight.rules.conditions import Condition
from ccinsight.rules.rule_tables import examples_of, name_of, named_twice, placeholders, tables_of
from ccinsight.validation import Entry, Table, read_tables

THRESHOLD = "threshold"
_OURS = Path(__file__).with_name(ALERTS)
_LARGEST = Decimal(10) ** 9
_PERCENT = "percent"


class Subject(StrEnum):
    """What a row of a rule's report is about."""

    CUSTOMER = "customer"
    AGREEMENT = "agreement"
    TICKET = "ticket"
    DATABASE = "database"

    @property
    def label(self) -> str:
        """The subject in the language in use."""
        return _(_LABELS[self])


_LABELS = {
    Subject.CUSTOMER: N_("Customer"),
    Subject.AGREEMENT: N_("Agreement"),
    Subject.TICKET: N_("Ticket"),
    Subject.DATABASE: N_("Data"),
}
# The reports that a rule can be asked of, and the column that names the subject of a row.
SUBJECTS: Mapping[str, tuple[Subject, str]] = {
    "customer_facts": (Subject.CUSTOMER, "customer_id"),
    "renewal_risk": (Subject.CUSTOMER, "customer_id"),
    "utilization": (Subject.CUSTOMER, "customer_id"),
    "agreements": (Subject.AGREEMENT, "agreement_id"),
    "duties": (Subject.AGREEMENT, "agreement_id"),
    "invoicing": (Subject.AGREEMENT, "agreement_id"),
    "renewals": (Subject.AGREEMENT, "agreement_id"),
    "open_tickets": (Subject.TICKET, "ticket_id"),
    "data_age": (Subject.DATABASE, "export"),
}


@dataclass(frozen=True)
class AlertTexts:
    """A rule's texts in one language; ``began`` and ``ended`` have names of columns in braces."""

    title: str
    began: str
    ended: str


@dataclass(frozen=True)
class AlertRule:
    """A rule of alerts.toml. ``threshold`` and ``figure`` (a column of ``report``) are None where it has none."""

    name: str
    report: str
    when: Condition
    texts: Mapping[str, AlertTexts]
    figure: Column | None = None
    threshold: Decimal | None = None

    @property
    def title(self) -> str:
        """The rule's title in the language in use."""
        return self.texts[language()].title

    @property
    def subject(self) -> Subject:
        """What each row of its report is about."""
        return SUBJECTS[self.report][0]

    @property
    def subject_column(self) -> str:
        """The column that names a row's subject."""
        return SUBJECTS[self.report][1]

    @property
    def unit(self) -> str:
        """The unit of its threshold in the language in use, as % or days; "" for none."""
        return self.figure.unit_of(None) if self.figure else ""

    def shown(self, threshold: Decimal | None) -> str:
        """A threshold as a person reads it; "" for a rule without one."""
        return self.figure.shown(threshold) if self.figure else ""

    def labelled(self, threshold: Decimal | None) -> str:
        """A threshold with its unit, as in a list: 180 days, 30 %, 10 000 kr; "" for a rule without one."""
        if self.figure is None or threshold is None:
            return ""
        unit = self.figure.unit_of(threshold).partition(",")[0]
        return f"{self.shown(threshold)} {unit}" if self.figure.format == "integer" else self.shown(threshold)

    def typed(self, threshold: Decimal | None) -> Decimal | None:
        """A threshold as a person types it: 30 for 0.3 of a percentage."""
        if threshold is None or self.figure is None or self.figure.format != _PERCENT:
            return threshold
        return threshold * 100

    def parsed(self, text: str) -> Decimal | None:
        """The threshold that a person typed, a percentage as 30 or 30 %; for an empty text the rule's own.

        Raises CcinsightError for what is no such number, or for a threshold where the rule has none.
        """
        text = "".join(text.replace("\N{NO-BREAK SPACE}", " ").split())
        if not text:
            return self.threshold
        if self.figure is None:
            raise CcinsightError(_("The alert “{title}” has no threshold to set.").format(title=self.title))
        is_percentage = self.figure.format == _PERCENT
        try:
            number = Decimal((text.removesuffix("%") if is_percentage else text).replace(",", "."))
        except InvalidOperation:
            number = Decimal("nan")
        if not number.is_finite() or not 0 <= number <= _LARGEST:
            raise CcinsightError(
                _("“{text}” isn't a threshold. Write a number from 0, as {example}.").format(
                    text=text, example=f"{self.typed(self.threshold):f}"
                )
            )
        return number / 100 if is_percentage else number


def alert_rules(database: Path) -> dict[str, AlertRule]:
    """The rules that hold for a database, by name. Raises CcinsightError for a file that can't be used."""
    own = own_rules_file(database, ALERTS)
    return read_alert_rules(own if own.is_file() else _OURS)


def read_alert_rules(path: Path) -> dict[str, AlertRule]:
    """The rules of a file, by name. Raises CcinsightError naming the file, the rule and what to do."""
    content = read_tables(path)
    entry = content.needed("rule")
    if not isinstance(entry.value, (list, type(None))) or list(content.entries()):
        raise CcinsightError(_("{file}: write each rule as [[rule]], and nothing else.").format(file=path))
    rules: dict[str, AlertRule] = {}
    for table in tables_of(entry) if entry.value else ():
        rule = _rule(table)
        if rule.name in rules:
            raise named_twice(table, rule.name)
        rules[rule.name] = rule
    return rules


def _rule(table: Table) -> AlertRule:
    name = name_of(table)
    report = table.needed("report").among(list(SUBJECTS))
    columns = {column.name: column for column in REPORTS[report].columns}
    figure, threshold = _figure(table, columns)
    when = _condition(table.needed("when"), columns, has_threshold=threshold is not None)
    known = {*columns, *((THRESHOLD,) if threshold is not None else ())}
    texts = {key: _texts(table.table(key), known) for key in i18n.LANGUAGES}
    table.refuse_the_rest()
    return AlertRule(name, report, when, texts, figure, threshold)


def _figure(table: Table, columns: Mapping[str, Column]) -> tuple[Column | None, Decimal | None]:
    figure, threshold = table.take("figure"), table.take("threshold")
    if figure is None and threshold is None:
        return None, None
    if figure is None or threshold is None:
        (given,) = (each for each in (figure, threshold) if each)
        raise given.error(_("give “figure” and “threshold” together, or neither"))
    numeric = [name for name, column in columns.items() if column.is_numeric]
    number = Decimal(str(threshold.number()))
    if number < 0:
        raise threshold.error(_("give a number"))
    return columns[figure.among(numeric)], number


def _condition(entry: Entry, columns: Mapping[str, Column], *, has_threshold: bool) -> Condition:
    examples = examples_of(columns)
    if has_threshold:
        examples[THRESHOLD] = 1
    try:
        found = Condition(entry.text().strip(), examples, examples)
        if not isinstance(found.value(examples), (bool, type(None))):
            raise ValueError(_("write a comparison, as {example}").format(example="contact_rate < 0.3"))
    except ValueError as e:
        raise entry.error(str(e)) from e
    if has_threshold and THRESHOLD not in found.names:
        raise entry.error(_("it doesn't use “threshold”; use it, or leave “figure” and “threshold” out"))
    return found


def _texts(table: Table, known: set[str]) -> AlertTexts:
    title, began, ended = (table.needed(key) for key in ("title", "began", "ended"))
    title.text()
    for entry in (began, ended):
        for name in _placeholders(entry):
            if name not in known:
                raise entry.error(
                    _("{{{name}}} in the text isn't a column or number of the rule").format(name=name)
                )
    table.refuse_the_rest()
    return AlertTexts(*(" ".join(entry.text().split()) for entry in (title, began, ended)))


def _placeholders(entry: Entry) -> list[str]:
    try:
        return placeholders(entry.text())
    except ValueError as e:
        raise entry.error(str(e)) from e
