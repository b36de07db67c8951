"""Who contacts support."""

from __future__ import annotations

from collections.abc import Iterable

from ccinsight import i18n
from ccinsight.documents.brief import words
from ccinsight.documents.brief.customer_reports import CustomerReports
from ccinsight.documents.brief.model import Row, Section, Statement
from ccinsight.i18n import _, ngettext


def contacts(reports: CustomerReports) -> Section:
    """Who contacts support, and how much of it goes to how few (A1)."""
    row = reports.first("contact_shares")
    tables = ("contact_shares", "contacts")
    if row is None:
        return Section(
            "contacts",
            Statement(_("No contacts: no tickets in the last 12 months"), to_customer=""),
            is_empty=True,
        )
    if not row["contacts"]:
        return Section(
            "contacts",
            Statement(
                _("Who contacted support is unknown: none of {tickets} carries a contact").format(
                    tickets=words.tickets(row["tickets"])
                ),
                reports.figures("contact_shares", row, "tickets", "tickets_without_contact"),
                to_customer="",
            ),
            (),
            tables,
            is_empty=True,
        )
    return Section(
        "contacts", _contacts_title(reports, row), tuple(_contact_statements(reports, row)), tables
    )


def _contacts_title(reports: CustomerReports, row: Row) -> Statement:
    if row["contacts"] > 3:
        text = _("3 of {contacts} contacts opened {share} of the tickets in the last 12 months").format(
            contacts=i18n.number(row["contacts"]), share=i18n.percent(row["three_busiest_share"])
        )
        return Statement(text, reports.figures("contact_shares", row, "contacts", "three_busiest_share"))
    text = ngettext(
        "{count} contact opened the tickets of the last 12 months",
        "{count} contacts opened the tickets of the last 12 months",
        row["contacts"],
    ).format(count=i18n.number(row["contacts"]))
    return Statement(text, reports.figures("contact_shares", row, "contacts"))


def _contact_statements(reports: CustomerReports, row: Row) -> Iterable[Statement]:
    use = reports.first("utilization")
    if use is not None and use["contact_rate"] is not None:
        yield Statement(
            _("{contacting} of {users} contacted support in the last 12 months, {share}.").format(
                contacting=i18n.number(use["contacting_users"]),
                users=ngettext(
                    "{count} registered user", "{count} registered users", use["registered_users"]
                ).format(count=i18n.number(use["registered_users"])),
                share=i18n.percent(use["contact_rate"]),
            ),
            reports.figures("utilization", use, "contacting_users", "registered_users", "contact_rate"),
        )
    if row["tickets_without_contact"]:
        yield Statement(
            ngettext(
                "{count} ticket carries no contact and is left out.",
                "{count} tickets carry no contact and are left out.",
                row["tickets_without_contact"],
            ).format(count=i18n.number(row["tickets_without_contact"])),
            reports.figures("contact_shares", row, "tickets_without_contact"),
        )
