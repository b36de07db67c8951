"""Fills a deck of one's own: values in the places of its tokens, then its charts and tables."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from pptx.opc.oxml import serialize_part_xml

from ccinsight.documents import template_tokens
from ccinsight.documents.deck.own import chart_places, shrinking, table_places
from ccinsight.documents.deck.own.facts import Facts
from ccinsight.documents.deck.own.reading import (
    CHARTS,
    LINES,
    PARAGRAPH,
    TABLES,
    TEXTS,
    Found,
    Place,
    attributes_of,
    parts_of,
    text_of,
    texts_of,
)

_DRAW: dict[str, Callable[[Place, Facts], None]] = {
    "chart": chart_places.draw,
    "chart data": chart_places.fill,
    "table": table_places.draw,
    "cells": table_places.fill,
}


class _Values(dict[str, str]):
    """Token → what stands in its place within a text; each is found when it is first asked for."""

    def __init__(self, facts: Facts) -> None:
        super().__init__()
        self._facts = facts

    def __missing__(self, name: str) -> str:
        if name in TEXTS:
            self[name] = TEXTS[name].text(self._facts)
        elif name in LINES:
            self[name] = "; ".join(LINES[name].lines(self._facts))
        else:
            self[name] = (CHARTS.get(name) or TABLES[name]).title()
        return self[name]


def fill(show: Any, found: Found, facts: Facts) -> None:
    """Fills an opened deck without faults, whose tokens are ``found``."""
    values = _Values(facts)
    left = {each for place in found.places for each in _left(place)}
    changed: set[Any] = set()
    for part in parts_of(show):
        paragraphs = [each for each in part.root.iter(PARAGRAPH) if each not in left]
        texts = [(each.getparent(), each) for each in paragraphs]
        changed |= {body for body, each in texts if _fill(each, values, facts)}
        for element, name, value in list(attributes_of(part.root)):
            element.set(name, template_tokens.replaced(value, values))
        if not hasattr(part.part, "_element"):
            part.part._blob = serialize_part_xml(part.root)
    shrinking.shrink(show, changed)
    for place in found.places:
        _DRAW[place.kind](place, facts)


def _left(place: Place) -> list[Any]:
    """The paragraphs whose token becomes a chart or a table."""
    if place.kind in ("chart", "table"):
        return list(place.shape._element.iter(PARAGRAPH))
    if place.kind == "cells":
        return list(place.shape.table.cell(place.row, place.column)._tc.iter(PARAGRAPH))
    return []


def _fill(paragraph: Any, values: _Values, facts: Facts) -> bool:
    """Fills a paragraph's tokens; one that is a token for lines alone is repeated for each of them."""
    text = text_of(paragraph).strip()
    names = template_tokens.names(text)
    if len(names) == 1 and names[0] in LINES and text.startswith("{{") and text.endswith("}}"):
        for line in LINES[names[0]].lines(facts):
            each = copy.deepcopy(paragraph)
            template_tokens.fill(texts_of(each), {names[0]: line})
            paragraph.addprevious(each)
        paragraph.getparent().remove(paragraph)
        return True
    return template_tokens.fill(texts_of(paragraph), values)
