"""Leakage: what was not invoiced, what was invoiced too much, and the lines behind it."""

from ccinsight import charts
from ccinsight.dashboard import accounting, cards, explain, headlines, layout, listing, money, plot
from ccinsight.dashboard.cards import Card
from ccinsight.dashboard.view import current
from ccinsight.i18n import _, amount

view = current()
since = money.years_before(view.as_of, int(layout.chosen("years")))
invoicing = view.report("invoicing", since=since)
users = view.report("users_billed")
consulting = view.report("consulting")
unbilled, overbilled = money.under(invoicing), money.over(invoicing)
fewer, work = money.under(users, "users_difference"), money.under(consulting)

if layout.missing_exports("invoices"):
    layout.head(_("What should have been invoiced and was not?"), view, "leakage")
    layout.fills("invoices", _("What was invoiced, and what was not,"))
else:
    layout.head(
        _("{value} should have been invoiced and was not").format(
            value=amount(headlines.total(unbilled["difference"]))
        ),
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
            Card("unbilled", headlines.total(unbilled["difference"]), money.rows_counted(unbilled)),
            Card("overbilled", money.size(overbilled["difference"]), money.rows_counted(overbilled)),
            Card("users_not_billed", headlines.total(fewer["users_difference"]), headlines.agreements(fewer)),
            Card("consulting_unbilled", headlines.total(work["difference"]), money.customers_counted(work)),
            Card("discount_value", headlines.total(consulting["discount_value"]), _("last 12 months")),
        ],
        "leakage",
    )
    accounting.download(view, since)
    plot.show(differences=charts.differences(invoicing, plot.palette()))
    layout.choice(
        _("What"),
        {
            "unbilled": _("Not billed"),
            "overbilled": _("Billed too much"),
            "users": _("Users"),
            "consulting": _("Consulting"),
        },
        "part",
    )
    match part := layout.chosen("part"):
        case "unbilled" | "overbilled":
            rows = unbilled if part == "unbilled" else overbilled
            if rows.empty:
                layout.nothing_for_filters(
                    view, _("Every known amount of these periods was invoiced as expected.")
                )
            else:
                layout.note(
                    _("Expected by the agreement against invoiced, for each agreement, period and kind.")
                )
                listing.show(
                    "invoicing",
                    rows,
                    view,
                    [
                        "customer_name",
                        "agreement_id",
                        "period_start",
                        "kind",
                        "expected",
                        "invoiced",
                        "difference",
                    ],
                    totals=("difference",),
                    key=part,
                    is_part=True,
                    opens=("agreement_id", "open", money.period_keys(rows)),
                )
                layout.section(_("Why? The lines behind the amount"))
                explain.amount(
                    view,
                    *money.split_key(layout.pick(_("Amount"), money.period_labels(rows), "open")),
                    key="leakage",
                )
        case "users":
            layout.note(
                _(
                    "Users registered at the vendor, users to be billed for the current period (the "
                    "highest number "
                    "since it began), and users on its invoices."
                )
            )
            listing.show(
                "users_billed",
                users,
                view,
                [
                    "customer_name",
                    "agreement_id",
                    "period_start",
                    "registered_users",
                    "invoiced_users",
                    "billed_users",
                    "users_difference",
                    "difference_value",
                ],
                totals=("registered_users", "invoiced_users", "billed_users", "users_difference"),
                opens=("agreement_id", "open", money.period_keys(users)),
            )
            if not users.empty:
                layout.section(_("Why? The lines behind the amount"))
                explain.amount(
                    view,
                    *money.split_key(layout.pick(_("Agreement"), money.period_labels(users), "open")),
                    key="users",
                )
        case "consulting":
            layout.fills_if_missing("tickets", _("Consulting done"))
            differing = money.differing(consulting)
            listing.show(
                "consulting",
                consulting,
                view,
                [
                    "customer_name",
                    "account_manager",
                    "billable_minutes",
                    "hourly_rate",
                    "expected",
                    "invoiced",
                    "difference",
                    "discount_value",
                ],
                totals=("expected", "invoiced", "difference", "discount_value"),
            )
            if not differing.empty:
                layout.section(_("Which tickets and invoices?"))
                customer = layout.pick(_("Customer"), money.difference_labels(differing), "work")
                listing.show(
                    "consulting_lines",
                    view.only(customer).report("consulting_lines"),
                    view.only(customer),
                    [
                        "done_on",
                        "source",
                        "line_key",
                        "line_text",
                        "billable_minutes",
                        "hourly_rate",
                        "expected",
                        "invoiced",
                    ],
                    totals=("expected", "invoiced"),
                )
