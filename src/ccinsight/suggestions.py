"""New possibilities for a customer (A3), from rules that a partner can edit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ccinsight.scope import Scope
from ccinsight.warehouse import Warehouse


@dataclass(frozen=True)
class Possibility:
    """A rule that fired for a customer. ``title`` and ``text`` are in the language in use, numbers filled in.

    ``numbers``: the columns that the rule's condition and text name, with their values, by name.
    ``priority``: 1 comes first. ``is_internal``: not for the customer's eyes, so not for a deck that is shown.
    """

    rule: str
    priority: int
    title: str
    text: str
    numbers: Mapping[str, object] = field(default_factory=dict)
    is_internal: bool = False


def possibilities(house: Warehouse, scope: Scope, customer_id: str) -> list[Possibility]:
    """What the rules suggest for one customer on the scope's day, by priority; empty where none fires."""
    return []
