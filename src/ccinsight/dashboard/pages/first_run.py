"""The first run: what to bring before there is any data, how to get it, and where it comes in."""

from __future__ import annotations

import streamlit as st

from ccinsight.access import Reader, Right
from ccinsight.dashboard.navigation import PAGES
from ccinsight.dashboard.pages import upload
from ccinsight.dashboard.session import reads
from ccinsight.dashboard.widgets import layout
from ccinsight.i18n import _
from ccinsight.ingest.catalogue import exports
from ccinsight.registry import label_of

_REQUIRED = ("agreements", "tickets")
# The pages that each export fills; agreements fill all.
_FILLS = {
    "tickets": ("utilization", "risk", "customer", "leakage"),
    "user_counts": ("utilization", "risk", "customer"),
    "prices": ("price_plan", "revenue", "renewals"),
    "invoices": ("leakage", "revenue", "customer"),
    "meetings": ("status_meetings", "deadlines", "customer"),
}


def show(reader: Reader) -> None:
    """The checklist of the six exports and the upload; for those who may not import, who does."""
    if not reader.may(Right.IMPORT):
        layout.no_database()
        return
    st.title(_("Nothing is imported yet"), anchor=False)
    st.write(
        _(
            "ccinsight reads files exported from SuperOffice and from the accounting system. Agreements and "
            "tickets come first; you can add the rest later. Nothing is imported until you have seen what is "
            "in the files."
        )
    )
    checklist = layout.place()
    layout.section(_("Which files do you have?"))
    previews = upload.show()
    with checklist:
        _show_checklist({table.export for preview in previews for table in preview.tables})
    with st.expander(_("On the command line instead"), icon=":material/terminal:"):
        st.write(_("Import a folder, or look at made-up data:"))
        st.code(
            f"ccinsight import FOLDER --database {reads.database_path()}\nccinsight demo", language="shell"
        )


def _show_checklist(found: set[str]) -> None:
    """The six exports, those among the chosen files ticked; each opens to how it is got."""
    layout.section(_("What to bring"))
    for export in reads.EXPORTS:
        need = _("needed first") if export in _REQUIRED else _("can come later")
        state = _("chosen") if export in found else need
        with st.expander(
            f"**{label_of('export', export)}** ({state}) – {_fills(export)}",
            icon=":material/check_circle:" if export in found else ":material/radio_button_unchecked:",
        ):
            for line in _how(export):
                st.markdown(line)
            st.caption(_("Its columns: {names}").format(names=layout.plain(_columns(export))))


def _fills(export: str) -> str:
    if export == "agreements":
        return _("fills every page")
    pages = ", ".join(_(PAGES[page].title) for page in _FILLS[export])
    return _("fills {pages}").format(pages=pages)


def _columns(export: str) -> str:
    """A heading of each required column, which the reader can look for."""
    of_export = exports()[export]
    names = [of_export.header_names(column) for column in of_export.required]
    return ", ".join(each[1] if len(each) > 1 else each[0] for each in names)


def _how(export: str) -> list[str]:
    """How a person gets the export."""
    search = _(
        "Choose the columns by right-clicking the headings, then *Export* (*Eksporter*) to Excel. SuperOffice "
        "stops at 10 000 rows unless an administrator raised the limit: take a year at a time and bring all files."
    )
    hand_kept = _("Save the list as Excel (.xlsx) or CSV, with one heading for each column in the first row.")
    return {
        "agreements": [
            _(
                "In SuperOffice CRM: a *Selection* (*Utvalg*) of the companies with an agreement, with its fields."
            ),
            search,
            _("Or a list that you keep by hand."),
        ],
        "tickets": [
            _(
                "In SuperOffice Service or CRM: *Find* (*Søk*) or a *Selection* (*Utvalg*) of tickets. Tick "
                "**Avsluttet** (*Closed*), or the closed ones are missing."
            ),
            search,
        ],
        "user_counts": [
            _(
                "The licence list in *Settings and maintenance* (*Innstillinger og vedlikehold → Lisenser*) of each "
                "customer. Name the column with the date **Telledato**."
            )
        ],
        "prices": [
            _("The price list with the day each price applies from, and how many users it is for."),
            hand_kept,
        ],
        "invoices": [
            _(
                "From the accounting system: the invoice lines of the agreements, with number, customer and amount."
            ),
            hand_kept,
        ],
        "meetings": [
            _(
                "In SuperOffice CRM: a *Selection* (*Utvalg*) of follow-ups: status meetings, courses and workshops."
            ),
            search,
        ],
    }[export]
