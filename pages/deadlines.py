"""Deadlines: which dates come, what to do by when, and which status meetings are missing."""

import streamlit as st

from ccinsight import charts
from ccinsight.dashboard.pages import calendar_feeds, status_meetings, to_do
from ccinsight.dashboard.session.view import current
from ccinsight.dashboard.widgets import cards, chart_view, downloads, figures, headlines, layout, report_table
from ccinsight.dashboard.widgets.cards import Card
from ccinsight.i18n import _, ngettext, number

view = current()
days = int(layout.chosen("days"))
deadlines = to_do.deadlines(view, days)
meetings = view.report("status_meetings")
duties = figures.duties(deadlines)
notices = figures.notices(deadlines, "planned")
terminations = figures.rows_of(duties, "kind", "termination")
others = figures.information(deadlines)

layout.head(
    ngettext(
        "{count} deadline is due within {days} days",
        "{count} deadlines are due within {days} days",
        len(duties),
    ).format(count=number(len(duties)), days=days),
    view,
    "deadlines",
)
layout.choice(
    _("Span"),
    {days: _("{count} days").format(count=days) for days in ("30", "60", "90", "180", "365")},
    "days",
)
cards.show(
    [
        Card(
            "next_deadline",
            figures.first_day(duties["due_on"]) or _("none"),
            headlines.next_duty(deadlines, days),
        ),
        Card("price_notices_due", len(notices), headlines.notices_apart(deadlines)),
        Card("terminations_due", len(terminations)),
        *status_meetings.cards_to_meet(meetings, view),
    ],
    "deadlines",
)
if deadlines.empty:
    layout.nothing_for_filters(view, _("No date falls in this span. Choose a longer one."))
    with st.container(horizontal=True):
        downloads.calendar(view, days, only_if_any=True)
        calendar_feeds.popover(view.reader)
else:
    chart_view.show(
        line=lambda: charts.deadline_line(deadlines, view.as_of, chart_view.palette(), days),
        tables={"line": to_do.table_of_dates},
    )
    with st.container(horizontal=True):
        downloads.calendar(view, days)
        calendar_feeds.popover(view.reader)
    if duties.empty:
        layout.nothing(_("No deadline is due in this span. Choose a longer one."))
    else:
        report_table.show("deadlines", duties, view, is_part=True)
    if not others.empty:
        layout.section(headlines.informed(others, days))
        report_table.show("deadlines", others, view, key="information", is_part=True)

layout.section(_("Which status meetings are not held or arranged?"))
layout.fills_if_missing("meetings", _("Status meetings"))
missing = figures.rows_of(meetings, "status", "overdue", "due")
if not missing.empty:
    report_table.show(
        "status_meetings",
        missing.sort_values(["best_before", "customer_name"]),
        view,
        is_part=True,
    )
