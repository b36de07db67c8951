"""Price change: what a notice still reaches, what it is worth, and who must be notified by when."""

from ccinsight import charts
from ccinsight.dashboard.pages import price_letters, price_plan
from ccinsight.dashboard.session import address
from ccinsight.dashboard.session.view import current
from ccinsight.dashboard.widgets import cards, chart_view, figures, headlines, layout, money, report_table
from ccinsight.dashboard.widgets.cards import Card
from ccinsight.i18n import _, ngettext, number

view = current()
products = money.products(figures.in_force(view.report("agreements")))
if not products:
    layout.head(_("What would a new price bring?"), view, "price_plan")
    layout.nothing_for_filters(view, _("No agreement is in force."))
else:
    top = layout.place()
    asked = price_plan.ask(view, products)
    rows = view.report("price_plan", **asked.options())
    unsent = money.without_letter(rows)
    listed, direct = money.on_the_list(unsent), money.on_their_own(unsent)
    reached, late, waiting = money.reached(listed), money.too_late(listed), money.waiting(listed)
    with top:
        counts = len(reached), len(listed)
        price_plan.head(view, asked, counts, has_letters=len(unsent) < len(rows))
    cards.show(
        [
            Card("plan_reached", figures.total(reached["change"]), headlines.agreements(reached, "change")),
            Card("plan_lost", figures.total(late["lost"]), headlines.agreements(late, "lost")),
            Card(
                "plan_waiting",
                figures.total(listed["lost_by_waiting"]),
                headlines.and_unknown(
                    headlines.agreements(waiting), figures.unknown(listed["lost_by_waiting"])
                ),
            ),
            Card("plan_act_by", figures.first_day(reached["act_by"]) or _("none"), money.by_when(reached)),
            Card("plan_direct", len(direct), _("the list doesn't change them")),
        ],
        "plan",
    )
    chart_view.show(
        plan=lambda: charts.plan_by_month(listed, chart_view.palette()),
        choosing={"plan": ("notices", price_plan.table_of)},
        tables={"plan": price_plan.table_of},
    )
    layout.choice(
        _("List"),
        {
            "mailing": _("To be notified"),
            "letters": _("Letters"),
            "late": _("Too late for the first renewal"),
            "direct": _("Agree with the customer"),
            "whole_plan": _("All"),
            "sent": _("Letters sent"),
        },
        "notices",
    )
    chosen = layout.chosen("notices")
    if sent := len(rows) - len(unsent):
        layout.note(
            ngettext(
                "{count} agreement was sent a letter about this list and is under “Letters sent”.",
                "{count} agreements were sent a letter about this list and are under “Letters sent”.",
                sent,
            ).format(count=number(sent))
        )
    if chosen == "letters":
        price_letters.show(view, asked)
    elif chosen == "sent":
        price_letters.show_sent(view)
    else:
        shown, note = {
            "mailing": (
                reached,
                _("Send by the last working day: a later notice reaches the renewal after."),
            ),
            "late": (
                late,
                _(
                    "The old rate holds until the renewal that the notice reaches. What is lost is shown for one year."
                ),
            ),
            "direct": (
                direct,
                _("A contract or a direct agreement sets these prices: agree a change with each customer."),
            ),
            "whole_plan": (rows, _("Every agreement of the product that is in force and goes on.")),
        }[chosen]
        layout.note(note)
        if shown.empty:
            layout.nothing(_("No agreement here with this product, these days and these filters."))
        else:
            report_table.show("price_plan", shown, view, key=chosen, is_part=True)
    address.write("price_plan", view.today)
