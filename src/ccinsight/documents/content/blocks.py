"""What a page is made of: blocks of data that ``pdf/`` and ``webpage/`` draw, each named by its ``kind``."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ccinsight import i18n
from ccinsight.documents.brief.model import Section
from ccinsight.i18n import ngettext

Block = dict[str, Any]


@dataclass(frozen=True)
class Column:
    """A column of a table: its heading, its part of the width, whether figures are in it (aligned right), and the
    heading over it and its neighbours that say the same.
    """

    heading: str
    part: float = 1.0
    is_right: bool = False
    over: str = ""


@dataclass(frozen=True)
class Line:
    """A line of a chart, or one of its two rows of columns. None: unknown, nothing is drawn.

    ``style``: 0 strong, 1 light, 2 dashed; the same figure has the same in every file.
    """

    name: str
    values: Sequence[float | None]
    style: int = 0


def chapter(title: str, *blocks: Block | None) -> Block:
    """A part of the document; without blocks it is left out."""
    return {"title": title, "blocks": [block for block in blocks if block]}


def section(title: str, *blocks: Block | None) -> Block:
    """A message and what shows it."""
    return {"kind": "section", "title": title, "blocks": [block for block in blocks if block]}


def section_of(title: str, *blocks: Block | None) -> Block | None:
    """A section; None where nothing shows its message."""
    return section(title, *blocks) if any(blocks) else None


def texts(lines: Sequence[str], *, is_list: bool = False) -> Block | None:
    """Paragraphs, or the points of a list; None without any."""
    shown = [line for line in lines if line]
    return {"kind": "list" if is_list else "texts", "lines": shown} if shown else None


def sentence(message: str) -> str:
    """A message as a sentence, with its full stop."""
    return f"{message.rstrip('.')}." if message else ""


def statements(*sections: Section) -> Block | None:
    """The statements of sections, as the customer reads them."""
    lines = [each.shown for part in sections for each in part.statements if each.shown]
    return texts(lines, is_list=len(lines) > 1)


def said(*sections: Section) -> Block | None:
    """Message and statements of sections as paragraphs, where nothing is drawn of them."""
    return texts(
        [
            line
            for part in sections
            for line in (sentence(part.title.shown), *(s.shown for s in part.statements))
        ]
    )


def note(text: str) -> Block:
    """What a reader must know of the figures above, in small letters."""
    return {"kind": "note", "text": text}


def headed(heading: str, *blocks: Block | None) -> Block | None:
    """A small heading over blocks; None where there is none of them."""
    shown = [block for block in blocks if block]
    return {"kind": "headed", "heading": heading, "blocks": shown} if shown else None


def beside(*parts: Block | None, widths: Sequence[float] = ()) -> Block | None:
    """Blocks side by side; alone where there is but one."""
    shown = [(part, wide) for part, wide in zip(parts, widths or [1.0] * len(parts), strict=True) if part]
    if len(shown) < 2:
        return shown[0][0] if shown else None
    return {"kind": "beside", "parts": [part for part, _wide in shown], "widths": [w for _part, w in shown]}


def table(
    name: str,
    columns: Sequence[Column],
    rows: Sequence[Sequence[Any]],
    most: int | None = None,
    foot: str = "",
) -> Block | None:
    """A table with a header row and, in small letters below, what a reader must know of it. None without rows.

    Of more rows than ``most``: how many stand in the workbook.
    """
    if not rows:
        return None
    shown = list(rows if most is None else rows[:most])
    return {
        "kind": "table",
        "name": name,
        "columns": [vars(column) for column in columns],
        "rows": [list(row) for row in shown],
        "more": more(len(rows) - len(shown)),
        "note": foot,
    }


def more(count: int) -> str:
    """How many rows stand in the workbook alone; nothing for none."""
    if not count:
        return ""
    line = ngettext("and {count} more, in the workbook", "and {count} more, in the workbook", count)
    return line.format(count=i18n.number(count))


def strip(share: float | None) -> Block:
    """A cell that shows where a value lies among others, 0 to 1."""
    return {"strip": share}


def columns(
    name: str, alt: str, labels: Sequence[str], before: Line, now: Line, *, is_count: bool
) -> Block | None:
    """Columns of two rows of numbers beside each other; None where all are unknown. ``is_count``: whole numbers."""
    known = [value for line in (before, now) for value in line.values if value is not None]
    if not known:
        return None
    return {
        "kind": "columns",
        "name": name,
        "alt": alt,
        "labels": list(labels),
        "lines": [vars(before), vars(now)],
        "ticks": _ticks(max(known), is_count=is_count),
    }


def lines(name: str, alt: str, labels: Sequence[str], drawn: Sequence[Line]) -> Block | None:
    """Up to three lines over the same months; those that are unknown throughout are left out."""
    shown = [line for line in drawn if any(value is not None for value in line.values)]
    if not shown:
        return None
    most = max(value for line in shown for value in line.values if value is not None)
    return {
        "kind": "lines",
        "name": name,
        "alt": alt,
        "labels": list(labels),
        "lines": [vars(line) for line in shown],
        "ticks": _ticks(most, is_count=True),
    }


def bars(name: str, alt: str, legend: tuple[str, str], rows: Sequence[tuple[str, int, int]]) -> Block:
    """Bars of now and before for each name, with their numbers."""
    return {
        "kind": "bars",
        "name": name,
        "alt": alt,
        "legend": list(legend),
        "most": max([1, *(value for _name, *values in rows for value in values)]),
        "rows": [
            {"name": label, "now": now, "before": before, "texts": [i18n.number(now), i18n.number(before)]}
            for label, now, before in rows
        ],
    }


def _ticks(most: float, *, is_count: bool) -> list[dict[str, Any]]:
    """The steps of an axis from zero to the number or just above it, in round numbers."""
    if most <= 0:
        return [{"at": 0, "text": i18n.number(0)}, {"at": 1, "text": i18n.number(1)}]
    rough = max(most / 4, 0.25)
    size = 10 ** math.floor(math.log10(rough))
    step = next(size * times for times in (1, 2, 2.5, 5, 10) if size * times >= rough)
    if is_count:
        step = max(1, math.ceil(step))
    decimals = 0 if float(step).is_integer() else (1 if float(step * 10).is_integer() else 2)
    count = math.ceil(most / step - 1e-9)
    return [
        {"at": step * number, "text": i18n.number(step * number, decimals)} for number in range(count + 1)
    ]


def stack(*parts: Block | None) -> Block | None:
    """Blocks one below the other; None without any."""
    shown = [part for part in parts if part]
    return {"kind": "stack", "blocks": shown} if shown else None
