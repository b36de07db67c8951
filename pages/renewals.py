"""Renewals: what comes up, what it is worth now and then, what is certain, and what came too late."""

from ccinsight.dashboard.pages import renewals as sections
from ccinsight.dashboard.session.view import current
from ccinsight.dashboard.widgets import cards, explanation, figures, headlines, layout, money
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
            sections.expected(view)
        case "missed":
            sections.too_late(view, missed, months)
        case _:
            sections.listed(view, renewals, months)
    opened = missed if layout.chosen("forecast") == "missed" and not missed.empty else renewals
    layout.section(_("Why this value at renewal?"))
    explanation.renewal(view, opened, layout.pick(_("Agreement"), money.renewal_labels(opened), "renewal"))
