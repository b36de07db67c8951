"""Creates the SQL macros that parse values on a connection, and sets the options that they need."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import duckdb

from ccinsight.ingest.statements import run, statement
from ccinsight.settings.model import ImportOptions

_FOLDER = Path(__file__).parent
# In an order in which each file only calls macros of the files before it.
_TEXTS = "texts.sql"
_FILES = (
    _TEXTS,
    "repeated_hour.sql",
    "timestamps.sql",
    "dates.sql",
    "currency.sql",
    "numbers.sql",
    "minutes.sql",
)
# What may stand beside an amount in place of the currency's code, as regular expressions.
_KRONER = ("kr", "KR", "Kr")
_CURRENCY_SIGNS = {
    **dict.fromkeys(("NOK", "SEK", "DKK", "ISK"), _KRONER),
    "EUR": ("€",),
    "GBP": ("£",),
    "USD": ("US[$]", "[$]"),
    "JPY": ("¥",),
}


def macros() -> tuple[str, ...]:
    """The statements that create the macros, in order."""
    return _statements(_FILES)


def text_macros() -> tuple[str, ...]:
    """The statements that create the macros that clean texts: the others take most of the time to make."""
    return _statements((_TEXTS,))


@cache
def _statements(files: tuple[str, ...]) -> tuple[str, ...]:
    text = "".join((_FOLDER / name).read_text(encoding="utf-8") for name in files)
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("--")]
    return tuple(part for part in "\n".join(lines).split(";\n") if part.strip())


def prepare(connection: duckdb.DuckDBPyConnection, options: ImportOptions) -> None:
    """Creates the macros and sets their options: date order, decimal sign, currency, texts that mean empty."""
    for each in macros():
        run(connection, each)
    settings = {"day_first": options.day_first, "decimal_sign": options.decimal_sign}
    run(connection, statement("options.import_options"), settings)
    if options.empty:
        run(connection, statement("options.empty_texts"), {"texts": list(options.empty)})
        run(connection, statement("options.clean_of_empty_texts"))
    code = options.currency
    signs = [*_CURRENCY_SIGNS.get(code, ()), code, code.lower(), code.capitalize()]
    run(connection, "set variable currency_code = $code", {"code": code})
    run(connection, "set variable own_currency = $signs", {"signs": "|".join(signs)})
