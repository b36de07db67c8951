"""``ccinsight brief``: the files of status meetings, for one customer, several, or all whose deadline is near."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ccinsight.cli.options import FILE, as_of_option, database_option, language_option, make_folder
from ccinsight.cli.template_options import template_options
from ccinsight.cli.words import Command, option
from ccinsight.clock import today
from ccinsight.i18n import N_, ngettext
from ccinsight.i18n import gettext as _
from ccinsight.i18n import language as language_in_use

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ccinsight.database.warehouse import Warehouse
    from ccinsight.documents.deck import Files


def _tokens() -> Iterator[str]:
    from ccinsight.documents.deck.own.listing import listing

    for heading, tokens in listing().items():
        yield f"\n{heading}\n"
        for each in tokens:
            yield f"{each.token.ljust(32)} {each.description} ({each.example})"


def _template() -> bytes:
    from ccinsight.documents.deck.own.starter import starter

    return starter()


@click.command(
    "brief",
    cls=Command,
    help=N_("Prepare status meetings: write a deck and a workbook, a PDF or a web page for each customer."),
)
@option(
    "--customer", "customers", multiple=True, metavar="ID", help=N_("Prepare this customer. May be repeated.")
)
@option(
    "--due-within",
    type=click.IntRange(0, 3_660),
    metavar="N",
    help=N_("Prepare customers whose price-notice deadline is within N days and whose meeting isn't held."),
)
@database_option
@as_of_option
@option("--output", type=FILE, required=True, metavar="DIR", help=N_("The folder for the files."))
@template_options(
    N_("Your own slides, .pptx or .potx (default: those of the settings)."),
    N_("List the tokens that your own slides can hold, each with an example."),
    N_("Write slides with every token to this file, to edit them."),
    tokens=_tokens,
    template=_template,
)
@language_option
@option(
    "--format",
    "formats",
    type=click.Choice(("pptx", "pdf", "html")),
    multiple=True,
    default=("pptx",),
    help=N_(
        "Write these files: pptx (a deck and a workbook, the default), pdf, or html (one page that needs nothing "
        "else). May be repeated."
    ),
)
@option(
    "--annex",
    is_flag=True,
    help=N_("Also write an internal annex: unbilled amounts, risk, missed price change."),
)
@option(
    "--presenter",
    is_flag=True,
    help=N_("Also write an internal presenter's copy of the deck: each figure explained in the notes."),
)
def brief(
    customers: tuple[str, ...],
    due_within: int | None,
    database: Path,
    as_of: date | None,
    output: Path,
    template: Path | None,
    language: str | None,
    formats: tuple[str, ...],
    annex: bool,
    presenter: bool,
) -> int:
    """Writes the files and names them as they are done; 1 where a customer's couldn't be made."""
    if not customers and due_within is None:
        raise click.UsageError(
            _("Give --customer ID, or --due-within N for customers whose deadline is near.")
        )
    from ccinsight.access import SEES_ALL
    from ccinsight.database.warehouse import Warehouse
    from ccinsight.documents import deck

    day = as_of or today()
    with Warehouse.open(database) as house:
        chosen = _chosen(house, customers, due_within, day)
        if chosen:
            own = deck.read_template(template) if template else None
            if "pptx" in formats:
                for line in deck.left_out(deck.settings_look(house, own)):
                    click.echo(line, err=True)
            parts, address = _parts(formats, presenter, database)
            in_language = language or language_in_use()
            files = deck.prepare(house, day, SEES_ALL, chosen, in_language, annex, parts, own, address)
            return _write(files, len(chosen), output)
        near = due_within or 0
        click.echo(
            ngettext(
                "No status meeting is to be prepared within {days} day.",
                "No status meeting is to be prepared within {days} days.",
                near,
            ).format(days=near)
        )
        return 0


def _parts(formats: tuple[str, ...], presenter: bool, database: Path) -> tuple[tuple[str, ...], str]:
    """The files to make, and the dashboard's address, which a presenter's copy links to."""
    from ccinsight.documents.brief.file_names import BY_FORMAT
    from ccinsight.integrations.delivery.recipients import public_address

    names = dict.fromkeys((*formats, "presenter") if presenter else formats)
    return tuple(part for name in names for part in BY_FORMAT[name]), (
        public_address(database) if presenter else ""
    )


def _chosen(
    house: Warehouse, customers: tuple[str, ...], due_within: int | None, day: date
) -> tuple[str, ...]:
    from ccinsight.access import SEES_ALL
    from ccinsight.documents import deck

    near = deck.due_within(house, day, SEES_ALL, due_within) if due_within is not None else ()
    return tuple(dict.fromkeys((*customers, *near)))


def _write(prepared: Iterator[Files], whole: int, output: Path) -> int:
    from ccinsight.cli.progress import progress_bar

    failed: list[Files] = []
    with progress_bar() as progress:
        for number, files in enumerate(prepared, start=1):
            if files.error:
                failed.append(files)
                continue
            # here, not before: an unknown customer or a bad template leaves no folder behind
            make_folder(output)
            for name, content in files.by_name.items():
                (output / name).write_bytes(content)
                click.echo(output / name)
            if progress:
                progress(number / whole, files.customer_name)
    count = whole - len(failed)
    done = ngettext("{count} customer prepared.", "{count} customers prepared.", count)
    click.echo(done.format(count=count), err=True)
    for files in failed:
        click.echo(f"ccinsight: {files.fault()}", err=True)
    if failed and os.environ.get("CCINSIGHT_TRACEBACK") and failed[0].error:
        raise failed[0].error
    return 1 if failed else 0
