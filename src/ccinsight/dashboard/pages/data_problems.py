"""The rows of ``data_quality`` and ``data_problems`` as a person reads them: no codes, days and amounts by language."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd

from ccinsight.dashboard.pages.mapping import column_label
from ccinsight.dashboard.widgets.cells import with_minus
from ccinsight.i18n import _, amount, day, is_unknown, ngettext, number
from ccinsight.ingest.catalogue import exports
from ccinsight.registry import label_of

# As the reports write them, with nothing of a name around.
_DAY = re.compile(r"(?<![\w.-])\d{4}-\d\d-\d\d(?![\w.-])", re.ASCII)
_AMOUNT = re.compile(r"(?<![\w.-])-?\d+\.\d\d(?![\w.-])", re.ASCII)


def in_words(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of either report with their key or example and their detail in words; a column or channel by its label."""
    texts = {"key": _key, "example": _example, "detail": _detail, "export": _export}
    records = rows.to_dict("records")
    return rows.assign(
        **{
            name: pd.Series([write(row) for row in records], rows.index, rows[name].dtype)
            for name, write in texts.items()
            if name in rows
        }
    )


def _key(row: Mapping[Any, Any]) -> Any:
    return _written(_KEYS, row, "key")


def _example(row: Mapping[Any, Any]) -> Any:
    return _written(_KEYS, row, "example")


def _detail(row: Mapping[Any, Any]) -> Any:
    return _written(_DETAILS, row, "detail")


def _export(row: Mapping[Any, Any]) -> Any:
    """An export is named by the table; ``data_quality`` has the column of unknown values in its place."""
    is_column = row["check"] == "value_unknown" and "example" in row
    return _column(str(row["export"])) if is_column else row["export"]


def _written(texts: Mapping[str, Callable[[str], str]], row: Mapping[Any, Any], name: str) -> Any:
    write = texts.get(str(row["check"]))
    return row[name] if write is None or is_unknown(row[name]) else write(str(row[name]))


# ---------------------------------------------------------------- what the checks say, each in its own form


def _column(column: str) -> str:
    owner = next((name for name, export in exports().items() if column in export.columns), None)
    return column_label(owner, column) if owner else column


def _value(text: str) -> str:
    """``contact_role: Innleid``."""
    column, colon, value = text.partition(": ")
    return f"{_column(column)}{colon}{value}"


def _channel(text: str) -> str:
    return label_of("channel", text)


def _days(text: str) -> str:
    return _DAY.sub(lambda found: day(date.fromisoformat(found[0])), text)


def _first_day(text: str) -> str:
    """``2026-01-02, saker-2026-01-02.csv``: a day and what files are called."""
    first, comma, rest = text.partition(", ")
    return f"{_days(first)}{comma}{rest}"


def _days_and_amounts(text: str) -> str:
    return _days(_AMOUNT.sub(lambda found: _kroner(found[0]), text))


def _kroner(text: str) -> str:
    return with_minus(amount(Decimal(text), _decimals(text)))


def _decimals(text: str) -> int:
    """Øre only where there are some."""
    return 0 if text.endswith(".00") else 2


def _parts(text: str) -> str:
    """``8 / 5``: so many of so many."""
    part, whole = (number(int(count)) for count in text.split(" / "))
    return _("{part} of {whole}").format(part=part, whole=whole)


def _far_price(text: str) -> str:
    """``10000.00 / 900.00–1000.00``: the agreement's own price, and the list's or its lowest and highest."""
    own, listed = text.split(" / ")
    lowest, dash, highest = listed.partition("–")
    prices = f"{number(Decimal(lowest), _decimals(lowest))}–{_kroner(highest)}" if dash else _kroner(lowest)
    return _("{own} against {listed} on the price list").format(own=_kroner(own), listed=prices)


def _changed_price(text: str) -> str:
    """``900.00 → 950.00, 2025-01-01 → –: A-1 2025-04-01``: what changed, and the periods that it changed for."""
    change, colon, periods = text.partition(": ")
    return f"{_days_and_amounts(change)}{colon}{_days(periods)}"


def _invoice_line(text: str) -> str:
    """``yearly, 2025-04-01, 24000.00, A-1``: kind, day, amount, and the agreement that it names."""
    kind, *line = text.split(", ", 3)
    return ", ".join([label_of("invoice_kind", kind), *map(_days_and_amounts, line[:2]), *line[2:]])


def _status(text: str) -> str:
    """``open, 2026-01-02``: the status, and the day of the closing where there is one."""
    status, comma, closed_on = text.partition(", ")
    return f"{label_of('ticket_status', status)}{comma}{_days(closed_on)}"


def _age(text: str) -> str:
    return ngettext("{count} day", "{count} days", int(text)).format(count=number(int(text)))


def _price_sought(text: str) -> str:
    """``erp, CloudCare CRM, 20``: complexity, product, and the users where they are known."""
    *names, users = text.split(", ")
    if len(names) < 2 or not users.isdecimal():
        return text
    said = ngettext("{count} user", "{count} users", int(users)).format(count=number(int(users)))
    return ", ".join([*names, said])


def _rows_of_exports(text: str) -> str:
    """``tickets: 8002, invoices: 1395``."""
    counts = (each.split(": ") for each in text.split(", "))
    return ", ".join(f"{label_of('export', export)}: {number(int(rows))}" for export, rows in counts)


_KEYS: Mapping[str, Callable[[str], str]] = {
    "automatic_replies": _channel,
    "price_changed_later": _days,
    "stale_tickets": _days,
    "value_unknown": _value,
}
_DETAILS: Mapping[str, Callable[[str], str]] = {
    "agreement_unknown": _days,
    "agreements_missing": _rows_of_exports,
    "automatic_replies": _parts,
    "contacts_above_users": _parts,
    "first_renewal_out_of_range": _days,
    "gone_from_list": _first_day,
    "invoice_outside": _invoice_line,
    "invoice_unassigned": _invoice_line,
    "notice_before_start": _days,
    "price_changed_later": _changed_price,
    "price_far_from_list": _far_price,
    "rate_unknown": _price_sought,
    "stale_tickets": _age,
    "status_contradicts": _status,
    "users_unknown": _days,
}
