"""The customer among customers of the same size."""

from __future__ import annotations

from ccinsight import i18n
from ccinsight.documents.brief.customer_reports import CustomerReports
from ccinsight.documents.brief.model import Section, Statement
from ccinsight.i18n import _
from ccinsight.registry import label_of

# Among fewer customers of a size a median would tell one customer about another.
FEWEST_PEERS = 5


def peers(reports: CustomerReports) -> Section:
    """The customer's use among customers of the same size (R11)."""
    row = reports.first("peers", {"measure": "tickets_per_user"})
    if row is None:
        return Section(
            "peers", _hidden(_("No peers to compare with: no agreement is in force")), is_empty=True
        )
    band = label_of("user_band", row["user_band"])
    if row["user_band"] == "unknown":
        return Section(
            "peers", _hidden(_("No peers to compare with: the number of users is unknown")), is_empty=True
        )
    if row["known"] < FEWEST_PEERS or row["own_value"] is None:
        return Section(
            "peers",
            Statement(
                _("Too few customers with {band} users to compare with: {count}").format(
                    band=band, count=i18n.number(row["customers"])
                ),
                reports.figures("peers", row, "customers"),
                to_customer="",
            ),
            is_empty=True,
        )
    title = Statement(
        _("{own} tickets per user in the last 12 months; the median with {band} users is {median}").format(
            own=i18n.number(row["own_value"], 2), band=band, median=i18n.number(row["median_value"], 2)
        ),
        reports.figures("peers", row, "own_value", "median_value"),
    )
    others = row["known"] - 1
    below = round(row["percentile"] * others)
    statement = Statement(
        _("Of the {others} other customers with {band} users, {below} have fewer tickets per user.").format(
            others=i18n.number(others), band=band, below=i18n.number(below)
        ),
        reports.figures("peers", row, "percentile", "known"),
    )
    return Section("peers", title, (statement,), ("peers",))


def _hidden(text: str) -> Statement:
    """What isn't said to a customer: why there is nothing to compare with."""
    return Statement(text, to_customer="")
