"""Renewals: what comes up for renewal, what it is worth now and then, and what is certain."""

from ccinsight import charts
from ccinsight.dashboard import cards, headlines, layout, listing, plot
from ccinsight.dashboard.cards import Card
from ccinsight.dashboard.view import current
from ccinsight.i18n import _, amount, ngettext, number

view = current()
months = int(layout.chosen("months"))
renewals = view.report("renewals", months=months)
by_status = {
    status: headlines.rows_of(renewals, "renewal_status", status)
    for status in ("open", "will_renew", "ending")
}
value_now = headlines.total(renewals["value_now"])
value_next = headlines.total(renewals["value_next"])

layout.head(
    ngettext(
        "{count} agreement worth {value} comes up for renewal within {months} months",
        "{count} agreements worth {value} come up for renewal within {months} months",
        len(renewals),
    ).format(count=number(len(renewals)), value=amount(value_now), months=months),
    view,
    "renewals",
)
layout.choice(
    _("Span"),
    {months: _("{count} months").format(count=months) for months in ("3", "6", "12", "24")},
    "months",
)
if renewals.empty:
    layout.nothing_for_filters(view, _("No agreement in force renews in this span."))
else:
    cards.show(
        [
            Card("value_next", value_next, _("now {value}").format(value=amount(value_now))),
            *(
                Card(measure, headlines.total(rows[value]), headlines.agreements(rows))
                for measure, rows, value in (
                    ("value_open", by_status["open"], "value_next"),
                    ("value_certain", by_status["will_renew"], "value_next"),
                    ("value_ending", by_status["ending"], "value_now"),
                )
            ),
            Card("missed_price_change", headlines.total(renewals["missed_price_change"]), _("a year")),
        ],
        "renewals",
    )
    plot.show(
        pipeline=charts.renewal_pipeline(renewals, plot.palette()),
        value=charts.value_at_renewal(renewals, plot.palette()),
    )
    listing.show(
        "renewals",
        renewals,
        view,
        ["renewal_on", "customer_name", "account_manager", "renewal_status", "users_now", "value_now", "value_next"],
        totals=("value_now", "value_next", "missed_price_change"),
        months=months,
    )
