"""Renewal risk, for internal eyes: scores, verdicts of account managers, and which of them were right."""

from ccinsight.dashboard.pages import renewal_verdicts, risk_scores, verdicts_judged
from ccinsight.dashboard.session.view import current
from ccinsight.dashboard.widgets import layout
from ccinsight.i18n import _

view = current()
shown = {"scores": risk_scores, "verdicts": renewal_verdicts, "judged": verdicts_judged}[
    layout.chosen("risk")
]
layout.head(shown.title(view), view, "risk")
layout.choice(
    _("What to show"),
    {"scores": _("Risk scores"), "verdicts": _("Verdicts"), "judged": _("Who was right?")},
    "risk",
)
shown.show(view)
