"""The settings (``ccinsight.toml``): terms of products, user bands, what categories mean, names of one's own.

They are read once at import and stored in the database, so that a database explains itself. What a file
doesn't say keeps the default of ``defaults.toml``.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from ccinsight.errors import CcinsightError
from ccinsight.i18n import _
from ccinsight.settings.editing import without_proposals

SCOPES = ("support", "training", "consulting")
_FOLDER = Path(__file__).parent
_MOST_REPLY_SECONDS = 86_400
_UNLIMITED_RATE = Decimal(10) ** 14
_SIZE = re.compile(r"[1-9][0-9]{0,6} ?(MB|MiB|GB|GiB)")


@dataclass(frozen=True)
class Terms:
    """A product's notice (A12), price notice (A5) and rates (A8) in NOK without VAT; None is unknown."""

    notice_months: int
    price_notice_days: int
    member_hourly_rate: Decimal | None = None
    standard_hourly_rate: Decimal | None = None
    standard_course_price: Decimal | None = None


@dataclass(frozen=True)
class Category:
    """What a ticket category is (R10)."""

    scope: str = "support"
    access_down: bool = False


@dataclass(frozen=True)
class ImportOptions:
    """How values are read and what is kept. None: ambiguous dates or amounts are rejected."""

    day_first: bool | None
    decimal_sign: str | None
    time_spent_unit: str
    keep_contacts: str
    keep_titles: bool
    empty: tuple[str, ...] = ()  # texts that mean empty, beside the empty text
    full: tuple[str, ...] = ()  # the exports whose lists come whole
    keep_months: int | None = None  # tickets opened earlier go at the next import; None: all are kept
    minimum_reply_seconds: int = 0  # quicker first replies are automatic and don't count (R10)
    max_upload_mb: int = 200  # of all files of an upload together
    max_unpacked_mb: int = 2_000  # of an Excel file, or of a Parquet file that packs too well
    currency: str = "NOK"  # of all amounts, as ISO 4217 has it


@dataclass(frozen=True)
class Deck:
    """The status meeting's deck (A3): the supplier's name and its own PowerPoint template.

    ``template`` is a file, relative to the settings file. Layouts and placeholders by their names in it;
    without a name the first that fits is taken.
    """

    partner: str | None = None
    template: str | None = None
    title_layout: str | None = None
    content_layout: str | None = None
    placeholders: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Server:
    """What the dashboard's server may take: DuckDB's memory, such as ``2GiB`` (None: a share of the machine's), and
    the seconds that a report may wait and run.
    """

    memory_limit: str | None
    report_seconds: int


DECK_PLACEHOLDERS = ("title", "subtitle", "content")


@dataclass(frozen=True)
class Settings:
    """All settings, defaults filled in, with the text they came from ("" and None: the defaults)."""

    default_terms: Terms
    products: Mapping[str, Terms]
    user_bands: tuple[int, ...]
    imports: ImportOptions
    server: Server
    categories: Mapping[str, Category] = field(default_factory=dict)
    severities: Mapping[str, bool] = field(default_factory=dict)
    headers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    customers: Mapping[str, str] = field(default_factory=dict)
    deck: Deck = field(default_factory=Deck)
    toml: str = ""
    file_name: str | None = None

    def bands(self) -> list[tuple[str, int, int | None]]:
        """The user bands in order: label (`10–24`, `100+`), from, to (None: no upper end)."""
        ends: list[int | None] = [start - 1 for start in self.user_bands[1:]]
        return [
            (_band(first, last), first, last)
            for first, last in zip(self.user_bands, [*ends, None], strict=True)
        ]


def find_settings(config: str | Path | None = None) -> Path | None:
    """The settings file to use: the one given, else CCINSIGHT_CONFIG, else ./ccinsight.toml, else none.

    For entry points, which know the environment and the working folder.
    """
    if config is not None:
        return Path(config)
    if named := os.environ.get("CCINSIGHT_CONFIG"):
        return Path(named)
    here = Path("ccinsight.toml")
    return here if here.is_file() else None


def read_settings(path: str | Path) -> Settings:
    """The settings in a file. Raises CcinsightError naming file, key and what to do."""
    try:
        text = Path(path).read_bytes().decode("utf-8-sig")
    except OSError as e:
        raise CcinsightError(
            _("The settings file {file} can't be read: {error}.").format(file=path, error=e.strerror)
        ) from e
    except UnicodeDecodeError as e:
        raise CcinsightError(
            _("The settings file {file} isn't UTF-8: save it as UTF-8.").format(file=path)
        ) from e
    return parse_settings(text, str(path))


