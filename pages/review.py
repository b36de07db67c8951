"""Review: a month, a quarter or any days against those before and a year ago, for management."""

from ccinsight.dashboard.pages import review
from ccinsight.dashboard.pages.review_figures import Reviewed, against, compare
from ccinsight.dashboard.session.view import current
from ccinsight.dashboard.widgets import cards, layout
from ccinsight.i18n import _

view = current()
period = review.period(view)
reviewed, others = Reviewed(view, period), [Reviewed(view, each) for each in against(period)]

layout.head(review.headline(reviewed), view, "review")
if not layout.missing_exports("agreements"):
    review.choose(view, period)
    cards.show(review.cards(reviewed, others), "review")
    review.movements(reviewed)
    layout.section(_("How does the period compare?"))
    compare(reviewed, others)
    layout.section(_("What is behind the other figures?"))
    review.details(reviewed)
    review.explanations()
