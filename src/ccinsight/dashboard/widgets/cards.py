"""Headline figures: at most five, each with unit, span, definition and a link to where it comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import streamlit as st

from ccinsight.dashboard.session import address, printing
from ccinsight.i18n import _
from ccinsight.registry import MEASURES

# Two by two on a phone of 390 px, five in a row on a laptop.
_NARROWEST = 150
# Five in a row on paper.
_NARROWEST_ON_PAPER = 110


@dataclass(frozen=True)
class Card:
    """A headline figure: a measure of the registry, its value, a note of span or comparison, a page to go to.

    ``label`` replaces the measure's own where the span must be in it. ``changes`` are the link's filters.
    """

    measure: str
    value: object
    note: str = ""
    page: str = ""
    changes: Mapping[str, object] = field(default_factory=dict)
    label: str = ""


def show(cards: Sequence[Card], key: str) -> None:
    """Draws the cards in a row that breaks on narrow screens."""
    narrowest = _NARROWEST_ON_PAPER if printing.is_on() else _NARROWEST
    with st.grid(
        len(cards), min_column_width=narrowest, gap="xsmall", border=True, key=f"cards-{key}"
    ) as grid:
        for card in cards:
            with grid.cell():
                _show(card)


def _show(card: Card) -> None:
    measure = MEASURES[card.measure]
    st.metric(
        card.label or _(measure.label),
        measure.shown(card.value),
        delta=card.note or (measure.unit_of(card.value) if measure.unit not in ("", "%", "kr") else None),
        delta_color="off",
        delta_arrow="off",
        help=measure.help_text(),
    )
    if card.page and not printing.is_on():
        st.page_link(
            f"pages/{card.page}.py",
            label=_("Show"),
            icon=":material/arrow_forward:",
            icon_position="right",
            query_params=address.parameters(card.page, **card.changes),
        )
