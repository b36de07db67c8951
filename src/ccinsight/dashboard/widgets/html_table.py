"""A short table as plain HTML: drawn at once, read by a screen reader, selected and printed like any text.

Streamlit's grid for long tables is a canvas: the browser is busy with each for as long as with a chart, and tells
a screen reader what is in it a fifth of a second later.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from ccinsight.i18n import _

# Characters. A number or a date with hyphens isn't broken at them, however narrow the screen; what is longer may be,
# and a heading that is longer gets room for some words on a line.
_LONGEST_WORD = 20


@dataclass(frozen=True)
class Head:
    """A column's heading, its definition on hover, and whether its cells are numbers."""

    text: str
    help: str = ""
    is_numeric: bool = False


def table(
    heads: Sequence[Head],
    rows: Sequence[Sequence[str | None]],
    alt: str,
    hover: Mapping[int, Sequence[str]] | None = None,
) -> str:
    """The HTML of a table; None in a cell is unknown, and the definition on hover says of what.

    The texts are plain, whatever signs are in them. ``alt`` names the table to a screen reader. ``hover``: a column's
    place → what its cells say on hover, row by row.
    """
    head = "".join(map(_head, heads))
    body = "".join(
        f"<tr>{''.join(_cell(each, text, said) for each, text, said in zip(heads, row, titles, strict=True))}</tr>"
        for row, titles in _with_titles(
            rows or [["–"] * len(heads)], len(heads), (hover if rows else None) or {}
        )
    )
    return (
        f'<div class="written"><table aria-label="{escape(alt)}">'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _with_titles(
    rows: Sequence[Sequence[str | None]], wide: int, hover: Mapping[int, Sequence[str]]
) -> Iterator[tuple[Sequence[str | None], list[str]]]:
    for number, row in enumerate(rows):
        yield row, [hover[place][number] if place in hover else "" for place in range(wide)]


def _head(head: Head) -> str:
    is_long = len(head.text) > _LONGEST_WORD
    kind = _kind(head, *(["long"] if is_long else []))
    return f'<th scope="col"{kind} title="{escape(head.help)}">{escape(head.text)}</th>'


def _cell(head: Head, text: str | None, said: str) -> str:
    if text is None:
        return f'<td{_kind(head, "unknown")} title="{escape(head.help)}">{escape(_("unknown"))}</td>'
    is_one_word = " " not in text and len(text) <= _LONGEST_WORD
    title = f' title="{escape(said)}"' if said else ""
    return f"<td{_kind(head, *(['word'] if is_one_word else []))}{title}>{escape(text)}</td>"


def _kind(head: Head, *more: str) -> str:
    kinds = [*(["number"] if head.is_numeric else []), *more]
    return f' class="{" ".join(kinds)}"' if kinds else ""
