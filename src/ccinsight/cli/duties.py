"""``ccinsight duties``: says of duties that they are done or not needed, and takes it back."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ccinsight.cli.options import DATE, database_option, user
from ccinsight.cli.words import Command, Group, option
from ccinsight.clock import now, today
from ccinsight.errors import UsageError
from ccinsight.i18n import N_, ngettext, number
from ccinsight.i18n import gettext as _

if TYPE_CHECKING:
    from ccinsight.notes.duties import Duty

_IDS = click.argument("duty_ids", nargs=-1, required=True, metavar="DUTY…")


@click.group(
    "duties",
    cls=Group,
    help=N_(
        "Close duties, or reopen them.\n\nThe number of a duty is in the first column of "
        "`ccinsight report duties`."
    ),
)
def duties() -> None:
    """The group of what can be said of duties."""


@duties.command("done", cls=Command, help=N_("Mark duties as done."))
@_IDS
@option("--on", "done_on", type=DATE, metavar="DATE", help=N_("Day on which it was done (default: today)."))
@option("--note", default="", metavar="TEXT", help=N_("What was done. Internal."))
@database_option
def done(duty_ids: tuple[str, ...], done_on: date | None, note: str, database: Path) -> None:
    """Closes the duties as done on a day."""
    from ccinsight.notes.duties import DONE

    _close(duty_ids, DONE, done_on or today(), note, database)


@duties.command("not-needed", cls=Command, help=N_("Mark duties as not needed, with the reason."))
@_IDS
@option("--reason", required=True, metavar="TEXT", help=N_("Why it isn't needed. Internal."))
@database_option
def not_needed(duty_ids: tuple[str, ...], reason: str, database: Path) -> None:
    """Closes the duties as not needed, from today on."""
    from ccinsight.notes.duties import NOT_NEEDED

    _close(duty_ids, NOT_NEEDED, today(), reason, database)


@duties.command("undo", cls=Command, help=N_("Reopen duties that a person closed."))
@_IDS
@database_option
def undo(duty_ids: tuple[str, ...], database: Path) -> None:
    """Takes back the newest mark of each."""
    from ccinsight.notes.duties import DutyMarks

    found = _found(duty_ids, {"done", "not_needed"}, database)
    count = DutyMarks.beside(database).undo(found, undone_at=now(), undone_by=user())
    click.echo(
        ngettext("{count} duty is open again.", "{count} duties are open again.", count).format(
            count=number(count)
        )
    )


def _close(duty_ids: tuple[str, ...], state: str, closed_on: date, note: str, database: Path) -> None:
    from ccinsight.notes.duties import DutyMarks

    found = _found(duty_ids, {"open"}, database)
    DutyMarks.beside(database).close(
        found, state, closed_on=closed_on, note=note, saved_at=now(), saved_by=user()
    )
    click.echo(
        ngettext("{count} duty is closed.", "{count} duties are closed.", len(found)).format(
            count=number(len(found))
        )
    )


def _found(duty_ids: tuple[str, ...], states: set[str], database: Path) -> list[Duty]:
    """The duties of these numbers as they are today. UsageError names one that isn't there in such a state."""
    from ccinsight.access import SEES_ALL
    from ccinsight.database.scope import Scope
    from ccinsight.database.warehouse import Warehouse
    from ccinsight.notes.duties import Duty, DutyMarks

    with Warehouse.open(database) as house:
        rows = house.report(
            "duties", Scope(today(), SEES_ALL), marks=DutyMarks.beside(database).rows()
        ).to_pylist()
    known = {row["duty_id"]: row for row in rows if row["state"] in states}
    for duty_id in duty_ids:
        if duty_id not in known:
            raise UsageError(
                (
                    _("There is no open duty {value}.")
                    if "open" in states
                    else _("There is no duty {value} that was closed in the last 90 days.")
                ).format(value=duty_id)
            )
    return [Duty.of(known[duty_id]) for duty_id in dict.fromkeys(duty_ids)]
