"""Who was right about renewals on the screen: the account manager or the risk score of the same day."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from ccinsight.dashboard.pages import risks
from ccinsight.dashboard.session import reads
from ccinsight.dashboard.session.view import View
from ccinsight.dashboard.widgets import layout, report_table
from ccinsight.i18n import N_, _, ngettext, number, percent
from ccinsight.registry import MEASURES, REPORTS, Report
from ccinsight.rules import verdicts
from ccinsight.rules.verdicts import Judged

_STARTED, _RESULT = "verdicts-started", "verdicts-result"
# So many days are scored without asking: a few seconds.
_AT_ONCE = 24
_COUNTS = tuple(MEASURES[name] for name in ("renewals_judged", "left", "left_share"))
_MILESTONE = REPORTS["renewal_verdicts"].column("milestone")

RATES: Report = report_table.of_columns(
    "verdict_rates",
    N_("Right of those judged"),
    _MILESTONE,
    *(
        MEASURES[name]
        for name in (
            "renewals_judged",
            "person_right",
            "person_share",
            "score_right",
            "score_share",
            "verdicts_in_doubt",
            "verdicts_unscored",
        )
    ),
)
BY_VERDICT: Report = report_table.of_columns(
    "verdict_outcomes",
    N_("What came of each verdict"),
    _MILESTONE,
    REPORTS["renewal_verdicts"].column("verdict"),
    *_COUNTS,
)
BY_BAND: Report = report_table.of_columns(
    "score_outcomes", N_("What came of each score"), _MILESTONE, MEASURES["score_band"], *_COUNTS
)


def title(_view: View) -> str:
    """The question that this part answers."""
    return _("Who was right about renewals: the person or the score?")


def show(view: View) -> None:
    """The hit rates of both on the same renewals, and what came of each verdict and of each band of scores."""
    rows = view.report("renewal_verdicts")
    layout.note(
        _(
            "Internal. Renewals of the last five years whose termination deadline has passed, with the last verdict "
            "before it. The score is the one known on the day that the verdict was asked for, by today's rules."
        )
    )
    if not (rows["verdict"].notna() & rows["outcome"].notna()).any():
        layout.nothing(
            _("No verdict has been followed by a termination deadline yet."),
            _("The outcome is known the day the deadline passes."),
        )
        return
    found = judged(view, rows)
    if found is None:
        return
    for text in sentences(found):
        st.markdown(layout.plain(text))
    report_table.show(RATES, _named(found.rates), view, [column.name for column in RATES.columns])
    layout.section(_("What came of each verdict?"))
    report_table.show(BY_VERDICT, _named(found.by_verdict), view)
    layout.section(_("What came of each score?"))
    bands = found.by_band[found.by_band["renewals"] > 0]
    report_table.show(BY_BAND, _named(bands.assign(score_band=_in_words(bands))), view)


def _in_words(bands: pd.DataFrame) -> list[str]:
    return [_("unknown") if band == verdicts.UNKNOWN else band for band in bands["score_band"]]


def _named(frame: pd.DataFrame) -> pd.DataFrame:
    names = {
        "renewals": "renewals_judged",
        "in_doubt": "verdicts_in_doubt",
        "score_unknown": "verdicts_unscored",
    }
    return frame.rename(columns=names)


def sentences(found: Judged) -> list[str]:
    """Who was right how often, milestone by milestone, and what was left out."""
    said = []
    for row in found.rates.to_dict("records"):
        months = number(row["milestone"])
        if row["renewals"]:
            text = ngettext(
                "{months} months before: of {count} renewal the verdict was right for {person} ({person_share}), the "
                "score for {score} ({score_share}).",
                "{months} months before: of {count} renewals the verdict was right for {person} ({person_share}), the "
                "score for {score} ({score_share}).",
                row["renewals"],
            )
            said.append(
                text.format(
                    months=months,
                    count=number(row["renewals"]),
                    person=number(row["person_right"]),
                    person_share=percent(row["person_share"]),
                    score=number(row["score_right"]),
                    score_share=percent(row["score_share"]),
                )
            )
    left_out = _(
        "Left out: {known} whose notice was known when the verdict was given, {supplier} that we ended."
    )
    if found.notice_known or found.supplier_left:
        said.append(left_out.format(known=number(found.notice_known), supplier=number(found.supplier_left)))
    return said


def judged(view: View, rows: pd.DataFrame) -> Judged | None:
    """The verdicts held against the scores: at once where few days are scored, else on a click; None before that.

    Kept for the session, until the data, the filters, the verdicts or the rules are other ones.
    """
    asked = (*risks.stamp(view), view.filters, reads.marks().version())
    state = st.session_state
    if state.get(_RESULT, (None, None))[0] == asked:
        found: Judged = state[_RESULT][1]
        return found
    days = len(verdicts.days_to_score(rows))
    if days > _AT_ONCE and not state.get(_STARTED):
        text = ngettext(
            "The scores of {count} day are worked out as known then.",
            "The scores of {count} days are worked out as known then.",
            days,
        )
        layout.note(text.format(count=number(days)))
        label = _("Hold the verdicts against the outcomes")
        if not st.button(label, icon=":material/history:", key="start-verdicts", type="primary"):
            return None
        state[_STARTED] = True
    bar = st.progress(0.0, text=_("Going back in time…"))

    def scores_on(on: date) -> pd.DataFrame:
        return risks.scores_on(view, on)

    def progress(done: float) -> None:
        bar.progress(min(done, 1.0), text=_("Going back in time…"))

    made = verdicts.judge(rows, scores_on, progress)
    bar.empty()
    state[_RESULT] = (asked, made)
    if state.get(_STARTED):
        st.rerun()  # the button goes, the result stays
    return made
