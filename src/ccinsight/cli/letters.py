"""``ccinsight letters``: writes the letters of a new price, records them as sent, and takes them back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ccinsight.cli.options import (
    DATE,
    FILE,
    as_of_option,
    customers_option,
    database_option,
    language_option,
    make_folder,
    record,
    user,
)
from ccinsight.cli.template_options import template_options
from ccinsight.cli.words import Command, option
from ccinsight.clock import now, today
from ccinsight.errors import CcinsightError, UsageError
from ccinsight.i18n import N_, day, in_language, ngettext, number, os_reason
from ccinsight.i18n import gettext as _
from ccinsight.i18n import language as language_in_use

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ccinsight.database.warehouse import Warehouse
    from ccinsight.documents.letters.notices import Notice
    from ccinsight.ingest.price_letters import Letter, Version

FORMATS = ("docx", "eml", "csv")


@dataclass(frozen=True)
class _Asked:
    """Which letters: of the planned prices, or of a list raised by ``percent`` from ``valid_from`` on."""

    as_of: date
    customers: tuple[str, ...]
    product: str | None
    valid_from: date | None
    percent: Decimal | None


def _tokens() -> Iterator[str]:
    from ccinsight.documents.letters.tokens import TOKENS
    from ccinsight.documents.template_tokens import written

    for name, token in TOKENS.items():
        yield written(name).ljust(22) + _(token.description)


def _template() -> bytes:
    from ccinsight.documents.letters.template import default_template

    return default_template().content


@click.command(
    "letters",
    cls=Command,
    help=N_(
        "Write letters about a new price, or record them as sent.\n\nWithout --percent they are those "
        "of the prices that "
        "are planned already; with it, those of the price list raised from a day on. --sent records them instead, and "
        "--undo takes recorded ones back."
    ),
)
@option("--to", "folder", type=FILE, metavar="DIR", help=N_("The folder for the files."))
@option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default="docx",
    show_default=True,
    help=N_("Word documents, e-mails, or a list for mail merge."),
)
@language_option
@template_options(
    N_("Your own Word template (default: that of the settings)."),
    N_("List the tokens that a template can hold."),
    N_("Write the default template to this file, to edit it."),
    tokens=_tokens,
    template=_template,
)
@customers_option
@option(
    "--product",
    metavar="NAME",
    help=N_("Only this product; that of the price list that is raised (default: the only one)."),
)
@option("--valid-from", type=DATE, metavar="DATE", help=N_("The day from which the price is valid."))
@option("--percent", metavar="N", help=N_("Raise the price list by so many per cent."))
@option("--sent", type=DATE, metavar="DATE", help=N_("Record the letters as sent on this day."))
@option(
    "--undo",
    is_flag=True,
    help=N_("Take back the recorded letters of the customers given, about the price from --valid-from."),
)
@as_of_option
@database_option
def letters(
    folder: Path | None,
    form: str,
    language: str | None,
    template: Path | None,
    customers: tuple[str, ...],
    product: str | None,
    valid_from: date | None,
    percent: str | None,
    sent: date | None,
    undo: bool,
    as_of: date | None,
    database: Path,
) -> None:
    """Does the one thing that was asked for."""
    if [folder is not None, sent is not None, undo].count(True) != 1:
        raise click.UsageError(_("Give one of --to, --sent and --undo."))
    if undo and percent is not None:
        raise click.UsageError(_("--undo takes no --percent: give the day of the price with --valid-from."))
    if not undo and (percent is None) != (valid_from is None):
        raise click.UsageError(_("Give --percent and --valid-from together."))
    # what was still to be sent on the day of the letters
    asked = _Asked(as_of or sent or today(), customers, product, valid_from, _percent(percent))
    if undo:
        _take_back(database, asked)
    elif sent is not None:
        _record(database, asked, sent)
    elif folder is not None:
        _write(database, asked, folder, form, language or language_in_use(), template)


def _write(database: Path, asked: _Asked, folder: Path, form: str, language: str, own: Path | None) -> None:
    from ccinsight.documents.letters.files import files
    from ccinsight.documents.letters.notices import no_recipient_line
    from ccinsight.documents.letters.template import own_template, template_of

    with _opened(database) as house:
        settings = _settings(house)
        found, _version = _notices(house, asked)
    with in_language(language):
        template = own_template(_read(own), str(own)) if own else template_of(settings, database)
        made = list(files(found, form, template, settings.deck.partner or "", asked.as_of))
    make_folder(folder)
    for name, content in made:
        (folder / name).write_bytes(content)
        click.echo(folder / name)
    if form == "eml" and (line := no_recipient_line(found)):
        click.echo(line, err=True)


def _record(database: Path, asked: _Asked, sent_on: date) -> None:
    from ccinsight.documents.letters.notices import recorded_before_line, to_letter
    from ccinsight.ingest.price_letters import not_recorded, record_letters

    with _opened(database) as house:
        found, version = _notices(house, asked)
    letters = [to_letter(each) for each in found]
    # one that was asked for by its customer is refused instead
    new = letters if asked.customers else not_recorded(database, letters)
    record_letters(
        database,
        new,
        sent_on,
        version=version,
        recorded_at=now(),
        recorded_by=user(),
    )
    record(database, "letters")
    text = ngettext("{count} letter is recorded as sent.", "{count} letters are recorded as sent.", len(new))
    click.echo(text.format(count=number(len(new))))
    if line := recorded_before_line(len(letters) - len(new)):
        click.echo(line, err=True)


def _take_back(database: Path, asked: _Asked) -> None:
    from ccinsight.ingest.price_letters import Letter, take_back

    if not asked.customers:
        raise click.UsageError(_("Name the customers whose letters are to be taken back with --customer."))
    with _opened(database) as house:
        rows = _rows(house, "sent_letters", asked)
    found = [
        Letter(row["agreement_id"], row["product"], row["price_source"], row["valid_from"], row["sent_on"])
        for row in rows
        if asked.valid_from in (None, row["valid_from"]) and asked.product in (None, row["product"])
    ]
    _refuse_several(found)
    count = take_back(database, found, taken_back_at=now(), taken_back_by=user())
    record(database, "letters_taken_back")
    text = ngettext("{count} letter was taken back.", "{count} letters were taken back.", count)
    click.echo(text.format(count=number(count)))


def _refuse_several(found: list[Letter]) -> None:
    """Raises UsageError where letters to be taken back are about several price versions."""
    versions = sorted({(each.product, each.valid_from) for each in found})
    if len(versions) > 1:
        named = ", ".join(
            _("{product} from {day}").format(product=name, day=day(on)) for name, on in versions
        )
        raise UsageError(
            _(
                "There are letters about several prices: {prices}. Choose one with --valid-from, and with --product "
                "where they are of several products."
            ).format(prices=named)
        )


def _notices(house: Warehouse, asked: _Asked) -> tuple[list[Notice], Version | None]:
    """The letters asked for, and the list that they announce where it is new. Raises UsageError where there is none."""
    from ccinsight.documents.letters.notices import left_out_lines, notices
    from ccinsight.documents.letters.planning import planned_options

    version = _new_list(house, asked)
    options = planned_options(version) if version else {}
    rows = _rows(house, "price_letters", asked, **options)
    if asked.product and version is None:
        rows = [row for row in rows if row["product"] == asked.product]
    found, left_out = notices(rows, _settings(house).letters.recipients)
    for line in left_out_lines(left_out):
        click.echo(line, err=True)
    missing = set(asked.customers) - {notice.customer_id for notice in found}
    if missing or not found:
        raise UsageError(
            _("There is no letter to send in time to {customers}.").format(
                customers=", ".join(sorted(missing))
            )
            if missing
            else _("There is no letter to send: no customer is still to be notified of a price in time.")
        )
    return found, version


def _new_list(house: Warehouse, asked: _Asked) -> Version | None:
    """The list that is raised. Raises UsageError where the product isn't clear."""
    from ccinsight.documents.letters.planning import changed_list

    if asked.valid_from is None:
        return None
    rows = _rows(house, "price_steps", asked, with_customers=False, valid_on=asked.valid_from)
    names = sorted({row["product"] for row in rows})
    product = asked.product or (names[0] if len(names) == 1 else None)
    if product is None:
        raise UsageError(
            _("Choose the product with --product: {names}.").format(names=", ".join(names) or _("none"))
        )
    steps = [row for row in rows if row["product"] == product]
    return changed_list(steps, product, asked.valid_from, asked.percent)


def _rows(
    house: Warehouse, report: str, asked: _Asked, *, with_customers: bool = True, **options: Any
) -> list[dict[str, Any]]:
    from ccinsight.access import SEES_ALL
    from ccinsight.database.scope import Filters

    filters = Filters(asked.customers if with_customers else ())
    found: list[dict[str, Any]] = house.report(
        report, house.resolve(asked.as_of, filters, SEES_ALL), **options
    ).to_pylist()
    return found


def _opened(database: Path) -> Warehouse:
    from ccinsight.database.warehouse import Warehouse

    return Warehouse.open(database)


def _settings(house: Warehouse) -> Any:
    from ccinsight.settings.storing import stored_settings

    with house.reading() as cursor:
        return stored_settings(cursor)


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as e:
        raise CcinsightError(
            _("The letter's template {file} can't be read: {error}.").format(file=file, error=os_reason(e))
        ) from e


def _percent(text: str | None) -> Decimal | None:
    if text is None:
        return None
    try:
        value = Decimal(text.replace(",", "."))
    except InvalidOperation:
        value = Decimal("NaN")
    if not (value.is_finite() and -50 <= value <= 100):
        raise click.UsageError(_("“{value}” is not a percentage from -50 to 100.").format(value=text))
    return value
