"""Status meetings: who is to be met by when, and everything that prepares a meeting."""

from ccinsight import charts
from ccinsight.dashboard.pages import meeting_files, status_meetings
from ccinsight.dashboard.session import printing
from ccinsight.dashboard.session.view import current
from ccinsight.dashboard.widgets import cards, chart_view, figures, headlines, layout, report_table
from ccinsight.dashboard.widgets.cards import Card
from ccinsight.i18n import _, ngettext, number

view = current()
all_meetings = view.report("status_meetings")
missing = status_meetings.to_meet(all_meetings)
layout.head(
    _("Every agreement in force has a status meeting held or planned in its period")
    if missing.empty and not all_meetings.empty
    else ngettext(
        "{count} agreement has no status meeting held or planned in its period",
        "{count} agreements have no status meeting held or planned in their period",
        len(missing),
    ).format(count=number(len(missing))),
    view,
    "status_meetings",
)
layout.fills_if_missing("meetings", _("Meetings held and planned"))
cards.show(
    [
        *status_meetings.cards_to_meet(all_meetings, view),
        Card("planned_meetings", len(figures.rows_of(all_meetings, "status", "planned"))),
        Card("held_meetings", len(figures.rows_of(all_meetings, "status", "held"))),
        Card(
            "missed_meetings",
            figures.total(all_meetings["missed_periods"]),
            _("past periods since the agreements began"),
        ),
    ],
    "status_meetings",
)
if all_meetings.empty:
    layout.nothing_for_filters(view, _("No customer has an agreement in force."))
else:
    if not printing.is_on():
        layout.section(_("Prepare one meeting"))
        status_meetings.prepare_one(all_meetings, view)
    chart_view.show(
        months=lambda: charts.meetings_by_month(all_meetings, view.as_of, chart_view.palette()),
        tables={"months": "all_meetings"},
    )
    layout.note(
        _(
            "The sensible time is before the price-notice deadline, so that use, price and renewal are talked "
            "through (A3, A5)."
        )
    )
    layout.note(
        _(
            "{agreements} in force: {missing} without a meeting, {planned} with a planned one and {held} with one held."
        ).format(
            agreements=headlines.agreements(all_meetings),
            missing=number(len(missing)),
            planned=number(len(figures.rows_of(all_meetings, "status", "planned"))),
            held=number(len(figures.rows_of(all_meetings, "status", "held"))),
        )
    )
    report_table.show("status_meetings", status_meetings.in_order(all_meetings), view, key="all_meetings")

    if not printing.is_on():
        layout.section(_("Make files for several"))
        meeting_files.show(all_meetings, view)
