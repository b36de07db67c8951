"""The rules of a column: how its text is parsed, when and why it is rejected, and how it is stored.

The rules of the types stand in one table, `VALUE_TYPES`; `ColumnRule` adds what a single column has: whether it is
required, its default, what an unknown value becomes (columns.toml).
"""

from __future__ import annotations

from dataclasses import dataclass

from ccinsight.ingest.catalogue import CUSTOMER_COLUMNS, unknown_value
from ccinsight.ingest.load import ticket_times
from ccinsight.ingest.load.file_columns import FileColumns


@dataclass(frozen=True)
class ValueType:
    """The SQL of a type of values; `{text}` is the column's text, `o` the import's options.

    ``parser`` reads every form, ``quick_parser`` only the usual ones, at a far smaller cost; None: the type is looked
    up (lookups.py). ``reason``: why a text is rejected, one of reasons.REASONS.
    """

    sql_type: str
    reason: str
    parser: str | None = None
    quick_parser: str | None = None
    rejects_unknown: bool = True  # False: a text without a value is bad in some columns only, or never


VALUE_TYPES = {
    "date": ValueType(
        sql_type="date",
        parser="parse_date({text}, o.day_first)",
        quick_parser="common_date({text}, o.day_first)",
        reason="date_reason({text}, o.day_first)",
    ),
    "timestamp": ValueType(
        sql_type="timestamp",
        parser="parse_timestamp({text}, o.day_first)",
        quick_parser="common_timestamp({text})",
        reason="date_reason({text}, o.day_first)",
    ),
    "money": ValueType(
        sql_type="decimal(18, 4)",
        parser="parse_money({text}, o.decimal_sign)",
        quick_parser="try_cast(common_number({text}) as decimal(16, 4))",
        reason="number_reason({text}, o.decimal_sign)",
    ),
    "rate": ValueType(
        sql_type="decimal(18, 4)",
        parser="parse_rate({text}, o.decimal_sign)",
        quick_parser="try_cast(common_number({text}) as decimal(11, 4))",
        reason="number_reason({text}, o.decimal_sign)",
    ),
    "number": ValueType(
        sql_type="decimal(18, 6)",
        parser="parse_number({text}, o.decimal_sign)",
        quick_parser="try_cast(common_number({text}) as decimal(13, 6))",
        reason="number_reason({text}, o.decimal_sign)",
    ),
    "count": ValueType(
        sql_type="integer",
        parser="parse_count({text}, o.decimal_sign)",
        quick_parser="common_count({text})",
        reason="count_reason({text}, o.decimal_sign)",
    ),
    "currency": ValueType(
        sql_type="varchar",
        parser="parse_currency({text})",
        quick_parser="parse_currency({text})",
        reason="'in another currency than the settings say'",
    ),
    "minutes": ValueType(sql_type="decimal(18, 6)", reason="minutes_reason({text}, o.decimal_sign)"),
    "choice": ValueType(sql_type="varchar", reason="'not one of the known values'", rejects_unknown=False),
}
# Ids, texts, names and contacts: any text is a value.
_TEXT = ValueType(sql_type="varchar", reason="'is empty'", rejects_unknown=False)


