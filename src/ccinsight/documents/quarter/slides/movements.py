"""What moved the revenue, who is behind it, and how the period compares."""

from __future__ import annotations

from collections.abc import Sequence

from ccinsight import i18n
from ccinsight.charts.text import signed_amount
from ccinsight.documents.deck import drawing, native_charts
from ccinsight.documents.deck.canvas import Canvas
from ccinsight.documents.deck.drawing import Paragraph
from ccinsight.documents.deck.grids import Column
from ccinsight.documents.quarter import figures
from ccinsight.documents.quarter.slides.parts import (
    label,
    moves,
    name_of,
    signed,
    start,
    table_slide,
    text_of,
)
from ccinsight.documents.quarter.source import Quarter
from ccinsight.i18n import _, ngettext
from ccinsight.registry import Column as Named


def movements(canvas: Canvas, quarter: Quarter) -> None:
    """What moved the revenue (R9), a column for each movement."""
    moved, reviewed = moves(quarter), quarter.reviewed
    title = _("From {start} to {end} in recurring revenue (ARR), {period}").format(
        start=i18n.amount(reviewed.start), end=i18n.amount(reviewed.end), period=quarter.period.label()
    )
    missing = int(reviewed.committed["value_unknown"].iloc[0])
    foot = ngettext(
        "{count} agreement with an unknown value is left out.",
        "{count} agreements with an unknown value are left out.",
        missing,
    ).format(count=i18n.number(missing))
    page, body = start(canvas, quarter, title, foot if missing else "")
    if not moved:
        drawing.text(page, body, [Paragraph(_("Nothing moved the revenue in this period."))])
        return
    names = [f"{label(name)}\n{signed_amount(value)}" for name, value in moved.items()]
    alt = f"{_('What changed the annual recurring revenue')}: " + ", ".join(
        name.replace("\n", " ") for name in names
    )
    native_charts.changes(page, body, names, list(moved.values()), alt)


def behind(canvas: Canvas, quarter: Quarter) -> None:
    """The customers behind the movements, the largest first."""
    rows = quarter.reviewed.customers
    known = rows.assign(_size=rows["amount"].abs()).sort_values(
        ["_size", "customer_id"], ascending=[False, True], na_position="last", kind="stable"
    )
    title = _("The customers behind the largest movements, {period}").format(period=quarter.period.label())
    table_slide(
        canvas,
        quarter,
        title,
        [
            Column(_("Customer"), 3),
            Column(_("Account manager"), 2),
            Column(_("Movement"), 1.6),
            Column(_("Change in ARR"), 1.4, is_right=True),
        ],
        [
            [
                name_of(row),
                text_of(row["account_manager"]),
                label(str(row["movement"])),
                signed(row["amount"]),
            ]
            for row in known.to_dict("records")
        ],
        _("Nothing moved the revenue in this period."),
    )


def revenue_compared(canvas: Canvas, quarter: Quarter) -> None:
    """The revenue and what moved it, beside the period before and the same a year ago."""
    _compare(canvas, quarter, _("How did the revenue move, compared?"), is_revenue=True)


def others_compared(canvas: Canvas, quarter: Quarter) -> None:
    """Retention, customers, renewals and what isn't billed, beside the same periods."""
    foot = figures.renewals_left_out([quarter.reviewed, *quarter.others])
    _compare(canvas, quarter, _("How do the other figures compare?"), foot, is_revenue=False)


def _compare(canvas: Canvas, quarter: Quarter, title: str, foot: str = "", *, is_revenue: bool) -> None:
    columns = [Column(_("Figure"), 2.4), Column(quarter.period.label(), 1.5, is_right=True)]
    for other in quarter.others:
        columns += [
            Column(other.period.label(), 1.5, is_right=True),
            Column(_("Change"), 1.3, is_right=True),
        ]
    rows = []
    for name, column in quarter.compared.items():
        if (name in ("start", *figures.MOVES, "end")) == is_revenue:
            rows.append(_cells(name, column, [found[name] for found in quarter.values]))
    table_slide(canvas, quarter, title, columns, rows, "", foot)


def _cells(name: str, column: Named, values: Sequence[object]) -> list[str]:
    now, *others = values
    cells = [figures.named(name, column), figures.text(column, now) or _("unknown")]
    for other in others:
        cells += [
            figures.text(column, other) or _("unknown"),
            figures.difference(column, now, other) or _("unknown"),
        ]
    return cells
