"""Whom a saved view names: customers and account managers, in its parameters, its name and its tables' searches."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from ccinsight.access import SEES_ALL
from ccinsight.dashboard.navigation import ID
from ccinsight.dashboard.session import reads
from ccinsight.dashboard.session.cache import Remembered, by_build, once
from ccinsight.dashboard.session.link_values import CUSTOMER as OF_CUSTOMER
from ccinsight.dashboard.session.link_values import MANAGER as OF_MANAGER
from ccinsight.dashboard.widgets import find
from ccinsight.notes.saved_views import CUSTOMER, MANAGER, Subject

# Parameters whose values are customer ids.
_OF_CUSTOMERS = (OF_CUSTOMER, ID, "scored", "work")
_WORD = re.compile(r"\w+")
# A customer is named without its legal form too.
_FORMS = frozenset({"as", "asa", "ans", "da", "sa", "ba", "kf", "iks", "enk", "nuf", "ab", "aps"})
_LONGEST = 8  # words of a name
_known_marks: Remembered[dict[str, frozenset[Subject]]] = by_build(2, once)


def of(name: str, parameters: Mapping[str, list[str]], choices: Mapping[str, Any]) -> frozenset[Subject]:
    """The customers by id and the account managers by name. A part of a name or a nickname isn't known for one."""
    customers = {(CUSTOMER, value) for parameter in _OF_CUSTOMERS for value in parameters.get(parameter, ())}
    customers |= {(CUSTOMER, value) for value in _of_cell(parameters)}
    managers = {(MANAGER, value) for value in parameters.get(OF_MANAGER, ())}
    marks = _known_marks.get((reads.warehouse().build_id,), _marks)
    texts = [name, *_texts(dict(choices)), *(text for values in parameters.values() for text in values)]
    named = {
        subject for text in texts for phrase in _phrases(unquote(text)) for subject in marks.get(phrase, ())
    }
    return frozenset(customers | managers | named)


def _of_cell(parameters: Mapping[str, list[str]]) -> Iterator[str]:
    """The customers of the open cell of Explore, as its address has them: ``tickets~.1002~.2026-07``."""
    dimensions = ",".join(parameters.get("by", ())).split(",")
    for cell in parameters.get("cell", ()):
        values = cell.split("~")[1:]
        yield from (
            unquote(value.removeprefix("."))
            for name, value in zip(dimensions, values, strict=False)
            if name == "customer" and value.startswith(".")
        )


def _marks() -> dict[str, frozenset[Subject]]:
    """Names, organisation numbers and agreements as words → whom they are of."""
    found: dict[str, set[Subject]] = {}
    for customer_id, label, organisation, agreements, _is_known in find.customers(SEES_ALL):
        name = _WORD.findall(label.removesuffix(f" ({customer_id})").casefold())
        short = name[:-1] if name and name[-1] in _FORMS else name
        phrases = [name, short, *(_WORD.findall(text.casefold()) for text in (organisation, *agreements))]
        for phrase in filter(None, phrases):
            found.setdefault(" ".join(phrase), set()).add((CUSTOMER, customer_id))
    for manager in reads.choices(SEES_ALL).account_managers:
        found.setdefault(" ".join(_WORD.findall(manager.casefold())), set()).add((MANAGER, manager))
    return {phrase: frozenset(subjects) for phrase, subjects in found.items()}


def _phrases(text: str) -> Iterator[str]:
    """Every run of words in a text that may be a name."""
    words = _WORD.findall(text.casefold())
    for first in range(len(words)):
        for last in range(first + 1, min(first + _LONGEST, len(words)) + 1):
            yield " ".join(words[first:last])


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping | list | tuple):
        for each in value.values() if isinstance(value, Mapping) else value:
            yield from _texts(each)
