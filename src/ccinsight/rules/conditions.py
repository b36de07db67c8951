"""Conditions that a person may write in a file: ``licence_use < 0.6 and registered_users >= 5``.

Comparisons, and / or / not, + - * /, numbers, texts in quotes, True and False, names of columns,
``is known``, ``is unknown``, ``contains(text, "part")``, ``min``, ``max``. Nothing else can be written, and
nothing is run that isn't one of these. Unknown stays unknown: a comparison with an unknown number is neither
true nor false, ``False and unknown`` is false and ``True or unknown`` is true.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from ccinsight.i18n import _, is_unknown

_LONGEST, _MOST_NODES = 1000, 200
_KNOWN, _UNKNOWN = "known", "unknown"
_SIGNS: dict[type[ast.AST], Callable[[Any, Any], Any]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Lt: lambda a, b: a < b,
    ast.LtE: lambda a, b: a <= b,
    ast.Gt: lambda a, b: a > b,
    ast.GtE: lambda a, b: a >= b,
    ast.Eq: lambda a, b: a == b,
    ast.NotEq: lambda a, b: a != b,
}
_FUNCTIONS: dict[str, tuple[range, Callable[..., Any]]] = {
    "contains": (range(2, 3), lambda text, part: part.casefold() in text.casefold()),
    "min": (range(2, 9), min),
    "max": (range(2, 9), max),
}


class Condition:
    """A condition that was read and found well-formed. ``names`` are the columns that it looks at.

    Raises ValueError, with a text for the one who wrote it, for anything that isn't allowed, a name that
    isn't among ``known``, and kinds that don't go together (``examples`` has a value of each name's kind).
    """

    def __init__(self, text: str, known: Iterable[str], examples: Mapping[str, Any] | None = None) -> None:
        self.text = text
        self._tree = _parsed(text)
        names: set[str] = set()
        _check(self._tree, names)
        self.names = frozenset(names)
        if strangers := sorted(self.names - set(known)):
            raise ValueError(_("{name} isn't a column that a rule can use").format(name=strangers[0]))
        if examples is not None:
            self.value(examples)

    def value(self, row: Mapping[str, Any]) -> Any:
        """What it comes to for a row of values by name; None where that is unknown.

        Raises ValueError where kinds don't go together, such as a text less than a number.
        """
        try:
            return _value(self._tree, row)
        except (TypeError, AttributeError) as e:
            raise ValueError(_("compare numbers with numbers and texts with texts")) from e

    def holds(self, row: Mapping[str, Any]) -> bool:
        """True where it is true; False where it is false or unknown."""
        return self.value(row) is True


def _parsed(text: str) -> ast.expr:
    if len(text) > _LONGEST:
        raise ValueError(_("the condition is longer than {count} characters").format(count=_LONGEST))
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as e:
        reason = e.msg if isinstance(e, SyntaxError) else type(e).__name__
        raise ValueError(
            _(
                "the condition can't be read ({reason}); write it as licence_use < 0.6 and tickets >= 10"
            ).format(reason=reason)
        ) from e
    if sum(1 for _node in ast.walk(tree)) > _MOST_NODES:
        raise ValueError(_("the condition has too many parts"))
    return tree


def _check(node: ast.expr, names: set[str]) -> None:
    """Collects the names of columns; refuses all that has no meaning here."""
    match node:
        case ast.BoolOp(values=parts):
            _check_all(parts, names)
        case ast.UnaryOp(op=ast.Not() | ast.USub(), operand=part):
            _check(part, names)
        case ast.BinOp(op=ast.Add() | ast.Sub() | ast.Mult() | ast.Div(), left=left, right=right):
            _check_all([left, right], names)
        case ast.Compare(
            left=left, ops=[ast.Is() | ast.IsNot()], comparators=[ast.Name(id="known" | "unknown")]
        ):
            _check(left, names)
        case ast.Compare(left=left, ops=ops, comparators=parts) if all(type(op) in _SIGNS for op in ops):
            _check_all([left, *parts], names)
        case ast.Call(func=ast.Name(id=name), args=parts, keywords=[]) if name in _FUNCTIONS:
            if len(parts) not in _FUNCTIONS[name][0]:
                raise ValueError(_("{name} takes another number of values").format(name=name))
            _check_all(parts, names)
        case ast.Name(id=name):
            names.add(name)
        case ast.Constant(value=bool() | int() | float() | str()):
            pass
        case _:
            raise ValueError(_("“{part}” can't be used in a condition").format(part=ast.unparse(node)))


def _check_all(nodes: Iterable[ast.expr], names: set[str]) -> None:
    for node in nodes:
        _check(node, names)


def _value(node: ast.expr, row: Mapping[str, Any]) -> Any:
    match node:
        case ast.Constant(value=value):
            return value
        case ast.Name(id=name):
            return _plain(row.get(name))
        case ast.BoolOp(op=op, values=parts):
            return _joined([_truth(_value(part, row)) for part in parts], isinstance(op, ast.Or))
        case ast.UnaryOp(op=ast.Not(), operand=part):
            value = _truth(_value(part, row))
            return None if value is None else not value
        case ast.UnaryOp(operand=part):
            value = _value(part, row)
            return None if value is None else -_number(value)
        case ast.BinOp(op=op, left=left, right=right):
            return _calculated(op, _value(left, row), _value(right, row))
        case ast.Compare(left=left, ops=[ast.Is() | ast.IsNot() as op], comparators=[ast.Name(id=word)]):
            is_known = _value(left, row) is not None
            return (is_known == (word == _KNOWN)) == isinstance(op, ast.Is)
        case ast.Compare(left=left, ops=ops, comparators=parts):
            values = [_value(part, row) for part in (left, *parts)]
            pairs = zip(ops, values, values[1:], strict=False)
            return _joined([_compared(op, a, b) for op, a, b in pairs], is_or=False)
        case ast.Call(func=ast.Name(id=name), args=parts):
            values = [_value(part, row) for part in parts]
            return None if None in values else _FUNCTIONS[name][1](*values)
    raise AssertionError(ast.dump(node))


def _plain(value: Any) -> Any:
    if is_unknown(value):
        return None
    return float(value) if isinstance(value, Decimal) else value


def _joined(values: list[bool | None], is_or: bool) -> bool | None:
    """And, or: what decides alone does so, whatever is unknown beside it."""
    if is_or in values:
        return is_or
    return None if None in values else not is_or


def _truth(value: Any) -> bool | None:
    if value is not None and not isinstance(value, bool):
        raise TypeError
    return value


def _number(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError
    return value


def _calculated(op: ast.operator, left: Any, right: Any) -> Any:
    if left is None or right is None:
        return None
    if isinstance(op, ast.Div):
        return _number(left) / right if _number(right) else None
    return _SIGNS[type(op)](_number(left), _number(right))


def _compared(op: ast.cmpop, left: Any, right: Any) -> bool | None:
    if left is None or right is None:
        return None
    if isinstance(left, str) != isinstance(right, str):
        raise TypeError
    return bool(_SIGNS[type(op)](left, right))
