"""Leakage: what was not invoiced, what was invoiced too much, and the lines behind it."""

from ccinsight import charts
from ccinsight.dashboard.pages import accounting, leakage
from ccinsight.dashboard.session.view import current
from ccinsight.dashboard.widgets import cards, chart_view, figures, headlines, layout, money
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
            Card(
                "discount_value",
                figures.total(consulting["discount_value"]),
                headlines.without_price(consulting),
            ),
        ],
        "leakage",
    )
    accounting.download(view, since)
    chart_view.show(
        differences=lambda: charts.differences(invoicing, chart_view.palette()),
        choosing={"differences": ("part", lambda mark: mark.part)},
        tables={"differences": lambda mark: mark.part},
    )
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
    leakage.show_part(view, invoicing, users, consulting)
