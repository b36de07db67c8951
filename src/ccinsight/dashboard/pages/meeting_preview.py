"""The slides of a meeting's deck as text on the page: what stands on each, read from the finished file."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from ccinsight.dashboard.pages import own_slides
from ccinsight.dashboard.session import keys
from ccinsight.dashboard.widgets.html_table import Head, table
from ccinsight.documents.brief import Sources
from ccinsight.i18n import _, language

if TYPE_CHECKING:
    from ccinsight.documents.deck.preview import Grid, Line, Picture, Slide


def show(sources: Sources, customer_id: str, version: int) -> None:
    """Draws the slides of the customer's deck. They are made again when the meeting's ``version`` is another."""
    template = own_slides.chosen()
    wanted = (
        sources.house.build_id,
        customer_id,
        sources.as_of,
        version,
        language(),
        sources.reader.sight,
        template,
    )
    if st.session_state.get(keys.PREVIEWED, (None,))[0] != wanted:
        # not before somebody asks for one: PowerPoint's library takes 15 MiB
        from ccinsight.documents import deck

        slides = deck.read_slides(deck.one_file(sources, customer_id, language(), "deck", template))
        st.session_state[keys.PREVIEWED] = wanted, _written(slides)
    st.html(st.session_state[keys.PREVIEWED][1])


def _written(slides: Sequence[Slide]) -> str:
    return f'<ol class="slides">{"".join(map(_slide, slides))}</ol>'


def _slide(slide: Slide) -> str:
    return (
        f"<li tabindex='0'><p class='title'>{escape(slide.title)}</p>{''.join(map(_part, slide.parts))}</li>"
    )


def _part(part: Line | Grid | Picture) -> str:
    rows = getattr(part, "rows", None)
    if rows is None:
        return _line(part)  # type: ignore[arg-type]
    if not rows:
        return ""
    drawn = _grid(rows)
    alt = getattr(part, "text", "")
    if not alt:
        return drawn
    label = _("Chart: {what}").format(what=alt)
    return f"<details><summary>{escape(label)}</summary>{drawn}</details>"


def _line(line: Line) -> str:
    text = f"<strong>{escape(line.text)}</strong>" if line.is_bold else escape(line.text)
    return f"<p{' class=bullet' if line.is_bullet else ''}>{text}</p>"


def _grid(rows: Sequence[Sequence[str]]) -> str:
    heads = [Head(text) for text in rows[0]]
    return table(heads, rows[1:], _("Table"))
