"""The users at the end of each month."""

from __future__ import annotations

from ccinsight import i18n
from ccinsight.documents.brief.model import Brief
from ccinsight.documents.deck import drawing, native_charts
from ccinsight.documents.deck.canvas import Canvas
from ccinsight.documents.deck.native_charts import Series
from ccinsight.documents.deck.slides.parts import (
    message,
    said,
    start,
)
from ccinsight.i18n import _


def draw(canvas: Canvas, brief: Brief) -> None:
    """Draws registered, active and billable users as lines; no slide without a count."""
    section = brief.sections["users"]
    if section.is_empty:
        return
    page, body = start(canvas, message(section))
    left, right = body.columns(8, 3.8) if said(section) else (body, body)
    months = brief.rows("users_by_month")
    below = drawing.heading(page, left, _("Users at the end of each month"))
    series = [
        Series(_("Registered"), [m["registered_users"] for m in months]),
        Series(_("Active"), [m["active_users"] for m in months], "light"),
        Series(_("Billable"), [m["invoiced_users"] for m in months], "dashed"),
    ]
    shown = [each for each in series if any(value is not None for value in each.values)]
    alt = _("Users by month: registered, active and billable, from {first} to {last}").format(
        first=i18n.month(months[0]["month"]), last=i18n.month(months[-1]["month"])
    )
    native_charts.lines(page, below, [m["month"] for m in months], shown, alt)
    drawing.text(page, right, said(section))
