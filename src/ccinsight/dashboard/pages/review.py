"""The parts of the page Review: which period, what moved the revenue, and who is behind it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial

import pandas as pd
import streamlit as st

from ccinsight import charts
from ccinsight.dashboard.pages import termination_reasons
from ccinsight.dashboard.pages.review_figures import Reviewed
from ccinsight.dashboard.session import address, given, printing, reads
from ccinsight.dashboard.session.view import View
from ccinsight.dashboard.widgets import chart_view, figures, headlines, layout, money, report_table
from ccinsight.dashboard.widgets.cards import Card
from ccinsight.dashboard.widgets.table_files import file_head
from ccinsight.documents.brief import file_names
from ccinsight.documents.quarter import periods
from ccinsight.documents.quarter.figures import columns
from ccinsight.documents.quarter.periods import Period
from ccinsight.i18n import _, day, language, ngettext, number, set_language
from ccinsight.outputs.cells import Head
from ccinsight.registry import MEASURES

_FIRST, _LAST = "from-day", "to-day"
_EARLIEST = date(1990, 1, 1)
_MIME = {
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_ON_LAST_DAY = ("committed_arr", "nrr", "grr", "logo_churn")


def period(view: View) -> Period:
    """The period that the address names, up to the as-of date."""
    match layout.chosen("span"):
        case "month":
            return _begun(periods.months(view.as_of), view)
        case "year":
            return periods.year_to_date(view.as_of)
        case "twelve":
            return periods.twelve_months(view.as_of)
        case "own":
            last = min(_day(_LAST) or view.as_of, view.as_of)
            first = min(_day(_FIRST) or periods.year_to_date(last).first, last)
            return periods.own(max(first, _EARLIEST), max(last, _EARLIEST))
        case _:
            return _begun(periods.quarters(view.as_of), view)


def _begun(known: dict[str, Period], view: View) -> Period:
    """The month or quarter that the address names; else the newest that is over."""
    if st.session_state.get("begins") not in known or address.is_default("begins"):
        address.set_default("begins", periods.newest_whole(known, view.as_of))
    return known[st.session_state["begins"]]


def _day(name: str) -> date | None:
    asked = st.session_state.get(name)
    try:
        return date.fromisoformat(asked) if asked else None
    except ValueError:
        st.session_state[name] = None
        address.name_unknown(_("the date “{value}”").format(value=asked))
        return None


def choose(view: View, shown: Period) -> None:
    """The controls that choose the period."""
    layout.choice(
        _("Period"),
        {
            "month": _("Month"),
            "quarter": _("Quarter"),
            "year": _("Year to date"),
            "twelve": _("Twelve months"),
            "own": _("Own dates"),
        },
        "span",
    )
    match layout.chosen("span"):
        case "month":
            _pick(_("Which month?"), periods.months(view.as_of))
        case "quarter":
            _pick(_("Which quarter?"), periods.quarters(view.as_of))
        case "own":
            with st.container(horizontal=True, gap="small", key="review-days"):
                _day_box(_("From"), _FIRST, shown.first, shown.last)
                _day_box(_("To"), _LAST, shown.last, view.as_of)


def _pick(label: str, known: dict[str, Period]) -> None:
    layout.pick(label, {begins: each.label() for begins, each in known.items()}, "begins")


def _day_box(label: str, name: str, value: date, latest: date) -> None:
    key = f"_{name}"
    given.give(key, value)
    st.date_input(
        label,
        key=key,
        min_value=_EARLIEST,
        max_value=max(latest, _EARLIEST),
        format="DD.MM.YYYY",
        on_change=_keep_day,
        args=(name,),
        width=180,
    )


def _keep_day(name: str) -> None:
    chosen = st.session_state.get(f"_{name}")
    st.session_state[name] = chosen.isoformat() if chosen else None


def cards(reviewed: Reviewed, others: Sequence[Reviewed]) -> list[Card]:
    """What is left after known terminations, who stayed, and who came and left; as on the last day."""
    on_last = {name: f"{_(MEASURES[name].label)}, {day(reviewed.period.last)}" for name in _ON_LAST_DAY}
    kept, label = reviewed.committed, on_last["committed_arr"]
    return [
        Card("committed_arr", figures.one(kept, "committed_arr"), headlines.committed(kept), label=label),
        *(
            Card(name, figures.one(reviewed.retention, name), _compared(name, others), label=on_last[name])
            for name in _ON_LAST_DAY[1:]
        ),
        Card("lost_customers", reviewed.lost_customers, _lost_and_new(reviewed)),
    ]


def _compared(name: str, others: Sequence[Reviewed]) -> str:
    shown = columns()[name]
    return " · ".join(
        f"{day(each.period.last)}: {shown.shown(figures.one(each.retention, name))}" for each in others
    )


def _lost_and_new(reviewed: Reviewed) -> str:
    new = reviewed.new["customer_id"].nunique()
    text = ngettext("{count} new customer, {period}", "{count} new customers, {period}", new)
    return text.format(count=number(new), period=reviewed.period.label())


def movements(reviewed: Reviewed) -> None:
    """The waterfall, and the customers behind one of its bars: by a click, or by the list below it."""
    moved = reviewed.waterfall
    bars = charts.waterfall_moves(moved)
    span = reviewed.period.label()
    chart_view.show(
        review=lambda: charts.revenue_waterfall(moved, chart_view.palette(), span),
        choosing={"review": ("movement", lambda mark: mark.value("movement"))},
    )
    layout.section(_("Who is behind a movement?"))
    if not bars:
        layout.nothing_for_filters(reviewed.view, _("Nothing moved the revenue in this period."))
        return
    kind = layout.pick(_("Movement"), money.movement_labels(bars), "movement")
    layout.note(money.movement_help(kind))
    report_table.show(
        "movement_customers", money.of_movement(reviewed.customers, kind), reviewed.at, is_part=True
    )


def details(reviewed: Reviewed) -> None:
    """The rows behind the other figures: who was lost, who is new, the renewals, what isn't billed."""
    layout.choice(
        _("Details"),
        {
            "lost": _("Lost customers"),
            "new": _("New customers"),
            "renewals": _("Renewals"),
            "unbilled": _("Not billed"),
        },
        "detail",
    )
    match layout.chosen("detail"):
        case "new":
            nothing = _("No customer came in this period.")
            _table("movement_customers", reviewed.new, reviewed, "new_customers", nothing)
        case "renewals":
            _renewals(reviewed)
        case "unbilled":
            _unbilled(reviewed)
        case _:
            _lost(reviewed)


