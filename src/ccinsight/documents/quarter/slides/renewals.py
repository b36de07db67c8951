"""The renewals of the period against their forecast, and those of the next twelve months."""

from __future__ import annotations

from ccinsight import i18n
from ccinsight.charts.sums import known_sum
from ccinsight.charts.values import numbers
from ccinsight.documents.deck import drawing, native_charts
from ccinsight.documents.deck.canvas import Canvas
from ccinsight.documents.deck.drawing import Paragraph
from ccinsight.documents.deck.grids import Column
from ccinsight.documents.deck.native_charts import Series
from ccinsight.documents.quarter import figures
from ccinsight.documents.quarter.slides.parts import (
    day_of,
    name_of,
    start,
    table_slide,
    text_of,
)
from ccinsight.documents.quarter.source import Quarter
from ccinsight.i18n import _, ngettext
from ccinsight.registry import REPORTS


def renewed(quarter: Quarter) -> str:
    """What the renewals of the period came to, against the forecast."""
    values = quarter.values[0]
    return _("Renewals: {result} came, {forecast} was forecast.").format(
        result=i18n.amount(figures.number_of(values["renewed_value"])),
        forecast=i18n.amount(figures.number_of(values["forecast_value"])),
    )


def renewals(canvas: Canvas, quarter: Quarter) -> None:
    """Each renewal of the period: the forecast and what came (R13)."""
    rows = quarter.reviewed.renewals
    gap = (rows["renewed_value"] - rows["forecast_value"]).abs()
    ordered = rows.assign(_gap=gap).sort_values("_gap", ascending=False, na_position="last", kind="stable")
    report = REPORTS["renewals_compared"].column
    table_slide(
        canvas,
        quarter,
        renewed(quarter).rstrip("."),
        [
            Column(_("Customer"), 2.6),
            Column(_("Renewal"), 1.1),
            Column(_("Account manager"), 1.7),
            Column(_(report("forecast_value").label), 1.3, is_right=True),
            Column(_(report("renewed_value").label), 1.3, is_right=True),
        ],
        [
            [
                name_of(row),
                day_of(row["renewal_on"]),
                text_of(row["account_manager"]),
                i18n.amount(row["forecast_value"]),
                i18n.amount(row["renewed_value"]),
            ]
            for row in ordered.to_dict("records")
        ],
        _("No agreement had its renewal in this period."),
        figures.renewals_left_out([quarter.reviewed]),
    )


def forecast(canvas: Canvas, quarter: Quarter) -> None:
    """The renewals of the twelve months after the period, by month (R13)."""
    rows = quarter.forecast
    report = REPORTS["renewal_forecast"].column
    parts = (("certain_value", "ours"), ("open_value", "light"), ("ending_value", "away"))
    sums = {name: known_sum(rows[name]) for name, _look in parts}
    title = _(
        "Renewals of the next twelve months: {certain} will renew, {open} is open, {ending} ends"
    ).format(
        certain=i18n.amount(sums["certain_value"]),
        open=i18n.amount(sums["open_value"]),
        ending=i18n.amount(sums["ending_value"]),
    )
    missing = int(rows["value_unknown"].sum())
    weighted = _("Open, weighted by how many went on before: {value}").format(
        value=i18n.amount(known_sum(rows["open_weighted"]))
    )
    left = ngettext("{count} agreement unknown", "{count} agreements unknown", missing)
    foot = f"{weighted}; {left.format(count=i18n.number(missing))}" if missing else weighted
    page, body = start(canvas, quarter, title, foot)
    if rows.empty or not any(sums.values()):
        drawing.text(page, body, [Paragraph(_("No agreement in force renews in this span."))])
        return
    months = [i18n.month(month.date()) for month in rows["month"]]
    drawn = [Series(_(report(name).label), numbers(rows[name]), look) for name, look in parts]
    native_charts.stacked(page, body, months, drawn, f"{_('Renewal forecast')}: {title}")
