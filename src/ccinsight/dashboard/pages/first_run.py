"""The first run: what to bring before there is any data, how to get it, and where it comes in."""

from __future__ import annotations

import streamlit as st

from ccinsight.access import Reader, Right
from ccinsight.dashboard.navigation import PAGES
from ccinsight.dashboard.pages import upload
from ccinsight.dashboard.session import reads
from ccinsight.dashboard.widgets import layout
from ccinsight.i18n import _, language
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
# Headings of required columns, in English and Norwegian: names that an import knows.
_HEADINGS = {
    "agreement_id": ("Agreement", "Avtalenr"),
    "amount": ("Amount", "Beløp"),
    "counted_on": ("Counted on", "Telledato"),
    "customer_id": ("Company ID", "Firma-ID"),
    "customer_name": ("Company", "Firma"),
    "invoice_line_id": ("Invoice line", "Fakturalinje"),
    "issued_on": ("Invoice date", "Fakturadato"),
    "kind": ("Kind", "Type"),
    "meeting_id": ("Meeting", "Møte"),
    "min_users": ("From users", "Fra antall brukere"),
    "opened_at": ("Created", "Opprettet"),
    "price_per_user": ("Price per user", "Pris per bruker"),
    "registered_users": ("Registered users", "Antall brukere"),
    "subscribed_on": ("Subscription date", "Tegningsdato"),
    "ticket_id": ("Request ID", "Saks-ID"),
    "valid_from": ("Valid from", "Gjelder fra"),
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
            st.caption(_("Its columns: {names}").format(names=layout.plain(", ".join(headings(export)))))


def _fills(export: str) -> str:
    if export == "agreements":
        return _("fills every page")
    pages = ", ".join(_(PAGES[page].title) for page in _FILLS[export])
    return _("fills {pages}").format(pages=pages)


def headings(export: str) -> list[str]:
    """A heading for each required column, as SuperOffice or a list has it in the language in use."""
    at = 1 if language() == "nb" else 0
    return [_HEADINGS[column][at] for column in exports()[export].required]


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
