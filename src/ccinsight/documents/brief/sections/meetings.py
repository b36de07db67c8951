"""The meetings held since the last status meeting, and those planned."""

from __future__ import annotations

from datetime import date

from ccinsight import i18n
from ccinsight.documents.brief.customer_reports import CustomerReports
from ccinsight.documents.brief.model import Section, Statement
from ccinsight.i18n import _
from ccinsight.registry import label_of


def meetings(reports: CustomerReports, since: date, last_meeting_on: date | None) -> Section:
    """What was held since the last status meeting, and what is planned (R12)."""
    rows = reports.rows("meetings_list")
    title = _title(reports, last_meeting_on)
    held = [r for r in rows if r["held_on"] and r["held_on"] > since and r["kind"] != "status_meeting"]
    planned = [r for r in rows if not r["held_on"] and r["planned_on"] and r["planned_on"] >= reports.as_of]
    statements = []
    for kind in ("course", "workshop"):
        of_kind = [r for r in held if r["kind"] == kind]
        if of_kind:
            statements.append(
                Statement(
                    _("{kind}, held since {since}: {days}").format(
                        kind=label_of("meeting_kind", kind),
                        since=i18n.day(since),
                        days=", ".join(i18n.day(r["held_on"]) for r in reversed(of_kind)),
                    ),
                    tuple(f for r in of_kind for f in reports.figures("meetings_list", r, "held_on")),
                )
            )
    if not held and reports.sources.has_export("meetings"):
        statements.append(
            Statement(
                _("No course or workshop is known since {since}.").format(since=i18n.day(since)),
                to_customer="",
            )
        )
    statements += [
        Statement(
            _("{kind}, planned: {day}").format(
                kind=label_of("meeting_kind", r["kind"]), day=i18n.day(r["planned_on"])
            ),
            reports.figures("meetings_list", r, "planned_on"),
        )
        for r in reversed(planned)
    ]
    return Section("meetings", title, tuple(statements), ("meetings_list",))


def _title(reports: CustomerReports, last_meeting_on: date | None) -> Statement:
    """When the last status meeting was held. That none is known is for internal eyes."""
    if last_meeting_on is not None:
        rows = reports.rows("meetings_list")
        last = next(r for r in rows if r["kind"] == "status_meeting" and r["held_on"] == last_meeting_on)
        return Statement(
            _("The last status meeting was held on {day}").format(day=i18n.day(last_meeting_on)),
            reports.figures("meetings_list", last, "held_on"),
        )
    if reports.sources.has_export("meetings"):
        text = _("No status meeting is known before {day}").format(day=i18n.day(reports.as_of))
    else:
        text = _("Whether a status meeting was held is unknown: no meetings were imported")
    return Statement(text, to_customer=_("Meetings, courses and workshops"))
