"""Overview: what needs doing next, and how it stands."""

from ccinsight import charts
from ccinsight.dashboard import cards, headlines, layout, listing, plot, quality
from ccinsight.dashboard.cards import Card
from ccinsight.dashboard.view import current
from ccinsight.i18n import _, number

view = current()
agreements = view.report("agreements")
coming = view.report("deadlines", days=90)
deadlines = headlines.duties(coming)
meetings = view.report("status_meetings")
renewals = view.report("renewals", months=12)

soon = headlines.within(deadlines, 30)
in_force = headlines.in_force(agreements)
ending = headlines.rows_of(renewals, "renewal_status", "ending")
found = quality.read(view)
overdue = headlines.rows_of(meetings, "status", "overdue")

layout.head(
    headlines.notices_to_send(headlines.within(coming, 30), 30),
    view,
    "overview",
)
if agreements.empty:
    layout.nothing_for_filters(view, _("There are no agreements here."))
else:
    cards.show(
        [
            Card(
                "deadlines_30",
                len(soon),
                _("60 days: {sixty} · 90 days: {ninety}").format(
                    sixty=number(len(headlines.within(deadlines, 60))), ninety=number(len(deadlines))
                ),
                "deadlines",
                {"days": "30"},
            ),
            Card("overdue_meetings", len(overdue), page="deadlines"),
            Card(
                "agreements_ending",
                len(ending),
                headlines.ending(renewals, agreements),
                "renewals",
            ),
            Card(
                "arr",
                headlines.total(in_force["annual_value"]),
                headlines.agreements(in_force, "annual_value"),
                "revenue",
            ),
            Card("data_problems", found.count, found.apart(), "data"),
        ],
        "overview",
    )
    plot.show(
        coming=lambda: charts.deadline_line(coming, view.as_of, plot.palette(), 90),
        pipeline=lambda: charts.renewal_pipeline(renewals, plot.palette()),
    )
    layout.section(_("Which deadlines are due within 30 days?"))
    if soon.empty:
        layout.nothing(_("No deadline is due within 30 days."))
    else:
        listing.show("deadlines", soon, view, is_part=True)