def default_settings() -> Settings:
    """The settings of one who has no file."""
    return parse_settings("", None)


def parse_settings(text: str, file_name: str | None) -> Settings:
    """The settings in a text of TOML; ``file_name`` is for messages. Raises as read_settings does."""
    name = file_name or "ccinsight.toml"
    try:
        given = tomllib.loads(text, parse_float=Decimal)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as e:
        raise CcinsightError(_("{file} isn't valid TOML: {error}.").format(file=name, error=e)) from e
    top = _Table(name, "", given)
    defaults = _Table("defaults.toml", "", _defaults())
    terms = _terms(defaults.table("default_terms"), None)
    settings = Settings(
        default_terms=terms,
        products=_products(defaults.table("products"), terms) | _products(top.table("products"), terms),
        user_bands=_user_bands(top.table("user_bands")) or _user_bands(defaults.table("user_bands")),
        imports=_import_options(top.table("import"), defaults.table("import")),
        server=_server(top.table("server"), defaults.table("server")),
        categories=_categories(top.table("categories")),
        severities=_severities(top.table("severities")),
        headers=_headers(top.table("headers")),
        values=_values(top.table("values")),
        customers={key: entry.text() for key, entry in top.table("customers").entries()},
        deck=_deck(top.table("deck")),
        toml=without_proposals(text),  # proposed lines hold examples from files, which are not ours to keep
        file_name=file_name,
    )
    top.refuse_the_rest()
    return settings


