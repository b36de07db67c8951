"""New possibilities for a customer (A3), from rules that a partner can edit: ``suggestions.toml``.

The file beside the database holds where there is one, else ours. A rule's condition is written in a small
language of its own (rules/conditions.py) over the columns of the report ``customer_facts``, or over each row of
another report.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ccinsight import i18n
from ccinsight.errors import CcinsightError
from ccinsight.files import SUGGESTIONS, own_rules_file
from ccinsight.i18n import _, language
from ccinsight.registry import REPORTS, Column
from ccinsight.rules.conditions import Condition
from ccinsight.rules.rule_tables import examples_of, name_of, named_twice, placeholders, tables_of
from ccinsight.validation import Entry, Table, listed, read_tables

FACTS = "customer_facts"
# Reports of whose rows a rule can be asked: what they say of one customer is meant for that customer.
ROWS = (
    "agreements",
    "consulting",
    "contacts",
    "meetings_list",
    "renewals",
    "tickets_by_category",
    "tickets_by_channel",
    "utilization",
)
_OURS = Path(__file__).with_name(SUGGESTIONS)

Row = Mapping[str, Any]
Rows = Callable[[str], Sequence[Row]]


@dataclass(frozen=True)
class Possibility:
    """A rule that fired for a customer. ``title`` and ``text`` are in the language in use, numbers filled in.

    ``key`` names it among the customer's in either language: the rule, and for one asked of rows a digest of which
    row. ``numbers``: what the rule's condition and texts look at, with the values, by name. ``priority``: 1 comes
    first. ``is_internal``: not for the customer's eyes, so not for a deck that is shown.
    """

    rule: str
    priority: int
    title: str
    text: str
    numbers: Mapping[str, object] = field(default_factory=dict)
    is_internal: bool = False
    key: str = ""


@dataclass(frozen=True)
class Rule:
    """A rule of the file. ``each``: the report whose rows it is asked of; "" asks the facts alone."""

    name: str
    priority: int
    when: Condition
    texts: Mapping[str, tuple[str, str]]
    each: str = ""
    most: int = 3
    numbers: Mapping[str, Condition] = field(default_factory=dict)
    is_internal: bool = False

    def names(self) -> list[str]:
        """The columns and numbers that the condition and the texts look at."""
        used = set(self.when.names)
        for title, text in self.texts.values():
            used |= {*placeholders(title), *placeholders(text)}
        for name in used & set(self.numbers):
            used |= self.numbers[name].names
        return sorted(used)


def possibilities(rules: Sequence[Rule], rows_of: Rows) -> list[Possibility]:
    """What the rules suggest for one customer, by priority; empty where none fires or no agreement is in force.

    ``rows_of`` gives that customer's rows of a report: of the facts, and of each report that a rule is asked of.
    """
    facts = rows_of(FACTS)
    found: list[Possibility] = []
    for rule in rules if facts else ():
        found += fired(rule, facts[0], rows_of(rule.each) if rule.each else ())
    return sorted(found, key=lambda each: each.priority)


def fired(rule: Rule, facts: Row, rows: Sequence[Row]) -> list[Possibility]:
    """The rule's possibilities for a customer's facts and the rows of its report; unknown fires nothing."""
    candidates = [{**facts, **row} for row in rows] if rule.each else [facts]
    found = []
    for row in candidates:
        try:
            if rule.when.holds(row):
                found.append(_possibility(rule, row))
        except ValueError as e:
            raise CcinsightError(
                _("{file}: rule {rule}: {what}.").format(file=SUGGESTIONS, rule=rule.name, what=e)
            ) from e
    return found[: rule.most]


def _possibility(rule: Rule, row: Row) -> Possibility:
    values = dict(row) | {name: number.value(row) for name, number in rule.numbers.items()}
    columns = _columns(rule.each)
    shown = {name: _shown(values.get(name), columns.get(name)) for name in rule.names()}
    title, text = (part.format(**shown) for part in rule.texts[language()])
    numbers = {name: values.get(name) for name in rule.names()}
    return Possibility(
        rule.name, rule.priority, title, text, MappingProxyType(numbers), rule.is_internal, _key(rule, row)
    )


def _key(rule: Rule, row: Row) -> str:
    """A digest in place of the row's own key, which may name a contact: the key is stored."""
    if not rule.each:
        return rule.name
    which = repr([row.get(name) for name in REPORTS[rule.each].key])
    return f"{rule.name}:{sha256(which.encode()).hexdigest()[:12]}"


def _shown(value: Any, column: Column | None) -> str:
    if column is not None:
        return column.shown(value)
    return i18n.number(value) if isinstance(value, (int, float)) else i18n.number(None)


# ---------------------------------------------------------------- the file


def rules_of(database: Path) -> tuple[Rule, ...]:
    """The rules that hold for a database: those of suggestions.toml beside it, else ours.

    Raises CcinsightError for a file that can't be used.
    """
    own = own_rules_file(database, SUGGESTIONS)
    return read_rules(own if own.is_file() else _OURS)


def read_rules(path: Path) -> tuple[Rule, ...]:
    """The rules of a file. Raises CcinsightError naming the file, the rule and what to do."""
    content = read_tables(path)
    entry = content.needed("rule")
    if not isinstance(entry.value, (list, type(None))) or list(content.entries()):
        raise CcinsightError(_("{file}: write each rule as [[rule]], and nothing else.").format(file=path))
    rules: dict[str, Rule] = {}
    for table in tables_of(entry) if entry.value else ():
        rule = _rule(table)
        if rule.name in rules:
            raise named_twice(table, rule.name)
        rules[rule.name] = rule
    return tuple(rules.values())


def _rule(table: Table) -> Rule:
    name = name_of(table)
    table = table.with_defaults({"each": "", "most": 3, "internal": False})
    each = table.needed("each")
    if each.value not in ("", *ROWS):
        raise each.error(_("each must be one of {names}").format(names=listed(ROWS)))
    columns = _columns(each.value)
    numbers = {key: _condition(number, columns) for key, number in table.table("numbers").entries()}
    rule = Rule(
        name=name,
        priority=table.needed("priority").whole(1, 9),
        when=_condition(table.needed("when"), columns),
        texts={key: _texts(table.table(key), {*columns, *numbers}) for key in i18n.LANGUAGES},
        each=each.value,
        most=table.needed("most").whole(1, 20),
        numbers=numbers,
        is_internal=table.needed("internal").flag(),
    )
    table.refuse_the_rest()
    return rule


def _condition(entry: Entry, columns: Mapping[str, Column]) -> Condition:
    try:
        return Condition(entry.text().strip(), columns, examples_of(columns))
    except ValueError as e:
        raise entry.error(str(e)) from e


def _columns(each: str) -> dict[str, Column]:
    """What a rule can look at: the facts, and over them the columns of its report."""
    reports = (FACTS, each) if each else (FACTS,)
    return {column.name: column for report in reports for column in REPORTS[report].columns}


def _texts(table: Table, known: set[str]) -> tuple[str, str]:
    title, text = table.needed("title"), table.needed("text")
    for entry in (title, text):
        try:
            names = placeholders(entry.text())
        except ValueError as e:
            raise entry.error(str(e)) from e
        for name in names:
            if name not in known:
                raise entry.error(
                    _("{{{name}}} in the text isn't a column or number of the rule").format(name=name)
                )
    table.refuse_the_rest()
    return title.text().strip(), text.text().strip()
