"""To do: what is overdue or comes next, by kind, and what was closed."""

from ccinsight.dashboard.pages import to_do
from ccinsight.dashboard.session.view import current
from ccinsight.dashboard.widgets import cards, layout, report_table
from ccinsight.dashboard.widgets.cards import Card
from ccinsight.i18n import _

view = current()
duties = to_do.read(view)
still_open, overdue, coming = to_do.still_open(duties), to_do.overdue(duties), to_do.coming(duties)
soon, closed = to_do.soon(duties), to_do.closed(duties)
shown = layout.chosen("show")

layout.head(to_do.headline(duties), view, "to_do")
cards.show(
    [
        Card("duties_overdue", len(overdue)),
        Card("duties_coming", len(coming)),
        Card("duties_open", len(still_open)),
        Card("duties_closed", len(closed)),
    ],
    "to_do",
)
layout.choice(
    _("Which duties"),
    {
        "soon": _("Overdue or within {days} days").format(days=to_do.SOON_DAYS),
        "all": _("All open"),
        "closed": _("Closed by us"),
    },
    "show",
)
if shown == "closed":
    if closed.empty:
        layout.nothing(_("Nobody closed a duty in the last 90 days."))
    else:
        to_do.show_closed(closed, view)
else:
    rows = soon if shown == "soon" else still_open
    to_do.show_lines(rows, view)
    if rows.empty and len(still_open):
        layout.nothing(_("Nothing is overdue or due within 60 days."), _("The others are under “All open”."))
    elif rows.empty:
        layout.nothing_for_filters(view, _("There is nothing to do here."))
    else:
        report_table.files("duties", to_do.in_words(rows), view, key="all_duties")
to_do.keep_focus(closed if shown == "closed" else rows, are_closed=shown == "closed")
