"""The settings file (``ccinsight.toml``), parsed and checked; the rest is as in ``defaults.toml``."""

from __future__ import annotations

import os
import re
import tomllib
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from ccinsight.i18n import _
from ccinsight.settings.editing import SETTINGS_NAME, without_proposals
from ccinsight.settings.model import (
    DECK_PLACEHOLDERS,
    SCOPES,
    Category,
    Deck,
    ImportOptions,
    Letters,
    Server,
    Settings,
    Terms,
)
from ccinsight.settings.names import choices, column_catalogue
from ccinsight.validation import Entry, Table, listed, parse_toml, read_text, shown

_LONGEST_REASON = 60
_MOST_REPLY_SECONDS, _MOST_MEGABYTES, _MOST_DAYS = 86_400, 100_000, 3_650


def find_settings(config: str | Path | None = None) -> Path | None:
    """The settings file to use: the one given, else CCINSIGHT_CONFIG, else ./ccinsight.toml, else none.

    For entry points, which know the environment and the working folder.
    """
    if config is not None:
        return Path(config)
    if named := os.environ.get("CCINSIGHT_CONFIG"):
        return Path(named)
    here = Path(SETTINGS_NAME)
    return here if here.is_file() else None


def read_settings(path: str | Path) -> Settings:
    """The settings in a file. Raises CcinsightError naming file, key and what to do."""
    return parse_settings(read_text(Path(path)), str(path))


def default_settings() -> Settings:
    """The settings of one who has no file."""
    return parse_settings("", None)


def parse_settings(text: str, file_name: str | None) -> Settings:
    """The settings in a text of TOML; ``file_name`` is for messages. Raises as read_settings does."""
    name = file_name or SETTINGS_NAME
    given = parse_toml(text, name, Decimal)
    top, defaults = Table(name, "", given), Table("defaults.toml", "", _defaults())
    terms = _defaults()["default_terms"]
    settings = Settings(
        default_terms=_terms(defaults.table("default_terms")),
        products=_products(defaults.table("products"), terms) | _products(top.table("products"), terms),
        user_bands=_user_bands(top.table("user_bands").with_defaults(_defaults()["user_bands"])),
        terminations=_reasons(top.table("terminations").with_defaults(_defaults()["terminations"])),
        imports=_import_options(top.table("import").with_defaults(_defaults()["import"])),
        server=_server(top.table("server").with_defaults(_defaults()["server"])),
        categories=_categories(top.table("categories")),
        severities=_severities(top.table("severities")),
        headers=_headers(top.table("headers")),
        values=_values(top.table("values")),
        customers={key: entry.text() for key, entry in top.table("customers").entries()},
        deck=_deck(top.table("deck")),
        letters=_letters(top.table("letters")),
        expected_days=_expected_days(top.table("expected_days")),
        toml=without_proposals(text),  # proposed lines hold examples from files, which are not ours to keep
        file_name=file_name,
    )
    top.refuse_the_rest()
    return settings


@cache
def _defaults() -> dict[str, Any]:
    text = Path(__file__).with_name("defaults.toml").read_text("utf-8")
    return tomllib.loads(text, parse_float=Decimal)


def _products(table: Table, defaults: dict[str, Any]) -> dict[str, Terms]:
    return {product: _terms(entry.as_table().with_defaults(defaults)) for product, entry in table.entries()}


def _terms(table: Table) -> Terms:
    terms = Terms(
        notice_months=table.needed("notice_months").whole(0, 120),
        price_notice_days=table.needed("price_notice_days").whole(0, 3650),
        member_hourly_rate=_rate(table, "member_hourly_rate"),
        standard_hourly_rate=_rate(table, "standard_hourly_rate"),
        standard_course_price=_rate(table, "standard_course_price"),
    )
    table.refuse_the_rest()
    return terms


def _rate(table: Table, name: str) -> Decimal | None:
    entry = table.take(name)
    return entry.rate() if entry else None


def _text(table: Table, name: str) -> str | None:
    entry = table.take(name)
    return entry.text() if entry else None


def _user_bands(table: Table) -> tuple[int, ...]:
    entry = table.needed("from")
    table.refuse_the_rest()
    starts = entry.value
    whole = isinstance(starts, list) and starts and all(type(start) is int for start in starts)
    if not whole or sorted({*starts}) != starts or not 0 <= starts[0] <= starts[-1] < 2**31:
        raise entry.error(_("give whole numbers from small to large, as [1, 5, 10]"))
    return tuple(starts)


def _reasons(table: Table) -> tuple[str, ...]:
    entry = table.needed("reasons")
    table.refuse_the_rest()
    reasons = entry.texts()
    if not reasons or max(map(len, reasons)) > _LONGEST_REASON:
        raise entry.error(
            _("give one reason or more, each of at most {count} characters").format(count=_LONGEST_REASON)
        )
    return reasons


