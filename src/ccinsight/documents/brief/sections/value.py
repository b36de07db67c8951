"""What the agreement gave."""

from __future__ import annotations

from collections.abc import Iterable

from ccinsight import i18n
from ccinsight.documents.brief import words
from ccinsight.documents.brief.customer_reports import CustomerReports
from ccinsight.documents.brief.model import Row, Section, Statement
from ccinsight.documents.brief.sources import year_before
from ccinsight.i18n import _


def value(reports: CustomerReports) -> Section:
    """What the agreement gave: hours supported, discount on hours and courses (A1, A8)."""
    row = reports.first("agreement_use")
    if row is None:
        return Section(
            "value",
            Statement(_("No agreement is known, so it gave no hours and no discount"), to_customer=""),
            is_empty=True,
        )
    if not _was_in_force(reports):
        return Section(
            "value",
            Statement(
                _("No agreement was in force in the last 12 months, so it gave no hours and no discount"),
                to_customer="",
            ),
            is_empty=True,
        )
    discount = reports.first("consulting")
    figures = reports.figures("agreement_use", row, "included_hours") + reports.figures(
        "consulting", discount, "discount_value"
    )
    shown = i18n.hours(row["included_hours"])
    if row["included_hours"] is None:
        title = Statement(_value_unknown(discount), figures, _discount_given(discount))
    elif discount is None or discount["discount_value"] is None:
        title = Statement(
            _(
                "The agreement covered {hours} of support in the last 12 months; the discount is unknown"
            ).format(hours=shown),
            figures,
            _("The agreement covered {hours} of support in the last 12 months").format(hours=shown)
            if row["included_hours"]
            else "",
        )
    else:
        title = Statement(
            _(
                "The agreement covered {hours} of support and {amount} of discount in the last 12 months"
            ).format(hours=shown, amount=i18n.amount(discount["discount_value"])),
            figures,
        )
    return Section("value", title, tuple(_value_statements(reports, row)), ("agreement_use", "consulting"))


def _was_in_force(reports: CustomerReports) -> bool:
    """True where an agreement ran on a day of the twelve months up to the as-of date (R1, R2)."""
    first = year_before(reports.as_of)
    return any(
        row["subscribed_on"] <= reports.as_of and (row["ends_on"] is None or row["ends_on"] > first)
        for row in reports.rows("agreements")
    )


def _value_unknown(discount: Row | None) -> str:
    if discount is None or discount["discount_value"] is None:
        return _("How much support and discount the agreement gave in the last 12 months is unknown")
    return _(
        "The agreement gave {amount} of discount in the last 12 months; the hours of support are unknown"
    ).format(amount=i18n.amount(discount["discount_value"]))


def _discount_given(discount: Row | None) -> str:
    """What a customer reads where the hours are unknown; nothing where the discount is unknown too."""
    if discount is None or discount["discount_value"] is None:
        return ""
    text = _("The agreement gave {amount} of discount in the last 12 months")
    return text.format(amount=i18n.amount(discount["discount_value"]))


def _value_statements(reports: CustomerReports, row: Row) -> Iterable[Statement]:
    if not reports.sources.has_export("invoices"):
        yield Statement(_("Discounts are unknown: no invoices were imported."), to_customer="")
    elif row["hour_discount"] is None or row["seat_discount"] is None:
        yield Statement(
            _("A discount is unknown where the standard price isn't in the settings."), to_customer=""
        )
    discount = reports.first("consulting")
    if discount and discount["unpriced_lines"]:
        said = words.without_price(discount["unpriced_lines"])
        yield Statement(
            said,
            reports.figures("consulting", discount, "unpriced_lines", "discount_lines"),
            to_customer=None if discount["discount_value"] is not None else "",
        )
    if row["tickets_without_minutes"]:
        yield Statement(
            words.without_minutes(row["tickets_without_minutes"]),
            reports.figures("agreement_use", row, "tickets_without_minutes"),
        )
