"""What stands below a table: how many rows it has, and the sums of what can be summed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from ccinsight.dashboard.widgets import cells, figures
from ccinsight.i18n import _, ngettext, number
from ccinsight.registry import Report


def said(
    frame: pd.DataFrame,
    report: Report,
    totals: Sequence[str],
    left_out: Mapping[str, int] | None = None,
    of: int | None = None,
    is_long: bool = False,
) -> str:
    """How many rows, ``of`` how many, and the sums of what can be summed; what a sum leaves out is counted.

    ``is_long``: more rows are seen by scrolling.
    """
    parts = [_("{count} rows").format(count=number(len(frame))) if len(frame) != 1 else _("1 row")]
    if of is not None and of != len(frame):
        parts = [_("{count} of {all} rows").format(count=number(len(frame)), all=number(of))]
    if is_long:
        parts.append(_("scroll in the table for more"))
    for name in totals:
        column, values = report.column(name), frame[name]
        unknown = (left_out or {}).get(name, figures.unknown(values))
        total = cells.with_minus(column.shown(figures.total(values)))
        text = _("{label}: {sum}").format(label=_(column.label), sum=total)
        if unknown:
            unsaid = ngettext("({count} unknown left out)", "({count} unknown left out)", unknown)
            text += " " + unsaid.format(count=number(unknown))
        parts.append(text)
    return " · ".join(parts)
