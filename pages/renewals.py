"""Renewals: what comes up, what it is worth now and then, what is certain, and what came too late."""

from ccinsight import charts
from ccinsight.dashboard.session.view import current
from ccinsight.dashboard.widgets import (
    cards,
    chart_view,
    explanation,
    figures,
    headlines,
    layout,
    money,
    report_table,
)
from ccinsight.dashboard.widgets.cards import Card
from ccinsight.i18n import _, amount

view = current()
months = int(layout.chosen("months"))
renewals = view.report("renewals", months=months)
by_status = {
    status: figures.rows_of(renewals, "renewal_status", status) for status in ("open", "will_renew", "ending")
}
missed = money.missed(renewals)

layout.head(
    headlines.renewing(renewals, months),
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
            Card(
                "value_next",
                figures.total(renewals["value_next"]),
                "; ".join(
                    (
                        headlines.agreements(renewals, "value_next"),
                        _("now {value}").format(value=amount(figures.total(renewals["value_now"]))),
                    )
                ),
            ),
            *(
                Card(measure, figures.total(rows[value]), headlines.agreements(rows, value))
                for measure, rows, value in (
                    ("value_open", by_status["open"], "value_next"),
                    ("value_certain", by_status["will_renew"], "value_next"),
                    ("value_ending", by_status["ending"], "value_now"),
                )
            ),
            Card(
                "missed_price_change",
                figures.total(renewals["missed_price_change"]),
                headlines.agreements(missed, "missed_price_change"),
            ),
        ],
        "renewals",
    )
    layout.choice(
        _("Section"),
        {
            "list": _("All renewals"),
            "forecast": _("Twelve-month forecast"),
            "missed": _("Prices announced too late"),
        },
        "forecast",
    )
    match layout.chosen("forecast"):
        case "forecast":
            forecast, rates = view.report("renewal_forecast"), view.unfiltered().report("renewal_rates")
            chart_view.show(
                forecast=lambda: charts.renewal_forecast(forecast, chart_view.palette()),
                tables={"forecast": "renewal_forecast"},
            )
            report_table.show("renewal_forecast", forecast, view, rows=13)
            layout.section(_("Which renewal rates weigh the open part?"))
            layout.note(
                _(
                    "Of all customers' periods that ended in the last 36 months, those after which the "
                    "agreement went on, by user band. A band without any takes the rate of all."
                )
            )
            report_table.show("renewal_rates", rates, view.unfiltered())
        case "missed" if missed.empty:
            layout.nothing(_("Every price known today reaches the renewals in this span in time."))
        case "missed":
            layout.note(
                _("The old rate holds for one more year where a price was announced after the deadline (A5).")
            )
            layout.note(money.by_version(missed))
            opens = ("agreement_id", "renewal", tuple(missed["agreement_id"]))
            report_table.show("renewals", missed, view, key="missed", is_part=True, opens=opens)
        case _:
            chart_view.show(
                pipeline=lambda: charts.renewal_pipeline(renewals, chart_view.palette()),
                value=lambda: charts.value_at_renewal(renewals, chart_view.palette()),
                tables=dict.fromkeys(("pipeline", "value"), "opened_renewals"),
            )
            opens = ("agreement_id", "renewal", tuple(renewals["agreement_id"]))
            report_table.show("renewals", renewals, view, key="opened_renewals", opens=opens, months=months)
    opened = missed if layout.chosen("forecast") == "missed" and not missed.empty else renewals
    layout.section(_("Why this value at renewal?"))
    explanation.renewal(view, opened, layout.pick(_("Agreement"), money.renewal_labels(opened), "renewal"))
