"""Review: a month, a quarter or any days against those before and a year ago, for management."""

from ccinsight.dashboard.pages import review
from ccinsight.dashboard.pages.review_figures import Reviewed, compare
from ccinsight.dashboard.session.view import current
from ccinsight.dashboard.widgets import cards, layout
from ccinsight.documents.quarter.figures import against
from ccinsight.documents.quarter.words import headline
from ccinsight.i18n import _

view = current()
period = review.period(view)
has_invoices = not layout.missing_exports("invoices")
reviewed, *others = [Reviewed(view, each, has_invoices) for each in (period, *against(period))]

layout.head(headline(reviewed), view, "review")
if not layout.missing_exports("agreements"):
    review.choose(view, period)
    review.downloads(view, period)
    cards.show(review.cards(reviewed, others), "review")
    review.movements(reviewed)
    layout.section(_("How does the period compare?"))
    compare(reviewed, others)
    layout.section(_("What is behind the other figures?"))
    review.details(reviewed)
    review.explanations()
