"""The next renewal."""

from __future__ import annotations

from collections.abc import Iterable

from ccinsight import i18n
from ccinsight.documents.brief import words
from ccinsight.documents.brief.customer_reports import CustomerReports
from ccinsight.documents.brief.model import Row, Section, Statement
from ccinsight.i18n import _


def renewal(reports: CustomerReports) -> Section:
    """The agreement's calendar, its next renewal and value, and whether the price changes (R2, R3, R6, R13)."""
    in_force = reports.in_force()
    coming = {r["agreement_id"]: r for r in reports.rows("renewals")}
    if not in_force:
        return Section("renewal", _no_agreement(reports), (), ("agreements",), is_empty=True)
    first = in_force[0]
    statements = [
        s
        for row in in_force
        if row["agreement_id"] in coming
        for s in _at_renewal(reports, row, coming[row["agreement_id"]])
    ]
    return Section(
        "renewal",
        _renewal_title(reports, first, coming.get(first["agreement_id"])),
        tuple(statements),
        ("agreements", "renewals", "deadlines"),
    )


def _no_agreement(reports: CustomerReports) -> Statement:
    rows = reports.rows("agreements")
    upcoming = [r for r in rows if r["state"] == "upcoming"]
    if upcoming:
        return Statement(
            _("The agreement starts on {day}").format(day=i18n.day(upcoming[0]["subscribed_on"])),
            reports.figures("agreements", upcoming[0], "subscribed_on"),
        )
    ended = [r for r in rows if r["ends_on"] is not None]
    if ended:
        last = max(ended, key=lambda r: r["ends_on"])
        return Statement(
            _("The agreement ended on {day}").format(day=i18n.day(last["ends_on"])),
            reports.figures("agreements", last, "ends_on"),
        )
    return Statement(_("No agreement is known on {day}").format(day=i18n.day(reports.as_of)), to_customer="")


def _renewal_title(reports: CustomerReports, row: Row, coming: Row | None) -> Statement:
    status = coming["renewal_status"] if coming else None
    figures = reports.figures("agreements", row, "renewal_on", "termination_deadline") + reports.figures(
        "renewals", coming, "renewal_status"
    )
    if status == "ending":
        return Statement(
            _("The agreement ends on {day}, after the notice received").format(day=i18n.day(row["ends_on"])),
            reports.figures("agreements", row, "ends_on"),
        )
    if status == "open":
        text = _("The agreement renews on {day}; either party can terminate it by {deadline}")
        return Statement(
            text.format(day=i18n.day(row["renewal_on"]), deadline=i18n.day(row["termination_deadline"])),
            figures,
        )
    return Statement(
        _("The agreement renews for another year on {day}").format(day=i18n.day(row["renewal_on"])), figures
    )


def _at_renewal(reports: CustomerReports, row: Row, coming: Row) -> Iterable[Statement]:
    if coming["renewal_status"] == "ending":
        yield Statement(
            _("Agreement {agreement}: full rights until {day}.").format(
                agreement=row["agreement_id"], day=i18n.day(row["ends_on"])
            ),
            reports.figures("agreements", row, "ends_on"),
        )
        return
    yield _value_next(reports, row, coming)
    yield _price_status(reports, row, coming)


def _value_next(reports: CustomerReports, row: Row, coming: Row) -> Statement:
    named = {"agreement": row["agreement_id"], "day": i18n.day(row["renewal_on"])}
    if coming["value_next"] is None:
        why = _("the users are") if coming["users_next"] is None else _("the price per user is")
        return Statement(
            _("Agreement {agreement}: the value from {day} is unknown, since {why}.").format(
                why=why, **named
            ),
            to_customer="",
        )
    return Statement(
        _("Agreement {agreement}: {value} a year from {day}, {users} at {rate} per user.").format(
            value=i18n.amount(coming["value_next"]),
            users=words.users(coming["users_next"]),
            rate=i18n.amount(coming["rate_next"]),
            **named,
        ),
        reports.figures("renewals", coming, "value_next", "users_next", "rate_next"),
    )


def _price_status(reports: CustomerReports, row: Row, coming: Row) -> Statement:
    now, following, deadline = coming["rate_now"], coming["rate_next"], row["price_notice_deadline"]
    figures = reports.figures("renewals", coming, "rate_now", "rate_next") + reports.figures(
        "agreements", row, "price_notice_deadline"
    )
    if now is None or following is None:
        return Statement(
            _("Whether the price per user changes is unknown: a price is missing."), figures, to_customer=""
        )
    if now != following:
        text = _("The price per user goes from {now} to {following} at the renewal.").format(
            now=i18n.amount(now), following=i18n.amount(following)
        )
    else:
        text = _("The price per user is {now} now and from the renewal.").format(now=i18n.amount(now))
    if reports.as_of <= deadline:
        text += " " + _("A change can be notified until {day}.").format(day=i18n.day(deadline))
    return Statement(text, figures)
