"""A report as text for a terminal: aligned columns, values as a person reads them."""

from __future__ import annotations

from collections.abc import Sequence

from ccinsight.i18n import gettext as _
from ccinsight.i18n import ngettext
from ccinsight.registry import Column

_GAP = "  "
# A long text gives way before a column does.
_LONGEST = 32
# Two lines stand above the rule: labels and units.
_HEADINGS = 2


def as_text(columns: Sequence[Column], rows: Sequence[Sequence[object]], width: int | None) -> str:
    """The rows under their headings, as many columns as fit into ``width``; the others are listed below.

    ``width`` None shows all columns whole.
    """
    if not rows:
        return _("No rows.") + "\n"
    longest = None if width is None else _LONGEST
    shown = [_cells(column, [row[index] for row in rows], longest) for index, column in enumerate(columns)]
    count = len(shown) if width is None else _fitting([len(cells[0]) for cells in shown], width)
    lines = [_GAP.join(cells).rstrip() for cells in zip(*shown[:count], strict=True)]
    lines.insert(_HEADINGS, _GAP.join("─" * len(cells[0]) for cells in shown[:count]))
    return "\n".join([*filter(None, lines), *_left_out(columns[count:])]) + "\n"


def _cells(column: Column, values: Sequence[object], longest: int | None) -> list[str]:
    """A column's label, unit and values as texts of one width, numbers to the right."""
    unit = _(column.unit) if column.unit else ""
    texts = [_(column.label), unit, *map(column.shown, values)]
    if longest is not None:
        texts = [text if len(text) <= longest else text[: longest - 1] + "…" for text in texts]
    width = max(map(len, texts))
    return [text.rjust(width) if column.is_numeric else text.ljust(width) for text in texts]


def _fitting(widths: Sequence[int], width: int) -> int:
    """How many leading columns fit; at least one."""
    used = 0
    for count, own in enumerate(widths):
        used += own + (len(_GAP) if count else 0)
        if used > width:
            return max(count, 1)
    return len(widths)


def _left_out(columns: Sequence[Column]) -> list[str]:
    if not columns:
        return []
    text = ngettext(
        "{count} more column: {names}. A wider terminal or --format csv shows it.",
        "{count} more columns: {names}. A wider terminal or --format csv shows them.",
        len(columns),
    )
    return ["", text.format(count=len(columns), names=", ".join(column.name for column in columns))]
