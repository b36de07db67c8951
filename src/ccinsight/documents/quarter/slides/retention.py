"""Who was lost, why, and who is new."""

from __future__ import annotations

from ccinsight import i18n
from ccinsight.documents.deck import drawing, native_charts
from ccinsight.documents.deck.canvas import Canvas
from ccinsight.documents.deck.drawing import Paragraph
from ccinsight.documents.deck.grids import Column
from ccinsight.documents.deck.native_charts import Series
from ccinsight.documents.quarter import figures, lost
from ccinsight.documents.quarter.slides.parts import (
    day_of,
    name_of,
    shown_value,
    signed,
    start,
    table,
    text_of,
)
from ccinsight.documents.quarter.source import Quarter
from ccinsight.i18n import _, ngettext
from ccinsight.printable import printable


def lost_and_new(canvas: Canvas, quarter: Quarter) -> None:
    """Who left and why, and who came (R9)."""
    values, shown = quarter.values[0], figures.columns()
    title = _("{nrr} of the revenue of a year ago is left with the same customers; {lost}").format(
        nrr=shown_value(shown["nrr"], values["nrr"]), lost=_lost_words(quarter)
    )
    page, body = start(canvas, quarter, title, _("Net retention (NRR), twelve months back"))
    left, right = body.columns(1.5, 1)
    below = drawing.heading(page, left, _("Lost customers"))
    rows = quarter.lost
    if rows.empty:
        drawing.text(page, below, [Paragraph(_("No customer left in this period."))])
    else:
        table(
            page,
            below,
            [
                Column(_("Customer"), 2.4),
                Column(_("Last day"), 1.1),
                Column(lost.REASON.heading(), 1.6),
                Column(_("Change in ARR"), 1.3, is_right=True),
            ],
            [
                [
                    name_of(row),
                    day_of(row["ends_on"]),
                    text_of(row["reason"], _("not given")),
                    signed(row["amount"]),
                ]
                for row in rows.to_dict("records")
            ],
            _("Lost customers"),
        )
    below = drawing.heading(page, right, _("New customers"))
    came = quarter.reviewed.new.sort_values("amount", ascending=False, na_position="last", kind="stable")
    if came.empty:
        drawing.text(page, below, [Paragraph(_("No customer came in this period."))])
    else:
        table(
            page,
            below,
            [Column(_("Customer"), 2), Column(_("Change in ARR"), 1.2, is_right=True)],
            [[name_of(row), signed(row["amount"])] for row in came.to_dict("records")],
            _("New customers"),
        )


def _lost_words(quarter: Quarter) -> str:
    count = quarter.reviewed.lost_customers
    if not count:
        return _("no customer left")
    text = ngettext("{count} customer left", "{count} customers left", count)
    return text.format(count=i18n.number(count))


def reasons(canvas: Canvas, quarter: Quarter) -> None:
    """Lost revenue by reason, where there are several."""
    rows = lost.by_reason(quarter.lost)
    if len(rows) < 2:
        return
    drawn = [
        (str(row["reason"]), abs(float(row["amount"])))
        for row in rows.to_dict("records")
        if not i18n.is_unknown(row["amount"])
    ]
    named = ", ".join(f"{name} {i18n.amount(value)}" for name, value in drawn)
    missing = int(quarter.lost["amount"].isna().sum())
    foot = ngettext("{count} unknown", "{count} unknown", missing).format(count=i18n.number(missing))
    page, body = start(canvas, quarter, _("Why was revenue lost?"), foot if missing else "")
    if not drawn:
        drawing.text(page, body, [Paragraph(_("What was lost is unknown."))])
        return
    native_charts.bars(
        page,
        body,
        [printable(name) for name, _value in drawn],
        [Series(_("Lost revenue by reason"), [value for _name, value in drawn])],
        printable(f"{_('Lost revenue by reason')}: {named}"),
    )
