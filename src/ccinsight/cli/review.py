"""``ccinsight review``: the management's review of a period as a deck and a workbook; both are internal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ccinsight.cli.options import (
    DATE,
    FILE,
    as_of_option,
    database_option,
    filter_options,
    language_option,
    make_folder,
)
from ccinsight.cli.words import Command, option
from ccinsight.clock import today
from ccinsight.i18n import N_, in_language
from ccinsight.i18n import gettext as _
from ccinsight.i18n import language as language_in_use

if TYPE_CHECKING:
    from ccinsight.database.warehouse import Warehouse
    from ccinsight.documents.quarter.periods import Period

_FORMATS = ("pptx", "xlsx")
_SPANS = ("month", "quarter", "year", "twelve")


@click.command(
    "review",
    cls=Command,
    help=N_("Write the review of a period for management: movements, retention, risks, leakage, forecast."),
)
@option(
    "--period",
    "span",
    type=click.Choice(_SPANS),
    default="quarter",
    show_default=True,
    help=N_("Review a month, a quarter, the year to date, or twelve months up to the as-of date."),
)
@option(
    "--begins",
    type=DATE,
    metavar="DATE",
    help=N_("First day of the month or quarter (default: the newest that is over)."),
)
@option("--from", "first", type=DATE, metavar="DATE", help=N_("Review the days from this one on."))
@option("--to", "last", type=DATE, metavar="DATE", help=N_("Last day of them (default: the as-of date)."))
@database_option
@as_of_option
@filter_options
@option(
    "--format",
    "formats",
    type=click.Choice(_FORMATS),
    multiple=True,
    default=_FORMATS,
    help=N_("Write a deck (pptx), a workbook (xlsx), or both (the default)."),
)
@option("--output", type=FILE, required=True, metavar="DIR", help=N_("The folder for the files."))
@language_option
def review(
    span: str,
    begins: date | None,
    first: date | None,
    last: date | None,
    database: Path,
    as_of: date | None,
    formats: tuple[str, ...],
    output: Path,
    language: str | None,
    **chosen: tuple[str, ...],
) -> int:
    """Writes the files and names them. Raises UsageError for a period or a filter that doesn't exist."""
    from ccinsight.access import SEES_ALL
    from ccinsight.cli.reporting import named_filters
    from ccinsight.database.scope import Filters
    from ccinsight.database.warehouse import Warehouse
    from ccinsight.documents.brief import file_names
    from ccinsight.documents.quarter import making
    from ccinsight.documents.quarter.source import Source
    from ccinsight.outputs.cells import Head

    day = as_of or today()
    period = _period(span, begins, (first, last), day)
    filters = Filters(**chosen)
    with Warehouse.open(database) as house, in_language(language or language_in_use()):
        head = Head(
            day, tuple(named_filters(replace(filters, customers=_names(house, day, filters.customers))))
        )
        values = [value for _label, value in head.filters]
        for form in dict.fromkeys(formats):
            content = making.write(Source(house, day, SEES_ALL, filters), period, head, form)
            # here, not before: a filter that doesn't exist leaves no folder behind
            make_folder(output)
            path = output / file_names.review_name(period.label(), period.last, form, values)
            path.write_bytes(content)
            click.echo(path)
    return 0


def _names(house: Warehouse, day: date, customers: tuple[str, ...]) -> tuple[str, ...]:
    """The customers as files name them; one without a known name by its number."""
    from ccinsight.access import SEES_ALL
    from ccinsight.database.scope import Scope

    if not customers:
        return ()
    rows = house.report("customers", Scope(day, SEES_ALL, customers)).to_pylist()
    names = {row["customer_id"]: row["customer_name"] for row in rows}
    return tuple(names.get(each) or each for each in customers)


def _period(span: str, begins: date | None, days: Sequence[date | None], as_of: date) -> Period:
    """The period that the options name."""
    from ccinsight.documents.quarter import periods

    first, last = days
    if first or last:
        return _own(first, last or as_of, as_of)
    if span in ("year", "twelve"):
        return periods.year_to_date(as_of) if span == "year" else periods.twelve_months(as_of)
    known = periods.months(as_of) if span == "month" else periods.quarters(as_of)
    chosen = begins.isoformat() if begins else periods.newest_whole(known, as_of)
    if chosen not in known:
        raise click.UsageError(
            _(
                "No such period begins on {day}. The newest begins on {newest}, the earliest on {earliest}."
            ).format(day=chosen, newest=next(iter(known)), earliest=list(known)[-1])
        )
    return known[chosen]


def _own(first: date | None, last: date, as_of: date) -> Period:
    from ccinsight.documents.quarter import periods

    if first is None:
        raise click.UsageError(_("Give --from too: the first day of the period."))
    if not first <= last <= as_of:
        raise click.UsageError(
            _("The period must begin on or before {last} and end on or before {as_of}.").format(
                last=last, as_of=as_of
            )
        )
    return periods.own(first, last)
