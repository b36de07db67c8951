"""The last period of an agreement that has ended."""

from __future__ import annotations

from collections.abc import Iterable

from ccinsight import i18n
from ccinsight.documents.brief import words
from ccinsight.documents.brief.customer_reports import CustomerReports
from ccinsight.documents.brief.model import Row, Statement
from ccinsight.i18n import _


def last_periods(reports: CustomerReports) -> list[Row]:
    """The last period of each agreement of a customer with none in force, the newest first."""
    agreements = reports.rows("agreements")
    ended = {row["agreement_id"]: row["ends_on"] for row in agreements if row["state"] == "ended"}
    if not ended or reports.in_force():
        return []
    rows = [r for r in reports.rows("agreement_periods") if ended.get(r["agreement_id"]) == r["period_end"]]
    return sorted(rows, key=lambda row: row["period_end"], reverse=True)


def title(reports: CustomerReports) -> Statement | None:
    """The billable users of the agreement that ended last; None where none ended or they are unknown."""
    for row in last_periods(reports)[:1]:
        if row["invoiced_users"] is not None:
            return Statement(
                _("{users} in the last period, until the agreement ended on {day}").format(
                    users=words.billable_users(row["invoiced_users"]), day=i18n.day(row["period_end"])
                ),
                reports.figures("agreement_periods", row, "invoiced_users", "period_end"),
            )
    return None


def users(reports: CustomerReports) -> Iterable[Statement]:
    """Users, price and value of each last period; what is unknown is left out."""
    for row in last_periods(reports):
        names = ["invoiced_users", "period_start", "period_end"]
        text = _("Agreement {agreement}, last period from {start} to {end}: {users}.")
        if row["invoiced_users"] is None:
            continue
        if row["annual_value"] is not None:
            names += ["rate", "annual_value"]
            text = _(
                "Agreement {agreement}, last period from {start} to {end}: {users} at {rate} per user, "
                "{value} a year."
            )
        yield Statement(
            text.format(
                agreement=row["agreement_id"],
                start=i18n.day(row["period_start"]),
                end=i18n.day(row["period_end"]),
                users=words.billable_users(row["invoiced_users"]),
                rate=i18n.amount(row["rate"]),
                value=i18n.amount(row["annual_value"]),
            ),
            reports.figures("agreement_periods", row, *names),
        )
