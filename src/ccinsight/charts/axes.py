"""Axes with few, round ticks, named in the language in use."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

from ccinsight import i18n
from ccinsight.charts.values import month_key, months_between
from ccinsight.i18n import _

_MILLION = 1_000_000
_FEWEST_COLUMNS = 6
# Steps of a time axis in months: a tick falls on a January wherever a step allows.
_MONTH_STEPS = (1, 2, 3, 4, 6, 12, 24, 60, 120)


def month_axis(months: Sequence[date], most: int = 8) -> dict[str, Any]:
    """An axis of month columns: few ticks, the year under the first one and where it changes."""
    step = max(1, math.ceil(len(months) / most))
    # Counted from the last month, which is the one that people look for.
    shown = [month for index, month in enumerate(months) if (len(months) - 1 - index) % step == 0]
    return {
        "type": "category",
        "tickmode": "array",
        "tickvals": [month_key(month) for month in shown],
        "ticktext": _month_texts(shown),
        "tickangle": 0,
    }


def column_room(count: int) -> dict[str, Any]:
    """A category axis with room for at least six columns: one alone isn't as wide as the page."""
    return {"range": [-0.5, _FEWEST_COLUMNS - 0.5]} if 0 < count < _FEWEST_COLUMNS else {}


def _month_texts(months: Sequence[date]) -> list[str]:
    years: set[int] = set()
    texts = []
    for month in months:
        name, year = i18n.month(month).rsplit(" ", 1)
        texts.append(name if month.year in years else f"{name}<br>{year}")
        years.add(month.year)
    return texts


def day_axis(first: date, last: date, most: int = 6) -> dict[str, Any]:
    """A time axis with at most about that many ticks, on the first of months, named in the language in
    use.
    """
    months = months_between(first, last)
    months = [month for month in months if month >= first]
    step = next((step for step in _MONTH_STEPS if len(months) / step <= most), _MONTH_STEPS[-1])
    ticks = [month for month in months if (month.year * 12 + month.month - 1) % step == 0]
    return {
        "type": "date",
        "range": [first.isoformat(), last.isoformat()],
        "tickmode": "array",
        "tickvals": [tick.isoformat() for tick in ticks],
        "ticktext": [str(tick.year) for tick in ticks] if step % 12 == 0 else _month_texts(ticks),
        "tickangle": 0,
    }


def nice_ticks(least: float, most: float, count: int = 4) -> list[float]:
    """Round values from at most ``least`` (or 0) to at least ``most``, about ``count`` steps."""
    least, most = min(0.0, least), max(0.0, most)
    if least == most:
        most = 1.0
    span = most - least
    raw = span / count
    size = 10.0 ** math.floor(math.log10(raw))
    step = next(factor * size for factor in (1, 2, 2.5, 5, 10) if factor * size >= raw * 0.999)
    first, last = math.floor(least / step), math.ceil(most / step - 1e-9)
    return [round(index * step, 10) for index in range(first, last + 1)]


def amount_axis(values: Iterable[float | None], count: int = 4) -> dict[str, Any]:
    """An axis in kr from zero: ``200 000 kr``, from a million on ``1,5 mill. kr``."""
    ticks = _ticks(values, count)
    exact = _decimals([tick / _MILLION for tick in ticks])
    return _ticked(ticks, [short_amount(tick, ticks, exact) for tick in ticks])


def short_amount(value: float, among: Sequence[float] = (), least_decimals: int = 0) -> str:
    """An amount in few signs; all of a scale in the same unit."""
    largest = max((abs(other) for other in [value, *among]), default=0)
    if largest < _MILLION or value == 0:
        return i18n.amount(value)
    decimals = max(least_decimals, 1 if largest < 20 * _MILLION else 0)
    return _("{number} m kr").format(number=i18n.number(value / _MILLION, decimals))


def count_axis(values: Iterable[float | None], unit: Callable[[int], str], count: int = 4) -> dict[str, Any]:
    """An axis of a number of things from zero; the last tick says of what, as ``unit`` writes {count}."""
    known = [value for value in values if value is not None]
    ticks = [
        tick
        for tick in _ticks(known, min(count, max(1, math.ceil(max(known, default=1)))))
        if tick == int(tick)
    ]
    texts = [i18n.number(tick) for tick in ticks]
    return _ticked(ticks, [*texts[:-1], unit(int(ticks[-1])).format(count=texts[-1])])


def ratio_axis(values: Iterable[float | None], count: int = 4) -> dict[str, Any]:
    """An axis of plain numbers from zero with as many decimals as its steps need."""
    ticks = _ticks(values, count)
    decimals = _decimals(ticks)
    return _ticked(ticks, [i18n.number(tick, decimals if tick else 0) for tick in ticks])


def percent_axis(values: Iterable[float | None], count: int = 4) -> dict[str, Any]:
    """An axis of fractions from zero, shown as percent."""
    ticks = _ticks(values, count)
    decimals = _decimals([tick * 100 for tick in ticks])
    return _ticked(ticks, [i18n.percent(tick, decimals if tick else 0) for tick in ticks])


def percent_line_axis(values: Iterable[float | None], count: int = 4) -> dict[str, Any]:
    """An axis of fractions for lines, which needn't start at zero: 100 % and what lies around it."""
    known = [value for value in values if value is not None] + [1.0]
    step = next(
        step
        for step in (0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 100.0)
        if max(known) - min(known) <= step * count
    )
    lowest, highest = math.floor(min(known) / step + 1e-9), math.ceil(max(known) / step - 1e-9)
    ticks = [round(index * step, 4) for index in range(max(0, lowest - 1), highest + 2)]
    return _ticked(ticks, [i18n.percent(tick) for tick in ticks])


def _ticks(values: Iterable[float | None], count: int) -> list[float]:
    known = [value for value in values if value is not None]
    return nice_ticks(min(known, default=0), max(known, default=0), count)


def _decimals(values: Sequence[float]) -> int:
    """As few decimals as show each value as it is, at most four: a tick at 0.25 that says 0.2 is a wrong figure."""
    return next(
        (count for count in range(4) if all(abs(value - round(value, count)) < 1e-9 for value in values)), 4
    )


def _ticked(ticks: list[float], texts: list[str]) -> dict[str, Any]:
    return {"tickmode": "array", "tickvals": ticks, "ticktext": texts, "range": [ticks[0], ticks[-1]]}
