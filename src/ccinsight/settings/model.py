"""What the settings say, defaults filled in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

SCOPES = ("support", "training", "consulting")
DECK_PLACEHOLDERS = ("title", "subtitle", "content")


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
    full: tuple[str, ...] = ()  # the exports with full lists
    keep_months: int | None = None  # tickets opened earlier go at the next import; None: all are kept
    minimum_reply_seconds: int = 0  # quicker first replies are automatic and don't count (R10)
    max_upload_mb: int = 200  # of all files of an upload together
    max_unpacked_mb: int = 2_000  # of an Excel file, or of a Parquet file that packs too well
    currency: str = "NOK"  # of all amounts, as ISO 4217 has it


@dataclass(frozen=True)
class Deck:
    """The status meeting's files (A3): the supplier's name, its PowerPoint template, its colour and logo.

    ``template`` and ``logo`` are files, relative to the settings file; ``colour`` is ``#rrggbb``. Layouts and
    placeholders by their names in the template; without a name the first that fits is taken.
    """

    partner: str | None = None
    template: str | None = None
    colour: str | None = None
    logo: str | None = None
    title_layout: str | None = None
    content_layout: str | None = None
    placeholders: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Letters:
    """The letters about a new price (A5): the supplier's own Word template, a file relative to the settings file, and
    the e-mail address of each customer that has one, by its id.
    """

    template: str | None = None
    recipients: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Server:
    """What the dashboard's server may take: DuckDB's memory, such as ``2GiB`` (None: a share of the machine's), and
    the seconds that a report may wait and run.

    ``api_requests_per_minute`` is of each access token, ``api_max_rows`` of each of its answers.
    """

    memory_limit: str | None
    report_seconds: int
    api_requests_per_minute: int = 120
    api_max_rows: int = 200_000


@dataclass(frozen=True)
class Settings:
    """All settings, defaults filled in, with the text they came from ("" and None: the defaults)."""

    default_terms: Terms
    products: Mapping[str, Terms]
    user_bands: tuple[int, ...]
    terminations: tuple[str, ...]  # the reasons that a termination may be given
    imports: ImportOptions
    server: Server
    categories: Mapping[str, Category] = field(default_factory=dict)
    severities: Mapping[str, bool] = field(default_factory=dict)
    headers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    customers: Mapping[str, str] = field(default_factory=dict)
    deck: Deck = field(default_factory=Deck)
    letters: Letters = field(default_factory=Letters)
    expected_days: Mapping[str, int] = field(
        default_factory=dict
    )  # export → at least so often it is imported
    toml: str = ""
    file_name: str | None = None

    def own_file(self, name: str, database: Path) -> Path:
        """Where a file that the settings name lies: beside the settings file, else beside the database.

        One that is nowhere is found out, and named, when it is opened.
        """
        beside = Path(self.file_name).parent / name if self.file_name else Path(name)
        return beside if beside.exists() else database.parent / name

    def bands(self) -> list[tuple[str, int, int | None]]:
        """The user bands in order: label (`10–24`, `100+`), from, to (None: no upper end)."""
        ends: list[int | None] = [start - 1 for start in self.user_bands[1:]]
        return [
            (_band(first, last), first, last)
            for first, last in zip(self.user_bands, [*ends, None], strict=True)
        ]


def _band(first: int, last: int | None) -> str:
    if last is None:
        return f"{first}+"
    return f"{first}–{last}" if last > first else str(first)
