"""A brief whose texts a slide, a sheet or a page can hold: the one place that they all pass through."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

import pyarrow as pa

from ccinsight.documents.brief.model import Brief
from ccinsight.printable import printable


def printable_brief(brief: Brief) -> Brief:
    """The brief with every text in it made printable, those of its tables too."""
    made: Brief = _printable(brief)
    return made


def _printable(value: Any) -> Any:
    match value:
        case str():
            return printable(value)
        case tuple() | list():
            return type(value)(_printable(each) for each in value)
        case Mapping():
            return {name: _printable(each) for name, each in value.items()}
        case pa.Table():
            return _printable_table(value)
    if is_dataclass(value) and not isinstance(value, type):
        changed = {field.name: _printable(getattr(value, field.name)) for field in fields(value)}
        return replace(value, **changed)
    return value


def _printable_table(table: pa.Table) -> pa.Table:
    for place, field in enumerate(table.schema):
        if pa.types.is_string(field.type) or pa.types.is_large_string(field.type):
            texts = [None if text is None else printable(text) for text in table.column(place).to_pylist()]
            table = table.set_column(place, field, pa.array(texts, field.type))
    return table