def store_settings(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Puts the settings into the tables of the schema ``stored``, in place of those that are there."""
    rows: dict[str, list[tuple[object, ...]]] = {
        "settings": [(settings.toml, settings.file_name)],
        "default_terms": [(settings.default_terms.notice_months, settings.default_terms.price_notice_days)],
        "products": [
            (
                product,
                terms.notice_months,
                terms.price_notice_days,
                terms.member_hourly_rate,
                terms.standard_hourly_rate,
                terms.standard_course_price,
            )
            for product, terms in settings.products.items()
        ],
        "reply_terms": [(settings.imports.minimum_reply_seconds,)],
        "user_bands": list(settings.bands()),
        "categories": [(name, is_.scope, is_.access_down) for name, is_ in settings.categories.items()],
        "severities": list(settings.severities.items()),
        "customer_names": list(settings.customers.items()),
        "full_lists": [(export,) for export in settings.imports.full],
    }
    for table, values in rows.items():
        connection.execute(f"delete from stored.{table}")  # noqa: S608 (our own table names)
        if values:
            marks = ", ".join("?" for _column in values[0])
            connection.executemany(f"insert into stored.{table} values ({marks})", values)  # noqa: S608


def stored_settings(connection: duckdb.DuckDBPyConnection) -> Settings:
    """The settings that a database was imported with, or the defaults where none are stored."""
    rows = connection.execute("select toml, file_name from stored.settings").fetchall()
    return parse_settings(*rows[0]) if rows else default_settings()


@cache
def column_catalogue() -> dict[str, Any]:
    """The content of ``ingest/columns.toml``: exports, their columns, names of headers and values."""
    return tomllib.loads((_FOLDER.parent / "ingest" / "columns.toml").read_text("utf-8"))


def choices(column: str, export: str | None = None) -> dict[str, list[str]]:
    """The values a column may have, each with its other names; `kind` differs by export."""
    values: dict[str, dict[str, list[str]]] = column_catalogue()["values"]
    found: dict[str, list[str]] = {}
    for name, names in values.items():
        of_export, _dot, of_column = name.rpartition(".")
        if of_column == column and (not of_export or export is None or of_export == export):
            found |= names
    return found


@cache
def _defaults() -> dict[str, Any]:
    return tomllib.loads((_FOLDER / "defaults.toml").read_text("utf-8"), parse_float=Decimal)


def _band(first: int, last: int | None) -> str:
    if last is None:
        return f"{first}+"
    return f"{first}–{last}" if last > first else str(first)


def _products(table: _Table, fallback: Terms) -> dict[str, Terms]:
    return {product: _terms(entry.as_table(), fallback) for product, entry in table.entries()}


def _terms(table: _Table, fallback: Terms | None) -> Terms:
    months, days = (fallback.notice_months, fallback.price_notice_days) if fallback else (None, None)
    terms = Terms(
        notice_months=table.whole("notice_months", months, 0, 120),
        price_notice_days=table.whole("price_notice_days", days, 0, 3650),
        member_hourly_rate=table.rate("member_hourly_rate"),
        standard_hourly_rate=table.rate("standard_hourly_rate"),
        standard_course_price=table.rate("standard_course_price"),
    )
    table.refuse_the_rest()
    return terms


def _user_bands(table: _Table) -> tuple[int, ...]:
    entry = table.take("from")
    table.refuse_the_rest()
    if entry is None:
        return ()
    starts = entry.value
    whole = isinstance(starts, list) and starts and all(type(start) is int for start in starts)
    if not whole or sorted({*starts}) != starts or not 0 <= starts[0] <= starts[-1] < 2**31:
        raise entry.error(_("give whole numbers from small to large, as [1, 5, 10]"))
    return tuple(starts)


def _import_options(table: _Table, defaults: _Table) -> ImportOptions:
    options = ImportOptions(
        day_first=table.flag("day_first", None),
        decimal_sign=table.one_of("decimal_sign", (",", "."), None),
        time_spent_unit=table.one_of("time_spent_unit", ("minutes", "seconds"), defaults) or "minutes",
        keep_contacts=table.one_of("keep_contacts", ("hashed", "plain", "none"), defaults) or "hashed",
        keep_titles=table.flag("keep_titles", defaults) is not False,
        empty=_empty_texts(table.take("empty")),
        full=_full_lists(table.take("full")),
        keep_months=table.whole_or_none("keep_months", 1, 1_200),
        minimum_reply_seconds=table.whole(
            "minimum_reply_seconds",
            defaults.whole("minimum_reply_seconds", None, 0, _MOST_REPLY_SECONDS),
            0,
            _MOST_REPLY_SECONDS,
        ),
        max_upload_mb=table.whole(
            "max_upload_mb", defaults.whole("max_upload_mb", None, 1, 100_000), 1, 100_000
        ),
        max_unpacked_mb=table.whole(
            "max_unpacked_mb", defaults.whole("max_unpacked_mb", None, 1, 100_000), 1, 100_000
        ),
        currency=_currency(table, defaults),
    )
    table.refuse_the_rest()
    return options


def _server(table: _Table, defaults: _Table) -> Server:
    server = Server(
        memory_limit=table.size("memory_limit"),
        report_seconds=table.whole(
            "report_seconds", defaults.whole("report_seconds", None, 1, 3_600), 1, 3_600
        ),
    )
    table.refuse_the_rest()
    return server


def _empty_texts(entry: _Entry | None) -> tuple[str, ...]:
    if entry is None:
        return ()
    texts = entry.value
    if not isinstance(texts, list) or not all(isinstance(text, str) and text.strip() for text in texts):
        raise entry.error(_('give a list of texts, as ["?", "N/A"]'))
    return tuple(dict.fromkeys(text.strip() for text in texts))


def _full_lists(entry: _Entry | None) -> tuple[str, ...]:
    if entry is None:
        return ()
    exports = column_catalogue()["exports"]
    if not isinstance(entry.value, list):
        raise entry.error(_('give a list of exports, as ["agreements"]'))
    for name in entry.value:
        if name not in list(exports):  # a list, as a name may be of a type that has no hash
            raise entry.error(
                _("unknown export {name}; choose one of {names}").format(
                    name=_shown(name), names=_listed(exports)
                )
            )
    return tuple(dict.fromkeys(entry.value))


def _currency(table: _Table, defaults: _Table) -> str:
    entry = table.take("currency") or defaults.take("currency")
    assert entry is not None  # defaults.toml has it
    code = entry.text().strip().upper()
    if not re.fullmatch("[A-Z]{3}", code):
        raise entry.error(_('give the three letters of a currency, as "NOK"'))
    return code


def _categories(table: _Table) -> dict[str, Category]:
    found = {}
    for name, entry in table.entries():
        means = entry.as_table()
        scope = means.one_of("scope", SCOPES, None) or "support"
        found[name] = Category(scope, means.flag("access_down", None) is True)
        means.refuse_the_rest()
    return found


def _deck(table: _Table) -> Deck:
    names = table.table("placeholders")
    deck = Deck(
        partner=table.words("partner"),
        template=table.words("template"),
        title_layout=table.words("title_layout"),
        content_layout=table.words("content_layout"),
        placeholders={key: name for key in DECK_PLACEHOLDERS if (name := names.words(key)) is not None},
    )
    names.refuse_the_rest()
    table.refuse_the_rest()
    return deck


def _severities(table: _Table) -> dict[str, bool]:
    found = {}
    for name, entry in table.entries():
        if name not in choices("severity"):
            raise entry.error(
                _("unknown severity; choose one of {names}").format(names=_listed(choices("severity")))
            )
        means = entry.as_table()
        found[name] = means.flag("access_down", None) is True
        means.refuse_the_rest()
    return found


def _headers(table: _Table) -> dict[str, dict[str, str]]:
    exports = column_catalogue()["exports"]
    found = {}
    for export, entry in table.entries():
        if export not in exports:
            raise entry.error(_("unknown export; choose one of {names}").format(names=_listed(exports)))
        columns = exports[export]["columns"]
        found[export] = {header: to.among(columns) for header, to in entry.as_table().entries()}
    return found


def _values(table: _Table) -> dict[str, dict[str, str]]:
    columns = {name.rpartition(".")[2] for name in column_catalogue()["values"]}
    found = {}
    for column, entry in table.entries():
        if column not in columns:
            raise entry.error(
                _("its values have no names; {names} have").format(names=_listed(sorted(columns)))
            )
        found[column] = {name: to.among(choices(column)) for name, to in entry.as_table().entries()}
    return found


def _listed(names: Mapping[str, object] | tuple[str, ...] | list[str]) -> str:
    return ", ".join(names)


@dataclass
class _Entry:
    """One value of a settings file, with the file and key that a message names."""

    file: str
    key: str
    value: Any

    def error(self, what: str) -> CcinsightError:
        return CcinsightError(_("{file}: {key}: {what}.").format(file=self.file, key=self.key, what=what))

    def as_table(self) -> _Table:
        if not isinstance(self.value, dict):
            raise self.error(_("give a table, as [{key}] or {{ name = value }}").format(key=self.key))
        return _Table(self.file, self.key, self.value)

    def text(self) -> str:
        if not isinstance(self.value, str) or not self.value.strip():
            raise self.error(_('give a text in quotes, as "1042"'))
        return self.value

    def among(self, names: Mapping[str, object] | tuple[str, ...]) -> str:
        if not isinstance(self.value, str) or self.value not in names:
            raise self.error(
                _("{value} isn't one of {names}").format(value=_shown(self.value), names=_listed(names))
            )
        return self.value


class _Table:
    """A table of a settings file; remembers what was taken, so that a mistyped key is found."""

    def __init__(self, file: str, key: str, content: dict[str, Any]) -> None:
        self.file, self.key, self._left = file, key, dict(content)

    def take(self, name: str) -> _Entry | None:
        if name not in self._left:
            return None
        return self._entry(name, self._left.pop(name))

    def entries(self) -> Iterator[tuple[str, _Entry]]:
        while self._left:
            name = next(iter(self._left))
            yield name, self._entry(name, self._left.pop(name))

    def table(self, name: str) -> _Table:
        entry = self.take(name)
        return entry.as_table() if entry else _Table(self.file, self._path(name), {})

    def refuse_the_rest(self) -> None:
        for name, entry in self.entries():
            raise entry.error(_("unknown setting: {name}").format(name=name))

    def whole(self, name: str, default: int | None, least: int, most: int) -> int:
        entry = self.take(name)
        value = default if entry is None else entry.value
        if type(value) is not int or not least <= value <= most:
            raise self._entry(name, value).error(
                _("give a whole number from {least} to {most}").format(least=least, most=most)
            )
        return value

    def whole_or_none(self, name: str, least: int, most: int) -> int | None:
        return self.whole(name, None, least, most) if name in self._left else None

    def rate(self, name: str) -> Decimal | None:
        entry = self.take(name)
        if entry is None:
            return None
        value = entry.value
        if (
            type(value) not in (int, Decimal)
            or not Decimal(value).is_finite()
            or not 0 <= value < _UNLIMITED_RATE
        ):
            raise entry.error(_("give an amount in NOK, as 1250.00"))
        return Decimal(value)

    def words(self, name: str) -> str | None:
        entry = self.take(name)
        return entry.text() if entry else None

    def size(self, name: str) -> str | None:
        entry = self.take(name)
        if entry is None:
            return None
        if not isinstance(entry.value, str) or not _SIZE.fullmatch(entry.value):
            raise entry.error(_('give a size in quotes, as "2GiB" or "800MiB"'))
        return entry.value

    def flag(self, name: str, defaults: _Table | None) -> bool | None:
        entry = self.take(name)
        if entry is None:
            return defaults.flag(name, None) if defaults else None
        if not isinstance(entry.value, bool):
            raise entry.error(_("give true or false"))
        return entry.value

    def one_of(self, name: str, names: tuple[str, ...], defaults: _Table | None) -> str | None:
        entry = self.take(name)
        if entry is None:
            return defaults.one_of(name, names, None) if defaults else None
        return entry.among(names)

    def _path(self, name: str) -> str:
        return f"{self.key}.{name}" if self.key else name

    def _entry(self, name: str, value: Any) -> _Entry:
        return _Entry(self.file, self._path(name), value)


def _shown(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)
