"""The users: registered, active and billable."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from ccinsight import i18n
from ccinsight.documents.brief import words
from ccinsight.documents.brief.customer_reports import CustomerReports
from ccinsight.documents.brief.model import Row, Section, Statement
from ccinsight.documents.brief.sections import last_period
from ccinsight.documents.brief.sources import year_before
from ccinsight.i18n import _, ngettext


def users(reports: CustomerReports) -> Section:
    """Registered, active and billable users and how they developed (R5, R7, R11)."""
    now, then_on = reports.first("customers"), year_before(reports.as_of)
    then = reports.first("customers", as_of=then_on)
    registered = now["registered_users"] if now else None
    before = then["registered_users"] if then else None
    title = _users_title(reports, now, then, registered, before, then_on)
    statements = [*_active(reports), *_billable(reports), *last_period.users(reports)]
    if registered is not None and before is None:
        statements.append(
            Statement(
                _("Registered users on {day} are unknown: no user count was known then.").format(
                    day=i18n.day(then_on)
                ),
                to_customer="",
            )
        )
    months = reports.rows("users_by_month")
    known = any(
        m[c] is not None for m in months for c in ("registered_users", "active_users", "invoiced_users")
    )
    return Section("users", title, tuple(statements), ("users_by_month", "user_history"), is_empty=not known)


def _users_title(
    reports: CustomerReports,
    now: Row | None,
    then: Row | None,
    registered: int | None,
    before: int | None,
    then_on: date,
) -> Statement:
    if registered is None and (of_last_period := last_period.title(reports)):
        return of_last_period
    if registered is None:
        why = (
            _("neither a user count nor an agreement in force says it")
            if reports.sources.has_export("user_counts")
            else _("no user counts were imported")
        )
        return Statement(
            _("The number of registered users is unknown: {why}").format(why=why),
            to_customer="",
        )
    text = ngettext(
        "{count} registered user on {day}", "{count} registered users on {day}", registered
    ).format(count=i18n.number(registered), day=i18n.day(reports.as_of))
    figures = reports.figures("customers", now, "registered_users")
    if before is None:
        return Statement(text, figures)
    figures += reports.figures("customers", then, "registered_users", as_of=then_on)
    return Statement(f"{text}, {words.users_against(registered - before, i18n.day(then_on))}", figures)


def _active(reports: CustomerReports) -> Iterable[Statement]:
    row = reports.first("utilization")
    if row is None:
        return
    if row["licence_use"] is None:
        yield Statement(_("How many users are active is unknown: no user count holds it."), to_customer="")
        return
    yield Statement(
        _("{active} active, {share} of those registered, in the newest count that holds both.").format(
            active=words.users(row["active_users"]), share=i18n.percent(row["licence_use"])
        ),
        reports.figures("utilization", row, "active_users", "licence_use"),
    )


def _billable(reports: CustomerReports) -> Iterable[Statement]:
    for row in reports.in_force():
        named = {"agreement": row["agreement_id"], "day": i18n.day(row["period_start"])}
        if row["invoiced_users"] is None:
            yield Statement(
                _("Agreement {agreement}: billable users are unknown, since the users on {day} are.").format(
                    **named
                ),
                to_customer="",
            )
        else:
            yield Statement(
                _("Agreement {agreement}: {users} in the period from {day}.").format(
                    users=words.billable_users(row["invoiced_users"]), **named
                ),
                reports.figures("agreements", row, "invoiced_users", "period_start"),
            )
