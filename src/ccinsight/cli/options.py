"""Options that several commands share."""

from __future__ import annotations

import getpass
import re
from collections.abc import Callable
from datetime import date
from os import PathLike
from pathlib import Path
from typing import TypeVar

import click

from ccinsight.cli.words import option
from ccinsight.errors import UsageError
from ccinsight.i18n import LANGUAGES, N_
from ccinsight.i18n import gettext as _

Decorated = TypeVar("Decorated", bound=Callable[..., object])


def user() -> str | None:
    """The name that this machine knows the person by, for the log of imports."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container's user may have none
        return None


def record(database: Path, action: str) -> None:
    """Writes into the log what this machine's user did to a database whose readers sign in (activity.Action)."""
    from ccinsight.clock import now
    from ccinsight.notes.activity import Action, Activity

    Activity(database).record_here(Action(action), user() or "", now())


FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2100, 12, 31)


class Date(click.ParamType[date]):
    """A day from 1990 to 2100, as ``2026-03-01`` or ``01.03.2026``: those that the calendar of the reports has."""

    name = "date"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The day; fails with a usage error where it isn't one."""
        if isinstance(value, date):
            return value
        day = parse_day(str(value))
        if day is None:
            self.fail(_("“{value}” is not a date. Write it as 2026-03-01.").format(value=value), param, ctx)
        if not FIRST_DAY <= day <= LAST_DAY:
            text = _("{value} is too early or too late. Give a day from {first} to {last}.")
            self.fail(text.format(value=day, first=FIRST_DAY, last=LAST_DAY), param, ctx)
        return day


def parse_day(text: str) -> date | None:
    """The day a text names in ISO or Norwegian form; None where it names none."""
    norwegian = re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", text, re.ASCII)
    iso = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", text, re.ASCII)
    if norwegian:
        day, month, year = (int(part) for part in norwegian.groups())
    elif iso:
        year, month, day = (int(part) for part in iso.groups())
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


class BasePath(click.ParamType[str]):
    """The path before all pages as ``/innsikt``; "" for none."""

    name = "path"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The path with a slash before each name; fails with a usage error where it can't be one."""
        path = str(value).strip("/")
        if path and not re.fullmatch(r"[\w.~-]*[\w~-](/[\w.~-]*[\w~-])*", path, re.ASCII):
            self.fail(
                _("“{value}” can't be a base path. Write it as /innsikt.").format(value=value), param, ctx
            )
        return f"/{path}" if path else ""


class Database(click.Path):
    """The path of a database. ``must_exist``: there is one, or what people wrote beside it."""

    def __init__(self, *, must_exist: bool = False) -> None:
        super().__init__()
        self._must_exist = must_exist

    def convert(
        self, value: str | PathLike[str], param: click.Parameter | None, ctx: click.Context | None
    ) -> Path:
        """The path. Raises UsageError where a database can't have it, NoDatabaseError where there must be one."""
        from ccinsight.database.naming import check_exists, check_name

        path = Path(value)
        check_name(path)
        if self._must_exist:
            check_exists(path)
        return path


EXPORTS = ("agreements", "tickets", "user_counts", "prices", "invoices", "meetings")
FILE = click.Path(path_type=Path)
DATE = Date()


def _database(kind: Database) -> Callable[[Decorated], Decorated]:
    return option(
        "--database",
        type=kind,
        envvar="CCINSIGHT_DATABASE",
        default=Path("ccinsight.duckdb"),
        show_default=True,
        show_envvar=True,
        metavar="FILE",
        help=N_("The database."),
    )


database_option, existing_database_option = _database(Database()), _database(Database(must_exist=True))
config_option = option(
    "--config",
    type=FILE,
    envvar="CCINSIGHT_CONFIG",
    show_envvar=True,
    metavar="FILE",
    help=N_("Settings file (default: ccinsight.toml in this folder, if it exists)."),
)
as_of_option = option(
    "--as-of",
    type=DATE,
    metavar="DATE",
    help=N_("Report what was known at the end of this day (default: today)."),
)
FORMATS = ("table", "csv", "json", "xlsx", "parquet")
format_option = option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    help=N_("Output format (default: by the file's extension, else a table on a terminal, else CSV)."),
)
output_option = option("--output", type=FILE, metavar="FILE", help=N_("Write to this file instead."))
language_option = option(
    "--language",
    type=click.Choice(tuple(LANGUAGES)),
    help=N_("Language of the files (default: the terminal's)."),
)
customers_option = option(
    "--customer", "customers", multiple=True, metavar="ID", help=N_("Only this customer. May be repeated.")
)


def filter_options(command: Decorated) -> Decorated:
    """The options that limit a report: ``customers``, ``account_managers``, ``user_bands`` and ``partners``."""
    for each in (
        option(
            "--partner",
            "partners",
            multiple=True,
            metavar="NAME",
            help=N_("Only this partner's customers, in a group's database. May be repeated."),
        ),
        option(
            "--user-band",
            "user_bands",
            multiple=True,
            metavar="BAND",
            help=N_("Only customers in this user band, e.g. 10-24 or 100+. May be repeated."),
        ),
        option(
            "--account-manager",
            "account_managers",
            multiple=True,
            metavar="NAME",
            help=N_("Only this account manager's customers. May be repeated."),
        ),
        customers_option,
    ):
        command = each(command)
    return command


host_option = option("--host", default="127.0.0.1", show_default=True, help=N_("Address to listen on."))
port_option = option(
    "--port",
    type=click.IntRange(1, 65_535),
    default=8501,
    show_default=True,
    metavar="N",
    help=N_("Port to listen on."),
)

base_path_option = option(
    "--base-path",
    type=BasePath(),
    default="",
    metavar="PATH",
    help=N_("Base path of the dashboard, e.g. /innsikt, behind a proxy that serves other sites too."),
)

no_sign_in_option = option(
    "--no-sign-in",
    is_flag=True,
    help=N_("Let in whoever reaches the server, also from other machines and through a proxy."),
)


def config_file(given: Path | None) -> Path | None:
    """The settings file to read: the one given, else ccinsight.toml in the working folder, else none."""
    from ccinsight.settings.parsing import find_settings

    return find_settings(given)


def make_folder(folder: Path) -> None:
    """Makes a folder for files, with those above it. Raises UsageError where it is a file."""
    if folder.exists() and not folder.is_dir():
        raise UsageError(_("{folder} is a file, not a folder.").format(folder=folder))
    folder.mkdir(parents=True, exist_ok=True)
