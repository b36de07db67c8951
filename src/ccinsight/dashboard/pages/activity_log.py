"""What people did with the dashboard, for management."""

from __future__ import annotations

from ccinsight.dashboard import navigation
from ccinsight.dashboard.session import reads
from ccinsight.dashboard.session.view import View
from ccinsight.dashboard.widgets import layout, log_table
from ccinsight.i18n import N_, _
from ccinsight.notes.activity import Activity
from ccinsight.registry import Column

_SHOWN = 200
_COLUMNS = (
    Column("done_at", N_("Time"), "moment", N_("When it was done.")),
    Column("person", N_("Person"), "text", N_("Who did it, as they are signed in.")),
    Column("action", N_("What"), "text", N_("What was done.")),
    Column("subject", N_("Of what"), "text", N_("The file, page or customer that it was done with.")),
)


def show(view: View) -> None:
    """The newest rows of the log; nothing for readers with limited access, or before the first entry."""
    if not navigation.shows_whole_database(view.reader):
        return
    rows = Activity(reads.database_path()).newest(_SHOWN)
    if not rows:
        return
    layout.section(_("Who did what?"))
    entries = [(row.done_at, row.person, row.action.label, row.subject) for row in rows]
    log_table.show("activity_log", N_("Activity log"), _COLUMNS, entries, view)
