"""What python-pptx has no word for, said in the file format's own elements."""

from __future__ import annotations

from typing import Any

from pptx.oxml import parse_xml
from pptx.oxml.xmlchemy import OxmlElement


def add(parent: Any, tag: str, **attributes: str) -> Any:
    """A new last child, as ``add(properties, "a:buChar", char="•")``."""
    element = make(tag, **attributes)
    parent.append(element)
    return element


def make(tag: str, **attributes: str) -> Any:
    """A new element without a parent."""
    element: Any = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(name, value)
    return element


def parse(text: str | bytes) -> Any:
    """The element of a text."""
    return parse_xml(text)