def _import_options(table: Table) -> ImportOptions:
    day_first, decimal_sign = table.take("day_first"), table.take("decimal_sign")
    empty, full, keep_months = table.take("empty"), table.take("full"), table.take("keep_months")
    options = ImportOptions(
        day_first=day_first.flag() if day_first else None,
        decimal_sign=decimal_sign.among((",", ".")) if decimal_sign else None,
        time_spent_unit=table.needed("time_spent_unit").among(("minutes", "seconds")),
        keep_contacts=table.needed("keep_contacts").among(("hashed", "plain", "none")),
        keep_titles=table.needed("keep_titles").flag(),
        empty=empty.texts() if empty else (),
        full=_full_lists(full) if full else (),
        keep_months=keep_months.whole(1, 1_200) if keep_months else None,
        minimum_reply_seconds=table.needed("minimum_reply_seconds").whole(0, _MOST_REPLY_SECONDS),
        max_upload_mb=table.needed("max_upload_mb").whole(1, _MOST_MEGABYTES),
        max_unpacked_mb=table.needed("max_unpacked_mb").whole(1, _MOST_MEGABYTES),
        currency=_currency(table.needed("currency")),
    )
    table.refuse_the_rest()
    return options


def _server(table: Table) -> Server:
    memory_limit = table.take("memory_limit")
    server = Server(
        memory_limit=memory_limit.size() if memory_limit else None,
        report_seconds=table.needed("report_seconds").whole(1, 3_600),
        api_requests_per_minute=table.needed("api_requests_per_minute").whole(1, 10_000),
        api_max_rows=table.needed("api_max_rows").whole(1, 10_000_000),
    )
    table.refuse_the_rest()
    return server


def _expected_days(table: Table) -> dict[str, int]:
    return {_export(name, entry): entry.whole(1, _MOST_DAYS) for name, entry in table.entries()}


def _export(name: str, entry: Entry) -> str:
    exports = column_catalogue()["exports"]
    if name not in exports:
        raise entry.error(_("unknown export; choose one of {names}").format(names=listed(exports)))
    return name


def _full_lists(entry: Entry) -> tuple[str, ...]:
    exports = column_catalogue()["exports"]
    if not isinstance(entry.value, list):
        raise entry.error(_('give a list of exports, as ["agreements"]'))
    for name in entry.value:
        if name not in list(exports):  # a list, as a name may be of a type that has no hash
            raise entry.error(
                _("unknown export {name}; choose one of {names}").format(
                    name=shown(name), names=listed(exports)
                )
            )
    return tuple(dict.fromkeys(entry.value))


def _currency(entry: Entry) -> str:
    code = entry.text().strip().upper()
    if not re.fullmatch("[A-Z]{3}", code):
        raise entry.error(_('give the three letters of a currency, as "NOK"'))
    return code


def _categories(table: Table) -> dict[str, Category]:
    found = {}
    for name, entry in table.entries():
        means = entry.as_table().with_defaults({"scope": "support", "access_down": False})
        found[name] = Category(means.needed("scope").among(SCOPES), means.needed("access_down").flag())
        means.refuse_the_rest()
    return found


def _deck(table: Table) -> Deck:
    names = table.table("placeholders")
    deck = Deck(
        partner=_text(table, "partner"),
        template=_text(table, "template"),
        colour=_colour(table),
        logo=_text(table, "logo"),
        title_layout=_text(table, "title_layout"),
        content_layout=_text(table, "content_layout"),
        placeholders={key: name for key in DECK_PLACEHOLDERS if (name := _text(names, key)) is not None},
    )
    names.refuse_the_rest()
    table.refuse_the_rest()
    return deck


def _colour(table: Table) -> str | None:
    entry = table.take("colour")
    if entry and not re.fullmatch("#[0-9a-fA-F]{6}", entry.text()):
        raise entry.error(_('give a colour as "#1b5e9b": # and six hexadecimal digits'))
    return entry.text() if entry else None


def _letters(table: Table) -> Letters:
    found = Letters(
        template=_text(table, "template"),
        recipients={key: _address(entry) for key, entry in table.table("recipients").entries()},
    )
    table.refuse_the_rest()
    return found


def _address(entry: Entry) -> str:
    address = entry.text().strip()
    if not re.fullmatch(r"[\w.%+'-]+@[\w-]+(\.[\w-]+)+", address, re.ASCII):
        raise entry.error(_("give an e-mail address, as {example}").format(example='"post@kunde.no"'))
    return address


def _severities(table: Table) -> dict[str, bool]:
    found = {}
    for name, entry in table.entries():
        if name not in choices("severity"):
            raise entry.error(
                _("unknown severity; choose one of {names}").format(names=listed(choices("severity")))
            )
        means = entry.as_table().with_defaults({"access_down": False})
        found[name] = means.needed("access_down").flag()
        means.refuse_the_rest()
    return found


def _headers(table: Table) -> dict[str, dict[str, str]]:
    exports = column_catalogue()["exports"]
    found = {}
    for export, entry in table.entries():
        columns = exports[_export(export, entry)]["columns"]
        found[export] = {header: to.among(columns) for header, to in entry.as_table().entries()}
    return found


def _values(table: Table) -> dict[str, dict[str, str]]:
    columns = {name.rpartition(".")[2] for name in column_catalogue()["values"]}
    found = {}
    for column, entry in table.entries():
        if column not in columns:
            raise entry.error(
                _("its values have no names; {names} have").format(names=listed(sorted(columns)))
            )
        found[column] = {name: to.among(choices(column)) for name, to in entry.as_table().entries()}
    return found
