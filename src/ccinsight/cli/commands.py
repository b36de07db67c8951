"""The commands. Each imports its modules when it runs, so that ``--help`` and ``--version`` are fast."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ccinsight import __version__
from ccinsight.cli.access import access
from ccinsight.cli.alerts import alerts
from ccinsight.cli.backup import backup, restore
from ccinsight.cli.brief import brief
from ccinsight.cli.calendar import calendar
from ccinsight.cli.digest import digest
from ccinsight.cli.duties import duties
from ccinsight.cli.explore import explore
from ccinsight.cli.forget import forget, undo
from ccinsight.cli.lake import lake
from ccinsight.cli.letters import letters
from ccinsight.cli.mapping import mapping
from ccinsight.cli.mcp import mcp
from ccinsight.cli.options import (
    DATE,
    EXPORTS,
    FILE,
    Decorated,
    as_of_option,
    base_path_option,
    config_file,
    config_option,
    database_option,
    filter_options,
    format_option,
    host_option,
    no_sign_in_option,
    output_option,
    port_option,
    record,
    user,
)
from ccinsight.cli.review import review
from ccinsight.cli.spark import spark
from ccinsight.cli.tokens import tokens
from ccinsight.cli.watch import watch
from ccinsight.cli.words import Group, option
from ccinsight.clock import now, today
from ccinsight.i18n import N_
from ccinsight.i18n import gettext as _

if TYPE_CHECKING:
    from ccinsight.ingest import ImportSummary

SAMPLE_CUSTOMERS, SAMPLE_TICKETS, SAMPLE_SEED = 150, 8_000, 1


def _count(name: str, default: int, text: str, least: int = 0) -> Callable[[Decorated], Decorated]:
    kind = click.IntRange(least)
    return option(name, type=kind, default=default, show_default=True, metavar="N", help=text)


@click.group(
    cls=Group, help=N_("What the support agreements are used for, when they fall due and what they earn.")
)
@click.version_option(__version__, message="%(prog)s %(version)s")
def commands() -> None:
    """The group that holds all commands."""


@commands.command("import", help=N_("Import exported files, or those in a folder."))
@click.argument("paths", type=FILE, nargs=-1, required=True, metavar="PATH…")
@database_option
@config_option
@option(
    "--replace",
    type=click.Choice(EXPORTS),
    multiple=True,
    help=N_("Replace the whole export: rows missing from the files are deleted. May be repeated."),
)
@option(
    "--strict",
    is_flag=True,
    help=N_("Exit with status 2 if rows are rejected or different rows share a key; valid rows are stored."),
)
@option(
    "--yes",
    is_flag=True,
    help=N_("Import a list even if it has fewer than half of the rows it replaces."),
)
def import_(
    paths: tuple[Path, ...],
    database: Path,
    config: Path | None,
    replace: tuple[str, ...],
    strict: bool,
    yes: bool,
) -> int:
    """Imports files and prints a summary. Exit status 0, or 2 with --strict and rejected or conflicting rows."""
    summary = _import(paths, database, config_file(config), frozenset(replace), yes)
    record(database, "import")
    return 2 if strict and (summary.rows_rejected or summary.rows_conflicting) else 0


commands.add_command(watch)
commands.add_command(mapping)
commands.add_command(undo)
commands.add_command(backup)
commands.add_command(restore)
commands.add_command(forget)
commands.add_command(access)


@commands.command("settings", help=N_("Apply changed settings to the imported data."))
@database_option
@config_option
def settings(database: Path, config: Path | None) -> None:
    """Stores the settings in the database and rebuilds everything computed from them."""
    file = config_file(config)
    if file is None:
        raise click.UsageError(_("Give the settings file with --config."))
    from ccinsight.ingest import apply_settings

    is_changed = apply_settings(database, file, applied_at=now(), applied_by=user())
    record(database, "settings")
    text = (
        _("{database} now uses the settings in {file}.")
        if is_changed
        else _("{database} already uses the settings in {file}; nothing was changed.")
    )
    click.echo(text.format(database=database, file=file))


@commands.command("report", help=N_("Print a report; --list shows their names."))
@click.argument("name", required=False, metavar="NAME")
@option("--list", "show_list", is_flag=True, help=N_("List all reports."))
@database_option
@as_of_option
@filter_options
@option("--days", type=click.IntRange(0, 36_600), metavar="N", help=N_("Days ahead to include (deadlines)."))
@option("--months", type=click.IntRange(1, 1_200), metavar="N", help=N_("Number of months, ahead or back."))
@option(
    "--since", type=DATE, metavar="DATE", help=N_("Only periods that start on or after this day (invoicing).")
)
@option("--check", metavar="NAME", help=N_("Only the problems of this check (data_problems)."))
@format_option
@output_option
def report(
    name: str | None,
    show_list: bool,
    database: Path,
    as_of: date | None,
    customers: tuple[str, ...],
    account_managers: tuple[str, ...],
    user_bands: tuple[str, ...],
    partners: tuple[str, ...],
    form: str | None,
    output: Path | None,
    **options: int | date | str | None,
) -> None:
    """Runs one report and writes it; ``options`` are those that only some reports take."""
    from ccinsight.cli import reporting
    from ccinsight.database.scope import Filters

    if show_list:
        reporting.list_reports()
        return
    if name is None:
        raise click.UsageError(_("Give the name of a report; `ccinsight report --list` shows them all."))
    filters = Filters(customers, account_managers, user_bands, partners)
    given = {option: value for option, value in options.items() if value is not None}
    reporting.run(name, database, as_of or today(), filters, given, form, output)


commands.add_command(explore)
commands.add_command(brief)
commands.add_command(duties)
commands.add_command(digest)
commands.add_command(calendar)
commands.add_command(tokens)
commands.add_command(mcp)
commands.add_command(alerts)
commands.add_command(letters)
commands.add_command(lake)
commands.add_command(review)
commands.add_command(spark)


@commands.command("rejects", help=N_("Write the rejected rows as CSV, to be corrected and imported again."))
@database_option
@option("--output", type=FILE, required=True, metavar="FILE", help=N_("The file to write."))
def rejects(database: Path, output: Path) -> None:
    """Writes the rejected rows, as they came, with the reason of each."""
    from ccinsight.ingest import write_rejects

    for line in write_rejects(database, output):
        click.echo(line)


@commands.command("sample", help=N_("Write sample exports in SuperOffice's formats to a folder."))
@click.argument("outdir", type=FILE, metavar="OUTDIR")
@_count("--customers", SAMPLE_CUSTOMERS, N_("Number of customers to write."), 1)
@_count("--tickets", SAMPLE_TICKETS, N_("Approximate number of tickets."))
@_count("--seed", SAMPLE_SEED, N_("Seed of the random generator; another seed gives another company."))
@option("--as-of", type=DATE, metavar="DATE", help=N_("As-of date of the sample (default: today)."))
def sample(outdir: Path, customers: int, tickets: int, seed: int, as_of: date | None) -> None:
    """Writes the exports of a made-up supplier; the same seed and day give the same bytes."""
    from ccinsight.sample import write_sample

    write_sample(outdir, customers, tickets, seed, as_of or today())
    click.echo(_("The sample exports are in {folder}.").format(folder=outdir))


@commands.command("serve", help=N_("Serve the dashboard to this machine's browser."))
@database_option
@host_option
@port_option
@base_path_option
@option(
    "--workers",
    type=click.IntRange(1, 32),
    default=1,
    show_default=True,
    metavar="N",
    help=N_("Number of server processes; more than one requires nginx."),
)
@no_sign_in_option
def serve(database: Path, host: str, port: int, base_path: str, workers: int, no_sign_in: bool) -> None:
    """Serves the dashboard until it is stopped."""
    _serve(database, host, port, base_path, workers, is_open=no_sign_in)


@commands.command("demo", help=N_("Make sample exports as of today, import them and serve the dashboard."))
@option(
    "--folder",
    type=FILE,
    default=Path("ccinsight-demo"),
    show_default=True,
    metavar="FOLDER",
    help=N_("Folder for the exports and the database."),
)
@host_option
@port_option
@option("--no-serve", is_flag=True, help=N_("Import the sample without serving the dashboard."))
@no_sign_in_option
def demo(folder: Path, host: str, port: int, no_serve: bool, no_sign_in: bool) -> None:
    """The whole way once, with made-up data."""
    from ccinsight.cli import serving
    from ccinsight.sample import write_sample

    exports, database = folder / "exports", folder / "ccinsight.duckdb"
    if not no_serve:
        serving.check_access(database, serving.Address(host, port), is_open=no_sign_in)
        serving.ensure_free(host, port)
    write_sample(exports, SAMPLE_CUSTOMERS, SAMPLE_TICKETS, SAMPLE_SEED, today())
    _import([exports], database, exports / "ccinsight.toml", frozenset(EXPORTS))
    if not no_serve:
        _serve(database, host, port, is_open=no_sign_in)


def _import(
    paths: Sequence[Path],
    database: Path,
    config: Path | None,
    replace: frozenset[str],
    confirmed: bool = False,
) -> ImportSummary:
    from ccinsight.cli.progress import progress_bar
    from ccinsight.ingest import import_paths
    from ccinsight.notes.duties import note_ceased

    with progress_bar() as progress:
        summary = import_paths(
            paths,
            database,
            config,
            replace=replace,
            confirmed=confirmed,
            imported_at=now(),
            imported_by=user(),
            progress=progress,
        )
    for line in summary.lines():
        click.echo(line)
    if summary.rows_rejected:
        click.echo(_("Write the rejected rows with: ccinsight rejects --output FILE"))
    note_ceased(database, today())
    return summary


def _serve(
    database: Path, host: str, port: int, base_path: str = "", workers: int = 1, *, is_open: bool = False
) -> None:
    from ccinsight.cli import serving
    from ccinsight.database.warehouse import Warehouse

    address = serving.Address(host, port, base_path)
    access = serving.check_access(database, address, is_open=is_open)
    serving.ensure_free(host, port)
    if database.exists():
        # opened before the first reader comes: a file of older models is rebuilt now, a broken one is named here
        Warehouse.open(database).close()
    else:
        serving.check_folder(database)  # the first files are imported in the browser
    if access is None and is_open:
        click.echo(_("There is no sign-in: whoever reaches this machine reads everything."), err=True)
    # Another thread prints the address, and has no language set.
    text = _("The dashboard: {address}")

    def announce(url: str) -> None:
        click.echo(text.format(address=url))

    if workers == 1:
        serving.run(database, address, announce, is_open=is_open)
    else:
        from ccinsight.cli import workers as several

        several.run(database, address, workers, announce, is_open=is_open)