def _lost(reviewed: Reviewed) -> None:
    """Who was lost and why: reasons are those known on the page's day, also of an earlier period."""
    if not reviewed.lost_customers or reviewed.lost.empty:
        layout.nothing_for_filters(reviewed.view, _("No customer left in this period."))
        return
    rows = termination_reasons.with_reasons(reviewed.lost, reviewed.view)
    termination_reasons.show_by_reason(rows, reviewed.at)
    layout.section(_("Who was lost?"))
    report_table.show(termination_reasons.lost_report(), rows, reviewed.at, key="lost_agreements")
    if not printing.is_on():  # the table has the reasons
        termination_reasons.ask(rows.drop_duplicates("agreement_id"), reviewed.view, "review")


def _renewals(reviewed: Reviewed) -> None:
    layout.note(_("The forecast is that of the day before the period; what came is the value renewed."))
    nothing = _("No agreement had its renewal in this period.")
    _table("renewals_compared", reviewed.renewals, reviewed, "renewals_compared", nothing)


def _unbilled(reviewed: Reviewed) -> None:
    if layout.missing_exports("invoices"):
        layout.fills("invoices", _("What was invoiced, and what was not,"))
        return
    layout.note(_("Of the agreement periods that began in this period, as known on its last day."))
    nothing = _("Nothing is unbilled of these periods.")
    _table("invoicing", reviewed.unbilled, reviewed, "unbilled", nothing)


def _table(report: str, rows: pd.DataFrame, reviewed: Reviewed, key: str, nothing: str) -> None:
    if rows.empty:
        layout.nothing_for_filters(reviewed.view, nothing)
    else:
        report_table.show(report, rows, reviewed.at, key=key, is_part=True)


def downloads(view: View, shown: Period) -> None:
    """The period as a deck and as a workbook for management; both are internal."""
    if printing.is_on():
        return
    head = file_head(view)
    values = [value for _label, value in head.filters]
    with st.container(horizontal=True, gap="small", key="review-files"):
        for form, label, icon in (
            ("pptx", _("Deck"), ":material/slideshow:"),
            ("xlsx", _("Workbook"), ":material/table:"),
        ):
            st.download_button(
                label,
                partial(_made, view, shown, head, form, language()),
                file_name=file_names.review_name(shown.label(), shown.last, form, values),
                mime=_MIME[form],
                key=f"review-{form}",
                icon=icon,
                on_click="ignore",
                help=_("For management, internal: the period, what is behind it, risks and the forecast."),
            )


def _made(view: View, shown: Period, head: Head, form: str, in_language: str) -> bytes:
    """The file's bytes; runs on a thread of its own, where no language is set yet."""
    # not before somebody asks for one: PowerPoint's library takes 15 MiB
    from ccinsight.documents.quarter import making
    from ccinsight.documents.quarter.source import Source

    set_language(in_language)
    return making.write(Source(reads.warehouse(), view.as_of, view.reader, view.filters), shown, head, form)


def explanations() -> None:
    """What each figure means, for a screen reader and a phone as well as for a mouse."""
    with layout.fold(_("What the figures mean")):
        for column in columns().values():
            st.markdown(f"**{layout.plain(_(column.label))}**: {layout.plain(column.help_text())}")
