"""The head of a document: whose it is, of which day and span, and its headline figures."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from ccinsight import i18n
from ccinsight.documents.brief.customer_tables import headline_figures
from ccinsight.documents.brief.model import Brief
from ccinsight.documents.brief.sources import year_before
from ccinsight.i18n import _


def head_of(brief: Brief, partner: str, has_logo: bool) -> dict[str, Any]:
    """Title, language, customer, partner, the facts below the title and the headline figures, in the language in use.

    ``has_logo``: a logo stands where else the partner's name does, so that the name is one of the facts.
    """
    as_of = _("As of {day}").format(day=i18n.day(brief.as_of))
    first = year_before(brief.as_of) + timedelta(days=1)
    span = _("Last 12 months: {first} to {last}").format(first=i18n.day(first), last=i18n.day(brief.as_of))
    people = [each for each in (partner if has_logo else "", brief.account_manager) if each]
    return {
        "title": _("Status meeting: {customer}").format(customer=brief.customer_name),
        "language": brief.language,
        "kind": _("Status meeting"),
        "customer": brief.customer_name,
        "partner": partner,
        "facts": [as_of, span, " · ".join(people)],
        "foot": as_of,
        "logo_alt": _("Logo of {partner}").format(partner=partner) if partner else _("Logo"),
        "figures": [
            {"value": value, "label": label, "unknown": value == _("unknown")}
            for value, label in headline_figures(brief)
        ],
    }
