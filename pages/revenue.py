"""Revenue: what the agreements earn, from whom, and what moved it."""

from ccinsight import charts
from ccinsight.dashboard import cards, headlines, layout, listing, plot
from ccinsight.dashboard.cards import Card
from ccinsight.dashboard.view import current
from ccinsight.i18n import _, amount
from ccinsight.registry import MEASURES, REPORTS

view = current()
agreements = headlines.in_force(view.report("agreements"))
bands = view.report("revenue_by_user_band")
retention = view.report("retention")
unrated = agreements[agreements["rate"].isna()]
arr = headlines.total(agreements["annual_value"])

layout.head(_("{value} in annual recurring revenue").format(value=amount(arr)), view, "revenue")
if agreements.empty:
    layout.nothing_for_filters(view, _("No agreement is in force."))
else:
    cards.show(
        [
            Card("mrr", headlines.monthly(arr), headlines.agreements(agreements)),
            Card("revenue_per_user", headlines.revenue_per_user(agreements), _("a year")),
            Card("nrr", headlines.one(retention, "nrr"), _("against a year ago")),
            Card("logo_churn", headlines.one(retention, "logo_churn"), _("against a year ago")),
            Card("rate_unknown", len(unrated), page="data", changes={"check": "rate_unknown"}),
        ],
        "revenue",
    )
    plot.show(
        bands=charts.revenue_by_band(bands, plot.palette()),
        curve=charts.price_curve(agreements, view.report("price_steps"), plot.palette()),
    )
    tab, place = layout.open_tab(
        {
            "bands": _("User bands"),
            "movements": _("Movements"),
            "account_manager": _("Account managers"),
            "complexity": _("Complexity"),
            "price_basis": _("Price basis"),
            "unrated": _("Rate unknown"),
            "agreements": _("All agreements"),
        },
        "revenue",
    )
    with place:
        match tab:
            case "bands":
                listing.show(
                    "revenue_by_user_band",
                    bands,
                    view,
                    ["user_band", "agreements", "customers", "users", "revenue", "revenue_per_user"],
                    totals=("agreements", "users", "revenue"),
                )
            case "movements":
                movements = view.report("revenue_movements", months=12)
                plot.show(
                    waterfall=charts.revenue_waterfall(movements, plot.palette()),
                    months=charts.revenue_by_month(movements, plot.palette()),
                )
                listing.show(
                    "revenue_movements",
                    movements,
                    view,
                    ["month", "start", "new", "expansion", "contraction", "price_change", "churn", "end"],
                    rows=12,
                    months=12,
                )
            case "account_manager" | "complexity" | "price_basis":
                plot.show(by=charts.revenue_by(agreements, tab, plot.palette()))
                column = REPORTS["agreements"].column(tab)
                listing.show(
                    listing.of_columns(
                        f"revenue_by_{tab}",
                        _("Recurring revenue"),
                        column,
                        MEASURES["agreements_in_force"],
                        MEASURES["invoiced_users"],
                        MEASURES["arr"],
                        MEASURES["revenue_per_user"],
                    ),
                    headlines.revenue_by(agreements, tab),
                    view,
                    [tab, "agreements_in_force", "invoiced_users", "arr", "revenue_per_user"],
                    totals=("agreements_in_force", "arr"),
                )
            case "unrated" if unrated.empty:
                layout.nothing(_("Every agreement in force has a known rate."))
            case "unrated":
                layout.fills_if_missing("prices", _("Rates from the price list"))
                listing.show(
                    "agreements",
                    unrated,
                    view,
                    ["customer_name", "agreement_id", "product", "complexity", "price_basis", "registered_users", "period_start"],
                    key="unrated",
                    is_part=True,
                )
            case "agreements":
                listing.show(
                    "agreements",
                    headlines.heaviest(agreements, "annual_value"),
                    view,
                    [
                        "customer_name", "account_manager", "state", "renewal_on", "registered_users", "invoiced_users",
                        "rate", "annual_value",
                    ],
                    totals=("annual_value",),
                    is_part=True,
                )