@dataclass(frozen=True)
class ColumnRule:
    """The rule of one column of one file. All that it gives is SQL."""

    file: FileColumns
    name: str

    @property
    def type(self) -> ValueType:
        """The type of the column's values."""
        return VALUE_TYPES.get(self.file.export.columns[self.name], _TEXT)

    def text(self) -> str:
        """The text as `text_…`, null where the file lacks the column."""
        text = self.file.text(self.name, "s.") if self.file.has(self.name) else "cast(null as varchar)"
        return f"{text} as text_{self.name}"

    def value(self) -> str:
        """The parsed value under the column's name, null where the file lacks the column or the text is bad."""
        return f"{self._value()} as {self.name}"

    def _value(self) -> str:
        options, type_ = self.file.options, self.file.export.columns[self.name]
        is_dropped = type_ == "contact" and options.keep_contacts == "none"
        if not self.file.has(self.name) or is_dropped:
            return f"cast(null as {self.type.sql_type})"
        if self.name in self.file.looked_up():
            return f"t.lookup_{self.name}"
        parser = self.type.quick_parser if self.file.is_quick else self.type.parser
        text = f"t.text_{self.name}"
        if parser is None:
            return text
        parsed = parser.format(text=f"text_{self.name}")
        if type_ != "timestamp":
            return parsed
        parsed = f"coalesce(t.parsed_{self.name}, {parsed})"
        # Arrow doesn't know which texts mean empty.
        return f"case when {text} is not null then {parsed} end" if options.empty else parsed

    def is_bad(self) -> str | None:
        """When the column makes its row bad; None where it can't."""
        name, export = self.name, self.file.export
        tests = []
        if name in export.required and not self._may_be_empty():
            tests.append(f"text_{name} is null")
        if self._is_blamed_for_key():
            tests.append(f"coalesce({_texts(self._keys())}) is null")
        if self._is_blamed_for_customer():
            tests.append(_NO_CUSTOMER)
        is_choice = export.columns[name] == "choice"
        if self.type.rejects_unknown or (is_choice and unknown_value(name) == "reject"):
            tests.append(f"({name} is null and text_{name} is not null)")
        if name in ticket_times.after_opening(self.file):
            tests.append(ticket_times.is_before_opening(name))
        return " or ".join(tests) or None

    def reason(self) -> str:
        """Why the column is bad, in a row in which it is."""
        tests = []
        if self._is_blamed_for_customer():
            tests.append(f"when {_NO_CUSTOMER} then 'no customer: neither id, org. number nor name'")
        tests.append(f"when text_{self.name} is null then 'is empty'")
        if self.name in ticket_times.after_opening(self.file):
            early = ticket_times.is_before_opening(self.name)
            tests.append(f"when {early} then 'before the ticket was opened'")
        return f"case {' '.join(tests)} else {self.type.reason.format(text=f'text_{self.name}')} end"

    def stored(self) -> str:
        """The value as it is stored: with its default, and with what an unknown value becomes."""
        name, export = self.name, self.file.export
        if name == "title" and not self.file.options.keep_titles:
            return "null"
        if name == "invoice_line_id":
            # The position of a line without a number of its own is found when the whole file is read.
            return f"coalesce(j.{name}, concat(j.invoice_number, '/', j.line_number))"
        if name in export.defaults:
            return f"coalesce(j.{name}, '{export.defaults[name]}')"
        if export.columns[name] != "choice" or not self.file.has(name):
            return f"j.{name}"
        match unknown_value(name):
            case "other":
                return f"case when j.text_{name} is not null then coalesce(j.{name}, 'other') end"
            case "by_closed_at":
                status = "case when j.closed_at is null then 'open' else 'closed' end"
                return f"case when j.text_{name} is not null then coalesce(j.{name}, {status}) end"
            case _:
                return f"j.{name}"

    def _may_be_empty(self) -> bool:
        by_name = self.name == "customer_id" and self.file.export.customer_by_name
        return by_name or self.name in self.file.export.alternatives

    def _keys(self) -> list[str]:
        """The required columns that another may replace, and their replacements."""
        return [name for pair in self.file.export.alternatives.items() for name in pair]

    def _is_blamed_for_key(self) -> bool:
        """Whether the column is named where a row has neither a key nor its replacement."""
        return self.name == next(filter(self.file.has, self._keys()), None)

    def _is_blamed_for_customer(self) -> bool:
        """Whether the column is named where a row names no customer at all."""
        first = next(filter(self.file.has, CUSTOMER_COLUMNS), None)
        return self.file.export.customer_by_name and self.name == first


def _texts(names: tuple[str, ...] | list[str]) -> str:
    return ", ".join(f"text_{name}" for name in names)


_NO_CUSTOMER = f"coalesce({_texts(CUSTOMER_COLUMNS)}) is null"
