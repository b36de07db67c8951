"""``ccinsight mapping``: a settings file to fill in, from a file that has names which ccinsight doesn't know."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ccinsight.cli.options import EXPORTS, FILE, config_file, config_option, database_option
from ccinsight.cli.words import Command, option
from ccinsight.errors import CcinsightError
from ccinsight.files import writing_path
from ccinsight.i18n import N_, os_reason
from ccinsight.i18n import gettext as _

if TYPE_CHECKING:
    from ccinsight.settings.model import Settings


@click.command(
    "mapping",
    cls=Command,
    help=N_("Propose settings for the headers and values in a file that aren't recognised."),
)
@click.argument("file", type=FILE, metavar="FILE")
@option("--output", type=FILE, metavar="TOML", help=N_("Write to this file instead."))
@option("--export", type=click.Choice(EXPORTS), help=N_("Kind of export, if the headers don't identify it."))
@config_option
@database_option
def mapping(file: Path, output: Path | None, export: str | None, config: Path | None, database: Path) -> None:
    """Writes what the settings say, and a line for each header, value and category that they don't."""
    from ccinsight.ingest.mapping.examine import examine
    from ccinsight.ingest.mapping.proposal import lines, starter

    source = config_file(config)
    if (
        output is not None
        and output.exists()
        and not (source and source.exists() and output.samefile(source))
    ):
        raise CcinsightError(
            _(
                "{file} already exists: give another file with --output, or this one with --config too."
            ).format(file=output)
        )
    settings = _settings(source, database)
    tables = examine(file, settings, export)
    text = starter(file.name, tables, settings)
    if output is None:
        click.echo(text, nl=False)
    else:
        _write(output, text)
    for each in lines(tables):
        click.echo(each, err=True)


def _settings(source: Path | None, database: Path) -> Settings:
    """The settings that an import would follow: the file's, else the database's, else the defaults."""
    from ccinsight.database.build import stored_before
    from ccinsight.settings.parsing import default_settings, read_settings
    from ccinsight.settings.storing import stored_settings

    if source is not None:
        return read_settings(source)
    with stored_before(database) as before:
        return stored_settings(before) if before else default_settings()


def _write(output: Path, text: str) -> None:
    """Writes beside and renames: settings that were there are whole until then."""
    beside = writing_path(output)
    try:
        with beside.open("w", encoding="utf-8", newline="") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        beside.replace(output)
    except OSError as e:
        raise CcinsightError(
            _("{file} can't be written: {error}.").format(file=output, error=os_reason(e))
        ) from e
    finally:
        beside.unlink(missing_ok=True)
