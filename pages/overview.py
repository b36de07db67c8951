"""Overview: what needs doing next, and how it stands."""

from ccinsight import charts
from ccinsight.dashboard import navigation
from ccinsight.dashboard.pages import data_quality, to_do, upload
from ccinsight.dashboard.session.view import current
from ccinsight.dashboard.widgets import (
    cards,
    chart_filter,
    chart_view,
    figures,
    headlines,
    layout,
    report_table,
    saved_views,
)
from ccinsight.dashboard.widgets.cards import Card
from ccinsight.i18n import _

view = current()
agreements = view.report("agreements")
coming = to_do.deadlines(view, 90)
deadlines = figures.duties(coming)
renewals = view.report("renewals", months=12)

soon = figures.within(deadlines, 30)
in_force = figures.in_force(agreements)
ending = figures.rows_of(renewals, "renewal_status", "ending")
found = data_quality.read(view) if navigation.shows_whole_database(view.reader) else None
duties = to_do.read_for_lines(view)

layout.head(
    headlines.notices_to_send(figures.within(coming, 30), 30),
    view,
    "overview",
)
upload.show_last()
if agreements.empty:
    layout.nothing_for_filters(view, _("There are no agreements here."))
else:
    to_do.show_links(duties)
    cards.show(
        [
            Card("duties_overdue", len(to_do.overdue(duties)), page="to_do"),
            Card("duties_coming", len(to_do.coming(duties)), page="to_do"),
            Card(
                "agreements_ending",
                len(ending),
                headlines.ending(renewals, agreements),
                "renewals",
            ),
            Card(
                "arr",
                figures.total(in_force["annual_value"]),
                headlines.agreements(in_force, "annual_value"),
                "revenue",
            ),
            *([Card("data_problems", found.count, found.apart(), "data")] if found else []),
        ],
        "overview",
    )
    saved_views.show_on_overview()
    chart_view.show(
        coming=lambda: charts.deadline_line(coming, view.as_of, chart_view.palette(), 90),
        pipeline=lambda: charts.renewal_pipeline(renewals, chart_view.palette()),
        tables={"coming": "deadlines", "pipeline": "renewals"},
    )
    if chart_filter.chosen("renewals"):
        layout.section(_("Which renewals did you choose in the chart?"))
        report_table.show("renewals", renewals, view, months=12)
    if chart_filter.chosen("deadlines") and not coming.empty:
        layout.section(_("Which dates did you choose in the chart?"))
        soon = coming
    else:
        layout.section(_("Which deadlines are due within 30 days?"))
    if soon.empty:
        layout.nothing(_("No deadline is due within 30 days."))
    else:
        report_table.show("deadlines", soon, view, is_part=True)
