"""Leakage: what was not invoiced, what was invoiced too much, and the lines behind it."""

from ccinsight import charts
from ccinsight.dashboard.pages import accounting
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
from ccinsight.i18n import _

view = current()
since = money.years_before(view.as_of, int(layout.chosen("years")))
invoicing = view.report("invoicing", since=since)
users = view.report("users_billed")
consulting = view.report("consulting")
unbilled, overbilled, unknown = money.under(invoicing), money.over(invoicing), money.unknown(invoicing)
fewer, work = money.under(users, "users_difference"), money.under(consulting)

if layout.missing_exports("invoices"):
    layout.head(_("What should have been invoiced and was not?"), view, "leakage")
    layout.fills("invoices", _("What was invoiced, and what was not,"))
else:
    layout.head(
        money.not_billed(unbilled, layout.chosen("years")),
        view,
        "leakage",
    )
    layout.choice(
        _("Span"),
        {
            "1": _("Periods begun in 12 months"),
            "2": _("24 months"),
            "3": _("36 months"),
            "30": _("All"),
        },
        "years",
    )
    cards.show(
        [
            Card(
                "unbilled",
                figures.total(unbilled["difference"]),
                headlines.and_unknown(money.rows_counted(unbilled), len(unknown)),
            ),
            Card("overbilled", money.size(overbilled["difference"]), money.rows_counted(overbilled)),
            Card(
                "users_not_billed",
                figures.total(fewer["users_difference"]),
                headlines.and_unknown(
                    headlines.agreements(fewer), figures.unknown(users["users_difference"])
                ),
            ),
            Card(
                "consulting_unbilled",
                figures.total(work["difference"]),
                headlines.and_unknown(
                    f"{_('last 12 months')}: {money.customers_counted(work)}",
                    figures.unknown(consulting["difference"]),
                ),
            ),
            Card("discount_value", figures.total(consulting["discount_value"]), _("last 12 months")),
        ],
        "leakage",
    )
    accounting.download(view, since)
    chart_view.show(differences=lambda: charts.differences(invoicing, chart_view.palette()))
    layout.choice(
        _("What"),
        {
            "unbilled": _("Not billed"),
            "overbilled": _("Billed too much"),
            "unknown": _("Can't be computed"),
            "users": _("Users"),
            "consulting": _("Consulting"),
        },
        "part",
    )
    match part := layout.chosen("part"):
        case "unbilled" | "overbilled" | "unknown":
            rows = {"unbilled": unbilled, "overbilled": overbilled, "unknown": unknown}[part]
            layout.note(
                _("Users or rate are unknown here, so nobody can say what should have been invoiced.")
                if part == "unknown"
                else _("Expected by the agreement against invoiced, for each agreement, period and kind.")
            )
            if rows.empty:
                layout.nothing_for_filters(view, _("There is no such amount in these periods."))
            else:
                keys = money.period_keys(rows)
                opens = ("agreement_id", "open", keys)
                report_table.show("invoicing", rows, view, key=part, is_part=True, opens=opens)
                explanation.chosen(view, rows)
        case "users":
            differing = money.differing(users, "users_difference")
            layout.note(
                _(
                    "Users registered at the vendor, users to be billed for the current period (the highest "
                    "number since it began), and users on its invoices, where they differ."
                )
            )
            if differing.empty:
                layout.nothing_for_filters(view, _("Every user to be billed is on an invoice."))
            else:
                opens = ("agreement_id", "open", money.period_keys(differing))
                report_table.show("users_billed", differing, view, is_part=True, opens=opens)
                explanation.chosen(view, differing)
        case _:
            layout.fills_if_missing("tickets", _("Consulting done"))
            report_table.show("consulting", consulting, view, key="all_consulting")
            differing = money.differing(consulting)
            if not differing.empty:
                layout.section(_("Which tickets and invoices?"))
                customer = view.only(layout.pick(_("Customer"), money.difference_labels(differing), "work"))
                report_table.show("consulting_lines", customer.report("consulting_lines"), customer)
